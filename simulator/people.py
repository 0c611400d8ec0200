"""What people do: write, edit, send things, tap buttons, block the bot. Each act becomes an update for the bots."""

from copy import deepcopy
from typing import Any

from simulator.contents import FILE_KINDS, file_content
from simulator.entities import MAX_TEXT_UNITS, check_entities, units, with_automatic
from simulator.errors import Impossible, Refusal
from simulator.members import member_shown
from simulator.methods.sending import topic_head
from simulator.model import Chat, EventType, Json, Message, Tap, User
from simulator.updates import MESSAGE_LIFE_SECONDS, TAP_LIFE_SECONDS
from simulator.world import Bot, World

TAP_LANE = 3 << 33
MEMBER_LANE = 5 << 33
RAW_LANE = 7 << 33
_TINY_PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360f8cfc0f01f0005000201a5ad2e450000000049454e44ae426082"
)
_PLAIN_CONTENT: dict[str, Json] = {
    "location": {"latitude": 59.1313, "longitude": 10.2166},
    "contact": {"phone_number": "+4700000000", "first_name": "Kari"},
    "dice": {"emoji": "🎲", "value": 4},
    "venue": {"location": {"latitude": 59.1, "longitude": 10.2}, "title": "Farm shop", "address": "Main road 1"},
    "poll": {
        "id": "1",
        "question": "Shall we?",
        "options": [
            {"text": "Yes", "voter_count": 0, "persistent_id": "1"},
            {"text": "No", "voter_count": 0, "persistent_id": "2"},
        ],
        "total_voter_count": 0,
        "is_closed": False,
        "is_anonymous": True,
        "type": "regular",
        "allows_multiple_answers": False,
        "allows_revoting": True,
        "members_only": False,
    },
}
MEDIA_KINDS = FILE_KINDS | set(_PLAIN_CONTENT)
"""What a person can send besides text."""


def write(world: World, bot: Bot, user: User, chat: Chat, text: str, *, entities: Any = None, **where: int) -> Message:
    """Write a text. `where`: reply_to (message id), thread (topic id), ago (seconds in the past).

    Raises:
        Impossible: a text that no client could send, or a place where the person cannot write.
    """
    trimmed = text.strip()
    if not trimmed:
        raise Impossible("A message needs a text.")
    if units(trimmed) > MAX_TEXT_UNITS:
        raise Impossible(f"A message has at most {MAX_TEXT_UNITS} UTF-16 units; a phone would send two messages.")
    try:
        given = check_entities(trimmed, entities or [])
    except Refusal as refusal:
        raise Impossible(refusal.description) from refusal
    content: Json = {"text": trimmed}
    if found := with_automatic(trimmed, given):
        content["entities"] = found
    return _post(world, user, chat, content, **where)


def send_media(
    world: World, bot: Bot, user: User, chat: Chat, kind: str, *, details: Json | None = None, **where: int
) -> Message:
    """Send anything but text. `details`: content (bytes), name, mime_type, size, caption, or the object itself (value).

    Raises:
        Impossible: a kind that Telegram does not have.
    """
    given = details or {}
    if kind not in MEDIA_KINDS:
        raise Impossible(f"There is no message of the kind {kind}; there are {', '.join(sorted(MEDIA_KINDS))}.")
    if kind in FILE_KINDS:
        stored = world.store_file(
            kind,
            given.get("content") or _TINY_PNG,
            name=given.get("name", ""),
            mime_type=given.get("mime_type", ""),
            declared_size=int(given.get("size") or 0),
        )
        content = file_content(kind, stored)
        if caption := str(given.get("caption", "")):
            content["caption"] = caption
            if found := with_automatic(caption, []):
                content["caption_entities"] = found
    else:
        content = {kind: deepcopy(given.get("value") or _PLAIN_CONTENT[kind])}
    if kind == "venue":
        content["location"] = content["venue"]["location"]
    return _post(world, user, chat, content, **where)


def _post(
    world: World, user: User, chat: Chat, content: Json, *, reply_to: int = 0, thread: int = 0, ago: int = 0
) -> Message:
    _must_be_there(world, user, chat)
    head: Json = {}
    if thread:
        try:
            head = topic_head(chat, thread)
        except Refusal as refusal:
            raise Impossible(refusal.description) from refusal
    if reply_to:
        if reply_to not in chat.messages:
            raise Impossible(f"There is no message {reply_to} to reply to.")
        target = chat.messages[reply_to]
        if target.thread_id and not thread:
            head = topic_head(chat, target.thread_id)
        head["reply_to_message"] = target.quoted()
    message = world.post(chat, {**head, **content}, author=user, date=world.clock.date() - ago)
    world.announce(chat, message)
    world.tell_bots(chat, "message", message, MESSAGE_LIFE_SECONDS - ago)
    return message


def _must_be_there(world: World, user: User, chat: Chat) -> None:
    """A private chat begins with the first word; a group takes only its members."""
    if chat.person is None:
        if chat.members.get(user.id, "left") in ("left", "kicked"):
            raise Impossible(f"{user.first_name} is not in the group {chat.title}.")
        return
    if chat.person.id != user.id:
        raise Impossible("Nobody can write in another person's private chat.")
    if chat.blocked:
        set_blocked(world, chat, blocked=False)
    chat.started = True


