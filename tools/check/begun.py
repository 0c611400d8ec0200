"""Glossaries and firm checks that were begun from the English file: what still stands there in English."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from actions.guides.faults import Fault, Unreadable
from actions.guides.files import CHECKUP, GLOSSARY
from actions.guides.model import SOURCE
from actions.guides.source import Mapped, read_source, read_yaml

if TYPE_CHECKING:
    from tools.check.content import Content

FEWEST_WORDS = 4
"""A shorter text may be the same in two languages."""


def check_begun(content: "Content") -> list[Fault]:
    """One warning a file, at its first English text."""
    faults = []
    for name in (GLOSSARY, CHECKUP):
        english = _texts(content.root / "guides" / SOURCE / name)
        for language in content.languages:
            own = _texts(content.root / "guides" / language.code / name) if language.code != SOURCE else {}
            same = [line for key, (text, line) in own.items() if english.get(key, ("", 0))[0] == text]
            if same:
                path = f"guides/{language.code}/{name}"
                problem = f"{len(same)} text{'' if len(same) == 1 else 's'} still in English"
                faults.append(Fault(path, min(same), problem, f"write them in {language.name}", "warning"))
    return faults


def _texts(path: Path) -> dict[tuple[str, ...], tuple[str, int]]:
    """Every sentence of a file with its line, by the keys that lead to it; what can't be read is told elsewhere."""
    try:
        return dict(_sentences(read_yaml(read_source(path)), ()))
    except Unreadable:
        return {}


def _sentences(mapped: Mapped, above: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], tuple[str, int]]]:
    for key, value in mapped.items():
        place = (*above, key)
        if isinstance(value, Mapped):
            yield from _sentences(value, place)
        elif isinstance(value, str) and len(value.split()) >= FEWEST_WORDS:
            yield place, (value, mapped.line_of(key))
