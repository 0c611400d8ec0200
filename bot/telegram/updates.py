"""Telegram's updates in our own words. Whatever has an unknown shape is of kind OTHER, never an exception."""

import json
from typing import Any

from pydantic import BaseModel, Field, ValidationError

from bot.domain.route import COMMANDS
from bot.messages import ChatKind, Inbound, Kind
from bot.telegram.keyboards import Keyboards

MAX_TEXT = 4096
MEDIA = (
    "photo", "voice", "video", "video_note", "audio", "document", "sticker", "animation",
    "location", "venue", "contact", "poll", "dice", "story", "paid_media", "checklist",
)  # fmt: skip
PRESENT = frozenset({"member", "administrator", "creator", "restricted"})
REPLACEMENT = "\ufffd"


class RawUser(BaseModel):
    """Who acted."""

    id: int
    is_bot: bool = False
    first_name: str = ""
    language_code: str = ""


class RawChat(BaseModel):
    """Where."""

    id: int
    type: str


class RawReply(BaseModel):
    """The message that was answered."""

    message_id: int


class RawEntity(BaseModel):
    """A marked part of a text."""

    type: str
    offset: int
    length: int


class RawMessage(BaseModel):
    """The few fields of a message that we read."""

    message_id: int = 0
    date: int = 0
    chat: RawChat
    sender: RawUser | None = Field(default=None, alias="from")
    text: str = ""
    caption: str = ""
    reply_to_message: RawReply | None = None
    entities: list[RawEntity] = []


class RawTap(BaseModel):
    """A tapped button."""

    id: str
    sender: RawUser = Field(alias="from")
    message: RawMessage | None = None
    data: str = ""


class RawMember(BaseModel):
    """What the bot is in a chat now."""

    status: str


class RawMembership(BaseModel):
    """The bot was added, removed, blocked or unblocked."""

    chat: RawChat
    sender: RawUser = Field(alias="from")
    new_chat_member: RawMember


class RawUpdate(BaseModel):
    """One update."""

    update_id: int
    message: RawMessage | None = None
    edited_message: RawMessage | None = None
    callback_query: RawTap | None = None
    my_chat_member: RawMembership | None = None


def clean(text: str) -> str:
    """`text` without what databases and encoders refuse: NUL goes, lone surrogates become a replacement character."""
    text = text.replace("\x00", "")
    return "".join(REPLACEMENT if "\ud800" <= char <= "\udfff" else char for char in text)[:MAX_TEXT]


class UpdateReader:
    """Reads updates for one bot."""

    def __init__(self, keyboards: Keyboards, username: str) -> None:
        """`username`: the bot's own, without @; a command for another bot is none of ours."""
        self._keyboards = keyboards
        self._username = username.lower()

    def read(self, payload: str) -> Inbound:
        """The update that `payload`, Telegram's JSON, stands for."""
        data = json.loads(payload)
        try:
            raw = RawUpdate.model_validate(data)
        except ValidationError:
            update_id = data.get("update_id") if isinstance(data, dict) else None
            return Inbound(update_id if isinstance(update_id, int) else 0, Kind.OTHER)
        if raw.callback_query:
            return self._tap(raw.update_id, raw.callback_query)
        if raw.my_chat_member:
            return _membership(raw.update_id, raw.my_chat_member)
        if message := raw.message or raw.edited_message:
            return self._message(raw.update_id, message, data.get("message") or {}, edited=raw.message is None)
        return Inbound(raw.update_id, Kind.OTHER)

    def _message(self, update_id: int, raw: RawMessage, fields: dict[str, Any], *, edited: bool) -> Inbound:
        if raw.sender is None or raw.sender.is_bot:
            return Inbound(update_id, Kind.OTHER)
        text = clean(raw.text or raw.caption)
        kind, command, argument = (Kind.TEXT if raw.text else Kind.MEDIA), "", ""
        if edited:
            kind = Kind.EDITED
        elif any(entity.type == "bot_command" and entity.offset == 0 for entity in raw.entities):
            kind, command, argument = self._command(text)
        return Inbound(
            update_id,
            kind,
            chat_id=raw.chat.id,
            chat_kind=_chat_kind(raw.chat),
            user_id=raw.sender.id,
            first_name=clean(raw.sender.first_name)[:256],
            language_code=raw.sender.language_code,
            text=text,
            command=command,
            argument=argument,
            media=next((name for name in MEDIA if name in fields), "") if kind is Kind.MEDIA else "",
            message_id=raw.message_id,
            reply_to_message_id=raw.reply_to_message.message_id if raw.reply_to_message else 0,
            sent_at=raw.date,
        )

    def _command(self, text: str) -> tuple[Kind, str, str]:
        """A command of ours; an unknown one is text like any other, one for another bot is nothing to us."""
        head, _, argument = text.partition(" ")
        name, _, addressee = head[1:].lower().partition("@")
        if addressee and addressee != self._username:
            return Kind.OTHER, "", ""
        if name in COMMANDS or name == "close":
            return Kind.COMMAND, name, argument.strip()
        return Kind.TEXT, "", ""

    def _tap(self, update_id: int, raw: RawTap) -> Inbound:
        chat = raw.message.chat if raw.message else RawChat(id=raw.sender.id, type="private")
        message_id = raw.message.message_id if raw.message else 0
        return Inbound(
            update_id,
            Kind.TAP,
            chat_id=chat.id,
            chat_kind=_chat_kind(chat),
            user_id=raw.sender.id,
            first_name=clean(raw.sender.first_name)[:256],
            language_code=raw.sender.language_code,
            message_id=message_id,
            tap=self._keyboards.read(raw.data, chat.id, raw.id, message_id),
        )


def _membership(update_id: int, raw: RawMembership) -> Inbound:
    return Inbound(
        update_id,
        Kind.MEMBER,
        chat_id=raw.chat.id,
        chat_kind=_chat_kind(raw.chat),
        user_id=raw.sender.id,
        language_code=raw.sender.language_code,
        present=raw.new_chat_member.status in PRESENT,
    )


def _chat_kind(chat: RawChat) -> ChatKind:
    return {"private": ChatKind.PRIVATE, "channel": ChatKind.CHANNEL}.get(chat.type, ChatKind.GROUP)
