"""`mentor train`: make a model when what it is made from has changed."""

import contextlib
import fcntl
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click

from tools import model
from tools.errors import NotSetUp, TrainingFailed
from tools.journal import Journal, bare, readable
from tools.keeper import TETHER
from tools.parts import rasa_environ
from tools.paths import RASA_PYTHON, ROOT

LOG = Path("var/log/train.log")
WORK = model.MODELS / ".training"
"""Where a model grows; what a killed training left there is removed by the next."""


def command(out: Path, name: str) -> tuple[str, ...]:
    """The training itself, run from the root."""
    return (str(RASA_PYTHON), "-m", "nlu.train", "--out", str(out), "--name", name)


def ensure(root: Path, journal: Journal, force: bool = False) -> model.Current:
    """The model for the data as it is now: the one on disk if it still fits, else a newly trained one.

    Raises:
        NotSetUp: the Rasa environment is missing.
        TrainingFailed: Rasa said no; the text has its reasons.
    """
    with _alone(root):
        wanted = model.fingerprint(root)
        known = model.current(root)
        if known is not None and known.fingerprint == wanted and not force:
            return known
        if not (root / RASA_PYTHON).exists():
            raise NotSetUp(f"{RASA_PYTHON} is missing: run `make setup`.")
        _check_config(root)
        journal.write("mentor", f"training model {wanted[:12]}, this takes a minute or two (details in {LOG})")
        return _train(root, journal, wanted)


@contextlib.contextmanager
def _alone(root: Path) -> Iterator[None]:
    """Let one training at a time work on a repository; the second waits and then finds nothing to do."""
    folder = root / model.MODELS
    folder.mkdir(exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        shutil.rmtree(root / WORK, ignore_errors=True)
        yield


def _check_config(root: Path) -> None:
    """Rasa writes an assistant_id into a config without one, and the model would no longer fit its own inputs.

    Raises:
        TrainingFailed: the config is missing, or has no assistant_id.
    """
    config = root / "config.yml"
    if not config.is_file():
        raise TrainingFailed("config.yml is missing: it says how Rasa understands and answers.")
    if not re.search(r"^assistant_id: *\S", config.read_text(encoding="utf-8"), re.MULTILINE):
        raise TrainingFailed(
            "config.yml:1: assistant_id is missing - add `assistant_id: mentor` (Rasa would invent one)"
        )


def _train(root: Path, journal: Journal, wanted: str) -> model.Current:
    """Train in a folder of its own, then put the model in place in one step."""
    name = wanted[:12]
    work = root / WORK
    work.mkdir(parents=True)
    began = time.monotonic()
    try:
        _run(root, command(WORK, name), journal)
        made = work / f"{name}.tar.gz"
        if not made.is_file():
            raise TrainingFailed(f"Rasa ended well but made no model: see {LOG}.")
        seconds = round(time.monotonic() - began, 1)
        now = datetime.now(UTC).isoformat(timespec="seconds")
        entry = model.Current(made.name, model.file_hash(made), wanted, now, seconds)
        made.chmod(0o444)
        made.replace(root / model.MODELS / made.name)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    model.record(root, entry)
    model.prune(root, entry.file)
    journal.write("mentor", f"trained {model.MODELS / entry.file} in {seconds:.0f} s")
    return entry


def _run(root: Path, line: tuple[str, ...], journal: Journal) -> None:
    """Run Rasa, its output in the log file, its last stage in the progress line."""
    (root / LOG).parent.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    stage = "starting Rasa"
    with (
        (root / LOG).open("w", encoding="utf-8") as log,
        subprocess.Popen(
            (sys.executable, "-I", str(TETHER), str(os.getpid()), *line),
            cwd=root,
            env=rasa_environ(root, os.environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        ) as process,
    ):
        for raw in process.stdout or ():
            said = readable(raw)
            log.write(said + "\n")
            stage = bare(said) or stage
            journal.progress(f"  training, {time.monotonic() - began:.0f} s: {stage[:90]}")
    if process.returncode != 0:
        reasons = "\n".join("  " + text for text in meaningful((root / LOG).read_text(encoding="utf-8")))
        raise TrainingFailed(f"Training failed (exit code {process.returncode}); all of it is in {LOG}:\n{reasons}")


def meaningful(log: str, most: int = 8) -> list[str]:
    """The lines of a failed training that tell why: the last error, or else the last words."""
    lines = [text for text in (bare(line).rstrip() for line in log.splitlines()) if text.strip()]
    # The last line of a traceback starts at the margin and names the exception.
    errors = [i for i, text in enumerate(lines) if re.match(r"[\w.]*(Error|Exception)\b", text)]
    return lines[errors[-1] :][:most] if errors else lines[-most:]


@click.command()
@click.option("--force", is_flag=True, help="Train even if nothing has changed.")
def train(force: bool) -> None:
    """Train the model if its data changed."""
    journal = Journal()
    before = model.current(ROOT)
    entry = ensure(ROOT, journal, force)
    model.verified(ROOT, entry)
    if entry == before:
        click.echo(f"Nothing has changed: {model.MODELS / entry.file}, trained {entry.trained_at}.")
