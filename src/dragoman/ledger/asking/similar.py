"""Events that a reader of one should see beside it: near its day, of its type, between its parties."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, func, select

from dragoman import codebook
from dragoman.ledger import facets
from dragoman.ledger.asking.clauses import Selection
from dragoman.ledger.asking.reach import rows
from dragoman.ledger.facets import word
from dragoman.ledger.model import LedgerEvent
from dragoman.ledger.store import Store
from dragoman.ledger.tables import detail, event, record
from dragoman.record import Json

# Acts between the same two sides are one affair for about a week; of one type for about a month.
_WEEK, _MONTH = 7, 31
# Of each kind of likeness so many on either side of the event are looked at: a page of each, read in milliseconds.
_LOOKED_AT = 12


@dataclass(frozen=True, slots=True)
class Similar:
    """An event like another, and in words what is alike."""

    event: LedgerEvent
    reasons: tuple[str, ...]

    def to_dict(self) -> Json:
        return {"event": self.event.to_dict(), "reasons": list(self.reasons)}


def similar(store: Store, id: str, *, limit: int = 8) -> list[Similar]:
    """Events near the day of an event that have its type or its parties; those most alike first.

    ``id`` is the event's, or that of one of its records. None of them is the event itself, or one that denies it or
    that it denies. Nothing for an unknown id, and for an event that has no day. Raises LedgerError when the ledger
    cannot be read.
    """
    with store.reading() as connection:
        of_record = select(record.c.event).where(record.c.id == id).scalar_subquery()
        wanted = event.c.id == func.coalesce(of_record, id)
        found = connection.execute(
            select(event.c.nr, detail.c.data).join(detail, detail.c.nr == event.c.nr).where(wanted)
        )
        if (row := found.first()) is None:
            return []
        number, own = row.nr, LedgerEvent.from_dict(json.loads(row.data))
        if (day := _day(own)) is None:
            return []
        numbers = sorted({nr for chosen in _alike(own, day) for nr in _near(connection, chosen, number)})
        data = connection.execute(select(detail.c.data).where(detail.c.nr.in_(numbers))).scalars()
        others = [LedgerEvent.from_dict(json.loads(row)) for row in data]
    apart = {own.id, *own.contrary}
    ranked = sorted(
        (_rank(own, day, other), other.id, other) for other in others if other.id not in apart and _day(other)
    )
    return [Similar(other, tuple(_reasons(own, day, other))) for _, _, other in ranked[:limit]]


def _alike(own: LedgerEvent, day: date) -> Iterator[Selection]:
    """What to look through: its pairs, or one side where the other is not known, with its type and without."""
    of_type = (word(facets.TYPE, own.type),)
    for parties in _parties(own):
        yield _within(day, _MONTH).also(parties, of_type)
        yield _within(day, _WEEK).also(parties)
    if own.place and own.place.country:
        yield _within(day, _WEEK).also(of_type, (word(facets.PLACE, own.place.country),))


def _parties(own: LedgerEvent) -> Iterable[tuple[str, ...]]:
    if pairs := [pair for pair in facets.pairs(own) if all(pair)]:
        return [tuple(word(facets.PAIR, *pair) for pair in pairs)]
    sides = ((facets.ACTOR, own.actor), (facets.RECIPIENT, own.recipient))
    return [words for facet, side in sides if (words := tuple(word(facet, p.country) for p in side if p.country))]


def _within(day: date, days: int) -> Selection:
    first, last = (_moved(day, by).isoformat() for by in (-days, days))
    return Selection(low=facets.bound(first), high=facets.after(last) - 1)


def _moved(day: date, days: int) -> date:
    return date.fromordinal(min(max(day.toordinal() + days, 1), date.max.toordinal()))


def _near(connection: Connection, chosen: Selection, number: int) -> Iterator[int]:
    """The numbers of a selection that are next to ``number`` on either side."""
    for part, down in ((chosen.within(0, number - 1), True), (chosen.within(number + 1, facets.HIGHEST), False)):
        for row in rows(connection, [part], "{nr} AS nr", descending=down, limit=_LOOKED_AT):
            yield row.nr


def _day(of: LedgerEvent) -> date | None:
    try:
        return date.fromisoformat(of.day or "")
    except ValueError:
        return None


def _rank(own: LedgerEvent, day: date, other: LedgerEvent) -> tuple[int, int]:
    """How little two events are alike, and how far apart they are."""
    alike = 2 * (own.type == other.type) + 2 * bool(_shared(own, other)) + (_place(own) == _place(other) is not None)
    return -alike, abs(((_day(other) or day) - day).days)


def _reasons(own: LedgerEvent, day: date, other: LedgerEvent) -> Iterator[str]:
    if own.type == other.type:
        both = [mode for mode in own.mode if mode in other.mode]
        yield f"also {own.type.lower()}" + (f" ({', '.join(both)})" if both else "")
    shared = _shared(own, other)
    if shared:
        yield shared
    country = _place(own)
    if country and country == _place(other):
        yield f"also in {_name(country)}"
    apart = ((_day(other) or day) - day).days
    exact = all(one.date is not None and len(one.date) == len("2022-02-25") for one in (own, other))
    days = f"{abs(apart)} day{'' if abs(apart) == 1 else 's'} {'later' if apart > 0 else 'earlier'}"
    yield (days if apart else "on the same day") if exact else (f"told {days}" if apart else "told of the same days")


def _shared(own: LedgerEvent, other: LedgerEvent) -> str:
    """What parties two events have in common, in words; empty for none."""
    mine, theirs = ({pair for pair in facets.pairs(one) if all(pair)} for one in (own, other))
    if both := sorted(mine & theirs):
        return f"also {_name(both[0][0])} towards {_name(both[0][1])}"
    for does, side, its in (("acting", own.actor, other.actor), ("acted upon", own.recipient, other.recipient)):
        if found := sorted({p.country for p in side if p.country} & {p.country for p in its if p.country}):
            return f"also {_name(found[0])} {does}"
    return ""


def _place(of: LedgerEvent) -> str | None:
    return of.place.country if of.place else None


def _name(country: str) -> str:
    known = codebook.COUNTRIES.get(country)
    return known.name if known else country
