"""The firm check: its questions one by one, level, picture, plan."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from actions.areas import ANSWERS
from actions.guides import Language, Library
from actions.mentor import Mentor, Replies
from actions.replies import Bar, Button, Chart, CheckupAnswer, CheckupDone, Text, Understood
from actions.turn import Checked, Turn

from .conftest import KEYS, After

ALL_YES = dict.fromkeys(KEYS, "yes")
MENU = Button("Menu", "menu")
LATER = Button("Later", "menu")


def texts(replies: Replies) -> list[Text]:
    return [reply for reply in replies if isinstance(reply, Text)]


def first_text(replies: Replies) -> Text:
    return texts(replies)[0]


def test_check_is_explained_before_it_begins(mentor: Mentor) -> None:
    text = first_text(ANSWERS["start_checkup"](Turn(), mentor))

    assert text.text.startswith("Twelve short questions, about three minutes.")
    assert text.rows == [[Button("Start the check", "checkup_question", value="restart")], [MENU]]


def test_check_that_was_begun_goes_on_where_it_was_left(mentor: Mentor) -> None:
    turn = Turn(answers={"website": "yes", "orders": "no"})

    text = first_text(ANSWERS["start_checkup"](turn, mentor))
    question = first_text(ANSWERS["checkup_question"](turn, mentor))

    assert text.text == "You have begun the check of your firm. The next question is number 3 of 12."
    assert question.text == "**3/12**  Do you have share?"


def test_question_has_three_answers_a_way_back_and_a_way_out(mentor: Mentor) -> None:
    replies = ANSWERS["answer_checkup"](Turn(answers={"website": "no"}, value="orders-unknown"), mentor)

    assert replies == [
        Text(
            "**3/12**  Do you have share?",
            [
                [
                    Button("Yes", "answer_checkup", value="share-yes"),
                    Button("No", "answer_checkup", value="share-no"),
                ],
                [Button("I don't know", "answer_checkup", value="share-unknown")],
                [Button("◀", "checkup_question", value="orders"), LATER],
            ],
            edit=True,
        ),
        CheckupAnswer("orders", "unknown"),
        Understood(),
    ]


def test_first_question_forgets_the_answers_of_a_check_that_was_left(mentor: Mentor) -> None:
    replies = ANSWERS["checkup_question"](Turn(answers={"website": "no"}, value="restart"), mentor)

    assert first_text(replies).text == "**1/12**  Do you have website?"
    assert CheckupAnswer(restart=True) in replies


def test_answer_can_be_changed_on_the_way(mentor: Mentor) -> None:
    back = ANSWERS["checkup_question"](Turn(answers={"website": "yes", "orders": "yes"}, value="website"), mentor)
    again = ANSWERS["answer_checkup"](Turn(answers={"website": "yes", "orders": "yes"}, value="website-no"), mentor)

    assert first_text(back).text == "**1/12**  Do you have website?"
    assert first_text(again).text == "**3/12**  Do you have share?"
    assert CheckupAnswer("website", "no") in again


def finish(mentor: Mentor, turn: Turn) -> Replies:
    return ANSWERS["answer_checkup"](replace(turn, value="learn-no"), mentor)


def test_last_answer_brings_level_picture_and_plan(mentor: Mentor) -> None:
    answers = {**ALL_YES, "orders": "no", "payment": "unknown", "safe": "no"}
    answers.pop("learn")

    replies = finish(mentor, Turn(answers=answers))

    result, plan, ask = texts(replies)
    assert result.text.startswith("Your firm: **Result 2** (8 of 12 points).\n\nGo on.\n\nThis is strong already:\n- ")
    assert result.edit
    (chart,) = [reply for reply in replies if isinstance(reply, Chart)]
    assert chart.bars == [
        Bar("Sell online", 1, 3),
        Bar("Cloud tools", 3, 3),
        Bar("Social media", 2, 2),
        Bar("Basics", 2, 4),
    ]
    assert plan.text == (
        "**Your plan**\n\n**1. Keep thieves out**\nIt helps.\n\n**2. Take payment online**\nIt helps.\n\n"
        "**3. Start selling online**\nIt helps."
    )
    assert plan.rows[0] == [Button("Next: Keep thieves out", "show_guide", "base-security")]
    assert ask.rows == [[Button("Yes, please", "bot_coach_on"), Button("No, thanks", "bot_coach_off")]]
    assert replies[-3:] == [
        CheckupAnswer("learn", "no"),
        CheckupDone("high", 8, ["base-security", "shop-payments", "shop-start"]),
        Understood(),
    ]


def test_second_check_is_compared_with_the_first(mentor: Mentor) -> None:
    answers = {key: "yes" for key in KEYS if key != "learn"}
    before = Checked({**ALL_YES, "cloud": "no", "books": "no"}, date(2026, 9, 3))

    replies = finish(mentor, Turn(answers=answers, checked=before, coach="on"))

    result, _plan = texts(replies)
    assert "Last time (September 2026): 10 points." in result.text
    (chart,) = [reply for reply in replies if isinstance(reply, Chart)]
    assert [bar.before for bar in chart.bars] == [3, 1, 2, 4]


@pytest.mark.parametrize(
    ("points", "level"),
    [
        (0, "very_low"),
        (3, "very_low"),
        (4, "low"),
        (6, "low"),
        (7, "high"),
        (9, "high"),
        (10, "very_high"),
        (12, "very_high"),
    ],
)
def test_levels_are_those_of_the_index(library: Library, points: int, level: str) -> None:
    assert library.checkup is not None

    assert library.checkup.level(dict.fromkeys(KEYS[:points], "yes")) == level


def test_plan_leaves_out_what_is_done_and_what_is_no_more(library: Library) -> None:
    assert library.checkup is not None
    answers = {**ALL_YES, "payment": "no", "safe": "no"}

    assert library.checkup.plan(answers, {"shop-payments"}, library.slugs) == ("base-security", "shop-start")
    assert library.checkup.plan(answers, (), ["shop-start"]) == ("shop-start",)


def test_late_tap_after_the_end_shows_the_plan_and_begins_nothing(mentor: Mentor) -> None:
    replies = ANSWERS["answer_checkup"](Turn(value="learn-no", plan=("shop-start",)), mentor)

    assert first_text(replies).text.startswith("**Your plan**")
    assert not [reply for reply in replies if isinstance(reply, CheckupAnswer)]


def test_plan_shows_ticks_and_the_next_guide(mentor: Mentor) -> None:
    turn = Turn(plan=("shop-start", "shop-payments", "shop-nothing"), finished=frozenset({"shop-start"}))

    text = first_text(ANSWERS["show_plan"](turn, mentor))

    assert text.text == (
        "**Your plan**\n\n✅ **1. Start selling online**\nIt helps.\n\n**2. Take payment online**\nIt helps.\n\n"
        "1 of 2 is done."
    )
    assert text.rows[0] == [Button("Next: Take payment online", "show_guide", "shop-payments")]


def test_plan_that_is_done_leads_to_the_next_check(mentor: Mentor) -> None:
    turn = Turn(plan=("shop-start",), finished=frozenset({"shop-start"}))

    text = first_text(ANSWERS["show_plan"](turn, mentor))

    assert text.text.endswith("Do the check again to see how far you have come.")
    assert text.rows[0] == [Button("Do the check again", "start_checkup", value="new")]


def test_nobody_is_left_without_a_way_to_a_plan(mentor: Mentor) -> None:
    text = first_text(ANSWERS["show_plan"](Turn(), mentor))

    assert text.rows == [[Button("Start the check", "start_checkup")], [MENU]]


@pytest.mark.parametrize(
    ("file", "old", "new", "fault"),
    [
        ("checkup.yml", "urgency: 12", "urgency: 1", "the urgencies are not 1 to 12, each once"),
        ("checkup.yml", "area: base", "area: kitchen", "website: `area` is unknown"),
        ("checkup.yml", "[base-security]\nquestions", "[base-nothing]\nquestions", "there is no guide `base-nothing`"),
        ("checkup.yml", "  learn:", "  learn_how_to_do_it:", "`learn_how_to_do_it` is no name of a question"),
        ("en/checkup.yml", "ask: Do you have website?", "ask: <b>website</b>", "HTML is not shown in a chat"),
        ("en/checkup.yml", "ask: Do you have website?", f"ask: {'x' * 200}", "website: `ask` has 200 characters"),
        ("en/checkup.yml", "  shop-start: It helps.\n", "", "the reason `shop-start` is missing"),
        ("en/checkup.yml", "  very_high:", "  best:", "the level `very_high` is missing"),
    ],
)
def test_fault_in_the_check_is_told(after: After, file: str, old: str, new: str, fault: str) -> None:
    found = after(file, old, new)

    assert [str(each) for each in found if fault in each.problem and each.path == f"guides/{file}"]


def test_broken_check_is_announced_to_nobody(root: Path, languages: tuple[Language, ...], today: date) -> None:
    (root / "checkup.yml").write_text("questions: {}\n", "utf-8")
    library = Library.load(root, languages, today)[0]

    assert library.checkup is None
