"""The parser of guide texts: what it reads, and how it names what is wrong."""

from collections.abc import Callable
from pathlib import Path

import pytest

from actions.guides import Block
from actions.guides.text import parse_guide

FRONT = "---\ntitle: A title\nshort: A short answer.\n---\n"
STEPS = "".join(f"## Step {number}\nText.\n" for number in range(2, 6))


def test_text_reads_every_kind_of_block(root: Path) -> None:
    source = (root / "en" / "shop-payments.md").read_text(encoding="utf-8")

    text, faults = parse_guide(source, "shop-payments", "en", "guides/en/shop-payments.md")

    assert faults == []
    assert text is not None
    assert text.title == "Take payment online"
    assert text.short == "You need a payment provider: a company that takes the card payment for you."
    assert [step.title for step in text.steps][:2] == ["Know what your customers use", "Compare the price of one sale"]
    assert text.steps[0].blocks == (
        Block(
            "paragraph",
            "Think of your last ten customers. Card?\nOffer the one or two ways most of them already use.",
            9,
        ),
        Block("country", "payments", 11),
        Block("tip", "Example: a farm shop needs the phone payment everyone has.", 12),
    )
    assert text.steps[1].blocks[1] == Block("warning", "A monthly fee is dear for a small shop.", 16)
    assert text.steps[2].blocks == (Block("paragraph", "Have at hand:\n- registration number\n- your ID", 19),)
    assert text.steps[3].fixes == (
        Block("fix", "If the payment fails", 25, "correct the name of the web page."),
        Block("fix", "If the refund hangs", 26, "wait a day, then ask the provider."),
    )


def test_line_that_stops_amid_a_sentence_goes_on_in_the_next() -> None:
    source = FRONT + "## Step 1\nHave the account,\nand the address.\n! Never send\nthe code.\nThen go on.\n" + STEPS

    text, faults = parse_guide(source, "a", "en", "a.md")

    assert faults == []
    assert text is not None
    assert text.steps[0].blocks == (
        Block("paragraph", "Have the account, and the address.", 6),
        Block("warning", "Never send the code.", 8),
        Block("paragraph", "Then go on.", 10),
    )


STEP_FAULTS = [
    ("<b>bold</b>", "6: HTML is not shown in a chat - use **bold**, *italic* or [text](https://...)"),
    ("![a](https://example.org/a.png)", "6: pictures are not allowed - describe it in words"),
    ("| a | b |", "6: tables are not shown in a chat - use a list with `- `"),
    (
        "### Deeper",
        "6: only `## ` headings are allowed, one for each step - begin the line with `## ` or leave out `#`",
    ),
    ("Type `ls`.", "6: code marks are not allowed - use **bold** for what one types or taps"),
    ("1. First", "6: lists begin with `- ` - write `- ` at the start of the line"),
    ("See http://example.org.", "6: a link is not https - use the https address"),
    (
        "See [it](javascript:alert%281%29).",
        "6: the link to javascript:alert%281%29 is not https - use an https address",
    ),
    ("See [it](https://example.org", "6: a link is broken - write [text](https://...) on one line"),
    ("{{7*7}}", "6: only `{{ country.<topic> }}` alone on its line is filled in - write it out"),
    ("Go\tthere.", "6: there is a tab - use spaces"),
    ("Some **bold words.", "6: `**` is opened and never closed - close the bold words with `**`"),
    ("If it fails ->", "6: nothing follows the arrow - write `If ... -> what to do`"),
    (">Tip without a space.", "6: `>` and `!` need a space after them - write `> ` for a tip and `! ` for a warning"),
    (
        "{{ country.weather }}",
        (
            "6: there is no country topic `weather` - use one of payments, invoicing, shipping, marketplaces, domain, "
            "vat, consumer, privacy, security, broadband, funding, advice, courses"
        ),
    ),
]


@pytest.mark.parametrize(("line", "fault"), STEP_FAULTS, ids=[line for line, _ in STEP_FAULTS])
def test_forbidden_line_is_named_and_refused(line: str, fault: str) -> None:
    text, faults = parse_guide(f"{FRONT}## Step 1\n{line}\n{STEPS}", "a", "en", "guides/en/a.md")

    assert f"guides/en/a.md:{fault}" in [str(found) for found in faults]
    assert text is None


