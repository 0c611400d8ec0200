"""The tests that need Python 3.10 and Rasa's libraries: run there, one report here."""

import os
import subprocess

import pytest

from tests.rasa.processes import QUIET, RASA_PYTHON, ROOT

FILES = sorted(path.stem for path in (ROOT / "tests/rasa/inside").glob("check_*.py"))


def passes(name: str, **environ: str) -> None:
    """Run one file of unit tests in the Rasa environment."""
    line = [str(RASA_PYTHON), "-m", "unittest", f"tests.rasa.inside.{name}"]
    environment = {**os.environ, **QUIET, **environ}
    done = subprocess.run(line, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-6000:]


@pytest.mark.parametrize("name", FILES)
def test_inside(name: str) -> None:
    passes(name)
