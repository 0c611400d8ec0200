"""The tables. A field's line says what its value means; the SQL of a table stands in the module of its name."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from bot.messages import InboxState, Mode, OutboxState

# SQLite numbers rows by itself only in a column that is exactly INTEGER.
RowId = BigInteger().with_variant(Integer, "sqlite")


class UtcDateTime(TypeDecorator[datetime]):
    """A moment with its zone: always UTC in the database, always aware in Python, on SQLite too."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A moment needs its time zone.")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


class Table(DeclarativeBase):
    """Base of all tables."""

    # Names for every constraint: SQLite can't change a nameless one later.
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class InboxRow(Table):
    """One update from Telegram, written before Telegram is told that we have it."""

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("bot_id", "update_id"),
        Index(
            "ix_inbox_open", "lane", "id", sqlite_where=text("state = 'open'"), postgresql_where=text("state = 'open'")
        ),
        Index("ix_inbox_lane", "lane", "id"),
        Index("ix_inbox_received_at", "received_at"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True, autoincrement=True)
    bot_id: Mapped[int] = mapped_column(BigInteger)
    update_id: Mapped[int] = mapped_column(BigInteger)
    lane: Mapped[str] = mapped_column(String(32))
    """Updates of one lane are handled one after the other: the chat's id, in words of Telegram."""
    payload: Mapped[str] = mapped_column(Text)
    """The update as Telegram sent it: ASCII JSON, so that no odd character can trouble a database."""
    state: Mapped[str] = mapped_column(String(8), default=InboxState.OPEN)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    """How often it was tried without success."""
    apologised: Mapped[bool] = mapped_column(Boolean, default=False)
    """The person was told that the answer takes longer."""
    error: Mapped[str] = mapped_column(Text, default="")
    """Why the last try failed; never with the person's words."""
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    available_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """Not to be tried before."""
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)


