"""Stretches of the calendar: days, weeks, months and longer, how they shift and how they are written."""

from __future__ import annotations

import datetime as dt
import re
from calendar import monthrange
from dataclasses import dataclass, replace
from typing import Literal

Grain = Literal["day", "weekend", "week", "month", "quarter", "season", "half", "year", "decade", "century", "span"]
# The units that a count can shift by; a larger rank is a coarser unit.
RANK: dict[str, int] = {
    "day": 0,
    "weekend": 1,
    "week": 1,
    "month": 2,
    "season": 3,
    "quarter": 3,
    "half": 3,
    "year": 4,
    "decade": 5,
    "century": 6,
    "span": 0,
}
_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?\Z", re.ASCII)
_WEEK = dt.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Calendar days from ``first`` to ``last``, both included, named at ``grain``.

    ``value`` is the codebook's way of writing it, ``timex`` the TIMEX3 way.
    """

    first: dt.date
    last: dt.date
    grain: Grain
    value: str
    timex: str


def day(date: dt.date) -> Stretch:
    """One day."""
    iso = date.isoformat()
    return Stretch(date, date, "day", iso, iso)


def week(date: dt.date) -> Stretch:
    """The week, Monday to Sunday, that holds ``date``."""
    monday = date - dt.timedelta(days=date.weekday())
    sunday = monday + dt.timedelta(days=6)
    year, number, _ = date.isocalendar()
    return Stretch(monday, sunday, "week", f"{monday}/{sunday}", f"{year:04}-W{number:02}")


def up_to(stretch: Stretch, date: dt.date) -> Stretch:
    """What of a stretch has passed on ``date``, which lies within; its TIMEX3 value stays that of the whole."""
    value = f"{stretch.first}/{date}" if stretch.first < date else date.isoformat()
    return replace(stretch, last=date, value=value)


def weekend(date: dt.date) -> Stretch:
    """Saturday and Sunday of the week that holds ``date``."""
    saturday = date - dt.timedelta(days=date.weekday()) + dt.timedelta(days=5)
    sunday = saturday + dt.timedelta(days=1)
    year, number, _ = saturday.isocalendar()
    return Stretch(saturday, sunday, "weekend", f"{saturday}/{sunday}", f"{year:04}-W{number:02}-WE")


def month(year: int, number: int) -> Stretch:
    """A month; ValueError if there is none such."""
    first = dt.date(year, number, 1)
    last = dt.date(year, number, monthrange(year, number)[1])
    return Stretch(first, last, "month", f"{year:04}-{number:02}", f"{year:04}-{number:02}")


def year(number: int) -> Stretch:
    """A calendar year from 1 to 9999; ValueError outside."""
    return Stretch(dt.date(number, 1, 1), dt.date(number, 12, 31), "year", f"{number:04}", f"{number:04}")


def months(year_: int, start: int, count: int, grain: Grain, timex: str) -> Stretch:
    """``count`` months from month ``start`` of ``year_``: quarters, halves and seasons."""
    first = month(year_, start)
    index = year_ * 12 + start - 1 + count - 1
    last = month(index // 12, index % 12 + 1)
    return Stretch(first.first, last.last, grain, f"{first.value}/{last.value}", timex)


def quarter(year_: int, number: int) -> Stretch:
    """Quarter 1 to 4 of a calendar year."""
    return months(year_, number * 3 - 2, 3, "quarter", f"{year_:04}-Q{number}")


def half(year_: int, number: int) -> Stretch:
    """Half 1 or 2 of a calendar year."""
    return months(year_, number * 6 - 5, 6, "half", f"{year_:04}-H{number}")


# Meteorological seasons of the northern hemisphere: first month and TIMEX3 code. Winter carries the year
# in which it begins.
SEASON_START: dict[str, int] = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}


def season(year_: int, code: str) -> Stretch:
    """Season ``SP``, ``SU``, ``FA`` or ``WI`` (from December of ``year_``), northern hemisphere."""
    return months(year_, SEASON_START[code], 3, "season", f"{year_:04}-{code}")


def decade(first_year: int) -> Stretch:
    """Ten years from ``first_year``, such as 1990 to 1999."""
    last = year(first_year + 9)
    return Stretch(
        dt.date(first_year, 1, 1),
        last.last,
        "decade",
        f"{first_year:04}/{last.value}",
        f"{first_year // 10:03}",
    )


def century(number: int) -> Stretch:
    """The nth century, from its year 1 to the year that ends in two noughts."""
    first = (number - 1) * 100 + 1
    return Stretch(
        dt.date(first, 1, 1),
        dt.date(first + 99, 12, 31),
        "century",
        f"{first:04}/{first + 99:04}",
        f"{number - 1:02}",
    )


def days(first: dt.date, last: dt.date, timex: str | None = None) -> Stretch:
    """Days from ``first`` to ``last``, both included; a single day if they are the same."""
    if first == last:
        return day(first)
    value = f"{first}/{last}"
    return Stretch(first, last, "span", value, timex or value)


def joined(first: Stretch, last: Stretch) -> Stretch | None:
    """From the start of one stretch to the end of another, each written as precisely as it was told.

    None when the second ends before the first begins.
    """
    if last.last < first.first:
        return None
    left, right = first.value.partition("/")[0], last.value.rpartition("/")[2]
    value = left if left == right else f"{left}/{right}"
    return Stretch(first.first, last.last, "span", value, value)


def add_months(date: dt.date, count: int) -> dt.date:
    """The same day ``count`` months on, or the month's last day where it has no such day."""
    index = date.year * 12 + date.month - 1 + count
    year_, number = divmod(index, 12)
    return dt.date(year_, number + 1, min(date.day, monthrange(year_, number + 1)[1]))


