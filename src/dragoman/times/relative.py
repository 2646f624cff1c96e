"""Dates told from where the writer stands: weekdays, today, this and last and next, ago and from now."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from dragoman.times import calendar as cal
from dragoman.times.absolute import (
    day_first,
    in_year,
    month_first,
    month_number,
    resolve_day,
)
from dragoman.times.feastdays import distance, feast_in, feast_name, stepped_feast
from dragoman.times.reading import NO_PUBLICATION, OUT_OF_RANGE, Context, Reading, refused, shift, year_of
from dragoman.times.words import (
    BEFORE,
    DAY_PARTS,
    LAST,
    NEXT,
    SEASONS,
    SHORT_WEEKDAYS,
    TODAY_WORDS,
    UNITS,
    WEEKDAYS,
    listed,
)

# A weekday after one of these is the name of an event ("Bloody Sunday"), before one of those of a paper.
_EVENT_DAYS = listed(
    """
    black bloody good palm ash maundy shrove easter super cyber red blue fat holy
    """
)
_PAPERS = listed(
    """
    times telegraph mail mirror express herald independent tribune world post sun star
    """
)
_ONE_DAY = dt.timedelta(days=1)
SMALL_HOURS_NOTE = "; published in the first hours of the day in UTC, so it may be the day before where it was written"


def weekday(ctx: Context, i: int) -> Reading | None:
    """``Friday``, ``Friday, March 6``, ``Friday (Dec. 13)``, ``Friday last week``."""
    word = ctx.words[i]
    wanted = WEEKDAYS.get(word, -1)
    short = wanted < 0
    if short:
        wanted = SHORT_WEEKDAYS.get(word, -1)
    if wanted < 0 or not ctx.capital(i):
        return None
    if ctx.prev(i) in _EVENT_DAYS or (ctx.words[i + 1] in _PAPERS and ctx.capital(i + 1)):
        return None
    dated = _with_date(ctx, i, wanted)
    if dated or short:
        return dated
    told = _in_week(ctx, i, wanted)
    return told or _nearest_weekday(ctx, i, i + 1, wanted)


def _with_date(ctx: Context, i: int, wanted: int) -> Reading | None:
    """A weekday with the date told right after it."""
    j = i + 1
    if ctx.words[j] == "." and ctx.glued(j):
        j += 1
    bracket = ctx.words[j] == "("
    if ctx.words[j] in (",", "(", "the"):
        j += 1
    if ctx.words[j] == "the":
        j += 1
    found = month_first(ctx, j) or day_first(ctx, j)
    if found is None or not found.day or found.parts:
        return None
    end = found.next
    if bracket and ctx.words[end] == ")":
        end += 1
    if found.open_year:
        return resolve_day(ctx, i, end, found.month, found.day, weekday=wanted)
    if found.stretch and found.stretch.first.weekday() != wanted:
        return replace(found, first=i, next=end, reason="date as written, though its weekday is another")
    return found.spanning(i, end)


def _in_week(ctx: Context, i: int, wanted: int) -> Reading | None:
    """``Monday last week``, ``Tuesday of this week``, ``Friday next week``."""
    j = i + 2 if ctx.words[i + 1] == "of" else i + 1
    if ctx.words[j + 1] != "week" or ctx.words[j] not in ("last", "this", "next"):
        return None
    if ctx.published is None:
        return refused(i, j + 2, NO_PUBLICATION)
    step = {"last": -1, "this": 0, "next": 1}[ctx.words[j]]
    found = shift(ctx.published, "week", step)
    if found is None:
        return refused(i, j + 2, OUT_OF_RANGE)
    return Reading(i, j + 2, cal.day(found.first + dt.timedelta(days=wanted)), "that day of the week told")


def _nearest_weekday(ctx: Context, i: int, j: int, wanted: int) -> Reading:
    """A weekday alone: the nearest by the tense; the day of publication counts if it is that weekday."""
    published = ctx.published
    if published is None:
        return replace(refused(i, j, NO_PUBLICATION), weekday=wanted)
    tense, told = ctx.tense(i, j)
    name = ctx.raw(i)
    known = ctx.weekdays.get(wanted)
    if known and not told and (tense is None or ctx.words[j] in ("'s", "’s")):
        # "Tuesday's talks", after "they will meet on Tuesday": the Tuesday that the text has told.
        return Reading(i, j, cal.day(known), f"the {name} told before, {known}", weekday=wanted)
    try:
        if tense in ("future", "present"):
            found = cal.weekday_on_or_after(published, wanted)
            why = f"the nearest {name} on or after {published}: the {tense} tense tells of what is to come"
        else:
            found = cal.weekday_on_or_before(published, wanted)
            lead = "in the past tense" if tense else "the tense is not clear, and news looks back"
            why = f"the nearest {name} on or before {published}: {lead}"
    except OverflowError:
        return refused(i, j, OUT_OF_RANGE)
    return Reading(i, j, cal.day(found), why, weekday=wanted)


def today(ctx: Context, i: int) -> Reading | None:
    """``today``, ``yesterday``, ``tomorrow``, ``the day before yesterday``, ``tonight``, ``overnight``."""
    words = ctx.words
    word = words[i]
    if word in TODAY_WORDS:
        return _from_today(ctx, i, i + 1, TODAY_WORDS[word])
    j = i + 1 if word == "the" else i
    if words[j] == "day" and words[j + 1] in ("before", "after") and words[j + 2] in ("yesterday", "tomorrow"):
        step = -2 if words[j + 2] == "yesterday" else 2
        if (words[j + 1] == "before") == (step < 0):
            return _from_today(ctx, i, j + 3, step)
        return None
    if word == "tonight":
        return _day_part(_from_today(ctx, i, i + 1, 0), "TNI")
    if word == "overnight":
        return _overnight(ctx, i)
    return None


def _overnight(ctx: Context, i: int) -> Reading:
    if ctx.published is None:
        return refused(i, i + 1, NO_PUBLICATION, "time-of-day")
    before = shift(ctx.published, "day", -1)
    if before is None:
        return refused(i, i + 1, OUT_OF_RANGE, "time-of-day")
    found = cal.days(before.first, ctx.published, f"{before.value}TNI")
    return Reading(i, i + 1, found, "the night before publication", "time-of-day")


def _from_today(ctx: Context, i: int, j: int, step: int) -> Reading:
    if ctx.published is None:
        return refused(i, j, NO_PUBLICATION)
    found = shift(ctx.published, "day", step)
    if found is None:
        return refused(i, j, OUT_OF_RANGE)
    why = "counted from the day of publication" + (SMALL_HOURS_NOTE if ctx.small_hours else "")
    return Reading(i, j, found, why)


def _day_part(reading: Reading, code: str) -> Reading:
    found = reading.stretch
    timex = f"{found.value}{code}" if found else None
    return replace(reading, kind="time-of-day", timex=timex)


def with_day_part(ctx: Context, reading: Reading) -> Reading:
    """The reading with the part of the day that follows a day: ``Friday night``, ``March 6 evening``."""
    found = reading.stretch
    if (found and found.grain != "day") or reading.kind != "date":
        return reading
    j = reading.next
    if ctx.words[j] in ("early", "late", "'s", "’s") and ctx.words[j + 1] in DAY_PARTS:
        j += 1
    code = DAY_PARTS.get(ctx.words[j])
    if not code or not (reading.day or reading.weekday >= 0 or ctx.words[reading.first] in TODAY_WORDS):
        return reading
    return _day_part(replace(reading, next=j + 1), code)


def day_part_of(ctx: Context, i: int) -> tuple[int, str] | None:
    """``the morning of``, ``night of``, ``the early hours of``: where the words end and the part's code."""
    words = ctx.words
    j = i + 1 if words[i] == "the" else i
    if words[j] == "early" and words[j + 1] == "hours" and words[j + 2] == "of":
        return j + 3, "TMO"
    code = DAY_PARTS.get(words[j])
    return (j + 2, code) if code and words[j + 1] == "of" else None


