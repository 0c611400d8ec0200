"""What a running bot shows to machines: real process, real port."""

import asyncio
from pathlib import Path

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from simulator.app import Site
from simulator.client import WorldClient

from .test_start import ends, environ, is_up, site, start

__all__ = ["site"]


async def read(port: str, path: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as http, http.get(f"http://127.0.0.1:{port}{path}") as answer:
        return answer.status, await answer.text()


async def told(port: str) -> dict[str, float]:
    """The samples without labels, and those of one action or part by its name."""
    _, text = await read(port, "/metrics")
    return {
        " ".join([sample.name, *sample.labels.values()]): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


@pytest.mark.parametrize("level", ["INFO", "ERROR"])
async def test_running_bot_counts_what_it_does(site: Site, tmp_path: Path, level: str) -> None:
    variables = environ(site, tmp_path, LOG_LEVEL=level)
    port = variables["WEB_PORT"]
    process = await start(variables, tmp_path)
    await is_up(port)
    async with WorldClient(site.url) as world:
        owner = await world.person("Kari", language_code="nb")
        await owner.says("/start")
        await owner.hears(30)
    async with asyncio.timeout(30):
        while "mentor_events_total sender.sent" not in (found := await told(port)):
            await asyncio.sleep(0.05)

    assert found["mentor_events_total worker.handled"] == 1
    assert found["mentor_inbox_waiting"] == 0
    assert found["mentor_part_up database"] == 1
    assert found["mentor_part_up rasa"] == 0
    assert found["mentor_disk_free_bytes"] > 0
    assert found["process_resident_memory_bytes"] > 1e6
    assert [(await read(port, f"/health/{kind}"))[0] for kind in ("live", "ready")] == [200, 200]
    assert "Kari" not in (await read(port, "/metrics"))[1]
    assert (await ends(process))[0] == 0
