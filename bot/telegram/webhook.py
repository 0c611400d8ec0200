"""Telegram's webhook: the secret is checked, the update goes to disk, then comes the 200."""

import asyncio
import hmac
import json
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import structlog
from aiohttp import web

PATH = "/telegram/webhook"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header
MAX_BODY_BYTES = 1024 * 1024
BODY_SECONDS = 15.0
"""Who sends a body byte by byte does not hold a connection for longer."""
RETRY_AFTER_SECONDS = "5"
log = structlog.get_logger()


def webhook_routes(secret: str, accept: Callable[[Sequence[dict[str, Any]]], Awaitable[None]]) -> list[web.RouteDef]:
    """The route Telegram posts to; `accept` returns when the updates are on disk, and raises when they are not."""

    async def receive(request: web.Request) -> web.Response:
        given = request.headers.get(SECRET_HEADER, "").encode(errors="replace")
        if not hmac.compare_digest(given, secret.encode()):
            return web.Response(status=401)
        try:
            async with asyncio.timeout(BODY_SECONDS):
                body = await request.read()
            update = json.loads(body)
        except TimeoutError:
            return web.Response(status=408)
        except (ValueError, RecursionError):
            return web.Response(status=400, text="The body is not JSON.")
        if not isinstance(update, dict) or not _is_number(update.get("update_id")):
            return web.Response(status=400, text="The body is not an update.")
        try:
            await accept([update])
        except Exception:
            # Telegram keeps what we could not write, and sends it again.
            log.exception("an update could not be written; Telegram keeps it", action="webhook.not_stored")
            return web.Response(status=503, headers={"Retry-After": RETRY_AFTER_SECONDS})
        return web.Response()

    return [web.post(PATH, receive)]


def _is_number(value: object) -> bool:
    """True for a whole number that a database can hold."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63
