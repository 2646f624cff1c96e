"""When something came into a ledger, as text that sorts in the order of the writes.

Who reads on from the latest stamp that he knows misses nothing: a write reads the latest stamp while no other writes,
and gives a later one, whatever the clock says.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, func, select

from dragoman.ledger.tables import judgement, report


def stamp(connection: Connection) -> str:
    """The stamp of a write: the time in UTC to the microsecond, later than all before. Call it once a write."""
    now = _written(datetime.now(UTC))
    before = latest(connection)
    return now if now > before else _written(datetime.fromisoformat(before) + timedelta(microseconds=1))


def latest(connection: Connection) -> str:
    """The stamp of what came in last; empty for a ledger that holds nothing."""
    found = (connection.execute(select(func.max(c))).scalar() for c in (report.c.added, judgement.c.logged))
    return max(value or "" for value in found)


def _written(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds")
