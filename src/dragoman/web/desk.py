"""What all requests to a desk share: the ledger, the settings, what was made of the ledger at its present revision."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Annotated, TypeVar, cast

from fastapi import Depends, Request

from dragoman.ledger import Ledger
from dragoman.web.coding import CodingRoom
from dragoman.web.kept import Kept
from dragoman.web.listening import Listening
from dragoman.web.settings import Settings

T = TypeVar("T")


class Desk:
    """An open desk.

    Attributes:
        ledger: what it shows.
        settings: how it is served.
        coding: where reports are coded for it.
        listening: who waits for what is new.
        kept: what was made of the ledger.
    """

    def __init__(self, ledger: Ledger, settings: Settings) -> None:
        self.ledger = ledger
        self.settings = settings
        self.coding = CodingRoom()
        self.listening = Listening(ledger)
        self.kept = Kept(ledger, settings.behind)

    def close(self) -> None:
        """End what was begun for the desk. The ledger is the caller's."""
        self.listening.close()
        self.coding.close()

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """What ``make`` returns, made once for each revision of the ledger; see :mod:`dragoman.web.kept`.

        ``key`` must name all that the outcome depends on but the ledger, and what is returned must not be changed.
        Not for the event loop's own thread, which must not wait.
        """
        return self.kept.once(key, make)


def desk_of(request: Request) -> Desk:
    """The desk that a request came to."""
    return cast(Desk, request.app.state.desk)


AtDesk = Annotated[Desk, Depends(desk_of)]
