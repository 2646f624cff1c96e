"""Dates that point back to one already told: the next day, that year, two days earlier, later in the day."""

from __future__ import annotations

from dragoman.times.calendar import RANK, Stretch
from dragoman.times.expression import Kind
from dragoman.times.reading import NO_PUBLICATION, OUT_OF_RANGE, Context, Reading, refused, shift
from dragoman.times.words import AFTERWARDS, BEFORE, DAY_PARTS, UNITS, listed

NO_ANCHOR = "it counts from a date told before, and none is near enough"
EVENT_ANCHOR = "it counts from an event, not from a date"
# "the day" is a date after these ("ended the day"), else a length or a set.
_DAY_VERBS = listed(
    """
    end ends ended ending finish finished finishing close closed closing start started starting
    begin began opened
    """
)


def pointing(ctx: Context, i: int) -> Reading | None:
    """``the previous day``, ``the same month``, ``that year``, ``the following week``, ``the day before``."""
    words = ctx.words
    j = i
    if words[j] == "the":
        j += 1
    word = words[j]
    if word == "very" and words[j + 1] == "next":
        j += 1
        word = "next"
    if word in ("same", "that") or word in BEFORE or word in AFTERWARDS or word == "next":
        return _stepped_back(ctx, i, j, word)
    if (
        j > i
        and word in UNITS
        and words[j + 1] in ("before", "after", "earlier", "later", "afterwards", "previous", "prior")
    ):
        return _unit_beside(ctx, i, j)
    if (
        j > i
        and word == "day"
        and ctx.prev(i) in _DAY_VERBS | {"for", "on", "during"}
        and words[j + 1] not in ("when", "that", "he", "she", "they")
    ):
        anchor = ctx.nearby_day(i)
        if anchor is not None:
            return Reading(i, j + 1, anchor, f"the day told before, {anchor.value}", named=False)
        if ctx.published is None:
            return refused(i, j + 1, NO_ANCHOR)
    return None


def _stepped_back(ctx: Context, i: int, j: int, word: str) -> Reading | None:
    unit_word = ctx.words[j + 1]
    unit = "day" if unit_word in DAY_PARTS else UNITS.get(unit_word)
    if not unit or unit_word.endswith("s") or unit in ("second", "minute", "hour", "season", "fortnight"):
        return None
    if word == "next" and (i == j and unit != "day"):
        return None  # "next week" counts from publication
    step = -1 if word in BEFORE else 1 if word in AFTERWARDS or word == "next" else 0
    if word == "that" and unit_word in ("second", "quarter", "night", "weekend"):
        unit = "day" if unit_word == "night" else unit
    return from_anchor(ctx, i, j + 2, unit if unit != "night" else "day", step, unit_word)


def _unit_beside(ctx: Context, i: int, j: int) -> Reading | None:
    unit = UNITS[ctx.words[j]]
    after = ctx.words[j + 1]
    if ctx.words[j].endswith("s") or RANK.get(unit) is None or unit == "quarter":
        return None
    step = 1 if after in ("after", "later", "afterwards") else -1
    follows = ctx.words[j + 2]
    if follows == "than":
        return None
    if after in ("before", "after") and follows and follows not in _ENDERS:
        return refused(i, j + 1, EVENT_ANCHOR)
    return from_anchor(ctx, i, j + 2, unit, step, after)


# What may follow "the day before" where it stands alone; anything else is what it counts from.
_ENDERS = frozenset(
    [
        ",",
        ".",
        ";",
        ":",
        ")",
        "and",
        "in",
        "at",
        "on",
        "by",
        "but",
        "when",
        "that",
        "\n",
        "”",
        '"',
        "'",
        "’",
        "–",
        "—",
        "-",
    ]
)


def from_anchor(ctx: Context, i: int, j: int, unit: str, count: int, label: str) -> Reading:
    """The unit that lies ``count`` units from the date told last, if that is at least as precise."""
    anchor = _anchor_for(ctx, i, unit)
    if anchor is None:
        return refused(i, j, NO_ANCHOR)
    found = shift(anchor.first, unit, count)
    if found is None:
        return refused(i, j, OUT_OF_RANGE)
    timex = f"{found.value}{DAY_PARTS[label]}" if label in DAY_PARTS and found.grain == "day" else None
    kind: Kind = "time-of-day" if timex else "date"
    return Reading(i, j, found, f"counted from {anchor.value}, told before", kind, timex, named=False)


def _anchor_for(ctx: Context, i: int, unit: str) -> Stretch | None:
    if unit == "day":
        return ctx.nearby_day(i)
    anchor = ctx.nearby(i)
    return anchor if anchor and RANK[anchor.grain] <= RANK.get(unit, 9) else None


def own_unit(ctx: Context, i: int, j: int, unit: str) -> Reading:
    """``the week`` in "earlier in the week", ``the year`` in "the end of the year": that of publication.

    ``the day`` is the one told last, if one was told, else that of publication.
    """
    if unit == "day":
        anchor = ctx.nearby_day(i)
        if anchor is not None:
            return Reading(i, j, anchor, f"the day told before, {anchor.value}", named=False)
    if ctx.published is None:
        return refused(i, j, NO_PUBLICATION)
    found = shift(ctx.published, unit, 0)
    if found is None:
        return refused(i, j, OUT_OF_RANGE)
    return Reading(i, j, found, f"the {unit} of publication", named=False)
