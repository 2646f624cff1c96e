"""Gold documents with their texts, for the tools that fit on them."""

from __future__ import annotations

from pathlib import Path

from dragoman import reading
from dragoman.record import Document


def documents(folder: Path) -> list[Document]:
    """The documents of a gold folder, in the order of their file names.

    Raises:
        ValueError: when a document cannot be read; says which and why.
    """
    found = []
    for item in reading.read([folder]):
        if isinstance(item, reading.Refusal):
            raise ValueError(str(item))
        found.append(item)
    return found
