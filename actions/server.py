"""The action server: rasa-sdk's own, in one process, with the mentor's actions."""

import warnings
from pathlib import Path
from typing import Any

import structlog
from rasa_sdk.endpoint import create_app
from sanic import Sanic

from actions.executor import build_executor
from actions.guides import Shelf
from actions.words import Locales

GUIDES = Path(__file__).resolve().parent.parent / "guides"
MAX_BYTES = 20_000_000
"""Rasa sends the whole session with every call: some 150 bytes an event, 20,000 events at the very worst."""

Application = Sanic[Any, Any]

log = structlog.get_logger(__name__)


def build_app(guides: Path = GUIDES) -> Application:
    """rasa-sdk's web application: POST /webhook, GET /health, GET /actions.

    Raises:
        Unreadable: `languages.yml` is broken.
        FileNotFoundError: there is no English catalogue.
        MissingWord: the English catalogue lacks the sentence for trouble.
    """
    shelf = Shelf(guides)
    # The SDK is newer than Rasa 3.6.21 on purpose: it runs on Python 3.11, and its protocol is the same (measured).
    warnings.filterwarnings("ignore", message="Your versions of rasa and rasa_sdk might not be compatible")
    # Only Rasa calls this server, and it is no browser: no other origin is let in.
    app: Application = create_app(build_executor(shelf.library, Locales()), cors_origins=None)
    app.config.REQUEST_MAX_SIZE = MAX_BYTES
    app.config.GRACEFUL_SHUTDOWN_TIMEOUT = 5.0
    return app


def serve(host: str, port: int, guides: Path = GUIDES) -> None:
    """Serve until SIGTERM or SIGINT; calls under way are finished first."""
    app = build_app(guides)

    @app.after_server_start
    async def started(_app: Application) -> None:
        log.info("actions_started", action="start", host=host, port=port)

    @app.after_server_stop
    async def stopped(_app: Application) -> None:
        log.info("actions_stopped", action="stop")

    # One process: the actions are quick and pure, and a second one would only double the start and the memory.
    app.run(host=host, port=port, single_process=True, motd=False, access_log=False)
