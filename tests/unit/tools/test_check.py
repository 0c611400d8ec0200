"""`mentor check`: each check on a small repository with one thing made wrong, and the exact line it prints."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tools.check import run_checks
from tools.check.content import Content
from tools.check.duplicates import bag, normal
from tools.check.guides import mark_current, mark_everywhere
from tools.check.report import as_json, as_text, guide_table, standings
from tools.check.wording import personal_data
from tools.errors import Stop


def content_of(root: Path) -> Content:
    return Content(root, actions={"action_talk"})


def told(root: Path, severity: str = "") -> list[str]:
    """All faults as they are printed, or those of one severity."""
    return [str(fault) for fault in run_checks(content_of(root)) if severity in ("", fault.severity)]


@pytest.fixture
def edit(content_root: Path) -> Callable[[str, str, str], None]:
    """Replaces text in a file of the small repository; the text must be there."""

    def replace(path: str, old: str, new: str) -> None:
        file = content_root / path
        text = file.read_text(encoding="utf-8") if file.exists() else ""
        assert old in text
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text.replace(old, new, 1) if old else text + new, encoding="utf-8")

    return replace


Edit = Callable[[str, str, str], None]


def test_nothing_is_wrong_in_the_small_repository(content_root: Path) -> None:
    assert told(content_root) == []


def case(path: str, old: str, new: str, fault: str) -> tuple[str, str, str, str]:
    """What to replace in which file (an empty `old` appends), and the line that is then told."""
    return path, old, new, fault


@pytest.mark.parametrize(
    ("path", "old", "new", "fault"),
    [
        # languages
        case(
            "languages.yml",
            "",
            "  - {code: nb, name: Norsk, countries: [], level: planned}\n",
            "languages.yml:5: the language nb stands here twice - keep one (the other is on line 3)",
        ),
        case(
            "languages.yml",
            "GR",
            "XY",
            "languages.yml:4: `XY` is no country code - use ISO 3166-1 (GR for Greece)",
        ),
        case(
            "locales/qq.po",
            "",
            'msgid ""\n',
            "locales/qq.po:1: languages.yml does not know this language - add it there, or correct the name",
        ),
        # guides
        case(
            "guides/guides.yml",
            "related: []",
            "related: [shop-x]",
            "guides/guides.yml:2: shop-payments: the related guide `shop-x` does not exist - correct or remove it",
        ),
        # the form of phrases
        case(
            "nlu/en/shop.yml",
            "      - shall I take card 3\n",
            "      shall I take card 3\n",
            "nlu/en/shop.yml:8: `shall I take card 3` is not a phrase - "
            "begin each phrase with `- ` on a line of its own",
        ),
        case(
            "nlu/en/shop.yml",
            "",
            "  - intent: guide_shop_nothing\n    examples: |\n      - who knows\n",
            "nlu/en/shop.yml:25: the intent `guide_shop_nothing` is not known - use the intent of a guide in "
            "guides/guides.yml or one of the talk intents (docs/editors.md)",
        ),
        case(
            "nlu/nb/shop.yml",
            "examples: |",
            "examples:",
            "nlu/nb/shop.yml:4: the examples of guide_shop_payments are no block of lines - "
            "write `- intent: NAME`, then `examples: |` and one `- phrase` a line below it",
        ),
        # duplicates
        case(
            "nlu/en/talk.yml",
            "greet phrase number 0",
            "Shall I take card 3?",
            "nlu/en/talk.yml:5: `Shall I take card 3?` stands under greet and, in nlu/en/shop.yml:8, under "
            "guide_shop_payments - keep it where it belongs",
        ),
        case(
            "tests/nlu/en/shop.yml",
            "cards please",
            "SHALL I take card 4",
            "tests/nlu/en/shop.yml:5: the held-out phrase `SHALL I take card 4` is also trained, in "
            "nlu/en/shop.yml:9 - remove one of the two",
        ),
        # amounts
        case(
            "nlu/en/shop.yml",
            "      - shall I take card 3\n",
            "",
            "nlu/en/shop.yml:3: guide_shop_payments has 19 phrases in English - write at least 20",
        ),
        # wording
        case(
            "nlu/en/shop.yml",
            "shall I take card 3",
            "shall I take саrd 3",
            "nlu/en/shop.yml:8: Cyrillic letters in a phrase of en - write the word in one alphabet, "
            "or move the phrase to its language",
        ),
        case(
            "nlu/en/shop.yml",
            "shall I take card 3",
            "mail me at kari@firma.no",
            "nlu/en/shop.yml:8: the phrase holds an e-mail address - replace it by something invented "
            "(name@example.com) or leave it out",
        ),
        case(
            "nlu/en/shop.yml",
            "shall I take card 3",
            "shall I [take](entity) card",
            "nlu/en/shop.yml:8: Rasa reads square brackets as an entity - use round ones or none",
        ),
        case(
            "tests/nlu/en/shop.yml",
            "cards please",
            "/menu",
            "tests/nlu/en/shop.yml:5: Rasa reads this beginning as a command - leave it out",
        ),
        # stories
        case(
            "stories/all.yml",
            "intent: greet\n",
            "intent: greeting\n",
            "stories/all.yml:9: the intent `greeting` is not in the domain - "
            "add it under stories/domain/, or correct the name",
        ),
        case(
            "stories/domain/all.yml",
            "  - greet\n",
            "  - greet\n  - sing\n",
            "stories/domain/all.yml:4: the intent `sing` has no phrases and is no tap - write phrases in nlu/, "
            "or name it in tools/check/intents.py",
        ),
        case(
            "stories/all.yml",
            "",
            "  - rule: again\n    steps:\n      - intent: greet\n      - action: action_listen\n",
            "stories/all.yml:147: `again` answers greet otherwise than stories/all.yml:7 does - keep one, "
            "or give one a condition",
        ),
        case(
            "stories/domain/all.yml",
            "action_talk",
            "action_talks",
            "stories/domain/all.yml:39: the action `action_talks` is not in actions/ - write it, or correct the name",
        ),
        # locales
        case(
            "locales/en.po",
            "Plural-Forms: nplurals=2",
            "Plural-Forms: nplurals=3",
            'locales/en.po:1: the header says 3 plural forms - write "Plural-Forms: nplurals=2; plural=(n != 1);\\n"',
        ),
        case(
            "locales/nb.po",
            "Selge på nett",
            "Selge varene sine på nett til alle",
            "locales/nb.po:9: the button `Selge varene sine på nett til alle` has 34 characters - say it in 30",
        ),
        case(
            "locales/nb.po",
            "{n} steps in {area}",
            "{n} steps in {place}",
            "locales/nb.po:12: `guide.steps` has {place}, English has {area}, {n} - use the English names",
        ),
        case(
            "locales/nb.po",
            "Meny",
            "Meny {",
            "locales/nb.po:6: a brace of `menu.title` is not closed - write {name}, or {{ for a brace",
        ),
        case(
            "locales/nb.po",
            "",
            '\nmsgid "menu.extra"\nmsgstr "Mer"\n',
            "locales/nb.po:17: `menu.extra` is not in English - remove it, or add it to en.po",
        ),
        case(
            "locales/nb.po",
            "",
            '\nmsgid "menu.title"\nmsgstr "Mer"\n',
            "locales/nb.po:17: `menu.title` stands here twice - keep one (the other is on line 6)",
        ),
        case(
            "locales/en.po",
            'msgstr "Menu"',
            "msgstr Menu",
            "locales/en.po:7: this line is not gettext - put the text in quotation marks",
        ),
        # keys
        case(
            "actions/talk.py",
            '"menu.title"',
            '"menu.titel"',
            "actions/talk.py:2: the key `menu.titel` is not in locales/en.po - add its wording there",
        ),
    ],
)
def test_error_is_told_with_its_line(content_root: Path, edit: Edit, path: str, old: str, new: str, fault: str) -> None:
    edit(path, old, new)

    assert fault in told(content_root, "error")


@pytest.mark.parametrize(
    ("path", "old", "new", "fault"),
    [
        case(
            "nlu/en/shop.yml",
            "",
            "      - SHALL i take card 3!\n",
            "nlu/en/shop.yml:25: `SHALL i take card 3!` stands twice, also in nlu/en/shop.yml:8 - keep one",
        ),
        case(
            "nlu/en/shop.yml",
            "",
            "      - card 3 shall I take\n",
            "nlu/en/shop.yml:25: `card 3 shall I take` has the same words as nlu/en/shop.yml:8 (guide_shop_payments) - "
            "say one of them differently",
        ),
        case(
            "nlu/nb/shop.yml",
            "      - shall I take card 3\n",
            "",
            "nlu/nb/shop.yml:3: guide_shop_payments has 19 phrases in Norsk - write at least 20",
        ),
        case(
            "locales/nb.po",
            'msgstr "Meny"',
            'msgstr ""',
            "locales/nb.po:6: `menu.title` has no wording - write one",
        ),
        case(
            "locales/nb.po",
            'msgid "menu.title"\nmsgstr "Meny"\n',
            "",
            "locales/nb.po:1: `menu.title` is missing - add it (it stands in locales/en.po:6)",
        ),
        case(
            "actions/talk.py",
            'words.say("menu.title")',
            "pass",
            "locales/en.po:6: nothing says `menu.title` - remove it everywhere",
        ),
        case(
            "guides/nb/shop-payments.md",
            "",
            "---\ntitle: Ta betalt\nshort: Kort.\n---\n" + "\n## Gjør det\n\nTekst.\n" * 5,
            "guides/nb/shop-payments.md:1: nobody noted which English text this was translated from - "
            "compare both, then run `mentor check --mark-current nb shop-payments`",
        ),
    ],
)
def test_warning_is_told_with_its_line(
    content_root: Path, edit: Edit, path: str, old: str, new: str, fault: str
) -> None:
    edit(path, old, new)

    assert [(str(each), each.severity) for each in run_checks(content_of(content_root))] == [(fault, "warning")]


def test_a_filled_in_key_counts_as_said(content_root: Path, edit: Edit) -> None:
    edit("actions/talk.py", '"menu.button.shop"', 'f"menu.button.{area}"')

    assert told(content_root) == []


def test_translation_is_current_until_the_english_changes(content_root: Path, edit: Edit) -> None:
    edit("guides/nb/shop-payments.md", "", (content_root / "guides/en/shop-payments.md").read_text())
    mark_current(content_of(content_root), "nb", [])
    marked = told(content_root)

    edit("guides/en/shop-payments.md", "Text.", "Another text.")

    assert marked == []
    cure = "compare both, then run `mentor check --mark-current nb shop-payments`"
    assert told(content_root) == [
        f"guides/nb/shop-payments.md:1: the English text has changed since this was translated - {cure}"
    ]


def test_marking_a_guide_that_is_not_there_is_refused(content_root: Path) -> None:
    with pytest.raises(Stop, match=re.escape("guides/nb/shop-payments.md does not exist")):
        mark_current(content_of(content_root), "nb", ["shop-payments"])


def test_table_of_guides_shows_what_is_complete_stale_and_missing(content_root: Path, edit: Edit) -> None:
    english = (content_root / "guides/en/shop-payments.md").read_text()
    edit("guides/nb/shop-payments.md", "", english)
    mark_current(content_of(content_root), "nb", [])
    fresh = guide_table(content_of(content_root))
    edit("guides/en/shop-payments.md", "Text.", "Another text.")

    assert fresh.splitlines() == [
        "               en nb el",
        "shop-payments   +  +  -",
        "",
        "+ complete   ~ the English text has changed since   - missing",
    ]
    assert guide_table(content_of(content_root)).splitlines()[1] == "shop-payments   +  ~  -"


def test_table_of_guides_shows_a_language_whose_note_is_broken_as_missing(content_root: Path, edit: Edit) -> None:
    edit("guides/nb/shop-payments.md", "", (content_root / "guides/en/shop-payments.md").read_text())
    edit("guides/nb/.source.yml", "", "- broken\n")

    assert guide_table(content_of(content_root)).splitlines()[1] == "shop-payments   +  -  -"


def test_minor_edit_of_the_english_is_marked_in_every_language_that_has_the_guide(
    content_root: Path, edit: Edit
) -> None:
    edit("guides/nb/shop-payments.md", "", (content_root / "guides/en/shop-payments.md").read_text())
    mark_current(content_of(content_root), "nb", [])
    edit("guides/en/shop-payments.md", "Text.", "Text!")
    stale = told(content_root)

    marked = mark_everywhere(content_of(content_root), ["shop-payments"])

    assert len(stale) == 1
    assert marked == {"nb": ["shop-payments"], "el": []}
    assert told(content_root) == []


@pytest.mark.parametrize(
    ("slugs", "sentence"),
    [
        ([], "Name the guides whose English text was only touched up"),
        (["shop-nothing"], "shop-nothing.md does not exist"),
    ],
)
def test_minor_edit_of_no_guide_or_of_one_that_is_not_there_is_refused(
    content_root: Path, slugs: list[str], sentence: str
) -> None:
    with pytest.raises(Stop, match=re.escape(sentence)):
        mark_everywhere(content_of(content_root), slugs)


def test_missing_english_words_stop_no_other_check(content_root: Path, edit: Edit) -> None:
    (content_root / "locales/en.po").unlink()
    edit("nlu/en/shop.yml", "shall I take card 3", "[x]")

    assert told(content_root) == [
        "locales/en.po:1: the English words are missing - every other language falls back on them",
        "nlu/en/shop.yml:8: Rasa reads square brackets as an entity - use round ones or none",
    ]


def test_broken_roster_is_told_alone(content_root: Path) -> None:
    (content_root / "languages.yml").write_text("languages: none\n")

    assert told(content_root) == [
        "languages.yml:1: there is no list `languages` - see the head of the file for its form"
    ]


def test_report_shows_errors_last_and_how_each_language_stands(content_root: Path, edit: Edit) -> None:
    edit("nlu/en/shop.yml", "", "      - SHALL i take card 3!\n      - [x]\n")
    content = content_of(content_root)

    report = as_text(run_checks(content), standings(content))

    assert report.splitlines() == [
        "Warnings (1):",
        "nlu/en/shop.yml:25: `SHALL i take card 3!` stands twice, also in nlu/en/shop.yml:8 - keep one",
        "",
        "Errors (1):",
        "nlu/en/shop.yml:26: Rasa reads square brackets as an entity - use round ones or none",
        "",
        "language     level     guides  stale  missing  phrases  fewest                       words",
        "en English   complete       1      0        0      242      10  greet                100 %",
        "nb Norsk     started        0      0        1      240      10  greet                100 %",
        "el Ελληνικά  planned        0      0        1        0       0  guide_shop_payments    0 %",
        "",
        "1 error, 1 warning",
    ]


def test_report_for_programs_is_json(content_root: Path, edit: Edit) -> None:
    edit("nlu/en/shop.yml", "shall I take card 3", "[x]")
    content = content_of(content_root)

    report = json.loads(json.dumps(as_json(run_checks(content), standings(content))))

    assert report["warnings"] == []
    assert report["errors"] == [
        {
            "path": "nlu/en/shop.yml",
            "line": 8,
            "problem": "Rasa reads square brackets as an entity",
            "cure": "use round ones or none",
            "severity": "error",
        }
    ]
    assert [row["code"] for row in report["languages"]] == ["en", "nb", "el"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("call me on +47 912 34 567", "a phone number"),
        ("ring 91234567", "a phone number"),
        ("my account is NO93 8601 1117 947", "an account number"),
        ("write to ola.nordmann@firma.no", "an e-mail address"),
        ("is shop@example.com fine", ""),
        ("it costs 10 000 kroner and 25.50", ""),
        ("opened on 24.12.2026 at 10", ""),
        ("solve 3x + 5 = 20", ""),
    ],
)
def test_personal_data_is_recognised(text: str, found: str) -> None:
    assert personal_data(text) == found


@pytest.mark.parametrize(
    ("text", "same"), [("Kan jeg, få-hjelp?", "kan jeg fa hjelp"), ("ΠΩΣ;", "πωσ"), ("👍", "👍"), ("?!", "?!")]
)
def test_phrases_are_compared_as_the_model_sees_them(text: str, same: str) -> None:
    assert normal(text) == same


def test_few_words_have_no_bag() -> None:
    assert (bag("pay card"), bag("pay by card")) == ("", "by card pay")
