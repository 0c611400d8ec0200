"""What `mentor check` tells: all faults, errors apart from warnings, and how each language stands."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from actions.guides.faults import Fault, Unreadable
from actions.guides.model import SOURCE
from tools.check.guides import State, states

if TYPE_CHECKING:
    from tools.check.content import Content


SIGNS: dict[State, str] = {"current": "+", "stale": "~", "missing": "-"}


@dataclass(frozen=True)
class Standing:
    """How far a language is."""

    code: str
    name: str
    level: str
    guides_current: int
    guides_stale: int
    guides_missing: int
    phrases: int
    fewest_phrases: int
    """Of the trained intent that has fewest."""
    fewest_intent: str
    locale_percent: int


def standings(content: "Content") -> list[Standing]:
    """How far each language is, in the order of the roster."""
    english = content.catalogues.get(SOURCE)
    keys = set(english.entries) if english else set()
    result = []
    for language in content.languages:
        guides = Counter(_states(content, language.code).values())
        phrases = Counter(phrase.intent for phrase in content.phrases.of(language.code))
        fewest = min(content.trained_intents, key=lambda intent: phrases[intent])
        catalogue = content.catalogues.get(language.code)
        entries = catalogue.entries if catalogue else {}
        said = sum(key in entries and entries[key].complete for key in keys)
        result.append(
            Standing(
                code=language.code,
                name=language.name,
                level=language.level,
                guides_current=guides["current"],
                guides_stale=guides["stale"],
                guides_missing=guides["missing"],
                phrases=phrases.total(),
                fewest_phrases=phrases[fewest],
                fewest_intent=fewest,
                locale_percent=100 * said // len(keys) if keys else 0,
            )
        )
    return result


def _states(content: "Content", language: str) -> dict[str, State]:
    try:
        return states(content, language)
    except Unreadable:
        return {}  # The note of the sources is broken: told by its check.


def table(rows: Iterable[Standing]) -> str:
    """The standings for a terminal."""
    head: tuple[str, ...] = ("language", "level", "guides", "stale", "missing", "phrases", "fewest", "", "words")
    cells = [head]
    for row in rows:
        counts = map(str, (row.guides_current, row.guides_stale, row.guides_missing, row.phrases, row.fewest_phrases))
        cells.append((f"{row.code} {row.name}", row.level, *counts, row.fewest_intent, f"{row.locale_percent} %"))
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    left = (0, 1, 7)
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column in left else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in cells
    )


def guide_table(content: "Content") -> str:
    """Guides x languages: what is there, what no longer matches the English text, what is missing."""
    codes = content.codes
    by_code = {code: _states(content, code) for code in codes}
    widest = max(map(len, content.registry), default=0)
    lines = [" " * widest + "  " + " ".join(f"{code:>2}" for code in codes)]
    for slug in content.registry:
        signs = (SIGNS[by_code[code].get(slug, "missing")] for code in codes)
        lines.append(f"{slug:<{widest}}  " + " ".join(f"{sign:>2}" for sign in signs))
    return "\n".join([*lines, "", "+ complete   ~ the English text has changed since   - missing"])


def as_text(faults: list[Fault], rows: list[Standing]) -> str:
    """The report for a person: errors last before the table, where the eye falls."""
    warnings = [str(fault) for fault in faults if fault.severity == "warning"]
    errors = [str(fault) for fault in faults if fault.severity == "error"]
    parts = []
    if warnings:
        parts += [f"Warnings ({len(warnings)}):", *warnings, ""]
    if errors:
        parts += [f"Errors ({len(errors)}):", *errors, ""]
    return "\n".join([*parts, table(rows), "", f"{_count(errors, 'error')}, {_count(warnings, 'warning')}"])


def _count(things: list[str], word: str) -> str:
    return f"{len(things)} {word}{'' if len(things) == 1 else 's'}"


def as_json(faults: list[Fault], rows: list[Standing]) -> dict[str, object]:
    """The report for a program."""
    return {
        "errors": [asdict(fault) for fault in faults if fault.severity == "error"],
        "warnings": [asdict(fault) for fault in faults if fault.severity == "warning"],
        "languages": [asdict(row) for row in rows],
    }
