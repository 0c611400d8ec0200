"""The model of meaning: which phrases a message resembles, and what those stand for.

Kernel ridge regression on centred sentence vectors: a closed form, so that the same phrases always give the same
model. Every phrase votes with a weight that is learned; the most similar phrase also tells how much a message is
like anything that was ever learned.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import linalg

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class MeaningModel:
    """The phrases' vectors, and the weight of each phrase for each intent."""

    centre: Floats
    """The mean of all phrases: what every sentence vector of this encoder has in common."""
    vectors: npt.NDArray[np.float16]
    """The phrases, centred, of length 1."""
    weights: npt.NDArray[np.float32]
    """Phrase by intent."""
    share: Floats
    """How common each intent is among the phrases."""
    width: float
    """How fast a phrase's vote fades with the distance."""

    def scores(self, vectors: Floats) -> tuple[Floats, Floats]:
        """For each vector: a score per intent (about 1 for a sure one, about 0 for the others), and how similar
        the most similar phrase is (1 for the same, about 0 for unrelated)."""
        likeness = centred(vectors, self.centre) @ self.vectors.T.astype(np.float32)
        votes = np.exp(self.width * (likeness - 1))
        told: Floats = (votes @ self.weights + self.share).astype(np.float32)
        return told, likeness.max(axis=1)


def fit_meaning(
    vectors: Floats, intents: npt.NDArray[np.int64], kinds: int, width: float, ridge: float
) -> MeaningModel:
    """Learn from phrases; `intents` holds the number of each phrase's intent, below `kinds`."""
    centre = vectors.mean(axis=0)
    # Half precision is what the model file holds: learn from what is served.
    points = centred(vectors, centre).astype(np.float16)
    wide = points.astype(np.float32)
    wanted = np.eye(kinds, dtype=np.float32)[intents]
    share = wanted.mean(axis=0)
    kernel = wide @ wide.T
    np.exp(width * (kernel - 1), out=kernel)
    kernel[np.diag_indices_from(kernel)] += ridge
    factor = linalg.cho_factor(kernel, lower=True, overwrite_a=True, check_finite=False)
    weights = linalg.cho_solve(factor, wanted - share, check_finite=False)
    return MeaningModel(centre.astype(np.float32), points, weights.astype(np.float32), share, width)


def centred(vectors: Floats, centre: Floats) -> Floats:
    """`vectors` around `centre`, of length 1 again."""
    moved = vectors - centre
    lengths = np.linalg.norm(moved, axis=1, keepdims=True)
    around: Floats = (moved / np.maximum(lengths, 1e-9)).astype(np.float32)
    return around
