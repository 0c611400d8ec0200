"""Whole databases: copied while others write, and carried between SQLite and PostgreSQL."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.domain.intake import accept
from bot.errors import StoreError
from bot.store import counters, notes
from bot.store.database import Database
from bot.store.tables import CounterRow, InboxRow, NoteRow, OutboxRow, Table
from bot.store.transfer import counts, fill, newest_revision, others_connected, revision, snapshot

from .conftest import KARI, OLA, Talk, message_update, only_sqlite


def names(folder: Path, pattern: str) -> list[str]:
    return sorted(path.name for path in folder.glob(pattern))


async def test_snapshot_is_one_moment_though_others_write(db: Database, tmp_path: Path) -> None:
    stop = asyncio.Event()
    written = 0

    async def write_pairs() -> None:
        nonlocal written
        while not stop.is_set():
            async with db.write() as session:
                await notes.put(session, f"left {written}", "x" * 500)
                await notes.put(session, f"right {written}", "x" * 500)
            written += 1

    writing = asyncio.create_task(write_pairs())
    while written < 20:
        await asyncio.sleep(0)
    for number in range(3):
        before = written
        await snapshot(db, tmp_path / f"copy{number}.db")
        with closing(sqlite3.connect(tmp_path / f"copy{number}.db")) as copy:
            names = {name for (name,) in copy.execute("SELECT name FROM notes")}
        lefts = {name.removeprefix("left ") for name in names if name.startswith("left")}
        rights = {name.removeprefix("right ") for name in names if name.startswith("right")}
        assert lefts == rights
        assert len(lefts) >= before
    stop.set()
    await writing


async def test_snapshot_is_a_single_file_at_the_same_schema(db: Database, tmp_path: Path) -> None:
    await snapshot(db, tmp_path / "copy.db")

    assert names(tmp_path, "copy.db*") == ["copy.db"]
    copy = Database(f"sqlite:///{tmp_path}/copy.db")
    assert await revision(copy) == newest_revision()
    await copy.close()


async def test_snapshot_of_nothing_names_the_place(tmp_path: Path) -> None:
    missing = Database(f"sqlite:///{tmp_path}/missing.db")

    with pytest.raises(StoreError, match=r"There is no database at .*missing.db"):
        await snapshot(missing, tmp_path / "copy.db")
    await missing.close()

    assert not (tmp_path / "missing.db").exists()


async def test_open_database_is_noticed(db: Database, tmp_path: Path) -> None:
    other = Database(db.url)
    await db.check()

    assert await others_connected(other)
    await db.close()
    assert not await others_connected(other)
    await other.close()


async def whole(database: Database) -> dict[str, list[object]]:
    """Every row of every table."""
    async with database.engine.connect() as connection:
        return {
            table.name: [tuple(row) for row in await connection.execute(select(table).order_by(*table.primary_key))]
            for table in Table.metadata.sorted_tables
        }


@pytest.mark.postgres
@only_sqlite
async def test_every_row_arrives_on_the_other_kind_and_comes_back(
    talk: Talk, db: Database, postgres_url: str, tmp_path: Path
) -> None:
    await talk.settles(KARI)
    await talk.settles(OLA)
    await talk.says(KARI, "æøå 🙂 \ud800 a\x00b")
    await accept(talk.house, [message_update(900, OLA, "waiting")])
    async with db.write() as session:
        await counters.add(session, "x", talk.clock.at)
    tables = Table.metadata.sorted_tables
    server, back = Database(postgres_url), Database(f"sqlite:///{tmp_path}/back.db")
    await back.migrate()

    async with db.engine.connect() as old, server.engine.begin() as new:
        carried = await fill(old, new, tables)
        assert carried == await counts(new, tables)
    async with server.engine.connect() as old, back.engine.begin() as new:
        await fill(old, new, tables)

    assert carried["chats"] == 2
    assert carried["inbox"] > 4
    assert await whole(server) == await whole(db) == await whole(back)
    await server.close()
    await back.close()


@pytest.mark.postgres
@only_sqlite
async def test_rows_made_after_the_move_get_numbers_of_their_own(
    talk: Talk, db: Database, empty_postgres_url: str
) -> None:
    await talk.settles(KARI)
    server = Database(empty_postgres_url)
    await server.migrate()
    async with db.engine.connect() as old, server.engine.begin() as new:
        await fill(old, new, Table.metadata.sorted_tables)

    async with server.write() as session:
        highest = await session.scalar(select(func.max(OutboxRow.id)))
        row = OutboxRow(
            bot_id=1, chat_id=1, lane="1", method="x", params="{}", created_at=talk.clock.at, available_at=talk.clock.at
        )
        session.add(row)
        await session.flush()
        assert highest is not None
        assert row.id > highest
    await server.close()


@pytest.mark.postgres
@only_sqlite
async def test_fill_replaces_what_was_there(db: Database, postgres_url: str) -> None:
    server = Database(postgres_url)
    async with server.write() as session:
        await notes.put(session, "old", "x")
    async with db.write() as session:
        await notes.put(session, "new", "y")

    async with db.engine.connect() as old, server.engine.begin() as new:
        await fill(old, new, Table.metadata.sorted_tables)

    async with server.read() as session:
        assert list(await session.scalars(select(NoteRow.name))) == ["new"]
        assert list(await session.scalars(select(CounterRow.name))) == []
        assert list(await session.scalars(select(InboxRow.id))) == []
    await server.close()
