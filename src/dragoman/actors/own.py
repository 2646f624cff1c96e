"""A user's own actors, laid over the register that ships: compiled when loaded, kept in no global.

The rows of an own file come first for the names that they bear; the rest of the register stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from .finding import PLACES
from .register import Entry, Register
from .register import load as shipped
from .text import key

if TYPE_CHECKING:
    from .source import Row


class BadActors(ValueError):
    """A file of actors that cannot be used; the message names the file, the row, the trouble and the fix."""


def load(*paths: str | Path) -> Register:
    """The shipped register with the actors of ``paths`` over it; of two files the one named first comes first.

    Without paths it is the shipped register alone. The files are YAML as ``docs/actors.md`` tells.

    Raises:
        BadActors: when a file cannot be read or a row of it has a fault.
    """
    register = shipped()
    for path in reversed(paths):
        register = over(register, _sound(Path(path)))
    return register


def _sound(path: Path) -> list[Row]:
    # Whoever has no file of his own waits for neither YAML nor the checks.
    from .check import faults
    from .source import SourceError, own_rows

    try:
        table = own_rows(path)
    except SourceError as error:
        raise BadActors(str(error)) from None
    wrong = list(dict.fromkeys(faults(table)))
    if wrong:
        more = f" (and {len(wrong) - 1} more: dragoman actors check {path})" if len(wrong) > 1 else ""
        raise BadActors(wrong[0] + more)
    return table


def over(base: Register, table: Iterable[Row]) -> Register:
    """A register of ``base`` with rows laid over it; ``base`` stays as it is.

    A row takes the place of the one in ``base`` that is of its kind and has the same first name, and takes over its
    aliases. Of a name that states share ("National Guard"), and of a place, only the row's own country gives way.
    """
    from .build import indexed

    table = list(table)
    made = indexed(table, known=frozenset(base.table["heads"]["families"]))
    start = len(base.table["entries"])
    number = {id(row): start + n for n, row in enumerate(table)}
    instead = {old: number[id(row)] for row in reversed(table) for old in _replaced(base, row)}

    def moved(owners: list[int]) -> list[int]:
        return (
            list(dict.fromkeys(instead.get(n, n) for n in owners)) if not instead.keys().isdisjoint(owners) else owners
        )

    names, short = ({k: moved(v) for k, v in index.items()} for index in (base.names, base.short))
    for name, owners in made["names"].items():
        own = [start + n for n in owners]
        codes = {made["entries"][n][2] for n in owners}
        others = [n for n in names.get(name, ()) if n not in own]
        ours = [n for n in others if n >= start]  # by way of a row that one of ours replaces
        theirs = _staying([(n, base.entry(n)) for n in others if n < start], codes)
        names[name] = [*own, *ours, *theirs]
    for name, owners in made["short"].items():
        short[name] = list(dict.fromkeys([*(start + n for n in owners), *short.get(name, ())]))
    entries = [*base.table["entries"], *made["entries"]]
    joined = {"entries": entries, "names": names, "short": short, "heads": base.table["heads"]}
    return Register(joined, (*base.layers, start))


def _staying(owners: list[tuple[int, Entry]], codes: set[str | None]) -> list[int]:
    """Which owners keep a name that a row of one of the countries ``codes`` bears too."""
    shared = len({e.country for _, e in owners}) > 1
    return [n for n, e in owners if (shared or e.kind in PLACES) and e.country not in codes]


def _replaced(base: Register, row: Row) -> Iterator[int]:
    """The numbers of the entries of ``base`` that ``row`` corrects."""
    first = _kept(row.names[0], row.kind)
    owners = [(n, base.entry(n)) for n in base.names.get(first, ())]
    stay = _staying(owners, {row.country})
    for n, entry in owners:
        alike = (entry.kind == "person") == (row.kind == "person") and entry.kind not in PLACES
        if alike and n not in stay and _kept(entry.name, entry.kind) == first:
            yield n


def _kept(name: str, kind: str) -> str:
    from .build import without_article

    return key(without_article(name, kind))


def meetings(table: Iterable[Row]) -> Iterator[str]:
    """A line for each name of the shipped register that rows laid over it take or share."""
    base = shipped()
    for row in table:
        replaced = set(_replaced(base, row))
        for name in row.names:
            owners = [(n, base.entry(n)) for n in base.names.get(_kept(name, row.kind), ())]
            stay = _staying(owners, {row.country})
            for n, entry in owners:
                what = f"{entry.name} ({entry.kind} of {entry.country})"
                if n in replaced:
                    yield f"{row.where}: stands for the shipped {what}"
                elif n in stay:
                    yield f"{row.where}: shares {name!r} with the shipped {what} and comes before it"
                else:
                    yield f"{row.where}: takes {name!r} from the shipped {what}"
