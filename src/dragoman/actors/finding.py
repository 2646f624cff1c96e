"""What is found out about one noun phrase, and the one reader's state that its three steps share."""

from __future__ import annotations

from dataclasses import dataclass, field

from .dates import Interval
from .register import Entry, Register

GUESSED, SAID = 1, 2
PLACES = ("country", "capital", "city", "people", "peoples", "region")
PLAIN = {"CVL", "REF", "UNK"}


@dataclass(slots=True)
class Finding:
    """Codes found so far with their strength (0 none, GUESSED, SAID) and the words they rest on."""

    country: str | None = None
    sure: int = 0
    sector: str | None = None
    firm: int = 0
    others: list[str] = field(default_factory=list)
    why: list[str] = field(default_factory=list)
    entry: Entry | None = None
    kind: str | None = None
    own_country: str | None = None  # a known person's own, whatever body the words name
    generic: bool = False  # a common noun that may take the document's country
    noun: bool = False  # the sector is that of a noun, not of a register's name
    former: bool = False
    plain: bool = False  # a sector so general ("people") that a known office says more
    alone: bool = False  # a state, town or people with no noun after it


@dataclass(slots=True)
class Scene:
    """What every step knows: the register, the event's date, and the document's country for namesakes."""

    register: Register
    when: Interval | None
    near: str | None
