"""Spans of months that a page is about: from an address, or as long as the ledger's reports."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from starlette.datastructures import QueryParams

from dragoman.ledger.asking import By, Days
from dragoman.ledger.words import BadQuestion

STEPS: tuple[By, ...] = ("month", "quarter", "year")
# A figure of more bars than these is a hedge: longer spans are told by quarter, then by year.
_MOST_MONTHS, _MOST_QUARTERS = 48, 160
# Periods of one span that are told one by one: a hundred years by month.
MOST_PERIODS = 1_200
# A day is taken for its month.
_MONTH = re.compile(r"([1-9]\d{3}|0\d{2}[1-9])(?:-(0[1-9]|1[0-2])(?:-\d\d)?)?", re.ASCII)
_SIZES: dict[str, int] = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True, slots=True)
class Span:
    """Months from ``since`` to ``until`` (``YYYY-MM``; None where that end is open), told by ``by``.

    ``first`` and ``last`` are the same with the ends of the ledger's reports where they are open; None in a ledger
    without dates. ``asked`` says whether the address chose ``by``.
    """

    since: str | None
    until: str | None
    first: str | None
    last: str | None
    by: By
    asked: bool

    def periods(self) -> list[str]:
        """The names of all periods in the span; the latest :data:`MOST_PERIODS` of them."""
        return list(periods(self.first, self.last, self.by)) if self.first and self.last else []


def span_of(given: QueryParams, days: Days) -> Span:
    """The span that an address asks for with ``since``, ``until`` and ``by``.

    Raises BadQuestion for what is no year or month, and for a period that there is none of.
    """
    since, until = (_month(name, given.get(name, ""), last=name == "until") for name in ("since", "until"))
    if since and until and since > until:
        raise BadQuestion(f"since {since} comes after until {until}")
    first = since or (days.first or "")[:7] or until
    last = until or (days.last or "")[:7] or since
    if first and last and first > last:
        first, last = (since, since) if since else (until, until)
    asked = given.get("by", "").strip()
    if asked and asked not in STEPS:
        raise BadQuestion(f"{asked!r} is no step of a series here: use {', '.join(STEPS)}")
    by = next((step for step in STEPS if step == asked), None) or _fitting(first, last)
    return Span(since, until, first, last, by, bool(asked))


def periods(first: str, last: str, by: str) -> Iterator[str]:
    """The names of the periods from the month ``first`` to ``last``, as the ledger names them, the earliest first."""
    begin, end = _count(first) // _SIZES[by], _count(last) // _SIZES[by]
    for at in range(max(begin, end - MOST_PERIODS + 1), end + 1):
        year, rest = divmod(at * _SIZES[by], 12)
        yield (
            f"{year:04}"
            if by == "year"
            else f"{year:04}-Q{rest // 3 + 1}"
            if by == "quarter"
            else f"{year:04}-{rest + 1:02}"
        )


def months_of(period: str) -> tuple[str, str]:
    """First and last month of a period by its name. Raises BadQuestion for what is none."""
    try:
        year = int(period[:4])
        if len(period) == 4:
            return f"{year:04}-01", f"{year:04}-12"
        if period[4:6] == "-Q" and period[6:] in ("1", "2", "3", "4"):
            quarter = int(period[6:])
            return f"{year:04}-{quarter * 3 - 2:02}", f"{year:04}-{quarter * 3:02}"
        if period[4] == "-" and len(period) == 7 and 1 <= int(period[5:]) <= 12:
            return period, period
    except (ValueError, IndexError):
        pass
    raise BadQuestion(f"{period!r} is no period: write 2021, 2021-Q1 or 2021-03")


def _month(name: str, given: str, *, last: bool) -> str | None:
    text = given.strip()
    if not text:
        return None
    found = _MONTH.fullmatch(text)
    if found is None:
        raise BadQuestion(f"{name} {text!r} is no month: write 2021 or 2021-03")
    return f"{found[1]}-{found[2] or ('12' if last else '01')}"


def _count(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:7]) - 1


def _fitting(first: str | None, last: str | None) -> By:
    months = _count(last) - _count(first) + 1 if first and last else 0
    return "month" if months <= _MOST_MONTHS else "quarter" if months <= _MOST_QUARTERS else "year"
