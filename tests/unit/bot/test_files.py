"""Files for people: made when they leave, told about when they can't be made."""

import json
import sqlite3
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from actions.replies import Bar, Chart, CheckupAnswer, CheckupDone, Document, Missed, Text
from bot.domain.buckets import Limits
from bot.domain.sender import Sender
from bot.errors import Refused
from bot.messages import File
from bot.store import missed
from bot.store.tables import ChatRow, MissedRow

from .conftest import KARI, OLA, Talk, only_sqlite
from .test_sender import ScriptedTransport, work

CHART = Chart("Well begun: 6/12", [Bar("Sell online", 1, 3)], "Sell online: 1/3", "Now", "Last time")


def make_sender(talk: Talk, transport: ScriptedTransport) -> Sender:
    """A sender for which time flies: the pace of one chat is no matter here."""
    seconds = count(step=60)
    object.__setattr__(talk.house, "transport", transport)
    return Sender(talk.house, Limits(per_second=1000), lambda: float(next(seconds)))


async def asks(talk: Talk, *replies: Any) -> None:
    await talk.settles(OLA)
    talk.dialogue.script.append(list(replies))
    await talk.says(OLA, "please")


async def test_outbox_holds_what_to_make_and_the_sender_makes_it(talk: Talk) -> None:
    await asks(talk, CHART, Document("shop-payments", "en", "NO", "To print."))
    transport = ScriptedTransport()

    photo, document = [row for row in await talk.calls(OLA["id"]) if row.method != "sendMessage"][-2:]
    await work(talk, make_sender(talk, transport))

    assert json.loads(photo.params)["photo"] == {
        "made": "chart",
        "title": "Well begun: 6/12",
        "bars": [["Sell online", 1, 3, None]],
        "legend": ["Now", "Last time"],
    }
    assert len(document.params) < 400
    sent = dict(transport.taken)
    assert sent["sendPhoto"]["photo"] == File("chart.png", b"Well begun: 6/12")
    assert sent["sendPhoto"]["caption"] == "Sell online: 1/3"
    assert sent["sendDocument"]["document"] == File("shop-payments-en.pdf", b"shop-payments")


async def test_guide_that_is_gone_is_an_apology_and_not_silence(talk: Talk) -> None:
    await asks(talk, Document("shop-gone", "en", "", "To print."))
    transport = ScriptedTransport()

    await work(talk, make_sender(talk, transport))

    assert transport.taken[-1][1]["text"] == "I could not make that file just now. Please try again in a few minutes."


@pytest.mark.parametrize(
    ("reply", "instead"),
    [
        (CHART, "Sell online: 1/3"),
        (
            Document("shop-payments", "en", "", "To print."),
            "I could not make that file just now. Please try again in a few minutes.",
        ),
    ],
)
async def test_file_that_telegram_refuses_is_said_in_words(talk: Talk, reply: Any, instead: str) -> None:
    await talk.settles(OLA)
    transport = ScriptedTransport()
    sender = make_sender(talk, transport)
    await work(talk, sender)
    talk.dialogue.script.append([reply])
    await talk.says(OLA, "please")
    transport.script.append(Refused("Not Found"))

    await work(talk, sender)

    assert transport.taken[-1][1]["text"] == instead


async def test_export_is_complete_and_only_ones_own(talk: Talk) -> None:
    await talk.settles(KARI)
    await talk.says(KARI, "a secret of Kari's")
    await talk.settles(OLA)
    talk.dialogue.script.append(
        [Text("Result"), CheckupAnswer("orders", "no"), CheckupDone("low", 5, ["shop-payments"]), Missed("unknown")]
    )
    await talk.says(OLA, "how do I sell my bread")

    await talk.says(OLA, "/export")
    transport = ScriptedTransport()
    await work(talk, make_sender(talk, transport))

    file = dict(transport.taken)["sendDocument"]["document"]
    assert file.name == "skills-mentor-data.json"
    content = json.loads(file.data)
    assert content["about_you"]["first_name"] == "Ola"
    assert content["firm_checks"][0]["plan"] == ["shop-payments"]
    assert [row["text"] for row in content["questions_not_understood"]] == ["how do I sell my bread"]
    texts = [row["update"].get("message", {}).get("text") for row in content["what_you_wrote_and_tapped"]]
    assert "how do I sell my bread" in texts
    assert "Result" in json.dumps(content["what_the_mentor_sent"])
    assert "Kari" not in file.data.decode()


@only_sqlite
async def test_deletion_leaves_no_trace_in_any_byte_of_the_database(talk: Talk, tmp_path: Path) -> None:
    """A marker goes through every store there is: chat, queues, firm check, tickets, missed questions."""
    marker = "zxqmarkerqxz"
    await talk.settles({**OLA, "first_name": marker})
    who = {**OLA, "first_name": marker}
    talk.dialogue.script.append([Text(f"Answer {marker}"), CheckupAnswer("orders", "no"), Missed("unknown")])
    await talk.says(who, f"question {marker}")
    await talk.says(who, "/person")
    await talk.says(who, f"/search {marker}")
    await talk.says(who, "/delete")
    await talk.taps(who, "Yes, delete everything")

    async with talk.house.db.read() as session:
        assert (await session.scalars(select(ChatRow))).all() == []
        assert (await session.scalars(select(MissedRow))).all() == []
        assert await missed.of_chat(session, 1) == []
    assert talk.dialogue.forgotten == [f"pseudonym-{OLA['id']}"]
    assert files_with(marker, tmp_path / "var") == []
    with sqlite3.connect(tmp_path / "var/mentor.db") as connection:
        assert marker not in "\n".join(connection.iterdump())


def files_with(marker: str, folder: Path) -> list[str]:
    """Files that hold the marker in any byte, the write-ahead log included."""
    return [path.name for path in folder.iterdir() if marker.encode() in path.read_bytes()]


async def test_search_finds_guides_without_the_dialogue_engine(talk: Talk) -> None:
    await talk.settles(OLA)

    await talk.says(OLA, "/search payment")
    assert await talk.labels(OLA["id"]) == ["Take payment online", "Menu"]
    await talk.says(OLA, "/search xylophone")
    await talk.says(OLA, "/search")

    assert await talk.hears(OLA["id"]) == [
        "This guide fits:",
        "I found nothing for that. Try another word, or choose here:",
        "What are you looking for? Write it after the command, for example: /search invoice",
    ]
    assert talk.dialogue.asked == []
