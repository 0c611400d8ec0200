"""The card of a guide and what hangs on it."""

import pytest

from actions.areas import ANSWERS
from actions.guides import Block, GuideText, Library, Step
from actions.mentor import Mentor
from actions.replies import Button, Card, Rating, Text, Understood
from actions.turn import Place, Turn
from actions.words import Locales

CARD_ROWS = [
    [
        Button("Start", "show_step", "shop-payments", 1, "new"),
        Button("All steps", "all_steps", "shop-payments"),
    ],
    [Button("PDF", "guide_pdf", "shop-payments"), Button("Not what I meant", "not_meant", "shop-payments")],
]
CARD = Card(
    guide="shop-payments",
    title="Take payment online",
    short="You need a payment provider: a company that takes the card payment for you.",
    effort="5 steps, about 40 minutes",
    rows=CARD_ROWS,
)
NORWAY_NOTE = "In Norway: Nearly everybody uses Vipps. ([checked in November 2026](https://example.org/vipps))"


def test_question_is_answered_with_the_card(mentor: Mentor) -> None:
    turn = Turn(intent="guide_shop_payments", ranking=(("guide_shop_payments", 0.9), ("guide_shop_start", 0.05)))

    assert ANSWERS["guide_card"](turn, mentor) == [CARD, Understood()]


def test_card_has_a_line_for_the_persons_country(mentor: Mentor, norwegian: Mentor) -> None:
    turn = Turn(guide="shop-payments", country="NO")
    english, _ = ANSWERS["show_guide"](turn, mentor)
    own, _ = ANSWERS["show_guide"](turn, norwegian)

    assert isinstance(english, Card)
    assert english.country == NORWAY_NOTE
    assert isinstance(own, Card)
    assert own.country == ("I Norge: Nesten alle bruker Vipps. ([sjekket i november 2026](https://example.org/vipps))")
    assert (own.notice, own.effort) == ("", "5 steg, omtrent 40 minutter")


def test_card_says_when_the_text_is_only_in_english(norwegian: Mentor) -> None:
    card, _ = ANSWERS["show_guide"](Turn(guide="shop-start"), norwegian)

    assert isinstance(card, Card)
    assert card.title == "Start selling online"
    assert card.notice == "Denne veiledningen har jeg foreløpig bare på engelsk."


def test_card_names_a_second_guide_the_message_may_be_about(mentor: Mentor) -> None:
    turn = Turn(intent="guide_shop_payments", ranking=(("guide_shop_payments", 0.5), ("guide_shop_start", 0.3)))
    card, _ = ANSWERS["guide_card"](turn, mentor)

    assert isinstance(card, Card)
    assert card.rows == [*CARD_ROWS, [Button("Also: Start selling online", "show_guide", "shop-start")]]


def test_card_of_the_open_guide_goes_on_where_the_person_is(mentor: Mentor) -> None:
    card, _ = ANSWERS["show_guide"](Turn(guide="shop-payments", progress=Place("shop-payments", 3, 5)), mentor)

    assert isinstance(card, Card)
    assert card.rows[0][0] == Button("Go on at step 3", "show_step", "shop-payments", 3, "new")


def test_card_of_another_guide_leaves_the_progress_alone(mentor: Mentor) -> None:
    replies = ANSWERS["show_guide"](Turn(guide="shop-payments", progress=Place("shop-start", 3, 5)), mentor)

    assert replies == [CARD, Understood()]


@pytest.mark.parametrize("key", ["show_guide", "show_step", "all_steps", "more", "stuck", "rate_guide", "not_meant"])
def test_withdrawn_guide_is_named_and_its_area_offered(mentor: Mentor, key: str) -> None:
    assert ANSWERS[key](Turn(guide="shop-nothing", step=2, value="up"), mentor) == [
        Text(
            "I do not have that guide, or not any more.\n\n**Sell online**\n\nPick a guide:",
            [
                [Button("Start selling online", "show_guide", "shop-start")],
                [Button("Take payment online", "show_guide", "shop-payments")],
                [Button("Menu", "menu")],
            ],
        ),
        Understood(),
    ]


@pytest.mark.parametrize("key", ["show_guide", "show_step", "all_steps", "more", "stuck", "rate_guide", "not_meant"])
def test_tap_without_a_guide_brings_the_menu(mentor: Mentor, key: str) -> None:
    text, understood = ANSWERS[key](Turn(), mentor)

    assert isinstance(text, Text)
    assert text.text.startswith("I do not have that guide, or not any more.\n\nWhat can I help you with?")
    assert understood == Understood()


