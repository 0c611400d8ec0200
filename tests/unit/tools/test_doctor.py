"""The doctor: what it finds at a real simulator, a real database, and files on disk."""

import asyncio
import os
import shutil
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web
from click.testing import CliRunner

from bot.settings import Settings, read_settings
from bot.store import dead_letters, inbox
from bot.store.database import Database
from simulator.app import Site, serve
from simulator.world import DEFAULT_TOKEN, World
from tests.rasa.processes import free_port
from tools import doctor as command
from tools import model
from tools.doctor import examine, verdict
from tools.doctor.findings import Finding, Grade, Ill, Noted, fine, note, wrong
from tools.doctor.machine import (
    look_at_backups,
    look_at_disk,
    look_at_files,
    look_at_model,
    look_at_rasa,
    look_at_versions,
)
from tools.doctor.parts import look_at_database, look_at_parts
from tools.doctor.telegram import _clock, look_at_telegram
from tools.installation import Installation

ROOT = Path(__file__).resolve().parents[3]
NOW = "2026-11-24T09:00:00+00:00"


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with serve(World(speed=50)) as site:
        yield site


def settings(url: str, **more: object) -> Settings:
    return read_settings(env_file=None, **({"telegram_token": DEFAULT_TOKEN, "telegram_api_url": url} | more))


def short(found: list[Finding]) -> list[tuple[str, str]]:
    return [(finding.grade.name.lower(), finding.about) for finding in found]


async def test_healthy_bot_at_telegram(site: Site) -> None:
    found = await look_at_telegram(settings(site.url))

    assert short(found) == [("fine", "token"), ("fine", "updates"), ("fine", "clock")]


async def test_refused_token_is_named_and_not_shown(site: Site) -> None:
    token = "999:" + "B" * 35
    (found,) = await look_at_telegram(settings(site.url, telegram_token=token))

    assert (found.grade, found.about) == (Grade.WRONG, "token")
    assert "@BotFather" in found.advice
    assert token not in str(found)


async def test_server_that_is_not_there_is_named_without_the_token() -> None:
    (found,) = await look_at_telegram(settings(f"http://127.0.0.1:{free_port()}"))

    assert (found.grade, found.about) == (Grade.WRONG, "telegram")
    assert DEFAULT_TOKEN not in str(found)


async def test_webhook_that_takes_the_updates_of_a_poller_is_found(site: Site) -> None:
    await next(iter(site.world.bots.values())).webhook.start("http://127.0.0.1:1/elsewhere")

    found = await look_at_telegram(settings(site.url))

    assert ("wrong", "updates") in short(found)
    assert "http://127.0.0.1:1/elsewhere" in str(found)


async def test_webhook_that_telegram_does_not_know_is_found(site: Site) -> None:
    webhook = {"telegram_mode": "webhook", "public_url": "https://mentor.example", "webhook_secret": "s"}

    found = await look_at_telegram(settings(site.url, **webhook))

    (finding,) = [one for one in found if one.about == "updates"]
    assert finding.grade is Grade.WRONG
    assert "https://mentor.example/telegram/webhook, but knows no address" in finding.said


async def test_many_waiting_updates_are_found(site: Site) -> None:
    from simulator.client import WorldClient

    async with WorldClient(site.url) as world:
        owner = await world.person("Kari")
        for number in range(51):
            await owner.says(str(number))

    found = await look_at_telegram(settings(site.url))

    assert "51 updates wait at Telegram." in [one.said for one in found]


@pytest.mark.parametrize(
    ("off", "grades"), [(0, [Grade.FINE]), (-20, [Grade.NOTE]), (3600, [Grade.WRONG]), (-7200, [Grade.WRONG])]
)
def test_clock_is_compared(off: float, grades: list[Grade]) -> None:
    from email.utils import formatdate

    assert [one.grade for one in _clock(formatdate(time.time() + off, usegmt=True))] == grades


def test_answer_without_a_date_says_nothing_about_the_clock() -> None:
    assert list(_clock("")) == []


