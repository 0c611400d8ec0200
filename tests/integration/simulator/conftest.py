"""A served world, its first bot over plain HTTP, and a browser in front of the chat page."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from simulator.app import Site, serve
from simulator.client import WorldClient
from simulator.world import DEFAULT_TOKEN, World

CHROMIUM = Path("/usr/bin/chromium")
THERE = CHROMIUM.exists()
SWITCHES = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run",
]  # fmt: skip

Call = Callable[..., Awaitable[Any]]
OpenPage = Callable[..., Awaitable[Page]]


@pytest_asyncio.fixture(loop_scope="module")
async def site() -> AsyncIterator[Site]:
    """A world of its own on a free port."""
    async with serve(World()) as site:
        yield site


@pytest_asyncio.fixture(loop_scope="module")
async def world(site: Site) -> AsyncIterator[WorldClient]:
    """The control interface."""
    async with WorldClient(site.url) as world:
        yield world


@pytest_asyncio.fixture(loop_scope="module")
async def call(site: Site) -> AsyncIterator[Call]:
    """Calls of the bot: await call("sendMessage", chat_id=..., text=...)."""
    async with aiohttp.ClientSession() as session:

        async def ask(method: str, **params: Any) -> Any:
            async with session.post(f"{site.url}/bot{DEFAULT_TOKEN}/{method}", json=params) as answer:
                body = await answer.json()
            assert body["ok"], body
            return body["result"]

        yield ask


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    """Headless Chromium, as Debian packages it; started once, every page gets a profile of its own."""
    if not THERE:
        pytest.skip("there is no /usr/bin/chromium: install Debian's package chromium to test the chat page")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=str(CHROMIUM), args=SWITCHES)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="module")
async def open_page(site: Site, browser: Browser) -> AsyncIterator[OpenPage]:
    """Opens the chat page: await open_page("/?lang=nb", width=390, height=844). Fails on any error in its console."""
    problems: list[str] = []
    contexts: list[BrowserContext] = []

    async def open_it(path: str = "/", *, width: int = 1280, height: int = 800, **options: Any) -> Page:
        context = await browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = await context.new_page()
        page.set_default_timeout(10_000)
        page.on("console", lambda line: problems.append(line.text) if line.type == "error" else None)
        page.on("pageerror", lambda error: problems.append(str(error)))
        await page.goto(site.url + path)
        await page.wait_for_url(re.compile(r"\?person=\d+$"))
        return page

    yield open_it
    for context in contexts:
        await context.close()
    assert problems == []
