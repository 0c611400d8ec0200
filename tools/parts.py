"""The parts of the mentor: their commands, their variables, and the order of their start."""

from collections.abc import Mapping
from pathlib import Path

from tools import secret
from tools.keeper import Part
from tools.paths import BOT_PYTHON, RASA_PYTHON
from tools.settings import Settings

LOCAL = "127.0.0.1"
PRIVATE = (*secret.NAMES, "TELEGRAM_TOKEN", "DATABASE_URL", "TRACKER_URL", "REDIS_URL")
"""Variables that a part gets only if it needs them."""
_COLOURS = ("FORCE_COLOR", "CLICOLOR_FORCE")


def plain_environ(root: Path, environ: Mapping[str, str]) -> dict[str, str]:
    """The variables of every part: nothing private, output at once and without colours."""
    kept = {name: value for name, value in environ.items() if name not in (*PRIVATE, *_COLOURS)}
    return kept | {"PYTHONPATH": str(root), "PYTHONUNBUFFERED": "1", "NO_COLOR": "1"}


def rasa_environ(root: Path, environ: Mapping[str, str]) -> dict[str, str]:
    """The variables of every Rasa process: no telemetry, and quiet about its old libraries."""
    return plain_environ(root, environ) | {
        "PYTHONWARNINGS": "ignore",
        "RASA_TELEMETRY_ENABLED": "false",
        "SANIC_WORKERS": "1",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "TF_CPP_MIN_LOG_LEVEL": "2",
    }


def waves(root: Path, values: Settings, secrets: Mapping[str, str], model: Path) -> list[list[Part]]:
    """The parts in the order of their start; those in one row start side by side."""
    rows = [
        [_actions(root, values), rasa(root, values, secrets, model, values.rasa_port)],
        [_bot(root, values, secrets)],
    ]
    return rows if values.telegram_token else [[_simulator(root, values)], *rows]


def _serving(root: Path, name: str, port: int, values: Settings) -> Part:
    """A part of ours that is told host and port and has no secrets."""
    line = (str(root / BOT_PYTHON), "-m", name, "--host", LOCAL, "--port", str(port))
    environ = plain_environ(root, values.environ) | {"LOG_LEVEL": values.log_level}
    return Part(name, line, environ, root, f"http://{LOCAL}:{port}/health")


def _simulator(root: Path, values: Settings) -> Part:
    return _serving(root, "simulator", values.simulator_port, values)


def _actions(root: Path, values: Settings) -> Part:
    return _serving(root, "actions", values.actions_port, values)


def rasa_line(root: Path, model: Path, interface: str, port: int) -> tuple[str, ...]:
    """The command of a Rasa server with one model."""
    return (
        *(str(root / RASA_PYTHON), "-m", "tools.rasa_server", "--model", str(model), "--enable-api"),
        *("--interface", interface, "--port", str(port)),
        *("--credentials", "credentials.yml", "--endpoints", "endpoints.yml"),
    )


def rasa(root: Path, values: Settings, secrets: Mapping[str, str], model: Path, port: int) -> Part:
    """The Rasa server: loopback only, one worker, one verified model."""
    line = rasa_line(root, model, LOCAL, port)
    environ = rasa_environ(root, values.environ) | {
        "LOG_LEVEL": values.log_level,
        "ACTIONS_URL": f"{values.actions_url}/webhook",
        "TRACKER_URL": values.tracker_url,
        **{name: secrets[name] for name in ("RASA_TOKEN", "MENTOR_CHANNEL_SECRET")},
    }
    return Part("rasa", line, environ, root, f"http://{LOCAL}:{port}/webhooks/mentor/")


def bot_environ(root: Path, values: Settings, secrets: Mapping[str, str]) -> dict[str, str]:
    """The variables of the bot, the only part that sees all settings."""
    environ = {
        **values.environ,
        **plain_environ(root, values.environ),
        **secrets,
        "LOG_LEVEL": values.log_level,
        "RASA_URL": ",".join(f"http://{LOCAL}:{port}" for port in values.rasa_ports),
        "ACTIONS_URL": values.actions_url,
        "WEB_HOST": values.web_host,
        "WEB_PORT": str(values.web_port),
    }
    if not values.telegram_token:
        from simulator.world import ADVISORS_CHAT_ID, DEFAULT_TOKEN

        environ |= {
            "TELEGRAM_API_URL": values.simulator_url,
            "TELEGRAM_TOKEN": DEFAULT_TOKEN,
            "TELEGRAM_MODE": "polling",
            "ADVISORS_CHAT_ID": str(ADVISORS_CHAT_ID),
        }
    return environ


def _bot(root: Path, values: Settings, secrets: Mapping[str, str]) -> Part:
    line = (str(root / BOT_PYTHON), "-m", "bot")
    return Part("bot", line, bot_environ(root, values, secrets), root, f"{values.web_url}/health")
