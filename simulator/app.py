"""The simulator as a web application: Bot API, control interface, chat page.

In a test::

    async with serve(World()) as site:
        ...  # site.url, site.world

"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp import web

from simulator.bot_api import WORLD, handle_call, handle_download
from simulator.control import ACTS, clear_faults, handler
from simulator.looking import LOOKS, handle_file
from simulator.pages import add_page
from simulator.world import DEFAULT_TOKEN, World

__all__ = ["DEFAULT_TOKEN", "Site", "create_app", "serve"]
MAX_BODY_BYTES = 60 * 1024 * 1024


@dataclass(frozen=True)
class Site:
    """A simulator that is being served."""

    world: World
    url: str
    """Without a slash at the end."""


async def _handle_health(request: web.Request) -> web.Response:
    return web.json_response({"status": "ok"})


async def _end(app: web.Application) -> None:
    """Let no long poll or delivery outlive the server."""
    for bot in app[WORLD].bots.values():
        bot.queue.end_poll("terminated: the simulator stops")
        await bot.webhook.stop()


def create_app(world: World | None = None) -> web.Application:
    """The whole site over a world of its own or the given one."""
    app = web.Application(client_max_size=MAX_BODY_BYTES)
    app[WORLD] = world or World()
    app.router.add_get("/health", _handle_health)
    for verb in ("GET", "POST"):
        app.router.add_route(verb, "/bot{token:[^/]+}/{method}", handle_call)
    app.router.add_get("/file/bot{token:[^/]+}/{path:.+}", handle_download)
    for name, act in ACTS.items():
        app.router.add_post(f"/control/{name}", handler(act))
    for path, look in LOOKS.items():
        app.router.add_get(f"/control/{path}", handler(look))
    app.router.add_delete("/control/faults", handler(clear_faults))
    app.router.add_get("/control/files/{file_id}", handle_file)
    add_page(app)
    app.on_shutdown.append(_end)
    return app


@asynccontextmanager
async def serve(world: World | None = None, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[Site]:
    """Serve a world as long as the context lasts; port 0 takes any free one."""
    app = create_app(world)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        bound = runner.addresses[0]
        yield Site(app[WORLD], f"http://{host}:{bound[1]}")
    finally:
        await runner.cleanup()
