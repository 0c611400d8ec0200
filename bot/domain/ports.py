"""What the domain needs from the layers above it, as protocols; `bot.__main__` wires the real parts in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from actions.replies import Bar, Button, Visible
from actions.words import Locales, Words
from bot.languages import Roster
from bot.messages import Answer, Inbound, Outbound, Question, Tap
from bot.store.database import Database


class Dialogue(Protocol):
    """The dialogue engine."""

    async def ask(self, question: Question) -> Answer:
        """Answer one turn.

        Raises:
            DialogueError: there is no whole answer this time.
        """

    async def forget(self, sender: str) -> None:
        """Erase all that the engine knows of a conversation.

        Raises:
            DialogueError: it could not be done now.
        """


class Transport(Protocol):
    """The way to Telegram."""

    async def call(self, method: str, params: dict[str, Any]) -> Any:
        """One call of the Bot API; returns its result.

        Raises:
            DeliveryError: it did not go through.
        """


class Renderer(Protocol):
    """Turns replies into calls."""

    def render(self, replies: Sequence[Visible], chat_id: int, tap: Tap | None) -> list[Outbound]:
        """The calls that show `replies`; the first that may, edits the tapped message instead of a new one."""

    def plain(
        self, chat_id: int, text: str, *, bold_prefix: str = "", rows: Sequence[Sequence[Button]] = ()
    ) -> Outbound:
        """A message whose text is shown letter by letter: what people wrote is never markup."""


class GuideTitles(Protocol):
    """The little the bot itself asks of the guide library."""

    def __call__(self, slug: str, language: str) -> str | None:
        """The title of a guide, or None if there is no such guide."""


class GuideSearch(Protocol):
    """Words against the guide library."""

    def __call__(self, text: str, language: str, limit: int) -> list[tuple[str, str]]:
        """Slug and title of the guides that fit, best first."""


class Papers(Protocol):
    """Makes pictures and documents; slow enough to be kept out of the event loop."""

    def chart(self, title: str, bars: Sequence[Bar], legend_now: str, legend_before: str) -> bytes:
        """A picture with bars, as PNG."""

    def guide(self, slug: str, language: str, country: str) -> bytes | None:
        """A guide as PDF; None if there is no such guide."""


@dataclass(frozen=True)
class Operator:
    """Who runs this mentor."""

    name: str
    language: str
    privacy_url: str
    retention_days: int
    advisors_chat_id: int


@dataclass(frozen=True)
class House:
    """Everything a handler may use, wired once."""

    bot_id: int
    db: Database
    locales: Locales
    roster: Roster
    dialogue: Dialogue
    transport: Transport
    renderer: Renderer
    read_update: Callable[[str], Inbound]
    title: GuideTitles
    search: GuideSearch
    papers: Papers
    pseudonym: Callable[[int], str]
    operator: Operator
    now: Callable[[], datetime]

    def words(self, language: str) -> Words:
        """The bot's words in `language`."""
        return self.locales.words(language)
