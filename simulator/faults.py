"""The fault switchboard: which calls go wrong, how, and how often.

A fault is matched against a call by method, chat and bot; among several the oldest wins. `accepted` tells whether the
call takes effect although the bot does not learn it, which is the case that makes duplicates.
"""

import itertools
from dataclasses import asdict, dataclass
from enum import StrEnum

from simulator.errors import ChatMigrated, Impossible, Refusal, TooManyRequests
from simulator.model import Json


class FaultKind(StrEnum):
    """What goes wrong."""

    TOO_MANY = "too_many_requests"
    """429 with `retry_after`; not accepted."""
    ERROR = "error"
    """`status` with `description`: 500, 502, 504, 403, 400 ...; accepted only if `accepted` says so."""
    SLOW = "slow"
    """Accepted at once, answered after `seconds`."""
    DELAY = "delay"
    """Nothing happens for `seconds`, then the call is accepted and answered."""
    RESET = "reset"
    """Accepted, then the connection is reset before any answer."""
    HANG = "hang"
    """Accepted, then silence for `seconds`, then the connection is closed."""
    HALF_BODY = "half_body"
    """Accepted; the answer breaks off in the middle."""
    INVALID_JSON = "invalid_json"
    """Accepted; 200 with a body that is no JSON."""
    REFUSE = "refuse"
    """The connection is reset before the call is read: not accepted."""
    UNKNOWN_METHOD = "unknown_method"
    """404, as a smaller Bot API server answers."""
    MIGRATE = "migrate"
    """400 with `migrate_to_chat_id`."""


AFTER = frozenset({FaultKind.SLOW, FaultKind.RESET, FaultKind.HANG, FaultKind.HALF_BODY, FaultKind.INVALID_JSON})
"""Kinds where the call takes effect."""

DESCRIPTIONS = {
    400: "Bad Request: refused by a fault",
    401: "Unauthorized",
    403: "Forbidden: bot was blocked by the user",
    404: "Not Found",
    409: "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
    500: "Internal Server Error",
    502: "Bad Gateway",
    504: "Gateway Timeout",
}


@dataclass
class Fault:
    """One switch of the board."""

    kind: FaultKind
    method: str = ""
    """Empty for every method except getUpdates; "*" for really all."""
    chat_id: int | None = None
    bot_id: int | None = None
    count: int | None = 1
    """How many calls go wrong; None for all until the fault is cleared."""
    skip: int = 0
    """How many matching calls pass before the first goes wrong."""
    every: int = 1
    """Of the matching calls, only each n-th goes wrong."""
    retry_after: int = 1
    status: int = 500
    description: str = ""
    seconds: float = 1.0
    migrate_to_chat_id: int = 0
    accepted: bool = False
    """ERROR only: the call takes effect all the same."""
    id: int = 0
    hits: int = 0
    """How many calls went wrong so far."""
    seen: int = 0
    """How many calls matched so far."""

    @property
    def takes_effect(self) -> bool:
        """True if the call is carried out in spite of the fault."""
        return self.kind in AFTER or self.kind == FaultKind.DELAY or (self.kind == FaultKind.ERROR and self.accepted)

    @property
    def answers(self) -> bool:
        """True if the bot is given a whole and readable answer."""
        return self.kind not in AFTER - {FaultKind.SLOW} | {FaultKind.REFUSE}

    def matches(self, method: str, chat_id: int | str | None, bot_id: int) -> bool:
        """True if this fault is meant for such a call."""
        if self.method == "" and method.lower() == "getupdates":
            return False
        if self.method not in ("", "*") and self.method.lower() != method.lower():
            return False
        return self.chat_id in (None, chat_id) and self.bot_id in (None, bot_id)

    def refusal(self) -> Refusal:
        """The refusal that a fault of a refusing kind answers with."""
        if self.kind == FaultKind.TOO_MANY:
            return TooManyRequests(self.retry_after)
        if self.kind == FaultKind.MIGRATE:
            return ChatMigrated(self.migrate_to_chat_id)
        if self.kind == FaultKind.UNKNOWN_METHOD:
            return Refusal(404, "Not Found")
        return Refusal(
            self.status, self.description or DESCRIPTIONS.get(self.status, "Bad Request: refused by a fault")
        )

    def as_json(self) -> Json:
        """As the control interface shows it."""
        return asdict(self)


class Faults:
    """All switches that are on."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._ids = itertools.count(1)

    def add(self, fault: Fault) -> Fault:
        """Switch a fault on."""
        fault.id = next(self._ids)
        self._faults.append(fault)
        return fault

    def clear(self, fault_id: int | None = None) -> None:
        """Switch one fault off, or all."""
        self._faults = [fault for fault in self._faults if fault_id is not None and fault.id != fault_id]

    def all(self) -> list[Fault]:
        """Every fault that was switched on and not cleared, spent ones too."""
        return list(self._faults)

    def take(self, method: str, chat_id: int | str | None, bot_id: int) -> Fault | None:
        """The fault that befalls this call, counted; None when all is well."""
        for fault in self._faults:
            if not fault.matches(method, chat_id, bot_id) or fault.count == fault.hits:
                continue
            fault.seen += 1
            due = fault.seen > fault.skip and (fault.seen - fault.skip - 1) % fault.every == 0
            if due:
                fault.hits += 1
                return fault
        return None


def fault_from(body: Json) -> Fault:
    """Read a fault from the control interface.

    Raises:
        Impossible: an unknown kind or field.
    """
    known = {name for name in Fault.__dataclass_fields__ if name not in ("id", "hits", "seen")}
    if unknown := sorted(set(body) - known):
        raise Impossible(f"A fault has no field {unknown[0]}; it has {', '.join(sorted(known))}.")
    try:
        return Fault(**{**body, "kind": FaultKind(body.get("kind", ""))})
    except ValueError as problem:
        raise Impossible(f"{problem}; the kinds are {', '.join(FaultKind)}.") from problem
