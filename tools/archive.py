"""The file of a backup: a gzipped tar of both databases as SQLite files and a manifest, encrypted with age or not."""

import json
import os
import shutil
import tarfile
import zlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import pyrage

from bot.store import sqlite
from tools.errors import BackupUnusable, WrongSettings
from tools.model import file_hash

MENTOR, TRACKER, MANIFEST = "mentor.db", "tracker.db", "manifest.json"
FORMAT = 1
"""Raised when an older program could no longer read it."""
AGE_HEAD = b"age-encryption.org/"


@dataclass(frozen=True)
class Manifest:
    """What a backup says about itself."""

    made_at: str
    """ISO 8601, UTC."""
    schema: str
    """Revision of the mentor's tables."""
    files: dict[str, str]
    """SHA-256 of each database file."""
    format: int = FORMAT


def pack(folder: Path, made_at: str, schema: str, target: Path, recipients: Sequence[str]) -> None:
    """Make a backup of the databases in `folder`. Complete or not at all: it gets its name last.

    Raises:
        WrongSettings: a recipient is no age key.
        OSError: it can't be written.
    """
    names = [name for name in (MENTOR, TRACKER) if (folder / name).is_file()]
    manifest = Manifest(made_at, schema, {name: file_hash(folder / name) for name in names})
    (folder / MANIFEST).write_text(json.dumps(asdict(manifest), indent=1), encoding="utf-8")
    plain = folder / "plain.tar.gz"
    with tarfile.open(plain, "w:gz", compresslevel=6) as tar:
        for name in (MANIFEST, *names):
            tar.add(folder / name, name, filter=_bare)
    ready = _encrypted(plain, recipients) if recipients else plain
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(target.name + ".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
        with ready.open("rb") as content:
            shutil.copyfileobj(content, stream)
        stream.flush()
        os.fsync(stream.fileno())
    fresh.replace(target)
    sync_folder(target.parent)


def _bare(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    """Without the names of this machine's users."""
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    return entry


def _encrypted(plain: Path, recipients: Sequence[str]) -> Path:
    try:
        keys = [pyrage.x25519.Recipient.from_str(recipient.strip()) for recipient in recipients]
    except pyrage.RecipientError:
        raise WrongSettings(
            "BACKUP_RECIPIENTS should be public age keys (age1...), with commas between; `age-keygen` makes a pair."
        ) from None
    sealed = plain.with_name("sealed.age")
    pyrage.encrypt_file(str(plain), str(sealed), keys)
    return sealed


def unpack(file: Path, folder: Path, identity: Path | None) -> Manifest:
    """Take a backup apart into `folder` and see that every byte of it is right.

    Raises:
        BackupUnusable: it is damaged, locked, or made by a newer program; says which.
    """
    try:
        with file.open("rb") as stream:
            locked = stream.read(len(AGE_HEAD)) == AGE_HEAD
        manifest = _take_apart(_decrypted(file, folder, identity) if locked else file, folder)
    except OSError as error:
        raise BackupUnusable(f"{file} can't be read: {error.strerror or error}.") from error
    except (tarfile.TarError, zlib.error, EOFError, ValueError, TypeError) as error:
        raise BackupUnusable(f"{file} is no backup of the mentor, or it is damaged ({error}).") from error
    for name, checksum in manifest.files.items():
        if file_hash(folder / name) != checksum:
            raise BackupUnusable(f"{file} is damaged: the checksum of {name} is wrong. Take an older backup.")
        if said := sqlite.damage(folder / name, "integrity_check"):
            raise BackupUnusable(f"{name} in {file} is damaged ({said}). Take an older backup.")
    return manifest


def _decrypted(file: Path, folder: Path, identity: Path | None) -> Path:
    if identity is None:
        raise BackupUnusable(f"{file} is encrypted: name the file with the secret age key by --identity.")
    lines = identity.read_text(encoding="utf-8").splitlines()
    try:
        keys = [pyrage.x25519.Identity.from_str(line) for line in lines if line.startswith("AGE-SECRET-KEY-")]
        plain = folder / "plain.tar.gz"
        pyrage.decrypt_file(str(file), str(plain), keys)
    except (pyrage.IdentityError, pyrage.DecryptError) as error:
        raise BackupUnusable(f"{file} can't be decrypted with {identity}: {error}.") from error
    return plain


def _take_apart(file: Path, folder: Path) -> Manifest:
    """Only the members we know, only plain files, whatever else an archive may hold."""
    with tarfile.open(file, "r:gz") as tar:
        for member in tar:
            if member.name not in (MANIFEST, MENTOR, TRACKER) or not member.isfile():
                raise ValueError(f"it holds {member.name!r}, which does not belong there")
            tar.extract(member, folder, filter="data")
    said = json.loads((folder / MANIFEST).read_text(encoding="utf-8")) if (folder / MANIFEST).is_file() else {}
    if said.get("format", 0) > FORMAT:
        raise BackupUnusable(f"{file} was made by a newer program. Update the mentor.")
    manifest = Manifest(**said)
    if MENTOR not in manifest.files or not set(manifest.files) <= {MENTOR, TRACKER}:
        raise ValueError("its manifest does not name the databases")
    if missing := [name for name in manifest.files if not (folder / name).is_file()]:
        raise ValueError(f"{missing[0]} is missing")
    return manifest


def sync_folder(folder: Path) -> None:
    """Put the names in a folder on disk, so that a power cut does not bring back the old ones."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
