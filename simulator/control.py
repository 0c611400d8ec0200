"""The control interface under /control/: what tests and the chat page do and see. JSON in, JSON out.

Wishes that make no sense in Telegram are answered 400 {"error": sentence}. Bodies must be `application/json`, so that
no foreign web page can post here. `bot` (a bot's id) may be left out everywhere: the first bot is meant.
"""

import base64
import binascii
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from simulator import people
from simulator.bot_api import WORLD
from simulator.errors import Impossible
from simulator.faults import fault_from
from simulator.methods.topics import announce_topic, remove_topic
from simulator.model import Chat, Json, User
from simulator.world import Bot, World

MAX_WAIT_SECONDS = 60.0
Handler = Callable[[World, "Wish"], Awaitable[Any]]


class Wish:
    """Typed access to a request of the control interface: body, query and path together."""

    def __init__(self, world: World, values: Json) -> None:
        self._world = world
        self.values = values

    def text(self, name: str, default: str = "") -> str:
        """A string."""
        value = self.values.get(name)
        return default if value is None else str(value)

    def integer(self, name: str, default: int = 0) -> int:
        """A whole number."""
        try:
            return int(self.values.get(name) or default)
        except (TypeError, ValueError) as problem:
            raise Impossible(f"{name} must be a whole number.") from problem

    def flag(self, name: str) -> bool:
        """A boolean."""
        return str(self.values.get(name, "")).lower() in ("true", "1")

    def wait(self) -> float:
        """How many seconds the caller is ready to wait."""
        try:
            return min(float(self.values.get("wait", 0)), MAX_WAIT_SECONDS)
        except (TypeError, ValueError) as problem:
            raise Impossible("wait must be a number of seconds.") from problem

    def bot(self) -> Bot:
        """The bot that is meant."""
        return self._world.bot(self.integer("bot"))

    def user(self) -> User:
        """The person who acts."""
        return self._world.user(self.integer("user"))

    def chat(self) -> Chat:
        """The chat that is meant; the person's private chat when none is named."""
        return self._world.chat(self.bot(), self.integer("chat") or self.integer("user"))

    def place(self) -> dict[str, int]:
        """Where a message goes: reply_to, thread, ago."""
        return {name: self.integer(name) for name in ("reply_to", "thread", "ago")}


async def make_user(world: World, wish: Wish) -> Json:
    """POST /control/users {first_name, last_name?, username?, language_code?, id?}"""
    fields = ("last_name", "username", "language_code", "id")
    return world.new_user(
        wish.text("first_name", "Person"), **{name: wish.values[name] for name in fields if wish.values.get(name)}
    ).as_json()


async def change_user(world: World, wish: Wish) -> Json:
    """POST /control/change {user, first_name?, last_name?, username?, language_code?}: the person changes a setting."""
    user = wish.user()
    for name in ("first_name", "last_name", "username", "language_code"):
        if name in wish.values:
            setattr(user, name, wish.text(name))
    return user.as_json()


async def say(world: World, wish: Wish) -> Json:
    """POST /control/say {user, text, chat?, reply_to?, thread?, entities?, ago?}"""
    message = people.write(
        world,
        wish.bot(),
        wish.user(),
        wish.chat(),
        wish.text("text"),
        entities=wish.values.get("entities"),
        **wish.place(),
    )
    return {"message": message.as_seen(), "event": world.event_number}


async def send_media(world: World, wish: Wish) -> Json:
    """POST /control/media {user, kind, chat?, caption?, name?, mime_type?, size?, content_base64?, value?}"""
    names = ("name", "mime_type", "size", "caption", "value")
    details: Json = {name: wish.values[name] for name in names if name in wish.values}
    try:
        details["content"] = base64.b64decode(wish.text("content_base64"), validate=True)
    except binascii.Error as problem:
        raise Impossible("content_base64 is no base64.") from problem
    message = people.send_media(
        world, wish.bot(), wish.user(), wish.chat(), wish.text("kind"), details=details, **wish.place()
    )
    return {"message": message.as_seen(), "event": world.event_number}


async def edit(world: World, wish: Wish) -> Json:
    """POST /control/edit {user, message_id, text, chat?}"""
    message = people.edit(world, wish.user(), wish.chat(), wish.integer("message_id"), wish.text("text"))
    return {"message": message.as_seen(), "event": world.event_number}


async def tap(world: World, wish: Wish) -> Json:
    """POST /control/tap {user, label | data, message_id?, chat?, forged?}: forged data need not be on the message."""
    chat, number = wish.chat(), wish.integer("message_id")
    if wish.flag("forged"):
        if number not in chat.messages:
            raise Impossible(f"There is no message {number} to tap on.")
        message, data = chat.messages[number], wish.text("data")
    else:
        message, button = people.find_button(chat, message_id=number, label=wish.text("label"), data=wish.text("data"))
        if "callback_data" not in button:
            return {"url": button.get("url", ""), "button": button}
        data = str(button["callback_data"])
    return people.tap(world, wish.bot(), wish.user(), chat, message, data).as_json()


async def block(world: World, wish: Wish) -> Json:
    """POST /control/block {user, blocked}"""
    people.set_blocked(world, wish.chat(), blocked=wish.flag("blocked"))
    return {"blocked": wish.chat().blocked}


