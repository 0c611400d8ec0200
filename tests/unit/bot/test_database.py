"""The database: migrations, and what is said when it can't be used."""

import sqlite3
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.engine import Connection

from bot.errors import StoreError
from bot.store import chats, notes
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
