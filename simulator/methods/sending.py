"""Sending: what all new messages have in common, and sendMessage, copyMessage, forwardMessage, sendChatAction."""

from copy import deepcopy
from typing import Any

from simulator.entities import MAX_TEXT_UNITS, formatted
from simulator.errors import bad_request
from simulator.keyboards import read_markup
from simulator.methods.registry import BotCall, method
from simulator.model import Chat, EventType, Json, Message

ACTIONS = frozenset(
    {
        "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document",
        "choose_sticker", "find_location", "record_video_note", "upload_video_note", "cancel",
    }
)  # fmt: skip
CONTENT_KINDS = (
    "text", "entities", "photo", "document", "voice", "audio", "video", "animation", "sticker", "video_note",
    "location", "venue", "contact", "poll", "dice", "caption", "caption_entities",
)  # fmt: skip


def post(call: BotCall, chat: Chat, content: Json) -> Message:
    """Put the bot's message into a chat, with topic, reply and keyboard read from the call.

    Raises:
        Refusal: 400 for a topic, reply or keyboard that Telegram would not take.
    """
    inline, keyboard = read_markup(call.params)
    head = {**_topic(call, chat), **_reply(call, chat)}
    message = call.world.post(chat, {**head, **content}, author=call.bot.user, by_bot=True)
    if inline is not None:
        message.data["reply_markup"] = inline
    message.reply_keyboard = keyboard
    if call.params.flag("protect_content"):
        message.data["has_protected_content"] = True
    call.world.announce(chat, message)
    return message


def _topic(call: BotCall, chat: Chat) -> Json:
    thread = call.params.integer("message_thread_id")
    if not thread:
        return {}
    return topic_head(chat, thread)


def topic_head(chat: Chat, thread: int) -> Json:
    """The fields of a message in a topic. Telegram shows such a message as a reply to the topic's first message.

    Raises:
        Refusal: 400 when there is no such topic or it is closed.
    """
    if thread not in chat.topics:
        raise bad_request("message thread not found")
    if chat.topics[thread].closed:
        raise bad_request("TOPIC_CLOSED")
    return {
        "message_thread_id": thread,
        "is_topic_message": True,
        "reply_to_message": chat.messages[thread].quoted(),
    }


def _reply(call: BotCall, chat: Chat) -> Json:
    reply: Any = call.params.json("reply_parameters")
    if reply is None and call.params.has("reply_to_message_id"):
        reply = {
            "message_id": call.params.integer("reply_to_message_id"),
            "allow_sending_without_reply": call.params.flag("allow_sending_without_reply"),
        }
    if not isinstance(reply, dict):
        return {}
    target = chat.messages.get(int(reply.get("message_id", 0)))
    if target is None:
        if reply.get("allow_sending_without_reply"):
            return {}
        raise bad_request("message to be replied not found")
    return {"reply_to_message": target.quoted()}


@method("sendMessage")
def send_message(call: BotCall) -> Json:
    """Send a text of 1 to 4096 UTF-16 units."""
    chat = call.chat()
    text, entities = formatted(
        call.params.text("text"),
        call.params.text("parse_mode"),
        call.params.json("entities"),
        MAX_TEXT_UNITS,
        "message is too long",
    )
    if not text:
        raise bad_request("message text is empty")
    content: Json = {"text": text}
    if entities:
        content["entities"] = entities
    options = call.params.json("link_preview_options")
    if isinstance(options, dict) and options:
        content["link_preview_options"] = options
    return post(call, chat, content).data


@method("copyMessage")
def copy_message(call: BotCall) -> Json:
    """Send the content of another message as one's own."""
    chat = call.chat()
    source = _source(call, "copy")
    content = {key: deepcopy(source.data[key]) for key in CONTENT_KINDS if key in source.data}
    if not content:
        raise bad_request("message can't be copied")
    return {"message_id": post(call, chat, content).id}


@method("forwardMessage")
def forward_message(call: BotCall) -> Json:
    """Send another message with its origin shown."""
    chat = call.chat()
    source = _source(call, "forward")
    content = {key: deepcopy(source.data[key]) for key in CONTENT_KINDS if key in source.data}
    if not content:
        raise bad_request("message can't be forwarded")
    origin: Json = {"date": source.data["date"]}
    if "from" in source.data:
        origin |= {"type": "user", "sender_user": source.data["from"]}
    else:
        origin |= {"type": "channel", "chat": source.data["chat"], "message_id": source.id}
    return post(call, chat, {"forward_origin": origin, **content}).data


def _source(call: BotCall, purpose: str) -> Message:
    source = call.chat("from_chat_id")
    number = call.params.integer("message_id")
    if number not in source.messages:
        raise bad_request(f"message to {purpose} not found")
    return source.messages[number]


@method("sendChatAction")
def send_chat_action(call: BotCall) -> bool:
    """Show "typing" for five seconds or until the next message."""
    chat = call.chat()
    action = call.params.text("action")
    if action not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    thread = call.params.integer("message_thread_id")
    if thread and thread not in chat.topics:
        raise bad_request("message thread not found")
    call.world.emit(chat, EventType.ACTION, {"action": action, "message_thread_id": thread})
    return True
