"""An update's whole effect: from the inbox to what the person gets."""

import asyncio
import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from actions.replies import Missed, Progress, Rating, Screen, Step, Text
from bot.domain.intake import accept
from bot.errors import DialogueDown, DialogueFailed
from bot.messages import InboxState, Mode
from bot.store import progress
from bot.store.tables import MissedRow

from .conftest import ANNA, GROUP, KARI, OLA, STRANGER, Talk, button, message_update


async def test_first_message_shows_the_first_screen_and_keeps_nothing(talk: Talk) -> None:
    await talk.says(KARI, "jeg vil selge honning")

    (said,) = await talk.hears(KARI["id"])
    assert "SKILLS+ Mentor" in said
    assert "Ingenting av det du har skrevet" in said
    assert await talk.labels(KARI["id"]) == ["OK, vi setter i gang", "Annet språk", "Annet land"]
    assert [row.payload for row in await talk.inbox()] == ["{}"]
    assert talk.dialogue.asked == []


async def test_one_tap_leads_to_the_menu(talk: Talk) -> None:
    await talk.says(KARI, "/start")
    await talk.taps(KARI, "OK, vi setter i gang")

    chat = await talk.chat(KARI)
    assert chat is not None
    assert (chat.language, chat.country, chat.consented_at) == ("nb", "NO", talk.clock.at)
    (question,) = talk.dialogue.asked
    assert (question.sender, question.payload) == ("pseudonym-11", {"intent": "menu"})
    assert question.metadata == {
        "language": "nb",
        "declined": [],
        "country": "NO",
        "progress": None,
        "finished": [],
        "checkup": {"answers": {}, "before": None, "plan": [], "coach": ""},
        "misses": 0,
    }


async def test_where_the_country_can_not_be_guessed_naming_it_is_the_ok(talk: Talk) -> None:
    await talk.says(OLA, "/start")
    labels = await talk.labels(OLA["id"])
    await talk.taps(OLA, "Norway")

    chat = await talk.chat(OLA)
    assert chat is not None
    assert (len(labels), chat.country, chat.consented_at) == (14, "NO", talk.clock.at)


async def test_deep_link_leads_straight_to_its_guide(talk: Talk) -> None:
    await talk.says(KARI, "/start shop-payments")
    (said,) = await talk.hears(KARI["id"])
    await talk.taps(KARI, "OK, vi setter i gang")

    assert "Take payment online" in said
    assert talk.dialogue.asked[0].payload == {"intent": "show_guide", "guide": "shop-payments"}


@pytest.mark.parametrize("argument", ["../../etc/passwd", "x" * 64, "no-such-guide", "<script>"])
async def test_deep_link_to_nowhere_is_a_normal_welcome(talk: Talk, argument: str) -> None:
    await talk.says(KARI, f"/start {argument}")
    (said,) = await talk.hears(KARI["id"])
    await talk.taps(KARI, "OK, vi setter i gang")

    assert argument not in said
    assert talk.dialogue.asked[0].payload == {"intent": "menu"}


async def test_language_is_the_persons_own_choice(talk: Talk) -> None:
    await talk.settles(KARI)
    await talk.says(KARI, "/language")
    await talk.taps(KARI, "English")
    await talk.says({**KARI, "language_code": "pl"}, "/privacy")

    said = await talk.hears(KARI["id"])
    assert said[1] == "We speak English from now on."
    assert said[2].startswith("What is kept about you")


async def test_language_without_texts_is_told_honestly(talk: Talk) -> None:
    await talk.settles(KARI)
    await talk.says(KARI, "/language")
    await talk.taps(KARI, "Latviešu")

    said = await talk.hears(KARI["id"])
    assert "not there in it yet" in said[1] or "Latviešu" in said[1]


async def test_answer_takes_effect_in_one_go(talk: Talk) -> None:
    await talk.settles(KARI)
    step = Step("shop-payments", 2, 7, "Look", body="Now.")
    talk.dialogue.script = [[step, Progress("shop-payments", 2, 7, done=1), Rating("shop-payments", "up")]]
    await talk.says(KARI, "neste")
    await talk.says(KARI, "hva nå")

    said = await talk.hears(KARI["id"])
    assert said[0] == "2/7  Look\n\nNow."
    assert talk.dialogue.asked[1].metadata["progress"] == {
        "guide": "shop-payments",
        "step": 2,
        "total": 7,
        "finished": False,
    }
    chat = await talk.chat(KARI)
    assert chat is not None
    async with talk.house.db.read() as session:
        row = await progress.of_guide(session, chat.id, "shop-payments")
    assert row is not None
    assert (row.done, row.rating) == ([1], "up")


