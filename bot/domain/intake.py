"""Intake: updates go to disk before Telegram hears that we have them."""

import json
from collections.abc import Sequence
from typing import Any

from bot.domain.ports import House
from bot.messages import InboxState, Kind
from bot.store import inbox


async def accept(house: House, updates: Sequence[dict[str, Any]]) -> int:
    """Write updates to the inbox and commit; returns how many were new. Only then may Telegram be told.

    Raises:
        SQLAlchemyError: they are not on disk; Telegram must not be told.
    """
    now = house.now()
    rows: list[dict[str, object]] = []
    for update in updates:
        # ASCII JSON: lone surrogates and NUL stay harmless escapes until the text is read and cleaned.
        payload = json.dumps(update)
        inbound = house.read_update(payload)
        other = inbound.kind is Kind.OTHER
        rows.append(
            {
                "bot_id": house.bot_id,
                "update_id": inbound.update_id,
                "lane": str(inbound.chat_id),
                "payload": "{}" if other else payload,
                "state": InboxState.IGNORED if other else InboxState.OPEN,
                "received_at": now,
                "available_at": now,
                "attempts": 0,
                "apologised": False,
                "error": "",
            }
        )
    async with house.db.write() as session:
        return await inbox.insert_new(session, rows)
