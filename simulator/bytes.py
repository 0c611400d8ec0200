"""What calls cost on the way to the phone: as UTF-8, nothing compressed, Telegram's own wrapping left aside."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from simulator.model import Json

TEXTS = ("text", "caption")
MARKUP = ("entities", "caption_entities", "reply_markup")


@dataclass(frozen=True)
class Carried:
    """Bytes, by what they are."""

    text: int
    """What the person reads in messages and captions."""
    markup: int
    """Formatting and keyboards as the JSON of the Bot API, which is more than what the phone really gets."""
    files: int

    @property
    def total(self) -> int:
        """All of it."""
        return self.text + self.markup + self.files


def carried(calls: Iterable[Json]) -> Carried:
    """What these calls carry; each is the parameters as the ledger keeps them."""
    kept = list(calls)
    return Carried(
        sum(_bytes(params[name]) for params in kept for name in TEXTS if name in params),
        sum(_bytes(params[name]) for params in kept for name in MARKUP if name in params),
        sum(int(value["size"]) for params in kept for value in params.values() if _is_file(value)),
    )


def _is_file(value: Any) -> bool:
    return isinstance(value, dict) and "file" in value and "size" in value


def _bytes(value: Any) -> int:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return len(text.encode())
