"""Every log line of the bot has an `action` key, and the manual explains each."""

import ast
import functools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.domain.retry import Outcome
from bot.store import reminders

ROOT = Path(__file__).resolve().parents[3]
BOT = sorted((ROOT / "bot").rglob("*.py"))
LEVELS = frozenset({"debug", "info", "warning", "error", "exception", "critical"})
MADE_UP = {
    "coach.{}": [reminders.COACH, reminders.GUIDE],
    "sender.{}": [outcome.name.lower() for outcome in Outcome],
    "{}.failed": ["worker", "sender"],
    "{}.fetch_failed": ["worker", "sender"],
    "{}.undrained": ["worker", "sender"],
}
"""Keys with a part that is known only when they are written."""


def log_calls(file: Path) -> Iterator[ast.Call]:
    """The calls of `log.info(...)` and its like."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in LEVELS
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "log"
        ):
            yield node


def keys(call: ast.Call) -> list[str]:
    """The action keys that a call can write."""
    value = next((keyword.value for keyword in call.keywords if keyword.arg == "action"), None)
    if isinstance(value, ast.Constant):
        return [str(value.value)]
    if isinstance(value, ast.JoinedStr):
        shape = "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in value.values)
        return [shape.replace("{}", word) for word in MADE_UP[shape]]
    return []


@functools.cache
def actions_in_the_code() -> frozenset[str]:
    """All action keys."""
    return frozenset(key for file in BOT for call in log_calls(file) for key in keys(call))


@pytest.mark.parametrize("file", [file for file in BOT if list(log_calls(file))], ids=lambda file: file.name)
def test_log_line_has_an_action_key_of_the_usual_shape(file: Path) -> None:
    for call in log_calls(file):
        assert keys(call), f"{file.name}:{call.lineno} has none"
        assert [key for key in keys(call) if not re.fullmatch(r"[a-z]+\.[a-z_ ]+", key)] == []


def test_manual_explains_every_action_and_no_other() -> None:
    page = (ROOT / "docs/operations.md").read_text("utf-8")
    explained = set(re.findall(r"^\| `([a-z]+\.[a-z_ ]+)` \|", page, flags=re.MULTILINE))

    assert explained == actions_in_the_code()
