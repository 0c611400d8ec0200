"""Queries of the chats."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.tables import ChatRow

_BY_CHAT_ID = select(ChatRow).where(ChatRow.bot_id == bindparam("bot"), ChatRow.chat_id == bindparam("chat"))


async def by_chat_id(session: AsyncSession, bot_id: int, chat_id: int) -> ChatRow | None:
    """The chat that Telegram calls `chat_id`."""
    return await session.scalar(_BY_CHAT_ID, {"bot": bot_id, "chat": chat_id})


async def by_row_id(session: AsyncSession, row_id: int) -> ChatRow | None:
    """The chat with our own id."""
    return await session.get(ChatRow, row_id)


async def every(session: AsyncSession) -> Sequence[ChatRow]:
    """All chats of all bots."""
    return (await session.scalars(select(ChatRow).order_by(ChatRow.id))).all()


async def unreachable_before(session: AsyncSession, moment: datetime) -> Sequence[ChatRow]:
    """Chats that have refused our messages since before `moment`."""
    return (await session.scalars(select(ChatRow).where(ChatRow.unreachable_at < moment))).all()


async def create(
    session: AsyncSession, bot_id: int, chat_id: int, *, first_name: str, language: str, country: str, now: datetime
) -> ChatRow:
    """A chat with someone new."""
    row = ChatRow(
        bot_id=bot_id,
        chat_id=chat_id,
        first_name=first_name,
        language=language,
        country=country,
        created_at=now,
        last_seen_at=now,
    )
    session.add(row)
    await session.flush()
    return row


async def delete_row(session: AsyncSession, row_id: int) -> None:
    """Erase a chat; its progress, tickets and missed questions go with it."""
    await session.execute(delete(ChatRow).where(ChatRow.id == row_id))
