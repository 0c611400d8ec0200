"""What a word means."""

import pytest

from actions.areas import ANSWERS
from actions.guides import Library
from actions.mentor import Mentor
from actions.replies import Button, Missed, Text, Understood
from actions.turn import Turn

from .conftest import After


@pytest.mark.parametrize(
    "asked",
    [
        "what is a payment provider?",
        "PAYMENT PROVIDERS??",
        "whats a payment-provider",
        "my bank says i need a payment gateway what is that",
    ],
)
def test_term_is_explained_with_the_guide_that_tells_more(mentor: Mentor, asked: str) -> None:
    assert ANSWERS["explain_term"](Turn(text=asked), mentor) == [
        Text(
            "**payment provider**\n\nA firm that takes card payments for you. It keeps a small part.",
            [[Button("Take payment online", "show_guide", "shop-payments")], [Button("Menu", "menu", value="new")]],
        ),
        Understood(),
    ]


def test_unknown_term_brings_near_guides_or_the_menu(mentor: Mentor) -> None:
    near, missed = ANSWERS["explain_term"](Turn(text="what is a password manager"), mentor)
    menu, unknown = ANSWERS["explain_term"](Turn(text="xylophone?"), mentor)

    assert isinstance(near, Text)
    assert near.rows[0] == [Button("Keep thieves out", "show_guide", "base-security")]
    assert missed == Missed("unknown", ["base-security"])
    assert isinstance(menu, Text)
    assert menu.text.startswith("I have no explanation for that word.")
    assert unknown == Missed("unknown")


def test_short_terms_are_not_found_inside_other_words(library: Library) -> None:
    assert library.term("what is 2fa", "en") is not None
    assert library.term("what is 2fast", "en") is None


def test_guides_are_held_to_the_words_of_the_glossary(after: After) -> None:
    faults = after("en/shop-start.md", "Do thing 2.", "Ask the paymasters.")

    assert "guides/en/shop-start.md:10: `paymaster` is not our word - write payment provider, as the glossary says" in [
        str(fault) for fault in faults
    ]


@pytest.mark.parametrize(
    ("file", "old", "new", "fault"),
    [
        ("glossary.yml", "shop-payments", "shop-nothing", "payment_provider: there is no guide `shop-nothing`"),
        ("en/glossary.yml", "what is {word}", "what is it", "`what is it` has not one {word}"),
        ("en/glossary.yml", "  two_factor:", "  three_factor:", "the term `two_factor` is missing"),
        ("en/glossary.yml", "[2fa]", "[payment provider]", "is a word for two_factor and for payment_provider"),
        ("en/glossary.yml", "A firm that", f"{'x' * 320} A firm that", "`payment_provider` has 38"),
    ],
)
def test_fault_in_the_glossary_is_told(after: After, file: str, old: str, new: str, fault: str) -> None:
    found = after(file, old, new)

    assert [each.problem for each in found if fault in each.problem]
