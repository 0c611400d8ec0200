"""`mentor preview`: a guide as a phone shows it, with the length of every message."""

import re
from collections.abc import Iterator

import click
from rich.box import ROUNDED
from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from actions.guides.library import Library
from actions.guides.model import Edition, Step
from tools.errors import Stop
from tools.paths import ROOT

WIDTH = 42
"""Characters of one line on a small phone."""
LONGEST = 4096
"""Characters of one Telegram message."""
SIGNS = {"warning": "⚠ ", "tip": "› "}
MARKS = re.compile(r"\*\*(?P<bold>.+?)\*\*|\*(?P<italic>[^*\n]+)\*|\[(?P<underline>[^\]]+)\]\(https?://[^)]+\)")
"""The Markdown of a guide, each kind named after its style in the terminal."""


def styled(markdown: str) -> Text:
    """A guide's Markdown for the terminal."""
    text, end = Text(), 0
    for found in MARKS.finditer(markdown):
        text.append(markdown[end : found.start()])
        text.append(found[str(found.lastgroup)], style=found.lastgroup)
        end = found.end()
    return text.append(markdown[end:])


def bubble(title: str, body: str) -> Panel:
    """One message as wide as on a phone, its length below it."""
    length = len(title) + 1 + len(body)
    note = f"{length} characters" + ("" if length <= LONGEST else f", Telegram takes {LONGEST}")
    inside = Text.assemble((title, "bold"), "\n", styled(body))
    return Panel(inside, width=WIDTH + 4, box=ROUNDED, subtitle=note, subtitle_align="right")


def step_body(step: Step) -> str:
    """The text of a step, each block on lines of its own."""
    parts = []
    for block in step.blocks:
        if block.kind == "fix":
            parts.append(f"{block.text} → {block.cure}")
        elif block.kind == "country":
            parts.append(f"(the country's note on {block.text})")
        else:
            parts.append(SIGNS.get(block.kind, "") + block.text)
    return "\n".join(parts)


def messages(edition: Edition) -> Iterator[tuple[str, str]]:
    """Title and body of all messages of a guide: its card, then its steps."""
    guide, text = edition.guide, edition.text
    yield text.title, f"{text.short.strip()}\n({edition.total} steps, {guide.minutes} minutes, {guide.level})"
    for step in text.steps:
        yield f"{step.number}/{edition.total} {step.title}", step_body(step)


@click.command()
@click.argument("slug")
@click.argument("language", default="en")
def preview(slug: str, language: str) -> None:
    """Show the guide SLUG in LANGUAGE as a phone shows it."""
    library, _ = Library.load(ROOT / "guides")
    edition = library.guide(slug, language)
    if edition is None:
        raise Stop(f"There is no guide {slug}: the guides are {', '.join(library.slugs) or 'still to be written'}.")
    if edition.fallback:
        click.echo(f"There is no text in {language}: this is the English one.\n")
    console = Console(highlight=False, width=WIDTH + 4)
    for title, body in messages(edition):
        console.print(bubble(title, body))
