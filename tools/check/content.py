"""Everything the checks look at, read once and shared."""

from collections.abc import Collection
from functools import cached_property
from pathlib import Path

from actions.guides.faults import Fault, Findings, Unreadable
from actions.guides.languages import Language, read_languages
from actions.guides.library import Library
from actions.guides.model import SOURCE, Guide
from actions.guides.registry import parse_registry
from actions.guides.source import read_source
from tools.check.catalogue import Catalogue, read_catalogues
from tools.check.intents import TALK
from tools.check.phrases import Phrases, read_phrases


class Content:
    """The content of a repository. Faults found while reading are kept beside what was read."""

    def __init__(self, root: Path, actions: Collection[str]) -> None:
        self.root = root
        self.actions = actions
        """Names of all actions that the action server knows."""

    @cached_property
    def languages(self) -> tuple[Language, ...]:
        """The roster; empty if it is broken (the check of languages tells)."""
        try:
            return read_languages(self.root / "languages.yml")
        except Unreadable:
            return ()

    @property
    def codes(self) -> list[str]:
        """All language codes."""
        return [language.code for language in self.languages]

    @cached_property
    def registry(self) -> dict[str, Guide]:
        """The guides by slug; empty if the registry is broken (the check of guides tells)."""
        try:
            return parse_registry(read_source(self.root / "guides/guides.yml"), "guides/guides.yml")[0] or {}
        except Unreadable:
            return {}

    @cached_property
    def library(self) -> tuple[Library, list[Fault]]:
        """The guide library and what is wrong in it."""
        if not (self.root / "guides/guides.yml").is_file():
            found = Findings("guides/guides.yml")
            found.error(1, "the registry of the guides is missing", "make it; docs/editors.md shows its form")
            return Library([], [], []), found.faults
        return Library.load(self.root / "guides", self.languages)

    @property
    def guide_intents(self) -> dict[str, Guide]:
        """The intents that ask for a guide."""
        return {guide.intent: guide for guide in self.registry.values()}

    @property
    def trained_intents(self) -> list[str]:
        """Every intent that needs phrases."""
        return [*self.guide_intents, *TALK]

    @cached_property
    def phrases(self) -> Phrases:
        """The training phrases of all languages."""
        return read_phrases(self.root, "nlu", self.codes)

    @cached_property
    def held_out(self) -> Phrases:
        """The phrases that test the model and must never train it."""
        return read_phrases(self.root, "tests/nlu", self.codes)

    @cached_property
    def catalogues(self) -> dict[str, Catalogue]:
        """The locale files by language."""
        return read_catalogues(self.root, self.codes)

    def guide_file(self, language: str, slug: str) -> Path:
        """Where the text of a guide lies, whether or not it is there."""
        return self.root / "guides" / language / f"{slug}.md"

    @property
    def source_file(self) -> str:
        """The locale that has every key."""
        return f"locales/{SOURCE}.po"
