"""The days of a ledger's reports: what "now" is in it."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import func, select

from dragoman.ledger.store import Store
from dragoman.ledger.tables import event


class Days(NamedTuple):
    """The first and the last day on which a report first told an event, ``YYYY-MM-DD``; None where none is dated."""

    first: str | None
    last: str | None


def days(store: Store) -> Days:
    """The days that a ledger's events were told on. Raises LedgerError when the ledger cannot be read."""
    query = select(func.min(event.c.reported), func.max(event.c.reported)).where(event.c.reported != "")
    with store.reading() as connection:
        return Days(*connection.execute(query).one())
