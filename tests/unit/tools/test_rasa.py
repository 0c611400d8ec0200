"""`mentor rasa`: only the model that was trained is served, with the variables Rasa needs and no other secret."""

from pathlib import Path

import pytest

from tools import model
from tools.errors import ModelTampered, NotSetUp, WrongSettings
from tools.rasa import command_line

SECRETS = {"RASA_TOKEN": "token", "MENTOR_CHANNEL_SECRET": "a-secret-of-16-characters"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository with an environment for Rasa and a model, as far as one can see."""
    (tmp_path / ".venv-rasa/bin").mkdir(parents=True)
    (tmp_path / ".venv-rasa/bin/python").touch()
    (tmp_path / "models").mkdir()
    (tmp_path / "models/a.tar.gz").write_bytes(b"model")
    digest = model.file_hash(tmp_path / "models/a.tar.gz")
    model.record(tmp_path, model.Current("a.tar.gz", digest, "f", "2026-11-25T00:00:00+00:00", 1.0))
    return tmp_path


def test_rasa_gets_its_model_and_its_own_secrets_only(root: Path) -> None:
    others = {"TELEGRAM_TOKEN": "x", "SECRET_KEY": "x", "DATABASE_URL": "x", "WEBHOOK_SECRET": "x", "PATH": "/bin"}

    line, environ = command_line(root, "127.0.0.1", 5005, SECRETS | others | {"ACTIONS_URL": "http://actions:5055"})

    assert line[:5] == [f"{root}/.venv-rasa/bin/python", "-m", "tools.rasa_server", "--model", "models/a.tar.gz"]
    assert "token" not in line
    assert set(others) & set(environ) == {"PATH"}
    assert environ["ACTIONS_URL"] == "http://actions:5055/webhook"
    assert environ["RASA_TELEMETRY_ENABLED"] == "false"
    assert {name: environ[name] for name in SECRETS} == SECRETS


def test_81_tampered_model_is_not_served(root: Path) -> None:
    (root / "models/a.tar.gz").write_bytes(b"another")

    with pytest.raises(ModelTampered, match="not the file that was trained"):
        command_line(root, "127.0.0.1", 5005, SECRETS)


def test_without_a_model_it_says_what_to_do(root: Path) -> None:
    (root / "models/a.tar.gz").unlink()

    with pytest.raises(NotSetUp, match="mentor train"):
        command_line(root, "127.0.0.1", 5005, SECRETS)


def test_missing_secrets_are_all_named(root: Path) -> None:
    with pytest.raises(WrongSettings) as caught:
        command_line(root, "127.0.0.1", 5005, {"RASA_TOKEN": ""})

    assert [line.split()[0] for line in str(caught.value).splitlines()] == list(SECRETS)