def edit(world: World, user: User, chat: Chat, message_id: int, text: str) -> Message:
    """Change the text of one's own message.

    Raises:
        Impossible: it is not the person's message, or has no text.
    """
    message = chat.messages.get(message_id)
    if message is None or message.author_id != user.id or "text" not in message.data:
        raise Impossible(f"{user.first_name} has no text message {message_id} to edit.")
    data = {key: value for key, value in message.data.items() if key != "entities"}
    data["text"] = text.strip()
    if found := with_automatic(data["text"], []):
        data["entities"] = found
    data["edit_date"] = world.clock.date()
    message.data = data
    world.announce(chat, message, EventType.EDITED)
    world.tell_bots(chat, "edited_message", message, MESSAGE_LIFE_SECONDS)
    return message


def find_button(chat: Chat, *, message_id: int = 0, label: str = "", data: str = "") -> tuple[Message, Json]:
    """The inline button with this label or data: on the given message, else on the newest message that has it.

    Raises:
        Impossible: no such button; the text lists what there is.
    """
    if message_id and message_id not in chat.messages:
        raise Impossible(f"There is no message {message_id}.")
    messages = [chat.messages[message_id]] if message_id else list(reversed(chat.messages.values()))
    for message in messages:
        for row in message.data.get("reply_markup", {}).get("inline_keyboard", []):
            for button in row:
                if (label and button["text"] == label) or (data and button.get("callback_data") == data):
                    return message, button
    there = [
        button["text"]
        for message in messages
        for row in message.data.get("reply_markup", {}).get("inline_keyboard", [])
        for button in row
    ]
    raise Impossible(f"There is no button {label or data!r}; there are {there[:24]!r}.")


def tap(world: World, bot: Bot, user: User, chat: Chat, message: Message, data: str) -> Tap:
    """Tap a button. `data` need not be on the message: a changed client can send anything.

    Raises:
        Impossible: data that not even a changed client could send, or a stranger to the chat.
    """
    if not 1 <= len(data.encode()) <= 64:
        raise Impossible("The data of a button has 1 to 64 bytes.")
    _must_be_there(world, user, chat)
    pressed = Tap(str(4_000_000_000_000 + world.serial()), bot.id, user, chat, message.id, data, world.clock.now())
    world.taps[pressed.id] = pressed
    world.emit(chat, EventType.TAP, pressed.as_json())
    query = {
        "id": pressed.id,
        "from": user.as_json(),
        "message": deepcopy(message.data),
        "chat_instance": str(abs(chat.id) * 31 + bot.id),
        "data": data,
    }
    bot.queue.put("callback_query", query, user.id + TAP_LANE, TAP_LIFE_SECONDS)
    return pressed


def set_blocked(world: World, chat: Chat, *, blocked: bool) -> None:
    """Block or unblock the bot in a private chat; the bot is told."""
    if chat.person is None:
        raise Impossible("Only a private chat can be blocked.")
    if chat.blocked != blocked:
        chat.blocked = blocked
        _tell_member(world, world.bots[chat.bot_id], chat, chat.person, "kicked" if blocked else "member")


def set_membership(world: World, bot: Bot, chat: Chat, user: User, status: str) -> None:
    """Make somebody a member, administrator, left or kicked in a group; the bot is told when it is the bot itself."""
    if status not in ("creator", "administrator", "member", "left", "kicked"):
        raise Impossible(f"A member cannot be {status!r}.")
    old = chat.members.get(user.id, "left")
    if user.id == bot.id and old != status:
        by = next((world.users[one] for one in chat.members if one != bot.id and one in world.users), user)
        _tell_member(world, bot, chat, by, status, old)
    chat.members[user.id] = status


def _tell_member(world: World, bot: Bot, chat: Chat, by: User, status: str, old: str = "") -> None:
    before = old or ("member" if status == "kicked" else "kicked")
    shown: Json = {
        "chat": chat.as_json(),
        "from": by.as_json(),
        "date": world.clock.date(),
        "old_chat_member": member_shown(bot.user, before),
        "new_chat_member": member_shown(bot.user, status),
    }
    world.emit(chat, EventType.MEMBER, {"bot_id": bot.id, "status": status})
    bot.queue.put("my_chat_member", shown, by.id + MEMBER_LANE)


def post_to_channel(world: World, chat: Chat, text: str) -> Message:
    """A post in a channel: it has no sender."""
    if chat.type != "channel":
        raise Impossible(f"{chat.title} is not a channel.")
    message = world.post(chat, {"text": text}, author=None)
    world.announce(chat, message)
    world.tell_bots(chat, "channel_post", message, MESSAGE_LIFE_SECONDS)
    return message


def migrate(world: World, chat: Chat) -> Chat:
    """Turn a group into a supergroup with a new id, as Telegram does; the bots are told with a service message."""
    if chat.person is not None or chat.migrated_to:
        raise Impossible("Only a group that was not migrated yet can become a supergroup.")
    new = world.new_group(chat.title, is_forum=chat.is_forum)
    new.members = dict(chat.members)
    sender = next((world.users[one] for one in chat.members if not world.users[one].is_bot), None)
    message = world.post(chat, {"migrate_to_chat_id": new.id}, author=sender)
    world.announce(chat, message)
    world.tell_bots(chat, "message", message, MESSAGE_LIFE_SECONDS)
    chat.migrated_to = new.id
    first = world.post(new, {"migrate_from_chat_id": chat.id}, author=sender)
    world.announce(new, first)
    world.tell_bots(new, "message", first, MESSAGE_LIFE_SECONDS)
    return new
