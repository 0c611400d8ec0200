"""A human takes over: the request, the briefing card, the talk through the bot, and the way back."""

import json
from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from actions.replies import Button, Handoff, Text, Visible
from bot.domain import screens
from bot.domain.ports import House
from bot.domain.reaction import Reaction
from bot.messages import Inbound, Kind, Mode, Outbound
from bot.store import chats, inbox, outbox, tickets
from bot.store.tables import ChatRow, TicketRow

MAX_NEED = 1000
TRANSCRIPT_LINES = 8
OWNER_LINE, MENTOR_LINE = 300, 100
"""Characters of a line in the card: the owner's words matter, ours only remind of what was said."""


def begin(house: House, chat: ChatRow, request: Handoff) -> list[Visible]:
    """The person wants a human: ask what for, or say honestly that nobody is there."""
    words = house.words(chat.language)
    if not house.operator.advisors_chat_id:
        return [screens.with_menu(words, "handoff.nobody")]
    if chat.mode == Mode.HUMAN:
        return [Text(words.say("handoff.already", number=chat.ticket_id), [[_end_button(house, chat)]])]
    chat.mode, chat.need = Mode.NEED, ""
    chat.need_guide, chat.need_step = request.guide, request.step
    return [Text(words.say("handoff.need"), [[_cancel_button(house, chat)]])]


async def handle_need(house: House, chat: ChatRow, inbound: Inbound) -> Reaction:
    """The need in a sentence (or several): show it, and ask what may be shared."""
    chat.need = f"{chat.need}\n{inbound.text}".strip()[:MAX_NEED]
    chat.mode = Mode.CONSENT
    words = house.words(chat.language)
    rows = [
        [Button(words.say("handoff.button.share"), "bot_share")],
        [Button(words.say("handoff.button.share_not"), "bot_share_not"), _cancel_button(house, chat)],
    ]
    return Reaction(replies=[Text(words.say("handoff.consent"), rows)])


def cancel(house: House, chat: ChatRow) -> Reaction:
    """The person does not want a human after all."""
    _drop_request(chat)
    words = house.words(chat.language)
    return Reaction(replies=[screens.with_menu(words, "handoff.cancelled", edit=True)])


def leave_request(chat: ChatRow) -> None:
    """Whoever asks for something else while a person is being asked for, has changed their mind."""
    if chat.mode in (Mode.NEED, Mode.CONSENT):
        _drop_request(chat)


def _drop_request(chat: ChatRow) -> None:
    chat.mode, chat.need, chat.need_guide, chat.need_step = Mode.BOT, "", "", 0


async def open_ticket(house: House, session: AsyncSession, chat: ChatRow, now: datetime, *, shared: bool) -> Reaction:
    """Consent is given: a ticket, a card for the advisors, and the mentor steps back."""
    words = house.words(chat.language)
    if chat.mode != Mode.CONSENT:
        return Reaction(replies=[screens.with_menu(words, "bot.old_button")])
    ticket = TicketRow(
        chat_row_id=chat.id,
        need=chat.need,
        guide=chat.need_guide,
        step=chat.need_step,
        shared=shared,
        created_at=now,
    )
    session.add(ticket)
    await session.flush()
    card = await _card(house, session, chat, ticket)
    (card_id,) = await outbox.add(session, house.bot_id, [card], now)
    ticket.card_outbox_id = card_id
    chat.ticket_id, chat.mode = ticket.id, Mode.HUMAN
    chat.need, chat.need_guide, chat.need_step = "", "", 0
    said = Text(words.say("handoff.sent", number=ticket.id), [[_end_button(house, chat)]], edit=True)
    return Reaction(replies=[said])


