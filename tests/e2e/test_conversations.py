"""Whole conversations in each language, from the first word to the end of a guide."""

import pytest

from actions.words import Locales
from simulator.client import Phone, WorldClient

from .conftest import ANSWER_SECONDS, House, hears, settles

pytestmark = [pytest.mark.e2e, pytest.mark.rasa]


async def walk_to_the_end(phone: Phone, done: str, last: str) -> int:
    """Tap through all the steps of the open guide; returns how many there were. All of it is one edited message."""
    step = await phone.waits_for(lambda heard: heard.text.startswith("1/"), ANSWER_SECONDS)
    total = int(step.text.split("/")[1].split()[0])
    for number in range(2, total + 1):
        await phone.taps(done, on=step)
        following = await hears(phone, f"{number}/{total}")
        assert following.message_id == step.message_id
        assert following.edited
    await phone.taps(last, on=step)
    return total


async def test_english_owner_finds_a_guide_by_the_menu_within_three_taps(house: House, world: WorldClient) -> None:
    owner = await world.person("Olivia", language_code="en")
    await owner.says("/start")
    hello = await hears(owner, "Hello. I am SKILLS+ Mentor.")
    assert "Norway" in [label for row in hello.labels for label in row]

    await owner.taps("Norway")
    await hears(owner, "What can I help you with?")
    await owner.taps("Sell online")
    await owner.waits_for(lambda heard: any("Take payment online" in row[0] for row in heard.labels), ANSWER_SECONDS)
    await owner.taps("Take payment online")
    card = await hears(owner, "You need a payment provider")

    assert "In Norway:" in card.text
    assert "8 steps" in card.text
    await owner.taps("Start")
    total = await walk_to_the_end(owner, "Done, next ▶", "Done, that was all ✅")
    end = await hears(owner, "You have been through all of Take payment online.")
    await owner.taps("👍 Yes")
    await hears(owner, "Thank you, good to know.")
    assert total == 8
    assert end.labels


async def test_norwegian_owner_asks_in_her_own_words_and_goes_on_by_word(house: House, world: WorldClient) -> None:
    owner = await settles(world, "Kari", "nb")
    await owner.says("kundene spør om de kan betale med vipps på nettsida mi")
    card = await hears(owner, "betalingsleverandør")
    assert "I Norge:" in card.text
    assert "november 2026" in card.text

    await owner.taps("Start")
    await hears(owner, "1/8")
    for word, step in [("neste", "2/8"), ("ferdig", "3/8"), ("tilbake", "2/8"), ("neste", "3/8")]:
        await owner.says(word)
        await hears(owner, step)


async def test_norwegian_owner_taps_a_guide_to_its_end(house: House, world: WorldClient) -> None:
    owner = await settles(world, "Nils", "nb")
    await owner.says("hvordan tar jeg sikkerhetskopi av pcen")
    card = await owner.waits_for(lambda heard: ["Start"] in [row[:1] for row in heard.labels], ANSWER_SECONDS)
    await owner.taps("Start", on=card)
    await walk_to_the_end(owner, "Ferdig, neste ▶", "Ferdig, det var alt ✅")
    await hears(owner, "✅")


async def test_place_is_kept_and_offered_on_return(house: House, world: WorldClient) -> None:
    owner = await settles(world, "Odd", "en")
    await owner.says("how do i back up my laptop")
    await owner.waits_for(lambda heard: ["Start"] in [row[:1] for row in heard.labels], ANSWER_SECONDS)
    await owner.taps("Start")
    first = await owner.waits_for(lambda heard: heard.text.startswith("1/"), ANSWER_SECONDS)
    await owner.taps("Done, next ▶", on=first)
    await hears(owner, "2/8")

    await owner.says("where was i")
    back = await hears(owner, "You were at step 2 of 8")
    await owner.taps("Go on", on=back)
    await hears(owner, "2/8")


async def test_deep_link_leads_through_one_screen_to_its_guide(house: House, world: WorldClient) -> None:
    owner = await world.person("Liv", language_code="no")
    await owner.says("/start shop-payments")
    await hears(owner, "Ta betalt på nett")
    await owner.taps("OK, vi setter i gang")

    card = await hears(owner, "betalingsleverandør")
    assert ["Start", "Alle steg"] in card.labels or ["Start"] in [row[:1] for row in card.labels]


async def test_changing_the_language_changes_what_is_said(house: House, world: WorldClient) -> None:
    owner = await settles(world, "Eva", "en")
    await owner.says("/language")
    await hears(owner, "Which language")
    await owner.taps("Norsk")
    await hears(owner, "Fra nå av snakker vi Norsk.")
    await owner.says("/menu")
    await hears(owner, "Hva kan jeg hjelpe deg med?")


async def test_what_is_not_understood_leads_on(house: House, world: WorldClient) -> None:
    owner = await settles(world, "Per", "nb")
    await owner.says("🐄🐄🐄")
    unsure = await owner.waits_for(lambda heard: bool(heard.labels), ANSWER_SECONDS)
    await owner.says("🐄 🐄")
    again = await owner.waits_for(lambda heard: bool(heard.labels), ANSWER_SECONDS)

    assert "Snakk med et menneske" in [label for row in unsure.labels for label in row]
    assert again.labels[0] == ["Snakk med et menneske"]


async def test_question_that_is_not_ours_gets_a_friendly_no(house: House, world: WorldClient) -> None:
    owner = await settles(world, "Tor", "en")
    await owner.says("can you fix my tractor")
    answer = await owner.waits_for(lambda heard: True, ANSWER_SECONDS)

    assert "outside what I know" in answer.text


@pytest.mark.parametrize(
    ("language", "question", "title"),
    [
        ("de", "meine gäste wollen mit karte zahlen auf meiner webseite", "Zahlungsdienst"),
        ("fi", "miten otan kortilla maksuja verkkokaupassa", "maksu"),
    ],
)
async def test_owner_is_answered_in_her_language_and_for_her_country(
    house: House, world: WorldClient, language: str, question: str, title: str
) -> None:
    owner = await settles(world, f"Owner {language}", language)
    await owner.says(question)
    card = await owner.waits_for(lambda heard: len(heard.labels) > 1, ANSWER_SECONDS)
    words = Locales().words(language)
    assert title.lower() in card.text.lower()
    assert words.say("guide.only_english") not in card.text

    await owner.taps(words.say("guide.start"), on=card)
    await walk_to_the_end(owner, words.say("guide.done"), words.say("guide.done_last"))
    await hears(owner, "✅")


async def test_answer_comes_in_the_language_written_and_one_tap_keeps_it(house: House, world: WorldClient) -> None:
    owner = await settles(world, "Agnieszka", "en")
    polish = Locales().words("pl")
    await owner.says("nie wiem od czego zacząć sprzedaż naszych serów przez internet")

    card = await owner.waits_for(lambda heard: any(polish.say("guide.start") in row for row in heard.labels), 30)
    assert card.text
    offer = await hears(owner, polish.say("talk.offer_language", language="polski"))
    await owner.taps("Polski", on=offer)
    await owner.says("/menu")
    menu = await owner.waits_for(lambda heard: any(polish.say("area.shop") in row for row in heard.labels), 30)
    assert menu.text
