"""The door of the room: every time expression of a text, with the dates that they come to."""

from __future__ import annotations

import re
from collections.abc import Callable

from dragoman.times.expression import TenseAt, TimeExpression
from dragoman.times.published import normalise_published
from dragoman.times.reading import Context, Reading
from dragoman.times.small import bare_units, clock, recurrent, vague
from dragoman.times.spans import counted, dates, more_days, since, so_far, window
from dragoman.times.tokens import tokens

# Before this hour in UTC it is still the day before in the Americas, where much is written.
_SMALL_HOURS = 6
_UTC_HOUR = re.compile(r"\d{4}-\d\d-\d\d[T ](\d\d):\d\d(?::\d\d(?:\.\d+)?)?(?:Z|\+00:?00)\s*\Z", re.ASCII)
# Years of publication that are taken for real; a date of year 1 is what a program writes for none.
_PUBLISHED_YEARS = range(1500, 2500)


def find(text: str, published: str | None, *, tense_at: TenseAt | None = None) -> list[TimeExpression]:
    """All time expressions of ``text`` in the order of the text, none overlapping another.

    ``published`` is the publication date in any form that :func:`normalise_published` reads, or None:
    what is told relative to it then stays unresolved. ``tense_at(start, end)`` may say the tense of the
    clause in which the code points ``start`` to ``end`` stand, for a caller that has a parse; without it,
    or where it returns None, the tense is guessed from the words around.

    Raises nothing for any text. Takes time linear in its length.
    """
    cut = tokens(text)
    if not cut.runs:
        return []
    date = normalise_published(published) if published else None
    if date is not None and date.year not in _PUBLISHED_YEARS:
        date = None
    ctx = Context(cut, date, _in_small_hours(published), tense_at)
    found: list[TimeExpression] = []
    for first, past_last in cut.runs:
        i = first
        while i < past_last:
            reading = _expression(ctx, i)
            if reading is None or reading.next <= i:
                i += 1
                continue
            _emit(ctx, reading, found)
            i = reading.next
            while more := more_days(ctx, reading, i):
                _emit(ctx, more, found)
                reading, i = more, more.next
    return found


def _emit(ctx: Context, reading: Reading, found: list[TimeExpression]) -> None:
    if reading.timex == "AGE":
        return
    ctx.remember(reading)
    found.append(ctx.expression(reading))


def _in_small_hours(published: str | None) -> bool:
    hour = _UTC_HOUR.match(published.strip()) if published else None
    return hour is not None and int(hour[1]) < _SMALL_HOURS


_Rule = Callable[[Context, int], Reading | None]
_RULES: tuple[_Rule, ...] = (since, so_far, clock, window, recurrent, dates, counted, vague, bare_units)
# Words that never begin an expression, though they may stand inside one.
_IDLE = frozenset(
    [
        ",",
        ".",
        "/",
        "(",
        ")",
        "-",
        "–",
        "—",
        "'",
        "’",
        "'s",
        "’s",
        "of",
        "to",
        "and",
        "in",
        "on",
        "by",
        "until",
        "till",
        "through",
        "during",
        "before",
        "after",
        "for",
        "within",
        "throughout",
        "ago",
        "or",
        "not",
        "than",
        "hence",
    ]
)


def _expression(ctx: Context, i: int) -> Reading | None:
    """The expression that begins at token ``i``: what the first rule that fits makes of it."""
    if ctx.words[i] in _IDLE:
        return None
    for rule in _RULES:
        found = rule(ctx, i)
        if found:
            return found
    return None
