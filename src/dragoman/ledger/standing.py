"""How reports stand to each other: which are prints of one text, and which are versions of one page.

Both follow from the reports that the ledger holds, in whatever order they came in: prints are the connected sets of
reports that :mod:`dragoman.ledger.copies` finds alike, versions are ordered by their dates.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, and_, bindparam, insert, or_, select, update

from dragoman.ledger import copies
from dragoman.ledger.chunks import MANY, chunks
from dragoman.ledger.identity import day_of, moment
from dragoman.ledger.tables import A_DAY, band, report

Row = Mapping[str, Any]
# Reports whose signatures are held at once, 1.7 KB each, with those of all that share a key with them.
_PAGE = 1_000
# Days between two prints of one text. A newspaper may begin all that it prints for years with the same words: without a
# bound, each report would be compared with all before it.
_DAYS = 30


class Groups:
    """Sets of names that are joined two by two."""

    def __init__(self) -> None:
        self._above: dict[str, str] = {}

    def top(self, name: str) -> str:
        """The name by which the set of ``name`` goes."""
        while (above := self._above.get(name, name)) != name:
            self._above[name] = name = self._above.get(above, above)
        return name

    def join(self, a: str, b: str) -> None:
        """Make one set of two."""
        low, high = sorted((self.top(a), self.top(b)))
        if low != high:
            self._above[high] = low


@dataclass(frozen=True, slots=True)
class _Print:
    """A text as it was printed on a day: reports of one text and day are one in the index, however many they are."""

    signature: bytes
    day: int | None

    @property
    def keys(self) -> list[int]:
        return sorted(set(copies.bands(self.signature)))

    def near(self, other: _Print) -> bool:
        """Whether the days are near enough for one to be a reprint of the other, as far as both are known."""
        return self.day is None or other.day is None or abs(self.day - other.day) <= _DAYS


def _print(signature: bytes, published: str | None) -> _Print:
    day = day_of(published)
    return _Print(signature, day.toordinal() if day else None)


def group_copies(connection: Connection, rows: Sequence[Row]) -> set[str]:
    """Put new reports and those whose text they share into groups, each called after its first report.

    Returns the ids of the reports that changed their group.
    """
    firsts: dict[_Print, str] = {}
    merged = Groups()
    for row in rows:
        made = _print(row["signature"], row["published"])
        if made.keys:
            merged.join(firsts.setdefault(made, row["id"]), row["id"])
    fresh = {id: made for made, id in firsts.items()}
    partners = _indexed(connection, fresh.values())
    known, groups = _prints(connection, {id for several in partners.values() for id in several})
    groups |= {row["id"]: row["id"] for row in rows}
    indexed = set(known.values())
    entries = [(key, id) for id, made in fresh.items() if made not in indexed for key in made.keys]
    if entries:
        connection.execute(insert(band), [{"band": key, "report": id} for key, id in entries])
    for key, id in entries:
        partners.setdefault(key, set()).add(id)
    for a, b in _alike(fresh, partners, {**known, **fresh}):
        merged.join(groups[a], groups[b])
    sets: dict[str, list[str]] = {}
    for group in sorted(set(groups.values())):
        sets.setdefault(merged.top(group), []).append(group)
    return _rename(connection, [several for several in sets.values() if len(several) > 1])


def _indexed(connection: Connection, prints: Collection[_Print]) -> dict[int, set[str]]:
    """The reports of the index under each key of prints, without those of days too far from all of them."""
    query = select(band.c.band, band.c.report)
    days = [made.day for made in prints]
    if days and None not in days:
        first, last = (date.fromordinal(d).isoformat() for d in _around([d for d in days if d is not None]))
        undated = or_(report.c.published.is_(None), report.c.published.not_like(A_DAY))
        near = or_(undated, and_(report.c.published >= first, report.c.published < last))
        query = query.join(report, report.c.id == band.c.report).where(near)
    partners: dict[int, set[str]] = {}
    for part in chunks(sorted({key for made in prints for key in made.keys})):
        for key, id in connection.execute(query.where(band.c.band.in_(part))).all():
            partners.setdefault(key, set()).add(id)
    return partners


def _around(days: Sequence[int]) -> tuple[int, int]:
    return max(1, min(days) - _DAYS), min(date.max.toordinal(), max(days) + _DAYS + 1)


def _alike(
    prints: Mapping[str, _Print], partners: Mapping[int, set[str]], known: Mapping[str, _Print]
) -> Iterator[tuple[str, str]]:
    """Pairs of one of ``prints`` and one of its partners that are prints of one text."""
    pairs = {
        (min(id, other), max(id, other))
        for id, made in prints.items()
        for key in made.keys
        for other in partners.get(key, ())
        if other != id and made.near(known[other])
    }
    return ((a, b) for a, b in sorted(pairs) if copies.compare(known[a].signature, known[b].signature))


def wrong_groups(connection: Connection) -> list[str]:
    """The reports that are in another group of copies than grouping all reports from nothing gives."""
    merged = Groups()
    firsts: dict[bytes, str] = {}
    rows: dict[str, tuple[str | None, str]] = {}
    query = select(report.c.id, report.c.published, report.c.copies, report.c.signature).order_by(report.c.id)
    for id, published, group, signature in connection.execute(query.execution_options(yield_per=MANY)):
        rows[id] = published, group
        made = _print(signature, published)
        if made.keys:
            merged.join(firsts.setdefault(_digest(made), id), id)
    wrong: set[str] = set()
    indexed: set[bytes] = set()
    for ids in chunks(sorted(connection.execute(select(band.c.report).distinct()).scalars()), _PAGE):
        prints, _ = _prints(connection, ids)
        partners = _indexed(connection, prints.values())
        wrong |= {id for id in ids if any(id not in partners.get(key, ()) for key in prints[id].keys)}
        indexed |= {_digest(made) for made in prints.values()}
        others, _ = _prints(connection, {id for several in partners.values() for id in several})
        for a, b in _alike(prints, partners, {**others, **prints}):
            merged.join(a, b)
    wrong |= {id for digest, id in firsts.items() if digest not in indexed}
    chiefs: dict[str, tuple[str, str]] = {}
    for id, (published, _) in rows.items():
        top, key = merged.top(id), (moment(published) or "9999", id)
        chiefs[top] = min(chiefs.get(top, key), key)
    return sorted(wrong | {id for id, (_, group) in rows.items() if chiefs[merged.top(id)][1] != group})


def _digest(made: _Print) -> bytes:
    return hashlib.sha256(repr(made.day).encode() + made.signature).digest()


def _prints(connection: Connection, ids: Iterable[str]) -> tuple[dict[str, _Print], dict[str, str]]:
    """The prints of reports, and their groups."""
    prints: dict[str, _Print] = {}
    groups: dict[str, str] = {}
    for part in chunks(sorted(ids)):
        query = select(report.c.id, report.c.signature, report.c.published, report.c.copies)
        for id, signature, published, group in connection.execute(query.where(report.c.id.in_(part))).all():
            prints[id], groups[id] = _print(signature, published), group
    return prints, groups


def _rename(connection: Connection, sets: Sequence[Sequence[str]]) -> set[str]:
    """Call each set of groups after the first report of any; the ids of the reports whose group is called otherwise."""
    chiefs = sorted({id for several in sets for id in several})
    dates: dict[str, str | None] = {}
    for part in chunks(chiefs):
        query = select(report.c.id, report.c.published).where(report.c.id.in_(part))
        dates |= dict(connection.execute(query).all())
    names: dict[str, str] = {}
    for several in sets:
        chief = min(several, key=lambda id: (moment(dates[id]) or "9999", id))
        names |= {id: chief for id in several if id != chief}
    moved: set[str] = set()
    for part in chunks(sorted(names)):
        moved |= set(connection.execute(select(report.c.id).where(report.c.copies.in_(part))).scalars())
    if names:
        connection.execute(
            update(report).where(report.c.copies == bindparam("old")).values(copies=bindparam("new")),
            [{"old": old, "new": new} for old, new in sorted(names.items())],
        )
    return moved


def standing_of(rows: Iterable[Any]) -> dict[str, tuple[str, bool]]:
    """Status and whether it is superseded of each of ``rows``, which hold all versions of any of them.

    Versions of a page are ordered by date of publication, else by when they were fetched: all but the last are
    superseded, all but the first revised.
    """
    pages: dict[str, list[Any]] = {}
    for row in rows:
        pages.setdefault(row.address or f" {row.id}", []).append(row)
    found = {}
    for versions in pages.values():
        ordered = sorted(versions, key=lambda v: (moment(v.published), moment(v.retrieved), v.id))
        for version in ordered:
            status = "revised" if version is not ordered[0] else "reprinted" if version.copies != version.id else "new"
            found[version.id] = status, version is not ordered[-1]
    return found


def settle(connection: Connection, ids: Iterable[str], pages: Iterable[str]) -> set[str]:
    """Say anew of reports, and of all versions of pages, what they are; the ids of those that stand otherwise now."""
    columns = (report.c[n] for n in ("id", "address", "published", "retrieved", "copies", "status", "superseded"))
    query = select(*columns)
    rows: dict[str, Any] = {}
    for part in chunks(sorted(ids)):
        rows |= {row.id: row for row in connection.execute(query.where(report.c.id.in_(part)))}
    for part in chunks(sorted({*pages, *(row.address for row in rows.values() if row.address)})):
        rows |= {row.id: row for row in connection.execute(query.where(report.c.address.in_(part)))}
    changed = {
        id: now
        for id, now in sorted(standing_of(rows.values()).items())
        if now != (rows[id].status, rows[id].superseded)
    }
    if changed:
        connection.execute(
            update(report)
            .where(report.c.id == bindparam("key"))
            .values(status=bindparam("status"), superseded=bindparam("superseded")),
            [{"key": id, "status": status, "superseded": superseded} for id, (status, superseded) in changed.items()],
        )
    return set(changed)
