"""The two models of the classifier together: how they are learned, joined, calibrated and kept.

How much each model counts, and how sure to be, is learned on phrases that the models have not seen: one part of
the phrases is held out in whole groups, two numbers are fitted on it, and the models are learned again on all.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Dict, List, Sequence

import numpy as np
import numpy.typing as npt
from scipy import optimize

from nlu.components.letters import LettersModel, fit_letters
from nlu.components.meaning import MeaningModel, fit_meaning

Floats = npt.NDArray[np.float32]
ARRAYS, NOTES = "classifier.npz", "classifier.json"
VERSION = 1
_HELD_OUT = 5
"""One phrase in so many is held out to fit the two numbers."""


@dataclass(frozen=True)
class Settings:
    """What config.yml may set about learning; chosen on held-out phrases, see bench/nlu_experiment.md."""

    width: float = 1.0
    """How fast a phrase's vote fades with the distance of its meaning."""
    ridge: float = 0.02
    """How far a phrase may be wrong about itself: more is smoother."""


@dataclass(frozen=True)
class Phrases:
    """What is learned from: phrase, vector and intent in the same order, and the group of each phrase."""

    texts: Sequence[str]
    vectors: Floats
    intents: npt.NDArray[np.int64]
    names: List[str]
    """The intents by their number."""
    groups: Sequence[str]
    """Phrases of one group (one language) are held out in the same proportion."""

    def only(self, chosen: npt.NDArray[np.bool_]) -> Phrases:
        """The chosen phrases."""
        places = np.flatnonzero(chosen)
        texts, groups = [self.texts[place] for place in places], [self.groups[place] for place in places]
        return Phrases(texts, self.vectors[places], self.intents[places], self.names, groups)


@dataclass(frozen=True)
class Model:
    """Everything that is needed to understand a message, as plain arrays."""

    names: List[str]
    meaning: MeaningModel
    letters: LettersModel
    trust: tuple[float, float]
    """What a score of meaning and a log chance of letters weigh."""
    notes: Dict[str, float] = field(default_factory=dict)
    """What was measured while learning."""

    def chances(self, texts: Sequence[str], vectors: Floats) -> tuple[Floats, Floats]:
        """Chance of each intent for each text, and how similar the most similar phrase is."""
        scores, likeness = self.meaning.scores(vectors)
        by_letters = np.stack([self.letters.log_chances(text) for text in texts])
        return np.exp(joined(scores, by_letters, self.trust)), likeness

    def save(self, folder: Path) -> None:
        """Write the model: arrays without pickle, and the rest as JSON."""
        arrays = {f"meaning_{key}": getattr(self.meaning, key) for key in ("centre", "vectors", "weights", "share")}
        arrays |= {f"letters_{key}": getattr(self.letters, key) for key in ("buckets", "rarity", "weights", "bias")}
        np.savez(folder / ARRAYS, **arrays)
        notes = {
            "version": VERSION,
            "names": self.names,
            "width": self.meaning.width,
            "trust": list(self.trust),
            "notes": self.notes,
        }
        (folder / NOTES).write_text(json.dumps(notes, indent=1, sort_keys=True), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Model:
        """Read what :meth:`save` wrote.

        Raises:
            ValueError: the files are of another version or do not fit together.
        """
        notes = json.loads((folder / NOTES).read_text(encoding="utf-8"))
        if notes.get("version") != VERSION:
            raise ValueError("The model was made by another version of this classifier: train again.")
        with np.load(folder / ARRAYS, allow_pickle=False) as file:
            arrays = {key: file[key] for key in file.files}
        meaning = {key: arrays[f"meaning_{key}"] for key in ("centre", "vectors", "weights", "share")}
        letters = {key: arrays[f"letters_{key}"] for key in ("buckets", "rarity", "weights", "bias")}
        if meaning["weights"].shape[1] != len(notes["names"]) or letters["weights"].shape[1] != len(notes["names"]):
            raise ValueError("The model's arrays do not fit its list of intents: train again.")
        first, second = notes["trust"]
        return cls(
            notes["names"],
            MeaningModel(**meaning, width=notes["width"]),
            LettersModel(**letters),
            (first, second),
            notes["notes"],
        )


def learn(phrases: Phrases, settings: Settings) -> Model:
    """Learn the two models, and how much to trust each."""
    out = held_out(phrases)
    draft = _learned(phrases.only(~out), settings, (1.0, 1.0))
    unseen = phrases.only(out)
    scores, _ = draft.meaning.scores(unseen.vectors)
    by_letters = np.stack([draft.letters.log_chances(text) for text in unseen.texts])
    trust = fitted_trust(scores, by_letters, unseen.intents)
    right = joined(scores, by_letters, trust).argmax(axis=1) == unseen.intents
    made = _learned(phrases, settings, trust)
    notes = {"phrases": len(phrases.texts), "held_out": len(unseen.texts), "held_out_right": float(right.mean())}
    return Model(made.names, made.meaning, made.letters, trust, notes)


def _learned(phrases: Phrases, settings: Settings, trust: tuple[float, float]) -> Model:
    kinds = len(phrases.names)
    meaning = fit_meaning(phrases.vectors, phrases.intents, kinds, settings.width, settings.ridge)
    return Model(phrases.names, meaning, fit_letters(phrases.texts, phrases.intents, kinds), trust)


def held_out(phrases: Phrases) -> npt.NDArray[np.bool_]:
    """Every fifth phrase of each intent in each group, always the same ones."""
    seen: Dict[object, int] = {}
    chosen = np.zeros(len(phrases.texts), dtype=bool)
    for place, kind in enumerate(zip(phrases.groups, phrases.intents.tolist(), strict=True)):
        seen[kind] = seen.get(kind, 0) + 1
        chosen[place] = seen[kind] % _HELD_OUT == 0
    return chosen


def joined(scores: Floats, by_letters: Floats, trust: tuple[float, float]) -> Floats:
    """The logarithms of the chances: both models' words, weighed, brought to a sum of 1."""
    total = trust[0] * scores + trust[1] * by_letters
    total = total - total.max(axis=1, keepdims=True)
    told: Floats = (total - np.log(np.exp(total).sum(axis=1, keepdims=True))).astype(np.float32)
    return told


def fitted_trust(scores: Floats, by_letters: Floats, intents: npt.NDArray[np.int64]) -> tuple[float, float]:
    """The two weights under which the true intents of unseen phrases are least surprising."""
    rows = np.arange(len(intents))

    def surprise(weights: npt.NDArray[np.float64]) -> float:
        first, second = np.exp(weights)
        return -float(joined(scores, by_letters, (first, second))[rows, intents].mean())

    if not len(intents):
        return 10.0, 0.4
    found = optimize.minimize(surprise, np.log([10.0, 0.4]), method="Nelder-Mead", options={"maxiter": 200})
    first, second = np.exp(found.x)
    return float(first), float(second)
