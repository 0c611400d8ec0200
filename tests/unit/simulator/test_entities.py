"""Entities count in UTF-16 units and are checked as Telegram checks them."""

from typing import Any

import pytest

from simulator.entities import check_entities, formatted, parse_markup, units
from simulator.errors import Refusal
from simulator.model import Json


def _stored(text: str, *, parse_mode: str = "", entities: Any = None) -> tuple[str, list[Json]]:
    return formatted(text, parse_mode, entities, 4096, "message is too long")


def test_units_count_surrogate_pairs_twice() -> None:
    assert (units("aå€"), units("😀"), units("👩‍🌾")) == (3, 2, 5)


@pytest.mark.parametrize(
    ("entity", "reason"),
    [
        ({"type": "bold", "offset": -1, "length": 2}, "receive an entity with incorrect offset -1"),
        ({"type": "bold", "offset": 0, "length": 0}, "receive an entity with incorrect length 0"),
        (
            {"type": "bold", "offset": 2, "length": 4},
            "entity beginning at UTF-16 offset 2 ends after the end of the text at UTF-16 offset 5",
        ),
        (
            {"type": "bold", "offset": 0, "length": 1},
            "entity beginning at UTF-16 offset 0 ends in a middle of a UTF-16 symbol",
        ),
        ({"type": "glow", "offset": 0, "length": 2}, "can't parse MessageEntity: Unsupported type specified"),
        ({"offset": 0, "length": 2}, "can't parse MessageEntity: can't find field \"type\""),
    ],
)
def test_entity_in_a_wrong_place_is_refused(entity: Json, reason: str) -> None:
    with pytest.raises(Refusal) as refusal:
        check_entities("😀abc", [entity])

    assert refusal.value.description == f"Bad Request: {reason}"


def test_entities_move_when_white_space_is_trimmed() -> None:
    stored = _stored("  Hello you \n", entities=[{"type": "bold", "offset": 1, "length": 6}])

    assert stored == ("Hello you", [{"type": "bold", "offset": 0, "length": 5}])


def test_entities_are_found_automatically() -> None:
    text, found = _stored("😀 /help see https://a.example/x, or mail kari@firma.no @skills")

    assert [
        (one["type"], text.encode("utf-16-le")[2 * one["offset"] : 2 * (one["offset"] + one["length"])])
        for one in found
    ] == [
        ("bot_command", "/help".encode("utf-16-le")),
        ("url", "https://a.example/x".encode("utf-16-le")),
        ("email", "kari@firma.no".encode("utf-16-le")),
        ("mention", "@skills".encode("utf-16-le")),
    ]


def test_entities_are_not_looked_for_in_code() -> None:
    stored = _stored("/help me", entities=[{"type": "code", "offset": 0, "length": 8}])

    assert stored == ("/help me", [{"type": "code", "offset": 0, "length": 8}])


def test_html_becomes_entities() -> None:
    stored = _stored('😀 <b>bold <i>both</i></b> &lt;3 <a href="https://a.example">link</a>', parse_mode="HTML")

    assert stored == (
        "😀 bold both <3 link",
        [
            {"type": "bold", "offset": 3, "length": 9},
            {"type": "italic", "offset": 8, "length": 4},
            {"type": "text_link", "offset": 16, "length": 4, "url": "https://a.example"},
        ],
    )


def test_html_quotes_may_be_expandable() -> None:
    stored = _stored("<blockquote expandable>long</blockquote>", parse_mode="HTML")

    assert stored == ("long", [{"type": "expandable_blockquote", "offset": 0, "length": 4}])


@pytest.mark.parametrize(
    ("text", "mode", "reason"),
    [
        ("<x>a</x>", "HTML", 'can\'t parse entities: Unsupported start tag "x" at byte offset 0'),
        ("<b>a", "HTML", "can't parse entities: Can't find end tag corresponding to start tag \"b\""),
        (
            "<b>a</i>",
            "HTML",
            'can\'t parse entities: Unmatched end tag at byte offset 4, expected "</b>", found "</i>"',
        ),
        ("a</b>", "HTML", "can't parse entities: Unexpected end tag at byte offset 1"),
        ("1 < 2", "HTML", 'can\'t parse entities: Unsupported start tag ""; a bare < is written &lt;'),
        ("*a*", "MarkdownV2", "unsupported parse_mode: the simulator reads HTML or entities, not Markdown"),
        ("a", "BBCode", "unsupported parse_mode"),
    ],
)
def test_markup_that_is_wrong_is_refused(text: str, mode: str, reason: str) -> None:
    with pytest.raises(Refusal) as refusal:
        parse_markup(text, mode)

    assert refusal.value.description == f"Bad Request: {reason}"
