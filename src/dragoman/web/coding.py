"""Where reports are coded for a desk: one process beside the server, so that pages stay quick while it works."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from dragoman.engines import Outcome
from dragoman.engines.worker import Died, Worker
from dragoman.fetching import Known
from dragoman.ledger import Arrival, Ledger, Progress
from dragoman.ledger.writing import identified
from dragoman.reading import Refusal
from dragoman.record import CodedDocument, Document

# A report takes 30 to 60 ms, the longest that is taken in (a million characters) about half a minute.
SECONDS = 60.0
# Who comes ninth would wait for as long as eight reports take, and hold one of the server's 40 threads meanwhile.
WAITING = 8

Fate = Literal["coded", "known", "skipped", "failed"]


class NotCoded(Exception):
    """A document that is not coded: ``reason`` and ``fix`` are for the user."""

    def __init__(self, reason: str, fix: str) -> None:
        super().__init__(f"{reason}; {fix}")
        self.reason = reason
        self.fix = fix


class Busy(NotCoded):
    """Too many wait already: to be asked again in some seconds."""

    def __init__(self, reason: str = "the coder has too much to do") -> None:
        super().__init__(reason, "try again in some seconds")


@dataclass(frozen=True, slots=True)
class Ingested:
    """What became of one document.

    Attributes:
        name: what it is called where it comes from.
        fate: ``coded``; ``known`` when the ledger has it; ``skipped`` or ``failed`` as a refusal's status.
        report: the id of its report in the ledger; None where it has none.
        records: how many records it was coded to now.
        reason: why it was refused; empty otherwise.
        fix: what the user can do about it.
    """

    name: str
    fate: Fate
    report: str | None = None
    records: int = 0
    reason: str = ""
    fix: str = ""

    def to_dict(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


class Codes(Protocol):
    """What a room needs of a worker: see :class:`dragoman.engines.worker.Worker`."""

    def load(self) -> Refusal | None: ...

    def code(self, document: Document) -> Outcome: ...

    def lives(self) -> bool: ...

    def close(self) -> None: ...


class CodingRoom:
    """One process that codes, for all requests in turn. It is started with the first and again when it has died.

    Args:
        seconds: the most that one document may take.
        waiting: how many may wait while one is coded.
        hire: makes a worker.
    """

    def __init__(
        self, seconds: float = SECONDS, waiting: int = WAITING, hire: Callable[[float], Codes] = Worker
    ) -> None:
        self._seconds = seconds
        self._hire = hire
        self._places = threading.BoundedSemaphore(waiting + 1)
        self._turn = threading.Lock()
        self._worker: Codes | None = None
        self._loaded: Codes | None = None
        self._closed = False

    @property
    def ready(self) -> bool:
        """Whether the coder is loaded."""
        worker = self._worker
        return worker is not None and worker is self._loaded and worker.lives()

    def warm(self) -> None:
        """Begin to load the coder, without waiting for it."""
        threading.Thread(target=self._load, name="warming the coder", daemon=True).start()

    def code(self, document: Document) -> CodedDocument:
        """A document's records. Waits for its turn and the coder.

        Raises:
            Busy: when too many wait already.
            NotCoded: when the coder fails on the document, dies or takes too long; the next is coded all the same.
        """
        with self._place():
            outcome = self._code(document)
        if isinstance(outcome, Refusal):
            raise NotCoded(outcome.reason, outcome.fix)
        return outcome.coded

    def ingest(self, ledger: Ledger, arrivals: Iterable[Arrival]) -> tuple[list[Ingested], Progress]:
        """Code here what the ledger lacks, and add it; what became of each, in order of their becoming, and the counts.

        Between two documents others have their turn.

        Raises:
            Busy: when too many wait already.
            LedgerError: when the ledger cannot be written; what was written before stays.
        """
        told: list[Ingested] = []
        records: dict[str, int] = {}

        def through(documents: Iterable[Document | Refusal]) -> Iterator[Outcome]:
            for one in documents:
                outcome = one if isinstance(one, Refusal) else self._code(one)
                if not isinstance(outcome, Refusal):
                    records[outcome.document.id] = len(outcome.coded.events)
                yield outcome

        def tell(_: Progress, made: Document | Refusal | Known) -> None:
            if isinstance(made, Refusal):
                told.append(Ingested(made.name, made.status, reason=made.reason, fix=made.fix))
            elif isinstance(made, Known):
                told.append(Ingested(made.url, "known"))
            else:
                report = identified(made).id
                number = records.pop(report, None)
                told.append(Ingested(made.id, "known" if number is None else "coded", report, number or 0))

        with self._place():
            progress = ledger.ingest(arrivals, code=through, tell=tell)
        return told, progress

    def close(self) -> None:
        """End the process; whoever waits for it is told that it is gone."""
        self._closed = True
        if (worker := self._worker) is not None:
            worker.close()

    @contextmanager
    def _place(self) -> Iterator[None]:
        if not self._places.acquire(blocking=False):
            raise Busy
        try:
            yield
        finally:
            self._places.release()

    def _load(self) -> None:
        with self._turn:
            if not self._closed:
                with suppress(Died):  # the first document will tell
                    worker = self._at_work()
                    if worker.load() is None:
                        self._loaded = worker

    def _code(self, document: Document) -> Outcome:
        with self._turn:
            if self._closed:
                return Refusal(document.id, "the desk is being closed", "open it again")
            for _ in range(2):  # it may have been another's doing, or have happened before
                with suppress(Died):
                    worker = self._at_work()
                    outcome = worker.code(document)
                    self._loaded = worker
                    return outcome
        reason = "the process coding it was killed, most often for want of memory"
        return Refusal(document.id, reason, "split it into its reports, or close other programs")

    def _at_work(self) -> Codes:
        """The worker; a new one where the last has died."""
        if self._worker is None or not self._worker.lives():
            if self._worker is not None:
                self._worker.close()
            self._worker = self._hire(self._seconds)
            if self._closed:  # meanwhile
                self._worker.close()
        return self._worker
