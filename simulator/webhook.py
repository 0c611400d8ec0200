"""Delivery of updates to a webhook.

Rules: tdlib/telegram-bot-api WebhookActor.cpp. Any 2xx takes the update. Otherwise it is sent again: at once, then
after 2, 4, 8 ... seconds (at most 60-120), or after the answer's Retry-After (at most an hour), until it expires.
Updates of one lane follow each other, lanes run side by side. 410 for 23 hours removes the webhook.
"""

import asyncio
import json
import random
from collections import deque
from collections.abc import Callable
from typing import Any

import aiohttp

from simulator.clock import Clock
from simulator.model import Json
from simulator.updates import Update, UpdateQueue

MAX_RESEND_SECONDS = 60
MAX_RETRY_AFTER_SECONDS = 3600
GONE_SECONDS = 23 * 3600
ANSWER_SECONDS = 60


class WebhookFailure(Exception):
    """The webhook did not take an update; the text is what getWebhookInfo shows."""

    def __init__(self, text: str, retry_after: int = 0) -> None:
        super().__init__(text)
        self.retry_after = retry_after


class Webhook:
    """One bot's webhook: its settings and its delivery."""

    def __init__(self, queue: UpdateQueue, clock: Clock, speed: float) -> None:
        self._queue = queue
        self._clock = clock
        self.speed = speed
        self.url = ""
        self.secret_token = ""
        self.max_connections = 40
        self.last_error_at = 0
        self.last_error = ""
        self.on_answer: Callable[[Json], None] | None = None
        """Called with a JSON answer that names a method: Telegram carries such a method out."""
        self._gone_since = 0.0
        self._lanes: dict[int, deque[Update]] = {}
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._session: aiohttp.ClientSession | None = None
        self._room = asyncio.Semaphore(1)

    async def start(self, url: str, *, secret_token: str = "", max_connections: int = 40) -> None:
        """Deliver to this address from now on, beginning with what waits."""
        await self.stop()
        self.url, self.secret_token, self.max_connections = url, secret_token, max_connections
        self.last_error_at, self.last_error, self._gone_since = 0, "", 0.0
        self._room = asyncio.Semaphore(max_connections)
        self._session = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=ANSWER_SECONDS), connector=aiohttp.TCPConnector(limit=max_connections)
        )
        self._queue.on_put = self._add
        for update in list(self._queue.pending.values()):
            self._add(update)

    async def stop(self) -> None:
        """Deliver nothing any more. What waits stays in the queue."""
        self._queue.on_put = None
        self.url = ""
        tasks = [task for task in self._tasks.values() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._tasks.clear()
        self._lanes.clear()
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _add(self, update: Update) -> None:
        self._lanes.setdefault(update.lane, deque()).append(update)
        if update.lane not in self._tasks:
            self._tasks[update.lane] = asyncio.create_task(self._run_lane(update.lane))

    async def _run_lane(self, lane: int) -> None:
        waiting = self._lanes[lane]
        while waiting:
            update = waiting[0]
            await self._deliver(update)
            self._queue.take(update.id)
            waiting.popleft()
        del self._lanes[lane]
        del self._tasks[lane]

    async def _deliver(self, update: Update) -> None:
        """Try until the webhook takes the update or the update is too old."""
        failures, delay = 0, 1.0
        while self._clock.now() < update.expires_at:
            try:
                async with self._room:
                    await self._post(update)
            except WebhookFailure as failure:
                self.last_error_at, self.last_error = self._clock.date(), str(failure)
                wait = float(failure.retry_after)
                if not failure.retry_after and failures:
                    delay = min(delay * 2, random.uniform(MAX_RESEND_SECONDS, 2 * MAX_RESEND_SECONDS))
                    wait = delay
                failures += 1
                if self._clock.now() + wait > update.expires_at:
                    return
                await asyncio.sleep(wait / self.speed)
            else:
                return

    async def _post(self, update: Update) -> None:
        if self._session is None:
            raise WebhookFailure("The webhook was removed")
        headers = {"Content-Type": "application/json"}
        if self.secret_token:
            headers["X-Telegram-Bot-Api-Secret-Token"] = self.secret_token
        body = json.dumps(update.body).encode()
        try:
            async with self._session.post(self.url, data=body, headers=headers, allow_redirects=False) as answer:
                if not 200 <= answer.status < 300:
                    await self._note_gone(answer.status)
                    raise WebhookFailure(
                        f"Wrong response from the webhook: {answer.status} {answer.reason}",
                        _retry_after(answer.headers.get("Retry-After", "")),
                    )
                self._gone_since = 0.0
                self._obey(await answer.read())
        except TimeoutError as problem:
            raise WebhookFailure("Read timeout expired") from problem
        except aiohttp.ClientConnectorError as problem:
            raise WebhookFailure("Connection refused") from problem
        except (aiohttp.ClientError, OSError) as problem:
            raise WebhookFailure("Connection closed by the webhook") from problem

    async def _note_gone(self, status: int) -> None:
        if status != 410:
            self._gone_since = 0.0
            return
        self._gone_since = self._gone_since or self._clock.now()
        if self._clock.now() - self._gone_since >= GONE_SECONDS:
            await self.stop()
            raise asyncio.CancelledError

    def _obey(self, body: bytes) -> None:
        if self.on_answer is None or not body.lstrip().startswith(b"{"):
            return
        try:
            answer: Any = json.loads(body)
        except ValueError:
            return
        if isinstance(answer.get("method"), str):
            self.on_answer(answer)


def _retry_after(header: str) -> int:
    return min(int(header), MAX_RETRY_AFTER_SECONDS) if header.isascii() and header.isdigit() else 0
