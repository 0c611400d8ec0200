"""The chat page: static files with a strict content security policy."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from aiohttp import web

PAGE = Path(__file__).parent / "page"
TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


def add_page(app: web.Application) -> None:
    """Serve every file of the page's folder, the index at /."""
    for path in sorted(PAGE.iterdir()):
        if path.suffix in TYPES:
            app.router.add_get("/" if path.name == "index.html" else f"/page/{path.name}", _file_handler(path))


def _file_handler(path: Path) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def handle(request: web.Request) -> web.Response:
        content = await asyncio.to_thread(path.read_text, encoding="utf-8")  # Read anew: edit and reload.
        return web.Response(text=content, content_type=TYPES[path.suffix], charset="utf-8", headers=HEADERS)

    return handle
