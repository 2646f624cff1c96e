"""Actors from a table: CSV with a row of column names."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from dragoman.actors import Register
from dragoman.gathering.claims import Claim, Skip, claim, dated
from dragoman.gathering.lists import BadList, text_of

COLUMNS = ("name", "aliases", "country", "sector", "title", "from", "to", "kind")


def read(path: Path, register: Register) -> Iterator[Claim | Skip]:
    """The actors of a table, one for each row.

    Columns are ``COLUMNS`` in any order and case, of which ``name`` and ``country`` are needed; aliases stand in one
    cell with ``;`` between them. Commas, semicolons or tabs part the columns, as the first row shows.

    Raises BadList when it has no such columns, OSError when it cannot be read.
    """
    text = text_of(path)
    first = text.split("\n", 1)[0]
    mark = max(",;\t", key=first.count)
    csv.field_size_limit(max(csv.field_size_limit(), len(text) + 1))
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    try:
        head = [cell.strip().lower() for cell in next(rows, [])]
        if missing := [c for c in ("name", "country") if c not in head]:
            raise BadList(f"{path}: has no column {' and '.join(missing)}; its columns may be {', '.join(COLUMNS)}")
        for cells in rows:
            if any(c.strip() for c in cells):
                yield _claim(cells, head, register)
    except csv.Error as error:
        raise BadList(f"{path}, line {rows.line_num}: {error}; write the table with a CSV library") from None


def _claim(cells: list[str], head: list[str], register: Register) -> Claim | Skip:
    if len(cells) > len(head):
        return Skip("with more cells than columns", ", ".join(cells))
    row = dict(reversed(list(zip(head, cells, strict=False))))
    about = f"{row.get('name', '')}, {row.get('from', '')} to {row.get('to', '')}"
    try:
        start, end = dated(row.get("from", "")), dated(row.get("to", ""))
    except ValueError:
        return Skip("with a date that is not YYYY, YYYY-MM or YYYY-MM-DD", about)
    return claim(
        row.get("name", ""),
        register,
        country=row.get("country", ""),
        sector=row.get("sector", ""),
        title=row.get("title", ""),
        start=start,
        end=end,
        aliases=row.get("aliases", "").split(";"),
        kind=row.get("kind", ""),
    )
