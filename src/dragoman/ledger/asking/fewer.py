"""What to leave out of a question that nothing answers."""

from __future__ import annotations

from dataclasses import replace

from dragoman.ledger import words
from dragoman.ledger.asking.filters import Filters
from dragoman.ledger.asking.lists import count
from dragoman.ledger.store import Store


def fewer(store: Store, filters: Filters) -> list[tuple[str, int]]:
    """The words of a question, each with how many events there are without it; only those where there are any.

    The most events first. None for a question of a single word, or without words.

    Raises:
        LedgerError: when the ledger cannot be read.
    """
    asked = words.parts(filters.text or "")
    if len(asked) < 2:
        return []
    found = []
    for n, word in enumerate(asked):
        rest = replace(filters, text=" ".join([*asked[:n], *asked[n + 1 :]]))
        if events := count(store, rest):
            found.append((word, events))
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))
