"""The firm check: its questions (`guides/checkup.yml`), its texts (`guides/<language>/checkup.yml`), level and plan.

Levels are those of Eurostat's Digital Intensity Index, version 4: 0-3 points of 12 very low, 4-6 low, 7-9 high, 10-12
very high (source and adaptations: head of `guides/checkup.yml`).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal, cast

from actions.guides.faults import Fault, Findings
from actions.guides.markdown import check_line, is_plain
from actions.guides.model import AREAS
from actions.guides.registry import SLUG
from actions.guides.source import Listed, Mapped, read_top

QUESTIONS = 12
PLAN_LENGTH = 5
ASK_LIMIT, STRONG_LIMIT, REASON_LIMIT = 170, 110, 110
NAME_LIMIT, LEVEL_LIMIT = 30, 240
ANSWERS = ("yes", "no", "unknown")
LEVELS = ("very_low", "low", "high", "very_high")
STEPS = (4, 7, 10)
"""The fewest points for low, high and very high."""

Reply = Literal["yes", "no", "unknown"]
Answers = Mapping[str, str]
"""Question key to `yes`, `no` or `unknown`."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question, whatever the language."""

    key: str
    area: str
    urgency: int
    """Which open question is helped first, from 1."""
    guides: tuple[str, ...]
    """What helps if the answer is not yes, best first."""
    line: int


@dataclass(frozen=True, slots=True)
class Checkup:
    """The whole check."""

    questions: tuple[Question, ...]
    beyond: tuple[str, ...]
    """Fills the plan of a firm that has little left to do."""

    @property
    def keys(self) -> tuple[str, ...]:
        """The questions in the order in which they are asked."""
        return tuple(question.key for question in self.questions)

    def next_open(self, answers: Answers) -> int | None:
        """Number (from 1) of the first question without an answer, or None."""
        return next((number for number, key in enumerate(self.keys, 1) if key not in answers), None)

    def points(self, answers: Answers) -> int:
        """One point for each yes."""
        return sum(answers.get(key) == "yes" for key in self.keys)

    def share(self, area: str, answers: Answers) -> tuple[int, int]:
        """Points of an area, and how many there are to be had."""
        keys = [question.key for question in self.questions if question.area == area]
        return sum(answers.get(key) == "yes" for key in keys), len(keys)

    def level(self, answers: Answers) -> str:
        """One of :data:`LEVELS`."""
        points = self.points(answers)
        return LEVELS[sum(points >= least for least in STEPS)]

    def plan(self, answers: Answers, finished: Collection[str], known: Collection[str]) -> tuple[str, ...]:
        """The five guides that help most: what is open and urgent first, then what goes deeper; nothing done before.

        `known` are the guides that exist.
        """
        left = [question for question in self.questions if answers.get(question.key) != "yes"]
        left.sort(key=lambda question: question.urgency)
        first = [question.guides[0] for question in left]
        second = [slug for question in left for slug in question.guides[1:]]
        wanted = dict.fromkeys([*first, *second, *self.beyond])
        return tuple(slug for slug in wanted if slug in known and slug not in finished)[:PLAN_LENGTH]


@dataclass(frozen=True, slots=True)
class CheckupText:
    """The texts of the check in one language."""

    language: str
    asks: Mapping[str, str]
    strong: Mapping[str, str]
    """What is already strong when the answer is yes, by question."""
    reasons: Mapping[str, str]
    """Why a guide is in the plan, by slug."""
    levels: Mapping[str, tuple[str, str]]
    """Name and encouragement, by level."""
    path: str


def parse_checkup(source: str, path: str) -> tuple[Checkup | None, list[Fault]]:
    """Read the questions; None if one of them is broken, because the levels count on all of them."""
    found = Findings(path)
    top = read_top(source, found)
    if top is None:
        return None, found.faults
    entries, beyond = top.get("questions"), top.get("beyond")
    if not isinstance(entries, Mapped) or len(entries) != QUESTIONS:
        found.refuse(top.line_of("questions"), f"there are not {QUESTIONS} questions", "see the head of the file")
        return None, found.faults
    questions = [_question(key, fields, entries.line_of(key), found) for key, fields in entries.items()]
    if not isinstance(beyond, Listed) or not all(isinstance(slug, str) for slug in beyond):
        found.refuse(top.line_of("beyond"), "`beyond` is no list of guides", "write [slug, slug, ...]")
        return None, found.faults
    urgencies = sorted(question.urgency for question in questions if question is not None)
    if urgencies != list(range(1, QUESTIONS + 1)):
        found.refuse(top.line_of("questions"), "the urgencies are not 1 to 12, each once", "number them anew")
    if found.refused:
        return None, found.faults
    whole = tuple(question for question in questions if question is not None)
    return Checkup(whole, tuple(str(slug) for slug in beyond)), found.faults


