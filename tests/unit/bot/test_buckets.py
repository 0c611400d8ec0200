"""How fast messages may leave."""

from bot.domain.buckets import Limits


def test_chat_gets_a_burst_of_three_and_then_one_a_second() -> None:
    limits = Limits()

    waits = [limits.wait_seconds("sendMessage", 7, 100.0) for _ in range(4)]
    later = [limits.wait_seconds("sendMessage", 7, at) for at in (101.0, 101.0)]

    assert waits == [0, 0, 0, 1]
    assert later == [0, 1]


def test_group_gets_twenty_and_then_one_in_three_seconds() -> None:
    limits = Limits(per_second=1000)

    waits = [limits.wait_seconds("sendMessage", -7, 0.0) for _ in range(21)]

    assert waits[:20] == [0] * 20
    assert round(waits[20], 6) == 3


def test_everything_together_stays_under_the_global_pace() -> None:
    limits = Limits(per_second=2)

    waits = [limits.wait_seconds("sendMessage", chat, 0.0) for chat in (1, 2, 3)]

    assert waits == [0, 0, 0.5]


def test_edits_and_tap_answers_do_not_count() -> None:
    limits = Limits(per_second=1)

    waits = [limits.wait_seconds(method, 7, 0.0) for method in ("editMessageText", "answerCallbackQuery") * 5]

    assert waits == [0] * 10


def test_idle_buckets_are_forgotten() -> None:
    limits = Limits()
    limits.wait_seconds("sendMessage", 7, 0.0)

    limits.forget_idle(0.5)
    busy = len(limits._chats)
    limits.forget_idle(10.0)

    assert (busy, len(limits._chats)) == (1, 0)


def test_memory_does_not_grow_with_the_number_of_people() -> None:
    limits = Limits(per_second=1_000_000)

    for number in range(1, 5001):
        limits.wait_seconds("sendMessage", number, number * 10.0)

    assert len(limits._chats) <= 1000
