"""Buttons: signed for one chat, and small enough for Telegram."""

import pytest

from actions.replies import Button
from bot.messages import Tap
from bot.telegram.keyboards import Keyboards

BOARDS = Keyboards("secret")
BUTTON = Button("Done", "step_done", guide="shop-marketplaces", step=7, value="new")


def data_of(button: Button, chat_id: int = 5, boards: Keyboards = BOARDS) -> str:
    markup = boards.markup([[button]], chat_id)
    assert markup is not None
    return str(markup["inline_keyboard"][0][0]["callback_data"])


def test_tap_brings_back_what_the_button_says() -> None:
    tap = BOARDS.read(data_of(BUTTON), 5, "cb", 9)

    assert tap == Tap("cb", 9, "step_done", "shop-marketplaces", 7, "new")


def test_longest_button_of_ours_fits_in_64_bytes() -> None:
    assert len(data_of(Button("x", "rate_guide", guide="shop-marketplaces", value="down")).encode()) <= 64


def test_button_that_does_not_fit_is_left_out() -> None:
    assert BOARDS.markup([[Button("x", "show_guide", guide="a" * 64)]], 5) is None


@pytest.mark.parametrize(
    "data",
    ["", "menu", "menu|||", "menu|||~", "menu|||~AAAAAAAAAA", "~", "|||~", "\udcff", "é" * 32, "a|b|c|d|e~AAAAAAAAAA"],
)
def test_data_that_is_not_ours_is_no_button(data: str) -> None:
    assert not BOARDS.read(data, 5, "cb", 9).genuine


def test_button_of_another_chat_is_no_button() -> None:
    assert not BOARDS.read(data_of(BUTTON, chat_id=6), 5, "cb", 9).genuine


def test_button_made_with_another_secret_is_no_button() -> None:
    assert not BOARDS.read(data_of(BUTTON, boards=Keyboards("other")), 5, "cb", 9).genuine


def test_changed_argument_is_no_button() -> None:
    assert not BOARDS.read(data_of(BUTTON).replace("|7|", "|8|"), 5, "cb", 9).genuine
