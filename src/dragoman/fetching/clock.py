"""Time, as the room sees it: what o'clock it is, and waiting that a request to stop cuts short."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime


class Stopped(Exception):
    """Somebody asked to stop while this was waiting."""


class Clock:
    """The clock of the machine. Tests put another in its place."""

    def __init__(self) -> None:
        self._stop = threading.Event()

    def now(self) -> float:
        """Seconds since 1970."""
        return time.time()

    def sleep(self, seconds: float) -> None:
        """Wait. Raises :class:`Stopped` when :meth:`stop` is called meanwhile, or was before."""
        if self._stop.wait(max(seconds, 0)):
            raise Stopped

    def stop(self) -> None:
        """End all waiting, now and from now on. May be called from a signal handler or another thread."""
        self._stop.set()

    @property
    def stopped(self) -> bool:
        return self._stop.is_set()


def iso(seconds: float) -> str:
    """A moment in ISO 8601, in UTC, to the second."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
