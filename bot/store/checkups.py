"""Queries of the firm checks."""

from collections.abc import Sequence

from sqlalchemy import bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.tables import CheckupRow

_NEWEST_TWO = (
    select(CheckupRow).where(CheckupRow.chat_row_id == bindparam("chat")).order_by(CheckupRow.id.desc()).limit(2)
)


async def open_and_last_done(session: AsyncSession, chat_row_id: int) -> tuple[CheckupRow | None, CheckupRow | None]:
    """The check that is under way, and the newest finished one: the first is always newer than the second."""
    rows = (await session.scalars(_NEWEST_TWO, {"chat": chat_row_id})).all()
    under_way = next((row for row in rows if row.finished_at is None), None)
    return under_way, next((row for row in rows if row.finished_at is not None), None)


async def of_chat(session: AsyncSession, chat_row_id: int) -> Sequence[CheckupRow]:
    """All checks of a chat, newest first: at most one that is under way, and those that are done."""
    statement = select(CheckupRow).where(CheckupRow.chat_row_id == chat_row_id).order_by(CheckupRow.id.desc())
    return (await session.scalars(statement)).all()


async def under_way(session: AsyncSession, chat_row_id: int) -> CheckupRow | None:
    """The check that has been begun and not finished."""
    return await session.scalar(
        select(CheckupRow)
        .where(CheckupRow.chat_row_id == chat_row_id, CheckupRow.finished_at.is_(None))
        .order_by(CheckupRow.id.desc())
        .limit(1)
    )


async def last_done(session: AsyncSession, chat_row_id: int) -> CheckupRow | None:
    """The newest finished check: its plan is the person's plan."""
    return await session.scalar(
        select(CheckupRow)
        .where(CheckupRow.chat_row_id == chat_row_id, CheckupRow.finished_at.is_not(None))
        .order_by(CheckupRow.id.desc())
        .limit(1)
    )


async def drop_under_way(session: AsyncSession, chat_row_id: int) -> None:
    """Let go of the answers of a check that was not finished."""
    await session.execute(
        delete(CheckupRow).where(CheckupRow.chat_row_id == chat_row_id, CheckupRow.finished_at.is_(None))
    )
