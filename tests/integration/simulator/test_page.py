"""The chat page in a real browser."""

import re
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from simulator.client import ADVISORS_CHAT_ID, WorldClient

from .conftest import Call, OpenPage

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]


def _person(page: Page) -> int:
    return int(page.url.rpartition("=")[2])


async def _say(page: Page, text: str, where: str = ".phone") -> None:
    await page.fill(f"{where} textarea", text)
    await page.press(f"{where} textarea", "Enter")


async def test_start_button_says_start_in_an_empty_chat(open_page: OpenPage, world: WorldClient, call: Call) -> None:
    await call("setMyDescription", description="Jeg hjelper", language_code="nb")
    page = await open_page("/?lang=nb")
    await expect(page.locator(".welcome").first).to_contain_text("Jeg hjelper")

    await page.get_by_role("button", name="Start", exact=True).click()

    await expect(page.locator(".phone .mine .text")).to_have_text("/start")
    (update,) = await call("getUpdates", timeout=5)
    assert update["message"]["from"]["language_code"] == "nb"


async def test_deep_link_starts_as_a_new_person(open_page: OpenPage, call: Call) -> None:
    page = await open_page("/?start=shop-payments&lang=pl")

    (update,) = await call("getUpdates", timeout=5)

    assert (update["message"]["text"], update["message"]["from"]["language_code"]) == ("/start shop-payments", "pl")
    await expect(page.locator("#language")).to_have_value("pl")


async def test_conversation_with_button_toast_alert_and_edit(open_page: OpenPage, call: Call) -> None:
    page = await open_page("/?start=&lang=nb")
    me = _person(page)
    await _say(page, "how do I sell?")
    await expect(page.locator(".phone .mine")).to_have_count(2)
    keyboard = {"inline_keyboard": [[{"text": "Begin", "callback_data": "b"}, {"text": "Loud", "callback_data": "l"}]]}
    sent = await call(
        "sendMessage", chat_id=me, text="<b>Shop</b> in 7 steps", parse_mode="HTML", reply_markup=keyboard
    )
    await expect(page.locator(".phone .theirs strong")).to_have_text("Shop")

    begin = page.get_by_role("button", name="Begin")
    await begin.click()
    await expect(begin).to_have_attribute("aria-busy", "true")
    first = await _next_tap(call, data="b")
    await call("editMessageText", chat_id=me, message_id=sent["message_id"], text="Step 1", reply_markup=keyboard)
    await call("answerCallbackQuery", callback_query_id=first, text="Here we go")

    await expect(page.locator(".phone .theirs .text")).to_have_text("Step 1")
    await expect(page.locator(".phone .theirs .edited")).to_have_text("edited")
    await expect(page.locator(".phone .toast")).to_have_text("Here we go")
    await page.get_by_role("button", name="Loud").click()
    await call("answerCallbackQuery", callback_query_id=await _next_tap(call, "l"), text="Read this", show_alert=True)
    await expect(page.locator("dialog")).to_contain_text("Read this")
    await page.get_by_role("button", name="OK").click()
    await expect(page.locator("dialog")).to_be_hidden()


async def _next_tap(call: Call, data: str) -> str:
    """Poll until a tap with this data comes; its id."""
    offset = 0
    while True:
        for update in await call("getUpdates", offset=offset, timeout=5):
            offset = update["update_id"] + 1
            if update.get("callback_query", {}).get("data") == data:
                return str(update["callback_query"]["id"])


async def test_typing_is_shown_until_the_message_comes(open_page: OpenPage, call: Call) -> None:
    page = await open_page("/?start=x")
    await expect(page.locator(".phone .mine")).to_have_count(1)

    await call("sendChatAction", chat_id=_person(page), action="typing")
    await expect(page.locator(".phone .chat-status")).to_have_text("typing")
    await call("sendMessage", chat_id=_person(page), text="Done")

    await expect(page.locator(".phone .chat-status")).to_have_text("bot")


