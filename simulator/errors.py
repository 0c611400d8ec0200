"""Refusals, worded as the real Bot API server words them.

    Refusal
    ├── TooManyRequests      429 with parameters.retry_after
    └── ChatMigrated         400 with parameters.migrate_to_chat_id
    Impossible               a wish of the control interface that makes no sense (not a Bot API answer)

The texts are those of tdlib/telegram-bot-api, because bots match on them.
"""

from typing import Any


class Refusal(Exception):
    """The Bot API says no: an error code, a description and perhaps parameters."""

    def __init__(self, code: int, description: str, parameters: dict[str, Any] | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def as_json(self) -> dict[str, Any]:
        """The body of the answer."""
        body: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            body["parameters"] = self.parameters
        return body


class TooManyRequests(Refusal):
    """The flood limit; `seconds` is how long the bot must wait."""

    def __init__(self, seconds: int) -> None:
        super().__init__(429, f"Too Many Requests: retry after {seconds}", {"retry_after": seconds})


class ChatMigrated(Refusal):
    """The group became a supergroup and has a new id."""

    def __init__(self, new_chat_id: int) -> None:
        super().__init__(
            400, "Bad Request: group chat was upgraded to a supergroup chat", {"migrate_to_chat_id": new_chat_id}
        )


class Impossible(Exception):
    """The control interface was asked for something that cannot happen in Telegram; the text says why."""


def bad_request(reason: str) -> Refusal:
    """A 400 with Telegram's usual prefix."""
    return Refusal(400, f"Bad Request: {reason}")


def forbidden(reason: str) -> Refusal:
    """A 403 with Telegram's usual prefix."""
    return Refusal(403, f"Forbidden: {reason}")


def conflict(reason: str) -> Refusal:
    """A 409 with Telegram's usual prefix."""
    return Refusal(409, f"Conflict: {reason}")


def unauthorized() -> Refusal:
    """A token that no bot has."""
    return Refusal(401, "Unauthorized")


def not_found() -> Refusal:
    """A method that this server does not have."""
    return Refusal(404, "Not Found")


NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
QUERY_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
