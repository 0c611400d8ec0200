"""Queries of the erasures."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.tables import ErasureRow

KEPT_DAYS = 400
"""No backup is kept for longer (docs/operations.md)."""


async def add(session: AsyncSession, mark: str, now: datetime) -> None:
    """Note that the chat behind `mark` was erased; the last time counts."""
    await session.merge(ErasureRow(mark=mark, erased_at=now))


async def all_marks(session: AsyncSession) -> dict[str, datetime]:
    """Who was erased, and when last."""
    return {row.mark: row.erased_at for row in await session.scalars(select(ErasureRow))}


async def delete_older(session: AsyncSession, now: datetime) -> None:
    """Let go of erasures that no backup can undo any more."""
    await session.execute(delete(ErasureRow).where(ErasureRow.erased_at < now - timedelta(days=KEPT_DAYS)))
