"""Stretches from one date to another and stretches counted in units: since, between, the past weeks, ago."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import replace

from dragoman.times import calendar as cal
from dragoman.times.absolute import day_number, in_year, month_number, ranged, resolve_day
from dragoman.times.calendar import Stretch
from dragoman.times.pointing import EVENT_ANCHOR, from_anchor
from dragoman.times.points import point
from dragoman.times.reading import NO_PUBLICATION, OUT_OF_RANGE, Context, Reading, number, refused, shift
from dragoman.times.words import (
    BEFORE,
    CLOCK_UNITS,
    COUNTED,
    FEW,
    FILLERS,
    LAST,
    NEXT,
    UNIT_CODES,
    UNITS,
    listed,
)

_TO = frozenset({"to", "until", "till", "through", "-", "–", "—", "and"})
_APPROXIMATE = listed(
    """
    about nearly almost around roughly approximately some just only over
    """
)
_LENGTH = "a length of time, not a date"
# Longer counts are not news about the calendar, and would leave it.
_MOST_UNITS = 9000


def since(ctx: Context, i: int) -> Reading | None:
    """``since March 6``, ``since last year``, ``since the start of 2020``: a range up to publication."""
    if ctx.words[i] != "since":
        return None
    j = i + 1
    inner = point(ctx, j)
    if inner is None or inner.next <= j:
        ago = counted(ctx, j)
        inner = ago if ago and ago.kind == "date" else None
    if inner is None or inner.kind not in ("date", "time-of-day"):
        return None
    parts = (inner,)
    if ctx.published is None:
        return Reading(i, inner.next, None, "up to the publication date, which is not known", "range", parts=parts)
    inner = _in_the_past(inner, ctx.published)
    begun, parts = inner.stretch, (inner,)
    if begun is None or begun.first > ctx.published:
        why = inner.reason if begun is None else "it would begin after publication"
        return Reading(i, inner.next, None, f"the start is not resolved: {why}", "range", parts=parts)
    if inner.mod == "START" and ctx.words[inner.first] == "the" and begun.grain in ("year", "month", "week"):
        begun = cal.day(begun.first)  # "since the start of the year": its first day
    span = cal.joined(begun, cal.day(ctx.published)) or cal.joined(cal.day(begun.first), cal.day(ctx.published))
    return Reading(i, inner.next, span, "from that date to publication", "range", parts=parts)


def _in_the_past(inner: Reading, published: dt.date) -> Reading:
    """What follows "since" has begun: a month or weekday that was taken for one to come is moved back."""
    found = inner.stretch
    if found is None or found.first <= published:
        return inner
    if inner.open_year:
        return in_year(inner, found.first.year - 1)
    if inner.weekday >= 0:
        return replace(inner, stretch=cal.day(cal.weekday_on_or_before(published, inner.weekday)), reason=_BACK)
    return inner


_BACK = 'the last one before publication, as it follows "since"'


def dates(ctx: Context, i: int) -> Reading | None:
    """A date, or two that make a range: ``between 2014 and 2016``, ``from March 3 to 5``."""
    lead = ctx.words[i] if ctx.words[i] in ("between", "from") else ""
    j = i + 1 if lead else i
    numbered = _figures_first(ctx, i, j) if lead else None
    if numbered:
        return numbered
    first = point(ctx, j)
    if first is None or first.next <= j:
        return None
    both = _second_end(ctx, i, first, lead) if ctx.words[first.next] in _TO else None
    if both:
        return both
    if lead:
        return first.spanning(i, first.next) if first.kind == "range" else None
    return _this_so_far(ctx, first)


def _second_end(ctx: Context, i: int, first: Reading, lead: str) -> Reading | None:
    """The range from ``first`` to the date after "to", "and" or a dash; None where no date follows."""
    sign = ctx.words[first.next]
    if (
        first.kind not in ("date", "time-of-day")
        or (sign == "and") != (lead == "between")
        or (sign == "—" and not lead)
    ):
        return None
    k = first.next + 1
    if ctx.words[k] == "to" or (ctx.words[k] == "on" and lead):
        k += 1
    last = point(ctx, k) or _day_alone(ctx, k, first)
    if last is None or last.next <= k or last.kind not in ("date", "time-of-day"):
        return None
    if not lead and not _alike(first, last):
        return None
    first, last = _agree(ctx, first, last)
    return ranged(first, last, i, last.next)


def _alike(first: Reading, last: Reading) -> bool:
    """Whether two dates with only "to" or a dash between them make a range: of the same sort, in order."""
    if first.stretch is None or last.stretch is None or first.stretch.grain != last.stretch.grain:
        return False
    if first.parts or last.parts or not first.named or not last.named:
        return False
    return last.stretch.last > first.stretch.last or (first.weekday >= 0 and last.weekday >= 0)


def _figures_first(ctx: Context, i: int, j: int) -> Reading | None:
    """``from 3 to 5 March``, ``between 3 and 5 March``: the first day has no month of its own."""
    value = day_number(ctx, j)
    if not value or ctx.words[j + 1] not in ("to", "and", "until", "through", "-", "–"):
        return None
    last = point(ctx, j + 2)
    if last is None or not last.day or last.stretch is None or last.parts or last.day <= value:
        return None
    first = resolve_day(ctx, j, j + 1, last.month, value, last.stretch.first.year)
    return ranged(first, last, i, last.next)


def _day_alone(ctx: Context, k: int, first: Reading) -> Reading | None:
    """The bare "5" of "from March 3 to 5"."""
    value = day_number(ctx, k)
    if not value or not first.day or first.stretch is None or value <= first.day:
        return None
    follows = ctx.words[k + 1]
    if follows in COUNTED or (
        follows in ("%", "percent", "-", ":", ".") and ctx.glued(k + 1) and ctx.words[k + 2].isdigit()
    ):
        return None
    return resolve_day(ctx, k, k + 1, first.month, value, first.stretch.first.year)


def _agree(ctx: Context, first: Reading, last: Reading) -> tuple[Reading, Reading]:
    """Lend the year of one end to the other, and let weekdays of one range stand in order."""
    begins, ends = first.stretch, last.stretch
    if begins is None or ends is None:
        return first, last
    if first.open_year and last.month:
        over_new_year = (first.month, first.day) > (last.month, last.day or 99)
        first = in_year(first, ends.first.year - 1 if over_new_year else ends.first.year)
    elif last.open_year and first.month:
        over_new_year = (last.month, last.day or 99) < (first.month, first.day)
        last = in_year(last, begins.first.year + 1 if over_new_year else begins.first.year)
    elif first.weekday >= 0 and last.weekday >= 0 and not first.month and not last.month:
        day = cal.day(cal.weekday_on_or_before(ends.first, first.weekday))
        first = replace(first, stretch=day, reason=f"the nearest before {ends.first}, where the range ends")
    return first, last


def window(ctx: Context, i: int) -> Reading | None:
    """``the past two weeks``, ``over the next six months``, ``the last few days``, ``the coming weeks``."""
    words = ctx.words
    j = i + 1 if words[i] in ("the", "these", "this") else i
    word = words[j]
    back = word in LAST
    if word == "recent" or (word == "coming" and UNITS.get(words[j + 1]) and words[j + 1].endswith("s")):
        return _indefinite(i, j, ctx)
    if not back and word not in NEXT and word not in BEFORE:
        return None
    told = _count_and_unit(ctx, j + 1)
    if told is None:
        return _single(ctx, i, j, back)
    end, count, unit = told
    if word in BEFORE:
        return refused(i, end, EVENT_ANCHOR, "range", _period(count, unit))
    return _rolling(ctx, i, end, count, unit, back)


def _indefinite(i: int, j: int, ctx: Context) -> Reading | None:
    if ctx.words[j] == "recent" and UNITS.get(ctx.words[j + 1]) and ctx.words[j + 1].endswith("s"):
        return refused(i, j + 2, "recent, but not told how much so", "vague", "PAST_REF")
    if ctx.words[j] == "coming":
        return refused(i, j + 2, "ahead, but not told how far", "vague", "FUTURE_REF")
    return None


def _single(ctx: Context, i: int, j: int, back: bool) -> Reading | None:
    """``the past year``, ``over the last month``, ``the past decade``: one unit, counted from publication."""
    word, unit = ctx.words[j], UNITS.get(ctx.words[j + 1])
    if (
        unit is None
        or ctx.words[j + 2] == "of"
        or ctx.words[j + 1].endswith("s")
        or unit in ("weekend", "night", "season", "second", "quarter")
    ):
        return None
    over = ctx.prev(i) in ("over", "in", "during", "within", "for", "throughout")
    if not (word in ("past", "coming") or (word in ("last", "next") and words_the(ctx, i) and over)):
        return None
    if word == "coming" and not over:
        return None
    return _rolling(ctx, i, j + 2, 1.0, unit, back)


def words_the(ctx: Context, i: int) -> bool:
    """Whether the article stands at token ``i``."""
    return ctx.words[i] == "the"


def _count_and_unit(ctx: Context, j: int) -> tuple[int, float | None, str] | None:
    """``two weeks``, ``15 consecutive months``, ``few days``: where it ends, how many, which unit."""
    words = ctx.words
    count: float | None
    if words[j] in FEW:
        if words[j] == "many" and ctx.prev(j) in ("as", "how", "so"):
            return None
        count, k = None, j + 1
        if words[j] == "couple" and words[k] == "of":
            k += 1
    else:
        told = number(ctx, j)
        if told is None or words[j] in ("a", "an"):
            return None
        k, count = told
    if words[k] == "-":
        k += 1
    for _ in range(2):
        if words[k] in FILLERS:
            k += 1
    unit = UNITS.get(words[k])
    if unit is None or (unit == "second" and words[k] == "second"):
        return None
    return k + 1, count, unit


def _rolling(ctx: Context, i: int, end: int, count: float | None, unit: str, back: bool) -> Reading:
    """A window that reaches publication, begun as precisely as its unit says."""
    timex = _period(count, unit)
    if count is None:
        return refused(i, end, "a few, but not told how many", "range", timex)
    if ctx.published is None:
        return refused(i, end, NO_PUBLICATION, "range", timex)
    if count > _MOST_UNITS:
        return refused(i, end, OUT_OF_RANGE, "range", timex)
    other = _edge_of_window(ctx.published, count, unit, -1 if back else 1)
    if other is None:
        return refused(i, end, OUT_OF_RANGE, "range", timex)
    here = cal.day(ctx.published)
    found = cal.joined(other, here) if back else cal.joined(here, other)
    why = "counted back from publication" if back else "counted on from publication"
    return Reading(i, end, found, why, "range", timex)


def _edge_of_window(published: dt.date, count: float, unit: str, sign: int) -> Stretch | None:
    if unit in CLOCK_UNITS:
        hours = count * {"second": 1 / 3600, "minute": 1 / 60, "hour": 1.0}[unit]
        return shift(published, "day", sign * math.ceil(hours / 24))
    if unit in ("day", "night"):
        return shift(published, "day", sign * round(count))
    if unit in ("week", "weekend"):
        return shift(published, "day", sign * round(7 * count))
    if unit == "fortnight":
        return shift(published, "day", sign * round(14 * count))
    if unit in ("month", "quarter", "season"):
        return shift(published, "month", sign * round(count * (1 if unit == "month" else 3)))
    years = count * {"year": 1, "decade": 10, "century": 100}.get(unit, 1)
    return (
        shift(published, "year", sign * round(years))
        if years >= 1
        else shift(published, "month", sign * round(12 * years))
    )


def _period(count: float | None, unit: str) -> str:
    """A TIMEX3 period: ``P2W``, ``PT30M``, ``PXY`` where the count is not told."""
    if unit == "fortnight":
        return "PXW" if count is None else f"P{_plain(2 * count)}W"
    if unit == "decade" and count is not None:
        return f"P{_plain(10 * count)}Y"
    if unit == "century" and count is not None:
        return f"P{_plain(100 * count)}Y"
    return UNIT_CODES[unit].format("X" if count is None else _plain(count))


def _plain(count: float) -> str:
    return str(int(count)) if count == int(count) else f"{count:g}"


def counted(ctx: Context, i: int) -> Reading | None:
    """``three weeks ago``, ``two days earlier``, ``in two weeks``, ``27-year``; ages are skipped."""
    words = ctx.words
    j = i
    while j < i + 3 and words[j] in _APPROXIMATE:
        j += 1
    if (
        (words[j] in ("more", "less", "fewer") and words[j + 1] == "than")
        or (words[j] == "at" and words[j + 1] in ("least", "most"))
        or (words[j] == "up" and words[j + 1] == "to")
    ):
        j += 2
    told = _counted_unit(ctx, j)
    if told is None:
        return None
    end, count, unit = told
    follows = words[end]
    if follows in ("old", "olds") or (follows == "-" and words[end + 1] in ("old", "olds")):
        return Reading(i, end + 2 if follows == "-" else end + 1, None, "an age", "set", "AGE")
    period = _period(count, unit)
    if follows in ("ago", "back"):
        return _ago(ctx, i, end + 1, count, unit, -1)
    if follows == "hence" or (follows == "from" and words[end + 1] in ("now", "today")):
        return _ago(ctx, i, end + (1 if follows == "hence" else 2), count, unit, 1)
    if follows in ("earlier", "later", "before", "after", "afterwards", "since", "beforehand"):
        return _beside(ctx, i, end, count, unit, follows)
    if ctx.prev(i) in ("in", "within") and count is not None and unit not in CLOCK_UNITS:
        ahead = _ahead(ctx, i, end, count, unit, period)
        if ahead:
            return ahead
    return refused(i, end, _LENGTH, "duration", period)


def _counted_unit(ctx: Context, j: int) -> tuple[int, float | None, str] | None:
    words = ctx.words
    if words[j] in ("a", "an"):
        told = number(ctx, j)
        if told is None:
            return None
        k, count = told
        for _ in range(2):
            if words[k] in FILLERS:
                k += 1
        unit = UNITS.get(words[k])
        plain = unit and (count is None) == words[k].endswith("s")
        if not plain or (unit in ("second", "quarter", "season", "weekend", "night") and count is not None):
            return None
        if words[k + 1] == "and" and words[k + 2] == "a" and words[k + 3] == "half" and count is not None:
            return k + 4, count + 0.5, str(unit)
        return k + 1, count, str(unit)
    found = _count_and_unit(ctx, j)
    if found and found[2] in ("season", "weekend"):
        return None
    if found and found[2] == "quarter" and (words[found[0] - 1] == "quarter" or words[found[0]] == "of"):
        return None
    return found


def _ago(ctx: Context, i: int, end: int, count: float | None, unit: str, sign: int) -> Reading:
    """So many units before or after publication, as precise as the unit."""
    if count is None:
        return refused(i, end, "not told how many", "vague", "PAST_REF" if sign < 0 else "FUTURE_REF")
    if ctx.published is None:
        return refused(i, end, NO_PUBLICATION)
    if unit in CLOCK_UNITS:
        if unit == "hour" and count >= 24:
            found = shift(ctx.published, "day", sign * round(count / 24))
            return Reading(i, end, found, "hours counted from publication, to the day")
        return refused(i, end, "hours and minutes do not tell the day", "time-of-day")
    found = _counted_from(ctx.published, unit, count, sign)
    if found is None:
        return refused(i, end, OUT_OF_RANGE)
    return Reading(i, end, found, f"counted from publication, as precise as the {unit}")


def _counted_from(base: dt.date, unit: str, count: float, sign: int) -> Stretch | None:
    if count > _MOST_UNITS:
        return None
    if unit == "fortnight":
        return shift(base, "week", sign * round(2 * count))
    if unit == "night":
        return shift(base, "day", sign * round(count))
    if unit == "decade":
        return shift(base, "year", sign * round(10 * count))
    if unit == "century":
        return shift(base, "year", sign * round(100 * count))
    if count != int(count):
        if unit == "year":
            return shift(base, "month", sign * round(12 * count))
        return shift(base, "week" if unit == "month" else "day", sign * round(count * (4.35 if unit == "month" else 7)))
    return shift(base, unit, sign * int(count))


def _beside(ctx: Context, i: int, end: int, count: float | None, unit: str, word: str) -> Reading:
    """``two days earlier`` counts from the last date; ``two days after March 6`` from the next."""
    sign = -1 if word in ("earlier", "before", "beforehand") else 1
    period = _period(count, unit)
    if ctx.words[end + 1] == "than":
        return refused(i, end, "measured against a plan, not from a date", "duration", period)
    if word in ("before", "after"):
        inner = point(ctx, end + 1)
        if inner and inner.next > end + 1 and inner.stretch and count is not None and inner.stretch.grain == "day":
            found = _counted_from(inner.stretch.first, unit, count, sign)
            if found and unit not in CLOCK_UNITS:
                return Reading(i, inner.next, found, f"counted from {inner.stretch.value}", parts=(inner,))
        follows = ctx.words[end + 1]
        if follows.isalpha() and follows not in ("and", "but", "in", "at", "on"):
            return refused(i, end, EVENT_ANCHOR, "duration", period)
    if word == "since":
        return refused(i, end, _LENGTH, "duration", period)
    if count is None or unit in CLOCK_UNITS or count > _MOST_UNITS:
        return refused(i, end + 1, "it does not tell the day", "vague", "PAST_REF" if sign < 0 else "FUTURE_REF")
    steps = {"fortnight": 14, "decade": 10, "century": 100, "night": 1}.get(unit, 1) * count
    unit = {"fortnight": "day", "decade": "year", "century": "year", "night": "day"}.get(unit, unit)
    if steps != int(steps):
        return refused(i, end + 1, "it does not tell the day", "vague", "PAST_REF" if sign < 0 else "FUTURE_REF")
    return from_anchor(ctx, i, end + 1, unit, sign * int(steps), word)


def _ahead(ctx: Context, i: int, end: int, count: float, unit: str, period: str) -> Reading | None:
    """``in two weeks``, when the tense is the future; otherwise a length ("built in two weeks")."""
    tense, _ = ctx.tense(i, end)
    if tense != "future" or ctx.prev(i) != "in" or ctx.published is None:
        return None
    found = _counted_from(ctx.published, unit, count, 1)
    if found is None:
        return None
    return Reading(
        i,
        end,
        found,
        "counted on from publication, in the future tense",
        timex=period if unit == "second" else None,
    )


def so_far(ctx: Context, i: int) -> Reading | None:
    """``so far this year``, ``this year so far``, ``so far in 2021``: from its first day to publication."""
    words = ctx.words
    if words[i] != "so" or words[i + 1] != "far":
        return None
    j = i + 3 if words[i + 2] == "in" else i + 2
    inner = point(ctx, j)
    if inner is None or inner.next <= j or inner.kind != "date":
        return None
    return _to_date(ctx, i, inner.next, inner)


def _this_so_far(ctx: Context, reading: Reading) -> Reading:
    """The reading with "so far" after it taken in."""
    j = reading.next
    if ctx.words[j] == "so" and ctx.words[j + 1] == "far" and reading.kind == "date" and reading.named:
        return _to_date(ctx, reading.first, j + 2, reading)
    return reading


def _to_date(ctx: Context, i: int, end: int, inner: Reading) -> Reading:
    published, found = ctx.published, inner.stretch
    if published is None or found is None or not found.first <= published <= found.last:
        return inner.spanning(i, end)
    span = cal.days(found.first, published)
    return Reading(i, end, span, "from its first day to publication", "range", parts=(inner,))


def more_days(ctx: Context, last: Reading, i: int) -> Reading | None:
    """The "5" of "on March 3 and 5", read with the month before it."""
    if not last.day or last.stretch is None or last.kind != "date" or last.parts:
        return None
    j = i
    if ctx.words[j] == ",":
        j += 1
    if ctx.words[j] in ("and", "or"):
        j += 1
    value = day_number(ctx, j)
    if j == i or value <= last.day or month_number(ctx, j + 1)[0]:
        return None
    if ctx.words[j + 1] not in (".", ",", ";", ")", "and", "in", "at", "by", "", "\n"):
        return None
    if ctx.words[j + 1] in (".", ",") and ctx.words[j + 2].isdigit() and ctx.glued(j + 2):
        return None
    return resolve_day(ctx, j, j + 1, last.month, value, last.stretch.first.year)
