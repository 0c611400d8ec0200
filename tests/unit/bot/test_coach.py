"""The coach and the reminders: through the real inbox, outbox and database, with a clock that is moved."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from actions.replies import Button, CheckupAnswer, CheckupDone, Text
from bot.domain import coach
from bot.messages import Coach, Mode
from bot.store import reminders
from bot.store.tables import ChatRow, CounterRow, ProgressRow, ReminderRow

from .conftest import GROUP, KARI, OLA, Talk

PLAN = ["shop-payments", "base-security", "social-google"]


async def plans(talk: Talk, who: dict[str, Any], plan: list[str] | None = None) -> None:
    """Someone who has done the check and has a plan."""
    await talk.settles(who)
    talk.dialogue.script.append([Text("Result"), CheckupAnswer("orders", "no"), CheckupDone("low", 5, plan or PLAN)])
    await talk.says(who, "check my firm")
    await talk.hears(who["id"])


async def agrees(talk: Talk, who: dict[str, Any]) -> None:
    """Someone who wants to be asked once a week."""
    await plans(talk, who)
    await taps_button(talk, who, Button("x", "bot_coach_on"))


async def taps_button(talk: Talk, who: dict[str, Any], button: Button) -> None:
    """A tap on a button that the action server puts under its own messages."""
    markup = talk.keyboards.markup([[button]], who["id"])
    assert markup is not None
    await talk.taps_data(who, markup["inline_keyboard"][0][0]["callback_data"])


async def week(talk: Talk, look_every: int = 6) -> int:
    """A week passes, looked at by night and by day; how many messages the coach sent meanwhile."""
    sent = 0
    for _ in range(7 * 24 // look_every):
        talk.clock.move(hours=look_every)
        sent += await coach.send_due(talk.house)
    return sent


async def opted(talk: Talk, name: str) -> int:
    async with talk.house.db.read() as session:
        numbers = await session.scalars(select(CounterRow.number).where(CounterRow.name == name))
        return sum(numbers)


async def test_question_comes_after_a_week_at_a_good_hour(talk: Talk) -> None:
    await agrees(talk, OLA)
    assert await talk.hears(OLA["id"]) == ["Gladly. The first time: Tuesday, 1 December 2026. /stop ends it."]

    talk.clock.at = datetime(2026, 12, 1, 8, 59, tzinfo=UTC)
    assert await coach.send_due(talk.house) == 0
    talk.clock.at = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
    assert await coach.send_due(talk.house) == 1

    assert await talk.hears(OLA["id"]) == ["Did you get to Take payment online?"]
    assert await talk.labels(OLA["id"]) == ["Yes", "Not yet", "I'm stuck", "Stop asking"]


async def test_at_most_one_question_a_week_and_silence_after_three_without_answer(talk: Talk) -> None:
    await agrees(talk, OLA)
    await talk.hears(OLA["id"])

    sent = [await week(talk, look_every=1) for _ in range(8)]

    assert sum(sent) == 4
    assert max(sent) == 1
    *questions, goodbye = await talk.hears(OLA["id"])
    assert questions == ["Did you get to Take payment online?"] * 3
    assert goodbye.startswith("I do not want to be a bother, so I stop asking.")
    chat = await talk.chat(OLA)
    assert chat is not None
    assert chat.coach == Coach.PAUSED
    assert await opted(talk, "coach_paused") == 1


async def test_an_answer_starts_the_count_of_silence_anew(talk: Talk) -> None:
    await agrees(talk, OLA)
    await week(talk)
    await week(talk)
    await talk.taps(OLA, "Not yet")

    assert sum([await week(talk) for _ in range(3)]) == 3
    assert "Did you get to" in (await talk.hears(OLA["id"]))[-1]


async def test_yes_ticks_the_guide_off_and_names_the_next_idea(talk: Talk) -> None:
    await agrees(talk, OLA)
    await week(talk)
    await talk.hears(OLA["id"])

    await talk.taps(OLA, "Yes")

    assert await talk.hears(OLA["id"]) == [
        (
            "✅ Well done, that is one thing less.\n\n"
            "The next idea from your plan: Keep your accounts safe. I ask again next week."
        )
    ]
    async with talk.house.db.read() as session:
        row = await session.scalar(select(ProgressRow).where(ProgressRow.guide == "shop-payments"))
    assert row is not None
    assert row.finished_at == talk.clock.at
    await week(talk)
    assert await talk.hears(OLA["id"]) == ["Did you get to Keep your accounts safe?"]


async def test_plan_that_is_done_ends_the_questions_with_a_good_word(talk: Talk) -> None:
    await agrees(talk, OLA)
    for _ in PLAN:
        await week(talk)
        await talk.taps(OLA, "Yes")

    assert (await talk.hears(OLA["id"]))[-1].startswith(
        "✅ Well done, that is one thing less.\n\nYou have done everything"
    )
    assert [await week(talk) for _ in range(3)] == [0, 0, 0]


async def test_not_yet_is_fine_and_can_be_made_smaller(talk: Talk) -> None:
    await agrees(talk, OLA)
    await week(talk)
    await talk.taps(OLA, "Not yet")
    assert await talk.labels(OLA["id"]) == ["Next week again", "Just one step", "Menu"]

    await talk.taps(OLA, "Next week again")
    assert (await talk.hears(OLA["id"]))[-1] == "Good. I ask again: Tuesday, 8 December 2026."
    assert await week(talk) == 1

    await talk.taps(OLA, "Just one step")
    assert talk.dialogue.asked[-1].payload == {"intent": "show_step", "guide": "shop-payments", "step": 1}


async def test_stuck_leads_back_to_the_step_or_to_a_person(talk: Talk) -> None:
    await agrees(talk, OLA)
    await week(talk)
    await talk.taps(OLA, "I'm stuck")

    assert await talk.labels(OLA["id"]) == ["Go on", "Talk to a person", "Menu"]


@pytest.mark.parametrize("by_command", [True, False])
async def test_stop_ends_everything_and_is_counted_once(talk: Talk, by_command: bool) -> None:
    await agrees(talk, OLA)
    await week(talk)
    await (talk.says(OLA, "/stop") if by_command else talk.taps(OLA, "Stop asking"))
    await talk.says(OLA, "/stop")

    assert [await week(talk) for _ in range(3)] == [0, 0, 0]
    assert await opted(talk, "coach_off") == 1


async def test_resume_brings_it_back_and_never_twice_in_a_week(talk: Talk) -> None:
    await agrees(talk, OLA)
    await week(talk)
    for _ in range(3):
        await talk.says(OLA, "/stop")
        await talk.says(OLA, "/resume")
    await talk.hears(OLA["id"])

    assert await week(talk) <= 1
    assert len(await talk.hears(OLA["id"])) <= 1


async def test_resume_without_a_plan_shows_the_way_to_one(talk: Talk) -> None:
    await talk.settles(OLA)

    await talk.says(OLA, "/resume")

    assert await talk.labels(OLA["id"]) == ["Start the check", "Menu"]


async def test_nobody_is_asked_who_did_not_agree(talk: Talk) -> None:
    await plans(talk, OLA)
    await plans(talk, KARI)
    await taps_button(talk, KARI, Button("x", "bot_coach_off"))

    assert [await week(talk) for _ in range(3)] == [0, 0, 0]


async def test_reminder_comes_once_and_leads_on(talk: Talk) -> None:
    await talk.settles(OLA)
    await taps_button(talk, OLA, Button("x", "bot_remind", "shop-payments", step=3))
    assert await talk.labels(OLA["id"]) == ["Tomorrow", "In a week", "Back to the step"]
    await talk.taps(OLA, "In a week")
    await talk.taps(OLA, "Tomorrow")
    assert (await talk.hears(OLA["id"]))[-1] == "I will remind you: Wednesday, 25 November 2026."

    assert await week(talk) == 1
    assert await talk.hears(OLA["id"]) == ["You asked me to remind you: Take payment online."]
    await talk.taps(OLA, "Go on")
    assert talk.dialogue.asked[-1].payload == {
        "intent": "show_step",
        "guide": "shop-payments",
        "step": 3,
        "value": "new",
    }


async def test_long_standstill_sends_what_is_overdue_once_and_not_by_night(talk: Talk) -> None:
    await agrees(talk, OLA)
    await talk.hears(OLA["id"])
    talk.clock.at = datetime(2026, 12, 20, 2, 0, tzinfo=UTC)  # three weeks too late, at three in the morning

    assert await coach.send_due(talk.house) == 0
    talk.clock.move(hours=8)
    assert await coach.send_due(talk.house) == 1
    assert await coach.send_due(talk.house) == 0
    assert await talk.hears(OLA["id"]) == ["Did you get to Take payment online?"]


@pytest.mark.parametrize("jump", [timedelta(hours=1), timedelta(hours=-1)])
async def test_clock_that_jumps_sends_nothing_twice(talk: Talk, jump: timedelta) -> None:
    await agrees(talk, OLA)
    talk.clock.at = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
    assert await coach.send_due(talk.house) == 1

    talk.clock.at += jump

    assert await coach.send_due(talk.house) == 0


async def test_coach_keeps_out_while_a_person_is_there(talk: Talk) -> None:
    await agrees(talk, OLA)
    async with talk.house.db.write() as session:
        await session.execute(update(ChatRow).where(ChatRow.chat_id == OLA["id"]).values(mode=Mode.HUMAN))
    await talk.hears(OLA["id"])

    assert await week(talk) == 0
    async with talk.house.db.write() as session:
        await session.execute(update(ChatRow).where(ChatRow.chat_id == OLA["id"]).values(mode=Mode.BOT))
    assert await week(talk) == 1


async def test_guide_that_was_withdrawn_is_not_asked_about(talk: Talk) -> None:
    await plans(talk, OLA, ["shop-gone", "base-security"])
    await taps_button(talk, OLA, Button("x", "bot_coach_on"))
    await talk.hears(OLA["id"])

    await week(talk)

    assert await talk.hears(OLA["id"]) == ["Did you get to Keep your accounts safe?"]


async def test_message_and_its_mark_are_one_transaction(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A crash while the message is written leaves the reminder open, and the next look sends it."""
    await agrees(talk, OLA)
    await talk.hears(OLA["id"])
    talk.clock.at = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
    real = coach.outbox.add

    async def dies(*_: Any, **__: Any) -> Any:
        raise RuntimeError("the process dies here")

    monkeypatch.setattr(coach.outbox, "add", dies)
    with pytest.raises(RuntimeError):
        await coach.send_due(talk.house)
    monkeypatch.setattr(coach.outbox, "add", real)

    assert await coach.send_due(talk.house) == 1
    async with talk.house.db.read() as session:
        rows = (await session.scalars(select(ReminderRow).where(ReminderRow.kind == reminders.COACH))).all()
    assert [row.sent_at is None for row in rows] == [False, True]
    assert len(await talk.hears(OLA["id"])) == 1


async def test_forged_day_is_an_old_button(talk: Talk) -> None:
    await talk.settles(OLA)
    await taps_button(talk, OLA, Button("x", "bot_remind_at", "shop-payments", value="never"))

    assert "earlier time" in (await talk.hears(OLA["id"]))[0]
    assert await talk.calls(GROUP) == []
    assert json.loads((await talk.calls(OLA["id"]))[-1].params)["chat_id"] == OLA["id"]
