"""What the world consists of: users, chats, topics, messages, files, taps, events."""

from copy import deepcopy
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from simulator.signals import Signal

Json = dict[str, Any]


@dataclass
class User:
    """A person or a bot, as Telegram shows them to others."""

    id: int
    first_name: str
    last_name: str = ""
    username: str = ""
    language_code: str = ""
    is_bot: bool = False
    deactivated: bool = False
    """The account was deleted: sending to it is refused."""

    def as_json(self) -> Json:
        """The Bot API's User object."""
        body: Json = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        for name in ("last_name", "username", "language_code"):
            if value := getattr(self, name):
                body[name] = value
        return body


class EventType(StrEnum):
    """What can happen in a chat."""

    MESSAGE = "message"
    EDITED = "edited"
    DELETED = "deleted"
    ACTION = "action"
    """Somebody is typing."""
    TAP = "tap"
    """A person tapped a button; the answer is still to come."""
    ANSWER = "callback_answer"
    """The bot answered a tap."""
    REACTION = "reaction"
    TOPIC = "topic"
    """A topic was made, renamed, closed, reopened or deleted."""
    MEMBER = "member"
    """The bot was blocked, unblocked, added or removed."""


@dataclass(frozen=True)
class Event:
    """One thing that happened in a chat. Numbers grow over the whole world."""

    number: int
    type: EventType
    body: Json

    def as_json(self) -> Json:
        """As the control interface shows it."""
        return {"event": self.number, "type": self.type.value, **self.body}


@dataclass
class Message:
    """A message in a chat. `data` is the Bot API's Message object."""

    data: Json
    author_id: int
    by_bot: bool
    reply_keyboard: Json | None = None
    """A reply keyboard, ForceReply or keyboard removal: Telegram does not show it in the Message object."""
    reactions: list[str] = field(default_factory=list)
    """The bot's emoji under the message."""

    @property
    def id(self) -> int:
        """The message id, unique within the chat."""
        number: int = self.data["message_id"]
        return number

    @property
    def thread_id(self) -> int:
        """The topic it stands in; 0 for none."""
        number: int = self.data.get("message_thread_id", 0)
        return number

    def quoted(self) -> Json:
        """The message as it appears inside a reply to it (replies are not nested further)."""
        return {key: deepcopy(value) for key, value in self.data.items() if key != "reply_to_message"}

    def as_seen(self) -> Json:
        """As a person's phone sees it: with the reply keyboard and the reactions."""
        seen = deepcopy(self.data)
        if self.reactions:
            seen["reactions"] = list(self.reactions)
        if self.reply_keyboard is not None:
            seen["reply_markup"] = deepcopy(self.reply_keyboard)
        return seen


@dataclass
class Topic:
    """A topic of a forum; its id is the id of the service message that opened it."""

    id: int
    name: str
    icon_color: int = 0x6FB9F0
    closed: bool = False

    def as_json(self) -> Json:
        """The Bot API's ForumTopic object, with `closed` for the control interface."""
        return {"message_thread_id": self.id, "name": self.name, "icon_color": self.icon_color, "closed": self.closed}


@dataclass
class Chat:
    """A chat. A private chat belongs to one bot and one person: its message ids are unique per pair only."""

    id: int
    type: str
    """private, group, supergroup or channel."""
    title: str = ""
    username: str = ""
    person: User | None = None
    """The person, in a private chat."""
    bot_id: int = 0
    """The bot, in a private chat."""
    is_forum: bool = False
    members: dict[int, str] = field(default_factory=dict)
    """User id -> creator, administrator, member, left or kicked."""
    topics: dict[int, Topic] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    last_message_id: int = 0
    started: bool = False
    """Private: the person has written, so the bot may write."""
    blocked: bool = False
    """Private: the person has blocked the bot."""
    migrated_to: int = 0
    pinned_id: int = 0
    events: list[Event] = field(default_factory=list)
    signal: Signal = field(default_factory=Signal)

    def as_json(self) -> Json:
        """The Bot API's Chat object, as messages carry it."""
        if self.person is not None:
            shown = self.person.as_json()
            return {"id": self.id, "type": "private"} | {
                key: shown[key] for key in ("first_name", "last_name", "username") if key in shown
            }
        body: Json = {"id": self.id, "type": self.type, "title": self.title}
        if self.username:
            body["username"] = self.username
        if self.is_forum:
            body["is_forum"] = True
        return body


@dataclass(frozen=True)
class StoredFile:
    """A file somebody sent. `declared_size` can exceed the content, to play big files cheaply."""

    file_id: str
    file_unique_id: str
    name: str
    mime_type: str
    content: bytes
    path: str
    declared_size: int


@dataclass
class Tap:
    """A tap on a button, from the press to the bot's answer."""

    id: str
    bot_id: int
    user: User
    chat: Chat
    message_id: int
    data: str
    tapped_at: float
    answer: Json | None = None

    def as_json(self) -> Json:
        """As the control interface shows it."""
        return {
            "callback_query_id": self.id,
            "user_id": self.user.id,
            "chat_id": self.chat.id,
            "message_id": self.message_id,
            "data": self.data,
            "answer": self.answer,
        }
