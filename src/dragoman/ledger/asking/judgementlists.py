"""The log of judgements, page by page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from sqlalchemy import and_, or_, select

from dragoman.ledger.asking import cursors
from dragoman.ledger.judging import Judgement
from dragoman.ledger.store import Store
from dragoman.ledger.tables import judgement
from dragoman.ledger.words import BadQuestion
from dragoman.record import Json


@dataclass(frozen=True, slots=True)
class JudgementPage:
    """Some entries of the log, and the cursor of the next page; None on the last."""

    judgements: tuple[Judgement, ...]
    next: str | None = None

    def to_dict(self) -> Json:
        return {"judgements": [one.to_dict() for one in self.judgements], "next": self.next}

    @classmethod
    def from_dict(cls, row: Mapping[str, Any]) -> Self:
        return cls(tuple(Judgement.from_dict(one) for one in row["judgements"]), row["next"])


def judgements(store: Store, *, limit: int = 50, after: str | None = None, ascending: bool = True) -> JudgementPage:
    """A page of the log, the oldest first, or with ``ascending=False`` the newest.

    Raises:
        BadQuestion: for a limit or cursor that there is none of.
        LedgerError: when the ledger cannot be read.
    """
    if limit < 1:
        raise BadQuestion(f"a page holds 1 judgement or more, not {limit}")
    kind = "judgements" if ascending else "judgements, newest first"
    query = select(judgement.c.value, judgement.c.at, judgement.c.id)
    at, id = judgement.c.at, judgement.c.id
    if after:
        last, last_id = cursors.texts(after, kind, 2)
        if ascending:
            query = query.where(or_(at > last, and_(at == last, id > last_id)))
        else:
            query = query.where(or_(at < last, and_(at == last, id < last_id)))
    query = query.order_by(at, id) if ascending else query.order_by(at.desc(), id.desc())
    with store.reading() as connection:
        rows = connection.execute(query.limit(limit + 1)).all()
    shown = rows[:limit]
    cursor = cursors.written(kind, (shown[-1].at, shown[-1].id)) if len(rows) > limit else None
    return JudgementPage(tuple(Judgement.from_dict(json.loads(row.value)) for row in shown), cursor)


def judgement_of(store: Store, id: str) -> Judgement | None:
    """An entry of the log by its id; None where there is none."""
    with store.reading() as connection:
        value = connection.execute(select(judgement.c.value).where(judgement.c.id == id)).scalar()
    return None if value is None else Judgement.from_dict(json.loads(value))
