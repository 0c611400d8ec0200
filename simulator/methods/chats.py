"""Chats and their members: getChat, getChatMember, getChatAdministrators, leaveChat, pinning, reactions."""

from typing import Any

from simulator.errors import bad_request
from simulator.members import member_shown
from simulator.methods.registry import BotCall, method
from simulator.model import Chat, EventType, Json


@method("getChat")
def get_chat(call: BotCall) -> Json:
    """All about a chat."""
    chat = call.chat()
    body = chat.as_json() | {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": _GIFTS}
    if chat.pinned_id in chat.messages:
        body["pinned_message"] = chat.messages[chat.pinned_id].quoted()
    return body


_GIFTS = {
    "unlimited_gifts": False,
    "limited_gifts": False,
    "unique_gifts": False,
    "premium_subscription": False,
    "gifts_from_channels": False,
}


def _member(call: BotCall, chat: Chat, user_id: int) -> Json:
    user = call.world.users[user_id]
    status = chat.members.get(user_id, "left") if chat.person is None else "member"
    return member_shown(user, status)


@method("getChatMember")
def get_chat_member(call: BotCall) -> Json:
    """What somebody is in a chat."""
    chat = call.chat()
    user_id = call.params.integer("user_id")
    if user_id not in call.world.users:
        raise bad_request("PARTICIPANT_ID_INVALID" if chat.person is None else "user not found")
    return _member(call, chat, user_id)


@method("getChatAdministrators")
def get_chat_administrators(call: BotCall) -> list[Json]:
    """The administrators that are people, and the bot itself."""
    chat = call.chat()
    if chat.person is not None:
        raise bad_request("there are no administrators in the private chat")
    return [
        _member(call, chat, user_id)
        for user_id, status in chat.members.items()
        if status in ("creator", "administrator") and (not call.world.users[user_id].is_bot or user_id == call.bot.id)
    ]


@method("getChatMemberCount")
def get_chat_member_count(call: BotCall) -> int:
    """How many are in the chat."""
    chat = call.chat()
    return 2 if chat.person else sum(status not in ("left", "kicked") for status in chat.members.values())


@method("leaveChat")
def leave_chat(call: BotCall) -> bool:
    """Leave a group or channel."""
    chat = call.chat()
    if chat.person is not None:
        raise bad_request("chat member status can't be changed in private chats")
    chat.members[call.bot.id] = "left"
    call.world.emit(chat, EventType.MEMBER, {"bot_id": call.bot.id, "status": "left"})
    return True


@method("pinChatMessage")
def pin_chat_message(call: BotCall) -> bool:
    """Pin a message."""
    chat = call.chat()
    number = call.params.integer("message_id")
    if number not in chat.messages:
        raise bad_request("message to pin not found")
    chat.pinned_id = number
    service = {"pinned_message": chat.messages[number].quoted()}
    message = call.world.post(chat, service, author=call.bot.user, by_bot=True)
    call.world.announce(chat, message)
    return True


@method("unpinChatMessage")
def unpin_chat_message(call: BotCall) -> bool:
    """Unpin the pinned message."""
    chat = call.chat()
    if call.params.integer("message_id", chat.pinned_id) != chat.pinned_id or not chat.pinned_id:
        raise bad_request("message to unpin not found")
    chat.pinned_id = 0
    return True


@method("setMessageReaction")
def set_message_reaction(call: BotCall) -> bool:
    """React to a message with an emoji; an empty list takes the reaction back."""
    chat = call.chat()
    number = call.params.integer("message_id")
    if number not in chat.messages:
        raise bad_request("message to react not found")
    given: Any = call.params.json("reaction") or []
    emojis = [str(one.get("emoji", "")) for one in given if isinstance(one, dict)]
    if len(emojis) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    chat.messages[number].reactions = emojis
    call.world.emit(chat, EventType.REACTION, {"message_id": number, "by_bot": True, "emojis": emojis})
    return True
