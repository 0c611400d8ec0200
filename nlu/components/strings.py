"""The strings of letters that a text is made of, as numbers of buckets (Weinberger et al. 2009: the hashing trick)."""

from __future__ import annotations

from typing import List

import numpy as np
import numpy.typing as npt

_MULTIPLIER = 2654435761


def bucketed(words: List[str], shortest: int, longest: int, buckets: int) -> npt.NDArray[np.int64]:
    """The bucket of every string of `shortest` to `longest` signs in `words`, with one space before and after each."""
    signs = np.array([ord(sign) for sign in f" {' '.join(words)} "], dtype=np.uint64)
    found = [np.zeros(0, dtype=np.int64)]
    value = np.zeros(len(signs), dtype=np.uint64)
    for size in range(1, min(longest, len(signs)) + 1):
        value = (value[: len(signs) - size + 1] * np.uint64(_MULTIPLIER) + signs[size - 1 :]) % np.uint64(1 << 40)
        if size >= shortest:
            mixed = (value * np.uint64(_MULTIPLIER) + np.uint64(size)) >> np.uint64(12)
            found.append((mixed % np.uint64(buckets)).astype(np.int64))
    return np.concatenate(found)
