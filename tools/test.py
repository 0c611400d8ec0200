"""`mentor test`: all checks and tests in stages, every stage even if one fails, with the time of each."""

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import click

from tools.paths import BOT_PYTHON, RASA_PYTHON, ROOT

NO_TESTS = 5
"""Pytest's exit code when nothing was collected."""
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
PYTHON = str(ROOT / BOT_PYTHON)
Command = tuple[str, ...]


def module(name: str, *arguments: str) -> Command:
    """A Python module as a command."""
    return (PYTHON, "-m", name, *arguments)


def pytest(folder: str, chosen: str, *more: str) -> Command:
    """The tests of a folder that the marker expression chooses."""
    return module("pytest", folder, "-m", chosen, "--durations=5", "--durations-min=2", *more)


SIDE_BY_SIDE = ("--numprocesses=auto", "--dist=loadfile")
"""Files of tests that share nothing run on all cores."""


@dataclass(frozen=True)
class Stage:
    """Some commands that are told apart in the summary."""

    name: str
    commands: tuple[Command, ...]
    skip: Callable[[], str] = lambda: ""
    """Why the stage cannot run here, or ""."""


def chromium() -> str:
    """The browser's path, or ""."""
    named = os.environ.get("MENTOR_CHROMIUM", "")
    return named or next(filter(None, map(shutil.which, CHROMIUM)), "")


def no_browser() -> str:
    """Why browser tests cannot run."""
    return "" if chromium() else "browser tests skipped: no Chromium at " + ", ".join(CHROMIUM) + " on the PATH"


def nlu_types() -> tuple[Command, ...]:
    """Types of what runs inside Rasa: its environment, its Python; Rasa itself has no types to build on."""
    files = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "nlu").rglob("*.py"))
    where = ("--python-version=3.10", f"--python-executable={RASA_PYTHON}")
    untyped = ("--allow-subclassing-any", "--allow-untyped-decorators", "--no-warn-unused-ignores")
    return (module("mypy", *where, *untyped, *files),) if files else ()


STAGES = (
    Stage("lint", (module("ruff", "check", "."), module("ruff", "format", "--check", "."))),
    Stage("types", (module("mypy"), *nlu_types())),
    Stage("layers", (("lint-imports",),)),
    Stage("check", (module("tools", "check"),)),
    Stage("unit", (pytest("tests/unit", "not rasa and not browser and not postgres", *SIDE_BY_SIDE),)),
    Stage("postgres", (pytest("tests", "postgres", *SIDE_BY_SIDE),)),
    Stage("train", (module("tools", "train"),)),
    Stage("rasa", (pytest("tests/rasa", "rasa and not browser"),)),
    Stage("integration", (pytest("tests/integration", "not browser and not postgres"),)),
    Stage("e2e", (pytest("tests/e2e", "not browser"),)),
    Stage("browser", (pytest("tests", "browser"),), no_browser),
)


@dataclass(frozen=True)
class Outcome:
    """How a stage went."""

    name: str
    word: str
    """ok, FAILED, skipped or "no tests"."""
    seconds: float
    reason: str = ""


def run_stage(stage: Stage) -> Outcome:
    """Run all commands of a stage, their output in view."""
    reason = stage.skip()
    if reason:
        return Outcome(stage.name, "skipped", 0, reason)
    click.secho(f"\n== {stage.name} ==", bold=True)
    began = time.monotonic()
    codes = [call(command) for command in stage.commands]
    word = "FAILED" if set(codes) - {0, NO_TESTS} else "no tests" if NO_TESTS in codes else "ok"
    return Outcome(stage.name, word, time.monotonic() - began)


def call(command: Command) -> int:
    """Run one command from the root; the tools of our environment come first on its path.

    Bytecode is kept whatever the environment says, or each of the many processes would compile our modules anew.
    """
    path = f"{ROOT / BOT_PYTHON.parent}{os.pathsep}{os.environ.get('PATH', '')}"
    environ = os.environ | {"PATH": path, "MENTOR_CHROMIUM": chromium()}
    environ.pop("PYTHONDONTWRITEBYTECODE", None)
    shown = " ".join(command).removeprefix(PYTHON + " -m ")
    click.secho(f"$ {shown}", dim=True)
    try:
        return subprocess.run(command, cwd=ROOT, env=environ, check=False).returncode
    except FileNotFoundError:
        click.echo(f"{command[0]} is missing: run `make setup`.", err=True)
        return 127


def summary(outcomes: Sequence[Outcome]) -> str:
    """The table at the end, and a count that a machine can read."""
    lines = [f"  {each.name:<12} {each.word:<9} {each.seconds:6.1f} s" for each in outcomes]
    lines += [each.reason for each in outcomes if each.reason]
    failed = sum(each.word == "FAILED" for each in outcomes)
    passed = sum(each.word in ("ok", "no tests") for each in outcomes)
    skipped = len(outcomes) - failed - passed
    lines.append(f"stages: {passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return "\n".join(lines)


@click.command()
@click.argument("stages", nargs=-1, type=click.Choice([stage.name for stage in STAGES]))
def test(stages: tuple[str, ...]) -> None:
    """Run all STAGES, or those that are named."""
    chosen = [stage for stage in STAGES if not stages or stage.name in stages]
    outcomes = [run_stage(stage) for stage in chosen]
    click.echo("\n" + summary(outcomes))
    if any(outcome.word == "FAILED" for outcome in outcomes):
        raise SystemExit(1)
