"""`mentor migrate-database`: a stopped installation moves from SQLite to PostgreSQL."""

import asyncio
import sqlite3
import tempfile
from dataclasses import dataclass
from pathlib import Path

import click
from sqlalchemy import Table as SqlTable
from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import StoreError
from bot.store.database import Database
from bot.store.tables import Table
from bot.store.transfer import counts, fill, fingerprint, others_connected, revision, snapshot, sqlite_file
from tools import backup, installation
from tools.errors import DatabaseUnusable, MentorRuns, WrongSettings
from tools.installation import Installation, open_database
from tools.paths import ROOT


@dataclass(frozen=True)
class Move:
    """One database and where it goes."""

    setting: str
    """The setting that names it."""
    source: str
    target: str


async def move_all(place: Installation, moves: list[Move]) -> dict[str, int]:
    """Carry the databases over; the old ones are left as they are. Returns how many rows each table has.

    Raises:
        MentorRuns: the mentor has to be stopped first.
        WrongSettings: an address is not of the kind that is needed.
        DatabaseUnusable: a database can't be used, the new one is not empty, or something arrived otherwise.
    """
    for move in moves:
        _see_kinds(move)
    await installation.see_that_it_is_stopped(place)
    rows: dict[str, int] = {}
    (place.root / "var").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="move-", dir=place.root / "var") as name:
        for move in moves:
            copy = Path(name) / f"{move.setting}.db"
            await _copy(move, copy)
            rows |= await _carry(move, copy)
    return rows


def _see_kinds(move: Move) -> None:
    if not move.source.startswith("sqlite:"):
        raise WrongSettings(f"{move.setting} is not an SQLite file: there is nothing to move.")
    if make_url(move.target).get_backend_name() not in ("postgresql", "postgres"):
        raise WrongSettings("The new address should begin with postgresql://.")


async def _copy(move: Move, file: Path) -> None:
    """A copy at the newest schema, so that the old file is only read."""
    source, copy = open_database(move.source), open_database(f"sqlite:///{file}")
    try:
        if await others_connected(source):
            raise MentorRuns(f"Another program has {sqlite_file(source)} open: stop it first.")
        await snapshot(source, file)
        if move.setting == "DATABASE_URL":
            await copy.migrate()
    except StoreError as error:
        raise DatabaseUnusable(str(error)) from error
    finally:
        await source.close()
        await copy.close()


async def _carry(move: Move, file: Path) -> dict[str, int]:
    """All rows in one transaction, counted and compared before it is committed."""
    source, target = open_database(f"sqlite:///{file}"), open_database(move.target)
    try:
        tables = Table.metadata.sorted_tables
        if move.setting == "DATABASE_URL":
            await _make_ready(target)
        else:
            tables = await backup.other_tables(source)
        async with source.engine.connect() as old, target.engine.begin() as new:
            for table in tables:
                await new.run_sync(table.create, checkfirst=True)
            if found := {name: rows for name, rows in (await counts(new, tables)).items() if rows}:
                raise DatabaseUnusable(f"The new database is not empty ({_listed(found)}): give an empty one.")
            await fill(old, new, tables)
            wanted, there = await counts(old, tables), await counts(new, tables)
            different = [table.name for table in tables if not await _same(old, new, table)]
            if wanted != there or different:
                raise DatabaseUnusable(
                    f"Not all arrived as it was ({_listed(wanted)}; there {_listed(there)}; differing: {different}). "
                    "Nothing was changed; please report this."
                )
        return there
    except StoreError as error:
        raise DatabaseUnusable(str(error)) from error
    except (SQLAlchemyError, sqlite3.Error, OSError) as error:
        raise DatabaseUnusable(target.explain(error)) from error
    finally:
        await source.close()
        await target.close()


async def _make_ready(target: Database) -> None:
    """Give the new database the mentor's tables.

    Raises:
        DatabaseUnusable: there are other tables already, which are not the mentor's of this version.
    """
    before = await revision(target)
    await target.migrate()
    if before and before != await revision(target):
        raise DatabaseUnusable("The new database held an older mentor: give an empty one.")


async def _same(old: AsyncConnection, new: AsyncConnection, table: SqlTable) -> bool:
    return await fingerprint(old, table) == await fingerprint(new, table)


def _listed(rows: dict[str, int]) -> str:
    return ", ".join(f"{name} {number}" for name, number in sorted(rows.items()))


def hidden(url: str) -> str:
    """An address as it may be shown."""
    return make_url(url).render_as_string(hide_password=True)


@click.command("migrate-database")
@click.option("--to", "target", required=True, help="The new database: postgresql://user@host/name; empty.")
@click.option("--tracker-to", help="Also move Rasa's short memory, to this address (the same one will do).")
def migrate_database(target: str, tracker_to: str | None) -> None:
    """Move a stopped installation from SQLite to PostgreSQL. A password is best given by PGPASSWORD or ~/.pgpass."""
    place = installation.find(ROOT)
    moves = [Move("DATABASE_URL", place.database_url, installation.absolute(target, ROOT))]
    if tracker_to:
        moves.append(Move("TRACKER_URL", place.tracker_url, installation.absolute(tracker_to, ROOT)))
    rows = asyncio.run(move_all(place, moves))
    click.echo(f"Moved and compared, nothing lost: {_listed(rows)}.")
    for move in moves:
        click.echo(f"Now set {move.setting}={hidden(move.target)}")
    click.echo("The old files are as they were; put them away when the mentor runs on the new database.")
