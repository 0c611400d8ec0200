"""The supervisor, with tiny real processes."""

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tools.errors import KeepsDying, NotReplaced
from tools.keeper import Part, Patience, pause_after
from tools.supervisor import Supervisor

QUICK = Patience(first_pause=0.02, longest_pause=0.1, settled=60, start=10, stop=5, poll=0.02, deaths=5)
StandIn = Callable[..., Part]


class Log:
    """What the supervisor said, and a way to wait for it."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, str]] = []
        self._more = asyncio.Condition()

    def say(self, name: str, line: str) -> None:
        self.lines.append((name, line))

    def by(self, name: str) -> list[str]:
        return [line for who, line in self.lines if who == name]


@contextlib.asynccontextmanager
async def running(supervisor: Supervisor) -> AsyncIterator[asyncio.Task[None]]:
    """The supervisor at work, everything well."""
    ready = asyncio.Event()
    task = asyncio.create_task(supervisor.run(ready.set))
    await asyncio.wait({task, asyncio.create_task(ready.wait())}, return_when=asyncio.FIRST_COMPLETED, timeout=20)
    assert ready.is_set()
    try:
        yield task
    finally:
        supervisor.stop()
        await task


def alive(pid: int) -> bool:
    """True if the process runs (a zombie does not)."""
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


async def until(condition: Callable[[], bool], seconds: float = 10) -> None:
    """Wait for a condition of the operating system, which tells nobody when it comes true."""
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.01)


def diary(folder: Path) -> list[str]:
    return (folder / "diary").read_text().splitlines()


async def test_supervisor_starts_in_order_and_stops_in_reverse(tmp_path: Path, stand_in: StandIn) -> None:
    log = Log()
    supervisor = Supervisor([[stand_in("one")], [stand_in("two")], [stand_in("three")]], log.say, patience=QUICK)

    async with running(supervisor):
        pass

    assert diary(tmp_path) == [
        *("started one", "started two", "started three"),
        *("stopped three", "stopped two", "stopped one"),
    ]
    assert log.by("mentor") == [
        *("one is well", "two is well", "three is well"),
        *("three has stopped", "two has stopped", "one has stopped"),
    ]


async def test_supervisor_restarts_what_was_killed(tmp_path: Path, stand_in: StandIn) -> None:
    log = Log()
    supervisor = Supervisor([[stand_in("one")]], log.say, patience=QUICK)

    async with running(supervisor):
        keeper = supervisor.keepers()[0]
        first = keeper.pid
        os.kill(first, signal.SIGKILL)
        await until(lambda: keeper.pid not in (0, first))
        async with asyncio.timeout(10):
            await keeper.well.wait()

        assert alive(keeper.pid)
    assert "one was killed by SIGKILL; it starts again in 0.02 s" in log.by("mentor")


async def test_supervisor_restarts_what_hangs(stand_in: StandIn) -> None:
    log = Log()
    patience = Patience(first_pause=0.02, stop=0.1, poll=0.02, answer=0.1, watch=0.05, silences=2)
    supervisor = Supervisor([[stand_in("one")]], log.say, patience=patience)

    async with running(supervisor):
        keeper = supervisor.keepers()[0]
        os.kill(keeper.pid, signal.SIGSTOP)
        await until(lambda: "one is well again" in log.by("mentor"))

    assert log.by("mentor") == [
        *("one is well", "one did not stop in 0.1 s and is killed"),
        *("one hangs; it starts again in 0.02 s", "one is well again", "one has stopped"),
    ]


async def test_supervisor_gives_up_on_what_was_never_well(tmp_path: Path, stand_in: StandIn) -> None:
    supervisor = Supervisor([[stand_in("good")], [stand_in("bad", "dies")]], Log().say, patience=QUICK)

    with pytest.raises(KeepsDying) as caught:
        await supervisor.run(lambda: None)

    assert str(caught.value) == (
        "bad ended with exit code 3, 5 times, and was never well. The last it said:\n"
        + "\n".join(["cannot go on: no bread"] * 5)
    )
    assert caught.value.exit_code == 4
    assert diary(tmp_path) == ["started good", *["started bad"] * 5, "stopped good"]


async def test_supervisor_kills_what_does_not_hear(tmp_path: Path, stand_in: StandIn) -> None:
    log = Log()
    patience = Patience(stop=0.2, poll=0.02)
    supervisor = Supervisor([[stand_in("deaf", "stubborn")]], log.say, patience=patience)

    async with running(supervisor):
        pid = supervisor.keepers()[0].pid

    assert not alive(pid)
    assert log.by("mentor") == ["deaf is well", "deaf did not stop in 0.2 s and is killed", "deaf has stopped"]


async def test_supervisor_stops_while_a_part_is_still_starting(stand_in: StandIn) -> None:
    never = Part("never", (sys.executable, "-c", "import signal; signal.pause()"), {}, Path("/"), "http://127.0.0.1:9/")
    supervisor = Supervisor([[never]], Log().say, patience=QUICK)
    task = asyncio.create_task(supervisor.run(lambda: None))
    await until(lambda: supervisor.keepers()[0].pid != 0)
    pid = supervisor.keepers()[0].pid

    supervisor.stop()

    async with asyncio.timeout(10):
        await task
    assert not alive(pid)


@pytest.mark.parametrize(
    ("deaths", "seconds"), [(1, 0.5), (2, 1.0), (3, 2.0), (6, 16.0), (7, 30.0), (8, 30.0), (5000, 30.0)]
)
def test_pause_doubles_up_to_half_a_minute(deaths: int, seconds: float) -> None:
    assert pause_after(deaths, Patience()) == seconds


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children of their parent's death")
async def test_children_end_when_the_supervisor_is_killed(tmp_path: Path, stand_in: StandIn) -> None:
    part = stand_in("orphan", "stubborn")
    program = f"""
