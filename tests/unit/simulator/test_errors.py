"""Every refusal a bot meets, as python-telegram-bot understands it."""

import aiohttp
import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken

from simulator.app import Site
from simulator.client import ADVISORS_CHAT_ID, Phone, WorldClient
from simulator.world import DEFAULT_TOKEN


def _keyboard(data: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton("Go", callback_data=data)]])


async def test_health_is_ok(site: Site) -> None:
    async with aiohttp.ClientSession() as session, session.get(f"{site.url}/health") as answer:
        body = await answer.json()

    assert (answer.status, body) == (200, {"status": "ok"})


async def test_method_unknown_is_404(site: Site) -> None:
    async with aiohttp.ClientSession() as session, session.post(f"{site.url}/bot{DEFAULT_TOKEN}/sendDreams") as answer:
        body = await answer.json()

    assert (answer.status, body) == (404, {"ok": False, "error_code": 404, "description": "Not Found"})


async def test_token_unknown_is_401(site: Site) -> None:
    token = "123456:" + "x" * 35

    async with aiohttp.ClientSession() as session, session.get(f"{site.url}/bot{token}/getMe") as answer:
        body = await answer.json()

    assert (answer.status, body) == (401, {"ok": False, "error_code": 401, "description": "Unauthorized"})


async def test_token_unknown_is_invalid_for_the_library(site: Site) -> None:
    bot = Bot("123456:" + "x" * 35, base_url=f"{site.url}/bot")

    with pytest.raises(InvalidToken):
        await bot.initialize()

    await bot.shutdown()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (" \n ", "Message text is empty"),
        ("a" * 4097, "Message is too long"),
        ("😀" * 2049, "Message is too long"),
    ],
)
async def test_text_of_wrong_length_is_refused(bot: Bot, anna: Phone, text: str, reason: str) -> None:
    with pytest.raises(BadRequest) as refusal:
        await bot.send_message(anna.id, text)

    assert refusal.value.message == reason


async def test_text_of_4096_units_is_taken(bot: Bot, anna: Phone) -> None:
    sent = await bot.send_message(anna.id, "😀" * 2048)

    assert (await anna.hears()).text == sent.text == "😀" * 2048


@pytest.mark.parametrize("data", ["a" * 65, "ø" * 33])
async def test_button_data_above_64_bytes_is_refused(bot: Bot, anna: Phone, data: str) -> None:
    with pytest.raises(BadRequest, match="Button_data_invalid"):
        await bot.send_message(anna.id, "Hi", reply_markup=_keyboard(data))


async def test_button_data_of_64_bytes_is_taken(bot: Bot, anna: Phone) -> None:
    await bot.send_message(anna.id, "Hi", reply_markup=_keyboard("a" * 64))

    assert (await anna.hears()).buttons == [[{"text": "Go", "callback_data": "a" * 64}]]


async def test_chat_unknown_is_refused(bot: Bot) -> None:
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(42, "Hi")


async def test_person_who_never_wrote_is_forbidden(bot: Bot, world: WorldClient) -> None:
    stranger = await world.person("Stranger")

    with pytest.raises(Forbidden, match="bot can't initiate conversation with a user"):
        await bot.send_message(stranger.id, "Hi")


async def test_person_who_blocked_is_forbidden_until_she_unblocks(bot: Bot, anna: Phone) -> None:
    await anna.blocks()
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(anna.id, "Hi")
    await anna.unblocks()

    await bot.send_message(anna.id, "Welcome back")

    assert (await anna.hears()).text == "Welcome back"


async def test_person_who_is_gone_is_forbidden(bot: Bot, anna: Phone, world: WorldClient) -> None:
    await world.post("deactivate", user=anna.id)

    with pytest.raises(Forbidden, match="user is deactivated"):
        await bot.send_message(anna.id, "Hi")


async def test_group_after_leaving_is_forbidden(bot: Bot) -> None:
    await bot.leave_chat(ADVISORS_CHAT_ID)

    with pytest.raises(Forbidden, match="bot is not a member of the supergroup chat"):
        await bot.send_message(ADVISORS_CHAT_ID, "Hi")


async def test_group_after_being_kicked_is_forbidden_and_the_bot_is_told(bot: Bot, world: WorldClient) -> None:
    await world.post("members", chat=ADVISORS_CHAT_ID, user=bot.id, status="kicked")

    (told,) = await bot.get_updates()
    with pytest.raises(Forbidden, match="bot was kicked from the supergroup chat"):
        await bot.send_message(ADVISORS_CHAT_ID, "Hi")
    assert told.my_chat_member is not None
    assert (told.my_chat_member.old_chat_member.status, told.my_chat_member.new_chat_member.status) == (
        "administrator",
        "kicked",
    )


async def test_group_that_migrated_names_its_new_id(bot: Bot, world: WorldClient) -> None:
    group = await world.group("Team", type="group")
    new_id = await world.migrate(group["id"])

    with pytest.raises(ChatMigrated) as refusal:
        await bot.send_message(group["id"], "Hi")
    sent = await bot.send_message(new_id, "Hi again")

    assert (refusal.value.new_chat_id, sent.chat.id) == (new_id, new_id)


async def test_reply_to_nothing_is_refused_unless_allowed(bot: Bot, anna: Phone) -> None:
    with pytest.raises(BadRequest, match="Message to be replied not found"):
        await bot.send_message(anna.id, "Hi", reply_to_message_id=99)

    sent = await bot.send_message(anna.id, "Hi", reply_to_message_id=99, allow_sending_without_reply=True)

    assert sent.reply_to_message is None


async def test_parameters_missing_or_senseless_are_400(site: Site) -> None:
    asked = [
        ("sendMessage", {}, "Bad Request: chat_id is empty"),
        ("sendMessage", {"chat_id": 1, "text": "x", "entities": "[{"}, "Bad Request: chat not found"),
        ("getFile", {}, "Bad Request: file_id not specified"),
        ("setMyCommands", {"commands": "no"}, "Bad Request: can't parse commands JSON object"),
    ]
    async with aiohttp.ClientSession() as session:
        for method, body, reason in asked:
            async with session.post(f"{site.url}/bot{DEFAULT_TOKEN}/{method}", json=body) as answer:
                assert (await answer.json())["description"] == reason


async def test_body_that_is_no_json_is_400(site: Site) -> None:
    headers = {"Content-Type": "application/json"}
    address = f"{site.url}/bot{DEFAULT_TOKEN}/sendMessage"
    async with aiohttp.ClientSession() as session:
        for body in (b"{", b"[1]", b"\xff\xfe"):
            async with session.post(address, data=body, headers=headers) as answer:
                assert answer.status == 400
