"""Ingest: documents to be coded and kept, as they come, by one process or many, as often as one likes."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, select

from dragoman import engines
from dragoman.coder import Coder
from dragoman.engines import Outcome
from dragoman.fetching.item import Known
from dragoman.ledger import writing
from dragoman.ledger.coders import coder_name
from dragoman.ledger.identity import day_of
from dragoman.ledger.memory import SOURCE, remember
from dragoman.ledger.store import LedgerError, Store
from dragoman.ledger.tables import report
from dragoman.ledger.writing import Coding, Found
from dragoman.reading import Refusal
from dragoman.record import Document

# A write costs the same few milliseconds for one report as for many; what is not yet written when a process is killed
# is coded again. A report is coded in 30 to 60 ms.
_BATCH = 50
_SECONDS = 2.0
# Documents found again are only noted: many at once, and never more than fit in memory.
_FOUND = 5_000


@dataclass(frozen=True, slots=True)
class Arrival:
    """A document, a refusal or an address that was passed over, and which source it comes from: a feed's address, an
    archive, a file, a folder."""

    source: str
    made: Document | Refusal | Known


@dataclass(slots=True)
class Counts:
    """What became of the documents of one source, or of all."""

    coded: int = 0
    events: int = 0
    known: int = 0
    skipped: int = 0
    failed: int = 0
    why: Counter[str] = field(default_factory=Counter)

    def to_dict(self) -> dict[str, Any]:
        return {
            "coded": self.coded,
            "events": self.events,
            "known": self.known,
            "skipped": self.skipped,
            "failed": self.failed,
            "why": dict(sorted(self.why.items())),
        }

    def __str__(self) -> str:
        coded = f"{self.coded} coded ({self.events} records)"
        return f"{coded}, {self.known} known, {self.skipped} skipped, {self.failed} failed"


@dataclass(slots=True)
class Progress:
    """How far an ingest is: counts in all and by source, and how many are written."""

    total: Counts = field(default_factory=Counts)
    sources: dict[str, Counts] = field(default_factory=dict)
    written: int = 0

    def of(self, source: str) -> tuple[Counts, Counts]:
        return self.total, self.sources.setdefault(source, Counts())


def ingest(
    store: Store,
    arrivals: Iterable[Arrival],
    *,
    jobs: int = 1,
    text: bool = True,
    coder: Coder | None = None,
    called: str | None = None,
    code: Callable[[Iterable[Document | Refusal]], Iterable[Outcome]] | None = None,
    tell: Callable[[Progress, Document | Refusal | Known], Any] | None = None,
    **options: Any,
) -> Progress:
    """Code what the ledger lacks, and add it, batch by batch.

    A document that the ledger has is neither coded nor written again: a run that was interrupted is taken up by the
    same call. What is coded and not yet written is written when ``arrivals`` ends, or an error or Ctrl-C ends it.

    Args:
        store: the ledger's storage.
        arrivals: what is read, in any order.
        jobs: processes to code with.
        text: whether to keep the text of reports.
        coder: a coder to use instead of the default; only with one process.
        called: what to call the coder; by default the version and a hash of the model and the actors.
        code: codes documents elsewhere, in their order, in place of :func:`dragoman.engines.code_all`.
        tell: called with the counts and each document or refusal once it is dealt with.
        options: ``min_confidence``, ``model`` and ``actors`` for :func:`dragoman.engines.code_all`.

    Raises:
        LedgerError: when the ledger cannot be written; what was written before stays.
        ValueError, RuntimeError: as :func:`dragoman.engines.code_all` does; ValueError for a coder without a name.
    """
    if coder is not None and called is None:
        raise ValueError("a coder of your own needs a name: give called=")
    name = called or coder_name(**options)
    progress = Progress()
    under_way: dict[str, tuple[str, Document]] = {}
    waiting: list[Coding] = []
    found: set[Found] = set()

    def flush() -> None:
        if waiting or found:
            left = store.write(lambda connection: writing.add(connection, waiting, found, text=text))
            progress.written += len(waiting)
            for coding in waiting:
                under_way.pop(coding.document.id, None)
            waiting.clear()
            found.clear()
            found.update(f for f in left if f.report in under_way)

    def unknown() -> Iterator[Document | Refusal]:
        for arrival in arrivals:
            made = _dated(arrival.made)
            if isinstance(made, Refusal):
                _refuse(progress, arrival.source, made)
            elif isinstance(made, Known):
                for counts in progress.of(arrival.source):
                    counts.known += 1
            else:
                document = writing.identified(made)
                if document.id not in under_way and not _known(store, document.id):
                    under_way[document.id] = arrival.source, made
                    yield document
                    continue
                for counts in progress.of(arrival.source):
                    counts.known += 1
                found.add(Found(document.id, arrival.source, made.id, document.retrieved))
                if len(found) >= _FOUND:
                    flush()
            if tell:
                tell(progress, made)

    last = time.monotonic()
    try:
        outcomes = code(unknown()) if code else engines.code_all(unknown(), jobs=jobs, coder=coder, **options)
        for outcome in outcomes:
            made: Document | Refusal
            if isinstance(outcome, Refusal):
                source, document = under_way.pop(outcome.name)
                made = replace(outcome, name=document.id)
                _refuse(progress, source, made)
            else:
                source, made = under_way[outcome.document.id]
                waiting.append(Coding(outcome.document, outcome.coded, name, source, made.id))
                for counts in progress.of(source):
                    counts.coded += 1
                    counts.events += len(outcome.coded.events)
            if tell:
                tell(progress, made)
            if len(waiting) >= _BATCH or time.monotonic() - last > _SECONDS:
                flush()
                last = time.monotonic()
    except LedgerError:
        raise  # what could not be written now cannot be written at the end either
    except BaseException:
        flush()
        raise
    flush()
    store.write(lambda connection: _note_sources(connection, progress))
    return progress


def _dated(made: Document | Refusal | Known) -> Document | Refusal | Known:
    """What arrives; a refusal of a document whose date is none, which readers never make and callers may."""
    if not isinstance(made, Document) or not made.published or day_of(made.published):
        return made
    written = made.published[:40]
    return Refusal(made.id, f"{written!r} is no publication date", "write it YYYY-MM-DD, or leave it out")


def _refuse(progress: Progress, source: str, refusal: Refusal) -> None:
    for counts in progress.of(source):
        if refusal.status == "skipped":
            counts.skipped += 1
        else:
            counts.failed += 1
        counts.why[refusal.reason] += 1


def _known(store: Store, id: str) -> bool:
    query = select(report.c.id).where(report.c.id == id)
    return store.read(lambda connection: connection.execute(query).first() is not None)


def _note_sources(connection: Connection, progress: Progress) -> None:
    """Keep what the last ingest of each source came to, and when."""
    at = datetime.now(UTC).isoformat(timespec="seconds")
    for source, counts in sorted(progress.sources.items()):
        value = json.dumps({"at": at, "last": counts.to_dict()}, ensure_ascii=False, sort_keys=True)
        remember(connection, f"{SOURCE} {source}", value)
