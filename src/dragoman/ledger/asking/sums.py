"""The sums of a series, from events one by one or from the table that keeps them summed: the same either way."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, text

from dragoman import codebook
from dragoman.ledger import dyadrows
from dragoman.ledger.asking.clauses import selections
from dragoman.ledger.asking.filters import Filters
from dragoman.ledger.asking.periods import By, period
from dragoman.ledger.asking.reach import rows

Sums = tuple[int, ...]
"""Events, reports, scored events, their scores in millionths, undated events, and events of each quad."""
Pair = tuple[str, str]
Key = tuple[str, str, str | None]
"""Actor, recipient, and period: None where the events are not exactly enough dated for one."""

# What the table of sums knows of an event; anything else takes the events themselves.
_KEPT = frozenset({"actor", "recipient", "party", "type", "since", "until", "dated_only"})


def is_summed(filters: Filters, by: By) -> bool:
    """Whether the table of sums, which is by month, holds all that is asked for."""
    return (
        by not in ("day", "week")
        and set(filters.to_dict()) <= _KEPT
        and filters.first[8:] in ("", "01")
        and filters.last[8:] in ("", "31")
    )


def from_table(connection: Connection, filters: Filters, by: By) -> Iterable[tuple[Key, Sums]]:
    """Sums by key, in the order of actors and recipients, read from ``dyad``."""
    where, values = conditions(filters)
    said = f"""SELECT actor, recipient, {_PERIODS[by]} AS period, {summed()}
        FROM dyad WHERE {" AND ".join(where)} GROUP BY actor, recipient, period
        ORDER BY actor, recipient, period"""
    for row in connection.execute(text(said), values):
        yield row[:3], row[3:]


def conditions(filters: Filters) -> tuple[list[str], dict[str, Any]]:
    """What :func:`is_summed` filters ask of rows of ``dyad``: conditions of SQL, and the values that they name."""
    where = ["true"]
    values: dict[str, Any] = {}

    def among(column: str, codes: Iterable[str]) -> str:
        names = {f"value_{len(values) + at}": code for at, code in enumerate(codes)}
        values.update(names)
        return f"{column} IN ({', '.join(':' + name for name in names)})"

    for column in ("actor", "recipient", "type"):
        if codes := filters.values(column):
            where.append(among(column, codes))
    if codes := filters.values("party"):
        where.append(f"({among('actor', codes)} OR {among('recipient', codes)})")
    # A month sorts before each of its days.
    if filters.since:
        where.append("ends >= :since")
        values["since"] = filters.first[:7]
    if filters.until:
        where.append("begins <= :until AND begins <> ''")
        values["until"] = filters.last
    if filters.dated_only:
        where.append(f"dated = {dyadrows.DATED}")
    return where, values


@lru_cache(maxsize=1)
def summed() -> str:
    """The columns of :data:`Sums`, over rows of ``dyad``."""
    quads = [[f"'{name}'" for name, kind in codebook.TYPES.items() if kind.quad == quad] for quad in (1, 2, 3, 4)]
    return f"""sum(events), sum(reports), sum(scored), CAST(sum(score) AS bigint),
        sum(CASE WHEN dated <> {dyadrows.DATED} THEN events ELSE 0 END),
        {", ".join(f"sum(CASE WHEN type IN ({', '.join(names)}) THEN events ELSE 0 END)" for names in quads)}"""


def _whole(first: str, last: str) -> str:
    placed = f"dated <> {dyadrows.BACKGROUND} AND begins <> ''"
    return f"CASE WHEN {placed} AND {first} = {last} THEN {first} END"


def _quarter(day: str) -> str:
    return f"(substr({day}, 1, 4) || '-Q' || ((CAST(nullif(substr({day}, 6, 2), '') AS integer) + 2) / 3))"


_PERIODS: dict[str, str] = {
    "month": _whole("begins", "ends"),
    "quarter": _whole(_quarter("begins"), _quarter("ends")),
    "year": _whole("substr(begins, 1, 4)", "substr(ends, 1, 4)"),
    "all": "''",
}


def from_events(connection: Connection, filters: Filters, by: By) -> Iterable[tuple[Key, Sums]]:
    """The same from the events themselves, for any filters, which ask for what happened alone."""
    asked = _pairs(filters)
    quads = {name: kind.quad for name, kind in codebook.TYPES.items()}
    found: dict[Key, list[int]] = {}
    columns = "e.day, e.until, e.dated, e.historical, e.type, e.score, e.reports, e.pairs"
    for row in rows(connection, selections(connection, filters), columns, stream=True):
        day, until, dated, historical, kind, score, reports, pairs = row
        undated = dated == "none"
        # The day on which background is first told of says nothing of when it was.
        when = period("" if undated and historical else day, until, by)
        for actor, recipient in asked(pairs):
            key = (actor, recipient, when)
            summed = found.get(key)
            if summed is None:
                summed = found[key] = [0] * 9
            summed[0] += 1
            summed[1] += reports
            if score is not None:
                summed[2] += 1
                summed[3] += dyadrows.millionths(score)
            summed[4] += undated
            summed[4 + quads[kind]] += 1
    for key in sorted(found, key=lambda key: (key[0], key[1], key[2] or "")):
        yield key, tuple(found[key])


def _pairs(filters: Filters) -> Callable[[str], list[Pair]]:
    """What takes the pairs that are asked for out of an event's ``pairs``."""
    actors, recipients, parties = (frozenset(filters.values(name)) for name in ("actor", "recipient", "party"))
    known: dict[str, list[Pair]] = {}

    def chosen(pairs: str) -> list[Pair]:
        if pairs not in known:
            split = [(actor, recipient) for actor, _, recipient in (pair.partition(">") for pair in pairs.split(" "))]
            known[pairs] = [
                (actor, recipient)
                for actor, recipient in split
                if (not actors or actor in actors)
                and (not recipients or recipient in recipients)
                and (not parties or actor in parties or recipient in parties)
            ]
        return known[pairs]

    return chosen
