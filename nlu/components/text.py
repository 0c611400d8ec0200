"""What all parts of the pipeline agree on about a text: what is left of it, and how it compares.

Everything here is linear in the length of the text, never raises on any string, and looks at no more than
:data:`LIMIT` characters of it.
"""

import re
import unicodedata

LIMIT = 600
"""Characters of a message that are understood: of a longer one its first and last half of this number.
A long story says at its start what it is about and at its end what it asks; every further character costs time."""

_TAG = re.compile(r"<[^<>]{0,200}>")
_LINK = re.compile(r"(?:https?://|www\.)\S{1,2000}", re.IGNORECASE)
_MAIL = re.compile(r"\S{1,64}@\S{1,64}\.\S{1,24}")
_LETTERS_THAT_DO_NOT_DECOMPOSE = str.maketrans(
    {"ø": "o", "đ": "d", "ł": "l", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i", "ς": "σ", "þ": "th", "ð": "d"}
)


def shortened(text: str, limit: int = LIMIT) -> str:
    """`text` itself, or its first and its last half of `limit` characters."""
    if len(text) <= limit:
        return text
    half = limit // 2
    return f"{text[:half]} {text[-half:]}"


def cleaned(text: str) -> str:
    """What a person may have meant by `text`: no markup, links or addresses, no invisible characters, one line.

    Lone surrogates and NUL, which neither the encoder nor a database can take, go as well.
    """
    text = shortened(text, 4 * LIMIT)
    text = "".join(" " if unicodedata.category(sign)[0] in "ZC" else sign for sign in _without_joiners(text))
    text = _MAIL.sub(" ", _LINK.sub(" ", _TAG.sub(" ", text)))
    return shortened(" ".join(text.split()))


def _without_joiners(text: str) -> str:
    """Zero-width characters and direction marks stand inside words: they vanish, they do not split."""
    return "".join(sign for sign in text if unicodedata.category(sign) != "Cf")


def folded(text: str) -> str:
    """Small letters without diacritics, in their plainest form: the same for `Žiro` and `ziro`."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(sign for sign in parts if not unicodedata.combining(sign))
    return plain.translate(_LETTERS_THAT_DO_NOT_DECOMPOSE)


def normalised(text: str) -> str:
    """The form in which a message is compared with the phrases word for word: folded, letters and digits only."""
    return " ".join("".join(sign if sign.isalnum() else " " for sign in folded(cleaned(text))).split())


def letters(text: str) -> int:
    """How many letters `text` has."""
    return sum(sign.isalpha() for sign in text)
