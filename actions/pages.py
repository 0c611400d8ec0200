"""Guides as Markdown: the body of a step, the country's line, the whole guide in a few messages."""

import re
from collections.abc import Iterable

from actions.guides import Block, Edition, Note, Step, country_name, month_of
from actions.mentor import Mentor
from actions.words import Words

PAGE_LIMIT = 3500
NOTES_IN_STEP = 2

_LEAD = re.compile(r"([^\W\d_]{2,20}): ")
"""A tip that names itself, as in "Example: ..."."""


def country_line(note: Note, words: Words) -> str:
    """One fact about the person's country, with the month it was checked and a link to where it was read."""
    month = words.say("guide.checked", month=month_of(note.reviewed, words.language))
    return words.say(
        "guide.in_country",
        country=country_name(note.country, words.language),
        text=note.text,
        checked=f"[{month}]({note.source})" if not set("()[]") & set(note.source) else month,
    )


def card_country_line(edition: Edition, mentor: Mentor, country: str) -> str:
    """The surest fact on the guide's first topic that the country has something on; empty if there is none."""
    for topic in edition.guide.country_topics:
        for note in mentor.library.notes(country, topic, mentor.words.language):
            return country_line(note, mentor.words)
    return ""


def step_body(step: Step, mentor: Mentor, country: str, with_fixes: bool = False) -> str:
    """A step as Markdown, without its title; likely problems are left for the one who is stuck."""
    parts: list[str] = []
    for block in step.blocks:
        if block.kind == "country":
            notes = mentor.library.notes(country, block.text, mentor.words.language)[:NOTES_IN_STEP]
            parts += [_quoted(country_line(note, mentor.words)) for note in notes]
        elif block.kind != "fix" or with_fixes:
            parts.append(_block(block, mentor.words))
    return "\n\n".join(parts)


def fix_lines(fixes: Iterable[Block], words: Words) -> str:
    """Likely problems with their cures, as a list."""
    return "\n".join("- " + words.say("guide.fix", problem=fix.text, cure=fix.cure) for fix in fixes)


def whole_guide(edition: Edition, mentor: Mentor, country: str) -> list[str]:
    """All steps, in as few messages as the limit allows; a step is split only if it is longer than a message."""
    pages = [f"**{edition.title}**"]
    for step in edition.text.steps:
        text = f"**{step.number}. {step.title}**\n{step_body(step, mentor, country, with_fixes=True)}"
        for part in [text] if len(text) <= PAGE_LIMIT else _cut(text):
            if len(pages[-1]) + 2 + len(part) > PAGE_LIMIT:
                pages.append(part)
            else:
                pages[-1] += "\n\n" + part
    return pages


def _cut(text: str) -> list[str]:
    """`text` in pieces that fit, at its paragraphs where possible."""
    return [
        paragraph[at : at + PAGE_LIMIT]
        for paragraph in text.split("\n\n")
        for at in range(0, len(paragraph), PAGE_LIMIT)
    ]


def _block(block: Block, words: Words) -> str:
    match block.kind:
        case "warning":
            return _quoted(words.say("guide.warning", text=block.text))
        case "tip":
            lead = _LEAD.match(block.text)
            own = f"**{lead[1]}:** {block.text[lead.end() :]}" if lead else ""
            return _quoted(own or words.say("guide.tip", text=block.text))
        case "fix":
            return words.say("guide.fix", problem=block.text, cure=block.cure)
        case _:
            return block.text


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}" for line in text.split("\n"))
