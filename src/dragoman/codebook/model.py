"""What the codebook is made of: types, modes, contexts, sectors, countries and CAMEO codes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Quad = Literal[1, 2, 3, 4]
QUADS: Mapping[int, str] = {
    1: "verbal cooperation",
    2: "material cooperation",
    3: "verbal conflict",
    4: "material conflict",
}

CountryKind = Literal["state", "dependency", "international"]


class CodebookError(ValueError):
    """The codebook's data files contradict themselves or the codebook."""


@dataclass(frozen=True, slots=True)
class Boundary:
    """What a type is not, and the type to use instead; None where such a thing has no record of its own."""

    what: str
    instead: str | None = None


@dataclass(frozen=True, slots=True)
class Mode:
    """How an event of ``type`` was done.

    ``score`` is None where no score of the mode's own is on record; ``codebook.score`` then uses the type's.
    """

    name: str
    type: str
    definition: str
    score: float | None = None


@dataclass(frozen=True, slots=True)
class EventType:
    """One of the 16 types: ``quad`` is 1 to 4 (see ``QUADS``), ``score`` runs from -10, conflict, to 10."""

    name: str
    quad: Quad
    score: float
    definition: str
    boundaries: tuple[Boundary, ...]
    modes: Mapping[str, Mode]
    examples: tuple[str, ...]
    note: str | None = None

    @property
    def quad_name(self) -> str:
        """The quad class in words, such as ``material conflict``."""
        return QUADS[self.quad]


@dataclass(frozen=True, slots=True)
class Context:
    """What a document can be about."""

    name: str
    definition: str


@dataclass(frozen=True, slots=True)
class Sector:
    """The part of society that an entity belongs to."""

    code: str
    name: str
    definition: str


@dataclass(frozen=True, slots=True)
class Country:
    """A state, a dependency or an international code.

    ``part_of`` is the state whose code a dependency takes in records; the dependency's own code is no
    value of an entity's ``country``.
    """

    code: str
    name: str
    kind: CountryKind
    part_of: str | None = None
    definition: str | None = None

    @property
    def coded_as(self) -> str:
        """The code that a record uses: the country's own, or its state's for a dependency."""
        return self.part_of or self.code


@dataclass(frozen=True, slots=True)
class CameoCode:
    """What a CAMEO code says in this codebook.

    ``type`` is None for codes without a counterpart, and ``why`` then tells the reason. More than one mode
    means that the code does not tell them apart.
    """

    code: str
    type: str | None
    modes: tuple[str, ...] = ()
    contexts: tuple[str, ...] = ()
    why: str | None = None
