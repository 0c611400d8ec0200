"""What a message means: its sentence vector, seen so that the language it is written in does not count.

From every vector the mean of all phrases is taken, and the directions in which the languages' means differ: what is
left tells meanings apart, and a phrase in one language helps the other twelve.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
_FEWEST = 20
"""Phrases from which on the mean of a language says something of the language."""


@dataclass(frozen=True)
class Viewpoint:
    """From where sentence vectors are seen."""

    centre: Floats
    """The mean of all phrases: what every sentence vector of this encoder has in common."""
    apart: Floats
    """Directions, one a row, that tell languages from each other and nothing else."""

    def points(self, vectors: Floats) -> Floats:
        """`vectors` from the centre, without the directions in `apart`, of length 1 again."""
        moved = vectors - self.centre
        moved = moved - (moved @ self.apart.T) @ self.apart
        lengths = np.linalg.norm(moved, axis=1, keepdims=True)
        around: Floats = (moved / np.maximum(lengths, 1e-9)).astype(np.float32)
        return around


def viewpoint(vectors: Floats, groups: Sequence[str]) -> Viewpoint:
    """The viewpoint for phrases, of which `groups` holds the languages."""
    centre = vectors.mean(axis=0).astype(np.float32)
    return Viewpoint(centre, _directions(vectors - centre, groups))


def _directions(moved: Floats, groups: Sequence[str]) -> Floats:
    """An orthonormal basis of the languages' means."""
    named = np.asarray(groups)
    kinds, counts = np.unique(named, return_counts=True)
    means = [moved[named == kind].mean(axis=0) for kind in kinds[counts >= _FEWEST]]
    if len(means) < 2:
        return np.zeros((0, moved.shape[1]), dtype=np.float32)
    # The means add up to nearly nothing, so there is one direction less than there are languages.
    basis: Floats = np.linalg.svd(np.stack(means), full_matrices=False)[2][: len(means) - 1].astype(np.float32)
    return basis
