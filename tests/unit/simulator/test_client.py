"""The phone that all end-to-end tests use."""

import asyncio

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup

from simulator.app import Site
from simulator.bytes import Carried
from simulator.client import NotHeard, NotPossible, Phone, WorldClient


async def test_hears_takes_messages_one_by_one(bot: Bot, anna: Phone) -> None:
    for text in ("one", "two", "three"):
        await bot.send_message(anna.id, text)

    heard = [await anna.hears(), *(await anna.hears_all(2))]

    assert [one.text for one in heard] == ["one", "two", "three"]


async def test_hears_waits_for_what_is_still_to_come(bot: Bot, anna: Phone) -> None:
    waiting = asyncio.create_task(anna.hears())
    await anna.world.calls()  # type: ignore[attr-defined]

    await bot.send_message(anna.id, "late")

    assert (await waiting).text == "late"


async def test_hears_does_not_lose_what_came_before_the_next_word(bot: Bot, anna: Phone) -> None:
    await bot.send_message(anna.id, "before")
    await anna.says("next")

    assert (await anna.hears()).text == "before"


async def test_hears_in_vain_tells_so(anna: Phone) -> None:
    with pytest.raises(NotHeard, match=r"Anna waited 0.05 s in vain; heard instead: nothing"):
        await anna.hears(timeout=0.05)


async def test_waits_for_passes_what_does_not_fit_and_names_it_when_nothing_does(bot: Bot, anna: Phone) -> None:
    await bot.send_message(anna.id, "one")
    await bot.send_message(anna.id, "two")

    assert (await anna.waits_for(lambda heard: heard.text == "two")).text == "two"
    await bot.send_message(anna.id, "three")
    with pytest.raises(NotHeard, match="'three'"):
        await anna.waits_for(lambda heard: heard.text == "four", timeout=0.05)


async def test_hears_nothing_fails_when_something_comes(bot: Bot, anna: Phone) -> None:
    await anna.hears_nothing(0.02)
    await bot.send_message(anna.id, "hello")

    with pytest.raises(NotHeard, match="Anna heard: 2: 'hello'"):
        await anna.hears_nothing(0.02)


async def test_history_and_last_show_the_chat_as_it_stands(bot: Bot, anna: Phone) -> None:
    sent = await bot.send_message(anna.id, "one")
    await bot.edit_message_text("uno", anna.id, sent.message_id)
    await anna.says("grazie")

    await anna.refresh()

    assert ([heard.text for heard in anna.history], anna.last.text) == (["/start", "uno", "grazie"], "uno")


async def test_last_of_a_silent_bot_is_refused(anna: Phone) -> None:
    with pytest.raises(NotHeard, match="has not said anything"):
        _ = anna.last


async def test_phones_of_many_people_do_not_hear_each_other(bot: Bot, world: WorldClient) -> None:
    people = [await world.person(f"P{number}") for number in range(20)]
    await asyncio.gather(*(one.says("hi") for one in people))

    await asyncio.gather(*(bot.send_message(one.id, f"for {one.id}") for one in people))

    assert [(await one.hears()).text for one in people] == [f"for {one.id}" for one in people]


async def test_replies_quote_the_message(bot: Bot, anna: Phone) -> None:
    await bot.send_message(anna.id, "A question")

    number = await anna.says("An answer", reply_to=await anna.hears())

    (heard,) = [one for one in await anna.refresh() if one.message_id == number]
    assert (heard.reply_to, heard.data["reply_to_message"]["text"]) == (2, "A question")


async def test_command_and_backlog_look_like_telegrams(bot: Bot, anna: Phone) -> None:
    (update,) = await bot.get_updates()
    await anna.says("old", ago=7200)

    (old,) = await bot.get_updates(offset=-1)

    assert update.message is not None
    assert old.message is not None
    assert [(one.type, one.offset, one.length) for one in update.message.entities] == [("bot_command", 0, 6)]
    assert round((update.message.date - old.message.date).total_seconds() / 60) == 120


async def test_clock_dates_messages_ahead(bot: Bot, anna: Phone, world: WorldClient) -> None:
    first = await bot.send_message(anna.id, "now")
    await world.later(3600)

    later = await bot.send_message(anna.id, "later")

    assert 3590 < (later.date - first.date).total_seconds() < 3620


async def test_reset_begins_anew_and_wakes_who_waits(bot: Bot, anna: Phone, world: WorldClient) -> None:
    await bot.send_message(anna.id, "one")
    await anna.refresh()
    waiting = asyncio.create_task(world.get(f"chat/{anna.id}/messages", after_event=999, wait=20))
    await world.calls()
    before = (await world.state())["users"]

    await world.reset()

    assert (await asyncio.wait_for(waiting, 5))["events"] == []
    assert (len(before), (await world.state())["users"], await world.calls(), await bot.get_updates()) == (
        1,
        [],
        [],
        (),
    )


@pytest.mark.parametrize(
    ("path", "body", "reason"),
    [
        ("say", {"user": 1, "text": "x"}, "There is no user with the id 1."),
        ("say", {"user": "x"}, "user must be a whole number."),
        ("raw", {}, "update must be an object."),
        ("media", {"user": 500000001, "kind": "smell"}, "There is no message of the kind smell"),
        ("tap", {"user": 500000001, "label": "No such"}, "There is no button 'No such'; there are []."),
        ("topic", {"chat": -1000000000001, "thread": 5, "action": "close"}, "There is no topic 5."),
    ],
)
async def test_wish_that_makes_no_sense_is_told(
    world: WorldClient, anna: Phone, path: str, body: dict[str, object], reason: str
) -> None:
    with pytest.raises(NotPossible) as refusal:
        await world.post(path, **body)

    assert str(refusal.value).startswith(reason)


async def test_control_takes_only_json(site: Site, world: WorldClient) -> None:
    async with world.session.post(
        f"{site.url}/control/reset", data="x", headers={"Content-Type": "text/plain"}
    ) as answer:
        body = await answer.json()

    assert (answer.status, body) == (400, {"error": "The body must be application/json."})


async def test_person_may_change_the_language_of_the_phone(bot: Bot, anna: Phone, world: WorldClient) -> None:
    await world.post("change", user=anna.id, language_code="pl")

    await anna.says("dzień dobry")

    (update,) = await bot.get_updates(offset=-1)
    assert update.effective_user is not None
    assert update.effective_user.language_code == "pl"


async def test_carried_counts_bytes_of_texts_keyboards_and_files_to_one_phone(bot: Bot, world: WorldClient) -> None:
    anna, other = await world.person("Anna"), await world.person("Other")
    for phone in (anna, other):
        await phone.says("/start")
    await bot.send_message(anna.id, "before")
    before = (await world.calls(chat_id=anna.id))[-1]["number"]

    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Ναι", callback_data="x")]])
    await bot.send_message(anna.id, "Γεια", reply_markup=keyboard)
    await bot.send_document(anna.id, b"12345", caption="ab")
    await bot.send_message(other.id, "not for her")

    markup = '{"inline_keyboard":[[{"text":"Ναι","callback_data":"x"}]]}'
    assert await world.carried_to(anna, before) == Carried(text=8 + 2, markup=len(markup.encode()), files=5)
