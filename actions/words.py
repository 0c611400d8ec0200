"""The mentor's own words: gettext catalogues `locales/<language>.po`, with English behind every other language.

Message ids are keys (``menu.title``), the English wording stands in ``en.po`` like that of any other language, so a
translator never touches Python. Values are filled in with ``{name}`` placeholders.
"""

import gettext
import io
from dataclasses import dataclass
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALES = Path(__file__).resolve().parent.parent / "locales"
SOURCE = "en"


class MissingWord(KeyError):
    """No catalogue has this key, not even the English one: a mistake in the code, found by `mentor check`."""


@dataclass(frozen=True)
class Words:
    """The words of one language."""

    language: str
    catalogues: tuple[gettext.GNUTranslations, ...]
    """Best first: the language's own, then English."""

    def has(self, key: str) -> bool:
        """True if the language itself has a wording for `key`."""
        return self.catalogues[0].gettext(key) != key

    def say(self, key: str, /, **values: object) -> str:
        """The wording of `key` with `values` filled in.

        Raises:
            MissingWord: no catalogue has the key.
        """
        for catalogue in self.catalogues:
            text = catalogue.gettext(key)
            if text != key:
                return text.format(**values) if values else text
        raise MissingWord(key)

    def count(self, key: str, number: int, /, **values: object) -> str:
        """The wording of `key` in the plural form for `number`, which fills ``{n}``.

        Raises:
            MissingWord: no catalogue has the key.
        """
        for catalogue in self.catalogues:
            text = catalogue.ngettext(key, key, number)
            if text != key:
                return text.format(n=number, **values)
        raise MissingWord(key)


def read_catalogue(path: Path) -> gettext.GNUTranslations:
    """Read one `.po` file as a gettext catalogue, without a compiled file beside it."""
    with path.open("rb") as source:
        catalogue = read_po(source, locale=path.stem)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


class Locales:
    """All catalogues of a folder, read once."""

    def __init__(self, folder: Path = LOCALES) -> None:
        self._catalogues = {path.stem: read_catalogue(path) for path in sorted(folder.glob("*.po"))}
        if SOURCE not in self._catalogues:
            raise FileNotFoundError(f"{folder}/{SOURCE}.po is missing: every other language falls back on it.")

    def languages(self) -> list[str]:
        """Codes of the languages that have a catalogue."""
        return sorted(self._catalogues)

    def words(self, language: str) -> Words:
        """The words of `language`, with English behind them."""
        own = self._catalogues.get(language)
        source = self._catalogues[SOURCE]
        chain = (source,) if own is None or own is source else (own, source)
        return Words(language, chain)
