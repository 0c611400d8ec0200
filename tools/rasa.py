"""`mentor rasa`: the trained model alone, for systemd and containers, where nobody else looks at its checksum."""

import os
from collections.abc import Mapping
from pathlib import Path

import click

from tools import model
from tools.errors import NotSetUp, WrongSettings
from tools.parts import rasa_environ, rasa_line
from tools.paths import RASA_PYTHON, ROOT
from tools.settings import TRACKER_URL

NEEDED = ("RASA_TOKEN", "MENTOR_CHANNEL_SECRET")
PASSED_ON = (*NEEDED, "TRACKER_URL", "LOG_LEVEL")
ACTIONS_URL = "http://127.0.0.1:5055"


def command_line(root: Path, interface: str, port: int, environ: Mapping[str, str]) -> tuple[list[str], dict[str, str]]:
    """The program to become, and all its variables.

    Raises:
        WrongSettings: a secret is missing.
        NotSetUp: there is no environment for Rasa, or no model.
        ModelTampered: the model is not the one that was trained.
    """
    missing = [name for name in NEEDED if not environ.get(name)]
    if missing:
        raise WrongSettings("\n".join(f"{name} is missing: the bot has to have the same one." for name in missing))
    if not (root / RASA_PYTHON).exists():
        raise NotSetUp(f"{RASA_PYTHON} is missing: run `make setup`.")
    entry = model.current(root)
    if entry is None:
        raise NotSetUp("There is no trained model: run `mentor train`, or put the folder models/ in its place.")
    line = list(rasa_line(root, model.verified(root, entry), interface, port))
    given = {name: environ[name] for name in PASSED_ON if environ.get(name)}
    actions = environ.get("ACTIONS_URL") or ACTIONS_URL
    given["ACTIONS_URL"] = actions if actions.endswith("/webhook") else f"{actions.rstrip('/')}/webhook"
    return line, rasa_environ(root, environ) | {"TRACKER_URL": TRACKER_URL} | given


@click.command()
@click.option("--interface", default="127.0.0.1", show_default=True, help="Anything else only in a closed network.")
@click.option("--port", type=click.IntRange(1, 65535), default=5005, show_default=True)
def rasa(interface: str, port: int) -> None:
    """Check the model's checksum and become Rasa with it. Needs RASA_TOKEN and MENTOR_CHANNEL_SECRET."""
    line, environ = command_line(ROOT, interface, port, os.environ)
    os.chdir(ROOT)
    os.execve(line[0], line, environ)  # noqa: S606 - the whole purpose
