"""The whole mentor, started once as `mentor run` starts it, and talked to through the simulator's phones.

Everything is real: the supervisor, the Bot API over HTTP, SQLite, Rasa with its trained model, the action server.
"""

import asyncio
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from actions.words import Locales
from simulator.client import Phone, WorldClient
from simulator.heard import Heard

ROOT = Path(__file__).resolve().parent.parent.parent
START_SECONDS = 420
"""A first start trains the model."""
ANSWER_SECONDS = 30.0
"""How long a test waits for an answer before it fails: long, because the machine may be busy; never a measure."""


@dataclass
class House:
    """The running mentor."""

    root: Path
    """Where its models and its `var/` are."""
    process: subprocess.Popen[bytes]
    log: Path
    database: Path
    simulator_url: str
    health_url: str
    rasa_url: str
    rasa_spare_url: str
    actions_url: str

    def channel_secret(self) -> str:
        """What `mentor run` made up for the bot and Rasa."""
        lines = (self.root / "var/secrets.env").read_text("utf-8").splitlines()
        named = dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
        return os.environ.get("MENTOR_CHANNEL_SECRET") or named["MENTOR_CHANNEL_SECRET"].strip("'\"")

    def pid(self, part: str) -> int:
        """The process of a part now."""
        state = json.loads((self.root / "var/run.json").read_text("utf-8"))
        return int(state["parts"][part]["pid"])

    def ambiguous_calls(self) -> int:
        """How many calls to Telegram were under way when the bot died: that many copies may exist."""
        with sqlite3.connect(self.database) as connection:
            (count,) = connection.execute("SELECT coalesce(sum(ambiguous), 0) FROM outbox").fetchone()
        return int(count)

    def kill(self, part: str, how: signal.Signals = signal.SIGKILL) -> None:
        """Send a signal to a part."""
        os.kill(self.pid(part), how)

    async def is_whole(self) -> None:
        """Wait until every part is well."""
        deadline = time.monotonic() + 120
        async with httpx.AsyncClient() as client:
            while time.monotonic() < deadline:
                try:
                    if (await client.get(self.health_url)).json()["status"] == "ok":
                        return
                except (httpx.HTTPError, ValueError, KeyError):
                    pass
                await asyncio.sleep(0.2)  # a poll of the health page; the deadline above ends it
        raise AssertionError(f"The mentor is not whole again:\n{self.log.read_text('utf-8')[-3000:]}")


def free_ports(count: int) -> list[int]:
    """Ports that nobody has right now."""
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [int(one.getsockname()[1]) for one in sockets]
    for one in sockets:
        one.close()
    return ports


@contextmanager
def opened(root: Path, folder: Path) -> Iterator[House]:
    """The mentor as it stands in `root`, on ports of its own and with its databases in `folder`."""
    simulator, web, rasa, spare, actions = free_ports(5)
    environ = {name: value for name, value in os.environ.items() if not name.startswith("TELEGRAM_")} | {
        "SIMULATOR_PORT": str(simulator),
        "WEB_PORT": str(web),
        "RASA_URL": f"http://127.0.0.1:{rasa}",
        "RASA_SPARE_PORT": str(spare),
        "ACTIONS_URL": f"http://127.0.0.1:{actions}",
        "DATABASE_URL": f"sqlite:///{folder}/mentor.db",
        "TRACKER_URL": f"sqlite:///{folder}/tracker.db",
        "PYTHONPATH": str(root),
    }
    log = folder / "run.log"
    begin = "import sys, pathlib; from tools.run import start; start(pathlib.Path(sys.argv[1]))"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-c", begin, str(root)], cwd=root, env=environ, stdout=out, stderr=subprocess.STDOUT
        )
    house = House(
        root,
        process,
        log,
        folder / "mentor.db",
        f"http://127.0.0.1:{simulator}",
        f"http://127.0.0.1:{web}/health",
        environ["RASA_URL"],
        f"http://127.0.0.1:{spare}",
        environ["ACTIONS_URL"],
    )
    try:
        _wait_for_start(house)
        yield house
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=40)


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The mentor, started once for all conversations."""
    if not (ROOT / ".venv-rasa").exists():
        pytest.skip("the Rasa environment is missing: run `make setup`")
    with opened(ROOT, tmp_path_factory.mktemp("mentor")) as house:
        yield house


def _wait_for_start(house: House) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if house.process.poll() is not None:
            raise AssertionError(f"`mentor run` ended at once:\n{house.log.read_text('utf-8')[-3000:]}")
        try:
            if httpx.get(house.health_url, timeout=5).json()["status"] == "ok":
                return
        except (httpx.HTTPError, ValueError, KeyError):
            pass
        time.sleep(0.3)
    raise AssertionError(f"`mentor run` did not get ready:\n{house.log.read_text('utf-8')[-3000:]}")


@pytest.fixture
async def world(house: House) -> AsyncIterator[WorldClient]:
    """The simulator of the running mentor, without faults."""
    async with WorldClient(house.simulator_url) as world:
        yield world
        await world.clear_faults()


async def hears(phone: Phone, part: str = "") -> Heard:
    """The next message, new or edited, that has `part` in its text."""
    return await phone.waits_for(lambda heard: part in heard.text, ANSWER_SECONDS)


async def settles(world: WorldClient, name: str, language: str) -> Phone:
    """Someone new who goes through the first screen (in English with Norway as the country); the menu has come."""
    phone = await world.person(name, language_code=language)
    await phone.says("/start")
    await hears(phone, "SKILLS+ Mentor")
    await phone.taps("Norway" if language == "en" else Locales().words(language).say("onboarding.button.agree"))
    await phone.waits_for(lambda heard: bool(heard.labels) and "SKILLS+ Mentor" not in heard.text, ANSWER_SECONDS)
    return phone
