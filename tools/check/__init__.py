"""`mentor check`: everything that editors and translators can get wrong, told at once.

A check is a function from the content to faults; a new one is a line in `CHECKS`.
"""

import json
from collections.abc import Callable

import click

from actions.areas import ANSWERS
from actions.guides.faults import Fault
from tools.check.amounts import check_amounts
from tools.check.begun import check_begun
from tools.check.content import Content
from tools.check.duplicates import check_duplicates, check_held_out, check_near_duplicates
from tools.check.guides import EVERY, check_guides, check_translations, mark_current, mark_everywhere
from tools.check.keys import check_keys
from tools.check.languages import check_languages
from tools.check.locales import check_locales
from tools.check.phrases import check_form
from tools.check.report import as_json, as_text, guide_table, standings
from tools.check.stories import check_stories
from tools.check.wording import check_wording
from tools.paths import ROOT

CHECKS: tuple[Callable[[Content], list[Fault]], ...] = (
    check_languages,
    check_guides,
    check_translations,
    check_begun,
    check_form,
    check_duplicates,
    check_near_duplicates,
    check_held_out,
    check_amounts,
    check_wording,
    check_stories,
    check_locales,
    check_keys,
)


def content_here() -> Content:
    """The content of this repository, and the actions it can call."""
    return Content(ROOT, {f"action_{key}" for key in ANSWERS})


def run_checks(content: Content) -> list[Fault]:
    """All faults by path and line; without a roster of languages only those of the roster."""
    checks = CHECKS if content.languages else CHECKS[:1]
    return sorted({fault for look in checks for fault in look(content)})


@click.command()
@click.option("--json", "json_wanted", is_flag=True, help="Write JSON instead of text.")
@click.option(
    "--mark-current",
    "language",
    metavar="LANGUAGE",
    help="Note that translations match the English text; `all` after a minor edit of it.",
)
@click.option("--guides", "guides_wanted", is_flag=True, help="Show the table of guides and languages, nothing else.")
@click.argument("slugs", nargs=-1)
def check(json_wanted: bool, language: str | None, guides_wanted: bool, slugs: tuple[str, ...]) -> None:
    """Look through languages, guides, phrases, stories and locales.

    SLUGS go with --mark-current: the guides to mark, all if none is named.
    """
    content = content_here()
    if guides_wanted:
        click.echo(guide_table(content))
        return
    if language == EVERY:
        for code, marked in mark_everywhere(content, slugs).items():
            click.echo(f"Marked as current in {code}: {', '.join(marked) or 'none'}.")
        return
    if language:
        marked = mark_current(content, language, slugs)
        click.echo(f"Marked as current in {language}: {', '.join(marked) or 'none'}.")
        return
    if slugs:
        raise click.UsageError("Slugs go with --mark-current.")
    faults = run_checks(content)
    rows = standings(content)
    click.echo(json.dumps(as_json(faults, rows), ensure_ascii=False) if json_wanted else as_text(faults, rows))
    if any(fault.severity == "error" for fault in faults):
        raise SystemExit(1)
