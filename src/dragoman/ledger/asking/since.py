"""What came into a ledger since a moment: the events of new reports, and judgements."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, select

from dragoman.ledger import stamps
from dragoman.ledger.asking.clauses import selections
from dragoman.ledger.asking.filters import Filters
from dragoman.ledger.asking.reach import rows
from dragoman.ledger.chunks import chunks
from dragoman.ledger.judging import Judgement
from dragoman.ledger.model import LedgerEvent
from dragoman.ledger.store import Store
from dragoman.ledger.tables import event, judged, judgement, record, report

# What is read at once: reports come in writes of fifty, and a write is never cut in two.
_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class News:
    """What some writes brought, in their order.

    ``events`` are those that the new reports tell, and those that the judgements are about, as they stand now, without
    their tellings; an event that is gone is in no list. ``cursor`` is the stamp of the last of these writes, ``more``
    whether others came after it.
    """

    events: tuple[LedgerEvent, ...]
    judgements: tuple[Judgement, ...]
    cursor: str
    more: bool = False


def latest(store: Store) -> str:
    """The cursor of what came in last; empty for an empty ledger."""
    return store.read(stamps.latest)


def news(store: Store, after: str, filters: Filters | None = None, *, until: str | None = None) -> News:
    """What came in after the cursor ``after``: nothing is passed over, and nothing told twice.

    Args:
        store: the ledger's storage.
        after: ``cursor`` of what was read before; empty for the beginning.
        filters: which events; judgements are told whatever they are about.
        until: the last cursor to go to; None for the present.

    Raises:
        BadQuestion: for filters that there are none of.
        LedgerError: when the ledger cannot be read.
    """
    with store.reading() as connection:
        end = until or stamps.latest(connection)
        stop = _stop(connection, after, end)
        new = select(report.c.id).where(report.c.added > after, report.c.added <= stop)
        ids = list(connection.execute(new.order_by(report.c.added, report.c.id)).scalars())
        said = select(judgement.c.id, judgement.c.value).where(judgement.c.logged > after, judgement.c.logged <= stop)
        rows_of = connection.execute(said.order_by(judgement.c.logged, judgement.c.at, judgement.c.id)).all()
        concerned = _events_of_reports(connection, ids) | _events_judged(connection, [row.id for row in rows_of])
        return News(
            tuple(_read(connection, sorted(concerned), filters or Filters())),
            tuple(Judgement.from_dict(json.loads(row.value)) for row in rows_of),
            stop,
            stop < end,
        )


def _stop(connection: Connection, after: str, end: str) -> str:
    """The stamp to read to, so that whole writes are read and not too many at once."""
    stops: list[str] = []
    for column in (report.c.added, judgement.c.logged):
        query = select(column).where(column > after, column <= end).order_by(column).offset(_AT_ONCE).limit(1)
        if (found := connection.execute(query).scalar()) is not None:
            stops.append(found)
    return min(end, *stops) if stops else end


def _events_of_reports(connection: Connection, ids: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for part in chunks(ids):
        query = select(record.c.event).where(record.c.report.in_(part), record.c.event.is_not(None)).distinct()
        found |= set(connection.execute(query).scalars())
    return found


def _events_judged(connection: Connection, ids: Sequence[str]) -> set[str]:
    """The events that the records of judged reports are in: a merge or its undoing changes more than what it names."""
    found: set[str] = set()
    for part in chunks(ids):
        query = (
            select(record.c.event)
            .join(judged, judged.c.report == record.c.report)
            .where(judged.c.judgement.in_(part), record.c.event.is_not(None))
            .distinct()
        )
        found |= set(connection.execute(query).scalars())
    return found


def _read(connection: Connection, ids: Sequence[str], filters: Filters) -> list[LedgerEvent]:
    if not ids:
        return []
    numbers = [
        nr
        for part in chunks(ids)
        for nr in connection.execute(select(event.c.nr).where(event.c.id.in_(part))).scalars()
    ]
    if not numbers:
        return []
    chosen = [
        replace(
            selection.within(min(numbers), max(numbers)),
            among=tuple(sorted(set(numbers) & set(selection.among) if selection.among is not None else numbers)),
        )
        for selection in selections(connection, filters)
    ]
    found = rows(connection, chosen, "d.data AS data", descending=False)
    return [LedgerEvent.from_dict(json.loads(row.data)) for row in found]
