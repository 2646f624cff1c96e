"""One date from first word to last: the choice among the rules, and what may be wrapped round a date."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from dragoman.times import absolute, feastdays, hijri, relative, years
from dragoman.times import calendar as cal
from dragoman.times.calendar import Stretch
from dragoman.times.pointing import EVENT_ANCHOR, own_unit, pointing
from dragoman.times.reading import (
    NO_PUBLICATION,
    OUT_OF_RANGE,
    Context,
    Mod,
    Reading,
    number,
    refused,
    year_of,
)
from dragoman.times.words import (
    BEFORE,
    DAY_PARTS,
    EARLY,
    EDGES,
    MONTHS,
    ORDINALS,
    SEASONS,
    SHORT_WEEKDAYS,
    UNITS,
    WEEKDAYS,
)

_ONE_DAY = dt.timedelta(days=1)


def point(ctx: Context, i: int, depth: int = 0) -> Reading | None:
    """The date that begins at token ``i``, with its "early", "end of" or "first half of", else None."""
    word = ctx.words[i]
    if depth < 3:
        lead = _edge(ctx, i, depth) or _modified(ctx, i, depth) or _ordinal_part(ctx, i, depth)
        if lead:
            return lead
        if word == "the" or word in DAY_PARTS or word == "early":
            told = relative.day_part_of(ctx, i)
            if told:
                day = point(ctx, told[0], 3)
                if day and day.stretch and day.stretch.grain == "day":
                    timex = f"{day.stretch.value}{told[1]}"
                    return replace(day, first=i, kind="time-of-day", timex=timex)
    found = _base(ctx, i)
    if found is None:
        return None
    found = relative.month_in_year(ctx, found)
    return relative.with_day_part(ctx, found)


def _base(ctx: Context, i: int) -> Reading | None:
    words = ctx.words
    word = words[i]
    if word == "the":
        return _after_the(ctx, i)
    if word in WEEKDAYS:
        return feastdays.feast(ctx, i) or relative.weekday(ctx, i)
    if word in SHORT_WEEKDAYS:
        return relative.weekday(ctx, i)
    if word in MONTHS:
        return feastdays.feast(ctx, i) or absolute.month_first(ctx, i)
    found: Reading | None = None
    if "0" <= word[:1] <= "9":
        found = _figure(ctx, i)
    elif word in SEASONS:
        found = _season(ctx, i, i)
    elif word[:1] in ("'", "’", "‘", "`") and len(word) > 1:
        found = years.apostrophe_year(ctx, i) or years.decade(ctx, i)
    return (
        found
        or relative.today(ctx, i)
        or relative.this_last_next(ctx, i)
        or pointing(ctx, i)
        or _quarter(ctx, i)
        or hijri.hijri_day(ctx, i)
        or feastdays.feast(ctx, i)
        or _fiscal(ctx, i)
        or years.other_calendar(ctx, i)
        or absolute.day_first(ctx, i)
        or years.century(ctx, i)
        or _anniversary(ctx, i, i)
    )


def _figure(ctx: Context, i: int) -> Reading | None:
    if ctx.words[i] == "9/11":
        return Reading(i, i + 1, cal.day(dt.date(2001, 9, 11)), "the day known by its numbers")
    return (
        absolute.written(ctx, i)
        or hijri.hijri_day(ctx, i)
        or absolute.day_first(ctx, i)
        or years.other_calendar(ctx, i)
        or _fiscal(ctx, i)
        or years.bare_year(ctx, i)
        or years.decade(ctx, i)
    )


def _after_the(ctx: Context, i: int) -> Reading | None:
    """A date that begins with "the": the article belongs to it."""
    j = i + 1
    words = ctx.words
    word = words[j]
    found = (
        relative.today(ctx, i)
        or relative.the_weekend(ctx, i)
        or _anniversary(ctx, i, j)
        or relative.before_last(ctx, i)
        or _named_unit(ctx, i)
        or pointing(ctx, i)
        or relative.this_last_next(ctx, i)
    )
    if found:
        return found
    inner: Reading | None = None
    if words[j + 1] == "of" and absolute.day_number(ctx, j):
        told = _day_of(ctx, i, j)
        if told:
            return told
    if word in SEASONS:
        inner = _season(ctx, i, j)
    elif "0" <= word[:1] <= "9" and not word.isdigit():
        inner = years.decade(ctx, j) or absolute.day_first(ctx, j) or years.century(ctx, j)
        inner = inner or _quarter(ctx, j)
    elif word in ORDINALS:
        inner = absolute.day_first(ctx, j) or years.century(ctx, j) or _quarter(ctx, j)
    elif word[:1] in ("'", "’", "‘", "`"):
        inner = years.decade(ctx, j)
    elif word not in WEEKDAYS and word not in MONTHS:
        inner = feastdays.feast(ctx, j) or _quarter(ctx, j) or years.other_calendar(ctx, j)
    return inner.spanning(i, inner.next) if inner else None


def _day_of(ctx: Context, i: int, j: int) -> Reading | None:
    """``the 15th of next month``, ``the first of this month``."""
    month = relative.this_last_next(ctx, j + 2)
    if month is None or month.stretch is None or month.stretch.grain != "month":
        return None
    first = month.stretch.first
    return absolute.resolve_day(ctx, i, month.next, first.month, absolute.day_number(ctx, j), first.year)


def _named_unit(ctx: Context, i: int) -> Reading | None:
    """``the year 2014``, ``the month of May``, ``the week of March 6``."""
    unit, j = ctx.words[i + 1], i + 2
    if unit == "year" and year_of(ctx, j):
        return Reading(i, j + 1, cal.year(year_of(ctx, j)), "year as written")
    if unit not in ("week", "month", "year", "summer", "weekend") or ctx.words[j] not in (
        "of",
        "ending",
        "beginning",
        "starting",
    ):
        return None
    inner = _base(ctx, j + 1) if ctx.words[j + 1] not in ("the", "that") else None
    if inner is None or inner.stretch is None:
        return inner.spanning(i, inner.next) if inner and inner.month else None
    if unit == "week" and inner.stretch.grain == "day":
        return replace(inner, first=i, stretch=cal.week(inner.stretch.first), reason="the week of that day", month=0)
    if unit == "weekend" and inner.stretch.grain == "day":
        return replace(
            inner,
            first=i,
            stretch=cal.weekend(inner.stretch.first),
            reason="the weekend of that week",
            month=0,
        )
    return inner.spanning(i, inner.next) if unit == inner.stretch.grain else None


def _edge(ctx: Context, i: int, depth: int) -> Reading | None:
    """``the end of the year``, ``the start of 2020``, ``year-end``: the whole, marked with its part."""
    words = ctx.words
    j = i + 1 if words[i] == "the" else i
    if words[j] == "very":
        j += 1
    mod: Mod | None = EDGES.get(words[j])  # type: ignore[assignment]
    if mod and words[j + 1] == "of":
        return _whole(ctx, i, j + 2, mod, depth)
    if words[j] == "year" and words[j + 1] in ("-", "'s", "’s") and words[j + 2] == "end":
        return replace(own_unit(ctx, i, j + 3, "year"), mod="END")
    return None


def _whole(ctx: Context, i: int, j: int, mod: Mod, depth: int) -> Reading | None:
    """The date or "the year" at ``j``, marked ``mod``."""
    unit = UNITS.get(ctx.words[j + 1]) if ctx.words[j] == "the" else None
    if unit in ("day", "week", "weekend", "month", "quarter", "year", "decade", "century"):
        inner: Reading | None = own_unit(ctx, i, j + 2, unit)
    else:
        inner = point(ctx, j, depth + 1)
    if inner is None or inner.next <= j or inner.kind not in ("date", "time-of-day"):
        return None
    reason = f"{inner.reason}; the {_MOD_NAMES[mod]} of it, which has no exact bounds"
    return replace(inner, first=i, mod=inner.mod or mod, reason=reason)


_MOD_NAMES: dict[Mod, str] = {"START": "early part", "MID": "middle", "END": "late part"}


def _modified(ctx: Context, i: int, depth: int) -> Reading | None:
    """``early 2020``, ``mid-March``, ``late last year``, ``earlier on Friday``, ``later in the day``."""
    words = ctx.words
    j = i + 1 if words[i] == "the" else i
    mod: Mod | None = EARLY.get(words[j])  # type: ignore[assignment]
    if mod is None:
        return None
    k = j + 1
    if words[k] in ("-", "–", "in", "on"):
        k += 1
    if words[k] == "or":
        return None
    inner = _whole(ctx, i, k, mod, depth)
    if inner and words[j] in ("earlier", "later"):
        # "earlier on Friday" is before now, not at the start of Friday.
        return replace(inner, mod=None, reason=inner.reason.partition("; the ")[0])
    return inner


_LAST_PARTS = frozenset({"last", "final", "closing"})


def _ordinal_part(ctx: Context, i: int, depth: int) -> Reading | None:
    """``the first half of 2024``, ``the last week of March``, ``the first Monday of May``."""
    words = ctx.words
    j = i + 1 if words[i] == "the" else i
    word = words[j]
    which = -1 if word in _LAST_PARTS else 1 if word == "opening" else ORDINALS.get(word, 0)
    if word == "latter":
        which = 2
    if not which or words[j + 2] not in ("of", "in"):
        return None
    unit_word = words[j + 1]
    if (
        unit_word not in ("half", "week", "day", "weekend", "month", "days", "weeks", "months")
        and unit_word not in WEEKDAYS
    ):
        return None
    k = j + 3
    unit = UNITS.get(words[k + 1]) if words[k] == "the" else None
    if unit in ("month", "year", "week", "decade", "century"):
        whole: Reading | None = own_unit(ctx, i, k + 2, unit)
    else:
        whole = point(ctx, k, depth + 1)
    if whole is None or whole.next <= k:
        return None
    if whole.stretch is None:
        return whole.spanning(i, whole.next)
    found = _part(whole.stretch, which, unit_word)
    if found is None:
        return None
    return Reading(i, whole.next, found, f"that part of {whole.stretch.value}")


def _part(whole: Stretch, which: int, unit: str) -> Stretch | None:
    """The nth half, week, weekday, day or month of a stretch; None where it has none such."""
    if unit == "half":
        return _half(whole, 2 if which < 0 else which)
    if unit.endswith("s"):
        return replace(whole, grain="span")  # "the first days of March": no exact bounds
    if unit == "month" and whole.grain == "year":
        number_ = 12 if which < 0 else which
        return cal.month(whole.first.year, number_) if number_ <= 12 else None
    size = {"week": 7, "day": 1}.get(unit)
    if size:
        first = whole.last - _ONE_DAY * (size - 1) if which < 0 else whole.first + _ONE_DAY * size * (which - 1)
        last = first + _ONE_DAY * (size - 1)
        if first > whole.last or first < whole.first:
            return None
        year, number_, _ = (first + _ONE_DAY * (size // 2)).isocalendar()
        return cal.days(first, min(last, whole.last), f"{year:04}-W{number_:02}" if size == 7 else None)
    wanted = WEEKDAYS.get(unit, 5)
    if which < 0:
        date = cal.weekday_on_or_before(whole.last, wanted)
    else:
        date = cal.weekday_on_or_after(whole.first, wanted) + dt.timedelta(days=7 * (which - 1))
    if not whole.first <= date <= whole.last:
        return None
    return cal.weekend(date) if unit == "weekend" else cal.day(date)


def _half(whole: Stretch, which: int) -> Stretch | None:
    if which not in (1, 2):
        return None
    if whole.grain == "year":
        return cal.half(whole.first.year, which)
    if whole.grain == "month":
        middle = whole.first.replace(day=15)
        return cal.days(whole.first, middle) if which == 1 else cal.days(middle + _ONE_DAY, whole.last)
    length = (whole.last.year - whole.first.year + 1) // 2
    if whole.grain in ("decade", "century"):
        first = cal.year(whole.first.year + (which - 1) * length)
        return cal.joined(first, cal.year(first.first.year + length - 1))
    return None


def _quarter(ctx: Context, i: int) -> Reading | None:
    """``Q1 2024``, ``first quarter of 2024``, ``third-quarter``, ``final quarter of last year``, ``H1``."""
    words = ctx.words
    word = words[i]
    halves = False
    if len(word) == 2 and word[0] in "qh" and word[1] in "1234":
        which, j, halves = int(word[1]), i + 1, word[0] == "h"
    else:
        which = 4 if word in ("final", "last", "closing") else ORDINALS.get(word, 0)
        j = i + 2 if words[i + 1] == "-" else i + 1
        if not 1 <= which <= 4 or words[j] != "quarter":
            return None
        j += 1
    if words[j] == "-" and ctx.glued(j):
        return None
    k = j + 1 if words[j] in ("of", ",", "in") else j
    if words[k] == "fiscal":
        return refused(i, k + 1, "a fiscal year differs by country")
    year, end = _year_at(ctx, k, words[j] in ("of", "in"))
    if year is not None:
        found = cal.half(year, which) if halves else cal.quarter(year, which)
        return Reading(i, end, found, "that quarter of the calendar year" if not halves else "half of the year")
    if word == "last" or halves:
        return None
    if ctx.published is None:
        return refused(i, j, NO_PUBLICATION)
    tense, _ = ctx.tense(i, j)
    options = [cal.quarter(ctx.published.year + step, which) for step in (-1, 0, 1)]
    if tense == "future":
        found = next(option for option in options if option.last >= ctx.published)
    else:
        found = [option for option in options if option.first <= ctx.published][-1]
    return Reading(i, j, found, "no year is told: the nearest by the tense")


def _year_at(ctx: Context, k: int, after_of: bool) -> tuple[int | None, int]:
    """A year at token ``k``, written or as "last year" or "the year", and where it ends."""
    year = year_of(ctx, k)
    if year:
        return year, k + 1
    word, after = ctx.words[k], ctx.words[k + 1]
    if ctx.published and after == "year":
        if word in ("last", "this", "next"):
            return ctx.published.year + {"last": -1, "this": 0, "next": 1}[word], k + 2
        if word == "the" and after_of:
            return ctx.published.year, k + 2
        if word == "that":
            anchor = ctx.nearby(k)
            return (anchor.first.year, k + 2) if anchor else (None, k)
    if word == "the" and after in BEFORE and ctx.words[k + 2] == "year":
        anchor = ctx.nearby(k)
        return (anchor.first.year - 1, k + 3) if anchor else (None, k)
    return None, k


def _season(ctx: Context, i: int, j: int) -> Reading | None:
    """``summer 2014``, ``the spring of last year``, ``the winter``; a bare "fall" is no season."""
    code = SEASONS[ctx.words[j]]
    if ctx.prev(j) in ("arab", "prague", "hot"):
        return None
    k = j + 1
    of = ctx.words[k] in ("of", "in", ",")
    year, end = _year_at(ctx, k + 1 if of else k, of)
    if year is not None:
        return Reading(i, end, cal.season(year, code), "northern hemisphere, by whole months")
    if (
        ctx.words[k] in ("of", "-")
        or i == j
        or ctx.prev(i) not in ("in", "for", "during", "since", "by", "until", "over", "through", "of")
    ):
        return None
    return _bare_season(ctx, i, j + 1, code)


def _bare_season(ctx: Context, i: int, j: int, code: str) -> Reading:
    if ctx.published is None:
        return refused(i, j, NO_PUBLICATION)
    options = [cal.season(ctx.published.year + step, code) for step in (-2, -1, 0, 1)]
    tense, _ = ctx.tense(i, j)
    if tense == "future":
        found = next(option for option in options if option.last >= ctx.published)
    elif tense == "past":
        found = [option for option in options if option.first <= ctx.published][-1]
    else:
        return refused(i, j, "no year is told and the tense is not clear")
    return Reading(i, j, found, "no year is told: the nearest by the tense (northern hemisphere)")


def _fiscal(ctx: Context, i: int) -> Reading | None:
    """``fiscal 2021``, ``the 2021 financial year``, ``FY2021``: refused, since its days differ by country."""
    words = ctx.words
    word = words[i]
    why = "a fiscal year differs by country"
    if word[:2] == "fy" and word[2:].isdigit():
        return refused(i, i + 1, why, timex=word.upper() if len(word) == 6 else None)
    if word in ("fiscal", "financial"):
        j = i + 2 if words[i + 1] == "year" else i + 1
        value = year_of(ctx, j)
        if value and (word == "fiscal" or j == i + 2):
            return refused(i, j + 1, why, timex=f"FY{value}")
        return refused(i, j, why) if j == i + 2 and ctx.prev(i) in ("the", "this", "last", "next", "current") else None
    value = year_of(ctx, i)
    if value and words[i + 1] in ("fiscal", "financial") and words[i + 2] == "year":
        return refused(i, i + 3, why, timex=f"FY{value}")
    return None


def _anniversary(ctx: Context, i: int, j: int) -> Reading | None:
    """``the third anniversary of March 6, 2019``; of an event it is refused."""
    words = ctx.words
    count = float(ORDINALS.get(words[j], 0))
    k = j + 1
    if not count:
        told = number(ctx, j)
        if told is None or not told[1]:
            return refused(i, j + 1, EVENT_ANCHOR) if words[j] == "anniversary" and i < j else None
        k, count = told[0], told[1]
        if words[k] == "-":
            k += 1
        if words[k] == "year":
            k += 1
    if words[k] != "anniversary":
        return None
    if words[k + 1] == "of":
        start = k + 3 if words[k + 2] == "the" else k + 2
        inner = _base(ctx, start)
        if inner and inner.stretch and inner.stretch.grain == "day":
            origin = inner.stretch.first
            try:
                found = cal.day(cal.add_months(origin, 12 * int(count)))
            except (ValueError, OverflowError):
                return refused(i, inner.next, OUT_OF_RANGE)
            return Reading(i, inner.next, found, f"{int(count)} years after {origin}")
    return refused(i, k + 1, EVENT_ANCHOR)
