"""Facts of a country: every one with source, day and how sure we are."""

from datetime import date

import pytest

from actions.guides.countries import parse_country
from actions.guides.model import CountryNote

LANGUAGES = {"en": (), "nb": ("NO",)}
NOTE = """\
country: "NO"
language: nb
topics:
  vat:
    - text: {nb: Sjekk satsen., en: Check the rate.}
      source: https://example.org/vat
      reviewed: 2026-11-01
      confidence: high
"""


def test_notes_come_surest_and_newest_first() -> None:
    second = (
        NOTE.partition("  vat:\n")[2].replace("/vat", "/new").replace("2026-11-01", "2026-11-09").replace("the", "a")
    )
    third = NOTE.partition("  vat:\n")[2].replace("/vat", "/low").replace("high", "low")

    country, faults = parse_country(
        NOTE.replace("high", "medium") + second + third, "NO", "guides/countries/NO.yml", LANGUAGES
    )

    assert faults == []
    assert country is not None
    assert [note.source for note in country.notes["vat"]] == [
        "https://example.org/new",
        "https://example.org/vat",
        "https://example.org/low",
    ]
    assert country.notes["vat"][0] == CountryNote(
        "vat",
        {"nb": "Sjekk satsen.", "en": "Check a rate."},
        "https://example.org/new",
        date(2026, 11, 9),
        "high",
        9,
    )


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("  vat:", "  weather:", "4: there is no topic `weather` - use one of payments,"),
        (", en: Check the rate.", "", "5: vat: the text in `en` is missing - add `en:` under `text:`"),
        ("nb: Sjekk", "de: Sjekk", "5: vat: a text in `de` is never shown - write it in nb and en"),
        ("https://example.org/vat", "ask around", "6: vat: `source` is no https address - name the official page"),
        ("2026-11-01", "soon", "7: vat: `reviewed` is no day - write the day as 2026-11-23"),
        ("high", "certain", "8: vat: `confidence` is unknown - use high, medium, low"),
        ("Check the rate.", "<i>Check</i>.", "5: HTML is not shown in a chat - use **bold**"),
    ],
)
def test_broken_note_is_named_and_left_out(old: str, new: str, fault: str) -> None:
    country, faults = parse_country(NOTE.replace(old, new, 1), "NO", "guides/countries/NO.yml", LANGUAGES)

    assert any(str(found).startswith(f"guides/countries/NO.yml:{fault}") for found in faults)
    assert country is not None
    assert [note for notes in country.notes.values() for note in notes] == []


def test_note_of_low_confidence_may_not_state_a_number() -> None:
    source = NOTE.replace("high", "low").replace("Check the rate.", "The rate is 25 percent.")

    _, faults = parse_country(source, "NO", "guides/countries/NO.yml", LANGUAGES)

    assert [str(found) for found in faults] == [
        "guides/countries/NO.yml:5: vat: a note of low confidence states a number - say what to check and where"
    ]


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('"NO"', "SE", "1: `country` is not NO - write `country: NO`, as the file is named"),
        ("language: nb", "language: en", "2: `language` is no language of NO - use the code from languages.yml"),
        ("  vat:", "  - vat:", "3: there is no mapping `topics:` - write `topics:` and one topic below it"),
    ],
)
def test_file_of_another_country_is_refused(old: str, new: str, fault: str) -> None:
    source = NOTE.replace(old, new, 1) if old != "  vat:" else NOTE.partition("topics:")[0] + "topics: [vat]\n"

    country, faults = parse_country(source, "NO", "guides/countries/NO.yml", LANGUAGES)

    assert country is None
    assert [str(found) for found in faults] == [f"guides/countries/NO.yml:{fault}"]
