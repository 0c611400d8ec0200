"""Queries of the inbox."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.messages import InboxState
from bot.store.tables import InboxRow
from bot.store.upsert import insert_into


async def insert_new(session: AsyncSession, rows: Sequence[dict[str, object]]) -> int:
    """Write updates, passing over those that are there already; returns how many were new."""
    if not rows:
        return 0
    statement = (
        insert_into(session, InboxRow)
        .values(list(rows))
        .on_conflict_do_nothing(index_elements=["bot_id", "update_id"])
        .returning(InboxRow.id)
    )
    return len((await session.scalars(statement)).all())


async def next_due(
    session: AsyncSession, now: datetime, *, busy_lanes: Collection[str], limit: int
) -> Sequence[InboxRow]:
    """The oldest open row of each lane that is not busy, where it may be tried now; oldest first."""
    heads = select(func.min(InboxRow.id)).where(InboxRow.state == InboxState.OPEN).group_by(InboxRow.lane)
    statement = (
        select(InboxRow)
        .where(InboxRow.id.in_(heads), InboxRow.available_at <= now, InboxRow.lane.not_in(busy_lanes))
        .order_by(InboxRow.id)
        .limit(limit)
    )
    return (await session.scalars(statement)).all()


async def finish(session: AsyncSession, row_id: int, state: InboxState, now: datetime, *, forget: bool = False) -> None:
    """Close a row; with `forget` its content goes, because the person has not agreed to anything yet."""
    values: dict[str, object] = {"state": state, "done_at": now}
    if forget:
        values["payload"] = "{}"
    await session.execute(update(InboxRow).where(InboxRow.id == row_id).values(values))


async def postpone(session: AsyncSession, row_id: int, available_at: datetime, error: str, *, apologised: bool) -> None:
    """Try a row again later."""
    await session.execute(
        update(InboxRow)
        .where(InboxRow.id == row_id)
        .values(available_at=available_at, attempts=InboxRow.attempts + 1, error=error, apologised=apologised)
    )


async def recent_of_lane(session: AsyncSession, lane: str, limit: int) -> Sequence[InboxRow]:
    """The newest finished updates of a chat, newest first."""
    statement = (
        select(InboxRow)
        .where(InboxRow.lane == lane, InboxRow.state == InboxState.DONE)
        .order_by(InboxRow.id.desc())
        .limit(limit)
    )
    return (await session.scalars(statement)).all()


async def of_lane(session: AsyncSession, lane: str) -> Sequence[InboxRow]:
    """All updates of a chat, oldest first."""
    return (await session.scalars(select(InboxRow).where(InboxRow.lane == lane).order_by(InboxRow.id))).all()


async def open_count_and_oldest(session: AsyncSession) -> tuple[int, datetime | None]:
    """How many updates wait, and since when the oldest."""
    count, oldest = (
        await session.execute(
            select(func.count(InboxRow.id), func.min(InboxRow.received_at)).where(InboxRow.state == InboxState.OPEN)
        )
    ).one()
    return count, oldest


async def every_open(session: AsyncSession) -> Sequence[InboxRow]:
    """All updates whose effect is still to come, oldest first."""
    statement = select(InboxRow).where(InboxRow.state == InboxState.OPEN).order_by(InboxRow.id)
    return (await session.scalars(statement)).all()


async def erase_lane(session: AsyncSession, lane: str) -> None:
    """Erase the content of a chat's updates; the bare rows stay, so that Telegram's repetition is no second effect."""
    await session.execute(update(InboxRow).where(InboxRow.lane == lane).values(payload="{}", error=""))


async def delete_older(session: AsyncSession, now: datetime, days: int) -> int:
    """Delete closed rows received more than `days` days ago; returns how many."""
    result = await session.execute(
        delete(InboxRow)
        .where(InboxRow.state != InboxState.OPEN, InboxRow.received_at < now - timedelta(days=days))
        .returning(InboxRow.id)
    )
    return len(result.all())