def test_all_steps_is_the_whole_guide_with_a_way_on(mentor: Mentor) -> None:
    text, understood = ANSWERS["all_steps"](Turn(guide="shop-payments", country="NO"), mentor)

    assert isinstance(text, Text)
    assert text.text.startswith(
        "**Take payment online**\n\n"
        "**1. Know what your customers use**\n"
        "Think of your last ten customers. Card?\nOffer the one or two ways most of them already use.\n\n"
        f"> {NORWAY_NOTE}\n\n"
        "> In Norway: Check with your bank. ([checked in November 2026](https://example.org/low))\n\n"
        "> **Example:** a farm shop needs the phone payment everyone has.\n\n"
        "**2. Compare the price of one sale**\n"
        "Take a normal sale, say 40 euros.\n\n"
        "> ⚠️ **Careful:** A monthly fee is dear for a small shop.\n\n"
    )
    assert text.text.endswith("> **Tip:** Look at it every Friday.")
    assert text.rows == [[Button("Start", "show_step", "shop-payments", 1, "new"), Button("Menu", "menu", value="new")]]
    assert understood == Understood()


def test_all_steps_asked_for_amid_a_guide_leads_back_there(mentor: Mentor) -> None:
    text, _ = ANSWERS["all_steps"](Turn(guide="shop-payments", step=4), mentor)

    assert isinstance(text, Text)
    assert text.rows[0][0] == Button("Back to the step", "show_step", "shop-payments", 4, "new")


def test_long_guide_comes_in_messages_within_the_limit_cut_between_steps(library: Library, locales: Locales) -> None:
    edition = library.guide("shop-start", "en")
    assert edition is not None
    steps = tuple(Step(n, f"Step {n}", (Block("paragraph", "x" * 590, 1),), 1) for n in range(1, 10))
    text = GuideText("shop-start", "en", "Long", "Short.", steps, "a.md")
    long = Mentor(Library([edition.guide], [text], []), locales.words("en"))

    *texts, _ = ANSWERS["all_steps"](Turn(guide="shop-start"), long)

    pages = [reply for reply in texts if isinstance(reply, Text)]
    assert [len(page.text) <= 3500 for page in pages] == [True, True]
    assert [page.text.count("x" * 590) for page in pages] == [5, 4]
    assert [bool(page.rows) for page in pages] == [False, True]


def test_more_shows_all_ways_on(mentor: Mentor) -> None:
    assert ANSWERS["more"](Turn(guide="shop-payments", step=3), mentor) == [
        Text(
            "You are at step 3 of 5 of **Take payment online**.",
            [
                [
                    Button("All steps", "all_steps", "shop-payments", 3),
                    Button("Start over", "start_over", "shop-payments"),
                ],
                [
                    Button("PDF", "guide_pdf", "shop-payments"),
                    Button("Remind me", "bot_remind", "shop-payments", 3),
                ],
                [Button("Back to the step", "show_step", "shop-payments", 3), Button("Menu", "menu")],
            ],
            edit=True,
        ),
        Understood(),
    ]


def test_stuck_names_the_likely_problems_then_a_person(mentor: Mentor) -> None:
    assert ANSWERS["stuck"](Turn(guide="shop-payments", step=4), mentor) == [
        Text(
            "**Switch it on and test**\n\n"
            "This is what most often goes wrong here:\n\n"
            "- If the payment fails: correct the name of the web page.\n"
            "- If the refund hangs: wait a day, then ask the provider.\n\n"
            "Is it something else? A person can take a look, and I will tell them which step you are at.",
            [
                [Button("Talk to a person", "ask_human", "shop-payments", 4)],
                [Button("Back to the step", "show_step", "shop-payments", 4)],
            ],
            edit=True,
        ),
        Understood(),
    ]


def test_stuck_without_known_problems_offers_the_person(mentor: Mentor) -> None:
    text, _ = ANSWERS["stuck"](Turn(guide="shop-payments", step=1), mentor)

    assert isinstance(text, Text)
    assert text.text == (
        "**Know what your customers use**\n\nA person can take a look, and I will tell them which step you are at."
    )


def test_rating_is_thanked_for_and_passed_on(mentor: Mentor) -> None:
    onward = [
        [Button("Start selling online", "show_guide", "shop-start")],
        [Button("Keep thieves out", "show_guide", "base-security")],
        [Button("Menu", "menu", value="new")],
    ]

    assert ANSWERS["rate_guide"](Turn(guide="shop-payments", value="up"), mentor) == [
        Text("Thank you, good to know. These go well with it:", onward, edit=True),
        Rating("shop-payments", "up"),
        Understood(),
    ]
    assert ANSWERS["rate_guide"](Turn(guide="shop-payments", value="down"), mentor) == [
        Text(
            "Thank you for saying so. Our editors will see it. If something is still open, a person can help:",
            [[Button("Talk to a person", "ask_human", "shop-payments")], *onward],
            edit=True,
        ),
        Rating("shop-payments", "down"),
        Understood(),
    ]


def test_rating_that_is_neither_up_nor_down_is_no_rating(mentor: Mentor) -> None:
    replies = ANSWERS["rate_guide"](Turn(guide="shop-payments", value="sideways"), mentor)

    assert not [reply for reply in replies if isinstance(reply, Rating)]