async def test_missed_question_is_kept_for_the_editors_and_counted(talk: Talk) -> None:
    await talk.settles(KARI)
    talk.dialogue.script = [[Text("Hm?"), Missed("unknown", [])]]
    await talk.says(KARI, "blurb")

    async with talk.house.db.read() as session:
        missed = list((await session.scalars(select(MissedRow))).all())
    assert [(row.text, row.language, row.reason) for row in missed] == [("blurb", "nb", "unknown")]


async def test_answer_without_words_is_not_silence(talk: Talk) -> None:
    await talk.settles(KARI)
    talk.dialogue.script = [[Progress("shop-payments", 1, 7)]]
    await talk.says(KARI, "hei")

    assert await talk.hears(KARI["id"]) == ["Det har jeg ikke noe svar på ennå. Her er menyen."]


async def test_screen_directive_opens_our_own_screen(talk: Talk) -> None:
    await talk.settles(KARI)
    talk.dialogue.script = [[Screen("privacy")]]
    await talk.says(KARI, "hva vet du om meg")

    (said,) = await talk.hears(KARI["id"])
    assert said.startswith("Dette lagres om deg")


async def test_engine_down_is_said_once_and_the_answer_comes_in_order(talk: Talk) -> None:
    await talk.settles(KARI)
    talk.dialogue.script = [DialogueDown("nobody answers"), DialogueDown("nobody answers")]
    await talk.says(KARI, "første")
    await talk.says(KARI, "andre")
    during = await talk.hears(KARI["id"])
    talk.clock.move(seconds=1)
    await talk.works()
    again = await talk.hears(KARI["id"])
    talk.clock.move(seconds=2)
    await talk.works()

    assert during == ["Jeg har fått meldingen din. Jeg trenger litt mer tid, men svaret kommer her."]
    assert again == []
    assert await talk.hears(KARI["id"]) == ["You asked: første", "You asked: andre"]
    ids = [question.message_id for question in talk.dialogue.asked]
    assert ids[0] == ids[1] == ids[2] != ids[3]


async def test_turn_that_always_fails_is_given_up_and_does_not_block_the_chat(talk: Talk) -> None:
    await talk.settles(KARI)
    talk.dialogue.script = [DialogueFailed("502")] * 4
    await talk.says(KARI, "gift")
    await talk.says(KARI, "etterpå")
    for _ in range(6):
        talk.clock.move(seconds=30)
        await talk.works()

    said = await talk.hears(KARI["id"])
    assert said[1].startswith("Beklager, jeg klarte ikke å svare")
    assert said[2] == "You asked: etterpå"
    assert [row.state for row in await talk.inbox()][-2:] == [InboxState.DEAD, InboxState.DONE]


async def test_engine_down_for_a_day_ends_with_a_word(talk: Talk) -> None:
    await talk.settles(KARI)
    talk.dialogue.script = [DialogueDown("nobody answers")] * 2
    await talk.says(KARI, "hallo")
    talk.clock.move(hours=25)
    await talk.works()

    assert (await talk.hears(KARI["id"]))[1].startswith("Beklager")


async def test_same_update_five_times_has_one_effect(talk: Talk) -> None:
    await talk.settles(KARI)
    update = message_update(900, KARI, "hei")
    new = [await accept(talk.house, [update, update]) for _ in range(5)]
    await talk.works()

    assert new == [1, 0, 0, 0, 0]
    assert await talk.hears(KARI["id"]) == ["You asked: hei"]


async def test_lower_update_id_is_handled_too(talk: Talk) -> None:
    await talk.settles(KARI)
    await talk.sends(message_update(5_000, KARI, "a"))
    await talk.sends(message_update(4_000, KARI, "b"))

    assert await talk.hears(KARI["id"]) == ["You asked: a", "You asked: b"]


@pytest.mark.parametrize("text", ["", " \n ", "\u200b\u200d", "\x00"])
async def test_empty_text_gets_a_gentle_prompt(talk: Talk, text: str) -> None:
    await talk.settles(KARI)
    await talk.says(KARI, text, **({} if text else {"photo": [{}]}))

    (said,) = await talk.hears(KARI["id"])
    assert said.startswith("Meldingen din er tom" if text else "Jeg kan bare lese tekst")


@pytest.mark.parametrize("text", ["🙂" * 2048, "\ud800 x", "a\x00b", '/intent{"slot":"x"}', "{{7*7}} ${x} %s%n"])
async def test_odd_text_is_text(talk: Talk, text: str) -> None:
    await talk.settles(KARI)
    await talk.says(KARI, text)

    assert len(talk.dialogue.asked) == 1
    assert talk.dialogue.asked[0].payload is None
    assert "\x00" not in talk.dialogue.asked[0].text


@pytest.mark.parametrize("media", ["photo", "voice", "sticker", "location", "contact", "poll", "dice", "video"])
async def test_media_gets_a_clear_answer(talk: Talk, media: str) -> None:
    await talk.settles(KARI)
    update = message_update(900, KARI, "")
    update["message"].pop("text")
    update["message"][media] = {"x": 1}
    await talk.sends(update)

    assert (await talk.hears(KARI["id"]))[0].startswith("Jeg kan bare lese tekst")


