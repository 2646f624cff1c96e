"""Sorting by something else than the day, without reading all that is asked for.

Each key to sort by has words in the full-text index, coarse ones and fine ones: a year and its months. What is asked
for is read whole and sorted where it is little; else word by word, in the order of the keys, until the page is full.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection

from dragoman.ledger import facets
from dragoman.ledger.asking.clauses import Selection
from dragoman.ledger.asking.reach import rows
from dragoman.ledger.facets import word

Key = int | float | str
Row = tuple[Key, int]
"""A key and the number of an event."""

# Reading so many rows takes about 10 ms; going through all words of a key takes as long.
_FEW = 5_000


@dataclass(frozen=True, slots=True)
class Level:
    """A word of a key, the lowest and the highest key that it may stand for, and the words it divides into, ascending.

    No words of its own: the whole. Equal ends: all its events have the same key.
    """

    words: tuple[str, ...]
    low: Key
    high: Key
    parts: tuple[Level, ...] = ()


def _sources() -> Level:
    parts = [Level((word(facets.SOURCES, str(n)),), n, n) for n in range(facets.MANY_SOURCES)]
    many = Level((word(facets.SOURCES, str(facets.MANY_SOURCES)),), facets.MANY_SOURCES, facets.HIGHEST)
    return Level((), 0, facets.HIGHEST, (*parts, many))


def _confidence() -> Level:
    def level(digits: str) -> Level:
        parts = tuple(level(f"{digits}{n}") for n in range(10)) if len(digits) < 3 else ()
        low = int(digits) / 10 ** len(digits)
        # The last holds 1 too, and the thousandth of a fraction is only known to within the fraction's own precision.
        return Level((word(facets.CONFIDENCE, digits),), low - 1e-9, low + 10 ** -len(digits) + 1e-9, parts)

    none = Level((word(facets.CONFIDENCE, "none"),), -1.0, -1.0)
    return Level((), -1.0, 1.0, (none, *(level(str(n)) for n in range(10))))


def _reported() -> Level:
    def year(number: int) -> Level:
        low = "0" if number == facets.FIRST_YEAR else str(number)
        high = "9999-99-99" if number == facets.LAST_YEAR else f"{number}-99-99"
        months = (f"{month:02}" for month in range(1, 13))
        # The years at either end hold others too: their months do not follow each other.
        ends = number in (facets.FIRST_YEAR, facets.LAST_YEAR)
        parts = (
            ()
            if ends
            else tuple(
                Level((word(facets.REPORTED, f"{number}{m}"),), f"{number}-{m}", f"{number}-{m}-99") for m in months
            )
        )
        return Level((word(facets.REPORTED, str(number)),), low, high, parts)

    none = Level((word(facets.REPORTED, "none"),), "", "")
    years = (year(number) for number in range(facets.FIRST_YEAR, facets.LAST_YEAR + 1))
    return Level((), "", "9999-99-99", (none, *years))


Sort = Literal["date", "reported", "sources", "confidence"]
# The column of each key and its words. A confidence or date that is not known counts as the lowest.
_KEYS: dict[str, tuple[str, Callable[[], Level]]] = {
    "reported": ("e.reported", _reported),
    "sources": ("e.sources", _sources),
    "confidence": ("coalesce(e.confidence, -1.0)", _confidence),
}
SORTS = ("date", *_KEYS)


def by_key(
    connection: Connection,
    selections: Sequence[Selection],
    sort: str,
    *,
    descending: bool,
    limit: int,
    after: Row | None = None,
) -> list[Row]:
    """The first ``limit`` keys and numbers of what ``selections`` hold, by key and then by number, after ``after``."""
    column, whole = _KEYS[sort]
    found: list[Row] = []
    for row in _walk(connection, selections, column, whole(), descending, limit, after):
        found.append(row)
        if len(found) == limit:
            break
    return found


def _walk(
    connection: Connection,
    selections: Sequence[Selection],
    column: str,
    level: Level,
    descending: bool,
    limit: int,
    after: Row | None,
) -> Iterator[Row]:
    if after is not None and (level.low > after[0] if descending else level.high < after[0]):  # type: ignore[operator]
        return
    chosen = [s.also(level.words) for s in selections] if level.words else list(selections)
    if level.low == level.high:
        if after is not None and after[0] == level.low:
            ends = (0, after[1] - 1) if descending else (after[1] + 1, facets.HIGHEST)
            chosen = [s.within(*ends) for s in chosen]
        for row in rows(connection, chosen, "{nr} AS nr", descending=descending, limit=limit):
            yield level.low, row.nr
        return
    most = _FEW + 1 if level.parts else None
    read: list[Any] = list(
        rows(connection, chosen, f"{column} AS key, {{nr}} AS nr", descending=descending, limit=most)
    )
    if most is None or len(read) < most:
        keyed = sorted(((row.key, row.nr) for row in read), reverse=descending)
        yield from (row for row in keyed if after is None or (row < after if descending else row > after))
        return
    for part in reversed(level.parts) if descending else level.parts:
        yield from _walk(connection, selections, column, part, descending, limit, after)
