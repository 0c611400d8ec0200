"""A new model takes over while people talk: nobody notices, and nothing is lost, doubled or out of order."""

import asyncio
import re
import shutil
import sqlite3
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import httpx
import pytest

from simulator.client import Phone, Tapped, WorldClient
from tools import model

from .conftest import ANSWER_SECONDS, ROOT, House, hears, opened, settles

pytestmark = [pytest.mark.e2e, pytest.mark.rasa]
SWITCH_SECONDS = 90
ANOTHER = "another.tar.gz"
STEPS, END = 8, "You have been through all of"
TROUBLE = re.compile(r"\b(WARNING|ERROR|CRITICAL)\b|turn_failed|did not stop")
T = TypeVar("T")
Round = Callable[[Phone], Awaitable[list[Tapped]]]
"""One way to go through a guide of eight steps; returns the taps."""
SHOWN = ("sendMessage", "editMessageText")


def branch(folder: Path) -> Path:
    """A root with models and a `var/` of its own; all the rest is ours."""
    folder.mkdir()
    for entry in ROOT.iterdir():
        if entry.name not in ("models", "var", ".git"):
            (folder / entry.name).symlink_to(entry)
    (folder / model.MODELS).mkdir()
    (folder / "var").mkdir()
    serving = model.current(ROOT)
    if serving is None:
        pytest.skip("there is no trained model: run `mentor train`")
    shutil.copyfile(ROOT / model.MODELS / serving.file, folder / model.MODELS / serving.file)
    model.record(folder, serving)
    return folder


def publish_another(root: Path) -> None:
    """Put a model of other bytes and another name in place of the one that serves, as a training does."""
    serving = model.current(root)
    assert serving is not None
    content = bytearray((root / model.MODELS / serving.file).read_bytes())
    # The time in the head of a gzip file: the archive in it stays the same.
    content[4:8] = bytes(byte ^ 0xFF for byte in content[4:8])
    file = root / model.MODELS / ANOTHER
    file.write_bytes(content)
    entry = replace(serving, file=file.name, sha256=model.file_hash(file))
    assert entry.sha256 != serving.sha256
    model.record(root, entry)


@pytest.fixture
def own(tmp_path: Path) -> Iterator[House]:
    """A mentor of this test alone: what it changes nobody else sees."""
    if not (ROOT / ".venv-rasa").exists():
        pytest.skip("the Rasa environment is missing: run `make setup`")
    with opened(branch(tmp_path / "root"), tmp_path) as house:
        yield house


async def opens(phone: Phone, question: str) -> None:
    await phone.says(question)
    await phone.waits_for(lambda heard: any(row[:1] == ["Start"] for row in heard.labels), ANSWER_SECONDS)


async def by_taps(phone: Phone) -> list[Tapped]:
    """Through a guide with its buttons alone."""
    await opens(phone, "hvordan tar jeg sikkerhetskopi av pcen")
    taps = [await phone.taps("Start")]
    for number in range(1, STEPS):
        step = await hears(phone, f"{number}/{STEPS}")
        taps.append(await phone.taps("Ferdig, neste ▶", on=step))
    step = await hears(phone, f"{STEPS}/{STEPS}")
    taps.append(await phone.taps("Ferdig, det var alt ✅", on=step))
    await hears(phone, "✅")
    return taps


async def by_words(phone: Phone) -> list[Tapped]:
    """Through a guide word by word, each after the answer to the one before."""
    await opens(phone, "how do i take card payments in my shop")
    taps = [await phone.taps("Start")]
    await hears(phone, f"1/{STEPS}")
    for number in range(2, STEPS + 1):
        await phone.says("next")
        await hears(phone, f"{number}/{STEPS}")
    await phone.says("next")
    await hears(phone, END)
    return taps


async def in_haste(phone: Phone) -> list[Tapped]:
    """Through a guide without waiting for any answer."""
    await opens(phone, "how do i back up my laptop")
    taps = [await phone.taps("Start")]
    await hears(phone, f"1/{STEPS}")
    for _ in range(STEPS):
        await phone.says("next")
    for number in range(2, STEPS + 1):
        await hears(phone, f"{number}/{STEPS}")
    await hears(phone, END)
    return taps


