"""What the mentor knows while it answers one turn, and what an answer is."""

from collections.abc import Callable
from dataclasses import dataclass

from actions.guides import Edition, Library
from actions.replies import Directive, Visible
from actions.turn import Turn
from actions.words import Words


@dataclass(frozen=True)
class Mentor:
    """The library and the words for one reader."""

    library: Library
    words: Words

    def guide(self, slug: str) -> Edition | None:
        """The guide in the reader's language, or in English; None if there is no such guide."""
        return self.library.guide(slug, self.words.language)

    def open_guide(self, turn: Turn) -> Edition | None:
        """The guide the person is in the middle of, if there is one and it still exists."""
        place = turn.progress
        if place is None or place.finished or place.step < 1:
            return None
        return self.guide(place.guide)


Replies = list[Visible | Directive]
Answer = Callable[[Turn, Mentor], Replies]
"""What the mentor says to a turn; pure: the same turn gets the same answer, and the bot keeps all state."""
