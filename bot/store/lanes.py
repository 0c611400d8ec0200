"""What both queues ask in the same way: the oldest open row of each lane."""

from typing import TypeVar

from sqlalchemy import ColumnElement, Select, bindparam, func, select

from bot.store.tables import InboxRow, OutboxRow

Row = TypeVar("Row", InboxRow, OutboxRow)


def next_due(table: type[Row], is_open: ColumnElement[bool]) -> Select[Row]:
    """The oldest open row of each lane but the `busy` ones, if it may be tried `now`; oldest first, `most` of them."""
    heads = select(func.min(table.id)).where(is_open).group_by(table.lane)
    return (
        select(table)
        .where(
            table.id.in_(heads),
            table.available_at <= bindparam("now"),
            table.lane.not_in(bindparam("busy", expanding=True)),
        )
        .order_by(table.id)
        .limit(bindparam("most"))
    )
