"""Lists of events: page by page, counted, or all of them in a stream."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Self

from sqlalchemy import Connection, select

from dragoman.ledger.asking import cursors, frames
from dragoman.ledger.asking.clauses import Selection, selections
from dragoman.ledger.asking.filters import Filters
from dragoman.ledger.asking.levels import SORTS, Row, Sort, by_key
from dragoman.ledger.asking.reach import rows, total
from dragoman.ledger.chunks import chunks
from dragoman.ledger.eventrows import remade
from dragoman.ledger.model import LedgerEvent
from dragoman.ledger.store import Store
from dragoman.ledger.tables import detail
from dragoman.ledger.words import BadQuestion
from dragoman.record import Json

# Events whose tellings are read at once: some hundred kilobytes.
_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Page:
    """Some events of a list, and the cursor of the next page; None on the last.

    ``first`` is the cursor of the first event, None where there is none: read the other way round (``ascending`` turned
    about), the events after it are those of the page before, the last one first.
    """

    events: tuple[LedgerEvent, ...]
    next: str | None = None
    first: str | None = None

    def to_dict(self) -> Json:
        return {"events": [event.to_dict() for event in self.events], "next": self.next, "first": self.first}

    @classmethod
    def from_dict(cls, row: Mapping[str, Any]) -> Self:
        return cls(tuple(LedgerEvent.from_dict(event) for event in row["events"]), row["next"], row["first"])

    def to_arrow(self) -> Any:
        """An Arrow table, one event a row; see :data:`dragoman.ledger.asking.frames.EVENT_FIELDS`."""
        return frames.to_arrow(self.events, frames.EVENT_FIELDS)

    def to_pandas(self) -> Any:
        """The same as a :class:`pandas.DataFrame`. Raises ImportError where pandas is not installed."""
        return frames.to_pandas(self.events, frames.EVENT_FIELDS)


def query(
    store: Store,
    filters: Filters | None = None,
    *,
    sort: Sort = "date",
    ascending: bool = False,
    limit: int = 50,
    after: str | None = None,
    tellings: bool = False,
) -> Page:
    """A page of the events that ``filters`` ask for; all without them.

    ``date`` sorts by :attr:`LedgerEvent.day`: the first day of the event's date, else the day of its first report,
    which serves to sort alone and is never shown as the event's date. Events that are equal in what they are sorted by
    are sorted by that day too, and those of one day by a hash of their ids. A page follows exactly on the one before
    it, whatever was added or taken out between the two.

    Args:
        store: the ledger's storage.
        filters: which events; see :class:`Filters`.
        sort: date, reported (day of the first report), sources (number of independent ones) or confidence.
        ascending: begin with the earliest, or lowest. What has no such key counts as lowest.
        limit: the most events of a page, from 1.
        after: ``next`` of the page before.
        tellings: whether events come with what each report tells.

    Raises:
        BadQuestion: for a sort, limit or cursor that there is none of.
        LedgerError: when the ledger cannot be read.
    """
    if sort not in SORTS:
        raise BadQuestion(f"events are not sorted by {sort!r}: use {', '.join(SORTS)}")
    if limit < 1:
        raise BadQuestion(f"a page holds 1 event or more, not {limit}")
    seen = _read_cursor(after, sort) if after else None
    with store.reading() as connection:
        chosen = selections(connection, filters or Filters())
        if sort == "date":
            if seen is not None:
                ends = (seen[1] + 1, chosen[0].high) if ascending else (0, seen[1] - 1)
                chosen = tuple(s.within(*ends) for s in chosen)
            found: list[Row] = [
                (0, row.nr) for row in rows(connection, chosen, "{nr} AS nr", descending=not ascending, limit=limit + 1)
            ]
        else:
            found = by_key(connection, chosen, sort, descending=not ascending, limit=limit + 1, after=seen)
        shown = found[:limit]
        cursor = cursors.written(sort, shown[-1]) if len(found) > limit else None
        first = cursors.written(sort, shown[0]) if shown else None
        return Page(tuple(_events(connection, [nr for _, nr in shown], tellings)), cursor, first)


def count(store: Store, filters: Filters | None = None, *, most: int | None = None) -> int:
    """How many events ``filters`` ask for; ``most`` where there are as many or more, which takes less time to say.

    Raises LedgerError when the ledger cannot be read.
    """
    with store.reading() as connection:
        return total(connection, selections(connection, filters or Filters()), most)


def iterate(
    store: Store, filters: Filters | None = None, *, ascending: bool = True, tellings: bool = False
) -> Iterator[LedgerEvent]:
    """All events that ``filters`` ask for, by date, as they stood when the first was taken.

    Few of them are in memory at any time. Closing the iterator ends the reading. Arguments and errors are those of
    :func:`query`.
    """
    with store.reading() as connection:
        chosen = selections(connection, filters or Filters())
        found = rows(connection, chosen, "d.data AS data", descending=not ascending, stream=True)
        events = (LedgerEvent.from_dict(json.loads(row.data)) for row in found)
        if not tellings:
            yield from events
            return
        while part := list(islice(events, _AT_ONCE)):
            yield from remade(connection, [event.id for event in part])


def head_ids(connection: Connection, chosen: Sequence[Selection], most: int) -> list[str]:
    """The ids of the latest events of ``chosen``, at most so many, the latest first."""
    return [row.id for row in rows(connection, chosen, "e.id AS id", limit=most)]


def _events(connection: Connection, numbers: Sequence[int], tellings: bool) -> Iterator[LedgerEvent]:
    for part in chunks(numbers):
        query = select(detail.c.nr, detail.c.data).where(detail.c.nr.in_(part))
        data = {row.nr: row.data for row in connection.execute(query)}
        events = [LedgerEvent.from_dict(json.loads(data[nr])) for nr in part]
        yield from remade(connection, [event.id for event in events]) if tellings else events


def _read_cursor(given: str, sort: str) -> Row:
    wrong = BadQuestion("that is no cursor of this list: take it from the page before, of the same sort")
    key, number = cursors.read(given, sort, 2)
    if isinstance(number, bool) or not isinstance(number, int):
        raise wrong
    if isinstance(key, bool) or not isinstance(key, str if sort == "reported" else int | float):
        raise wrong
    if not 0 <= number < 1 << 63:
        raise wrong
    return key, number
