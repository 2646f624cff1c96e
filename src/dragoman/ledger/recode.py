"""Coding the stored reports anew with another coder; what people judged is laid over what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from sqlalchemy import Connection, Select, func, select

from dragoman import engines
from dragoman.coder import Coder
from dragoman.ledger import writing
from dragoman.ledger.coders import coder_name, joiner_name
from dragoman.ledger.store import JOINER, Store
from dragoman.ledger.tables import report
from dragoman.ledger.writing import Coding
from dragoman.reading import Refusal
from dragoman.record import Document

# As many as an ingest writes at once, and as many as are read at once.
_BATCH = 50


@dataclass(slots=True)
class Recoded:
    """How far a recoding is: reports to do in all, coded, without text, and failed with the reason."""

    total: int = 0
    coded: int = 0
    textless: int = 0
    failed: list[Refusal] = field(default_factory=list)


def recode(
    store: Store,
    *,
    again: bool = False,
    jobs: int = 1,
    coder: Coder | None = None,
    called: str | None = None,
    tell: Callable[[Recoded], Any] | None = None,
    **options: Any,
) -> Recoded:
    """Code anew the reports that another coder coded, batch by batch; an interrupted run is taken up by the next.

    Before that, records that another version of Dragoman joined are joined anew, those of reports without text too.

    A report on which the coder fails keeps the records that it had. Reports that are kept without their text cannot be
    coded: ingest them again into a new ledger.

    Args:
        again: also those that this same coder coded.
        jobs, options: as for :func:`dragoman.ledger.ingest.ingest`.
        coder: a coder to use instead of the default; only with one process.
        called: what to call the coder; by default the version and a hash of the model and the actors.
        tell: called with the counts after each batch.

    Raises:
        LedgerError: when the ledger cannot be read or written; what was written before stays.
        ValueError, RuntimeError: as :func:`dragoman.engines.code_all` does; ValueError for a coder without a name.
    """
    if coder is not None and called is None:
        raise ValueError("a coder of your own needs a name: give called=")
    name = called or coder_name(**options)
    rejoin(store)
    stale = [] if again else [report.c.coder != name]
    with store.reading() as connection:
        todo = connection.execute(select(func.count()).select_from(report).where(report.c.text.is_not(None), *stale))
        textless = connection.execute(select(func.count()).select_from(report).where(report.c.text.is_(None), *stale))
        done = Recoded(total=int(todo.scalar_one()), textless=int(textless.scalar_one()))
    waiting: list[Coding] = []

    def flush() -> None:
        if waiting:
            store.write(lambda connection: writing.recode(connection, list(waiting)))
            done.coded += len(waiting)
            waiting.clear()
        if tell:
            tell(done)

    for outcome in engines.code_all(_documents(store, stale), jobs=jobs, coder=coder, **options):
        if isinstance(outcome, Refusal):
            done.failed.append(outcome)
        else:
            waiting.append(Coding(outcome.document, outcome.coded, name))
        if len(waiting) >= _BATCH:
            flush()
    flush()
    return done


def rejoin(store: Store) -> int:
    """Compare all records anew where another version of Dragoman joined them; the number of reports, 0 where none did.

    Raises LedgerError when the ledger cannot be read or written. What an interrupted run leaves is joined by the next.
    """
    now = joiner_name()
    if store.read(lambda connection: store.setting(connection, JOINER)) == now:
        return 0
    count = 0
    query = select(report.c.id).order_by(report.c.id).limit(_BATCH)
    ids = store.read(partial(_ids, query))
    while ids:
        store.write(partial(writing.rejudge, reports=ids, anew=True))
        count += len(ids)
        ids = store.read(partial(_ids, query.where(report.c.id > ids[-1])))
    store.write(lambda connection: store.set(connection, JOINER, now))
    return count


def _ids(query: Select[Any], connection: Connection) -> list[str]:
    return list(connection.execute(query).scalars())


def _documents(store: Store, stale: list[Any]) -> Iterator[Document]:
    last = ""
    while True:
        with store.reading() as connection:
            ids = _next(connection, last, stale)
            documents = writing.documents_of(connection, ids)
        if not ids:
            return
        last = ids[-1]
        yield from (documents[id] for id in ids)


def _next(connection: Connection, last: str, stale: list[Any]) -> list[str]:
    query = select(report.c.id).where(report.c.id > last, report.c.text.is_not(None), *stale)
    return [id for (id,) in connection.execute(query.order_by(report.c.id).limit(_BATCH))]
