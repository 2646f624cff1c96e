"""Which of several owners a name means on a day: by nationality, by office, or none when it stays open."""

from __future__ import annotations

from collections.abc import Collection

from .dates import Interval
from .phrase import Item
from .register import Entry, Register

_ORDER = (
    "country", "people", "peoples", "capital", "region", "group", "body", "seat", "party", "city", "person"
)  # fmt: skip
# Where one word names several kinds of thing, news means the earlier kind.
_KINDS = {k: i for i, k in enumerate(_ORDER)}


# How many years after the end of an office its holder's bare last name still means him in a report on another state: a
# longer memory makes "Young protesters" followers of a prime minister of 1995.
_REMEMBERED = 10


def choose(entries: tuple[Entry, ...], when: Interval | None, countries: Collection[str]) -> Entry | None:
    """The entry meant among the owners of one name, None when nothing tells them apart.

    ``countries`` are the codes that the phrase, or failing that the document, names.
    """
    if len(entries) == 1:
        return entries[0]
    fitting = [e for e in entries if e.country in countries] or list(entries)
    # A user's own row comes before those that it is laid over.
    top = max(e.layer for e in fitting)
    fitting = [e for e in fitting if e.layer == top]
    if any(e.kind == "capital" for e in fitting):
        # "Brussels" stands in the lists of bodies for the Union, on purpose.
        fitting = [e for e in fitting if e.kind in ("body", "seat")] or fitting
    if len({e.country for e in fitting}) > 1:
        best = min(_KINDS.get(e.kind, 99) for e in fitting)
        fitting = [e for e in fitting if _KINDS.get(e.kind, 99) == best]
    if len({e.country for e in fitting}) > 1:
        held = [e for e in fitting if e.dated and e.on(when).in_office]
        if len(held) != 1:
            return None
        fitting = held
    # One country: the owner whose dates fit, then the kind, then the register's order.
    return min(fitting, key=lambda e: (not e.on(when).in_office, _KINDS.get(e.kind, 99)))


def by_short_name(
    register: Register,
    run: list[Item],
    when: Interval | None,
    countries: Collection[str],
    title: str | None,
    owns: bool = False,
) -> tuple[Entry | None, str]:
    """The person meant by a bare last name, with the reason when there is none.

    Alone it must be that of one head of state or government who has taken office by the day; after a title
    of the same sector, or as the owner of what follows ("Haftar's forces"), that of any one person of the
    register.
    """
    word = " ".join(i.words for i in run)
    numbers = register.short.get(word)
    if not numbers:
        return None, f"{_raw(run)!r} is not in the register and nothing in the phrase tells who it is"
    people = [register.entry(n) for n in numbers]
    if near := [e for e in people if e.country in countries]:
        people = near
    if title is not None:
        fitting = [e for e in people if (s := e.on(when)).in_office and title in (s.sector, *s.others)]
        if len(fitting) == 1:
            return fitting[0], ""
    reached = [e for e in people if e.holds_top(when)[0]]
    held = [e for e in reached if e.holds_top(when)[1]]
    reached = [e for e in reached if e.country in countries or e.left_top_since(when, _REMEMBERED)]
    for group in (held, reached):
        if len(group) == 1:
            return group[0], ""
    if owns and len(people) == 1 and people[0].on(when).in_office:
        return people[0], ""
    if len(reached) > 1:
        return None, f"{_raw(run)!r} could be " + ", ".join(sorted(e.name for e in reached)[:4])
    return (
        None,
        f"{_raw(run)!r} alone is too little: no head of state bears it, though {people[0].name} does",
    )


def in_full(register: Register, run: list[Item]) -> tuple[Entry, ...]:
    """The owners of a name once middle initials are left out ("Donald J. Trump")."""
    words = [i.words for i in run if len(i.words) > 1]
    return register.find(" ".join(words)) if 1 < len(words) < len(run) else ()


def _raw(run: list[Item]) -> str:
    return " ".join(t.raw for i in run for t in i.tokens)
