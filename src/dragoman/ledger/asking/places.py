"""Where events happened: how many in each place that reports name."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from dragoman import codebook
from dragoman.ledger.asking.clauses import selections
from dragoman.ledger.asking.filters import Filters
from dragoman.ledger.asking.reach import rows, total
from dragoman.ledger.store import Store
from dragoman.ledger.words import BadQuestion
from dragoman.record import EventPlace

# Reading the places of so many takes about 50 ms.
_MOST = 5_000
# The place's words stand in the event's JSON; its country and type in columns of their own.
_TEXT = {"sqlite": "json_extract(d.data, '$.place.text')", "postgresql": "CAST(d.data AS json) -> 'place' ->> 'text'"}


@dataclass(frozen=True, slots=True)
class PlaceCount:
    """A place as reports name it, and how many events happened there: ``quads`` by the four classes of their types, in
    the codebook's order. ``first`` and ``last`` are the first and last of their days; empty where none is known."""

    place: EventPlace
    quads: tuple[int, int, int, int]
    first: str
    last: str

    @property
    def events(self) -> int:
        return sum(self.quads)


@dataclass(frozen=True, slots=True)
class Places:
    """Places with the most events first.

    ``events`` were looked at, the latest that were asked for; ``left_out`` are the earlier ones. ``nowhere`` of those
    looked at name no place. ``since`` is the day of the earliest looked at, empty where it is not known.
    """

    rows: tuple[PlaceCount, ...]
    events: int
    nowhere: int
    left_out: int
    since: str


def places(store: Store, filters: Filters | None = None, *, most: int = _MOST) -> Places:
    """How many events happened in each place, among the latest ``most`` of those that ``filters`` ask for.

    Raises:
        BadQuestion: when ``most`` is less than 1.
        LedgerError: when the ledger cannot be read.
    """
    if most < 1:
        raise BadQuestion(f"places are counted of 1 event or more, not {most}")
    quads: dict[tuple[str, str | None], Counter[int]] = {}
    days: dict[tuple[str, str | None], list[str]] = {}
    read = nowhere = 0
    since = ""
    with store.reading() as connection:
        chosen = selections(connection, filters or Filters())
        columns = f"e.type AS type, e.place AS country, e.day AS day, {_TEXT[connection.dialect.name]} AS place"
        for row in rows(connection, chosen, columns, limit=most):
            read, since = read + 1, row.day
            if row.place is None:
                nowhere += 1
                continue
            key = row.place, row.country
            quads.setdefault(key, Counter())[codebook.TYPES[row.type].quad] += 1
            days.setdefault(key, []).append(row.day)
        left_out = total(connection, chosen) - read if read == most else 0
    counts = (
        PlaceCount(
            EventPlace(*key),
            (found[1], found[2], found[3], found[4]),
            min(filter(None, days[key]), default=""),
            max(days[key]),
        )
        for key, found in quads.items()
    )
    ordered = sorted(counts, key=lambda one: (-one.events, one.place.country or "~", one.place.text))
    return Places(tuple(ordered), read, nowhere, left_out, since)
