"""Inline buttons: what a tap brings back, signed, so that nobody can make up one of ours.

Telegram hands `callback_data` to the person's own device, so a tap may carry anything. The tag binds the data to
the chat it was sent to. It does not expire: a button does after a year what it says, and holds no right or secret.
"""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from typing import Any

import structlog

from actions.replies import Button
from bot.messages import Tap

MAX_BYTES = 64
TAG_CHARS = 10
"""60 bits: Telegram lets nobody try more than a few taps a second."""
log = structlog.get_logger()


class Keyboards:
    """Writes and reads the data of buttons."""

    def __init__(self, secret: str) -> None:
        self._key = hmac.new(secret.encode(), b"buttons", hashlib.sha256).digest()

    def markup(self, rows: Sequence[Sequence[Button]], chat_id: int) -> dict[str, Any] | None:
        """Telegram's inline keyboard for `rows`, or None without any."""
        keyboard = [[made for button in row if (made := self._button(button, chat_id))] for row in rows]
        keyboard = [row for row in keyboard if row]
        return {"inline_keyboard": keyboard} if keyboard else None

    def read(self, data: str, chat_id: int, callback_id: str, message_id: int) -> Tap:
        """The tap for what came back; without an intent if it is not ours, or not for this chat."""
        body, _, tag = data.rpartition("~")
        genuine = hmac.compare_digest(tag.encode(errors="replace"), self._tag(body, chat_id).encode())
        fields = body.split("|")
        if not genuine or len(fields) != 4:
            return Tap(callback_id, message_id)
        intent, guide, step, value = fields
        return Tap(callback_id, message_id, intent, guide, int(step or 0), value)

    def _button(self, button: Button, chat_id: int) -> dict[str, str] | None:
        body = f"{button.intent}|{button.guide}|{button.step or ''}|{button.value}"
        data = f"{body}~{self._tag(body, chat_id)}"
        if len(data.encode()) > MAX_BYTES:
            log.error("a button is too long for Telegram", action="keyboard.too_long", intent=button.intent)
            return None
        return {"text": button.label, "callback_data": data}

    def _tag(self, body: str, chat_id: int) -> str:
        digest = hmac.new(self._key, f"{chat_id}|{body}".encode(errors="replace"), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest).decode()[:TAG_CHARS]
