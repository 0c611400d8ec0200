"""The coach: one question a week about the plan, if the person wants it; and reminders people ask for themselves.

At most one weekly question is open per chat. Sending it, counting it as unanswered and planning the next one is one
transaction, so neither a crash nor a clock that jumps sends it twice.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from actions.guides import day_of
from actions.replies import Button, Text, Visible
from bot.domain import hours, screens
from bot.domain.ports import House
from bot.domain.reaction import Reaction
from bot.messages import Coach, Mode, Tap
from bot.store import chats, checkups, counters, outbox, progress, reminders
from bot.store.tables import ChatRow, ReminderRow

EVERY_SECONDS = 15.0
AT_ONCE = 50
MOST_SILENT = 3
"""Weekly questions without an answer before the coach stops by itself."""
DAYS = {"tomorrow": 1, "week": 7}
log = structlog.get_logger()


async def run_coach(house: House, wake_sender: Callable[[], None]) -> None:
    """Send what is due, now and every few seconds."""
    while True:
        try:
            if await send_due(house):
                wake_sender()
        except Exception:
            log.exception("can't look for reminders now", action="coach.failed")
        await asyncio.sleep(EVERY_SECONDS)


async def send_due(house: House) -> int:
    """Send all reminders that are due; returns how many messages went to the outbox."""
    now = house.now()
    async with house.db.read() as session:
        due = await reminders.due(session, now, AT_ONCE)
    sent = 0
    for row_id in due:
        async with house.db.write() as session:
            row = await reminders.open_by_id(session, row_id)
            chat = await chats.by_row_id(session, row.chat_row_id) if row else None
            if row is not None and chat is not None:
                sent += await _send(house, session, chat, row, now)
    return sent


async def _send(house: House, session: AsyncSession, chat: ChatRow, row: ReminderRow, now: datetime) -> int:
    """One reminder: into the outbox, or to a better hour."""
    if hours.is_quiet(now, chat.country):
        row.due_at = hours.next_good(now, chat.country)
        return 0
    if chat.mode != Mode.BOT:
        # A person is being asked for or is there: the mentor keeps out of it.
        row.due_at = hours.next_good(now + timedelta(hours=12), chat.country)
        return 0
    row.sent_at = now
    if row.kind == reminders.COACH:
        said = await _weekly(house, session, chat, row, now)
    else:
        said = _reminder(house, chat, row)
    calls = house.renderer.render(said, chat.chat_id, None)
    await outbox.add(session, house.bot_id, calls, now)
    log.info("reminded", action=f"coach.{row.kind}", messages=len(calls))
    return len(calls)


def _reminder(house: House, chat: ChatRow, row: ReminderRow) -> list[Visible]:
    words = house.words(chat.language)
    title = house.title(row.guide, chat.language)
    if title is None:
        return []
    go_on = Button(words.say("guide.go_on"), "show_step", guide=row.guide, step=max(1, row.step), value="new")
    later = Button(words.say("reminder.tomorrow"), "bot_remind_at", guide=row.guide, step=row.step, value="tomorrow")
    rows = [[go_on, later], [screens.menu_button(words)]]
    return [Text(words.say("reminder.due", title=title), rows)]


async def _weekly(house: House, session: AsyncSession, chat: ChatRow, row: ReminderRow, now: datetime) -> list[Visible]:
    """The question about the next guide of the plan; or the goodbye, or the word that the plan is done."""
    words = house.words(chat.language)
    if chat.coach != Coach.ON:
        return []
    if chat.coach_silent >= MOST_SILENT:
        chat.coach = Coach.PAUSED
        await counters.add(session, "coach_paused", now)
        return [screens.with_menu(words, "coach.goodbye")]
    guide = await _next_guide(house, session, chat)
    title = house.title(guide, chat.language) if guide else None
    if not title:
        return [_all_done(house, chat)]
    row.guide = guide
    chat.coach_silent += 1
    _plan_next(session, chat, now)
    return [Text(words.say("coach.question", title=title), _answer_rows(house, chat, guide))]


def _answer_rows(house: House, chat: ChatRow, guide: str) -> list[list[Button]]:
    words = house.words(chat.language)
    yes = Button(words.say("coach.answer_yes"), "bot_coach_yes", guide=guide)
    not_yet = Button(words.say("coach.answer_not_yet"), "bot_coach_notyet", guide=guide)
    stuck = Button(words.say("coach.answer_stuck"), "bot_coach_stuck", guide=guide)
    stop = Button(words.say("coach.answer_stop"), "bot_coach_stop")
    return [[yes, not_yet], [stuck, stop]]


def _all_done(house: House, chat: ChatRow) -> Text:
    """The plan is done: nothing more to ask, until the next check."""
    words = house.words(chat.language)
    chat.coach, chat.coach_silent = Coach.UNASKED, 0
    rows = [[Button(words.say("plan.again"), "start_checkup", value="new")], [screens.menu_button(words)]]
    return Text(words.say("plan.all_done"), rows)


def _plan_next(session: AsyncSession, chat: ChatRow, now: datetime) -> datetime:
    due = hours.next_week(now, chat.country)
    session.add(ReminderRow(chat_row_id=chat.id, kind=reminders.COACH, due_at=due, created_at=now))
    return due


async def _next_guide(house: House, session: AsyncSession, chat: ChatRow) -> str:
    """The first guide of the plan that is not done and still exists."""
    check = await checkups.last_done(session, chat.id)
    rows = await progress.of_chat(session, chat.id)
    finished = {row.guide for row in rows if row.finished_at}
    plan: Sequence[str] = check.plan if check else []
    return next((slug for slug in plan if slug not in finished and house.title(slug, chat.language)), "")


async def begin(house: House, session: AsyncSession, chat: ChatRow, now: datetime) -> str | None:
    """The person wants to be asked: plan the first question; returns its day in words, or None without a plan.

    Whoever stops and begins again does not get a second question within the week.
    """
    if not await _next_guide(house, session, chat):
        return None
    await reminders.drop_open(session, chat.id, kind=reminders.COACH)
    chat.coach, chat.coach_silent = Coach.ON, 0
    due = _plan_next(session, chat, now)
    await counters.add(session, "coach_on", now)
    return say_day(due, chat)


async def stop(session: AsyncSession, chat: ChatRow, now: datetime) -> None:
    """No more messages of the mentor's own accord; an opt-out is counted once."""
    if chat.coach == Coach.ON:
        await counters.add(session, "coach_off", now)
    if chat.coach:
        chat.coach = Coach.OFF
    chat.coach_silent = 0
    await reminders.drop_open(session, chat.id)


