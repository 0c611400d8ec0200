"""Locale keys in the Python code: every key that is said exists, and every key that exists is said."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from actions.guides.faults import Fault
from actions.guides.model import SOURCE

if TYPE_CHECKING:
    from tools.check.content import Content

ROOMS = ("bot", "actions")
SPEAKING = ("say", "count", "has")
KEY = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_-]+)+")


@dataclass
class Uses:
    """Keys in the code."""

    said: list[tuple[str, str, int]] = field(default_factory=list)
    """Pattern, path and line of every key in a call that speaks; the pattern has `.+` for what is filled in."""
    texts: set[str] = field(default_factory=set)
    """Every other text of the code: a key may travel through a table or a constant."""
    patterns: set[str] = field(default_factory=set)
    """Every f-string that may make a key."""


def read_uses(root: Path) -> Uses:
    """Look through the code of the rooms that speak."""
    uses = Uses()
    for room in ROOMS:
        for path in sorted((root / room).rglob("*.py")):
            shown = path.relative_to(root).as_posix()
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                _take(node, shown, uses)
    return uses


def _take(node: ast.AST, path: str, uses: Uses) -> None:
    """Note the keys of one node."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        uses.texts.add(node.value)
    elif isinstance(node, ast.JoinedStr):
        uses.patterns.add(_pattern(node))
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in SPEAKING:
        first = node.args[0] if node.args else None
        if isinstance(first, ast.Constant) and isinstance(first.value, str) and KEY.fullmatch(first.value):
            uses.said.append((re.escape(first.value), path, node.lineno))
        elif isinstance(first, ast.JoinedStr):
            uses.said.append((_pattern(first), path, node.lineno))


def _pattern(node: ast.JoinedStr) -> str:
    """A regular expression for what an f-string can become."""
    parts = (re.escape(str(part.value)) if isinstance(part, ast.Constant) else ".+" for part in node.values)
    return "".join(parts)


def check_keys(content: "Content") -> list[Fault]:
    """Said but not there: an error. There but not said: a warning."""
    english = content.catalogues.get(SOURCE)
    if english is None:
        return []  # Told by the check of locales.
    uses = read_uses(content.root)
    return [*_unknown(uses, set(english.entries)), *_unused(content, uses)]


def _unknown(uses: Uses, keys: set[str]) -> Iterator[Fault]:
    """Calls whose key no catalogue has."""
    for pattern, path, line in uses.said:
        if not any(re.fullmatch(pattern, key) for key in keys):
            shown = pattern.replace(".+", "{}").replace("\\", "")
            yield Fault(path, line, f"the key `{shown}` is not in locales/en.po", "add its wording there")


def _unused(content: "Content", uses: Uses) -> Iterator[Fault]:
    """Keys that nothing says."""
    # A pattern that begins with something filled in would match every key.
    patterns = [re.compile(each) for each in uses.patterns if re.match(r"[a-z]\w*\\?\.", each)]
    for key, entry in content.catalogues[SOURCE].entries.items():
        if key not in uses.texts and not any(pattern.fullmatch(key) for pattern in patterns):
            yield Fault(content.source_file, entry.line, f"nothing says `{key}`", "remove it everywhere", "warning")
