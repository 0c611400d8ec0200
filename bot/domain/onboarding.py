"""The first minute, and the screens where people change what they chose then."""

import re
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from actions.replies import SLUG, Text
from bot.domain import coach, handoff, screens
from bot.domain.ports import House
from bot.domain.reaction import Ask, Reaction
from bot.messages import Inbound, Kind
from bot.store import chats
from bot.store.tables import ChatRow

SCREENS = {
    "language": screens.choose_language,
    "country": screens.choose_country,
    "privacy": screens.privacy,
    "delete": screens.ask_delete,
    "stop": screens.stop,
}
MENU = Ask(payload={"intent": "menu"})


async def know_chat(house: House, session: AsyncSession, inbound: Inbound, now: datetime) -> ChatRow:
    """The chat an update comes from; someone new gets the language of their phone and a guess of the country."""
    chat = await chats.by_chat_id(session, house.bot_id, inbound.chat_id)
    if chat is None:
        language = house.roster.guess(inbound.language_code)
        chat = await chats.create(
            session,
            house.bot_id,
            inbound.chat_id,
            first_name=inbound.first_name,
            language=language.code,
            country=language.countries[0] if language.countries else "",
            now=now,
        )
    note_seen(chat, inbound, now)
    return chat


def note_seen(chat: ChatRow, inbound: Inbound, now: datetime) -> None:
    """What every update of a chat tells about its person."""
    chat.last_seen_at = now
    if inbound.first_name:
        chat.first_name = inbound.first_name
    if inbound.present:
        chat.unreachable_at = None


def promised_guide(house: House, argument: str) -> str:
    """The guide that a link `start=<slug>` names, or an empty text: whatever else it says is not for us."""
    return argument if re.fullmatch(SLUG, argument) and house.title(argument, "en") else ""


async def handle_welcome(house: House, chat: ChatRow, inbound: Inbound) -> Reaction:
    """Before the OK: whatever was written, the first screen; nothing of it is kept."""
    if inbound.command == "start":
        chat.deep_link = promised_guide(house, inbound.argument)
    was_text = inbound.kind in (Kind.TEXT, Kind.MEDIA)
    return Reaction(replies=[screens.welcome(house, chat, was_text=was_text)], forget=True)


async def handle_start(house: House, chat: ChatRow, inbound: Inbound) -> Reaction:
    """`/start` from someone we know: on to the promised guide, or a greeting with the way on."""
    guide = promised_guide(house, inbound.argument)
    handoff.leave_request(chat)
    return Reaction(ask=Ask(payload={"intent": "show_guide", "guide": guide} if guide else {"intent": "greet"}))


async def handle_screen(
    house: House, session: AsyncSession, chat: ChatRow, inbound: Inbound, now: datetime
) -> Reaction:
    """`/language`, `/privacy` and their like."""
    handoff.leave_request(chat)
    if inbound.command == "stop":
        await coach.stop(session, chat, now)
    return Reaction(replies=[SCREENS[inbound.command](house, chat)], forget=chat.consented_at is None)


def agree(house: House, chat: ChatRow, country: str, now: datetime) -> Reaction:
    """The OK to the notice: on to the promised guide, or to the menu."""
    if country in house.roster.countries():
        chat.country = country
    if chat.consented_at is None:
        chat.consented_at = now
    guide, chat.deep_link = chat.deep_link, ""
    return Reaction(ask=Ask(payload={"intent": "show_guide", "guide": guide}) if guide else MENU)


def set_language(house: House, chat: ChatRow, code: str) -> Text:
    """Change the language; a person who is still new gets a fitting country guess with it."""
    language = house.roster.get(code)
    if language:
        chat.language = language.code
        chat.declined = [code for code in chat.declined if code != language.code]
        if chat.consented_at is None:
            chat.country = language.countries[0] if language.countries else ""
    return screens.language_changed(house, chat) if chat.consented_at else screens.welcome(house, chat, edit=True)


def set_country(house: House, chat: ChatRow, country: str) -> Text:
    """Change the country; `none` and anything unknown mean: a country without notes."""
    chat.country = country if country in house.roster.countries() else ""
    if chat.consented_at is None:
        return screens.welcome(house, chat, edit=True)
    return screens.country_changed(house, chat)
