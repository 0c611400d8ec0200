"""Replies as Telegram shows them: Markdown becomes text and entities through a library, never by escaping of ours."""

from collections.abc import Sequence
from typing import Any

from telegramify_markdown import MessageEntity, convert, split_entities, utf16_len
from telegramify_markdown.config import RenderConfig

from actions.replies import Button, Card, Chart, Document, Step, Text, Visible
from bot.domain.files import chart_call, guide_call
from bot.messages import Outbound, Tap
from bot.telegram.keyboards import Keyboards

MAX_UNITS = 4000
"""UTF-16 units in one message; Telegram allows 4096."""


def _look() -> RenderConfig:
    look = RenderConfig.isolated()
    # The library's own sign for a list item is in few fonts: old phones and computers show an empty box.
    look.markdown_symbol.unordered_list_item = "•"
    return look


LOOK = _look()


class TelegramRenderer:
    """Turns replies into calls of the Bot API."""

    def __init__(self, keyboards: Keyboards) -> None:
        self._keyboards = keyboards

    def render(self, replies: Sequence[Visible], chat_id: int, tap: Tap | None) -> list[Outbound]:
        """The calls that show `replies`; the first one edits the tapped message if it may."""
        calls: list[Outbound] = []
        for index, reply in enumerate(replies):
            if isinstance(reply, Chart | Document):
                calls.append(self._with_file(reply, chat_id))
                continue
            may_edit = index == 0 and tap is not None and tap.message_id and not isinstance(reply, Card) and reply.edit
            text, entities = convert(_markdown(reply), config=LOOK)
            edited = tap.message_id if may_edit and tap else 0
            calls += self._messages(chat_id, text, [entity.to_dict() for entity in entities], reply.rows, edited)
        return calls

    def _with_file(self, reply: Chart | Document, chat_id: int) -> Outbound:
        """A picture or document with its caption; always a new message, so that it can be found again."""
        text, entities = convert(reply.caption, config=LOOK)
        params: dict[str, Any] = {"chat_id": chat_id, "caption": text}
        if entities:
            params["caption_entities"] = [entity.to_dict() for entity in entities]
        if isinstance(reply, Chart):
            return Outbound("sendPhoto", params | {"photo": chart_call(reply)}, chat_id)
        return Outbound("sendDocument", params | {"document": guide_call(reply)}, chat_id)

    def plain(
        self, chat_id: int, text: str, *, bold_prefix: str = "", rows: Sequence[Sequence[Button]] = ()
    ) -> Outbound:
        """One message that shows `text` letter by letter, after a bold first line; what is too long is cut."""
        whole = "\n".join(part for part in (bold_prefix, text) if part)
        while (over := utf16_len(whole) - MAX_UNITS) > 0:
            # A character has one unit or two: this never cuts too much, and ends after a few rounds.
            whole = whole[: -((over + 1) // 2)]
        entities = [{"type": "bold", "offset": 0, "length": utf16_len(bold_prefix)}] if bold_prefix else []
        return self._messages(chat_id, whole, entities, rows, 0)[0]

    def _messages(
        self, chat_id: int, text: str, entities: list[dict[str, Any]], rows: Sequence[Sequence[Button]], edited: int
    ) -> list[Outbound]:
        """One call, or several where the text is too long for one; the buttons stand under the last."""
        parts = [(text, entities)]
        if utf16_len(text) > MAX_UNITS:
            parts = _split(text, entities)
        calls = []
        for index, (part, part_entities) in enumerate(parts):
            params: dict[str, Any] = {"chat_id": chat_id, "text": part, "link_preview_options": {"is_disabled": True}}
            if part_entities:
                params["entities"] = part_entities
            markup = self._keyboards.markup(rows, chat_id) if index == len(parts) - 1 else None
            if markup:
                params["reply_markup"] = markup
            if edited and index == 0:
                params["message_id"] = edited
            calls.append(Outbound("editMessageText" if edited and index == 0 else "sendMessage", params, chat_id))
        return calls


def _split(text: str, entities: list[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    typed = [MessageEntity(**entity) for entity in entities]
    parts = split_entities(text, typed, max_utf16_len=MAX_UNITS)
    return [(part, [entity.to_dict() for entity in part_entities]) for part, part_entities in parts]


def _markdown(reply: Visible) -> str:
    """The whole of a reply as one Markdown text, in the order of `conversation.md`."""
    match reply:
        case Text():
            return reply.text
        case Card():
            parts = [reply.notice, f"**{reply.title}**", reply.short, reply.country, reply.effort]
        case Step():
            head = f"**{reply.number}/{reply.total}  {reply.title}**"
            parts = [reply.notice, head, reply.body, reply.country]
        case Chart() | Document():
            return reply.caption
    return "\n\n".join(part for part in parts if part)
