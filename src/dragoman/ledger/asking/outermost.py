"""The first and the last of some events, and how exactly their dates are told."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from dragoman.ledger.model import LedgerEvent


class Outermost(NamedTuple):
    """The days of the first and of the last of some events (:attr:`LedgerEvent.day`), None where none has one; and the
    dates themselves as exactly as they are told: ``2022`` is no first of January. A date is None where no report gives
    one, and the day is that of the report."""

    first: str | None
    last: str | None
    first_date: str | None
    last_date: str | None


def outermost(events: Iterable[LedgerEvent]) -> Outermost:
    """The first and the last of ``events`` by their days; of a span of days its own first and last."""
    dated = sorted((e.day, e.id, e) for e in events if e.day)
    if not dated:
        return Outermost(None, None, None, None)
    (first, _, one), (last, _, other) = dated[0], dated[-1]
    return Outermost(
        first, last, one.date.split("/")[0] if one.date else None, other.date.split("/")[-1] if other.date else None
    )