def before_last(ctx: Context, i: int) -> Reading | None:
    """``the week before last``, ``the year after next``."""
    words = ctx.words
    told = {("before", "last"): -2, ("after", "next"): 2}.get((words[i + 2], words[i + 3]))
    if words[i] != "the" or told is None or words[i + 1] not in ("week", "month", "year"):
        return None
    return _stepped_unit(ctx, i, i + 3, words[i + 1], told)


def this_last_next(ctx: Context, i: int) -> Reading | None:
    """``this week``, ``last month``, ``next Friday``, ``last June``, ``this coming summer``."""
    words = ctx.words
    j = i + 1 if words[i] == "the" else i
    word = words[j]
    step = -1 if word in LAST else 1 if word in NEXT else 0 if word in ("this", "current") else None
    if step is None or (
        word in ("past", "coming", "upcoming") and words[i] != "the" and j == i and ctx.prev(i) != "'s"
    ):
        return None
    if word == "this" and (words[j + 1] in LAST or words[j + 1] in NEXT):
        step = -1 if words[j + 1] in LAST else 1
        j += 1
    j += 1
    return _stepped(ctx, i, j, step)


def _stepped(ctx: Context, i: int, j: int, step: int) -> Reading | None:
    """The unit, weekday, month, season or feast at ``j``, ``step`` away from that of publication."""
    word = ctx.words[j]
    unit = UNITS.get(word)
    if unit and not word.endswith("s") and unit not in ("second", "minute", "hour", "season", "fortnight"):
        if unit == "night" or word in DAY_PARTS:
            return _stepped_part(ctx, i, j, step)
        if unit == "day" or (unit == "quarter" and ctx.words[j + 1] == "-"):
            return None
        if unit == "year" and ctx.published and ctx.words[j + 1] in ("'s", "’s") and (name := feast_name(ctx, j + 2)):
            return feast_in(i, j + 2 + len(name), name, ctx.published.year + step)
        return _stepped_unit(ctx, i, j, unit, step)
    if word in DAY_PARTS:
        return _stepped_part(ctx, i, j, step)
    if word in WEEKDAYS and ctx.capital(j):
        return with_day_part(ctx, _stepped_weekday(ctx, i, j, WEEKDAYS[word], step))
    month, k = month_number(ctx, j)
    if month:
        return _stepped_month(ctx, i, j, k, month, step)
    if word in SEASONS:
        return _stepped_season(ctx, i, j, SEASONS[word], step)
    return stepped_feast(ctx, i, j, step)


