"""When the mentor is not sure, or was wrong: offers instead of guesses, and a person before a dead end."""

from actions.buttons import NEW, area_buttons, guide_button, menu_button, person_button
from actions.guide import gone
from actions.mentor import Answer, Mentor, Replies
from actions.menu import menu_text
from actions.replies import Button, Missed, Text, Understood
from actions.turn import Turn

OFFERED = 3
NEAR = 0.15
"""A guide below this confidence of the classifier is not offered on its word alone."""


def offer_guides(turn: Turn, mentor: Mentor) -> Replies:
    """Up to three guides that may be meant; if there is none, the areas. The second time in a row, a person first."""
    slugs, offers = offer_rows(turn, mentor)
    words = mentor.words
    person = [person_button(words)]
    again = turn.misses > 0
    if not offers:
        line = words.say("fallback.again" if again else "fallback.unsure")
        rows = [person, *area_buttons(words)] if again else [*area_buttons(words), person]
        return [Text(line, rows), Missed("unknown")]
    line = words.say("fallback.again") if again else words.count("fallback.offer", len(offers))
    rows = [*offers, [Button(words.say("fallback.something_else"), "something_else")]]
    return [Text(line, [person, *rows] if again else rows), Missed("unsure", slugs)]


def offer_rows(turn: Turn, mentor: Mentor) -> tuple[list[str], list[list[Button]]]:
    """The guides a message may be about, and a button for each."""
    slugs = near_guides(turn, mentor)
    return slugs, [[guide_button(edition)] for slug in slugs if (edition := mentor.guide(slug)) is not None]


def near_guides(turn: Turn, mentor: Mentor) -> list[str]:
    """Guides the message may be about, best first: what the classifier holds likely, filled up by the word search."""
    ranked = [mentor.library.slug_of(intent) for intent, confidence in turn.ranking if confidence >= NEAR]
    found = [hit.slug for hit in mentor.library.search(turn.text, mentor.words.language, OFFERED)]
    return list(dict.fromkeys(slug for slug in ranked + found if slug))[:OFFERED]


def something_else(turn: Turn, mentor: Mentor) -> Replies:
    """None of the offers was right: the areas and a person, and the invitation to say it in other words."""
    words = mentor.words
    rows = [*area_buttons(words), [person_button(words)]]
    return [Text(words.say("fallback.other_words"), rows, edit=True), Missed("not_meant")]


def not_meant(turn: Turn, mentor: Mentor) -> Replies:
    """The card was the wrong one: the two next-best guides, the menu, a person. The card stays."""
    edition = mentor.guide(turn.guide)
    if edition is None:
        return gone(turn, mentor, turn.guide)
    words = mentor.words
    related = mentor.library.related(edition.slug, words.language)
    area = mentor.library.area(edition.guide.area, words.language)
    slugs = list(dict.fromkeys(other.slug for other in (*related, *area) if other.slug != edition.slug))[:2]
    offers = [[guide_button(other)] for slug in slugs if (other := mentor.guide(slug)) is not None]
    rows = [*offers, [menu_button(words, NEW), person_button(words)]]
    return [Text(words.say("fallback.not_meant"), rows), Missed("not_meant", slugs)]


def out_of_scope(turn: Turn, mentor: Mentor) -> Replies:
    """Say kindly what the mentor is for."""
    return [menu_text(turn, mentor, mentor.words.say("fallback.out_of_scope")), Understood()]


ANSWERS: dict[str, Answer] = {
    "offer_guides": offer_guides,
    "something_else": something_else,
    "not_meant": not_meant,
    "out_of_scope": out_of_scope,
}
