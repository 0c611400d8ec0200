"""The tracker store: flat, forgetful of texts, safe from clocks."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rasa.processes import TOKEN, Bot, Server, ask, rasa_server, told


@pytest.fixture
def own(model: Path, actions: Server, tmp_path: Path) -> Iterator[tuple[Bot, Path]]:
    """A Rasa with a database of its own."""
    rasa = rasa_server(model, tmp_path / "log", f"sqlite:///{tmp_path}/t.db", actions.port)
    rasa.start()
    yield Bot(rasa), tmp_path / "t.db"
    rasa.stop()


def sizes(path: Path) -> tuple[int, int, int]:
    """Rows of conversations, bytes of their events, rows of answers."""
    database = sqlite3.connect(path)
    rows, size = database.execute("SELECT count(*), sum(length(events)) FROM mentor_conversations").fetchone()
    (answers,) = database.execute("SELECT count(*) FROM mentor_answers").fetchone()
    database.close()
    return rows, size, answers


def test_tracker_does_not_grow_with_the_conversation(own: tuple[Bot, Path]) -> None:
    bot, path = own
    seen = {}
    for turn in range(1, 121):
        _, answer = bot.taps("long", str(turn), "menu")
        if turn in (30, 120):
            seen[turn] = (sizes(path), told(answer)["events"])

    (rows, size, answers), events = seen[120]
    (_, early, _), early_events = seen[30]
    assert (rows, answers) == (1, 20)
    assert events == early_events
    assert abs(size - early) < 100


def test_tracker_survives_a_clock_that_steps_back(own: tuple[Bot, Path]) -> None:
    bot, path = own
    bot.says("clock", "1", "hello")
    database = sqlite3.connect(path)
    (events,) = database.execute("SELECT events FROM mentor_conversations").fetchone()
    moved = [{**event, "timestamp": event["timestamp"] + 5000} for event in json.loads(events)]
    database.execute("UPDATE mentor_conversations SET events = ?", (json.dumps(moved),))
    database.commit()
    database.close()

    status, answer = bot.says("clock", "2", "hello")

    assert status == 200
    assert told(answer)["events"] > len(moved)


def test_tracker_starts_a_session_after_an_hour_without_saying_so(own: tuple[Bot, Path]) -> None:
    bot, path = own
    bot.says("late", "1", "hello")
    database = sqlite3.connect(path)
    (events,) = database.execute("SELECT events FROM mentor_conversations").fetchone()
    moved = [{**event, "timestamp": event["timestamp"] - 3700} for event in json.loads(events)]
    database.execute("UPDATE mentor_conversations SET events = ?", (json.dumps(moved),))
    database.commit()

    _, answer = bot.says("late", "2", "hello")

    assert [reply["type"] for reply in answer["replies"]] == ["text", "end"]
    (events,) = database.execute("SELECT events FROM mentor_conversations").fetchone()
    database.close()
    names = [event["event"] for event in json.loads(events)]
    assert names.count("session_started") == 1
    assert names.count("user") == 1


def test_tracker_is_there_for_the_api_of_rasa(own: tuple[Bot, Path]) -> None:
    bot, _ = own
    bot.says("api", "1", "hello")

    status, tracker = ask(bot.rasa.port, "GET", f"/conversations/api/tracker?token={TOKEN}")

    assert status == 200
    assert tracker["latest_message"]["intent"]["name"] == "greet"
    assert tracker["latest_message"]["text"] is None
