"""Parts die, hang or lie in the middle of a conversation: everything is answered once, in order, in the end."""

import signal

import pytest

from simulator.client import Phone, WorldClient
from simulator.world import DEFAULT_TOKEN

from .conftest import ANSWER_SECONDS, House, hears, settles

pytestmark = [pytest.mark.e2e, pytest.mark.rasa]


async def steps_heard(phone: Phone, until: str) -> list[str]:
    """The steps that arrive, in order, up to the one that starts with `until`."""
    heard: list[str] = []
    while not heard or heard[-1] != until:
        message = await phone.waits_for(lambda one: "/8" in one.text[:4], 90)
        heard.append(message.text[:3])
    return heard


@pytest.mark.timeout(300)
@pytest.mark.parametrize("part", ["bot", "rasa", "actions"])
async def test_killed_part_loses_and_doubles_nothing(house: House, world: WorldClient, part: str) -> None:
    owner = await settles(world, f"Owner of {part}", "en")
    await owner.says("how do i take card payments in my shop")
    await hears(owner, "You need a payment provider")
    await owner.taps("Start")
    await hears(owner, "1/8")

    await owner.says("next")
    copies_before = house.ambiguous_calls()
    house.kill(part)
    await owner.says("next")
    await owner.says("next")
    heard = ["1/8", *await steps_heard(owner, "4/8")]
    await house.is_whole()

    # The promise: nothing lost, all in order; a copy only of a call that was under way when the process died, and was
    # recorded as such.
    assert list(dict.fromkeys(heard)) == ["1/8", "2/8", "3/8", "4/8"]
    assert heard == sorted(heard)
    assert len(heard) - 4 <= house.ambiguous_calls() - copies_before


@pytest.mark.timeout(300)
async def test_hanging_engine_gets_a_kind_sentence_and_the_answer_later(house: House, world: WorldClient) -> None:
    owner = await settles(world, "Tålmodig", "nb")
    house.kill("rasa", signal.SIGSTOP)
    try:
        await owner.says("hvordan tar jeg sikkerhetskopi av pcen")
        await hears(owner, "Jeg trenger litt mer tid")
    finally:
        house.kill("rasa", signal.SIGCONT)
    await owner.waits_for(lambda heard: ["Start"] in [row[:1] for row in heard.labels], 90)


@pytest.mark.timeout(300)
async def test_orderly_restart_loses_nothing(house: House, world: WorldClient) -> None:
    owner = await settles(world, "Rolig", "en")
    await owner.says("how do i take card payments in my shop")
    await owner.says("show me the menu")
    house.kill("bot", signal.SIGTERM)
    await owner.says("thanks")

    await hears(owner, "You need a payment provider")
    await hears(owner, "What can I help you with?")
    await hears(owner, "You are welcome.")
    await house.is_whole()


@pytest.mark.parametrize(
    ("kind", "details"),
    [
        ("too_many_requests", {"retry_after": 2}),
        ("error", {"status": 502}),
        ("error", {"status": 500}),
    ],
)
async def test_answer_comes_in_spite_of_telegrams_moods(
    house: House, world: WorldClient, kind: str, details: dict[str, int]
) -> None:
    owner = await settles(world, "Geduldig", "en")
    await world.fault(kind, method="sendMessage", chat_id=owner.id, count=1, **details)
    await owner.says("thanks")

    await owner.waits_for(lambda heard: "You are welcome." in heard.text, ANSWER_SECONDS)


@pytest.mark.parametrize("kind", ["photo", "voice", "sticker", "location", "contact", "poll", "dice", "document"])
async def test_what_is_not_text_gets_one_clear_answer(house: House, world: WorldClient, kind: str) -> None:
    owner = await settles(world, f"Sender of {kind}", "en")
    await owner.sends(kind)

    await hears(owner, "I can only read text so far.")


@pytest.mark.parametrize("text", ["\u200b\u2060", "🙂" * 2000, '/greet{"slot":"x"}', "{{7*7}} ${x} %s", "<b>x</b> & y"])
async def test_odd_text_is_answered(house: House, world: WorldClient, text: str) -> None:
    owner = await settles(world, "Odd", "en")
    await owner.says(text)

    answer = await owner.waits_for(lambda heard: True, ANSWER_SECONDS)
    assert "49" not in answer.text


async def test_made_up_button_is_answered_and_explained(house: House, world: WorldClient) -> None:
    owner = await settles(world, "Hacker", "en")
    tap = await owner.forges("show_step|shop-payments|2|~AAAAAAAAAA", on=owner.last)
    answer = await tap.answered()
    await hears(owner, "That button is from an earlier time")

    assert answer.text == ""


async def test_edited_message_is_no_second_turn(house: House, world: WorldClient) -> None:
    owner = await settles(world, "Endre", "en")
    number = await owner.says("thanks")
    await hears(owner, "You are welcome.")
    await owner.edits(number, "thanks a lot")
    await world.waits_until_taken()
    await owner.says("/privacy")

    assert "What is kept about you" in (await owner.waits_for(lambda heard: True, ANSWER_SECONDS)).text


async def test_log_has_neither_token_nor_what_people_wrote(house: House, world: WorldClient) -> None:
    owner = await settles(world, "Hemmelig", "en")
    await owner.says("my secret recipe is xyzzy-plugh")
    await owner.waits_for(lambda heard: True, ANSWER_SECONDS)

    log = house.log.read_text("utf-8")
    assert "sender.sent" in log or "sent" in log
    assert DEFAULT_TOKEN not in log
    assert "xyzzy-plugh" not in log
