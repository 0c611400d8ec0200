"""Webhook mode with another, smaller Bot API server still gives whole conversations."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from simulator.app import serve
from simulator.client import WorldClient
from simulator.world import DEFAULT_TOKEN, World
from tests.integration.test_start import SMALL_SERVER, ends, is_up
from tests.rasa.processes import free_port

from .conftest import ROOT, House, hears

pytestmark = [pytest.mark.e2e, pytest.mark.rasa]


async def test_whole_guide_by_webhook_from_a_small_server(house: House, tmp_path: Path) -> None:
    port = str(free_port())
    async with serve(World(speed=50, era=7_000_000)) as site, WorldClient(site.url) as world:
        for method in SMALL_SERVER:
            await world.fault("unknown_method", method=method, count=None)
        variables = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")} | {
            "PYTHONPATH": str(ROOT),
            "TELEGRAM_TOKEN": DEFAULT_TOKEN,
            "TELEGRAM_API_URL": site.url,
            "TELEGRAM_MODE": "webhook",
            "PUBLIC_URL": f"http://127.0.0.1:{port}",
            "WEBHOOK_SECRET": "a-webhook-secret",
            "WEB_PORT": port,
            "DATABASE_URL": f"sqlite:///{tmp_path}/mentor.db",
            "RASA_URL": house.rasa_url,
            "ACTIONS_URL": house.actions_url,
            "MENTOR_CHANNEL_SECRET": house.channel_secret(),
        }
        bot = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", cwd=tmp_path, env=variables, stdout=asyncio.subprocess.PIPE
        )
        await is_up(port)
        await world.waits_for_calls(1, 30, method="setWebhook", accepted="true")
        owner = await world.person("Kari", language_code="nb")
        await owner.says("/start shop-payments")
        await hears(owner, "Ta betalt på nett")
        await owner.taps("OK, vi setter i gang")
        await hears(owner, "betalingsleverandør")
        await owner.taps("Start")
        for number in range(1, 8):
            step = await hears(owner, f"{number}/8")
            await owner.taps("Ferdig, neste ▶", on=step)
        step = await hears(owner, "8/8")
        await owner.taps("Ferdig, det var alt ✅", on=step)
        await hears(owner, "✅")
        code, _ = await ends(bot)

    assert code == 0
