"""Times that give no date by themselves: clock times, what recurs, and the vague now and lately."""

from __future__ import annotations

from dataclasses import replace

from dragoman.times.points import point
from dragoman.times.reading import Context, Reading, number, refused
from dragoman.times.words import DAY_PARTS, SETS, UNIT_CODES, UNITS, VAGUE, WEEKDAYS, ZONES

_CLOCK_ONLY = "a time of day; which day is not told beside it"
_RECURS = "recurrent: no single date"
_HALF_DAYS = frozenset({"am", "pm", "a.m", "p.m"})


def clock(ctx: Context, i: int) -> Reading | None:
    """``15:30 GMT``, ``3 p.m.``, ``0800 UTC``, ``noon``, and the day told right after it."""
    end = _clock_end(ctx, i)
    if not end:
        return None
    j = end + 1 if ctx.words[end] == "on" else end
    day = point(ctx, j) if ctx.words[j] not in ("", "(") else None
    if (
        day
        and day.next > j
        and day.kind == "date"
        and (day.stretch is None or day.stretch.grain == "day")
        and (day.day or day.weekday >= 0 or ctx.words[j] in ("today", "yesterday", "tomorrow"))
    ):
        return replace(day, first=i, kind="time-of-day", timex=None)
    return refused(i, end, _CLOCK_ONLY, "time-of-day")


def _clock_end(ctx: Context, i: int) -> int:
    """Where the clock time that begins at ``i`` ends, else 0."""
    words = ctx.words
    word = words[i]
    hour = word.partition(":")[0]
    timed = ":" in word and hour.isdigit() and hour.isascii() and int(hour) < 25
    if word in ("noon", "midnight", "midday", "dawn", "dusk"):
        return i + 1 if ctx.prev(i) in ("at", "by", "until", "before", "after", "around", "since", "from") else 0
    if word[-2:] in _HALF_DAYS and word[:-2].isdigit():
        return _zone(ctx, i + 1)
    if not timed and not (word.isdigit() and word.isascii() and len(word) in (1, 2, 4)):
        return 0
    if words[i + 1] in _HALF_DAYS:
        end = i + 2
        if words[end] == "." and ctx.glued(end) and words[i + 1] in ("a.m", "p.m"):
            end += 1
        return _zone(ctx, end)
    if words[i + 1] == "o" or words[i + 1] == "o'clock":
        return 0
    zoned = _zone(ctx, i + 1)
    return zoned if timed or (zoned > i + 1 and len(word) == 4) else 0


def _zone(ctx: Context, end: int) -> int:
    words = ctx.words
    if words[end] == "local" and words[end + 1] == "time":
        return end + 2
    if words[end] == "(" and (words[end + 1] in ZONES or words[end + 2] in ZONES):
        for j in range(end + 1, end + 6):
            if words[j] == ")":
                return j + 1
            if not words[j]:
                break
    return end + 1 if words[end] in ZONES else end


def recurrent(ctx: Context, i: int) -> Reading | None:
    """``every Friday``, ``each year``, ``on Fridays``, ``daily``, ``twice a week``, ``15 a year``."""
    words = ctx.words
    word = words[i]
    if word in SETS and not (
        words[i + 1] in ("times", "mail", "telegraph", "mirror", "express", "star", "beast") and ctx.capital(i)
    ):
        return refused(i, i + 1, _RECURS, "set", SETS[word])
    if word.endswith("s") and word[:-1] in WEEKDAYS and ctx.capital(i):
        return refused(i, i + 1, _RECURS, "set", f"XXXX-WXX-{WEEKDAYS[word[:-1]] + 1}")
    if word == "weekdays":
        return refused(i, i + 1, _RECURS, "set", "XXXX-WXX")
    if word in ("every", "each"):
        return _every(ctx, i)
    if (
        word in ("a", "per")
        and UNITS.get(words[i + 1]) in ("day", "week", "month", "year")
        and not words[i + 1].endswith("s")
    ):
        before = ctx.prev(i)
        if word == "per" or before in ("once", "twice", "times", "percent", "million", "billion") or before.isdigit():
            return refused(i, i + 2, _RECURS, "set", UNIT_CODES[UNITS[words[i + 1]]].format(1))
    return None


def _every(ctx: Context, i: int) -> Reading | None:
    words = ctx.words
    j = i + 2 if words[i + 1] == "other" else i + 1
    count: float | None = 2.0 if j == i + 2 else 1.0
    told = number(ctx, j)
    if told:
        j, count = told
    word = words[j]
    unit = "day" if word in DAY_PARTS else UNITS.get(word)
    if unit and unit not in ("second", "season"):
        code = UNIT_CODES.get(unit, "P{}D").format("X" if count is None else int(count))
        return refused(i, j + 1, _RECURS, "set", code)
    if word in WEEKDAYS:
        return refused(i, j + 1, _RECURS, "set", f"XXXX-WXX-{WEEKDAYS[word] + 1}")
    return None


_VAGUE_PHRASES: tuple[tuple[tuple[str, ...], str], ...] = (
    (("the", "near", "future"), "FUTURE_REF"),
    (("the", "immediate", "future"), "FUTURE_REF"),
    (("the", "distant", "future"), "FUTURE_REF"),
    (("the", "foreseeable", "future"), "FUTURE_REF"),
    (("the", "future"), "FUTURE_REF"),
    (("at", "the", "moment"), "PRESENT_REF"),
    (("at", "present"), "PRESENT_REF"),
    (("these", "days"), "PRESENT_REF"),
    (("those", "days"), "PAST_REF"),
    (("years", "past"), "PAST_REF"),
)


def vague(ctx: Context, i: int) -> Reading | None:
    """``now``, ``recently``, ``the near future``, ``these days``: a direction in time without a date."""
    words = ctx.words
    if words[i] in VAGUE:
        # "now that" and "as soon as" join clauses and tell no time.
        # "Now-cancelled" is an adjective, and "soon after" counts from what follows it.
        if words[i + 1] in ("that", "as", "after", "afterwards") or (words[i + 1] == "-" and ctx.glued(i + 1)):
            return None
        return refused(i, i + 1, "vague: no date is told", "vague", VAGUE[words[i]])
    for phrase, code in _VAGUE_PHRASES:
        if words[i] == phrase[0] and tuple(words[i : i + len(phrase)]) == phrase:
            return refused(i, i + len(phrase), "vague: no date is told", "vague", code)
    return None


def bare_units(ctx: Context, i: int) -> Reading | None:
    """``for days``, ``in years``, ``decades-long``: a length whose count is not told."""
    words = ctx.words
    unit = UNITS.get(words[i])
    if not unit or not words[i].endswith("s") or unit in ("second", "quarter", "season", "weekend", "night"):
        return None
    follows = words[i + 1]
    if follows in ("ago", "earlier", "later"):
        code = "FUTURE_REF" if follows == "later" else "PAST_REF"
        return refused(i, i + 2, "not told how many", "vague", code)
    if ctx.prev(i) not in ("for", "in", "within", "over", "after", "took", "take", "lasted", "of") and follows != "-":
        return None
    return refused(
        i,
        i + 1,
        "a length of time, and not told how many",
        "duration",
        UNIT_CODES.get(unit, "P{}Y").format("X"),
    )
