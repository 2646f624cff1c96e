"""Judgements laid down: logged, and the ledger brought in line with them in the same transaction."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, insert, or_, select

from dragoman import codebook
from dragoman.ledger import judging, stamps, writing
from dragoman.ledger.chunks import chunks
from dragoman.ledger.identity import storable
from dragoman.ledger.judging import Action, Anchor, Judgement
from dragoman.ledger.shapes import check_shape
from dragoman.ledger.store import Store
from dragoman.ledger.tables import judged, judgement, record, report
from dragoman.record import Event, Json


class BadJudgement(ValueError):
    """A judgement that cannot be laid down; the message says why."""


def now() -> str:
    """The time of a judgement, to the microsecond: two of one person have an order."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


def lay_down(store: Store, made: Sequence[Judgement]) -> list[str]:
    """Log judgements and replay those of the reports concerned; the ids of those that were not in the log yet.

    All of them or none are kept. Raises BadJudgement when one names a report that is not in the ledger, a value that no
    field has, or an undo of nothing; LedgerError when the ledger cannot be written.
    """
    for one in made:
        _check(one)

    def work(connection: Connection) -> list[str]:
        known = _known(connection, [one.id for one in made])
        fresh = list({one.id: one for one in made if one.id not in known}.values())
        touched: set[str] = set()
        logged = stamps.stamp(connection) if fresh else ""
        for one in _undone_first(fresh):
            touched |= _log(connection, one, logged)
        if touched:
            writing.rejudge(connection, touched)
        return [one.id for one in fresh]

    return list(store.write(work))


def _undone_first(made: Sequence[Judgement]) -> Iterator[Judgement]:
    """Judgements so that none comes before what it undoes, whatever their times."""
    by_id = {one.id: one for one in made}
    done: set[str] = set()
    for one in sorted(made, key=lambda j: (j.at, j.id)):
        chain: list[Judgement] = []
        step: Judgement | None = one
        while step is not None and step.id not in done:
            chain.append(step)
            done.add(step.id)
            step = by_id.get(step.judgement)
        yield from reversed(chain)


def log(store: Store, event: str | None = None) -> list[Judgement]:
    """All judgements, the oldest first; of one event only those that concern its reports' records of it."""
    with store.reading() as connection:
        if event is None:
            query = select(judgement.c.value).order_by(judgement.c.at, judgement.c.id)
            return [Judgement.from_dict(json.loads(value)) for (value,) in connection.execute(query)]
        anchors = anchors_of(connection, [event])
        by_report = writing.judgements_of(connection, sorted({anchor.report for anchor in anchors}))
    made = {one.id: one for log in by_report.values() for one in log}
    ids = {anchor.record.id for anchor in anchors}
    return sorted(
        (one for one in made.values() if ids & {a.record.id for a in _over(one, made)}), key=lambda j: (j.at, j.id)
    )


def _over(one: Judgement, known: Mapping[str, Judgement]) -> tuple[Anchor, ...]:
    """The records that a judgement is of; of an undoing those of what it undoes in the end."""
    while one.action == "undo" and one.judgement in known:
        one = known[one.judgement]
    return (*one.anchors, *one.rest)


def undoing_of(store: Store, id: str) -> str | None:
    """What takes a judgement back, by its id, where something that stands does; None too where there is no such one."""
    with store.reading() as connection:
        reports = connection.execute(select(judged.c.report).where(judged.c.judgement == id)).scalars().all()
        # An undoing concerns the reports of what it undoes: those of one hold all there is.
        made = writing.judgements_of(connection, reports[:1]).get(reports[0], []) if reports else []
    stands = judging.standing(made)
    return next((one.id for one in made if one.judgement == id and stands[one.id]), None)


def anchors_of(connection: Connection, ids: Iterable[str]) -> list[Anchor]:
    """The records of events, or records themselves, by their ids. Raises BadJudgement for an id that is neither."""
    found: dict[str, Anchor] = {}
    for id in ids:
        rows = connection.execute(
            select(record.c.id, record.c.report, record.c.judged)
            .where(or_(record.c.event == id, record.c.id == id))
            .order_by(record.c.id)
        ).all()
        # An event is called after one of its records: the whole event is meant.
        if not rows:
            raise BadJudgement(f"there is no event or record {id}: dragoman query lists events with their ids")
        for row in rows:
            found[row.id] = Anchor(row.report, Event.from_dict(json.loads(row.judged)))
    return list(found.values())


def event_anchors(connection: Connection, id: str) -> list[Anchor]:
    """The records of the event that ``id`` or the record of that id belongs to. Raises BadJudgement where none does."""
    event = connection.execute(
        select(record.c.event).where(or_(record.c.event == id, record.c.id == id), record.c.event.is_not(None))
    ).scalar()
    if event is None:
        raise BadJudgement(f"there is no event {id}: dragoman query lists events with their ids")
    return anchors_of(connection, [event])


def record_anchors(connection: Connection, id: str) -> list[Anchor]:
    """The record of that id alone, judged no event or not. Raises BadJudgement where there is none."""
    row = connection.execute(select(record.c.report, record.c.judged).where(record.c.id == id)).first()
    if row is None:
        raise BadJudgement(f"there is no record {id}: dragoman show lists those of an event")
    return [Anchor(row.report, Event.from_dict(json.loads(row.judged)))]


