"""What a message is made of: its strings of two to five letters, and how much each tells.

They know words, word stems, word pairs and typing errors of each language, where the sentence vector knows meanings.
Diacritics do not count, because people leave them out. Weights are tf-idf with a logarithm of the count (Salton &
Buckley 1988); strings fall into buckets by a hash (Weinberger et al. 2009).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Sequence, Tuple

import numpy as np
import numpy.typing as npt
from scipy import sparse

from nlu.components.text import cleaned, folded

SHORTEST, LONGEST = 2, 5
BUCKETS = 1 << 22
_MULTIPLIER = 2654435761
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
    signs = np.array([ord(sign) for sign in f" {' '.join(spoken.split())} "], dtype=np.uint64)
    found = [np.zeros(0, dtype=np.int64)]
    value = np.zeros(len(signs), dtype=np.uint64)
    for size in range(1, min(LONGEST, len(signs)) + 1):
        value = (value[: len(signs) - size + 1] * np.uint64(_MULTIPLIER) + signs[size - 1 :]) % np.uint64(1 << 40)
        if size >= SHORTEST:
            mixed = (value * np.uint64(_MULTIPLIER) + np.uint64(size)) >> np.uint64(12)
            found.append((mixed % np.uint64(BUCKETS)).astype(np.int64))
    buckets, often = np.unique(np.concatenate(found), return_counts=True)
    return buckets, often.astype(np.float32)