async def test_edited_message_is_no_second_turn(talk: Talk) -> None:
    await talk.settles(KARI)
    update = message_update(900, KARI, "bedre")
    update["edited_message"] = update.pop("message")
    await talk.sends(update)

    assert (await talk.hears(KARI["id"]), talk.dialogue.asked) == ([], [])


async def test_every_tap_is_answered_once(talk: Talk) -> None:
    await talk.settles(KARI)
    await talk.taps_data(KARI, "made up")
    await talk.says(KARI, "/language")
    await talk.taps(KARI, "English")

    answers = [row.lane for row in await talk.calls(KARI["id"]) if row.method == "answerCallbackQuery"]
    taps = [row for row in await talk.inbox() if "callback_query" in row.payload]
    assert len(answers) == len(set(answers)) == len(taps)


async def test_tap_is_answered_in_the_transaction_of_its_answer(talk: Talk) -> None:
    await talk.settles(KARI)
    await talk.says(KARI, "hei")
    data = talk.keyboards.markup([[button("Menu", "menu")]], KARI["id"])
    assert data is not None
    before = len(await talk.calls(KARI["id"]))
    during: list[int] = []

    async def looks() -> None:
        during.append(len(await talk.calls(KARI["id"])) - before)

    talk.dialogue.meanwhile = looks
    await talk.taps_data(KARI, data["inline_keyboard"][0][0]["callback_data"])

    assert during == [0]
    assert [row.method for row in (await talk.calls(KARI["id"]))[before:]] == ["answerCallbackQuery", "sendMessage"]


async def test_button_stops_turning_while_a_slow_answer_is_still_to_come(talk: Talk) -> None:
    await talk.settles(KARI)
    data = talk.keyboards.markup([[button("Menu", "menu")]], KARI["id"])
    assert data is not None
    before = len(await talk.calls(KARI["id"]))

    async def until_it_stops() -> None:
        async with asyncio.timeout(10):
            while [row.method for row in (await talk.calls(KARI["id"]))[before:]] != ["answerCallbackQuery"]:
                await asyncio.sleep(0)

    talk.dialogue.meanwhile = until_it_stops
    await talk.taps_data(KARI, data["inline_keyboard"][0][0]["callback_data"])

    assert [row.method for row in (await talk.calls(KARI["id"]))[before:]] == ["answerCallbackQuery", "sendMessage"]


async def test_button_stops_turning_once_when_the_engine_is_down(talk: Talk) -> None:
    await talk.settles(KARI)
    data = talk.keyboards.markup([[button("Menu", "menu")]], KARI["id"])
    assert data is not None
    before = len(await talk.calls(KARI["id"]))
    talk.dialogue.script = [DialogueDown("nobody answers")] * 2
    await talk.taps_data(KARI, data["inline_keyboard"][0][0]["callback_data"])
    for _ in range(3):
        talk.clock.move(seconds=5)
        await talk.works()

    methods = [row.method for row in (await talk.calls(KARI["id"]))[before:]]
    assert methods == ["answerCallbackQuery", "sendMessage", "sendMessage"]


async def test_asking_for_something_else_ends_the_request_for_a_person(talk: Talk) -> None:
    from actions.replies import Handoff

    await talk.settles(KARI)
    talk.dialogue.script = [[Handoff()]]
    await talk.says(KARI, "et menneske, takk")
    asked_for = await talk.chat(KARI)
    await talk.says(KARI, "/menu")
    chat = await talk.chat(KARI)

    assert asked_for is not None
    assert chat is not None
    assert (asked_for.mode, chat.mode) == (Mode.NEED, Mode.BOT)


async def test_button_that_is_not_ours_explains_itself(talk: Talk) -> None:
    await talk.settles(KARI)
    await talk.taps_data(KARI, "show_step|shop-payments|2|~AAAAAAAAAA")

    assert await talk.hears(KARI["id"]) == ["Den knappen er fra tidligere og virker ikke lenger. Her kommer du videre."]
    assert await talk.labels(KARI["id"]) == ["Meny"]


async def test_old_button_of_ours_still_does_what_it_says(talk: Talk) -> None:
    await talk.says(KARI, "/start")
    await talk.taps(KARI, "OK, vi setter i gang")
    talk.clock.move(days=30)
    await talk.taps(KARI, "OK, vi setter i gang")

    chat = await talk.chat(KARI)
    assert chat is not None
    assert chat.consented_at == talk.clock.at - timedelta(days=30)
    assert len(talk.dialogue.asked) == 2


