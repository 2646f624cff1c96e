"""What the room hands on: a document, a refusal or an address that is known, each with the source it came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from dragoman.reading.result import Refusal
from dragoman.record import Document

State = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Known:
    """An address that was not asked for again: the ledger has it, or it stood in this run before."""

    url: str


@dataclass(frozen=True, slots=True)
class Item:
    """One outcome, and what to count it under: a feed's or sitemap's address, an archive, a file, a folder."""

    source: str
    made: Document | Refusal | Known


class Memory(Protocol):
    """What is remembered of addresses from one run to the next; the values are JSON objects.

    ``put`` is called after the last item that the state speaks of has been taken and the next is asked for. A caller
    that works on several items at once has to hold the call back until those before it are safe.
    """

    def get(self, url: str) -> State | None: ...

    def put(self, url: str, state: State) -> None: ...


class Forgetful:
    """A :class:`Memory` that lasts as long as the process."""

    def __init__(self) -> None:
        self._states: dict[str, State] = {}

    def get(self, url: str) -> State | None:
        return self._states.get(url)

    def put(self, url: str, state: State) -> None:
        self._states[url] = dict(state)
