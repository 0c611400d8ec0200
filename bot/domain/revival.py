"""Before a database of an earlier day serves again: what has happened since must not happen a second time.

Between the backup and the restore the mentor answered, reminded and was written to. In the backup all that is still
to come. Nobody can know what of it was done, so nothing is done of its own accord: the operator decides.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain import hours
from bot.messages import InboxState
from bot.store import chats, dead_letters, inbox, outbox, reminders

REASON = "open when this backup was made; perhaps it was done after that"


@dataclass(frozen=True)
class SetAside:
    """How many of each are not done again."""

    updates: int
    """Updates from Telegram that had no effect yet; `mentor inbox` can replay them."""
    calls: int
    """Messages that were not sent yet."""
    reminders: int
    """Messages of the mentor's own accord whose time has come since."""


async def set_aside(session: AsyncSession, now: datetime) -> SetAside:
    """Close what was open in a backup; the weekly questions go on in a week."""
    updates = await inbox.every_open(session)
    await dead_letters.add(session, {row.id: row.attempts for row in updates}, REASON, now)
    for update in updates:
        update.state, update.done_at = InboxState.DEAD, now
    calls = await outbox.expire_open(session, now, REASON)
    overdue = await reminders.overdue(session, now)
    for row in overdue:
        if row.kind == reminders.COACH:
            chat = await chats.by_row_id(session, row.chat_row_id)
            row.due_at = hours.next_week(now, chat.country if chat else "")
        else:
            row.sent_at = now
    return SetAside(len(updates), calls, len(overdue))
