"""Words of a text marked for a page: spans that may overlap, as pieces that follow each other.

Templates write each piece as text, which escapes it; nothing here knows of HTML.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch to be marked: code points from ``start`` up to ``end``, what it is (``trigger``, ``actor``) and, where
    it matters, of which record."""

    start: int
    end: int
    role: str
    of: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that the same marks cover, the outermost first; ``start`` is where they begin in the text."""

    text: str
    start: int = 0
    marks: tuple[Mark, ...] = ()

    @property
    def roles(self) -> tuple[str, ...]:
        """What the words are, each role once."""
        return tuple(dict.fromkeys(mark.role for mark in self.marks))

    @property
    def of(self) -> tuple[str, ...]:
        """The records that they are of, each once."""
        return tuple(dict.fromkeys(mark.of for mark in self.marks if mark.of))


def pieces(text: str, marks: Iterable[Mark], *, offset: int = 0) -> list[Piece]:
    """``text`` cut wherever a mark begins or ends; the pieces' texts put together are the text.

    Marks count from ``offset`` code points before the text, as those of a sentence count from the beginning of its
    document. What of a mark lies outside of the text is left out, and so is a mark of no words. Of marks that cover
    the same words, those that begin earlier come first, then the longer, then in the order given.
    """
    clipped = [
        (max(0, mark.start - offset), min(len(text), mark.end - offset), order, mark)
        for order, mark in enumerate(marks)
        if mark.start < mark.end
    ]
    inside = sorted((row for row in clipped if row[0] < row[1]), key=lambda row: (row[0], -row[1], row[2]))
    cuts = sorted({0, len(text), *(row[0] for row in inside), *(row[1] for row in inside)})
    made: list[Piece] = []
    open_: list[tuple[int, int, int, Mark]] = []
    at = 0
    for start, end in pairwise(cuts):
        open_ = [row for row in open_ if row[1] > start]
        while at < len(inside) and inside[at][0] == start:
            open_.append(inside[at])
            at += 1
        made.append(Piece(text[start:end], start + offset, tuple(row[3] for row in open_)))
    return made
