"""`/health` and its two short forms for load balancers."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

CHECK_SECONDS = 3.0
Check = Callable[[], Awaitable[dict[str, Any]]]


@dataclass(frozen=True)
class Part:
    """One part of the mentor."""

    name: str
    check: Check
    """Returns facts; the key `ok` says whether the part works. Anything it raises means that it does not."""
    vital: bool = False
    """Without it nothing can be taken in: a load balancer should go elsewhere."""


def health_routes(parts: list[Part], draining: Callable[[], bool] = lambda: False) -> list[web.RouteDef]:
    """What others ask to know whether we are well.

    `GET /health`: each part in one look; 200 while updates can be taken in (status `ok`, or `degraded` with a part
    down), else 503. `GET /health/live`: 200 while the process answers at all; restart it when it does not.
    `GET /health/ready`: 200 while updates can be taken in and nobody has asked us to stop, else 503; send no traffic.
    """

    async def health(_request: web.Request) -> web.Response:
        facts = await look_at(parts)
        down = [part for part in parts if not facts[part.name]["ok"]]
        status = "ok" if not down else "down" if any(part.vital for part in down) else "degraded"
        return web.json_response({"status": status, "parts": facts}, status=503 if status == "down" else 200)

    async def live(_request: web.Request) -> web.Response:
        return web.json_response({"status": "live"})

    async def ready(_request: web.Request) -> web.Response:
        if draining():
            return web.json_response({"status": "stopping"}, status=503)
        facts = await look_at([part for part in parts if part.vital])
        down = [name for name, fact in facts.items() if not fact["ok"]]
        if down:
            return web.json_response({"status": "not ready", "down": down}, status=503)
        return web.json_response({"status": "ready"})

    return [web.get("/health", health), web.get("/health/live", live), web.get("/health/ready", ready)]


async def look_at(parts: list[Part]) -> dict[str, dict[str, Any]]:
    """The facts of each part, looked up side by side."""
    return dict(zip([part.name for part in parts], await asyncio.gather(*map(_check, parts)), strict=True))


async def _check(part: Part) -> dict[str, Any]:
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            return await part.check()
    except Exception as error:
        # The name of the error is enough here; its text may hold an address with a password.
        return {"ok": False, "error": type(error).__name__}
