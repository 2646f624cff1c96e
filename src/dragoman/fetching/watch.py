"""Watching feeds: look at each when it is due, politely, until told to stop."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

from dragoman.fetching.clock import Stopped
from dragoman.fetching.fetcher import Fetcher
from dragoman.fetching.item import Forgetful, Item, Memory
from dragoman.fetching.pages import Pages
from dragoman.fetching.sources import Reading, run
from dragoman.reading.finish import Finish
from dragoman.reading.publication import publication_date
from dragoman.reading.result import MAX_CHARACTERS

# Feeds that ask for less would be a burden on their servers, and hardly any changes as often.
_SHORTEST = 60.0


class Watch:
    """Looks at feeds, sitemaps and lists again and again, and yields what is new.

    ``sources`` are addresses of feeds, sitemaps or OPML lists, and files that list feeds (OPML, or an address a line).
    Each is looked at every ``every`` seconds; one that cannot be had, after twice as long each time, up to a day, and
    not before its server wants; one that is gone for good (410), never again. ``memory`` keeps this, and what makes
    requests conditional, from one run to the next. ``known`` and ``date`` are as in ``read_all``.

    Raises ValueError when ``every`` is under a minute, and :class:`~dragoman.reading.BadDate` when ``date`` is none.
    """

    def __init__(
        self,
        sources: Sequence[str],
        *,
        fetcher: Fetcher,
        known: Callable[[str], bool] | None = None,
        memory: Memory | None = None,
        every: float = 900.0,
        date: str | None = None,
        max_characters: int = MAX_CHARACTERS,
    ) -> None:
        if every < _SHORTEST:
            raise ValueError(f"a feed is not looked at more often than every {_SHORTEST:.0f} seconds")
        self._sources = [str(source) for source in sources]
        self._fetcher = fetcher
        self._known = known or (lambda url: False)
        self._memory = memory or Forgetful()
        self._every = every
        self._date = None if date is None else publication_date(date)
        self._max_characters = max_characters
        self.clock = fetcher.clock
        self.due = 0.0
        """When the next feed is due, in seconds since 1970, after a round."""

    def round(self) -> Iterator[Item]:
        """What is new in the feeds that are due now."""
        finish = Finish(self._date, self._max_characters)
        pages = Pages(finish, self._fetcher, self._known, self._memory, self.clock, patient=True)
        reading = Reading(pages, every=self._every)
        yield from run(reading, self._sources)
        self.due = min(reading.dues, default=self.clock.now() + self._every)

    def __iter__(self) -> Iterator[Item]:
        """What is new, round after round, until :meth:`stop`."""
        while not self.clock.stopped:
            yield from self.round()
            try:
                # A second at least, so that a clock that is set back makes no busy loop.
                self.clock.sleep(max(self.due - self.clock.now(), 1.0))
            except Stopped:
                return

    def stop(self) -> None:
        """End after the document at hand. May be called from another thread or a signal handler."""
        self.clock.stop()

    @contextmanager
    def stopping_on_signals(self) -> Iterator[None]:
        """Within it, Ctrl-C and SIGTERM call :meth:`stop`; a second Ctrl-C interrupts at once. Main thread only."""

        def handle(number: int, frame: FrameType | None) -> None:
            self.stop()
            signal.signal(number, before[number])

        numbers: tuple[int, ...] = (signal.SIGINT, signal.SIGTERM)
        if threading.current_thread() is not threading.main_thread():
            numbers = ()
        before = {number: signal.getsignal(number) for number in numbers}
        for number in numbers:
            signal.signal(number, handle)
        try:
            yield
        finally:
            for number in numbers:
                signal.signal(number, before[number])
