"""The library as files change: looked after on request, never more often than every few seconds."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from time import monotonic

import structlog

from actions.guides.faults import Fault
from actions.guides.files import Readings, read_all
from actions.guides.languages import Language, read_languages
from actions.guides.library import LANGUAGES, Library, faults_of

EVERY_SECONDS = 2.0

log = structlog.get_logger(__name__)


def _today() -> date:
    return datetime.now(UTC).date()


class Shelf:
    """Holds the library of a folder and takes in what editors change, file by file.

    A change that is broken is logged with path and line, and the version before it stays.

    Raises:
        Unreadable: on making one, when `languages.yml` is broken.
    """

    def __init__(
        self,
        root: Path,
        languages: tuple[Language, ...] | None = None,
        clock: Callable[[], float] = monotonic,
        today: Callable[[], date] = _today,
    ) -> None:
        self._root = root
        self._languages = languages or read_languages(root.parent / LANGUAGES)
        self._clock = clock
        self._today = today
        self._readings: Readings = {}
        self._known: set[Fault] = set()
        self._library = self._take_in()
        self._looked_at = clock()

    @property
    def faults(self) -> list[Fault]:
        """What is wrong in the files as they are now."""
        return sorted(self._known)

    def library(self) -> Library:
        """The library as of now, or of at most two seconds ago. A look at unchanged files costs a few milliseconds."""
        now = self._clock()
        if now - self._looked_at >= EVERY_SECONDS:
            self._looked_at = now
            try:
                self._library = self._take_in()
            except OSError as error:
                # An editor's tool may move folders about while we look: the old library serves, the next look sees.
                log.warning("guides_not_seen", action="guides_look", reason=error.strerror)
        return self._library

    def _take_in(self) -> Library:
        readings = read_all(self._root, self._languages, self._readings)
        if self._readings and readings == self._readings:
            return self._library
        faults = set(faults_of(self._root, readings, self._languages, self._today()))
        for fault in sorted(faults - self._known):
            level = log.error if fault.severity == "error" else log.debug
            level(
                "guide_fault",
                action="guides_fault",
                path=fault.path,
                line=fault.line,
                problem=fault.problem,
                cure=fault.cure,
            )
        changed = [path for path, reading in readings.items() if self._readings.get(path) is not reading]
        log.info("guides_read", action="guides_read", files=len(readings), changed=len(changed), faults=len(faults))
        self._readings, self._known = readings, faults
        return Library.of(readings)
