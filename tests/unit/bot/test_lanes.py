"""The loop over lanes: order within a lane, lanes side by side, nothing dropped on stop."""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot.domain.lanes import LaneLoop


@dataclass(frozen=True)
class Row:
    lane: str
    number: int


class Queue:
    """Rows in memory, fetched the way the real queues are: the oldest of each idle lane."""

    def __init__(self, rows: list[Row]) -> None:
        self.rows = rows
        self.log: list[str] = []
        self.gate = asyncio.Event()
        self.empty = asyncio.Event()

    async def fetch(self, busy: Collection[str], limit: int) -> Sequence[Row]:
        heads: dict[str, Row] = {}
        for row in self.rows:
            heads.setdefault(row.lane, row)
        return [row for lane, row in heads.items() if lane not in busy][:limit]

    async def handle(self, row: Row) -> None:
        self.log.append(f"+{row.lane}{row.number}")
        await self.gate.wait()
        self.log.append(f"-{row.lane}{row.number}")
        self.rows.remove(row)
        if not self.rows:
            self.empty.set()


async def test_lanes_run_side_by_side_and_each_in_order() -> None:
    queue = Queue([Row("a", 1), Row("a", 2), Row("b", 1)])
    loop: LaneLoop[Row] = LaneLoop("test", queue.fetch, queue.handle, width=8)
    task = asyncio.create_task(loop.run())
    while len(queue.log) < 2:
        await asyncio.sleep(0)
    queue.gate.set()
    async with asyncio.timeout(5):
        await queue.empty.wait()
    loop.stop()
    await task

    assert queue.log[:2] == ["+a1", "+b1"]
    assert queue.log.index("-a1") < queue.log.index("+a2")


async def test_stop_lets_what_is_in_hand_finish() -> None:
    queue = Queue([Row("a", 1), Row("a", 2)])
    loop: LaneLoop[Row] = LaneLoop("test", queue.fetch, queue.handle, width=8)
    task = asyncio.create_task(loop.run())
    while not queue.log:
        await asyncio.sleep(0)
    loop.stop()
    queue.gate.set()
    await task

    assert queue.log == ["+a1", "-a1"]


async def test_what_does_not_finish_is_left_for_the_next_start() -> None:
    queue = Queue([Row("a", 1)])
    loop: LaneLoop[Row] = LaneLoop("test", queue.fetch, queue.handle, width=8)
    task = asyncio.create_task(loop.run(drain_seconds=0.01))
    while not queue.log:
        await asyncio.sleep(0)
    loop.stop()
    await task

    assert (queue.log, queue.rows) == (["+a1"], [Row("a", 1)])


async def test_failing_row_stops_neither_its_lane_nor_the_others() -> None:
    queue = Queue([Row("a", 1), Row("b", 1)])
    tries = 0

    async def handle(row: Row) -> None:
        nonlocal tries
        if row.lane == "a" and (tries := tries + 1) == 1:
            raise ValueError("the first time")
        await queue.handle(row)

    queue.gate.set()
    loop: LaneLoop[Row] = LaneLoop("test", queue.fetch, handle, width=8, idle_seconds=0.01)
    task = asyncio.create_task(loop.run())
    async with asyncio.timeout(5):
        await queue.empty.wait()
    loop.stop()
    await task

    assert queue.log == ["+b1", "-b1", "+a1", "-a1"]
