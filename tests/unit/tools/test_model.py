"""The model on disk: what it is made from, and that nobody changed it."""

import os
from pathlib import Path

import pytest

from tools import model
from tools.errors import ModelTampered


def entry(root: Path, content: bytes = b"a model", fingerprint: str = "f" * 64) -> model.Current:
    """A model in place, as the training leaves it."""
    (root / "models").mkdir(exist_ok=True)
    path = root / "models/abc.tar.gz"
    path.write_bytes(content)
    made = model.Current(path.name, model.file_hash(path), fingerprint, "2026-11-24T00:00:00+00:00", 12.5)
    model.record(root, made)
    return made


@pytest.mark.parametrize(
    "path",
    [
        *("config.yml", "nlu/en/shop.yml", "nlu/components/encoder.py", "nlu/importer.py", "stories/shop.yml"),
        *("stories/domain/talk.yml", "requirements/rasa.txt"),
    ],
)
def test_fingerprint_changes_with_every_input(tmp_path: Path, path: str) -> None:
    file = tmp_path / path
    file.parent.mkdir(parents=True, exist_ok=True)
    empty = model.fingerprint(tmp_path)
    file.write_text("one")
    first = model.fingerprint(tmp_path)

    file.write_text("two")

    assert len({empty, first, model.fingerprint(tmp_path)}) == 3


def test_fingerprint_tells_a_moved_file(tmp_path: Path) -> None:
    (tmp_path / "nlu/en").mkdir(parents=True)
    (tmp_path / "nlu/en/shop.yml").write_text("one")
    before = model.fingerprint(tmp_path)

    (tmp_path / "nlu/en/shop.yml").rename(tmp_path / "nlu/en/cloud.yml")

    assert model.fingerprint(tmp_path) != before


@pytest.mark.parametrize(
    "path",
    ["README.md", "locales/en.po", "guides/en/shop-payments.md", "nlu/channel.py", "bot/settings.py", "var/run.json"],
)
def test_fingerprint_leaves_the_rest_out(tmp_path: Path, path: str) -> None:
    before = model.fingerprint(tmp_path)

    (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / path).write_text("new")

    assert model.fingerprint(tmp_path) == before


def test_current_is_what_was_recorded(tmp_path: Path) -> None:
    made = entry(tmp_path)

    assert model.current(tmp_path) == made
    assert model.verified(tmp_path, made) == Path("models/abc.tar.gz")


def test_current_is_none_without_its_file(tmp_path: Path) -> None:
    entry(tmp_path)
    (tmp_path / "models/abc.tar.gz").unlink()

    assert model.current(tmp_path) is None


@pytest.mark.parametrize("record", ["", "{", "[]", '{"file": "abc.tar.gz"}', "null"])
def test_current_is_none_with_a_broken_record(tmp_path: Path, record: str) -> None:
    entry(tmp_path)
    (tmp_path / "models/current.json").write_text(record)

    assert model.current(tmp_path) is None


def test_tampered_model_is_refused(tmp_path: Path) -> None:
    made = entry(tmp_path)
    (tmp_path / "models/abc.tar.gz").write_bytes(b"b model")

    with pytest.raises(ModelTampered) as caught:
        model.verified(tmp_path, made)

    assert str(caught.value) == (
        "models/abc.tar.gz is not the file that was trained: its SHA-256 differs from the one in models/current.json. "
        "It is not loaded; run `mentor train --force` to make a new one."
    )


def test_prune_keeps_the_newest_and_the_current(tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    for age, name in enumerate(["new", "middle", "old", "older", "current"]):
        path = tmp_path / f"models/{name}.tar.gz"
        path.touch()
        os.utime(path, (1000 - age, 1000 - age))

    gone = model.prune(tmp_path, keep="current.tar.gz")

    assert gone == ["old.tar.gz", "older.tar.gz"]
    assert {path.name for path in (tmp_path / "models").iterdir()} == {"new.tar.gz", "middle.tar.gz", "current.tar.gz"}
