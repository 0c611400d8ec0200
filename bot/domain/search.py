"""`/search`: words against all guides, in the person's language and in English; works without the dialogue engine."""

from actions.replies import Text
from bot.domain import screens
from bot.domain.ports import House
from bot.domain.reaction import Reaction
from bot.store.tables import ChatRow

FOUND = 5


def handle_search(house: House, chat: ChatRow, wanted: str) -> Reaction:
    """The guides that fit `wanted`, or how to search."""
    words = house.words(chat.language)
    if not wanted.strip():
        return Reaction(replies=[screens.with_menu(words, "search.how")])
    found = house.search(wanted, chat.language, FOUND)
    if not found:
        return Reaction(replies=[screens.with_menu(words, "search.nothing")])
    rows = [[screens.guide_button(slug, title)] for slug, title in found]
    return Reaction(replies=[Text(words.count("search.found", len(found)), [*rows, [screens.menu_button(words)]])])
