"""The worker: takes an update from the inbox and lets it have its whole effect in one transaction.

A row stays open until that transaction is committed. After a crash it is simply done again: what the bot itself
changes was not committed, and the dialogue engine knows a message id it has answered.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from actions.replies import Text, Visible
from bot.domain import coach, handoff, onboarding, screens
from bot.domain.faults import fault_of
from bot.domain.files import export_call
from bot.domain.lanes import LaneLoop
from bot.domain.ports import House
from bot.domain.reaction import Ask, Reaction
from bot.domain.route import DIALOGUE_COMMANDS, Known, Route, choose
from bot.domain.search import handle_search
from bot.domain.taps import handle_own_tap
from bot.domain.turn import Turn, apply_answer, build_question
from bot.errors import DeliveryError, DialogueError, DialogueFailed
from bot.messages import Answer, Inbound, InboxState, Kind, Mode, Outbound, Question
from bot.store import chats, dead_letters, inbox, outbox
from bot.store.tables import ChatRow, InboxRow

WIDTH = 64
"""Chats side by side."""
MAX_FAILED_TURNS = 4
"""Tries of a turn that the dialogue engine itself can't finish."""
LONGEST_WAIT_SECONDS = 30.0
GIVE_UP_AFTER = timedelta(hours=24)
TYPING_AFTER_SECONDS = 0.8
SPINNER_SECONDS = 0.3
"""How long a tapped button may turn before its end is written apart from the answer, at the price of a transaction."""
log = structlog.get_logger()


