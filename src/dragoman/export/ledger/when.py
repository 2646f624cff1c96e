"""Dates as the published layouts need them: days. What is less exact is never rounded to one in silence."""

from __future__ import annotations

import calendar
import datetime as dt
from typing import Literal

from dragoman.export.ledger.losses import Losses
from dragoman.ledger.model import LedgerEvent

Undated = Literal["leave", "published"]
_STANDS_IN = "no report dates the event, and the day of the first report stands for it, as was asked"


def span(date: str) -> tuple[dt.date, dt.date] | None:
    """The first and last day that a date of the codebook means; None for what is no date of the calendar."""
    first, _, last = date.partition("/")
    begins, ends = _bounds(first), _bounds(last or first)
    return (begins[0], ends[1]) if begins and ends and begins[0] <= ends[1] else None


def _bounds(date: str) -> tuple[dt.date, dt.date] | None:
    try:
        year, *rest = map(int, date.split("-"))
        month, day = rest[0] if rest else None, rest[1] if len(rest) > 1 else None
        first = dt.date(year, month or 1, day or 1)
        last_month = month or 12
        last = dt.date(year, last_month, day or calendar.monthrange(year, last_month)[1])
    except (ValueError, calendar.IllegalMonthError):
        return None
    return first, last


def published(event: LedgerEvent) -> dt.date | None:
    """The day of the first report; None where it has none."""
    try:
        return dt.date.fromisoformat((event.reported or "")[:10])
    except ValueError:
        return None


def exact_day(event: LedgerEvent, undated: Undated, losses: Losses) -> dt.date | None:
    """The day of an event; None, and counted, where the reports do not tell it."""
    if event.date is None:
        return stand_in(event, undated, losses)
    found = span(event.date)
    if found is None or found[0] != found[1]:
        losses.add(
            "event: date without a day", "the layout holds only days, and the reports tell a month, year or range"
        )
        return None
    return found[0]


def stand_in(event: LedgerEvent, undated: Undated, losses: Losses) -> dt.date | None:
    """The day of the first report for an undated event where that was asked for; None, and counted, otherwise."""
    day = published(event)
    if undated == "published" and day is not None:
        losses.add("date", _STANDS_IN)
        return day
    losses.add("event: no date", "no report dates the event, and the day of publication is not the event's")
    return None
