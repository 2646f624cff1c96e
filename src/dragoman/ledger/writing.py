"""Writing reports and their records, all that follows from them in the same transaction.

Whatever is written, and in whatever order, the ledger that results depends on what it holds alone: copies are the
connected reports, events are clusters of connected records, and both are made anew where something changed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from dragoman.ledger import copies, joining, judging, linking, stamps, standing
from dragoman.ledger.chunks import chunks
from dragoman.ledger.identity import LONGEST, address, report_id, shortened, storable
from dragoman.ledger.judging import Judged, Judgement
from dragoman.ledger.tables import judged, judgement, origin, record, report
from dragoman.record import CodedDocument, Document, Event, Mention

# Characters of a sentence kept before and after its trigger. A page without full stops is one sentence for each of its
# records: kept whole, it would take the square of its length. Sentences of news have under 1,000.
_SENTENCE = 2_000


@dataclass(frozen=True, slots=True)
class Coding:
    """A document as coded, on its way into the ledger.

    ``coder`` names what coded it. ``source`` and ``name`` say where it comes from: a feed, archive or folder, and what
    the document is called there.
    """

    document: Document
    coded: CodedDocument
    coder: str
    source: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """Where a report was found, what it is called there, and when it was fetched, if it was."""

    report: str
    source: str
    name: str
    retrieved: str | None = None


@dataclass(slots=True)
class Change:
    """What a write has touched, to be followed up at its end: reports whose standing changed, records to be joined, and
    events to be made anew."""

    reports: set[str] = field(default_factory=set)
    records: set[int] = field(default_factory=set)
    events: set[str] = field(default_factory=set)


def add(
    connection: Connection, codings: Sequence[Coding], found: Iterable[Found] = (), *, text: bool = True
) -> set[Found]:
    """Add what is not in the ledger yet, with copies, versions, records and events.

    Args:
        codings: coded documents, under the ids that :func:`identified` gives them.
        found: where documents were found again that are in the ledger or among ``codings``.
        text: whether to keep the text itself, or only lengths, offsets and evidence sentences.

    Returns:
        What of ``found`` speaks of documents that are not in the ledger.
    """
    fresh = {coding.document.id: coding for coding in codings}
    places = {*found, *(Found(c.document.id, c.source, c.name, c.document.retrieved) for c in codings)}
    known: dict[str, Any] = {}
    for part in chunks(sorted({place.report for place in places})):
        query = select(report.c.id, report.c.retrieved, report.c.address).where(report.c.id.in_(part))
        known |= {row.id: row for row in connection.execute(query)}
    change = Change()
    lacking = sorted(fresh.keys() - known.keys())
    added = stamps.stamp(connection) if lacking else ""
    rows = [_report_row(fresh[id], text, added) for id in lacking]
    lost = {place for place in places if place.report not in fresh and place.report not in known}
    times = _first_retrieved(places - lost)
    for row in rows:
        row["retrieved"] = times.pop(row["id"], None)
    if rows:
        connection.execute(insert(report), rows)
    _note(connection, places - lost)
    earlier = {id: at for id, at in times.items() if known[id].retrieved is None or at < known[id].retrieved}
    if earlier:
        connection.execute(
            update(report).where(report.c.id == bindparam("key")).values(retrieved=bindparam("at")),
            [{"key": id, "at": at} for id, at in sorted(earlier.items())],
        )
    change.reports = standing.group_copies(connection, rows)
    ids = {row["id"] for row in rows}
    change.reports |= standing.settle(connection, ids | change.reports | earlier.keys(), ())
    if rows:
        documents = {id: fresh[id].document for id in ids}
        put_records(connection, documents, {id: fresh[id].coded.events for id in ids}, change, text=text)
    linking.follow_up(connection, change.reports, change.records, change.events)
    return lost


def _first_retrieved(places: Iterable[Found]) -> dict[str, str]:
    times: dict[str, str] = {}
    for place in places:
        if place.retrieved is not None:
            times[place.report] = min(times.get(place.report, place.retrieved), place.retrieved)
    return times


def _note(connection: Connection, places: Iterable[Found]) -> None:
    """Remember where documents were found; nothing changes for those that are remembered."""
    values = sorted({(f.report, *(shortened(storable(t), LONGEST) for t in (f.source, f.name))) for f in places})
    if values:
        ignoring = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
        rows = [{"report": r, "source": s, "name": n} for r, s, n in values]
        connection.execute(ignoring(origin).on_conflict_do_nothing(), rows)


def recode(connection: Connection, codings: Sequence[Coding]) -> None:
    """Replace the records of reports by what another coder made of them, and replay the judgements."""
    change = Change()
    contexts = {c.document.id: _json(c.coded.contexts) for c in codings}
    for part in chunks(sorted(contexts)):
        for row in connection.execute(select(report.c.id, report.c.contexts).where(report.c.id.in_(part))):
            if row.contexts != contexts[row.id]:
                change.reports.add(row.id)
    values = [
        {"key": c.document.id, "code": c.coder, "about": contexts[c.document.id], "said": _json(c.coded.warnings)}
        for c in codings
    ]
    named: dict[str, Any] = {"coder": bindparam("code"), "contexts": bindparam("about"), "warnings": bindparam("said")}
    connection.execute(update(report).where(report.c.id == bindparam("key")).values(named), values)
    documents = {c.document.id: c.document for c in codings}
    put_records(connection, documents, {c.document.id: c.coded.events for c in codings}, change)
    linking.follow_up(connection, change.reports, change.records, change.events)


def rejudge(connection: Connection, reports: Iterable[str], *, anew: bool = False) -> None:
    """Make the records of reports anew from what the coder gave and the judgements that stand.

    ``anew`` compares those that stay the same with all others again.
    """
    ids = sorted(set(reports))
    coded: dict[str, list[Event]] = {id: [] for id in ids}
    for part in chunks(ids):
        for row in connection.execute(
            select(record.c.report, record.c.coded).where(record.c.report.in_(part), record.c.coded.is_not(None))
        ):
            coded[row.report].append(Event.from_dict(json.loads(row.coded)))
    change = Change()
    made = {id: tuple(events) for id, events in coded.items()}
    put_records(connection, documents_of(connection, ids), made, change, anew=anew)
    linking.follow_up(connection, change.reports, change.records, change.events)


def documents_of(connection: Connection, ids: Sequence[str]) -> dict[str, Document]:
    """Stored documents by id; the text of one that is kept without it is empty."""
    return {
        row.id: Document(row.text or "", row.published, row.id, row.title, row.url, (), row.outlet, row.retrieved)
        for part in chunks(ids)
        for row in connection.execute(select(report).where(report.c.id.in_(part)))
    }


def identified(document: Document) -> Document:
    """``document`` under the id that the ledger gives it: it is coded to the same records wherever it was found.

    What no database keeps is replaced, character by character: offsets stay. Warnings are of one reading, not of the
    document, and left out.
    """
    kept = replace(
        document,
        text=storable(document.text),
        published=document.published and storable(document.published),
        title=storable(document.title),
        url=storable(document.url),
        outlet=storable(document.outlet),
        retrieved=document.retrieved and storable(document.retrieved),
        warnings=(),
    )
    return replace(kept, id=report_id(kept))


def _report_row(coding: Coding, text: bool, added: str) -> dict[str, Any]:
    document = coding.document
    return {
        "id": document.id,
        "title": document.title,
        "published": document.published,
        "url": document.url,
        "address": address(document.url),
        "outlet": document.outlet,
        "text": document.text if text else None,
        "length": len(document.text),
        "contexts": _json(coding.coded.contexts),
        "warnings": _json(coding.coded.warnings),
        "signature": copies.signature(document.text),
        "copies": document.id,
        "status": "new",
        "superseded": False,
        "coder": coding.coder,
        "retrieved": document.retrieved,
        "added": added,
    }


def put_records(
    connection: Connection,
    documents: Mapping[str, Document],
    coded: Mapping[str, Sequence[Event]],
    change: Change,
    *,
    text: bool = True,
    anew: bool = False,
) -> None:
    """Replace the records of reports by ``coded``, judgements replayed; what is the same stays untouched.

    ``text`` is False for documents whose text is at hand now for the last time, ``anew`` replaces what is the same too.
    """
    ids = sorted(coded)
    log = judgements_of(connection, ids)
    old: dict[str, dict[str, Any]] = {id: {} for id in ids}
    for part in chunks(ids):
        for stored in connection.execute(select(record).where(record.c.report.in_(part))):
            old[stored.report][stored.id] = stored
    rows: list[dict[str, Any]] = []
    gone: list[int] = []
    for id in ids:
        judgements = judging.replay(id, coded[id], log.get(id, ()))
        kept = {j.record.id for j in judgements}
        gone += [found.nr for key, found in old[id].items() if key not in kept]
        for row in _record_rows(documents[id], judgements, old[id], text):
            before = old[id].get(row["id"])
            if before is not None and not anew and all(row[name] == getattr(before, name) for name in row):
                continue
            if before is not None:
                gone.append(before.nr)
            rows.append(row)
    for numbers in chunks(gone):
        events, neighbours = linking.around(connection, numbers)
        change.events |= events
        change.records |= neighbours
        connection.execute(delete(record).where(record.c.nr.in_(numbers)))
    change.records -= set(gone)
    if rows:
        connection.execute(insert(record), rows)
        by_id = {
            found.id: found.nr
            for part in chunks([row["id"] for row in rows])
            for found in connection.execute(select(record.c.id, record.c.nr).where(record.c.id.in_(part)))
        }
        fresh = {by_id[row["id"]]: row["profile"] for row in rows if row["live"]}
        linking.link(connection, fresh)
        change.records |= set(fresh)
    for id in ids:
        if log.get(id):
            change.records |= linking.constrain(connection, id, log[id])


def _record_rows(
    document: Document, judgements: Sequence[Judged], old: Mapping[str, Any], text: bool
) -> list[dict[str, Any]]:
    rows = []
    profiles = joining.profiles(document, [j.record for j in judgements])
    for j, profile in zip(judgements, profiles, strict=True):
        before = old.get(j.record.id)
        basis = None
        if document.text:
            evidence = _json([_evidence(document.text, m) for m in j.record.mentions])
            basis = None if text else _json(profile.to_dict())
        elif before is not None:
            # Without the text, what was made of it when it came in is all there is.
            evidence, basis = before.evidence, before.basis
            if basis is not None:
                moved = j.coded is None or j.coded.place != j.record.place
                profile = linking.amended(joining.Profile.from_dict(json.loads(basis)), j.record, moved=moved)
        else:
            evidence = _json([["", ""] for _ in j.record.mentions])
        rows.append(
            {
                "id": j.record.id,
                "report": document.id,
                "coded": None if j.coded is None else _json(j.coded.to_dict()),
                "judged": _json({**j.record.to_dict(), "corrected": list(j.corrected)}),
                "evidence": evidence,
                "profile": _json(profile.to_dict()),
                "basis": basis,
                "live": j.live,
                "confirmed": j.confirmed,
            }
        )
    return rows


def _evidence(text: str, mention: Mention) -> list[str]:
    """The sentence of a mention and its trigger; of a sentence beyond all measure what stands around the trigger."""
    start = max(mention.start, mention.trigger.start - _SENTENCE)
    end = min(mention.end, mention.trigger.end + _SENTENCE)
    return [text[start:end], mention.trigger.of(text)[:_SENTENCE]]


def judgements_of(connection: Connection, reports: Sequence[str]) -> dict[str, list[Judgement]]:
    """All judgements that concern reports, undone ones and undoings too, by report."""
    log: dict[str, list[Judgement]] = {}
    for part in chunks(reports):
        for row in connection.execute(
            select(judged.c.report, judgement.c.value)
            .join(judgement, judgement.c.id == judged.c.judgement)
            .where(judged.c.report.in_(part))
            .order_by(judgement.c.at, judgement.c.id)
        ):
            log.setdefault(row.report, []).append(Judgement.from_dict(json.loads(row.value)))
    return log


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
