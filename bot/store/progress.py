"""Queries of the progress in guides."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.tables import ProgressRow


async def of_guide(session: AsyncSession, chat_row_id: int, guide: str) -> ProgressRow | None:
    """Where a chat stands in one guide."""
    return await session.scalar(
        select(ProgressRow).where(ProgressRow.chat_row_id == chat_row_id, ProgressRow.guide == guide)
    )


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
    statement = (
        select(ProgressRow).where(ProgressRow.chat_row_id == chat_row_id).order_by(ProgressRow.updated_at.desc())
    )
    return (await session.scalars(statement)).all()