async def handle_relay(house: House, session: AsyncSession, chat: ChatRow, inbound: Inbound) -> Reaction:
    """What the owner writes while a human is there goes under the card; the mentor says nothing."""
    ticket = await tickets.by_id(session, chat.ticket_id) if chat.ticket_id else None
    if ticket is None:
        chat.mode, chat.ticket_id = Mode.BOT, None
        words = house.words(chat.language)
        return Reaction(replies=[screens.with_menu(words, "handoff.over")])
    words = house.words(house.operator.language)
    key = "handoff.card.edited" if inbound.kind is Kind.EDITED else "handoff.card.says"
    head = words.say(key, number=ticket.id, name=chat.first_name)
    group = house.operator.advisors_chat_id
    calls = []
    if inbound.kind is Kind.MEDIA:
        calls.append(_for_ticket(house.renderer.plain(group, "", bold_prefix=head), ticket))
        params = {"chat_id": group, "from_chat_id": inbound.chat_id, "message_id": inbound.message_id}
        calls.append(_for_ticket(Outbound("copyMessage", params, group), ticket))
    else:
        calls.append(_for_ticket(house.renderer.plain(group, inbound.text, bold_prefix=head), ticket))
    return Reaction(calls=calls)


async def end_by_owner(house: House, session: AsyncSession, chat: ChatRow, now: datetime) -> Reaction:
    """The owner has what was needed; the advisors are told."""
    words = house.words(chat.language)
    ticket = await tickets.by_id(session, chat.ticket_id) if chat.ticket_id else None
    if ticket is None or ticket.closed_at:
        return Reaction(replies=[screens.with_menu(words, "handoff.over", edit=True)])
    _close(chat, ticket, "owner", now)
    note = house.words(house.operator.language).say("handoff.card.ended", number=ticket.id, name=chat.first_name)
    call = _for_ticket(house.renderer.plain(house.operator.advisors_chat_id, note), ticket)
    return Reaction(replies=[screens.with_menu(words, "handoff.ended")], calls=[call])


async def handle_advisors(house: House, session: AsyncSession, inbound: Inbound, now: datetime) -> Reaction:
    """The advisors' group: a reply to a card goes to its owner; everything else there is theirs alone."""
    if inbound.kind is Kind.TAP:
        return await _advisor_taps(house, session, inbound, now)
    if inbound.kind is Kind.EDITED or not inbound.reply_to_message_id:
        return Reaction()
    number = await outbox.ticket_of_message(session, inbound.chat_id, inbound.reply_to_message_id)
    ticket = await tickets.by_id(session, number) if number else None
    chat = await chats.by_row_id(session, ticket.chat_row_id) if ticket else None
    if ticket is None or chat is None:
        return Reaction()
    if inbound.command == "close":
        return await _close_by_advisor(house, chat, ticket, inbound.first_name, now)
    words = house.words(house.operator.language)
    if ticket.closed_at:
        note = words.say("handoff.card.closed_already", number=ticket.id)
        return Reaction(calls=[_for_ticket(house.renderer.plain(inbound.chat_id, note), ticket)])
    if chat.unreachable_at:
        note = words.say("handoff.card.unreachable", number=ticket.id, name=chat.first_name)
        return Reaction(calls=[_for_ticket(house.renderer.plain(inbound.chat_id, note), ticket)])
    ticket.advisor = inbound.first_name
    ticket.answered_at = ticket.answered_at or now
    return Reaction(calls=_to_owner(house, chat, inbound))


def unreachable_note(house: House, ticket_id: int, name: str) -> Outbound:
    """Tells the advisors that an answer did not reach its owner."""
    note = house.words(house.operator.language).say("handoff.card.unreachable", number=ticket_id, name=name)
    call = house.renderer.plain(house.operator.advisors_chat_id, note)
    return replace(call, ticket_id=ticket_id)


def _to_owner(house: House, chat: ChatRow, inbound: Inbound) -> list[Outbound]:
    if inbound.kind is Kind.MEDIA:
        params = {"chat_id": chat.chat_id, "from_chat_id": inbound.chat_id, "message_id": inbound.message_id}
        head = house.renderer.plain(chat.chat_id, "", bold_prefix=f"{inbound.first_name}:")
        return [head, Outbound("copyMessage", params, chat.chat_id)]
    return [house.renderer.plain(chat.chat_id, inbound.text, bold_prefix=f"{inbound.first_name}:")]


