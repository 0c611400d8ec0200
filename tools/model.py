"""The trained model on disk: what it was made from, and whether it is still the file that was made.

A model file is code (loading one runs it), so `models/current.json` pins its SHA-256 and nothing else is ever loaded.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from tools.errors import ModelTampered

MODELS = Path("models")
CURRENT = MODELS / "current.json"
INPUTS = (
    "config.yml",
    "nlu/**/*.yml",
    "nlu/importer.py",
    "nlu/generated.py",
    "guides/*/glossary.yml",
    "languages.yml",
    "nlu/components/**/*.py",
    "stories/**/*.yml",
    "requirements/rasa.txt",
)
"""Everything a model is made from: a change of any of these makes a new model. (The guides' texts are not among them;
when the classifier comes to read them, `guides/*/*.md` belongs here.)"""
KEPT = 3
"""Models that stay on disk, the newest first."""


@dataclass(frozen=True)
class Current:
    """The model to serve, as `models/current.json` names it."""

    file: str
    """Name of the file in `models/`."""
    sha256: str
    fingerprint: str
    trained_at: str
    """ISO 8601 in UTC."""
    seconds: float
    """How long the training took."""


def fingerprint(root: Path) -> str:
    """SHA-256 over the names and contents of everything a model is made from."""
    paths = {path for pattern in INPUTS for path in root.glob(pattern) if path.is_file()}
    digest = hashlib.sha256()
    for path in sorted(paths):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(root).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def file_hash(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def current(root: Path) -> Current | None:
    """The model to serve, or None if there is none (or its record cannot be read: then a new one is made)."""
    try:
        record = Current(**json.loads((root / CURRENT).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    return record if (root / MODELS / record.file).is_file() else None


def record(root: Path, entry: Current) -> None:
    """Make a model the one to serve, in one step."""
    fresh = root / CURRENT.with_suffix(".new")
    fresh.write_text(json.dumps(asdict(entry), indent=2) + "\n", encoding="utf-8")
    fresh.replace(root / CURRENT)


def verified(root: Path, entry: Current) -> Path:
    """The model's path from the root, once its content is known to be what was trained.

    Raises:
        ModelTampered: it is not.
    """
    path = MODELS / entry.file
    if file_hash(root / path) != entry.sha256:
        raise ModelTampered(
            f"{path} is not the file that was trained: its SHA-256 differs from the one in {CURRENT}. "
            "It is not loaded; run `mentor train --force` to make a new one."
        )
    return path


def prune(root: Path, keep: str) -> list[str]:
    """Remove all but the newest models, never `keep`; returns what went."""
    models = sorted((root / MODELS).glob("*.tar.gz"), key=lambda path: path.stat().st_mtime, reverse=True)
    old = [path for path in models if path.name != keep][KEPT - 1 :]
    for path in old:
        path.unlink()
    return [path.name for path in old]