def _question(key: str, fields: object, line: int, found: Findings) -> Question | None:
    given = fields if isinstance(fields, Mapped) else Mapped(line)
    area, urgency, guides = given.get("area"), given.get("urgency"), given.get("guides")
    # The key travels in a button's value, together with the answer.
    if SLUG.fullmatch(key.replace("_", "-")) is None or len(key) > 14:
        found.refuse(line, f"`{key}` is no name of a question", "use small letters and _, at most 14")
    if area not in AREAS:
        found.refuse(given.line_of("area"), f"{key}: `area` is unknown", f"use one of {', '.join(AREAS)}")
    if type(urgency) is not int:
        found.refuse(given.line_of("urgency"), f"{key}: `urgency` is no number", "write a number from 1 to 12")
    if not isinstance(guides, Listed) or not guides or not all(isinstance(slug, str) for slug in guides):
        found.refuse(given.line_of("guides"), f"{key}: `guides` is no list of guides", "write [slug, slug]")
    if not isinstance(given.get("after"), str):
        found.refuse(line, f"{key}: `after` is missing", "say which variable of the index it comes from")
    if found.refused or not isinstance(guides, Listed) or not isinstance(urgency, int):
        return None
    return Question(key, str(area), urgency, tuple(str(slug) for slug in guides), line)


def parse_checkup_text(source: str, language: str, path: str) -> tuple[CheckupText | None, list[Fault]]:
    """Read the texts of one language; None if the file can't be read at all."""
    found = Findings(path)
    top = read_top(source, found)
    if top is None:
        return None, found.faults
    questions, levels = _part(top, "questions", found), _part(top, "levels", found)
    pairs = {
        key: (
            _said(questions, key, "ask", ASK_LIMIT, found),
            _said(questions, key, "strong", STRONG_LIMIT, found),
        )
        for key in questions
    }
    named = {
        key: (_said(levels, key, "name", NAME_LIMIT, found), _said(levels, key, "text", LEVEL_LIMIT, found))
        for key in levels
    }
    listed = _part(top, "reasons", found)
    reasons = {slug: _text(listed, slug, REASON_LIMIT, found) for slug in listed}
    for key in LEVELS:
        if key not in named:
            found.error(top.line_of("levels"), f"the level `{key}` is missing", "give it name and text")
    if found.refused:
        return None, found.faults
    asks = {key: ask for key, (ask, _) in pairs.items()}
    strong = {key: said for key, (_, said) in pairs.items()}
    return CheckupText(language, asks, strong, reasons, named, path), found.faults


def _part(top: Mapped, key: str, found: Findings) -> Mapped:
    part = top.get(key)
    if isinstance(part, Mapped):
        return part
    found.refuse(top.line_of(key), f"there is no mapping `{key}:`", "see guides/en/checkup.yml for the form")
    return Mapped(top.line)


def _said(part: Mapped, key: str, name: str, limit: int, found: Findings) -> str:
    """One text of an entry."""
    fields = part[key]
    if not isinstance(fields, Mapped):
        found.refuse(part.line_of(key), f"`{key}` has no texts", "see guides/en/checkup.yml for the form")
        return ""
    return _text(fields, name, limit, found, f"{key}: ")


def _text(fields: Mapped, name: str, limit: int, found: Findings, what: str = "") -> str:
    value, line = fields.get(name), fields.line_of(name)
    if not isinstance(value, str) or not value.strip():
        found.refuse(line, f"{what}`{name}` is missing or not text", "write it, in quotes if it holds a colon")
        return ""
    text = " ".join(value.split())
    check_line(text, line, found)
    if not is_plain(text):
        found.refuse(line, f"{what}`{name}` has Markdown signs in it", "write plain words")
    if len(text) > limit:
        found.error(line, f"{what}`{name}` has {len(text)} characters", f"keep it within {limit}")
    return text


def check_checkup(
    checkup: Checkup | None,
    texts: Mapping[str, CheckupText],
    guides: Collection[str],
    complete: Collection[str],
    root: str,
) -> list[Fault]:
    """Faults between the check, its texts and the guides; `complete` are the languages that should have all."""
    if checkup is None:
        return []
    found = Findings(f"{root}/checkup.yml")
    for question in checkup.questions:
        for slug in set(question.guides) - set(guides):
            found.error(question.line, f"{question.key}: there is no guide `{slug}`", "correct or remove it")
    for slug in set(checkup.beyond) - set(guides):
        found.error(1, f"beyond: there is no guide `{slug}`", "correct or remove it")
    faults = found.faults
    for language in complete:
        if language not in texts:
            path = f"{root}/{language}/checkup.yml"
            faults.append(Fault(path, 1, "the texts of the firm check are missing", "translate guides/en/checkup.yml"))
    for text in texts.values():
        faults += _against(checkup, text, guides)
    return faults


def _against(checkup: Checkup, text: CheckupText, guides: Collection[str]) -> list[Fault]:
    found = Findings(text.path)
    for kind, wanted, given in (("question", checkup.keys, text.asks), ("reason", guides, text.reasons)):
        for key in sorted(set(wanted) - set(given)):
            found.error(1, f"the {kind} `{key}` is missing", "write it")
        for key in sorted(set(given) - set(wanted)):
            found.error(1, f"the {kind} `{key}` belongs to nothing", "remove it, or correct its name")
    return found.faults


def answer_of(value: str) -> tuple[str, Reply] | None:
    """Question and answer in a button's value, or None if it holds none."""
    key, _, reply = value.rpartition("-")
    return (key, cast(Reply, reply)) if key and reply in ANSWERS else None
