"""The world: bots, people, chats and what happened in them.

Plain synchronous state in one event loop. The Bot API (`methods/`) and people (`people.py`) both act on it.
"""

import hashlib
import itertools
import mimetypes
import secrets
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from simulator.clock import Clock
from simulator.errors import ChatMigrated, Impossible, Refusal, bad_request, forbidden
from simulator.faults import Faults
from simulator.ledger import Ledger
from simulator.model import Chat, Event, EventType, Json, Message, StoredFile, Tap, User
from simulator.updates import FIRST_UPDATE_ID, UpdateQueue
from simulator.webhook import Webhook

DEFAULT_TOKEN = "123456:SIMULATOR-token-for-the-first-bot-0"
"""The token of the bot that every world has; shaped like a real one and worth nothing."""
ADVISORS_CHAT_ID = -1_000_000_000_001
"""The advisors' group that every world has."""
FIRST_USER_ID = 500_000_001
FIRST_GROUP_ID = -1_000_000_000_100


@dataclass
class Bot:
    """A bot: its token, its profile, its updates."""

    token: str = field(repr=False)
    user: User
    queue: UpdateQueue
    webhook: Webhook
    private_chats: dict[int, Chat] = field(default_factory=dict)
    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)
    """(scope, language code) -> commands."""
    profile: dict[tuple[str, str], str] = field(default_factory=dict)
    """(name | description | short_description, language code) -> text."""
    menu_buttons: dict[int, Json] = field(default_factory=dict)
    """Chat id (0 for the default) -> menu button."""

    @property
    def id(self) -> int:
        """The bot's user id."""
        return self.user.id


