"""Days of the Hijri calendars: ``22 Bahman 1403``, ``Ramadan 12, 1445``."""

from __future__ import annotations

import datetime as dt

from dragoman.times import calendar as cal
from dragoman.times.feasts import islamic, nowruz
from dragoman.times.reading import Context, Reading, refused, year_of

# Months of the Solar Hijri year: six of 31 days, five of 30, and Esfand.
_SOLAR = {
    name: number
    for number, names in enumerate(
        (
            ("farvardin",), ("ordibehesht",), ("khordad",), ("tir",), ("mordad", "amordad"), ("shahrivar",),
            ("mehr",), ("aban",), ("azar",), ("dey",), ("bahman",), ("esfand",),
        ),
        1,
    )
    for name in names
}  # fmt: skip
# Months of the lunar year, as their tokens.
_LUNAR: dict[tuple[str, ...], int] = {
    name: number
    for number, names in enumerate(
        (
            (("muharram",),),
            (("safar",),),
            (("rabi", "al", "-", "awwal"), ("rabi", "i")),
            (("rabi", "al", "-", "thani"), ("rabi", "ii")),
            (("jumada", "al", "-", "awwal"), ("jumada", "al", "-", "ula"), ("jumada", "i")),
            (("jumada", "al", "-", "thani"), ("jumada", "al", "-", "akhirah"), ("jumada", "ii")),
            (("rajab",),),
            (("shaban",), ("sha'ban",)),
            (("ramadan",), ("ramzan",)),
            (("shawwal",),),
            (("dhu", "al", "-", "qadah"), ("dhul", "qadah")),
            (("dhu", "al", "-", "hijjah"), ("dhul", "hijjah")),
        ),
        1,
    )
    for name in names
}
_LONGEST = max(map(len, _LUNAR))


def hijri_day(ctx: Context, i: int) -> Reading | None:
    """``22 Bahman 1403``, ``Bahman 22, 1403``, ``12 Ramadan 1445``, ``12th of Ramadan``; refused without a year."""
    day, j = _day(ctx, i)
    if day and ctx.words[j] == "of":
        j += 1
    month, j = _month(ctx, j)
    if not month:
        return None
    if not day:
        day, j = _day(ctx, j)
        if not day:
            return None
    k = j + 1 if ctx.words[j] == "," else j
    year = year_of(ctx, k)
    if not year:
        return refused(i, j, "a day of a Hijri month whose year is not told")
    return _told(i, k + 1, year, month, day)


def _day(ctx: Context, i: int) -> tuple[int, int]:
    word = ctx.words[i].removesuffix("th").removesuffix("st").removesuffix("nd").removesuffix("rd")
    value = int(word) if word.isascii() and word.isdigit() and len(word) < 3 else 0
    return (value, i + 1) if 1 <= value <= 31 else (0, i)


def _month(ctx: Context, i: int) -> tuple[int, int]:
    """The month named at token ``i``, with a capital: negative for solar ones, and where its name ends; else 0."""
    if not ctx.capital(i):
        return 0, i
    if number := _SOLAR.get(ctx.words[i]):
        return -number, i + 1
    for size in range(_LONGEST, 0, -1):
        if number := _LUNAR.get(tuple(ctx.words[i : i + size])):
            return number, i + size
    return 0, i


def _told(i: int, j: int, year: int, month: int, day: int) -> Reading:
    if month < 0 and 1178 <= year <= 1500:
        month = -month
        before = (month - 1) * 31 - max(0, month - 7)
        found = nowruz(year + 621) + dt.timedelta(days=before + day - 1)
        if day <= (31 if month <= 6 else 30) and found < nowruz(year + 622):
            return Reading(i, j, cal.day(found), f"Solar Hijri date of the year {year}")
    elif month >= 1 and 1300 <= year <= 1600 and day <= 30:
        why = f"lunar Hijri date of the year {year}, by the tabular calendar, which may be a day off"
        return Reading(i, j, cal.day(islamic(year, month, day)), why)
    return refused(i, j, "no such day of a Hijri year")
