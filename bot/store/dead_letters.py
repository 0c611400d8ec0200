"""Queries of the dead letters: updates that were given up."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.messages import InboxState
from bot.store.tables import DeadLetterRow, InboxRow
from bot.store.upsert import insert_into


async def add(session: AsyncSession, tries: Mapping[int, int], reason: str, now: datetime) -> None:
    """Note why updates (their ids, and how often each was tried) are given up; the last reason counts."""
    for inbox_id, attempts in tries.items():
        values = {"reason": reason, "attempts": attempts, "died_at": now}
        statement = insert_into(session, DeadLetterRow).values(inbox_id=inbox_id, **values)
        await session.execute(statement.on_conflict_do_update(index_elements=["inbox_id"], set_=values))


async def with_updates(
    session: AsyncSession, numbers: Collection[int] | None = None, lane: str | None = None
) -> list[tuple[DeadLetterRow, InboxRow]]:
    """Dead letters and their updates in the order in which they came: all, or those with `numbers`, or of a chat."""
    statement = select(DeadLetterRow, InboxRow).join(InboxRow, InboxRow.id == DeadLetterRow.inbox_id)
    if numbers is not None:
        statement = statement.where(DeadLetterRow.id.in_(numbers))
    if lane is not None:
        statement = statement.where(InboxRow.lane == lane)
    return [(letter, row) for letter, row in await session.execute(statement.order_by(InboxRow.id))]


async def count(session: AsyncSession) -> int:
    """How many there are."""
    return await session.scalar(select(func.count(DeadLetterRow.id))) or 0


async def replay(session: AsyncSession, inbox_ids: Collection[int]) -> None:
    """Open these updates again. The worker takes the oldest of a chat first, so they keep their order."""
    await session.execute(
        update(InboxRow)
        .where(InboxRow.id.in_(inbox_ids), InboxRow.state == InboxState.DEAD)
        .values(state=InboxState.OPEN, attempts=0, error="", available_at=InboxRow.received_at, done_at=None)
    )
    await session.execute(delete(DeadLetterRow).where(DeadLetterRow.inbox_id.in_(inbox_ids)))


async def drop(session: AsyncSession, inbox_ids: Collection[int]) -> None:
    """Erase what these updates say; the bare rows stay, so that Telegram's repetition is no second effect."""
    await session.execute(update(InboxRow).where(InboxRow.id.in_(inbox_ids)).values(payload="{}", error=""))
    await session.execute(delete(DeadLetterRow).where(DeadLetterRow.inbox_id.in_(inbox_ids)))


async def delete_of_lane(session: AsyncSession, lane: str) -> None:
    """Forget that updates of a chat were given up."""
    ids = select(InboxRow.id).where(InboxRow.lane == lane)
    await session.execute(delete(DeadLetterRow).where(DeadLetterRow.inbox_id.in_(ids)))
