"""How the bot starts, and what it says when it can't: real processes, real ports, our simulator as Telegram."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from simulator.app import Site, serve
from simulator.client import WorldClient
from simulator.world import DEFAULT_TOKEN, World
from tests.rasa.processes import free_port

ROOT = Path(__file__).resolve().parent.parent.parent
SMALL_SERVER = (
    "getUpdates", "setMyCommands", "setMyDescription", "setMyShortDescription", "setMyName", "sendDocument",
    "copyMessage", "forwardMessage", "createForumTopic", "setChatMenuButton", "getFile", "leaveChat", "getChat",
)  # fmt: skip
"""What another, smaller Bot API server does not know, of all that we could ever ask."""


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with serve(World(speed=50)) as site:
        yield site


def environ(site: Site, folder: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    return kept | {
        "PYTHONPATH": str(ROOT),
        "TELEGRAM_TOKEN": DEFAULT_TOKEN,
        "TELEGRAM_API_URL": site.url,
        "DATABASE_URL": f"sqlite:///{folder}/mentor.db",
        "WEB_PORT": str(free_port()),
        "RASA_URL": "http://127.0.0.1:9",
        "ACTIONS_URL": "http://127.0.0.1:9",
        "SECRET_KEY": "a-secret-key-for-tests",
        **more,
    }


async def start(variables: dict[str, str], folder: Path) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", cwd=folder, env=variables, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip


async def failure(variables: dict[str, str], folder: Path) -> tuple[int | None, str]:
    """Exit code and the sentence for the operator of a bot that does not start."""
    process = await start(variables, folder)
    async with asyncio.timeout(60):
        _, said = await process.communicate()
    return process.returncode, said.decode()


async def is_up(port: str) -> None:
    async with asyncio.timeout(60), aiohttp.ClientSession() as session:
        while True:
            try:
                async with session.get(f"http://127.0.0.1:{port}/health") as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.05)


async def ends(process: asyncio.subprocess.Process) -> tuple[int | None, str]:
    """Ask it to stop; its exit code and its log."""
    process.send_signal(signal.SIGTERM)
    async with asyncio.timeout(30):
        log, _ = await process.communicate()
    return process.returncode, log.decode()


async def test_missing_settings_are_named(site: Site, tmp_path: Path) -> None:
    variables = environ(site, tmp_path, LOG_LEVEL="loud")
    del variables["TELEGRAM_TOKEN"]

    code, said = await failure(variables, tmp_path)

    assert code == 2
    assert [line.split(" ")[0] for line in said.splitlines()] == ["TELEGRAM_TOKEN", "LOG_LEVEL"]


async def test_wrong_token_is_told_in_one_sentence(site: Site, tmp_path: Path) -> None:
    wrong = "123456:" + "W" * 35

    code, said = await failure(environ(site, tmp_path, TELEGRAM_TOKEN=wrong), tmp_path)

    assert (code, said.count("\n")) == (4, 1)
    assert said.startswith("Telegram refuses TELEGRAM_TOKEN.")
    assert wrong not in said


async def test_port_in_use_is_told_in_one_sentence(site: Site, tmp_path: Path) -> None:
    port = site.url.rsplit(":", 1)[1]

    code, said = await failure(environ(site, tmp_path, WEB_PORT=port), tmp_path)

    assert code == 5
    assert f"127.0.0.1:{port}" in said
    assert "WEB_PORT" in said


async def test_database_that_can_not_be_opened_is_told_in_one_sentence(site: Site, tmp_path: Path) -> None:
    (tmp_path / "broken.db").write_bytes(b"no database" * 1000)

    code, said = await failure(environ(site, tmp_path, DATABASE_URL=f"sqlite:///{tmp_path}/broken.db"), tmp_path)

    assert (code, "is damaged" in said, "Traceback" in said) == (3, True, False)


async def test_bot_keeps_its_screens_with_everything_else_down(site: Site, tmp_path: Path) -> None:
    variables = environ(site, tmp_path)
    process = await start(variables, tmp_path)
    async with WorldClient(site.url) as world:
        owner = await world.person("Kari", language_code="nb")
        await owner.says("/start")
        hello = await owner.hears(30)
        await owner.taps("OK, vi setter i gang")
        slow = await owner.hears(30)
        commands = (await world.bot_shown("nb"))["commands"]
    code, log = await ends(process)

    assert hello.text.startswith("Hei. Jeg er SKILLS+ Mentor.")
    assert slow.text.startswith("Jeg har fått meldingen din.")
    assert code == 0
    assert {"command": "menu", "description": "Dette kan jeg hjelpe med"} in commands
    assert DEFAULT_TOKEN not in log
    assert "a-secret-key-for-tests" not in log


async def test_webhook_works_with_a_smaller_server(site: Site, tmp_path: Path) -> None:
    port = str(free_port())
    variables = environ(
        site,
        tmp_path,
        TELEGRAM_MODE="webhook",
        PUBLIC_URL=f"http://127.0.0.1:{port}",
        WEBHOOK_SECRET="a-webhook-secret",
        WEB_PORT=port,
    )
    async with WorldClient(site.url) as world:
        for method in SMALL_SERVER:
            await world.fault("unknown_method", method=method, count=None)
        process = await start(variables, tmp_path)
        await is_up(port)
        await world.waits_for_calls(1, 30, method="setWebhook", accepted="true")
        owner = await world.person("Kari", language_code="nb")
        await owner.says("/start")
        hello = await owner.hears(30)
        tap = await owner.taps("Annet språk")
        answer = await tap.answered()
        languages = await owner.hears(30)
        await owner.taps("Polski")
        changed = await owner.hears(30)
    code, log = await ends(process)

    assert hello.text.startswith("Hei. Jeg er SKILLS+ Mentor.")
    assert answer.text == ""
    assert (languages.edited, changed.edited) == (True, True)
    assert "Poland" in str(changed.text) or "Polska" in changed.text
    assert code == 0
    assert log.count('"method": "setMyCommands"') <= 1


async def test_update_on_disk_before_a_kill_is_answered_after_it(site: Site, tmp_path: Path) -> None:
    variables = environ(site, tmp_path)
    async with WorldClient(site.url) as world:
        first = await start(variables, tmp_path)
        owner = await world.person("Kari", language_code="nb")
        await owner.says("/start")
        await owner.hears(30)
        await owner.says("/privacy")
        await world.waits_until_taken(30)
        first.kill()
        await first.wait()
        second = await start(variables, tmp_path)
        heard = await owner.waits_for(lambda one: "Dette lagres om deg" in one.text, 30)
        code, _ = await ends(second)

    assert (heard.edited, code) == (False, 0)


async def test_second_start_meets_a_fresh_simulator(site: Site, tmp_path: Path) -> None:
    first = await start(environ(site, tmp_path), tmp_path)
    async with WorldClient(site.url) as world:
        owner = await world.person("Kari", language_code="nb")
        await owner.says("/start")
        await owner.hears(30)
    await ends(first)

    async with serve(World(era=1000)) as fresh, WorldClient(fresh.url) as world:
        second = await start(environ(fresh, tmp_path), tmp_path)
        owner = await world.person("Ola", language_code="en")
        await owner.says("/start")
        hello = await owner.hears(30)
        await world.waits_for_calls(1, 30, method="setMyCommands")
        await ends(second)

    assert hello.text.startswith("Hello. I am SKILLS+ Mentor.")
