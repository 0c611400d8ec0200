"""A new owner in each language goes the whole way: first screen, own words, a guide, the firm check, the plan."""

from dataclasses import dataclass
from functools import cache

import pytest

from actions.guides import Edition, Language, Library
from actions.words import Locales, Words
from bot.languages import read_roster
from simulator.client import Phone, WorldClient
from simulator.heard import Heard
from tools.check.phrases import read_phrases

from .conftest import ANSWER_SECONDS, ROOT, House, hears

pytestmark = [pytest.mark.e2e, pytest.mark.rasa]
ROSTER = read_roster()
SPOKEN = [language for language in ROSTER.languages if language.level != "planned"]
GUIDE_TEXT_BYTES, GUIDE_BYTES = 12_000, 16_000
"""A whole guide step by step: what is read, and with all keyboards. Greek and Cyrillic letters have two bytes each."""
CHECK_BYTES = 60_000
"""The firm check with its picture and everything else."""
LONGEST_QUESTION = 120


@cache
def library() -> Library:
    """The guides as the mentor itself reads them."""
    return Library.load(ROOT / "guides")[0]


@dataclass(frozen=True)
class Owner:
    """A person at a phone, and what she should be told."""

    world: WorldClient
    phone: Phone
    words: Words
    guide: Edition
    question: str

    async def edited(self, start: str) -> Heard:
        """The message that has become the one beginning with `start`."""
        return await self.phone.waits_for(lambda heard: heard.edited and heard.text.startswith(start), ANSWER_SECONDS)

    async def offers(self, key: str) -> Heard:
        """The next message with this button."""
        label = self.words.say(key)
        return await self.phone.waits_for(lambda heard: has(heard, label), ANSWER_SECONDS)

    async def calls_so_far(self) -> int:
        """The number of the last call to this phone."""
        calls = await self.world.calls(chat_id=self.phone.chat_id)
        return max((int(call["number"]) for call in calls), default=0)


def has(heard: Heard, label: str) -> bool:
    """True if the message has a button with this label."""
    return any(label in row for row in heard.labels)


def longest_guide(language: str) -> Edition:
    """The guide with the most to read: if that one is small enough, all are."""
    editions = [library().guide(slug, language) for slug in library().slugs]
    return max(
        (edition for edition in editions if edition is not None and not edition.fallback),
        key=lambda edition: (ROOT / "guides" / language / f"{edition.slug}.md").stat().st_size,
    )


def question_for(intent: str, language: str) -> str:
    """How somebody asked for it in the phrases of that language: long enough to tell the language by."""
    phrases = [phrase.text for phrase in read_phrases(ROOT, "nlu", [language]).all if phrase.intent == intent]
    return max((text for text in phrases if len(text) <= LONGEST_QUESTION), key=len)


async def begins(world: WorldClient, language: Language) -> Owner:
    """Someone new with a phone in that language, who has not written yet."""
    guide = longest_guide(language.code)
    phone = await world.person(f"Owner {language.code}", language_code=language.telegram[0])
    question = question_for(guide.guide.intent, language.code)
    return Owner(world, phone, Locales().words(language.code), guide, question)


async def settles_in_country(owner: Owner, country: str) -> None:
    """The first screen, with the country chosen from the list rather than taken as guessed."""
    words, name = owner.words, ROSTER.country_name(country, owner.words.language)
    await owner.phone.says("/start")
    welcome = await hears(owner.phone, "SKILLS+ Mentor")
    if has(welcome, words.say("onboarding.button.agree")):
        await owner.phone.taps(words.say("onboarding.button.countries"))
        await owner.edited(words.say("screen.country"))
        await owner.phone.taps(name, on=welcome)
        assert name in (await hears(owner.phone, "SKILLS+ Mentor")).text
        await owner.phone.taps(words.say("onboarding.button.agree"), on=welcome)
    else:
        await owner.phone.taps(name)
    await owner.offers("area.shop")


async def walks_the_guide(owner: Owner) -> None:
    """Ask in own words, get the card, tap through all steps of one edited message, rate it."""
    words, title, total = owner.words, owner.guide.title, owner.guide.total
    await owner.phone.says(owner.question)
    card = await owner.offers("guide.start")
    assert card.text.startswith(title)
    assert words.say("guide.only_english") not in card.text

    await owner.phone.taps(words.say("guide.start"), on=card)
    step = await hears(owner.phone, f"1/{total}")
    for number in range(2, total + 1):
        await owner.phone.taps(words.say("guide.done"), on=step)
        assert (await owner.edited(f"{number}/{total}")).message_id == step.message_id
    await owner.phone.taps(words.say("guide.done_last"), on=step)
    assert title in (await owner.offers("guide.thumb_up")).text
    await owner.phone.taps(words.say("guide.thumb_up"), on=step)
    await owner.edited(words.say("guide.rated_up"))


async def takes_the_check(owner: Owner) -> list[str]:
    """Twelve questions by taps, then result, picture and plan; returns the titles of the guides it should hold."""
    checkup, text = library().checkup, library().checkup_text(owner.words.language)
    assert checkup is not None
    assert text is not None
    words, total = owner.words, len(checkup.keys)
    given = dict(zip(checkup.keys, ("yes", "no", "unknown") * total, strict=False))
    await owner.phone.says("/check")
    intro = await owner.offers("checkup.start")
    await owner.phone.taps(words.say("checkup.start"), on=intro)
    for number, key in enumerate(checkup.keys, 1):
        asked = await owner.edited(f"{number}/{total}")
        assert text.asks[key] in asked.text
        await owner.phone.taps(words.say(f"checkup.{given[key]}"), on=asked)

    level, _ = text.levels[checkup.level(given)]
    assert level in (await hears(owner.phone, str(checkup.points(given)))).text
    chart = await owner.phone.waits_for(lambda heard: heard.kind == "photo", ANSWER_SECONDS)
    assert (await owner.phone.download(chart)).startswith(b"\x89PNG")
    slugs = checkup.plan(given, {owner.guide.slug}, library().slugs)
    editions = [library().guide(slug, words.language) for slug in slugs]
    return [edition.title for edition in editions if edition is not None]


async def reads_the_plan(owner: Owner, titles: list[str]) -> None:
    """The plan names its five guides, in order and in the owner's language."""
    plan = await hears(owner.phone, titles[0])
    places = [plan.text.find(f"{number}. {title}") for number, title in enumerate(titles, 1)]
    assert len(titles) == 5
    assert places == sorted(places)
    assert places[0] > 0


@pytest.mark.timeout(240)
@pytest.mark.parametrize("language", SPOKEN, ids=lambda language: language.code)
async def test_new_owner_goes_the_whole_way(house: House, world: WorldClient, language: Language) -> None:
    owner = await begins(world, language)
    await settles_in_country(owner, (language.countries or tuple(ROSTER.countries()))[0])

    before = await owner.calls_so_far()
    await walks_the_guide(owner)
    guide = await world.carried_to(owner.phone, before)
    assert guide.text < GUIDE_TEXT_BYTES
    assert guide.total < GUIDE_BYTES

    before = await owner.calls_so_far()
    titles = await takes_the_check(owner)
    await reads_the_plan(owner, titles)
    await owner.offers("coach.no")
    check = await world.carried_to(owner.phone, before)
    assert 0 < check.files < check.total < CHECK_BYTES
    print(f"{language.code} {owner.guide.slug}: guide {guide.text} of {guide.total} bytes, check {check.total}")
    await owner.phone.taps(owner.words.say("coach.no"))
    await hears(owner.phone, "/plan")

    await owner.phone.says("/plan")
    await reads_the_plan(owner, titles)
