"""A loop that works off rows of a queue table: strictly one after the other within a lane, lanes side by side."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import suppress
from typing import Generic, Protocol, TypeVar

import structlog

log = structlog.get_logger()


class HasLane(Protocol):
    """A row of a queue."""

    @property
    def lane(self) -> str:
        """Rows of one lane are handled in order."""


Row = TypeVar("Row", bound=HasLane)
Fetch = Callable[[Collection[str], int], Awaitable[Sequence[Row]]]
Handle = Callable[[Row], Awaitable[None]]


class LaneLoop(Generic[Row]):
    """Fetches due rows of idle lanes and handles them, at most `width` at once.

    It looks again when it is woken, when a lane becomes free, and every `idle_seconds` for what became due by time.
    """

    def __init__(
        self, name: str, fetch: Fetch[Row], handle: Handle[Row], *, width: int, idle_seconds: float = 1.0
    ) -> None:
        self._name = name
        self._fetch = fetch
        self._handle = handle
        self._width = width
        self._idle_seconds = idle_seconds
        self._busy: dict[str, asyncio.Task[None]] = {}
        self._awake = asyncio.Event()
        self._stopping = False

    def wake(self) -> None:
        """There is something new to fetch."""
        self._awake.set()

    @property
    def busy(self) -> int:
        """How many lanes are being worked on."""
        return len(self._busy)

    def stop(self) -> None:
        """Fetch nothing more; `run` ends when what is in hand is done."""
        self._stopping = True
        self.wake()

    async def run(self, *, drain_seconds: float = 10.0) -> None:
        """Work until `stop`; then give what is in hand `drain_seconds` to finish."""
        while not self._stopping:
            self._awake.clear()
            if not await self._fetch_some():
                await self._rest()
        if self._busy:
            _, late = await asyncio.wait(self._busy.values(), timeout=drain_seconds)
            for task in late:
                log.warning("not finished in time, taken up again at the next start", action=f"{self._name}.undrained")
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _fetch_some(self) -> bool:
        """Start what is due; True if there may be more to fetch at once."""
        room = self._width - len(self._busy)
        if room <= 0:
            return False
        try:
            rows = await self._fetch(self._busy.keys(), room)
        except Exception:
            # A database that is locked or full for a while must not end the loop; nothing is lost meanwhile.
            log.exception("can't fetch work", action=f"{self._name}.fetch_failed")
            return False
        for row in rows:
            task = asyncio.create_task(self._run_one(row))
            self._busy[row.lane] = task
        return len(rows) == room

    async def _run_one(self, row: Row) -> None:
        try:
            await self._handle(row)
        except Exception:
            log.exception("a row could not be handled", action=f"{self._name}.failed")
            # Leave the lane busy for a moment: a row that fails at once must not spin.
            await asyncio.sleep(self._idle_seconds)
        finally:
            self._busy.pop(row.lane, None)
            self.wake()

    async def _rest(self) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._awake.wait(), self._idle_seconds)
