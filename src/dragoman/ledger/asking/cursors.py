"""Cursors of lists: where a page ended, as one word that an address can hold."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from typing import Any

from dragoman.ledger.words import BadQuestion

_WRONG = "that is no cursor of this list: take it from the page before, of the same sort"


def written(kind: str, key: Sequence[Any]) -> str:
    """The cursor of a list of a kind, after what has ``key``."""
    return base64.urlsafe_b64encode(json.dumps([kind, *key]).encode()).decode().rstrip("=")


def read(given: str, kind: str, length: int) -> list[Any]:
    """The ``length`` values of the key that :func:`written` was given; BadQuestion for a cursor of anything else."""
    try:
        found: Any = json.loads(base64.urlsafe_b64decode(given + "=" * (-len(given) % 4)))
    except (ValueError, binascii.Error, RecursionError) as error:
        raise BadQuestion(_WRONG) from error
    if not isinstance(found, list) or len(found) != length + 1 or found[0] != kind:
        raise BadQuestion(_WRONG)
    return found[1:]


def texts(given: str, kind: str, length: int) -> list[str]:
    """The same of a key that is made of texts."""
    found = read(given, kind, length)
    if not all(isinstance(value, str) and value.isprintable() for value in found):
        raise BadQuestion(_WRONG)
    return found
