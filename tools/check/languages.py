"""`languages.yml` itself, and folders that it does not know."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from babel import Locale, UnknownLocaleError

from actions.guides.faults import Fault, Unreadable
from actions.guides.languages import Language, read_languages
from actions.guides.model import SOURCE
from actions.guides.source import Listed, read_source, read_yaml

if TYPE_CHECKING:
    from tools.check.content import Content

FILE = "languages.yml"
NOT_LANGUAGES = ("countries", "components", "__pycache__")
"""Folders beside those of the languages."""


def check_languages(content: "Content") -> list[Fault]:
    """The roster can be read, names nothing twice, and every language folder is in it."""
    path = content.root / FILE
    try:
        languages = read_languages(path)
        listed = read_yaml(read_source(path))["languages"]
    except Unreadable as fault:
        return [Fault(FILE, fault.line, fault.problem, fault.cure)]
    lines = listed.lines if isinstance(listed, Listed) else []
    return [*_roster(languages, lines), *_strangers(content)]


def _roster(languages: tuple[Language, ...], lines: list[int]) -> Iterator[Fault]:
    """Faults within the list."""
    seen: dict[str, int] = {}
    for language, line in zip(languages, lines, strict=True):
        try:
            known = Locale.parse(language.code)
        except (UnknownLocaleError, ValueError):
            yield Fault(FILE, line, f"`{language.code}` is no language code", "use ISO 639-1 (nb for Norwegian)")
            continue
        for name in (f"language {language.code}", *(f"country {country}" for country in language.countries)):
            if seen.setdefault(name, line) != line:
                yield Fault(
                    FILE, line, f"the {name} stands here twice", f"keep one (the other is on line {seen[name]})"
                )
        for country in language.countries:
            if country not in known.territories:
                yield Fault(FILE, line, f"`{country}` is no country code", "use ISO 3166-1 (GR for Greece)")
    if SOURCE not in {language.code for language in languages}:
        yield Fault(FILE, 1, "English is missing", "add it: it stands in for every other language")


def _strangers(content: "Content") -> Iterator[Fault]:
    """Content of languages that the roster does not name."""
    known = {*content.codes, *NOT_LANGUAGES}
    for tree in ("guides", "nlu", "tests/nlu"):
        for folder in sorted((content.root / tree).glob("*/")):
            if folder.name not in known and not folder.name.startswith("."):
                yield _stranger(f"{tree}/{folder.name}")
    for path in sorted((content.root / "locales").glob("*.po")):
        if path.stem not in known:
            yield _stranger(f"locales/{path.name}")


def _stranger(path: str) -> Fault:
    return Fault(path, 1, f"{FILE} does not know this language", "add it there, or correct the name")
