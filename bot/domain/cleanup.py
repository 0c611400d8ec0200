"""Keeping the promise of the privacy notice: what is older than the retention time is deleted."""

import asyncio
from datetime import timedelta

import structlog

from bot.domain.erasure import erase
from bot.domain.ports import House
from bot.store import chats, erasures, inbox, missed, outbox, reminders

EVERY_SECONDS = 3600
log = structlog.get_logger()


async def clean_once(house: House) -> None:
    """Delete what is too old in the queues, reminders and missed questions, and the chats that left us so long ago."""
    now, days = house.now(), house.operator.retention_days
    async with house.db.write() as session:
        updates = await inbox.delete_older(session, now, days)
        calls = await outbox.delete_older(session, now, days)
        sent = await reminders.delete_older(session, now, days)
        questions = await missed.delete_older(session, now, days)
        await erasures.delete_older(session, now)
        gone = await chats.unreachable_before(session, now - timedelta(days=days))
        for chat in gone:
            await erase(session, chat)
            await erasures.add(session, house.pseudonym(chat.chat_id), now)
    await house.db.scrub()
    log.info(
        "cleaned",
        action="cleanup.done",
        updates=updates,
        calls=calls,
        questions=questions,
        reminders=sent,
        chats=len(gone),
    )


async def run_cleanup(house: House) -> None:
    """Clean now and every hour."""
    while True:
        try:
            await clean_once(house)
        except Exception:
            log.exception("can't clean up now", action="cleanup.failed")
        await asyncio.sleep(EVERY_SECONDS)
