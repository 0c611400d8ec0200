"""Opening the database, SQLite or PostgreSQL, and bringing it to the newest schema."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, nullcontext
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.util.exc import CommandError
from sqlalchemy import event, make_url, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from bot.errors import StoreError
from bot.store import sqlite

MIGRATIONS = Path(__file__).parent / "migrations"


class Database:
    """The one way to the tables: `async with database.write() as session`."""

    def __init__(self, url: str) -> None:
        """Prepare, without connecting yet.

        Raises:
            StoreError: the address names no database that this bot can use.
        """
        self.url = _async_url(url)
        self.is_sqlite = self.url.startswith("sqlite")
        if self.is_sqlite:
            sqlite.make_folder(make_url(self.url))
            self.engine = _sqlite_engine(self.url, sqlite.begin_writing)
            # Readers see what was committed last and neither wait for the writer nor hold it up.
            self._reading = _sqlite_engine(self.url, sqlite.begin_reading)
        else:
            self.engine = create_async_engine(self.url, pool_pre_ping=True, pool_size=20, pool_timeout=10)
            self._reading = self.engine
        self._sessions = async_sessionmaker(self.engine, expire_on_commit=False)
        self._looks = async_sessionmaker(self._reading, expire_on_commit=False, autoflush=False)
        # SQLite has one writer at a time. Waiting for it here is fair and quick; its own waiting is neither.
        self._writer = asyncio.Lock() if self.is_sqlite else None

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncSession]:
        """A session in one transaction: committed at the end, rolled back on an error."""
        async with self._writer or nullcontext(), self._sessions.begin() as session:
            yield session

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """A session to look only: nothing of it is ever written."""
        async with self._looks() as session:
            yield session

    async def scrub(self) -> None:
        """After an erasure: what was deleted leaves SQLite's write-ahead log too, so that no byte of it is left.

        PostgreSQL reuses and overwrites its pages by itself.
        """
        if not self.is_sqlite:
            return
        async with self._writer or nullcontext(), self.engine.connect() as connection:
            await connection.run_sync(sqlite.empty_log)

    async def migrate(self) -> None:
        """Bring the schema to the newest revision.

        Raises:
            StoreError: the database can't be opened, is damaged, or is newer than this program.
        """
        try:
            async with self.engine.connect() as connection:
                await connection.run_sync(_upgrade)
                await connection.commit()
        except (SQLAlchemyError, sqlite3.Error, OSError, CommandError) as error:
            raise StoreError(self.explain(error)) from error

    async def check(self) -> None:
        """One small query.

        Raises:
            StoreError: the database does not answer.
        """
        try:
            async with self.engine.connect() as connection:
                await connection.execute(text("SELECT 1"))
        except (SQLAlchemyError, sqlite3.Error, OSError) as error:
            raise StoreError(self.explain(error)) from error

    async def close(self) -> None:
        """Let go of all connections."""
        await self.engine.dispose()
        await self._reading.dispose()

    def explain(self, error: Exception) -> str:
        """What is wrong with this database and what to do, in plain words, without its password."""
        name = make_url(self.url).render_as_string(hide_password=True)
        reason = str(error.orig) if isinstance(error, DBAPIError) else str(error)
        if "malformed" in reason or "not a database" in reason:
            return (
                f"The database {name} is damaged ({reason}). Nothing was changed. Restore the last backup, or try "
                "`sqlite3 FILE .recover`, and start again."
            )
        if "Can't locate revision" in reason:
            return f"The database {name} was made by a newer version of the mentor ({reason}). Update the program."
        return f"The database {name} can't be used: {reason}. Check DATABASE_URL, the folder and its rights."


def _sqlite_engine(url: str, begin: Callable[[Any], None]) -> AsyncEngine:
    engine = create_async_engine(url, async_creator=sqlite.opener(make_url(url)))
    event.listen(engine.sync_engine, "connect", sqlite.prepare)
    event.listen(engine.sync_engine, "begin", begin)
    return engine


def _async_url(url: str) -> str:
    """`url` with the asynchronous driver we use, whatever spelling the operator knows."""
    for spelling, driver in (
        ("sqlite:", "sqlite+aiosqlite:"),
        ("postgresql:", "postgresql+asyncpg:"),
        ("postgres:", "postgresql+asyncpg:"),
    ):
        if url.startswith(spelling):
            return driver + url.removeprefix(spelling)
    if url.startswith(("sqlite+aiosqlite:", "postgresql+asyncpg:")):
        return url
    raise StoreError("DATABASE_URL should begin with sqlite:/// or postgresql://.")


def _upgrade(connection: Any) -> None:
    command.upgrade(_alembic(connection), "head")


def _alembic(connection: Any) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config
