"""`mentor new`: begin a guide or a language, with every file in its place and a word in each about what to do."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import click
from babel import Locale, UnknownLocaleError
from babel.messages.plurals import get_plural

from actions.guides.files import CHECKUP, GLOSSARY
from actions.guides.model import AREAS, SOURCE, intent_of
from actions.guides.registry import SLUG
from tools.check.amounts import FEWEST_GUIDE
from tools.check.content import Content
from tools.errors import Stop
from tools.paths import ROOT

STEPS = 5
"""The fewest steps a guide has."""
GUIDE = """---
title: {title}
short: >
  Write here, in at most 350 characters, the answer that helps someone who reads nothing more: what to do,
  what it costs, how long it takes.
---
"""
STEP = """
## Write step {number} as an instruction

Write at most 600 characters. End with something done.
"""
ENTRY = """
  {slug}:
    area: {area}
    order: {order}
    minutes: 30
    level: beginner
    related: []
    country_topics: []
    sources:
      - https://example.org/replace-by-the-official-page-that-was-read
    reviewed: {today}
"""
LOCALE = """# {name}. The keys and their English wording stand in en.po.
msgid ""
msgstr ""
"Language: {code}\\n"
"Plural-Forms: {plural}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"""

BEGUN = "# Begun from the English file: write every text anew in {name}; the keys and the numbers stay.\n"


def new_guide(root: Path, slug: str, today: date) -> list[str]:
    """Make the skeleton of a guide; returns what was made and what remains to be done.

    Raises:
        Stop: the slug cannot be, or is taken.
    """
    content = Content(root, actions=())
    area = slug.split("-")[0]
    if SLUG.fullmatch(slug) is None or area not in AREAS or slug == area:
        raise Stop(f"`{slug}` cannot be a guide: write an area ({', '.join(AREAS)}), a hyphen and a word.")
    text = content.guide_file("en", slug)
    if slug in content.registry or text.exists():
        raise Stop(f"The guide {slug} exists already.")
    registry = root / "guides/guides.yml"
    head = registry.read_text(encoding="utf-8").rstrip() if registry.is_file() else "guides:"
    order = max((guide.order for guide in content.registry.values() if guide.area == area), default=0) + 1
    entry = ENTRY.format(slug=slug, area=area, order=order, today=today)
    text.parent.mkdir(parents=True, exist_ok=True)
    registry.write_text(head + "\n" + entry.lstrip("\n"), encoding="utf-8")
    title = slug.removeprefix(f"{area}-").replace("-", " ").capitalize()
    steps = "".join(STEP.format(number=number) for number in range(1, STEPS + 1))
    text.write_text(GUIDE.format(title=title) + steps, encoding="utf-8")
    return [
        "guides/guides.yml: sources, minutes, related guides",
        f"guides/en/{slug}.md: the text",
        f"nlu/en/{area}.yml: at least {FEWEST_GUIDE} phrases under `- intent: {intent_of(slug)}`",
        f"stories/domain/{area}.yml and stories/{area}.yml: the intent {intent_of(slug)}",
        f"tests/nlu/en/{area}.yml: phrases that are held out",
    ]


def new_language(root: Path, code: str) -> list[str]:
    """Make the skeleton of a language, or fill the place of a planned one; returns what was made and what remains.

    Raises:
        Stop: the code is none, or the language has begun already.
    """
    try:
        locale = Locale.parse(code)
    except (UnknownLocaleError, ValueError):
        raise Stop(f"`{code}` is no language code: use ISO 639-1 (nb for Norwegian).") from None
    words = root / f"locales/{code}.po"
    if words.exists():
        raise Stop(f"{code} has begun already: locales/{code}.po is there.")
    _enter(root / "languages.yml", code, (locale.get_display_name() or code).capitalize())
    for tree in ("guides", "nlu", "tests/nlu"):
        (root / tree / code).mkdir(parents=True, exist_ok=True)
    words.parent.mkdir(exist_ok=True)
    name = locale.get_display_name("en") or code
    words.write_text(LOCALE.format(code=code, name=name, plural=get_plural(code)), encoding="utf-8")
    begun = [file for file in (GLOSSARY, CHECKUP) if _begin_from_english(root, code, file, name)]
    return [
        "languages.yml: the countries (the level is `started` now)",
        f"locales/{code}.po: the words of locales/en.po in {name}",
        f"nlu/{code}/: a file for each one in nlu/en/, written freely, not translated",
        f"tests/nlu/{code}/: phrases that are held out",
        *(f"guides/{code}/{file}: its texts, which are still in English" for file in begun),
        f"guides/{code}/: the guides, then `mentor check --mark-current {code}`",
    ]


def _begin_from_english(root: Path, code: str, file: str, name: str) -> bool:
    """Copy a file of texts, to be overwritten text by text; False if there is none, or one in the language already.

    Until then people read English, as they would without the file, and `mentor check` counts what is left.
    """
    english, own = root / "guides" / SOURCE / file, root / "guides" / code / file
    if not english.is_file() or own.exists():
        return False
    text = english.read_text(encoding="utf-8").replace(" in English.", f" in {name}.", 1)
    own.write_text(BEGUN.format(name=name) + text, encoding="utf-8")
    return True


def _enter(path: Path, code: str, name: str) -> None:
    """Put a language into the roster, or raise a planned one to started; the comments of the file stay."""
    text = path.read_text(encoding="utf-8")
    planned = re.compile(rf"(\{{code: {code},.*level: )planned")
    if planned.search(text):
        text = planned.sub(r"\1started", text)
    elif f"code: {code}," not in text:
        text = text.rstrip() + f"\n  - {{code: {code}, name: {name}, countries: [], level: started}}\n"
    path.write_text(text, encoding="utf-8")


@click.group()
def new() -> None:
    """Begin a guide or a language."""


@new.command("guide")
@click.argument("slug")
def guide_command(slug: str) -> None:
    """Begin the guide SLUG, as in `shop-payments`."""
    _tell(new_guide(ROOT, slug, datetime.now(UTC).date()))


@new.command("language")
@click.argument("code")
def language_command(code: str) -> None:
    """Begin the language CODE, as in `nb`."""
    _tell(new_language(ROOT, code))


def _tell(todo: list[str]) -> None:
    """What to do next."""
    click.echo("Made. Now fill in:")
    for line in todo:
        click.echo(f"  {line}")
    click.echo("`mentor check` tells what is left.")
