"""Reading content files from disk: size, encoding and YAML, with no trust in any of them.

Rules from reliability.md S10 and scenario 91: at most 1 MB, UTF-8, no tags, no anchors or aliases, no duplicate
keys, bounded depth. libyaml only splits the text into events; values are built here, with their lines, so nothing
a file says can make an object, and a bomb is refused at the first event that is too deep. A splitter in Python took
four seconds for the whole library.
"""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamStartEvent,
)

from actions.guides.faults import Findings, Unreadable

MAX_BYTES = 1_000_000
MAX_DEPTH = 12
MAX_LINES = 6_000
MAX_LINE = 5_000
"""Longer ones are no text of ours, and the YAML scanner needs time in the square of some of them."""

SPLITTER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml, or its slow twin in Python where a platform has no build of it. Nothing is ever loaded with it."""
_NUMBER = re.compile(r"[-+]?[0-9]{1,15}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WORDS = {"": None, "~": None, "null": None, "true": True, "false": False}


class Mapped(dict[str, object]):
    """A YAML mapping that remembers the line of each key."""

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[str, int] = {}

    def line_of(self, key: str) -> int:
        """Line of `key`, or of the mapping if it is missing."""
        return self.lines.get(key, self.line)


class Listed(list[object]):
    """A YAML list that remembers the line of each item."""

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: list[int] = []


def read_source(path: Path) -> str:
    """The text of a content file, with `\\n` line ends.

    Raises:
        Unreadable: the file is missing, too large or not UTF-8.
    """
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise Unreadable(1, f"the file has {size:,} bytes", f"keep it under {MAX_BYTES:,} bytes")
        data = path.read_bytes()
    except OSError as error:
        raise Unreadable(
            1, f"the file cannot be read ({error.strerror})", "check that it exists and is a file"
        ) from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Unreadable(line, "a character is not UTF-8 (Latin-1?)", "save the file as UTF-8") from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_yaml(text: str) -> Mapped:
    """Read YAML whose top is a mapping.

    Raises:
        Unreadable: not YAML, or YAML that uses what content files may not use.
    """
    lines = text.split("\n")
    if len(lines) > MAX_LINES:
        raise Unreadable(MAX_LINES, f"there are {len(lines):,} lines of YAML", "split the file or shorten it")
    for number, line in enumerate(lines, 1):
        if len(line) > MAX_LINE:
            raise Unreadable(number, f"the line has {len(line):,} characters", "break it")
        if "\t" in line:
            raise Unreadable(number, "there is a tab", "use spaces")
    try:
        value = _document(yaml.parse(text, Loader=SPLITTER))
    except yaml.MarkedYAMLError as error:
        raise _from_marked(error) from error
    except yaml.YAMLError as error:
        raise Unreadable(1, "a character is not allowed in YAML", "look for control characters") from error
    if not isinstance(value, Mapped):
        raise Unreadable(1, "there are no `key: value` lines", "see a neighbouring file for the form")
    return value


def read_top(text: str, found: Findings) -> Mapped | None:
    """Read YAML like :func:`read_yaml`; what can't be read at all is noted in `found`, and None comes back."""
    try:
        return read_yaml(text)
    except Unreadable as fault:
        found.unreadable(fault)
        return None


def _from_marked(error: yaml.MarkedYAMLError) -> Unreadable:
    mark = error.problem_mark or error.context_mark
    line = mark.line if mark is not None else 0
    if str(error.problem).startswith("mapping values are not allowed"):
        return Unreadable(line + 1, "there is a colon inside a text", "put the whole text in quotes")
    if str(error.problem).startswith("exceeded maximum nesting depth"):
        # A newer libyaml gives up while it still looks ahead, before our own count has begun.
        return Unreadable(line + 1, "the YAML is nested too deeply", "write it flat")
    problem = str(error.problem or error.context or "this is not YAML")
    return Unreadable(line + 1, problem, "check indentation, quotes and colons here")


def _document(events: Iterator[Event]) -> object:
    """The value of the only document in a stream of YAML events; None if there is none."""
    value: object = None
    documents = 0
    for event in events:
        if isinstance(event, DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise Unreadable(_line(event), "a second document begins here", "keep one, without `---`")
        elif isinstance(event, AliasEvent | ScalarEvent | SequenceStartEvent | MappingStartEvent):
            value = _value(event, events, 0)
        elif not isinstance(event, StreamStartEvent | DocumentEndEvent):
            break
    return value


def _value(event: Any, events: Iterator[Event], depth: int) -> object:
    """Build the value that begins with `event` (libyaml has no types), and take its other events."""
    line = _line(event)
    if isinstance(event, AliasEvent) or event.anchor:
        raise Unreadable(
            line, "anchors (&) and aliases (*) are not allowed", "write the value out, or put it in quotes"
        )
    if event.tag and not str(event.tag).startswith("tag:yaml.org,2002:str"):
        raise Unreadable(line, "tags (!) are not allowed", "leave the tag out, or put the value in quotes")
    if depth > MAX_DEPTH:
        raise Unreadable(line, "the YAML is nested too deeply", "write it flat")
    if isinstance(event, MappingStartEvent):
        return _mapping(events, depth, line)
    if isinstance(event, SequenceStartEvent):
        listed = Listed(line)
        while not isinstance(item := next(events), SequenceEndEvent):
            listed.lines.append(_line(item))
            listed.append(_value(item, events, depth + 1))
        return listed
    return event.value if event.style or event.tag else _plain(event.value)


def _mapping(events: Iterator[Event], depth: int, line: int) -> Mapped:
    mapped = Mapped(line)
    while not isinstance(event := next(events), MappingEndEvent):
        at = _line(event)
        if not isinstance(event, ScalarEvent) or event.anchor or event.tag:
            raise Unreadable(at, "a key must be a plain word", "see a neighbouring file for the form")
        key: str = event.value
        if key in mapped:
            raise Unreadable(at, f"`{key}` stands here twice", f"keep one (the other is on line {mapped.lines[key]})")
        value = _value(next(events), events, depth + 1)
        if isinstance(value, Mapped):
            value.line = at
        mapped[key] = value
        mapped.lines[key] = at
    return mapped


def _plain(text: str) -> object:
    """A value without quotes: a number, a day, a truth value, nothing, or else text."""
    if text in _WORDS:
        return _WORDS[text]
    if _NUMBER.fullmatch(text):
        return int(text)
    if _DAY.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            return text
    return text


def _line(event: Event) -> int:
    return int(event.start_mark.line) + 1
