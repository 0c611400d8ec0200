"""This installation as the commands see it that look after its data: where both databases lie, and its key."""

import asyncio
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import aiohttp
from dotenv import dotenv_values
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from bot.errors import StoreError
from bot.pseudonyms import Pseudonyms
from bot.store.database import Database
from bot.store.transfer import newest_revision, revision, sqlite_file
from tools import secret, settings
from tools.errors import DatabaseUnusable, MentorRuns, WrongSettings
from tools.run import running_pid

DATABASE_URL = "sqlite:///var/mentor.db"
LOOK_SECONDS = 3.0


@dataclass(frozen=True)
class Installation:
    """Where the data of one installation lies."""

    root: Path
    database_url: str
    """The mentor's own database; a relative SQLite path is made absolute."""
    tracker_url: str
    """Rasa's memory of the dialogues."""
    web_url: str
    key: str
    """What pseudonyms are made with; empty where there is none yet."""
    environ: Mapping[str, str]

    @property
    def pseudonyms(self) -> Pseudonyms:
        """How chats are called outside our tables.

        Raises:
            WrongSettings: there is no key.
        """
        if not self.key:
            raise WrongSettings(
                f"SECRET_KEY is neither set nor in {secret.FILE}: without it nobody knows whom to erase again. "
                "Bring back that file from where you keep it."
            )
        return Pseudonyms(self.key)


def find(root: Path, environ: Mapping[str, str] = os.environ) -> Installation:
    """Read the settings.

    Raises:
        WrongSettings: with one line per mistake.
    """
    values = settings.together(root, environ)
    reader = settings.Reader(values)
    port = reader.port("WEB_PORT", 8080)
    if reader.mistakes:
        raise WrongSettings("\n".join(reader.mistakes))
    kept = dotenv_values(root / secret.FILE) if (root / secret.FILE).is_file() else {}
    return Installation(
        root,
        absolute(reader.text("DATABASE_URL", DATABASE_URL), root),
        absolute(reader.text("TRACKER_URL", settings.TRACKER_URL), root),
        settings.web_url(reader.text("WEB_HOST", "127.0.0.1"), port),
        reader.text("SECRET_KEY") or kept.get("SECRET_KEY") or reader.text("TELEGRAM_TOKEN"),
        values,
    )


def absolute(url: str, root: Path) -> str:
    """An address without its driver, and of a file the whole path.

    Raises:
        WrongSettings: it is no address.
    """
    plain = re.sub(r"^(\w+)\+\w+:", r"\1:", url)
    try:
        parts = make_url(plain)
    except ArgumentError:
        raise WrongSettings("DATABASE_URL and TRACKER_URL should begin with sqlite:/// or postgresql://.") from None
    if parts.get_backend_name() == "sqlite" and parts.database:
        return f"sqlite:///{root / parts.database}"
    return plain


def open_database(url: str) -> Database:
    """The database at `url`, not yet connected.

    Raises:
        DatabaseUnusable: the address names none that the mentor can use.
    """
    try:
        return Database(url)
    except StoreError as error:
        raise DatabaseUnusable(str(error)) from error


async def see_that_it_fits(database: Database) -> None:
    """See that a database is there and has this program's schema.

    Raises:
        DatabaseUnusable: it is not, or has another.
        StoreError: it can't be read.
    """
    file = sqlite_file(database)
    if file is not None and not await asyncio.to_thread(file.is_file):
        raise DatabaseUnusable(f"There is no database at {file}. Check DATABASE_URL, or start the mentor once.")
    found = await revision(database)
    if found != newest_revision():
        raise DatabaseUnusable(
            f"The database has schema {found or 'none'}, this program {newest_revision()}: start the mentor once, "
            "which brings it up, or update the program."
        )


async def answers(url: str) -> bool:
    """True if anybody answers at this address, whatever the answer."""
    try:
        timeout = aiohttp.ClientTimeout(total=LOOK_SECONDS)
        async with aiohttp.ClientSession(timeout=timeout) as http, http.get(url):
            return True
    except (aiohttp.ClientError, TimeoutError, OSError):
        return False


async def see_that_it_is_stopped(installation: Installation) -> None:
    """Look for a running mentor by its process and by its web address.

    Raises:
        MentorRuns: there is one.
    """
    if pid := running_pid(installation.root):
        raise MentorRuns(f"The mentor runs here (process {pid}). Stop it first: `kill {pid}`.")
    if await answers(f"{installation.web_url}/health"):
        raise MentorRuns(f"The mentor answers at {installation.web_url}. Stop it first.")
