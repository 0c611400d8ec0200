"""The model of letters: which strings of two to five letters speak for which intent.

It knows words, word stems and typing errors of each language, where the sentence vector knows meanings. Diacritics
do not count, because people leave them out.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Dict, List, Sequence

import numpy as np
import numpy.typing as npt
from scipy import sparse

from nlu.components.text import cleaned, folded

SHORTEST, LONGEST = 2, 5
BUCKETS = 1 << 20
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class LettersModel:
    """One row of numbers per string of letters that occurs in the phrases, one number per intent."""

    buckets: npt.NDArray[np.int32]
    """The buckets that the strings fall into, ascending."""
    rarity: Floats
    """How much a string tells (inverse document frequency), per bucket."""
    weights: npt.NDArray[np.float16]
    """What a string says about each intent: bucket by intent."""
    bias: Floats
    """What no string says about each intent."""

    def features(self, text: str) -> tuple[npt.NDArray[np.int64], Floats]:
        """Places and values of what is known in `text`; the values have length 1 together, or there are none."""
        counts = counted(text)
        wanted = np.fromiter(counts, dtype=np.int32, count=len(counts))
        places = np.searchsorted(self.buckets, wanted)
        known = places < len(self.buckets)
        known[known] = self.buckets[places[known]] == wanted[known]
        often = np.fromiter(counts.values(), dtype=np.float32, count=len(counts))[known]
        values = (1 + np.log(often)) * self.rarity[places[known]]
        length = float(np.linalg.norm(values))
        return places[known], (values / length if length else values).astype(np.float32)

    def log_chances(self, text: str) -> Floats:
        """The logarithm of each intent's chance, by the letters of `text` alone."""
        places, values = self.features(text)
        scores = values @ self.weights[places].astype(np.float32) + self.bias
        # One model per intent against the rest: their chances are brought to a sum of 1.
        chances = 1 / (1 + np.exp(-scores))
        told: Floats = np.log(chances / chances.sum() + 1e-9).astype(np.float32)
        return told


def counted(text: str) -> Dict[int, int]:
    """How often each string of letters of `text` occurs, by bucket; strings do not reach over a word's edge."""
    found: Dict[int, int] = {}
    for word in folded(cleaned(text)).split():
        data = f" {word} "
        for size in range(SHORTEST, LONGEST + 1):
            for start in range(max(1, len(data) - size + 1)):
                bucket = zlib.crc32(data[start : start + size].encode()) % BUCKETS
                found[bucket] = found.get(bucket, 0) + 1
            if size >= len(data):
                break
    return found


def fit_letters(texts: Sequence[str], intents: npt.NDArray[np.int64], kinds: int, seed: int = 0) -> LettersModel:
    """Learn from phrases; `intents` holds the number of each phrase's intent, below `kinds`."""
    from sklearn.linear_model import LogisticRegression  # only training needs it

    rows = [counted(text) for text in texts]
    seen: Dict[int, int] = {}
    for row in rows:
        for bucket in row:
            seen[bucket] = seen.get(bucket, 0) + 1
    buckets = np.array(sorted(bucket for bucket, often in seen.items() if often > 1), dtype=np.int32)
    rarity = np.array([np.log((1 + len(rows)) / (1 + seen[int(bucket)])) + 1 for bucket in buckets], dtype=np.float32)
    blank = LettersModel(buckets, rarity, np.zeros((len(buckets), kinds), np.float16), np.zeros(kinds, np.float32))
    features = [blank.features(text) for text in texts]
    matrix = _matrix(features, len(buckets))
    weights = np.zeros((len(buckets), kinds), dtype=np.float16)
    bias = np.full(kinds, -20.0, dtype=np.float32)
    learned = LogisticRegression(C=30, solver="liblinear", dual=True, tol=0.01, random_state=seed).fit(matrix, intents)
    if len(learned.classes_) == 2:
        raise ValueError("There are fewer than three intents in the phrases: nothing to tell apart.")
    for place, intent in enumerate(learned.classes_):
        weights[:, intent] = learned.coef_[place]
        bias[intent] = learned.intercept_[place]
    return LettersModel(buckets, rarity, weights, bias)


def _matrix(features: List[tuple[npt.NDArray[np.int64], Floats]], width: int) -> sparse.csr_matrix:
    ends = np.cumsum([0] + [len(places) for places, _ in features])
    places = np.concatenate([places for places, _ in features])
    values = np.concatenate([values for _, values in features])
    return sparse.csr_matrix((values, places, ends), shape=(len(features), width))
