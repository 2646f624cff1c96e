"""What an export could not hold, counted and told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from dragoman.codebook import MODES
from dragoman.ledger.model import LedgerEvent


class Losses:
    """Counts by field, each with its reason. Keys that begin with ``event:`` count events left out, others rows."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}
        self._why: dict[str, str] = {}

    def add(self, field: str, why: str, rows: int = 1) -> None:
        """Count a loss; the reason first given for a field stays."""
        if rows:
            self._counts[field] = self._counts.get(field, 0) + rows
            self._why.setdefault(field, why)

    def told(self) -> Mapping[str, tuple[int, str]]:
        """The counts and reasons by field, in the order of their names."""
        return MappingProxyType({field: (self._counts[field], self._why[field]) for field in sorted(self._counts)})


_SAYS: Mapping[str, Callable[[LedgerEvent], bool]] = {
    "historical": lambda e: e.historical,
    "dates": lambda e: len(e.dates) > 1,
    "state": lambda e: e.state != "reported",
    "sources": lambda e: e.sources > 1,
    "reports": lambda e: e.reports > 1,
    "confidence": lambda e: e.confidence is not None,
    "score": lambda e: e.score is not None,
    "contexts": lambda e: bool(e.contexts),
    "claims": lambda e: bool(e.claims),
    "denials": lambda e: bool(e.denials),
    "contrary": lambda e: bool(e.contrary),
    "reported": lambda e: e.reported is not None,
    "title": lambda e: bool(e.title),
    "url": lambda e: bool(e.url),
    "sentence": lambda e: bool(e.sentence),
    "recipient": lambda e: bool(e.recipient),
    "tellings": lambda e: bool(e.tellings),
}


_NO_COLUMN = {
    "historical": "no column says that an event was told as background",
    "dates": "one date a row: those that other reports give are left out",
    "state": "no column says whether others confirm or dispute it",
    "claims": "no column says on whose word it rests",
    "denials": "no column says who denies it",
    "contrary": "no column points to the events that tell the opposite",
    "tellings": "how each report tells it is left out",
}
"""What none of the published tables has a column for."""


def unheld(*names: str, **own: str) -> Mapping[str, str]:
    """Fields that a published table cannot hold, with reasons: those that none can, ``names``, and ``own``."""
    return MappingProxyType({**_NO_COLUMN, **dict.fromkeys(names, "no column for it"), **own})


def count_unheld(event: LedgerEvent, unheld: Mapping[str, str], rows: int, losses: Losses) -> None:
    """Count for the rows of an event those fields of ``unheld`` that say something: no loss where nothing is said."""
    for field, why in unheld.items():
        if _SAYS[field](event):
            losses.add(field, why, rows)


def happened(event: LedgerEvent, losses: Losses) -> LedgerEvent | None:
    """The event for layouts that know only happenings, with the modes that the codebook has for its type.

    None, and counted, for what did not happen as far as the reports tell, or has no type.
    """
    if event.factuality != "actual":
        why = f"{event.factuality} events did not happen, and the layout cannot say so"
        losses.add(f"event: {event.factuality}", why)
    elif event.state == "retracted":
        losses.add("event: retracted", "no report tells it any more, and the layout cannot say so")
    elif event.type not in MODES:
        losses.add("event: type", "it has no type of the codebook")
    else:
        modes = tuple(mode for mode in event.mode if mode in MODES[event.type])
        if modes != event.mode:
            losses.add("mode: unknown", "the codebook has no such mode of the type")
            return replace(event, mode=modes)
        return event
    return None