async def lose(session: AsyncSession, chat: ChatRow) -> None:
    """The person can't be reached: nothing is sent until they come back and ask for it."""
    if chat.coach == Coach.ON:
        chat.coach = Coach.PAUSED
    await reminders.drop_open(session, chat.id)


async def handle_resume(house: House, session: AsyncSession, chat: ChatRow, now: datetime) -> Reaction:
    """`/resume`: ask again once a week, or the way to a plan."""
    words = house.words(chat.language)
    day = await begin(house, session, chat, now)
    if day is None:
        rows = [[Button(words.say("checkup.start"), "start_checkup")], [screens.menu_button(words)]]
        return Reaction(replies=[Text(words.say("coach.no_plan"), rows)])
    return Reaction(replies=[screens.with_menu(words, "coach.resumed", day=day)])


async def handle_tap(house: House, session: AsyncSession, chat: ChatRow, tap: Tap, now: datetime) -> Reaction:
    """The buttons of the coach; each does the same when tapped again."""
    words = house.words(chat.language)
    chat.coach_silent = 0
    match tap.intent:
        case "bot_coach_on":
            day = await begin(house, session, chat, now)
            key = "coach.on" if day else "coach.nothing_left"
            return Reaction(replies=[screens.with_menu(words, key, edit=True, day=day)])
        case "bot_coach_off" | "bot_coach_stop":
            await stop(session, chat, now)
            chat.coach = Coach.OFF
            return Reaction(replies=[screens.with_menu(words, "coach.off", edit=True)])
        case "bot_coach_yes":
            return Reaction(replies=[await _praise(house, session, chat, tap.guide, now)])
        case "bot_coach_notyet":
            return Reaction(replies=[await _not_yet(house, session, chat, tap.guide)])
        case "bot_coach_stuck":
            return Reaction(replies=[await _stuck(house, session, chat, tap.guide)])
        case "bot_coach_again":
            day = await _day_of_next(house, session, chat, now)
            return Reaction(replies=[screens.with_menu(words, "coach.until", edit=True, day=day)])
    return Reaction(replies=[screens.with_menu(words, "bot.old_button")])


