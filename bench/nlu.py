"""`python -m bench.nlu`: how well the trained model understands the exam phrases of `tests/nlu/`, and how fast.

Starts the real Rasa with the model of `models/current.json` and asks its `/model/parse`. Of phrases that want a
guide: *answered* right (that guide on top), *offered* right (unsure, but the guide is among the first three), *misled*
(another guide on top). Of phrases that are out of scope: how many got a guide all the same.
"""

import json
import statistics
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from ruamel.yaml import YAML

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
        for entry in YAML(typ="safe").load(path.read_text("utf-8"))["nlu"]:
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
            ranking = [one["name"] for one in answer["intent_ranking"]]
            mark(score, intent, text, answer["intent"]["name"], [name for name in ranking if name != FALLBACK])
    return score


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


def main() -> None:
    """Print a table, and the phrases that misled."""
    with tempfile.TemporaryDirectory() as name:
        server = trained_server(Path(name))
        server.start()
        try:
            seconds: list[float] = []
            for language in sorted(path.name for path in EXAM.iterdir() if path.is_dir()):
                score = examine(server, language)
                seconds += score.seconds
                shown = "  ".join(f"{key} {value:6.1%}" for key, value in score.rates().items())
                print(f"{language}  guides {score.guides}  {shown}")
                for line in score.wrong:
                    print(f"      {line}")
            seconds.sort()
            at95 = seconds[int(len(seconds) * 0.95)]
            print(f"parse p50 {statistics.median(seconds) * 1000:.1f} ms  p95 {at95 * 1000:.1f} ms  n={len(seconds)}")
        finally:
            server.stop()


if __name__ == "__main__":
    main()
