"""Getting updates: getMe, getUpdates and the webhook's settings."""

import re
from functools import partial
from inspect import iscoroutinefunction
from typing import Any
from urllib.parse import urlsplit

from simulator.errors import Refusal, bad_request, conflict
from simulator.methods.registry import METHODS, BotCall, method
from simulator.model import Json
from simulator.params import Params
from simulator.world import Bot, World

_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


@method("getMe")
def get_me(call: BotCall) -> Json:
    """The bot itself."""
    shown = call.bot.user.as_json()
    return shown | {
        "can_join_groups": True,
        "can_read_all_group_messages": True,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


@method("getUpdates")
async def get_updates(call: BotCall) -> list[Json]:
    """Long polling.

    Raises:
        Refusal: 409 while a webhook is set, or when another poller comes.
    """
    if call.bot.webhook.url:
        raise conflict(
            "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
        )
    params = call.params
    call.bot.queue.allow(_kinds(call))
    return await call.bot.queue.poll(params.integer("offset"), params.integer("limit", 100), params.number("timeout"))


@method("setWebhook")
async def set_webhook(call: BotCall) -> bool:
    """Set the webhook, or remove it with an empty address."""
    url = call.params.text("url").strip()
    if not url:
        return await delete_webhook(call)
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    secret = call.params.text("secret_token")
    if secret and not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    connections = call.params.integer("max_connections", 40)
    call.bot.queue.allow(_kinds(call))
    call.bot.queue.end_poll("terminated by setWebhook request")
    if call.params.flag("drop_pending_updates"):
        call.bot.queue.clear()
    call.bot.webhook.on_answer = partial(_obey, call.world, call.bot)
    await call.bot.webhook.start(url, secret_token=secret, max_connections=min(max(connections, 1), 100))
    return True


@method("deleteWebhook")
async def delete_webhook(call: BotCall) -> bool:
    """Remove the webhook; what waits is kept unless the call says otherwise."""
    await call.bot.webhook.stop()
    if call.params.flag("drop_pending_updates"):
        call.bot.queue.clear()
    return True


@method("getWebhookInfo")
def get_webhook_info(call: BotCall) -> Json:
    """The webhook's state, with the last error while there was one."""
    webhook, queue = call.bot.webhook, call.bot.queue
    info: Json = {"url": webhook.url, "has_custom_certificate": False, "pending_update_count": queue.count()}
    if webhook.url:
        info["max_connections"] = webhook.max_connections
        info["ip_address"] = "127.0.0.1"
    if webhook.last_error_at:
        info["last_error_date"] = webhook.last_error_at
        info["last_error_message"] = webhook.last_error
    if queue.allowed is not None:
        info["allowed_updates"] = sorted(queue.allowed)
    return info


@method("logOut")
@method("close")
async def close(call: BotCall) -> bool:
    """Leave this server. The simulator only ends the bot's poll: there is no other server to move to."""
    call.bot.queue.end_poll("terminated by close")
    return True


def _obey(world: World, bot: Bot, answer: Json) -> None:
    """Carry out the method that a webhook's answer names. The bot does not learn the result."""
    name = str(answer["method"])
    function = METHODS.get(name.lower())
    if function is None or iscoroutinefunction(function):
        return
    params = Params({key: value for key, value in answer.items() if key != "method"})
    record = world.ledger.open(bot.id, name, answer.get("chat_id"), params.ledger_view())
    try:
        result = function(BotCall(world, bot, params))
    except Refusal as refusal:
        world.ledger.refused(record, refusal.code, refusal.description)
    else:
        world.ledger.taken(record, result.get("message_id") if isinstance(result, dict) else None)


def _kinds(call: BotCall) -> list[str] | None:
    kinds: Any = call.params.json("allowed_updates")
    if kinds is None:
        return None
    if not isinstance(kinds, list):
        raise bad_request("can't parse allowed_updates JSON object")
    return [str(kind) for kind in kinds]
