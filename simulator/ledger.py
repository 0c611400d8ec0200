"""The ledger: every call of every bot, what became of it, and what the bot was told."""

from collections.abc import Callable
from dataclasses import dataclass, field

from simulator.clock import Clock
from simulator.model import Json
from simulator.signals import Signal


@dataclass
class Call:
    """One call of the Bot API. Never holds the token."""

    number: int
    bot_id: int
    method: str
    chat_id: int | str | None
    params: Json
    received_at: float
    """By the simulator's clock."""
    accepted: bool | None = None
    """Whether it took effect; None while it is under way."""
    message_id: int | None = None
    error_code: int | None = None
    """What the call was refused with, also when a fault was the reason; 0 when the connection was reset instead."""
    description: str = ""
    fault: str = ""
    """The kind of the fault that befell it. Accepted together with a fault: the bot cannot know that it was taken."""
    answered_at: float | None = None
    """When a readable answer was given; None while under way or when there was none."""

    def as_json(self) -> Json:
        """As the control interface shows it."""
        return dict(self.__dict__)


@dataclass
class Ledger:
    """All calls, oldest first."""

    clock: Clock
    calls: list[Call] = field(default_factory=list)
    signal: Signal = field(default_factory=Signal)
    _last: int = 0

    def open(self, bot_id: int, method: str, chat_id: int | str | None, params: Json) -> Call:
        """Enter a call that has just come in."""
        self._last += 1
        call = Call(self._last, bot_id, method, chat_id, params, self.clock.now())
        self.calls.append(call)
        return call

    def taken(self, call: Call, message_id: int | None) -> None:
        """The call took effect."""
        call.accepted = True
        call.message_id = message_id
        self.signal.notify()

    def refused(self, call: Call, code: int, description: str) -> None:
        """The call was refused and had no effect."""
        call.accepted = False
        call.error_code = code
        call.description = description
        self.signal.notify()

    def answered(self, call: Call) -> None:
        """The bot was given an answer."""
        call.answered_at = self.clock.now()

    def find(self, wanted: Callable[[Call], bool]) -> list[Call]:
        """The calls that fit and are decided, oldest first."""
        return [call for call in self.calls if call.accepted is not None and wanted(call)]

    def clear(self) -> None:
        """Forget all calls; numbers go on growing."""
        self.calls.clear()
