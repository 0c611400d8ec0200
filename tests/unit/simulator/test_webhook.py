"""Webhook delivery: the secret, the order, sending again, Retry-After, what getWebhookInfo tells."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest

from simulator.client import Phone, WorldClient
from simulator.clock import Clock
from simulator.updates import UpdateQueue
from simulator.webhook import Webhook


@dataclass
class Hook:
    """A bot's door that answers as a test wants it to."""

    url: str = ""
    plan: list[web.Response] = field(default_factory=list)
    """The next answers; 200 when there are none left."""
    got: list[dict[str, Any]] = field(default_factory=list)
    secrets: list[str | None] = field(default_factory=list)
    at: list[float] = field(default_factory=list)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    """Answers to texts that begin with "wait" come when it is set."""
    came: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def handle(self, request: web.Request) -> web.Response:
        """Take one update."""
        update = await request.json()
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        self.at.append(asyncio.get_running_loop().time())
        async with self.came:
            self.got.append(update)
            self.came.notify_all()
        if update.get("message", {}).get("text", "").startswith("wait"):
            await self.gate.wait()
        return self.plan.pop(0) if self.plan else web.Response()

    async def have(self, count: int) -> list[str]:
        """The texts, or the data of taps, as soon as so many updates came."""
        async with asyncio.timeout(10), self.came:
            await self.came.wait_for(lambda: len(self.got) >= count)
        return [
            update["message"]["text"] if "message" in update else update["callback_query"]["data"]
            for update in self.got
        ]


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    """A door on a free port."""
    hook = Hook()
    app = web.Application()
    app.router.add_post("/hook", hook.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    hook.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield hook
    hook.gate.set()
    await runner.cleanup()


async def test_webhook_gets_what_waits_and_what_comes_with_the_secret(bot: Bot, anna: Phone, hook: Hook) -> None:
    await bot.set_webhook(hook.url, secret_token="s3cret_-A")
    await hook.have(1)

    await anna.says("second")

    assert await hook.have(2) == ["/start", "second"]
    assert hook.secrets == ["s3cret_-A", "s3cret_-A"]


async def test_secret_with_other_letters_is_refused(bot: Bot, hook: Hook) -> None:
    with pytest.raises(BadRequest, match="Secret token contains unallowed characters"):
        await bot.set_webhook(hook.url, secret_token="no spaces")


async def test_next_of_a_chat_waits_for_the_one_before(bot: Bot, anna: Phone, world: WorldClient, hook: Hook) -> None:
    bob = await world.person("Bob")
    await bot.set_webhook(hook.url)
    await hook.have(1)
    await anna.says("wait for it")
    await anna.says("after")
    await hook.have(2)

    await bob.says("not held up")

    assert await hook.have(3) == ["/start", "wait for it", "not held up"]
    hook.gate.set()
    assert await hook.have(4) == ["/start", "wait for it", "not held up", "after"]


async def test_tap_overtakes_a_text_that_is_held_up(bot: Bot, anna: Phone, hook: Hook) -> None:
    await bot.send_message(
        anna.id, "?", reply_markup=InlineKeyboardMarkup([[InlineKeyboardButton("Go", callback_data="go")]])
    )
    await bot.set_webhook(hook.url)
    await hook.have(1)
    await anna.says("wait")
    await hook.have(2)

    await anna.taps("Go")

    assert await hook.have(3) == ["/start", "wait", "go"]


async def test_refused_update_comes_again_before_the_next_one(
    bot: Bot, anna: Phone, world: WorldClient, hook: Hook
) -> None:
    hook.plan = [web.Response(status=500), web.Response(status=302), web.Response(status=503)]
    await anna.says("second")

    await bot.set_webhook(hook.url)

    assert await hook.have(5) == ["/start", "/start", "/start", "/start", "second"]
    await world.waits_until_taken()
    info = await bot.get_webhook_info()
    assert (info.pending_update_count, info.last_error_message) == (
        0,
        "Wrong response from the webhook: 503 Service Unavailable",
    )
    assert len({update["update_id"] for update in hook.got}) == 2


async def test_second_try_comes_at_once_and_the_third_after_two_seconds(bot: Bot, anna: Phone, hook: Hook) -> None:
    hook.plan = [web.Response(status=500), web.Response(status=500), web.Response(status=500)]

    await bot.set_webhook(hook.url)
    await hook.have(4)

    gaps = [later - earlier for earlier, later in zip(hook.at, hook.at[1:], strict=False)]
    assert gaps[1] >= 2 / 200
    assert gaps[2] >= 4 / 200


async def test_retry_after_is_obeyed(bot: Bot, anna: Phone, hook: Hook) -> None:
    hook.plan = [web.Response(status=503, headers={"Retry-After": "60"})]

    await bot.set_webhook(hook.url)
    await hook.have(2)

    assert hook.at[1] - hook.at[0] >= 60 / 200


async def test_refused_connection_is_told(bot: Bot, anna: Phone) -> None:
    await bot.set_webhook("http://127.0.0.1:9/hook", max_connections=5)

    async with asyncio.timeout(5):
        while not (info := await bot.get_webhook_info()).last_error_message:
            await asyncio.sleep(0.01)

    assert (info.last_error_message, info.pending_update_count, info.max_connections) == ("Connection refused", 1, 5)


async def test_webhook_removed_keeps_what_waits_for_polling(bot: Bot, anna: Phone) -> None:
    await bot.set_webhook("http://127.0.0.1:9/hook")

    await bot.delete_webhook()

    (update,) = await bot.get_updates()
    assert update.message is not None
    assert update.message.text == "/start"
    assert (await bot.get_webhook_info()).url == ""


async def test_drop_pending_updates_forgets_what_waits(bot: Bot, anna: Phone) -> None:
    await bot.delete_webhook(drop_pending_updates=True)

    assert await bot.get_updates() == ()


async def test_answer_that_names_a_method_is_carried_out(bot: Bot, anna: Phone, hook: Hook) -> None:
    hook.plan = [web.json_response({"method": "sendMessage", "chat_id": anna.id, "text": "from the answer"})]

    await bot.set_webhook(hook.url)

    assert (await anna.hears()).text == "from the answer"


async def test_webhook_that_is_gone_for_a_day_is_removed(bot: Bot, anna: Phone, world: WorldClient, hook: Hook) -> None:
    hook.plan = [web.Response(status=410) for _ in range(20)]
    await bot.set_webhook(hook.url)
    await hook.have(2)

    await world.later(23 * 3600 + 60)

    async with asyncio.timeout(10):
        while (await bot.get_webhook_info()).url:
            await asyncio.sleep(0.02)
    assert (await world.get("updates"))["count"] == 1


async def test_expired_update_is_given_up() -> None:
    clock = Clock()
    queue = UpdateQueue(clock.now)
    webhook = Webhook(queue, clock, speed=1000)
    queue.put("message", {"text": "old"}, 1, life_seconds=100)
    await webhook.start("http://127.0.0.1:9/hook")

    clock.shift(200)

    assert await queue.taken.wait_until(lambda: not queue.pending, 5)
    await webhook.stop()
