"""Reading content files from disk: size, encoding and YAML, with no trust in any of them.

Rules from reliability.md S10 and scenario 91: at most 1 MB, UTF-8, no tags, no anchors or aliases, no duplicate
keys, bounded depth. YAML is composed to nodes only and built here, so every value keeps its line.
"""

from datetime import date
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from actions.guides.faults import Unreadable

MAX_BYTES = 1_000_000
MAX_DEPTH = 12

_STANDARD = "tag:yaml.org,2002:"


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
    try:
        node = YAML(typ="safe", pure=True).compose(text)
        value = _build(node, 0) if node is not None else None
    except MarkedYAMLError as error:
        raise _from_marked(error, text) from error
    except YAMLError as error:
        raise Unreadable(1, "a character is not allowed in YAML", "look for control characters") from error
    except RecursionError as error:
        raise Unreadable(1, "the YAML is nested too deeply", "write it flat") from error
    if not isinstance(value, Mapped):
        raise Unreadable(1, "there are no `key: value` lines", "see a neighbouring file for the form")
    return value


def _from_marked(error: MarkedYAMLError, text: str) -> Unreadable:
    mark = error.problem_mark or error.context_mark
    line = mark.line if mark is not None else 0
    lines = text.split("\n")
    if line < len(lines) and "\t" in lines[line]:
        return Unreadable(line + 1, "there is a tab", "use spaces")
    if str(error.problem).startswith("mapping values are not allowed"):
        return Unreadable(line + 1, "there is a colon inside a text", "put the whole text in quotes")
    problem = str(error.problem or error.context or "this is not YAML")
    return Unreadable(line + 1, problem, "check indentation, quotes and colons here")


def _build(node: Node, depth: int) -> object:
    line = node.start_mark.line + 1
    if node.anchor:
        raise Unreadable(
            line, "anchors (&) and aliases (*) are not allowed", "write the value out, or put it in quotes"
        )
    if depth > MAX_DEPTH:
        raise Unreadable(line, "the YAML is nested too deeply", "write it flat")
    if isinstance(node, MappingNode):
        return _build_mapping(node, depth, line)
    if isinstance(node, SequenceNode):
        listed = Listed(line)
        for item in node.value:
            listed.append(_build(item, depth + 1))
            listed.lines.append(item.start_mark.line + 1)
        return listed
    return _build_scalar(node, line)


def _build_mapping(node: MappingNode, depth: int, line: int) -> Mapped:
    mapped = Mapped(line)
    for key_node, value_node in node.value:
        at = key_node.start_mark.line + 1
        if not isinstance(key_node, ScalarNode) or key_node.anchor:
            raise Unreadable(at, "a key must be a plain word", "see a neighbouring file for the form")
        key = key_node.value
        if key in mapped:
            raise Unreadable(at, f"`{key}` stands here twice", f"keep one (the other is on line {mapped.lines[key]})")
        mapped[key] = _build(value_node, depth + 1)
        mapped.lines[key] = at
    return mapped


def _build_scalar(node: Node, line: int) -> object:
    text: str = node.value
    kind = str(node.tag).removeprefix(_STANDARD)
    try:
        if kind == "str":
            return text
        if kind == "null":
            return None
        if kind == "bool":
            return text.lower() == "true"
        if kind == "int":
            return int(text.replace("_", ""))
        if kind == "float":
            return float(text.replace("_", ""))
        if kind == "timestamp":
            return date.fromisoformat(text)
    except ValueError:
        return text
    raise Unreadable(line, f"the tag {kind} is not allowed", "leave the tag out")
