"""Small talk and the bot's screens."""

from dataclasses import replace

import pytest

from actions.areas import ANSWERS
from actions.mentor import Mentor
from actions.replies import Button, Handoff, Screen, Text, Understood
from actions.turn import Place, Turn

HALF_WAY = Turn(progress=Place("shop-payments", 3, 5))
MENU_ROWS = [
    [Button("Sell online", "show_area", value="shop"), Button("Cloud tools", "show_area", value="cloud")],
    [Button("Social media", "show_area", value="social"), Button("Basics", "show_area", value="base")],
    [Button("Check my firm (3 min)", "start_checkup"), Button("Talk to a person", "ask_human")],
]
MENU_WORDS = "What can I help you with?\n\nOr just write what is on your mind."
RESUME_ROWS = [
    [
        Button("Go on", "show_step", guide="shop-payments", step=3),
        Button("Start over", "start_over", guide="shop-payments"),
    ],
    [Button("Menu", "menu")],
]


def test_greeting_brings_the_menu(mentor: Mentor) -> None:
    assert ANSWERS["greet"](Turn(), mentor) == [
        Text(
            "Hello. I help small firms to get going with digital tools, one step at a time.\n\n" + MENU_WORDS,
            MENU_ROWS,
        ),
        Understood(),
    ]


def test_greeting_half_way_brings_the_guide_back(mentor: Mentor) -> None:
    assert ANSWERS["greet"](HALF_WAY, mentor) == [
        Text("Hello again.\n\nYou were at step 3 of 5 of **Take payment online**.", RESUME_ROWS, edit=True),
        Understood(),
    ]


def test_yes_without_a_question_means_going_on(mentor: Mentor) -> None:
    assert ANSWERS["affirm"](HALF_WAY, mentor) == ANSWERS["continue_guide"](HALF_WAY, mentor)
    assert ANSWERS["affirm"](Turn(), mentor) == [Text(MENU_WORDS, MENU_ROWS), Understood()]


def test_no_without_a_question_is_fine(mentor: Mentor) -> None:
    assert ANSWERS["deny"](Turn(), mentor) == [Text("That is fine.\n\n" + MENU_WORDS, MENU_ROWS), Understood()]


@pytest.mark.parametrize(
    ("turn", "text"),
    [
        (Turn(), "Goodbye. Write whenever you like."),
        (HALF_WAY, "Goodbye. I keep your place. Write whenever you like."),
    ],
)
def test_goodbye_says_what_is_kept(mentor: Mentor, turn: Turn, text: str) -> None:
    assert ANSWERS["goodbye"](turn, mentor) == [Text(text, [[Button("Menu", "menu")]]), Understood()]


def test_thanks_leaves_the_way_on_open(mentor: Mentor) -> None:
    assert ANSWERS["thanks"](Turn(), mentor) == [Text("You are welcome.", [[Button("Menu", "menu")]]), Understood()]
    assert ANSWERS["thanks"](HALF_WAY, mentor) == [
        Text("You are welcome.\n\nYou were at step 3 of 5 of **Take payment online**.", RESUME_ROWS, edit=True),
        Understood(),
    ]


@pytest.mark.parametrize(
    ("key", "screen"),
    [
        ("change_language", Screen("language")),
        ("change_country", Screen("country")),
        ("privacy", Screen("privacy")),
        ("delete_my_data", Screen("delete")),
        ("stop", Screen("stop")),
    ],
)
def test_wish_that_the_bot_answers_asks_for_its_screen(mentor: Mentor, key: str, screen: Screen) -> None:
    assert ANSWERS[key](HALF_WAY, mentor) == [screen, Understood()]


def test_handoff_brings_the_guide_a_tap_carried_and_nothing_else(mentor: Mentor) -> None:
    ask = ANSWERS["ask_human"]

    assert ask(Turn(guide="shop-payments", step=2), mentor) == [Handoff("shop-payments", 2), Understood()]
    assert ask(HALF_WAY, mentor) == [Handoff(), Understood()]
    assert ask(Turn(guide="shop-nothing", step=2), mentor) == [Handoff(), Understood()]


@pytest.mark.parametrize(
    ("key", "begins"),
    [
        ("help", "I know the digital side of a small firm"),
        ("out_of_scope", "That is outside what I know."),
    ],
)
def test_honest_sentence_is_followed_by_the_menu(mentor: Mentor, key: str, begins: str) -> None:
    text, understood = ANSWERS[key](Turn(), mentor)

    assert isinstance(text, Text)
    assert text.text.startswith(begins)
    assert text.text.endswith(MENU_WORDS)
    assert text.rows == MENU_ROWS
    assert understood == Understood()


def test_feedback_names_who_takes_it_today(mentor: Mentor) -> None:
    assert ANSWERS["feedback"](Turn(), mentor) == [
        Text(
            "Thank you for wanting to tell us. I cannot take feedback here yet, but a person can.",
            [[Button("Talk to a person", "ask_human")], [Button("Menu", "menu")]],
        ),
        Understood(),
    ]


def test_menu_begins_with_the_guide_that_is_open(norwegian: Mentor) -> None:
    text, _ = ANSWERS["menu"](replace(HALF_WAY, plan=("shop-start",)), norwegian)

    assert isinstance(text, Text)
    assert text.edit
    assert text.rows[0] == [Button("Fortsett: Ta betalt på nett", "show_step", "shop-payments", 3, "new")]
    plan = Button(norwegian.words.say("menu.plan"), "show_plan")
    assert text.rows[-1] == [plan, Button("Snakk med et menneske", "ask_human")]


def test_menu_is_a_new_message_where_the_tapped_one_is_worth_keeping(mentor: Mentor) -> None:
    assert ANSWERS["menu"](Turn(value="new"), mentor) == [Text(MENU_WORDS, MENU_ROWS), Understood()]


def test_finished_guide_is_not_offered_to_go_on_with(mentor: Mentor) -> None:
    turn = Turn(progress=Place("shop-payments", 5, 5, finished=True))

    assert ANSWERS["menu"](turn, mentor) == [Text(MENU_WORDS, MENU_ROWS, edit=True), Understood()]


def test_area_lists_its_guides_and_marks_those_that_are_done(mentor: Mentor) -> None:
    turn = Turn(value="shop", finished=frozenset({"shop-payments"}))

    assert ANSWERS["show_area"](turn, mentor) == [
        Text(
            "**Sell online**\n\nPick a guide:",
            [
                [Button("Start selling online", "show_guide", "shop-start")],
                [Button("✅ Take payment online", "show_guide", "shop-payments")],
                [Button("Menu", "menu")],
            ],
            edit=True,
        ),
        Understood(),
    ]


@pytest.mark.parametrize("value", ["", "kitchen", "__class__"])
def test_area_that_does_not_exist_is_the_menu(mentor: Mentor, value: str) -> None:
    assert ANSWERS["show_area"](Turn(value=value), mentor) == [Text(MENU_WORDS, MENU_ROWS, edit=True), Understood()]


def test_area_without_guides_says_so(mentor: Mentor) -> None:
    text, _ = ANSWERS["show_area"](Turn(value="cloud"), mentor)

    assert text == Text("There is nothing to read here right now.\n\n" + MENU_WORDS, MENU_ROWS, edit=True)
