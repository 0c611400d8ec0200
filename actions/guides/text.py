"""Parser of one guide text: front matter, then steps (`guides/<language>/<slug>.md`)."""

import re

from actions.guides.faults import Fault, Findings, Unreadable
from actions.guides.markdown import check_block, check_line, is_plain
from actions.guides.model import TOPICS, Block, GuideText, Kind, Step
from actions.guides.source import Mapped, read_yaml

TITLE_LIMIT = 60
SHORT_LIMIT = 350
STEP_LIMIT = 600
STEPS = range(5, 10)
FRONT_MATTER_LINES = 30

_HOOK = re.compile(r"\{\{\s*country\.([a-z_]+)\s*\}\}")
_FIX_LINE = re.compile(r"\S+ \S.*? ->(?: .*)?")
_ARROW = " ->"
_ENDS = (".", "?", "!", ":", ";", "\u2026", ")", '"', "'", "\u201d", "\u201c", "\u2019", "\u00bb", "**")
_MARKS: tuple[tuple[str, Kind], ...] = (("! ", "warning"), ("> ", "tip"))


def parse_guide(source: str, slug: str, language: str, path: str) -> tuple[GuideText | None, list[Fault]]:
    """Read one guide text; None if it cannot be shown at all.

    A text that is only too long, or has too few steps, is still returned: a reader is better served by it than by
    nothing, while the fault keeps it from being published.
    """
    found = Findings(path)
    lines = source.split("\n")
    try:
        front, body_from = _front_matter(lines)
    except Unreadable as fault:
        found.unreadable(fault)
        return None, found.faults
    title = _said(front, "title", TITLE_LIMIT, found)
    short = _said(front, "short", SHORT_LIMIT, found)
    if not is_plain(title):
        found.refuse(
            front.line_of("title"), "the title has Markdown signs in it", "write plain words: it is a button too"
        )
    check_line(short, front.line_of("short"), found)
    check_block(short, front.line_of("short"), found)
    for key in sorted(set(front) - {"title", "short"}):
        found.error(front.line_of(key), f"`{key}` is no field of a guide text", "the rest stands in guides/guides.yml")
    steps = _steps(lines, body_from, found)
    _check_steps(steps, lines, found)
    if found.refused or not steps:
        return None, found.faults
    return GuideText(slug, language, title, short, tuple(steps), path), found.faults


def _front_matter(lines: list[str]) -> tuple[Mapped, int]:
    """The fields between the `---` lines, and the index of the first line after them."""
    if lines[0].rstrip() != "---":
        raise Unreadable(
            1, "the file does not begin with `---`", "begin with ---, title, short, --- (see any other guide)"
        )
    for index in range(1, min(len(lines), FRONT_MATTER_LINES)):
        if lines[index].rstrip() == "---":
            return read_yaml("\n".join(["", *lines[1:index]])), index + 1
    raise Unreadable(1, "the `---` after title and short is missing", "add a line --- before the first step")


def _said(front: Mapped, key: str, limit: int, found: Findings) -> str:
    """A text field of the front matter, or an empty string with a fault."""
    value, line = front.get(key), front.line_of(key)
    if not isinstance(value, str) or not value.strip():
        found.refuse(
            line, f"`{key}` is missing or not text", f"write `{key}:` and the words, in quotes if they hold a colon"
        )
        return ""
    text = " ".join(value.split())
    if len(text) > limit:
        found.error(line, f"`{key}` has {len(text)} characters", f"keep it within {limit}")
    return text


class _Draft:
    """A step while its lines come in."""

    def __init__(self, title: str, line: int) -> None:
        self.title = title
        self.line = line
        self.blocks: list[Block] = []
        self._kind: Kind = "paragraph"
        self._text = ""
        self._at = line

    def add(self, line: str, number: int, found: Findings) -> None:
        """Take in one line: it begins a block, carries on the one before, or (empty) ends it.

        Editors end a line where a sentence ends, and readers see it so. A line that stops amid a sentence goes on in
        the next one, whatever kind of block it is.
        """
        if not line:
            self.close(found)
            return
        if hook := _HOOK.fullmatch(line):
            self.close(found)
            if hook[1] not in TOPICS:
                found.refuse(number, f"there is no country topic `{hook[1]}`", f"use one of {', '.join(TOPICS)}")
            self.blocks.append(Block("country", hook[1], number))
            return
        check_line(line.removeprefix("> ").removeprefix("! "), number, found)
        for mark, kind in _MARKS:
            if line.startswith(mark):
                self._begin(kind, line.removeprefix(mark).strip(), number, found)
                return
        if _FIX_LINE.fullmatch(line):
            self._begin("fix", line, number, found)
        elif line.startswith("- ") and self._kind == "paragraph" and self._text:
            self._text += "\n" + line
        elif line.startswith("- "):
            self._begin("paragraph", line, number, found)
        elif self._text and not self._text.endswith(_ENDS):
            self._text += " " + line.strip()
        elif self._text and self._kind == "paragraph":
            self._text += "\n" + line.strip()
        else:
            self._begin("paragraph", line.strip(), number, found)

    def _begin(self, kind: Kind, text: str, number: int, found: Findings) -> None:
        self.close(found)
        self._kind, self._text, self._at = kind, text, number

    def close(self, found: Findings) -> None:
        """End the block that is open, if one is."""
        if self._text:
            check_block(self._text, self._at, found)
            text, cure = self._text, ""
            if self._kind == "fix":
                text, _, cure = (part.strip() for part in self._text.partition(_ARROW))
                if not cure:
                    found.refuse(self._at, "nothing follows the arrow", "write `If ... -> what to do`")
            self.blocks.append(Block(self._kind, text, self._at, cure))
        self._kind, self._text = "paragraph", ""


def _steps(lines: list[str], body_from: int, found: Findings) -> list[Step]:
    drafts: list[_Draft] = []
    for index in range(body_from, len(lines)):
        line, number = lines[index].rstrip(), index + 1
        if line.startswith("## "):
            title = line[3:].strip()
            if not title or not is_plain(title):
                found.refuse(number, "the step's title is empty or has Markdown signs in it", "write plain words")
            if drafts:
                drafts[-1].close(found)
            drafts.append(_Draft(title, number))
        elif drafts:
            drafts[-1].add(line, number, found)
        elif line:
            found.refuse(number, "there is text before the first step", "begin the step with `## ` and its instruction")
    if drafts:
        drafts[-1].close(found)
    return [Step(place, draft.title, tuple(draft.blocks), draft.line) for place, draft in enumerate(drafts, 1)]


def _check_steps(steps: list[Step], lines: list[str], found: Findings) -> None:
    """Count the steps and their characters, as an editor sees them in the file."""
    if len(steps) not in STEPS:
        line = steps[-1].line if steps else len(lines)
        found.error(
            line, f"the guide has {len(steps)} steps", f"make it {STEPS[0]} to {STEPS[-1]}, each begun with `## `"
        )
    ends = [step.line - 1 for step in steps[1:]] + [len(lines)]
    for step, end in zip(steps, ends, strict=True):
        written = [line for line in lines[step.line : end] if not _HOOK.fullmatch(line.rstrip())]
        size = len("\n".join(written).strip())
        if size > STEP_LIMIT:
            found.error(step.line, f"the step has {size} characters", f"keep it within {STEP_LIMIT}, or make two steps")
        if not any(block.kind != "country" for block in step.blocks):
            found.error(step.line, "the step has no text", "say what to do")
        if len(step.title) > TITLE_LIMIT:
            found.warning(
                step.line, f"the step's title has {len(step.title)} characters", f"keep it within {TITLE_LIMIT}"
            )
