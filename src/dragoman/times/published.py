"""The publication date, in the ways that files, feeds and pages write it."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache

from dragoman.times.words import MONTHS

_ISO = re.compile(r"(\d{4})([-/.]?)(\d\d?)\2(\d\d?)(?=\D|\Z)", re.ASCII)
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?=T|\Z)", re.ASCII)
_NUMERIC = re.compile(r"(\d\d?)([-/.])(\d\d?)\2(\d{4})(?=\D|\Z)", re.ASCII)
_DAY_MONTH = re.compile(r"(?:[^\W\d_]+\.?,?\s+)?(\d\d?)(?:st|nd|rd|th)?[\s-]+([^\W\d_]+)\.?,?[\s-]+(\d{4})(?!\d)")
_MONTH_DAY = re.compile(r"(?:[^\W\d_]+,\s+)?([^\W\d_]+)\.?\s+(\d\d?)(?:st|nd|rd|th)?,?\s+(\d{4})(?!\d)")
# The forms are met at the very start of the field; a field longer than this is no date.
_LONGEST = 80


@lru_cache(maxsize=1024)
def normalise_published(published: str) -> dt.date | None:
    """The calendar day of a publication date as it is written, in the zone in which it is written.

    Takes ISO 8601 dates with or without a time (``2019-11-29 18:11:52Z``), feed dates
    (``Fri, 25 Feb 2022 06:10:00 GMT``), ``February 25, 2022``, ``25 February 2022``, ``25.02.2022``
    (with dots the day comes first) and ``02/25/2022`` where only one order makes a date. Anything else is
    None: a date that does not exist, one that two orders fit (``03/02/2009``), a bare year.
    """
    text = published.strip()
    if not text or len(text) > _LONGEST:
        return None
    if (found := _COMPACT.match(text)) or (found := _ISO.match(text)):
        parts = found.groups()
        return _date(int(parts[0]), int(parts[-2]), int(parts[-1]))
    if found := _NUMERIC.match(text):
        return numeric(int(found[1]), int(found[3]), int(found[4]), found[2])
    if found := _MONTH_DAY.match(text):
        return _date(int(found[3]), MONTHS.get(found[1].lower(), 0), int(found[2]))
    if found := _DAY_MONTH.match(text):
        return _date(int(found[3]), MONTHS.get(found[2].lower(), 0), int(found[1]))
    return None


def numeric(first: int, second: int, year: int, separator: str) -> dt.date | None:
    """A date in numbers whose year comes last; None where both orders of day and month would do."""
    if separator == ".":
        return _date(year, second, first)
    day_first, month_first = _date(year, second, first), _date(year, first, second)
    if day_first and month_first and day_first != month_first:
        return None
    return day_first or month_first


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None