import asyncio, json, sys
from pathlib import Path
from tools.keeper import Part
from tools.supervisor import Supervisor
part = Part("orphan", {part.command!r}, {{}}, Path({str(tmp_path)!r}), {part.health_url!r})
supervisor = Supervisor([[part]], lambda name, line: None)
asyncio.run(supervisor.run(lambda: print(supervisor.keepers()[0].pid, flush=True)))
"""
    line = (sys.executable, "-c", program)
    with subprocess.Popen(line, stdout=subprocess.PIPE, text=True) as supervisor:  # noqa: ASYNC220 - it is the subject
        assert supervisor.stdout is not None
        orphan = int(await asyncio.to_thread(supervisor.stdout.readline))
        assert alive(orphan)

        supervisor.kill()

    await until(lambda: not alive(orphan))


async def test_signal_stops_a_whole_run(tmp_path: Path, stand_in: StandIn) -> None:
    part = stand_in("one")
    program = f"""
import asyncio
from pathlib import Path
from tools.journal import Journal
from tools.run import supervise
from tools.keeper import Part
root = Path({str(tmp_path)!r})
part = Part("one", {part.command!r}, {{}}, root, {part.health_url!r})
asyncio.run(supervise(root, {{"health": part.health_url}}, Journal(), [[part]]))
"""
    (tmp_path / "var").mkdir()
    line = (sys.executable, "-c", program)
    with subprocess.Popen(line, stdout=subprocess.PIPE, text=True) as whole:  # noqa: ASYNC220 - it is the subject
        await until((tmp_path / "var/run.json").is_file)
        assert whole.stdout is not None
        while "Stop:" not in await asyncio.to_thread(whole.stdout.readline):
            pass
        state = json.loads((tmp_path / "var/run.json").read_text())

        whole.send_signal(signal.SIGTERM)
        rest = await asyncio.to_thread(whole.stdout.read)

    assert state == {
        "pid": whole.pid,
        "parts": {"one": {"pid": state["parts"]["one"]["pid"], "url": part.health_url}},
        "urls": {"health": part.health_url},
    }
    assert whole.returncode == 0
    assert [line.split(maxsplit=2)[1:] for line in rest.splitlines()[-2:]] == [
        ["mentor", "SIGTERM heard, stopping"],
        ["mentor", "one has stopped"],
    ]
    assert not (tmp_path / "var/run.json").exists()


async def test_successor_takes_over_before_the_old_one_stops(tmp_path: Path, stand_in: StandIn) -> None:
    supervisor = Supervisor([[stand_in("one")]], Log().say, patience=QUICK)
    seen: list[bool] = []

    async with running(supervisor):
        old = supervisor.keepers()[0].pid

        async def check() -> None:
            seen.append(alive(old))

        await supervisor.replace("one", replace(stand_in("two"), name="one"), check)
        new = supervisor.keepers()[0].pid
        assert (alive(old), alive(new), seen) == (False, True, [True])
        os.kill(new, signal.SIGKILL)
        await until(lambda: supervisor.keepers()[0].pid not in (0, new))
    assert diary(tmp_path)[:3] == ["started one", "started two", "stopped one"]


@pytest.mark.parametrize("how", ["check", "death"])
async def test_successor_that_is_not_well_leaves_the_old_one_alone(stand_in: StandIn, how: str) -> None:
    supervisor = Supervisor([[stand_in("one")]], Log().say, patience=replace(QUICK, start=1))
    successor = replace(stand_in("two"), name="one")
    if how == "death":
        successor = replace(successor, command=(sys.executable, "-c", "raise SystemExit(1)"))

    async def refuse() -> None:
        raise RuntimeError("it talks nonsense")

    async with running(supervisor):
        old = supervisor.keepers()[0].pid
        with pytest.raises(NotReplaced):
            await supervisor.replace("one", successor, refuse)
        assert supervisor.keepers()[0].pid == old
        assert alive(old)
