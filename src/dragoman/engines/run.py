"""One process or several, the same bytes out."""

from __future__ import annotations

import multiprocessing
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

from dragoman.actors import load
from dragoman.coder import Coder
from dragoman.extraction.neural import folders
from dragoman.reading import Refusal
from dragoman.record import CodedDocument, Document

# Documents under way for each worker: enough to keep it busy, few enough that memory stays flat.
_AHEAD = 4


@dataclass(frozen=True, slots=True)
class Coded:
    """A document and what it was coded to."""

    document: Document
    coded: CodedDocument


Outcome = Coded | Refusal


def code_all(
    items: Iterable[Document | Refusal],
    *,
    jobs: int = 1,
    coder: Coder | None = None,
    min_confidence: float | None = None,
    model: Path | None = None,
    actors: Sequence[Path] = (),
) -> Iterator[Outcome]:
    """Code each document, pass each refusal on, in the order given.

    A document on which the coder fails, or the process coding it dies, comes back as a refusal; the others
    are coded. Closing the iterator early ends the processes once each has finished its document. With more
    than one job, a script that calls this must guard its own top level with ``if __name__ == "__main__"``,
    as for all of :mod:`multiprocessing`.

    Args:
        items: documents and refusals, as ``dragoman.reading.read`` yields them.
        jobs: processes; 1 codes in this one.
        coder: a coder to use instead of the default; only with one process.
        min_confidence: the confidence from which the default coder keeps a record (see :class:`dragoman.Coder`).
        model: the folder of a model of your own for the default coder.
        actors: files of actors of your own for the default coder; the first comes first.

    Raises:
        BadActors: (a ValueError) at once, when a file of ``actors`` cannot be read or has a fault.
        ValueError: at once, when ``jobs`` is below 1, or above 1 together with ``coder``, or when
            ``min_confidence`` is not between 0 and 1.
        RuntimeError: at once, when ``model`` is no model's folder; from the iterator, when the coder cannot be loaded,
            such as for want of its model.
    """
    if jobs < 1:
        raise ValueError(f"jobs must be 1 or more, not {jobs}")
    if min_confidence is not None and not 0 <= min_confidence <= 1:
        raise ValueError(f"a confidence lies between 0 and 1, not {min_confidence}")
    if model is not None:
        folders.check(model)
    files = tuple(actors)
    if files:
        load(*files)
    if jobs == 1:
        return _here(items, coder, min_confidence, model, files)
    if coder is not None:
        raise ValueError("a coder of your own runs in one process: use jobs=1")
    return _apart(items, jobs, partial(_code, min_confidence=min_confidence, model=model, actors=files))


@lru_cache(maxsize=4)
def _coder(min_confidence: float | None, model: Path | None, actors: tuple[Path, ...] = ()) -> Coder:
    return Coder(model=model, actors=actors or None, min_confidence=min_confidence)


def _code(
    document: Document,
    coder: Coder | None = None,
    min_confidence: float | None = None,
    model: Path | None = None,
    actors: tuple[Path, ...] = (),
) -> Outcome:
    # Loading stays outside of the net: without a coder every document would fail for the same reason.
    coder = coder or _coder(min_confidence, model, actors)
    try:
        return Coded(document, coder.code(document))
    except MemoryError:
        return Refusal(document.id, "not enough memory", "split the document or close other programs")
    except Exception as error:  # one bad document must not end a batch
        return Refusal(
            document.id,
            f"the coder failed on it ({type(error).__name__}: {error})",
            "please report this with the document",
        )


def _here(
    items: Iterable[Document | Refusal],
    coder: Coder | None,
    min_confidence: float | None,
    model: Path | None,
    actors: tuple[Path, ...],
) -> Iterator[Outcome]:
    for item in items:
        if (model is not None or actors) and coder is None:
            # Not from the cache: the files may hold another model or other actors than for an earlier call.
            coder = Coder(model=model, actors=actors or None, min_confidence=min_confidence)
        yield item if isinstance(item, Refusal) else _code(item, coder, min_confidence)


def _apart(items: Iterable[Document | Refusal], jobs: int, work: Callable[[Document], Outcome]) -> Iterator[Outcome]:
    workers = Workers(jobs, work)
    try:
        for item in items:
            workers.put(item)
            if len(workers.waiting) >= jobs * _AHEAD:
                yield workers.take()
        while workers.waiting:
            yield workers.take()
    finally:
        workers.close()


class Workers:
    """Processes that code documents, and the documents under way in the order they were put in.

    A process that dies takes the whole pool with it. The pool is then started afresh, and the document at
    the head of the queue coded alone: the one document that kills its process is refused, no other is lost.
    """

    def __init__(self, jobs: int, work: Callable[[Document], Outcome] = _code) -> None:
        self._jobs = jobs
        self._work = work
        self._pool = _open(jobs)
        self.waiting: deque[tuple[Document, Future[Outcome]] | Refusal] = deque()

    def put(self, item: Document | Refusal) -> None:
        """Set a document to be coded, or a refusal to be passed on in its turn."""
        if isinstance(item, Refusal):
            self.waiting.append(item)
            return
        try:
            future = self._submit(item)
        except BrokenProcessPool:
            self._renew()
            future = self._submit(item)
        self.waiting.append((item, future))

    def take(self) -> Outcome:
        """What became of the item that was put in first; waits for it."""
        head = self.waiting.popleft()
        if isinstance(head, Refusal):
            return head
        document, future = head
        try:
            return future.result()
        except BrokenProcessPool:
            outcome = self._alone(document)
            self._renew()
            return outcome

    def close(self) -> None:
        """Drop what is not begun and end the processes."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _submit(self, document: Document) -> Future[Outcome]:
        with _sheltered():
            return self._pool.submit(self._work, document)

    def _alone(self, document: Document) -> Outcome:
        with _open(1) as pool, _sheltered():
            future = pool.submit(self._work, document)
        try:
            return future.result()
        except BrokenProcessPool:
            return Refusal(
                document.id,
                "the process coding it was killed, most often for want of memory",
                "split the document, close other programs or use fewer --jobs",
            )

    def _renew(self) -> None:
        self._pool.shutdown(wait=False)
        self._pool = _open(self._jobs)
        waiting = list(self.waiting)
        self.waiting.clear()
        for item in waiting:
            done = not isinstance(item, Refusal) and item[1].done() and not item[1].exception()
            self.waiting.append(item if done or isinstance(item, Refusal) else (item[0], self._submit(item[0])))


def _open(jobs: int) -> ProcessPoolExecutor:
    # "spawn" everywhere: a forked child of a process with threads may hang, and the results are the same.
    return ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn"))


@contextmanager
def _sheltered() -> Iterator[None]:
    """Processes started within never see Ctrl-C: this process, which does, ends them in order."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
