"""The action server: rasa-sdk's own, in one process, with the mentor's actions."""

import asyncio
import signal
import warnings
from collections.abc import Collection
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

GRACE_SECONDS = 5.0
"""How long calls under way may take when the server is told to stop."""

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
    return app


async def serve(host: str, port: int, guides: Path = GUIDES) -> None:
    """Serve until SIGTERM or SIGINT; calls under way are finished first.

    One process: the actions are quick and pure, and a second one would only double the start and the memory. Not
    Sanic's own `run`: it ignores signals for a moment after it has begun to answer, so a stop could be lost.

    Raises:
        OSError: the address is taken, or not ours.
        Unreadable, FileNotFoundError, MissingWord: see :func:`build_app`.
    """
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    app = build_app(guides)
    server: Any = await app.create_server(
        host, port, return_asyncio_server=True, access_log=False, asyncio_server_kwargs={"start_serving": False}
    )
    await server.startup()
    await server.before_start()
    await server.start_serving()
    await server.after_start()
    log.info("actions_started", action="start", host=host, port=port)
    await stop.wait()
    await server.before_stop()
    server.close()
    await _finish(server.connections)
    await server.after_stop()
    log.info("actions_stopped", action="stop")


async def _finish(connections: Collection[Any]) -> None:
    """Close connections that wait for a call at once, and the others when they are done, or after a few seconds."""
    deadline = asyncio.get_running_loop().time() + GRACE_SECONDS
    while connections and asyncio.get_running_loop().time() < deadline:
        for connection in list(connections):
            connection.close_if_idle()
        await asyncio.sleep(0.02)
