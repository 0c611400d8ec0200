"""Walking through a guide."""

import pytest

from actions.areas import ANSWERS
from actions.mentor import Mentor, Replies
from actions.replies import Button, Progress, Step, Text, Understood
from actions.turn import Place, Turn


def where(replies: Replies) -> tuple[int, int]:
    """The step in view and the step ticked off, from the note to the bot; (0, 0) if there is none."""
    return next(((reply.step, reply.done) for reply in replies if isinstance(reply, Progress)), (0, 0))


def helps(step: int) -> list[Button]:
    return [Button("I'm stuck", "stuck", "shop-payments", step), Button("More", "more", "shop-payments", step)]


def test_first_step_has_no_way_back_and_is_new_from_the_card(mentor: Mentor) -> None:
    assert ANSWERS["show_step"](Turn(guide="shop-payments", step=1, value="new", country="NO"), mentor) == [
        Step(
            guide="shop-payments",
            number=1,
            total=5,
            title="Know what your customers use",
            body=(
                "Think of your last ten customers. Card?\nOffer the one or two ways most of them already use.\n\n"
                "> In Norway: Nearly everybody uses Vipps. ([checked in November 2026](https://example.org/vipps))\n\n"
                "> In Norway: Check with your bank. ([checked in November 2026](https://example.org/low))\n\n"
                "> **Example:** a farm shop needs the phone payment everyone has."
            ),
            rows=[[Button("Done, next ▶", "step_done", "shop-payments", 1)], helps(1)],
            edit=False,
        ),
        Progress("shop-payments", 1, 5),
        Understood(),
    ]


def test_step_leaves_out_the_country_it_knows_nothing_of_and_the_fixes(mentor: Mentor) -> None:
    first, *_ = ANSWERS["show_step"](Turn(guide="shop-payments", step=1, country="FI"), mentor)
    fourth, *_ = ANSWERS["show_step"](Turn(guide="shop-payments", step=4), mentor)

    assert isinstance(first, Step)
    assert "In " not in first.body
    assert isinstance(fourth, Step)
    assert fourth.body == "Buy the cheapest thing with your **own** card."
    assert fourth.edit


def test_done_ticks_off_and_moves_on_in_place(mentor: Mentor) -> None:
    assert ANSWERS["step_done"](Turn(guide="shop-payments", step=1), mentor) == [
        Step(
            guide="shop-payments",
            number=2,
            total=5,
            title="Compare the price of one sale",
            body="Take a normal sale, say 40 euros.\n\n> ⚠️ **Careful:** A monthly fee is dear for a small shop.",
            rows=[
                [
                    Button("◀", "show_step", "shop-payments", 1),
                    Button("Done, next ▶", "step_done", "shop-payments", 2),
                ],
                helps(2),
            ],
        ),
        Progress("shop-payments", 2, 5, done=1),
        Understood(),
    ]


def test_last_step_done_is_the_end(mentor: Mentor) -> None:
    turn = Turn(guide="shop-payments", step=5, finished=frozenset({"shop-start"}))

    assert ANSWERS["step_done"](turn, mentor) == [
        Text(
            "✅ You have been through all of **Take payment online**.\n\nWas it useful?",
            [
                [
                    Button("👍 Yes", "rate_guide", "shop-payments", value="up"),
                    Button("👎 Not really", "rate_guide", "shop-payments", value="down"),
                ],
                [Button("Keep thieves out", "show_guide", "base-security")],
                [Button("Start selling online", "show_guide", "shop-start")],
                [Button("Menu", "menu", value="new")],
            ],
            edit=True,
        ),
        Progress("shop-payments", 5, 5, done=5, finished=True),
        Understood(),
    ]


def test_last_step_says_that_it_is_the_last(mentor: Mentor) -> None:
    step, *_ = ANSWERS["show_step"](Turn(guide="shop-payments", step=5), mentor)

    assert isinstance(step, Step)
    assert step.rows[0] == [
        Button("◀", "show_step", "shop-payments", 4),
        Button("Done, that was all ✅", "step_done", "shop-payments", 5),
    ]


