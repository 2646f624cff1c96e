"""Events in the tables: made of their records, written with all that questions are answered by."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, or_, select, update

from dragoman import codebook
from dragoman.ledger import dyadrows, facets
from dragoman.ledger.aggregate import Member, aggregate, event_id, interval
from dragoman.ledger.chunks import chunks
from dragoman.ledger.identity import outlet_key
from dragoman.ledger.model import LedgerEvent, Report, Telling
from dragoman.ledger.tables import detail, event, link, record, report
from dragoman.ledger.words import searchable
from dragoman.record import Entity, Event

_REPORT = (
    report.c.title,
    report.c.published,
    report.c.url,
    report.c.outlet,
    report.c.status,
    report.c.superseded,
    report.c.copies,
    report.c.address,
    report.c.contexts,
)


def load_members(connection: Connection, numbers: Sequence[int]) -> dict[int, Member]:
    """Records by their numbers as members of events; whether they were withdrawn is seen among those of one event."""
    members = {}
    for part in chunks(numbers):
        query = select(record, *_REPORT).join(report, report.c.id == record.c.report).where(record.c.nr.in_(part))
        for row in connection.execute(query):
            members[row.nr] = _member(row)
    return members


def _member(row: Row[Any]) -> Member:
    judged = json.loads(row.judged)
    evidence = json.loads(row.evidence)
    told_in = Report(
        id=row.report,
        title=row.title,
        published=row.published,
        url=row.url,
        outlet=row.outlet,
        status=row.status,
        source=row.report,
        superseded=row.superseded,
    )
    telling = Telling(
        told_in,
        Event.from_dict(judged),
        tuple(sentence for sentence, _ in evidence),
        tuple(trigger for _, trigger in evidence),
        row.confirmed,
    )
    return Member(
        telling,
        copies=row.copies,
        outlet=outlet_key(row.outlet, row.url),
        page=row.address,
        corrected=tuple(judged["corrected"]),
        contexts=tuple(json.loads(row.contexts)),
    )


def _withdrawn(members: Sequence[Member]) -> list[Member]:
    """Members with those marked whose report has a later version that tells the event no more."""
    standing = {m.page for m in members if m.page and not m.telling.report.superseded}
    return [replace(m, withdrawn=m.telling.report.superseded and m.page not in standing) for m in members]


def event_of(connection: Connection, id: str) -> LedgerEvent | None:
    """An event with its tellings, by its id or that of any of its records; None where there is none."""
    found = connection.execute(select(record.c.event).where(or_(record.c.id == id, record.c.event == id))).scalar()
    if found is None:
        return None
    return remade(connection, [found])[0]


def write_events(connection: Connection, stale: Iterable[str], clusters: Iterable[Sequence[int]]) -> None:
    """Replace the events ``stale`` by those of ``clusters``, which hold all records that were theirs and still live."""
    groups = [list(numbers) for numbers in clusters]
    members = load_members(connection, [nr for numbers in groups for nr in numbers])
    ids = {nr: event_id(members[n] for n in numbers) for numbers in groups for nr in numbers}
    old = sorted(stale)
    for part in chunks(old):
        gone = connection.execute(select(event).where(event.c.id.in_(part))).mappings()
        dyadrows.subtract(connection, [dict(row) for row in gone])
        connection.execute(update(record).where(record.c.event.in_(part)).values(event=None))
        connection.execute(delete(event).where(event.c.id.in_(part)))
    if not groups:
        return
    connection.execute(
        update(record).where(record.c.nr == bindparam("key")).values(event=bindparam("chosen")),
        [{"key": nr, "chosen": id} for nr, id in sorted(ids.items())],
    )
    put_events(connection, _made(connection, groups, members, ids))


def put_events(connection: Connection, made: Iterable[LedgerEvent]) -> None:
    """Write events, with their tellings, that are not in the tables."""
    rows = [rows_of(one) for one in made]
    number_apart(connection, rows)
    for table in (event, detail):
        if rows:
            connection.execute(insert(table), [row[table] for row in rows])
    dyadrows.add(connection, [row[event] for row in rows])


def remade(connection: Connection, ids: Sequence[str]) -> list[LedgerEvent]:
    """Events made anew of their records, without writing them; with their tellings."""
    numbers: dict[str, list[int]] = {}
    for part in chunks(ids):
        for row in connection.execute(select(record.c.nr, record.c.event).where(record.c.event.in_(part))):
            numbers.setdefault(row.event, []).append(row.nr)
    members = load_members(connection, sorted(nr for group in numbers.values() for nr in group))
    events = {nr: id for id, group in numbers.items() for nr in group}
    return list(_made(connection, [numbers[id] for id in ids if id in numbers], members, events))


def _made(
    connection: Connection, groups: Sequence[Sequence[int]], members: Mapping[int, Member], ids: Mapping[int, str]
) -> Iterator[LedgerEvent]:
    denials, contrary = _denials(connection, members, ids)
    for numbers in groups:
        id = ids[numbers[0]]
        told = _withdrawn([members[nr] for nr in numbers])
        yield aggregate(told, denials.get(id, ()), sorted(contrary.get(id, ())))


def _denials(
    connection: Connection, members: Mapping[int, Member], ids: Mapping[int, str]
) -> tuple[dict[str, list[Entity]], dict[str, set[str]]]:
    """For each event who denies it, and the ids of the events that tell the opposite."""
    pairs: list[tuple[int, int]] = []
    for part in chunks(sorted(members)):
        query = select(link.c.a, link.c.b).where(link.c.kind == "denial", or_(link.c.a.in_(part), link.c.b.in_(part)))
        pairs += [(row.a, row.b) for row in connection.execute(query)]
    if not pairs:
        return {}, {}
    far = {nr for pair in pairs for nr in pair} - set(members)
    known, events = dict(members), dict(ids)
    # Whether a report still stands by its denial is seen among all records of the denying event.
    whole: set[str] = set()
    for part in chunks(sorted(far)):
        whole |= set(connection.execute(select(record.c.event).where(record.c.nr.in_(part))).scalars())
    for ids_part in chunks(sorted(id for id in whole if id is not None)):
        query = select(record.c.nr, record.c.event).where(record.c.event.in_(ids_part))
        events |= {row.nr: row.event for row in connection.execute(query)}
    known |= load_members(connection, sorted(events.keys() - members.keys()))
    groups: dict[str, list[int]] = {}
    for nr, id in sorted(events.items()):
        groups.setdefault(id, []).append(nr)
    involved = {events[nr] for pair in pairs for nr in pair if nr in events}
    retracted = {
        nr
        for id in involved
        for nr, member in zip(groups[id], _withdrawn([known[n] for n in groups[id]]), strict=True)
        if member.withdrawn
    }
    denials: dict[str, list[Entity]] = {}
    contrary: dict[str, set[str]] = {}
    for pair in sorted(set(pairs), key=lambda p: sorted(known[nr].order for nr in p if nr in known)):
        for one, other in (pair, pair[::-1]):
            # People may have joined what denies each other: no event is its own contrary.
            if one not in ids or events.get(other, ids[one]) == ids[one]:
                continue
            contrary.setdefault(ids[one], set()).add(events[other])
            denier = known[other].record
            if denier.factuality == "negated" and other not in retracted:
                denials.setdefault(ids[one], []).extend(denier.attribution or denier.actor)
    return denials, contrary


def rows_of(made: LedgerEvent) -> dict[Any, dict[str, Any]]:
    """The rows of an event, with its tellings, by table."""
    day = made.day or ""
    dated = "none" if made.date is None else "range" if "/" in made.date else _PRECISION[len(made.date)]
    until = max(day, interval(made.date)[1]) if made.date else day
    number = facets.number(day, made.id)
    head = {
        "nr": number,
        "id": made.id,
        "type": made.type,
        "factuality": made.factuality,
        "historical": made.historical,
        "dated": dated,
        "day": day,
        "until": until,
        "reported": (made.reported or "")[:10],
        "place": made.place.country if made.place else None,
        "state": made.state,
        "sources": made.sources,
        "reports": made.reports,
        "confidence": made.confidence,
        "score": made.score,
        "pairs": " ".join(">".join(pair) for pair in facets.pairs(made)),
    }
    data = replace(made, tellings=()).to_dict()
    whole = {
        "nr": number,
        "data": json.dumps(data, ensure_ascii=False, separators=(",", ":")),
        "words": searchable(_texts(made)),
        "facets": " ".join(facets.facets(made, dated, day, until)),
    }
    return {event: head, detail: whole}


_PRECISION = {10: "day", 7: "month", 4: "year"}


def _texts(made: LedgerEvent) -> list[str]:
    """What an event is found by, each text once: its sentences, the titles of its reports, the names of whom and where
    it is about."""
    texts: dict[str, None] = {}
    for telling in made.tellings:
        texts |= dict.fromkeys(telling.evidence)
        texts[telling.report.title] = None
        texts |= dict.fromkeys(e.text for e in (*telling.record.actor, *telling.record.recipient))
    codes = {p.country or "" for p in (*made.actor, *made.recipient)} | {made.place.country or "" if made.place else ""}
    texts |= dict.fromkeys(codebook.COUNTRIES[c].name for c in sorted(codes & set(codebook.COUNTRIES)))
    return list(texts)


def number_apart(connection: Connection, rows: Sequence[dict[Any, dict[str, Any]]]) -> None:
    """Give those of new events another number whose own is taken."""
    numbers = sorted({made[event]["nr"] for made in rows})
    taken = {
        nr for part in chunks(numbers) for (nr,) in connection.execute(select(event.c.nr).where(event.c.nr.in_(part)))
    }
    for made in sorted(rows, key=lambda row: str(row[event]["id"])):
        number = made[event]["nr"]
        while number in taken or (number != made[event]["nr"] and _is_taken(connection, number)):
            number += 1
        taken.add(number)
        made[event]["nr"] = made[detail]["nr"] = number


def _is_taken(connection: Connection, number: int) -> bool:
    return connection.execute(select(event.c.nr).where(event.c.nr == number)).first() is not None
