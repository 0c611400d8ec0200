"""Erasing a person, on the day they ask and again when a backup would bring them back."""

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.store import chats, dead_letters, inbox, outbox, tickets
from bot.store.tables import ChatRow


async def erase(session: AsyncSession, chat: ChatRow) -> None:
    """Erase a chat: its progress, tickets and questions, and every message of it in both queues."""
    numbers = await tickets.ids_of_chat(session, chat.id)
    await outbox.delete_of_chat(session, chat.chat_id)
    await outbox.delete_of_tickets(session, numbers)
    await dead_letters.delete_of_lane(session, str(chat.chat_id))
    await inbox.erase_lane(session, str(chat.chat_id))
    await chats.delete_row(session, chat.id)


async def erase_again(
    session: AsyncSession, erased: Mapping[str, datetime], pseudonym: Callable[[int], str]
) -> list[str]:
    """Erase all chats that are older than their erasure; returns their marks.

    Whoever came back after it stays: that chat was made later.
    """
    marks = []
    for chat in await chats.every(session):
        mark = pseudonym(chat.chat_id)
        if mark in erased and chat.created_at <= erased[mark]:
            await erase(session, chat)
            marks.append(mark)
    return marks
