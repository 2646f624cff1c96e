"""Days on which an event can have been: from its own date, or from when the report tells it.

Days are proleptic ordinals (``datetime.date.toordinal``), both ends of a window belonging to it.
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import NamedTuple

from dragoman.assembly.dating import BACKGROUND_DAYS, last_day
from dragoman.record import Factuality

EVER = 10**7
"""A day that stands for no end: further off than any date, forwards or (negated) backwards."""

# Reports of one event give days that differ by one: "overnight", or another side of the world. In the stories a- to c-,
# seven of 950 pairs of dates of one event are a day apart, none more.
SLACK = 1
# What a report tells as background, by the codebook, is over 31 days old. Of 269 undated records that are not told so,
# 12 are of older events.
RECENT = BACKGROUND_DAYS


class Window(NamedTuple):
    """The days from ``first`` to ``last``; ``dated`` when the report gives them for the event itself."""

    first: int
    last: int
    dated: bool

    @property
    def days(self) -> int:
        """How many days it covers."""
        return self.last - self.first + 1


@lru_cache(maxsize=1 << 14)
def stated(date: str) -> tuple[int, int] | None:
    """The days that a date of the codebook's form covers; None for what is none."""
    start = date.split("/")[0]
    try:
        first = dt.date.fromisoformat(start + "-01-01"[len(start) - 4 :])
    except ValueError:
        return None
    last = last_day(date)
    return None if last is None or last < first else (first.toordinal(), last.toordinal())


@lru_cache(maxsize=1 << 14)
def published(date: str | None) -> int | None:
    """The day of publication; None where it is not known."""
    try:
        return dt.date.fromisoformat(date[:10]).toordinal() if date else None
    except ValueError:
        return None


def window(date: str | None, day: int | None, factuality: Factuality, historical: bool) -> Window:
    """The days on which an event can have been.

    Args:
        date: the event's date in the codebook's form, None where it has none.
        day: the day of publication.
        factuality: what has happened lies before publication, what is to come after it.
        historical: whether the report tells it as background.
    """
    own = stated(date) if date else None
    if own is not None:
        return Window(*own, True)
    if day is None or factuality == "hypothetical":
        return Window(-EVER, EVER, False)
    if factuality == "future":
        return Window(day - SLACK, EVER, False)
    if historical:
        return Window(-EVER, day - RECENT, False)
    return Window(day - RECENT, day, False)


def iso(day: int, none: str) -> str:
    """A day as ISO 8601; ``none`` where it stands for no end or no year."""
    return dt.date.fromordinal(day).isoformat() if 1 <= day <= dt.date.max.toordinal() else none


_MONTHS = "January February March April May June July August September October November December".split()


def said(date: str) -> str:
    """A date of the codebook's form for people: "14 March 2021", "March 2021", "2021"."""
    parts = []
    for part in date.split("/"):
        year, *rest = part.split("-")
        words = [str(int(rest[1]))] if len(rest) > 1 else []
        words += [_MONTHS[int(rest[0]) - 1]] if rest else []
        parts.append(" ".join([*words, year]))
    return " to ".join(parts)
