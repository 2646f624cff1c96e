"""What the CAMEO layouts share: one row for each actor and recipient of an event that happened on a day."""

from __future__ import annotations

import datetime as dt
from abc import abstractmethod

from dragoman.export.ledger.layout import Plain
from dragoman.export.ledger.losses import count_unheld, happened
from dragoman.export.ledger.when import exact_day
from dragoman.export.ledger.who import Pair, pairs
from dragoman.export.rows import Value
from dragoman.ledger.model import LedgerEvent


class Couples(Plain):
    """Rows of who acts on whom; events that did not happen, have no day or name nobody are left out, and counted."""

    remarks = (
        "An event makes a row for each actor and recipient, a mutual act one for each two actors in either order.",
    )

    def rows(self, event: LedgerEvent) -> list[list[Value]]:
        told = happened(event, self.losses)
        if told is None:
            return []
        couples = pairs(told)
        if not couples:
            self.losses.add("event: nobody named", "a row says who acts on whom, and the reports name neither")
            return []
        day = exact_day(told, self.undated, self.losses)
        if day is None:
            return []
        count_unheld(told, self.unheld, len(couples), self.losses)
        return self.of(told, couples, day)

    @abstractmethod
    def of(self, event: LedgerEvent, couples: list[Pair], day: dt.date) -> list[list[Value]]:
        """The rows of an event, one for each of ``couples``."""
