"""Reading a turn: every field as the contract says, and nothing that can make it raise."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.turn import Place, Turn, read_turn

MESSAGE: dict[str, Any] = {
    "text": "next",
    "intent": {"name": "step_done", "confidence": 1.0},
    "entities": [
        {"entity": "guide", "value": "shop-payments"},
        {"entity": "step", "value": "3"},
        {"entity": "value", "value": "new"},
    ],
    "intent_ranking": [{"name": "menu", "confidence": 0.1}, {"name": "guide_shop_vat", "confidence": 0.6}],
    "metadata": {
        "language": "nb",
        "country": "NO",
        "progress": {"guide": "shop-payments", "step": 3, "total": 7, "finished": False},
        "finished": ["shop-start", "base-security"],
        "misses": 1,
        "chat_language_guessed": False,
    },
}


def test_turn_has_what_the_contract_promises() -> None:
    assert read_turn(MESSAGE) == Turn(
        intent="step_done",
        text="next",
        language="nb",
        country="NO",
        progress=Place("shop-payments", 3, 7, False),
        finished=frozenset({"shop-start", "base-security"}),
        misses=1,
        ranking=(("guide_shop_vat", 0.6), ("menu", 0.1)),
        guide="shop-payments",
        step=3,
        value="new",
    )


def test_empty_message_is_an_empty_turn() -> None:
    assert read_turn({}) == Turn()
    assert read_turn({"metadata": None, "entities": None, "intent": None, "intent_ranking": None}) == Turn()


@pytest.mark.parametrize(
    ("entity", "value"),
    [
        ("guide", "../../etc/passwd"),
        ("guide", "shop-payments\n"),
        ("guide", "Shop-Payments"),
        ("guide", "a" * 65),
        ("guide", ["shop-payments"]),
        ("step", "-1"),
        ("step", "1e9"),
        ("step", "٣"),
        ("step", 100),
        ("step", True),
        ("step", 2.5),
        ("value", "up; drop table"),
        ("value", "x" * 25),
        ("value", None),
    ],
)
def test_argument_that_is_garbage_counts_as_absent(entity: str, value: object) -> None:
    assert read_turn({"entities": [{"entity": entity, "value": value}]}) == Turn()


def test_first_value_of_an_argument_counts() -> None:
    turn = read_turn({"entities": [{"entity": "step", "value": 2}, {"entity": "step", "value": 5}]})

    assert turn == Turn(step=2)


@given(
    st.dictionaries(
        st.sampled_from(["text", "intent", "entities", "intent_ranking", "metadata"]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
            lambda inner: (
                st.lists(inner)
                | st.dictionaries(
                    st.sampled_from(["entity", "value", "guide", "step", "progress", "finished", "name", "confidence"])
                    | st.text(),
                    inner,
                )
            ),
            max_leaves=12,
        ),
    )
)
def test_no_message_can_make_the_reading_raise(message: dict[str, object]) -> None:
    turn = read_turn(message)

    assert turn.guide == ""
    assert 0 <= turn.step <= 99
