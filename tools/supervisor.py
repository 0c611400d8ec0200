"""Keeps a few processes running: starts them in order, restarts what dies, stops them cleanly.

Knows nothing of the mentor. Parts come in waves: a wave starts when the one before it is well, and its parts start
side by side. Stopping goes the other way.
"""

import asyncio
import contextlib
import signal
from collections.abc import Callable, Sequence
from typing import Any

from tools.errors import KeepsDying
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
        self.waves = [[Keeper(part, patience, say, lambda: changed(self)) for part in wave] for wave in waves]

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
        tasks: list[asyncio.Task[None]] = []
        stopping = asyncio.create_task(self._stop.wait())
        try:
            for wave in self.waves:
                tasks += [asyncio.create_task(keeper.run(), name=keeper.part.name) for keeper in wave]
                await self._until(asyncio.gather(*(keeper.well.wait() for keeper in wave)), stopping, tasks)
                if stopping.done():
                    return
                for keeper in wave:
                    self._say("mentor", f"{keeper.part.name} is well")
            ready()
            await self._until(stopping, stopping, tasks)
        finally:
            stopping.cancel()
            await self._stop_all(tasks)

    async def _until(
        self, goal: asyncio.Future[Any], stopping: asyncio.Task[Any], tasks: Sequence[asyncio.Task[None]]
    ) -> None:
        """Wait for the goal or the wish to stop, whatever is first.

        Raises:
            KeepsDying: from one of the keepers.
        """
        await asyncio.wait({goal, stopping, *tasks}, return_when=asyncio.FIRST_COMPLETED)
        if not goal.done():
            goal.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await goal
        for task in tasks:
            if task.done():
                task.result()

    async def _stop_all(self, tasks: Sequence[asyncio.Task[None]]) -> None:
        """Stop in the reverse of the order of the start."""
        by_name = {task.get_name(): task for task in tasks}
        for wave in reversed(self.waves):
            await asyncio.gather(*(self._stop_one(keeper, by_name.get(keeper.part.name)) for keeper in wave))

    async def _stop_one(self, keeper: Keeper, task: asyncio.Task[None] | None) -> None:
        if task is None:
            return
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError, KeepsDying):
            await task
        ran = bool(keeper.pid)
        await keeper.stop()
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
