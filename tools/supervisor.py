"""Keeps a few processes running: starts them in order, restarts what dies, stops them cleanly.

Knows nothing of the mentor. Parts come in waves: a wave starts when the one before it is well, and its parts start
side by side. Stopping goes the other way.
"""

import asyncio
import contextlib
import signal
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from tools.errors import KeepsDying, NotReplaced
from tools.keeper import Keeper, Part, Patience, signal_group


class Supervisor:
    """Keeps all parts, wave by wave."""

    def __init__(
        self,
        waves: Sequence[Sequence[Part]],
        say: Callable[[str, str], None],
        changed: Callable[["Supervisor"], None] = lambda supervisor: None,
        patience: Patience | None = None,
    ) -> None:
        patience = patience or Patience()
        self._say = say
        self._stop = asyncio.Event()
        self._patience = patience
        self._changed = changed
        self.waves = [[self._keeper(part) for part in wave] for wave in waves]
        self._tasks: dict[Keeper, asyncio.Task[None]] = {}
        self._replaced = asyncio.Event()

    def _keeper(self, part: Part) -> Keeper:
        return Keeper(part, self._patience, self._say, lambda: self._changed(self))

    def stop(self) -> None:
        """Ask for a clean stop; safe to call from a signal handler of the loop."""
        self._stop.set()

    def kill(self) -> None:
        """End all processes without waiting for them to finish."""
        for keeper in self.keepers():
            if keeper.pid:
                signal_group(keeper.pid, signal.SIGKILL)

    def keepers(self) -> list[Keeper]:
        """All keepers in the order of their start."""
        return [keeper for wave in self.waves for keeper in wave]

    async def run(self, ready: Callable[[], None]) -> None:
        """Start everything, call `ready` when all is well, keep it so until :meth:`stop`, then stop everything.

        Raises:
            KeepsDying: a part died too often before it was ever well; everything is stopped by then.
        """
        stopping = asyncio.create_task(self._stop.wait())
        try:
            for wave in self.waves:
                for keeper in wave:
                    self._tasks[keeper] = asyncio.create_task(keeper.run(), name=keeper.part.name)
                await self._until(asyncio.gather(*(keeper.well.wait() for keeper in wave)), stopping)
                if stopping.done():
                    return
                for keeper in wave:
                    self._say("mentor", f"{keeper.part.name} is well")
            ready()
            while not stopping.done():
                self._replaced.clear()
                await self._until(asyncio.ensure_future(self._replaced.wait()), stopping)
        finally:
            stopping.cancel()
            await self._stop_all()

    async def replace(self, name: str, successor: Part, check: Callable[[], Awaitable[None]]) -> None:
        """Put `successor` in the place of the part `name` without a moment in which neither serves.

        It is started beside the old one; when it is well and `check` has raised nothing, the old one is told to stop,
        which finishes what it has in hand.

        Raises:
            NotReplaced: the successor did not get well, or the check failed; the old part serves on.
        """
        wave, old = next((wave, keeper) for wave in self.waves for keeper in wave if keeper.part.name == name)
        new = self._keeper(successor)
        task = asyncio.create_task(new.run(), name=successor.name)
        try:
            await asyncio.wait_for(new.well.wait(), self._patience.start)
            await check()
        except Exception as error:
            await self._end(new, task)
            raise NotReplaced(f"The new {name} is not well ({error or type(error).__name__}).") from error
        except asyncio.CancelledError:
            await self._end(new, task)
            raise
        wave[wave.index(old)] = new
        self._tasks[new] = task
        ended = self._tasks.pop(old, None)
        self._replaced.set()
        if ended is not None:
            await self._end(old, ended)
        self._changed(self)

    async def _end(self, keeper: Keeper, task: asyncio.Task[None]) -> None:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError, KeepsDying):
            await task
        await keeper.stop()

    async def _until(self, goal: asyncio.Future[Any], stopping: asyncio.Task[Any]) -> None:
        """Wait for the goal or the wish to stop, whatever is first.

        Raises:
            KeepsDying: from one of the keepers.
        """
        tasks = list(self._tasks.values())
        await asyncio.wait({goal, stopping, *tasks}, return_when=asyncio.FIRST_COMPLETED)
        if not goal.done():
            goal.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await goal
        for task in tasks:
            if task.done():
                task.result()

    async def _stop_all(self) -> None:
        """Stop in the reverse of the order of the start."""
        for wave in reversed(self.waves):
            await asyncio.gather(*(self._stop_one(keeper, self._tasks.get(keeper)) for keeper in wave))

    async def _stop_one(self, keeper: Keeper, task: asyncio.Task[None] | None) -> None:
        if task is None:
            return
        ran = bool(keeper.pid)
        await self._end(keeper, task)
        if ran:
            self._say("mentor", f"{keeper.part.name} has stopped")


def heed_signals(supervisor: Supervisor, say: Callable[[str, str], None]) -> None:
    """Stop cleanly on Ctrl-C and SIGTERM, at once when it comes twice; call it inside the running loop."""
    loop = asyncio.get_running_loop()
    heard: list[signal.Signals] = []

    def hear(number: signal.Signals) -> None:
        heard.append(number)
        say("mentor", f"{number.name} heard, stopping" if len(heard) == 1 else f"{number.name} again, stopping at once")
        supervisor.stop() if len(heard) == 1 else supervisor.kill()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, hear, number)