async def test_button_of_another_person_has_no_effect(talk: Talk) -> None:
    await talk.settles(KARI)
    await talk.settles(OLA)
    await talk.says(KARI, "/delete")
    row = (await talk.calls(KARI["id"]))[-1]
    data = json.loads(row.params)["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    await talk.taps_data(OLA, data)

    assert await talk.chat(KARI) is not None
    assert await talk.chat(OLA) is not None


async def test_group_is_left_with_a_word_and_nothing_is_stored(talk: Talk) -> None:
    group = {"id": -77, "type": "group", "title": "G"}
    await talk.sends(
        {"update_id": 900, "my_chat_member": {"chat": group, "from": KARI, "new_chat_member": {"status": "member"}}}
    )
    await talk.sends(message_update(901, KARI, "hello all", chat_id=-77))

    assert [row.method for row in await talk.calls(-77)] == ["sendMessage", "leaveChat"]
    assert await talk.chat(KARI) is None


async def test_command_for_another_bot_and_channel_post_are_ignored(talk: Talk) -> None:
    await talk.settles(KARI)
    await talk.says(KARI, "/menu@other_bot")
    post = {"message_id": 1, "date": 1, "chat": {"id": -9, "type": "channel"}, "text": "x"}
    await talk.sends({"update_id": 950, "channel_post": post})

    assert (await talk.hears(KARI["id"]), talk.dialogue.asked) == ([], [])
    assert [row.state for row in await talk.inbox()][-2:] == [InboxState.IGNORED, InboxState.IGNORED]


async def test_blocked_bot_is_remembered_and_forgiven(talk: Talk) -> None:
    await talk.settles(KARI)
    chat = {"id": KARI["id"], "type": "private"}
    member = {"chat": chat, "from": KARI, "new_chat_member": {"status": "kicked"}}
    await talk.sends({"update_id": 900, "my_chat_member": member})
    blocked = await talk.chat(KARI)
    await talk.says(KARI, "hei igjen")
    back = await talk.chat(KARI)

    assert blocked is not None
    assert back is not None
    assert (blocked.unreachable_at, back.unreachable_at) == (talk.clock.at, None)


async def test_delete_erases_everything_but_other_people(talk: Talk) -> None:
    await talk.settles(KARI)
    await talk.settles(OLA)
    await talk.says(KARI, "merket-xyzzy")
    await talk.says(OLA, "merket-plugh")
    await talk.says(KARI, "/delete")
    await talk.taps(KARI, "Ja, slett alt")

    assert talk.dialogue.forgotten == ["pseudonym-11"]
    assert await talk.chat(KARI) is None
    assert await talk.chat(OLA) is not None
    assert (await talk.hears(KARI["id"]))[-1].startswith("Gjort. Alt om deg er slettet.")
    everything = json.dumps([row.payload for row in await talk.inbox()]) + json.dumps(
        [row.params for who in (KARI, OLA) for row in await talk.calls(who["id"])]
    )
    assert "xyzzy" not in everything
    assert "plugh" in everything


async def test_delete_waits_for_the_dialogue_engine(talk: Talk) -> None:
    await talk.settles(KARI)
    await talk.says(KARI, "/delete")
    talk.dialogue.script = [DialogueDown("nobody answers")]
    await talk.taps(KARI, "Ja, slett alt")
    before = await talk.chat(KARI)
    talk.clock.move(seconds=5)
    await talk.works()

    assert before is not None
    assert await talk.chat(KARI) is None


async def test_stranger_with_an_unknown_language_gets_english(talk: Talk) -> None:
    await talk.says(STRANGER, "hello")

    assert (await talk.hears(STRANGER["id"]))[0].startswith("Hello. I am SKILLS+ Mentor.")


async def test_no_advisors_is_told_honestly(make_talk: Callable[..., Talk]) -> None:
    from actions.replies import Handoff

    talk = make_talk(0)
    await talk.settles(ANNA)
    talk.dialogue.script = [[Handoff()]]
    await talk.says(ANNA, "a person please")

    assert (await talk.hears(ANNA["id"]))[0].startswith("I am sorry, no adviser is connected")
    assert await talk.calls(GROUP) == []


async def test_language_that_was_declined_is_not_offered_again(talk: Talk) -> None:
    await talk.settles(OLA)
    offer = Text(
        "You wrote in Norsk.", [[button("Norsk", "bot_language", value="nb"), button("No", "bot_stay", value="nb")]]
    )
    talk.dialogue.script.append([offer])
    await talk.says(OLA, "hva koster det egentlig å begynne")

    await talk.taps(OLA, "No")
    await talk.says(OLA, "hva koster det da")
    assert talk.dialogue.asked[-1].metadata["declined"] == ["nb"]

    await talk.taps(OLA, "Norsk")
    chat = await talk.chat(OLA)
    assert chat is not None
    assert (chat.language, chat.declined) == ("nb", [])
