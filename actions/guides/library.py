"""The guide library: what the mentor can teach, for one reader at a time.

A :class:`Library` never changes; :class:`actions.guides.shelf.Shelf` swaps it for a new one when files change.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Self

from actions.guides.checks import check_together
from actions.guides.checkup import Checkup, CheckupText, check_checkup
from actions.guides.faults import Fault
from actions.guides.files import REGISTRY, Content, GlossaryTerms, Readings, read_all
from actions.guides.glossary import GlossaryText, Term, check_glossary
from actions.guides.languages import Language, read_languages
from actions.guides.model import SOURCE, Country, Edition, Guide, GuideText, Note
from actions.guides.search import Hit, Index

LANGUAGES = "languages.yml"


class Library:
    """All guides and country notes that could be read."""

    def __init__(
        self,
        guides: Iterable[Guide],
        texts: Iterable[GuideText],
        countries: Iterable[Country],
        extras: "Extras | None" = None,
    ) -> None:
        self._guides = {guide.slug: guide for guide in sorted(guides, key=lambda guide: (guide.order, guide.slug))}
        self._texts = {(text.slug, text.language): text for text in texts if text.slug in self._guides}
        self._countries = {country.code: country for country in countries}
        self._by_intent = {guide.intent: slug for slug, guide in self._guides.items()}
        self._indexes: dict[str, Index] = {}
        self._extras = extras or Extras({}, {}, {})

    @classmethod
    def load(
        cls, root: Path, languages: tuple[Language, ...] | None = None, today: date | None = None
    ) -> tuple[Self, list[Fault]]:
        """Read the folder `root` (`guides/`), and say everything that is wrong in it.

        `languages` default to `languages.yml` beside `root`; `today` decides which reviews are old.

        Raises:
            Unreadable: `languages.yml` is broken.
        """
        languages = languages or read_languages(root.parent / LANGUAGES)
        readings = read_all(root, languages, {})
        return cls.of(readings), faults_of(root, readings, languages, today or datetime.now(UTC).date())

    @classmethod
    def of(cls, readings: Readings) -> Self:
        """The library that these files make up."""
        contents = [reading.content for reading in readings.values()]
        guides = [guide for content in contents if isinstance(content, dict) for guide in content.values()]
        texts = [content for content in contents if isinstance(content, GuideText)]
        countries = [content for content in contents if isinstance(content, Country)]
        return cls(guides, texts, countries, Extras.of(contents))

    @property
    def slugs(self) -> tuple[str, ...]:
        """All guides that someone can read, by order."""
        return tuple(slug for slug in self._guides if self.guide(slug, SOURCE) is not None)

    def guide(self, slug: str, language: str) -> Edition | None:
        """The guide for a reader of `language`: in that language, else in English; None if there is neither."""
        guide = self._guides.get(slug)
        text = self._texts.get((slug, language)) or self._texts.get((slug, SOURCE))
        if guide is None or text is None:
            return None
        return Edition(guide, text, fallback=text.language != language)

    def slug_of(self, intent: str) -> str:
        """The guide that `intent` asks for, or an empty string."""
        return self._by_intent.get(intent, "")

    def area(self, area: str, language: str) -> tuple[Edition, ...]:
        """The guides of an area in their order."""
        return self._editions((slug for slug, guide in self._guides.items() if guide.area == area), language)

    def related(self, slug: str, language: str) -> tuple[Edition, ...]:
        """The guides that go with `slug`, best first; those that do not exist are left out."""
        guide = self._guides.get(slug)
        return self._editions(guide.related if guide is not None else (), language)

    def notes(self, country: str, topic: str, language: str) -> tuple[Note, ...]:
        """What is known about `topic` in `country`, the surest first, in the best language for the reader."""
        held = self._countries.get(country)
        notes = []
        for note in held.notes.get(topic, ()) if held is not None else ():
            text, written_in = note.in_language(language)
            notes.append(Note(country, text, written_in, note.source, note.reviewed))
        return tuple(notes)

    def search(self, text: str, language: str, limit: int) -> list[Hit]:
        """Guides whose words resemble `text`, best first; empty when nothing does."""
        index = self._indexes.get(language)
        if index is None:
            index = self._indexes[language] = Index(self._searched(language))
        return index.search(text, limit)

    @property
    def checkup(self) -> Checkup | None:
        """The firm check, if there is one that can be read."""
        return self._extras.checkup

    def checkup_text(self, language: str) -> CheckupText | None:
        """The texts of the firm check in the reader's language, or in English."""
        texts = self._extras.checkup_texts
        return texts.get(language) or texts.get(SOURCE)

    def term(self, text: str, language: str) -> tuple[Term, str] | None:
        """The term that `text` names, in the reader's words or in English ones, and the guide that tells more."""
        glossaries = self._extras.glossaries
        for glossary in filter(None, (glossaries.get(language), glossaries.get(SOURCE))):
            found = glossary.find(text)
            if found is not None:
                own = glossaries.get(language)
                term = own.terms.get(found.key, found) if own is not None else found
                return term, self._extras.term_guides.get(term.key, "")
        return None

    def _searched(self, language: str) -> dict[str, list[GuideText]]:
        """What is searched for a reader: their own texts and, for borrowed words and brands, the English ones."""
        return {
            slug: [
                self._texts[(slug, code)] for code in dict.fromkeys((language, SOURCE)) if (slug, code) in self._texts
            ]
            for slug in self._guides
        }

    def _editions(self, slugs: Iterable[str], language: str) -> tuple[Edition, ...]:
        editions = (self.guide(slug, language) for slug in slugs)
        return tuple(edition for edition in editions if edition is not None)


@dataclass(frozen=True)
class Extras:
    """What the library holds beside guides and countries."""

    checkup_texts: Mapping[str, CheckupText]
    glossaries: Mapping[str, GlossaryText]
    term_guides: Mapping[str, str]
    """The guide that tells more, by term."""
    checkup: Checkup | None = None

    @classmethod
    def of(cls, contents: Sequence[Content | None]) -> Self:
        """Pick them out of all that was read."""
        terms = [content for content in contents if isinstance(content, GlossaryTerms)]
        return cls(
            {content.language: content for content in contents if isinstance(content, CheckupText)},
            {content.language: content for content in contents if isinstance(content, GlossaryText)},
            terms[0].guides if terms else {},
            next((content for content in contents if isinstance(content, Checkup)), None),
        )


def faults_of(root: Path, readings: Readings, languages: tuple[Language, ...], today: date) -> list[Fault]:
    """Everything wrong: in each file, and between the files; by path and line."""
    alone = [fault for reading in readings.values() for fault in reading.faults]
    found = readings[root / REGISTRY].content
    registry = found if isinstance(found, dict) else {}
    contents = [reading.content for reading in readings.values()]
    texts = [content for content in contents if isinstance(content, GuideText)]
    countries = [content for content in contents if isinstance(content, Country)]
    together = check_together(root, registry, texts, countries, languages, today)
    extras = Extras.of(contents)
    complete = [language.code for language in languages if language.level == "complete"]
    together += check_checkup(extras.checkup, extras.checkup_texts, registry, complete, root.name)
    together += check_glossary(extras.term_guides, extras.glossaries, texts, registry, complete, root.name)
    return sorted(alone + together)
