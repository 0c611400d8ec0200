"""`/metrics`: numbers for Prometheus, without anything about a person."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator

from aiohttp import web
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_1_0_0

from bot.desk.health import Part, look_at
from bot.domain.vitals import Vitals
from bot.metrics import Gauge, Metrics

LOOK_SECONDS = 3.0


def metrics_routes(
    metrics: Metrics,
    parts: list[Part],
    vitals: Callable[[], Awaitable[Vitals]],
    disk_free: Callable[[], float],
    build: dict[str, str],
) -> list[web.RouteDef]:
    """`GET /metrics`. `disk_free` gives the free bytes where the database lies, `build` what runs."""

    async def show(_request: web.Request) -> web.Response:
        facts, found = await asyncio.gather(look_at(parts), _vitals(vitals))
        gauges = [("mentor_build_info", "What runs here.", 1.0, build)]
        gauges += [
            ("mentor_part_up", "1 while this part works.", float(bool(fact["ok"])), {"part": name})
            for name, fact in facts.items()
        ]
        gauges.append(("mentor_disk_free_bytes", "Free space where the database lies.", disk_free(), {}))
        if found is not None:
            gauges += _queue_gauges(found)
        return web.Response(body=metrics.text(gauges), headers={"Content-Type": CONTENT_TYPE_PLAIN_1_0_0})

    return [web.get("/metrics", show)]


async def _vitals(vitals: Callable[[], Awaitable[Vitals]]) -> Vitals | None:
    """None while the database does not answer: the gauges are missing then, and the part is down."""
    try:
        async with asyncio.timeout(LOOK_SECONDS):
            return await vitals()
    except Exception:
        return None


def _queue_gauges(vitals: Vitals) -> Iterator[Gauge]:
    for name, what in (
        ("inbox", "updates whose effect is still to come"),
        ("outbox", "calls on their way to Telegram"),
        ("tickets", "people without an advisor's first answer"),
    ):
        waiting = getattr(vitals, name)
        yield f"mentor_{name}_waiting", f"Number of {what}.", float(waiting.number), {}
        yield f"mentor_{name}_oldest_seconds", f"Age of the oldest of the {what}.", waiting.oldest_seconds, {}
    yield "mentor_dead_letters", "Updates that were given up and wait for the operator.", vitals.dead_letters, {}
