"""Training, with a small program in Rasa's place."""

import io
import stat
from pathlib import Path

import pytest

from tools import model, train
from tools.errors import NotSetUp, TrainingFailed
from tools.journal import Journal

TRAINER = """#!/bin/sh
echo "2026-11-24 00:00:00 INFO     rasa.engine.training.hooks  - Starting to train component 'Encoder'."
while [ $# -gt 0 ]; do
  case "$1" in --out) out=$2;; --name) name=$2;; esac
  shift
done
echo "$RASA_TELEMETRY_ENABLED" > "$out/$name.tar.gz"
echo trained >> trainings
"""
FAILING = """#!/bin/sh
echo "2026-11-24 00:00:00 INFO     rasa.cli  - The configuration is valid."
echo "Traceback (most recent call last):"
echo "  File x, line 1, in y"
echo "rasa.shared.exceptions.YamlSyntaxException: Failed to read 'nlu/en/shop.yml'."
echo "    - in line 3"
exit 1
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository with a trainer and something to train from."""
    (tmp_path / "config.yml").write_text("assistant_id: x\n")
    trainer(tmp_path, TRAINER)
    return tmp_path


def trainer(root: Path, script: str) -> None:
    """Put a program into Rasa's place."""
    path = root / train.RASA_PYTHON
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(script)
    path.chmod(0o755)


def test_training_makes_a_model_and_its_record(root: Path) -> None:
    out = io.StringIO()

    made = train.ensure(root, Journal(out))

    wanted = model.fingerprint(root)
    file = root / "models" / f"{wanted[:12]}.tar.gz"
    assert made == model.Current(file.name, model.file_hash(file), wanted, made.trained_at, made.seconds)
    assert model.current(root) == made
    assert file.read_text() == "false\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o444
    assert "Starting to train component 'Encoder'." in (root / "var/log/train.log").read_text()
    assert {path.name for path in (root / "models").iterdir()} == {".lock", "current.json", file.name}


def test_training_happens_once_for_the_same_data(root: Path) -> None:
    first = train.ensure(root, Journal(io.StringIO()))

    again = train.ensure(root, Journal(io.StringIO()))

    assert again == first
    assert (root / "trainings").read_text() == "trained\n"


def test_training_happens_again_for_new_data_and_when_forced(root: Path) -> None:
    train.ensure(root, Journal(io.StringIO()))
    (root / "config.yml").write_text("assistant_id: y\n")

    train.ensure(root, Journal(io.StringIO()))
    train.ensure(root, Journal(io.StringIO()), force=True)

    assert (root / "trainings").read_text() == "trained\n" * 3


def test_failed_training_shows_its_cause_and_keeps_the_old_model(root: Path) -> None:
    old = train.ensure(root, Journal(io.StringIO()))
    (root / "config.yml").write_text("assistant_id: y\n")
    trainer(root, FAILING)

    with pytest.raises(TrainingFailed) as caught:
        train.ensure(root, Journal(io.StringIO()))

    assert str(caught.value) == (
        "Training failed (exit code 1); all of it is in var/log/train.log:\n"
        "  rasa.shared.exceptions.YamlSyntaxException: Failed to read 'nlu/en/shop.yml'.\n"
        "      - in line 3"
    )
    assert model.current(root) == old


def test_training_without_an_environment_says_what_to_do(root: Path) -> None:
    (root / train.RASA_PYTHON).unlink()

    with pytest.raises(NotSetUp) as caught:
        train.ensure(root, Journal(io.StringIO()))

    assert str(caught.value) == ".venv-rasa/bin/python is missing: run `make setup`."


def test_config_that_rasa_would_rewrite_is_refused(root: Path) -> None:
    (root / "config.yml").write_text("pipeline: []\n")

    with pytest.raises(TrainingFailed) as caught:
        train.ensure(root, Journal(io.StringIO()))

    assert str(caught.value) == (
        "config.yml:1: assistant_id is missing - add `assistant_id: mentor` (Rasa would invent one)"
    )
