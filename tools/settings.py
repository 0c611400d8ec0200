"""What `mentor run` takes from the environment and from `.env`, checked before anything starts."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from dotenv import dotenv_values

from tools.errors import WrongSettings

LOOPBACK = ("127.0.0.1", "localhost")
TRACKER_URL = "sqlite:///var/tracker.db"
"""Rasa's memory, where no setting names another place."""
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


@dataclass(frozen=True)
class Settings:
    """The settings of the supervisor."""

    telegram_token: str
    """Empty: the simulator stands in for Telegram."""
    web_host: str
    web_port: int
    rasa_port: int
    rasa_spare_port: int
    """Where the second Rasa starts when a new model takes over; free otherwise."""
    actions_port: int
    simulator_port: int
    log_level: str
    tracker_url: str
    environ: Mapping[str, str]
    """Environment and `.env` together, for the parts."""

    @property
    def web_url(self) -> str:
        """Where this machine reaches the web side."""
        return web_url(self.web_host, self.web_port)

    @property
    def rasa_ports(self) -> tuple[int, int]:
        """The two places of Rasa: at rest one of them is empty."""
        return self.rasa_port, self.rasa_spare_port

    @property
    def actions_url(self) -> str:
        """Where the action server answers; Rasa calls `/webhook` below it, the bot `/health`."""
        return f"http://127.0.0.1:{self.actions_port}"

    @property
    def simulator_url(self) -> str:
        """Where the simulator answers."""
        return f"http://127.0.0.1:{self.simulator_port}"

    def ports(self) -> dict[str, tuple[str, int]]:
        """Which setting names which address, of the parts that will run."""
        ports = {
            "RASA_URL": ("127.0.0.1", self.rasa_port),
            "RASA_SPARE_PORT": ("127.0.0.1", self.rasa_spare_port),
            "ACTIONS_URL": ("127.0.0.1", self.actions_port),
            "WEB_PORT": (self.web_host, self.web_port),
        }
        return ports if self.telegram_token else {"SIMULATOR_PORT": ("127.0.0.1", self.simulator_port)} | ports


class Reader:
    """Reads settings one by one and gathers the mistakes, so that all are told at once."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values
        self.mistakes: list[str] = []

    def text(self, name: str, default: str = "") -> str:
        """A setting as it stands."""
        return self._values.get(name, "").strip() or default

    def port(self, name: str, default: int) -> int:
        """A setting that is a port number."""
        said = self.text(name, str(default))
        if said.isdigit() and 0 < int(said) < 65536:
            return int(said)
        self.mistakes.append(f"{name}={said} is not a port: give a number from 1 to 65535.")
        return default

    def local_port(self, name: str, default: str) -> int:
        """The port of a setting that is an address on this machine."""
        said = self.text(name, default)
        try:
            url = urlsplit(said)
            if url.scheme == "http" and url.hostname in LOOPBACK and url.port:
                return url.port
        except ValueError:
            pass
        self.mistakes.append(f"{name}={said} is not for `mentor run`, which starts that part itself: give {default}.")
        return 1

    def choice(self, name: str, default: str, allowed: tuple[str, ...]) -> str:
        """A setting that is one of a few words."""
        said = self.text(name, default).upper()
        if said not in allowed:
            self.mistakes.append(f"{name}={said} is not known: give one of {', '.join(allowed)}.")
        return said


def web_url(host: str, port: int) -> str:
    """Where this machine reaches a server that listens on `host`."""
    anywhere = ("0.0.0.0", "::")  # noqa: S104 - recognised here, not bound
    host = "127.0.0.1" if host in anywhere else host
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def together(root: Path, environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The environment and `.env`; the environment counts more."""
    file = {name: value for name, value in dotenv_values(root / ".env").items() if value is not None}
    return file | dict(environ)


def elsewhere(values: Mapping[str, str]) -> bool:
    """True where Rasa or the action server runs on another machine, or in another container."""
    urls = ",".join(values.get(name, "") for name in ("RASA_URL", "ACTIONS_URL")).split(",")
    return any(urlsplit(url.strip()).hostname not in (None, *LOOPBACK) for url in urls)


def read(root: Path, environ: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings; the environment counts more than `.env`.

    Raises:
        WrongSettings: with one line per mistake.
    """
    values = together(root, environ)
    reader = Reader(values)
    settings = Settings(
        telegram_token=reader.text("TELEGRAM_TOKEN"),
        web_host=reader.text("WEB_HOST", "127.0.0.1"),
        web_port=reader.port("WEB_PORT", 8080),
        rasa_port=(rasa_port := reader.local_port("RASA_URL", "http://127.0.0.1:5005")),
        rasa_spare_port=reader.port("RASA_SPARE_PORT", min(rasa_port + 1, 65535)),
        actions_port=reader.local_port("ACTIONS_URL", "http://127.0.0.1:5055/webhook"),
        simulator_port=reader.port("SIMULATOR_PORT", 8081),
        log_level=reader.choice("LOG_LEVEL", "INFO", LEVELS),
        tracker_url=reader.text("TRACKER_URL", TRACKER_URL),
        environ=values,
    )
    taken: dict[int, str] = {}
    for name, (_, port) in settings.ports().items():
        if port in taken and not reader.mistakes:
            reader.mistakes.append(f"{name} and {taken[port]} both name port {port}: give each its own.")
        taken[port] = name
    if reader.mistakes:
        raise WrongSettings("\n".join(reader.mistakes))
    return settings
