"""What to call a coder, and what joins records, so that the ledger knows what another one coded or joined."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from functools import lru_cache
from importlib import metadata
from pathlib import Path

import dragoman

# The rooms whose code or data decide what a document is coded to.
_ROOMS = ("codebook", "language", "extraction", "times", "places", "actors", "assembly")


def coder_name(*, min_confidence: float | None = None, model: Path | None = None, actors: Sequence[Path] = ()) -> str:
    """The version and a hash of all that decides what a document is coded to: code, data, model, actors, confidence.

    Raises OSError when one of the files cannot be read.
    """
    digest = hashlib.sha256(_shipped().encode())
    if min_confidence is not None:
        digest.update(repr(min_confidence).encode())
    own = sorted(path for path in model.rglob("*") if path.is_file()) if model is not None else []
    for path in (*own, *actors):
        digest.update(path.read_bytes())
    return f"{metadata.version('dragoman')}+{digest.hexdigest()[:8]}"


@lru_cache(maxsize=1)
def joiner_name() -> str:
    """A hash of all that decides which records are joined: code and data."""
    return _hash(("ledger/joining",))[:16]


@lru_cache(maxsize=1)
def _shipped() -> str:
    return _hash(_ROOMS)


def _hash(rooms: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for room in rooms:
        for path in sorted((Path(dragoman.__file__).parent / room).rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                digest.update(path.read_bytes())
    return digest.hexdigest()