@asynccontextmanager
async def answering(**paths: int) -> AsyncIterator[str]:
    """A server that answers some paths with a status."""
    app = web.Application()
    for path, status in paths.items():

        async def answer(_request: web.Request, status: int = status) -> web.Response:
            return web.Response(status=status)

        app.router.add_get("/" + path.replace("__", "/"), answer)
    runner = web.AppRunner(app)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    yield f"http://127.0.0.1:{port}"
    await runner.cleanup()


async def test_parts_that_answer_are_fine() -> None:
    async with answering(health=200, webhooks__mentor__=200) as url:
        found = await look_at_parts(settings("http://x", rasa_url=url, actions_url=url), url)

    assert short(found) == [("fine", "rasa"), ("fine", "actions"), ("fine", "bot")]


async def test_parts_that_do_not_are_named() -> None:
    nobody = f"http://127.0.0.1:{free_port()}"
    async with answering(health=503, webhooks__mentor__=503) as url:
        found = await look_at_parts(settings("http://x", rasa_url=url, actions_url=nobody), url)

    assert short(found) == [("wrong", "rasa"), ("wrong", "actions"), ("wrong", "bot")]
    assert found[1].said == f"Nobody answers at {nobody}/health."
    assert found[2].said == f"It answers {url}/health with status 503."


def installed(root: Path, url: str = "") -> Installation:
    return Installation(root, url or f"sqlite:///{root}/mentor.db", f"sqlite:///{root}/t.db", "http://x", "k", {})


async def test_database_that_is_not_there_is_wrong(tmp_path: Path) -> None:
    (found,) = await look_at_database(installed(tmp_path))

    assert (found.grade, found.about) == (Grade.WRONG, "database")
    assert not any(tmp_path.iterdir())  # noqa: ASYNC240 - nothing else runs here


