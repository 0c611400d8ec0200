"""The classifier as plain arrays: how it is learned, calibrated and kept.

How sure to be is learned on phrases that the model has not seen: one part of the phrases is held out, one number (a
temperature: Guo et al. 2017) is fitted on it, and the model is learned again on all.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Dict, List, Sequence, Tuple

import numpy as np
import numpy.typing as npt
from scipy import optimize, special

from nlu.components.kernel import Settings, faded, solved
from nlu.components.letters import Spelling, spelling
from nlu.components.meaning import Viewpoint, viewpoint

Floats = npt.NDArray[np.float32]
ARRAYS, NOTES = "classifier.npz", "classifier.json"
VERSION = 3
STANDARD = 10.0
"""The temperature where there are too few phrases to fit it."""
ENOUGH = 8000
"""Phrases that are enough to fit the temperature: of more, every language and intent gives its share of so many."""
_HELD_OUT = 5
"""One phrase in so many is held out to fit the temperature."""


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
    """Everything that is needed to understand a message."""

    names: List[str]
    view: Viewpoint
    points: Floats
    """The phrases as they are seen from there."""
    votes: Floats
    """What each phrase says about each intent."""
    spelling: Spelling
    weights: npt.NDArray[np.float16]
    """What each string of letters says about each intent."""
    share: Floats
    """How common each intent is among the phrases."""
    width: float
    temperature: float
    """What a score of 1 is worth as a logarithm of chances."""
    notes: Dict[str, float] = field(default_factory=dict)
    """What was measured while learning."""

    def scores(self, texts: Sequence[str], vectors: Floats) -> Tuple[Floats, Floats]:
        """For each text: a score per intent (about 1 for a sure one, about 0 for the others), and how similar in
        meaning the most similar phrase is (1 for the same, about 0 for unrelated)."""
        cosines = self.view.points(vectors) @ self.points.T
        likeness = cosines.max(axis=1)
        scores = faded(cosines, self.width) @ self.votes + self.share
        for row, text in enumerate(texts):
            places, values = self.spelling.features(text)
            scores[row] += values @ self.weights[places].astype(np.float32)
        return scores, likeness

    def chances(self, texts: Sequence[str], vectors: Floats) -> Tuple[Floats, Floats]:
        """Chance of each intent for each text, and how similar the most similar phrase is."""
        scores, likeness = self.scores(texts, vectors)
        return np.exp(calibrated(scores, self.temperature)), likeness

    def save(self, folder: Path) -> None:
        """Write the model: arrays without pickle, and the rest as JSON."""
        arrays: Dict[str, npt.NDArray[Any]] = {
            "centre": self.view.centre,
            "apart": self.view.apart,
            "points": self.points.astype(np.float16),
            "votes": self.votes,
            "buckets": self.spelling.buckets,
            "rarity": self.spelling.rarity,
            "weights": self.weights,
            "share": self.share,
        }
        np.savez(folder / ARRAYS, **arrays)
        notes = {"version": VERSION, "names": self.names, "notes": self.notes}
        notes |= {"width": self.width, "temperature": self.temperature}
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
        names = notes["names"]
        if arrays["votes"].shape != (len(arrays["points"]), len(names)) or arrays["weights"].shape[1] != len(names):
            raise ValueError("The model's arrays do not fit its list of intents: train again.")
        return cls(
            names,
            Viewpoint(arrays["centre"], arrays["apart"]),
            arrays["points"].astype(np.float32),
            arrays["votes"],
            Spelling(arrays["buckets"], arrays["rarity"]),
            arrays["weights"],
            arrays["share"],
            notes["width"],
            notes["temperature"],
            notes["notes"],
        )


def learn(phrases: Phrases, settings: Settings) -> Model:
    """Learn the votes of the phrases, and how sure to be.

    Raises:
        ValueError: there are fewer than three intents.
    """
    if len(phrases.names) < 3:
        raise ValueError("There are fewer than three intents in the phrases: nothing to tell apart.")
    temperature, right = _temperature(some_of(phrases, ENOUGH), settings)
    notes = {"phrases": float(len(phrases.texts)), "held_out_right": right}
    return fitted(phrases, settings, temperature, notes)


def fitted(phrases: Phrases, settings: Settings, temperature: float, notes: Dict[str, float]) -> Model:
    """The model with a temperature that is known."""
    view = viewpoint(phrases.vectors, phrases.groups)
    # Half precision is what the model file holds: learn from what is served.
    points = view.points(phrases.vectors).astype(np.float16).astype(np.float32)
    known, letters = spelling(phrases.texts)
    wanted = np.eye(len(phrases.names), dtype=np.float32)[phrases.intents]
    share = wanted.mean(axis=0)
    votes = solved(points, letters, wanted - share, settings)
    weights = (settings.letters * (letters.T @ votes)).astype(np.float16)
    return Model(phrases.names, view, points, votes, known, weights, share, settings.width, temperature, notes)


def _temperature(phrases: Phrases, settings: Settings) -> Tuple[float, float]:
    """The temperature, and the share of held-out phrases that were understood."""
    out = held_out(phrases)
    if not out.any():
        return STANDARD, 0.0
    unseen = phrases.only(out)
    scores, _ = fitted(phrases.only(~out), settings, STANDARD, {}).scores(unseen.texts, unseen.vectors)
    return fitted_temperature(scores, unseen.intents), float((scores.argmax(axis=1) == unseen.intents).mean())


def some_of(phrases: Phrases, most: int) -> Phrases:
    """About `most` phrases, evenly of each intent in each group; all of them if there are no more."""
    if len(phrases.texts) <= most:
        return phrases
    order = np.lexsort((phrases.intents, np.unique(phrases.groups, return_inverse=True)[1]))
    chosen = np.zeros(len(order), dtype=bool)
    chosen[order[np.linspace(0, len(order) - 1, most).astype(int)]] = True
    return phrases.only(chosen)


def held_out(phrases: Phrases) -> npt.NDArray[np.bool_]:
    """Every fifth phrase of each intent in each group, always the same ones."""
    seen: Dict[object, int] = {}
    chosen = np.zeros(len(phrases.texts), dtype=bool)
    for place, kind in enumerate(zip(phrases.groups, phrases.intents.tolist(), strict=True)):
        seen[kind] = seen.get(kind, 0) + 1
        chosen[place] = seen[kind] % _HELD_OUT == 0
    return chosen


def calibrated(scores: Floats, temperature: float) -> Floats:
    """The logarithms of the chances."""
    told: Floats = special.log_softmax(temperature * scores, axis=1).astype(np.float32)
    return told


def fitted_temperature(scores: Floats, intents: npt.NDArray[np.int64]) -> float:
    """The temperature under which the true intents of unseen phrases are least surprising."""
    rows = np.arange(len(intents))

    def surprise(logarithm: float) -> float:
        return -float(calibrated(scores, float(np.exp(logarithm)))[rows, intents].mean())

    if not len(intents):
        return STANDARD
    found = optimize.minimize_scalar(surprise, bounds=(0.0, 4.0), method="bounded")
    return float(np.exp(found.x))
