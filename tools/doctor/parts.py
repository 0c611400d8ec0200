"""The doctor at the running parts and the database."""

from collections.abc import Iterator
from datetime import UTC, datetime

import aiohttp
from sqlalchemy.exc import SQLAlchemyError

from bot.dialogue import RasaDialogue
from bot.domain.vitals import Vitals, look
from bot.errors import StoreError
from bot.settings import Settings
from bot.store import sqlite
from bot.store.transfer import sqlite_file
from tools.doctor.findings import Finding, fine, note, wrong
from tools.errors import DatabaseUnusable
from tools.installation import Installation, open_database, see_that_it_fits

LATE_SECONDS = 60.0
TICKET_SECONDS = 4 * 3600.0
ASK_SECONDS = 5.0


async def look_at_database(place: Installation) -> list[Finding]:
    """Whether the database is there, whole and ours, and what waits in it."""
    try:
        database = open_database(place.database_url)
    except DatabaseUnusable as error:
        return [wrong("database", str(error), "Set DATABASE_URL.")]
    try:
        await see_that_it_fits(database)
        vitals = await look(database, datetime.now(UTC))
    except (DatabaseUnusable, StoreError) as error:
        return [wrong("database", str(error), "")]
    except (SQLAlchemyError, OSError) as error:
        return [wrong("database", database.explain(error), "See that it runs and is not locked.")]
    finally:
        await database.close()
    file = sqlite_file(database)
    damage = sqlite.damage(file, "quick_check") if file else ""
    if damage:
        return [wrong("database", f"{file} is damaged: {damage}.", "Stop the mentor and `mentor restore` a backup.")]
    kind = "SQLite" if file else "PostgreSQL"
    return [fine("database", f"The {kind} database is there, whole and of this program's schema."), *_waiting(vitals)]


def _waiting(vitals: Vitals) -> Iterator[Finding]:
    for queue, what, advice in (
        (vitals.inbox, "updates wait for an answer", "See whether the mentor and Rasa run, and the log for why."),
        (vitals.outbox, "messages wait to be sent", "See whether Telegram can be reached, and the log for why."),
    ):
        if queue.oldest_seconds > LATE_SECONDS:
            yield wrong("queues", f"{queue.number} {what}, the oldest for {queue.oldest_seconds:.0f} s.", advice)
    if vitals.dead_letters:
        said = f"{vitals.dead_letters} updates were given up."
        yield note("queues", said, "`mentor inbox list` shows them with the reasons.")
    if vitals.tickets.oldest_seconds > TICKET_SECONDS:
        hours = vitals.tickets.oldest_seconds / 3600
        yield note(
            "advisors",
            f"{vitals.tickets.number} people wait for an advisor's answer, the longest for {hours:.0f} h.",
            "Tell the advisors' group.",
        )


async def look_at_parts(settings: Settings, web_url: str) -> list[Finding]:
    """Whether Rasa, the action server and the bot answer."""
    found = []
    dialogue = RasaDialogue(settings.rasa_urls, "", ASK_SECONDS)
    try:
        if await dialogue.healthy():
            found.append(fine("rasa", "Rasa answers and has a model."))
        else:
            addresses = ", ".join(settings.rasa_urls)
            found.append(wrong("rasa", f"Nobody with a model answers at {addresses}.", "Start it, and see its log."))
    finally:
        await dialogue.close()
    for name, url in (("actions", f"{settings.actions_url}/health"), ("bot", f"{web_url}/health")):
        status = await _status(url)
        if status == 200:
            found.append(fine(name, f"It answers at {url}."))
        else:
            said = f"It answers {url} with status {status}." if status else f"Nobody answers at {url}."
            found.append(wrong(name, said, "Start it, and see its log."))
    return found


async def _status(url: str) -> int:
    """The status of an answer; 0 for none."""
    try:
        timeout = aiohttp.ClientTimeout(total=ASK_SECONDS)
        async with aiohttp.ClientSession(timeout=timeout) as http, http.get(url) as answer:
            return answer.status
    except (aiohttp.ClientError, TimeoutError, OSError):
        return 0
