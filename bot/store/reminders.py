"""Queries of the messages of the mentor's own accord."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.tables import ReminderRow

COACH, GUIDE = "coach", "guide"
_DUE = (
    select(ReminderRow.id)
    .where(ReminderRow.sent_at.is_(None), ReminderRow.due_at <= bindparam("now"))
    .order_by(ReminderRow.due_at, ReminderRow.id)
    .limit(bindparam("most"))
)


async def due(session: AsyncSession, now: datetime, limit: int) -> Sequence[int]:
    """Ids of what is to be sent by now, the longest overdue first."""
    return (await session.scalars(_DUE, {"now": now, "most": limit})).all()


async def open_by_id(session: AsyncSession, row_id: int) -> ReminderRow | None:
    """A reminder that is still to be sent; on PostgreSQL nobody else can send it meanwhile."""
    return await session.scalar(
        select(ReminderRow)
        .where(ReminderRow.id == row_id, ReminderRow.sent_at.is_(None))
        .with_for_update(skip_locked=True)
    )


async def overdue(session: AsyncSession, now: datetime) -> Sequence[ReminderRow]:
    """All that should have been sent by now."""
    statement = select(ReminderRow).where(ReminderRow.sent_at.is_(None), ReminderRow.due_at <= now)
    return (await session.scalars(statement.order_by(ReminderRow.id))).all()


async def of_chat(session: AsyncSession, chat_row_id: int) -> Sequence[ReminderRow]:
    """All reminders of a chat, oldest first."""
    statement = select(ReminderRow).where(ReminderRow.chat_row_id == chat_row_id).order_by(ReminderRow.id)
    return (await session.scalars(statement)).all()


async def drop_open(
    session: AsyncSession, chat_row_id: int, *, kind: str | None = None, guide: str | None = None
) -> None:
    """Let go of what has not been sent: everything, or one kind, or what is about one guide."""
    statement = delete(ReminderRow).where(ReminderRow.chat_row_id == chat_row_id, ReminderRow.sent_at.is_(None))
    if kind is not None:
        statement = statement.where(ReminderRow.kind == kind)
    if guide is not None:
        statement = statement.where(ReminderRow.guide == guide)
    await session.execute(statement)


async def delete_older(session: AsyncSession, now: datetime, days: int) -> int:
    """Delete what was sent more than `days` days ago; returns how many."""
    result = await session.execute(
        delete(ReminderRow).where(ReminderRow.sent_at < now - timedelta(days=days)).returning(ReminderRow.id)
    )
    return len(result.all())
