"""Reply markup: what Telegram takes and what it refuses.

Rules: core.telegram.org/bots/api#inlinekeyboardbutton; `callback_data` has 1 to 64 bytes, at most 100 buttons.
"""

from typing import Any

from simulator.errors import bad_request
from simulator.model import Json
from simulator.params import Params

MAX_DATA_BYTES = 64
MAX_BUTTONS = 100
_OTHER_ACTIONS = (
    "web_app", "login_url", "switch_inline_query", "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat", "copy_text", "callback_game", "pay",
)  # fmt: skip


def read_markup(params: Params) -> tuple[Json | None, Json | None]:
    """The inline keyboard and the reply keyboard (or removal, or forced reply) of a call, either may be None.

    Raises:
        Refusal: 400 for a keyboard that Telegram would not take.
    """
    markup = params.json("reply_markup")
    if markup is None or markup == {}:
        return None, None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" in markup:
        rows = _rows(markup["inline_keyboard"], "inline_keyboard")
        checked = [[_inline_button(button) for button in row] for row in rows]
        kept = [row for row in checked if row]
        return ({"inline_keyboard": kept} if kept else None), None
    if "keyboard" in markup:
        rows = _rows(markup["keyboard"], "keyboard")
        keyboard = [[_text_button(button) for button in row] for row in rows]
        return None, {**markup, "keyboard": keyboard}
    if markup.get("remove_keyboard") or markup.get("force_reply"):
        return None, dict(markup)
    raise bad_request("can't parse reply keyboard markup JSON object")


def _rows(value: Any, name: str) -> list[list[Any]]:
    if not isinstance(value, list) or not all(isinstance(row, list) for row in value):
        raise bad_request(f'field "{name}" of the ReplyMarkup must be an Array of Arrays')
    if sum(len(row) for row in value) > MAX_BUTTONS:
        raise bad_request("reply markup is too long")
    return value


def _inline_button(button: Any) -> Json:
    if not isinstance(button, dict):
        raise bad_request("can't parse inline keyboard button: InlineKeyboardButton must be an Object")
    if not isinstance(button.get("text"), str) or not button["text"].strip():
        raise bad_request("can't parse inline keyboard button: button text is empty")
    if "callback_data" in button:
        if not 1 <= len(str(button["callback_data"]).encode()) <= MAX_DATA_BYTES:
            raise bad_request("BUTTON_DATA_INVALID")
    elif "url" in button:
        url = str(button["url"])
        if not url.startswith(("http://", "https://", "tg://")) or " " in url:
            raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
    elif not any(name in button for name in _OTHER_ACTIONS):
        raise bad_request("can't parse inline keyboard button: text buttons are unallowed in the inline keyboard")
    return dict(button)


def _text_button(button: Any) -> Json:
    if isinstance(button, str):
        return {"text": button}
    if not isinstance(button, dict) or not isinstance(button.get("text"), str):
        raise bad_request('can\'t parse keyboard button: field "text" must be of type String')
    return dict(button)
