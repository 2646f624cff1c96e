"""What the formats hand on inside the room, and what the room says when a document cannot be coded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Status = Literal["skipped", "failed"]

# A long report has 10,000 to 60,000 characters and a book about 600,000; beyond a million, what was given
# is an archive or a dump, whose parts have dates of their own, and the parse would need gigabytes.
MAX_CHARACTERS = 1_000_000


@dataclass(frozen=True, slots=True)
class Refusal:
    """A document that is not coded: its name, why, and what the user can do about it.

    ``status`` is ``skipped`` when the document was read well and holds nothing to code (empty, no
    article, not English) and ``failed`` when it could not be read. ``str()`` gives one line.
    """

    name: str
    reason: str
    fix: str
    status: Status = "failed"

    def __str__(self) -> str:
        return " ".join(f"{self.name}: {self.reason}; {self.fix}".split())


@dataclass(frozen=True, slots=True)
class Draft:
    """A document as a format yields it, before its text, date, language and id are checked.

    ``published`` is the date as the source writes it, or None. ``name`` is what messages call it.
    """

    name: str
    text: str
    published: str | None = None
    id: str = ""
    title: str = ""
    url: str = ""
    warnings: tuple[str, ...] = ()
    outlet: str = ""
    retrieved: str | None = None


def counted(number: int, noun: str) -> str:
    """``1 byte``, ``2,000 bytes``: a figure with its noun in the right number."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
