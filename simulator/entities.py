"""Message entities: lengths in UTF-16 units, checks, automatic entities, a simple HTML mode.

Rules: core.telegram.org/bots/api#messageentity; the refusals are worded as tdlib's MessageEntity.cpp words them.
"""

import re
from html import unescape
from typing import Any

from simulator.errors import bad_request
from simulator.model import Json

MAX_TEXT_UNITS = 4096
MAX_CAPTION_UNITS = 1024
MAX_ENTITIES = 100
GIVEN_TYPES = frozenset(
    {
        "mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number", "bold", "italic", "underline",
        "strikethrough", "spoiler", "blockquote", "expandable_blockquote", "code", "pre", "text_link", "text_mention",
        "custom_emoji",
    }
)  # fmt: skip
_AUTOMATIC = (
    ("url", re.compile(r"https?://[^\s<>\"]{1,2000}")),
    ("email", re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")),
    ("bot_command", re.compile(r"(?<![\w/])/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?(?![\w/])")),
    ("mention", re.compile(r"(?<![\w@.])@[A-Za-z]\w{3,31}\b")),
)
_TAG = re.compile(r"<(/?)([a-zA-Z][\w-]*)((?:\s+[^<>]*)?)\s*>")
_ATTRIBUTE = re.compile(r"""([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_HTML_TYPES = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "tg-spoiler": "spoiler", "span": "spoiler",
    "a": "text_link", "code": "code", "pre": "pre", "blockquote": "blockquote", "tg-emoji": "custom_emoji",
}  # fmt: skip


def units(text: str) -> int:
    """The length of a text in UTF-16 units, as Telegram counts."""
    return len(text) + sum(ord(character) > 0xFFFF for character in text)


def formatted(text: str, parse_mode: str, given: Any, limit: int, too_long: str) -> tuple[str, list[Json]]:
    """The text and entities that Telegram would store: parsed, checked, trimmed, with automatic entities.

    Raises:
        Refusal: 400 for a wrong entity, markup that cannot be parsed or a text above `limit` units.
    """
    text = text.replace("\x00", "").replace("\r", "")
    if parse_mode and not given:
        text, entities = parse_markup(text, parse_mode)
    else:
        entities = check_entities(text, given or [])
    text, entities = _trimmed(text, entities)
    if units(text) > limit:
        raise bad_request(too_long)
    return text, with_automatic(text, entities)[:MAX_ENTITIES]


def check_entities(text: str, given: Any) -> list[Json]:
    """The given entities, in order of their place.

    Raises:
        Refusal: 400 for an unknown type, a missing field or a place outside the text.
    """
    if not isinstance(given, list):
        raise bad_request("can't parse entities: expected an Array of MessageEntity")
    breaks = _boundaries(text)
    end_of_text = units(text)
    entities: list[Json] = []
    for entity in given:
        if not isinstance(entity, dict) or not isinstance(entity.get("type"), str):
            raise bad_request("can't parse MessageEntity: can't find field \"type\"")
        if entity["type"] not in GIVEN_TYPES:
            raise bad_request("can't parse MessageEntity: Unsupported type specified")
        offset, length = entity.get("offset"), entity.get("length")
        if not isinstance(offset, int) or not isinstance(length, int):
            raise bad_request('can\'t parse MessageEntity: field "offset" and "length" must be of type Number')
        if offset < 0:
            raise bad_request(f"receive an entity with incorrect offset {offset}")
        if length <= 0:
            raise bad_request(f"receive an entity with incorrect length {length}")
        if offset + length > end_of_text:
            raise bad_request(
                f"entity beginning at UTF-16 offset {offset} ends after the end of the text "
                f"at UTF-16 offset {end_of_text}"
            )
        if offset not in breaks or offset + length not in breaks:
            raise bad_request(f"entity beginning at UTF-16 offset {offset} ends in a middle of a UTF-16 symbol")
        if entity["type"] == "text_link" and not re.match(r"(?:https?|tg|mailto|tel):", str(entity.get("url", ""))):
            continue  # Telegram drops a link that is none and keeps the text.
        entities.append(dict(entity))
    return sorted(entities, key=lambda one: (one["offset"], -one["length"]))


def _boundaries(text: str) -> set[int]:
    places, position = {0}, 0
    for character in text:
        position += 2 if ord(character) > 0xFFFF else 1
        places.add(position)
    return places


def _trimmed(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Without the white space around, entities moved along."""
    stripped = text.strip()
    if stripped == text:
        return text, entities
    lead = units(text[: len(text) - len(text.lstrip())])
    end = units(stripped)
    kept = []
    for entity in entities:
        start = max(entity["offset"] - lead, 0)
        stop = min(entity["offset"] - lead + entity["length"], end)
        if stop > start:
            kept.append({**entity, "offset": start, "length": stop - start})
    return stripped, kept


def with_automatic(text: str, entities: list[Json]) -> list[Json]:
    """The entities and those that Telegram finds by itself: links, addresses, commands, names."""
    taken = [
        (one["offset"], one["offset"] + one["length"])
        for one in entities
        if one["type"] in ("code", "pre", "text_link", "url", "email", "mention", "bot_command", "text_mention")
    ]
    found = list(entities)
    for kind, pattern in _AUTOMATIC:
        for match in pattern.finditer(text):
            matched = match.group().rstrip(".,;:!?)'»”") if kind == "url" else match.group()
            start = units(text[: match.start()])
            stop = start + units(matched)
            if all(stop <= low or start >= high for low, high in taken):
                taken.append((start, stop))
                found.append({"type": kind, "offset": start, "length": stop - start})
    return sorted(found, key=lambda one: (one["offset"], -one["length"]))


def parse_markup(text: str, parse_mode: str) -> tuple[str, list[Json]]:
    """The text and entities of HTML mode; the Markdown modes are refused.

    Raises:
        Refusal: 400 when the markup is wrong, or of a mode the simulator does not read.
    """
    if parse_mode.lower() in ("markdown", "markdownv2"):
        raise bad_request("unsupported parse_mode: the simulator reads HTML or entities, not Markdown")
    if parse_mode.lower() != "html":
        raise bad_request("unsupported parse_mode")
    plain: list[str] = []
    position = 0
    open_tags: list[tuple[str, int, dict[str, str]]] = []
    entities: list[Json] = []
    end = 0
    for match in _TAG.finditer(text):
        position = _append(plain, text[end : match.start()], position)
        end = match.end()
        closing, name, attributes = match.group(1), match.group(2).lower(), match.group(3)
        place = len(text[: match.start()].encode())
        if name not in _HTML_TYPES:
            raise bad_request(f'can\'t parse entities: Unsupported start tag "{name}" at byte offset {place}')
        if not closing:
            open_tags.append((name, position, _attributes(attributes)))
            continue
        if not open_tags:
            raise bad_request(f"can't parse entities: Unexpected end tag at byte offset {place}")
        opened, start, found = open_tags.pop()
        if opened != name:
            raise bad_request(
                f"can't parse entities: Unmatched end tag at byte offset {place}, "
                f'expected "</{opened}>", found "</{name}>"'
            )
        if position > start:
            entities.append(_html_entity(name, found, start, position - start))
    position = _append(plain, text[end:], position)
    if open_tags:
        raise bad_request(f"can't parse entities: Can't find end tag corresponding to start tag \"{open_tags[-1][0]}\"")
    return "".join(plain), sorted(entities, key=lambda one: (one["offset"], -one["length"]))


def _append(plain: list[str], piece: str, position: int) -> int:
    if "<" in piece:
        raise bad_request('can\'t parse entities: Unsupported start tag ""; a bare < is written &lt;')
    unescaped = unescape(piece)
    plain.append(unescaped)
    return position + units(unescaped)


def _attributes(text: str) -> dict[str, str]:
    found = {match[1].lower(): unescape(match[2] or match[3] or match[4] or "") for match in _ATTRIBUTE.finditer(text)}
    if re.search(r"\bexpandable\b", text):
        found["expandable"] = ""
    return found


def _html_entity(name: str, attributes: dict[str, str], offset: int, length: int) -> Json:
    entity: Json = {"type": _HTML_TYPES[name], "offset": offset, "length": length}
    if name == "a":
        entity["url"] = attributes.get("href", "")
    if name == "blockquote" and "expandable" in attributes:
        entity["type"] = "expandable_blockquote"
    if name == "tg-emoji":
        entity["custom_emoji_id"] = attributes.get("emoji-id", "")
    return entity
