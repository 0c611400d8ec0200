"""Queries of the tickets."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.tables import TicketRow


async def by_id(session: AsyncSession, ticket_id: int) -> TicketRow | None:
    """One ticket by its number."""
    return await session.get(TicketRow, ticket_id)


async def of_chat(session: AsyncSession, chat_row_id: int) -> Sequence[TicketRow]:
    """All tickets of a chat, oldest first."""
    statement = select(TicketRow).where(TicketRow.chat_row_id == chat_row_id).order_by(TicketRow.id)
    return (await session.scalars(statement)).all()


async def ids_of_chat(session: AsyncSession, chat_row_id: int) -> Sequence[int]:
    """The numbers of all tickets of a chat."""
    return (await session.scalars(select(TicketRow.id).where(TicketRow.chat_row_id == chat_row_id))).all()


async def unanswered_count_and_oldest(session: AsyncSession) -> tuple[int, datetime | None]:
    """How many people wait for an advisor's first answer, and since when the one who waits longest."""
    waiting = (TicketRow.answered_at.is_(None), TicketRow.closed_at.is_(None))
    count, oldest = (
        await session.execute(select(func.count(TicketRow.id), func.min(TicketRow.created_at)).where(*waiting))
    ).one()
    return count, oldest
