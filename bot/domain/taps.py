"""The buttons of the bot's own screens; each is harmless when tapped twice or weeks later."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain import coach, handoff, onboarding, screens
from bot.domain.erasure import erase
from bot.domain.ports import House
from bot.domain.reaction import Reaction
from bot.messages import Inbound
from bot.store import erasures
from bot.store.tables import ChatRow


async def handle_own_tap(
    house: House, session: AsyncSession, chat: ChatRow, inbound: Inbound, now: datetime
) -> Reaction:
    """Do what the tapped button says."""
    tap = inbound.tapped()
    if tap.intent.startswith("bot_coach_"):
        return await coach.handle_tap(house, session, chat, tap, now)
    match tap.intent:
        case "bot_agree":
            return onboarding.agree(house, chat, tap.value, now)
        case "bot_welcome":
            return Reaction(replies=[screens.welcome(house, chat, edit=True)])
        case "bot_languages":
            return Reaction(replies=[screens.choose_language(house, chat, edit=True)])
        case "bot_countries":
            return Reaction(replies=[screens.choose_country(house, chat, edit=True)])
        case "bot_language":
            return Reaction(replies=[onboarding.set_language(house, chat, tap.value)])
        case "bot_stay":
            chat.declined = sorted({*chat.declined, tap.value})
            return Reaction(replies=[screens.language_changed(house, chat)])
        case "bot_country":
            return Reaction(replies=[onboarding.set_country(house, chat, tap.value)])
        case "bot_delete":
            return Reaction(replies=[screens.ask_delete(house, chat, edit=True)])
        case "bot_delete_yes":
            return await _forget(house, session, chat)
        case "bot_share":
            return await handoff.open_ticket(house, session, chat, now, shared=True)
        case "bot_share_not":
            return await handoff.open_ticket(house, session, chat, now, shared=False)
        case "bot_cancel":
            return handoff.cancel(house, chat)
        case "bot_remind":
            return coach.ask_when(house, chat, tap)
        case "bot_remind_at":
            return await coach.remind_at(house, session, chat, tap, now)
        case "bot_end":
            return await handoff.end_by_owner(house, session, chat, now)
    words = house.words(chat.language)
    return Reaction(replies=[screens.with_menu(words, "bot.old_button")])


async def _forget(house: House, session: AsyncSession, chat: ChatRow) -> Reaction:
    """Erase the person, and note that no backup may bring them back.

    The dialogue engine has been told before (see `Worker`), so that a failure there leaves the request open.
    """
    language = chat.language
    await erase(session, chat)
    await erasures.add(session, house.pseudonym(chat.chat_id), house.now())
    return Reaction(replies=[screens.deleted(house, language)], forget=True)