async def _advisor_taps(house: House, session: AsyncSession, inbound: Inbound, now: datetime) -> Reaction:
    words = house.words(house.operator.language)
    tap = inbound.tapped()
    ticket = await tickets.by_id(session, int(tap.value)) if tap.intent == "adv_close" and tap.value.isdigit() else None
    chat = await chats.by_row_id(session, ticket.chat_row_id) if ticket else None
    if ticket is None or chat is None:
        return Reaction(toast=words.say("bot.old_button"))
    return await _close_by_advisor(house, chat, ticket, inbound.first_name, now)


async def _close_by_advisor(house: House, chat: ChatRow, ticket: TicketRow, name: str, now: datetime) -> Reaction:
    operator_words, words = house.words(house.operator.language), house.words(chat.language)
    if ticket.closed_at:
        return Reaction(toast=operator_words.say("handoff.card.closed_already", number=ticket.id))
    _close(chat, ticket, "advisor", now)
    back = screens.with_menu(words, "handoff.closed", name=name)
    note = operator_words.say("handoff.card.closed", number=ticket.id, name=name)
    calls = house.renderer.render([back], chat.chat_id, None)
    calls.append(_for_ticket(house.renderer.plain(house.operator.advisors_chat_id, note), ticket))
    return Reaction(calls=calls)


def _close(chat: ChatRow, ticket: TicketRow, by: str, now: datetime) -> None:
    ticket.closed_at, ticket.closed_by = now, by
    if chat.ticket_id == ticket.id:
        chat.ticket_id, chat.mode = None, Mode.BOT


async def _card(house: House, session: AsyncSession, chat: ChatRow, ticket: TicketRow) -> Outbound:
    """The briefing: who, what, where stuck, and the last lines if the owner agreed."""
    language = house.operator.language
    words = house.words(language)
    spoken = house.roster.get(chat.language)
    country = house.roster.country_name(chat.country, language) if chat.country else words.say("handoff.card.elsewhere")
    lines = [
        words.say("handoff.card.who", name=chat.first_name, country=country, language=spoken.name if spoken else ""),
        words.say("handoff.card.need", need=ticket.need),
    ]
    if ticket.guide:
        title = house.title(ticket.guide, language) or ticket.guide
        key = "handoff.card.step" if ticket.step else "handoff.card.guide"
        lines.append(words.say(key, title=title, step=ticket.step))
    if ticket.shared:
        lines.append(words.say("handoff.card.chat"))
        lines.extend(await _transcript(house, session, chat))
    lines.append(words.say("handoff.card.how"))
    head = words.say("handoff.card.head", number=ticket.id)
    rows = [[Button(words.say("handoff.card.button.close"), "adv_close", value=str(ticket.id))]]
    call = house.renderer.plain(house.operator.advisors_chat_id, "\n".join(lines), bold_prefix=head, rows=rows)
    return replace(call, ticket_id=ticket.id)


async def _transcript(house: House, session: AsyncSession, chat: ChatRow) -> list[str]:
    """The last lines of both sides, oldest first."""
    said: list[tuple[datetime, str]] = []
    for row in await inbox.recent_of_lane(session, str(chat.chat_id), TRANSCRIPT_LINES):
        inbound = house.read_update(row.payload)
        if inbound.kind is Kind.TEXT:
            said.append((row.received_at, _shorten(f"› {inbound.text}", OWNER_LINE)))
    for call in await outbox.recent_of_chat(session, chat.chat_id, TRANSCRIPT_LINES):
        if text := json.loads(call.params).get("text"):
            said.append((call.created_at, _shorten(f"‹ {text}", MENTOR_LINE)))
    newest = sorted(said, key=lambda line: line[0])[-TRANSCRIPT_LINES:]
    return [line for _, line in newest]


def _shorten(line: str, length: int) -> str:
    line = " ".join(line.split())
    return line if len(line) <= length else f"{line[: length - 1]}…"


def _for_ticket(call: Outbound, ticket: TicketRow) -> Outbound:
    """The call as an answer under the ticket's card."""
    return replace(call, ticket_id=ticket.id, reply_to_outbox_id=ticket.card_outbox_id)


def _cancel_button(house: House, chat: ChatRow) -> Button:
    return Button(house.words(chat.language).say("handoff.button.cancel"), "bot_cancel")


def _end_button(house: House, chat: ChatRow) -> Button:
    return Button(house.words(chat.language).say("handoff.button.end"), "bot_end")
