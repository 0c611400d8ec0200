"""A person is reachable, through the simulator's advisors' group."""

import pytest

from simulator.client import WorldClient

from .conftest import House, hears, settles

pytestmark = [pytest.mark.e2e, pytest.mark.rasa]


async def test_owner_and_advisor_talk_until_it_is_closed(house: House, world: WorldClient) -> None:
    owner = await settles(world, "Marit", "nb")
    advisor = await world.advisor("Anna")
    await owner.says("jeg vil snakke med et menneske")
    await hears(owner, "Hva trenger du et menneske til?")
    await owner.says("Terminalen viser feil 5")
    await hears(owner, "Får jeg dele dem?")
    await owner.taps("Del og send")
    await hears(owner, "Saken din har nummer")

    card = await hears(advisor, "Terminalen viser feil 5")
    assert "Marit · Norway · Norsk" in card.text
    await advisor.says("Which bank is it?", reply_to=card)
    await hears(owner, "Anna:\nWhich bank is it?")
    await owner.says("Sparebanken i bygda")
    more = await hears(advisor, "Sparebanken i bygda")
    assert more.reply_to == card.message_id
    await advisor.taps("Close", on=card)
    await hears(owner, "Anna har avsluttet saken. Jeg er tilbake.")
    await owner.says("/menu")
    await hears(owner, "Hva kan jeg hjelpe deg med?")


async def test_photo_reaches_the_advisor(house: House, world: WorldClient) -> None:
    owner = await settles(world, "Jon", "en")
    advisor = await world.advisor("Berit")
    await owner.says("I want to talk to a human")
    await hears(owner, "What do you need a person for?")
    await owner.says("My shop page looks odd to me")
    await hears(owner, "May I share them?")
    await owner.taps("Without the chat")
    await hears(owner, "Your request has the number")
    await hears(advisor, "My shop page looks odd to me")
    await owner.sends("photo")

    photo = await advisor.waits_for(lambda heard: heard.kind == "photo", 30)
    assert photo.file_id
    await owner.taps("Back to the mentor")
    await hears(owner, "Closed. I am back.")
    await hears(advisor, "Jon has closed request")
