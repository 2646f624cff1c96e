"""What is learned from: a document with its records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from dragoman.record import Document, Event, Span

Side = Literal["train", "held-out"]


@dataclass(frozen=True, slots=True)
class Coded:
    """A document with its records; ``origin`` is passage, report, article, public or own."""

    document: Document
    events: tuple[Event, ...]
    origin: str
    side: Side


def occurrences(text: str, words: str) -> list[Span]:
    """Where ``words`` stand in ``text`` as whole words, in the order of the text."""
    found = []
    start = text.find(words)
    while start >= 0 and words:
        end = start + len(words)
        inside = (words[0].isalnum() and start > 0 and text[start - 1].isalnum()) or (
            words[-1].isalnum() and end < len(text) and text[end].isalnum()
        )
        if not inside:
            found.append(Span(start, end))
        start = text.find(words, start + 1)
    return found