async def deactivate(world: World, wish: Wish) -> Json:
    """POST /control/deactivate {user}: the account is gone for good."""
    wish.user().deactivated = True
    return {"deactivated": True}


async def inject(world: World, wish: Wish) -> Json:
    """POST /control/raw {update, lane?}: any update, as it is; its update_id is kept if it has one."""
    update = wish.values.get("update")
    if not isinstance(update, dict):
        raise Impossible("update must be an object.")
    return {"update_id": wish.bot().queue.put_raw(update, wish.integer("lane", people.RAW_LANE))}


async def post_to_channel(world: World, wish: Wish) -> Json:
    """POST /control/channel {chat, text}"""
    return {"message": people.post_to_channel(world, wish.chat(), wish.text("text")).as_seen()}


async def make_group(world: World, wish: Wish) -> Json:
    """POST /control/groups {title, type?, is_forum?, username?, id?}: type is supergroup, group or channel."""
    kind = wish.text("type", "supergroup")
    if kind not in ("supergroup", "group", "channel"):
        raise Impossible(f"There is no chat of the type {kind}.")
    return world.new_group(
        wish.text("title", "Group"),
        chat_id=wish.integer("id"),
        type=kind,
        is_forum=wish.flag("is_forum"),
        username=wish.text("username"),
    ).as_json()


async def set_member(world: World, wish: Wish) -> Json:
    """POST /control/members {chat, user, status?}: the user may be a bot."""
    people.set_membership(world, wish.bot(), wish.chat(), wish.user(), wish.text("status", "member"))
    return {"members": wish.chat().members}


async def migrate(world: World, wish: Wish) -> Json:
    """POST /control/migrate {chat}: the group gets a new id."""
    return people.migrate(world, wish.chat()).as_json()


async def change_group(world: World, wish: Wish) -> Json:
    """POST /control/forum {chat, is_forum}: switch topics on or off."""
    wish.chat().is_forum = wish.flag("is_forum")
    return wish.chat().as_json()


async def change_topic(world: World, wish: Wish) -> Json:
    """POST /control/topic {chat, thread, action: close | reopen | delete}: an advisor does it, not the bot."""
    chat, thread = wish.chat(), wish.integer("thread")
    if thread not in chat.topics:
        raise Impossible(f"There is no topic {thread}.")
    topic, action = chat.topics[thread], wish.text("action")
    if action == "delete":
        remove_topic(world, chat, topic)
    elif action in ("close", "reopen"):
        topic.closed = action == "close"
        announce_topic(world, chat, topic)
    else:
        raise Impossible(f"A topic can be closed, reopened or deleted, not {action!r}.")
    return topic.as_json()


async def make_bot(world: World, wish: Wish) -> Json:
    """POST /control/bots {token, username, name}"""
    bot = world.new_bot(wish.text("token"), wish.text("username", "second_bot"), wish.text("name", "Second bot"))
    return bot.user.as_json()


async def add_fault(world: World, wish: Wish) -> Json:
    """POST /control/faults {kind, method?, chat_id?, count?, skip?, every?, ...}: see faults.Fault."""
    return world.faults.add(fault_from(wish.values)).as_json()


async def clear_faults(world: World, wish: Wish) -> Json:
    """DELETE /control/faults?id= : one fault, or all."""
    world.faults.clear(wish.integer("id") or None)
    return {"faults": [fault.as_json() for fault in world.faults.all()]}


async def set_clock(world: World, wish: Wish) -> Json:
    """POST /control/clock {shift}: move on by so many seconds."""
    try:
        world.clock.shift(float(wish.values.get("shift", 0)))
    except (TypeError, ValueError) as problem:
        raise Impossible("shift must be a number of seconds.") from problem
    return {"now": world.clock.now(), "shift_seconds": world.clock.shift_seconds}


async def reset(world: World, wish: Wish) -> Json:
    """POST /control/reset"""
    await world.reset()
    return {"event": world.event_number}


ACTS: dict[str, Handler] = {
    "users": make_user,
    "change": change_user,
    "say": say,
    "media": send_media,
    "edit": edit,
    "tap": tap,
    "block": block,
    "deactivate": deactivate,
    "raw": inject,
    "channel": post_to_channel,
    "groups": make_group,
    "members": set_member,
    "migrate": migrate,
    "forum": change_group,
    "topic": change_topic,
    "bots": make_bot,
    "faults": add_fault,
    "clock": set_clock,
    "reset": reset,
}
"""What is POSTed to /control/<name>."""


def handler(function: Handler) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Make a route of a function that takes a wish."""

    async def handle(request: web.Request) -> web.Response:
        world = request.app[WORLD]
        try:
            values: Json = {**request.query, **request.match_info}
            if request.method == "POST":
                values.update(await _body(request))
            return web.json_response(await function(world, Wish(world, values)))
        except Impossible as problem:
            return web.json_response({"error": str(problem)}, status=400)

    return handle


async def _body(request: web.Request) -> Json:
    if request.content_type != "application/json":
        raise Impossible("The body must be application/json.")
    try:
        body = await request.json()
    except ValueError as problem:
        raise Impossible("The body is no JSON.") from problem
    if not isinstance(body, dict):
        raise Impossible("The body must be a JSON object.")
    return body