def shifted(date: dt.date, unit: str, count: int) -> Stretch:
    """The unit (day, week, month, quarter, year, decade …) that lies ``count`` units from ``date``.

    Errors: ValueError or OverflowError where that leaves the years 1 to 9999.
    """
    if unit == "day":
        return day(date + dt.timedelta(days=count))
    if unit == "week":
        return week(date + _WEEK * count)
    if unit == "weekend":
        return weekend(date + _WEEK * count)
    if unit == "month":
        moved = add_months(date, count)
        return month(moved.year, moved.month)
    if unit == "quarter":
        moved = add_months(date, 3 * count)
        return quarter(moved.year, (moved.month + 2) // 3)
    if unit == "half":
        moved = add_months(date, 6 * count)
        return half(moved.year, (moved.month + 5) // 6)
    if unit == "decade":
        return decade((date.year // 10 + count) * 10)
    if unit == "century":
        return century((date.year - 1) // 100 + 1 + count)
    return year(date.year + count)


def weekday_on_or_before(date: dt.date, number: int) -> dt.date:
    """The nearest day with weekday ``number`` (Monday is 0) that is not after ``date``."""
    return date - dt.timedelta(days=(date.weekday() - number) % 7)


def weekday_on_or_after(date: dt.date, number: int) -> dt.date:
    """The nearest day with weekday ``number`` (Monday is 0) that is not before ``date``."""
    return date + dt.timedelta(days=(number - date.weekday()) % 7)


def parse(value: str) -> tuple[dt.date, dt.date]:
    """First and last day that a codebook date covers; ValueError if it is not one.

    >>> parse("2025-02")
    (datetime.date(2025, 2, 1), datetime.date(2025, 2, 28))
    """
    left, slash, right = value.partition("/")
    first = _one(left)
    last = _one(right) if slash else first
    if last.last < first.first:
        raise ValueError(f"{value!r} ends before it begins")
    return first.first, last.last


def _one(value: str) -> Stretch:
    found = _DATE.match(value)
    if found is None:
        raise ValueError(f"{value!r} is no date of the form 2025, 2025-03 or 2025-03-14")
    year_, month_, day_ = found.groups()
    if month_ is None:
        return year(int(year_))
    if day_ is None:
        return month(int(year_), int(month_))
    return day(dt.date(int(year_), int(month_), int(day_)))
