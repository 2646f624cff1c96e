"""Time series of who acts towards whom."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Any, NamedTuple, Self

from dragoman.ledger.asking import frames
from dragoman.ledger.asking.filters import Filters
from dragoman.ledger.asking.periods import PERIODS, By
from dragoman.ledger.asking.sums import Sums, from_events, from_table, is_summed
from dragoman.ledger.dyadrows import MILLION
from dragoman.ledger.store import Store
from dragoman.ledger.words import BadQuestion
from dragoman.record import Json


class DyadRow(NamedTuple):
    """What one country's actors did towards another's in a period.

    ``actor`` and ``recipient`` are codes, None where not known. ``events`` counts events, ``reports`` the reports that
    tell them. ``score_mean`` and ``score_sum`` are of PLOVER scores, -10 to 10 each; the mean is None where none of the
    events has one. The next four count events by the quad of their types. ``undated`` of the events have no date of
    their own and stand where their first report does. ``value`` is the measure that was asked for.
    """

    actor: str | None
    recipient: str | None
    period: str
    events: int
    reports: int
    score_mean: float | None
    score_sum: float
    verbal_cooperation: int
    material_cooperation: int
    verbal_conflict: int
    material_conflict: int
    undated: int
    value: float | None

    def to_dict(self) -> Json:
        return self._asdict()


_STRINGS, _NUMBERS = ("actor", "recipient", "period"), ("score_mean", "score_sum", "value")
_FIELDS: frames.Fields = {
    name: (
        "string" if name in _STRINGS else "number" if name in _NUMBERS else "integer",
        attrgetter(name),
    )
    for name in DyadRow._fields
}

MEASURES: Mapping[str, Callable[[Sums], float | None]] = {
    "events": lambda s: s[0],
    "reports": lambda s: s[1],
    "score": lambda s: _mean(s),
    "score_sum": lambda s: s[3] / MILLION,
    "cooperation": lambda s: s[5] + s[6],
    "conflict": lambda s: s[7] + s[8],
    "net": lambda s: round((s[5] + s[6] - s[7] - s[8]) / s[0], 6),
    "verbal_cooperation": lambda s: s[5],
    "material_cooperation": lambda s: s[6],
    "verbal_conflict": lambda s: s[7],
    "material_conflict": lambda s: s[8],
}
"""What a row's ``value`` may be: ``score`` is the mean of scores; ``net`` is cooperation less conflict, as a share of
all events, -1 to 1."""


@dataclass(frozen=True, slots=True)
class Dyads:
    """A series by actor, recipient and period, and what of the events it could not hold.

    The counts are of events in pairs, as those of the rows: an event between one country and two others counts twice.
    ``left_out`` are dated less exactly than the period, or are background without a date of its own. ``undated`` of
    those in the rows stand where their first report does. ``unknown`` have a side whose country is not known: nobody
    was named, or no one knows whose they are.
    """

    rows: tuple[DyadRow, ...]
    by: By
    measure: str
    left_out: int = 0
    undated: int = 0
    unknown: int = 0

    def to_dict(self) -> Json:
        return {
            "by": self.by,
            "measure": self.measure,
            "left_out": self.left_out,
            "undated": self.undated,
            "unknown": self.unknown,
            "rows": [row.to_dict() for row in self.rows],
        }

    @classmethod
    def from_dict(cls, row: Mapping[str, Any]) -> Self:
        rows = tuple(DyadRow(**one) for one in row["rows"])
        return cls(rows, row["by"], row["measure"], row["left_out"], row["undated"], row["unknown"])

    def to_arrow(self) -> Any:
        """An Arrow table, one row for each of :attr:`rows`, its fields as columns."""
        return frames.to_arrow(self.rows, _FIELDS)

    def to_pandas(self) -> Any:
        """The same as a :class:`pandas.DataFrame`. Raises ImportError where pandas is not installed."""
        return frames.to_pandas(self.rows, _FIELDS)


def dyads(
    store: Store,
    filters: Filters | None = None,
    *,
    by: By = "month",
    measure: str = "events",
    unknown: bool = False,
) -> Dyads:
    """Who acts towards whom, how often and how, period by period.

    Counted are events that happened (``actual``) and that some report still tells. An event between several countries
    counts once for each pair of them; a mutual act (talks, clashes) counts both ways. An event belongs to a period when
    all days that its date may mean do; one without a date to that of its first report, unless ``filters.dated_only``
    leaves it out. Periods in which a pair has no event have no row.

    Args:
        store: the ledger's storage.
        filters: which events; ``actor``, ``recipient`` and ``party`` also say which pairs. ``factuality`` and
            ``state`` are not taken.
        by: day, week, month, quarter, year, or all for one row a pair, whose period is empty.
        measure: what the rows' ``value`` is; see :data:`MEASURES`.
        unknown: give rows of pairs in which one side is not known, too.

    Raises:
        BadQuestion: for a period or measure that there is none of.
        LedgerError: when the ledger cannot be read.
    """
    asked = filters or Filters()
    if by not in PERIODS:
        raise BadQuestion(f"{by!r} is no period: use {', '.join(PERIODS)}")
    if measure not in MEASURES:
        raise BadQuestion(f"{measure!r} is no measure of a series: use {', '.join(MEASURES)}")
    if asked.factuality or asked.state:
        raise BadQuestion("a series counts what happened and is still told: leave out factuality and state")
    value = MEASURES[measure]
    found: list[DyadRow] = []
    left_out = undated = unplaced = 0
    with store.reading() as connection:
        if is_summed(asked, by):
            sums = from_table(connection, asked, by)
        else:
            sums = from_events(connection, replace(asked, factuality="actual", state=_STANDING), by)
        for (actor, recipient, period), summed in sums:
            if not (actor and recipient):
                unplaced += summed[0]
                if not unknown:
                    continue
            if period is None:
                left_out += summed[0]
                continue
            undated += summed[4]
            found.append(
                DyadRow(
                    actor or None,
                    recipient or None,
                    period,
                    summed[0],
                    summed[1],
                    _mean(summed),
                    summed[3] / MILLION,
                    summed[5],
                    summed[6],
                    summed[7],
                    summed[8],
                    summed[4],
                    value(summed),
                )
            )
    return Dyads(tuple(found), by, measure, left_out, undated, unplaced)


_STANDING = ("reported", "corroborated", "disputed")


def _mean(summed: Sums) -> float | None:
    return round(summed[3] / summed[2] / MILLION, 6) if summed[2] else None
