"""Which files make up the library, read one by one, each on its own feet.

A file that has not changed is not read again, and a file whose new version is broken keeps its old one.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from actions.guides.checkup import Checkup, CheckupText, parse_checkup, parse_checkup_text
from actions.guides.countries import parse_country
from actions.guides.faults import Fault, Unreadable
from actions.guides.glossary import GlossaryText, parse_glossary, parse_glossary_text
from actions.guides.languages import Language
from actions.guides.model import Country, Guide, GuideText
from actions.guides.registry import SLUG, parse_registry
from actions.guides.source import read_source
from actions.guides.text import parse_guide

REGISTRY = "guides.yml"
COUNTRIES = "countries"
CHECKUP = "checkup.yml"
GLOSSARY = "glossary.yml"
ROOT_FILES = (REGISTRY, CHECKUP, GLOSSARY)
LANGUAGE_FILES = (".md", CHECKUP, GLOSSARY)
"""How the names end of what is read beside the registry, and in the folder of a language."""
MISSING = (0, 0, 0)

Stamp = tuple[int, int, int]
"""Modification time, size and inode: what changes when a file does."""


@dataclass(frozen=True)
class GlossaryTerms:
    """What `guides/glossary.yml` says: each term with the guide that tells more."""

    guides: Mapping[str, str]


Content = dict[str, Guide] | GuideText | Country | Checkup | CheckupText | GlossaryTerms | GlossaryText


@dataclass(frozen=True)
class Reading:
    """A file as it was read last."""

    stamp: Stamp
    content: Content | None
    """What it holds; the last good version if the file is broken now, None if there never was one."""
    faults: tuple[Fault, ...]
    """What is wrong with the file as it is now."""
    sound: bool
    """True if `content` came without errors: such a version is worth keeping."""

    @property
    def broken(self) -> bool:
        """True if the file as it is now has an error."""
        return any(fault.severity == "error" for fault in self.faults)


Readings = Mapping[Path, Reading]


def scan(root: Path, languages: tuple[Language, ...]) -> dict[Path, Stamp]:
    """All files of the library under `root` (the folder `guides`) with their stamps; the registry is always named."""
    stamps = {root / REGISTRY: MISSING}
    folders = [(root / language.code, LANGUAGE_FILES) for language in languages]
    for folder, endings in [(root, ROOT_FILES), (root / COUNTRIES, (".yml",)), *folders]:
        if not folder.is_dir():
            continue
        with os.scandir(folder) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                if entry.name.endswith(endings) and not entry.name.startswith(".") and entry.is_file():
                    status = entry.stat()
                    stamps[folder / entry.name] = (status.st_mtime_ns, status.st_size, status.st_ino)
    return stamps


def read_all(root: Path, languages: tuple[Language, ...], before: Readings) -> dict[Path, Reading]:
    """Read what is new or changed since `before`; the rest is carried over."""
    readings = {}
    for path, stamp in scan(root, languages).items():
        old = before.get(path)
        readings[path] = old if old is not None and old.stamp == stamp else _read(path, stamp, old, root, languages)
    return readings


def shown_path(path: Path, root: Path) -> str:
    """The path as faults name it: from the folder that holds `guides`."""
    return path.relative_to(root.parent).as_posix()


def _read(path: Path, stamp: Stamp, old: Reading | None, root: Path, languages: tuple[Language, ...]) -> Reading:
    shown = shown_path(path, root)
    content: Content | None = None
    try:
        content, faults = _parser(path, root, languages)(read_source(path), shown)
    except Unreadable as fault:
        faults = [Fault(shown, fault.line, fault.problem, fault.cure)]
    sound = not any(fault.severity == "error" for fault in faults)
    if not sound and old is not None and old.content is not None and (old.sound or content is None):
        return Reading(stamp, old.content, tuple(faults), old.sound)
    return Reading(stamp, content, tuple(faults), sound)


def _parser(
    path: Path, root: Path, languages: tuple[Language, ...]
) -> Callable[[str, str], tuple[Content | None, list[Fault]]]:
    """How to read the file at `path`, from where it lies."""
    language = path.parent.name
    if path.parent == root:
        return {REGISTRY: parse_registry, CHECKUP: parse_checkup, GLOSSARY: _terms}[path.name]
    if language == COUNTRIES:
        countries = {each.code: each.countries for each in languages}
        return lambda source, shown: parse_country(source, path.stem, shown, countries)
    if path.name == CHECKUP:
        return lambda source, shown: parse_checkup_text(source, language, shown)
    if path.name == GLOSSARY:
        return lambda source, shown: parse_glossary_text(source, language, shown)
    if SLUG.fullmatch(path.stem) is None:
        raise Unreadable(1, f"`{path.stem}` is no slug", "name the file with small letters, digits and hyphens")
    return lambda source, shown: parse_guide(source, path.stem, language, shown)


def _terms(source: str, shown: str) -> tuple[GlossaryTerms | None, list[Fault]]:
    terms, faults = parse_glossary(source, shown)
    return (None if terms is None else GlossaryTerms(terms)), faults