class Worker:
    """Works off the inbox."""

    def __init__(self, house: House, wake_sender: Callable[[], None]) -> None:
        self._house = house
        self._wake_sender = wake_sender
        self.loop = LaneLoop("worker", self._fetch, self.process, width=WIDTH)

    async def _fetch(self, busy: Collection[str], limit: int) -> Sequence[InboxRow]:
        async with self._house.db.read() as session:
            return await inbox.next_due(session, self._house.now(), busy_lanes=busy, limit=limit)

    async def process(self, row: InboxRow) -> None:
        """Handle one update; on a fault it is tried again later, and given up at last with a word to the person."""
        with structlog.contextvars.bound_contextvars(request=row.id, update=row.update_id):
            inbound = self._house.read_update(row.payload)
            try:
                await self._handle(row, inbound)
                if _erases(inbound):
                    await self._house.db.scrub()
                seconds = (self._house.now() - row.received_at).total_seconds()
                log.info("handled", action="worker.handled", seconds=round(max(0.0, seconds), 3))
            except DialogueError as error:
                await self._postpone(row, inbound, error)
            except Exception as error:
                log.exception("an update failed", action="worker.update_failed")
                await self._postpone(row, inbound, DialogueFailed(fault_of(error)))
        self._wake_sender()

    async def _handle(self, row: InboxRow, inbound: Inbound) -> None:
        house = self._house
        if _erases(inbound):
            # First where a later try can't be rolled back; asking twice to forget does no harm.
            await house.dialogue.forget(house.pseudonym(inbound.chat_id))
        question = await self._plain_question(inbound)
        if question is None:
            async with house.db.write() as session:
                known, chat = await self._know(session, inbound)
                route = choose(inbound, known)
                reaction = await self._react(route, session, chat, inbound)
                if reaction.ask is None or chat is None:
                    await self._conclude(session, row, inbound, reaction)
                    return
                question = await self._question(session, chat, inbound, reaction.ask)
        await self._ask(row, inbound, question)

    async def _plain_question(self, inbound: Inbound) -> Question | None:
        """The question, where nothing has to be written before it is asked; most turns are such, and save a commit."""
        if inbound.chat_kind != "private":
            return None
        async with self._house.db.read() as session:
            chat = await chats.by_chat_id(session, self._house.bot_id, inbound.chat_id)
            if chat is None:
                return None
            ask = _plain_ask(choose(inbound, self._known(chat)), inbound)
            return await self._question(session, chat, inbound, ask) if ask else None

    async def _question(self, session: AsyncSession, chat: ChatRow, inbound: Inbound, ask: Ask) -> Question:
        return await build_question(self._house, session, chat, f"{self._house.bot_id}:{inbound.update_id}", ask)

    async def _ask(self, row: InboxRow, inbound: Inbound, question: Question) -> None:
        """Get the answer, and let it and the update itself take effect in one transaction."""
        house = self._house
        async with _typing(house, inbound):
            answer, tap_answered = await self._hear(row, inbound, question)
        async with house.db.write() as session:
            chat = await chats.by_chat_id(session, house.bot_id, inbound.chat_id)
            replies: list[Visible] = []
            if chat:
                onboarding.note_seen(chat, inbound, house.now())
                if question.payload is not None:
                    handoff.leave_request(chat)
                turn = Turn(house, session, chat, house.now(), question.text)
                replies = await apply_answer(turn, answer)
            await self._conclude(session, row, inbound, Reaction(replies=replies), tap_answered=tap_answered)
        log.info("turn", action="worker.turn", intent=answer.intent, confidence=round(answer.confidence, 3))

    async def _hear(self, row: InboxRow, inbound: Inbound, question: Question) -> tuple[Answer, bool]:
        """The answer, and whether a tapped button has stopped turning.

        The button stops in the answer's transaction; apart from it only when there is no answer soon.
        """
        turning = inbound.tap is not None and not row.attempts
        asking = asyncio.create_task(self._house.dialogue.ask(question))
        try:
            await asyncio.wait({asking}, timeout=SPINNER_SECONDS if turning else None)
            if turning and (not asking.done() or asking.exception()):
                await self._stop_turning(row, inbound)
                turning = False
            return await asking, not turning
        finally:
            asking.cancel()

    async def _stop_turning(self, row: InboxRow, inbound: Inbound) -> None:
        house = self._house
        async with house.db.write() as session:
            await outbox.add(session, house.bot_id, [_tap_answer(inbound)], house.now(), inbox_id=row.id)
        self._wake_sender()

    async def _know(self, session: AsyncSession, inbound: Inbound) -> tuple[Known, ChatRow | None]:
        """What the route depends on; the chat only for private chats, nothing is stored about others."""
        group = self._house.operator.advisors_chat_id
        if inbound.chat_kind != "private" or not inbound.chat_id:
            return Known(False, Mode.BOT, group), None
        if inbound.kind is Kind.MEMBER:
            chat = await chats.by_chat_id(session, self._house.bot_id, inbound.chat_id)
        else:
            chat = await onboarding.know_chat(self._house, session, inbound, self._house.now())
        if chat is None:
            return Known(False, Mode.BOT, group), None
        return self._known(chat), chat

    def _known(self, chat: ChatRow) -> Known:
        group = self._house.operator.advisors_chat_id
        return Known(chat.consented_at is not None, Mode(chat.mode), group)

    async def _react(self, route: Route, session: AsyncSession, chat: ChatRow | None, inbound: Inbound) -> Reaction:
        if chat is None:
            return await self._react_outside(route, session, inbound)
        return await self._react_inside(route, session, chat, inbound)

    async def _react_outside(self, route: Route, session: AsyncSession, inbound: Inbound) -> Reaction:
        """Updates that belong to no private chat we know."""
        house = self._house
        match route:
            case Route.ADVISORS:
                return await handoff.handle_advisors(house, session, inbound, house.now())
            case Route.LEAVE:
                words = house.words(house.operator.language)
                leave = Outbound("leaveChat", {"chat_id": inbound.chat_id}, inbound.chat_id)
                return Reaction(calls=[house.renderer.plain(inbound.chat_id, words.say("bot.not_in_groups")), leave])
            case Route.STRANGE_TAP:
                words = house.words(house.roster.guess(inbound.language_code).code)
                return Reaction(toast=words.say("bot.strange_tap"), alert=True)
        return Reaction(state=InboxState.IGNORED, forget=True)

    async def _react_inside(self, route: Route, session: AsyncSession, chat: ChatRow, inbound: Inbound) -> Reaction:
        """Updates of a private chat."""
        house, now = self._house, self._house.now()
        match route:
            case Route.WELCOME:
                return await onboarding.handle_welcome(house, chat, inbound)
            case Route.START:
                return await onboarding.handle_start(house, chat, inbound)
            case Route.SCREEN:
                return await onboarding.handle_screen(house, session, chat, inbound, now)
            case Route.OWN_COMMAND:
                handoff.leave_request(chat)
                return await self._own_command(session, chat, inbound)
            case Route.OWN_TAP:
                return await handle_own_tap(house, session, chat, inbound, now)
            case Route.NEED:
                return await handoff.handle_need(house, chat, inbound)
            case Route.RELAY:
                return await handoff.handle_relay(house, session, chat, inbound)
            case Route.COMMAND | Route.DIALOGUE_TAP | Route.DIALOGUE_TEXT:
                return Reaction(ask=_plain_ask(route, inbound))
            case Route.REACHABLE:
                chat.unreachable_at = None if inbound.present else now
                return Reaction()
            case Route.EMPTY | Route.NOT_TEXT | Route.OLD_TAP:
                return self._hint(route, chat)
        return Reaction(state=InboxState.IGNORED, forget=chat.consented_at is None)

    async def _own_command(self, session: AsyncSession, chat: ChatRow, inbound: Inbound) -> Reaction:
        house = self._house
        match inbound.command:
            case "search":
                return handle_search(house, chat, inbound.argument)
            case "resume":
                return await coach.handle_resume(house, session, chat, house.now())
        caption = house.words(chat.language).say("bot.export_caption")
        return Reaction(calls=[export_call(chat.chat_id, caption)])

    def _hint(self, route: Route, chat: ChatRow) -> Reaction:
        words = self._house.words(chat.language)
        key = {Route.EMPTY: "bot.empty", Route.NOT_TEXT: "bot.not_text", Route.OLD_TAP: "bot.old_button"}[route]
        if chat.consented_at is None:
            return Reaction(replies=[screens.welcome(self._house, chat)], forget=True)
        return Reaction(replies=[screens.with_menu(words, key)])

    async def _conclude(
        self, session: AsyncSession, row: InboxRow, inbound: Inbound, reaction: Reaction, *, tap_answered: bool = False
    ) -> None:
        """Everything that follows from the update, and the mark that it is done: one transaction."""
        house, now = self._house, self._house.now()
        calls = []
        if inbound.tap and not tap_answered:
            calls.append(_tap_answer(inbound, reaction.toast, alert=reaction.alert))
        calls += house.renderer.render(reaction.replies, inbound.chat_id, inbound.tap)
        await outbox.add(session, house.bot_id, [*calls, *reaction.calls], now, inbox_id=row.id)
        await inbox.finish(session, row.id, reaction.state, now, forget=reaction.forget)

    async def _postpone(self, row: InboxRow, inbound: Inbound, error: DialogueError) -> None:
        """Tell the person once, and try again later; after too many tries say so and go on with the next."""
        house, now = self._house, self._house.now()
        async with house.db.write() as session:
            chat = await chats.by_chat_id(session, house.bot_id, inbound.chat_id)
            words = house.words(chat.language if chat else house.operator.language)
            failed_for_good = isinstance(error, DialogueFailed) and row.attempts + 1 >= MAX_FAILED_TURNS
            if failed_for_good or now - row.received_at > GIVE_UP_AFTER:
                log.error("an update was given up", action="worker.gave_up", reason=str(error))
                said: list[Visible] = [screens.with_menu(words, "bot.gave_up")]
                last_word = Reaction(replies=said if chat else [], state=InboxState.DEAD)
                await dead_letters.add(session, {row.id: row.attempts + 1}, f"{type(error).__name__}: {error}", now)
                await self._conclude(session, row, inbound, last_word)
                return
            if chat and not row.apologised:
                calls = house.renderer.render([Text(words.say("bot.slow"))], inbound.chat_id, None)
                await outbox.add(session, house.bot_id, calls, now, inbox_id=row.id)
            wait = timedelta(seconds=min(LONGEST_WAIT_SECONDS, 2.0**row.attempts))
            await inbox.postpone(session, row.id, now + wait, f"{type(error).__name__}: {error}", apologised=True)
        log.warning("answer delayed", action="worker.postponed", reason=str(error), kind=type(error).__name__)


