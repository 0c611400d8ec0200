"""What is kept of conversations inside Rasa: one row per sender, and the last answers of each.

Every SQL statement of the tracker database stands here, for SQLite and PostgreSQL. A turn costs one read and one
transaction however long the conversation is, because a row holds the last few turns only (`nlu.tracker_store`).
No message text is kept, only what was understood of it; the answers hold what the mentor said.
"""

import functools
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Optional

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Engine

ANSWERS_KEPT = 20
"""Answers kept per sender, newest first: a message that comes again within so many turns is not a second turn."""
LOCK_SECONDS = 4
"""How long a statement waits for another that has the database; less than the channel's deadline."""

_metadata = sa.MetaData()
_conversations = sa.Table(
    "mentor_conversations",
    _metadata,
    sa.Column("sender", sa.String(128), primary_key=True),
    sa.Column("turns", sa.Integer, nullable=False, doc="turns so far; also tells two writers of one row apart"),
    sa.Column("events", sa.Text, nullable=False, doc="JSON list of the events of the last turns"),
    sa.Column("updated_at", sa.Float, nullable=False, index=True, doc="seconds since 1970; only pruning looks at it"),
)
_answers = sa.Table(
    "mentor_answers",
    _metadata,
    sa.Column("sender", sa.String(128), primary_key=True),
    sa.Column("message_id", sa.String(128), primary_key=True),
    sa.Column("turn", sa.Integer, nullable=False, doc="the number of the turn that it answered"),
    sa.Column("body", sa.Text, nullable=False, doc="JSON of the answer"),
)


class ConversationMoved(Exception):
    """Another process wrote to the conversation while this turn was under way: the turn must not be kept."""


@dataclass(frozen=True)
class Conversation:
    """A conversation as it was when a turn began."""

    turns: int
    """Turns so far; 0 for a new sender."""
    events: Optional[str]
    """The JSON list of events, or None for a new sender."""
    answer: Optional[str]
    """The answer to the message asked for, if it was answered before."""


class Conversations:
    """The tracker database."""

    def __init__(self, url: str) -> None:
        """Open the database at `url`, an SQLAlchemy 1.4 URL, and make its tables if there are none.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: it cannot be opened.
        """
        self.engine = _engine(url)
        self._insert = postgresql.insert if self.engine.dialect.name == "postgresql" else sqlite.insert
        _metadata.create_all(self.engine)

    def read(self, sender: str, message_id: str = "") -> Conversation:
        """The conversation with `sender`, and the answer to `message_id` if there is one."""
        mine = _conversations.c.sender == sender
        answer = (
            sa.select(_answers.c.body)
            .where(_answers.c.sender == sender, _answers.c.message_id == message_id)
            .scalar_subquery()
        )
        query = sa.select(_conversations.c.turns, _conversations.c.events, answer).where(mine)
        with self.engine.connect() as connection:
            row = connection.execute(query).first()
        return Conversation(*row) if row else Conversation(0, None, None)

    def keep(self, sender: str, before: Conversation, events: str) -> None:
        """Keep the events of a conversation that moved on without a message of ours (Rasa's HTTP API)."""
        with self.engine.begin() as connection:
            self._write(connection, sender, before, events)

    def keep_turn(self, sender: str, before: Conversation, events: str, message_id: str, body: str) -> str:
        """Keep a turn: its events and its answer, both or neither.

        Returns:
            `body`, or the answer that another process gave to the same message in the meantime.

        Raises:
            ConversationMoved: another message was answered in the meantime.
        """
        row = {"sender": sender, "message_id": message_id, "turn": before.turns + 1, "body": body}
        old = (_answers.c.sender == sender) & (_answers.c.turn <= before.turns + 1 - ANSWERS_KEPT)
        with self.engine.begin() as connection:
            if connection.execute(self._insert(_answers).values(row).on_conflict_do_nothing()).rowcount:
                self._write(connection, sender, before, events)
                connection.execute(sa.delete(_answers).where(old))
                return body
        return self.read(sender, message_id).answer or body

    def _write(self, connection: Connection, sender: str, before: Conversation, events: str) -> None:
        values = {"turns": before.turns + 1, "events": events, "updated_at": time.time()}
        upsert = self._insert(_conversations).values(sender=sender, **values)
        upsert = upsert.on_conflict_do_update(
            index_elements=["sender"], set_=values, where=_conversations.c.turns == before.turns
        )
        if connection.execute(upsert).rowcount != 1:
            raise ConversationMoved(f"the conversation is not at turn {before.turns} any more")

    def erase(self, sender: str) -> None:
        """Forget everything about `sender`, down to the bytes in SQLite's files."""
        with self.engine.begin() as connection:
            for table in (_answers, _conversations):
                connection.execute(sa.delete(table).where(table.c.sender == sender))
        if self.engine.dialect.name == "sqlite":
            with self.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    def prune(self, before: float) -> int:
        """Forget the senders who have been silent since `before` (seconds since 1970); returns how many."""
        silent = sa.select(_conversations.c.sender).where(_conversations.c.updated_at < before)
        with self.engine.begin() as connection:
            connection.execute(sa.delete(_answers).where(_answers.c.sender.in_(silent)))
            gone = connection.execute(sa.delete(_conversations).where(_conversations.c.updated_at < before))
        return int(gone.rowcount)

    def senders(self) -> list[str]:
        """Everybody there is a conversation with."""
        with self.engine.connect() as connection:
            return [str(sender) for (sender,) in connection.execute(sa.select(_conversations.c.sender))]


@functools.cache
def _engine(url: str) -> Engine:
    """One engine per database and process: the channel and Rasa's tracker store share it."""
    parsed = sa.engine.make_url(url)
    # Statements carry answers to people: they stay out of error messages, and so out of logs.
    if parsed.get_backend_name() != "sqlite":
        limits = {"connect_timeout": LOCK_SECONDS, "options": f"-c statement_timeout={LOCK_SECONDS * 1000}"}
        return sa.create_engine(
            parsed, hide_parameters=True, pool_pre_ping=True, pool_size=4, max_overflow=4, connect_args=limits
        )
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    # Connections are kept open: the last one to close would write the whole log back into the file, every turn.
    engine = sa.create_engine(
        parsed,
        hide_parameters=True,
        poolclass=sa.pool.QueuePool,
        pool_size=4,
        connect_args={"timeout": LOCK_SECONDS, "check_same_thread": False},
    )
    sa.event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    """Readers beside one writer; what is erased is overwritten.

    A power cut may lose the last turns (`synchronous=NORMAL`): the bot asks again, and an answer has no effect
    outside this database.
    """
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "secure_delete=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
