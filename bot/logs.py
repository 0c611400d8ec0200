"""Logging: one JSON line an event, with a stable `action` key; no token and no secret ever gets through."""

import logging
import re
import sys
from collections.abc import Iterable
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from bot.metrics import Metrics

BOT_TOKEN = re.compile(r"(?<!\d)\d{3,}:[\w-]{30,}")
INVISIBLE = re.compile(r"[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
"""What JSON lets stand and terminals or other readers take for the end of a line, or for an order."""


class Redactor:
    """Takes tokens and secrets out of everything that is logged, tracebacks included."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._secrets = [secret for secret in secrets if len(secret) >= 8]

    def clean(self, text: str) -> str:
        """`text` without any token or secret."""
        text = BOT_TOKEN.sub("[token]", text)
        for secret in self._secrets:
            text = text.replace(secret, "[secret]")
        return text

    def __call__(self, _logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
        return {key: self.clean(value) if isinstance(value, str) else value for key, value in event.items()}


def escape_invisible(_logger: WrappedLogger, _name: str, line: Any) -> str:
    """A JSON line with everything invisible written as JSON's own escapes."""
    return INVISIBLE.sub(lambda found: f"\\u{ord(found[0]):04x}", str(line))


class Threshold:
    """Drops lines below a level, after they were counted."""

    def __init__(self, level: str) -> None:
        self._least = logging.getLevelNamesMapping()[level]

    def __call__(self, _logger: WrappedLogger, name: str, event: EventDict) -> EventDict:
        if logging.getLevelNamesMapping().get(event.get("level", name).upper(), logging.INFO) < self._least:
            raise structlog.DropEvent
        return event


def configure_logs(level: str, secrets: Iterable[str] = (), metrics: Metrics | None = None) -> None:
    """Send structlog and the standard library's logging to standard output, one JSON object a line.

    `metrics` count every line from INFO on, also those that `level` keeps out of sight.
    """
    redactor = Redactor(secrets)
    counting: list[Processor] = [metrics.count] if metrics else []
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        *counting,
        Threshold(level),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        redactor,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(min(logging.INFO, logging.getLevelNamesMapping()[level])),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.add_logger_name],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                redactor,
                structlog.processors.JSONRenderer(ensure_ascii=False, default=lambda value: redactor.clean(str(value))),
                escape_invisible,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    # httpx logs every address it calls, and the Bot API's addresses carry the token; aiohttp logs every request.
    for noisy in ("httpx", "httpcore", "aiohttp.access", "aiosqlite", "telegram"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
