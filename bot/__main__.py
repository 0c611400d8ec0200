"""`python -m bot`: wires the parts together, runs them, and stops them in order.

Exit codes: 0 stopped on request, 2 a setting is wrong, 3 the database can't be used, 4 Telegram refuses the token,
5 the port is in use.
"""

import asyncio
import shutil
import signal
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import structlog
from aiohttp import web

from actions.guides import Shelf
from actions.words import Locales
from bot.build import version
from bot.desk.health import Part, health_routes
from bot.desk.metrics import metrics_routes
from bot.dialogue import RasaDialogue
from bot.domain.buckets import Limits
from bot.domain.cleanup import run_cleanup
from bot.domain.coach import run_coach
from bot.domain.intake import accept
from bot.domain.ports import House, Operator
from bot.domain.sender import Sender
from bot.domain.vitals import Vitals, look
from bot.domain.worker import Worker
from bot.errors import DeliveryError, MentorError, SettingsError, StoreError, UnknownMethod, WrongToken
from bot.languages import read_roster
from bot.logs import configure_logs
from bot.metrics import Metrics
from bot.papers.workshop import Workshop
from bot.pseudonyms import Pseudonyms
from bot.settings import Settings, read_settings
from bot.store import notes
from bot.store.database import Database
from bot.store.transfer import newest_revision, sqlite_file
from bot.telegram.commands import fingerprint, profile, profile_stands, set_profile
from bot.telegram.keyboards import Keyboards
from bot.telegram.polling import Poller
from bot.telegram.rendering import TelegramRenderer
from bot.telegram.transport import ALLOWED_UPDATES, TelegramTransport
from bot.telegram.updates import UpdateReader
from bot.telegram.webhook import MAX_BODY_BYTES, PATH, webhook_routes

ROOT = Path(__file__).resolve().parent.parent
GUIDES = ROOT / "guides"
PROFILE_NOTE = "telegram profile"
log = structlog.get_logger()


class PortInUse(MentorError):
    """The web server's port is taken."""


