"""A small word search over guides (BM25), for when the intent classifier is not sure.

It is honest: a guide is a hit only if it shares a telling word with the text. Words are folded (no case, no
diacritics), and beside each longer word its beginning counts too, so that inflected forms meet.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log

from actions.guides.model import Block, GuideText, Step

TITLE, STEP_TITLE, SHORT, BODY = 8, 4, 2, 1
"""How much a word counts for where it stands."""
STEM = 5
STEM_WEIGHT = 0.6
COMMON = 0.34
"""A word in more than this share of the guides tells nothing."""
SATURATION, LENGTH = 1.2, 0.6
WEAK = 1.4
"""A hit that scores less than this many of the rarest words is chance: one word in a short answer."""
BEHIND = 0.5
"""A hit with less than this share of the best score is left out."""
LONGEST_QUERY = 60

_WORD = re.compile(r"[^\W_]{3,40}")
_LETTERS = str.maketrans({"ø": "o", "æ": "ae", "ł": "l", "đ": "d", "ı": "i"})


@dataclass(frozen=True, order=True)
class Hit:
    """A guide that a text may be about."""

    score: float
    slug: str


def fold(text: str) -> str:
    """`text` without case and diacritics, as people type it on a phone."""
    spread = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in spread if not unicodedata.combining(sign)).translate(_LETTERS)


def terms(text: str) -> Counter[str]:
    """The words of `text`, and the beginnings of the longer ones marked with a star."""
    words = _WORD.findall(fold(text))
    return Counter(words) + Counter(word[:STEM] + "*" for word in words if len(word) >= STEM)


def _told(step: Step) -> list[Block]:
    """What a step says itself: the facts of a country are pulled in for each reader anew."""
    return [block for block in step.blocks if block.kind != "country"]


class Index:
    """The words of some guides, ready to be searched."""

    def __init__(self, guides: Mapping[str, Sequence[GuideText]]) -> None:
        self._counts = {slug: self._weigh(texts) for slug, texts in guides.items() if texts}
        total = len(self._counts)
        spread = Counter(term for counts in self._counts.values() for term in counts)
        few = max(2, int(total * COMMON))
        self._rarity = {term: log(1 + (total - n + 0.5) / (n + 0.5)) for term, n in spread.items() if n <= few}
        self._weak = WEAK * log(1 + (total - 0.5) / 1.5) if total else 0.0
        lengths = {slug: sum(counts.values()) for slug, counts in self._counts.items()}
        average = sum(lengths.values()) / total if total else 1.0
        self._damping = {slug: 1 - LENGTH + LENGTH * length / average for slug, length in lengths.items()}

    @staticmethod
    def _weigh(texts: Sequence[GuideText]) -> Counter[str]:
        counts: Counter[str] = Counter()
        for text in texts:
            parts = [(text.title, TITLE), (text.short, SHORT), *((step.title, STEP_TITLE) for step in text.steps)]
            parts += [(f"{block.text} {block.cure}", BODY) for step in text.steps for block in _told(step)]
            for part, weight in parts:
                for term, number in terms(part).items():
                    counts[term] += number * weight
        return counts

    def search(self, text: str, limit: int) -> list[Hit]:
        """The best guides for `text`, best first, at most `limit`."""
        asked = [term for term in list(terms(text))[: 2 * LONGEST_QUERY] if term in self._rarity]
        hits = [Hit(round(self._score(slug, asked), 3), slug) for slug in self._counts]
        hits.sort(key=lambda hit: (-hit.score, hit.slug))
        least = max([self._weak, *(hit.score * BEHIND for hit in hits[:1])])
        return [hit for hit in hits[:limit] if hit.score >= least]

    def _score(self, slug: str, asked: Sequence[str]) -> float:
        score = 0.0
        for term in asked:
            count = self._counts[slug][term]
            weight = STEM_WEIGHT if term.endswith("*") else 1.0
            score += weight * self._rarity[term] * count * (SATURATION + 1) / (count + SATURATION * self._damping[slug])
        return score
