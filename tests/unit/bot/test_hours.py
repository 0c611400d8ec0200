"""Good hours: by the clock and the calendar of the person's country."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain import hours
from bot.languages import read_roster


def utc(*fields: int) -> datetime:
    return datetime(*fields, tzinfo=UTC)  # type: ignore[misc,arg-type]


def test_every_country_of_the_roster_has_its_hours() -> None:
    assert sorted(read_roster().countries()) == sorted(hours.COUNTRIES)


@pytest.mark.parametrize("country", sorted(hours.COUNTRIES))
def test_country_has_a_calendar_and_a_zone(country: str) -> None:
    assert hours.is_holiday(date(2026, 12, 25), country)
    assert not hours.is_holiday(date(2026, 11, 25), country)
    assert hours.good_hour(date(2026, 11, 25), country).utcoffset() is not None


@pytest.mark.parametrize(
    ("moment", "country", "quiet"),
    [
        (utc(2026, 11, 25, 8, 30), "NO", False),  # 9:30 in Oslo
        (utc(2026, 11, 25, 7, 30), "NO", True),  # 8:30
        (utc(2026, 11, 25, 7, 30), "FI", False),  # 9:30 in Helsinki
        (utc(2026, 11, 25, 19, 30), "DE", True),  # 20:30
        (utc(2026, 11, 25, 19, 30), "ES", False),  # 20:30, and Spain is awake
        (utc(2026, 11, 25, 3, 0), "", True),
    ],
)
def test_quiet_hours_are_local(moment: datetime, country: str, quiet: bool) -> None:
    assert hours.is_quiet(moment, country) is quiet


@pytest.mark.parametrize(
    ("day", "country", "good"),
    [
        (date(2026, 11, 28), "DE", date(2026, 11, 30)),  # Saturday to Monday
        (date(2026, 12, 24), "NO", date(2026, 12, 24)),
        (date(2026, 12, 25), "NO", date(2026, 12, 28)),  # Christmas, and the weekend behind it
        (date(2026, 5, 3), "PL", date(2026, 5, 4)),
        (date(2026, 11, 18), "LV", date(2026, 11, 19)),  # Proclamation Day
        (date(2026, 3, 25), "GR", date(2026, 3, 26)),  # Independence Day
    ],
)
def test_weekend_and_holiday_are_left_alone(day: date, country: str, good: date) -> None:
    moment = hours.good_workday(day, country)

    assert (moment.date(), moment.hour) == (good, 10)


@pytest.mark.parametrize("country", sorted(hours.COUNTRIES))
@pytest.mark.parametrize("start", [utc(2026, 3, 26, 9), utc(2026, 10, 22, 9)])
def test_hour_on_the_wall_stays_when_the_clocks_change(country: str, start: datetime) -> None:
    zone = ZoneInfo(hours.COUNTRIES[country].zone)

    due = hours.next_week(start, country)

    assert due.astimezone(zone).hour == 10
    assert timedelta(days=6, hours=12) < due - start < timedelta(days=13)


def test_overdue_message_goes_at_the_next_good_hour() -> None:
    assert hours.next_good(utc(2026, 11, 25, 3, 0), "NO") == utc(2026, 11, 25, 9, 0)
    assert hours.next_good(utc(2026, 11, 25, 21, 0), "NO") == utc(2026, 11, 26, 9, 0)


def test_tomorrow_is_tomorrow_on_the_persons_calendar() -> None:
    # Half past eleven in the evening in Athens, while it is still the day before in UTC's afternoon.
    assert hours.after(utc(2026, 11, 25, 22, 30), "GR", 1) == utc(2026, 11, 27, 8, 0)
