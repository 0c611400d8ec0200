"""The `mentor` command itself, and the stages of `mentor test`."""

import importlib
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from tools import test as stages
from tools.__main__ import WORDS

ROOT = Path(__file__).parents[3]


def mentor(*words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a person does."""
    line = (sys.executable, "-m", "tools", *words)
    return subprocess.run(line, cwd=ROOT, env=os.environ | environ, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("word", WORDS)
def test_every_word_is_a_module_with_its_command(word: str) -> None:
    name = word.replace("-", "_")
    command = getattr(importlib.import_module(f"tools.{name}"), name)

    assert isinstance(command, click.Command)
    assert command.help


def test_fault_is_one_sentence_and_its_exit_code() -> None:
    done = mentor("run", "--check", WEB_PORT="none", TELEGRAM_TOKEN="1:x")

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "mentor: WEB_PORT=none is not a port: give a number from 1 to 65535.\n"


def test_help_lists_all_words() -> None:
    done = mentor("--help")

    assert [word for word in WORDS if f"  {word} " not in done.stdout] == []


def stage(name: str, *codes: int, reason: str = "") -> stages.Stage:
    """A stage whose commands end with these codes."""
    commands = tuple((sys.executable, "-c", f"raise SystemExit({code})") for code in codes)
    return stages.Stage(name, commands, lambda: reason)


@pytest.mark.parametrize(
    ("codes", "word"), [((0, 0), "ok"), ((0, 1), "FAILED"), ((5,), "no tests"), ((5, 2), "FAILED"), ((-9,), "FAILED")]
)
def test_stage_is_judged_by_its_exit_codes(codes: tuple[int, ...], word: str) -> None:
    assert stages.run_stage(stage("unit", *codes)).word == word


def test_skipped_stage_runs_nothing_and_says_why() -> None:
    outcome = stages.run_stage(stage("browser", 1, reason="no browser"))

    assert outcome == stages.Outcome("browser", "skipped", 0, "no browser")


def test_summary_counts_stages_for_machines() -> None:
    outcomes = [
        stages.Outcome("lint", "ok", 1.25),
        stages.Outcome("unit", "FAILED", 60.0),
        stages.Outcome("e2e", "no tests", 0.5),
        stages.Outcome("browser", "skipped", 0, "browser tests skipped: no Chromium"),
    ]

    assert stages.summary(outcomes).splitlines() == [
        "  lint         ok           1.2 s",
        "  unit         FAILED      60.0 s",
        "  e2e          no tests     0.5 s",
        "  browser      skipped      0.0 s",
        "browser tests skipped: no Chromium",
        "stages: 2 passed, 1 failed, 1 skipped",
    ]
