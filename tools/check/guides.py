"""Guides: what the library finds, and translations of an English text that has changed since.

`guides/<language>/.source.yml` notes for each slug which English text was translated: the first twelve characters
of its SHA-256. `mentor check --mark-current` writes it once a translation has been read against the English.
"""

import hashlib
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Literal

from actions.guides.faults import Fault, Unreadable
from actions.guides.model import SOURCE
from actions.guides.source import read_source, read_yaml
from tools.errors import Stop

if TYPE_CHECKING:
    from tools.check.content import Content

NOTE = ".source.yml"
HEAD = "# Which English text each guide was translated from. Written by `mentor check --mark-current`.\n"
EVERY = "all"
"""In place of a language: every language but English."""
State = Literal["current", "stale", "missing"]


def check_guides(content: "Content") -> list[Fault]:
    """All that the library itself finds."""
    return content.library[1]


def source_mark(content: "Content", slug: str) -> str:
    """The mark of the English text as it is now, or "" if there is none."""
    try:
        return hashlib.sha256(read_source(content.guide_file(SOURCE, slug)).encode()).hexdigest()[:12]
    except Unreadable:
        return ""


def marks(content: "Content", language: str) -> dict[str, str]:
    """The marks noted for a language; none if there is no note."""
    path = content.root / "guides" / language / NOTE
    return {slug: str(mark) for slug, mark in read_yaml(read_source(path)).items()} if path.is_file() else {}


def states(content: "Content", language: str) -> dict[str, State]:
    """How each guide stands in a language."""
    noted = marks(content, language) if language != SOURCE else {}
    result: dict[str, State] = {}
    for slug in content.registry:
        if not content.guide_file(language, slug).is_file():
            result[slug] = "missing"
        else:
            fresh = language == SOURCE or noted.get(slug) == source_mark(content, slug)
            result[slug] = "current" if fresh else "stale"
    return result


def check_translations(content: "Content") -> list[Fault]:
    """Translations that no longer match, or of which nobody knows."""
    return [fault for code in content.codes if code != SOURCE for fault in _of_language(content, code)]


def _of_language(content: "Content", language: str) -> Iterator[Fault]:
    try:
        noted = marks(content, language)
    except Unreadable as fault:
        yield Fault(f"guides/{language}/{NOTE}", fault.line, fault.problem, fault.cure)
        return
    for slug, state in states(content, language).items():
        if state == "stale":
            path = f"guides/{language}/{slug}.md"
            told = "the English text has changed since this was translated"
            problem = told if slug in noted else "nobody noted which English text this was translated from"
            cure = f"compare both, then run `mentor check --mark-current {language} {slug}`"
            yield Fault(path, 1, problem, cure, "warning")


def mark_current(content: "Content", language: str, slugs: Collection[str]) -> list[str]:
    """Note that translations (all that exist, if none is named) match the English text; returns their slugs.

    Raises:
        Stop: the language or a guide does not exist.
    """
    if language not in content.codes or language == SOURCE:
        raise Stop(f"{language} is not a language to translate into: see languages.yml.")
    there = [slug for slug in content.registry if content.guide_file(language, slug).is_file()]
    strange = sorted(set(slugs) - set(there))
    if strange:
        raise Stop(f"guides/{language}/{strange[0]}.md does not exist, or guides/guides.yml does not name it.")
    chosen = list(slugs or there)
    noted = marks(content, language) | {slug: source_mark(content, slug) for slug in chosen}
    lines = [f'{slug}: "{noted[slug]}"\n' for slug in sorted(noted) if slug in there]
    (content.root / "guides" / language / NOTE).write_text(HEAD + "".join(lines), encoding="utf-8")
    return chosen


def mark_everywhere(content: "Content", slugs: Collection[str]) -> dict[str, list[str]]:
    """After a minor edit of the English text: the translations of `slugs` still match it, in every language.

    Raises:
        Stop: no guide is named (all of them at once would hide what is really stale), or one does not exist.
    """
    if not slugs:
        raise Stop("Name the guides whose English text was only touched up: `mentor check --mark-current all SLUG`.")
    marked = {}
    for code in content.codes:
        if code == SOURCE:
            continue
        # A slug that no language knows is passed on, so that `mark_current` says so.
        chosen = [slug for slug in slugs if content.guide_file(code, slug).is_file() or slug not in content.registry]
        marked[code] = mark_current(content, code, chosen) if chosen else []
    return marked
