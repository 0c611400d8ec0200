"""How phrases vote: kernel ridge regression on meaning and letters at once (Saunders, Gammerman & Vovk 1998).

Two phrases are as alike as ``exp(width * (cosine of their meanings - 1)) + letters * (cosine of their letters)``.
Learned in one system, the letters correct what the meanings get wrong, which understands more than two models
that are joined afterwards (bench/nlu_experiment.md).

The system is solved by conjugate gradients (Hestenes & Stiefel 1952), preconditioned with a sample of the phrases
(Rudi, Carratino & Rosasco 2017, "FALKON") and ended early, which smooths as a larger ridge would (Yao, Rosasco &
Caponnetto 2007). There is no randomness but a fixed seed: the same phrases give the same model.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, List

import numpy as np
import numpy.typing as npt
from scipy import linalg, sparse

Floats = npt.NDArray[np.float32]
SAMPLE = 1500
"""Phrases that stand for all in the preconditioner; with fewer phrases than that the first step is exact."""
STEPS = 8
"""Steps of the conjugate gradients: more fit the phrases better and unseen ones worse (bench/nlu_experiment.md)."""


@dataclass(frozen=True)
class Settings:
    """What config.yml may set about learning; chosen on held-out phrases, see bench/nlu_experiment.md."""

    width: float = 2.0
    """How fast a phrase's vote fades with the distance of its meaning."""
    letters: float = 0.3
    """How much alike letters count beside alike meanings."""
    ridge: float = 0.05
    """How far a phrase may be wrong about itself: more is smoother."""


def solved(points: Floats, letters: sparse.csr_matrix, wanted: Floats, settings: Settings) -> Floats:
    """The votes, phrase by intent, under which the phrases together say what is `wanted` of them."""
    kernel = alike(points, points, settings.width)
    roughly = _preconditioner(kernel, settings.ridge + settings.letters)
    turned = letters.T.tocsr()
    votes, rest = np.zeros_like(wanted), wanted.copy()
    near = roughly(rest)
    step, size = near.copy(), (rest * near).sum(axis=0)
    for _ in range(STEPS):
        image = kernel @ step + settings.letters * (letters @ (turned @ step)) + settings.ridge * step
        far = size / np.maximum((step * image).sum(axis=0), 1e-20)
        votes += far * step
        rest -= far * image
        near = roughly(rest)
        fresh = (rest * near).sum(axis=0)
        step = near + fresh / np.maximum(size, 1e-20) * step
        size = fresh
    return votes


def alike(some: Floats, others: Floats, width: float) -> Floats:
    """How alike in meaning each of `some` is to each of `others`."""
    return faded(some @ others.T, width)


def faded(cosines: Floats, width: float) -> Floats:
    """The same from cosines, which are overwritten."""
    cosines -= 1
    cosines *= width
    return np.exp(cosines, out=cosines)


def _preconditioner(kernel: Floats, ridge: float) -> Callable[[Floats], Floats]:
    """Solves the system roughly: as if the sampled phrases told all there is to the others (Nystroem's method)."""
    count = min(SAMPLE, len(kernel))
    chosen: List[int] = np.sort(np.random.default_rng(0).choice(len(kernel), count, replace=False)).tolist()
    some = kernel[:, chosen]
    own = some[chosen].astype(np.float64)
    own[np.diag_indices_from(own)] += 1e-4
    root = np.linalg.cholesky(own).astype(np.float32)
    basis = linalg.solve_triangular(root, some.T, lower=True, check_finite=False)
    inner = (basis @ basis.T).astype(np.float64)
    inner[np.diag_indices_from(inner)] += ridge
    factor, lower = linalg.cho_factor(inner, lower=True)
    factor = factor.astype(np.float32)

    def solve(rest: Floats) -> Floats:
        told: Floats = (rest - basis.T @ linalg.cho_solve((factor, lower), basis @ rest, check_finite=False)) / ridge
        return told

    return solve
