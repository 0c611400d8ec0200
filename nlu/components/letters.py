"""What a message is made of: its strings of two to five letters, and how much each tells.

They know words, word stems, word pairs and typing errors of each language, where the sentence vector knows meanings.
Diacritics do not count, because people leave them out. Weights are tf-idf with a logarithm of the count (Salton &
Buckley 1988).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Sequence, Tuple

import numpy as np
import numpy.typing as npt
from scipy import sparse

from nlu.components.strings import bucketed
from nlu.components.text import cleaned, folded

SHORTEST, LONGEST = 2, 5
BUCKETS = 1 << 22
Floats = npt.NDArray[np.float32]
Places = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Spelling:
    """The strings that occur in more than one phrase."""

    buckets: npt.NDArray[np.int32]
    """The buckets that they fall into, ascending."""
    rarity: Floats
    """How much a string tells (inverse document frequency), per bucket."""

    def features(self, text: str) -> Tuple[Places, Floats]:
        """Places and values of what is known in `text`; the values have length 1 together, or there are none."""
        return self.weighed(*counted(text))

    def weighed(self, wanted: Places, often: Floats) -> Tuple[Places, Floats]:
        """The same for strings that are counted already."""
        places = np.searchsorted(self.buckets, wanted)
        known = places < len(self.buckets)
        known[known] = self.buckets[places[known]] == wanted[known]
        values = (1 + np.log(often[known])) * self.rarity[places[known]]
        length = float(np.linalg.norm(values))
        return places[known], (values / length if length else values).astype(np.float32)


def spelling(texts: Sequence[str]) -> Tuple[Spelling, sparse.csr_matrix]:
    """What can be learned from these texts, and their features, one row each."""
    rows = [counted(text) for text in texts]
    seen = np.bincount(np.concatenate([buckets for buckets, _ in rows]), minlength=BUCKETS)
    buckets = np.flatnonzero(seen > 1).astype(np.int32)
    rarity = (np.log((1 + len(rows)) / (1 + seen[buckets])) + 1).astype(np.float32)
    known = Spelling(buckets, rarity)
    features = [known.weighed(*row) for row in rows]
    ends = np.cumsum([0] + [len(places) for places, _ in features])
    places = np.concatenate([places for places, _ in features])
    values = np.concatenate([values for _, values in features])
    return known, sparse.csr_matrix((values, places, ends), shape=(len(rows), len(buckets)))


def counted(text: str) -> Tuple[Places, Floats]:
    """The buckets of the strings of letters of a message, ascending, and how often each occurs."""
    spoken = "".join(sign if sign.isalnum() else " " for sign in folded(cleaned(text)))
    found = bucketed(spoken.split(), SHORTEST, LONGEST, BUCKETS)
    buckets, often = np.unique(found, return_counts=True)
    return buckets, often.astype(np.float32)
