"""`mentor run`: the whole mentor on this machine."""

import asyncio
import errno
import json
import os
import socket
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

import click

from bot.errors import SettingsError
from bot.settings import read_settings
from tools import model, secret, settings, train
from tools.errors import NotSetUp, PortInUse, WrongSettings
from tools.journal import Journal, bare, readable
from tools.keeper import Part
from tools.parts import bot_environ, waves
from tools.paths import BOT_PYTHON, RASA_PYTHON, ROOT
from tools.publish import Publisher
from tools.settings import Settings
from tools.supervisor import Supervisor, heed_signals

STATE = Path("var/run.json")
"""What runs: for tests and for a second `mentor run`; gone when nothing does."""


def check_bot(environ: Mapping[str, str]) -> None:
    """See that the bot accepts its settings, before a model is trained for it.

    Raises:
        WrongSettings: with the bot's own sentences.
    """
    kept = dict(os.environ)
    try:
        os.environ.clear()
        os.environ.update(environ)
        read_settings(env_file=None)
    except SettingsError as mistakes:
        raise WrongSettings(str(mistakes)) from None
    finally:
        os.environ.clear()
        os.environ.update(kept)


def check_ports(ports: Mapping[str, tuple[str, int]], root: Path) -> None:
    """See that nobody has the ports.

    Raises:
        PortInUse: with one line per port.
    """
    faults = []
    for name, (host, port) in ports.items():
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                taken = error.errno == errno.EADDRINUSE
                why = "already in use" if taken else f"not to be had on {host} ({error.strerror})"
                faults.append(f"Port {port} is {why}: stop the program that has it or set {name} to another port.")
    if faults:
        running = running_pid(root)
        hint = [f"A mentor already runs in this folder (process {running})."] if running else []
        raise PortInUse("\n".join(faults + hint))


def running_pid(root: Path) -> int:
    """The process of a `mentor run` that is alive in this folder, or 0."""
    try:
        pid = int(json.loads((root / STATE).read_text(encoding="utf-8"))["pid"])
        os.kill(pid, 0)
    except (OSError, ValueError, KeyError):
        return 0
    return pid


def private_values(values: Settings, secrets: Mapping[str, str]) -> Iterator[str]:
    """Everything that must not stand in a log."""
    yield from secrets.values()
    yield values.telegram_token
    for name in ("DATABASE_URL", "TRACKER_URL", "REDIS_URL"):
        yield urlsplit(values.environ.get(name, "")).password or ""


def urls(values: Settings) -> dict[str, str]:
    """The addresses a person may want to open."""
    health = {"health": f"{values.web_url}/health"}
    return health if values.telegram_token else {"chat": f"{values.simulator_url}/"} | health


def write_state(root: Path, supervisor: Supervisor, addresses: Mapping[str, str]) -> None:
    """Note what runs."""
    parts = {keeper.part.name: {"pid": keeper.pid, "url": keeper.part.health_url} for keeper in supervisor.keepers()}
    state = {"pid": os.getpid(), "parts": parts, "urls": dict(addresses)}
    fresh = root / STATE.with_suffix(".new")
    fresh.write_text(json.dumps(state, indent=2) + "\n", encoding="utf-8")
    fresh.replace(root / STATE)


def welcome(addresses: Mapping[str, str]) -> list[str]:
    """The framed block at the end of the start."""
    stop = "Ctrl-C" if sys.stdin.isatty() else f"kill {os.getpid()}"
    chat = addresses.get("chat", "in Telegram, with your bot")
    return ["SKILLS+ Mentor is ready.", "", f"Chat:    {chat}", f"Health:  {addresses['health']}", f"Stop:    {stop}"]


async def supervise(
    root: Path,
    addresses: Mapping[str, str],
    journal: Journal,
    rows: list[list[Part]],
    publisher: Publisher | None = None,
) -> None:
    """Run all parts until told to stop; a new model takes over as soon as it is trained.

    Raises:
        KeepsDying: one of them died too often before it was ever well.
    """

    def say(name: str, line: str) -> None:
        journal.write(name, line if name == "mentor" else bare(readable(line)))

    supervisor = Supervisor(rows, say, lambda supervisor: write_state(root, supervisor, addresses))
    heed_signals(supervisor, say)
    watching: list[asyncio.Task[None]] = []

    def ready() -> None:
        journal.box(welcome(addresses))
        if publisher is not None:
            watching.append(asyncio.create_task(publisher.watch(supervisor, say)))

    try:
        await supervisor.run(ready)
    finally:
        for task in watching:
            task.cancel()
        await asyncio.gather(*watching, return_exceptions=True)
        (root / STATE).unlink(missing_ok=True)


def start(root: Path) -> None:
    """Check, train if needed, and run until told to stop."""
    values = settings.read(root)
    for python in (BOT_PYTHON, RASA_PYTHON):
        if not (root / python).exists():
            raise NotSetUp(f"{python} is missing: run `make setup`.")
    check_ports(values.ports(), root)
    secrets = secret.provide(root, values.environ)
    check_bot(bot_environ(root, values, secrets))
    journal = Journal(blot=secret.Blot(private_values(values, secrets)))
    entry = train.ensure(root, journal)
    rows = waves(root, values, secrets, model.verified(root, entry))
    asyncio.run(supervise(root, urls(values), journal, rows, Publisher(root, values, secrets, entry)))


@click.command()
@click.option("--check", "check_only", is_flag=True, help="Only see whether the settings are right.")
def run(check_only: bool) -> None:
    """Start the mentor: simulator (without TELEGRAM_TOKEN), action server, Rasa, bot."""
    if not check_only:
        start(ROOT)
        return
    values = settings.read(ROOT)
    # Those that are not there are made at the start: here something of their length stands in.
    secrets = {name: values.environ.get(name) or "x" * 43 for name in secret.NAMES}
    check_bot(bot_environ(ROOT, values, secrets))
    telegram = "Telegram" if values.telegram_token else "a simulated Telegram"
    click.echo(f"The settings are right: {telegram}, web at {values.web_url}.")