async def test_markup_in_names_and_texts_stays_text(open_page: OpenPage, world: WorldClient, call: Call) -> None:
    evil = '<img src=x onerror="window.hit=1"><script>window.hit=1</script>'
    mallory = await world.person(evil, language_code="en")
    number = await mallory.says(evil)
    await mallory.sends("document", name=f"{evil}.pdf", caption=evil)
    link = {"type": "text_link", "offset": 0, "length": 4, "url": "tg://x"}
    await call("sendMessage", chat_id=mallory.id, text="link", entities=[link], reply_to_message_id=number)

    page = await open_page(f"/?person={mallory.id}")

    await expect(page.locator(".phone .message")).to_have_count(3)
    await expect(page.locator(".phone .mine .text").first).to_have_text(evil)
    assert await page.evaluate("[window.hit, document.querySelectorAll('.log img, .log script').length]") == [None, 0]


async def test_entities_nest(open_page: OpenPage, call: Call) -> None:
    page = await open_page("/?start=x")
    await expect(page.locator(".phone .mine")).to_have_count(1)
    text = '😀 <b>bold <i>both</i></b>\n<blockquote>quote <a href="https://a.example/">link</a></blockquote>\n<code>x</code>'

    await call("sendMessage", chat_id=_person(page), text=text, parse_mode="HTML")

    shown = page.locator(".phone .theirs .text")
    await expect(shown.locator("strong em")).to_have_text("both")
    await expect(shown.locator("blockquote a")).to_have_attribute("href", "https://a.example/")
    assert await shown.evaluate("node => node.textContent") == "😀 bold bothquote linkx"


async def test_commands_of_the_persons_language_are_offered(open_page: OpenPage, call: Call) -> None:
    await call("setMyCommands", commands=[{"command": "menu", "description": "All topics"}])
    await call("setMyCommands", commands=[{"command": "menu", "description": "Alle emner"}], language_code="nb")
    page = await open_page("/?start=x&lang=nb")

    await page.get_by_role("button", name="Menu").click()
    await page.get_by_role("menuitem", name="Alle emner").click()

    await expect(page.locator(".phone .mine .text").last).to_have_text("/menu")


async def test_photo_and_document_are_shown(open_page: OpenPage, world: WorldClient) -> None:
    anna = await world.person("Anna")
    await anna.sends("photo", caption="My shop")
    await anna.sends("document", name="plan.pdf", content=b"x" * 2048)

    page = await open_page(f"/?person={anna.id}")

    await expect(page.locator(".phone .photo img")).to_have_js_property("complete", True)
    assert await page.locator(".phone .photo img").evaluate("image => image.naturalWidth") == 1
    async with page.expect_download() as download:
        await page.get_by_role("link", name=re.compile("plan.pdf")).click()
    assert (await (await download.value).path()).stat().st_size == 2048


async def test_advisor_answers_a_card_in_its_topic(open_page: OpenPage, world: WorldClient, call: Call) -> None:
    topic = await call("createForumTopic", chat_id=ADVISORS_CHAT_ID, name="#7 Anna")
    thread = topic["message_thread_id"]
    keyboard = {"inline_keyboard": [[{"text": "I take this", "callback_data": "take"}]]}
    await call("sendMessage", chat_id=ADVISORS_CHAT_ID, message_thread_id=thread, text="Who?", reply_markup=keyboard)
    page = await open_page()
    await page.locator(".topic", has_text="#7 Anna").click()

    await page.get_by_role("button", name="I take this").click()
    await page.locator(".desk .theirs").hover()
    await page.locator(".desk .theirs").get_by_role("button", name="Reply").click()
    await _say(page, "I do", ".desk")

    await expect(page.locator(".desk .mine .text")).to_have_text("I do")
    await expect(page.locator(".desk .mine .quoted")).to_contain_text("Who?")
    updates = await call("getUpdates", timeout=5)
    assert updates[0]["callback_query"]["data"] == "take"
    assert (updates[1]["message"]["message_thread_id"], updates[1]["message"]["from"]["first_name"]) == (
        thread,
        "Berit",
    )


async def test_closed_topic_cannot_be_written_in(open_page: OpenPage, call: Call) -> None:
    thread = (await call("createForumTopic", chat_id=ADVISORS_CHAT_ID, name="#7 Anna"))["message_thread_id"]
    page = await open_page()
    await page.locator(".topic", has_text="#7 Anna").click()

    await call("closeForumTopic", chat_id=ADVISORS_CHAT_ID, message_thread_id=thread)

    await expect(page.locator(".desk .closed-note")).to_have_text("This topic is closed.")
    await expect(page.locator(".desk textarea")).to_be_hidden()


