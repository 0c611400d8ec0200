"""Phrases that say the same: under two intents, twice, in another order, or in training and held out."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from actions.guides.faults import Fault
from tools.check.phrases import Phrase

if TYPE_CHECKING:
    from tools.check.content import Content

FEWEST_WORDS = 3
"""With fewer words another order is another phrase."""


def normal(text: str) -> str:
    """A phrase as the model sees it: small letters without accents, no punctuation."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    # What is nothing but signs ("?!", a thumb) stays as it is.
    return " ".join(re.findall(r"\w+", bare)) or text


def bag(text: str) -> str:
    """The words of a phrase in alphabetical order, or "" if there are too few to tell."""
    words = sorted(normal(text).split())
    return " ".join(words) if len(words) >= FEWEST_WORDS else ""


def _grouped(phrases: Iterable[Phrase], key: Callable[[str], str]) -> dict[tuple[str, str], list[Phrase]]:
    """The phrases by language and key; those without a key are left out."""
    groups: dict[tuple[str, str], list[Phrase]] = {}
    for phrase in phrases:
        groups.setdefault((phrase.language, key(phrase.text)), []).append(phrase)
    return {found: group for found, group in groups.items() if found[1]}


def check_duplicates(content: "Content") -> list[Fault]:
    """The same phrase twice: an error under two intents, a waste under one."""
    faults = []
    for first, *others in _grouped(content.phrases.all, normal).values():
        for other in others:
            where = f"{first.path}:{first.line}"
            if other.intent != first.intent:
                problem = f"`{other.text}` stands under {other.intent} and, in {where}, under {first.intent}"
                faults.append(Fault(other.path, other.line, problem, "keep it where it belongs"))
            else:
                problem = f"`{other.text}` stands twice, also in {where}"
                faults.append(Fault(other.path, other.line, problem, "keep one", "warning"))
    return faults


def check_near_duplicates(content: "Content") -> list[Fault]:
    """The same words in another order."""
    faults = []
    for first, *others in _grouped(content.phrases.all, bag).values():
        for other in others:
            if normal(other.text) != normal(first.text):
                problem = f"`{other.text}` has the same words as {first.path}:{first.line} ({first.intent})"
                faults.append(Fault(other.path, other.line, problem, "say one of them differently", "warning"))
    return faults


def check_held_out(content: "Content") -> list[Fault]:
    """No held-out phrase is trained: it would test nothing."""
    trained = {(phrase.language, normal(phrase.text)): phrase for phrase in reversed(content.phrases.all)}
    faults = []
    for phrase in content.held_out.all:
        twin = trained.get((phrase.language, normal(phrase.text)))
        if twin:
            problem = f"the held-out phrase `{phrase.text}` is also trained, in {twin.path}:{twin.line}"
            faults.append(Fault(phrase.path, phrase.line, problem, "remove one of the two"))
    return faults
