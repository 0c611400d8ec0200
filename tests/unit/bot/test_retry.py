"""The retry decisions, as one table."""

import pytest

from bot.domain.retry import Decision, Outcome, backoff_seconds, decide
from bot.errors import (
    Ambiguous,
    ChatGone,
    ChatMoved,
    DeliveryError,
    NothingChanged,
    NothingToEdit,
    NotSent,
    OtherPoller,
    Refused,
    TooManyRequests,
    UnknownMethod,
    WrongToken,
)

TABLE = [
    # a pause is obeyed to the second, however many tries there were
    (TooManyRequests(7), "sendMessage", 1, Decision(Outcome.AGAIN, 7)),
    (TooManyRequests(3600), "sendMessage", 9, Decision(Outcome.AGAIN, 3600)),
    (TooManyRequests(7), "answerCallbackQuery", 1, Decision(Outcome.EXPIRED)),
    # nobody knows: a text may be doubled, never lost; a spinner is not worth it
    (Ambiguous(), "sendMessage", 1, Decision(Outcome.AGAIN, 1, ambiguous=True)),
    (Ambiguous(), "editMessageText", 3, Decision(Outcome.AGAIN, 4, ambiguous=True)),
    (Ambiguous(), "answerCallbackQuery", 1, Decision(Outcome.EXPIRED, ambiguous=True)),
    # it never left: again, for as long as it takes
    (NotSent(), "sendMessage", 1, Decision(Outcome.AGAIN, 1)),
    (NotSent(), "sendMessage", 500, Decision(Outcome.AGAIN, 60)),
    (NotSent(), "answerCallbackQuery", 1, Decision(Outcome.AGAIN, 1)),
    (NotSent(), "answerCallbackQuery", 2, Decision(Outcome.EXPIRED)),
    # the operator's to mend: nothing is thrown away meanwhile
    (WrongToken(), "sendMessage", 3, Decision(Outcome.AGAIN, 4)),
    (OtherPoller(), "sendMessage", 1, Decision(Outcome.AGAIN, 1)),
    # edits
    (NothingChanged(), "editMessageText", 1, Decision(Outcome.DONE)),
    (NothingToEdit(), "editMessageText", 1, Decision(Outcome.AS_NEW)),
    (NothingToEdit(), "deleteMessage", 1, Decision(Outcome.REFUSED)),
    # final
    (ChatMoved(-100), "sendMessage", 1, Decision(Outcome.MOVED, new_chat_id=-100)),
    (ChatGone(), "sendMessage", 1, Decision(Outcome.REFUSED)),
    (UnknownMethod(), "copyMessage", 1, Decision(Outcome.REFUSED)),
    (Refused(), "sendMessage", 1, Decision(Outcome.REFUSED)),
]


@pytest.mark.parametrize(("error", "method", "attempts", "decision"), TABLE)
def test_decide_follows_the_table(error: DeliveryError, method: str, attempts: int, decision: Decision) -> None:
    assert decide(error, method, attempts) == decision


def test_backoff_doubles_up_to_a_minute() -> None:
    assert [backoff_seconds(attempts) for attempts in (0, 1, 2, 3, 7, 100)] == [1, 1, 2, 4, 60, 60]
