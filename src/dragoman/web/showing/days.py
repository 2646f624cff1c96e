"""Spans of days in addresses: ``?span=week&until=2022-02-25``, or ``?since=2022-01-01&until=2022-02-25``."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from dragoman.ledger import BadQuestion
from dragoman.web.asked import address
from dragoman.web.rendering import in_words

NAMES = ("day", "week", "month", "year")


@dataclass(frozen=True, slots=True)
class Span:
    """Days from ``since`` to ``until``, both included. ``name`` is day, week, month or year; empty for other spans."""

    name: str
    since: date
    until: date

    @property
    def days(self) -> int:
        return (self.until - self.since).days + 1

    @property
    def words(self) -> str:
        """``The week to 25 February 2022``."""
        last = in_words(self.until.isoformat())
        if self.name == "day":
            return last
        return f"The {self.name} to {last}" if self.name else f"{in_words(self.since.isoformat())} – {last}"

    @property
    def address(self) -> str:
        """Where the front page shows it."""
        if self.name:
            return address("/", span=self.name, until=self.until)
        return address("/", since=self.since, until=self.until)

    def ending(self, until: date) -> Span:
        """As long a span with another last day."""
        if self.name:
            return named(self.name, until)
        return Span("", _shifted(until, self.days - 1), until)

    @property
    def before(self) -> Span | None:
        """The span that ends where this begins; None where the calendar does."""
        return self.ending(self.since - timedelta(days=1)) if self.since > date.min else None

    def after(self, newest: date) -> Span | None:
        """The span that follows, but none that ends after ``newest``; None where this reaches as far."""
        if self.until >= newest:
            return None
        return self.ending(self.until + min(newest - self.until, timedelta(days=self.days)))


def _shifted(day: date, days: int) -> date:
    return date.fromordinal(max(1, day.toordinal() - days))


def named(name: str, until: date) -> Span:
    """The day, week, month or year that ends with a day. Raises BadQuestion for another name."""
    if name in ("day", "week"):
        return Span(name, _shifted(until, 0 if name == "day" else 6), until)
    if name not in NAMES:
        raise BadQuestion(f"{name!r} is no span: use {', '.join(NAMES)}")
    # The day after the same day a month or year ago, or after the last of a shorter month.
    at = until.year * 12 + until.month - 1 - (1 if name == "month" else 12)
    if at < 12:
        return Span(name, date.min, until)
    year, month = at // 12, at % 12 + 1
    last = calendar.monthrange(year, month)[1]
    return Span(name, date(year, month, min(until.day, last)) + timedelta(days=1), until)


def span_of(given: Mapping[str, str], newest: date) -> Span:
    """The span that parameters ask for: by its name, else by its first day, else the week; to ``newest`` where no last
    day is given. Raises BadQuestion for what is no day or no span."""
    until = _day("until", given) or newest
    since = _day("since", given)
    if since is None or given.get("span"):
        return named(given.get("span") or "week", until)
    if since > until:
        raise BadQuestion(f"since {since} comes after until {until}")
    return Span("", since, until)


def _day(name: str, given: Mapping[str, str]) -> date | None:
    value = given.get(name, "").strip()
    if not value:
        return None
    try:
        if len(value) != len("2022-02-25"):
            raise ValueError
        return date.fromisoformat(value)
    except ValueError:
        raise BadQuestion(f"{name} {value!r} is no day: write 2022-02-25") from None
