"""Under which keys, and over which days, records that may tell one event are found."""

from __future__ import annotations

from dataclasses import dataclass

from dragoman.ledger.joining import dates
from dragoman.ledger.joining.profiling import Profile
from dragoman.ledger.joining.words import RARE, word


@dataclass(frozen=True, slots=True)
class Handle:
    """An index key, and the days (ISO 8601) between which the event can have been. Windows overlap or do not."""

    key: str
    first: str
    last: str


# What is found by a country alone: days before publication in which an undated event is looked for, and the longest
# window. Over the stories a- to c-, three undated records in four are of events of the last week.
SOON, LONGEST = 7, 40
# The same for what is found by a rare name: six months, and the names so used.
LATER = 180
NAMED = 8
_COUNTRIES = 2


def handles(p: Profile) -> tuple[Handle, ...]:
    """The record's handles: one for each country with a part in it, over few days, and one for each rare name of its
    report, over many.

    Two records that :func:`compare` would link nearly always have a key in common with windows that overlap; those that
    share none need not be compared.
    """
    kind = p.type + ("-" if p.factuality == "negated" else "+")
    first, last = _days(p, SOON)
    found = [(f"{kind}{c}", first, last) for c in countries(p)] if last - first <= LONGEST else []
    first, last = _days(p, LATER)
    found += [(f"{kind}{n}", first, last) for n in names(p)]
    return tuple(Handle(k, dates.iso(f, "0000-00-00"), dates.iso(t, "9999-12-31")) for k, f, t in sorted(found))


def _days(p: Profile, back: int) -> tuple[int, int]:
    """The days between which an event is looked for; wider than those it can have been on by the codebook."""
    w, day = p.window, dates.published(p.setting.published)
    if not w.dated and day is not None and p.factuality in ("actual", "negated"):
        return (-dates.EVER if p.historical else day - back - dates.SLACK), day + dates.SLACK
    return w.first - dates.SLACK, w.last + dates.SLACK


def countries(p: Profile) -> set[str]:
    """The countries of those who take part and of the place, and those that the report names most."""
    found = {x.country for x in (*p.actor, *p.recipient) if x.country}
    if p.site is not None and p.site.country:
        found.add(p.site.country)
    return found | set(p.setting.countries[:_COUNTRIES])


def names(p: Profile) -> set[str]:
    """The stems of the report's rare names."""
    rare = [w.stem for w in map(word, p.setting.names) if w.weight > RARE]
    return set(rare[:NAMED])
