"""期间: days, months and years of a programme; every period is half-open (the end is the first day after it)."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """期间: from `start` until before `end`; `end` None means it has not ended."""

    start: date
    end: date | None = None

    def __contains__(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day < self.end)

    def overlaps(self, other: Period) -> bool:
        """是否重叠: whether both have a day in common."""
        return (self.end is None or other.start < self.end) and (other.end is None or self.start < other.end)


def year(number: int) -> Period:
    """年度: the calendar year."""
    return Period(date(number, 1, 1), date(number + 1, 1, 1))


def add_months(day: date, months: int) -> date:
    """加月: the same day of a later (or earlier) month, or that month's last day where it has no such day."""
    index = day.year * 12 + day.month - 1 + months
    number, month = index // 12, index % 12 + 1
    return date(number, month, min(day.day, monthrange(number, month)[1]))


def full_months(start: date, end: date) -> int:
    """足月数: how many whole months lie between two days (0 where `end` is before `start`)."""
    if end < start:
        return 0
    months = (end.year - start.year) * 12 + end.month - start.month
    return months if add_months(start, months) <= end else months - 1


def months_of(period: Period, until: date) -> Iterator[tuple[int, int]]:
    """各月: the calendar months (year, month) that the period touches before `until`."""
    end = until if period.end is None else min(until, period.end)
    if end <= period.start:
        return
    last = end - timedelta(days=1)
    for index in range(period.start.year * 12 + period.start.month - 1, last.year * 12 + last.month):
        yield index // 12, index % 12 + 1
