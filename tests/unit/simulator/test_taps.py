"""Buttons: taps, answers, forged data."""

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, ReplyKeyboardMarkup
from telegram.error import BadRequest

from simulator.client import Answer, NotHeard, NotPossible, Phone, WorldClient


@pytest.fixture
async def asked(bot: Bot, anna: Phone) -> Phone:
    """Anna with a question on her screen; her /start is confirmed."""
    await bot.get_updates(offset=-1)
    await bot.get_updates(offset=(await bot.get_updates())[0].update_id + 1)
    buttons = [
        [InlineKeyboardButton("Yes", callback_data="y"), InlineKeyboardButton("No", callback_data="n")],
        [InlineKeyboardButton("Site", url="https://a.example/")],
    ]
    await bot.send_message(anna.id, "Sure?", reply_markup=InlineKeyboardMarkup(buttons))
    return anna


async def test_tap_reaches_the_bot_and_is_answered(bot: Bot, asked: Phone) -> None:
    tap = await asked.taps("Yes")
    (update,) = await bot.get_updates()
    query = update.callback_query
    assert query is not None

    await query.answer("Well done", show_alert=True)

    assert (query.data, query.from_user.id, query.message and query.message.message_id) == ("y", asked.id, 2)
    assert await tap.answered() == Answer("Well done", alert=True)


async def test_tap_by_data_works_too(bot: Bot, asked: Phone) -> None:
    await asked.taps(data="n")

    (update,) = await bot.get_updates()
    assert update.callback_query is not None
    assert update.callback_query.data == "n"


async def test_tap_on_an_older_message_names_that_message(bot: Bot, asked: Phone) -> None:
    older = await asked.hears()
    again = InlineKeyboardMarkup([[InlineKeyboardButton("Yes", callback_data="second")]])
    await bot.send_message(asked.id, "Really?", reply_markup=again)

    await asked.taps("Yes", on=older)

    (update,) = await bot.get_updates()
    assert update.callback_query is not None
    assert update.callback_query.data == "y"


async def test_tap_on_a_link_tells_the_address(asked: Phone) -> None:
    assert (await asked.taps("Site")).url == "https://a.example/"


async def test_tap_on_a_missing_button_names_those_there_are(asked: Phone) -> None:
    with pytest.raises(NotPossible, match=r"no button 'Maybe'; there are \['Yes', 'No', 'Site'\]"):
        await asked.taps("Maybe")


async def test_tap_can_be_forged(bot: Bot, asked: Phone) -> None:
    await asked.forges("delete-everything", on=2)

    (update,) = await bot.get_updates()
    assert update.callback_query is not None
    assert update.callback_query.data == "delete-everything"


async def test_tap_that_is_not_answered_is_told(asked: Phone) -> None:
    tap = await asked.taps("Yes")

    with pytest.raises(NotHeard, match="was not answered"):
        await tap.answered(timeout=0.05)


async def test_answer_after_150_seconds_is_too_old(bot: Bot, asked: Phone, world: WorldClient) -> None:
    tap = await asked.taps("Yes")
    await world.later(151)

    with pytest.raises(BadRequest, match="Query is too old and response timeout expired or query id is invalid"):
        await bot.answer_callback_query(tap.id)
    assert await bot.get_updates() == ()


async def test_answer_to_an_unknown_tap_is_too_old(bot: Bot) -> None:
    with pytest.raises(BadRequest, match="Query is too old"):
        await bot.answer_callback_query("77")


async def test_answer_above_200_units_is_refused(bot: Bot, asked: Phone) -> None:
    tap = await asked.taps("Yes")

    with pytest.raises(BadRequest, match="Message_too_long"):
        await bot.answer_callback_query(tap.id, "a" * 201)


async def test_reply_keyboard_is_seen_on_the_phone_only(bot: Bot, anna: Phone) -> None:
    sent = await bot.send_message(anna.id, "Choose", reply_markup=ReplyKeyboardMarkup([["Shop", "Cloud"]]))

    assert ((await anna.hears()).labels, sent.reply_markup) == ([["Shop", "Cloud"]], None)
