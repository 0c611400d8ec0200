"""`mentor run` before anything starts: settings, ports, secrets, and the parts' variables."""

import io
import socket
import stat
from pathlib import Path

import pytest

from tools import secret, settings
from tools.errors import PortInUse, WrongSettings
from tools.journal import Journal, bare, readable
from tools.parts import waves
from tools.run import check_ports, private_values

TOKEN = "123456789:" + "A" * 35


def test_settings_have_defaults(tmp_path: Path) -> None:
    values = settings.read(tmp_path, {})

    assert values.ports() == {
        "SIMULATOR_PORT": ("127.0.0.1", 8081),
        "RASA_URL": ("127.0.0.1", 5005),
        "RASA_SPARE_PORT": ("127.0.0.1", 5006),
        "ACTIONS_URL": ("127.0.0.1", 5055),
        "WEB_PORT": ("127.0.0.1", 8080),
    }


def test_environment_counts_more_than_the_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("WEB_PORT=1111\nSIMULATOR_PORT=2222\n")

    values = settings.read(tmp_path, {"WEB_PORT": "3333"})

    assert (values.web_port, values.simulator_port) == (3333, 2222)


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    wrong = {"WEB_PORT": "x", "RASA_URL": "http://far:1", "LOG_LEVEL": "loud"}

    with pytest.raises(WrongSettings) as caught:
        settings.read(tmp_path, wrong)

    assert str(caught.value).splitlines() == [
        "WEB_PORT=x is not a port: give a number from 1 to 65535.",
        "RASA_URL=http://far:1 is not for `mentor run`, which starts that part itself: give http://127.0.0.1:5005.",
        "LOG_LEVEL=LOUD is not known: give one of DEBUG, INFO, WARNING, ERROR.",
    ]


def test_one_port_for_two_parts_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(WrongSettings) as caught:
        settings.read(tmp_path, {"WEB_PORT": "8081"})

    assert str(caught.value) == "WEB_PORT and SIMULATOR_PORT both name port 8081: give each its own."


def test_port_in_use_names_port_and_setting(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        with pytest.raises(PortInUse) as caught:
            check_ports({"WEB_PORT": ("127.0.0.1", port)}, tmp_path)

    assert str(caught.value) == (
        f"Port {port} is already in use: stop the program that has it or set WEB_PORT to another port."
    )
    assert caught.value.exit_code == 5


def test_secrets_are_made_once_and_kept_private(tmp_path: Path) -> None:
    first = secret.provide(tmp_path, {})

    again = secret.provide(tmp_path, {"RASA_TOKEN": "given"})

    assert again == first | {"RASA_TOKEN": "given"}
    assert sorted(first) == sorted(secret.NAMES)
    assert min(map(len, first.values())) >= 32
    assert stat.S_IMODE((tmp_path / "var/secrets.env").stat().st_mode) == 0o600


def test_journal_hides_secrets(tmp_path: Path) -> None:
    values = settings.read(tmp_path, {"TELEGRAM_TOKEN": TOKEN, "DATABASE_URL": "postgresql://me:longpassword@db/x"})
    out = io.StringIO()
    journal = Journal(out, secret.Blot(private_values(values, {"RASA_TOKEN": "s3cret-s3cret"})))

    journal.write("bot", f"POST /bot{TOKEN}/getMe with s3cret-s3cret and longpassword; other 987654:{'b' * 35}")

    assert out.getvalue()[9:] == "bot        POST /bot***/getMe with *** and ***; other ***\n"


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        (
            '{"event": "sent", "level": "info", "timestamp": "x", "chat": 7, "why": "two words"}',
            'sent chat=7 why="two words"',
        ),
        ('{"event": "lost", "level": "error", "exception": "Trace\\n  line"}', "ERROR lost\nTrace\n  line"),
        ("\x1b[32mplain\x1b[0m text\x07", "plain text"),
        ("{not json", "{not json"),
    ],
)
def test_lines_of_the_parts_become_readable(line: str, shown: str) -> None:
    assert readable(line) == shown


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("2026-11-24 01:40:04 INFO     root  - Rasa server is up.", "Rasa server is up."),
        ("2026-11-24 01:40:04 ERROR    rasa.server  - Not so.", "ERROR Not so."),
        ("no head - at all", "no head - at all"),
    ],
)
def test_journal_tells_the_time_once(line: str, shown: str) -> None:
    assert bare(line) == shown


def test_parts_get_only_the_secrets_they_need(tmp_path: Path) -> None:
    given = {"TELEGRAM_TOKEN": TOKEN, "DATABASE_URL": "sqlite:///secret.db", "PATH": "/bin"}
    values = settings.read(tmp_path, given)
    secrets = {name: f"hidden-{name}" for name in secret.NAMES}

    parts = {part.name: part for wave in waves(tmp_path, values, secrets, Path("models/a.tar.gz")) for part in wave}

    private = {*secret.NAMES, "TELEGRAM_TOKEN", "DATABASE_URL"}
    assert {name: sorted(private & set(part.environ)) for name, part in parts.items()} == {
        "actions": [],
        "rasa": ["MENTOR_CHANNEL_SECRET", "RASA_TOKEN"],
        "bot": sorted(private),
    }
    assert (parts["rasa"].environ["ACTIONS_URL"], parts["bot"].environ["ACTIONS_URL"]) == (
        "http://127.0.0.1:5055/webhook",
        "http://127.0.0.1:5055",
    )
    assert not [argument for part in parts.values() for argument in part.command if "hidden" in argument]


def test_telegram_is_simulated_without_a_token(tmp_path: Path) -> None:
    from simulator.world import DEFAULT_TOKEN

    values = settings.read(tmp_path, {"SIMULATOR_PORT": "9999"})
    secrets = dict.fromkeys(secret.NAMES, "x")

    rows = waves(tmp_path, values, secrets, Path("models/a.tar.gz"))

    assert [[part.name for part in row] for row in rows] == [["simulator"], ["actions", "rasa"], ["bot"]]
    bot = rows[-1][0].environ
    assert {name: bot[name] for name in ("TELEGRAM_API_URL", "TELEGRAM_TOKEN", "ADVISORS_CHAT_ID")} == {
        "TELEGRAM_API_URL": "http://127.0.0.1:9999",
        "TELEGRAM_TOKEN": DEFAULT_TOKEN,
        "ADVISORS_CHAT_ID": "-1000000000001",
    }
