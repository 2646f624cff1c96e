"""Who acts on whom, pair by pair, for layouts that have one actor and one recipient a row."""

from __future__ import annotations

import hashlib
import json
from itertools import permutations, product

from dragoman.ledger.model import LedgerEvent, Party

Pair = tuple[Party | None, Party | None]


def pairs(event: LedgerEvent) -> list[Pair]:
    """Each actor with each recipient; those of a mutual act each with each other, both ways; None for nobody named."""
    actors, recipients = list(dict.fromkeys(event.actor)), list(dict.fromkeys(event.recipient))
    if not recipients and len(actors) > 1:
        return list(permutations(actors, 2))
    if not actors and not recipients:
        return []
    nobody: list[Party | None] = [None]
    return list(product([*actors] or nobody, [*recipients] or nobody))


def row_id(event: LedgerEvent, pair: Pair) -> int:
    """A number for a pair of an event, the same in every export while both are named alike.

    53 bits, so that programs which keep numbers as floats keep it exact; two rows of a million share one with a
    probability of 1 in 18,000.
    """
    return number(json.dumps([event.id, *(p.to_dict() if p else None for p in pair)], ensure_ascii=True))


def number(text: str) -> int:
    """A positive number of up to 53 bits made of a text's hash."""
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
    return (int.from_bytes(digest[:8], "big") >> 11) or 1
