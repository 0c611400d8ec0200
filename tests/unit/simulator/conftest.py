"""A simulator on a free port, a bot that talks to it through python-telegram-bot, and Anna, a newcomer."""

import ssl
from collections.abc import AsyncIterator

import pytest
from telegram import Bot
from telegram.request import HTTPXRequest

from simulator.app import Site, serve
from simulator.client import Phone, WorldClient
from simulator.world import DEFAULT_TOKEN, World

PLAIN = {"trust_env": False, "verify": ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)}
"""No proxies of the machine, and no certificates: loading them for every bot takes longer than most tests."""


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    """A served world in which Telegram's waiting times are 200 times shorter."""
    async with serve(World(speed=200)) as site:
        yield site


@pytest.fixture
async def world(site: Site) -> AsyncIterator[WorldClient]:
    """The control interface of the served world."""
    async with WorldClient(site.url) as world:
        yield world


@pytest.fixture
async def bot(site: Site) -> AsyncIterator[Bot]:
    """The world's first bot."""
    bot = bot_at(site, DEFAULT_TOKEN)
    async with bot:
        yield bot


@pytest.fixture
async def anna(world: WorldClient) -> Phone:
    """A newcomer who has written her first word."""
    anna = await world.person("Anna", language_code="nb")
    await anna.says("/start")
    return anna


def bot_at(site: Site, token: str) -> Bot:
    """A bot that knows only this server."""
    return Bot(
        token,
        base_url=f"{site.url}/bot",
        base_file_url=f"{site.url}/file/bot",
        request=HTTPXRequest(httpx_kwargs=PLAIN),
        get_updates_request=HTTPXRequest(httpx_kwargs=PLAIN),
    )
