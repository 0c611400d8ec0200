"""The sender: takes calls from the outbox to Telegram; every call ends in a state that says what became of it."""

import asyncio
import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain import coach, files, handoff
from bot.domain.buckets import Limits
from bot.domain.lanes import LaneLoop
from bot.domain.ports import House
from bot.domain.retry import FLEETING, Decision, Outcome, decide
from bot.errors import ChatGone, DeliveryError, FileFailed
from bot.messages import OutboxState
from bot.store import chats, outbox, tickets
from bot.store.tables import OutboxRow

WITH_FILE = frozenset({"sendPhoto", "sendDocument"})
WIDTH = 32
"""Calls under way at once."""
log = structlog.get_logger()


@dataclass(frozen=True)
class Departure:
    """A call whose turn it is."""

    row: OutboxRow
    params: dict[str, Any] | None = None
    """What to send, if the call is marked as sending already; else it has to wait for its pace or its file."""

    @property
    def lane(self) -> str:
        """The lane of its row."""
        return self.row.lane


class Sender:
    """Works off the outbox."""

    def __init__(self, house: House, limits: Limits, clock: Callable[[], float]) -> None:
        """`clock` gives seconds that never go back, for the pace."""
        self._house = house
        self._limits = limits
        self._clock = clock
        self.loop = LaneLoop("sender", self._fetch, self.deliver, width=WIDTH)

    async def recover(self) -> int:
        """After a crash: calls that were under way go again, except where a late one helps nobody; returns how many."""
        now = self._house.now()
        async with self._house.db.write() as session:
            rows = await outbox.left_in_flight(session)
            for row in rows:
                if row.method in FLEETING:
                    await outbox.close(session, row.id, OutboxState.EXPIRED, now, error="the process died under way")
                else:
                    await outbox.retry_later(session, row.id, now, "the process died under way", ambiguous=True)
        return len(rows)

    async def _fetch(self, busy: Collection[str], limit: int) -> list[Departure]:
        """The calls whose turn it is; those that can leave at once are marked as sending, all in one transaction."""
        async with self._house.db.read() as session:
            rows = await outbox.next_due(session, self._house.now(), busy_lanes=busy, limit=limit)
        leaving = {row.id: json.loads(row.params) for row in rows if self._may_leave(row)}
        if leaving:
            await self._mark_sending([row for row in rows if row.id in leaving], leaving)
        # What the person waits for leaves first; the end of a button's turning right after it.
        rows = sorted(rows, key=lambda row: row.method in FLEETING)
        return [Departure(row, leaving.get(row.id)) for row in rows]

    def _may_leave(self, row: OutboxRow) -> bool:
        """True if nothing has to be made for the call, and its pace allows it now (which counts as having left)."""
        if row.method in WITH_FILE:
            return False
        return not self._limits.wait_seconds(row.method, row.chat_id, self._clock())

    async def _mark_sending(self, rows: Sequence[OutboxRow], params: dict[int, dict[str, Any]]) -> None:
        """Commit that these calls may have left, and fill in the messages they answer."""
        async with self._house.db.write() as session:
            await outbox.mark_sending(session, [row.id for row in rows], self._house.now())
            for row in rows:
                if row.reply_to_outbox_id:
                    await _fill_in_reply(session, row.reply_to_outbox_id, params[row.id])

    async def deliver(self, departure: Departure) -> None:
        """One try of one call."""
        row, params = departure.row, departure.params
        if params is None:
            await self._keep_pace(row)
            try:
                params = await files.fill_in(self._house, json.loads(row.params))
            except FileFailed as error:
                await self._without_file(row, str(error))
                return
            await self._mark_sending([row], {row.id: params})
        try:
            result = await self._house.transport.call(row.method, params)
        except DeliveryError as error:
            await self._failed(row, error, decide(error, row.method, row.attempts + 1))
            return
        message_id = result.get("message_id") if isinstance(result, dict) else None
        async with self._house.db.write() as session:
            await outbox.close(session, row.id, OutboxState.SENT, self._house.now(), message_id=message_id)
        seconds = round(max(0.0, (self._house.now() - row.created_at).total_seconds()), 3)
        log.info("sent", action="sender.sent", method=row.method, call=row.id, request=row.inbox_id, seconds=seconds)

    async def _keep_pace(self, row: OutboxRow) -> None:
        """Wait until this call may leave."""
        wait = self._limits.wait_seconds(row.method, row.chat_id, self._clock())
        while wait > 0:
            # A pace, not a wait for something to happen.
            await asyncio.sleep(wait)
            wait = self._limits.wait_seconds(row.method, row.chat_id, self._clock())

    async def _failed(self, row: OutboxRow, error: DeliveryError, decision: Decision) -> None:
        now = self._house.now()
        reason = f"{type(error).__name__}: {error}"
        log.warning(
            "not delivered",
            action=f"sender.{decision.outcome.name.lower()}",
            method=row.method,
            call=row.id,
            request=row.inbox_id,
            reason=reason,
        )
        async with self._house.db.write() as session:
            match decision.outcome:
                case Outcome.DONE:
                    await outbox.close(session, row.id, OutboxState.SENT, now, error=reason)
                case Outcome.AGAIN:
                    later = now + timedelta(seconds=decision.wait_seconds)
                    await outbox.retry_later(session, row.id, later, reason, ambiguous=decision.ambiguous)
                case Outcome.AS_NEW:
                    params = json.loads(row.params)
                    params.pop("message_id", None)
                    await outbox.retry_later(
                        session, row.id, now, reason, ambiguous=False, method="sendMessage", params=json.dumps(params)
                    )
                case Outcome.MOVED:
                    await outbox.move_chat(session, row.chat_id, decision.new_chat_id)
                    params = {**json.loads(row.params), "chat_id": decision.new_chat_id}
                    await outbox.retry_later(session, row.id, now, reason, ambiguous=False, params=json.dumps(params))
                case Outcome.REFUSED:
                    await outbox.close(session, row.id, OutboxState.FAILED, now, error=reason)
                    await self._after_refusal(session, row, error)
                case Outcome.EXPIRED:
                    await outbox.close(session, row.id, OutboxState.EXPIRED, now, error=reason)

    async def _without_file(self, row: OutboxRow, reason: str) -> None:
        """The file can't be made: the person reads so, instead of waiting for it."""
        log.error("a file could not be made", action="sender.no_file", call=row.id, reason=reason)
        async with self._house.db.write() as session:
            await outbox.close(session, row.id, OutboxState.FAILED, self._house.now(), error=reason)
            await self._say_instead(session, row)

    async def _say_instead(self, session: AsyncSession, row: OutboxRow) -> None:
        """In place of a file that does not come: what stands under it, if that tells the same, or an apology."""
        chat = await chats.by_chat_id(session, self._house.bot_id, row.chat_id)
        if chat is None:
            return
        params = json.loads(row.params)
        said = params.get("caption", "") if row.method == "sendPhoto" else ""
        said = said or self._house.words(chat.language).say("bot.no_file")
        call = self._house.renderer.plain(row.chat_id, said)
        await outbox.add(session, self._house.bot_id, [call], self._house.now())
        self.loop.wake()

    async def _after_refusal(self, session: AsyncSession, row: OutboxRow, error: DeliveryError) -> None:
        """Who blocked the bot is not written to again, and an advisor who is waiting is told."""
        if not isinstance(error, ChatGone):
            if row.method in WITH_FILE:
                await self._say_instead(session, row)
            return
        chat = await chats.by_chat_id(session, self._house.bot_id, row.chat_id)
        if chat is None or chat.unreachable_at:
            return
        chat.unreachable_at = self._house.now()
        await coach.lose(session, chat)
        ticket = await tickets.by_id(session, chat.ticket_id) if chat.ticket_id else None
        if ticket and not ticket.closed_at:
            note = handoff.unreachable_note(self._house, ticket.id, chat.first_name)
            await outbox.add(session, self._house.bot_id, [note], self._house.now())
            self.loop.wake()


async def _fill_in_reply(session: AsyncSession, earlier_id: int, params: dict[str, Any]) -> None:
    """Point to the earlier message, if it was delivered; without it the call goes out as it is."""
    message_id = await outbox.message_id_of(session, earlier_id)
    if message_id:
        params["reply_parameters"] = {"message_id": message_id, "allow_sending_without_reply": True}
