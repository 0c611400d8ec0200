"""One turn with the dialogue engine: what it is asked, and what its answer does to the chat."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from actions.replies import (
    Card,
    Chart,
    CheckupAnswer,
    CheckupDone,
    Document,
    End,
    Handoff,
    Missed,
    Progress,
    Rating,
    Screen,
    Step,
    Text,
    Understood,
    Visible,
    read_all,
)
from bot.domain import coach, handoff, onboarding, screens
from bot.domain.ports import House
from bot.domain.reaction import Ask
from bot.messages import Answer, Question
from bot.store import checkups, counters, progress
from bot.store.tables import ChatRow, CheckupRow, MissedRow, ProgressRow

MAX_REPLIES = 10
log = structlog.get_logger()


@dataclass
class Turn:
    """The chat and the moment an answer belongs to."""

    house: House
    session: AsyncSession
    chat: ChatRow
    now: datetime
    asked: str
    """What the person wrote; empty for a tap."""
    replies: list[Visible] = field(default_factory=list)


async def build_question(house: House, session: AsyncSession, chat: ChatRow, message_id: str, ask: Ask) -> Question:
    """The question for the dialogue engine, with all that an action may need to know."""
    rows = await progress.of_chat(session, chat.id)
    current = next((row for row in rows if row.guide == chat.current_guide), None)
    metadata: dict[str, Any] = {
        "language": chat.language,
        "declined": chat.declined,
        "country": chat.country,
        "progress": _progress_json(current) if current else None,
        "finished": [row.guide for row in rows if row.finished_at],
        "checkup": _checkup_json(*await checkups.open_and_last_done(session, chat.id), chat.coach),
        "misses": chat.misses,
    }
    return Question(house.pseudonym(chat.chat_id), message_id, ask.text, ask.payload, metadata)


async def apply_answer(turn: Turn, answer: Answer) -> list[Visible]:
    """Let the directives of `answer` take effect; returns what the person will see."""
    good, bad = read_all(answer.replies)
    for fault in bad:
        log.error("reply not understood", action="turn.bad_reply", fault=fault)
    for item in good:
        await _apply_item(turn, item)
    if not turn.replies:
        words = turn.house.words(turn.chat.language)
        turn.replies.append(screens.with_menu(words, "bot.nothing"))
    return turn.replies[:MAX_REPLIES]


async def _apply_item(turn: Turn, item: object) -> None:
    match item:
        case Text() | Card() | Step() | Chart() | Document():
            turn.replies.append(item)
        case Progress():
            await _note_progress(turn, item)
        case Screen(name=name):
            if name == "stop":
                await coach.stop(turn.session, turn.chat, turn.now)
            turn.replies.append(onboarding.SCREENS[name](turn.house, turn.chat))
        case Handoff():
            turn.replies.extend(handoff.begin(turn.house, turn.chat, await _with_place(turn, item)))
        case Rating(guide=guide, value=value):
            row = await progress.of_guide_or_new(turn.session, turn.chat.id, guide, turn.now)
            row.rating = value
        case CheckupAnswer():
            await _note_answer(turn, item)
        case CheckupDone():
            await _note_checkup(turn, item)
        case Missed():
            _note_missed(turn, item)
        case Understood():
            turn.chat.misses = 0
        case End():
            pass


async def _with_place(turn: Turn, request: Handoff) -> Handoff:
    """The request with the guide that is open, where it names none: the advisor should see where the owner is."""
    if request.guide or not turn.chat.current_guide:
        return request
    row = await progress.of_guide(turn.session, turn.chat.id, turn.chat.current_guide)
    return Handoff(row.guide, row.step) if row and not row.finished_at else request


async def _note_progress(turn: Turn, item: Progress) -> None:
    row = await progress.of_guide_or_new(turn.session, turn.chat.id, item.guide, turn.now)
    row.step, row.total, row.updated_at = item.step, item.total, turn.now
    if item.done and item.done not in row.done:
        row.done = sorted([*row.done, item.done])
    row.finished_at = turn.now if item.finished else None
    turn.chat.current_guide = item.guide


async def _note_answer(turn: Turn, item: CheckupAnswer) -> None:
    """Keep an answer of the firm check, at once: whoever stops in the middle finds it again."""
    if item.restart:
        await checkups.drop_under_way(turn.session, turn.chat.id)
    if not item.question:
        return
    row = await checkups.under_way(turn.session, turn.chat.id)
    if row is None:
        row = CheckupRow(chat_row_id=turn.chat.id, answers={}, started_at=turn.now)
        turn.session.add(row)
    row.answers = {**row.answers, item.question: item.answer}
    await turn.session.flush()


async def _note_checkup(turn: Turn, item: CheckupDone) -> None:
    """The check is done, and its plan is the person's plan from now on."""
    row = await checkups.under_way(turn.session, turn.chat.id)
    if row is not None:
        row.level, row.points, row.plan, row.finished_at = item.level, item.points, item.plan, turn.now
        await counters.add(turn.session, "checkups_done", turn.now)


def _note_missed(turn: Turn, item: Missed) -> None:
    turn.chat.misses += 1
    if turn.asked:
        turn.session.add(
            MissedRow(
                chat_row_id=turn.chat.id,
                language=turn.chat.language,
                text=turn.asked,
                reason=item.reason,
                guides=item.guides,
                created_at=turn.now,
            )
        )


def _checkup_json(open_row: CheckupRow | None, done: CheckupRow | None, coach: str) -> dict[str, Any]:
    """The check that is under way and the last one that is done, as an action needs them."""
    before = (
        {"answers": done.answers, "day": done.finished_at.date().isoformat()} if done and done.finished_at else None
    )
    return {
        "answers": open_row.answers if open_row else {},
        "before": before,
        "plan": done.plan if done else [],
        "coach": coach,
    }


def _progress_json(row: ProgressRow) -> dict[str, Any]:
    return {"guide": row.guide, "step": row.step, "total": row.total, "finished": row.finished_at is not None}
