"""A human takes over, and gives back."""

import json
from typing import Any

import pytest

from actions.replies import Handoff, Progress
from bot.domain.ports import House
from bot.messages import Mode, OutboxState
from bot.store import outbox

from .conftest import ANNA, GROUP, KARI, OLA, Talk, message_update


async def ask_for_a_person(talk: Talk, who: dict[str, Any], *, share: bool = True) -> None:
    """The owner's way to a ticket; the card gets a message id, as if it had been delivered."""
    await talk.settles(who)
    await talk.says(who, "I am lost with my terminal")
    talk.dialogue.script = [[Handoff("shop-payments", 3)]]
    await talk.says(who, "a person please")
    await talk.says(who, "My card terminal shows error 5")
    words = talk.house.words((await known(talk, who)).language)
    await talk.taps(who, words.say("handoff.button.share" if share else "handoff.button.share_not"))
    await deliver(talk.house, GROUP)
    await talk.hears(who["id"])


async def known(talk: Talk, who: dict[str, Any]) -> Any:
    chat = await talk.chat(who)
    assert chat is not None
    return chat


async def deliver(house: House, chat_id: int) -> None:
    """Mark what waits for a chat as sent; message ids are 1000 plus the row's id."""
    async with house.db.write() as session:
        for row in await outbox.recent_of_chat(session, chat_id, 100):
            if row.state == OutboxState.PENDING:
                await outbox.close(session, row.id, OutboxState.SENT, house.now(), message_id=1000 + row.id)


async def card_id(talk: Talk) -> int:
    """Telegram's id of the first card."""
    return 1000 + (await talk.calls(GROUP))[0].id


async def anna_replies(talk: Talk, text: str, to: int) -> None:
    update = message_update(talk._next(), ANNA, text, chat_id=GROUP, reply_to_message={"message_id": to})
    await talk.sends(update)


async def test_request_asks_for_the_need_and_for_consent(talk: Talk) -> None:
    await talk.settles(OLA)
    talk.dialogue.script = [[Handoff()]]
    await talk.says(OLA, "a person please")
    await talk.says(OLA, "My terminal shows error 5")

    said = await talk.hears(OLA["id"])
    assert said[0].startswith("Gladly. What do you need a person for?")
    assert said[1].startswith("Thank you. The adviser will see")
    assert await talk.labels(OLA["id"]) == ["Share and send", "Without the chat", "Cancel"]
    assert await talk.calls(GROUP) == []


async def test_card_briefs_the_advisor(talk: Talk) -> None:
    await ask_for_a_person(talk, OLA)

    (call,) = await talk.calls(GROUP)
    text = json.loads(call.params)["text"]
    assert text.splitlines()[:4] == [
        "🙋 Request 1",
        "Ola · Norway · English",
        "Needs: My card terminal shows error 5",
        "Guide: Take payment online, step 3",
    ]
    assert "› I am lost with my terminal" in text
    assert (await known(talk, OLA)).mode == Mode.HUMAN


async def test_card_without_the_chat_shows_only_the_need(talk: Talk) -> None:
    await ask_for_a_person(talk, OLA, share=False)

    text = json.loads((await talk.calls(GROUP))[0].params)["text"]
    assert "error 5" in text
    assert "I am lost" not in text


async def test_advisor_and_owner_talk_and_the_mentor_is_silent(talk: Talk) -> None:
    await ask_for_a_person(talk, OLA)
    talk.dialogue.asked.clear()
    await anna_replies(talk, "Which *bank* is it?", await card_id(talk))
    await talk.says(OLA, "The village bank")

    assert await talk.hears(OLA["id"]) == ["Anna:\nWhich *bank* is it?"]
    relayed = (await talk.calls(GROUP))[-1]
    assert json.loads(relayed.params)["text"] == "Ola (1):\nThe village bank"
    assert relayed.reply_to_outbox_id == (await talk.calls(GROUP))[0].id
    assert talk.dialogue.asked == []


async def test_reply_to_what_the_owner_wrote_finds_the_owner_too(talk: Talk) -> None:
    await ask_for_a_person(talk, OLA)
    await talk.says(OLA, "The village bank")
    await deliver(talk.house, GROUP)
    await anna_replies(talk, "I know them", 1000 + (await talk.calls(GROUP))[-1].id)

    assert await talk.hears(OLA["id"]) == ["Anna:\nI know them"]


async def test_two_requests_do_not_mix(talk: Talk) -> None:
    await ask_for_a_person(talk, OLA)
    await ask_for_a_person(talk, KARI)
    await anna_replies(talk, "For Ola", await card_id(talk))

    assert await talk.hears(OLA["id"]) == ["Anna:\nFor Ola"]
    assert await talk.hears(KARI["id"]) == []


async def test_talk_among_advisors_stays_there(talk: Talk) -> None:
    await ask_for_a_person(talk, OLA)
    await talk.sends(message_update(900, ANNA, "who takes this?", chat_id=GROUP))
    await anna_replies(talk, "me", 424242)

    assert await talk.hears(OLA["id"]) == []


