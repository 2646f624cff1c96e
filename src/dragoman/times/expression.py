"""What the room hands out: one time expression, where it stands and what it comes to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Kind = Literal["date", "range", "duration", "set", "vague", "time-of-day"]
Tense = Literal["past", "present", "future"]
TenseAt = Callable[[int, int], Tense | None]


@dataclass(frozen=True, slots=True)
class TimeExpression:
    """Words that tell a time: ``text[start:end]``, in code points, end exclusive.

    - ``value``: the date as the codebook writes it (``2025-03-14``, ``2025-03``, ``2025``, or a range
      ``a/b`` with both ends included), or None when the text does not support one.
    - ``kind``: ``date`` (a point or a named stretch of the calendar), ``range`` (from one to another),
      ``duration`` (a length), ``set`` (recurrent), ``vague`` (now, recently) or ``time-of-day`` (its
      ``value`` is the day on which it falls, where that is known).
    - ``reason``: by which rule the value came about, or why there is none.
    - ``timex``: the value in TIMEX3 terms, which has weeks (``2025-W11``), quarters, seasons, periods
      (``P2Y``) and references (``PAST_REF``) that the codebook's dates have not; None when unresolved.
    - ``mod``: ``START``, ``MID`` or ``END`` for "early", "mid" and "late"; else None.
    - ``parts``: the dates named inside a range ("2014" and "2016" in "between 2014 and 2016").
    """

    start: int
    end: int
    value: str | None
    kind: Kind
    reason: str
    timex: str | None = None
    mod: Literal["START", "MID", "END"] | None = None
    parts: tuple[TimeExpression, ...] = ()

    @property
    def first(self) -> str | None:
        """The first date of ``value``: the part before the slash of a range."""
        return self.value.partition("/")[0] if self.value else None

    @property
    def last(self) -> str | None:
        """The last date of ``value``: the part after the slash of a range."""
        return self.value.rpartition("/")[2] if self.value else None
