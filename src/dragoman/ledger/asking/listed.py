"""Events by their ids, as lists have them."""

from __future__ import annotations

import json
from collections.abc import Iterable

from sqlalchemy import select

from dragoman.ledger.chunks import chunks
from dragoman.ledger.model import LedgerEvent
from dragoman.ledger.store import Store
from dragoman.ledger.tables import detail, event


def listed(store: Store, ids: Iterable[str]) -> list[LedgerEvent]:
    """The events of ``ids``, in their order, without tellings; those that there are no more are passed over.

    Raises LedgerError when the ledger cannot be read.
    """
    wanted = list(dict.fromkeys(ids))
    found: dict[str, LedgerEvent] = {}
    with store.reading() as connection:
        for part in chunks(wanted):
            query = select(event.c.id, detail.c.data).join(detail, detail.c.nr == event.c.nr)
            for row in connection.execute(query.where(event.c.id.in_(part))):
                found[row.id] = LedgerEvent.from_dict(json.loads(row.data))
    return [found[id] for id in wanted if id in found]
