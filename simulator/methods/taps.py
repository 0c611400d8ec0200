"""answerCallbackQuery."""

from simulator.entities import units
from simulator.errors import QUERY_TOO_OLD, bad_request
from simulator.methods.registry import BotCall, method
from simulator.model import EventType
from simulator.updates import TAP_LIFE_SECONDS

MAX_ANSWER_UNITS = 200


@method("answerCallbackQuery")
def answer_callback_query(call: BotCall) -> bool:
    """End a tap: the button stops turning, a text is shown if there is one. Later answers to the same tap count for
    nothing."""
    tap = call.world.taps.get(call.params.text("callback_query_id"))
    age = call.world.clock.now() - tap.tapped_at if tap else 0
    if tap is None or tap.bot_id != call.bot.id or age > TAP_LIFE_SECONDS:
        raise bad_request(QUERY_TOO_OLD)
    text = call.params.text("text")
    if units(text) > MAX_ANSWER_UNITS:
        raise bad_request("MESSAGE_TOO_LONG")
    if tap.answer is None:
        tap.answer = {"text": text, "show_alert": call.params.flag("show_alert"), "url": call.params.text("url")}
        call.world.emit(tap.chat, EventType.ANSWER, tap.as_json())
    return True
