"""Editing and deleting."""

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest

from simulator.client import Phone, WorldClient

KEYBOARD = InlineKeyboardMarkup([[InlineKeyboardButton("Go", callback_data="go")]])


async def test_edit_changes_text_and_keyboard_in_place(bot: Bot, anna: Phone) -> None:
    sent = await bot.send_message(anna.id, "One", reply_markup=KEYBOARD)
    await anna.hears()

    await bot.edit_message_text("Two", anna.id, sent.message_id)

    heard = await anna.hears()
    assert (heard.text, heard.edited, heard.message_id, heard.labels) == ("Two", True, sent.message_id, [])
    assert "edit_date" in heard.data


async def test_edit_that_changes_nothing_is_not_modified(bot: Bot, anna: Phone) -> None:
    sent = await bot.send_message(anna.id, "One", reply_markup=KEYBOARD)

    with pytest.raises(BadRequest, match="Message is not modified: specified new message content and reply markup"):
        await bot.edit_message_text("One", anna.id, sent.message_id, reply_markup=KEYBOARD)


async def test_edit_of_the_keyboard_leaves_no_edit_date(bot: Bot, anna: Phone) -> None:
    sent = await bot.send_message(anna.id, "One")

    await bot.edit_message_reply_markup(anna.id, sent.message_id, reply_markup=KEYBOARD)

    heard = await anna.waits_for(lambda heard: heard.edited)
    assert (heard.text, heard.labels, "edit_date" in heard.data) == ("One", [["Go"]], False)


async def test_edit_twice_with_the_same_keyboard_is_not_modified(bot: Bot, anna: Phone) -> None:
    sent = await bot.send_message(anna.id, "One", reply_markup=KEYBOARD)

    with pytest.raises(BadRequest, match="Message is not modified"):
        await bot.edit_message_reply_markup(anna.id, sent.message_id, reply_markup=KEYBOARD)


async def test_edit_of_a_missing_message_is_refused(bot: Bot, anna: Phone) -> None:
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await bot.edit_message_text("Two", anna.id, 99)


async def test_edit_of_a_persons_message_is_refused(bot: Bot, anna: Phone) -> None:
    number = await anna.says("mine")

    with pytest.raises(BadRequest, match="Message can't be edited"):
        await bot.edit_message_text("Two", anna.id, number)


async def test_edit_of_text_in_a_document_is_refused(bot: Bot, anna: Phone) -> None:
    sent = await bot.send_document(anna.id, b"x", filename="a.txt")

    with pytest.raises(BadRequest, match="There is no text in the message to edit"):
        await bot.edit_message_text("Two", anna.id, sent.message_id)


async def test_caption_can_be_edited(bot: Bot, anna: Phone) -> None:
    sent = await bot.send_document(anna.id, b"x", filename="a.txt", caption="old")

    await bot.edit_message_caption(anna.id, sent.message_id, caption="new")

    assert (await anna.waits_for(lambda heard: heard.edited)).text == "new"


async def test_delete_removes_the_message(bot: Bot, anna: Phone) -> None:
    sent = await bot.send_message(anna.id, "One")

    assert await bot.delete_message(anna.id, sent.message_id)

    assert [heard.text for heard in await anna.refresh()] == ["/start"]


async def test_delete_of_a_missing_message_is_refused(bot: Bot, anna: Phone) -> None:
    with pytest.raises(BadRequest, match="Message to delete not found"):
        await bot.delete_message(anna.id, 99)


async def test_delete_after_two_days_is_refused(bot: Bot, anna: Phone, world: WorldClient) -> None:
    sent = await bot.send_message(anna.id, "One")
    await world.later(48 * 3600 + 60)

    with pytest.raises(BadRequest, match="Message can't be deleted for everyone"):
        await bot.delete_message(anna.id, sent.message_id)
