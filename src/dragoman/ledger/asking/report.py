"""One report, with all that the ledger holds of it."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from sqlalchemy import Connection, Row, Select, func, select

from dragoman.ledger import writing
from dragoman.ledger.chunks import chunks
from dragoman.ledger.judging import Judgement
from dragoman.ledger.model import Report
from dragoman.ledger.store import Store
from dragoman.ledger.tables import origin, record, report
from dragoman.record import Document, Event, Json

_HEAD = tuple(
    report.c[name] for name in ("id", "title", "published", "url", "outlet", "status", "superseded", "copies")
)


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """A record of a report as it stands after judgements.

    Attributes:
        record: the record.
        event: the id of the event that it belongs to; None for one that is judged no event.
        live: False for what a person judged no event.
        confirmed: whether a person has confirmed, corrected or added it.
        added: whether a person added it: the coder does not find it.
        corrected: the fields that people corrected.
        evidence: one sentence for each of the record's mentions, in their order.
        triggers: the words in it that name the event.
    """

    record: Event
    event: str | None
    live: bool = True
    confirmed: bool = False
    added: bool = False
    corrected: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    triggers: tuple[str, ...] = ()

    def to_dict(self) -> Json:
        return {
            "record": self.record.to_dict(),
            "event": self.event,
            "live": self.live,
            "confirmed": self.confirmed,
            "added": self.added,
            "corrected": list(self.corrected),
            "evidence": list(self.evidence),
            "triggers": list(self.triggers),
        }

    @classmethod
    def from_dict(cls, row: Mapping[str, Any]) -> Self:
        lists = {name: tuple(row[name]) for name in ("corrected", "evidence", "triggers")}
        return cls(**{**row, **lists, "record": Event.from_dict(row["record"])})


@dataclass(frozen=True, slots=True)
class StoredReport:
    """A report of the ledger with its text and records.

    Attributes:
        report: what it is, and how it stands to others.
        text: None where the ledger keeps none; the records' ``evidence`` is what there is then.
        length: code points of the text, kept or not.
        contexts: what it is about, in the codebook's terms.
        warnings: what a user should know of how it was read and coded.
        coder: which coder coded it: the version and a hash of what it codes with.
        retrieved: when it was fetched from its address, in ISO 8601; None where nobody says.
        added: when the ledger took it in, in ISO 8601.
        origins: where it was found: pairs of a source and what the document is called there.
        versions: the other reports of the same address, the earliest first.
        copies: the other reports of the same text, the earliest first.
        records: in the order of the text.
        judgements: what people judged of its records, the oldest first; undone ones and undoings too.
    """

    report: Report
    text: str | None = None
    length: int = 0
    contexts: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    coder: str = ""
    retrieved: str | None = None
    added: str = ""
    origins: tuple[tuple[str, str], ...] = ()
    versions: tuple[Report, ...] = ()
    copies: tuple[Report, ...] = ()
    records: tuple[StoredRecord, ...] = ()
    judgements: tuple[Judgement, ...] = ()

    @property
    def document(self) -> Document:
        """The report as the coder reads it; without its text where the ledger keeps none."""
        told = self.report
        return Document(self.text or "", told.published, told.id, told.title, told.url, (), told.outlet, self.retrieved)

    def to_dict(self) -> Json:
        return {
            "report": self.report.to_dict(),
            "text": self.text,
            "length": self.length,
            "contexts": list(self.contexts),
            "warnings": list(self.warnings),
            "coder": self.coder,
            "retrieved": self.retrieved,
            "added": self.added,
            "origins": [{"source": source, "name": name} for source, name in self.origins],
            "versions": [one.to_dict() for one in self.versions],
            "copies": [one.to_dict() for one in self.copies],
            "records": [one.to_dict() for one in self.records],
            "judgements": [one.to_dict() for one in self.judgements],
        }

    @classmethod
    def from_dict(cls, row: Mapping[str, Any]) -> Self:
        made: dict[str, Any] = {
            "report": Report.from_dict(row["report"]),
            "contexts": tuple(row["contexts"]),
            "warnings": tuple(row["warnings"]),
            "origins": tuple((one["source"], one["name"]) for one in row["origins"]),
            "versions": tuple(Report.from_dict(one) for one in row["versions"]),
            "copies": tuple(Report.from_dict(one) for one in row["copies"]),
            "records": tuple(StoredRecord.from_dict(one) for one in row["records"]),
            "judgements": tuple(Judgement.from_dict(one) for one in row["judgements"]),
        }
        return cls(**{**row, **made})


def report_of(store: Store, id: str, *, records: Collection[str] | None = None) -> StoredReport | None:
    """The report of an id; None where there is none.

    Args:
        store: the ledger's storage.
        id: the report's id.
        records: the ids of the records to be read, where not all are wanted.

    Raises:
        LedgerError: when the ledger cannot be read.
    """
    with store.reading() as connection:
        row = connection.execute(select(report).where(report.c.id == id)).first()
        if row is None:
            return None
        found = connection.execute(select(origin.c.source, origin.c.name).where(origin.c.report == id))
        return StoredReport(
            told_in(row),
            row.text,
            row.length,
            tuple(json.loads(row.contexts)),
            tuple(json.loads(row.warnings)),
            row.coder,
            row.retrieved,
            row.added,
            tuple(sorted((one.source, one.name) for one in found)),
            _others(connection, id, report.c.address == row.address) if row.address is not None else (),
            _others(connection, id, report.c.copies == row.copies),
            tuple(_records(connection, id, records)),
            tuple(writing.judgements_of(connection, [id]).get(id, ())),
        )


def records_in(store: Store, ids: Sequence[str]) -> dict[str, int]:
    """How many records each report of ``ids`` has; those that people judged no event are not counted."""
    counts = dict.fromkeys(ids, 0)
    with store.reading() as connection:
        for part in chunks(sorted(counts)):
            query = select(record.c.report, func.count()).where(record.c.report.in_(part), record.c.live)
            counts |= {id: int(number) for id, number in connection.execute(query.group_by(record.c.report))}
    return counts


def told_in(row: Row[Any]) -> Report:
    """A row of the table ``report`` as what the ledger hands out."""
    return Report(row.id, row.title, row.published, row.url, row.outlet, row.status, row.copies, row.superseded)


def _others(connection: Connection, id: str, alike: Any) -> tuple[Report, ...]:
    rows = connection.execute(select(*_HEAD).where(alike, report.c.id != id))
    return tuple(sorted((told_in(row) for row in rows), key=lambda one: (one.published or "", one.id)))


def _records(connection: Connection, id: str, wanted: Collection[str] | None) -> list[StoredRecord]:
    columns = (record.c[n] for n in ("id", "coded", "judged", "evidence", "live", "confirmed", "event"))
    query = select(*columns).where(record.c.report == id)
    queries: Sequence[Select[Any]] = [query]
    if wanted is not None:
        queries = [query.where(record.c.id.in_(part)) for part in chunks(sorted(wanted))]
    made = [_record(row) for one in queries for row in connection.execute(one)]
    return sorted(made, key=lambda one: (*_place(one.record), one.record.id))


def _record(row: Row[Any]) -> StoredRecord:
    judged = json.loads(row.judged)
    evidence = json.loads(row.evidence)
    return StoredRecord(
        Event.from_dict(judged),
        row.event,
        row.live,
        row.confirmed,
        row.coded is None,
        tuple(judged["corrected"]),
        tuple(sentence for sentence, _ in evidence),
        tuple(trigger for _, trigger in evidence),
    )


def _place(made: Event) -> tuple[int, int]:
    return min(((m.trigger.start, m.trigger.end) for m in made.mentions), default=(0, 0))
