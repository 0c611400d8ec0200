"""Editing and deleting: editMessageText, -Caption, -Media, -ReplyMarkup, deleteMessage(s).

An edit that changes nothing is refused with "message is not modified", as bots rely on.
"""

from copy import deepcopy
from typing import Any

from simulator.entities import MAX_CAPTION_UNITS, MAX_TEXT_UNITS, formatted
from simulator.errors import NOT_MODIFIED, bad_request
from simulator.keyboards import read_markup
from simulator.methods.media import album_item
from simulator.methods.registry import BotCall, method
from simulator.model import Chat, EventType, Json, Message

DELETE_SECONDS = 48 * 3600
MEDIA_KINDS = ("photo", "document", "video", "audio", "animation")


def _own_message(call: BotCall) -> tuple[Chat, Message]:
    chat = call.chat()
    message = chat.messages.get(call.params.integer("message_id"))
    if message is None:
        raise bad_request("message to edit not found")
    if not message.by_bot or message.author_id != call.bot.id or "forward_origin" in message.data:
        raise bad_request("message can't be edited")
    return chat, message


def _apply(call: BotCall, chat: Chat, message: Message, fields: Json, replaced: tuple[str, ...]) -> Json:
    """Put new content in place of the old. An edit without a keyboard removes the keyboard, as Telegram does."""
    inline, keyboard = read_markup(call.params)
    if keyboard is not None:
        raise bad_request("message can't be edited: inline keyboard expected")
    changed = {key: value for key, value in message.data.items() if key not in (*replaced, "reply_markup")}
    changed |= {key: value for key, value in fields.items() if value not in ([], None)}
    if inline is not None:
        changed["reply_markup"] = inline
    if changed == message.data:
        raise bad_request(NOT_MODIFIED)
    if replaced:
        changed["edit_date"] = call.world.clock.date()
    message.data = changed
    call.world.announce(chat, message, EventType.EDITED)
    return deepcopy(changed)


@method("editMessageText")
def edit_message_text(call: BotCall) -> Json:
    """Give a text message a new text and keyboard."""
    chat, message = _own_message(call)
    if "text" not in message.data:
        raise bad_request("there is no text in the message to edit")
    text, entities = formatted(
        call.params.text("text"),
        call.params.text("parse_mode"),
        call.params.json("entities"),
        MAX_TEXT_UNITS,
        "message is too long",
    )
    if not text:
        raise bad_request("message text is empty")
    return _apply(call, chat, message, {"text": text, "entities": entities}, ("text", "entities"))


@method("editMessageCaption")
def edit_message_caption(call: BotCall) -> Json:
    """Give a photo or file a new caption and keyboard."""
    chat, message = _own_message(call)
    if not any(kind in message.data for kind in (*MEDIA_KINDS, "voice")):
        raise bad_request("there is no caption in the message to edit")
    caption, entities = formatted(
        call.params.text("caption"),
        call.params.text("parse_mode"),
        call.params.json("caption_entities"),
        MAX_CAPTION_UNITS,
        "message caption is too long",
    )
    fields = {"caption": caption or None, "caption_entities": entities}
    return _apply(call, chat, message, fields, ("caption", "caption_entities"))


@method("editMessageMedia")
def edit_message_media(call: BotCall) -> Json:
    """Put another photo or file in place of the old one."""
    chat, message = _own_message(call)
    media: Any = call.params.json("media")
    if not isinstance(media, dict):
        raise bad_request("can't parse InputMedia")
    fields = album_item(call, media)
    return _apply(call, chat, message, fields, (*MEDIA_KINDS, "text", "entities", "caption", "caption_entities"))


@method("editMessageReplyMarkup")
def edit_message_reply_markup(call: BotCall) -> Json:
    """Change or remove the keyboard only."""
    chat, message = _own_message(call)
    return _apply(call, chat, message, {}, ())


@method("deleteMessage")
def delete_message(call: BotCall) -> bool:
    """Delete one message less than 48 hours old."""
    _delete(call, call.chat(), call.params.integer("message_id"))
    return True


@method("deleteMessages")
def delete_messages(call: BotCall) -> bool:
    """Delete up to 100 messages; those that are gone already are skipped."""
    chat = call.chat()
    numbers: Any = call.params.json("message_ids")
    if not isinstance(numbers, list) or not numbers:
        raise bad_request("message identifiers are not specified")
    for number in numbers:
        if int(number) in chat.messages:
            _delete(call, chat, int(number))
    return True


def _delete(call: BotCall, chat: Chat, number: int) -> None:
    message = chat.messages.get(number)
    if message is None:
        raise bad_request("message to delete not found")
    if call.world.clock.now() - message.data["date"] > DELETE_SECONDS:
        raise bad_request("message can't be deleted for everyone")
    del chat.messages[number]
    call.world.emit(chat, EventType.DELETED, {"message_id": number, "by_bot": message.by_bot})
