"""Whole databases: copied while the mentor runs, and carried from one kind to the other."""

import asyncio
import hashlib
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Table as SqlTable
from sqlalchemy import delete, func, insert, make_url, select, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import StoreError
from bot.store.database import MIGRATIONS, Database
from bot.store.tables import Table

OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""
BATCH = 500
"""Rows in one INSERT of a copy."""


def newest_revision() -> str:
    """The revision of the schema that this program knows."""
    return str(ScriptDirectory(str(MIGRATIONS)).get_current_head())


async def revision(database: Database) -> str:
    """The revision of a database's schema; empty where there is none.

    Raises:
        StoreError: the database can't be read.
    """

    def look(connection: Connection) -> str:
        return MigrationContext.configure(connection).get_current_revision() or ""

    try:
        async with database.engine.connect() as connection:
            return await connection.run_sync(look)
    except (SQLAlchemyError, sqlite3.Error, OSError) as error:
        raise StoreError(database.explain(error)) from error


def sqlite_file(database: Database) -> Path | None:
    """The file of an SQLite database; None for others."""
    return Path(make_url(database.url).database or "") if database.is_sqlite else None


async def snapshot(source: Database, file: Path, tables: Sequence[SqlTable] | None = None) -> None:
    """Copy a database into a new SQLite file as it is at one moment; whoever writes to it meanwhile is not disturbed.

    `tables` are those to be copied where the source is PostgreSQL, by default the mentor's own.

    Raises:
        StoreError: there is no such database, it can't be read, or its schema is not the newest.
    """
    origin = sqlite_file(source)
    try:
        if origin is not None:
            await asyncio.to_thread(_copy_file, origin, file)
        else:
            await _copy_from_server(source, file, tables)
    except (SQLAlchemyError, sqlite3.Error, OSError) as error:
        raise StoreError(source.explain(error)) from error


def _copy_file(origin: Path, file: Path) -> None:
    if not origin.is_file():
        raise StoreError(f"There is no database at {origin}. Check DATABASE_URL and TRACKER_URL.")
    with closing(sqlite3.connect(origin, timeout=30)) as old, closing(sqlite3.connect(file)) as new:
        old.backup(new)
        # One file, without a write-ahead log beside it.
        new.execute("PRAGMA journal_mode=DELETE")


async def _copy_from_server(source: Database, file: Path, tables: Sequence[SqlTable] | None) -> None:
    if tables is None and await revision(source) != newest_revision():
        raise StoreError("The database's schema is not this program's. Start the mentor once, which brings it up.")
    target = Database(f"sqlite:///{file}")
    try:
        if tables is None:
            await target.migrate()
        async with source.engine.connect() as old, target.engine.begin() as new:
            # All tables as they were at one moment, whatever is written meanwhile.
            await old.execution_options(isolation_level="REPEATABLE READ")
            await fill(old, new, tables if tables is not None else Table.metadata.sorted_tables)
        await flatten(target)
    finally:
        await target.close()


async def flatten(database: Database) -> None:
    """Make one file of an SQLite database and its write-ahead log, so that it can be carried elsewhere.

    Nobody else may have it open; a later connection brings the log back.
    """
    async with database.engine.connect() as connection:
        await connection.run_sync(_leave_log)


def _leave_log(connection: Connection) -> None:
    # Past SQLAlchemy, which would begin a transaction first: the log can't be left inside one.
    cursor = connection.connection.cursor()
    cursor.execute("PRAGMA journal_mode=DELETE")
    cursor.close()


async def fill(source: AsyncConnection, target: AsyncConnection, tables: Sequence[SqlTable]) -> dict[str, int]:
    """Put the rows of `tables` in the place of those in the target; returns how many rows each has.

    Tables that the target lacks are made. The order has to be such that no row refers to a later table.
    """
    for table in tables:
        await target.run_sync(table.create, checkfirst=True)
    for table in reversed(tables):
        await target.execute(delete(table))
    return {table.name: await _copy_rows(source, target, table) for table in tables}


async def _copy_rows(source: AsyncConnection, target: AsyncConnection, table: SqlTable) -> int:
    rows = await source.stream(select(table).order_by(*table.primary_key.columns))
    number = 0
    async for batch in rows.mappings().partitions(BATCH):
        await target.execute(insert(table), [dict(row) for row in batch])
        number += len(batch)
    if number and target.dialect.name == "postgresql" and table.autoincrement_column is not None:
        await _set_sequence(target, table, table.autoincrement_column.name)
    return number


async def _set_sequence(target: AsyncConnection, table: SqlTable, column: str) -> None:
    """The next new row gets a number of its own, not that of a row that was carried over."""
    highest = select(func.max(table.c[column])).scalar_subquery()
    sequence = func.pg_get_serial_sequence(table.name, column)
    found = await target.scalar(select(sequence))
    if found is not None:
        await target.execute(select(func.setval(sequence, highest)))


async def counts(connection: AsyncConnection, tables: Sequence[SqlTable]) -> dict[str, int]:
    """How many rows each table has."""
    return {table.name: await connection.scalar(select(func.count()).select_from(table)) or 0 for table in tables}


async def fingerprint(connection: AsyncConnection, table: SqlTable) -> int:
    """A number that differs when any row of a table does, whatever the order and the kind of database."""
    total = 0
    rows = await connection.stream(select(table))
    async for batch in rows.partitions(BATCH):
        for row in batch:
            total += int.from_bytes(hashlib.sha256(repr(tuple(row)).encode("utf-8", "surrogatepass")).digest())
    return total % 2**256


async def others_connected(database: Database) -> bool:
    """True if another program has the database open.

    Raises:
        StoreError: the database can't be opened.
    """
    file = sqlite_file(database)
    try:
        if file is not None:
            return await asyncio.to_thread(_file_in_use, file)
        async with database.engine.connect() as connection:
            return bool(await connection.scalar(text(OTHERS)))
    except (SQLAlchemyError, sqlite3.Error, OSError) as error:
        raise StoreError(database.explain(error)) from error


def _file_in_use(file: Path) -> bool:
    """Leaving the write-ahead log is only possible for the last connection; it also makes one file of two."""
    if not file.is_file():
        return False
    with closing(sqlite3.connect(file, timeout=0.5)) as connection:
        try:
            connection.execute("PRAGMA journal_mode=DELETE")
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                return True
            raise
    return False
