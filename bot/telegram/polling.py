"""Fetching updates by long polling. The next offset makes Telegram forget: it follows the commit, never before it."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import structlog

from bot.errors import DeliveryError, OtherPoller, TooManyRequests
from bot.telegram.transport import POLL_SECONDS, TelegramTransport

LONGEST_WAIT_SECONDS = 30.0
log = structlog.get_logger()


class Poller:
    """Fetches updates and hands them on, until cancelled."""

    def __init__(
        self, transport: TelegramTransport, accept: Callable[[Sequence[dict[str, Any]]], Awaitable[None]]
    ) -> None:
        """`accept` returns when the updates are on disk, and raises when they are not."""
        self._transport = transport
        self._accept = accept
        self.healthy = False
        """Whether the last call went well."""

    async def run(self) -> None:
        """Poll for ever."""
        offset: int | None = None
        failures = 0
        while True:
            try:
                # The first call, and the first after a fault, comes back at once: then we know that all is well.
                updates = await self._transport.get_updates(offset, POLL_SECONDS if self.healthy else 0)
                await self._accept(updates)
            except Exception as error:
                self.healthy = False
                failures += 1
                _report(error)
                await asyncio.sleep(_wait(error, failures))
                continue
            self.healthy, failures = True, 0
            if updates:
                offset = max(int(update["update_id"]) for update in updates) + 1


def _wait(error: Exception, failures: int) -> float:
    if isinstance(error, TooManyRequests):
        return error.retry_after
    return min(LONGEST_WAIT_SECONDS, 0.5 * 2.0 ** min(failures - 1, 8))


def _report(error: Exception) -> None:
    if isinstance(error, OtherPoller):
        log.error(
            "another process fetches this bot's updates, or a webhook is set: stop one of the two",
            action="polling.conflict",
        )
    elif isinstance(error, DeliveryError):
        log.warning("can't fetch updates", action="polling.failed", reason=f"{type(error).__name__}: {error}")
    else:
        log.exception("updates could not be written; Telegram keeps them", action="polling.not_stored")
