"""The roster of languages, and what the first screen guesses from a phone."""

import pytest

from bot.languages import read_roster


@pytest.mark.parametrize(
    ("telegram", "code"),
    [("nb", "nb"), ("no", "nb"), ("nn", "nb"), ("pl", "pl"), ("it-IT", "it"), ("DE", "de"), ("xx", "en"), ("", "en")],
)
def test_guess_follows_the_phone(telegram: str, code: str) -> None:
    assert read_roster().guess(telegram).code == code


def test_all_thirteen_languages_and_twelve_countries_are_offered() -> None:
    roster = read_roster()

    assert len(roster.languages) == 13
    assert len(roster.countries()) == 12


def test_country_is_named_in_the_readers_language() -> None:
    assert read_roster().country_name("GR", "nb") == "Hellas"
