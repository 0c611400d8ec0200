"""Queries of the outbox."""

import json
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import BigInteger, bindparam, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.messages import Outbound, OutboxState
from bot.store import lanes
from bot.store.tables import OutboxRow

OPEN = (OutboxState.PENDING, OutboxState.SENDING)
# What every turn asks is built once: building a statement takes longer than running it.
_ADD = insert(OutboxRow).returning(OutboxRow.id, sort_by_parameter_order=True)
_NEXT_DUE = lanes.next_due(OutboxRow, OutboxRow.state.in_(OPEN))
_MARK_SENDING = (
    update(OutboxRow)
    .where(OutboxRow.id.in_(bindparam("ids", expanding=True)))
    .values(state=OutboxState.SENDING, attempts=OutboxRow.attempts + 1, started_at=bindparam("now"))
    .execution_options(synchronize_session=False)
)
_CLOSE = (
    update(OutboxRow)
    .where(OutboxRow.id == bindparam("row_id"))
    .values(
        state=bindparam("new_state"),
        finished_at=bindparam("now"),
        error=bindparam("reason"),
        message_id=func.coalesce(bindparam("sent_as", type_=BigInteger), OutboxRow.message_id),
    )
    .execution_options(synchronize_session=False)
)


async def add(
    session: AsyncSession, bot_id: int, calls: Sequence[Outbound], now: datetime, *, inbox_id: int | None = None
) -> list[int]:
    """Write calls, in the order in which they shall leave; returns the ids of their rows."""
    rows = [
        {
            "bot_id": bot_id,
            "chat_id": call.chat_id,
            "lane": call.lane or str(call.chat_id),
            "method": call.method,
            "params": json.dumps(call.params),
            "inbox_id": inbox_id,
            "ticket_id": call.ticket_id,
            "reply_to_outbox_id": call.reply_to_outbox_id,
            "created_at": now,
            "available_at": now,
        }
        for call in calls
    ]
    if not rows:
        return []
    connection = await session.connection()
    return list((await connection.execute(_ADD, rows)).scalars())


async def next_due(
    session: AsyncSession, now: datetime, *, busy_lanes: Collection[str], limit: int
) -> Sequence[OutboxRow]:
    """The oldest open call of each lane that is not busy, where it may leave now; oldest first."""
    values = {"now": now, "busy": list(busy_lanes), "most": limit}
    return (await session.scalars(_NEXT_DUE, values)).all()


async def mark_sending(session: AsyncSession, row_ids: Sequence[int], now: datetime) -> None:
    """Say, before the requests leave, that they may have left."""
    await session.execute(_MARK_SENDING, {"ids": list(row_ids), "now": now})


async def close(
    session: AsyncSession,
    row_id: int,
    state: OutboxState,
    now: datetime,
    *,
    message_id: int | None = None,
    error: str = "",
) -> None:
    """The call's last state."""
    values = {"row_id": row_id, "new_state": state, "now": now, "reason": error, "sent_as": message_id}
    await session.execute(_CLOSE, values)


async def retry_later(
    session: AsyncSession,
    row_id: int,
    available_at: datetime,
    error: str,
    *,
    ambiguous: bool,
    method: str | None = None,
    params: str | None = None,
) -> None:
    """Put the call back, perhaps as another call (a new message where the old one can't be edited)."""
    values: dict[str, object] = {"state": OutboxState.PENDING, "available_at": available_at, "error": error}
    if ambiguous:
        values["ambiguous"] = OutboxRow.ambiguous + 1
    if method is not None:
        values["method"] = method
    if params is not None:
        values["params"] = params
    await session.execute(update(OutboxRow).where(OutboxRow.id == row_id).values(values))


async def left_in_flight(session: AsyncSession) -> Sequence[OutboxRow]:
    """After a crash: the calls of which nobody knows whether Telegram took them."""
    return (await session.scalars(select(OutboxRow).where(OutboxRow.state == OutboxState.SENDING))).all()


async def message_id_of(session: AsyncSession, row_id: int) -> int | None:
    """What Telegram calls the message of an earlier call, or None."""
    return await session.scalar(select(OutboxRow.message_id).where(OutboxRow.id == row_id))


async def ticket_of_message(session: AsyncSession, chat_id: int, message_id: int) -> int | None:
    """The ticket to which a message of ours in the advisors' group belongs."""
    return await session.scalar(
        select(OutboxRow.ticket_id)
        .where(OutboxRow.chat_id == chat_id, OutboxRow.message_id == message_id, OutboxRow.ticket_id.is_not(None))
        .order_by(OutboxRow.id.desc())
        .limit(1)
    )


async def recent_of_chat(session: AsyncSession, chat_id: int, limit: int) -> Sequence[OutboxRow]:
    """The newest calls for a chat, newest first."""
    statement = select(OutboxRow).where(OutboxRow.chat_id == chat_id).order_by(OutboxRow.id.desc()).limit(limit)
    return (await session.scalars(statement)).all()


async def of_chat(session: AsyncSession, chat_id: int) -> Sequence[OutboxRow]:
    """All calls for a chat, oldest first."""
    statement = select(OutboxRow).where(OutboxRow.chat_id == chat_id).order_by(OutboxRow.id)
    return (await session.scalars(statement)).all()


async def open_count_and_oldest(session: AsyncSession) -> tuple[int, datetime | None]:
    """How many calls wait, and since when the oldest."""
    count, oldest = (
        await session.execute(
            select(func.count(OutboxRow.id), func.min(OutboxRow.created_at)).where(OutboxRow.state.in_(OPEN))
        )
    ).one()
    return count, oldest


async def expire_open(session: AsyncSession, now: datetime, reason: str) -> int:
    """Close all calls that wait or are under way, without sending them; returns how many."""
    result = await session.execute(
        update(OutboxRow)
        .where(OutboxRow.state.in_(OPEN))
        .values(state=OutboxState.EXPIRED, finished_at=now, error=reason)
        .returning(OutboxRow.id)
    )
    return len(result.all())


async def move_chat(session: AsyncSession, old_chat_id: int, new_chat_id: int) -> None:
    """A group has got a new id: its waiting calls go there, and replies still find their ticket."""
    await session.execute(
        update(OutboxRow).where(OutboxRow.chat_id == old_chat_id).values(chat_id=new_chat_id, lane=str(new_chat_id))
    )


async def delete_of_chat(session: AsyncSession, chat_id: int) -> None:
    """Erase all calls for a chat, those still waiting too."""
    await session.execute(delete(OutboxRow).where(OutboxRow.chat_id == chat_id))


async def delete_of_tickets(session: AsyncSession, ticket_ids: Sequence[int]) -> None:
    """Erase what went to the advisors about these tickets."""
    await session.execute(delete(OutboxRow).where(OutboxRow.ticket_id.in_(ticket_ids)))


async def delete_older(session: AsyncSession, now: datetime, days: int) -> int:
    """Delete closed calls made more than `days` days ago; returns how many."""
    result = await session.execute(
        delete(OutboxRow)
        .where(OutboxRow.state.not_in(OPEN), OutboxRow.created_at < now - timedelta(days=days))
        .returning(OutboxRow.id)
    )
    return len(result.all())
