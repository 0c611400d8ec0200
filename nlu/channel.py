"""The door through which the bot talks to Rasa: ``POST /webhooks/mentor/webhook``.

Unlike Rasa's REST channel it asks for a secret, answers one message once however often it is asked, never hides a
failure behind an empty answer, and lets nobody but a button of ours name an intent. A turn is all or nothing: its
events and its answer are kept in one transaction after the last action has said that the answer is whole, so a
turn that failed leaves no trace and can simply be asked again.
"""

import asyncio
import hmac
import json
import logging
import os
import time
from typing import Any, Awaitable, Callable, Dict, List, Optional, Text
from weakref import WeakValueDictionary

from rasa.core.agent import Agent
from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.core.constants import DEFAULT_INTENTS, USER_INTENT_OUT_OF_SCOPE
from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.response import json as answer_json

from nlu.components.language import LANGUAGE
from nlu.conversations import ConversationMoved, Conversations
from nlu.messages import BadMessage, Said, Tap, read_message, read_sender
from nlu.tracker_store import Turn, current_turn, tracker_url

logger = logging.getLogger(__name__)

TURN_SECONDS = 7.0
"""A turn that takes longer has failed: the bot waits 8 s, and a hanging action server must not hang the person."""
BODY_LIMIT = 256 * 1024
"""Bytes of a request; Sanic's own limit is 100 MB."""
PRUNE_SECONDS = 6 * 3600
RANKING_TOLD = 5
WRITTEN = "written"
"""Key of the metadata under which the actions find the language that a message is written in, if that is sure."""
OnMessage = Callable[[UserMessage], Awaitable[Any]]


class TurnFailed(Exception):
    """The turn has no whole answer; the text says why, without anything that a person wrote."""


class Replies(OutputChannel):
    """Collects what the actions answer: the JSON of their `custom` fields, in order."""

    def __init__(self) -> None:
        self.said: List[Dict[Text, Any]] = []

    @classmethod
    def name(cls) -> Text:
        """The name that actions see."""
        return "mentor"

    async def send_response(self, recipient_id: Text, message: Dict[Text, Any]) -> None:
        """Take one reply; anything but `custom` is not of the vocabulary."""
        if isinstance(message.get("custom"), dict):
            self.said.append(message["custom"])
        else:
            logger.warning("An action answered something that is not a reply in `custom`; it is left out.")

    def whole(self) -> bool:
        """True if the last action came to its end."""
        return bool(self.said) and self.said[-1].get("type") == "end"


class MentorChannel(InputChannel):
    """Rasa's side of the contract with the bot; `credentials.yml` names it."""

    def __init__(self, secret: str, keep_days: float, database: str) -> None:
        self._secret = secret.encode()
        self._keep_seconds = keep_days * 86400
        self._conversations = Conversations(database)
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @classmethod
    def name(cls) -> Text:
        """The channel's place in the URL."""
        return "mentor"

    @classmethod
    def from_credentials(cls, credentials: Optional[Dict[Text, Any]]) -> "MentorChannel":
        """Set up from `credentials.yml` and the environment.

        Raises:
            SystemExit: MENTOR_CHANNEL_SECRET is missing: without it anybody on the machine could talk.
        """
        given = credentials or {}
        secret = os.environ.get("MENTOR_CHANNEL_SECRET", "")
        if len(secret) < 16:
            raise SystemExit("MENTOR_CHANNEL_SECRET is missing or shorter than 16 characters: Rasa does not start.")
        return cls(secret, float(given.get("keep_days", 30)), tracker_url())

    def blueprint(self, on_new_message: OnMessage) -> Blueprint:
        """The routes."""
        routes = Blueprint("mentor_channel")

        @routes.listener("before_server_start")  # type: ignore[misc]
        async def _prepare(app: Sanic, _loop: asyncio.AbstractEventLoop) -> None:
            app.config.REQUEST_MAX_SIZE = BODY_LIMIT
            app.ctx.pruning = asyncio.create_task(self._prune_now_and_then())

        @routes.listener("before_server_stop")  # type: ignore[misc]
        async def _stop(app: Sanic, _loop: asyncio.AbstractEventLoop) -> None:
            app.ctx.pruning.cancel()

        @routes.get("/")  # type: ignore[misc]
        async def _health(request: Request) -> HTTPResponse:
            agent = ready_agent(request.app)
            if agent is None:
                return refusal(503, "no model is ready")
            return answer_json({"status": "ok", "model": f"{agent.model_name} {agent.model_id}"})

        @routes.post("/webhook")  # type: ignore[misc]
        async def _webhook(request: Request) -> HTTPResponse:
            return await self._receive(request, on_new_message)

        @routes.delete("/conversations/<sender>")  # type: ignore[misc]
        async def _erase(request: Request, sender: str) -> HTTPResponse:
            return await self._forget(request, sender)

        return routes

    def _allowed(self, request: Request) -> bool:
        given = request.headers.get("X-Mentor-Secret", "").encode("utf-8", "replace")
        return hmac.compare_digest(given, self._secret)

    def _lock(self, sender: str) -> asyncio.Lock:
        """One turn of a sender at a time; a lock lives as long as somebody holds or awaits it."""
        lock = self._locks.get(sender)
        if lock is None:
            lock = self._locks[sender] = asyncio.Lock()
        return lock

    async def _receive(self, request: Request, on_new_message: OnMessage) -> HTTPResponse:
        """Answer one message, or say why there is no answer."""
        if not self._allowed(request):
            return refusal(401, "the secret is wrong")
        try:
            said = read_message(request.body)
        except BadMessage as error:
            return refusal(400, str(error))
        agent = ready_agent(request.app)
        if agent is None:
            return refusal(503, "no model is ready")
        try:
            return answer_json(await asyncio.wait_for(self._turn(agent, said, on_new_message), TURN_SECONDS))
        except asyncio.TimeoutError:
            reason = f"the turn took longer than {TURN_SECONDS:g} s"
        except (TurnFailed, ConversationMoved) as error:
            reason = str(error)
        except Exception as error:  # whatever it was, the bot must learn that there is no answer
            reason = f"the turn ended in {type(error).__name__}"
            logger.exception("A turn failed.", extra={"action": "turn_failed"})
        logger.error("No answer for message %s: %s", said.message_id, reason, extra={"action": "turn_failed"})
        return refusal(502, reason)

    async def _turn(self, agent: Agent, said: Said, on_new_message: OnMessage) -> Dict[str, Any]:
        """The answer to a message: the one it got before, or a new one that is kept."""
        async with self._lock(said.sender):
            before = await asyncio.to_thread(self._conversations.read, said.sender, said.message_id)
            if before.answer is not None:
                return {**json.loads(before.answer), "repeated": True}
            turn = Turn(said.sender, before)
            token = current_turn.set(turn)
            try:
                answer = await converse(agent, said, on_new_message)
            finally:
                current_turn.reset(token)
            if turn.events is None:
                raise TurnFailed("Rasa did not save the conversation")
            body = json.dumps(answer, ensure_ascii=False, separators=(",", ":"))
            keep = self._conversations.keep_turn
            kept = await asyncio.to_thread(keep, said.sender, before, turn.events, said.message_id, body)
            return {**json.loads(kept), "repeated": kept != body}

    async def _forget(self, request: Request, sender: str) -> HTTPResponse:
        """Erase a conversation once its turn under way has ended."""
        if not self._allowed(request):
            return refusal(401, "the secret is wrong")
        try:
            known = read_sender(sender)
        except BadMessage as error:
            return refusal(400, str(error))
        async with self._lock(known):
            await asyncio.to_thread(self._conversations.erase, known)
        return HTTPResponse(status=204)

    async def _prune_now_and_then(self) -> None:
        while True:
            try:
                gone = await asyncio.to_thread(self._conversations.prune, time.time() - self._keep_seconds)
                logger.info("Forgot %d conversations that were silent for long.", gone, extra={"action": "pruned"})
            except Exception:  # a database that is away now is there in six hours
                logger.exception("Pruning failed.", extra={"action": "prune_failed"})
            await asyncio.sleep(PRUNE_SECONDS)


