"""Whether a ledger is sound: what it holds is whole, and all that follows from it is as it should be."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select, text

from dragoman.ledger import derived, dyadrows, facets, linking
from dragoman.ledger.coders import joiner_name
from dragoman.ledger.eventrows import remade, rows_of
from dragoman.ledger.store import JOINER, Store
from dragoman.ledger.tables import detail, dyad, event, judgement, link, origin, record, report

# Looks through a ledger for faults of one kind: what is concerned by them.
Check = Callable[[Connection], list[str]]
_PAGE = 2_000
# More faults of one kind than these tell a reader nothing new.
_SHOWN = 3


def faults(store: Store) -> list[str]:
    """All that is wrong, one line each; none when the ledger is sound. Reads everything, writes nothing.

    Raises LedgerError when it cannot be read at all.
    """
    with store.reading() as connection:
        # What stands on a damaged file or on missing rows would be wrong for that reason alone.
        if broken := _told(
            {"the file is damaged, restore a copy": _file, "rows that belong to nothing": _rows}, connection
        ):
            return broken
        joined = store.setting(connection, JOINER) == joiner_name()
        return _told(
            _CHECKS | (_JOINED if joined else {_OTHERS: lambda _: ["dragoman recode joins them anew"]}), connection
        )


def _told(checks: Mapping[str, Check], connection: Connection) -> list[str]:
    found = []
    for what, check in checks.items():
        try:
            ids = check(connection)
        except (LookupError, TypeError, ValueError) as error:
            found.append(
                f"{what}: cannot be told, what is stored is not as it was written ({type(error).__name__}: {error})"
            )
            continue
        if ids:
            more = f" and {len(ids) - _SHOWN} more" if len(ids) > _SHOWN else ""
            found.append(f"{what}: {', '.join(ids[:_SHOWN])}{more}")
    return found


def _file(connection: Connection) -> list[str]:
    if connection.dialect.name != "sqlite":
        return []
    said = [str(row[0]) for row in connection.execute(text("PRAGMA integrity_check(10)"))]
    return [] if said == ["ok"] else said


def _rows(connection: Connection) -> list[str]:
    if connection.dialect.name != "sqlite":
        return []  # the server sees to it
    return [f"{row[0]} {row[1]}" for row in connection.execute(text("PRAGMA foreign_key_check"))]


def _without_event(connection: Connection) -> list[str]:
    return list(connection.execute(select(record.c.id).where(record.c.live, record.c.event.is_(None))).scalars())


def _dead_with_event(connection: Connection) -> list[str]:
    return list(connection.execute(select(record.c.id).where(~record.c.live, record.c.event.is_not(None))).scalars())


def _no_event(connection: Connection) -> list[str]:
    there = select(event.c.id).where(event.c.id == record.c.event).exists()
    query = select(record.c.event).where(record.c.event.is_not(None), ~there).distinct()
    return list(connection.execute(query.order_by(record.c.event)).scalars())


def _empty(connection: Connection) -> list[str]:
    told = select(record.c.nr).where(record.c.event == event.c.id).exists()
    return list(connection.execute(select(event.c.id).where(~told).order_by(event.c.id)).scalars())


def _unsearchable(connection: Connection) -> list[str]:
    """Events that the index of full-text search lacks, and its entries that are no event's."""
    if connection.dialect.name != "sqlite":
        return []  # a generated column, which the server keeps in step
    # Each event has one of these words.
    found = f"SELECT rowid FROM search WHERE search MATCH 'facets : ({' OR '.join(_ALWAYS)})'"
    missing = f"SELECT id FROM event WHERE nr NOT IN ({found})"
    over = f"{found} AND rowid NOT IN (SELECT nr FROM event)"
    gone = [f"entry {nr}" for nr in connection.execute(text(over)).scalars()]
    return [*connection.execute(text(missing)).scalars(), *gone]


_ALWAYS = [facets.word(facets.HISTORICAL, value) for value in ("yes", "no")]


def _stale(connection: Connection) -> list[str]:
    """The events whose rows are not those that their records give."""
    return [id for page in _events(connection) for id in _stale_of(connection, page)]


def _stale_of(connection: Connection, ids: Sequence[str]) -> list[str]:
    """Those of a page of events whose rows are not those that their records give."""
    want = {
        made.id: [_line(table.name, row) for table, row in rows_of(made).items()] for made in remade(connection, ids)
    }
    have: dict[str, list[str]] = {}
    columns = [c for c in detail.c if c is not detail.c.nr]
    query = select(event, *columns).join(detail, detail.c.nr == event.c.nr).where(event.c.id.in_(ids))
    for row in connection.execute(query).mappings():
        have[row["id"]] = [_line(table.name, {c.name: row[c.name] for c in table.c}) for table in (event, detail)]
    return sorted(id for id in ids if want.get(id) != have.get(id))


def _line(table: str, row: dict[str, Any]) -> str:
    # Which number an event has may depend on what came before it, when two want the same.
    skipped = {"event": ("nr",), "detail": ("nr",)}.get(table, ())
    return json.dumps([table, {name: value for name, value in row.items() if name not in skipped}], sort_keys=True)


def _events(connection: Connection) -> Iterator[list[str]]:
    last = ""
    while True:
        query = select(event.c.id).where(event.c.id > last).order_by(event.c.id).limit(_PAGE)
        ids = list(connection.execute(query).scalars())
        if not ids:
            return
        yield ids
        last = ids[-1]


_CHECKS: dict[str, Check] = {
    "records without an event": _without_event,
    "records judged no event that have one": _dead_with_event,
    "events of records that are not there": _no_event,
    "events without records": _empty,
    "events that full-text search does not find, or finds though they are gone": _unsearchable,
    **derived.CHECKS,
    "sums of series that are not those of the events": dyadrows.faults,
    "events that are not what their records say": _stale,
}
# What can be told only by what joined the records.
_JOINED: dict[str, Check] = {
    **derived.JOINED,
    "events whose records do not belong together": linking.wrong_clusters,
}
_OTHERS = "records that another version of Dragoman joined"


def digest(store: Store) -> str:
    """A hash of all that a ledger holds, the same however it came to hold it: no row numbers, no times of arrival."""
    summed = hashlib.sha256()
    with store.reading() as connection:
        for line in _contents(connection):
            summed.update(line.encode())
    return summed.hexdigest()


def _contents(connection: Connection) -> Iterator[str]:
    numbers = dict(connection.execute(select(record.c.nr, record.c.id)).all())
    skipped = {"report": {"added", "signature"}, "record": {"nr"}, "judgement": {"logged"}}
    for table in (report, origin, record, event, detail, dyad, judgement):
        keys = list(table.primary_key) if table is not record else [record.c.id]
        for row in connection.execute(select(table).order_by(*keys)).mappings():
            kept = {name: value for name, value in row.items() if name not in skipped.get(table.name, ())}
            yield _line(table.name, kept)
    pairs = [
        [*sorted((numbers[row.a], numbers[row.b])), row.kind, row.score, row.reasons]
        for row in connection.execute(select(link))
    ]
    yield from (json.dumps(pair) for pair in sorted(pairs))
