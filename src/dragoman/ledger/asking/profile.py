"""One actor, counted: what it does and what is done to it, by type, by counterpart, and period by period."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from dragoman.ledger.asking.countries import country_code
from dragoman.ledger.asking.filters import Filters
from dragoman.ledger.asking.periods import By
from dragoman.ledger.asking.tallies import Over, Tally, tallies
from dragoman.ledger.store import Store
from dragoman.record import Json

Direction = Literal["out", "into"]


@dataclass(frozen=True, slots=True)
class Counterpart:
    """Who is on the other side of some events: a country, or for whom none is known the words of the reports."""

    country: str | None
    name: str
    events: int

    def to_dict(self) -> Json:
        return {"country": self.country, "name": self.name, "events": self.events}


@dataclass(frozen=True, slots=True)
class Side:
    """What an actor does, or what is done to it; an event counts once for each pair of parties.

    ``types`` are events by type, the most frequent first. ``counterparts`` has the others by type, the most frequent
    first; events in which nobody else is known are in none. ``series`` is by period, the earliest first, periods
    without events left out.
    """

    types: Mapping[str, int]
    counterparts: Mapping[str, tuple[Counterpart, ...]]
    series: tuple[Tally, ...]

    @property
    def events(self) -> int:
        """All events, those too that are in no period."""
        return sum(self.types.values())

    def to_dict(self) -> Json:
        return {
            "events": self.events,
            "types": dict(self.types),
            "counterparts": {name: [one.to_dict() for one in found] for name, found in self.counterparts.items()},
            "series": [row.to_dict() for row in self.series],
        }


@dataclass(frozen=True, slots=True)
class Profile:
    """A country's actors: what they do (``out``), and what is done to them (``into``)."""

    country: str
    by: By
    out: Side
    into: Side

    def to_dict(self) -> Json:
        return {"country": self.country, "by": self.by, "out": self.out.to_dict(), "into": self.into.to_dict()}


def profile(store: Store, country: str, filters: Filters | None = None, *, by: By = "month") -> Profile:
    """What a country's actors do and what is done to them, of what happened, counted as in
    :func:`dragoman.ledger.asking.dyads`.

    Args:
        store: the ledger's storage.
        country: code, name or adjective.
        filters: which events, by ``type``, ``since`` and ``until`` in whole months, and ``dated_only``.
        by: month, quarter or year.

    Raises:
        BadQuestion: for a country that there is none of, other filters or another period.
        LedgerError: when the ledger cannot be read.
    """
    code = country_code(country)
    asked = filters or Filters()
    return Profile(
        code,
        by,
        _side(store, replace(asked, actor=code), "recipient", by),
        _side(store, replace(asked, recipient=code), "actor", by),
    )


def _side(store: Store, filters: Filters, other: Over, by: By) -> Side:
    types: Counter[str] = Counter()
    counterparts: dict[str, list[Counterpart]] = {}
    for row in tallies(store, filters, over=["type", other], unknown=True):
        kind, code = row.type or "", row.recipient if other == "recipient" else row.actor
        types[kind] += row.events
        if code is not None:
            counterparts.setdefault(kind, []).append(Counterpart(code, "", row.events))
    series = tallies(store, filters, over=["period"], by=by)
    return Side(
        dict(sorted(types.items(), key=lambda item: (-item[1], item[0]))),
        {name: tuple(found) for name, found in sorted(counterparts.items())},
        tuple(series),
    )