async def converse(agent: Agent, said: Said, on_new_message: OnMessage) -> Dict[str, Any]:
    """Let Rasa take a turn.

    Raises:
        TurnFailed: an action died, or none answered.
    """
    understood = tapped(agent, said.tap) if said.tap else await parsed(agent, said)
    written = understood.get(LANGUAGE)
    metadata = {**said.metadata, WRITTEN: written} if written else said.metadata
    replies = Replies()
    text = said.text or f"/{said.tap.intent if said.tap else ''}"
    message = UserMessage(
        text,
        replies,
        said.sender,
        parse_data={**understood, "text": text},
        input_channel=MentorChannel.name(),
        message_id=said.message_id,
        metadata=metadata,
    )
    await on_new_message(message)
    if not replies.whole():
        raise TurnFailed("the answer is not whole: an action died or the action server is down")
    return {"message_id": said.message_id, "replies": replies.said, "intent": summary(understood), "language": written}


async def parsed(agent: Agent, said: Said) -> Dict[str, Any]:
    """What Rasa's NLU makes of a text. A slash in front would make it an intent of the writer's choice: it goes."""
    message = UserMessage(said.text.lstrip("/ \t\r\n"), sender_id=said.sender, metadata=said.metadata)
    understood: Dict[str, Any] = await agent.processor.parse_message(message)
    return understood


def tapped(agent: Agent, tap: Tap) -> Dict[str, Any]:
    """What a tap stands for. One that this model does not know is a button of long ago: the mentor offers anew."""
    known = (set(agent.domain.intents) - set(DEFAULT_INTENTS)) | {USER_INTENT_OUT_OF_SCOPE}
    name = tap.intent
    if name not in known:
        logger.warning("A tap says an intent that the model does not know: %s", name, extra={"action": "old_tap"})
        name = DEFAULT_NLU_FALLBACK_INTENT_NAME
    intent = {"name": name, "confidence": 1.0}
    return {"intent": intent, "intent_ranking": [intent], "entities": tap.entities}


def summary(understood: Dict[str, Any]) -> Dict[str, Any]:
    """What the bot is told of how a message was understood."""
    intent = understood["intent"]
    ranking = understood.get("intent_ranking") or [intent]
    return {
        "name": intent["name"],
        "confidence": round(float(intent["confidence"]), 4),
        "ranking": [[item["name"], round(float(item["confidence"]), 4)] for item in ranking[:RANKING_TOLD]],
    }


def ready_agent(app: Sanic) -> Optional[Agent]:
    """The agent, if it has a model."""
    agent = getattr(app.ctx, "agent", None)
    return agent if agent is not None and agent.is_ready() else None


def refusal(status: int, sentence: str) -> HTTPResponse:
    """An answer that is none."""
    return answer_json({"error": sentence}, status=status)
