"""Statements that read what a selection holds, in the order of events' numbers: by day, then by a hash of the id."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text

from dragoman.ledger.asking.clauses import Selection

# Rows fetched at once from a long answer.
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL that reads ``columns`` of what a selection holds, and its values.

    ``columns`` name ``event`` as ``e`` and ``detail`` as ``d``; ``{nr}`` in them stands for the event's number. Each
    table is read only where it is named. SQLite is told to go by the index of words first (``CROSS JOIN``): its rows
    come in the order of numbers, so that nothing is sorted and a full page ends the search.
    """

    sqlite: bool
    selection: Selection

    def __call__(self, columns: str, *, order: str = "", limit: int | None = None) -> tuple[str, dict[str, Any]]:
        chosen = self.selection
        match = chosen.match(self.sqlite)
        values: dict[str, Any] = {"low": chosen.low, "high": chosen.high, **dict(chosen.values)}
        first = ("s.rowid" if self.sqlite else "s.nr") if match else "e.nr"
        columns = columns.format(nr=first)
        source = "event AS e"
        where = [f"{first} BETWEEN :low AND :high", *chosen.where]
        if match:
            values["match"] = match
            source = "search AS s" if self.sqlite else "detail AS s"
            where.insert(0, "search MATCH :match" if self.sqlite else "s.search @@ CAST(:match AS tsquery)")
            if "e." in columns or chosen.where:
                source += f" CROSS JOIN event AS e ON e.nr = {first}" if self.sqlite else " JOIN event AS e USING (nr)"
        if "d." in columns:
            source += (
                f" CROSS JOIN detail AS d ON d.nr = {first}" if self.sqlite else f" JOIN detail AS d ON d.nr = {first}"
            )
        if chosen.among is not None:
            values["among"] = json.dumps(chosen.among)
            listed = "SELECT value FROM json_each(:among)"
            if not self.sqlite:
                listed = "SELECT CAST(value AS bigint) FROM json_array_elements_text(CAST(:among AS json))"
            where.append(f"{first} IN ({listed})")
        said = f"SELECT {columns} FROM {source} WHERE {' AND '.join(where)}"
        if order:
            said += f" ORDER BY {first} {order}"
        if limit is not None:
            said += " LIMIT :limit"
            values["limit"] = limit
        return said, values


def rows(
    connection: Connection,
    selections: Sequence[Selection],
    columns: str,
    *,
    descending: bool = True,
    limit: int | None = None,
    stream: bool = False,
) -> Iterator[Any]:
    """``columns`` of the events of ``selections``, in the order of their numbers.

    Args:
        selections: parts as :func:`dragoman.ledger.asking.clauses.selections` gives them.
        limit: the most rows; all for None.
        stream: fetch the rows as they are taken, not all at once.
    """
    left = limit
    for selection in selections if descending else reversed(selections):
        if selection.empty or left == 0:
            continue
        make = Statement(connection.dialect.name == "sqlite", selection)
        said, values = make(columns, order="DESC" if descending else "ASC", limit=left)
        options = {"yield_per": _AT_ONCE} if stream else {}
        for row in connection.execute(text(said), values, execution_options=options):
            yield row
            if left is not None:
                left -= 1


def total(connection: Connection, selections: Sequence[Selection], most: int | None = None) -> int:
    """How many events ``selections`` hold; those beyond ``most`` are not looked for."""
    found = 0
    for selection in selections:
        if selection.empty or (most is not None and found >= most):
            continue
        make = Statement(connection.dialect.name == "sqlite", selection)
        if most is None:
            said, values = make("count(*)")
        else:
            said, values = make("{nr} AS nr", limit=most - found)
            said = f"SELECT count(*) FROM ({said}) AS found"
        found += int(connection.execute(text(said), values).scalar_one())
    return found