def _erases(inbound: Inbound) -> bool:
    """True for the tap that has everything about a person deleted."""
    return inbound.tap is not None and inbound.tap.intent == "bot_delete_yes"


def _plain_ask(route: Route, inbound: Inbound) -> Ask | None:
    """What the dialogue engine is asked, for the updates that it answers alone; what they end ends with the answer."""
    match route:
        case Route.COMMAND:
            return Ask(payload={"intent": DIALOGUE_COMMANDS[inbound.command]})
        case Route.DIALOGUE_TAP:
            return Ask(payload=_payload(inbound))
        case Route.DIALOGUE_TEXT:
            return Ask(text=inbound.text)
    return None


def _payload(inbound: Inbound) -> dict[str, object]:
    tap = inbound.tapped()
    fields = {"intent": tap.intent, "guide": tap.guide, "step": tap.step, "value": tap.value}
    return {name: value for name, value in fields.items() if value}


def _tap_answer(inbound: Inbound, toast: str = "", *, alert: bool = False) -> Outbound:
    """Stops the spinner; in a lane of its own, because it need not wait for the messages before it."""
    tap = inbound.tapped()
    params: dict[str, object] = {"callback_query_id": tap.callback_id}
    if toast:
        params |= {"text": toast[:200], "show_alert": alert}
    return Outbound("answerCallbackQuery", params, inbound.chat_id, lane=f"tap:{tap.callback_id}")


@asynccontextmanager
async def _typing(house: House, inbound: Inbound) -> AsyncIterator[None]:
    """Shows "typing" when an answer takes longer than a moment."""

    async def show() -> None:
        await asyncio.sleep(TYPING_AFTER_SECONDS)
        with suppress(DeliveryError):
            await house.transport.call("sendChatAction", {"chat_id": inbound.chat_id, "action": "typing"})

    task = asyncio.create_task(show())
    try:
        yield
    finally:
        task.cancel()
