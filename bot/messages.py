"""What travels through the bot, in types of our own: neither Telegram's objects nor Rasa's.

Direction is in the name: an `Inbound` comes from a person, an `Outbound` is one call to Telegram.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What kind of update a person caused."""

    TEXT = "text"
    COMMAND = "command"
    """A command this bot knows, addressed to it or to nobody in particular."""
    TAP = "tap"
    MEDIA = "media"
    """A photo, voice, sticker, location ... : anything that is not text; a caption stands in `text`."""
    EDITED = "edited"
    MEMBER = "member"
    """The bot was added, removed, blocked or unblocked."""
    OTHER = "other"
    """An update without a person, of a type we did not ask for, or for another bot."""


class ChatKind(StrEnum):
    """Where an update comes from."""

    PRIVATE = "private"
    GROUP = "group"
    CHANNEL = "channel"


@dataclass(frozen=True)
class Tap:
    """A tapped button, with its signature already checked."""

    callback_id: str
    message_id: int
    """The message that carried the button; 0 when Telegram no longer says which."""
    intent: str = ""
    """What the button stands for; empty when the data was not ours."""
    guide: str = ""
    step: int = 0
    value: str = ""

    @property
    def genuine(self) -> bool:
        """True if the button was issued by us, for this chat."""
        return bool(self.intent)


@dataclass(frozen=True)
class Inbound:
    """One update, as the rest of the bot sees it. Texts are free of NUL and of lone surrogates."""

    update_id: int
    kind: Kind
    chat_id: int = 0
    chat_kind: ChatKind = ChatKind.PRIVATE
    user_id: int = 0
    first_name: str = ""
    language_code: str = ""
    text: str = ""
    """What was written, or a caption; for a command the whole line."""
    command: str = ""
    """The command without slash and bot name, lower case."""
    argument: str = ""
    """What follows the command."""
    media: str = ""
    """Telegram's word for the kind of media."""
    message_id: int = 0
    reply_to_message_id: int = 0
    present: bool = True
    """For MEMBER: whether the bot may write to this chat now."""
    sent_at: int = 0
    """Unix time in seconds by Telegram's clock; 0 when the update carries none."""
    tap: Tap | None = None

    def tapped(self) -> Tap:
        """The tap of an update of kind TAP.

        Raises:
            ValueError: it is of another kind; a mistake in the code.
        """
        if self.tap is None:
            raise ValueError(f"An update of kind {self.kind} has no tap.")
        return self.tap


class InboxState(StrEnum):
    """Where an update stands."""

    OPEN = "open"
    """On disk, its effect is still to come."""
    DONE = "done"
    """Its effect is in the database, in the same transaction as this word."""
    IGNORED = "ignored"
    """Nothing to do with it, knowingly."""
    DEAD = "dead"
    """Given up after many tries; the person was told."""


class OutboxState(StrEnum):
    """Where an outgoing call stands."""

    PENDING = "pending"
    """Written, not yet tried, or waiting for its next try."""
    SENDING = "sending"
    """Committed as such before the request leaves: after a crash nobody knows what Telegram took."""
    SENT = "sent"
    """Telegram took it."""
    FAILED = "failed"
    """Telegram refused it for good; `error` says why."""
    EXPIRED = "expired"
    """Too late to be of use: a tap's answer, a typing sign."""


class Mode(StrEnum):
    """Who a private chat talks to."""

    BOT = "bot"
    NEED = "need"
    """A person was asked for; the next text is the need."""
    CONSENT = "consent"
    """The need is known; waiting for the yes to share it."""
    HUMAN = "human"
    """An advisor; the mentor is silent."""


class Coach(StrEnum):
    """Whether the person is asked once a week how it goes."""

    UNASKED = ""
    """Never talked about, or the plan of that time is done."""
    ON = "on"
    PAUSED = "paused"
    """Three questions had no answer, or the person could not be reached."""
    OFF = "off"
    """The person said no."""


@dataclass(frozen=True)
class File:
    """A file to be sent along with a call."""

    name: str
    data: bytes


@dataclass(frozen=True)
class Outbound:
    """One call to the Bot API, to be written to the outbox."""

    method: str
    params: dict[str, Any]
    """JSON; a value `{"made": ...}` is a file that is made when the call leaves (`bot.domain.files`)."""
    chat_id: int
    lane: str = ""
    """Calls of one lane leave one after the other; empty means the chat's own lane."""
    ticket_id: int | None = None
    reply_to_outbox_id: int | None = None
    """An earlier row whose message this one answers; its message id is filled in when this one leaves."""


@dataclass(frozen=True)
class Question:
    """One turn for the dialogue engine."""

    sender: str
    """The chat's pseudonym: Rasa never sees a Telegram id."""
    message_id: str
    text: str = ""
    payload: dict[str, Any] | None = None
    """A tap: intent, guide, step, value."""
    metadata: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """What the dialogue engine says to a `Question`: items of the reply vocabulary, still as JSON."""

    replies: list[dict[str, Any]]
    intent: str = ""
    confidence: float = 0.0
    repeated: bool = False
