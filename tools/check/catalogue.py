"""Reading `locales/<language>.po` with the line of every key."""

import io
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from babel.messages.pofile import PoFileError, read_po

from actions.guides.faults import Findings, Unreadable
from actions.guides.source import read_source

_FORMS = re.compile(r'^"Plural-Forms:\s*nplurals\s*=\s*(\d+)', re.MULTILINE)
_LINE = re.compile(r'#.*|((msgctxt|msgid|msgid_plural|msgstr(\[\d\])?)\s+)?"([^"\\]|\\.)*"')
"""A line of gettext: a comment, or a quoted text with or without its keyword."""


@dataclass(frozen=True)
class Entry:
    """One key with its wording."""

    key: str
    line: int
    forms: tuple[str, ...]
    """One text, or one for each plural form; empty texts are missing translations."""
    plural: bool
    fuzzy: bool
    button: bool = False
    """The translators' comment says that people read it on a button."""

    @property
    def complete(self) -> bool:
        """True if nothing is left to translate."""
        return all(self.forms) and not self.fuzzy


@dataclass
class Catalogue:
    """One language's words."""

    path: str
    found: Findings
    entries: dict[str, Entry] = field(default_factory=dict)
    plural_forms: int = 0
    """What the header says; 0 if it says nothing."""


def read_catalogues(root: Path, languages: Iterable[str]) -> dict[str, Catalogue]:
    """Read the locale files that exist."""
    paths = {code: root / "locales" / f"{code}.po" for code in languages}
    return {code: _read(path, code, f"locales/{code}.po") for code, path in paths.items() if path.is_file()}


def _read(path: Path, code: str, shown: str) -> Catalogue:
    catalogue = Catalogue(shown, Findings(shown))
    try:
        source = read_source(path)
        messages = list(read_po(io.StringIO(source), locale=code, abort_invalid=True))
    except Unreadable as fault:
        catalogue.found.unreadable(fault)
        return catalogue
    except PoFileError as error:
        catalogue.found.error(error.lineno + 1, f"this is not gettext: {error}", "compare with the lines around it")
        return catalogue
    header = _FORMS.search(source)
    catalogue.plural_forms = int(header[1]) if header else 0
    for message in messages:
        if not message.id:
            continue
        plural = not isinstance(message.id, str)
        key = message.id if isinstance(message.id, str) else message.id[0]
        texts = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
        forms = tuple(text or "" for text in texts)
        button = any(comment.startswith("Button") for comment in message.auto_comments)
        catalogue.entries[key] = Entry(key, message.lineno or 1, forms, plural, "fuzzy" in message.flags, button)
    _look_at_lines(source, catalogue)
    return catalogue


def _look_at_lines(source: str, catalogue: Catalogue) -> None:
    """What Babel swallows: text outside quotation marks, and two entries with one key (it keeps the last)."""
    seen: dict[str, int] = {}
    for line, text in enumerate(source.split("\n"), 1):
        if text.strip() and not _LINE.fullmatch(text.strip()):
            catalogue.found.error(line, "this line is not gettext", "put the text in quotation marks")
        key = re.match(r'msgid "(.+)"$', text)
        if key and seen.setdefault(key[1], line) != line:
            catalogue.found.error(
                line, f"`{key[1]}` stands here twice", f"keep one (the other is on line {seen[key[1]]})"
            )
