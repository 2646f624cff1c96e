"""Days put into periods: an event belongs to one when all days that its date may mean do."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Literal

By = Literal["day", "week", "month", "quarter", "year", "all"]
PERIODS: tuple[By, ...] = ("day", "week", "month", "quarter", "year", "all")


@lru_cache(maxsize=100_000)
def period(day: str, until: str, by: str) -> str | None:
    """The period that the days from ``day`` to ``until`` lie in, None where they lie in several or are unknown.

    ``2021-03-14``, ``2021-W10`` (ISO 8601: weeks begin on Monday), ``2021-03``, ``2021-Q1``, ``2021``; for ``all`` an
    empty text, whatever the days.
    """
    if by == "all":
        return ""
    if not day:
        return None
    first, last = _name(day, by), _name(until, by)
    return first if first == last else None


def _name(day: str, by: str) -> str | None:
    if by == "day":
        return day
    if by == "month":
        return day[:7]
    if by == "quarter":
        return f"{day[:4]}-Q{(int(day[5:7]) + 2) // 3}"
    if by == "year":
        return day[:4]
    try:
        year, week, _ = date.fromisoformat(day).isocalendar()
    except ValueError:  # the last day of a month that is no more exactly known is written 31
        return day
    return f"{year:04}-W{week:02}"