class World:
    """Everything the simulator knows.

    `speed` divides every waiting time that Telegram would impose (webhook retries): 100 makes 2 s last 20 ms.
    """

    def __init__(self, token: str = DEFAULT_TOKEN, *, speed: float = 1.0, era: int = 0) -> None:
        """`era` is added to the ids of people and updates: a bot that remembers an earlier world must not mistake the
        new one's for those it knows."""
        self.token = token
        self.era = era
        self.speed = speed
        self.clock = Clock()
        self.faults = Faults()
        self.ledger = Ledger(self.clock)
        self._begin()

    def _begin(self) -> None:
        self.bots: dict[int, Bot] = {}
        self.users: dict[int, User] = {}
        self.groups: dict[int, Chat] = {}
        self.files: dict[str, StoredFile] = {}
        self.taps: dict[str, Tap] = {}
        self.event_number = 0
        self.epoch = secrets.token_hex(4)
        """Another word after each reset, so that whoever looks on notices that all has begun anew."""
        self._user_ids = itertools.count(FIRST_USER_ID + self.era)
        self._group_ids = itertools.count(-FIRST_GROUP_ID)
        self._serial = itertools.count(1)
        self.new_bot(self.token, "skills_mentor_bot", "SKILLS+ Mentor")
        self.new_group("Advisors", chat_id=ADVISORS_CHAT_ID, is_forum=True)

    async def reset(self) -> None:
        """Begin anew: people, chats, updates, webhooks, faults, ledger and clock are as on the first day."""
        for bot in self.bots.values():
            bot.queue.end_poll("terminated by a reset of the simulator")
            await bot.webhook.stop()
        self.clock.shift_seconds = 0.0
        self.faults.clear()
        self.ledger.clear()
        number = self.event_number
        watched = [*self.groups.values(), *(chat for bot in self.bots.values() for chat in bot.private_chats.values())]
        self._begin()
        self.event_number = number
        for chat in watched:
            chat.signal.notify()

    # -- who is who ------------------------------------------------------------------------------------------------

    def new_bot(self, token: str, username: str, name: str) -> Bot:
        """Add a bot; the number before the colon of its token is its id."""
        bot_id = int(token.partition(":")[0])
        if bot_id in self.bots:
            raise Impossible(f"There is a bot with the id {bot_id} already.")
        user = User(bot_id, name, username=username, is_bot=True)
        queue = UpdateQueue(self.clock.now, _next_id=FIRST_UPDATE_ID + self.era)
        bot = Bot(token, user, queue, Webhook(queue, self.clock, self.speed))
        self.bots[bot_id] = bot
        self.users[bot_id] = user
        return bot

    def bot(self, bot_id: int = 0) -> Bot:
        """The bot with this id, or the first one."""
        if bot_id and bot_id not in self.bots:
            raise Impossible(f"There is no bot with the id {bot_id}.")
        return self.bots[bot_id] if bot_id else next(iter(self.bots.values()))

    def bot_by_token(self, token: str) -> Bot | None:
        """The bot that has this token."""
        return next((bot for bot in self.bots.values() if bot.token == token), None)

    def new_user(self, first_name: str, **details: Any) -> User:
        """Add a person; `details` are fields of User."""
        user_id = int(details.pop("id", 0)) or next(self._user_ids)
        if user_id in self.users:
            raise Impossible(f"There is a user with the id {user_id} already.")
        user = User(user_id, first_name, **details)
        self.users[user_id] = user
        return user

    def user(self, user_id: int) -> User:
        """The user with this id."""
        if user_id not in self.users:
            raise Impossible(f"There is no user with the id {user_id}.")
        return self.users[user_id]

    def new_group(
        self, title: str, *, chat_id: int = 0, type: str = "supergroup", is_forum: bool = False, username: str = ""
    ) -> Chat:
        """Add a group or channel in which every bot is an administrator."""
        number = chat_id or -next(self._group_ids)
        if number in self.groups:
            raise Impossible(f"There is a group with the id {number} already.")
        chat = Chat(number, type, title=title, username=username, is_forum=is_forum)
        chat.members = dict.fromkeys(self.bots, "administrator")
        self.groups[number] = chat
        return chat

    def private_chat(self, bot: Bot, user: User) -> Chat:
        """The chat of a person with a bot; made when first asked for, which does not start it."""
        if user.id not in bot.private_chats:
            bot.private_chats[user.id] = Chat(user.id, "private", person=user, bot_id=bot.id)
        return bot.private_chats[user.id]

    def chat(self, bot: Bot, chat_id: int) -> Chat:
        """The chat with this id as people see it: a group, or the private chat of that person with the bot."""
        if chat_id in self.groups:
            return self.groups[chat_id]
        if chat_id > 0 and not self.user(chat_id).is_bot:
            return self.private_chat(bot, self.user(chat_id))
        raise Impossible(f"There is no chat with the id {chat_id}.")

    def chat_for_bot(self, bot: Bot, chat_id: int | str) -> Chat:
        """The chat a bot names.

        Raises:
            Refusal: the bot does not know the chat or may not act in it.
        """
        if isinstance(chat_id, str):
            named = [group for group in self.groups.values() if group.username and "@" + group.username == chat_id]
            if not named:
                raise bad_request("chat not found")
            return self._group_for_bot(bot, named[0])
        if chat_id in self.groups:
            return self._group_for_bot(bot, self.groups[chat_id])
        user = self.users.get(chat_id)
        if user is None:
            raise bad_request("chat not found")
        if user.is_bot:
            raise forbidden(
                "bot can't send messages to bots" if user.id != bot.id else "bot can't send messages to itself"
            )
        return self._private_for_bot(bot, user)

    def _private_for_bot(self, bot: Bot, user: User) -> Chat:
        chat = self.private_chat(bot, user)
        if user.deactivated:
            raise forbidden("user is deactivated")
        if chat.blocked:
            raise forbidden("bot was blocked by the user")
        if not chat.started:
            raise forbidden("bot can't initiate conversation with a user")
        return chat

    def _group_for_bot(self, bot: Bot, chat: Chat) -> Chat:
        if chat.migrated_to:
            raise ChatMigrated(chat.migrated_to)
        status = chat.members.get(bot.id, "left")
        if status == "kicked":
            raise forbidden(f"bot was kicked from the {chat.type} chat")
        if status == "left":
            raise forbidden(f"bot is not a member of the {chat.type} chat")
        return chat

    # -- what happens ----------------------------------------------------------------------------------------------

    def post(self, chat: Chat, content: Json, *, author: User | None, by_bot: bool = False, date: int = 0) -> Message:
        """Put a message into a chat. `content` is the Message object without its head (id, date, chat, sender)."""
        chat.last_message_id += 1
        head: Json = {"message_id": chat.last_message_id, "date": date or self.clock.date(), "chat": chat.as_json()}
        if author is None:
            head["sender_chat"] = chat.as_json()
        else:
            head["from"] = author.as_json()
        if author is not None and author.is_bot:
            head["from"].pop("language_code", None)
        message = Message({**head, **content}, author.id if author else 0, by_bot)
        chat.messages[message.id] = message
        return message

    def announce(self, chat: Chat, message: Message, type: EventType = EventType.MESSAGE) -> None:
        """Tell everybody who looks at the chat about a new or changed message."""
        self.emit(chat, type, {"by_bot": message.by_bot, "message": message.as_seen()})

    def emit(self, chat: Chat, type: EventType, body: Json) -> None:
        """Record an event of a chat and wake those who wait for it."""
        self.event_number += 1
        chat.events.append(Event(self.event_number, type, body))
        chat.signal.notify()

    def bots_in(self, chat: Chat) -> list[Bot]:
        """The bots that get the updates of a chat."""
        if chat.person is not None:
            return [self.bots[chat.bot_id]]
        present = ("administrator", "member", "creator")
        return [bot for bot in self.bots.values() if chat.members.get(bot.id) in present]

    def tell_bots(self, chat: Chat, kind: str, message: Message, life_seconds: float) -> None:
        """Queue a message update for the bots of the chat, in the chat's lane."""
        for bot in self.bots_in(chat):
            bot.queue.put(kind, deepcopy(message.data), chat.id, life_seconds)

    # -- files -----------------------------------------------------------------------------------------------------

    def store_file(
        self, kind: str, content: bytes, *, name: str = "", mime_type: str = "", declared_size: int = 0
    ) -> StoredFile:
        """Keep a file and give it an id; `kind` is the folder in its download path."""
        serial = next(self._serial)
        digest = hashlib.sha256(f"{serial}".encode() + content).hexdigest()
        guessed = mime_type or mimetypes.guess_type(name)[0] or "application/octet-stream"
        suffix = "." + name.rpartition(".")[2] if "." in name else (mimetypes.guess_extension(guessed) or "")
        safe_suffix = suffix if suffix[1:].isalnum() and suffix.isascii() else ""
        stored = StoredFile(
            file_id=f"SIM{serial}-{digest[:40]}",
            file_unique_id=f"SIM{digest[:12]}",
            name=name,
            mime_type=guessed,
            content=content,
            path=f"{kind}/file_{serial}{safe_suffix}",
            declared_size=declared_size or len(content),
        )
        self.files[stored.file_id] = stored
        return stored

    def file(self, file_id: str) -> StoredFile:
        """The file with this id.

        Raises:
            Refusal: 400 as Telegram words it.
        """
        if file_id not in self.files:
            raise Refusal(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        return self.files[file_id]

    def serial(self) -> int:
        """A number never given before."""
        return next(self._serial)
