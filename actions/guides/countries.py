"""Parser of one country file, `guides/countries/<CC>.yml`."""

from collections.abc import Mapping
from datetime import date
from typing import cast

from actions.guides.faults import Fault, Findings
from actions.guides.markdown import check_block, check_line, is_https
from actions.guides.model import SOURCE, TOPICS, Confidence, Country, CountryNote
from actions.guides.source import Listed, Mapped, read_top

CONFIDENCE = ("high", "medium", "low")
NOTE_LIMIT = 400
_FIELDS = ("text", "source", "reviewed", "confidence")


def parse_country(
    source: str, code: str, path: str, languages: Mapping[str, tuple[str, ...]]
) -> tuple[Country | None, list[Fault]]:
    """Read the facts about the country `code`, without the broken notes; None if nothing can be read.

    `languages` says which countries belong to each language, as `languages.yml` does.
    """
    found = Findings(path)
    top = read_top(source, found)
    if top is None:
        return None, found.faults
    language, topics = top.get("language"), top.get("topics")
    if top.get("country") != code:
        found.refuse(
            top.line_of("country"), f"`country` is not {code}", f"write `country: {code}`, as the file is named"
        )
    if not isinstance(language, str) or code not in languages.get(language, ()):
        found.refuse(top.line_of("language"), f"`language` is no language of {code}", "use the code from languages.yml")
    if not isinstance(topics, Mapped):
        found.refuse(top.line_of("topics"), "there is no mapping `topics:`", "write `topics:` and one topic below it")
    if found.refused or not isinstance(language, str) or not isinstance(topics, Mapped):
        return None, found.faults
    notes = {}
    for topic, listed in topics.items():
        notes[topic] = _topic(topic, listed, topics.line_of(topic), language, found)
    return Country(code, language, notes, path), found.faults


def _topic(topic: str, listed: object, line: int, language: str, found: Findings) -> tuple[CountryNote, ...]:
    """The notes of a topic, the surest first and of those the newest."""
    if topic not in TOPICS:
        found.error(line, f"there is no topic `{topic}`", f"use one of {', '.join(TOPICS)}")
        return ()
    if not isinstance(listed, Listed):
        found.error(line, f"`{topic}` is no list of notes", "begin each note with `- text:`")
        return ()
    notes = [
        note
        for item, at in zip(listed, listed.lines, strict=True)
        if (note := _note(topic, item, at, language, found)) is not None
    ]
    return tuple(sorted(notes, key=lambda note: (CONFIDENCE.index(note.confidence), -note.reviewed.toordinal())))


def _note(topic: str, item: object, line: int, language: str, found: Findings) -> CountryNote | None:
    """One note, or None if a field is wrong."""
    before = len(found.faults)
    fields = item if isinstance(item, Mapped) else Mapped(line)
    source, reviewed, confidence = fields.get("source"), fields.get("reviewed"), fields.get("confidence")
    texts = _texts(topic, fields, language, found)
    for key in sorted(set(fields) - set(_FIELDS)):
        found.error(fields.line_of(key), f"{topic}: `{key}` is no field of a note", f"use {', '.join(_FIELDS)}")
    if not is_https(source):
        found.error(fields.line_of("source"), f"{topic}: `source` is no https address", "name the official page")
    if not isinstance(reviewed, date):
        found.error(fields.line_of("reviewed"), f"{topic}: `reviewed` is no day", "write the day as 2026-11-23")
    if confidence not in CONFIDENCE:
        found.error(fields.line_of("confidence"), f"{topic}: `confidence` is unknown", f"use {', '.join(CONFIDENCE)}")
    if confidence == "low" and any(sign.isdigit() for text in texts.values() for sign in text):
        found.error(
            fields.line_of("text"), f"{topic}: a note of low confidence states a number", "say what to check and where"
        )
    if len(found.faults) > before or not isinstance(source, str) or not isinstance(reviewed, date):
        return None
    return CountryNote(topic, texts, source, reviewed, cast(Confidence, confidence), line)


def _texts(topic: str, fields: Mapped, language: str, found: Findings) -> dict[str, str]:
    """The note in each language it is written in."""
    written = fields.get("text")
    line = fields.line_of("text")
    texts = {}
    for code, value in written.items() if isinstance(written, Mapped) else ():
        at = written.line_of(code) if isinstance(written, Mapped) else line
        if code not in (language, SOURCE):
            found.error(at, f"{topic}: a text in `{code}` is never shown", f"write it in {language} and {SOURCE}")
        elif isinstance(value, str) and value.strip():
            texts[code] = " ".join(value.split())
            check_line(texts[code], at, found)
            check_block(texts[code], at, found)
            if len(texts[code]) > NOTE_LIMIT:
                found.error(at, f"{topic}: the note has {len(texts[code])} characters", f"keep it within {NOTE_LIMIT}")
    for code in sorted({language, SOURCE} - set(texts)):
        found.error(line, f"{topic}: the text in `{code}` is missing", f"add `{code}:` under `text:`")
    return texts
