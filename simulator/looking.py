"""The reading half of the control interface: chats, taps, calls, the state of the world. Long polls, never sleeps."""

from aiohttp import web

from simulator.bot_api import WORLD
from simulator.control import Handler, Wish
from simulator.errors import Impossible, Refusal
from simulator.ledger import Call
from simulator.methods.profile import commands_shown, profile_shown
from simulator.model import Chat, Json
from simulator.params import number_or_name
from simulator.world import World

INLINE_TYPES = frozenset({"image/png", "image/jpeg", "image/gif"})
"""What the page may show; everything else is only downloaded."""


def _chat_view(chat: Chat) -> Json:
    return {
        **chat.as_json(),
        "is_forum": chat.is_forum,
        "started": chat.started,
        "blocked": chat.blocked,
        "migrated_to": chat.migrated_to,
        "pinned_id": chat.pinned_id,
        "members": chat.members,
        "topics": [topic.as_json() for topic in chat.topics.values()],
    }


async def messages(world: World, wish: Wish) -> Json:
    """GET /control/chat/{id}/messages?after_event=N&wait=10

    Without `after_event`: all messages of the chat as they are now. With it: the events after that number, at once
    when there are some, else as soon as one happens or the wait is over. `event` is the number to ask with next;
    another `epoch` means that all began anew.
    """
    chat = world.chat(wish.bot(), wish.integer("chat"))
    number, epoch = world.event_number, world.epoch
    if "after_event" not in wish.values:
        seen = [{"by_bot": one.by_bot, "message": one.as_seen()} for one in chat.messages.values()]
        return {"event": number, "epoch": epoch, "chat": _chat_view(chat), "messages": seen}
    after = wish.integer("after_event")
    await chat.signal.wait_until(
        lambda: world.epoch != epoch or (bool(chat.events) and chat.events[-1].number > after), wish.wait()
    )
    fresh = []
    for event in reversed(chat.events):
        if event.number <= after:
            break
        fresh.append(event.as_json())
    fresh.reverse()
    return {"event": fresh[-1]["event"] if fresh else after, "epoch": world.epoch, "events": fresh}


async def one_tap(world: World, wish: Wish) -> Json:
    """GET /control/taps/{id}?wait=10: a tap, as soon as it was answered or the wait is over."""
    tap = world.taps.get(wish.text("id"))
    if tap is None:
        raise Impossible("There is no such tap.")
    await tap.chat.signal.wait_until(lambda: tap.answer is not None, wish.wait())
    return tap.as_json()


async def calls(world: World, wish: Wish) -> Json:
    """GET /control/calls?after=N&method=&chat_id=&accepted=&wait=10: decided calls with a number above `after`.

    With `wait` and `count`: returns as soon as so many calls (default 1) fit. getUpdates is left out unless asked for.
    """
    after, method = wish.integer("after"), wish.text("method").lower()
    chat = number_or_name(wish.text("chat_id")) if wish.values.get("chat_id") else None
    accepted = wish.values.get("accepted")

    def fits(call: Call) -> bool:
        return (
            call.number > after
            and (call.method.lower() == method if method else call.method.lower() != "getupdates")
            and chat in (None, call.chat_id)
            and (accepted is None or call.accepted == (str(accepted).lower() in ("true", "1")))
        )

    wanted = wish.integer("count", 1)
    await world.ledger.signal.wait_until(lambda: len(world.ledger.find(fits)) >= wanted, wish.wait())
    return {"calls": [call.as_json() for call in world.ledger.find(fits)]}


async def faults(world: World, wish: Wish) -> Json:
    """GET /control/faults"""
    return {"faults": [fault.as_json() for fault in world.faults.all()]}


async def updates(world: World, wish: Wish) -> Json:
    """GET /control/updates?wait=10: what waits for the bot; with `wait`, returns as soon as nothing waits any more."""
    queue = wish.bot().queue
    await queue.taken.wait_until(lambda: not queue.count(), wish.wait())
    return {"count": queue.count(), "updates": [one.body for one in queue.pending.values()]}


async def bot(world: World, wish: Wish) -> Json:
    """GET /control/bot?language=nb&chat=: how the bot presents itself to a person of that language."""
    shown, language = wish.bot(), wish.text("language")
    return {
        **shown.user.as_json(),
        "name": profile_shown(shown, "name", language) or shown.user.first_name,
        "description": profile_shown(shown, "description", language),
        "short_description": profile_shown(shown, "short_description", language),
        "commands": commands_shown(shown, wish.integer("chat"), language),
        "webhook": shown.webhook.url,
    }


async def state(world: World, wish: Wish) -> Json:
    """GET /control/state: who and what there is."""
    first = world.bot()
    return {
        "event": world.event_number,
        "now": world.clock.now(),
        "bots": [one.user.as_json() for one in world.bots.values()],
        "users": [
            {**one.as_json(), "started": one.id in first.private_chats and first.private_chats[one.id].started}
            for one in world.users.values()
            if not one.is_bot
        ],
        "groups": [_chat_view(group) for group in world.groups.values()],
    }


LOOKS: dict[str, Handler] = {
    "chat/{chat}/messages": messages,
    "taps/{id}": one_tap,
    "calls": calls,
    "faults": faults,
    "updates": updates,
    "bot": bot,
    "state": state,
}
"""What is read with GET /control/<path>."""


async def handle_file(request: web.Request) -> web.Response:
    """GET /control/files/{file_id}: a file's content for the page, without any token in the address."""
    try:
        stored = request.app[WORLD].file(request.match_info["file_id"])
    except Refusal as refusal:
        raise web.HTTPNotFound from refusal
    shown = stored.mime_type if stored.mime_type in INLINE_TYPES else "application/octet-stream"
    answer = web.Response(body=stored.content, content_type=shown)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Content-Disposition"] = "inline" if shown in INLINE_TYPES else "attachment"
    return answer
