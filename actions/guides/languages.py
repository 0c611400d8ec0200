"""Reader of `languages.yml`, the only list of languages."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

from actions.guides.faults import Unreadable
from actions.guides.source import Listed, Mapped, read_source, read_yaml

LEVELS = ("complete", "started", "planned")


@dataclass(frozen=True, slots=True)
class Language:
    """One language the mentor speaks, or will speak."""

    code: str
    name: str
    """In its own words."""
    telegram: tuple[str, ...]
    """What Telegram clients send as `language_code`, first two letters."""
    countries: tuple[str, ...]
    level: Literal["complete", "started", "planned"]


def read_languages(path: Path) -> tuple[Language, ...]:
    """The languages in the order of the file.

    Raises:
        Unreadable: the list is broken; nothing can work without it.
    """
    listed = read_yaml(read_source(path)).get("languages")
    if not isinstance(listed, Listed):
        raise Unreadable(1, "there is no list `languages`", "see the head of the file for its form")
    return tuple(_language(item, line) for item, line in zip(listed, listed.lines, strict=True))


def _language(item: object, line: int) -> Language:
    fields = item if isinstance(item, Mapped) else Mapped(line)
    code, name, level = fields.get("code"), fields.get("name"), fields.get("level")
    if not isinstance(code, str) or not isinstance(name, str) or level not in LEVELS:
        raise Unreadable(line, "a language needs code, name and level", f"level is one of {', '.join(LEVELS)}")
    telegram = _words(fields.get("telegram")) or (code,)
    return Language(
        code, name, telegram, _words(fields.get("countries")), cast(Literal["complete", "started", "planned"], level)
    )


def _words(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return tuple(str(item) for item in value) if isinstance(value, Listed) else ()
