"""What is new: events by the days on which they were first told."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, select, union

from dragoman.ledger.chunks import chunks
from dragoman.ledger.identity import day_of
from dragoman.ledger.model import STATES, LedgerEvent
from dragoman.ledger.store import Store
from dragoman.ledger.tables import A_DAY, detail, event, report
from dragoman.ledger.words import BadQuestion
from dragoman.record import Json

# Denials of a span that are looked up: each costs a row, and a front page shows a few.
_DENIALS = 50


@dataclass(frozen=True, slots=True)
class Told:
    """What was first told from ``since`` to ``until``, both included.

    ``events`` are the most corroborated: by independent sources, then by reports, then by how grave they are as far as
    the record is sure (score, whatever its sign, times confidence). Background, denials and what was retracted are not
    among them. ``disputed`` were told or denied in the span, ``retracted`` were told in it and are told no more.
    ``total`` counts all that was first told in the span, ``states`` the same by state.
    """

    since: str
    until: str
    total: int = 0
    states: tuple[tuple[str, int], ...] = ()
    events: tuple[LedgerEvent, ...] = ()
    disputed: tuple[LedgerEvent, ...] = ()
    retracted: tuple[LedgerEvent, ...] = ()

    def to_dict(self) -> Json:
        return {
            "since": self.since,
            "until": self.until,
            "total": self.total,
            "states": dict(self.states),
            **{name: [e.to_dict() for e in getattr(self, name)] for name in ("events", "disputed", "retracted")},
        }


def newest(store: Store, before: str | None = None) -> str | None:
    """The day of the newest report, ``YYYY-MM-DD``; of those published before a day, where one is given. None where no
    report has a date. Raises LedgerError when the ledger cannot be read."""
    return _edge(store, report.c.published.desc(), before)


def oldest(store: Store) -> str | None:
    """The day of the oldest report; None where no report has a date. Raises LedgerError as :func:`newest`."""
    return _edge(store, report.c.published.asc(), None)


def _edge(store: Store, order: Any, before: str | None) -> str | None:
    query = select(report.c.published).where(report.c.published.like(A_DAY)).order_by(order)
    if before is not None:
        query = query.where(report.c.published < before)
    with store.reading() as connection, connection.execute(query.execution_options(yield_per=20)) as rows:
        return next((row[0][:10] for row in rows if day_of(row[0])), None)


def told(store: Store, since: str, until: str, *, limit: int = 20) -> Told:
    """What was first told in a span of days.

    Args:
        store: the ledger's storage.
        since: the first day, ``YYYY-MM-DD``.
        until: the last day.
        limit: the most events of each of the lists, from 1.

    Raises:
        BadQuestion: for a limit that there is none of, and a span that ends before it begins.
        LedgerError: when the ledger cannot be read.
    """
    if limit < 1:
        raise BadQuestion(f"a list holds 1 event or more, not {limit}")
    if since > until:
        raise BadQuestion(f"since {since} comes after until {until}")
    within = and_(event.c.reported >= since, event.c.reported <= until)
    # Of events as well told as each other the gravest come first, by what the record is worth.
    weight = func.abs(func.coalesce(event.c.score, 0.0)) * func.coalesce(event.c.confidence, 0.5)
    order = (event.c.sources.desc(), event.c.reports.desc(), weight.desc(), event.c.nr.desc())

    def first(connection: Connection, which: ColumnElement[bool]) -> tuple[LedgerEvent, ...]:
        numbers = connection.execute(select(event.c.nr).where(which).order_by(*order).limit(limit)).scalars().all()
        return tuple(_events(connection, numbers))

    with store.reading() as connection:
        counted = select(event.c.state, func.count()).where(within).group_by(event.c.state)
        states: dict[str, int] = {state: int(n) for state, n in connection.execute(counted)}
        disputed = event.c.state == "disputed"
        denied = select(event.c.nr).where(event.c.id.in_(_denied(connection, within)), disputed)
        lead = and_(
            within, event.c.state != "retracted", event.c.factuality != "negated", event.c.historical.is_(False)
        )
        return Told(
            since,
            until,
            sum(states.values()),
            tuple((state, states[state]) for state in STATES if state in states),
            first(connection, lead),
            first(connection, event.c.nr.in_(union(select(event.c.nr).where(within, disputed), denied))),
            first(connection, and_(event.c.state == "retracted", within)),
        )


def _denied(connection: Connection, within: ColumnElement[bool]) -> list[str]:
    """The ids of events that were denied in a span, whenever they were told."""
    denials = and_(within, event.c.factuality == "negated", event.c.state != "retracted")
    query = select(detail.c.data).join(event, event.c.nr == detail.c.nr).where(denials)
    found = connection.execute(query.order_by(event.c.reported.desc(), event.c.nr.desc()).limit(_DENIALS)).scalars()
    return sorted({id for data in found for id in json.loads(data).get("contrary") or ()})


def _events(connection: Connection, numbers: Iterable[int]) -> Iterable[LedgerEvent]:
    wanted = list(numbers)
    for part in chunks(wanted):
        rows = connection.execute(select(detail.c.nr, detail.c.data).where(detail.c.nr.in_(part)))
        data = {row.nr: row.data for row in rows}
        yield from (LedgerEvent.from_dict(json.loads(data[nr])) for nr in part)
