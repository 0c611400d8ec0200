"""The word search: finds what is near, and is silent when nothing is."""

import pytest

from actions.guides import Library
from actions.guides.search import fold


@pytest.fixture
def hits(library: Library) -> "Search":
    return Search(library)


class Search:
    """Slugs for a text."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def __call__(self, text: str, language: str = "en", limit: int = 3) -> list[str]:
        return [hit.slug for hit in self._library.search(text, language, limit)]


def test_text_is_folded_as_people_type_it() -> None:
    assert fold("Blåbærsyltetøy ŁÓDŹ Straße Čeština") == "blabaersyltetoy lodz strasse cestina"


@pytest.mark.parametrize("text", ["PAYMENT provider", "my payments provider??", "online payment of a sale"])
def test_search_finds_the_guide_that_shares_the_words(hits: Search, text: str) -> None:
    assert hits(text)[0] == "shop-payments"


def test_search_reads_the_persons_language_and_english(hits: Search) -> None:
    assert hits("ta betalt med betalingslosning", "nb")[0] == "shop-payments"
    assert hits("password manager", "nb") == ["base-security"]


@pytest.mark.parametrize("text", ["", "???", "xyzzy", "a" * 4096, "🙂" * 500, "\x00", "{{7*7}} %s%n"])
def test_search_is_silent_when_nothing_is_near(hits: Search, text: str) -> None:
    assert hits(text) == []