async def test_own_message_can_be_edited(open_page: OpenPage, call: Call) -> None:
    page = await open_page("/?start=x")
    await page.locator(".phone .mine").hover()

    await page.get_by_role("button", name="Edit").click()
    await _say(page, "/start y")

    await expect(page.locator(".phone .mine .text")).to_have_text("/start y")
    updates = await call("getUpdates")
    assert [next(iter(update)) for update in updates] == ["message", "edited_message"]


async def test_reply_keyboard_is_offered_under_the_input(open_page: OpenPage, call: Call) -> None:
    page = await open_page("/?start=x")
    await expect(page.locator(".phone .mine")).to_have_count(1)
    await call("sendMessage", chat_id=_person(page), text="Choose", reply_markup={"keyboard": [["Shop", "Cloud"]]})

    await page.get_by_role("button", name="Cloud").click()

    await expect(page.locator(".phone .mine .text").last).to_have_text("Cloud")


async def test_log_stays_where_the_reader_is(open_page: OpenPage, call: Call) -> None:
    page = await open_page("/?start=x", width=390, height=700)
    await expect(page.locator(".phone .mine")).to_have_count(1)
    for number in range(20):
        await call("sendMessage", chat_id=_person(page), text=f"Message {number}")
    await expect(page.locator(".phone .theirs .text").last).to_be_in_viewport()
    await page.locator(".phone .log").hover()
    await page.mouse.wheel(0, -5000)
    await expect(page.locator(".phone .to-end")).to_be_visible()

    await call("sendMessage", chat_id=_person(page), text="News")

    await expect(page.locator(".phone .to-end .count")).to_have_text("1")
    assert await page.locator(".phone .log").evaluate("log => log.scrollTop") == 0
    await page.locator(".phone .to-end").click()
    await expect(page.get_by_text("News")).to_be_in_viewport()


async def test_phone_width_shows_the_chat_only(open_page: OpenPage) -> None:
    page = await open_page("/?lang=fi", width=390, height=844)

    await expect(page.locator("#desk")).to_be_hidden()
    await expect(page.locator("#person")).to_be_hidden()
    await page.get_by_role("button", name="Person and language").click()
    await expect(page.locator("#person")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth") == 390


async def test_new_person_begins_an_empty_chat(open_page: OpenPage) -> None:
    page = await open_page("/?start=x&lang=de")
    first = page.url

    await page.get_by_role("button", name="New person").click()

    await expect(page.locator(".phone .start")).to_be_visible()
    assert page.url != first
    await expect(page.locator("#person option")).to_have_text(["Johanna", "Lukas"])


async def test_theme_can_be_chosen(open_page: OpenPage) -> None:
    page = await open_page(color_scheme="light")
    light = await page.evaluate("getComputedStyle(document.querySelector('.phone')).backgroundColor")

    await page.get_by_role("button", name="Dark colours").click()

    dark = await page.evaluate("getComputedStyle(document.querySelector('.phone')).backgroundColor")
    assert (light, dark) == ("rgb(255, 255, 255)", "rgb(22, 30, 26)")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_texts_have_contrast_aa(open_page: OpenPage, world: WorldClient, call: Call, scheme: str) -> None:
    anna = await world.person("Anna")
    await anna.says("/start mine https://a.example")
    keyboard = {"inline_keyboard": [[{"text": "Go", "callback_data": "g"}]]}
    await call(
        "sendMessage", chat_id=anna.id, text="theirs /menu <code>x</code>", parse_mode="HTML", reply_markup=keyboard
    )
    await call("sendMessage", chat_id=ADVISORS_CHAT_ID, text="card")

    page = await open_page(f"/?person={anna.id}", color_scheme=scheme)
    await expect(page.locator(".message")).to_have_count(3)

    assert await page.evaluate((Path(__file__).parent / "contrast.js").read_text(encoding="utf-8")) == []
