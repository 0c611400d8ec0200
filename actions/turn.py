"""One turn of the talk as the actions see it, read from what Rasa sends. Nothing in that message is trusted."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

SOURCE = "en"
TEXT_LIMIT = 4096
MAX_STEP = 99

_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_CODE = re.compile(r"[a-z]{2,3}")
_COUNTRY = re.compile(r"[A-Z]{2}")
_KEY = re.compile(r"[a-z][a-z0-9_]{0,23}")
_VALUE = re.compile(r"[A-Za-z0-9_-]{1,24}")


@dataclass(frozen=True)
class Place:
    """Where the person is in a guide."""

    guide: str
    step: int
    """From 1; 0 when only the card was seen."""
    total: int
    finished: bool = False


@dataclass(frozen=True)
class Checked:
    """The firm check as it was done the last time."""

    answers: Mapping[str, str]
    day: date


@dataclass(frozen=True)
class Turn:
    """What one person said or tapped, and what the bot knows of them that matters here."""

    intent: str = ""
    text: str = ""
    """What was written; of a tap whatever the channel made of it."""
    language: str = SOURCE
    written: str = ""
    """The language of the message itself, where it is long enough to tell; empty otherwise."""
    declined: frozenset[str] = frozenset()
    """Languages the person did not want to change to."""
    country: str = ""
    progress: Place | None = None
    finished: frozenset[str] = frozenset()
    """Guides the person has been through."""
    answers: Mapping[str, str] = field(default_factory=dict)
    """What was answered in the firm check that is under way; empty if none is."""
    checked: Checked | None = None
    plan: tuple[str, ...] = ()
    """The guides of the plan, best first."""
    coach: str = ""
    """Whether the person is asked once a week: `on`, `paused`, `off`; empty if never asked."""
    misses: int = 0
    """How many turns in a row were not understood before this one."""
    ranking: tuple[tuple[str, float], ...] = field(default=())
    """Intents with their confidence, best first."""
    guide: str = ""
    """The guide a tap is about; empty if there is none or it is no slug."""
    step: int = 0
    value: str = ""


def read_turn(message: Mapping[str, object]) -> Turn:
    """Read Rasa's `latest_message`. Whatever is not as it should be counts as absent; this never raises."""
    metadata = _mapping(message.get("metadata"))
    checkup = _mapping(metadata.get("checkup"))
    arguments = _arguments(message.get("entities"))
    return Turn(
        intent=_word(_mapping(message.get("intent")).get("name")),
        text=_word(message.get("text"))[:TEXT_LIMIT],
        language=language_of(message),
        written=_matching(_CODE, _mapping(metadata.get("written")).get("code")),
        declined=frozenset(_matching(_CODE, code) for code in _sequence(metadata.get("declined"))) - {""},
        country=_matching(_COUNTRY, metadata.get("country")),
        progress=_place(_mapping(metadata.get("progress"))),
        finished=frozenset(_matching(_SLUG, slug) for slug in _sequence(metadata.get("finished"))) - {""},
        answers=_answers(checkup.get("answers")),
        checked=_checked(_mapping(checkup.get("before"))),
        plan=tuple(filter(None, (_matching(_SLUG, slug) for slug in _sequence(checkup.get("plan"))))),
        coach=_matching(_KEY, checkup.get("coach")),
        misses=_number(metadata.get("misses"), 1000),
        ranking=_ranking(message.get("intent_ranking")),
        guide=_matching(_SLUG, arguments.get("guide")),
        step=_number(arguments.get("step"), MAX_STEP),
        value=_matching(_VALUE, arguments.get("value")),
    )


def language_of(message: Mapping[str, object]) -> str:
    """The person's language; English when the message does not say."""
    return _matching(_CODE, _mapping(message.get("metadata")).get("language")) or SOURCE


def answer_language(turn: Turn, spoken: Collection[str]) -> str:
    """The language to answer in: that of the message, if we speak it and the person has not said no to it."""
    wanted = turn.written
    return wanted if wanted in spoken and wanted not in turn.declined else turn.language


def _arguments(entities: object) -> dict[str, object]:
    """The first value of each entity: those are the arguments of a tap."""
    arguments: dict[str, object] = {}
    for item in _sequence(entities):
        entity = _mapping(item)
        arguments.setdefault(_word(entity.get("entity")), entity.get("value"))
    return arguments


def _place(progress: Mapping[str, object]) -> Place | None:
    slug = _matching(_SLUG, progress.get("guide"))
    if not slug:
        return None
    return Place(
        slug,
        _number(progress.get("step"), MAX_STEP),
        _number(progress.get("total"), MAX_STEP),
        progress.get("finished") is True,
    )


def _answers(value: object) -> dict[str, str]:
    return {
        key: answer
        for key, answer in _mapping(value).items()
        if _matching(_KEY, key) and isinstance(answer, str) and answer in ("yes", "no", "unknown")
    }


def _checked(before: Mapping[str, object]) -> Checked | None:
    answers = _answers(before.get("answers"))
    try:
        return Checked(answers, date.fromisoformat(_word(before.get("day")))) if answers else None
    except ValueError:
        return None


def _ranking(value: object) -> tuple[tuple[str, float], ...]:
    ranking = []
    for item in _sequence(value):
        entry = _mapping(item)
        name, confidence = _word(entry.get("name")), entry.get("confidence")
        if name and isinstance(confidence, int | float):
            ranking.append((name, float(confidence)))
    return tuple(sorted(ranking, key=lambda entry: -entry[1]))


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _sequence(value: object) -> Sequence[object]:
    return value if isinstance(value, list | tuple) else ()


def _word(value: object) -> str:
    return value if isinstance(value, str) else ""


def _matching(pattern: re.Pattern[str], value: object) -> str:
    return value if isinstance(value, str) and pattern.fullmatch(value) else ""


def _number(value: object, most: int) -> int:
    """A count from 0 to `most`; taps carry it as text."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 4:
        value = int(value)
    return value if type(value) is int and 0 <= value <= most else 0
