"""What a phone hears: messages, answers to taps."""

from dataclasses import dataclass, field
from typing import Any

from simulator.wire import Json, Wire


class NotHeard(AssertionError):
    """What a test waited for did not come in time; the text tells what came instead."""


@dataclass(frozen=True)
class Heard:
    """A message as it stood when it was read."""

    data: Json = field(repr=False)
    """The Bot API's Message object, with reply keyboards too."""
    by_bot: bool = True
    edited: bool = False
    """True if this is a change of a message that was there before."""

    @property
    def message_id(self) -> int:
        """The message's id in its chat."""
        number: int = self.data["message_id"]
        return number

    @property
    def text(self) -> str:
        """The text, or the caption of a photo or file."""
        return str(self.data.get("text", self.data.get("caption", "")))

    @property
    def entities(self) -> list[Json]:
        """The entities of the text or caption."""
        found: Any = self.data.get("entities", self.data.get("caption_entities"))
        return list(found or [])

    @property
    def buttons(self) -> list[list[Json]]:
        """The inline buttons (or the keys of a reply keyboard), row by row."""
        markup = self.data.get("reply_markup", {})
        rows: list[list[Json]] = markup.get("inline_keyboard", markup.get("keyboard", []))
        return rows

    @property
    def labels(self) -> list[list[str]]:
        """The words on the buttons, row by row."""
        return [[button["text"] for button in row] for row in self.buttons]

    @property
    def thread_id(self) -> int:
        """The topic it stands in, 0 for none."""
        number: int = self.data.get("message_thread_id", 0)
        return number

    @property
    def reply_to(self) -> int:
        """The message it answers, 0 for none. The first message of a topic is no answer to be named."""
        target = self.data.get("reply_to_message", {})
        return 0 if "forum_topic_created" in target else int(target.get("message_id", 0))

    @property
    def kind(self) -> str:
        """text, photo, document, voice, sticker, location ... or "service" for the chat's own notes."""
        kinds = (
            "text",
            "photo",
            "document",
            "voice",
            "audio",
            "video",
            "sticker",
            "location",
            "contact",
            "poll",
            "dice",
        )
        return next((kind for kind in kinds if kind in self.data), "service")

    @property
    def file_id(self) -> str:
        """The id of the photo or file it carries, empty for none."""
        carried: Any = self.data.get(self.kind)
        if isinstance(carried, list):
            carried = carried[-1]
        return str(carried.get("file_id", "")) if isinstance(carried, dict) else ""

    def __str__(self) -> str:
        return f"{self.message_id}{' (edited)' if self.edited else ''}: {self.text!r} {self.labels or ''}".strip()


@dataclass(frozen=True)
class Answer:
    """The bot's answer to a tap."""

    text: str
    alert: bool
    url: str = ""


@dataclass(frozen=True)
class Tapped:
    """A tap that was made; `url` is set when the button was only a link."""

    world: Wire = field(repr=False)
    id: str
    data: str
    url: str = ""

    async def answered(self, timeout: float = 10) -> Answer:  # noqa: ASYNC109 - waits on the server, in one request
        """The bot's answer.

        Raises:
            NotHeard: none came in time: the button would still be turning.
        """
        tap = await self.world.get(f"taps/{self.id}", wait=timeout)
        if tap["answer"] is None:
            raise NotHeard(f"The tap on {self.data!r} was not answered within {timeout} s.")
        answer = tap["answer"]
        return Answer(answer["text"], answer["show_alert"], answer["url"])
