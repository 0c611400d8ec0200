"""Photos, files and all the other kinds of message."""

import struct
import zlib

import pytest
from telegram import Bot, InputMediaDocument, InputMediaPhoto
from telegram.error import BadRequest

from simulator.client import ADVISORS_CHAT_ID, Phone, WorldClient
from simulator.pictures import picture_size


def _png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\x80" * width) * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


PNG = _png(40, 30)


async def test_photo_arrives_with_size_and_caption(bot: Bot, anna: Phone) -> None:
    sent = await bot.send_photo(anna.id, PNG, caption="<i>Shop</i>", parse_mode="HTML")

    heard = await anna.hears()
    assert (heard.kind, heard.text, heard.entities) == ("photo", "Shop", [{"type": "italic", "offset": 0, "length": 4}])
    assert (sent.photo[-1].width, sent.photo[-1].height) == (40, 30)
    assert await anna.download(heard) == PNG


async def test_photo_that_is_none_is_refused(bot: Bot, anna: Phone) -> None:
    with pytest.raises(BadRequest, match="Image_process_failed"):
        await bot.send_photo(anna.id, b"no picture")


async def test_document_can_be_downloaded_by_the_bot(bot: Bot, anna: Phone) -> None:
    sent = await bot.send_document(anna.id, b"plan", filename="plan.pdf")
    assert sent.document is not None

    file = await bot.get_file(sent.document.file_id)

    assert (sent.document.file_name, sent.document.mime_type) == ("plan.pdf", "application/pdf")
    assert bytes(await file.download_as_bytearray()) == b"plan"


async def test_document_can_be_sent_again_by_its_id(bot: Bot, anna: Phone) -> None:
    first = await bot.send_document(anna.id, b"plan", filename="plan.pdf")
    assert first.document is not None

    again = await bot.send_document(anna.id, first.document.file_id)

    assert again.document == first.document


@pytest.mark.parametrize(
    ("file", "reason"),
    [("unknown-id", "Wrong file_id or the file is temporarily unavailable"), (b"", "File must be non-empty")],
)
async def test_document_that_is_no_file_is_refused(bot: Bot, anna: Phone, file: str | bytes, reason: str) -> None:
    with pytest.raises(BadRequest) as refusal:
        await bot.send_document(anna.id, file, filename="a.txt")

    assert refusal.value.message == reason


async def test_caption_above_1024_units_is_refused(bot: Bot, anna: Phone) -> None:
    with pytest.raises(BadRequest, match="Message caption is too long"):
        await bot.send_document(anna.id, b"x", filename="a.txt", caption="a" * 1025)


async def test_album_arrives_as_messages_of_one_group(bot: Bot, anna: Phone) -> None:
    await bot.send_media_group(anna.id, [InputMediaPhoto(PNG, caption="one"), InputMediaPhoto(PNG)])

    first, second = await anna.hears_all(2)
    assert (first.text, first.data["media_group_id"]) == ("one", second.data["media_group_id"])


async def test_media_can_be_replaced(bot: Bot, anna: Phone) -> None:
    sent = await bot.send_document(anna.id, b"old", filename="old.txt")

    await bot.edit_message_media(InputMediaDocument(b"new", filename="new.txt"), anna.id, sent.message_id)

    heard = await anna.waits_for(lambda heard: heard.edited)
    assert (heard.data["document"]["file_name"], await anna.download(heard)) == ("new.txt", b"new")


async def test_other_kinds_arrive(bot: Bot, anna: Phone) -> None:
    await bot.send_voice(anna.id, b"ogg")
    await bot.send_video(anna.id, b"mp4")
    await bot.send_sticker(anna.id, b"webp")
    await bot.send_location(anna.id, 59.1, 10.2)

    assert [heard.kind for heard in await anna.hears_all(4)] == ["voice", "video", "sticker", "location"]


async def test_copy_and_forward_carry_the_content(bot: Bot, anna: Phone) -> None:
    number = await anna.sends("photo", content=PNG, caption="my shop")

    await bot.copy_message(ADVISORS_CHAT_ID, anna.id, number)
    forwarded = await bot.forward_message(ADVISORS_CHAT_ID, anna.id, number)

    berit = anna.world.phone(anna.user, ADVISORS_CHAT_ID)  # type: ignore[attr-defined]
    copied = await berit.hears()
    assert (copied.kind, copied.text, "forward_origin" in copied.data) == ("photo", "my shop", False)
    assert forwarded.forward_origin is not None
    assert forwarded.forward_origin.sender_user.first_name == "Anna"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "kind",
    [
        "photo", "voice", "sticker", "location", "contact", "poll", "document", "video", "dice", "audio",
        "animation", "video_note", "venue",
    ],
)  # fmt: skip
async def test_person_can_send_every_kind(bot: Bot, anna: Phone, kind: str) -> None:
    (first,) = await bot.get_updates()

    await anna.sends(kind)

    (update,) = await bot.get_updates(offset=first.update_id + 1)
    assert update.message is not None
    assert getattr(update.message, kind)


async def test_file_above_20_mb_cannot_be_fetched(bot: Bot, anna: Phone) -> None:
    await anna.sends("document", name="big.mov", size=21 * 1024 * 1024)
    file_id = (await anna.refresh())[-1].file_id

    with pytest.raises(BadRequest, match="File is too big"):
        await bot.get_file(file_id)


async def test_file_of_any_type_but_pictures_is_only_downloaded(world: WorldClient, anna: Phone) -> None:
    await anna.sends("document", name="evil.html", mime_type="text/html", content=b"<script>alert(1)</script>")
    file_id = (await anna.refresh())[-1].file_id

    async with world.session.get(f"{world.url}/control/files/{file_id}") as answer:
        headers = answer.headers

    assert (headers["Content-Type"], headers["Content-Disposition"]) == ("application/octet-stream", "attachment")


@pytest.mark.parametrize(
    ("content", "size"),
    [
        (PNG, (40, 30)),
        (b"GIF89a" + struct.pack("<HH", 7, 9), (7, 9)),
        (b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x11\x08" + struct.pack(">HH", 5, 6) + b"\x03", (6, 5)),
        (b"\xff\xd8 broken and nothing else", None),
        (b"text", None),
    ],
)
def test_picture_size_is_read_from_the_first_bytes(content: bytes, size: tuple[int, int] | None) -> None:
    assert picture_size(content) == size
