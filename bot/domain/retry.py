"""What to do with a call that did not go through: a pure function from (error, method, attempts) to a decision.

The rules are reliability D10: what surely was not sent is tried again freely; where nobody knows, texts and edits are
repeated (a copy is better than a loss) and what is only of use now is dropped; a refusal is final.
"""

from dataclasses import dataclass
from enum import Enum

from bot.errors import (
    Ambiguous,
    ChatMoved,
    DeliveryError,
    NothingChanged,
    NothingToEdit,
    NotSent,
    OtherPoller,
    TooManyRequests,
    WrongToken,
)

FLEETING = frozenset({"answerCallbackQuery", "sendChatAction"})
"""Calls that help only in the moment."""
LONGEST_WAIT_SECONDS = 60.0
FLEETING_ATTEMPTS = 2


class Outcome(Enum):
    """What happens to the call."""

    DONE = "done"
    """As good as delivered."""
    AGAIN = "again"
    """Later, in its place in the lane."""
    AS_NEW = "as new"
    """At once, as a new message instead of an edit."""
    MOVED = "moved"
    """At once, to the group's new id."""
    REFUSED = "refused"
    EXPIRED = "expired"


@dataclass(frozen=True)
class Decision:
    """An outcome, with the wait where there is one."""

    outcome: Outcome
    wait_seconds: float = 0.0
    ambiguous: bool = False
    """Telegram may have taken the call already."""
    new_chat_id: int = 0


def backoff_seconds(attempts: int) -> float:
    """1, 2, 4 ... seconds after the first, second, third try, at most a minute."""
    return min(LONGEST_WAIT_SECONDS, float(2 ** min(max(attempts - 1, 0), 10)))


def decide(error: DeliveryError, method: str, attempts: int) -> Decision:
    """Decide about a call after its try number `attempts` failed with `error`."""
    fleeting = method in FLEETING
    match error:
        case NothingChanged():
            return Decision(Outcome.DONE)
        case NothingToEdit() if method == "editMessageText":
            return Decision(Outcome.AS_NEW)
        case ChatMoved(new_chat_id=new_chat_id):
            return Decision(Outcome.MOVED, new_chat_id=new_chat_id)
        case TooManyRequests(retry_after=wait):
            return Decision(Outcome.EXPIRED) if fleeting else Decision(Outcome.AGAIN, wait)
        case Ambiguous():
            if fleeting:
                return Decision(Outcome.EXPIRED, ambiguous=True)
            return Decision(Outcome.AGAIN, backoff_seconds(attempts), ambiguous=True)
        case NotSent() | WrongToken() | OtherPoller():
            # A revoked token is the operator's to mend; the people's answers wait for it (scenario 57).
            if fleeting and attempts >= FLEETING_ATTEMPTS:
                return Decision(Outcome.EXPIRED)
            return Decision(Outcome.AGAIN, backoff_seconds(attempts))
        case _:
            return Decision(Outcome.REFUSED)
