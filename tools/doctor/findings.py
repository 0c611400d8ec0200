"""What the doctor finds."""

from dataclasses import dataclass
from enum import IntEnum

from tools.errors import Stop


class Grade(IntEnum):
    """How bad it is."""

    FINE = 0
    NOTE = 1
    """Works, and should be looked at."""
    WRONG = 2
    """People notice it, or will soon."""


@dataclass(frozen=True)
class Finding:
    """One thing looked at."""

    grade: Grade
    about: str
    """The part, in one word."""
    said: str
    """How it is, in a sentence."""
    advice: str = ""
    """What to do."""


class Noted(Stop):
    """The doctor found something to look at."""

    exit_code = 13


class Ill(Stop):
    """The doctor found something that people notice."""

    exit_code = 14


def fine(about: str, said: str) -> Finding:
    """All is well."""
    return Finding(Grade.FINE, about, said)


def note(about: str, said: str, advice: str) -> Finding:
    """To be looked at."""
    return Finding(Grade.NOTE, about, said, advice)


def wrong(about: str, said: str, advice: str) -> Finding:
    """To be mended."""
    return Finding(Grade.WRONG, about, said, advice)
