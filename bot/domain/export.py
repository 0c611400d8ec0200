"""Everything stored about one person, as a file they can keep and another program can read (GDPR Art. 15 and 20)."""

import json
from datetime import date, datetime
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.ports import House
from bot.errors import FileFailed
from bot.store import chats, checkups, inbox, missed, outbox, progress, reminders, tickets
from bot.store.tables import ChatRow, Table

OURS = frozenset({"id", "bot_id", "chat_row_id", "inbox_id", "card_outbox_id", "lane", "available_at"})
"""Columns that only say where a row lies in our tables."""


async def export_json(house: House, chat_id: int) -> bytes:
    """The export of the person in `chat_id`: UTF-8 JSON, indented, with plain names.

    Raises:
        FileFailed: nothing is known about this chat.
    """
    async with house.db.read() as session:
        chat = await chats.by_chat_id(session, house.bot_id, chat_id)
        if chat is None:
            raise FileFailed("nothing is stored about this chat")
        content = await _collect(house, session, chat)
    return json.dumps(content, ensure_ascii=False, indent=1, default=_written).encode()


async def _collect(house: House, session: AsyncSession, chat: ChatRow) -> dict[str, Any]:
    lane = str(chat.chat_id)
    updates = await inbox.of_lane(session, lane)
    calls = await outbox.of_chat(session, chat.chat_id)
    return {
        "made_at": house.now(),
        "about_you": _row(chat),
        "guides": [_row(row) for row in await progress.of_chat(session, chat.id)],
        "firm_checks": [_row(row) for row in await checkups.of_chat(session, chat.id)],
        "reminders": [_row(row) for row in await reminders.of_chat(session, chat.id)],
        "requests_to_a_person": [_row(row) for row in await tickets.of_chat(session, chat.id)],
        "questions_not_understood": [_row(row) for row in await missed.of_chat(session, chat.id)],
        "what_you_wrote_and_tapped": [
            {"received_at": row.received_at, "update": json.loads(row.payload)}
            for row in updates
            if row.payload != "{}"
        ],
        "what_the_mentor_sent": [
            {"created_at": row.created_at, "method": row.method, "state": row.state, "content": json.loads(row.params)}
            for row in calls
        ],
        "note": "The dialogue engine also keeps your last few turns under a pseudonym, to know what was talked about.",
    }


def _row(row: Table) -> dict[str, Any]:
    """A row as names and values, without what only matters to our tables."""
    columns = inspect(row).mapper.column_attrs.keys()
    return {name: getattr(row, name) for name in columns if name not in OURS}


def _written(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value)
