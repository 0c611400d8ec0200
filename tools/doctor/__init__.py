"""`mentor doctor`: looks an installation over and says in plain words what is wrong."""

import asyncio
import json
import os
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import click
from dotenv import dotenv_values

from bot.errors import SettingsError
from bot.settings import Settings, read_settings
from tools import installation, secret
from tools import settings as run_settings
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
from tools.doctor.telegram import look_at_telegram
from tools.errors import WrongSettings
from tools.parts import bot_environ
from tools.paths import ROOT

_MARKS = {Grade.FINE: ("ok", "green"), Grade.NOTE: ("note", "yellow"), Grade.WRONG: ("WRONG", "red")}


def bot_settings(root: Path, environ: Mapping[str, str]) -> Settings:
    """The settings as the bot has them: those that `mentor run` gives it, or where it runs alone, its own.

    Raises:
        WrongSettings: with the bot's own sentences.
    """
    given = run_settings.together(root, environ)
    kept = dotenv_values(root / secret.FILE) if (root / secret.FILE).is_file() else {}
    # Those that are not there are made at the start: here something of their length stands in.
    secrets = {name: given.get(name) or kept.get(name) or "x" * 43 for name in secret.NAMES}
    if run_settings.elsewhere(given):
        given |= secrets
    else:
        given = bot_environ(root, run_settings.read(root, environ), secrets)
    known = {name: given[name.upper()] for name in Settings.model_fields if given.get(name.upper())}
    try:
        return read_settings(env_file=None, **known)
    except SettingsError as mistakes:
        raise WrongSettings(str(mistakes)) from None


async def examine(root: Path, environ: Mapping[str, str] = os.environ) -> list[Finding]:
    """Look at everything; what can't be looked at is itself a finding."""
    try:
        place = installation.find(root, environ)
        settings = bot_settings(root, environ)
    except WrongSettings as mistakes:
        return [wrong("settings", sentence, "See docs/settings.md.") for sentence in str(mistakes).splitlines()]
    found = [fine("settings", "The settings are right.")]
    if not place.environ.get("TELEGRAM_TOKEN"):
        said = "There is no TELEGRAM_TOKEN: a simulated Telegram stands in for it."
        found.append(note("settings", said, "Put the token into .env when people shall use it."))
    found += look_at_versions(root)
    if not run_settings.elsewhere(place.environ):
        found += [*look_at_rasa(root), *look_at_model(root)]
    folder = root / "var"
    database = place.database_url.removeprefix("sqlite:///") if place.database_url.startswith("sqlite") else ""
    found += look_at_disk(Path(database).parent if database else folder)
    found += look_at_files(root, Path(database) if database else None)
    found += look_at_backups(root)
    telegram, stored, parts = await asyncio.gather(
        look_at_telegram(settings), look_at_database(place), look_at_parts(settings, place.web_url)
    )
    return [*found, *telegram, *stored, *parts]


def verdict(found: list[Finding]) -> None:
    """End with the exit code of the worst.

    Raises:
        Ill: something is wrong.
        Noted: something should be looked at.
    """
    ill = sum(finding.grade is Grade.WRONG for finding in found)
    noted = sum(finding.grade is Grade.NOTE for finding in found)
    if ill:
        raise Ill(f"{ill} wrong, {noted} to look at.")
    if noted:
        raise Noted(f"Nothing wrong, {noted} to look at.")


def show(finding: Finding) -> None:
    """One finding as two lines at most."""
    mark, colour = _MARKS[finding.grade]
    click.echo(f"{click.style(f'{mark:<6}', fg=colour)} {finding.about:<9} {finding.said}")
    if finding.advice:
        click.echo(f"{'':<17}{finding.advice}")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For programs: a list of objects.")
def doctor(as_json: bool) -> None:
    """Look the installation over. Exit code 0: all is well, 13: something to look at, 14: something is wrong."""
    found = asyncio.run(examine(ROOT))
    if as_json:
        click.echo(json.dumps([asdict(finding) | {"grade": finding.grade.name.lower()} for finding in found], indent=1))
    else:
        for finding in found:
            show(finding)
    verdict(found)
