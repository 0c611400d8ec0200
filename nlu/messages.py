"""What the bot may say to the channel, read strictly."""

import json
import re
from dataclasses import dataclass
from typing import Any, Dict, List, Optional

TEXT_LIMIT = 4096
"""Characters of a message that come through the door: as many as Telegram takes."""
_SENDER = re.compile(r"[A-Za-z0-9_.:=-]{1,128}")
_INTENT = re.compile(r"[a-z][a-z0-9_]{0,63}")
_ARGUMENTS = {"guide": 64, "value": 64}
_LARGEST_STEP = 999


class BadMessage(ValueError):
    """A message that breaks the contract; the text says how."""


@dataclass(frozen=True)
class Tap:
    """A button that says an intent."""

    intent: str
    entities: List[Dict[str, Any]]
    """Its arguments, in the form in which Rasa has entities."""


@dataclass(frozen=True)
class Said:
    """What a person said: a text or a tap."""

    sender: str
    message_id: str
    text: str
    tap: Optional[Tap]
    metadata: Dict[str, Any]


def read_sender(value: object) -> str:
    """The pseudonym of a sender.

    Raises:
        BadMessage: it is none.
    """
    if not isinstance(value, str) or not _SENDER.fullmatch(value):
        raise BadMessage("`sender` must be a pseudonym of 1 to 128 letters, digits or any of _ . : = -")
    return value


def read_message(body: bytes) -> Said:
    """Read the body of a request.

    Raises:
        BadMessage: it is not what the contract asks for.
    """
    try:
        data = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadMessage("the body is not JSON") from error
    if not isinstance(data, dict):
        raise BadMessage("the body must be a JSON object")
    sender = read_sender(data.get("sender"))
    message_id = data.get("message_id")
    if not isinstance(message_id, str) or not 1 <= len(message_id) <= 128 or not message_id.isprintable():
        raise BadMessage("`message_id` must be a string of 1 to 128 printable characters")
    metadata = data.get("metadata")
    if metadata is not None and not isinstance(metadata, dict):
        raise BadMessage("`metadata` must be an object")
    text, tap = _text_or_tap(data)
    return Said(sender, _storable(message_id), text, tap, metadata or {})


def _text_or_tap(data: Dict[str, Any]) -> "tuple[str, Optional[Tap]]":
    text, payload = data.get("text"), data.get("payload")
    if (text is None) == (payload is None):
        raise BadMessage("say either `text` or `payload`")
    if payload is not None:
        return "", _tap(payload)
    if not isinstance(text, str):
        raise BadMessage("`text` must be a string")
    return _storable(text[:TEXT_LIMIT]), None


def _tap(payload: object) -> Tap:
    if not isinstance(payload, dict):
        raise BadMessage("`payload` must be an object")
    intent = payload.get("intent")
    if not isinstance(intent, str) or not _INTENT.fullmatch(intent):
        raise BadMessage("`payload.intent` must be a name of small letters, digits and _")
    entities = []
    for name, longest in _ARGUMENTS.items():
        value = payload.get(name)
        if value is not None and (not isinstance(value, str) or len(value) > longest):
            raise BadMessage(f"`payload.{name}` must be a string of at most {longest} characters")
        if value:
            entities.append({"entity": name, "value": _storable(value)})
    step = payload.get("step")
    if step is not None and (isinstance(step, bool) or not isinstance(step, int) or not 0 <= step <= _LARGEST_STEP):
        raise BadMessage(f"`payload.step` must be a whole number from 0 to {_LARGEST_STEP}")
    if step:
        entities.append({"entity": "step", "value": str(step)})
    return Tap(intent, entities)


def _storable(text: str) -> str:
    """`text` without NUL and lone surrogates, which no database and no encoder can take."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
