"""The bot on a fresh real database, with a dialogue engine that answers from a script.

The cast: Kari owns a guesthouse and is new here; Ola owns a bakery and is half-way through a guide; Anna is an
advisor; a stranger belongs nowhere.
"""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from actions.replies import Bar, Button, End, Text, Understood, to_json
from actions.words import Locales
from bot.domain.intake import accept
from bot.domain.ports import House, Operator
from bot.domain.worker import Worker
from bot.errors import DialogueError
from bot.languages import read_roster
from bot.messages import Answer, Question
from bot.store.database import Database
from bot.store.tables import ChatRow, InboxRow, OutboxRow
from bot.telegram.keyboards import Keyboards
from bot.telegram.rendering import TelegramRenderer
from bot.telegram.updates import UpdateReader

BOT_ID = 4242
GROUP = -1001
KARI = {"id": 11, "first_name": "Kari", "language_code": "nb"}
OLA = {"id": 12, "first_name": "Ola", "language_code": "en"}
ANNA = {"id": 13, "first_name": "Anna", "language_code": "en"}
STRANGER = {"id": 14, "first_name": "Stranger", "language_code": "xx"}
TITLES = {
    "shop-payments": "Take payment online",
    "base-security": "Keep your accounts safe",
    "social-google": "Be found on the map",
}


class ScriptedDialogue:
    """A dialogue engine with prepared answers: replies for the next questions, or an error to raise."""

    def __init__(self) -> None:
        self.asked: list[Question] = []
        self.forgotten: list[str] = []
        self.script: list[list[Any] | DialogueError] = []
        self.meanwhile: Callable[[], Awaitable[None]] | None = None
        """What happens elsewhere while the engine thinks."""

    async def ask(self, question: Question) -> Answer:
        """The next answer of the script; without one, a plain sentence with the question in it."""
        self.asked.append(question)
        if self.meanwhile is not None:
            await self.meanwhile()
        item = self.script.pop(0) if self.script else [Text(f"You asked: {question.text or question.payload}")]
        if isinstance(item, DialogueError):
            raise item
        return Answer([to_json(reply) for reply in [*item, Understood(), End()]], "some_intent", 0.9)

    async def forget(self, sender: str) -> None:
        """Remember that it was told to forget."""
        if self.script and isinstance(self.script[0], DialogueError):
            raise self.script.pop(0)
        self.forgotten.append(sender)


class PlainPapers:
    """Papers that say what they would hold."""

    def chart(self, title: str, bars: Sequence[Bar], legend_now: str, legend_before: str) -> bytes:
        """The title, as if it were drawn."""
        return title.encode()

    def guide(self, slug: str, language: str, country: str) -> bytes | None:
        """The slug, as if the guide were printed; there are only those in TITLES."""
        return slug.encode() if slug in TITLES else None


class NoTransport:
    """Nothing leaves in these tests: what would is read from the outbox."""

    async def call(self, method: str, params: dict[str, Any]) -> Any:
        """Takes everything."""
        return True


@dataclass
class Clock:
    """A clock that stands until it is moved."""

    at: datetime = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def move(self, **by: float) -> None:
        """Move on by `hours=1`, `days=2` ..."""
        self.at += timedelta(**by)


