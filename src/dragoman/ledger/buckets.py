"""Days as keys of an index: records whose days overlap share a bucket, and few others do.

A record of a few days is kept under its months, one of many months under its years, and one of more, such as a war or
what has no date at all, once. Whoever looks for records of some days looks under all three.
"""

from __future__ import annotations

from functools import lru_cache

from dragoman.ledger.identity import shortened
from dragoman.ledger.joining import Handle

# A handle is kept in this many buckets at the most: of undated news, whose event was in the last week or the last half
# year, under one to three months or two years.
_FEW = 4
# PostgreSQL's index takes no key beyond 2,700 bytes, and a hostile text has words as long as it likes.
_LONGEST = 200
_EVER = "|~"


def kept_under(handle: Handle) -> list[str]:
    """The buckets in which a record of this handle is found."""
    key = shortened(handle.key, _LONGEST)
    return [key + when for when in _spans(handle.first, handle.last)[0]]


def looked_up(handle: Handle) -> list[str]:
    """The buckets of all whose days may overlap with this handle's; none where it takes a sweep."""
    key = shortened(handle.key, _LONGEST)
    return [key + when for when in _spans(handle.first, handle.last)[1]]


def swept(handle: Handle) -> tuple[str, str] | None:
    """The first and last bucket of a handle whose days are too many to look under each; None for others."""
    if _spans(handle.first, handle.last)[1]:
        return None
    key = shortened(handle.key, _LONGEST)
    return f"{key}|", f"{key}{_EVER}"


# The handles of a report, and of reports of a day, have few spans of days among them.
@lru_cache(maxsize=10_000)
def _spans(first: str, last: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The ends of the buckets in which days are kept, and of those in which they are looked up."""
    begin, end = (int(day[:4]) for day in (first, last))
    years = tuple(f"|{year:04}~" for year in range(begin, min(end, begin + _FEW) + 1))
    if len(years) > _FEW:
        return (_EVER,), ()
    # Before all days is the month 0 of the year 0.
    start, stop = (max(int(day[:4]) * 12 + int(day[5:7]) - 1, 0) for day in (first, last))
    months = tuple(f"|{at // 12:04}-{at % 12 + 1:02}" for at in range(start, stop + 1))
    return months if len(months) <= _FEW else years, (*months, *years, _EVER)
