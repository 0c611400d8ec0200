"""Set up both Python environments from their locked requirements: ``python3 tools/setup.py``.

The one tool that runs before anything is installed: plain Python >= 3.8, the standard library, no import from
the rest of the project. A second call compares two stamps and is done.

Exit codes: 0 done; 1 an installation failed; 3 a Python or uv is missing, and the sentence says what to do.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator, Mapping, Sequence

ROOT = Path(__file__).resolve().parent.parent
MISSING = 3
OLDEST_UV = (0, 7)
"""The first uv that reads dependency groups in `uv pip compile`."""
DROPPED = ("VIRTUAL_ENV", "PYTHONHOME", "PYTHONPATH", "CONDA_PREFIX", "PYENV_VERSION", "UV_PYTHON", "UV_PROJECT")
"""Variables of whoever calls us that would point uv or Python at another environment."""

SYSTEM_CERTIFICATES = {"UV_SYSTEM_CERTS": "true", "UV_NATIVE_TLS": "true"}
"""The same wish to newer and to older uv."""


class Missing(Exception):
    """Something that must be on the machine is not there; the text is one sentence that says what to do."""


@dataclass(frozen=True)
class Environment:
    """One virtual environment and the lock file it is made from."""

    folder: str
    lock: str
    versions: tuple[tuple[int, int], ...]
    """The Pythons that serve, best first: the first is the one the lock file was made for."""
    override: str
    """The variable with which a person names the Python to use."""

    @property
    def wanted(self) -> str:
        """The versions in words."""
        names = [f"{major}.{minor}" for major, minor in self.versions]
        return names[0] if len(names) == 1 else f"{names[0]} (or up to {names[-1]})"


BOT = Environment(".venv", "requirements/dev.txt", ((3, 11), (3, 12), (3, 13)), "MENTOR_PYTHON")
RASA = Environment(".venv-rasa", "requirements/rasa.txt", ((3, 10),), "MENTOR_PYTHON310")

INSTALL = ("pip", "sync", "--quiet", "--require-hashes", "--compile-bytecode")
"""What uv is told. Compiled once here, Rasa starts in seconds, also where Python may not write beside its modules."""

ENTRY = """#!/bin/sh
'''exec' "$(dirname -- "$(realpath -- "$0")")/python" "$0" "$@"
' '''
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from tools.__main__ import main

