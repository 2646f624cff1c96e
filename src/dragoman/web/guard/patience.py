"""How long the desk waits for a client: connections that hold a place and do nothing with it are closed."""

from __future__ import annotations

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

# Seconds in which the head of a request has come, or never will; browsers that open a connection in advance use it
# within ten, or open another.
HEAD_SECONDS = 30.0
# Seconds in which some of an answer is taken: the least that a system passes on at once, by a line of 10 kbit/s.
TAKE_SECONDS = 60.0


class Patient(H11Protocol):
    """A connection that is closed when the head of a request does not come, and cut off when an answer is not taken.

    uvicorn waits for both for ever: a thousand connections that send nothing would keep everybody out.
    """

    _head: asyncio.TimerHandle | None = None
    _take: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._await_head()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._await_head()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._take = self.loop.call_later(TAKE_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._take = self._without(self._take)

    def connection_lost(self, exc: Exception | None) -> None:
        self._head, self._take = self._without(self._head), self._without(self._take)
        super().connection_lost(exc)

    def _await_head(self) -> None:
        """Wait so long and no longer for a head that has not come; what comes of it in between does not help."""
        if self.conn.their_state is not h11.IDLE:
            self._head = self._without(self._head)
        elif self._head is None:
            self._head = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    @staticmethod
    def _without(timer: asyncio.TimerHandle | None) -> asyncio.TimerHandle | None:
        """What stands in place of a timer that is called off."""
        if timer is not None:
            timer.cancel()
        return None
