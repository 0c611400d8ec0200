"""What all parts of the pipeline agree on about a text: what is left of it, and how it compares.

Everything here is linear in the length of the text, never raises on any string, and looks at no more than
:data:`LIMIT` characters of it.
"""

import re
import unicodedata

LIMIT = 600
"""Characters of a message that are understood: of a longer one its first and last half of this number.
A long story says at its start what it is about and at its end what it asks; every further character costs time."""
REPEATED = 3
"""A sign that stands more often in a row than this stands so often: `heeeeelp` is no longer than `heeelp`."""

_MARKUP = (
    re.compile(r"<(script|style)\b[^<>]{0,200}>.{0,2000}?</\1\s{0,9}>", re.IGNORECASE | re.DOTALL),
    re.compile(r"<[^<>]{0,200}>"),
    re.compile(r"(?:https?://|www\.)\S{1,2000}", re.IGNORECASE),
    re.compile(r"\S{1,64}@\S{1,64}\.\S{1,24}"),
    # Paths: ../x, ~/x, C:\x, /etc/x; neither `and/or` nor `km/h`.
    re.compile(r"(?<![\w/\\])(?:(?:\.{1,2}|~|[A-Za-z]:)[/\\]|[/\\](?=[\w.-]{1,64}[/\\]))[^\s]{0,2000}"),
    # Statements of SQL that nobody writes in a sentence, to their end.
    re.compile(
        r"\b(?:drop\s+(?:table|database)\s|union\s+(?:all\s+)?select\s|insert\s+into\s+\S{1,64}\s*(?:\(|values)"
        r"|delete\s+from\s+\w{1,64}\s*(?:;|where\b)|update\s+\w{1,64}\s+set\s+\w{1,64}\s*="
        r"|select\s+(?:\*|[\w.]{1,64}(?:\s*,\s*[\w.*]{1,64}){0,20})\s+from\s+\w{1,64}\s*(?:;|--|where\b|$))[^\n]{0,2000}",
        re.IGNORECASE,
    ),
    # Templates and calls of code: {{x}}, ${x}, <%= x %>.
    re.compile(r"(?:\{\{|\$\{|<%)[^{}]{0,200}(?:\}\}?|%>)"),
)
_AGAIN = re.compile(rf"(.)\1{{{REPEATED},}}", re.DOTALL)
_NO_WORD = re.compile(r"[\W_]+")
_LETTERS_THAT_DO_NOT_DECOMPOSE = str.maketrans(
    {"ø": "o", "đ": "d", "ł": "l", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i", "ς": "σ", "þ": "th", "ð": "d"}
)
_SHOUTED = 8
"""Letters from which on a text in capitals is shouted, and read as if it were not."""


def shortened(text: str, limit: int = LIMIT) -> str:
    """`text` itself, or its first and its last half of `limit` characters."""
    if len(text) <= limit:
        return text
    half = limit // 2
    return f"{text[:half]} {text[-half:]}"


def cleaned(text: str) -> str:
    """What a person may have meant by `text`: no markup, code, links, paths or addresses, no invisible characters, no
    shouting, one line.

    Lone surrogates and NUL, which neither the encoder nor a database can take, go as well.
    """
    text = _visible(shortened(text, 4 * LIMIT))
    for pattern in _MARKUP if not text.replace(" ", "").isalnum() else ():
        text = pattern.sub(" ", text)
    text = shortened(" ".join(_AGAIN.sub(lambda found: found[1] * REPEATED, text).split()))
    return text.lower() if _is_shouted(text) else text


def _visible(text: str) -> str:
    """Controls and separators become spaces; zero-width characters and direction marks vanish: they split no word."""
    if text.isprintable():
        return text
    kinds = ((sign, unicodedata.category(sign)) for sign in text)
    return "".join(" " if kind[0] in "ZC" else sign for sign, kind in kinds if kind != "Cf")


def _is_shouted(text: str) -> bool:
    if text.islower():
        return False
    capitals = sum(sign.isupper() for sign in text)
    return capitals >= _SHOUTED and capitals > 0.7 * letters(text)


def folded(text: str) -> str:
    """Small letters without diacritics, in their plainest form: the same for `Žiro` and `ziro`."""
    text = text.casefold()
    if text.isascii():
        return text
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return plain.translate(_LETTERS_THAT_DO_NOT_DECOMPOSE)


def normalised(text: str) -> str:
    """The form in which a message is compared with the phrases word for word: folded, letters and digits only."""
    return _NO_WORD.sub(" ", folded(cleaned(text))).strip()


def letters(text: str) -> int:
    """How many letters `text` has."""
    return sum(sign.isalpha() for sign in text)


def is_said(text: str) -> bool:
    """True if a cleaned `text` has letters at all, and is not mostly signs and digits: those are nobody's words."""
    spoken = letters(text)
    return spoken > 1 and 2 * spoken >= len(text) - text.count(" ")
