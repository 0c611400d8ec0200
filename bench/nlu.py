"""`python -m bench.nlu [--picture FILE]`: how well the model understands the exam of `tests/nlu/`, and how fast.

Starts the real Rasa with the model of `models/current.json` and asks its `/model/parse`. Of phrases that want a
guide: *answered* right (that guide on top), *offered* right (unsure, but the guide is among the first three), *misled*
(another guide on top). Of phrases that are out of scope: how many got a guide all the same. The picture shows which
intents are taken for which.
"""

import argparse
import json
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import yaml

from bench.confusion import draw
from bench.figures import calibration_error, resident_bytes
from tests.rasa.processes import ROOT, TOKEN, Server, free_port, rasa_server

EXAM = ROOT / "tests/nlu"
FALLBACK = "nlu_fallback"
OUT_OF_SCOPE = "out_of_scope"
OFFERED = 3


@dataclass
class Score:
    """Counts of one language."""

    guides: int = 0
    top1: int = 0
    top3: int = 0
    answered: int = 0
    offered: int = 0
    misled: int = 0
    scope: int = 0
    scope_with_guide: int = 0
    human: int = 0
    human_understood: int = 0
    talk: int = 0
    talk_understood: int = 0
    seconds: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    """The phrases that misled, for whoever wants to mend the training data (never by moving them there)."""
    taken: Counter[tuple[str, str]] = field(default_factory=Counter)
    """What was meant, and what was thought the likeliest."""
    sure: list[tuple[float, bool]] = field(default_factory=list)
    """Confidence of the likeliest intent, and whether it was right."""

    def rates(self) -> dict[str, float]:
        """All counts as shares."""
        guides, scope, human, talk = (max(1, count) for count in (self.guides, self.scope, self.human, self.talk))
        return {
            "top1": self.top1 / guides,
            "top3": self.top3 / guides,
            "answered": self.answered / guides,
            "served": (self.answered + self.offered) / guides,
            "misled": self.misled / guides,
            "scope_with_guide": self.scope_with_guide / scope,
            "human": self.human_understood / human,
            "talk": self.talk_understood / talk,
        }


def phrases(language: str) -> list[tuple[str, str]]:
    """(intent, phrase) of all exam files of a language."""
    found: list[tuple[str, str]] = []
    for path in sorted((EXAM / language).glob("*.yml")):
        for entry in yaml.safe_load(path.read_text("utf-8"))["nlu"]:
            lines = [line.strip() for line in entry["examples"].splitlines()]
            found += [(entry["intent"], line.removeprefix("- ")) for line in lines if line]
    return found


def examine(server: Server, language: str) -> Score:
    """Ask the model all phrases of a language."""
    score = Score()
    with httpx.Client(base_url=f"http://127.0.0.1:{server.port}", timeout=30) as client:
        for intent, text in phrases(language):
            began = time.perf_counter()
            answer = client.post("/model/parse", params={"token": TOKEN}, json={"text": text}).json()
            score.seconds.append(time.perf_counter() - began)
            ranking = [one for one in answer["intent_ranking"] if one["name"] != FALLBACK]
            mark(score, intent, text, answer["intent"]["name"], [one["name"] for one in ranking])
            if ranking:
                score.taken[intent, ranking[0]["name"]] += 1
                score.sure.append((ranking[0]["confidence"], ranking[0]["name"] == intent))
    return score


def together(scores: Sequence[Score]) -> Score:
    """The counts of several languages as one."""
    whole = Score()
    for score in scores:
        for name, value in vars(score).items():
            if isinstance(value, Counter):
                getattr(whole, name).update(value)
            else:
                setattr(whole, name, getattr(whole, name) + value)
    return whole


def mark(score: Score, intent: str, text: str, said: str, ranking: list[str]) -> None:
    """Count one phrase: `said` is the model's decision, `ranking` its candidates without the fallback."""
    guide = said.startswith("guide_")
    if intent.startswith("guide_"):
        score.guides += 1
        score.top1 += ranking[:1] == [intent]
        score.top3 += intent in ranking[:OFFERED]
        score.answered += said == intent
        score.offered += said == FALLBACK and intent in [one for one in ranking if one.startswith("guide_")][:OFFERED]
        if guide and said != intent:
            score.misled += 1
            score.wrong.append(f"{intent} taken for {said}: {text}")
    elif intent == OUT_OF_SCOPE:
        score.scope += 1
        score.scope_with_guide += guide
    elif intent == "ask_human":
        score.human += 1
        score.human_understood += said == intent
    else:
        score.talk += 1
        score.talk_understood += said == intent


def trained_server(folder: Path) -> Server:
    """Rasa with the newest model, not started yet."""
    current = json.loads((ROOT / "models/current.json").read_text("utf-8"))
    model = ROOT / "models" / current["file"]
    return rasa_server(model, folder / "rasa.log", f"sqlite:///{folder}/tracker.db", free_port())


def row(name: str, score: Score) -> str:
    """A line of the table."""
    rates = " | ".join(f"{rate:.1%}" for rate in score.rates().values())
    return f"| {name} | {score.guides} | {rates} | {calibration_error(score.sure):.3f} |"


def by_intent(taken: Counter[tuple[str, str]]) -> list[str]:
    """A line for each guide that is not always recognised, the weakest first."""
    lines = []
    for intent in sorted({meant for meant, _ in taken if meant.startswith("guide_")}):
        mine = Counter({thought: count for (meant, thought), count in taken.items() if meant == intent})
        others = ", ".join(f"{thought} {count}" for thought, count in mine.most_common(4) if thought != intent)
        lines.append((mine[intent] / mine.total(), f"| {intent} | {mine[intent] / mine.total():.1%} | {others} |"))
    return [line for rate, line in sorted(lines) if rate < 1]


def report(scores: dict[str, Score], whole: Score, server: Server, training: float) -> None:
    """Print all tables."""
    memory = resident_bytes(server.process.pid) / 1e6 if server.process else 0.0
    print("| language | guides |", " | ".join(whole.rates()), "| calibration error |")
    print("|---" * (len(whole.rates()) + 3) + "|")
    for language, score in scores.items():
        print(row(language, score))
    print(row("all", whole))
    print("\n| guide | recognised | else taken for |\n|---|---|---|")
    print("\n".join(by_intent(whole.taken)))
    whole.seconds.sort()
    at95 = whole.seconds[int(len(whole.seconds) * 0.95)]
    print(f"\nparse p50 {statistics.median(whole.seconds) * 1000:.1f} ms, p95 {at95 * 1000:.1f} ms", end=", ")
    print(f"n={len(whole.seconds)}; training {training:.0f} s; Rasa {memory:.0f} MB\n")
    for language, score in scores.items():
        for line in score.wrong:
            print(f"{language}: {line}")


def main() -> None:
    """Ask everything, print tables, draw the picture."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--picture", type=Path, default=ROOT / "docs/confusion.png")
    given = parser.parse_args()
    training = json.loads((ROOT / "models/current.json").read_text("utf-8"))["seconds"]
    with tempfile.TemporaryDirectory() as name:
        server = trained_server(Path(name))
        server.start()
        try:
            languages = sorted(path.name for path in EXAM.iterdir() if path.is_dir())
            scores = {language: examine(server, language) for language in languages}
            whole = together(list(scores.values()))
            report(scores, whole, server, training)
        finally:
            server.stop()
    draw(whole.taken, given.picture)


if __name__ == "__main__":
    main()
