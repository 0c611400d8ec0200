"""`/health` tells each part's state."""

import asyncio
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.desk import health
from bot.desk.health import Part, health_routes


async def fine() -> dict[str, Any]:
    return {"ok": True}


async def down() -> dict[str, Any]:
    return {"ok": False}


async def broken() -> dict[str, Any]:
    raise ConnectionError("postgresql://user:password@host")


async def look(*parts: Part, path: str = "/health", draining: bool = False) -> tuple[int, Any]:
    app = web.Application()
    app.add_routes(health_routes(list(parts), lambda: draining))
    async with TestClient(TestServer(app)) as client:
        answer = await client.get(path)
        return answer.status, await answer.json()


async def test_everything_fine_is_ok() -> None:
    assert await look(Part("a", fine)) == (200, {"status": "ok", "parts": {"a": {"ok": True}}})


async def test_part_that_is_down_degrades() -> None:
    status, body = await look(Part("a", fine, vital=True), Part("b", down))

    assert (status, body["status"]) == (200, "degraded")


async def test_vital_part_that_fails_is_down_and_tells_no_secret() -> None:
    status, body = await look(Part("a", broken, vital=True))

    assert (status, body) == (503, {"status": "down", "parts": {"a": {"ok": False, "error": "ConnectionError"}}})


async def test_part_that_hangs_is_down(monkeypatch: Any) -> None:
    monkeypatch.setattr(health, "CHECK_SECONDS", 0.01)

    async def hangs() -> dict[str, Any]:
        await asyncio.Event().wait()
        return {}

    _, body = await look(Part("a", hangs))
    assert body["parts"]["a"] == {"ok": False, "error": "TimeoutError"}


async def test_live_process_says_so_though_its_database_is_down() -> None:
    assert await look(Part("a", broken, vital=True), path="/health/live") == (200, {"status": "live"})


async def test_ready_is_who_can_take_in_updates() -> None:
    parts = [Part("database", fine, vital=True), Part("rasa", down)]

    assert await look(*parts, path="/health/ready") == (200, {"status": "ready"})


async def test_without_a_vital_part_nobody_is_ready() -> None:
    answer = await look(Part("database", broken, vital=True), Part("rasa", fine), path="/health/ready")

    assert answer == (503, {"status": "not ready", "down": ["database"]})


async def test_who_is_stopping_is_not_ready_but_live() -> None:
    part = Part("database", fine, vital=True)

    assert await look(part, path="/health/ready", draining=True) == (503, {"status": "stopping"})
    assert (await look(part, path="/health/live", draining=True))[0] == 200
