"""Days and months: told with their year, or in the year that publication and the tense give."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from dragoman.times import calendar as cal
from dragoman.times.calendar import Stretch
from dragoman.times.published import numeric
from dragoman.times.reading import Context, Reading, refused, year_of
from dragoman.times.tokens import is_year
from dragoman.times.words import (
    AMBIGUOUS_MONTHS,
    COUNTED,
    DATING,
    LABELS,
    MONTHS,
    ORDINALS,
    SHORT_MONTHS,
    listed,
)

# A date without its year that lies within this many days of publication is taken to be that one whatever
# our guess of the tense: a writer who meant the one a year away would have said so.
CLOSE, FAR = 31, 240


def day_number(ctx: Context, i: int) -> int:
    """The day of the month at token ``i`` (``6``, ``06``, ``6th``, ``sixth``), else 0."""
    word = ctx.words[i]
    figures = word.isdigit() and word.isascii() and len(word) <= 2
    value = int(word) if figures else ORDINALS.get(word, 0)
    return value if 1 <= value <= 31 else 0


def month_number(ctx: Context, i: int) -> tuple[int, int]:
    """The month at token ``i`` and where its name ends (past the full stop of a short form), else 0."""
    word = ctx.words[i]
    value = MONTHS.get(word, 0)
    if not value or not ctx.capital(i):
        return 0, i
    if word in SHORT_MONTHS and ctx.words[i + 1] == "." and ctx.glued(i + 1):
        return value, i + 2
    return value, i + 1


def _year_after(ctx: Context, i: int) -> tuple[int, int]:
    """A year told after a month or a day, with "," or "of" before it, and where it ends; else 0."""
    j = i + 1 if ctx.words[i] in (",", "of") else i
    value = year_of(ctx, j)
    if value and ctx.words[j + 1] not in COUNTED and ctx.words[j + 1] != "%":
        return value, j + 1
    return 0, i


def _borrowed_year(ctx: Context, i: int, month: int, with_day: bool) -> int:
    """The year of a date that follows at once ("April and May 2019", "June 3 to July 4, 2020"), else 0.

    Only dates of one kind share a year: both with a day or both without.
    """
    j = i
    for _ in range(3):
        if ctx.words[j] not in ("and", "or", "to", "through", "until", "till", "-", "–", ",", "/"):
            return 0
        j += 1
        if ctx.words[j] in ("and", "or"):
            j += 1
        leading = bool(day_number(ctx, j) and month_number(ctx, j + 1)[0])
        other, j = month_number(ctx, j + leading)
        if not other:
            return 0
        trailing = bool(day_number(ctx, j))
        if (leading or trailing) != with_day:
            return 0
        j += trailing
        value, _ = _year_after(ctx, j)
        if value:
            return value - 1 if month > other else value
    return 0


def month_first(ctx: Context, i: int) -> Reading | None:
    """``March 6``, ``March 6, 2021``, ``March 3-5``, ``March 2021``, ``March``."""
    month, j = month_number(ctx, i)
    if not month:
        return None
    number_ = day_number(ctx, j)
    if number_ and not _counts_something(ctx, j, number_):
        return _day_of_month(ctx, i, month, number_, j + 1)
    if ctx.words[j] == "the" and ctx.words[j + 1] in ORDINALS and day_number(ctx, j + 1):
        return _day_of_month(ctx, i, month, day_number(ctx, j + 1), j + 2)
    year, k = _year_after(ctx, j)
    if year:
        return Reading(i, k, cal.month(year, month), "month and year as written", month=month)
    return _bare_month(ctx, i, j, month)


def _counts_something(ctx: Context, i: int, value: int) -> bool:
    """Whether the figure at ``i`` counts what follows ("in March 12 people died") rather than days."""
    after = ctx.words[i + 1]
    return after in COUNTED or after in ("%", "percent") or (after in (":",) and ctx.glued(i + 1))


def _day_of_month(ctx: Context, i: int, month: int, number_: int, j: int) -> Reading:
    """A month and its day, with the day up to which it runs and the year, if they are told."""
    upto, after = 0, j
    if ctx.words[j] in ("-", "–", "—", "to", "through", "until") and ctx.words[j + 1] not in ORDINALS:
        later = day_number(ctx, j + 1)
        spaced = not ctx.glued(j + 1)
        if later > number_ and not (spaced and ctx.words[j] == "—") and _ends_date(ctx, j + 2):
            upto, after = later, j + 2
    year, after = _year_after(ctx, after)
    if not year:
        year = _borrowed_year(ctx, after, month, with_day=True)
    first = resolve_day(ctx, i, after, month, number_, year)
    if not upto or first.stretch is None:
        return first if not upto else replace(first, next=after)
    last = resolve_day(ctx, j + 1, after, month, upto, first.stretch.first.year)
    return ranged(first.spanning(i, j), last.spanning(j + 1, j + 2), i, after)


def _ends_date(ctx: Context, i: int) -> bool:
    """Whether a figure before token ``i`` can close a date: what follows is no unit and nothing counted."""
    word = ctx.words[i]
    return (
        word not in COUNTED
        and word not in ("%", "percent", "-", "million", "billion")
        and not (month_number(ctx, i)[0] and not is_year(ctx.words[i + 1]))
    )


def day_first(ctx: Context, i: int) -> Reading | None:
    """``6 March``, ``6th of March 2021``, ``3-5 March``, ``the sixth of March``."""
    value = day_number(ctx, i)
    if not value:
        return None
    j = i + 1
    upto, first_end = 0, j
    if ctx.words[j] in ("-", "–", "to", "through") or (ctx.words[j] == "and" and ctx.prev(i) == "between"):
        upto = day_number(ctx, j + 1)
        if upto <= value:
            return None
        j += 2
    if ctx.words[j] == "of":
        j += 1
    month, k = month_number(ctx, j)
    if not month or ctx.prev(i) in LABELS:
        return None
    year, k = _year_after(ctx, k)
    year = year or _borrowed_year(ctx, k, month, with_day=True)
    if not upto:
        return resolve_day(ctx, i, k, month, value, year)
    last = resolve_day(ctx, i, k, month, upto, year)
    if last.stretch is None:
        return last
    first = resolve_day(ctx, i, k, month, value, last.stretch.first.year)
    return ranged(first.spanning(i, first_end), last.spanning(first_end + 1, k), i, k)


def ranged(first: Reading, last: Reading, start: int, end: int) -> Reading:
    """From one date to another, both told; refused where either is, or where they run backwards."""
    parts = (first, last)
    if first.stretch is None or last.stretch is None:
        why = first.reason if first.stretch is None else last.reason
        return Reading(start, end, None, f"one end is not resolved: {why}", "range", parts=parts)
    both = cal.joined(first.stretch, last.stretch)
    if both is None:
        return Reading(start, end, None, "it would end before it begins", "range", parts=parts)
    return Reading(start, end, both, "from the one date to the other", "range", parts=parts)


def resolve_day(
    ctx: Context, first: int, next_: int, month: int, number_: int, year: int = 0, weekday: int = -1
) -> Reading:
    """A day of a month, in the year told or the one that the publication date and the tense give."""
    if year:
        found = _day(year, month, number_)
        if found is None:
            return refused(first, next_, f"there is no day {number_} in that month of {year}")
        return Reading(first, next_, found, "date as written", month=month, day=number_)
    if ctx.published is None:
        return replace(
            refused(first, next_, "no year is told and the publication date is not known"),
            month=month,
            day=number_,
            open_year=True,
            timex=f"XXXX-{month:02}-{number_:02}",
        )
    known = _known_day(ctx, next_, month, number_)
    if known:
        why = "the day is known by what happened on it"
        return Reading(first, next_, cal.day(known), why, month=month, day=number_)
    options = [_day(ctx.published.year + step, month, number_) for step in (-4, -3, -2, -1, 0, 1, 2, 3, 4)]
    days = [option.first for option in options if option]
    if weekday >= 0:
        agreeing = [option for option in days if option.weekday() == weekday]
        if not agreeing:
            return refused(first, next_, "the weekday and the date do not agree in any year near publication")
        chosen = min(agreeing, key=lambda date: abs((date - ctx.published).days) if ctx.published else 0)
        return Reading(
            first,
            next_,
            cal.day(chosen),
            "the nearest year in which weekday and date agree",
            month=month,
            day=number_,
        )
    return _by_tense(ctx, first, next_, days, month, number_)


# Days that are told without their year for what happened on them, with the words that then follow.
_KNOWN_DAYS: dict[tuple[int, int], tuple[int, frozenset[str]]] = {
    (9, 11): (2001, listed("attacks attack hijackings")),
    (10, 7): (2023, listed("attack attacks massacre assault raid")),
    (1, 6): (2021, listed("riot riots insurrection attack attacks")),
    (2, 24): (2022, listed("invasion")),
}
# Within so many days of the date, "the Oct. 7 attack" may as well be this year's.
_FRESH = 14


def _known_day(ctx: Context, i: int, month: int, number_: int) -> dt.date | None:
    """The date of "the Sept. 11 attacks" and its like, from the words after it."""
    year, followers = _KNOWN_DAYS.get((month, number_), (0, frozenset[str]()))
    words = ctx.words
    j = i + 1 if words[i] in ("terror", "terrorist", ",", "capitol", "hamas") else i
    if not year or ctx.published is None or words[j] not in followers:
        return None
    known = dt.date(year, month, number_)
    if known > ctx.published:
        return None
    this_year = (ctx.published - dt.date(ctx.published.year, month, number_)).days
    return None if 0 <= this_year <= _FRESH and words[j] != "attacks" else known


def _by_tense(ctx: Context, first: int, next_: int, days: list[dt.date], month: int, number_: int) -> Reading:
    published = ctx.published
    assert published is not None
    before = max((date for date in days if date <= published), default=None)
    after = min((date for date in days if date >= published), default=None)
    if before is None or after is None:
        return refused(first, next_, "there is no such day in the years near publication")
    tense, told = ctx.tense(first, next_)
    back, ahead = (published - before).days, (after - published).days
    chosen = before if back <= ahead else after
    why = "no year is told: the nearest to publication"
    if tense == "past":
        chosen, why = before, "no year is told: the last before publication, in the past tense"
    elif tense == "future":
        chosen, why = after, "no year is told: the next after publication, in the future tense"
    if not told and min(back, ahead) <= CLOSE and max(back, ahead) >= FAR:
        chosen = before if back <= ahead else after
        why = "no year is told: the one close to publication"
    return Reading(first, next_, cal.day(chosen), why, month=month, day=number_, open_year=True)


def _day(year: int, month: int, number_: int) -> Stretch | None:
    try:
        return cal.day(dt.date(year, month, number_))
    except ValueError:
        return None


def _bare_month(ctx: Context, i: int, j: int, month: int) -> Reading | None:
    """A month alone, in the year that a neighbour, the publication date and the tense give."""
    word, before = ctx.words[i], ctx.prev(i)
    if word in SHORT_MONTHS and not (ctx.words[j - 1] == "." and before in DATING):
        return None
    year = _borrowed_year(ctx, j, month, with_day=False)
    if year:
        return Reading(i, j, cal.month(year, month), "the year told with the month after it", month=month)
    if word in AMBIGUOUS_MONTHS and not _dates(ctx, i, j, before):
        return None
    return resolve_month(ctx, i, j, month)


# Words before a month that as often stand before a name.
_LOOSE = frozenset(
    {"and", "or", "of", "to", "as", "for", "about", "around", "before", "after", "from", "start", "back"}
)


def _dates(ctx: Context, i: int, j: int, before: str) -> bool:
    """Whether an ambiguous month name is one: a word that dates stands before, or a plain noun after."""
    if before in DATING:
        if before in _LOOSE and ctx.capital(j) and ctx.words[j] not in MONTHS:
            return False  # "and June Smith"
        # "in May" is a month; "and May said" and "of May's party" are often a person.
        if ctx.words[i] != "may" or before in (
            "in",
            "since",
            "last",
            "next",
            "this",
            "early",
            "late",
            "mid",
            "until",
            "by",
        ):
            return True
        return before in ("from", "to", "between", "through", "during", "end") or ctx.words[j] in (
            "and",
            "to",
        )
    if before == "-":
        return ctx.prev(i - 1) in ("mid", "early", "late", "pre", "post")
    following = ctx.words[j]
    if ctx.words[i] in ("may", "march"):
        return False
    return (before in ("the", "an", "a", "'s", "’s", "their", "its", "his", "her") or not before) and (
        following.isalpha() and not ctx.capital(j)
    )


def resolve_month(ctx: Context, first: int, next_: int, month: int) -> Reading:
    """A month without its year: the last or the next one, by the tense."""
    published = ctx.published
    if published is None:
        return replace(
            refused(first, next_, "no year is told and the publication date is not known"),
            month=month,
            open_year=True,
            timex=f"XXXX-{month:02}",
        )
    tense, told = ctx.tense(first, next_)
    back_year = published.year if month <= published.month else published.year - 1
    on_year = published.year if month >= published.month else published.year + 1
    back = (published.month - month) % 12
    ahead = (month - published.month) % 12
    if tense == "future":
        year, why = on_year, "no year is told: the next such month, in the future tense"
    elif tense == "past":
        year, why = back_year, "no year is told: the last such month, in the past tense"
    else:
        year, why = back_year, "no year is told and the tense is not clear: the last such month"
    if not told and back and min(back, ahead) == 1:
        year = back_year if back == 1 else on_year
        why = "no year is told: the month beside that of publication"
    return Reading(first, next_, cal.month(year, month), why, month=month, open_year=True)


def in_year(reading: Reading, year: int) -> Reading:
    """A date told without its year, in the year that a neighbour tells."""
    found = _day(year, reading.month, reading.day) if reading.day else cal.month(year, reading.month)
    if found is None:
        return replace(reading, stretch=None, reason=f"there is no such day in {year}", timex=None)
    return replace(reading, stretch=found, reason="the year told beside it", open_year=False, timex=None)


def written(ctx: Context, i: int) -> Reading | None:
    """A date in figures: ``2021-03-06``, ``06.03.2021``, ``12/25/2021``; ``03/06/2021`` is refused."""
    word = ctx.words[i].partition("t")[0]  # without the time of "2021-03-06T12:00Z"
    separator = next((mark for mark in "-/." if mark in word), "")
    pieces = word.split(separator) if separator else []
    if len(pieces) != 3 or not all(piece.isdigit() for piece in pieces):
        return None
    first, second, third = map(int, pieces)
    if len(pieces[0]) == 4 and len(pieces[2]) <= 2:
        found = _day(first, second, third)
        if found:
            return Reading(i, i + 1, found, "date as written")
        return refused(i, i + 1, "there is no such day in the calendar")
    if len(pieces[2]) == 4 and len(pieces[0]) <= 2 and third >= 1:
        date = numeric(first, second, third, separator)
        if date:
            return Reading(i, i + 1, cal.day(date), "date as written; only one order of day and month makes a date")
        return refused(i, i + 1, "day and month cannot be told apart, or there is no such day")
    if separator == "/" and len(pieces[2]) == 2 and len(pieces[0]) <= 2:
        return _two_figure_year(ctx, i, first, second, third)
    return None


def _two_figure_year(ctx: Context, i: int, first: int, second: int, third: int) -> Reading | None:
    if max(first, second) > 31 or min(first, second, 12) < 1 or min(first, second) > 12:
        return None
    if ctx.published is None:
        return refused(i, i + 1, "a year of two figures, and the publication date is not known")
    # A date to come is written with two figures too, but seldom more than a decade ahead.
    year = past_century(third, ctx.published.year + 10)
    date = numeric(first, second, year, "/")
    if date:
        return Reading(i, i + 1, cal.day(date), "date as written; only one order of day and month makes a date")
    return refused(i, i + 1, "day and month cannot be told apart, or there is no such day")


def past_century(two_digits: int, year: int) -> int:
    """The last year not after ``year`` that ends in these two figures."""
    full = year // 100 * 100 + two_digits
    return full if full <= year else full - 100
