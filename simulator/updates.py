"""A bot's queue of updates, with the offset rules of getUpdates.

Rules: core.telegram.org/bots/api#getupdates and tdlib/telegram-bot-api Client.cpp (`process_get_updates_query`,
`do_get_updates`): an offset forgets everything below it, a negative one everything but the last few; a second poller
ends the first with 409; the same offset again within half a second gets one update only.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from simulator.errors import Refusal, conflict
from simulator.model import Json
from simulator.signals import Signal

KNOWN_KINDS = frozenset(
    {
        "message", "edited_message", "channel_post", "edited_channel_post", "business_connection", "business_message",
        "edited_business_message", "deleted_business_messages", "message_reaction", "message_reaction_count",
        "inline_query", "chosen_inline_result", "callback_query", "shipping_query", "pre_checkout_query",
        "purchased_paid_media", "poll", "poll_answer", "my_chat_member", "chat_member", "chat_join_request",
        "chat_boost", "removed_chat_boost",
    }
)  # fmt: skip
DEFAULT_KINDS = KNOWN_KINDS - {"chat_member", "message_reaction", "message_reaction_count"}
FIRST_UPDATE_ID = 700_000_001
MESSAGE_LIFE_SECONDS = 86_400
TAP_LIFE_SECONDS = 150
SAME_OFFSET_SECONDS = 0.5
MAX_POLL_SECONDS = 50


@dataclass(frozen=True)
class Update:
    """One update that waits for the bot."""

    id: int
    body: Json
    lane: int
    """Webhook deliveries of one lane follow each other; lanes run side by side."""
    expires_at: float
    """By the simulator's clock."""


@dataclass
class UpdateQueue:
    """Updates of one bot, oldest first."""

    now: Callable[[], float]
    pending: dict[int, Update] = field(default_factory=dict)
    allowed: frozenset[str] | None = None
    """What the bot last asked for; None for Telegram's default."""
    on_put: Callable[[Update], None] | None = None
    """The webhook's delivery, when one is set."""
    signal: Signal = field(default_factory=Signal)
    taken: Signal = field(default_factory=Signal)
    """Notified when updates leave the queue."""
    _next_id: int = FIRST_UPDATE_ID
    _turn: int = 0
    _ended_by: str = ""
    _last_offset: int | None = None
    _last_poll_at: float = -1.0

    def put(self, kind: str, payload: Json, lane: int, life_seconds: float = MESSAGE_LIFE_SECONDS) -> int | None:
        """Queue an update; None when the bot did not ask for this kind (Telegram then drops it for good)."""
        wanted = DEFAULT_KINDS if self.allowed is None else self.allowed
        if kind not in wanted:
            return None
        return self.put_raw({kind: payload}, lane, life_seconds)

    def put_raw(self, body: Json, lane: int, life_seconds: float = MESSAGE_LIFE_SECONDS) -> int:
        """Queue any update as it is; a given `update_id` is kept, even one already used."""
        update_id = int(body.get("update_id", self._next_id))
        self._next_id = max(self._next_id, update_id) + 1
        update = Update(update_id, {**body, "update_id": update_id}, lane, self.now() + life_seconds)
        self.pending[update_id] = update
        if self.on_put is not None:
            self.on_put(update)
        self.signal.notify()
        return update_id

    def take(self, update_id: int) -> None:
        """Forget one update: the webhook took it, or it expired."""
        self.pending.pop(update_id, None)
        self.taken.notify()

    def allow(self, kinds: list[str] | None) -> None:
        """Remember what the bot wants; None leaves it as it was, an empty list means the default."""
        if kinds is not None:
            known = frozenset(kinds) & KNOWN_KINDS
            self.allowed = known or None

    def clear(self) -> None:
        """Forget all that waits."""
        self.pending.clear()
        self.taken.notify()

    def count(self) -> int:
        """How many updates wait and are not too old."""
        now = self.now()
        return sum(update.expires_at > now for update in self.pending.values())

    def end_poll(self, by: str) -> None:
        """End a long poll that is under way with 409."""
        self._turn += 1
        self._ended_by = by
        self.signal.notify()

    async def poll(self, offset: int, limit: int, timeout_seconds: float) -> list[Json]:
        """Answer getUpdates.

        Raises:
            Refusal: 409, when another poller or a webhook came while this one waited.
        """
        self.end_poll("terminated by other getUpdates request; make sure that only one bot instance is running")
        turn = self._turn
        self._confirm(offset)
        timeout = min(max(timeout_seconds, 0.0), MAX_POLL_SECONDS)
        wanted = self._limit(offset, limit)
        await self.signal.wait_until(lambda: turn != self._turn or self._has_fresh(), timeout)
        if turn != self._turn:
            raise self._ended()
        return self._fresh(wanted)

    def _ended(self) -> Refusal:
        return conflict(self._ended_by)

    def _limit(self, offset: int, limit: int) -> int:
        now = asyncio.get_running_loop().time()
        again = offset == self._last_offset and now < self._last_poll_at + SAME_OFFSET_SECONDS
        self._last_offset, self._last_poll_at = offset, now
        return 1 if again else min(max(limit, 1), 100)

    def _confirm(self, offset: int) -> None:
        ids = sorted(self.pending)
        forgotten = ids[:offset] if offset < 0 else [number for number in ids if number < offset]
        for number in forgotten:
            self.take(number)

    def _has_fresh(self) -> bool:
        now = self.now()
        return any(update.expires_at > now for update in self.pending.values())

    def _fresh(self, limit: int) -> list[Json]:
        now = self.now()
        for number in [update.id for update in self.pending.values() if update.expires_at <= now]:
            del self.pending[number]
        return [self.pending[number].body for number in sorted(self.pending)[:limit]]
