"""The bot as a process on a real PostgreSQL, and the way there from SQLite."""

import asyncio
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import aiohttp
import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from bot.store import notes
from bot.store.database import Database
from bot.store.tables import ChatRow, InboxRow
from simulator.app import Site
from simulator.client import WorldClient
from tests.postgres import FragileServer
from tools import migrate_database as command
from tools.errors import DatabaseUnusable, MentorRuns, WrongSettings

from .test_start import ends, environ, is_up, site, start

__all__ = ["site"]
pytestmark = pytest.mark.postgres


def migrates(folder: Path, variables: dict[str, str], monkeypatch: pytest.MonkeyPatch, *words: str) -> str:
    """`mentor migrate-database`, as an operator types it."""
    monkeypatch.setattr(command, "ROOT", folder)
    monkeypatch.delenv("TRACKER_URL", raising=False)
    for name in ("DATABASE_URL", "WEB_PORT", "TELEGRAM_TOKEN"):
        monkeypatch.setenv(name, variables[name])
    for name in ("RASA_URL", "ACTIONS_URL"):
        monkeypatch.delenv(name, raising=False)
    done = CliRunner().invoke(command.migrate_database, words)
    if done.exception is not None:
        raise done.exception
    return done.output


async def test_bot_on_postgresql_survives_kill_9(site: Site, tmp_path: Path, empty_postgres_url: str) -> None:
    variables = environ(site, tmp_path, DATABASE_URL=empty_postgres_url)
    first = await start(variables, tmp_path)
    async with WorldClient(site.url) as world:
        owner = await world.person("Kari", language_code="nb")
        await owner.says("/start")
        await owner.hears(30)
        await owner.says("/privacy")
        await world.waits_until_taken(30)
        first.kill()
        await first.wait()
        second = await start(variables, tmp_path)
        await owner.waits_for(lambda one: "Dette lagres om deg" in one.text, 30)
        # The first may have answered before it was killed; a process that is only starting can't stop cleanly.
        await is_up(variables["WEB_PORT"])

    assert (await ends(second))[0] == 0


async def test_63_crash_of_the_server_loses_nothing_and_is_over_in_ten_seconds(
    site: Site, tmp_path: Path, fragile_postgres: FragileServer
) -> None:
    variables = environ(site, tmp_path, DATABASE_URL=fragile_postgres.url("postgres"))
    process = await start(variables, tmp_path)
    await is_up(variables["WEB_PORT"])
    async with WorldClient(site.url) as world:
        owner = await world.person("Kari", language_code="nb")
        await owner.says("/start")
        await owner.hears(30)

        await asyncio.to_thread(fragile_postgres.crash)
        await owner.says("/privacy")
        down = await readiness(variables["WEB_PORT"])
        await asyncio.to_thread(fragile_postgres.start)
        began = time.monotonic()
        await owner.waits_for(lambda one: "Dette lagres om deg" in one.text, 30)
        took = time.monotonic() - began
        said = [call["params"].get("text", "") for call in await world.calls(method="sendMessage")]

    assert (await ends(process))[0] == 0
    assert down == (503, {"status": "not ready", "down": ["database"]})
    assert took < 10
    assert sum("Dette lagres om deg" in text for text in said) == 1


async def readiness(port: str) -> tuple[int, object]:
    async with aiohttp.ClientSession() as http, http.get(f"http://127.0.0.1:{port}/health/ready") as answer:
        return answer.status, await answer.json()