class Mentor:
    """The running bot."""

    def __init__(self, settings: Settings, metrics: Metrics) -> None:
        self._settings = settings
        self._metrics = metrics
        self._draining = False
        secret = settings.signing_secret
        self._transport = TelegramTransport(settings.telegram_token.get_secret_value(), settings.telegram_api_url)
        self._dialogue = RasaDialogue(
            settings.rasa_urls, settings.mentor_channel_secret.get_secret_value(), settings.dialogue_deadline_seconds
        )
        self._db = Database(settings.database_url)
        self._keyboards = Keyboards(secret)
        self._pseudonym = Pseudonyms(secret)
        self._poller: Poller | None = None
        self._background: list[asyncio.Task[None]] = []

    async def run(self, stop: asyncio.Event) -> None:
        """Start everything, wait for `stop`, and end in an order in which nothing is lost.

        Raises:
            StoreError: the database can't be used.
            WrongToken: Telegram refuses the token.
            PortInUse: the web server's port is taken.
        """
        await self._db.migrate()
        username = await self._introduce(stop)
        house = self._build_house(username)
        sender = Sender(house, Limits(), time.monotonic)
        worker = Worker(house, sender.loop.wake)
        if recovered := await sender.recover():
            log.warning("calls were under way when the process died", action="bot.recovered", calls=recovered)

        async def take_in(updates: Sequence[dict[str, Any]]) -> None:
            if updates and await accept(house, updates):
                worker.loop.wake()

        runner = await self._serve(take_in)
        loops = [asyncio.create_task(worker.loop.run()), asyncio.create_task(sender.loop.run())]
        self._background = [
            asyncio.create_task(run_cleanup(house)),
            asyncio.create_task(run_coach(house, sender.loop.wake)),
            asyncio.create_task(self._set_profile(house)),
        ]
        intake = asyncio.create_task(self._receive(take_in))
        log.info("ready", action="bot.ready", bot=username, mode=self._settings.telegram_mode)
        try:
            await stop.wait()
        finally:
            self._draining = True
            log.info("stopping", action="bot.stopping")
            # First no new updates, then no new work, then no new calls: each step lets the next one finish.
            await _cancel([intake, *self._background])
            await runner.cleanup()
            worker.loop.stop()
            await loops[0]
            sender.loop.stop()
            await loops[1]
            log.info("stopped", action="bot.stopped")

    async def close(self) -> None:
        """Let go of connections."""
        await self._dialogue.close()
        await self._transport.close()
        await self._db.close()

    def _build_house(self, username: str) -> House:
        settings = self._settings
        shelf = Shelf(GUIDES)
        locales = Locales()

        def title(slug: str, language: str) -> str | None:
            edition = shelf.library().guide(slug, language)
            return edition.title if edition else None

        def search(text: str, language: str, limit: int) -> list[tuple[str, str]]:
            library = shelf.library()
            hits = (library.guide(hit.slug, language) for hit in library.search(text, language, limit))
            return [(edition.slug, edition.title) for edition in hits if edition]

        return House(
            bot_id=settings.bot_id,
            db=self._db,
            locales=locales,
            roster=read_roster(),
            dialogue=self._dialogue,
            transport=self._transport,
            renderer=TelegramRenderer(self._keyboards),
            read_update=UpdateReader(self._keyboards, username).read,
            title=title,
            search=search,
            papers=Workshop(shelf, locales),
            pseudonym=self._pseudonym,
            operator=Operator(
                settings.operator_name,
                settings.operator_language,
                settings.privacy_url,
                settings.retention_days,
                settings.advisors_chat_id,
            ),
            now=lambda: datetime.now(UTC),
        )

    async def _introduce(self, stop: asyncio.Event) -> str:
        """Ask Telegram who we are; wait while it can't be reached, because updates are safe with it meanwhile."""
        wait = 1.0
        while not stop.is_set():
            try:
                me = await self._transport.call("getMe", {})
                return str(me.get("username", ""))
            except (WrongToken, UnknownMethod) as error:
                raise WrongToken(
                    "Telegram refuses TELEGRAM_TOKEN. Copy it again from @BotFather; if revoked, use the new one."
                ) from error
            except DeliveryError as error:
                log.warning("Telegram can't be reached yet", action="bot.waiting", reason=str(error))
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), wait)
            wait = min(30.0, wait * 2)
        return ""

    async def _serve(self, take_in: Any) -> web.AppRunner:
        app = web.Application(client_max_size=MAX_BODY_BYTES)
        app.add_routes(health_routes(self._parts(), lambda: self._draining))
        build = {"version": version(), "schema": newest_revision()}
        app.add_routes(metrics_routes(self._metrics, self._parts(), self._look, self._disk_free, build))
        if self._settings.telegram_mode == "webhook":
            app.add_routes(webhook_routes(self._settings.webhook_secret.get_secret_value(), take_in))
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=5.0)
        await runner.setup()
        try:
            await web.TCPSite(runner, self._settings.web_host, self._settings.web_port).start()
        except OSError as error:
            await runner.cleanup()
            raise PortInUse(
                f"The web server can't use {self._settings.web_host}:{self._settings.web_port} ({error.strerror}). "
                "Stop the other program, or set WEB_PORT to a free one."
            ) from error
        return runner

    async def _receive(self, take_in: Any) -> None:
        """Tell Telegram how we want our updates; in polling mode go and fetch them."""
        if self._settings.telegram_mode == "polling":
            await self._insist("deleteWebhook", {})
            self._poller = Poller(self._transport, take_in)
            await self._poller.run()
        params = {
            "url": self._settings.public_url + PATH,
            "secret_token": self._settings.webhook_secret.get_secret_value(),
            "allowed_updates": ALLOWED_UPDATES,
        }
        await self._insist("setWebhook", params)

    async def _insist(self, method: str, params: dict[str, Any]) -> None:
        wait = 1.0
        while True:
            try:
                await self._transport.call(method, params)
                return
            except UnknownMethod:
                return
            except DeliveryError as error:
                log.warning("not set", action="bot.insisting", method=method, reason=str(error))
                await asyncio.sleep(wait)
                wait = min(60.0, wait * 2)

    async def _set_profile(self, house: House) -> None:
        """Commands and descriptions in every language, told to Telegram when they have changed."""
        calls = profile(house.locales, house.roster)
        mark = f"{house.bot_id} {fingerprint(calls)}"
        async with house.db.read() as session:
            noted = await notes.get(session, PROFILE_NOTE) == mark
        if noted and await profile_stands(self._transport, calls):
            return
        if await set_profile(self._transport, calls):
            async with house.db.write() as session:
                await notes.put(session, PROFILE_NOTE, mark)

    def _parts(self) -> list[Part]:
        return [
            Part("database", self._check_database, vital=True),
            Part("telegram", self._check_telegram),
            Part("rasa", self._check_rasa),
            Part("actions", self._check_actions),
            Part("queues", self._check_queues),
        ]

    async def _check_database(self) -> dict[str, Any]:
        await self._db.check()
        return {"ok": True}

    async def _check_telegram(self) -> dict[str, Any]:
        if self._poller is not None:
            return {"ok": self._poller.healthy, "mode": "polling"}
        return {"ok": True, "mode": self._settings.telegram_mode}

    async def _check_rasa(self) -> dict[str, Any]:
        return {"ok": await self._dialogue.healthy()}

    async def _check_actions(self) -> dict[str, Any]:
        async with aiohttp.ClientSession() as session, session.get(f"{self._settings.actions_url}/health") as answer:
            return {"ok": answer.status == 200}

    async def _check_queues(self) -> dict[str, Any]:
        vitals = await self._look()
        queues = {"inbox": vitals.inbox, "outbox": vitals.outbox}
        return {"ok": True} | {
            name: {"waiting": queue.number, "oldest_seconds": queue.oldest_seconds} for name, queue in queues.items()
        }

    async def _look(self) -> Vitals:
        return await look(self._db, datetime.now(UTC))

    def _disk_free(self) -> float:
        """Bytes that are free where the database lies, or where we run if it lies on another machine."""
        file = sqlite_file(self._db)
        return float(shutil.disk_usage(file.parent if file else ".").free)


async def _cancel(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def run(settings: Settings, metrics: Metrics) -> None:
    """Run until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    mentor = Mentor(settings, metrics)
    try:
        await mentor.run(stop)
    finally:
        await mentor.close()


def main() -> int:
    """Read the settings and run; returns the exit code."""
    try:
        settings = read_settings()
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    secrets = (settings.secret_key, settings.webhook_secret, settings.mentor_channel_secret)
    metrics = Metrics()
    configure_logs(settings.log_level, [secret.get_secret_value() for secret in secrets], metrics)
    codes: dict[type[MentorError], int] = {StoreError: 3, WrongToken: 4, PortInUse: 5}
    try:
        asyncio.run(run(settings, metrics))
    except tuple(codes) as error:
        sys.stderr.write(f"{error}\n")
        return codes[type(error)]
    return 0


if __name__ == "__main__":
    sys.exit(main())
