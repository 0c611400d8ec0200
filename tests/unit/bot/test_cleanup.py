"""What is old goes, on schedule, and what is not stays."""

from sqlalchemy import select

from bot.domain.cleanup import clean_once
from bot.store import dead_letters, erasures
from bot.store.tables import ProgressRow

from .conftest import KARI, OLA, Talk
from .test_dead_letters import poisons


def blocked(update_id: int) -> dict[str, object]:
    """Kari blocks the bot."""
    chat = {"id": KARI["id"], "type": "private"}
    member = {"chat": chat, "from": KARI, "new_chat_member": {"status": "kicked"}}
    return {"update_id": update_id, "my_chat_member": member}


async def test_97_who_blocked_the_bot_is_forgotten_when_the_time_is_over(talk: Talk) -> None:
    for who in (KARI, OLA):
        await talk.settles(who)
        chat = await talk.chat(who)
        assert chat is not None
        async with talk.house.db.write() as session:
            session.add(ProgressRow(chat_row_id=chat.id, guide="shop-payments", updated_at=talk.clock.at))
    await talk.sends(blocked(900))
    talk.clock.move(days=89)
    await clean_once(talk.house)
    kept = await talk.chat(KARI)
    talk.clock.move(days=2)

    await clean_once(talk.house)

    assert kept is not None
    assert await talk.chat(KARI) is None
    assert await talk.chat(OLA) is not None
    async with talk.house.db.read() as session:
        assert len((await session.scalars(select(ProgressRow))).all()) == 1
        assert list(await erasures.all_marks(session)) == ["pseudonym-11"]
    assert await talk.calls(KARI["id"]) == []


async def test_97_who_came_back_is_not_forgotten(talk: Talk) -> None:
    await talk.settles(KARI)
    await talk.sends(blocked(900))
    talk.clock.move(days=80)
    await talk.says(KARI, "hei igjen")
    talk.clock.move(days=20)

    await clean_once(talk.house)

    assert await talk.chat(KARI) is not None


async def test_old_messages_go_and_new_ones_stay(talk: Talk) -> None:
    await talk.settles(KARI)
    await talk.says(KARI, "merket-gammel")
    await talk.works()
    talk.clock.move(days=60)
    await talk.says(KARI, "merket-ny")
    talk.clock.move(days=31)

    await clean_once(talk.house)

    kept = "".join(row.payload for row in await talk.inbox())
    assert "merket-gammel" not in kept
    assert "merket-ny" in kept


async def test_old_dead_letters_go_with_their_updates(talk: Talk) -> None:
    await talk.settles(KARI)
    await poisons(talk, "gift")
    async with talk.house.db.read() as session:
        before = await dead_letters.count(session)
    talk.clock.move(days=91)

    await clean_once(talk.house)

    async with talk.house.db.read() as session:
        assert (before, await dead_letters.count(session)) == (1, 0)


async def test_erasures_are_remembered_for_400_days(talk: Talk) -> None:
    await talk.settles(KARI)
    await talk.says(KARI, "/delete")
    await talk.taps(KARI, "Ja, slett alt")
    talk.clock.move(days=399)
    await clean_once(talk.house)
    async with talk.house.db.read() as session:
        before = await erasures.all_marks(session)
    talk.clock.move(days=2)

    await clean_once(talk.house)

    async with talk.house.db.read() as session:
        assert (len(before), await erasures.all_marks(session)) == (1, {})
