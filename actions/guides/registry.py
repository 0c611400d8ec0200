"""Parser of the guide registry, `guides/guides.yml`."""

import re
from datetime import date
from typing import Any, cast

from actions.guides.faults import Fault, Findings
from actions.guides.markdown import is_https
from actions.guides.model import AREAS, TOPICS, Guide, Level
from actions.guides.source import Listed, Mapped, read_top

SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
LEVELS = ("beginner", "confident")
_FIELDS = ("area", "order", "minutes", "level", "related", "country_topics", "sources", "reviewed")


def parse_registry(source: str, path: str) -> tuple[dict[str, Guide] | None, list[Fault]]:
    """Read the registry: the guides by slug, without the broken entries; None if the file is no registry at all."""
    found = Findings(path)
    top = read_top(source, found)
    if top is None:
        return None, found.faults
    entries = top.get("guides")
    if not isinstance(entries, Mapped):
        found.refuse(1, "there is no mapping `guides:`", "begin the file with `guides:` and one slug below it")
        return None, found.faults
    guides = {}
    for slug, fields in entries.items():
        guide = _entry(slug, fields, entries.line_of(slug), found)
        if guide is not None:
            guides[slug] = guide
    return guides, found.faults


def _entry(slug: str, fields: object, line: int, found: Findings) -> Guide | None:
    """One guide of the registry, or None if a field is wrong."""
    before = len(found.faults)
    if SLUG.fullmatch(slug) is None:
        found.error(line, f"`{slug}` is no slug", "use small letters, digits and hyphens")
    if not isinstance(fields, Mapped):
        found.error(line, f"`{slug}` has no fields", f"it needs {', '.join(_FIELDS)}")
        return None
    for key in sorted(set(fields) - set(_FIELDS)):
        found.error(fields.line_of(key), f"`{key}` is no field of a guide", f"the fields are {', '.join(_FIELDS)}")
    for key in _FIELDS:
        problem, cure = _wrong(key, fields.get(key))
        if problem:
            found.error(fields.line_of(key), f"{slug}: `{key}` {problem}", cure)
    if slug in _words(fields.get("related")):
        found.error(fields.line_of("related"), f"{slug}: the guide is related to itself", "name other guides")
    if len(found.faults) > before:
        return None
    checked: dict[str, Any] = fields
    return Guide(
        slug=slug,
        area=checked["area"],
        order=checked["order"],
        minutes=checked["minutes"],
        level=cast(Level, checked["level"]),
        related=_words(checked["related"]),
        country_topics=_words(checked["country_topics"]),
        sources=_words(checked["sources"]),
        reviewed=checked["reviewed"],
        line=line,
    )


def _wrong(key: str, value: object) -> tuple[str, str]:
    """What is wrong with one field, and the cure; two empty strings if nothing is."""
    match key:
        case "area":
            good, cure = value in AREAS, f"use one of {', '.join(AREAS)}"
        case "level":
            good, cure = value in LEVELS, f"use one of {', '.join(LEVELS)}"
        case "order" | "minutes":
            good, cure = type(value) is int and 0 < value < 1000, "write a number from 1"
        case "reviewed":
            good, cure = isinstance(value, date), "write the day as 2026-11-23"
        case "sources":
            good = isinstance(value, Listed) and bool(value) and all(is_https(item) for item in value)
            cure = "list the https addresses of the pages that were read"
        case "country_topics":
            good = isinstance(value, Listed) and all(item in TOPICS for item in value)
            cure = f"write a list of topics out of {', '.join(TOPICS)}, or []"
        case _:
            good = isinstance(value, Listed) and all(isinstance(item, str) for item in value)
            cure = "write a list of slugs, as in [shop-start, shop-legal]"
    return ("", "") if good else ("is missing" if value is None else f"is {_shown(value)}", cure)


def _shown(value: object) -> str:
    text = str(value)
    return f"`{text[:40]}…`" if len(text) > 40 else f"`{text}`"


def _words(value: object) -> tuple[str, ...]:
    return tuple(str(item) for item in value) if isinstance(value, Listed) else ()
