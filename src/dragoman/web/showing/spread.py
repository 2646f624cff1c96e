"""What a page shows of a report: its text as it is set, or the sentences that are kept, and the records beside it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dragoman.ledger import Judgement
from dragoman.ledger.asking import StoredRecord, StoredReport
from dragoman.ledger.judging import in_force
from dragoman.record import FACTUALITIES, CodedDocument, Document
from dragoman.web.desk import Desk
from dragoman.web.rendering import QUAD_NAMES
from dragoman.web.showing.typeset import MOST, PART, Entry, Paragraph, parts, set_text

_DONE = {"confirm": "confirmed", "drop": "judged no event", "add": "added", "correct": "corrected"}


@dataclass(frozen=True, slots=True)
class Spread:
    """A report, or a part of a long one, as a page shows it.

    Attributes:
        document: the report; without its text where the ledger keeps none.
        paragraphs: the text of this part, with its records marked; empty where none is kept.
        entries: the records of this part, in the order of the text.
        dropped: records that people judged no event.
        part: which part of the text this is, from 1.
        count: how many parts it has.
        left: how many records of this part are not shown: it has too many.
        total: how many records the report has, in all its parts.
    """

    document: Document
    paragraphs: Sequence[Paragraph]
    entries: Sequence[Entry]
    dropped: Sequence[Entry] = ()
    part: int = 1
    count: int = 1
    left: int = 0
    total: int = 0

    @property
    def quads(self) -> Mapping[str, int]:
        """How many records of this part each quad class has."""
        found = Counter(entry.quad for entry in self.entries)
        return {name: found[name] for name in QUAD_NAMES.values()}

    @property
    def manners(self) -> Mapping[str, int]:
        """How many records of this part each factuality has, those that have none left out."""
        found = Counter(entry.record.factuality for entry in self.entries)
        return {name: found[name] for name in FACTUALITIES if found[name]}

    def number_of(self, record: str) -> int:
        """The number on the page of a record, by its id; 0 where it is not there."""
        return next((entry.n for entry in self.entries if entry.record.id == record), 0)


def of_coded(document: Document, coded: CodedDocument) -> Spread:
    """What was coded and is not kept; of more records than a page has room for the first."""
    records = [StoredRecord(record, None) for record in coded.events]
    records.sort(key=lambda one: (first(one), one.record.id))
    shown = [Entry(n, one) for n, one in enumerate(records[:MOST], 1)]
    starts = parts(document.text, [first(one) for one in records])
    end = starts[1] if len(starts) > 1 else len(document.text)
    paragraphs = set_text(document.text, shown, 0, end)
    return Spread(document, paragraphs, shown, (), 1, len(starts), len(records) - len(shown), len(records))


def of_report(desk: Desk, id: str, part: int | None, record: str = "") -> tuple[StoredReport, Spread] | None:
    """A report of the ledger and what a page shows of it: the part asked for, else that of a record, else the first."""
    found = desk.ledger.report(id, records=())
    if found is None:
        return None
    # Most reports are read at once; of one that has parts, what is where is found out once, and one part is read.
    several = found.length > PART or desk.ledger.records_in([id])[id] > MOST
    whole = None if several else desk.ledger.report(id)
    plan = _plan(whole) if whole else desk.once(("parts of a report", id), lambda: _plan(desk.ledger.report(id)))
    part = min(max(part or plan.part_of(record), 1), len(plan.starts))
    shown = plan.within(part)
    found = whole or desk.ledger.report(id, records=[*shown[:MOST], *plan.dropped[:MOST]]) or found
    notes = _notes(found)
    numbers = {one: n for n, one in enumerate(plan.records, 1)}
    entries = [Entry(numbers.get(one.record.id, 0), one, *notes.get(one.record.id, ("", ""))) for one in found.records]
    here = set(shown[:MOST])
    live = [entry for entry in entries if entry.record.id in here]
    end = plan.starts[part] if part < len(plan.starts) else None
    paragraphs = set_text(found.text, live, plan.starts[part - 1], end) if found.text else []
    dropped = [entry for entry in entries if not entry.n]
    left = len(shown) - len(live)
    return found, Spread(found.document, paragraphs, live, dropped, part, len(plan.starts), left, len(plan.records))


@dataclass(frozen=True, slots=True)
class _Plan:
    """Where the parts of a report begin; its live records in order, where each begins, and those judged no event."""

    starts: list[int]
    records: list[str]
    firsts: list[int]
    dropped: list[str]

    def within(self, part: int) -> list[str]:
        low = bisect_left(self.firsts, self.starts[part - 1])
        high = bisect_left(self.firsts, self.starts[part]) if part < len(self.starts) else len(self.firsts)
        return self.records[low:high]

    def part_of(self, record: str) -> int:
        if record not in self.records:
            return 1
        return bisect_right(self.starts, self.firsts[self.records.index(record)])


def _plan(report: StoredReport | None) -> _Plan:
    live = [one for one in report.records if one.live] if report else []
    dropped = [one.record.id for one in report.records if not one.live] if report else []
    firsts = [first(one) for one in live]
    starts = parts(report.text, firsts) if report and report.text else [0, *firsts[MOST::MOST]]
    return _Plan(list(dict.fromkeys(starts)), [one.record.id for one in live], firsts, dropped)


def first(one: StoredRecord) -> int:
    """Where a record is told first."""
    return min((m.trigger.start for m in one.record.mentions), default=0)


def _notes(report: StoredReport) -> dict[str, tuple[str, str]]:
    """Of each record that was judged the last judgement that stands, and who judged what."""
    records = [one.record for one in report.records]
    notes: dict[str, tuple[str, str]] = {}
    for judgement in in_force(report.judgements):
        if judgement.action not in _DONE:
            continue
        for anchor in judgement.anchors:
            meant = anchor.found(records) if anchor.report == report.report.id else None
            if meant is not None:
                notes[meant.id] = (judgement.id, _said(judgement))
    return notes


def _said(judgement: Judgement) -> str:
    return f"{_DONE[judgement.action]} by {judgement.by}"
