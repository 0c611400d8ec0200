"""Which language a text is written in: naive Bayes over strings of two to four signs, learned from our own texts.

Sources of the method: Cavnar & Trenkle 1994 (strings of letters tell languages apart), McCallum & Nigam 1998
(multinomial naive Bayes), Guo et al. 2017 (a temperature calibrates; here it also grows with the length of the text,
because neighbouring strings overlap and are not independent evidence).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, List, Sequence, Tuple

import numpy as np
import numpy.typing as npt
from scipy import optimize, special

from nlu.components.strings import bucketed
from nlu.components.text import cleaned, folded, letters

SHORTEST, LONGEST = 2, 4
BITS = 17
"""Strings fall into 2 to the power of this many buckets."""
LETTERS, WORDS = 15, 3
"""A text with fewer of either has no language: `ok`, `hei`, `facebook`."""
ARRAYS, NOTES = "languages.npz", "languages.json"
_SMOOTHING = 0.3
_ODD = 0.002
"""The share of held-out phrases that may be as unlike their own language as a text that counts as of none."""
Floats = npt.NDArray[np.float32]
Texts = Dict[str, List[str]]


@dataclass(frozen=True)
class LanguageModel:
    """How common every string is in each language."""

    codes: List[str]
    chances: npt.NDArray[np.float16]
    """Logarithm of a string's share of its language: bucket by language."""
    scale: Tuple[float, float]
    """What a string counts, and with which power of the length its weight grows."""
    floor: float
    """Mean logarithm of the strings' shares under which a text is of no language that is known."""

    def language_of(self, text: str) -> Tuple[str, float]:
        """The likeliest language and its chance; ("", 0.0) for a text that is too short or like none of them."""
        text = cleaned(text)
        if letters(text) < LETTERS or len(text.split()) < WORDS:
            return "", 0.0
        mean, count = self.evidence(text)
        if float(mean.max()) < self.floor:
            return "", 0.0
        chances = np.exp(_told(mean[None], np.array([count]), self.scale)[0])
        best = int(chances.argmax())
        return self.codes[best], float(chances[best])

    def evidence(self, text: str) -> Tuple[Floats, int]:
        """The mean logarithm of the strings' shares in each language, and how many strings there are."""
        found = buckets(text)
        if not len(found):
            return np.zeros(len(self.codes), dtype=np.float32), 0
        mean: Floats = self.chances[found].astype(np.float32).mean(axis=0)
        return mean, len(found)

    def save(self, folder: Path) -> None:
        """Write the model: one array without pickle, and the rest as JSON."""
        np.savez(folder / ARRAYS, chances=self.chances)
        notes = {"codes": self.codes, "scale": list(self.scale), "floor": self.floor}
        (folder / NOTES).write_text(json.dumps(notes), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> LanguageModel:
        """Read what :meth:`save` wrote."""
        notes = json.loads((folder / NOTES).read_text(encoding="utf-8"))
        with np.load(folder / ARRAYS, allow_pickle=False) as file:
            chances = file["chances"]
        first, second = notes["scale"]
        return cls(notes["codes"], chances, (first, second), notes["floor"])


def buckets(text: str) -> npt.NDArray[np.int64]:
    """The buckets of all strings of `text`: small letters with their diacritics, one space for anything else."""
    spoken = "".join(sign if sign.isalpha() else " " for sign in text.casefold())
    return bucketed(spoken.split(), SHORTEST, LONGEST, 1 << BITS)


def fit_languages(phrases: Texts) -> LanguageModel:
    """Learn from phrases, by language; every fifth phrase calibrates first."""
    codes = sorted(phrases)
    seen = {code: [text for place, text in enumerate(phrases[code]) if place % 5] for code in codes}
    unseen = [(text, number) for number, code in enumerate(codes) for text in phrases[code][::5]]
    draft = LanguageModel(codes, _chances(codes, seen), (1.0, 0.0), -1e9)
    told = [(draft.evidence(text), number) for text, number in unseen if letters(text) >= LETTERS]
    told = [one for one in told if one[0][1]]
    scale, floor = (0.5, 0.0), -1e9
    if told:
        means, counts = np.stack([one[0][0] for one in told]), np.array([one[0][1] for one in told])
        right = np.array([one[1] for one in told])
        scale = _fitted_scale(means, counts, right)
        floor = float(np.quantile(means[np.arange(len(right)), right], _ODD))
    return LanguageModel(codes, _chances(codes, phrases), scale, floor)


def _chances(codes: Sequence[str], phrases: Texts) -> npt.NDArray[np.float16]:
    """Shares of the strings; every text counts with and without its diacritics, for people leave them out."""
    columns = []
    for code in codes:
        counts = np.full(1 << BITS, _SMOOTHING)
        whole = cleaned_lines(phrases.get(code, []))
        for form in (whole, folded(whole)):
            counts += np.bincount(buckets(form), minlength=1 << BITS)
        columns.append(np.log(counts / counts.sum()))
    shares: npt.NDArray[np.float16] = np.stack(columns, axis=1).astype(np.float16)
    return shares


def cleaned_lines(texts: Sequence[str]) -> str:
    """All texts as one, each cleaned."""
    return " ".join(cleaned(text) for text in texts)


def _told(means: Floats, counts: npt.NDArray[np.int64], scale: Tuple[float, float]) -> Floats:
    """The logarithms of the languages' chances."""
    weight = scale[0] * np.maximum(counts, 1).astype(np.float64)[:, None] ** scale[1]
    told: Floats = special.log_softmax(means * weight, axis=1).astype(np.float32)
    return told


def _fitted_scale(means: Floats, counts: npt.NDArray[np.int64], right: npt.NDArray[np.int64]) -> Tuple[float, float]:
    """The scale under which the true languages of unseen phrases are least surprising."""
    rows = np.arange(len(right))

    def surprise(values: npt.NDArray[np.float64]) -> float:
        return -float(_told(means, counts, (float(np.exp(values[0])), float(values[1])))[rows, right].mean())

    found = optimize.minimize(surprise, [0.0, 0.8], method="Nelder-Mead", options={"maxiter": 200})
    return float(np.exp(found.x[0])), float(found.x[1])
