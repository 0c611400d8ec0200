"""Checks between the files of the library: what no file can know alone.

Nothing here keeps a guide from its readers; the faults are for `mentor check` and the log.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

from actions.guides.faults import Fault, Findings
from actions.guides.languages import Language
from actions.guides.model import SOURCE, Country, Guide, GuideText

REVIEW_DAYS = 366
"""A review older than this is due again."""


def check_together(
    root: Path,
    guides: Mapping[str, Guide],
    texts: Iterable[GuideText],
    countries: Iterable[Country],
    languages: Iterable[Language],
    today: date,
) -> list[Fault]:
    """All faults between the files under `root`."""
    by_guide: dict[str, dict[str, GuideText]] = {}
    for text in texts:
        by_guide.setdefault(text.slug, {})[text.language] = text
    faults = check_registry(f"{root.name}/guides.yml", guides, today)
    for slug in sorted(set(by_guide) | set(guides)):
        faults += check_texts(guides.get(slug), by_guide.get(slug, {}))
        if slug in guides:
            faults += check_presence(root, slug, by_guide.get(slug, {}), languages)
    for country in countries:
        faults += check_country(country, today)
    return faults


def check_registry(path: str, guides: Mapping[str, Guide], today: date) -> list[Fault]:
    """Related guides exist, places in an area are taken once, reviews are not old."""
    found = Findings(path)
    places: dict[tuple[str, int], str] = {}
    for slug, guide in guides.items():
        for other in guide.related:
            if other not in guides:
                found.error(guide.line, f"{slug}: the related guide `{other}` does not exist", "correct or remove it")
        taken = places.setdefault((guide.area, guide.order), slug)
        if taken != slug:
            found.error(guide.line, f"{slug}: order {guide.order} is taken by {taken}", "give each guide its own place")
        _check_reviewed(guide.reviewed, today, guide.line, f"{slug}: the guide", found)
    return found.faults


def check_texts(guide: Guide | None, texts: Mapping[str, GuideText]) -> list[Fault]:
    """One guide in all its languages: registered, as many steps as the English, the hooks the registry names."""
    faults: list[Fault] = []
    source = texts.get(SOURCE)
    for text in texts.values():
        found = Findings(text.path)
        if guide is None:
            found.error(1, f"`{text.slug}` is not in guides.yml", "add its entry, or name the file as the entry is")
        elif source is not None and len(text.steps) != len(source.steps):
            found.error(
                text.steps[-1].line,
                f"there are {len(text.steps)} steps, in English {len(source.steps)}",
                "bring both to the same steps",
            )
        for step in text.steps:
            for block in step.blocks:
                if guide is not None and block.kind == "country" and block.text not in guide.country_topics:
                    found.error(block.line, f"`{block.text}` is no topic of this guide", "add it in guides.yml")
        faults += found.faults
    return faults


def check_presence(root: Path, slug: str, texts: Mapping[str, GuideText], languages: Iterable[Language]) -> list[Fault]:
    """The guide can be read in English (or nobody gets it), and in every language that is said to be complete."""
    faults = []
    for language in languages:
        path = root / language.code / f"{slug}.md"
        if language.code in texts or path.exists():
            continue
        found = Findings(f"{root.name}/{language.code}/{slug}.md")
        if language.code == SOURCE:
            found.error(1, "the English text is missing", "write it: it stands in for every other language")
        elif language.level == "complete":
            found.warning(
                1, f"the text is missing, readers of {language.name} get English", "translate the English text"
            )
        faults += found.faults
    return faults


def check_country(country: Country, today: date) -> list[Fault]:
    """Reviews of the notes are not old."""
    found = Findings(country.path)
    for topic, notes in country.notes.items():
        for note in notes:
            _check_reviewed(note.reviewed, today, note.line, f"{topic}: the note", found)
    return found.faults


def _check_reviewed(reviewed: date, today: date, line: int, what: str, found: Findings) -> None:
    if reviewed > today:
        found.error(line, f"{what} was reviewed on {reviewed}, which is still to come", "write the day of the review")
    elif (today - reviewed).days > REVIEW_DAYS:
        found.warning(line, f"{what} was last reviewed on {reviewed}", "read the sources again and set the day")
