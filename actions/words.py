"""The mentor's own words: gettext catalogues `locales/<language>.po`, with English behind every other language.

Message ids are keys (``menu.title``), the English wording stands in ``en.po`` like that of any other language, so a
translator never touches Python. Values are filled in with ``{name}`` placeholders.
"""

import gettext
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import structlog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALES = Path(__file__).resolve().parent.parent / "locales"
SOURCE = "en"
EVERY_SECONDS = 2.0

log = structlog.get_logger(__name__)


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
        catalogue = read_po(source, locale=path.stem, abort_invalid=True)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


class Locales:
    """All catalogues of a folder; what translators save is taken in within seconds.

    A file that is broken or has lost a key is logged and does not replace the one before.
    """

    def __init__(self, folder: Path = LOCALES, clock: Callable[[], float] = monotonic) -> None:
        self._folder = folder
        self._clock = clock
        self._stamps = self._look()
        self._catalogues = {path.stem: read_catalogue(path) for path in self._stamps}
        self._looked_at = clock()
        if SOURCE not in self._catalogues:
            raise FileNotFoundError(f"{folder}/{SOURCE}.po is missing: every other language falls back on it.")

    def languages(self) -> list[str]:
        """Codes of the languages that have a catalogue."""
        return sorted(self._catalogues)

    def words(self, language: str) -> Words:
        """The words of `language`, with English behind them."""
        if self._clock() - self._looked_at >= EVERY_SECONDS:
            self._take_in()
        own = self._catalogues.get(language)
        source = self._catalogues[SOURCE]
        chain = (source,) if own is None or own is source else (own, source)
        return Words(language, chain)

    def _look(self) -> dict[Path, tuple[int, int]]:
        found = {}
        for path in sorted(self._folder.glob("*.po")):
            status = path.stat()
            found[path] = (status.st_mtime_ns, status.st_size)
        return found

    def _take_in(self) -> None:
        """Read what has changed since the last look; a file that is gone leaves its words where they are."""
        self._looked_at = self._clock()
        try:
            stamps = self._look()
        except OSError:
            return  # An editor's tool moves files about: the next look sees.
        for path, stamp in stamps.items():
            if self._stamps.get(path) == stamp:
                continue
            self._stamps[path] = stamp
            try:
                fresh = read_catalogue(path)
            except Exception as error:
                log.error("words_not_read", action="words_read", path=path.name, reason=type(error).__name__)
                continue
            known = self._catalogues.get(path.stem)
            if known is not None and (lost := _keys(known) - _keys(fresh)):
                log.error("words_lost", action="words_read", path=path.name, keys=sorted(lost)[:5])
                continue
            self._catalogues[path.stem] = fresh
            log.info("words_read", action="words_read", path=path.name)


def _keys(catalogue: gettext.GNUTranslations) -> set[str]:
    """The keys that have a wording; of plural entries the key alone."""
    held: Mapping[object, object] = catalogue._catalog  # type: ignore[attr-defined]  # gettext has no public view
    return {key[0] if isinstance(key, tuple) else str(key) for key in held}
