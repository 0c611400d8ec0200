"""kill -9 at step after step of what must be whole or not at all: migration, backup, restore."""

import asyncio
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.engine import Connection

from bot.store import chats, notes
from bot.store.database import Database, _alembic
from bot.store.tables import Table
from tests.rasa.processes import free_port
from tools import backup, restore
from tools.installation import Installation

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
FORKS = """
import os, signal, sys, traceback
from pathlib import Path

left = 0

def one_less():
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)

{program}

# Importing takes seconds and a fork takes none: every try is a process of its own, made from this one.
for line in sys.stdin:
    left, *words = line.split()
    left = int(left)
    pid = os.fork()
    if pid == 0:
        try:
            run(*words)
            os._exit(0)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
"""
AT_FILES = """
CHANGES = ("os.link", "os.rename", "os.chmod", "os.chown", "os.remove", "os.mkdir", "os.rmdir")

def count(event, arguments):
    '''Die before the n-th change of a name, a mode or an owner, or the n-th opening of a file to write.'''
    if event in CHANGES:
        one_less()
    elif event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR):
        one_less()

def run(root, file):
    word.ROOT = Path(root)
    sys.addaudithook(count)
    getattr(word, word.__name__.rpartition(".")[2])([file], standalone_mode=False)
"""
RESTORES = FORKS.format(program="import tools.restore as word\n" + AT_FILES)
BACKS_UP = FORKS.format(program="import tools.backup as word\n" + AT_FILES)
MIGRATES = FORKS.format(
    program="""
import asyncio
from sqlalchemy import event
from bot.store.database import Database

def run(url):
    database = Database(url)
    event.listen(database.engine.sync_engine, "after_cursor_execute", lambda *_: one_less())
    asyncio.run(database.migrate())
"""
)


class Forge:
    """A program that can be begun again and again, and kills itself at the n-th step."""

    def __init__(self, program: str) -> None:
        known = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
        environ = known | {"PYTHONPATH": str(ROOT), "WEB_PORT": str(free_port()), "SECRET_KEY": "key"}
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(
            [sys.executable, "-c", program], cwd=ROOT, env=environ, stdin=pipe, stdout=pipe, text=True
        )

    def dies(self, step: int, *words: str | Path) -> bool:
        """One try; False when it came to its end before it got to the step."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(" ".join(map(str, (step, *words))) + "\n")
        self._process.stdin.flush()
        # Whatever the program itself says comes before the number.
        for line in self._process.stdout:
            if line.strip() in ("0", "1", str(-signal.SIGKILL)):
                assert line.strip() != "1", "it failed by itself: see its traceback"
                return line.strip() != "0"
        raise AssertionError("the forge is broken")

    def close(self) -> None:
        """Let it end."""
        self._process.communicate()


@pytest.fixture
def forge() -> Iterator[Callable[[str], Forge]]:
    """Makes forges and ends them."""
    made: list[Forge] = []

    def make_one(program: str) -> Forge:
        made.append(Forge(program))
        return made[-1]

    yield make_one
    for each in made:
        each.close()


@pytest.fixture
def stopped(tmp_path: Path) -> Path:
    """An installation in which the present day has more people than the backup."""
    root = tmp_path / "installation"
    asyncio.run(make(root))
    return root


def place_at(root: Path) -> Installation:
    """The installation in a folder, with nobody at its web address."""
    nobody = f"http://127.0.0.1:{free_port()}"
    return Installation(root, f"sqlite:///{root}/var/mentor.db", f"sqlite:///{root}/var/tracker.db", nobody, "key", {})


async def make(root: Path) -> None:
    place = place_at(root)
    database = Database(place.database_url)
    await database.migrate()
    for number, name in enumerate(("backed up", "since then")):
        async with database.write() as session:
            await chats.create(session, 1, number, first_name=name, language="en", country="NO", now=NOW)
        if number == 0:
            await asyncio.to_thread(backup.make, place, root / "old.tar.gz", NOW, [])
    await database.close()


def people(file: Path) -> list[str]:
    """Who is in a database, which has to be whole."""
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return [name for (name,) in connection.execute("SELECT first_name FROM chats ORDER BY id")]


def test_restore_that_is_killed_leaves_the_old_or_the_new_database(
    stopped: Path, tmp_path: Path, forge: Callable[[str], Forge]
) -> None:
    restoring, seen = forge(RESTORES), []
    for step in range(1, 200):
        root = tmp_path / f"try{step}"
        shutil.copytree(stopped, root)
        died = restoring.dies(step, root, root / "old.tar.gz")
        seen.append(people(root / "var/mentor.db"))
        if not died:
            break

    assert seen[0] == ["backed up", "since then"]
    assert seen[-1] == ["backed up"]
    # Once it is the new one, it stays that.
    assert seen == sorted(seen, key=len, reverse=True)
    assert len(seen) > 10


def test_backup_that_is_killed_leaves_none_or_a_whole_one(
    stopped: Path, tmp_path: Path, forge: Callable[[str], Forge]
) -> None:
    backing_up, target, made = forge(BACKS_UP), tmp_path / "new.tar.gz", []
    for step in range(1, 200):
        died = backing_up.dies(step, stopped, target)
        made.append(target.is_file())
        assert people(stopped / "var/mentor.db") == ["backed up", "since then"]
        if made[-1]:
            place = place_at(tmp_path / f"into{step}")
            place.root.mkdir()
            asyncio.run(restore.restore_all(place, target, restore.Wishes(accept_unknown_erasures=True), NOW))
            assert people(place.root / "var/mentor.db") == ["backed up", "since then"]
            target.unlink()
        if not died:
            break

    assert (made[0], made[-1]) == (False, True)
    assert len(made) > 5


async def to_first_schema(url: str) -> None:
    """A database as the first version left it, with something in it."""
    database = Database(url)

    def upgrade(connection: Connection) -> None:
        command.upgrade(_alembic(connection), "0001")

    async with database.engine.connect() as connection:
        await connection.run_sync(upgrade)
        await connection.commit()
    async with database.write() as session:
        await notes.put(session, "a", "b")
    await database.close()


async def whole_after(url: str) -> bool:
    """Whether a migration from here leads to the models, with all content."""
    database = Database(url)
    await database.migrate()

    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), Table.metadata))

    async with database.engine.connect() as connection:
        found = await connection.run_sync(differences)
    async with database.read() as session:
        kept = await notes.get(session, "a")
    await database.close()
    return (found, kept) == ([], "b")


async def test_61_migration_that_is_killed_can_be_done_again(tmp_path: Path, forge: Callable[[str], Forge]) -> None:
    await to_first_schema(f"sqlite:///{tmp_path}/first.db")
    migrating, step, died = forge(MIGRATES), 0, True
    while died:
        step += 1
        shutil.copyfile(tmp_path / "first.db", tmp_path / f"{step}.db")
        died = await asyncio.to_thread(migrating.dies, step, f"sqlite:///{tmp_path}/{step}.db")
        assert await whole_after(f"sqlite:///{tmp_path}/{step}.db")

    assert step > 15


@pytest.mark.postgres
@pytest.mark.parametrize("step", [1, 5, 9, 13, 17])
async def test_61_migration_that_is_killed_on_postgresql_can_be_done_again(
    empty_postgres_url: str, step: int, forge: Callable[[str], Forge]
) -> None:
    await to_first_schema(empty_postgres_url)

    assert await asyncio.to_thread(forge(MIGRATES).dies, step, empty_postgres_url)

    assert await whole_after(empty_postgres_url)
