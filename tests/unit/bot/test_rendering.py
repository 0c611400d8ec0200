"""Replies as calls of the Bot API."""

from telegramify_markdown import utf16_len

from actions.replies import Button, Card, Step, Text
from bot.messages import Tap
from bot.telegram.keyboards import Keyboards
from bot.telegram.rendering import TelegramRenderer

RENDERER = TelegramRenderer(Keyboards("secret"))
TAP = Tap("cb", 33, "step_done")


def test_card_shows_its_parts_in_order() -> None:
    card = Card("g", "Title", "Short.", effort="7 steps", country="In Norway: x", notice="Only in English.")

    (call,) = RENDERER.render([card], 5, TAP)

    assert call.method == "sendMessage"
    assert call.params["text"] == "Only in English.\n\nTitle\n\nShort.\n\nIn Norway: x\n\n7 steps"
    assert call.params["entities"] == [{"type": "bold", "offset": 18, "length": 5}]


def test_step_takes_the_place_of_the_tapped_message() -> None:
    step = Step("g", 3, 7, "Do it", body="Now.", rows=[[Button("Next", "next_step")]])

    (call,) = RENDERER.render([step], 5, TAP)

    assert (call.method, call.params["message_id"]) == ("editMessageText", 33)
    assert call.params["text"] == "3/7  Do it\n\nNow."
    assert call.params["reply_markup"]["inline_keyboard"][0][0]["text"] == "Next"


def test_list_has_a_sign_that_every_font_has() -> None:
    (call,) = RENDERER.render([Text("Strong:\n- one\n- two")], 5, None)

    assert call.params["text"] == "Strong:\n• one\n• two\n"


def test_step_without_a_tap_is_a_new_message() -> None:
    (call,) = RENDERER.render([Step("g", 1, 7, "Do it")], 5, None)

    assert call.method == "sendMessage"


def test_only_the_first_reply_edits() -> None:
    calls = RENDERER.render([Text("a", edit=True), Text("b", edit=True)], 5, TAP)

    assert [call.method for call in calls] == ["editMessageText", "sendMessage"]


def test_long_text_leaves_in_parts_with_the_buttons_under_the_last() -> None:
    text = "\n\n".join(f"**Part {number}** {'æ🙂' * 300}" for number in range(12))

    calls = RENDERER.render([Text(text, [[Button("Menu", "menu")]])], 5, None)

    assert len(calls) > 2
    assert all(utf16_len(call.params["text"]) <= 4096 for call in calls)
    assert [("reply_markup" in call.params) for call in calls] == [False] * (len(calls) - 1) + [True]
    for call in calls:
        units = utf16_len(call.params["text"])
        assert all(entity["offset"] + entity["length"] <= units for entity in call.params["entities"])


def test_plain_text_is_shown_letter_by_letter() -> None:
    call = RENDERER.plain(5, "<b>*x*</b> [a](http://b) {{7*7}} ${x} %s%n", bold_prefix="Kåre 🙂:")

    assert call.params["text"] == "Kåre 🙂:\n<b>*x*</b> [a](http://b) {{7*7}} ${x} %s%n"
    assert call.params["entities"] == [{"type": "bold", "offset": 0, "length": 8}]


def test_plain_text_that_is_too_long_is_cut() -> None:
    call = RENDERER.plain(5, "🙂" * 4096)

    assert utf16_len(call.params["text"]) == 4000
