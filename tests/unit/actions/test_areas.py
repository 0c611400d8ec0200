"""Promises that hold for every answer, whatever the turn."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actions.areas import ANSWERS
from actions.mentor import Mentor
from actions.replies import (
    Card,
    Chart,
    Document,
    Handoff,
    Missed,
    Screen,
    Step,
    Text,
    Understood,
    from_json,
    to_json,
)
from actions.turn import Checked, Place, Turn

from .conftest import KEYS

SLUGS = st.sampled_from(["", "shop-payments", "shop-start", "base-security", "shop-nothing", "nothing"])
PLACES = st.none() | st.builds(Place, SLUGS.filter(bool), st.integers(0, 99), st.integers(0, 99), st.booleans())
ANSWERED = st.dictionaries(st.sampled_from([*KEYS, "nothing"]), st.sampled_from(["yes", "no", "unknown"]), max_size=12)
TURNS = st.builds(
    Turn,
    intent=st.sampled_from(["", "guide_shop_payments", "guide_shop_nothing", "menu"]),
    text=st.text(max_size=50),
    country=st.sampled_from(["", "NO", "ZZ"]),
    progress=PLACES,
    finished=st.frozensets(SLUGS.filter(bool)),
    answers=ANSWERED,
    checked=st.none() | st.builds(Checked, ANSWERED, st.dates()),
    plan=st.lists(SLUGS.filter(bool), max_size=6).map(tuple),
    coach=st.sampled_from(["", "on", "off", "paused", "x"]),
    misses=st.integers(0, 3),
    ranking=st.lists(
        st.tuples(st.sampled_from(["guide_shop_start", "guide_base_security", "greet"]), st.floats(0, 1))
    ).map(tuple),
    guide=SLUGS,
    step=st.integers(0, 99),
    value=st.sampled_from(
        ["", "new", "up", "down", "shop", "cloud", "x", "restart", "website", "website-yes", "learn-no", "learn-x", "-"]
    ),
)


@pytest.mark.parametrize("key", sorted(ANSWERS))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(turn=TURNS, own=st.booleans())
def test_every_answer_is_whole_and_no_screen_is_a_dead_end(
    mentor: Mentor, norwegian: Mentor, key: str, turn: Turn, own: bool
) -> None:
    replies = ANSWERS[key](turn, norwegian if own else mentor)

    assert [from_json(to_json(reply)) for reply in replies] == replies
    visible = [reply for reply in replies if isinstance(reply, Text | Card | Step | Chart | Document)]
    assert visible == replies[: len(visible)], "what a person sees comes first"
    if visible and not isinstance(visible[-1], Document):
        assert isinstance(visible[-1], Text | Card | Step)
        assert visible[-1].rows
    elif visible:
        assert isinstance(visible[-1], Document), "the card the file was asked from stays where it is"
    else:
        assert isinstance(replies[0], Screen | Handoff)
    assert len([reply for reply in replies if isinstance(reply, Understood | Missed)]) == 1


def test_actions_know_nothing_of_rasa_but_for_the_thin_layer() -> None:
    folder = Path(__file__).parents[3] / "actions"
    knowing = {
        path.name
        for path in folder.rglob("*.py")
        if "import rasa_sdk" in path.read_text(encoding="utf-8") or "from rasa_sdk" in path.read_text(encoding="utf-8")
    }

    assert knowing == {"executor.py", "server.py"}