async def goes_on(phone: Phone, once: Round, over: asyncio.Event) -> tuple[int, list[Tapped]]:
    """Round after round, and a whole one after the switch; how many there were, and the taps."""
    count, taps, last = 0, list[Tapped](), False
    while not last:
        last = over.is_set()
        taps += await once(phone)
        count += 1
    return count, taps


async def shown(world: WorldClient, phone: Phone) -> list[tuple[str, str]]:
    """All that a chat was shown, in the order of its calls."""
    calls = await world.calls(chat_id=phone.chat_id, accepted="true")
    return [(call["method"], call["params"].get("text", "")) for call in calls if call["method"] in SHOWN]


async def gathered(each: Iterable[Awaitable[T]]) -> list[T]:
    """All at once; the first fault ends it."""
    return await asyncio.gather(*each)


async def taken_over(house: House) -> None:
    """Wait until the new model serves alone."""
    deadline = time.monotonic() + SWITCH_SECONDS
    while f"model {ANOTHER} has taken over" not in (log := house.log.read_text("utf-8")):
        assert "has not taken over" not in log, log[-3000:]
        assert time.monotonic() < deadline, f"no other model serves:\n{log[-3000:]}"
        await asyncio.sleep(0.2)  # a poll of the log; the deadline above ends it


async def model_served(url: str) -> str:
    """The file that a place of Rasa answers with, or "" where nobody is."""
    try:
        async with httpx.AsyncClient() as client:
            return str((await client.get(f"{url}/webhooks/mentor/")).json()["model"]).split(" ")[0]
    except httpx.TransportError:
        return ""


def values(house: House, query: str) -> set[tuple[object, ...]]:
    """The different rows of an answer of the bot's database."""
    with closing(sqlite3.connect(house.database)) as connection:
        return set(connection.execute(query))


def is_alive(pid: int) -> bool:
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False


@pytest.mark.timeout(240)
async def test_new_model_takes_over_and_three_people_notice_nothing(own: House) -> None:
    async with WorldClient(own.simulator_url) as world:
        people = {
            await settles(world, "Trykker", "nb"): by_taps,
            await settles(world, "Reader", "en"): by_words,
            await settles(world, "Hasty", "en"): in_haste,
        }
        begun = {phone: len(await shown(world, phone)) for phone in people}
        taps = [tap for taps in await gathered(once(phone) for phone, once in people.items()) for tap in taps]
        rounds = {phone: (await shown(world, phone))[begun[phone] :] for phone in people}
        old, over = own.pid("rasa"), asyncio.Event()
        assert await model_served(own.rasa_url) != ANOTHER

        talking = [asyncio.create_task(goes_on(phone, once, over)) for phone, once in people.items()]
        publish_another(own.root)
        await taken_over(own)
        over.set()
        talked = await gathered(talking)

        await world.waits_until_taken()
        for phone, (count, _) in zip(people, talked, strict=True):
            assert count > 1, "too few rounds to have talked all the while"
            assert (await shown(world, phone))[begun[phone] :] == rounds[phone] * (1 + count)
        taps += [tap for _, taps in talked for tap in taps]
        answered = [call["params"]["callback_query_id"] for call in await world.calls(method="answerCallbackQuery")]
        assert set(Counter(answered).values()) == {1}
        assert {tap.id for tap in taps} <= set(answered)

    new = own.pid("rasa")
    assert (new != old, is_alive(new), is_alive(old)) == (True, True, False)
    assert (await model_served(own.rasa_url), await model_served(own.rasa_spare_url)) == ("", ANOTHER)
    assert values(own, "SELECT state, attempts FROM inbox") == {("done", 0)}, "a turn failed"
    assert values(own, "SELECT state, attempts, ambiguous FROM outbox") == {("sent", 1, 0)}, "a call was made again"
    log = own.log.read_text("utf-8")
    assert [line for line in log.splitlines() if TROUBLE.search(line)] == []
