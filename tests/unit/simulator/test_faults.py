"""The fault switchboard and the ledger."""

import asyncio
from typing import Any

import aiohttp
import pytest
from telegram import Bot
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter, TelegramError

from simulator.app import Site
from simulator.client import NotPossible, Phone, WorldClient
from simulator.faults import Fault, FaultKind, Faults
from simulator.world import DEFAULT_TOKEN


async def _texts(anna: Phone) -> list[str]:
    return [heard.text for heard in await anna.refresh() if heard.by_bot]


async def test_too_many_requests_tells_how_long_to_wait(
    bot: Bot, anna: Phone, world: WorldClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")  # The library warns as long as seconds are numbers.
    await world.fault("too_many_requests", retry_after=7, chat_id=anna.id)

    with pytest.raises(RetryAfter) as refusal:
        await bot.send_message(anna.id, "one")
    await bot.send_message(anna.id, "two")

    assert (refusal.value._retry_after.total_seconds(), await _texts(anna)) == (7, ["two"])


@pytest.mark.parametrize(
    ("status", "error"),
    [(500, NetworkError), (502, NetworkError), (504, NetworkError), (403, Forbidden), (400, BadRequest)],
)
async def test_error_is_not_accepted(
    bot: Bot, anna: Phone, world: WorldClient, status: int, error: type[Exception]
) -> None:
    await world.fault("error", status=status)

    with pytest.raises(error):
        await bot.send_message(anna.id, "one")

    assert await _texts(anna) == []


async def test_error_with_accepted_takes_effect(bot: Bot, anna: Phone, world: WorldClient) -> None:
    await world.fault("error", status=502, accepted=True)

    with pytest.raises(NetworkError):
        await bot.send_message(anna.id, "one")

    assert await _texts(anna) == ["one"]


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("reset", NetworkError),
        ("half_body", NetworkError),
        ("invalid_json", TelegramError),
        ("hang", NetworkError),
    ],
)
async def test_call_takes_effect_although_the_answer_is_lost(
    bot: Bot, anna: Phone, world: WorldClient, kind: str, error: type[Exception]
) -> None:
    await world.fault(kind, seconds=0.05)

    with pytest.raises(error):
        await bot.send_message(anna.id, "one")

    assert await _texts(anna) == ["one"]
    (call,) = await world.calls(method="sendMessage")
    assert (call["accepted"], call["fault"], call["message_id"], call["answered_at"]) == (True, kind, 2, None)


async def test_refused_connection_has_no_effect(bot: Bot, anna: Phone, world: WorldClient) -> None:
    await world.fault("refuse")

    with pytest.raises(NetworkError):
        await bot.send_message(anna.id, "one")

    assert await _texts(anna) == []
    (call,) = await world.calls(method="sendMessage")
    assert (call["accepted"], call["error_code"]) == (False, 0)


async def test_slow_answer_comes_after_the_effect(bot: Bot, anna: Phone, world: WorldClient) -> None:
    await world.fault("slow", seconds=0.3)

    sending = asyncio.create_task(bot.send_message(anna.id, "one"))
    heard = await anna.hears()

    assert (heard.text, sending.done()) == ("one", False)
    assert (await sending).message_id == heard.message_id


async def test_delay_holds_the_effect_back(bot: Bot, anna: Phone, world: WorldClient) -> None:
    await world.fault("delay", seconds=0.2)

    sending = asyncio.create_task(bot.send_message(anna.id, "one"))

    await anna.hears_nothing(0.1)
    assert (await sending).text == "one"


async def test_migrate_names_the_new_chat(bot: Bot, anna: Phone, world: WorldClient) -> None:
    await world.fault("migrate", migrate_to_chat_id=-100777)

    with pytest.raises(ChatMigrated) as refusal:
        await bot.send_message(anna.id, "one")

    assert refusal.value.new_chat_id == -100777


async def test_unknown_method_plays_a_smaller_server(site: Site, world: WorldClient) -> None:
    await world.fault("unknown_method", method="setMyShortDescription", count=None)
    address = f"{site.url}/bot{DEFAULT_TOKEN}/setMyShortDescription"

    async with aiohttp.ClientSession() as session:
        for _ in range(2):
            async with session.post(address, json={}) as answer:
                assert (await answer.json())["error_code"] == 404


async def test_honest_refusal_wins_over_a_lost_answer(bot: Bot, anna: Phone, world: WorldClient) -> None:
    await world.fault("reset")

    with pytest.raises(BadRequest, match="Message text is empty"):
        await bot.send_message(anna.id, " ")


async def test_faults_can_be_cleared_and_counted(bot: Bot, anna: Phone, world: WorldClient) -> None:
    first = await world.fault("error", count=None)
    with pytest.raises(NetworkError):
        await bot.send_message(anna.id, "one")
    hits = [fault["hits"] for fault in await world.faults()]

    await world.clear_faults(first)

    await bot.send_message(anna.id, "two")
    assert (hits, await world.faults()) == ([1], [])


@pytest.mark.parametrize("body", [{"kind": "explode"}, {"kind": "error", "colour": "red"}])
async def test_fault_that_is_none_is_refused(world: WorldClient, body: dict[str, Any]) -> None:
    with pytest.raises(NotPossible):
        await world.post("faults", **body)


def test_fault_hits_where_and_when_it_is_told_to() -> None:
    faults = Faults()
    faults.add(Fault(FaultKind.ERROR, method="sendmessage", chat_id=5, count=2, skip=1, every=2))

    hit = [bool(faults.take("sendMessage", chat, 1)) for chat in (5, 5, 6, 5, 5, 5, 5)]

    assert hit == [False, True, False, False, True, False, False]


def test_fault_without_method_spares_polling() -> None:
    faults = Faults()
    faults.add(Fault(FaultKind.ERROR, count=None))

    assert [bool(faults.take(name, None, 1)) for name in ("getUpdates", "getMe")] == [False, True]


async def test_ledger_tells_all_but_the_token(bot: Bot, anna: Phone, world: WorldClient) -> None:
    await bot.send_document(anna.id, b"secret plan", filename="plan.pdf", caption="here")
    with pytest.raises(BadRequest):
        await bot.send_message(anna.id, " ")

    sent, refused = await world.calls(chat_id=anna.id)

    assert (sent["method"], sent["accepted"], sent["message_id"]) == ("sendDocument", True, 2)
    assert sent["params"] == {
        "chat_id": str(anna.id),
        "caption": "here",
        "document": {"file": "plan.pdf", "mime_type": "application/pdf", "size": 11},
    }
    assert (refused["accepted"], refused["description"]) == (False, "Bad Request: message text is empty")
    assert DEFAULT_TOKEN not in str(await world.calls())


async def test_ledger_can_be_waited_for(bot: Bot, anna: Phone, world: WorldClient) -> None:
    waiting = asyncio.create_task(world.waits_for_calls(2, method="sendMessage", accepted=True))

    await bot.send_message(anna.id, "one")
    await bot.send_message(anna.id, "two")

    assert [call["params"]["text"] for call in await waiting] == ["one", "two"]
