"""How fast somebody judges."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from dragoman.ledger.store import Store
from dragoman.ledger.tables import judgement
from dragoman.record import Json

# A longer rest ends a session: who reads a whole report before deciding takes a minute or two.
_REST_S = 300
# Judgements that are looked at, the newest first: more than a person lays down in a day.
_NEWEST = 2_000


@dataclass(frozen=True, slots=True)
class Pace:
    """The decisions of a session, those taken back left out, and how many minutes lie between the first and the last.

    ``per_minute`` is None before the second decision.
    """

    decisions: int = 0
    minutes: float = 0.0

    @property
    def per_minute(self) -> float | None:
        return round((self.decisions - 1) / self.minutes, 1) if self.decisions > 1 and self.minutes > 0 else None

    def to_dict(self) -> Json:
        return {"decisions": self.decisions, "minutes": self.minutes, "per_minute": self.per_minute}


def pace(store: Store, by: str, *, since: str = "") -> Pace:
    """The pace of the last session of one who judges: until a rest of five minutes. Judgements of one moment are one
    decision. ``since`` leaves out what is older (ISO 8601, UTC). Raises LedgerError when the ledger cannot be read."""
    query = select(judgement.c.at, judgement.c.action).where(judgement.c.by == by, judgement.c.at >= since)
    query = query.order_by(judgement.c.at.desc(), judgement.c.id.desc()).limit(_NEWEST)
    with store.reading() as connection:
        made: dict[str, str] = {row.at: row.action for row in connection.execute(query)}
    times: list[tuple[datetime, str]] = []
    for at, action in made.items():
        moment = datetime.fromisoformat(at)
        if times and (times[-1][0] - moment).total_seconds() > _REST_S:
            break
        times.append((moment, action))
    if not times:
        return Pace()
    back = sum(action == "undo" for _, action in times)
    minutes = (times[0][0] - times[-1][0]).total_seconds() / 60
    return Pace(max(0, len(times) - 2 * back), round(minutes, 4))
