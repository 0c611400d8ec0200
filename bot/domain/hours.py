"""Good hours: when the mentor may write of its own accord, by the clock and the calendar of the person's country.

All moments are stored in UTC; what is chosen here is a local day and hour, so that a change to summer time moves the
moment and not the hour people see.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

GOOD_HOUR = time(10, 0)
"""Mid-morning: the first work of the day is done, the phone is at hand."""
SATURDAY = 5
LONGEST_BREAK = 21
"""Days that are looked through for a working day; no country has as many holidays in a row."""


@dataclass(frozen=True)
class Country:
    """What decides about hours in a country."""

    zone: str
    earliest: int = 9
    """From this hour on a message disturbs nobody, local time."""
    latest: int = 20
    """From this hour on it does."""


ELSEWHERE = Country("Europe/Brussels")
COUNTRIES = {
    "NO": Country("Europe/Oslo"),
    "FI": Country("Europe/Helsinki"),
    "LV": Country("Europe/Riga"),
    "DE": Country("Europe/Berlin"),
    "PL": Country("Europe/Warsaw"),
    "CZ": Country("Europe/Prague"),
    "GR": Country("Europe/Athens", 10, 21),
    "HR": Country("Europe/Zagreb"),
    "BG": Country("Europe/Sofia"),
    "ES": Country("Europe/Madrid", 10, 21),
    "HU": Country("Europe/Budapest"),
    "IT": Country("Europe/Rome", 9, 21),
}


def _of(country: str) -> Country:
    return COUNTRIES.get(country, ELSEWHERE)


def local_day(moment: datetime, country: str) -> date:
    """The day on the person's calendar."""
    return moment.astimezone(ZoneInfo(_of(country).zone)).date()


def is_quiet(moment: datetime, country: str) -> bool:
    """True while a message would disturb."""
    rules = _of(country)
    hour = moment.astimezone(ZoneInfo(rules.zone)).hour
    return not rules.earliest <= hour < rules.latest


def good_hour(day: date, country: str) -> datetime:
    """Mid-morning of `day`, whatever day it is."""
    rules = _of(country)
    hour = max(GOOD_HOUR, time(rules.earliest, 0))
    return datetime.combine(day, hour, ZoneInfo(rules.zone))


def good_workday(day: date, country: str) -> datetime:
    """Mid-morning of `day`, or of the first day after it that is neither weekend nor public holiday."""
    for later in range(LONGEST_BREAK):
        candidate = day + timedelta(days=later)
        if candidate.weekday() < SATURDAY and not is_holiday(candidate, country):
            return good_hour(candidate, country)
    return good_hour(day, country)


def is_holiday(day: date, country: str) -> bool:
    """True on a public holiday of the whole country."""
    return day in _calendar(country, day.year) if country in COUNTRIES else False


@lru_cache(maxsize=64)
def _calendar(country: str, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays(country, years=year))


def after(now: datetime, country: str, days: int) -> datetime:
    """A reminder for "tomorrow" (1) or "in a week" (7): mid-morning of that day."""
    return good_hour(local_day(now, country) + timedelta(days=days), country)


def next_week(now: datetime, country: str) -> datetime:
    """The next weekly question: a good working day, at least seven days from now."""
    return good_workday(local_day(now, country) + timedelta(days=7), country)


def next_good(now: datetime, country: str) -> datetime:
    """The next good hour for something that is overdue: later today, or tomorrow."""
    today = good_hour(local_day(now, country), country)
    return today if today > now else good_hour(local_day(now, country) + timedelta(days=1), country)
