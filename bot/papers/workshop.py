"""Where papers are made: from the guides as they are now, one at a time."""

from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock

from actions.guides import Shelf
from actions.replies import Bar
from actions.words import Locales
from bot.papers.chart import ChartData, draw_chart
from bot.papers.guide_pdf import GuidePaper, make_guide_pdf

KEPT = 64
"""Guides kept in memory, some 40 KB each: a guide that is asked for again need not be made again."""


class Workshop:
    """Makes the papers; safe to call from several threads."""

    def __init__(self, shelf: Shelf, locales: Locales) -> None:
        self._shelf = shelf
        self._locales = locales
        # PDFs one after the other: a crowd that taps at once must not take the processor from the conversations.
        self._one_at_a_time = Lock()
        self._made: OrderedDict[tuple[str, str, str], bytes] = OrderedDict()
        self._made_from = shelf.library()

    def chart(self, title: str, bars: Sequence[Bar], legend_now: str, legend_before: str) -> bytes:
        """A picture with bars, as PNG."""
        return draw_chart(ChartData(title, tuple(bars), legend_now, legend_before))

    def guide(self, slug: str, language: str, country: str) -> bytes | None:
        """A guide as PDF; None if there is no such guide."""
        with self._one_at_a_time:
            library = self._shelf.library()
            if library is not self._made_from:
                self._made.clear()
                self._made_from = library
            edition = library.guide(slug, language)
            if edition is None:
                return None
            key = (slug, language, country)
            if key not in self._made:
                self._made[key] = make_guide_pdf(GuidePaper(edition, library, self._locales.words(language), country))
            self._made.move_to_end(key)
            while len(self._made) > KEPT:
                self._made.popitem(last=False)
            return self._made[key]
