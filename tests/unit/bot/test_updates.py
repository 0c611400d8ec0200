"""Telegram's updates in our own words."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.messages import ChatKind, Inbound, Kind
from bot.telegram.keyboards import Keyboards
from bot.telegram.updates import MAX_TEXT, UpdateReader, clean

READER = UpdateReader(Keyboards("secret"), "Mentor_Bot")
KARI = {"id": 11, "first_name": "Kari", "language_code": "nb", "is_bot": False}
CHAT = {"id": 11, "type": "private"}


def read(update: Any) -> Inbound:
    return READER.read(json.dumps(update))


def message(**fields: Any) -> dict[str, Any]:
    return {"update_id": 5, "message": {"message_id": 9, "date": 100, "from": KARI, "chat": CHAT, **fields}}


def command(text: str) -> dict[str, Any]:
    return message(text=text, entities=[{"type": "bot_command", "offset": 0, "length": len(text.split(" ")[0])}])


def test_text_is_read_whole() -> None:
    inbound = read(message(text="hei", reply_to_message={"message_id": 3}))

    assert inbound == Inbound(
        5,
        Kind.TEXT,
        chat_id=11,
        chat_kind=ChatKind.PRIVATE,
        user_id=11,
        first_name="Kari",
        language_code="nb",
        text="hei",
        message_id=9,
        reply_to_message_id=3,
        sent_at=100,
    )


@pytest.mark.parametrize(
    ("text", "kind", "name", "argument"),
    [
        ("/start", Kind.COMMAND, "start", ""),
        ("/start shop-payments", Kind.COMMAND, "start", "shop-payments"),
        ("/START ../../etc", Kind.COMMAND, "start", "../../etc"),
        ("/menu@mentor_bot", Kind.COMMAND, "menu", ""),
        ("/menu@other_bot", Kind.OTHER, "", ""),
        ("/restart", Kind.TEXT, "", ""),
        ('/intent{"slot":"x"}', Kind.TEXT, "", ""),
    ],
)
def test_command_is_one_of_ours_or_text(text: str, kind: Kind, name: str, argument: str) -> None:
    inbound = read(command(text))

    assert (inbound.kind, inbound.command, inbound.argument) == (kind, name, argument)


@pytest.mark.parametrize(
    "media",
    ["photo", "voice", "video", "sticker", "location", "contact", "poll", "dice", "document", "animation"],
)
def test_media_is_named(media: str) -> None:
    inbound = read(message(**{media: {"x": 1}}, caption="see here"))

    assert (inbound.kind, inbound.media, inbound.text) == (Kind.MEDIA, media, "see here")


def test_edited_message_is_no_new_text() -> None:
    update = message(text="better")
    update["edited_message"] = update.pop("message")

    assert read(update).kind is Kind.EDITED


def test_tap_on_a_message_that_is_gone_is_the_persons_own_chat() -> None:
    inbound = read({"update_id": 5, "callback_query": {"id": "q", "from": KARI, "data": "x", "chat_instance": "1"}})

    assert (inbound.kind, inbound.chat_id, inbound.tap and inbound.tap.genuine) == (Kind.TAP, 11, False)


@pytest.mark.parametrize(("status", "present"), [("member", True), ("kicked", False), ("left", False)])
def test_membership_says_whether_the_bot_may_write(status: str, present: bool) -> None:
    update = {"update_id": 5, "my_chat_member": {"chat": CHAT, "from": KARI, "new_chat_member": {"status": status}}}

    inbound = read(update)

    assert (inbound.kind, inbound.present) == (Kind.MEMBER, present)


@pytest.mark.parametrize(
    "update",
    [
        {"update_id": 5},
        {"update_id": 5, "poll": {"id": "1"}},
        {"update_id": 5, "purchased_paid_media": {}},
        {"update_id": 5, "message": None},
        {"update_id": 5, "message": {"chat": CHAT}},
        {"update_id": 5, "message": {"message_id": "x", "chat": 3}},
        {"update_id": 5, "channel_post": {"message_id": 1, "chat": {"id": -2, "type": "channel"}, "text": "x"}},
        message(**{"from": {**KARI, "is_bot": True}}, text="I am a bot"),
        [],
        None,
        3,
        "x",
    ],
)
def test_unknown_shape_is_other(update: Any) -> None:
    assert read(update).kind is Kind.OTHER


def test_clean_takes_out_what_databases_refuse() -> None:
    assert clean("a\x00b\ud800c🙂\udfff") == "ab\ufffdc🙂\ufffd"


def test_clean_caps_the_length() -> None:
    assert len(clean("x" * 10_000)) == MAX_TEXT


leaves = st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(["private", "bot_command"])
anything = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
)
FIELDS = [
    "message_id",
    "date",
    "from",
    "chat",
    "text",
    "caption",
    "entities",
    "reply_to_message",
    "photo",
    "id",
    "data",
]


# The first draw builds Unicode tables, which takes seconds on a busy machine and says nothing about the code.
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    kind=st.sampled_from(["message", "edited_message", "callback_query", "my_chat_member"]),
    body=st.dictionaries(st.sampled_from(FIELDS), anything),
    keep=st.booleans(),
)
def test_no_update_raises(kind: str, body: dict[str, Any], keep: bool) -> None:
    base = {"message_id": 1, "from": KARI, "chat": CHAT, "id": "q"} if keep else {}

    assert isinstance(read({"update_id": 1, kind: {**base, **body}}), Inbound)
