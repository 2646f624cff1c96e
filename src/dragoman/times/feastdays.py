"""Feasts in a text: Ramadan, Easter and the like, in the year told or the one that the tense gives."""

from __future__ import annotations

import datetime as dt

from dragoman.times.calendar import Stretch
from dragoman.times.feasts import FEASTS, LONGEST_NAME, MOON_NOTE, falls, in_hijri_year
from dragoman.times.reading import NO_PUBLICATION, Context, Reading, refused, year_of
from dragoman.times.words import listed

# A feast before one of these is a kind of thing ("Christmas gift", "Good Friday Agreement").
_FEAST_THINGS = listed(
    """
    gift gifts present presents tree trees card cards egg eggs carol carols dinner party island
    agreement accord accords lights market markets war
    """
)
# A feast told with no year and no tense is taken for the one this near to publication, else refused.
_FEAST_NEAR = 60


def feast_name(ctx: Context, i: int) -> tuple[str, ...] | None:
    """The feast named at token ``i`` (the longest name that fits), with a capital."""
    if not ctx.capital(i):
        return None
    for size in range(LONGEST_NAME, 0, -1):
        name = tuple(ctx.words[i : i + size])
        if name in FEASTS:
            return name
    return None


def feast(ctx: Context, i: int) -> Reading | None:
    """``Ramadan``, ``Easter 2021``, ``Ramadan last year``: in the year told, else by the tense."""
    name = feast_name(ctx, i)
    if not name:
        return None
    j = i + len(name)
    if ctx.words[j] in _FEAST_THINGS:
        return None
    k = j + 1 if ctx.words[j] in (",", "of", "in") else j
    year = year_of(ctx, k)
    if year:
        return feast_in(i, k + 1, name, year)
    if ctx.words[k] in ("last", "this", "next") and ctx.words[k + 1] == "year" and ctx.published:
        step = {"last": -1, "this": 0, "next": 1}[ctx.words[k]]
        return feast_in(i, k + 2, name, ctx.published.year + step)
    return _nearest_feast(ctx, i, j, name)


def feast_in(i: int, j: int, name: tuple[str, ...], year: int) -> Reading:
    """The feast in a year that is known; refused if it fell twice in it, or the table does not reach it."""
    found = in_hijri_year(name, year) if 1300 <= year <= 1500 else falls(name, year)
    label = " ".join(name).replace(" - ", "-").replace(" '", "'").replace(" ’", "’").title()
    if len(found) != 1:
        why = "began twice in" if found else "is not in the table for"
        return refused(i, j, f"{label} {why} {year}")
    note = f", {MOON_NOTE}" if FEASTS[name][1] else ""
    return Reading(i, j, found[0], f"{label} of {year}{note}")


def _nearest_feast(ctx: Context, i: int, j: int, name: tuple[str, ...]) -> Reading:
    published = ctx.published
    if published is None:
        return refused(i, j, "no year is told and the publication date is not known")
    options = [found for step in (-1, 0, 1) for found in falls(name, published.year + step)]
    note = f", {MOON_NOTE}" if FEASTS[name][1] else ""
    tense, _ = ctx.tense(i, j)
    if tense == "past":
        back = [option for option in options if option.first <= published]
        if back:
            return Reading(i, j, back[-1], f"the last one, in the past tense{note}")
    elif tense == "future":
        ahead = [option for option in options if option.last >= published]
        if ahead:
            return Reading(i, j, ahead[0], f"the next one, in the future tense{note}")
    near = [option for option in options if distance(option, published) <= _FEAST_NEAR]
    if len(near) == 1:
        return Reading(i, j, near[0], f"the one near publication{note}")
    return refused(i, j, "no year is told, and none lies near publication")


def stepped_feast(ctx: Context, i: int, j: int, step: int) -> Reading | None:
    name = feast_name(ctx, j)
    if not name:
        return None
    k = j + len(name)
    published = ctx.published
    if published is None:
        return refused(i, k, NO_PUBLICATION)
    if step == 0:
        return feast_in(i, k, name, published.year)
    options = [found for move in (-2, -1, 0, 1, 2) for found in falls(name, published.year + move)]
    if step < 0:
        back = [option for option in options if option.last < published]
        found = back[-1] if back else None
    else:
        found = next((option for option in options if option.first > published), None)
    if found is None:
        return refused(i, k, "the table does not reach that year")
    return Reading(i, k, found, f"the {'last' if step < 0 else 'next'} one")


def distance(stretch: Stretch, date: dt.date) -> int:
    """Days between a date and a stretch, 0 inside it."""
    if stretch.first <= date <= stretch.last:
        return 0
    return min(abs((stretch.first - date).days), abs((stretch.last - date).days))