@dataclass
class Talk:
    """The bot as a test talks to it: through the real inbox; what people get is read from the outbox."""

    house: House
    dialogue: ScriptedDialogue
    clock: Clock
    keyboards: Keyboards
    worker: Worker
    updates: int = 0
    _seen: dict[int, int] = field(default_factory=dict)

    async def says(self, who: dict[str, Any], text: str, **fields: Any) -> None:
        """A private message; a leading slash makes it a command, as Telegram marks it."""
        await self.sends(message_update(self._next(), who, text, **fields))

    async def taps(self, who: dict[str, Any], label: str, *, chat_id: int | None = None) -> None:
        """A tap on the newest button with this label in the chat."""
        chat = chat_id or who["id"]
        row, button = await self._find(chat, label)
        await self.taps_data(who, button["callback_data"], chat_id=chat, message_id=row.id)

    async def taps_data(
        self, who: dict[str, Any], data: str, *, chat_id: int | None = None, message_id: int = 1
    ) -> None:
        """A tap that brings back `data`, whatever it is."""
        chat = chat_id or who["id"]
        message = {"message_id": message_id, "date": 1, "chat": chat_json(chat), "text": "x"}
        update_id = self._next()
        query = {"id": f"cb{update_id}", "from": who, "message": message, "data": data, "chat_instance": "1"}
        await self.sends({"update_id": update_id, "callback_query": query})

    async def sends(self, update: dict[str, Any]) -> None:
        """Any update; it is handled at once."""
        await accept(self.house, [update])
        await self.works()

    async def works(self) -> None:
        """Handle all that is due."""
        while rows := await self.worker._fetch((), 100):
            for row in rows:
                await self.worker.process(row)

    async def hears(self, chat_id: int) -> list[str]:
        """The texts for a chat since the last look."""
        rows = [row for row in await self.calls(chat_id) if row.id > self._seen.get(chat_id, 0)]
        self._seen[chat_id] = max([row.id for row in rows], default=self._seen.get(chat_id, 0))
        return [
            text for row in rows if (text := json.loads(row.params).get("text")) and row.method != "answerCallbackQuery"
        ]

    async def calls(self, chat_id: int) -> list[OutboxRow]:
        """All calls for a chat, oldest first."""
        async with self.house.db.read() as session:
            query = select(OutboxRow).where(OutboxRow.chat_id == chat_id).order_by(OutboxRow.id)
            return list((await session.scalars(query)).all())

    async def labels(self, chat_id: int) -> list[str]:
        """The buttons under the newest message that has any."""
        for row in reversed(await self.calls(chat_id)):
            if markup := json.loads(row.params).get("reply_markup"):
                return [button["text"] for line in markup["inline_keyboard"] for button in line]
        return []

    async def chat(self, who: dict[str, Any]) -> ChatRow | None:
        """What the bot knows about someone."""
        async with self.house.db.read() as session:
            return await session.scalar(select(ChatRow).where(ChatRow.chat_id == who["id"]))

    async def inbox(self) -> list[InboxRow]:
        """All updates, oldest first."""
        async with self.house.db.read() as session:
            return list((await session.scalars(select(InboxRow).order_by(InboxRow.id))).all())

    async def settles(self, who: dict[str, Any]) -> None:
        """Bring someone through the first screen, and forget what was said there."""
        await self.says(who, "/start")
        chat = await self.chat(who)
        assert chat is not None
        words = self.house.words(chat.language)
        if chat.country:
            await self.taps(who, words.say("onboarding.button.agree"))
        else:
            await self.taps(who, "Norway")
        await self.hears(who["id"])
        self.dialogue.asked.clear()

    def _next(self) -> int:
        self.updates += 1
        return self.updates

    async def _find(self, chat_id: int, label: str) -> tuple[OutboxRow, dict[str, str]]:
        for row in reversed(await self.calls(chat_id)):
            for line in json.loads(row.params).get("reply_markup", {}).get("inline_keyboard", []):
                for button in line:
                    if button["text"] == label:
                        return row, button
        raise AssertionError(f"No button {label!r} in chat {chat_id}; there is {await self.labels(chat_id)}")


def chat_json(chat_id: int) -> dict[str, Any]:
    """A chat as Telegram writes it: negative ids are groups."""
    return {"id": chat_id, "type": "private"} if chat_id > 0 else {"id": chat_id, "type": "supergroup", "title": "G"}


def message_update(update_id: int, who: dict[str, Any], text: str, **fields: Any) -> dict[str, Any]:
    """An update with a message, as Telegram writes it."""
    chat_id = fields.pop("chat_id", who["id"])
    message = {"message_id": update_id, "date": 1, "from": who, "chat": chat_json(chat_id), "text": text, **fields}
    if text.startswith("/"):
        message["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text.split(" ")[0])}]
    return {"update_id": update_id, "message": message}


@pytest.fixture(scope="session")
def newest_schema(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database file at the newest schema, migrated once."""
    file = tmp_path_factory.mktemp("schema") / "mentor.db"

    async def migrate() -> None:
        database = Database(f"sqlite:///{file}")
        await database.migrate()
        await database.close()

    asyncio.run(migrate())
    return file


only_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For tests of what SQLite alone has, or of the way from there to PostgreSQL."""


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path, newest_schema: Path) -> str:
    """The address of a fresh database at the newest schema: an SQLite file, and in its own stage a PostgreSQL."""
    if request.param == "postgresql":
        url: str = request.getfixturevalue("postgres_url")
        return url
    (tmp_path / "var").mkdir()
    shutil.copyfile(newest_schema, tmp_path / "var/mentor.db")
    return f"sqlite:///{tmp_path}/var/mentor.db"


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[Database]:
    """That database, opened."""
    database = Database(database_url)
    yield database
    await database.close()


@pytest.fixture
def make_talk(db: Database, locales: Locales) -> Callable[..., Talk]:
    """Makes a bot; `advisors_chat_id=0` for one without advisors."""

    def make(advisors_chat_id: int = GROUP) -> Talk:
        keyboards = Keyboards("a secret for tests")
        dialogue, clock = ScriptedDialogue(), Clock()
        house = House(
            bot_id=BOT_ID,
            db=db,
            locales=locales,
            roster=read_roster(),
            dialogue=dialogue,
            transport=NoTransport(),
            renderer=TelegramRenderer(keyboards),
            read_update=UpdateReader(keyboards, "mentor_bot").read,
            title=lambda slug, _language: TITLES.get(slug),
            search=lambda text, _language, limit: [item for item in TITLES.items() if text in item[1]][:limit],
            papers=PlainPapers(),
            pseudonym=lambda chat_id: f"pseudonym-{chat_id}",
            operator=Operator("Trøndelag", "en", "", 90, advisors_chat_id),
            now=clock,
        )
        return Talk(house, dialogue, clock, keyboards, Worker(house, lambda: None))

    return make


@pytest.fixture
def talk(make_talk: Callable[..., Talk]) -> Talk:
    """A bot with an advisors' group."""
    return make_talk()


def button(label: str, intent: str, **fields: Any) -> Button:
    """A button, briefly."""
    return Button(label, intent, **fields)
