"""`mentor backup`: one file with everything the mentor knows, made while it runs."""

import asyncio
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click
from sqlalchemy import MetaData
from sqlalchemy import Table as SqlTable
from sqlalchemy.engine import Connection

from bot.errors import StoreError
from bot.store.database import Database
from bot.store.tables import Table
from bot.store.transfer import flatten, revision, snapshot
from tools import archive, installation
from tools.errors import DatabaseUnusable, Stop
from tools.installation import Installation, open_database
from tools.paths import ROOT

FOLDER = Path("var/backups")
RECIPIENTS = "BACKUP_RECIPIENTS"


def default_file(root: Path, now: datetime, *, sealed: bool) -> Path:
    """Where a backup goes that nobody named."""
    return root / FOLDER / f"mentor-{now:%Y%m%d-%H%M%S}.tar.gz{'.age' if sealed else ''}"


def recipients(place: Installation) -> list[str]:
    """The public keys that backups are encrypted for; none means not encrypted."""
    return [key.strip() for key in place.environ.get(RECIPIENTS, "").split(",") if key.strip()]


async def other_tables(database: Database) -> list[SqlTable]:
    """The tables of Rasa's memory, which may share a database with ours."""

    def look(connection: Connection) -> list[SqlTable]:
        found = MetaData()
        found.reflect(connection)
        ours = {*Table.metadata.tables, "alembic_version"}
        return [table for table in found.sorted_tables if table.name not in ours]

    async with database.engine.connect() as connection:
        return await connection.run_sync(look)


async def copy_both(place: Installation, folder: Path) -> str:
    """Copy the databases into `folder`; returns the revision of the mentor's schema.

    Raises:
        StoreError: one of them can't be read.
    """
    mentor, tracker = open_database(place.database_url), open_database(place.tracker_url)
    try:
        await snapshot(mentor, folder / archive.MENTOR)
        if exists(place.tracker_url):
            tables = None if tracker.is_sqlite else await other_tables(tracker)
            await snapshot(tracker, folder / archive.TRACKER, tables)
        return await _revision_of(folder / archive.MENTOR)
    finally:
        await mentor.close()
        await tracker.close()


async def _revision_of(file: Path) -> str:
    copy = open_database(f"sqlite:///{file}")
    try:
        found = await revision(copy)
        await flatten(copy)
        return found
    finally:
        await copy.close()


def exists(url: str) -> bool:
    """False for an SQLite file that was never made: Rasa has not run yet."""
    return not url.startswith("sqlite:///") or Path(url.removeprefix("sqlite:///")).is_file()


def make(place: Installation, file: Path, now: datetime, keys: Sequence[str]) -> None:
    """Make a backup at `file`.

    Raises:
        DatabaseUnusable: a database can't be read.
        Stop: the file can't be written.
    """
    (place.root / "var").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="backup-", dir=place.root / "var") as name:
        folder = Path(name)
        try:
            schema = asyncio.run(copy_both(place, folder))
        except StoreError as error:
            raise DatabaseUnusable(str(error)) from error
        try:
            archive.pack(folder, now.isoformat(timespec="seconds"), schema, file, keys)
        except OSError as error:
            raise Stop(f"The backup can't be written to {file}: {error.strerror or error}.") from error


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), required=False)
def backup(file: Path | None) -> None:
    """Back up both databases into FILE (default: var/backups/), while the mentor runs."""
    place, now = installation.find(ROOT), datetime.now(UTC)
    keys = recipients(place)
    target = file or default_file(place.root, now, sealed=bool(keys))
    make(place, target, now, keys)
    click.echo(f"Backed up to {target} ({target.stat().st_size / 1e6:.1f} MB, {'' if keys else 'not '}encrypted).")
    click.echo("SECRET_KEY is not in it: keep var/secrets.env, or your own settings, apart from the backups.")
