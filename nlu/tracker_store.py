"""Rasa's memory of a conversation: the last few turns in one row, so that no turn is slower than the tenth was.

Rasa's own SQL store keeps and re-reads every event of a session (design: R5) and finds the session by the clock
(R6: a clock that steps back loses events). Here the order of the list is the order of the events, the clock only
tells Rasa when a session is over, and what falls out of the window is forgotten, save the state it left behind.
"""

import asyncio
import json
import os
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Dict, Iterable, List, Optional, Text

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import SESSION_START_METADATA_SLOT
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

from nlu.conversations import Conversation, Conversations

DEFAULT_URL = "sqlite:///var/tracker.db"
TURNS_KEPT = 5
"""Messages of the person that the policies can look back on: more than the 4 states of config.yml's `max_history`."""
EVENTS_KEPT = 60
"""Events kept at most, whatever a turn brings."""
_STATE = {"slot": "name", "active_loop": "", "pause": "", "resume": ""}
"""Events whose effect lasts, and the field that tells which of them replace each other."""
_NOT_KEPT = ("bot", "user_featurization")
"""What the mentor said is in the answers; how a policy read a message, it can find out again."""


def tracker_url() -> str:
    """The address of the tracker database: TRACKER_URL, or a file in `var/`."""
    return os.environ.get("TRACKER_URL") or DEFAULT_URL


@dataclass
class Turn:
    """A message under way: Rasa reads and writes here, and the channel keeps the outcome or drops it."""

    sender: str
    before: Conversation
    events: Optional[str] = None
    """The JSON list of events after the turn, once Rasa has saved its tracker."""


current_turn: ContextVar[Optional[Turn]] = ContextVar("current_turn", default=None)


class ConversationStore(TrackerStore):
    """Tracker store over :class:`~nlu.conversations.Conversations`; `endpoints.yml` names it."""

    def __init__(
        self,
        domain: Optional[Domain] = None,
        host: Optional[Text] = None,
        event_broker: Optional[EventBroker] = None,
        **kwargs: Any,
    ) -> None:
        """Open the database at `host` (the `url` in endpoints.yml), or at TRACKER_URL."""
        super().__init__(domain, event_broker, **kwargs)
        self.conversations = Conversations(host or tracker_url())

    async def retrieve(self, sender_id: Text) -> Optional[DialogueStateTracker]:
        """The conversation with `sender_id`, or None if there is none."""
        turn = current_turn.get()
        if turn is not None and turn.sender == sender_id:
            events = turn.events or turn.before.events
        else:
            events = (await asyncio.to_thread(self.conversations.read, sender_id)).events
        if events is None:
            return None
        slots = self.domain.slots
        return DialogueStateTracker.from_dict(sender_id, json.loads(events), slots, self.max_event_history)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep the tracker; within a turn of the channel, hand it to the channel, which keeps it with the answer."""
        await self.stream_events(tracker)
        events = json.dumps(kept(tracker), ensure_ascii=False, separators=(",", ":"))
        turn = current_turn.get()
        if turn is not None and turn.sender == tracker.sender_id:
            turn.events = events
            return
        before = await asyncio.to_thread(self.conversations.read, tracker.sender_id)
        await asyncio.to_thread(self.conversations.keep, tracker.sender_id, before, events)

    async def stream_events(self, tracker: DialogueStateTracker) -> None:
        """Pass new events on, if there is anybody to pass them to."""
        if self.event_broker is not None:
            await super().stream_events(tracker)

    async def keys(self) -> Iterable[Text]:
        """The senders there are conversations with."""
        return await asyncio.to_thread(self.conversations.senders)


def kept(tracker: DialogueStateTracker) -> List[Dict[Text, Any]]:
    """What is kept of a tracker: the last turns of its last session, without any text, and lasting state."""
    told = (event.as_dict() for event in tracker.events if event.type_name not in _NOT_KEPT)
    events = [plain(event) for event in told if event.get("name") != SESSION_START_METADATA_SLOT]
    start = _start(events)
    return _state(events[:start]) + events[start:]


def _start(events: List[Dict[Text, Any]]) -> int:
    """Where the window begins: at a message's `action_listen`, so that the first turn in it is whole."""
    sessions = [place for place, event in enumerate(events) if event["event"] == "session_started"]
    # A session begins with the action that started it.
    session = max(sessions[-1] - 1, 0) if sessions else 0
    users = [place for place, event in enumerate(events) if event["event"] == "user" and place > session]
    turns = max(users[-TURNS_KEPT] - 1, 0) if len(users) > TURNS_KEPT else session
    return max(session, turns, len(events) - EVENTS_KEPT)


def _state(events: List[Dict[Text, Any]]) -> List[Dict[Text, Any]]:
    """Of the events that are left out, those whose effect lasts: the last of each kind."""
    last: Dict[Any, Dict[Text, Any]] = {}
    for event in events:
        if event["event"] in _STATE:
            kind = "pause" if event["event"] == "resume" else event["event"]
            last[kind, event.get(_STATE[event["event"]])] = event
    return list(last.values())


def plain(event: Dict[Text, Any]) -> Dict[Text, Any]:
    """An event without texts and without what Rasa adds again when it loads it."""
    event = {key: value for key, value in event.items() if key != "metadata" and value is not None}
    if event["event"] == "user":
        parse = event.get("parse_data") or {}
        intent = {key: value for key, value in (parse.get("intent") or {}).items() if key in ("name", "confidence")}
        entities = [{"entity": item["entity"], "value": item.get("value")} for item in parse.get("entities") or []]
        event["parse_data"] = {"intent": intent, "entities": entities}
        event.pop("text", None)
    return event
