"""What a word means: two sentences, and the guide that tells more."""

from actions.buttons import NEW, guide_button, menu_button
from actions.fallback import offer_rows
from actions.mentor import Answer, Mentor, Replies
from actions.menu import menu_text
from actions.replies import Missed, Text, Understood
from actions.turn import Turn


def explain_term(turn: Turn, mentor: Mentor) -> Replies:
    """Explain the term that the message names; without one, what the word search finds, or the menu."""
    words = mentor.words
    found = mentor.library.term(turn.text, words.language)
    if found is None:
        slugs, rows = offer_rows(turn, mentor)
        line = words.say("glossary.unknown")
        if not rows:
            return [menu_text(turn, mentor, line), Missed("unknown")]
        return [Text(line, [*rows, [menu_button(words)]]), Missed("unknown", slugs)]
    term, slug = found
    edition = mentor.guide(slug)
    rows = [[guide_button(edition)]] if edition is not None else []
    return [Text(f"**{term.word}**\n\n{term.text}", [*rows, [menu_button(words, NEW)]]), Understood()]


ANSWERS: dict[str, Answer] = {"explain_term": explain_term}
