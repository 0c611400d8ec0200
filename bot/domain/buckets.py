"""Token buckets: how fast messages may leave (Telegram's advice, reliability T1 and T3)."""

from dataclasses import dataclass, field

GLOBAL_PER_SECOND = 25.0
CHAT_PER_SECOND, CHAT_BURST = 1.0, 3.0
GROUP_PER_SECOND, GROUP_BURST = 20 / 60, 20.0
MANY_CHATS = 1000
"""From so many buckets on, the idle ones go before a new one comes."""
NEW_MESSAGES = frozenset({"sendMessage", "sendPhoto", "sendDocument", "copyMessage"})


@dataclass
class Bucket:
    """`rate` tokens a second, at most `burst` in hand."""

    rate: float
    burst: float
    tokens: float = field(init=False)
    at: float = 0.0
    """When the tokens were counted last: seconds of a clock that never goes back."""

    def __post_init__(self) -> None:
        self.tokens = self.burst

    def wait_seconds(self, now: float) -> float:
        """How long until a token is there; 0 if one is."""
        self._refill(now)
        return 0.0 if self.tokens >= 1 else (1 - self.tokens) / self.rate

    def take(self, now: float) -> None:
        """Take a token."""
        self._refill(now)
        self.tokens -= 1

    def _refill(self, now: float) -> None:
        self.tokens = min(self.burst, self.tokens + max(0.0, now - self.at) * self.rate)
        self.at = max(self.at, now)

    def is_full(self, now: float) -> bool:
        """True if it has not been used for so long that a new bucket would be the same."""
        self._refill(now)
        return self.tokens >= self.burst


class Limits:
    """The bucket of everything, and one for each chat; only new messages count, edits and tap answers pass."""

    def __init__(self, per_second: float = GLOBAL_PER_SECOND) -> None:
        self._all = Bucket(per_second, per_second)
        self._chats: dict[int, Bucket] = {}

    def wait_seconds(self, method: str, chat_id: int, now: float) -> float:
        """How long this call has to wait, at least; when it need not, its tokens are taken."""
        if method not in NEW_MESSAGES:
            return 0.0
        bucket = self._chats.get(chat_id)
        if bucket is None:
            # Telegram's ids of groups and channels are negative.
            bucket = Bucket(GROUP_PER_SECOND, GROUP_BURST) if chat_id < 0 else Bucket(CHAT_PER_SECOND, CHAT_BURST)
            bucket.at = now
            if len(self._chats) >= MANY_CHATS:
                self.forget_idle(now)
            self._chats[chat_id] = bucket
        wait = max(bucket.wait_seconds(now), self._all.wait_seconds(now))
        if not wait:
            bucket.take(now)
            self._all.take(now)
        return wait

    def forget_idle(self, now: float) -> None:
        """Let go of buckets that nobody needs: memory must not grow with the number of people."""
        self._chats = {chat_id: bucket for chat_id, bucket in self._chats.items() if not bucket.is_full(now)}
