"""The table ``dyad``: events that happened, summed by who acts towards whom, month and type.

It follows from the table ``event`` alone. What an event adds is taken off before the event is replaced, in the same
transaction; whole numbers make the sums the same in whatever order events came and went.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, and_, bindparam, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from dragoman.ledger.tables import dyad, event

Row = Mapping[str, Any]
# How the months of a row are known: from the events' own dates, from their first reports', or from the reports of
# background, which say nothing of when it was.
DATED, UNDATED, BACKGROUND = 0, 1, 2
# Scores have at most two decimals, means of modes' scores a few more.
MILLION = 1_000_000
_KEY = ("actor", "recipient", "begins", "ends", "type", "dated")
_SUMS = ("events", "reports", "scored", "score")


def counts(row: Row) -> bool:
    """Whether an event is one that happened, as far as some report still tells."""
    return bool(row["factuality"] == "actual" and row["state"] != "retracted")


def millionths(score: float) -> int:
    """A score as a whole number."""
    return round(score * MILLION)


def span(day: str, until: str) -> tuple[str, str]:
    """First and last of what ``dyad`` keeps of an event's days: its month twice, or the days where it has no month."""
    return (day[:7], day[:7]) if day[:7] == until[:7] else (day, until)


def sums(rows: Iterable[Row]) -> dict[tuple[Any, ...], list[int]]:
    """What rows of ``event`` add to ``dyad``: its sums by its key."""
    found: dict[tuple[Any, ...], list[int]] = {}
    for row in rows:
        if not counts(row):
            continue
        dated = DATED if row["dated"] != "none" else BACKGROUND if row["historical"] else UNDATED
        score = row["score"]
        for pair in row["pairs"].split(" "):
            actor, _, recipient = pair.partition(">")
            key = (actor, recipient, *span(row["day"], row["until"]), row["type"], dated)
            summed = found.setdefault(key, [0, 0, 0, 0])
            summed[0] += 1
            summed[1] += row["reports"]
            summed[2] += score is not None
            summed[3] += millionths(score) if score is not None else 0
    return found


def add(connection: Connection, rows: Sequence[Row]) -> None:
    """Count rows of ``event`` in."""
    _change(connection, sums(rows), 1)


def subtract(connection: Connection, rows: Sequence[Row]) -> None:
    """Take rows of ``event`` off that are counted in."""
    _change(connection, sums(rows), -1)


def _change(connection: Connection, made: Mapping[tuple[Any, ...], Sequence[int]], sign: int) -> None:
    if not made:
        return
    values = [
        {
            **dict(zip(_KEY, key, strict=True)),
            **{name: sign * value for name, value in zip(_SUMS, summed, strict=True)},
        }
        for key, summed in sorted(made.items())
    ]
    upsert = (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(dyad)
    changed = {name: dyad.c[name] + upsert.excluded[name] for name in _SUMS}
    connection.execute(upsert.on_conflict_do_update(index_elements=list(_KEY), set_=changed), values)
    if sign < 0:
        empty = and_(*(dyad.c[name] == bindparam(f"key_{name}") for name in _KEY), dyad.c.events == 0)
        keys = [{f"key_{name}": value for name, value in zip(_KEY, key, strict=True)} for key in sorted(made)]
        connection.execute(delete(dyad).where(empty), keys)


def faults(connection: Connection) -> list[str]:
    """Keys whose sums are not those of the events; read year by year, so that few are in memory at once."""
    years = set(connection.execute(select(func.substr(event.c.day, 1, 4)).distinct()).scalars())
    years |= set(connection.execute(select(func.substr(dyad.c.begins, 1, 4)).distinct()).scalars())
    wrong = []
    for year in sorted(years):
        # A key begins on the day that its events do.
        rows = connection.execute(select(event).where(func.substr(event.c.day, 1, 4) == year)).mappings()
        want = sums(dict(row) for row in rows)
        have = {
            tuple(row[:6]): list(row[6:])
            for row in connection.execute(select(dyad).where(func.substr(dyad.c.begins, 1, 4) == year))
        }
        wrong += [f"{key[0]}>{key[1]} {key[2]}" for key in want.keys() | have.keys() if want.get(key) != have.get(key)]
    return sorted(wrong)
