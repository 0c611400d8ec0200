"""What the library holds: guides, their texts, and the facts of a country. Nothing here reads a file."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

AREAS = ("shop", "cloud", "social", "base")
"""The areas in the order of the menu."""

TOPICS = (
    "payments",
    "invoicing",
    "shipping",
    "marketplaces",
    "domain",
    "vat",
    "consumer",
    "privacy",
    "security",
    "broadband",
    "funding",
    "advice",
    "courses",
)
"""What a country file may speak about, and a guide may ask for with ``{{ country.<topic> }}``."""

SOURCE = "en"
"""The language that stands in where a text is missing."""

Kind = Literal["paragraph", "warning", "tip", "fix", "country"]
Confidence = Literal["high", "medium", "low"]
Level = Literal["beginner", "confident"]


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a step."""

    kind: Kind
    text: str
    """Markdown; of a fix the problem ("If the payment fails"); of a country hook its topic."""
    line: int
    cure: str = ""
    """Of a fix: what to do."""


@dataclass(frozen=True, slots=True)
class Step:
    """One instruction of a guide."""

    number: int
    """From 1."""
    title: str
    blocks: tuple[Block, ...]
    line: int

    @property
    def fixes(self) -> tuple[Block, ...]:
        """The likely problems of this step, each with its cure."""
        return tuple(block for block in self.blocks if block.kind == "fix")


@dataclass(frozen=True, slots=True)
class GuideText:
    """A guide in one language."""

    slug: str
    language: str
    title: str
    short: str
    steps: tuple[Step, ...]
    path: str

    def nearest(self, number: int) -> Step:
        """Step `number`, or the closest one there is: an old button may know steps that are gone."""
        return self.steps[min(max(number, 1), len(self.steps)) - 1]


@dataclass(frozen=True, slots=True)
class Guide:
    """A guide as the registry knows it, whatever the language."""

    slug: str
    area: str
    order: int
    """Place within the area, from 1."""
    minutes: int
    level: Level
    related: tuple[str, ...]
    country_topics: tuple[str, ...]
    sources: tuple[str, ...]
    reviewed: date
    line: int

    @property
    def intent(self) -> str:
        """The intent that asks for this guide."""
        return intent_of(self.slug)


def intent_of(slug: str) -> str:
    """The intent that asks for the guide `slug`."""
    return "guide_" + slug.replace("-", "_")


@dataclass(frozen=True, slots=True)
class CountryNote:
    """A fact about one country."""

    topic: str
    texts: Mapping[str, str]
    """The same fact by language: the country's own, and English."""
    source: str
    reviewed: date
    confidence: Confidence
    line: int

    def in_language(self, language: str) -> tuple[str, str]:
        """The text for a reader of `language`, and the language it is in: theirs if there is one, else English."""
        chosen = next((code for code in (language, SOURCE) if code in self.texts), next(iter(self.texts)))
        return self.texts[chosen], chosen


@dataclass(frozen=True, slots=True)
class Country:
    """All facts about one country, the best of each topic first."""

    code: str
    language: str
    notes: Mapping[str, tuple[CountryNote, ...]]
    path: str


@dataclass(frozen=True, slots=True)
class Edition:
    """A guide as one reader gets it."""

    guide: Guide
    text: GuideText
    fallback: bool
    """True if the text is not in the reader's language, but in English."""

    @property
    def slug(self) -> str:
        """The guide's slug."""
        return self.guide.slug

    @property
    def title(self) -> str:
        """The title this reader sees."""
        return self.text.title

    @property
    def total(self) -> int:
        """How many steps there are."""
        return len(self.text.steps)


@dataclass(frozen=True, slots=True)
class Note:
    """A country note as one reader gets it."""

    country: str
    text: str
    language: str
    source: str
    reviewed: date
