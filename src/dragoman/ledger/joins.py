"""Why the records of an event are one, and which of them people joined or parted."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from sqlalchemy import ColumnElement, Connection, Select, and_, or_, select

from dragoman.ledger.tables import link, record
from dragoman.record import Json


@dataclass(frozen=True, slots=True)
class Join:
    """What ties two records, by their ids: the first is that of the event asked for.

    ``kind`` is ``same`` where the records were compared and found to tell one event, ``together`` where a person joined
    them, ``apart`` where a person parted them, and ``denial`` where one tells that the other did not happen. ``score``
    is the likelihood that was found, between 0 and 1; ``reasons`` say in words what speaks for it. ``event`` is the
    event of the second record.
    """

    a: str
    b: str
    kind: str
    score: float
    reasons: tuple[str, ...]
    event: str | None

    def to_dict(self) -> Json:
        return {
            "a": self.a,
            "b": self.b,
            "kind": self.kind,
            "score": self.score,
            "reasons": list(self.reasons),
            "event": self.event,
        }

    @classmethod
    def from_dict(cls, row: Mapping[str, Any]) -> Self:
        return cls(**{**row, "reasons": tuple(row["reasons"])})


def joins_of(connection: Connection, event: str, *, within: bool = False) -> list[Join]:
    """All ties of the records of an event, to each other and to those of other events; none for an unknown event.

    With ``within`` those to each other, and of those to other events only the ones by which people parted them.
    """
    one, other = record.alias("one"), record.alias("other")
    found: dict[tuple[str, str], Join] = {}
    own = select(record.c.nr).where(record.c.event == event)
    query = (
        select(one.c.id, other.c.id, one.c.event, other.c.event, link.c.kind, link.c.score, link.c.reasons)
        .join(one, one.c.nr == link.c.a)
        .join(other, other.c.nr == link.c.b)
        .where(_inside(own) if within else or_(link.c.a.in_(own), link.c.b.in_(own)))
    )
    for a, b, event_a, event_b, kind, score, reasons in connection.execute(query):
        if event_a != event:
            a, b, event_b = b, a, event_a
        elif event_b == event:
            a, b = sorted((a, b))
        found[a, b] = Join(a, b, kind, score, tuple(json.loads(reasons)), event_b)
    return [found[key] for key in sorted(found)]


def _inside(own: Select[Any]) -> ColumnElement[bool]:
    a, b, apart = link.c.a.in_(own), link.c.b.in_(own), link.c.kind == "apart"
    return or_(and_(a, b), and_(a, apart), and_(b, apart))
