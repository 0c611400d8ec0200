"""The library as a whole: who reads what, and what is wrong between the files."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from time import process_time

import pytest

from actions.guides import TOPICS, Language, Library, Note, country_name, month_of, read_languages

Faults = Callable[[], list[str]]
Plain = Callable[..., str]


def test_small_library_is_without_fault(faults: Faults) -> None:
    assert faults() == []


def test_guide_is_in_the_readers_language_or_in_english(library: Library) -> None:
    own, other = library.guide("shop-payments", "nb"), library.guide("shop-start", "nb")

    assert own is not None
    assert (own.title, own.fallback, own.total) == ("Ta betalt på nett", False, 5)
    assert other is not None
    assert (other.title, other.fallback) == ("Start selling online", True)
    assert library.guide("shop-nothing", "nb") is None
    assert library.guide("../../etc/passwd", "nb") is None


def test_lookups_follow_the_registry(library: Library) -> None:
    assert [edition.slug for edition in library.area("shop", "en")] == ["shop-start", "shop-payments"]
    assert [edition.slug for edition in library.related("shop-payments", "en")] == ["shop-start", "base-security"]
    assert library.area("kitchen", "en") == ()
    assert library.related("shop-nothing", "en") == ()
    assert library.slug_of("guide_shop_payments") == "shop-payments"
    assert library.slug_of("guide_shop_nothing") == ""
    assert library.slugs == ("base-security", "shop-start", "shop-payments")


@pytest.mark.parametrize(
    ("language", "text", "written_in"),
    [
        ("nb", "Nesten alle bruker Vipps.", "nb"),
        ("en", "Nearly everybody uses Vipps.", "en"),
        ("de", "Nearly everybody uses Vipps.", "en"),
    ],
)
def test_notes_are_in_the_best_language_surest_first(
    library: Library, language: str, text: str, written_in: str
) -> None:
    notes = library.notes("NO", "payments", language)

    assert notes[0] == Note("NO", text, written_in, "https://example.org/vipps", date(2026, 11, 3))
    assert len(notes) == 2
    assert library.notes("NO", "vat", language) == ()
    assert library.notes("ZZ", "payments", language) == ()


def test_broken_text_takes_nothing_else_down(root: Path, languages: tuple[Language, ...], today: date) -> None:
    (root / "en" / "shop-start.md").write_bytes("---\ntitle: Bl\xe5\n".encode("latin-1"))

    library, faults = Library.load(root, languages, today)

    assert library.slugs == ("base-security", "shop-payments")
    assert [str(fault) for fault in faults if fault.severity == "error"] == [
        "guides/en/shop-start.md:2: a character is not UTF-8 (Latin-1?) - save the file as UTF-8"
    ]


def test_broken_translation_leaves_the_english(root: Path, languages: tuple[Language, ...], today: date) -> None:
    path = root / "nb" / "shop-payments.md"
    path.write_text(path.read_text(encoding="utf-8") + "<script>\n", encoding="utf-8")

    edition = Library.load(root, languages, today)[0].guide("shop-payments", "nb")

    assert edition is not None
    assert (edition.title, edition.fallback) == ("Take payment online", True)


@pytest.mark.parametrize(
    ("name", "old", "new", "fault"),
    [
        (
            "guides.yml",
            "[shop-start, base-security]",
            "[shop-nothing]",
            (
                "error: guides/guides.yml:2: shop-payments: the related guide `shop-nothing` does not exist - correct "
                "or remove it"
            ),
        ),
        (
            "guides.yml",
            "order: 2",
            "order: 1",
            (
                "error: guides/guides.yml:11: shop-start: order 1 is taken by shop-payments - give each guide its own "
                "place"
            ),
        ),
        (
            "guides.yml",
            "2026-11-01",
            "2025-11-01",
            (
                "warning: guides/guides.yml:2: shop-payments: the guide was last reviewed on 2025-11-01 - read the "
                "sources again and set the day"
            ),
        ),
        (
            "guides.yml",
            "2026-11-01",
            "2027-11-01",
            (
                "error: guides/guides.yml:2: shop-payments: the guide was reviewed on 2027-11-01, which is still to "
                "come - write the day of the review"
            ),
        ),
        (
            "guides.yml",
            "country_topics: [payments]",
            "country_topics: [vat]",
            "error: guides/en/shop-payments.md:11: `payments` is no topic of this guide - add it in guides.yml",
        ),
        (
            "countries/NO.yml",
            "2026-11-03",
            "2025-11-03",
            (
                "warning: guides/countries/NO.yml:11: payments: the note was last reviewed on 2025-11-03 - read the "
                "sources again and set the day"
            ),
        ),
        (
            "nb/shop-payments.md",
            "\n## Hold orden i regnskapet\nBe om en månedlig rapport.\n",
            "",
            "error: guides/nb/shop-payments.md:16: there are 4 steps, in English 5 - bring both to the same steps",
        ),
    ],
    ids=["related", "order", "old", "future", "hook", "old note", "steps"],
)
def test_fault_between_files_is_named(root: Path, faults: Faults, name: str, old: str, new: str, fault: str) -> None:
    path = root / name
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")

    assert fault in faults()


def test_missing_english_text_is_an_error_and_missing_translation_a_warning(
    root: Path, languages: tuple[Language, ...], today: date
) -> None:
    (root / "en" / "shop-start.md").unlink()

    library, faults = Library.load(root, languages, today)

    assert [f"{fault.severity}: {fault}" for fault in faults] == [
        (
            "error: guides/en/shop-start.md:1: the English text is missing - write it: it stands in for every other "
            "language"
        ),
        (
            "warning: guides/nb/base-security.md:1: the text is missing, readers of Norsk get English - translate the "
            "English text"
        ),
        (
            "warning: guides/nb/shop-start.md:1: the text is missing, readers of Norsk get English - translate the "
            "English text"
        ),
    ]
    assert library.guide("shop-start", "en") is None


def test_text_without_entry_is_named(root: Path, faults: Faults, plain: Plain) -> None:
    (root / "en" / "shop-secret.md").write_text(plain("Secret", "Short."), encoding="utf-8")
    (root / "en" / "Shop Secret.md").write_text(plain("Secret", "Short."), encoding="utf-8")

    assert faults() == [
        (
            "error: guides/en/Shop Secret.md:1: `Shop Secret` is no slug - name the file with small letters, digits "
            "and hyphens"
        ),
        (
            "error: guides/en/shop-secret.md:1: `shop-secret` is not in guides.yml - add its entry, or name the file "
            "as the entry is"
        ),
    ]


def test_names_of_months_and_countries_are_the_languages_own() -> None:
    day = date(2026, 11, 3)

    assert [month_of(day, code) for code in ("en", "nb", "de", "pl", "xx")] == [
        "November 2026",
        "november 2026",
        "November 2026",
        "listopad 2026",
        "November 2026",
    ]
    assert [country_name("NO", code) for code in ("en", "nb", "de")] == ["Norway", "Norge", "Norwegen"]
    assert country_name("ZZZ", "en") == "ZZZ"


def test_languages_file_of_the_repository_is_read() -> None:
    languages = read_languages(Path(__file__).parents[3] / "languages.yml")

    assert languages[1] == Language("nb", "Norsk", ("no", "nn"), ("NO",), "complete")
    assert len(languages) == 13


@pytest.mark.slow
def test_390_texts_load_within_two_seconds_of_work(tmp_path: Path, plain: Plain, today: date) -> None:
    """A guard against slow parsing; the figure itself (well under 1 s alone) is measured by the bench."""
    codes = [language.code for language in read_languages(Path(__file__).parents[3] / "languages.yml")]
    root = tmp_path / "guides"
    entries = "".join(
        f"  g-{n}: {{area: shop, order: {n}, minutes: 30, level: beginner, related: [], country_topics: "
        f"[{TOPICS[n % 13]}], sources: [https://example.org], reviewed: 2026-11-01}}\n"
        for n in range(1, 31)
    )
    for code in codes:
        (root / code).mkdir(parents=True)
        for n in range(1, 31):
            (root / code / f"g-{n}.md").write_text(plain(f"Guide {n}", "Short answer.", 7), encoding="utf-8")
    (root / "guides.yml").write_text("guides:\n" + entries, encoding="utf-8")
    roster = tuple(Language(code, code, (code,), (), "complete") for code in codes)

    begun = process_time()
    library, faults = Library.load(root, roster, today)

    assert process_time() - begun < 2
    assert faults == []
    assert len(library.area("shop", "cs")) == 30
