"""The server as a process: starts, says that it is well, stops when told to, and keeps quiet about what people write."""

import asyncio
import json
import os
import signal
import socket
import sys
from pathlib import Path

import aiohttp
import pytest

ROOT = Path(__file__).parents[3]
SECRET = "xyzzy-4111"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def healthy(session: aiohttp.ClientSession, process: asyncio.subprocess.Process) -> bool:
    """Wait until the server answers; False if it ended instead."""
    while process.returncode is None:
        try:
            async with session.get("/health") as response:
                return (await response.json())["status"] == "ok"
        except aiohttp.ClientConnectionError:
            await asyncio.sleep(0.05)
    return False


@pytest.mark.slow
@pytest.mark.timeout(60)
async def test_server_starts_answers_and_stops_cleanly(root: Path) -> None:
    (root.parent / "languages.yml").write_text((ROOT / "languages.yml").read_text(encoding="utf-8"), encoding="utf-8")
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "actions", "--port", str(port), "--guides", str(root)),
        cwd=ROOT,
        env=os.environ | {"LOG_LEVEL": "DEBUG"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    call = {
        "next_action": "action_offer_guides",
        "sender_id": "s",
        "version": "3.6.21",
        "tracker": {"sender_id": "s", "latest_message": {"text": f"{SECRET} card payment provider"}},
    }

    async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session:
        assert await healthy(session, process)
        async with session.post("/webhook", json=call) as response:
            answer = await response.json()
        async with session.post("/webhook", data=b"no json " + SECRET.encode()) as response:
            assert response.status >= 400
    process.send_signal(signal.SIGTERM)
    output, _ = await asyncio.wait_for(process.communicate(), 20)

    assert process.returncode == 0
    assert [response["custom"]["type"] for response in answer["responses"]] == ["text", "missed", "end"]
    logs = [json.loads(line) for line in output.decode().splitlines()]
    assert [entry["action"] for entry in logs if entry.get("action") in ("start", "stop")] == ["start", "stop"]
    assert SECRET not in output.decode()
    assert "might not be compatible" not in output.decode()


@pytest.mark.slow
@pytest.mark.timeout(60)
async def test_broken_list_of_languages_stops_the_start_with_one_sentence(root: Path) -> None:
    (root.parent / "languages.yml").write_text("languages:\n  - {code: en}\n", encoding="utf-8")

    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "actions", "--port", str(free_port()), "--guides", str(root)),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    _, errors = await asyncio.wait_for(process.communicate(), 30)

    assert process.returncode == 1
    assert errors.decode().splitlines()[-1] == (
        "languages.yml:2: a language needs code, name and level - level is one of complete, started, planned"
    )
