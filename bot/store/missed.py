"""Queries of the missed questions."""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.tables import MissedRow


async def delete_older(session: AsyncSession, now: datetime, days: int) -> int:
    """Delete questions asked more than `days` days ago; returns how many."""
    result = await session.execute(
        delete(MissedRow).where(MissedRow.created_at < now - timedelta(days=days)).returning(MissedRow.id)
    )
    return len(result.all())