class DeadLetterRow(Table):
    """An update that was given up: why, for the operator. What it says lies in the inbox and goes with it."""

    __tablename__ = "dead_letters"
    __table_args__ = (UniqueConstraint("inbox_id"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True, autoincrement=True)
    inbox_id: Mapped[int] = mapped_column(RowId, ForeignKey("inbox.id", ondelete="CASCADE"))
    reason: Mapped[str] = mapped_column(Text)
    """The fault and its place; never with the person's words."""
    attempts: Mapped[int] = mapped_column(Integer)
    """How often it was tried."""
    died_at: Mapped[datetime] = mapped_column(UtcDateTime)


class OutboxRow(Table):
    """One call to Telegram, written in the transaction of the state it belongs to."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index(
            "ix_outbox_open",
            "lane",
            "id",
            sqlite_where=text("state IN ('pending', 'sending')"),
            postgresql_where=text("state IN ('pending', 'sending')"),
        ),
        Index("ix_outbox_message", "chat_id", "message_id"),
        Index("ix_outbox_created_at", "created_at"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True, autoincrement=True)
    bot_id: Mapped[int] = mapped_column(BigInteger)
    chat_id: Mapped[int] = mapped_column(BigInteger)
    lane: Mapped[str] = mapped_column(String(80))
    """Calls of one lane leave one after the other."""
    method: Mapped[str] = mapped_column(String(48))
    params: Mapped[str] = mapped_column(Text)
    """The call's parameters, ASCII JSON."""
    state: Mapped[str] = mapped_column(String(8), default=OutboxState.PENDING)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    ambiguous: Mapped[int] = mapped_column(Integer, default=0)
    """How often nobody could know whether Telegram took it: the most copies that can exist beside the one."""
    error: Mapped[str] = mapped_column(Text, default="")
    inbox_id: Mapped[int | None] = mapped_column(RowId, default=None)
    """The update this answers."""
    ticket_id: Mapped[int | None] = mapped_column(RowId, default=None)
    """The ticket this belongs to: a reply to its message finds the way to the owner."""
    reply_to_outbox_id: Mapped[int | None] = mapped_column(RowId, default=None)
    """The earlier call whose message this one answers."""
    message_id: Mapped[int | None] = mapped_column(BigInteger, default=None)
    """What Telegram calls the message, once sent."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    available_at: Mapped[datetime] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)


class ChatRow(Table):
    """One private chat with a person."""

    __tablename__ = "chats"
    __table_args__ = (UniqueConstraint("bot_id", "chat_id"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True, autoincrement=True)
    bot_id: Mapped[int] = mapped_column(BigInteger)
    chat_id: Mapped[int] = mapped_column(BigInteger)
    first_name: Mapped[str] = mapped_column(String(256), default="")
    language: Mapped[str] = mapped_column(String(8))
    """The person's language: guessed from the phone at first, then their own choice."""
    declined: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    """Languages the person wrote in and did not want to change to."""
    country: Mapped[str] = mapped_column(String(2), default="")
    """ISO 3166-1 code, or empty while unknown."""
    consented_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    """When the person said OK to the privacy notice; before that no text is kept."""
    mode: Mapped[str] = mapped_column(String(8), default=Mode.BOT)
    misses: Mapped[int] = mapped_column(Integer, default=0)
    """How many messages in a row the mentor did not understand."""
    deep_link: Mapped[str] = mapped_column(String(64), default="")
    """The guide a link promised, kept until the person has said OK."""
    current_guide: Mapped[str] = mapped_column(String(64), default="")
    """The guide in progress."""
    need: Mapped[str] = mapped_column(Text, default="")
    """While a person is being asked for: what it is about."""
    need_guide: Mapped[str] = mapped_column(String(64), default="")
    need_step: Mapped[int] = mapped_column(Integer, default=0)
    ticket_id: Mapped[int | None] = mapped_column(RowId, default=None)
    """The open ticket."""
    coach: Mapped[str] = mapped_column(String(8), default="", server_default="")
    """Whether the person is asked once a week how it goes (`Coach`); empty if that was never talked about."""
    coach_silent: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    """How many of the weekly questions in a row had no answer."""
    unreachable_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    """Since when Telegram refuses our messages to this chat."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ProgressRow(Table):
    """Where a chat stands in a guide."""

    __tablename__ = "progress"
    __table_args__ = (UniqueConstraint("chat_row_id", "guide"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True, autoincrement=True)
    chat_row_id: Mapped[int] = mapped_column(RowId, ForeignKey("chats.id", ondelete="CASCADE"))
    guide: Mapped[str] = mapped_column(String(64))
    step: Mapped[int] = mapped_column(Integer, default=0)
    """The step last seen, from 1."""
    total: Mapped[int] = mapped_column(Integer, default=0)
    """How many steps the guide had then."""
    done: Mapped[list[int]] = mapped_column(JSON, default=list)
    """The steps ticked off."""
    rating: Mapped[str] = mapped_column(String(4), default="")
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)


class TicketRow(Table):
    """A person asked for a person."""

    __tablename__ = "tickets"
    __table_args__ = (Index("ix_tickets_chat_row_id", "chat_row_id"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True, autoincrement=True)
    """Also the number both sides see."""
    chat_row_id: Mapped[int] = mapped_column(RowId, ForeignKey("chats.id", ondelete="CASCADE"))
    need: Mapped[str] = mapped_column(Text)
    guide: Mapped[str] = mapped_column(String(64), default="")
    step: Mapped[int] = mapped_column(Integer, default=0)
    shared: Mapped[bool] = mapped_column(Boolean, default=False)
    """The person agreed to show the last messages."""
    card_outbox_id: Mapped[int | None] = mapped_column(RowId, default=None)
    """The call that put the card into the advisors' group."""
    advisor: Mapped[str] = mapped_column(String(256), default="")
    """First name of the advisor who answered last."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    """When an advisor first answered."""
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    closed_by: Mapped[str] = mapped_column(String(8), default="")
    """`owner` or `advisor`."""


class MissedRow(Table):
    """A question the mentor could not answer: food for the editors."""

    __tablename__ = "missed"
    __table_args__ = (Index("ix_missed_created_at", "created_at"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True, autoincrement=True)
    chat_row_id: Mapped[int] = mapped_column(RowId, ForeignKey("chats.id", ondelete="CASCADE"))
    language: Mapped[str] = mapped_column(String(8))
    text: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(String(12))
    guides: Mapped[list[str]] = mapped_column(JSON, default=list)
    """What was offered instead."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CheckupRow(Table):
    """A firm check, under way or done; the newest that is done holds the plan."""

    __tablename__ = "checkups"
    __table_args__ = (Index("ix_checkups_chat_row_id", "chat_row_id"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True, autoincrement=True)
    chat_row_id: Mapped[int] = mapped_column(RowId, ForeignKey("chats.id", ondelete="CASCADE"))
    answers: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    """Question to `yes`, `no` or `unknown`."""
    level: Mapped[str] = mapped_column(String(16), default="")
    points: Mapped[int] = mapped_column(Integer, default=0)
    plan: Mapped[list[str]] = mapped_column(JSON, default=list)
    """The guides that help most, best first."""
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)


class ReminderRow(Table):
    """A message of the mentor's own accord, at its time: the weekly question, or a reminder somebody asked for."""

    __tablename__ = "reminders"
    __table_args__ = (
        Index("ix_reminders_chat_row_id", "chat_row_id"),
        Index(
            "ix_reminders_open",
            "due_at",
            sqlite_where=text("sent_at IS NULL"),
            postgresql_where=text("sent_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True, autoincrement=True)
    chat_row_id: Mapped[int] = mapped_column(RowId, ForeignKey("chats.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(8))
    """`coach` or `guide`."""
    guide: Mapped[str] = mapped_column(String(64), default="")
    """What it is about; of a weekly question decided when it is sent."""
    step: Mapped[int] = mapped_column(Integer, default=0)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    """When it went to the outbox, in the same transaction."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CounterRow(Table):
    """How often something happened on a day, with nobody's name on it."""

    __tablename__ = "counters"

    name: Mapped[str] = mapped_column(String(48), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    number: Mapped[int] = mapped_column(Integer, default=0)


class ErasureRow(Table):
    """That somebody was erased: so that a backup made before it does not bring them back."""

    __tablename__ = "erasures"

    mark: Mapped[str] = mapped_column(String(64), primary_key=True)
    """The chat's pseudonym: says who it was only to someone who has the chat's number and our key."""
    erased_at: Mapped[datetime] = mapped_column(UtcDateTime)


class NoteRow(Table):
    """A few things the bot remembers about itself, such as what Telegram was last told about its commands."""

    __tablename__ = "notes"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    value: Mapped[str] = mapped_column(Text)
