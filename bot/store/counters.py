"""Queries of the counters."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.tables import CounterRow
from bot.store.upsert import insert_into


async def add(session: AsyncSession, name: str, now: datetime) -> None:
    """Count one more of `name` for the day of `now` (UTC)."""
    statement = insert_into(session.get_bind().dialect.name, CounterRow).values(name=name, day=now.date(), number=1)
    await session.execute(
        statement.on_conflict_do_update(index_elements=["name", "day"], set_={"number": CounterRow.number + 1})
    )