@pytest.mark.parametrize("key", ["show_step", "step_done"])
def test_tap_on_a_step_that_is_gone_shows_the_nearest(mentor: Mentor, key: str) -> None:
    replies = ANSWERS[key](Turn(guide="shop-payments", step=9), mentor)

    assert where(replies) == (5, 0)


def test_step_without_a_number_is_the_one_the_person_is_at(mentor: Mentor) -> None:
    place = Place("shop-payments", 3, 5)

    assert where(ANSWERS["show_step"](Turn(guide="shop-payments", progress=place), mentor)) == (3, 0)
    assert where(ANSWERS["show_step"](Turn(guide="shop-start", progress=place), mentor)) == (1, 0)


@pytest.mark.parametrize(
    ("key", "at", "then"),
    [
        ("next_step", 3, (4, 3)),
        ("step_done", 3, (4, 3)),
        ("next_step", 5, (5, 5)),
        ("previous_step", 3, (2, 0)),
        ("previous_step", 1, (1, 0)),
        ("start_over", 3, (1, 0)),
        ("next_step", 9, (5, 5)),
        ("previous_step", 9, (4, 0)),
    ],
)
def test_words_move_from_where_the_person_is(mentor: Mentor, key: str, at: int, then: tuple[int, int]) -> None:
    turn = Turn(progress=Place("shop-payments", at, 5))

    assert where(ANSWERS[key](turn, mentor)) == then


FINISHED = Place("shop-payments", 5, 5, finished=True)
ONLY_THE_CARD = Place("shop-payments", 0, 5)


@pytest.mark.parametrize(
    ("key", "progress"),
    [
        *((key, None) for key in ("next_step", "step_done", "previous_step", "continue_guide", "start_over")),
        *((key, FINISHED) for key in ("next_step", "step_done", "previous_step", "continue_guide")),
        *((key, ONLY_THE_CARD) for key in ("next_step", "step_done", "previous_step", "continue_guide")),
    ],
)
def test_words_without_an_open_guide_bring_the_menu(mentor: Mentor, key: str, progress: Place | None) -> None:
    text, understood = ANSWERS[key](Turn(progress=progress), mentor)

    assert isinstance(text, Text)
    assert text.text.startswith("You have no guide open right now.\n\nWhat can I help you with?")
    assert understood == Understood()


@pytest.mark.parametrize("key", ["next_step", "step_done", "previous_step", "continue_guide", "start_over"])
def test_words_about_a_guide_that_was_withdrawn_meanwhile_bring_its_area(mentor: Mentor, key: str) -> None:
    text, _ = ANSWERS[key](Turn(progress=Place("shop-nothing", 3, 5)), mentor)

    assert isinstance(text, Text)
    assert text.text.startswith("I do not have that guide, or not any more.\n\n**Sell online**")


def test_going_on_reminds_and_lets_choose(norwegian: Mentor) -> None:
    assert ANSWERS["continue_guide"](Turn(progress=Place("shop-payments", 3, 5)), norwegian) == [
        Text(
            "Du var på steg 3 av 5 i **Ta betalt på nett**.",
            [
                [
                    Button("Fortsett", "show_step", "shop-payments", 3),
                    Button("Begynn på nytt", "start_over", "shop-payments"),
                ],
                [Button("Meny", "menu")],
            ],
            edit=True,
        ),
        Understood(),
    ]


def test_starting_over_takes_the_guide_that_was_tapped(mentor: Mentor) -> None:
    turn = Turn(guide="shop-start", progress=Place("shop-payments", 3, 5))

    first, progress, _ = ANSWERS["start_over"](turn, mentor)

    assert isinstance(first, Step)
    assert (first.guide, first.number) == ("shop-start", 1)
    assert progress == Progress("shop-start", 1, 5)


def test_starting_over_works_for_a_finished_guide(mentor: Mentor) -> None:
    assert where(ANSWERS["start_over"](Turn(progress=FINISHED), mentor)) == (1, 0)
