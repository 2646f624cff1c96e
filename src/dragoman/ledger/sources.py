"""How the sources of a ledger do: what the last ingest of each came to, and how those that are fetched answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from sqlalchemy import Connection, func, select

from dragoman.ledger.chunks import chunks
from dragoman.ledger.identity import day_of
from dragoman.ledger.memory import FETCH, SOURCE
from dragoman.ledger.tables import A_DAY, origin, report, seen
from dragoman.record import Json

# Days before the latest report in which a source that is still read has one.
_LATELY = 45


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """One source: a feed's address, an archive, a file, a folder.

    ``reports`` is how many of the ledger's reports were found in it, ``newest`` the latest publication date among them.
    ``at`` is when it was last read (ISO 8601, UTC) and ``last`` what came of it, in the form of
    :meth:`dragoman.ledger.Counts.to_dict`; ``at`` is None where that was never finished. Of an address that is watched,
    ``due`` is when it is asked next, ``failures`` how often in a row it could not be had, and ``gone`` whether
    its server said that it is gone for good.
    """

    source: str
    reports: int = 0
    newest: str | None = None
    at: str | None = None
    last: Json | None = None
    due: str | None = None
    failures: int = 0
    gone: bool = False

    def to_dict(self) -> Json:
        return {name: getattr(self, name) for name in self.__slots__}

    @classmethod
    def from_dict(cls, row: Mapping[str, Any]) -> Self:
        return cls(**row)


def sources(connection: Connection) -> list[SourceHealth]:
    """All sources that were read or asked so far, by name."""
    rows = connection.execute(select(origin.c.source, func.count(origin.c.report.distinct())).group_by(origin.c.source))
    known: dict[str, dict[str, Any]] = {source: {"reports": n} for source, n in rows}
    for source, newest in _newest(connection, set(known)).items():
        known[source]["newest"] = newest
    memories = connection.execute(select(seen.c.name, seen.c.value).order_by(seen.c.name))
    fetched: dict[str, dict[str, Any]] = {}
    for name, value in memories:
        kind, _, called = name.partition(" ")
        if kind == SOURCE:
            known.setdefault(called, {}).update(json.loads(value))
        elif kind == FETCH:
            fetched[called] = json.loads(value)
    for url, state in fetched.items():
        # Pages are remembered as well as feeds; only what is asked again, or failed, is a source.
        if url in known or state.get("failures") or state.get("gone"):
            row = known.setdefault(url, {})
            row["failures"], row["gone"] = int(state.get("failures") or 0), bool(state.get("gone"))
            row["due"] = _iso(state.get("next"))
    return [SourceHealth(name, **known[name]) for name in sorted(known)]


def _newest(connection: Connection, wanted: set[str]) -> dict[str, str | None]:
    """The latest publication date of each source's reports.

    Most sources have a report among the ledger's latest, which are found at once; all reports, of which each is looked
    up, are gone through for the others alone.
    """
    query = (
        select(origin.c.source, func.max(report.c.published))
        .join(report, report.c.id == origin.c.report)
        .group_by(origin.c.source)
    )
    found: dict[str, str | None] = {}
    dated = report.c.published.like(A_DAY)
    last = day_of(connection.execute(select(func.max(report.c.published)).where(dated)).scalar())
    if last is not None and last.year > 1:
        lately = (last - timedelta(days=_LATELY)).isoformat()
        found = {row[0]: row[1] for row in connection.execute(query.where(report.c.published >= lately))}
    for part in chunks(sorted(wanted - found.keys())):
        found |= {row[0]: row[1] for row in connection.execute(query.where(origin.c.source.in_(part)))}
    return found


def _iso(seconds: float | None) -> str | None:
    return None if not seconds else datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
