"""What an actor's page shows of its dealings: columns of counterparts, and the series."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from dragoman.ledger.asking import Arms, Counterpart, Side, Tally
from dragoman.web.drawing import Period, Series, series
from dragoman.web.showing.months import Span, periods

# Counterparts of a column that are shown; the rest are in the list of events.
_SHOWN = 7
_ARMS = ("AID", "COOPERATE", "AGREE")
_COLUMNS = (
    (("SUPPORT",), "Supports", "Supported by"),
    (("AID",), "Gives aid to", "Given aid by"),
    (_ARMS, "Gives arms to", "Given arms by"),
    (("CONSULT",), "Meets", "Met by"),
    (("ACCUSE",), "Accuses", "Accused by"),
    (("THREATEN",), "Threatens", "Threatened by"),
    (("SANCTION",), "Sanctions", "Sanctioned by"),
    (("ASSAULT",), "Fights", "Fought by"),
)


@dataclass(frozen=True, slots=True)
class Sight:
    """A column of an actor's page: counterparts by one kind of act, outward (``out``) or inward (``into``).

    ``types`` find its events in a list; those of arms find other aid beside. ``more`` counterparts are left out.
    """

    way: str
    types: tuple[str, ...]
    title: str
    shown: tuple[Counterpart, ...]
    more: int


def sights(out: Side, into: Side, arms: Arms) -> dict[str, list[Sight]]:
    """The columns of both directions that hold anybody."""
    found: dict[str, list[Sight]] = {"out": [], "into": []}
    for types, does, suffers in _COLUMNS:
        for way, side, title in (("out", out, does), ("into", into, suffers)):
            armed = arms.gives if way == "out" else arms.takes
            others = armed if types == _ARMS else side.counterparts.get(types[0], ())
            if others:
                found[way].append(Sight(way, types, title, tuple(others[:_SHOWN]), len(others) - _SHOWN))
    if arms.deals:
        found["out"].append(Sight("out", _ARMS, "Deals in arms with", arms.deals[:_SHOWN], len(arms.deals) - _SHOWN))
    return found


def partners(out: Side, into: Side, home: str) -> list[Counterpart]:
    """The other countries of most dealings, both ways together."""
    sums: Counter[str] = Counter()
    for side in (out, into):
        for others in side.counterparts.values():
            sums.update({one.country: one.events for one in others if one.country and one.country != home})
    ordered = sorted(sums.items(), key=lambda item: (-item[1], item[0]))
    return [Counterpart(code, "", events) for code, events in ordered[:_SHOWN]]


@dataclass(frozen=True, slots=True)
class Figure:
    """A series with its words."""

    title: str
    drawing: Series
    rows: tuple[Tally, ...]


def figures(name: str, out: Side, into: Side, span: Span) -> list[Figure]:
    """The series of both directions over the same periods."""
    return [
        Figure(f"What {name} does", drawn(out.series, span), out.series),
        Figure(f"What is done to {name}", drawn(into.series, span), into.series),
    ]


def drawn(rows: Iterable[Tally], span: Span) -> Series:
    """A series over all periods of a span, those without events too; what lies outside is in none of them."""
    known: dict[Any, Tally] = {row.period: row for row in rows}
    names = list(periods(span.first, span.last, span.by)) if span.first and span.last else sorted(known)
    return series(
        [Period(name, known[name].quads, known[name].score_mean) if name in known else Period(name) for name in names]
    )