async def _praise(house: House, session: AsyncSession, chat: ChatRow, guide: str, now: datetime) -> Text:
    """Done: tick it off, and name the next idea."""
    words = house.words(chat.language)
    row = await progress.of_guide_or_new(session, chat.id, guide, now)
    row.finished_at = row.finished_at or now
    await session.flush()
    following = await _next_guide(house, session, chat)
    title = house.title(following, chat.language) if following else None
    if title is None:
        await reminders.drop_open(session, chat.id, kind=reminders.COACH)
        done = _all_done(house, chat)
        return Text(f"{words.say('coach.praise')}\n\n{done.text}", done.rows, edit=True)
    said = f"{words.say('coach.praise')}\n\n{words.say('coach.next_idea', title=title)}"
    rows = [[screens.guide_button(following, title)], [screens.menu_button(words)]]
    return Text(said, rows, edit=True)


async def _not_yet(house: House, session: AsyncSession, chat: ChatRow, guide: str) -> Text:
    words = house.words(chat.language)
    smaller = Button(words.say("coach.smaller"), "show_step", guide=guide, step=await _step_in(session, chat, guide))
    rows = [[Button(words.say("coach.again"), "bot_coach_again"), smaller], [screens.menu_button(words)]]
    return Text(words.say("coach.not_yet"), rows, edit=True)


async def _stuck(house: House, session: AsyncSession, chat: ChatRow, guide: str) -> Text:
    words = house.words(chat.language)
    step = await _step_in(session, chat, guide)
    rows = [
        [Button(words.say("guide.go_on"), "show_step", guide=guide, step=step)],
        [Button(words.say("menu.person"), "ask_human", guide=guide, step=step), screens.menu_button(words)],
    ]
    return Text(words.say("coach.stuck"), rows, edit=True)


async def _step_in(session: AsyncSession, chat: ChatRow, guide: str) -> int:
    row = await progress.of_guide(session, chat.id, guide)
    return max(1, row.step) if row else 1


async def _day_of_next(house: House, session: AsyncSession, chat: ChatRow, now: datetime) -> str:
    """When the next weekly question comes, in words; planned anew where none is."""
    rows = await reminders.of_chat(session, chat.id)
    due = next((row.due_at for row in rows if row.kind == reminders.COACH and row.sent_at is None), None)
    if due is None:
        chat.coach = Coach.ON
        due = _plan_next(session, chat, now)
    return say_day(due, chat)


def ask_when(house: House, chat: ChatRow, tap: Tap) -> Reaction:
    """ "Remind me": tomorrow, or in a week?"""
    words = house.words(chat.language)
    title = house.title(tap.guide, chat.language)
    if title is None:
        return Reaction(replies=[screens.with_menu(words, "bot.old_button")])
    days = [
        Button(words.say("reminder.tomorrow"), "bot_remind_at", guide=tap.guide, step=tap.step, value="tomorrow"),
        Button(words.say("reminder.next_week"), "bot_remind_at", guide=tap.guide, step=tap.step, value="week"),
    ]
    back = Button(words.say("guide.back_to_step"), "show_step", guide=tap.guide, step=tap.step)
    return Reaction(replies=[Text(words.say("reminder.when", title=title), [days, [back]], edit=True)])


async def remind_at(house: House, session: AsyncSession, chat: ChatRow, tap: Tap, now: datetime) -> Reaction:
    """Note a reminder for a guide; a new one takes the place of the one before."""
    words = house.words(chat.language)
    if tap.value not in DAYS or house.title(tap.guide, chat.language) is None:
        return Reaction(replies=[screens.with_menu(words, "bot.old_button")])
    due = hours.after(now, chat.country, DAYS[tap.value])
    await reminders.drop_open(session, chat.id, kind=reminders.GUIDE, guide=tap.guide)
    session.add(
        ReminderRow(
            chat_row_id=chat.id, kind=reminders.GUIDE, guide=tap.guide, step=tap.step, due_at=due, created_at=now
        )
    )
    return Reaction(replies=[screens.with_menu(words, "reminder.set", edit=True, day=say_day(due, chat))])


def say_day(moment: datetime, chat: ChatRow) -> str:
    """Weekday and date as the person's language writes them."""
    return day_of(hours.local_day(moment, chat.country), chat.language)
