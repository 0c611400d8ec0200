"""`python -m bench.conversation`: the whole mentor on this machine, measured from message to reply.

Starts `mentor run` with its own ports and database, talks to it through the simulator, and prints: seconds until it is
ready, resident memory of each process, and how long texts and taps take from the person's act to the bot's message as
the simulator's clock sees both (the simulator's own cost is in the figure).
"""

import asyncio
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx

from bench.figures import resident_bytes
from simulator.client import Phone, WorldClient
from simulator.heard import Heard

ROOT = Path(__file__).resolve().parent.parent
PORTS = {"SIMULATOR_PORT": 18081, "WEB_PORT": 18080}
PEOPLE = 20
ROUNDS = 10
QUESTIONS = {
    "en": [
        "how can my guests pay by card on my web page",
        "somebody hacked my email what do i do",
        "the internet at the farm is so slow",
        "is it worth selling my cheese online",
        "what should i post on instagram this week",
        "do i need to pay vat when i sell to germany",
        "customers keep asking where their parcel is",
    ],
    "nb": [
        "kundene finner meg ikke på google",
        "hvordan tar jeg sikkerhetskopi av pcen",
        "jeg vil ha en enkel hjemmeside for snekkerfirmaet",
        "hvordan kan gjestene betale med kort på nettsiden min",
    ],
}
"""Everybody asks in the language of the chat: one answer each, without the offer to change the language."""


def environ(folder: Path) -> dict[str, str]:
    """Settings of a mentor of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TELEGRAM_")}
    return kept | {
        **{name: str(port) for name, port in PORTS.items()},
        "RASA_URL": "http://127.0.0.1:15005",
        "RASA_SPARE_PORT": "15006",
        "ACTIONS_URL": "http://127.0.0.1:15055",
        "DATABASE_URL": f"sqlite:///{folder}/mentor.db",
        "TRACKER_URL": f"sqlite:///{folder}/tracker.db",
        "PYTHONPATH": str(ROOT),
    }


def wait_until_ready(process: subprocess.Popen[bytes]) -> None:
    """Poll the health page."""
    while process.poll() is None:
        try:
            if httpx.get(f"http://127.0.0.1:{PORTS['WEB_PORT']}/health", timeout=5).json()["status"] == "ok":
                return
        except (httpx.HTTPError, ValueError, KeyError):
            pass
        time.sleep(0.05)
    raise SystemExit("`mentor run` ended before it was ready; run it by hand to see why.")


def memory() -> dict[str, int]:
    """Resident megabytes of each process."""
    parts = json.loads((ROOT / "var/run.json").read_text("utf-8"))
    pids = {name: part["pid"] for name, part in parts["parts"].items()} | {"supervisor": parts["pid"]}
    return {name: resident_bytes(pid) // 2**20 for name, pid in pids.items()}


def spread(seconds: list[float]) -> str:
    """Median, 95th percentile and longest, in milliseconds."""
    ordered = sorted(seconds)
    at95 = ordered[int(len(ordered) * 0.95)]
    figures = {"p50": statistics.median(ordered), "p95": at95, "longest": ordered[-1]}
    return f"n={len(ordered)}  " + "  ".join(f"{name} {value * 1000:.0f} ms" for name, value in figures.items())


async def settle(world: WorldClient, number: int) -> Phone:
    """One person who is past the first screen."""
    phone = await world.person(f"Owner {number}", language_code="nb" if number % 2 else "en")
    await phone.says("/start")
    await phone.hears(30)
    await phone.taps("OK, vi setter i gang" if number % 2 else "Norway")
    await phone.hears(30)
    return phone


async def timed(phone: Phone, act: Any, fits: Any) -> float:
    """Seconds from the act to the message that answers it."""
    began = time.perf_counter()
    await act
    await phone.waits_for(fits, 30)
    return time.perf_counter() - began


async def measure() -> None:
    """Texts and taps one after the other, from people in turn, so that Telegram's own pace per chat plays no part."""
    async with WorldClient(f"http://127.0.0.1:{PORTS['SIMULATOR_PORT']}") as world:
        people = [await settle(world, number) for number in range(PEOPLE)]
        texts: list[float] = []
        for turn in range(ROUNDS):
            for number, phone in enumerate(people):
                mine = QUESTIONS["nb" if number % 2 else "en"]
                question = mine[(turn + number) % len(mine)]
                texts.append(await timed(phone, phone.says(question), _anything))
        print(f"texts  {spread(texts)}")
        print(f"taps   {spread(await taps(people))}")
        print(f"memory after {len(texts)} texts, MB: {memory()}")


async def taps(people: list[Phone]) -> list[float]:
    """Each person opens a guide and taps to and fro in it."""
    found: list[float] = []
    for phone in people:
        await phone.says("/start shop-payments")
        await phone.waits_for(lambda heard: heard.labels[:1] == [["Start"]] or _has(heard, "Start"), 30)
        await phone.taps("Start")
        await phone.waits_for(lambda heard: heard.text.startswith("1/"), 30)
    for turn in range(ROUNDS):
        for phone in people:
            forward = turn % 2 == 0
            label = next(one for row in phone.last.labels for one in row if ("▶" in one if forward else one == "◀"))
            wanted = "2/" if forward else "1/"
            found.append(await timed(phone, phone.taps(label), lambda heard, w=wanted: heard.text.startswith(w)))
    return found


def _anything(heard: Heard) -> bool:
    return bool(heard.text)


def _has(heard: Heard, label: str) -> bool:
    return any(label in row for row in heard.labels)


def main() -> None:
    """Start, measure, stop."""
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        command = [sys.executable, "-m", "tools", "run"]
        with (Path(folder) / "run.log").open("wb") as log:
            process = subprocess.Popen(command, cwd=ROOT, env=environ(Path(folder)), stdout=log, stderr=log)
        try:
            wait_until_ready(process)
            print(f"ready after {time.perf_counter() - began:.1f} s")
            print(f"memory at rest, MB: {memory()}")
            asyncio.run(measure())
        finally:
            began = time.perf_counter()
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=60)
            print(f"stopped after {time.perf_counter() - began:.1f} s")


if __name__ == "__main__":
    main()
