"""What was made of the ledger and is kept: front page, networks, series, maps, until the ledger changes.

A ledger that many write changes every second, and what sums it up costs a tenth of a second to make. Pages may
therefore be told to show what was made some seconds ago, whatever others wrote since; who wrote something here sees it.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from dragoman.ledger import Ledger

T = TypeVar("T")
# Each takes up to some hundred kilobytes, the largest answers on stances 3 MB.
_MOST = 128
# The least revision that the request at hand must show; None where only the present one will do.
LEAST: ContextVar[int | None] = ContextVar("least", default=None)


@dataclass(frozen=True, slots=True)
class _Made:
    revision: int
    at: float
    value: Any


class Kept:
    """What was made of ``ledger``, and how far behind it pages may be: ``behind`` seconds."""

    def __init__(self, ledger: Ledger, behind: float) -> None:
        self._ledger = ledger
        self._behind = behind
        self._made: OrderedDict[Hashable, _Made] = OrderedDict()
        self._making: dict[Hashable, threading.Lock] = {}
        self._wrote: dict[str, int] = {}
        self._lock = threading.Lock()

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """What ``make`` returns, made once for each revision of the ledger, or of those that the request may show.

        Who asks for what is being made waits for it.
        """
        with self._lock:
            making = self._making.setdefault(key, threading.Lock())
        with making:
            try:
                return self._present(key, make)
            finally:
                with self._lock:
                    self._making.pop(key, None)

    def _present(self, key: Hashable, make: Callable[[], T]) -> T:
        revision = self._ledger.revision()
        with self._lock:
            known = self._made.get(key)
            if known is not None and self._will_do(known, revision):
                self._made.move_to_end(key)
                return cast(T, known.value)
        made = make()
        with self._lock:
            self._made[key] = _Made(revision, time.monotonic(), made)
            self._made.move_to_end(key)
            while len(self._made) > _MOST:
                self._made.popitem(last=False)
        return made

    def _will_do(self, known: _Made, revision: int) -> bool:
        if known.revision == revision:
            return True
        least = LEAST.get()
        return least is not None and known.revision >= least and time.monotonic() - known.at < self._behind

    def wrote(self, name: str) -> None:
        """Remember that somebody has written: what this visitor is shown from now on has it."""
        self._wrote[name] = self._ledger.revision()

    def least(self, name: str) -> int:
        """The least revision that a visitor is to be shown."""
        return self._wrote.get(name, 0)