FRONT_FAULTS = [
    ("", "1: the file does not begin with `---` - begin with ---, title, short, --- (see any other guide)"),
    ("---\ntitle: A\n", "1: the `---` after title and short is missing - add a line --- before the first step"),
    (
        "---\ntitle: A\n---\n",
        "2: `short` is missing or not text - write `short:` and the words, in quotes if they hold a colon",
    ),
    (
        "---\ntitle: 2026\nshort: A.\n---\n",
        "2: `title` is missing or not text - write `title:` and the words, in quotes if they hold a colon",
    ),
    (
        "---\ntitle: A *b*\nshort: A.\n---\n",
        "2: the title has Markdown signs in it - write plain words: it is a button too",
    ),
    (
        "---\ntitle: A\nshort: A.\ntitle: B\n---\n",
        "4: `title` stands here twice - keep one (the other is on line 2)",
    ),
    (
        "---\ntitle: &a A\nshort: *a\n---\n",
        "2: anchors (&) and aliases (*) are not allowed - write the value out, or put it in quotes",
    ),
    ("---\ntitle: A\nshort:\tA.\n---\n", "3: there is a tab - use spaces"),
    ("---\ntitle: A: b\nshort: A.\n---\n", "2: there is a colon inside a text - put the whole text in quotes"),
    ("---\ntitle: !!python/object:os.system A\nshort: A.\n---\n",
     "2: tags (!) are not allowed - leave the tag out, or put the value in quotes"),
]  # fmt: skip


@pytest.mark.parametrize(("front", "fault"), FRONT_FAULTS, ids=[front for front, _ in FRONT_FAULTS])
def test_broken_front_matter_is_named_and_refused(front: str, fault: str) -> None:
    text, faults = parse_guide(f"{front}## Step 1\nText.\n{STEPS}", "a", "en", "guides/en/a.md")

    assert [str(found) for found in faults] == [f"guides/en/a.md:{fault}"]
    assert text is None


LIMIT_FAULTS = [
    (
        f"---\ntitle: {'A' * 61}\nshort: A.\n---\n## Step 1\nText.\n{STEPS}",
        "2: `title` has 61 characters - keep it within 60",
    ),
    (
        f"---\ntitle: A\nshort: {'a' * 351}\n---\n## Step 1\nText.\n{STEPS}",
        "3: `short` has 351 characters - keep it within 350",
    ),
    (
        f"{FRONT}## Step 1\n{'a' * 601}\n{{{{ country.vat }}}}\n{STEPS}",
        "5: the step has 601 characters - keep it within 600, or make two steps",
    ),
    (f"{FRONT}{STEPS}", "11: the guide has 4 steps - make it 5 to 9, each begun with `## `"),
    (f"{FRONT}## Step 1\n{{{{ country.vat }}}}\n{STEPS}", "5: the step has no text - say what to do"),
]


@pytest.mark.parametrize(("source", "fault"), LIMIT_FAULTS, ids=["title", "short", "step", "steps", "empty"])
def test_text_that_is_only_too_long_is_named_but_still_read(source: str, fault: str) -> None:
    text, faults = parse_guide(source, "a", "en", "guides/en/a.md")

    assert [str(found) for found in faults] == [f"guides/en/a.md:{fault}"]
    assert text is not None


def test_step_of_600_characters_is_fine(plain: Callable[..., str]) -> None:
    source = f"{FRONT}## Step 1\n{'a' * 600}\n{{{{ country.vat }}}}\n{STEPS}"

    assert parse_guide(source, "a", "en", "a.md")[1] == []


@pytest.mark.timeout(5)
@pytest.mark.parametrize("sign", ["*", "[", "](", "_", "a ", "{{", "- ", "-> ", "<", "`"])
def test_hostile_line_is_checked_in_linear_time(sign: str) -> None:
    source = f"{FRONT}## Step 1\n{sign * 20_000}\n{STEPS}"

    assert parse_guide(source, "a", "en", "a.md")[1] != []
