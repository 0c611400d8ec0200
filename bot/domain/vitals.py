"""How the two queues, the given-up updates and the advisors' tickets stand: for health, metrics and the doctor."""

from dataclasses import dataclass
from datetime import datetime

from bot.store import dead_letters, inbox, outbox, tickets
from bot.store.database import Database


@dataclass(frozen=True)
class Waiting:
    """How much waits somewhere, and for how long the oldest of it."""

    number: int
    oldest_seconds: float


@dataclass(frozen=True)
class Vitals:
    """One look at the database."""

    inbox: Waiting
    """Updates whose effect is still to come."""
    outbox: Waiting
    """Calls on their way to Telegram."""
    tickets: Waiting
    """People who asked for a person and have had no answer."""
    dead_letters: int


async def look(db: Database, now: datetime) -> Vitals:
    """How things stand at `now`.

    Raises:
        SQLAlchemyError: the database does not answer.
    """
    async with db.read() as session:
        return Vitals(
            _waiting(await inbox.open_count_and_oldest(session), now),
            _waiting(await outbox.open_count_and_oldest(session), now),
            _waiting(await tickets.unanswered_count_and_oldest(session), now),
            await dead_letters.count(session),
        )


def _waiting(found: tuple[int, datetime | None], now: datetime) -> Waiting:
    number, oldest = found
    return Waiting(number, round(max(0.0, (now - oldest).total_seconds()), 1) if oldest else 0.0)
