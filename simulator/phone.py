"""One person's phone: says, taps, hears. The way to use it is told in `simulator.client`."""

import base64
from collections import deque
from collections.abc import Callable
from typing import Any

from simulator.heard import Heard, NotHeard, Tapped
from simulator.wire import Json, Wire

POLL_SECONDS = 25.0


class Phone:
    """One person looking at one chat: the private chat with the bot, or a group."""

    def __init__(self, world: Wire, user: Json, chat_id: int, bot_id: int = 0) -> None:
        self.world = world
        self.user = user
        self.chat_id = chat_id
        self.bot_id = bot_id
        self.actions: list[str] = []
        """The chat actions seen so far ("typing")."""
        self.reactions: list[tuple[int, list[str]]] = []
        self.unread: deque[Heard] = deque()
        """Messages of the bot that came and were not read yet; filled whenever the phone waits or refreshes."""
        self._event = 0
        self._messages: dict[int, Heard] = {}

    @property
    def id(self) -> int:
        """The person's user id."""
        number: int = self.user["id"]
        return number

    @property
    def history(self) -> list[Heard]:
        """Every message of the chat as it stood at the last look, oldest first."""
        return list(self._messages.values())

    @property
    def last(self) -> Heard:
        """The bot's newest message at the last look.

        Raises:
            NotHeard: there is none.
        """
        for heard in reversed(self._messages.values()):
            if heard.by_bot and heard.kind != "service":
                return heard
        raise NotHeard("The bot has not said anything yet.")

    # -- acting ----------------------------------------------------------------------------------------------------

    async def says(
        self,
        text: str,
        *,
        reply_to: Heard | int | None = None,
        thread: int = 0,
        ago: int = 0,
        entities: list[Json] | None = None,
    ) -> int:
        """Write a text; returns its message id. `ago` dates it so many seconds back."""
        return await self._send("say", {"text": text, "entities": entities}, reply_to, thread, ago)

    async def sends(
        self,
        kind: str,
        *,
        content: bytes = b"",
        reply_to: Heard | int | None = None,
        thread: int = 0,
        **details: Any,
    ) -> int:
        """Send a photo, voice, sticker, location, contact, poll, document, video, dice ...; returns its message id.

        `details`: caption, name, mime_type, size (declared, may exceed the content), value (the object itself).
        """
        body = {"kind": kind, "content_base64": base64.b64encode(content).decode(), **details}
        return await self._send("media", body, reply_to, thread, 0)

    async def edits(self, message_id: int, text: str) -> None:
        """Change the text of one's own message."""
        await self.world.post("edit", **self._who(), message_id=message_id, text=text)

    async def taps(self, label: str = "", *, on: Heard | int | None = None, data: str = "") -> Tapped:
        """Tap the button with this label (or data): on the given message, else on the newest that has it.

        A key of a reply keyboard is not tapped but said: use `says`.

        Raises:
            NotPossible: there is no such button; the text names those there are.
        """
        body = await self.world.post("tap", **self._who(), label=label, data=data, message_id=_number(on))
        return Tapped(self.world, body.get("callback_query_id", ""), body.get("data", ""), body.get("url", ""))

    async def forges(self, data: str, *, on: Heard | int) -> Tapped:
        """Send a tap whose data is not on the message, as a changed client could."""
        body = await self.world.post("tap", **self._who(), data=data, message_id=_number(on), forged=True)
        return Tapped(self.world, body["callback_query_id"], data)

    async def blocks(self) -> None:
        """Block the bot."""
        await self.world.post("block", **self._who(), blocked=True)

    async def unblocks(self) -> None:
        """Unblock the bot."""
        await self.world.post("block", **self._who(), blocked=False)

    async def changes_topic(self, thread: int, action: str) -> None:
        """Close, reopen or delete a topic of the group."""
        await self.world.post("topic", chat=self.chat_id, bot=self.bot_id, thread=thread, action=action)

    # -- hearing ---------------------------------------------------------------------------------------------------

    async def hears(self, timeout: float = 10) -> Heard:  # noqa: ASYNC109 - waits on the server, in long polls
        """The next unread message of the bot, new or edited.

        Raises:
            NotHeard: none came in time.
        """
        return await self.waits_for(lambda heard: True, timeout)

    async def hears_all(self, count: int, timeout: float = 10) -> list[Heard]:  # noqa: ASYNC109
        """The next so many unread messages of the bot."""
        return [await self.hears(timeout) for _ in range(count)]

    async def waits_for(
        self,
        predicate: Callable[[Heard], bool],
        timeout: float = 10,  # noqa: ASYNC109
    ) -> Heard:
        """The next unread message of the bot that fits; those before it count as read.

        Raises:
            NotHeard: none came in time; the text lists what was read instead.
        """
        passed: list[Heard] = []
        clock = self.world.now
        deadline = clock() + timeout
        while True:
            while self.unread:
                heard = self.unread.popleft()
                if predicate(heard):
                    return heard
                passed.append(heard)
            if clock() >= deadline:
                listed = "".join(f"\n  {heard}" for heard in passed) or " nothing"
                raise NotHeard(f"{self.user['first_name']} waited {timeout} s in vain; heard instead:{listed}")
            await self._look(min(deadline - clock(), POLL_SECONDS))

    async def hears_nothing(self, during: float = 0.5) -> None:
        """Make sure that nothing new comes for a while. Where you can, wait for something else instead.

        Raises:
            NotHeard: something came.
        """
        deadline = self.world.now() + during
        while not self.unread and self.world.now() < deadline:
            await self._look(deadline - self.world.now())
        if self.unread:
            raise NotHeard(f"{self.user['first_name']} heard: {self.unread[0]}")

    async def refresh(self) -> list[Heard]:
        """Look at the chat now, without waiting; returns the history."""
        await self._look(0)
        return self.history

    async def download(self, heard: Heard) -> bytes:
        """The content of the photo or file that a message carries."""
        return await self.world.download(heard.file_id)

    # -- inside ----------------------------------------------------------------------------------------------------

    def _who(self) -> Json:
        return {"user": self.id, "chat": self.chat_id, "bot": self.bot_id}

    async def _send(self, act: str, body: Json, reply_to: Heard | int | None, thread: int, ago: int) -> int:
        where = {"reply_to": _number(reply_to), "thread": thread, "ago": ago}
        answer = await self.world.post(act, **self._who(), **body, **where)
        number: int = answer["message"]["message_id"]
        return number

    async def _look(self, wait: float) -> None:
        answer = await self.world.get(
            f"chat/{self.chat_id}/messages", after_event=self._event, wait=max(wait, 0), bot=self.bot_id
        )
        self._event = answer["event"]
        for event in answer["events"]:
            self._take(event)

    def _take(self, event: Json) -> None:
        match event["type"]:
            case "message" | "edited":
                heard = Heard(event["message"], event["by_bot"], event["type"] == "edited")
                self._messages[heard.message_id] = heard
                if heard.by_bot and heard.kind != "service":
                    self.unread.append(heard)
            case "deleted":
                self._messages.pop(event["message_id"], None)
            case "action":
                self.actions.append(event["action"])
            case "reaction":
                self.reactions.append((event["message_id"], event["emojis"]))


def _number(message: Heard | int | None) -> int:
    return message.message_id if isinstance(message, Heard) else message or 0