def training_records(store: Store) -> Iterator[Json]:
    """The documents that people judged, with their records as they stand, in the form that ``dragoman train`` reads.

    A judged document is taken to have been looked through: what it has no record of counts as no event. Documents kept
    without their text are left out.
    """
    with store.reading() as connection:
        ids = [id for (id,) in connection.execute(select(judged.c.report).distinct().order_by(judged.c.report))]
        for part in chunks(ids, 200):
            documents = writing.documents_of(connection, part)
            records: dict[str, list[Json]] = {id: [] for id in part}
            rows = connection.execute(
                select(record.c.report, record.c.judged).where(record.c.report.in_(part), record.c.live)
            )
            for row in rows:
                event = Event.from_dict(json.loads(row.judged)).to_dict()
                records[row.report].append({k: v for k, v in event.items() if k not in ("reasons", "confidence", "id")})
            for id in part:
                document = documents.get(id)
                if document is not None and document.text:
                    events = sorted(records[id], key=lambda e: json.dumps(e["mentions"]) + e["type"])
                    yield {"id": id, "text": document.text, "published": document.published, "events": events}


def _check(one: Judgement) -> None:
    if not one.by.strip():
        raise BadJudgement("a judgement needs a name: say who judges")
    if any(storable(text) != text for text in _texts(one.to_dict())):
        raise BadJudgement("a judgement holds half a character or a zero: write it without")
    if one.action == "undo":
        if not one.judgement:
            raise BadJudgement("an undo needs the id of the judgement that it takes back")
        return
    if not one.anchors:
        raise BadJudgement(f"to {one.action} takes an event")
    for anchor in one.anchors:
        try:
            made = judging.corrected(anchor.record, one.value) if one.action == "correct" else anchor.record
            check_shape(made)
            _check_record(made)
        except KeyError as error:
            raise BadJudgement(f"{error.args[0]} is missing: a party needs its text, a mention its place") from error
        except (AttributeError, TypeError, ValueError, OverflowError) as error:
            raise BadJudgement(str(error.args[0] if error.args else error)) from error
    if one.action == "correct" and not one.value:
        raise BadJudgement("a correction needs a field and its value")
    if one.action == "merge" and len(one.anchors) < 2:
        raise BadJudgement("a merge takes two events or more")
    if one.action == "split" and not one.rest:
        raise BadJudgement("a split must leave records behind: there is nothing to part them from")


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from (text for item in value.items() for part in item for text in _texts(part))
    elif isinstance(value, list | tuple):
        yield from (text for part in value for text in _texts(part))


def _check_record(event: Event) -> None:
    """Raise ValueError for what the codebook does not know."""
    if event.type not in codebook.TYPES:
        raise ValueError(f"{event.type} is no type: use one of {', '.join(codebook.TYPES)}")
    if wrong := [m for m in event.mode if m not in codebook.MODES[event.type]]:
        allowed = ", ".join(codebook.MODES[event.type]) or "none"
        raise ValueError(f"{event.type} has no mode {wrong[0]}: its modes are {allowed}")
    for entity in (*event.actor, *event.recipient, *event.attribution):
        if entity.country is not None and entity.country not in codebook.COUNTRIES:
            raise ValueError(f"{entity.country} is no country's code: dragoman codebook shows them")
        if entity.sector is not None and entity.sector not in codebook.SECTORS:
            raise ValueError(f"{entity.sector} is no sector: use one of {', '.join(codebook.SECTORS)}")
    if event.place and event.place.country is not None and event.place.country not in codebook.COUNTRIES:
        raise ValueError(f"{event.place.country} is no country's code: dragoman codebook shows them")
    if event.date is not None:
        codebook_date(event.date)


def codebook_date(date: str) -> None:
    """Raise ValueError unless ``date`` is a day, a month, a year or a range of these that exists."""
    first, slash, last = date.partition("/")
    parts = [first, last] if slash else [first]
    for part in parts:
        try:
            whole = part + "-01-01"[len(part) - 4 :] if len(part) in (4, 7, 10) else ""
            datetime.strptime(whole, "%Y-%m-%d")
        except ValueError:
            raise ValueError(f"{date!r} is no date: write 2022-02-25, 2022-02, 2022 or 2022-02-01/2022-02-25") from None
    if slash and first > last:
        raise ValueError(f"{date!r} ends before it begins")


def _known(connection: Connection, ids: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for part in chunks(ids):
        found |= set(connection.execute(select(judgement.c.id).where(judgement.c.id.in_(part))).scalars())
    return found


def _log(connection: Connection, one: Judgement, logged: str) -> set[str]:
    """Write a judgement down; the reports that it concerns."""
    reports = set(one.reports)
    if one.action == "undo":
        value = connection.execute(select(judgement.c.value).where(judgement.c.id == one.judgement)).scalar()
        if value is None:
            raise BadJudgement(f"there is no judgement {one.judgement} to undo: dragoman judgements lists them")
        reports = {
            id for (id,) in connection.execute(select(judged.c.report).where(judged.c.judgement == one.judgement))
        }
    there: set[str] = set()
    for part in chunks(sorted(reports)):
        there |= set(connection.execute(select(report.c.id).where(report.c.id.in_(part))).scalars())
    if lacking := sorted(reports - there):
        raise BadJudgement(f"the ledger has no report {lacking[0]}: ingest it first")
    connection.execute(
        insert(judgement).values(
            id=one.id,
            at=one.at,
            by=one.by,
            action=one.action,
            value=json.dumps(one.to_dict(), ensure_ascii=False),
            logged=logged,
        )
    )
    connection.execute(insert(judged), [{"report": id, "judgement": one.id} for id in sorted(reports)])
    return reports


def make(
    action: Action,
    by: str,
    anchors: Sequence[Anchor] = (),
    *,
    value: Json | None = None,
    rest: Sequence[Anchor] = (),
    undoes: str = "",
    note: str = "",
    at: str | None = None,
) -> Judgement:
    """A judgement of now."""
    return Judgement(at or now(), by, action, tuple(anchors), value or {}, tuple(rest), undoes, note)
