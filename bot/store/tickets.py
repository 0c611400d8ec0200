"""Queries of the tickets."""

from collections.abc import Sequence

from sqlalchemy import select
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
