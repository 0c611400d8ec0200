"""SQLite's side of the database: how its file is opened, and where its statements run."""

import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import aiosqlite
from sqlalchemy import URL

from bot.errors import StoreError

LOCKED_SECONDS = 30
FETCH_ROWS = 64
BEGIN_READING = "BEGIN DEFERRED"
"""Takes no lock: what is read afterwards is one moment of the database, whatever others write meanwhile."""
BEGIN_WRITING = "BEGIN IMMEDIATE"
SHORT = ("SELECT", "INSERT", "UPDATE")
"""Statements of ours that touch a few rows by an index."""


class Connection(aiosqlite.Connection):
    """Runs short statements where they are asked, and in a thread what may wait for the disk or another process.

    aiosqlite takes every statement to its thread and back: over a hundred changes of thread for one tap, and most of
    the time it took, while the statements themselves take microseconds. What can wait is the end of a transaction (for
    the disk) and, rarely, the start of a writing one (for another process): those, and all that is not known to be
    short, still go to the thread.
    """

    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if self._running and self._connection is not None:
            if fn.__name__ == "execute" and args[0] == BEGIN_WRITING and _begins_at_once(fn):
                return fn.__self__  # type: ignore[attr-defined]  # the cursor, as `execute` gives it
            if _is_short(self._connection, fn, args):
                return fn(*args, **kwargs)
        return await super()._execute(fn, *args, **kwargs)  # type: ignore[no-untyped-call]


def _begins_at_once(execute: Callable[[str], object]) -> bool:
    """Begin a writing transaction if nobody holds the lock; True if that went well."""
    execute("PRAGMA busy_timeout=0")
    try:
        execute(BEGIN_WRITING)
    except sqlite3.OperationalError:
        # Another process writes (or something is wrong, which the thread's try will tell): not waited for here.
        return False
    finally:
        execute(f"PRAGMA busy_timeout={LOCKED_SECONDS * 1000}")
    return True


def _is_short(connection: sqlite3.Connection, function: Callable[..., Any], args: tuple[Any, ...]) -> bool:
    """True if a call of the driver never waits."""
    name = function.__name__
    if getattr(function, "__self__", None) is connection:
        return name in ("cursor", "rollback")
    if name == "execute":
        statement = str(args[0])
        return statement == BEGIN_READING or statement.lstrip()[:6].upper() in SHORT
    return name in ("fetchall", "fetchone", "fetchmany", "close")


def opener(url: URL) -> Callable[[], Awaitable[Connection]]:
    """Opens connections to the file of `url`."""
    connect = partial(sqlite3.connect, url.database or "", timeout=LOCKED_SECONDS, check_same_thread=False)

    async def open_one() -> Connection:
        connection = Connection(connect, FETCH_ROWS)
        # A process that ends without closing must not hang on it.
        connection._thread.daemon = True
        await connection
        return connection

    return open_one


def make_folder(url: URL) -> None:
    """Make the folder of the file.

    Raises:
        StoreError: it can't be made.
    """
    if url.database and url.database != ":memory:":
        try:
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"The folder of the database can't be made: {error}. Check DATABASE_URL.") from error


def damage(file: Path, check: str) -> str:
    """What SQLite finds wrong with a file, or nothing. `check` is `integrity_check`, or the faster `quick_check`."""
    try:
        with closing(sqlite3.connect(file, timeout=LOCKED_SECONDS)) as connection:
            (said,) = connection.execute(f"PRAGMA {check}(1)").fetchone()
    except sqlite3.Error as error:
        said = str(error) or type(error).__name__
    return "" if said == "ok" else str(said)


def prepare(connection: Any, _record: object) -> None:
    """Set up a new connection."""
    # The driver's own transaction handling would begin too late; `begin_writing` does it.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    # FULL: a committed update or call survives a power cut (reliability D7).
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    # Deleted texts are overwritten, so that an erasure is one.
    cursor.execute("PRAGMA secure_delete=ON")
    cursor.close()


def begin_writing(connection: Any) -> None:
    """Begin a transaction that may write."""
    connection.exec_driver_sql(BEGIN_WRITING)


def begin_reading(connection: Any) -> None:
    """Begin a transaction that looks only."""
    connection.exec_driver_sql(BEGIN_READING)


def empty_log(connection: Any) -> None:
    """Write the write-ahead log back into the file and leave no byte in it."""
    # Past SQLAlchemy, which would begin a transaction first: the log can't be emptied inside one.
    cursor = connection.connection.cursor()
    cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    cursor.close()
