"""Queries of the inbox."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import Insert, bindparam, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.messages import InboxState
from bot.store import lanes
from bot.store.tables import InboxRow
from bot.store.upsert import insert_into

# What every turn asks is built once: building a statement takes longer than running it.
_NEXT_DUE = lanes.next_due(InboxRow, InboxRow.state == InboxState.OPEN)
_FINISH = (
    update(InboxRow)
    .where(InboxRow.id == bindparam("row_id"))
    .values(state=bindparam("new_state"), done_at=bindparam("now"))
    .execution_options(synchronize_session=False)
)


async def insert_new(session: AsyncSession, rows: Sequence[dict[str, object]]) -> int:
    """Write updates, passing over those that are there already; returns how many were new."""
    if not rows:
        return 0
    connection = await session.connection()
    return len((await connection.execute(_insert_new(connection.dialect.name), list(rows))).all())


@cache
def _insert_new(dialect: str) -> Insert:
    statement = insert_into(dialect, InboxRow).on_conflict_do_nothing(index_elements=["bot_id", "update_id"])
    return statement.returning(InboxRow.id)


async def next_due(
    session: AsyncSession, now: datetime, *, busy_lanes: Collection[str], limit: int
) -> Sequence[InboxRow]:
    """The oldest open row of each lane that is not busy, where it may be tried now; oldest first."""
    values = {"now": now, "busy": list(busy_lanes), "most": limit}
    return (await session.scalars(_NEXT_DUE, values)).all()


async def finish(session: AsyncSession, row_id: int, state: InboxState, now: datetime, *, forget: bool = False) -> None:
    """Close a row; with `forget` its content goes, because the person has not agreed to anything yet."""
    await session.execute(_FINISH, {"row_id": row_id, "new_state": state, "now": now})
    if forget:
        await session.execute(update(InboxRow).where(InboxRow.id == row_id).values(payload="{}"))


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
