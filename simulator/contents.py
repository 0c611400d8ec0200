"""The media parts of a Message object, made from stored files. Used for what bots send and what people send."""

from collections.abc import Callable

from simulator.model import Json, StoredFile
from simulator.pictures import picture_size


def _base(stored: StoredFile) -> Json:
    return {
        "file_id": stored.file_id,
        "file_unique_id": stored.file_unique_id,
        "file_size": stored.declared_size,
    }


def _named(stored: StoredFile) -> Json:
    body = {**_base(stored), "mime_type": stored.mime_type}
    return body | {"file_name": stored.name} if stored.name else body


def _photo(stored: StoredFile) -> list[Json]:
    width, height = picture_size(stored.content) or (640, 480)
    return [{**_base(stored), "width": width, "height": height}]


def _sticker(stored: StoredFile) -> Json:
    return {
        **_base(stored),
        "type": "regular",
        "width": 512,
        "height": 512,
        "is_animated": False,
        "is_video": False,
        "emoji": "👍",
    }


_MAKERS: dict[str, Callable[[StoredFile], Json | list[Json]]] = {
    "photo": _photo,
    "document": _named,
    "voice": lambda stored: {**_base(stored), "duration": 3, "mime_type": stored.mime_type},
    "audio": lambda stored: {**_named(stored), "duration": 3},
    "video": lambda stored: {**_named(stored), "duration": 3, "width": 320, "height": 240},
    "animation": lambda stored: {**_named(stored), "duration": 3, "width": 320, "height": 240},
    "video_note": lambda stored: {**_base(stored), "duration": 3, "length": 240},
    "sticker": _sticker,
}
FILE_KINDS = frozenset(_MAKERS)
"""The kinds of message that carry a file."""


def file_content(kind: str, stored: StoredFile) -> Json:
    """The part of a Message that shows a file; an animation is shown as a document too, as Telegram does."""
    shown = _MAKERS[kind](stored)
    if kind == "animation":
        return {kind: shown, "document": _named(stored)}
    return {kind: shown}
