"""The finder of the set-up, on made-up folders with little scripts for interpreters."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools.setup import BOT, RASA, Missing, find_python, find_uv, fingerprint, is_current, set_up, write_entry


def program(path: Path, said: str, code: int = 0) -> str:
    """A program that says one thing and exits."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho '{said}'\nexit {code}\n")
    path.chmod(0o755)
    return str(path)


def environ(tmp_path: Path, *folders: str) -> dict[str, str]:
    """A machine with these folders on its path and nothing else of ours."""
    return {"HOME": str(tmp_path / "home"), "PATH": os.pathsep.join(str(tmp_path / each) for each in folders)}


@pytest.fixture
def no_base(monkeypatch: pytest.MonkeyPatch) -> None:
    """The Python that runs the tests is none of the candidates."""
    monkeypatch.setattr("tools.setup.sys.version_info", (3, 8, 0))


def test_finder_passes_by_a_shim_that_fails(tmp_path: Path) -> None:
    program(tmp_path / "shims/python3.10", "pyenv: command not found", 127)
    real = program(tmp_path / "usr/python3.10", "3 10")

    assert find_python(RASA, environ(tmp_path, "shims", "usr"), uv="") == real


def test_finder_looks_into_pyenv(tmp_path: Path) -> None:
    program(tmp_path / "shims/python3.10", "", 127)
    program(tmp_path / "home/.pyenv/versions/3.9.18/bin/python", "3 9")
    real = program(tmp_path / "home/.pyenv/versions/3.10.13/bin/python", "3 10")

    assert find_python(RASA, environ(tmp_path, "shims"), uv="") == real


def test_finder_looks_where_pyenv_root_says(tmp_path: Path) -> None:
    real = program(tmp_path / "opt/pyenv/versions/3.10.1/bin/python", "3 10")

    assert find_python(RASA, environ(tmp_path) | {"PYENV_ROOT": str(tmp_path / "opt/pyenv")}, uv="") == real


def test_finder_asks_uv_last(tmp_path: Path) -> None:
    real = program(tmp_path / "managed/python", "3 10")
    uv = program(tmp_path / "bin/uv", real)

    assert find_python(RASA, environ(tmp_path), uv) == real


@pytest.mark.usefixtures("no_base")
def test_finder_prefers_the_python_of_the_lock(tmp_path: Path) -> None:
    program(tmp_path / "bin/python3.12", "3 12")
    real = program(tmp_path / "bin/python3.11", "3 11")

    assert find_python(BOT, environ(tmp_path, "bin"), uv="") == real


def test_named_python_counts_before_all(tmp_path: Path) -> None:
    program(tmp_path / "bin/python3.10", "3 10")
    named = program(tmp_path / "mine/python", "3 10")

    assert find_python(RASA, environ(tmp_path, "bin") | {"MENTOR_PYTHON310": named}, uv="") == named


def test_named_python_of_another_version_is_refused(tmp_path: Path) -> None:
    named = program(tmp_path / "mine/python", "3 12")

    with pytest.raises(Missing) as caught:
        find_python(RASA, environ(tmp_path) | {"MENTOR_PYTHON310": named}, uv="")

    assert str(caught.value) == f"MENTOR_PYTHON310={named} is not a Python 3.10 that runs: correct or unset it."


def test_no_python_is_told_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(Missing) as caught:
        find_python(RASA, environ(tmp_path), uv=program(tmp_path / "bin/uv", "", 1))

    assert str(caught.value) == (
        "No Python 3.10 was found and none could be fetched: install it (for instance with pyenv, or your system's "
        "packages) or set MENTOR_PYTHON310 to the path of one."
    )


def test_uv_that_is_too_old_is_passed_by(tmp_path: Path) -> None:
    program(tmp_path / "old/uv", "uv 0.4.30")
    good = program(tmp_path / "home/.local/bin/uv", "uv 0.13.9 (x86_64)")

    assert find_uv(tmp_path, environ(tmp_path, "old")) == good


def repository(root: Path) -> None:
    """A repository whose environments stand as if they had been installed."""
    (root / "requirements").mkdir()
    for wanted in (BOT, RASA):
        (root / wanted.lock).write_text(f"# {wanted.folder}\n")
        program(root / wanted.folder / "bin/python", "3 10" if wanted is RASA else "3 11")
        (root / wanted.folder / ".mentor-lock").write_text(fingerprint(root, wanted))


def test_setup_does_nothing_when_nothing_changed(tmp_path: Path) -> None:
    repository(tmp_path)

    set_up(tmp_path, environ(tmp_path))  # no uv anywhere: it would fail if it tried

    assert is_current(tmp_path, BOT)
    assert is_current(tmp_path, RASA)


def test_setup_installs_again_when_a_lock_changed(tmp_path: Path) -> None:
    repository(tmp_path)
    (tmp_path / RASA.lock).write_text("# new\n")
    calls = tmp_path / "calls"
    uv = tmp_path / "bin/uv"
    program(uv, "uv 0.13.9")
    uv.write_text(f'#!/bin/sh\necho "uv 0.13.9"\n[ "$1" = --version ] || echo "$*" >> {calls}\n')

    set_up(tmp_path, environ(tmp_path, "bin") | {"PATH": f"{tmp_path}/bin:/usr/bin:/bin"})

    python = tmp_path / ".venv-rasa/bin/python"
    assert calls.read_text() == (
        f"pip sync --quiet --require-hashes --compile-bytecode --python {python} requirements/rasa.txt\n"
    )
    assert is_current(tmp_path, RASA)


def test_setup_without_pythons_ends_with_code_3(tmp_path: Path) -> None:
    (tmp_path / "tools").mkdir()
    (tmp_path / "requirements").mkdir()
    source = Path(__file__).parents[3] / "tools/setup.py"
    (tmp_path / "tools/setup.py").write_text(source.read_text())
    for wanted in (BOT, RASA):
        (tmp_path / wanted.lock).write_text("")
    program(tmp_path / "bin/uv", "uv 0.13.9")

    done = subprocess.run(
        (sys.executable, "-I", str(tmp_path / "tools/setup.py")),
        env=environ(tmp_path, "bin"),
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 3
    assert done.stderr.startswith("setup: No Python 3.10 was found and none could be fetched: install it")


def test_entry_finds_its_repository_from_anywhere(tmp_path: Path) -> None:
    (tmp_path / ".venv/bin").mkdir(parents=True)
    (tmp_path / ".venv/bin/python").symlink_to(sys.executable)
    (tmp_path / "tools").mkdir()
    (tmp_path / "tools/__init__.py").touch()
    (tmp_path / "tools/__main__.py").write_text("import sys\ndef main(): print('here', *sys.argv[1:])\n")
    write_entry(tmp_path)

    done = subprocess.run((tmp_path / ".venv/bin/mentor", "word"), cwd="/", capture_output=True, text=True, check=False)

    assert (done.stdout, done.stderr) == ("here word\n", "")
