# ruff: noqa: PT009, PT027 - unittest, for there is no pytest in the Rasa environment
"""The tracker database and what is kept of a tracker. TRACKER_TEST_URL names another database than SQLite."""

import json
import os
import tempfile
import time
import unittest
from typing import Any

import sqlalchemy as sa
from rasa.shared.core.events import (
    ActionExecuted,
    BotUttered,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from nlu.conversations import ANSWERS_KEPT, Conversation, ConversationMoved, Conversations
from nlu.tracker_store import EVENTS_KEPT, TURNS_KEPT, kept


def turn(number: int) -> list[Event]:
    """The events of one turn."""
    said = UserUttered(f"secret {number}", {"name": "menu", "confidence": 0.9}, [{"entity": "guide", "value": "x"}])
    return [said, ActionExecuted("action_menu"), BotUttered("secret answer"), ActionExecuted("action_listen")]


def session() -> list[Event]:
    """The events at the start of a session."""
    return [ActionExecuted("action_session_start"), SessionStarted(), ActionExecuted("action_listen")]


def tracked(*events: list[Event]) -> DialogueStateTracker:
    """A tracker of all these events."""
    return DialogueStateTracker.from_events("anna", [event for part in events for event in part], [])


class Kept(unittest.TestCase):
    """nlu/tracker_store.py"""

    def names(self, tracker: DialogueStateTracker) -> list[Any]:
        return [event["event"] for event in kept(tracker)]

    def test_kept_is_bounded_and_begins_with_a_whole_turn(self) -> None:
        few = kept(tracked(session(), *(turn(number) for number in range(TURNS_KEPT + 1))))
        many = kept(tracked(session(), *(turn(number) for number in range(200))))

        self.assertEqual(len(few), len(many))
        self.assertEqual([event["event"] for event in many].count("user"), TURNS_KEPT)
        self.assertEqual((many[0]["event"], many[0]["name"]), ("action", "action_listen"))

    def test_kept_is_bounded_whatever_one_turn_brings(self) -> None:
        noisy = [ActionExecuted("action_menu") for _ in range(500)]

        self.assertEqual(len(kept(tracked(session(), turn(1), noisy))), EVENTS_KEPT)

    def test_kept_holds_no_text(self) -> None:
        self.assertNotIn("secret", json.dumps(kept(tracked(session(), turn(1)))))

    def test_kept_is_the_last_session_in_the_order_of_events_not_of_clocks(self) -> None:
        late = session()
        for event in late:
            event.timestamp = 1.0

        names = self.names(tracked(session(), turn(1), late, turn(2)))

        self.assertEqual(names, ["action", "session_started", "action", "user", "action", "action"])

    def test_kept_remembers_the_last_value_of_a_slot_that_fell_out(self) -> None:
        slots: list[Event] = [SlotSet("colour", "red"), SlotSet("colour", "blue"), SlotSet("size", 3)]

        events = kept(tracked(session(), slots, *(turn(number) for number in range(50))))

        self.assertEqual(
            [(e["name"], e["value"]) for e in events if e["event"] == "slot"], [("colour", "blue"), ("size", 3)]
        )

    def test_kept_makes_the_tracker_again(self) -> None:
        events = kept(tracked(session(), turn(1), turn(2)))

        again = DialogueStateTracker.from_dict("anna", events, [])

        self.assertEqual(kept(again), events)
        self.assertEqual(again.latest_message.intent["name"], "menu")
        self.assertEqual(again.latest_action_name, "action_listen")


class Database(unittest.TestCase):
    """nlu/conversations.py"""

    def setUp(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.database = Conversations(os.environ.get("TRACKER_TEST_URL") or f"sqlite:///{self.folder.name}/sub/t.db")
        for sender in self.database.senders():
            self.database.erase(sender)

    def take(self, message_id: str, sender: str = "anna") -> str:
        before = self.database.read(sender, message_id)
        return self.database.keep_turn(sender, before, "[]", message_id, f"answer to {message_id}")

    def test_read_of_a_stranger_is_empty(self) -> None:
        self.assertEqual(self.database.read("anna", "m1"), Conversation(0, None, None))

    def test_turn_is_kept_with_its_answer(self) -> None:
        self.take("m1")

        self.assertEqual(self.database.read("anna", "m1"), Conversation(1, "[]", "answer to m1"))
        self.assertEqual(self.database.read("anna", "m2"), Conversation(1, "[]", None))

    def test_answers_are_bounded(self) -> None:
        for number in range(ANSWERS_KEPT + 5):
            self.take(f"m{number}")

        answered = [number for number in range(ANSWERS_KEPT + 5) if self.database.read("anna", f"m{number}").answer]
        self.assertEqual(answered, list(range(5, ANSWERS_KEPT + 5)))

    def test_second_answer_to_a_message_gives_way_to_the_first(self) -> None:
        before = self.database.read("anna", "m1")
        self.take("m1")

        told = self.database.keep_turn("anna", before, '["other"]', "m1", "another answer")

        self.assertEqual(told, "answer to m1")
        self.assertEqual(self.database.read("anna").events, "[]")

    def test_turn_that_was_overtaken_is_refused_and_leaves_nothing(self) -> None:
        before = self.database.read("anna", "m2")
        self.take("m1")

        with self.assertRaises(ConversationMoved):
            self.database.keep_turn("anna", before, '["other"]', "m2", "answer to m2")

        self.assertEqual(self.database.read("anna", "m2"), Conversation(1, "[]", None))

    def test_erase_and_prune_forget(self) -> None:
        for sender in ("anna", "otto", "rita"):
            self.take("m1", sender)
        self.database.erase("anna")

        self.assertEqual(sorted(self.database.senders()), ["otto", "rita"])
        self.assertEqual(self.database.prune(time.time() - 60), 0)
        self.assertEqual(self.database.prune(time.time() + 60), 2)
        self.assertEqual(self.database.read("otto", "m1"), Conversation(0, None, None))

    def test_errors_do_not_tell_what_was_said(self) -> None:
        with self.assertRaises(sa.exc.StatementError) as caught:
            self.database.keep_turn("anna", Conversation(0, None, None), "[]", "m1", object())  # type: ignore[arg-type]
        self.assertNotIn("anna", str(caught.exception))


if __name__ == "__main__":
    unittest.main()
