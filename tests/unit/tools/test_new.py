"""`mentor new` and `mentor preview`: skeletons that the checks accept or explain, and guides as a phone shows them."""

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rich.console import Console

from actions.guides.library import Library
from tools.check import run_checks
from tools.check.begun import check_begun
from tools.check.content import Content
from tools.errors import Stop
from tools.new import new_guide, new_language
from tools.preview import bubble, messages

TODAY = datetime.now(UTC).date()


def test_new_guide_lacks_only_its_phrases_and_intent(content_root: Path) -> None:
    new_guide(content_root, "shop-start", TODAY)

    faults = [str(fault) for fault in run_checks(Content(content_root, {"action_talk"}))]

    cure = "add it under stories/domain/"
    assert faults == [
        "nlu/en/shop.yml:1: guide_shop_start has 0 phrases in English - write at least 20",
        "nlu/nb/shop.yml:1: guide_shop_start has 0 phrases in Norsk - write at least 20",
        f"stories/domain/all.yml:1: the intent `guide_shop_start` is missing in the domain - {cure}",
    ]


@pytest.mark.parametrize("slug", ["payments", "shop", "farm-start", "shop-Start", "shop-payments", "../shop-x"])
def test_new_guide_refuses_what_cannot_be(content_root: Path, slug: str) -> None:
    before = (content_root / "guides/guides.yml").read_text()

    with pytest.raises(Stop):
        new_guide(content_root, slug, TODAY)

    assert (content_root / "guides/guides.yml").read_text() == before


def test_new_language_is_started_and_only_warned_about(content_root: Path) -> None:
    new_language(content_root, "el")
    new_language(content_root, "sv")

    content = Content(content_root, {"action_talk"})
    faults = run_checks(content)

    assert {fault.severity for fault in faults} == {"warning"}
    assert [(each.code, each.name, each.level) for each in content.languages] == [
        ("en", "English", "complete"),
        ("nb", "Norsk", "started"),
        ("el", "Ελληνικά", "started"),
        ("sv", "Svenska", "started"),
    ]


def test_new_language_begins_glossary_and_firm_check_in_english(content_root: Path) -> None:
    for file, key in (("glossary", "domain"), ("checkup", "website")):
        text = f"# The {file} in English. More.\nterms:\n  {key}:\n    word: {key}\n    text: One text of five words.\n"
        (content_root / f"guides/en/{file}.yml").write_text(text)

    todo = new_language(content_root, "sv")

    assert (content_root / "guides/sv/glossary.yml").read_text().splitlines()[:3] == [
        "# Begun from the English file: write every text anew in Swedish; the keys and the numbers stay.",
        "# The glossary in Swedish. More.",
        "terms:",
    ]
    assert [line for line in todo if "still in English" in line] == [
        "guides/sv/glossary.yml: its texts, which are still in English",
        "guides/sv/checkup.yml: its texts, which are still in English",
    ]
    assert [str(fault) for fault in check_begun(Content(content_root, {"action_talk"}))] == [
        "guides/sv/glossary.yml:6: 1 text still in English - write them in Svenska",
        "guides/sv/checkup.yml:6: 1 text still in English - write them in Svenska",
    ]


def test_text_that_was_written_anew_is_not_counted_as_english(content_root: Path) -> None:
    glossary = "terms:\n  domain:\n    word: domain\n    text: {}\n"
    (content_root / "guides/en/glossary.yml").write_text(glossary.format("The name of your web page."))
    (content_root / "guides/nb").mkdir(exist_ok=True)
    (content_root / "guides/nb/glossary.yml").write_text(glossary.format("Navnet på nettsiden din er dette."))

    assert check_begun(Content(content_root, {"action_talk"})) == []


def test_new_language_leaves_a_glossary_that_is_there(content_root: Path) -> None:
    (content_root / "guides/en/glossary.yml").write_text("terms: {}\n")
    (content_root / "guides/el").mkdir(exist_ok=True)
    (content_root / "guides/el/glossary.yml").write_text("ours\n")

    new_language(content_root, "el")

    assert (content_root / "guides/el/glossary.yml").read_text() == "ours\n"


@pytest.mark.parametrize("code", ["nb", "xx", "english"])
def test_new_language_refuses_what_cannot_be(content_root: Path, code: str) -> None:
    before = (content_root / "languages.yml").read_text()

    with pytest.raises(Stop):
        new_language(content_root, code)

    assert (content_root / "languages.yml").read_text() == before


def test_preview_shows_card_and_steps(content_root: Path) -> None:
    edition = Library.load(content_root / "guides")[0].guide("shop-payments", "en")
    assert edition is not None

    shown = list(messages(edition))

    assert shown[:2] == [
        ("Take payment", "Short.\n(5 steps, 40 minutes, beginner)"),
        ("1/5 Do thing 1", "Text."),
    ]
    assert len(shown) == 6


def test_bubble_wraps_at_the_width_of_a_phone_and_counts() -> None:
    out = io.StringIO()

    Console(file=out, width=80).print(bubble("Title", "**Bold words, " + "and more " * 4 + "** [link](https://x.org/)"))

    assert out.getvalue().splitlines() == [
        "╭────────────────────────────────────────────╮",
        "│ Title                                      │",
        "│ Bold words, and more and more and more and │",
        "│ more  link                                 │",
        "╰──────────────────────────── 81 characters ─╯",
    ]
