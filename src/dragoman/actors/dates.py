"""Dates as the register holds them, prefixes whose length is their precision, and days compared with them.

A date is an interval of days written ``YYYYMMDD``: "2021-02" is the whole month. Times of day and zones are
dropped, for roles are dated by the day at best.
"""

from __future__ import annotations

import re
from functools import lru_cache

Interval = tuple[int, int]

_ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?![\d-])")
_NAMES = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december",
)  # fmt: skip
_MONTHS = {m: i for i, m in enumerate(_NAMES, 1)}
_MONTHS.update({m[:3]: i for m, i in list(_MONTHS.items())})
_DAY_FIRST = re.compile(r"(\d{1,2})\s+([A-Za-z]+)\.?,?\s+(\d{4})\Z")
_MONTH_FIRST = re.compile(r"([A-Za-z]+)\.?\s+(?:(\d{1,2}),?\s+)?(\d{4})\Z")
_LENGTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def _interval(year: int, month: int | None, day: int | None) -> Interval | None:
    if month is None:
        return year * 10000 + 101, year * 10000 + 1231
    if not 1 <= month <= 12:
        return None
    base = year * 10000 + month * 100
    if day is None:
        return base + 1, base + 31
    return (base + day, base + day) if 1 <= day <= _LENGTHS[month - 1] else None


@lru_cache(maxsize=4096)
def interval(date: str) -> Interval | None:
    """The days that ``date`` covers, or None when it cannot be read.

    Reads ISO 8601 dates, date-times and prefixes, ranges with a slash, and "12 April 2022".
    """
    line = date.strip()
    if "/" in line:
        first, _, last = line.partition("/")
        one, two = interval(first), interval(last)
        return (one[0], two[1]) if one and two and one[0] <= two[1] else None
    if iso := _ISO.match(line):
        year, month, day = iso.groups()
        return _interval(int(year), int(month) if month else None, int(day) if day else None)
    if match := _DAY_FIRST.match(line):
        number = _MONTHS.get(match[2].lower())
        return _interval(int(match[3]), number, int(match[1])) if number else None
    if match := _MONTH_FIRST.match(line):
        number = _MONTHS.get(match[1].lower())
        return _interval(int(match[3]), number, int(match[2]) if match[2] else None) if number else None
    return None


def bounds(start: str | None, end: str | None) -> Interval:
    """The days of a role: from the first day of ``start`` to the last of ``end``; open ends reach
    out for ever.

    Raises ValueError when a date of the register cannot be read.
    """
    first, last = 0, 99999999
    for text, is_end in ((start, False), (end, True)):
        if text is None:
            continue
        days = interval(text)
        if days is None:
            raise ValueError(f"{text!r} is no date: write YYYY, YYYY-MM or YYYY-MM-DD")
        if is_end:
            last = days[1]
        else:
            first = days[0]
    return first, last
