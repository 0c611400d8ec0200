"""The sender: what becomes of a call, whatever Telegram says."""

import asyncio
import json
from typing import Any

import pytest

from bot.domain.buckets import Limits
from bot.domain.sender import Sender
from bot.errors import Ambiguous, ChatGone, ChatMoved, DeliveryError, NothingToEdit, NotSent, TooManyRequests
from bot.messages import Mode, Outbound, OutboxState
from bot.store import outbox
from bot.store.tables import OutboxRow, TicketRow

from .conftest import BOT_ID, GROUP, OLA, Talk


class ScriptedTransport:
    """Takes calls, or raises the next error of the script."""

    def __init__(self, *script: DeliveryError) -> None:
        self.script: list[DeliveryError] = list(script)
        self.taken: list[tuple[str, dict[str, Any]]] = []

    async def call(self, method: str, params: dict[str, Any]) -> Any:
        """The next message id is the number of calls taken, plus 500."""
        if self.script:
            raise self.script.pop(0)
        self.taken.append((method, params))
        return {"message_id": 500 + len(self.taken)}


def make_sender(talk: Talk, transport: ScriptedTransport) -> Sender:
    house = talk.house
    object.__setattr__(house, "transport", transport)
    return Sender(house, Limits(per_second=1000), lambda: talk.clock.at.timestamp())


def text_to(chat_id: int, text: str, **fields: Any) -> Outbound:
    return Outbound("sendMessage", {"chat_id": chat_id, "text": text}, chat_id, **fields)


async def write(talk: Talk, *calls: Outbound) -> list[int]:
    async with talk.house.db.write() as session:
        return await outbox.add(session, BOT_ID, calls, talk.clock())


async def work(talk: Talk, sender: Sender) -> None:
    """Deliver all that is due."""
    while rows := await sender._fetch((), 100):
        for row in rows:
            await sender.deliver(row)


async def states(talk: Talk, chat_id: int) -> list[tuple[str, str, int | None]]:
    return [(row.method, row.state, row.message_id) for row in await talk.calls(chat_id)]


async def test_calls_leave_in_order_and_know_their_message(talk: Talk) -> None:
    transport = ScriptedTransport()
    await write(talk, text_to(7, "a"), text_to(7, "b"))
    await work(talk, make_sender(talk, transport))

    assert [params["text"] for _, params in transport.taken] == ["a", "b"]
    assert await states(talk, 7) == [("sendMessage", "sent", 501), ("sendMessage", "sent", 502)]


async def test_pause_holds_its_lane_and_no_other(talk: Talk) -> None:
    transport = ScriptedTransport(TooManyRequests(5))
    sender = make_sender(talk, transport)
    await write(talk, text_to(7, "a"), text_to(7, "b"), text_to(8, "c"))
    await work(talk, sender)
    during = [params["text"] for _, params in transport.taken]
    talk.clock.move(seconds=5)
    await work(talk, sender)

    assert during == ["c"]
    assert [params["text"] for _, params in transport.taken] == ["c", "a", "b"]


@pytest.mark.parametrize(("error", "ambiguous"), [(NotSent("refused"), 0), (Ambiguous("reset"), 1)])
async def test_broken_line_is_tried_again_in_place(talk: Talk, error: DeliveryError, ambiguous: int) -> None:
    transport = ScriptedTransport(error)
    sender = make_sender(talk, transport)
    await write(talk, text_to(7, "a"), text_to(7, "b"))
    await work(talk, sender)
    talk.clock.move(seconds=1)
    await work(talk, sender)

    assert [params["text"] for _, params in transport.taken] == ["a", "b"]
    first, second = await talk.calls(7)
    assert (first.ambiguous, first.attempts, second.ambiguous) == (ambiguous, 2, 0)


async def test_edit_of_a_message_that_is_gone_becomes_a_new_one(talk: Talk) -> None:
    transport = ScriptedTransport(NothingToEdit("gone"))
    await write(talk, Outbound("editMessageText", {"chat_id": 7, "message_id": 3, "text": "a"}, 7))
    await work(talk, make_sender(talk, transport))

    assert transport.taken == [("sendMessage", {"chat_id": 7, "text": "a"})]


async def test_group_that_moved_is_followed(talk: Talk) -> None:
    transport = ScriptedTransport(ChatMoved(-100777))
    await write(talk, text_to(-7, "a"))
    await work(talk, make_sender(talk, transport))

    assert transport.taken == [("sendMessage", {"chat_id": -100777, "text": "a"})]


async def test_reply_points_to_the_message_of_the_earlier_call(talk: Talk) -> None:
    transport = ScriptedTransport()
    (card,) = await write(talk, text_to(GROUP, "card"))
    await write(talk, text_to(GROUP, "more", reply_to_outbox_id=card))
    await work(talk, make_sender(talk, transport))

    assert transport.taken[1][1]["reply_parameters"] == {"message_id": 501, "allow_sending_without_reply": True}


