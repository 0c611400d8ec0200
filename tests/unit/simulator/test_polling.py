"""getUpdates: offsets, limits, waiting, conflicts, what is asked for, what is too old."""

import asyncio
from typing import Any

import pytest
from telegram import Bot, Update
from telegram.error import Conflict

from simulator.app import Site
from simulator.client import Phone, WorldClient

from .conftest import bot_at


def _texts(updates: tuple[Update, ...]) -> list[Any]:
    return [update.message and update.message.text for update in updates]


async def test_updates_come_again_until_an_offset_confirms_them(bot: Bot, anna: Phone, world: WorldClient) -> None:
    await anna.says("second")
    first = await bot.get_updates()
    again = await bot.get_updates(offset=first[0].update_id)

    rest = await bot.get_updates(offset=first[1].update_id)

    assert (_texts(first), _texts(again), _texts(rest)) == (["/start", "second"], ["/start", "second"], ["second"])
    assert [first[1].update_id - first[0].update_id, (await world.get("updates"))["count"]] == [1, 1]


async def test_offset_beyond_all_confirms_all(bot: Bot, anna: Phone) -> None:
    (first,) = await bot.get_updates()

    assert await bot.get_updates(offset=first.update_id + 1) == ()
    assert await bot.get_updates() == ()


async def test_negative_offset_keeps_the_last_ones(bot: Bot, anna: Phone) -> None:
    for text in ("two", "three"):
        await anna.says(text)

    kept = await bot.get_updates(offset=-2)

    assert _texts(kept) == ["two", "three"]
    assert _texts(await bot.get_updates()) == ["two", "three"]


@pytest.mark.parametrize(("limit", "expected"), [(2, 2), (100, 100), (1000, 100), (0, 1)])
async def test_limit_is_between_1_and_100(bot: Bot, anna: Phone, site: Site, limit: int, expected: int) -> None:
    queue = site.world.bot().queue
    for number in range(110):
        queue.put("message", {"message_id": number, "date": 0, "chat": {"id": 1, "type": "private"}}, 1)

    assert len(await bot.get_updates(limit=limit)) == expected


async def test_same_offset_at_once_gets_one_update(bot: Bot, anna: Phone) -> None:
    await anna.says("second")

    first, again = await bot.get_updates(offset=5), await bot.get_updates(offset=5)

    assert (_texts(first), _texts(again)) == (["/start", "second"], ["/start"])


async def test_long_poll_returns_when_something_comes(bot: Bot, world: WorldClient) -> None:
    anna = await world.person("Anna")
    poll = asyncio.create_task(bot.get_updates(timeout=20))
    await asyncio.sleep(0)

    await anna.says("hello")

    assert _texts(await asyncio.wait_for(poll, 5)) == ["hello"]


async def test_long_poll_ends_empty(bot: Bot) -> None:
    assert await bot.get_updates(timeout=1) == ()


async def test_second_poller_ends_the_first(bot: Bot, site: Site, world: WorldClient) -> None:
    anna = await world.person("Anna")
    async with bot_at(site, bot.token) as second:
        older = asyncio.create_task(bot.get_updates(timeout=20))
        await _polling(site)
        newer = asyncio.create_task(second.get_updates(timeout=20))

        with pytest.raises(Conflict, match="terminated by other getUpdates request"):
            await older
        await anna.says("hello")

        assert _texts(await newer) == ["hello"]


async def test_poll_with_a_webhook_is_a_conflict(bot: Bot) -> None:
    await bot.set_webhook("http://127.0.0.1:9/hook")

    with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active"):
        await bot.get_updates()


async def test_webhook_ends_a_waiting_poll(bot: Bot, site: Site) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=20))
    await _polling(site)

    await bot.set_webhook("http://127.0.0.1:9/hook")

    with pytest.raises(Conflict, match="terminated by setWebhook request"):
        await poll


async def test_kinds_not_asked_for_are_dropped_and_the_wish_is_remembered(bot: Bot, anna: Phone) -> None:
    (first,) = await bot.get_updates(allowed_updates=["callback_query", "edited_message"])
    await anna.edits(1, "/start again")
    await anna.says("unheard")

    updates = await bot.get_updates(offset=first.update_id + 1)

    assert [update.edited_message and update.edited_message.text for update in updates] == ["/start again"]


async def test_empty_wish_means_all_usual_kinds(bot: Bot, anna: Phone) -> None:
    await bot.get_updates(allowed_updates=["callback_query"])
    (first,) = await bot.get_updates(allowed_updates=[])

    await anna.says("heard")

    assert _texts(await bot.get_updates(offset=first.update_id + 1)) == ["heard"]


async def test_messages_are_forgotten_after_a_day(bot: Bot, anna: Phone, world: WorldClient) -> None:
    await anna.says("yesterday's", ago=3600)
    await world.later(23 * 3600 + 60)

    updates = await bot.get_updates()

    assert _texts(updates) == ["/start"]


async def test_raw_update_is_delivered_as_it_is(bot: Bot, world: WorldClient) -> None:
    number = await world.inject({"update_id": 7, "future_kind": {"a": 1}})

    (update,) = await bot.get_updates()

    assert (number, update.update_id, update.effective_user) == (7, 7, None)


async def test_bots_have_queues_and_chats_of_their_own(bot: Bot, site: Site, world: WorldClient) -> None:
    token = "222222:" + "S" * 35
    await world.post("bots", token=token, username="other_bot", name="Other")
    anna = await world.person("Anna")
    await world.phone(anna.user, bot=222222).says("to the other")

    async with bot_at(site, token) as other:
        updates = await other.get_updates()

    assert (_texts(updates), await bot.get_updates()) == (["to the other"], ())


async def _polling(site: Site) -> None:
    """Wait until a long poll is under way: its call is in the ledger and not decided."""
    async with asyncio.timeout(5):
        while not any(call.method == "getUpdates" and call.accepted is None for call in site.world.ledger.calls):
            await asyncio.sleep(0.005)