main()
"""
"""The `mentor` command: the repository is not installed, so the script puts its root on the path."""


def clean(environ: Mapping[str, str]) -> dict[str, str]:
    """The variables of the caller without those that would lead uv or Python elsewhere."""
    return {name: value for name, value in environ.items() if name not in DROPPED}


def answer(command: Sequence[str], environ: Mapping[str, str]) -> str:
    """What a command prints, or "" if it cannot run or fails (a pyenv shim without its Python does)."""
    try:
        done = subprocess.run(command, env=clean(environ), capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def version_of(python: str, environ: Mapping[str, str]) -> tuple[int, int] | None:
    """The version of an interpreter that really runs, or None."""
    said = answer([python, "-I", "-c", "import sys; print(*sys.version_info[:2])"], environ).split()
    return (int(said[0]), int(said[1])) if len(said) == 2 and all(part.isdigit() for part in said) else None


def on_path(name: str, environ: Mapping[str, str]) -> Iterator[str]:
    """Every program of that name on the PATH, not only the first: the first may be a shim that fails."""
    for folder in environ.get("PATH", "").split(os.pathsep):
        found = shutil.which(name, path=folder) if folder else None
        if found:
            yield found


def candidates(version: tuple[int, int], environ: Mapping[str, str], uv: str) -> Iterator[str]:
    """Where a Python of `version` may be, likeliest first; the last resort lets uv fetch one."""
    name = f"{version[0]}.{version[1]}"
    if sys.version_info[:2] == version:
        yield getattr(sys, "_base_executable", sys.executable)
    yield from on_path(f"python{name}", environ)
    home = environ.get("HOME", "")
    for pyenv in filter(None, (environ.get("PYENV_ROOT"), f"{home}/.pyenv" if home else "")):
        # Newest patch last in the alphabet is good enough: any patch of the version serves.
        yield from (str(path) for path in sorted(Path(pyenv, "versions").glob(f"{name}.*/bin/python"), reverse=True))
    if uv:
        find = [uv, "python", "find", "--system", "--no-python-downloads", name]
        yield from filter(None, [answer(find, environ)])


def fetched(version: tuple[int, int], environ: Mapping[str, str], uv: str) -> Iterator[str]:
    """A Python that uv downloads, where the network allows."""
    name = f"{version[0]}.{version[1]}"
    print(f"setup: no Python {name} on this machine, asking uv to fetch one", flush=True)
    with contextlib.suppress(OSError):
        subprocess.run([uv, "python", "install", "--quiet", name], env=clean(environ), check=False)
    yield from filter(None, [answer([uv, "python", "find", "--system", "--managed-python", name], environ)])


def find_python(wanted: Environment, environ: Mapping[str, str], uv: str) -> str:
    """A Python for the environment `wanted`.

    Raises:
        Missing: there is none and none could be fetched.
    """
    named = environ.get(wanted.override, "")
    if named:
        if version_of(named, environ) in wanted.versions:
            return named
        raise Missing(f"{wanted.override}={named} is not a Python {wanted.wanted} that runs: correct or unset it.")
    for version in wanted.versions:
        for python in candidates(version, environ, uv):
            if version_of(python, environ) == version:
                return python
    for version in wanted.versions[:1] if uv else ():
        for python in fetched(version, environ, uv):
            if version_of(python, environ) == version:
                return python
    raise Missing(
        f"No Python {wanted.wanted} was found and none could be fetched: install it "
        f"(for instance with pyenv, or your system's packages) or set {wanted.override} to the path of one."
    )


def good_uv(uv: str, environ: Mapping[str, str]) -> bool:
    """True if this uv runs and is new enough."""
    words = answer([uv, "--version"], environ).split()
    numbers = words[1].split(".")[:2] if len(words) > 1 else []
    return all(part.isdigit() for part in numbers) and tuple(map(int, numbers)) >= OLDEST_UV


def find_uv(root: Path, environ: Mapping[str, str]) -> str:
    """A uv that serves: on the PATH, in the usual folders, or one of our own in `var/uv`.

    Raises:
        Missing: there is none and pip could not install one.
    """
    home = environ.get("HOME", "")
    own = root / "var/uv/bin/uv"
    usual = [f"{home}/.local/bin/uv", f"{home}/.cargo/bin/uv"] if home else []
    for uv in [*on_path("uv", environ), *usual, str(own)]:
        if good_uv(uv, environ):
            return uv
    print("setup: no uv on this machine, installing one into var/uv", flush=True)
    folder = own.parent.parent
    shutil.rmtree(folder, ignore_errors=True)
    lock = str(root / "requirements/uv.txt")
    pip = [str(folder / "bin/python"), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    for command in ([sys.executable, "-m", "venv", str(folder)], [*pip, "--require-hashes", "-r", lock]):
        if subprocess.run(command, env=clean(environ), check=False).returncode != 0:
            break
    if good_uv(str(own), environ):
        return str(own)
    raise Missing(
        "uv was not found and could not be installed: install it (its own site and most systems' packages have it), "
        "or see to it that `python3 -m venv` and the package index work here."
    )


def fingerprint(root: Path, wanted: Environment) -> str:
    """What an environment is made from: changes when the lock file, the allowed Pythons or the way of installing do."""
    lock = (root / wanted.lock).read_bytes()
    return hashlib.sha256(lock + repr((wanted.versions, INSTALL)).encode()).hexdigest()


def is_current(root: Path, wanted: Environment) -> bool:
    """True if the environment stands and was made from the lock file as it is now."""
    stamp = root / wanted.folder / ".mentor-lock"
    python = root / wanted.folder / "bin/python"
    return python.exists() and stamp.is_file() and stamp.read_text() == fingerprint(root, wanted)


def call(command: Sequence[str], environ: Mapping[str, str], root: Path) -> None:
    """Run a step of the installation, its output in view; stop the set-up if it fails twice.

    The second try trusts the system's certificates, for networks that look into TLS with a certificate of their own.
    """
    tries: tuple[Mapping[str, str], ...] = ({}, SYSTEM_CERTIFICATES)
    for trust in tries:
        done = subprocess.run(command, env={**clean(environ), **trust}, cwd=str(root), check=False)
        if done.returncode == 0:
            return
        if not trust:
            print("setup: that did not work, trying once more with the system's certificates", flush=True)
    print(f"setup: `{' '.join(command)}` failed with exit code {done.returncode}: see above.", file=sys.stderr)
    raise SystemExit(1)


def make(root: Path, wanted: Environment, environ: Mapping[str, str], uv: str) -> None:
    """Make or refresh one environment."""
    folder = root / wanted.folder
    python = folder / "bin/python"
    stamp = folder / ".mentor-lock"
    if not (python.exists() and version_of(str(python), environ) in wanted.versions):
        base = find_python(wanted, environ, uv)
        print(f"setup: making {wanted.folder} with {base}", flush=True)
        shutil.rmtree(str(folder), ignore_errors=True)
        call([uv, "venv", "--quiet", "--no-project", "--python", base, str(folder)], environ, root)
    stamp.unlink() if stamp.exists() else None
    print(f"setup: installing {wanted.lock} into {wanted.folder}", flush=True)
    call([uv, *INSTALL, "--python", str(python), wanted.lock], environ, root)
    stamp.write_text(fingerprint(root, wanted))


def write_entry(root: Path) -> None:
    """Put the `mentor` command into the bot's environment."""
    entry = root / BOT.folder / "bin/mentor"
    if not entry.is_file() or entry.read_text() != ENTRY:
        entry.write_text(ENTRY)
        entry.chmod(0o755)


@contextlib.contextmanager
def alone(root: Path) -> Iterator[None]:
    """Let one set-up at a time work on a repository; the second waits and then finds nothing to do."""
    (root / "var").mkdir(exist_ok=True)
    with (root / "var/setup.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def set_up(root: Path, environ: Mapping[str, str]) -> None:
    """Bring both environments up to their lock files.

    Raises:
        Missing: a Python or uv is not there.
    """
    with alone(root):
        stale = [wanted for wanted in (BOT, RASA) if not is_current(root, wanted)]
        if stale:
            began = time.monotonic()
            uv = find_uv(root, environ)
            # Both Pythons are looked for before a gigabyte is installed for one of them.
            for wanted in stale:
                if not (root / wanted.folder / "bin/python").exists():
                    find_python(wanted, environ, uv)
            for wanted in stale:
                make(root, wanted, environ, uv)
            print(f"setup: done in {time.monotonic() - began:.0f} s", flush=True)
        write_entry(root)


def main() -> None:
    """The command."""
    try:
        set_up(ROOT, os.environ)
    except Missing as reason:
        print(f"setup: {reason}", file=sys.stderr)
        raise SystemExit(MISSING) from None


if __name__ == "__main__":
    main()
