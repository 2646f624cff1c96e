"""Countries, and how often each acts and is acted upon."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Self

from dragoman.ledger.asking.dyads import dyads
from dragoman.ledger.asking.filters import Filters
from dragoman.ledger.asking.sums import is_summed
from dragoman.ledger.asking.tallies import Over, tallies
from dragoman.ledger.store import Store
from dragoman.record import Json

_SIDES: tuple[Over, Over] = ("actor", "recipient")


@dataclass(frozen=True, slots=True)
class ActorSums:
    """A country, and the events that happened in which its actors act (``acting``) or are acted upon (``acted_upon``).

    Counted are events in pairs, as in :func:`dragoman.ledger.asking.dyads`: one between a country and two others counts
    twice, and a mutual act (talks, clashes) both ways. ``country`` is its code, None for parties of no known country.
    """

    country: str | None
    acting: int = 0
    acted_upon: int = 0

    def to_dict(self) -> Json:
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @classmethod
    def from_dict(cls, row: Any) -> Self:
        return cls(row["country"], int(row["acting"]), int(row["acted_upon"]))


def actors(store: Store, filters: Filters | None = None) -> tuple[ActorSums, ...]:
    """All countries of the events that ``filters`` ask for, those with most events first.

    Raises:
        BadQuestion: for filters that a series does not take: see :func:`dragoman.ledger.asking.dyads`.
        LedgerError: when the ledger cannot be read.
    """
    sums: dict[str | None, list[int]] = {}
    if is_summed(filters or Filters(), "all"):
        for at, side in enumerate(_SIDES):
            for tally in tallies(store, filters, over=[side], unknown=True):
                sums.setdefault(tally.recipient if at else tally.actor, [0, 0])[at] += tally.events
    else:
        for row in dyads(store, filters, by="all", unknown=True).rows:
            sums.setdefault(row.actor, [0, 0])[0] += row.events
            sums.setdefault(row.recipient, [0, 0])[1] += row.events
    found = (ActorSums(country, acting, acted) for country, (acting, acted) in sums.items())
    return tuple(sorted(found, key=lambda one: (-one.acting - one.acted_upon, one.country or "~")))
