"""Searches that people keep under a name: the filters of a list, as its address has them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, insert, select

from dragoman.ledger.identity import storable
from dragoman.ledger.judge import now
from dragoman.ledger.store import Store
from dragoman.ledger.tables import saved as table
from dragoman.ledger.words import BadQuestion
from dragoman.record import Json

LONGEST_NAME = 80
"""Characters of a name: it is shown on a line."""
LONGEST_QUERY = 4_000
"""Characters of a query: browsers and servers take addresses of 8,000 and more."""
MOST_SAVED = 200
"""Searches of one owner: more are no longer found in a list."""


@dataclass(frozen=True, slots=True)
class Saved:
    """A search under its name: ``query`` is what stands in the address behind the question mark, ``at`` when it was
    saved (ISO 8601, UTC)."""

    name: str
    query: str
    at: str = ""

    def to_dict(self) -> Json:
        return {"name": self.name, "query": self.query, "at": self.at}


def searches(store: Store, owner: str) -> list[Saved]:
    """What ``owner`` saved, by name. Raises LedgerError when the ledger cannot be read."""
    with store.reading() as connection:
        rows = connection.execute(select(table.c.name, table.c.query, table.c.at).where(table.c.owner == owner))
        return sorted((Saved(*row) for row in rows), key=lambda one: (one.name.casefold(), one.name))


def save(store: Store, owner: str, name: str, query: str) -> Saved:
    """Keep ``query`` under ``name``, in place of what ``owner`` had under that name; spaces at its ends do not count.

    Raises:
        BadQuestion: for a name that is empty or too long, a query that is too long, or one search too many.
        LedgerError: when the ledger cannot be written.
    """
    made = Saved(" ".join(name.split()), query.removeprefix("?"), now())
    if not made.name:
        raise BadQuestion("a saved search needs a name")
    if len(made.name) > LONGEST_NAME:
        raise BadQuestion(f"a name has {LONGEST_NAME} characters at most, not {len(made.name)}")
    if len(made.query) > LONGEST_QUERY:
        raise BadQuestion(f"a search of {len(made.query):,} characters cannot be saved: ask for less")
    if any(storable(text) != text for text in (owner, made.name, made.query)):
        raise BadQuestion("a search holds half a character or a zero: write it without")

    def work(connection: Connection) -> Saved:
        mine = table.c.owner == owner
        connection.execute(delete(table).where(mine, table.c.name == made.name))
        if connection.execute(select(func.count()).select_from(table).where(mine)).scalar_one() >= MOST_SAVED:
            raise BadQuestion(f"{MOST_SAVED} searches are saved already: remove one first")
        connection.execute(insert(table).values(owner=owner, name=made.name, query=made.query, at=made.at))
        return made

    return store.write(work)


def unsave(store: Store, owner: str, name: str) -> bool:
    """Forget what ``owner`` saved under ``name``; whether there was one. Raises LedgerError where it cannot."""
    if storable(name) != name:
        return False
    gone = (table.c.owner == owner, table.c.name == " ".join(name.split()))
    with store.reading() as connection:
        if connection.execute(select(table.c.name).where(*gone)).first() is None:
            return False
    return store.write(lambda connection: connection.execute(delete(table).where(*gone)).rowcount > 0)
