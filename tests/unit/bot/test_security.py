"""What has no better place among the security points S1 to S18 (docs/security.md says where the others are)."""

import ast
import asyncio
import gzip
import importlib
import json
import logging
import pkgutil
import re
import resource
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from aiohttp import web
from aiohttp.test_utils import TestServer

import actions
import bot
from bot.logs import configure_logs
from bot.telegram import webhook
from bot.telegram.webhook import MAX_BODY_BYTES, PATH, SECRET_HEADER, webhook_routes
from tools import secret, settings
from tools.parts import waves

from .test_logs import logging_as_before

__all__ = ["logging_as_before"]
ROOT = Path(__file__).resolve().parents[3]
SECRET = "the-secret-of-the-webhook"


async def ignore(_updates: Any) -> None:
    return None


async def site() -> TestServer:
    app = web.Application(client_max_size=MAX_BODY_BYTES)
    app.add_routes(webhook_routes(SECRET, ignore))
    server = TestServer(app)
    await server.start_server()
    return server


async def exchange(server: TestServer, *pieces: bytes) -> bytes:
    """Send raw bytes; what comes back until the server has said a whole answer or closed."""
    assert server.port is not None
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    try:
        for piece in pieces:
            writer.write(piece)
        await writer.drain()
        async with asyncio.timeout(20):
            return await reader.readuntil(b"\r\n")
    finally:
        writer.close()


async def test_10_body_that_unpacks_to_a_thousandfold_is_refused_in_little_memory() -> None:
    body = gzip.compress(b"x" * 200_000_000)
    head = f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\nContent-Length: {len(body)}\r\n"
    head += f"{SECRET_HEADER}: {SECRET}\r\n\r\n"
    server = await site()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    status = (await exchange(server, head.encode(), body)).split()[1]

    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    await server.close()
    assert status in (b"413", b"400")
    assert grown < 40_000


async def test_11_body_that_never_ends_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook, "BODY_SECONDS", 0.2)
    head = f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n{SECRET_HEADER}: {SECRET}\r\n\r\n"
    server = await site()

    slow = asyncio.create_task(exchange(server, head.encode(), b"{"))
    whole = head.replace("1000", "15").encode()
    other = await exchange(server, whole, b'{"update_id":1}')
    late = await slow
    await server.close()

    assert other.split()[1] == b"200"
    assert late.split()[1] == b"408"