def _stepped_part(ctx: Context, i: int, j: int, step: int) -> Reading | None:
    word = ctx.words[j]
    if (step < 0 and word not in ("night", "evening")) or step > 0:
        return None
    return _day_part(_from_today(ctx, i, j + 1, step), DAY_PARTS[word])


_STEP_NAMES = {-2: "two before", -1: "before", 0: "of", 1: "after", 2: "two after"}


def _stepped_unit(ctx: Context, i: int, j: int, unit: str, step: int) -> Reading:
    if ctx.published is None:
        return refused(i, j + 1, NO_PUBLICATION)
    if unit == "weekend":
        return _weekend(ctx, i, j + 1, step)
    found = shift(ctx.published, unit, step)
    if found is None:
        return refused(i, j + 1, OUT_OF_RANGE)
    if unit == "week" and step == 0 and ctx.tense(i, j + 1)[0] == "past":
        # Of 42 events that our articles date by "this week" 29 end with the day of publication; of months, none does.
        return Reading(i, j + 1, cal.up_to(found, ctx.published), "the week of publication, as far as it has passed")
    return Reading(i, j + 1, found, f"the {unit} {_STEP_NAMES[step]} publication")


def the_weekend(ctx: Context, i: int) -> Reading | None:
    """``over the weekend``, ``at the weekend``: as "this weekend"."""
    if ctx.words[i + 1] != "weekend" or ctx.words[i + 2] == "of":
        return None
    if ctx.prev(i) not in (
        "over",
        "during",
        "at",
        "on",
        "for",
        "through",
        "throughout",
        "before",
        "after",
        "by",
    ):
        return None
    return _weekend(ctx, i, i + 2, 0)


def _weekend(ctx: Context, i: int, j: int, step: int) -> Reading:
    """This or the past weekend is the one in progress or just over; ahead, the one to come."""
    published = ctx.published
    if published is None:
        return refused(i, j, NO_PUBLICATION)
    own = cal.weekend(published)
    if step == 0:
        tense, _ = ctx.tense(i, j)
        ahead = tense in ("future", "present") or published >= own.first
        found = own if ahead else shift(published, "weekend", -1)
        why = "the weekend to come or in progress" if ahead else "the weekend just over, in the past tense"
    elif step < 0:
        found, why = shift(published, "weekend", -1), "the last weekend that is over"
    else:
        found, why = shift(published, "weekend", 1), "the weekend of the week after publication"
    return Reading(i, j, found, why) if found else refused(i, j, OUT_OF_RANGE)


