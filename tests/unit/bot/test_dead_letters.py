"""Updates that are given up: kept with the reason, looked at, and tried again in their order."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from structlog.testing import capture_logs

from actions.replies import Text
from bot.domain.faults import fault_of
from bot.domain.intake import accept
from bot.errors import DialogueFailed
from bot.messages import InboxState
from bot.store import dead_letters
from bot.store.tables import DeadLetterRow, InboxRow
from tests.rasa.processes import free_port
from tools import inbox as command
from tools.errors import DatabaseUnusable, Stop
from tools.installation import Installation

from .conftest import KARI, OLA, Talk, message_update
from .test_backup import backs_up, keyed, place, restores

__all__ = ["keyed", "place"]
Mentor = Callable[..., str]


@pytest.fixture
def mentor(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Mentor:
    """`mentor inbox ...` on the database of the test, as an operator types it; returns what it says."""
    monkeypatch.setattr(command, "ROOT", tmp_path)
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("WEB_PORT", str(free_port()))

    def say(*words: str) -> str:
        done = CliRunner().invoke(command.inbox, words, catch_exceptions=True)
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done.output

    return say


async def letters(talk: Talk) -> list[tuple[DeadLetterRow, InboxRow]]:
    async with talk.house.db.read() as session:
        return await dead_letters.with_updates(session)


async def poisons(talk: Talk, *texts: str) -> None:
    """Someone says things that no engine can answer, until they are given up."""
    for text in texts:
        talk.dialogue.script = [DialogueFailed("502")] * 4
        await talk.says(KARI, text)
        for _ in range(4):
            talk.clock.move(seconds=30)
            await talk.works()
    talk.dialogue.script = []
    await talk.hears(KARI["id"])


async def run(mentor: Mentor, *words: str) -> str:
    """The command has an event loop of its own, so it gets a thread of its own."""
    return await asyncio.to_thread(mentor, *words)


async def test_82_poison_is_given_up_with_its_reason_and_the_chat_goes_on(talk: Talk) -> None:
    await talk.settles(KARI)
    await poisons(talk, "gift")
    await talk.says(KARI, "etterpå")

    ((letter, row),) = await letters(talk)
    assert (letter.reason, letter.attempts, letter.died_at) == ("DialogueFailed: 502", 4, row.done_at)
    assert (row.state, row.lane) == (InboxState.DEAD, str(KARI["id"]))
    assert await talk.hears(KARI["id"]) == ["You asked: etterpå"]


async def test_reason_names_the_place_and_never_the_words(talk: Talk) -> None:
    await talk.settles(KARI)

    async def breaks(question: object) -> None:
        raise ValueError(f"can't read {question}")

    talk.dialogue.ask = breaks  # type: ignore[method-assign,assignment]
    with capture_logs() as logs:
        await talk.says(KARI, "merket-xyzzy")
        for _ in range(4):
            talk.clock.move(seconds=30)
            await talk.works()

    ((letter, _),) = await letters(talk)
    assert letter.reason.startswith("DialogueFailed: ValueError at bot/domain/worker.py:")
    assert [line for line in logs if line["action"] == "worker.gave_up"]
    assert "xyzzy" not in json.dumps([{**line, "exc_info": ""} for line in logs])


def test_fault_outside_our_code_is_named_by_its_kind() -> None:
    assert fault_of(ValueError("secret")) == "ValueError"


async def test_replay_puts_them_back_in_order(talk: Talk, mentor: Mentor) -> None:
    await talk.settles(KARI)
    await poisons(talk, "første", "andre", "tredje")
    talk.clock.move(hours=1)

    said = await run(mentor, "replay", "--all")
    await talk.works()

    assert said == "3 updates are tried again.\n"
    assert await talk.hears(KARI["id"]) == ["You asked: første", "You asked: andre", "You asked: tredje"]
    assert await letters(talk) == []
    assert (await talk.inbox())[-1].state == InboxState.DONE


async def test_replay_of_one_leaves_the_others(talk: Talk, mentor: Mentor) -> None:
    await talk.settles(KARI)
    await poisons(talk, "første", "andre")
    (_, (second, _)) = await letters(talk)

    await run(mentor, "replay", str(second.id))
    await talk.works()

    assert await talk.hears(KARI["id"]) == ["You asked: andre"]
    assert len(await letters(talk)) == 1


async def test_replay_that_fails_again_is_given_up_again(talk: Talk, mentor: Mentor) -> None:
    await talk.settles(KARI)
    await poisons(talk, "gift")
    await run(mentor, "replay", "--all")
    talk.dialogue.script = [DialogueFailed("503")] * 4
    for _ in range(5):
        await talk.works()
        talk.clock.move(seconds=30)

    ((letter, _),) = await letters(talk)
    assert letter.reason == "DialogueFailed: 503"


async def test_replay_of_one_chat_leaves_others_alone(talk: Talk, mentor: Mentor) -> None:
    await talk.settles(KARI)
    await talk.settles(OLA)
    await poisons(talk, "gift")

    assert await run(mentor, "replay", "--chat", str(OLA["id"])) == "0 updates are tried again.\n"
    assert len(await letters(talk)) == 1


async def test_list_and_show_tell_the_reason_but_words_only_when_asked(talk: Talk, mentor: Mentor) -> None:
    await talk.settles(KARI)
    await poisons(talk, "merket-xyzzy")
    number = str((await letters(talk))[0][0].id)

    listed = await run(mentor, "list")
    shown = await run(mentor, "show", number)
    opened = await run(mentor, "show", number, "--text")

    assert "DialogueFailed: 502" in listed
    assert listed.endswith("1 updates were given up.\n")
    assert "kind:      message" in shown
    assert "tries:     4" in shown
    assert "xyzzy" not in listed + shown
    assert "xyzzy" in opened


async def test_drop_erases_what_was_said(talk: Talk, mentor: Mentor) -> None:
    await talk.settles(KARI)
    await poisons(talk, "merket-xyzzy")

    assert await run(mentor, "drop", "--all") == "1 updates were dropped.\n"

    assert await letters(talk) == []
    assert "xyzzy" not in "".join(row.payload for row in await talk.inbox())
    assert (await talk.inbox())[-1].state == InboxState.DEAD


async def test_erased_person_has_no_dead_letters(talk: Talk) -> None:
    await talk.settles(KARI)
    await poisons(talk, "gift")
    before = await letters(talk)
    await talk.says(KARI, "/delete")
    await talk.taps(KARI, "Ja, slett alt")

    assert len(before) == 1
    assert await letters(talk) == []


async def test_72_updates_set_aside_can_be_replayed(keyed: Talk, place: Installation, mentor: Mentor) -> None:
    await keyed.settles(OLA)
    await accept(keyed.house, [message_update(900, OLA, "one"), message_update(901, OLA, "two")])
    file = await backs_up(place, keyed)
    await restores(place, keyed, file)
    keyed.dialogue.script = [[Text("1")], [Text("2")]]

    await keyed.works()
    before = await keyed.hears(OLA["id"])
    said = await run(mentor, "replay", "--all")
    await keyed.works()

    assert (before, said) == ([], "2 updates are tried again.\n")
    assert await keyed.hears(OLA["id"]) == ["1", "2"]


async def test_unknown_number_is_named(talk: Talk, mentor: Mentor) -> None:
    with pytest.raises(Stop, match="There is no dead letter 7, 8:"):
        await run(mentor, "replay", "8", "7")


@pytest.mark.parametrize("words", [["replay"], ["drop"], ["replay", "1", "--all"], ["drop", "--chat", "1", "--all"]])
def test_it_has_to_be_said_which(mentor: Mentor, words: list[str]) -> None:
    assert "Name some numbers, or a chat by --chat, or --all." in mentor(*words)


def test_database_that_is_not_there_is_named(mentor: Mentor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/none.db")

    with pytest.raises(DatabaseUnusable, match="start the mentor once"):
        mentor("list")
    assert not (tmp_path / "none.db").exists()


async def test_more_updates_than_a_statement_takes_can_be_replayed_and_dropped(talk: Talk) -> None:
    await talk.settles(KARI)
    await poisons(talk, "gift")
    many = range(1, 40_001)

    async with talk.house.db.write() as session:
        await dead_letters.replay(session, many)
        again = await dead_letters.count(session)
        await dead_letters.drop(session, many)

    assert again == 0
    assert {row.payload for row in await talk.inbox()} == {"{}"}