async def test_12_wrong_secret_is_not_logged(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("DEBUG", [SECRET])
    server = await site()
    head = f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n{SECRET_HEADER}: a-guess-of-somebody\r\n\r\n"

    status = (await exchange(server, head.encode(), b"{}")).split()[1]
    await server.close()

    said = capsys.readouterr().out
    assert status == b"401"
    assert "a-guess-of-somebody" not in said
    assert SECRET not in said


def test_log_line_stays_one_line_whatever_is_in_it(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("INFO")

    structlog.get_logger().info("x", action="a.b", who='Kari\n{"event": "forged"}\r\u2028\x1b[31m')
    logging.getLogger("library").warning("broken\nline")

    lines = capsys.readouterr().out.splitlines()
    assert [json.loads(line)["event"] for line in lines if line.startswith("{")] == ["x", "broken\nline"]


def modules(package: Any) -> Iterator[str]:
    yield package.__name__
    for found in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        if "migrations" not in found.name and not found.name.endswith("__main__"):
            yield found.name


def patterns() -> dict[str, re.Pattern[str]]:
    """Every pattern of the bot and the actions that is made once, by where it stands."""
    found = {}
    for name in [*modules(bot), *modules(actions)]:
        for key, value in vars(importlib.import_module(name)).items():
            each = value if isinstance(value, (list, tuple)) else [value]
            for item in each:
                for one in item if isinstance(item, tuple) else [item]:
                    if isinstance(one, re.Pattern) and isinstance(one.pattern, str):
                        found[f"{name}.{key}:{one.pattern[:40]}"] = one
    return found


LONGEST = 4096
NASTY = [
    "a" * LONGEST,
    "1" * LONGEST,
    " " * LONGEST,
    "- " * (LONGEST // 2),
    "a " * (LONGEST // 2),
    "*a" * (LONGEST // 2),
    "[" * LONGEST,
    "[a](" * (LONGEST // 4),
    "((" * (LONGEST // 2),
    "<a" * (LONGEST // 2),
    "{{" * (LONGEST // 2),
    "_a_" * (LONGEST // 3),
    "a" * (LONGEST - 1) + "!",
    "https://" + "a." * ((LONGEST - 8) // 2),
    "\u200d" * LONGEST,
]
PATTERNS = {where: pattern for where, pattern in patterns().items() if "text._FIX_LINE" not in where}
"""All but one that only ever reads a line of a guide, which editors write and whose length is capped."""


@pytest.mark.parametrize("where", sorted(PATTERNS))
def test_27_pattern_takes_no_longer_than_50_ms_for_any_text(where: str) -> None:
    pattern = PATTERNS[where]
    slow = []
    for text in NASTY:
        began = time.process_time()
        pattern.search(text)
        pattern.fullmatch(text)
        if time.process_time() - began > 0.05:
            slow.append(text[:10])

    assert slow == []


def test_27_the_patterns_are_found() -> None:
    assert len(PATTERNS) > 25
    assert any(where.startswith("bot.logs.BOT_TOKEN") for where in PATTERNS)


def imports(file: Path) -> set[str]:
    """The packages a file imports."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


def test_only_three_modules_can_call_out() -> None:
    """Rasa, Telegram and our own health check: nobody fetches an address that a person or a guide names."""
    clients = {"httpx", "requests", "urllib", "urllib3", "http", "socket", "smtplib", "ftplib", "telegram"}
    callers = set()
    for folder in ("bot", "actions"):
        for file in (ROOT / folder).rglob("*.py"):
            names = imports(file)
            serves = "aiohttp" in names and "ClientSession" not in file.read_text("utf-8")
            if names & clients or ("aiohttp" in names and not serves):
                callers.add(str(file.relative_to(ROOT)))

    assert callers == {"bot/__main__.py", "bot/dialogue.py", "bot/telegram/transport.py"}


def test_no_file_is_served_from_disk_and_nothing_is_evaluated() -> None:
    forbidden = re.compile(r"add_static|web\.static|FileResponse|\beval\(|\bexec\(|pickle|yaml\.load\(|shell=True")
    found = [
        f"{file.relative_to(ROOT)}: {match[0]}"
        for folder in ("bot", "actions")
        for file in (ROOT / folder).rglob("*.py")
        for match in forbidden.finditer(file.read_text("utf-8"))
    ]

    assert found == []


def test_web_server_is_newer_than_its_known_faults() -> None:
    (found,) = re.findall(r"^aiohttp==(\d+)\.(\d+)\.(\d+)", (ROOT / "requirements/bot.txt").read_text(), re.MULTILINE)

    assert tuple(map(int, found)) >= (3, 14, 3)


def test_rasa_and_the_actions_listen_to_this_machine_only_and_tell_nobody(tmp_path: Path) -> None:
    values = settings.read(tmp_path, {"TELEGRAM_TOKEN": "123456:" + "A" * 35, "WEB_HOST": "0.0.0.0"})  # noqa: S104
    rows = waves(tmp_path, values, dict.fromkeys(secret.NAMES, "x"), Path("models/a.tar.gz"))
    parts = {part.name: part for row in rows for part in row}

    def after(name: str, option: str) -> str:
        return parts[name].command[parts[name].command.index(option) + 1]

    assert after("rasa", "--interface") == after("actions", "--host") == "127.0.0.1"
    assert parts["rasa"].environ["RASA_TELEMETRY_ENABLED"] == "false"
    assert parts["rasa"].environ["RASA_TOKEN"]
    assert "cors" not in " ".join(parts["rasa"].command)
