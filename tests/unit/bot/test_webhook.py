"""The webhook: who may post, what is answered, and nothing said before it is on disk."""

import io
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.telegram.webhook import MAX_BODY_BYTES, PATH, SECRET_HEADER, webhook_routes

SECRET = {SECRET_HEADER: "the-secret"}


class Disk:
    """Where updates go; may be full."""

    def __init__(self) -> None:
        self.updates: list[dict[str, Any]] = []
        self.full = False

    async def accept(self, updates: Sequence[dict[str, Any]]) -> None:
        if self.full:
            raise OSError("no space left on device")
        self.updates.extend(updates)


@pytest.fixture
def disk() -> Disk:
    return Disk()


@pytest.fixture
async def client(disk: Disk) -> AsyncIterator[TestClient[web.Request, web.Application]]:
    app = web.Application(client_max_size=MAX_BODY_BYTES)
    app.add_routes(webhook_routes("the-secret", disk.accept))
    async with TestClient(TestServer(app)) as client:
        yield client


Client = TestClient[web.Request, web.Application]


async def test_update_with_the_secret_is_stored(client: Client, disk: Disk) -> None:
    answer = await client.post(PATH, json={"update_id": 1}, headers=SECRET)

    assert (answer.status, disk.updates) == (200, [{"update_id": 1}])


@pytest.mark.parametrize("secret", [None, "", "wrong", "the-secre", "the-secret2", "x" * 5000, "\u00fc"])
async def test_wrong_secret_is_refused(client: Client, disk: Disk, secret: str | None) -> None:
    headers = {} if secret is None else {SECRET_HEADER: secret}

    answer = await client.post(PATH, json={"update_id": 1}, headers=headers)

    assert (answer.status, disk.updates) == (401, [])


NO_UPDATES = [b"", b"{", b"[]", b"null", b"3", b'"x"', b"{}", b'{"update_id":"1"}', b"\xff\xfe"]
NO_UPDATES += [b'{"update_id":true}', b'{"update_id":-1}', b'{"update_id":1e400}', b'{"update_id":9223372036854775808}']
NO_UPDATES += [b"[" * 100_000, b'{"a":' * 100_000]


@pytest.mark.parametrize("body", NO_UPDATES, ids=lambda body: repr(body[:30]))
async def test_body_that_is_no_update_is_refused(client: Client, disk: Disk, body: bytes) -> None:
    answer = await client.post(PATH, data=body, headers=SECRET)

    assert (answer.status, disk.updates) == (400, [])


async def test_body_over_a_mebibyte_is_refused(client: Client, disk: Disk) -> None:
    answer = await client.post(PATH, data=io.BytesIO(b"x" * (MAX_BODY_BYTES + 1)), headers=SECRET)

    assert (answer.status, disk.updates) == (413, [])


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
async def test_other_methods_are_refused(client: Client, method: str) -> None:
    answer = await client.request(method, PATH, headers=SECRET)

    assert answer.status == 405


async def test_what_is_not_on_disk_is_asked_for_again(client: Client, disk: Disk) -> None:
    disk.full = True
    full = await client.post(PATH, json={"update_id": 1}, headers=SECRET)
    disk.full = False
    later = await client.post(PATH, json={"update_id": 1}, headers=SECRET)

    assert (full.status, full.headers["Retry-After"], later.status) == (503, "5", 200)
    assert disk.updates == [{"update_id": 1}]
