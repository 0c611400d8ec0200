"""The bot's own screens: they work with the dialogue engine down, and before a person has agreed to anything."""

from actions.replies import Button, Text
from actions.words import Words
from bot.domain.ports import House
from bot.store.tables import ChatRow

LABEL_LIMIT = 60
"""Characters of a guide's title on a button; `mentor check` holds titles to as many."""


def menu_button(words: Words) -> Button:
    """The way back to the menu."""
    return Button(words.say("bot.button.menu"), "menu")


def guide_button(slug: str, title: str) -> Button:
    """Opens the card of a guide."""
    return Button(title[:LABEL_LIMIT], "show_guide", guide=slug)


def with_menu(words: Words, key: str, /, *, edit: bool = False, **values: object) -> Text:
    """A sentence of ours with the way back to the menu under it."""
    return Text(words.say(key, **values), [[menu_button(words)]], edit=edit)


def in_twos(buttons: list[Button]) -> list[list[Button]]:
    """Rows of two."""
    return [buttons[at : at + 2] for at in range(0, len(buttons), 2)]


def welcome(house: House, chat: ChatRow, *, edit: bool = False, was_text: bool = False) -> Text:
    """The first screen: who this is, what is kept, and one tap to begin.

    Language and country are guessed and can be changed here; where the country can't be guessed, naming it is the tap
    that begins. One screen instead of three keeps the first guide within three taps.
    """
    words = house.words(chat.language)
    title = house.title(chat.deep_link, chat.language) if chat.deep_link else None
    operator = words.say("onboarding.operator", operator=house.operator.name) if house.operator.name else ""
    parts = [
        words.say("onboarding.hello"),
        operator or words.say("onboarding.people"),
        words.say("onboarding.privacy", days=house.operator.retention_days),
    ]
    if house.operator.privacy_url:
        parts.append(words.say("onboarding.link", url=house.operator.privacy_url))
    if was_text:
        parts.append(words.say("onboarding.nothing_kept"))
    if title:
        parts.append(words.say("onboarding.then", title=title))
    other_language = Button(words.say("onboarding.button.languages"), "bot_languages")
    if chat.country:
        name = house.roster.country_name(chat.country, chat.language)
        parts.append(words.say("onboarding.guess", language=_name(house, chat.language), country=name))
        rows = [
            [Button(words.say("onboarding.button.agree"), "bot_agree", value=chat.country)],
            [other_language, Button(words.say("onboarding.button.countries"), "bot_countries")],
        ]
    else:
        parts.append(words.say("onboarding.country"))
        rows = [*in_twos(_countries(house, chat.language, "bot_agree")), [other_language]]
    return Text("\n\n".join(parts), rows, edit=edit)


def choose_language(house: House, chat: ChatRow, *, edit: bool = False) -> Text:
    """All languages, each in its own words."""
    buttons = [
        Button(
            f"{language.name} ✓" if language.code == chat.language else language.name,
            "bot_language",
            value=language.code,
        )
        for language in house.roster.languages
    ]
    return Text(house.words(chat.language).say("screen.language"), in_twos(buttons), edit=edit)


def choose_country(house: House, chat: ChatRow, *, edit: bool = False) -> Text:
    """All countries, in the person's language."""
    buttons = _countries(house, chat.language, "bot_country")
    return Text(house.words(chat.language).say("screen.country"), in_twos(buttons), edit=edit)


def language_changed(house: House, chat: ChatRow) -> Text:
    """Said in the new language; with one honest sentence where we do not speak it yet."""
    words = house.words(chat.language)
    name = _name(house, chat.language)
    known = chat.language in house.locales.languages()
    return with_menu(words, "screen.language.done" if known else "screen.language.not_yet", edit=True, language=name)


def country_changed(house: House, chat: ChatRow) -> Text:
    """The country notes are now for this country."""
    words = house.words(chat.language)
    name = house.roster.country_name(chat.country, chat.language)
    return with_menu(words, "screen.country.done", edit=True, country=name)


def privacy(house: House, chat: ChatRow) -> Text:
    """What is kept, for how long, and how to have it deleted."""
    words = house.words(chat.language)
    parts = [words.say("screen.privacy", days=house.operator.retention_days)]
    if house.operator.privacy_url:
        parts.append(words.say("onboarding.link", url=house.operator.privacy_url))
    rows = [[Button(words.say("screen.button.delete"), "bot_delete"), _back_button(words, chat)]]
    return Text("\n\n".join(parts), rows)


def ask_delete(house: House, chat: ChatRow, *, edit: bool = False) -> Text:
    """Are you sure?"""
    words = house.words(chat.language)
    rows = [[Button(words.say("screen.button.delete_yes"), "bot_delete_yes")], [_back_button(words, chat)]]
    return Text(words.say("screen.delete"), rows, edit=edit)


def deleted(house: House, language: str) -> Text:
    """The last message to someone we no longer know."""
    return Text(house.words(language).say("screen.delete.done"), edit=True)


def stop(house: House, chat: ChatRow) -> Text:
    """The mentor never writes by itself; how to come back, and how to leave no trace."""
    words = house.words(chat.language)
    rows = [[Button(words.say("screen.button.delete"), "bot_delete"), _back_button(words, chat)]]
    return Text(words.say("screen.stop"), rows)


def _back_button(words: Words, chat: ChatRow) -> Button:
    return menu_button(words) if chat.consented_at else Button(words.say("screen.button.back"), "bot_welcome")


def _countries(house: House, language: str, intent: str) -> list[Button]:
    named = [(house.roster.country_name(country, language), country) for country in house.roster.countries()]
    elsewhere = Button(house.words(language).say("screen.button.elsewhere"), intent, value="none")
    return [*(Button(name, intent, value=country) for name, country in sorted(named)), elsewhere]


def _name(house: House, code: str) -> str:
    language = house.roster.get(code)
    return language.name if language else code