async def test_owner_who_blocked_the_bot_is_told_to_the_advisors(talk: Talk) -> None:
    await talk.settles(OLA)
    async with talk.house.db.write() as session:
        from bot.store import chats

        chat = await chats.by_chat_id(session, BOT_ID, OLA["id"])
        assert chat is not None
        ticket = TicketRow(chat_row_id=chat.id, need="x", created_at=talk.clock())
        session.add(ticket)
        await session.flush()
        chat.ticket_id, chat.mode = ticket.id, Mode.HUMAN
        for row in await outbox.recent_of_chat(session, OLA["id"], 100):
            await outbox.close(session, row.id, OutboxState.SENT, talk.clock())
    transport = ScriptedTransport(ChatGone("blocked"))
    await write(talk, text_to(OLA["id"], "an answer"))
    await work(talk, make_sender(talk, transport))

    known = await talk.chat(OLA)
    assert known is not None
    assert known.unreachable_at == talk.clock()
    assert [params["text"] for _, params in transport.taken] == [
        "Ola can't be reached about request 1: the bot was blocked, or the account is gone."
    ]


async def test_what_was_under_way_at_a_crash_goes_again_except_what_is_too_late(talk: Talk) -> None:
    transport = ScriptedTransport()
    sender = make_sender(talk, transport)
    ids = await write(
        talk, text_to(7, "a"), Outbound("answerCallbackQuery", {"callback_query_id": "q"}, 7, lane="tap:q")
    )
    async with talk.house.db.write() as session:
        await outbox.mark_sending(session, ids, talk.clock())
    recovered = await sender.recover()
    await work(talk, sender)

    assert recovered == 2
    assert await states(talk, 7) == [("sendMessage", "sent", 501), ("answerCallbackQuery", "expired", None)]
    assert (await talk.calls(7))[0].ambiguous == 1


async def test_call_is_marked_as_sending_before_it_leaves(talk: Talk) -> None:
    seen: list[str] = []

    class Looking(ScriptedTransport):
        async def call(self, method: str, params: dict[str, Any]) -> Any:
            seen.extend(row.state for row in await talk.calls(7))
            return await super().call(method, params)

    await write(talk, text_to(7, "a"))
    await work(talk, make_sender(talk, Looking()))

    assert seen == ["sending"]


async def test_calls_that_may_leave_together_are_marked_together_and_the_end_of_a_turning_button_goes_last(
    talk: Talk,
) -> None:
    sender = make_sender(talk, ScriptedTransport())
    stop = Outbound("answerCallbackQuery", {"callback_query_id": "q"}, 7, lane="tap:q")
    edit = Outbound("editMessageText", {"chat_id": 7, "message_id": 3, "text": "a"}, 7)
    await write(talk, stop, edit, text_to(8, "b"))

    departures = await sender._fetch((), 100)

    assert [one.row.method for one in departures] == ["editMessageText", "sendMessage", "answerCallbackQuery"]
    assert [row.state for row in [*await talk.calls(7), *await talk.calls(8)]] == ["sending"] * 3


async def test_call_that_has_to_wait_for_its_pace_or_its_file_is_not_marked_yet(talk: Talk) -> None:
    sender = make_sender(talk, ScriptedTransport())
    await write(talk, text_to(8, "a file"), *(text_to(7, text, lane=f"lane {text}") for text in "abcd"))
    await write(talk, Outbound("sendDocument", {"chat_id": 9, "document": {"made": "guide"}}, 9))

    departures = await sender._fetch((), 100)

    assert [(one.row.lane, one.params is None) for one in departures] == [
        ("8", False),
        ("lane a", False),
        ("lane b", False),
        ("lane c", False),
        ("lane d", True),
        ("9", True),
    ]
    waiting = [row.lane for chat in (7, 8, 9) for row in await talk.calls(chat) if row.state == "pending"]
    assert waiting == ["lane d", "9"]


async def test_loop_sends_what_is_written_while_it_runs(talk: Talk) -> None:
    transport = ScriptedTransport()
    sender = make_sender(talk, transport)
    running = asyncio.create_task(sender.loop.run())
    await write(talk, *(text_to(chat, json.dumps(chat)) for chat in range(1, 6)))
    sender.loop.wake()
    async with asyncio.timeout(10):
        while len(transport.taken) < 5:
            await asyncio.sleep(0)
    sender.loop.stop()
    await running

    async with talk.house.db.read() as session:
        rows: list[OutboxRow] = [row for chat in range(1, 6) for row in await outbox.recent_of_chat(session, chat, 9)]
    assert [row.state for row in rows] == [OutboxState.SENT] * 5
