"""Calls to the Bot API, with every failure of the library told as one of our own errors."""

import os
import warnings
from datetime import timedelta
from typing import Any

import httpx
import structlog

# The library gives waits as `timedelta` only when asked to, and reads this when it is first needed.
os.environ["PTB_TIMEDELTA"] = "1"

from telegram import Bot, InputFile
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
)
from telegram.request import HTTPXRequest
from telegram.warnings import PTBUserWarning

from bot.errors import (
    Ambiguous,
    ChatGone,
    ChatMoved,
    DeliveryError,
    NothingChanged,
    NothingToEdit,
    NotSent,
    OtherPoller,
    Refused,
    TooManyRequests,
    UnknownMethod,
    WrongToken,
)
from bot.messages import File

CONNECTIONS = 64
READ_SECONDS, CONNECT_SECONDS = 15.0, 5.0
POLL_SECONDS = 25
ALLOWED_UPDATES = ["message", "edited_message", "callback_query", "my_chat_member"]
NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
"""What surely did not reach Telegram (reliability T20)."""
log = structlog.get_logger()

# Our calls lie in the outbox as method and parameters; the library's typed methods would only take them apart again.
warnings.filterwarnings("ignore", message="Please use 'Bot", category=PTBUserWarning)


class TelegramTransport:
    """The way to a Bot API server."""

    def __init__(self, token: str, api_url: str) -> None:
        self._bot = Bot(
            token,
            base_url=f"{api_url}/bot",
            base_file_url=f"{api_url}/file/bot",
            request=HTTPXRequest(
                connection_pool_size=CONNECTIONS, read_timeout=READ_SECONDS, connect_timeout=CONNECT_SECONDS
            ),
            get_updates_request=HTTPXRequest(connection_pool_size=2, connect_timeout=CONNECT_SECONDS),
        )
        self._unknown: set[str] = set()

    async def call(self, method: str, params: dict[str, Any]) -> Any:
        """One call; returns its result as Telegram gave it.

        Raises:
            DeliveryError: it did not go through; the class says what that means.
        """
        try:
            return await self._bot.do_api_request(method, api_kwargs=_with_files(params))
        except TelegramError as error:
            ours = translate(error)
            if isinstance(ours, UnknownMethod) and method not in self._unknown:
                self._unknown.add(method)
                log.warning("this Bot API server does not know a method", action="telegram.unknown", method=method)
            raise ours from error

    async def get_updates(self, offset: int | None, wait_seconds: int = POLL_SECONDS) -> list[dict[str, Any]]:
        """Wait for updates, at most `wait_seconds`; an offset tells Telegram to forget all before it.

        Raises:
            DeliveryError: as `call`.
        """
        params: dict[str, Any] = {"timeout": wait_seconds, "limit": 100, "allowed_updates": ALLOWED_UPDATES}
        if offset is not None:
            params["offset"] = offset
        try:
            result = await self._bot.do_api_request("getUpdates", params, read_timeout=wait_seconds + 10)
        except TelegramError as error:
            raise translate(error) from error
        return [update for update in result if isinstance(update, dict)] if isinstance(result, list) else []

    async def close(self) -> None:
        """Let go of the connections."""
        for request in (self._bot.request, self._bot._request[0]):
            await request.shutdown()


def _with_files(params: dict[str, Any]) -> dict[str, Any]:
    """`params` with our files as the library uploads them."""
    return {
        name: InputFile(value.data, filename=value.name) if isinstance(value, File) else value
        for name, value in params.items()
    }


def translate(error: TelegramError) -> DeliveryError:
    """Our error for one of the library's (its classes overlap: reliability T19)."""
    text = str(error)
    match error:
        case RetryAfter():
            wait = error.retry_after
            return TooManyRequests(wait.total_seconds() if isinstance(wait, timedelta) else float(wait))
        case ChatMigrated():
            return ChatMoved(error.new_chat_id)
        case Forbidden():
            return ChatGone(text)
        case Conflict():
            return OtherPoller(text)
        case EndPointNotFound() | InvalidToken():
            # The library says the same for 401 and 404; only the server's own words tell them apart.
            said = f"{text} {error.__cause__ or ''}".lower()
            return WrongToken("Telegram refuses the token.") if "unauthorized" in said else UnknownMethod("Not Found")
        case BadRequest():
            return _translate_bad_request(text)
    return NotSent(text) if isinstance(error.__cause__, NEVER_LEFT) else Ambiguous(text)


def _translate_bad_request(text: str) -> DeliveryError:
    said = text.lower()
    if "is not modified" in said or "query is too old" in said:
        return NothingChanged(text)
    if "message to edit not found" in said or "message can't be edited" in said or "message_id_invalid" in said:
        return NothingToEdit(text)
    if "chat not found" in said or "user is deactivated" in said or "peer_id_invalid" in said:
        return ChatGone(text)
    return Refused(text)
