"""Queries of the missed questions."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.tables import MissedRow


async def of_chat(session: AsyncSession, chat_row_id: int) -> Sequence[MissedRow]:
    """All missed questions of a chat, oldest first."""
    statement = select(MissedRow).where(MissedRow.chat_row_id == chat_row_id).order_by(MissedRow.id)
    return (await session.scalars(statement)).all()


async def delete_older(session: AsyncSession, now: datetime, days: int) -> int:
    """Delete questions asked more than `days` days ago; returns how many."""
    result = await session.execute(
        delete(MissedRow).where(MissedRow.created_at < now - timedelta(days=days)).returning(MissedRow.id)
    )
    return len(result.all())
