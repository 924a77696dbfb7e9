"""Half-open periods and months."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from jiedui.terms.periods import Period, add_months, full_months, months_of, year

DAYS = st.dates(date(1990, 1, 1), date(2050, 12, 31))
PERIODS = st.builds(lambda start, days: Period(start, start + timedelta(days)), DAYS, st.integers(1, 400))


def test_a_year_holds_its_days_only() -> None:
    """The first of January is in, the next one is out."""
    assert date(2019, 1, 1) in year(2019)
    assert date(2019, 12, 31) in year(2019)
    assert date(2020, 1, 1) not in year(2019)


@given(PERIODS, PERIODS)
def test_overlap_is_a_common_day(a: Period, b: Period) -> None:
    """Two periods overlap exactly when some day lies in both."""
    days = (a.start + timedelta(i) for i in range(401))
    assert a.overlaps(b) == any(day in a and day in b for day in days)


@given(DAYS, st.integers(0, 600))
def test_full_months_undo_add_months(day: date, months: int) -> None:
    """After adding months, at least that many whole months have passed, and the day before fewer."""
    later = add_months(day, months)
    assert full_months(day, later) == months
    assert months == 0 or full_months(day, later - timedelta(1)) == months - 1


def test_the_last_day_of_a_short_month() -> None:
    """31 January and a month is 28 February."""
    assert add_months(date(2019, 1, 31), 1) == date(2019, 2, 28)
    assert full_months(date(2019, 3, 1), date(2019, 2, 1)) == 0


@given(PERIODS)
def test_months_of_are_the_months_of_its_days(period: Period) -> None:
    """The calendar months are those of the days, in order, each once."""
    assert period.end is not None
    days = [period.start + timedelta(i) for i in range((period.end - period.start).days)]
    assert list(months_of(period, period.end)) == sorted({(d.year, d.month) for d in days})
    assert list(months_of(period, period.start)) == []