async def test_media_travels_both_ways(talk: Talk) -> None:
    await ask_for_a_person(talk, OLA)
    photo = message_update(900, OLA, "")
    photo["message"].pop("text")
    photo["message"]["photo"] = [{"file_id": "x"}]
    await talk.sends(photo)
    back = message_update(901, ANNA, "", chat_id=GROUP, reply_to_message={"message_id": await card_id(talk)})
    back["message"].pop("text")
    back["message"]["document"] = {"file_id": "y"}
    await talk.sends(back)

    assert [row.method for row in (await talk.calls(GROUP))[-2:]] == ["sendMessage", "copyMessage"]
    copies = [json.loads(row.params) for row in await talk.calls(OLA["id"]) if row.method == "copyMessage"]
    assert copies == [{"chat_id": OLA["id"], "from_chat_id": GROUP, "message_id": 901}]


async def test_owner_corrects_a_message(talk: Talk) -> None:
    await ask_for_a_person(talk, OLA)
    update = message_update(900, OLA, "error 6")
    update["edited_message"] = update.pop("message")
    await talk.sends(update)

    assert json.loads((await talk.calls(GROUP))[-1].params)["text"] == "Ola (1) corrected:\nerror 6"


@pytest.mark.parametrize("way", ["command", "button"])
async def test_advisor_closes_and_the_mentor_is_back(talk: Talk, way: str) -> None:
    await ask_for_a_person(talk, OLA)
    if way == "command":
        await anna_replies(talk, "/close", await card_id(talk))
    else:
        await talk.taps(ANNA, "Close", chat_id=GROUP)
    await talk.says(OLA, "hello mentor")

    assert await talk.hears(OLA["id"]) == ["Anna has closed this. I am back.", "You asked: hello mentor"]
    assert json.loads((await talk.calls(GROUP))[-1].params)["text"] == "Request 1 is closed, by Anna."


async def test_owner_ends_it_and_the_advisors_know(talk: Talk) -> None:
    await ask_for_a_person(talk, OLA)
    await talk.taps(OLA, "Back to the mentor")
    await anna_replies(talk, "too late", await card_id(talk))

    assert await talk.hears(OLA["id"]) == ["Closed. I am back. Thank you for asking."]
    said = [json.loads(row.params)["text"] for row in (await talk.calls(GROUP))[-2:]]
    assert said == ["Ola has closed request 1.", "Request 1 is closed. Nothing was sent."]


async def test_tapping_twice_opens_one_ticket(talk: Talk) -> None:
    await ask_for_a_person(talk, OLA)
    await talk.taps(OLA, "Share and send")

    assert len(await talk.calls(GROUP)) == 1


async def test_changing_ones_mind_sends_nothing(talk: Talk) -> None:
    await talk.settles(OLA)
    talk.dialogue.script = [[Handoff()]]
    await talk.says(OLA, "a person please")
    await talk.taps(OLA, "Cancel")
    await talk.says(OLA, "how do I sell honey")

    assert (await talk.hears(OLA["id"]))[1:] == ["All right, I sent nothing.", "You asked: how do I sell honey"]


async def test_going_elsewhere_drops_the_request(talk: Talk) -> None:
    await talk.settles(OLA)
    talk.dialogue.script = [[Handoff()]]
    await talk.says(OLA, "a person please")
    await talk.says(OLA, "/menu")
    await talk.says(OLA, "how do I sell honey")

    assert (await talk.hears(OLA["id"]))[-1] == "You asked: how do I sell honey"


async def test_asking_again_while_a_person_is_there(talk: Talk) -> None:
    await ask_for_a_person(talk, OLA)
    talk.dialogue.script = [[Handoff()]]
    await talk.says(OLA, "/person")

    assert await talk.hears(OLA["id"]) == ["Your request number 1 is open. What you write goes to the adviser."]


async def test_names_and_needs_are_shown_letter_by_letter(talk: Talk) -> None:
    odd = {"id": 15, "first_name": "**<b>Bob</b>** [x](http://y)", "language_code": "en"}
    await ask_for_a_person(talk, odd)

    params = json.loads((await talk.calls(GROUP))[0].params)
    assert "**<b>Bob</b>** [x](http://y) · Norway" in params["text"]
    assert [entity["type"] for entity in params["entities"]] == ["bold"]


async def test_card_names_the_open_guide_when_the_request_does_not(talk: Talk) -> None:
    await talk.settles(OLA)
    talk.dialogue.script = [[Progress("shop-payments", 2, 8)], [Handoff()]]
    await talk.says(OLA, "next")
    await talk.says(OLA, "a person please")
    await talk.says(OLA, "It shows error 5")
    await talk.taps(OLA, "Without the chat")

    text = json.loads((await talk.calls(GROUP))[0].params)["text"]
    assert "Guide: Take payment online, step 2" in text
