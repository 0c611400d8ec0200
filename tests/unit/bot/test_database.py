"""The database: migrations, and what is said when it can't be used."""

import asyncio
import sqlite3
import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.engine import Connection

from bot.errors import StoreError
from bot.store import chats, notes, sqlite
from bot.store.database import Database
from bot.store.tables import Table

from .conftest import only_sqlite


async def test_migrations_in_order_equal_the_models(db: Database) -> None:
    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), Table.metadata))

    async with db.engine.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_migrating_twice_changes_nothing(db: Database) -> None:
    await db.migrate()
    await db.check()


@only_sqlite
async def test_sqlite_writes_survive_a_power_cut(db: Database) -> None:
    async with db.engine.connect() as connection:
        mode = (await connection.execute(text("PRAGMA journal_mode"))).scalar()
        synchronous = (await connection.execute(text("PRAGMA synchronous"))).scalar()

    assert (mode, synchronous) == ("wal", 2)


async def test_moment_keeps_its_instant_whatever_its_zone(db: Database) -> None:
    oslo = datetime(2026, 3, 29, 3, 30, tzinfo=timezone(timedelta(hours=2)))
    async with db.write() as session:
        row = await chats.create(session, 1, 7, first_name="Kari", language="nb", country="NO", now=oslo)
    async with db.read() as session:
        again = await chats.by_row_id(session, row.id)

    assert again is not None
    assert again.created_at == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


async def test_failed_transaction_leaves_nothing(db: Database) -> None:
    async def fails_in_the_middle() -> None:
        async with db.write() as session:
            await notes.put(session, "a", "b")
            raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError):
        await fails_in_the_middle()

    async with db.read() as session:
        assert await notes.get(session, "a") == ""


async def test_damaged_file_is_named_and_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "mentor.db"
    file.write_bytes(b"this is no database at all" * 100)
    before = file.read_bytes()
    database = Database(f"sqlite:///{file}")

    with pytest.raises(StoreError, match="is damaged"):
        await database.migrate()
    await database.close()

    assert file.read_bytes() == before


async def test_newer_schema_is_not_touched(tmp_path: Path) -> None:
    file = tmp_path / "mentor.db"
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        connection.execute("INSERT INTO alembic_version VALUES ('9999')")
    database = Database(f"sqlite:///{file}")

    with pytest.raises(StoreError, match="newer version of the mentor"):
        await database.migrate()
    await database.close()


async def test_folder_that_can_not_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(StoreError, match="The folder of the database"):
        Database(f"sqlite:///{tmp_path}/file/sub/mentor.db")


def test_unknown_kind_of_database_is_named() -> None:
    with pytest.raises(StoreError, match="sqlite:/// or postgresql://"):
        Database("mysql://x")


async def test_password_is_not_in_the_message() -> None:
    database = Database("postgresql://mentor:geheim@127.0.0.1:1/x")

    with pytest.raises(StoreError) as caught:
        await database.check()
    await database.close()

    assert "geheim" not in str(caught.value)


async def test_reader_sees_what_was_committed_and_waits_for_nobody(db: Database) -> None:
    async with db.write() as writing:
        await notes.put(writing, "a", "new")
        await writing.flush()
        async with db.read() as reading:
            during = await notes.get(reading, "a")
    async with db.read() as reading:
        after = await notes.get(reading, "a")

    assert (during, after) == ("", "new")


@only_sqlite
async def test_what_is_read_in_one_session_is_one_moment(db: Database) -> None:
    async with db.read() as reading:
        before = await notes.get(reading, "a")
        async with db.write() as writing:
            await notes.put(writing, "a", "new")
        reading.expire_all()
        after = await notes.get(reading, "a")

    assert (before, after) == ("", "")


@only_sqlite
async def test_other_process_that_writes_is_waited_for_and_does_not_stop_the_bot(db: Database, tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "var/mentor.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    async def write() -> None:
        async with db.write() as session:
            await notes.put(session, "a", "b")

    writing = asyncio.create_task(write())
    async with asyncio.timeout(5), db.read() as session:
        # The lock is held, and still others are served.
        for _ in range(20):
            await asyncio.sleep(0)
            assert await notes.get(session, "a") == ""
    waited = not writing.done()
    other.execute("COMMIT")
    await writing
    other.close()

    assert waited
    async with db.read() as session:
        assert await notes.get(session, "a") == "b"


@only_sqlite
async def test_short_statements_run_in_the_loop_and_others_in_a_thread(db: Database) -> None:
    threads: list[int] = []

    def seen() -> str:
        threads.append(threading.get_ident())
        return "x"

    async with db.write() as session:
        raw = (await (await session.connection()).get_raw_connection()).driver_connection
        assert isinstance(raw, sqlite.Connection)
        await raw.create_function("seen", 0, seen)
        await session.execute(text("INSERT INTO notes (name, value) VALUES ('a', seen())"))
        await session.execute(text("SELECT seen()"))
        await session.execute(text("UPDATE notes SET value = seen()"))
        in_the_loop = list(threads)
        await session.execute(text("DELETE FROM notes WHERE value = seen()"))

    assert in_the_loop == [threading.get_ident()] * 3
    assert threading.get_ident() not in threads[3:]
    assert len(threads) > 3
