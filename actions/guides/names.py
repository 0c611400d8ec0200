"""Names of months and countries as a language writes them."""

from datetime import date
from functools import cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton

from actions.guides.model import SOURCE


@cache
def _locale(language: str) -> Locale:
    try:
        return Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        return Locale.parse(SOURCE)


def month_of(day: date, language: str) -> str:
    """Month and year of `day`, as in "November 2026"."""
    return str(format_skeleton("yMMMM", day, locale=_locale(language)))


def day_of(day: date, language: str) -> str:
    """Weekday and date of `day`, as in "Tuesday, 1 December 2026"."""
    # English here is Europe's: day before month.
    return str(format_date(day, "full", locale=Locale("en", "GB") if language == SOURCE else _locale(language)))


def country_name(code: str, language: str) -> str:
    """The country `code` (ISO 3166-1) in the words of `language`; the code itself if it has no name."""
    return str(_locale(language).territories.get(code, code))
