"""When the mentor is not sure."""

import pytest

from actions.areas import ANSWERS
from actions.mentor import Mentor
from actions.replies import Button, Missed, Text
from actions.turn import Turn

PERSON = [Button("Talk to a person", "ask_human")]
AREAS = [
    [Button("Sell online", "show_area", value="shop"), Button("Cloud tools", "show_area", value="cloud")],
    [Button("Social media", "show_area", value="social"), Button("Basics", "show_area", value="base")],
]
ELSE = [Button("Something else", "something_else")]
PAYMENTS = [Button("Take payment online", "show_guide", "shop-payments")]
START = [Button("Start selling online", "show_guide", "shop-start")]
SECURITY = [Button("Keep thieves out", "show_guide", "base-security")]
NEAR = (("guide_shop_start", 0.4), ("thanks", 0.3), ("guide_shop_payments", 0.2), ("guide_base_security", 0.05))


def test_guides_the_classifier_holds_likely_are_offered(mentor: Mentor) -> None:
    assert ANSWERS["offer_guides"](Turn(text="hm", ranking=NEAR), mentor) == [
        Text("Do you mean one of these?", [START, PAYMENTS, ELSE]),
        Missed("unsure", ["shop-start", "shop-payments"]),
    ]


def test_word_search_fills_up_what_the_classifier_does_not_see(mentor: Mentor) -> None:
    turn = Turn(text="what is a password manager", ranking=(("guide_shop_start", 0.4), ("guide_gone", 0.3)))

    assert ANSWERS["offer_guides"](turn, mentor) == [
        Text("Do you mean one of these?", [START, SECURITY, ELSE]),
        Missed("unsure", ["shop-start", "base-security"]),
    ]


def test_one_offer_is_asked_for_in_the_singular(mentor: Mentor) -> None:
    assert ANSWERS["offer_guides"](Turn(text="two-factor password"), mentor) == [
        Text("Do you mean this?", [SECURITY, ELSE]),
        Missed("unsure", ["base-security"]),
    ]


def test_nothing_near_is_said_and_the_areas_offered(mentor: Mentor) -> None:
    assert ANSWERS["offer_guides"](Turn(text="blorf", ranking=(("menu", 0.2),)), mentor) == [
        Text("I am not sure I understood. I can help with these:", [*AREAS, PERSON]),
        Missed("unknown"),
    ]


@pytest.mark.parametrize(
    ("turn", "rows", "missed"),
    [
        (Turn(text="blorf", misses=1), [PERSON, *AREAS], Missed("unknown")),
        (
            Turn(text="hm", misses=2, ranking=NEAR),
            [PERSON, START, PAYMENTS, ELSE],
            Missed("unsure", ["shop-start", "shop-payments"]),
        ),
    ],
)
def test_second_miss_in_a_row_offers_the_person_first(
    mentor: Mentor, turn: Turn, rows: list[list[Button]], missed: Missed
) -> None:
    assert ANSWERS["offer_guides"](turn, mentor) == [
        Text("I still do not understand, sorry. A person can help you, or one of these may be it:", rows),
        missed,
    ]


@pytest.mark.parametrize("text", ["{{7*7}}", "${x}", "%s%n", "", "\x00", "🙂" * 2000, "a" * 4096, "[" * 4096])
def test_strange_text_is_neither_run_nor_repeated(mentor: Mentor, text: str) -> None:
    reply, missed = ANSWERS["offer_guides"](Turn(text=text), mentor)

    assert isinstance(reply, Text)
    assert reply.text == "I am not sure I understood. I can help with these:"
    assert missed == Missed("unknown")


def test_something_else_asks_for_other_words(mentor: Mentor) -> None:
    assert ANSWERS["something_else"](Turn(misses=1), mentor) == [
        Text(
            "Tell me in other words, and in one short sentence if you can. Or choose here:",
            [*AREAS, PERSON],
            edit=True,
        ),
        Missed("not_meant"),
    ]


def test_wrong_card_brings_the_next_best_guides_and_stays(mentor: Mentor) -> None:
    assert ANSWERS["not_meant"](Turn(guide="shop-start"), mentor) == [
        Text(
            "Thank you, that helps me learn. Maybe one of these:",
            [PAYMENTS, [Button("Menu", "menu", value="new"), *PERSON]],
        ),
        Missed("not_meant", ["shop-payments"]),
    ]