def _stepped_weekday(ctx: Context, i: int, j: int, wanted: int, step: int) -> Reading:
    published = ctx.published
    if published is None:
        return refused(i, j + 1, NO_PUBLICATION)
    try:
        if step < 0:
            date = cal.weekday_on_or_before(published - _ONE_DAY, wanted)
            why = f"the last one before {published}"
        elif step > 0 and ctx.words[j - 1] == "next":
            date = cal.week(published).first + dt.timedelta(days=7 + wanted)
            why = "that day of the week after publication"
        elif step > 0:
            date = cal.weekday_on_or_after(published + _ONE_DAY, wanted)
            why = f"the first one after {published}"
        else:
            date = cal.week(published).first + dt.timedelta(days=wanted)
            why = "that day of the week of publication"
            if date < published and ctx.tense(i, j + 1)[0] == "future":
                date += dt.timedelta(days=7)
                why = "the next one, in the future tense"
    except OverflowError:
        return refused(i, j + 1, OUT_OF_RANGE)
    return Reading(i, j + 1, cal.day(date), why, weekday=wanted)


def _stepped_month(ctx: Context, i: int, j: int, k: int, month: int, step: int) -> Reading | None:
    if year_of(ctx, k):
        return None
    published = ctx.published
    if published is None:
        return refused(i, k, NO_PUBLICATION)
    if step < 0:
        year = published.year if month < published.month else published.year - 1
        why = "the last such month before that of publication"
    elif step > 0:
        year = published.year if month > published.month else published.year + 1
        why = "the first such month after that of publication"
    else:
        year, why = published.year, "that month of the year of publication"
    day = _day_after_month(ctx, k)
    if day:
        return resolve_day(ctx, i, k + 1, month, day, year)
    return Reading(i, k, cal.month(year, month), why, month=month)


def _day_after_month(ctx: Context, k: int) -> int:
    word = ctx.words[k]
    return int(word) if word.isdigit() and word.isascii() and len(word) <= 2 and 1 <= int(word) <= 31 else 0


def _stepped_season(ctx: Context, i: int, j: int, code: str, step: int) -> Reading:
    published = ctx.published
    if published is None:
        return refused(i, j + 1, NO_PUBLICATION)
    years = range(max(1, published.year - 2), min(9997, published.year + 2) + 1)
    options = [cal.season(year, code) for year in years]
    if step < 0:
        found = next((option for option in reversed(options) if option.last < published), None)
        why = "the last such season that is over"
    elif step > 0:
        found = next((option for option in options if option.first > published), None)
        why = "the next such season to begin"
    else:
        found = min(options, key=lambda option: distance(option, published))
        why = "the season of publication or the nearest to it"
    if found is None:
        return refused(i, j + 1, OUT_OF_RANGE)
    return Reading(i, j + 1, found, why + " (northern hemisphere, by whole months)")


def month_in_year(ctx: Context, reading: Reading) -> Reading:
    """``June last year``, ``March 6 of this year``, ``June of the previous year``: the year told after it."""
    if not reading.open_year or not reading.month:
        return reading
    j = reading.next
    if ctx.words[j] in ("of", ","):
        j += 1
    word = ctx.words[j]
    if word in ("last", "this", "next") and ctx.words[j + 1] == "year":
        if ctx.published is None:
            return replace(reading, next=j + 2)
        step = {"last": -1, "this": 0, "next": 1}[word]
        return replace(in_year(reading, ctx.published.year + step), next=j + 2)
    if word in ("that", "the") or word in BEFORE:
        k = j + 1 if word == "the" else j
        if ctx.words[k + 1] == "year" and (ctx.words[k] in ("that", "same", "following") or ctx.words[k] in BEFORE):
            anchor = ctx.nearby(reading.first)
            if anchor is None:
                return replace(
                    reading,
                    next=k + 2,
                    stretch=None,
                    timex=None,
                    reason="it is not clear which year is meant",
                )
            step = -1 if ctx.words[k] in BEFORE else 1 if ctx.words[k] == "following" else 0
            return replace(in_year(reading, anchor.first.year + step), next=k + 2)
    return reading
