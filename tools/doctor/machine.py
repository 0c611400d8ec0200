"""The doctor on this machine: versions, disk, files, model and backups."""

import re
import shutil
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from tools import model, secret
from tools.backup import FOLDER as BACKUPS
from tools.doctor.findings import Finding, fine, note, wrong
from tools.errors import ModelTampered
from tools.paths import RASA_PYTHON

DISK_NOTE_BYTES, DISK_WRONG_BYTES = 2e9, 3e8
BACKUP_DAYS = 2
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)")
_ASK_RASA = "import platform, rasa.version; print(platform.python_version(), rasa.version.__version__)"


def look_at_versions(root: Path) -> Iterator[Finding]:
    """Python and the libraries of the bot."""
    differing = [
        f"{name} {found or 'missing'} instead of {wanted}" for name, wanted, found in _pins(root) if found != wanted
    ]
    if differing:
        yield note(
            "versions", f"Libraries are not those of the lock file: {', '.join(differing[:3])}.", "Run `make setup`."
        )
    else:
        yield fine("versions", f"Python {sys.version.split()[0]} and all libraries are those of the lock file.")


def look_at_rasa(root: Path) -> Iterator[Finding]:
    """Rasa's own environment, where it runs on this machine."""
    python = root / RASA_PYTHON
    if not python.exists():
        yield wrong("versions", f"{RASA_PYTHON} is missing.", "Run `make setup`.")
        return
    done = subprocess.run([python, "-W", "ignore", "-c", _ASK_RASA], capture_output=True, text=True, check=False)
    if done.returncode:
        yield wrong("versions", "Rasa can't be loaded in its environment.", "Run `make setup`.")
    else:
        yield fine("versions", f"Rasa's Python and Rasa are {' and '.join(done.stdout.split())}.")


def _pins(root: Path) -> Iterator[tuple[str, str, str]]:
    """Name, wanted and found version of each library of the bot's lock file that is for this machine."""
    for line in (root / "requirements/bot.txt").read_text(encoding="utf-8").splitlines():
        pin = _PIN.match(line)
        if pin is None or "sys_platform" in line or "platform_" in line or "python_" in line:
            continue
        try:
            yield pin[1], pin[2], metadata.version(pin[1])
        except metadata.PackageNotFoundError:
            yield pin[1], pin[2], ""


def look_at_disk(folder: Path) -> Iterator[Finding]:
    """Room for the database and its log."""
    free = shutil.disk_usage(folder if folder.exists() else folder.parent).free
    said = f"{free / 1e9:.1f} GB are free where the database lies."
    if free >= DISK_NOTE_BYTES:
        yield fine("disk", said)
    else:
        grade = wrong if free < DISK_WRONG_BYTES else note
        yield grade("disk", said, "Delete old backups and models, or give it more room: a full disk takes in nothing.")


def look_at_files(root: Path, database: Path | None) -> Iterator[Finding]:
    """Who may read what should be private."""
    open_files = [
        path
        for path in (root / secret.FILE, root / ".env", database)
        if path is not None and path.is_file() and path.stat().st_mode & (stat.S_IROTH | stat.S_IWOTH)
    ]
    for path in open_files:
        yield note("files", f"Everybody on this machine may read {path}.", f"Run `chmod 600 {path}`.")
    if not open_files:
        yield fine("files", "Secrets and database are closed to other users.")


def look_at_model(root: Path) -> Iterator[Finding]:
    """The model that Rasa serves."""
    entry = model.current(root)
    if entry is None:
        yield wrong("model", "There is no trained model.", "Run `mentor train`.")
        return
    try:
        model.verified(root, entry)
    except ModelTampered as tampered:
        yield wrong("model", str(tampered), "Find out who changed it before you train a new one.")
        return
    if entry.fingerprint != model.fingerprint(root):
        yield note("model", "The model is older than what it is made from.", "Run `mentor train`.")
    else:
        yield fine("model", f"The model {entry.file} is the one that was trained.")


def look_at_backups(root: Path) -> Iterator[Finding]:
    """When the last backup was made, as far as it lies here."""
    ages = [time.time() - path.stat().st_mtime for path in (root / BACKUPS).glob("mentor-*.tar.gz*")]
    if ages and min(ages) < BACKUP_DAYS * 86400:
        yield fine("backups", f"The last backup is {min(ages) / 3600:.0f} h old.")
        return
    said = f"The last backup is {min(ages) / 86400:.0f} days old." if ages else f"There is no backup in {BACKUPS}."
    yield note("backups", said, "Let `mentor backup` run every day (docs/operations.md).")
