"""Sending files and places: sendPhoto, sendDocument, sendVoice, sendVideo ... sendLocation, sendMediaGroup.

A file is a part of the form, a `file_id` seen before, or an address (which the simulator does not fetch).
"""

from collections.abc import Callable
from typing import Any

from simulator.contents import file_content
from simulator.entities import MAX_CAPTION_UNITS, formatted
from simulator.errors import bad_request
from simulator.methods.registry import BotCall, method
from simulator.methods.sending import post
from simulator.model import Json, StoredFile
from simulator.pictures import picture_size

MAX_PHOTO_BYTES = 10 * 1024 * 1024
_FOLDERS = {"photo": "photos", "document": "documents", "voice": "voice", "video": "videos", "sticker": "stickers"}


def _given_file(call: BotCall, kind: str, value: Any) -> StoredFile:
    """The file that a parameter names."""
    name = str(value or "")
    part = name.removeprefix("attach://") if name.startswith("attach://") else kind if not name else ""
    upload = call.params.uploads.get(part)
    if upload is None:
        if not name or part:
            raise bad_request(f"there is no {kind} in the request")
        if name.startswith(("http://", "https://")):
            raise bad_request("failed to get HTTP URL content: the simulator fetches nothing")
        return call.world.file(name)
    if not upload.content:
        raise bad_request("file must be non-empty")
    if kind == "photo":
        if len(upload.content) > MAX_PHOTO_BYTES:
            raise bad_request("file is too big for a photo: photos have at most 10 MB")
        if picture_size(upload.content) is None:
            raise bad_request("IMAGE_PROCESS_FAILED")
    return call.world.store_file(
        _FOLDERS.get(kind, "files"), upload.content, name=upload.name, mime_type=upload.mime_type
    )


def _caption(text: str, parse_mode: str, entities: Any) -> Json:
    caption, found = formatted(text, parse_mode, entities, MAX_CAPTION_UNITS, "message caption is too long")
    content: Json = {}
    if caption:
        content["caption"] = caption
    if found:
        content["caption_entities"] = found
    return content


def _sender(kind: str) -> Callable[[BotCall], Json]:
    def send(call: BotCall) -> Json:
        chat = call.chat()
        stored = _given_file(call, kind, call.params.values.get(kind))
        content = file_content(kind, stored)
        if kind not in ("sticker", "video_note"):
            content |= _caption(
                call.params.text("caption"), call.params.text("parse_mode"), call.params.json("caption_entities")
            )
        return post(call, chat, content).data

    return send


for _method_name, _kind in (
    ("sendPhoto", "photo"),
    ("sendDocument", "document"),
    ("sendVoice", "voice"),
    ("sendAudio", "audio"),
    ("sendVideo", "video"),
    ("sendAnimation", "animation"),
    ("sendVideoNote", "video_note"),
    ("sendSticker", "sticker"),
):
    method(_method_name)(_sender(_kind))


@method("sendLocation")
def send_location(call: BotCall) -> Json:
    """Send a place on the map."""
    chat = call.chat()
    latitude, longitude = call.params.number("latitude", 999.0), call.params.number("longitude", 999.0)
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise bad_request("wrong latitude or longitude specified")
    return post(call, chat, {"location": {"latitude": latitude, "longitude": longitude}}).data


@method("sendMediaGroup")
def send_media_group(call: BotCall) -> list[Json]:
    """Send an album of 2 to 10 items."""
    chat = call.chat()
    items: Any = call.params.json("media")
    if not isinstance(items, list) or not 2 <= len(items) <= 10:
        raise bad_request("wrong number of items in a media group: 2-10 expected")
    contents = [album_item(call, item) for item in items]
    group = str(call.world.serial())
    return [post(call, chat, {"media_group_id": group, **content}).data for content in contents]


def album_item(call: BotCall, item: Any) -> Json:
    """The content of one InputMedia.

    Raises:
        Refusal: 400 when it is none.
    """
    if not isinstance(item, dict) or item.get("type") not in ("photo", "document", "video", "audio", "animation"):
        raise bad_request("can't parse InputMedia: type is not supported")
    kind = str(item["type"])
    stored = _given_file(call, kind, item.get("media"))
    caption = _caption(str(item.get("caption") or ""), str(item.get("parse_mode") or ""), item.get("caption_entities"))
    return file_content(kind, stored) | caption
