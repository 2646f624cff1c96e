"""What is remembered by name: how a feed answered last, and what the last ingest of a source came to."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, insert, select, update

from dragoman.ledger.identity import LONGEST, shortened, storable
from dragoman.ledger.store import Store
from dragoman.ledger.tables import seen

SOURCE, FETCH = "source", "fetch"
"""What names of what is remembered begin with: what an ingest of a source came to, and how an address answered."""


def remember(connection: Connection, name: str, value: str) -> None:
    """Keep ``value`` under ``name``; nothing is written where it is there already."""
    name = shortened(storable(name), LONGEST)
    before = connection.execute(select(seen.c.value).where(seen.c.name == name)).scalar()
    if before is None:
        connection.execute(insert(seen).values(name=name, value=value))
    elif before != value:
        connection.execute(update(seen).where(seen.c.name == name).values(value=value))


class StoredMemory:
    """How feeds and pages answered, kept in the ledger from one round of fetching to the next."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def get(self, url: str) -> dict[str, Any] | None:
        """What was kept of an address; None where nothing was."""
        query = select(seen.c.value).where(seen.c.name == _name(url))
        value = self._store.read(lambda connection: connection.execute(query).scalar())
        return None if value is None else dict(json.loads(value))

    def put(self, url: str, state: Mapping[str, Any]) -> None:
        """Keep ``state`` of an address."""
        value = json.dumps(state, ensure_ascii=False, sort_keys=True)
        self._store.write(lambda connection: remember(connection, _name(url), value))


def _name(url: str) -> str:
    return shortened(storable(f"{FETCH} {url}"), LONGEST)


class HeldMemory:
    """The same, kept back until :meth:`release`: a feed must not count as read before what it told of is written."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._stored = StoredMemory(store)
        self._held: dict[str, dict[str, Any]] = {}

    def get(self, url: str) -> Mapping[str, Any] | None:
        """What was kept of an address last; None where nothing was."""
        return self._held[url] if url in self._held else self._stored.get(url)

    def put(self, url: str, state: Mapping[str, Any]) -> None:
        """Keep ``state`` of an address from the next release on."""
        self._held[url] = dict(state)

    def release(self) -> None:
        """Write all that is held, in one go."""
        if self._held:
            self._store.write(self._write)
            self._held.clear()

    def _write(self, connection: Connection) -> None:
        for url, state in sorted(self._held.items()):
            remember(connection, _name(url), json.dumps(state, ensure_ascii=False, sort_keys=True))
