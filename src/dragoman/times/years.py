"""Years, decades and centuries, and the years of the Hijri calendars."""

from __future__ import annotations

from dragoman.times import calendar as cal
from dragoman.times.absolute import past_century, ranged
from dragoman.times.feasts import hijri_year, solar_year
from dragoman.times.reading import Context, Reading, refused, year_of
from dragoman.times.tokens import is_decade
from dragoman.times.words import COUNTED, DATING, LABELS, ORDINALS


def bare_year(ctx: Context, i: int) -> Reading | None:
    """A year alone, or the first of a pair such as ``2014-16``; None where it is a count or a label."""
    value = year_of(ctx, i)
    if not value or not _reads_as_year(ctx, i, value):
        return None
    pair = _year_pair(ctx, i, value)
    return pair or Reading(i, i + 1, cal.year(value), "year as written")


def _year_pair(ctx: Context, i: int, value: int) -> Reading | None:
    sign, after = ctx.words[i + 1], ctx.words[i + 2]
    if sign not in ("-", "–", "/") or not after.isdigit() or not after.isascii():
        return None
    if len(after) == 2 and ctx.glued(i + 1) and ctx.glued(i + 2):
        last = value // 100 * 100 + int(after)
    elif len(after) == 4:
        last = int(after)
    else:
        return None
    if not value < last <= value + 200:
        return None
    first = Reading(i, i + 1, cal.year(value), "year as written")
    second = Reading(i + 2, i + 3, cal.year(last), "year as written")
    return ranged(first, second, i, i + 3)


def _reads_as_year(ctx: Context, i: int, value: int) -> bool:
    before, after = ctx.prev(i), ctx.words[i + 1]
    if before in LABELS or after in COUNTED or after in ("%", "bc", "bce"):
        return False
    if before in ("-", "–", "/") and ctx.glued(i) and ctx.prev(i - 1) not in ("mid", "pre", "post", "early", "late"):
        return False
    if (
        after == "-"
        and ctx.glued(i + 1)
        and not ctx.words[i + 2].isdigit()
        and ctx.words[i + 2] in ("strong", "man", "member")
    ):
        return False
    if before in (
        "than",
        "nearly",
        "almost",
        "approximately",
        "some",
        "another",
        "least",
        "most",
        "over",
        "roughly",
    ):
        return False
    now = ctx.published.year if ctx.published else 2035
    if 1900 <= value <= now + 80:
        return True
    if 1700 <= value < 1900:
        return before in DATING or before in ("the", "(")
    return 1000 <= value < 1700 and before in (
        "in",
        "since",
        "by",
        "until",
        "from",
        "between",
        "year",
        "circa",
    )


def apostrophe_year(ctx: Context, i: int) -> Reading | None:
    """``'82``: the last such year that publication has seen."""
    digits = ctx.words[i][1:]
    if len(digits) != 2 or not digits.isdigit() or ctx.prev(i) not in DATING:
        return None
    if ctx.published is None:
        return refused(i, i + 1, "a year of two figures, and the publication date is not known")
    return Reading(i, i + 1, cal.year(past_century(int(digits), ctx.published.year)), "the last such year")


def decade(ctx: Context, i: int) -> Reading | None:
    """``1990s``, ``the '90s``, ``90s``."""
    word = ctx.words[i]
    if not is_decade(word):
        return None
    digits = word.strip("'’‘`s")
    if len(digits) == 4:
        return Reading(i, i + 1, cal.decade(int(digits)), "decade as written")
    if ctx.prev(i) in ("his", "her", "their", "my", "your", "-"):
        return None  # an age, "in his 80s", or the name of a thing
    now = ctx.published.year if ctx.published else None
    if now is None:
        return refused(i, i + 1, "a decade of two figures, and the publication date is not known")
    return Reading(i, i + 1, cal.decade(past_century(int(digits), now)), "the last such decade")


def century(ctx: Context, i: int) -> Reading | None:
    """``19th century``, ``nineteenth-century``, ``19th century BC`` (refused)."""
    value = ORDINALS.get(ctx.words[i], 0)
    j = i + 2 if ctx.words[i + 1] == "-" else i + 1
    if not value or ctx.words[j] not in ("century", "centuries") or value > 30:
        return None
    if ctx.words[j + 1] in ("bc", "bce"):
        return refused(i, j + 2, "before the common era, which these dates cannot write")
    return Reading(i, j + 1, cal.century(value), "century as written")


# Names of a calendar that suffice alone, and those that need "year" or "calendar" beside them.
_SURE = {
    "sh": "solar",
    "shamsi": "solar",
    "ah": "lunar",
    "a.h": "lunar",
    "hijri": "lunar",
    "hijra": "lunar",
    "qamari": "lunar",
}
_UNSURE = {
    "solar": "solar",
    "iranian": "solar",
    "persian": "solar",
    "afghan": "solar",
    "lunar": "lunar",
    "islamic": "lunar",
    "muslim": "lunar",
}


def other_calendar(ctx: Context, i: int) -> Reading | None:
    """``1400 AH``, ``AH 1400``, ``1401 solar year``, ``Solar Hijri year 1401``, ``1401 SH``."""
    words = ctx.words
    value = year_of(ctx, i)
    if value:
        j = i + 3 if words[i + 1] in ("in", "of") and words[i + 2] == "the" else i + 1
        named, j = _calendar_name(ctx, j)
    elif words[i] in _SURE or words[i] in _UNSURE:
        named, k = _calendar_name(ctx, i)
        value, j = year_of(ctx, k), k + 1
    else:
        return None
    return _other_year(i, j, value, named) if named and value else None


def _calendar_name(ctx: Context, i: int) -> tuple[str, int]:
    """``solar`` or ``lunar`` and where the calendar's name ends, else the empty string."""
    kind, sure, j = "", False, i
    while j < i + 4:
        word = ctx.words[j]
        if word in ("ah", "sh") and ctx.raw(j) != word.upper():
            break
        if word in _UNSURE:
            kind = kind or _UNSURE[word]
        elif word in _SURE:
            kind, sure = "solar" if kind == "solar" else _SURE[word], True
        elif word in ("year", "calendar") and kind:
            sure = True
        elif not (word == "." and ctx.prev(j) == "a.h" and ctx.glued(j)):
            break
        j += 1
    return (kind if sure else ""), j


def _other_year(i: int, j: int, value: int, named: str) -> Reading | None:
    if named == "solar":
        found = solar_year(value)
        why = f"Solar Hijri year {value}, from Nowruz to the eve of the next"
    else:
        found = hijri_year(value)
        why = f"lunar Hijri year {value}, by the tabular calendar, to the month"
    return Reading(i, j, found, why) if found else None
