"""Queries of the progress in guides."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.tables import ProgressRow

_OF_CHAT = (
    select(ProgressRow).where(ProgressRow.chat_row_id == bindparam("chat")).order_by(ProgressRow.updated_at.desc())
)
_OF_GUIDE = select(ProgressRow).where(
    ProgressRow.chat_row_id == bindparam("chat"), ProgressRow.guide == bindparam("slug")
)


async def of_guide(session: AsyncSession, chat_row_id: int, guide: str) -> ProgressRow | None:
    """Where a chat stands in one guide."""
    return await session.scalar(_OF_GUIDE, {"chat": chat_row_id, "slug": guide})


async def of_guide_or_new(session: AsyncSession, chat_row_id: int, guide: str, now: datetime) -> ProgressRow:
    """Where a chat stands in one guide, noted now if it was not before."""
    row = await of_guide(session, chat_row_id, guide)
    if row is None:
        row = ProgressRow(chat_row_id=chat_row_id, guide=guide, done=[], updated_at=now)
        session.add(row)
        await session.flush()
    return row


async def of_chat(session: AsyncSession, chat_row_id: int) -> Sequence[ProgressRow]:
    """Where a chat stands in all its guides, newest first."""
    return (await session.scalars(_OF_CHAT, {"chat": chat_row_id})).all()
