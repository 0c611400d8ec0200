"""Enough phrases for every intent, in the languages that claim to be complete."""

from collections import Counter
from typing import TYPE_CHECKING

from actions.guides.faults import Fault, Severity

if TYPE_CHECKING:
    from tools.check.content import Content

FEWEST_GUIDE = 20
FEWEST_TALK = 10
"""Phrases an intent needs, for a guide and for talk."""


def fewest(content: "Content", intent: str) -> int:
    """How many phrases `intent` needs."""
    return FEWEST_GUIDE if intent in content.guide_intents else FEWEST_TALK


def check_amounts(content: "Content") -> list[Fault]:
    """An error in complete languages, a warning in started ones, nothing in planned ones."""
    faults = []
    counted = Counter((phrase.language, phrase.intent) for phrase in content.phrases.all)
    for language in content.languages:
        if language.level == "planned":
            continue
        severity: Severity = "error" if language.level == "complete" else "warning"
        for intent in content.trained_intents:
            count, needed = counted[language.code, intent], fewest(content, intent)
            if count >= needed:
                continue
            guide = content.guide_intents.get(intent)
            home = (f"nlu/{language.code}/{guide.area if guide else 'talk'}.yml", 1)
            path, line = content.phrases.intents.get((language.code, intent), home)
            problem = f"{intent} has {count} phrases in {language.name}"
            faults.append(Fault(path, line, problem, f"write at least {needed}", severity))
    return faults
