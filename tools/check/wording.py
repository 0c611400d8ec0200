"""What a phrase may hold: the right letters, nobody's personal data, nothing that Rasa reads as markup."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from actions.guides.faults import Fault
from tools.check.phrases import Phrase

if TYPE_CHECKING:
    from tools.check.content import Content

SCRIPTS = {"el": "GREEK", "bg": "CYRILLIC"}
"""Languages that are not written in Latin letters. Latin words in them are usual, and so is typing in Latin letters."""
OTHERS = ("GREEK", "CYRILLIC", "LATIN")
EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
PHONE = re.compile(r"(?<![\w.,])\+?\d[\d ()/.-]{5,}\d(?!\w)")
IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b")
DATE = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{2,4}")
INVENTED = ("@example.com", "@example.org", "@example.net")


@lru_cache(maxsize=4096)
def script_of(letter: str) -> str:
    """GREEK, CYRILLIC, LATIN, or "" for everything else."""
    name = unicodedata.name(letter, "") if letter.isalpha() else ""
    return next((script for script in OTHERS if name.startswith(script)), "")


def scripts(word: str) -> set[str]:
    """The scripts of a word's letters."""
    return {script_of(letter) for letter in word} - {""}


def wrong_letters(phrase: Phrase) -> str:
    """What is wrong with the letters of a phrase, or ""."""
    if phrase.text.isascii():
        return ""
    own = SCRIPTS.get(phrase.language, "LATIN")
    foreign = scripts(phrase.text) - {own, "LATIN"}
    if foreign:
        return f"{foreign.pop().capitalize()} letters in a phrase of {phrase.language}"
    mixed = next((word for word in re.findall(r"\w+", phrase.text) if len(scripts(word)) > 1), "")
    return f"`{mixed}` mixes {own.capitalize()} and Latin letters" if mixed else ""


def personal_data(text: str) -> str:
    """What looks like someone's personal data in a text, or ""."""
    address = EMAIL.search(text)
    if address and not address.group().endswith(INVENTED):
        return "an e-mail address"
    if IBAN.search(text):
        return "an account number"
    numbers = (found.group() for found in PHONE.finditer(DATE.sub("", text)))
    return "a phone number" if any(sum(map(str.isdigit, number)) >= 8 for number in numbers) else ""


def _faults_of(phrase: Phrase) -> Iterator[tuple[str, str]]:
    """Problems and cures of one phrase."""
    letters = wrong_letters(phrase)
    if letters:
        yield letters, "write the word in one alphabet, or move the phrase to its language"
    private = personal_data(phrase.text)
    if private:
        yield f"the phrase holds {private}", "replace it by something invented (name@example.com) or leave it out"
    if "[" in phrase.text or "]" in phrase.text:
        yield "Rasa reads square brackets as an entity", "use round ones or none"
    if phrase.text.startswith(("/", "EXTERNAL:")):
        yield "Rasa reads this beginning as a command", "leave it out"


def check_wording(content: "Content") -> list[Fault]:
    """Each phrase by itself, in training and held out."""
    return [
        Fault(phrase.path, phrase.line, problem, cure)
        for phrase in (*content.phrases.all, *content.held_out.all)
        for problem, cure in _faults_of(phrase)
    ]
