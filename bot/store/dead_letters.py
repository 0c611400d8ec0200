"""Queries of the dead letters: updates that were given up."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.messages import InboxState
from bot.store.tables import DeadLetterRow, InboxRow

BATCH = 500


async def add(session: AsyncSession, tries: Mapping[int, int], reason: str, now: datetime) -> None:
    """Note why updates (their ids, and how often each was tried) are given up; the last reason counts."""
    await _forget(session, tries)
    session.add_all(
        DeadLetterRow(inbox_id=inbox_id, reason=reason, attempts=attempts, died_at=now)
        for inbox_id, attempts in tries.items()
    )
    await session.flush()


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
    again = {"state": InboxState.OPEN, "attempts": 0, "error": "", "done_at": None}
    for some in _batches(inbox_ids):
        await session.execute(
            update(InboxRow)
            .where(InboxRow.id.in_(some), InboxRow.state == InboxState.DEAD)
            .values(**again, available_at=InboxRow.received_at)
        )
    await _forget(session, inbox_ids)


async def drop(session: AsyncSession, inbox_ids: Collection[int]) -> None:
    """Erase what these updates say; the bare rows stay, so that Telegram's repetition is no second effect."""
    for some in _batches(inbox_ids):
        await session.execute(update(InboxRow).where(InboxRow.id.in_(some)).values(payload="{}", error=""))
    await _forget(session, inbox_ids)


async def _forget(session: AsyncSession, inbox_ids: Collection[int]) -> None:
    for some in _batches(inbox_ids):
        await session.execute(delete(DeadLetterRow).where(DeadLetterRow.inbox_id.in_(some)))


def _batches(ids: Collection[int]) -> Iterator[list[int]]:
    """Few enough for one statement: databases count the values in it."""
    listed = list(ids)
    for start in range(0, len(listed), BATCH):
        yield listed[start : start + BATCH]


async def delete_of_lane(session: AsyncSession, lane: str) -> None:
    """Forget that updates of a chat were given up."""
    ids = select(InboxRow.id).where(InboxRow.lane == lane)
    await session.execute(delete(DeadLetterRow).where(DeadLetterRow.inbox_id.in_(ids)))
