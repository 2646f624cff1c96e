"""Who listens for what is new: one look a second at the ledger for all of them."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.concurrency import run_in_threadpool

from dragoman.ledger import Ledger, LedgerError

# A look reads one row, in under a millisecond; who waits for news does not notice a second.
SECONDS = 1.0
# Each holds a connection of the server, and reads what is new when something is.
SEATS = 100
# Of one who listens, in several windows or programs; the rest are for others.
OF_ONE = 20


class Listening:
    """Tells all who listen when the ledger was written. Its methods but :meth:`close` are for one event loop.

    Args:
        ledger: what is watched.
        seconds: between two looks.
        seats: how many may listen at once.
        of_one: how many of them for one who listens.
    """

    def __init__(self, ledger: Ledger, seconds: float = SECONDS, seats: int = SEATS, of_one: int = OF_ONE) -> None:
        self._ledger = ledger
        self._seconds = seconds
        self._seats = seats
        self._of_one = of_one
        self._taken: Counter[str] = Counter()
        self._revision = -1
        self._loop: asyncio.AbstractEventLoop | None = None
        self._changed = asyncio.Event()
        self._watching: asyncio.Task[None] | None = None
        self.closed = False

    def full(self, who: str = "") -> bool:
        """Whether as many listen as may, in all or for ``who``."""
        return self._taken.total() >= self._seats or self._taken[who] >= self._of_one

    @asynccontextmanager
    async def seat(self, who: str = "") -> AsyncIterator[None]:
        """A place among those who listen, for ``who``."""
        self._taken[who] += 1
        self._loop = asyncio.get_running_loop()
        if self._watching is None:
            self._revision = await run_in_threadpool(self._ledger.revision)
            self._watching = self._loop.create_task(self._watch())
        try:
            yield
        finally:
            self._taken -= Counter((who,))  # without those who have none
            if not self._taken and self._watching is not None:
                self._watching.cancel()
                self._watching = None

    @property
    def revision(self) -> int:
        """The ledger's revision as it was seen last."""
        return self._revision

    async def after(self, revision: int, seconds: float) -> int:
        """Wait until the ledger has another revision, at most so many seconds or until all is closed; what it is."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self._revision == revision and not self.closed:
                    await self._changed.wait()
        return self._revision

    def close(self) -> None:
        """Send everybody home. May be called from any thread, and from a signal's handler."""
        self.closed = True
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._tell)

    async def _watch(self) -> None:
        while not self.closed:
            await asyncio.sleep(self._seconds)
            with contextlib.suppress(LedgerError):  # it may be there again at the next look
                found = await run_in_threadpool(self._ledger.revision)
                if found != self._revision:
                    self._revision = found
                    self._tell()

    def _tell(self) -> None:
        """Wake those who wait now; who comes later waits for the next change."""
        self._changed.set()
        self._changed = asyncio.Event()
