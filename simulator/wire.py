"""The wire between a test and the control interface: plain requests, one session."""

import asyncio
from types import TracebackType
from typing import Any, Self

import aiohttp

Json = dict[str, Any]


class NotPossible(Exception):
    """The simulator refused a wish; the text says why."""


class Wire:
    """Requests to /control/ of one simulator; enter it before use."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=120), connector=aiohttp.TCPConnector(limit=0)
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()

    def now(self) -> float:
        """A steady clock for deadlines, in seconds."""
        return asyncio.get_running_loop().time()

    @property
    def session(self) -> aiohttp.ClientSession:
        """The open session, for requests that have no name here."""
        if self._session is None:
            raise NotPossible("The client must be entered first: async with WorldClient(url) as world.")
        return self._session

    async def download(self, file_id: str) -> bytes:
        """The content of a file by its id."""
        async with self.session.get(f"{self.url}/control/files/{file_id}") as answer:
            if answer.status != 200:
                raise NotPossible(f"There is no file {file_id}.")
            return await answer.read()

    async def get(self, path: str, **query: Any) -> Json:
        """GET /control/<path>."""
        return await self._ask(
            "GET", path, params={key: str(value) for key, value in query.items() if value is not None}
        )

    async def post(self, path: str, **body: Any) -> Json:
        """POST /control/<path>."""
        return await self._ask("POST", path, json=body)

    async def _ask(self, verb: str, path: str, **options: Any) -> Json:
        async with self.session.request(verb, f"{self.url}/control/{path}", **options) as answer:
            body: Json = await answer.json()
        if "error" in body:
            raise NotPossible(body["error"])
        return body
