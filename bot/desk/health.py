"""`/health`: the state of each part in one look."""

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


def health_routes(parts: list[Part]) -> list[web.RouteDef]:
    """`GET /health`: 200 while updates can be taken in (status `ok`, or `degraded` with a part down), else 503."""

    async def health(_request: web.Request) -> web.Response:
        facts = dict(zip([part.name for part in parts], await asyncio.gather(*map(_check, parts)), strict=True))
        down = [part for part in parts if not facts[part.name]["ok"]]
        status = "ok" if not down else "down" if any(part.vital for part in down) else "degraded"
        return web.json_response({"status": status, "parts": facts}, status=503 if status == "down" else 200)

    return [web.get("/health", health)]


async def _check(part: Part) -> dict[str, Any]:
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            return await part.check()
    except Exception as error:
        # The name of the error is enough here; its text may hold an address with a password.
        return {"ok": False, "error": type(error).__name__}
