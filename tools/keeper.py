"""Keeps one process running: starts it, waits until it is well, restarts it when it dies or hangs, stops it."""

import asyncio
import contextlib
import os
import signal
import sys
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from tools.errors import KeepsDying

TETHER = Path(__file__).resolve().parent / "tether.py"


@dataclass(frozen=True)
class Part:
    """A process to keep."""

    name: str
    command: tuple[str, ...]
    environ: Mapping[str, str]
    """All its variables; nothing is inherited."""
    cwd: Path
    health_url: str
    """Answers 200 when the part is well."""


@dataclass(frozen=True)
class Patience:
    """How long the supervisor waits for what, in seconds."""

    first_pause: float = 0.5
    """Before the first restart; doubles with every death."""
    longest_pause: float = 30.0
    settled: float = 60.0
    """After so long in health the pauses start anew."""
    start: float = 120.0
    """A part that is not well by then is killed; that counts as a death."""
    stop: float = 10.0
    """Between SIGTERM and SIGKILL."""
    poll: float = 0.1
    """Between two looks at the health of a starting part."""
    answer: float = 2.0
    """For one look at the health."""
    watch: float = 10.0
    """Between two looks at the health of a part that was well."""
    silences: int = 6
    """So many looks without any answer in a row, and a part that was well is restarted: it hangs."""
    deaths: int = 5
    """So many deaths before the first health, and the whole stops."""


def pause_after(deaths: int, patience: Patience) -> float:
    """Seconds to wait after so many deaths in a row (1 is the first)."""
    return min(patience.first_pause * 2.0 ** min(deaths - 1, 30), patience.longest_pause)


class Keeper:
    """Keeps one part running. `say` gets the lines for the log, `changed` is called when a process comes or goes."""

    def __init__(
        self, part: Part, patience: Patience, say: Callable[[str, str], None], changed: Callable[[], None]
    ) -> None:
        self.part = part
        self.well = asyncio.Event()
        """Set while the part is well."""
        self.pid = 0
        """0 while no process runs."""
        self._patience = patience
        self._say = say
        self._changed = changed
        self._process: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task[None] | None = None
        self._last_lines: deque[str] = deque(maxlen=12)

    async def run(self) -> None:
        """Start, watch and restart the part until cancelled.

        Raises:
            KeepsDying: it died too often before it was ever well.
        """
        deaths = 0
        ever_well = False
        while True:
            well_since, fate = await self._live(again=ever_well)
            ever_well = ever_well or well_since is not None
            if well_since is not None and time.monotonic() - well_since >= self._patience.settled:
                deaths = 0
            deaths += 1
            if not ever_well and deaths >= self._patience.deaths:
                raise KeepsDying(self._obituary(deaths, fate))
            pause = pause_after(deaths, self._patience)
            self._say("mentor", f"{self.part.name} {fate}; it starts again in {pause:g} s")
            await asyncio.sleep(pause)

    async def stop(self) -> None:
        """End the process with its whole group: SIGTERM, and SIGKILL if that is not heard."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.returncode is None:
            signal_group(process.pid, signal.SIGTERM)
            try:
                await asyncio.wait_for(process.wait(), self._patience.stop)
            except TimeoutError:
                self._say("mentor", f"{self.part.name} did not stop in {self._patience.stop:g} s and is killed")
        # What the part itself started and left behind.
        signal_group(process.pid, signal.SIGKILL)
        await process.wait()
        self.pid = 0

    async def _live(self, again: bool) -> tuple[float | None, str]:
        """One life of the process: since when it was well (or None), and how it ended, in words."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", str(TETHER), str(os.getpid()), *self.part.command),
            cwd=self.part.cwd,
            env=dict(self.part.environ),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
        )
        self._process, self.pid = process, process.pid
        self._reading = asyncio.create_task(self._read(process))
        self._changed()
        well_since: float | None = None
        try:
            timeout = aiohttp.ClientTimeout(total=self._patience.answer)
            async with aiohttp.ClientSession(timeout=timeout) as http:
                fate = f"was not well after {self._patience.start:g} s"
                if await self._becomes_well(process, http):
                    well_since = time.monotonic()
                    if again:
                        self._say("mentor", f"{self.part.name} is well again")
                    fate = "hangs"
                    await self._watch(process, http)
            if process.returncode is None:
                await self.stop()
            else:
                fate = _fate(process.returncode)
        finally:
            self.well.clear()
            if process.returncode is not None:
                # Whatever it started itself goes too, or it would hold the port.
                signal_group(process.pid, signal.SIGKILL)
                self.pid = 0
                await asyncio.wait({self._reading}, timeout=1)
                self._changed()
        return well_since, fate

    async def _becomes_well(self, process: asyncio.subprocess.Process, http: aiohttp.ClientSession) -> bool:
        """Look at the health address until it answers 200, the process ends or patience does."""
        deadline = time.monotonic() + self._patience.start
        while process.returncode is None and time.monotonic() < deadline:
            if await _status(http, self.part.health_url) == 200 and process.returncode is None:
                self.well.set()
                return True
            await asyncio.sleep(self._patience.poll)
        return False

    async def _watch(self, process: asyncio.subprocess.Process, http: aiohttp.ClientSession) -> None:
        """Wait until the process ends or hangs. Any answer is a sign of life, even one that tells of trouble."""
        silences = 0
        while silences < self._patience.silences:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), self._patience.watch)
                return
            silences = 0 if await _status(http, self.part.health_url) else silences + 1

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        """Pass the output on line by line."""
        rest = b""
        while process.stdout and (chunk := await process.stdout.read(65536)):
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                self._pass_on(line)
            if len(rest) > 65536:
                self._pass_on(rest)
                rest = b""
        self._pass_on(rest)

    def _pass_on(self, raw: bytes) -> None:
        line = raw.decode("utf-8", "replace").rstrip()
        if line:
            self._last_lines.append(line)
            self._say(self.part.name, line)

    def _obituary(self, deaths: int, fate: str) -> str:
        said = "\n".join(self._last_lines) or "(it said nothing)"
        return f"{self.part.name} {fate}, {deaths} times, and was never well. The last it said:\n{said}"


def _fate(code: int) -> str:
    """How a process ended, in words."""
    return f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"


def signal_group(leader: int, number: signal.Signals) -> None:
    """Signal a child's process group, if there is still anyone in it."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, number)


async def _status(http: aiohttp.ClientSession, url: str) -> int:
    """The status that an address answers with, or 0 if it does not answer."""
    try:
        async with http.get(url) as response:
            return response.status
    except (aiohttp.ClientError, TimeoutError, OSError):
        return 0
