"""One readable log for many processes: time, coloured name, message."""

import contextlib
import json
import os
import re
import sys
from collections.abc import Callable
from datetime import datetime
from typing import Any, TextIO

_COLOURS = {"mentor": "1", "simulator": "35", "actions": "33", "rasa": "34", "bot": "32"}
_WIDTH = 9
_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|[\x00-\x08\x0b-\x1f\x7f]")
_STAMP = re.compile(r"^\d{4}-\d\d-\d\d[ T][\d:.,]+Z?\s+(?:\[?(\w+)\s*\]?\s+)?(?:[\w.]+\s+-\s+)?")
"""Date, time, level and logger at the head of Rasa's log lines."""
_HEAD = ("event", "message", "msg")
_SILENT = {"timestamp", "time", "level", "logger", "log_level", "exception", "exc_info", *_HEAD}
_LONGEST = 4000
"""Characters of one line; more is cut, so that one runaway line cannot drown the rest."""


def readable(line: str) -> str:
    """A child's log line for human eyes: JSON becomes "LEVEL event key=value", control characters go."""
    line = _ESCAPES.sub("", line).rstrip()
    if line.startswith("{"):
        with contextlib.suppress(ValueError):
            line = _unfold(json.loads(line))
    return line if len(line) <= _LONGEST else line[:_LONGEST] + " ..."


def bare(line: str) -> str:
    """A readable line without date, time and logger, which the journal tells itself; the level stays if it matters."""
    head = _STAMP.match(line)
    if head is None:
        return line
    level = head[1] if head[1] in ("WARNING", "ERROR", "CRITICAL") else ""
    return f"{level} {line[head.end() :]}".strip()


def _unfold(entry: dict[str, Any]) -> str:
    """One JSON log entry as text; a traceback follows on its own lines."""
    event = next((str(entry[key]) for key in _HEAD if key in entry), "")
    level = str(entry.get("level", "")).upper()
    level = f"{level} " if level not in ("", "INFO") else ""
    rest = " ".join(f"{key}={_short(value)}" for key, value in entry.items() if key not in _SILENT)
    trace = entry.get("exception") or ""
    return " ".join(filter(None, [level + event, rest])) + (f"\n{trace}" if isinstance(trace, str) and trace else "")


def _short(value: object) -> str:
    """A value of a log entry."""
    return value if isinstance(value, str) and " " not in value else json.dumps(value, ensure_ascii=False)


class Journal:
    """Writes the log. Secrets are hidden by `blot` on the way."""

    def __init__(self, out: TextIO | None = None, blot: Callable[[str], str] = str) -> None:
        self._out = out or sys.stdout
        self._blot = blot
        self._colour = self._out.isatty() and not os.environ.get("NO_COLOR")
        self._progress = False

    def write(self, name: str, message: str) -> None:
        """One entry; further lines of the message are indented under the first."""
        clock = datetime.now().astimezone().strftime("%H:%M:%S")
        label = f"{name:<{_WIDTH}}"
        if self._colour:
            label = f"\x1b[{_COLOURS.get(name, '36')}m{label}\x1b[0m"
        first, *more = (self._blot(message) or "").splitlines() or [""]
        indent = " " * (len(clock) + _WIDTH + 3)
        self._print("\n".join([f"{clock} {label}  {first}", *(indent + line for line in more)]))

    def box(self, lines: list[str]) -> None:
        """A framed block that is found again in a long log."""
        width = max(map(len, lines))
        bar = "─" * (width + 2)
        self._print("\n".join([f"┌{bar}┐", *(f"│ {line:<{width}} │" for line in lines), f"└{bar}┘"]))

    def progress(self, line: str) -> None:
        """A line that the next one replaces; only where a person watches."""
        if self._out.isatty():
            print(f"\r\x1b[2K{line}", end="", file=self._out, flush=True)
            self._progress = True

    def _print(self, text: str) -> None:
        if self._progress:
            print("\r\x1b[2K", end="", file=self._out)
            self._progress = False
        # Someone who reads through `head` may go away: that is no reason to stop.
        with contextlib.suppress(BrokenPipeError):
            print(text, file=self._out, flush=True)