async def test_installation_moves_to_postgresql_and_goes_on(
    site: Site, tmp_path: Path, empty_postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    variables = environ(site, tmp_path)
    first = await start(variables, tmp_path)
    await is_up(variables["WEB_PORT"])
    async with WorldClient(site.url) as world:
        owner = await world.person("Kari", language_code="nb")
        await owner.says("/start")
        await owner.hears(30)
        with pytest.raises(MentorRuns):
            await asyncio.to_thread(migrates, tmp_path, variables, monkeypatch, "--to", empty_postgres_url)
        await ends(first)
        make_tracker(tmp_path)

        words = ("--to", empty_postgres_url, "--tracker-to", empty_postgres_url)
        said = await asyncio.to_thread(migrates, tmp_path, variables, monkeypatch, *words)
        second = await start(variables | {"DATABASE_URL": empty_postgres_url}, tmp_path)
        await owner.says("/privacy")
        await owner.waits_for(lambda one: "Dette lagres om deg" in one.text, 30)
        await ends(second)

    assert "nothing lost: " in said
    assert "chats 1" in said
    assert "inbox 1" in said
    assert "mentor_conversations 1" in said
    server = Database(empty_postgres_url)
    async with server.read() as session:
        assert await session.scalar(select(func.count(ChatRow.id))) == 1
        assert await session.scalar(select(func.count(InboxRow.id))) == 2
    await server.close()


def make_tracker(folder: Path) -> None:
    """Rasa's memory with one conversation."""
    (folder / "var").mkdir(exist_ok=True)
    with closing(sqlite3.connect(folder / "var/tracker.db")) as connection:
        connection.execute("CREATE TABLE mentor_conversations (sender VARCHAR(128) PRIMARY KEY, updated_at FLOAT)")
        connection.execute("INSERT INTO mentor_conversations VALUES ('someone', 1234567890.123)")
        connection.commit()


async def stopped(site: Site, folder: Path) -> dict[str, str]:
    """An installation with a database that nobody has open."""
    variables = environ(site, folder)
    database = Database(variables["DATABASE_URL"])
    await database.migrate()
    async with database.write() as session:
        await notes.put(session, "a", "b")
    await database.close()
    return variables


async def test_database_that_is_not_empty_is_left_alone(
    site: Site, tmp_path: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    variables = await stopped(site, tmp_path)
    server = Database(postgres_url)
    async with server.write() as session:
        await notes.put(session, "theirs", "x")

    with pytest.raises(DatabaseUnusable, match=r"not empty \(notes 1\)"):
        await asyncio.to_thread(migrates, tmp_path, variables, monkeypatch, "--to", postgres_url)

    async with server.read() as session:
        assert (await notes.get(session, "theirs"), await notes.get(session, "a")) == ("x", "")
    await server.close()


async def test_difference_on_arrival_is_noticed_and_nothing_kept(
    site: Site, tmp_path: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    variables = await stopped(site, tmp_path)
    server = Database(postgres_url)
    async with server.engine.begin() as connection:
        await connection.exec_driver_sql(
            "CREATE FUNCTION spoil() RETURNS trigger AS $$ BEGIN NEW.value := 'c'; RETURN NEW; END $$ LANGUAGE plpgsql"
        )
        await connection.exec_driver_sql(
            "CREATE TRIGGER spoil BEFORE INSERT ON notes FOR EACH ROW EXECUTE FUNCTION spoil()"
        )

    with pytest.raises(DatabaseUnusable, match=r"differing: \['notes'\]"):
        await asyncio.to_thread(migrates, tmp_path, variables, monkeypatch, "--to", postgres_url)

    async with server.read() as session:
        assert await notes.get(session, "a") == ""
    await server.close()


@pytest.mark.parametrize("target", ["sqlite:///other.db", "mysql://x/y", "nonsense"])
async def test_target_of_another_kind_is_refused(
    site: Site, tmp_path: Path, target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    variables = await stopped(site, tmp_path)

    with pytest.raises(WrongSettings, match="postgresql://"):
        await asyncio.to_thread(migrates, tmp_path, variables, monkeypatch, "--to", target)


async def test_server_that_is_not_there_is_named_without_its_password(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    variables = await stopped(site, tmp_path)
    words = ("--to", "postgresql://me:geheim@127.0.0.1:1/x")

    with pytest.raises(DatabaseUnusable) as caught:
        await asyncio.to_thread(migrates, tmp_path, variables, monkeypatch, *words)

    assert "geheim" not in str(caught.value)