async def test_damaged_database_is_wrong(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/mentor.db")
    await database.migrate()
    await database.close()
    spoil(tmp_path / "mentor.db")

    (found,) = await look_at_database(installed(tmp_path))

    assert (found.grade, found.about) == (Grade.WRONG, "database")
    assert "damaged" in found.said


def spoil(file: Path) -> None:
    """Overwrite the middle of a file."""
    with file.open("rb+") as stream:
        stream.seek(file.stat().st_size // 2)
        stream.write(b"\xff" * 20000)


async def test_waiting_updates_and_dead_letters_are_told(tmp_path: Path) -> None:
    from datetime import UTC, datetime, timedelta

    database = Database(f"sqlite:///{tmp_path}/mentor.db")
    await database.migrate()
    long_ago = datetime.now(UTC) - timedelta(hours=1)
    row = {"bot_id": 1, "lane": "1", "payload": "{}", "received_at": long_ago, "available_at": long_ago}
    row |= {"attempts": 0, "apologised": False, "error": ""}
    async with database.write() as session:
        await inbox.insert_new(session, [row | {"update_id": 1, "state": "open"}])
        await inbox.insert_new(session, [row | {"update_id": 2, "state": "dead"}])
        await dead_letters.add(session, {2: 4}, "why", long_ago)
    await database.close()

    found = await look_at_database(installed(tmp_path))

    assert short(found) == [("fine", "database"), ("wrong", "queues"), ("note", "queues")]
    assert found[1].said.startswith("1 updates wait for an answer, the oldest for 36")


def test_libraries_of_this_environment_are_those_of_the_lock_file() -> None:
    assert short(list(look_at_versions(ROOT)))[0] == ("fine", "versions")


def test_other_libraries_are_named(tmp_path: Path) -> None:
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements/bot.txt").write_text("aiohttp==0.1 \\\n    --hash=x\nnever-heard==1.0\n")

    found = list(look_at_versions(tmp_path))

    assert short(found) == [("note", "versions")]
    assert short(list(look_at_rasa(tmp_path))) == [("wrong", "versions")]
    assert "instead of 0.1, never-heard missing instead of 1.0" in found[0].said


def test_full_disk_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr("tools.doctor.machine.DISK_NOTE_BYTES", usage.free + 10**12)
    low = short(list(look_at_disk(tmp_path)))
    monkeypatch.setattr("tools.doctor.machine.DISK_WRONG_BYTES", usage.free + 10**12)

    assert low == [("note", "disk")]
    assert short(list(look_at_disk(tmp_path))) == [("wrong", "disk")]


def test_secrets_that_all_may_read_are_named(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("TELEGRAM_TOKEN=x")
    (tmp_path / ".env").chmod(0o644)
    (found,) = look_at_files(tmp_path, None)
    (tmp_path / ".env").chmod(0o600)
    (after,) = look_at_files(tmp_path, None)

    assert (found.grade, after.grade) == (Grade.NOTE, Grade.FINE)
    assert found.advice == f"Run `chmod 600 {tmp_path}/.env`."


def test_81_tampered_model_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "models/a.tar.gz").write_bytes(b"model")
    digest = model.file_hash(tmp_path / "models/a.tar.gz")
    model.record(tmp_path, model.Current("a.tar.gz", digest, model.fingerprint(tmp_path), NOW, 1.0))
    before = short(list(look_at_model(tmp_path)))
    (tmp_path / "models/a.tar.gz").write_bytes(b"other")

    assert before == [("fine", "model")]
    assert short(list(look_at_model(tmp_path))) == [("wrong", "model")]


def test_old_backups_are_noted(tmp_path: Path) -> None:
    folder = tmp_path / "var/backups"
    none = short(list(look_at_backups(tmp_path)))
    folder.mkdir(parents=True)
    (folder / "mentor-1.tar.gz").write_bytes(b"")
    new = short(list(look_at_backups(tmp_path)))
    old = time.time() - 5 * 86400
    os.utime(folder / "mentor-1.tar.gz", (old, old))
    (found,) = look_at_backups(tmp_path)

    assert (none, new) == ([("note", "backups")], [("fine", "backups")])
    assert found.said == "The last backup is 5 days old."


def test_wrong_settings_are_findings_in_the_words_of_the_bot(tmp_path: Path) -> None:
    found = asyncio.run(examine(tmp_path, {"TELEGRAM_TOKEN": "123456:" + "A" * 35, "RETENTION_DAYS": "1"}))

    assert short(found) == [("wrong", "settings")]
    assert found[0].said.startswith("RETENTION_DAYS")


async def test_bot_that_runs_apart_from_rasa_is_looked_at_alone(tmp_path: Path) -> None:
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements/bot.txt").write_text("")
    async with answering(health=200, webhooks__mentor__=200) as url:
        port = url.rpartition(":")[2]
        names = {"RASA_URL": f"http://rasa.invalid:1,{url}", "ACTIONS_URL": url, "WEB_PORT": port}
        token = {"TELEGRAM_TOKEN": "123456:" + "A" * 35, "TELEGRAM_API_URL": url}
        found = await examine(tmp_path, names | token)

    assert {("fine", "settings"), ("fine", "rasa"), ("fine", "actions")} <= set(short(found))
    assert [one for one in found if one.about == "model"] == []


def test_exit_code_is_that_of_the_worst() -> None:
    verdict([fine("a", "x")])
    with pytest.raises(Noted) as noted:
        verdict([fine("a", "x"), note("b", "y", "z")])
    with pytest.raises(Ill) as ill:
        verdict([wrong("a", "x", "z"), note("b", "y", "z")])

    assert (noted.value.exit_code, ill.value.exit_code) == (13, 14)
    assert str(ill.value) == "1 wrong, 1 to look at."


def test_doctor_says_how_it_is_and_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "ROOT", tmp_path)
    monkeypatch.setenv("WEB_PORT", "none")

    done = CliRunner().invoke(command.doctor)

    assert isinstance(done.exception, Ill)
    assert done.output.splitlines() == [
        "WRONG  settings  WEB_PORT=none is not a port: give a number from 1 to 65535.",
        "                 See docs/settings.md.",
    ]
