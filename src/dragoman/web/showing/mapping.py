"""Events on the map: circles where a place is a point, shaded states where all that is known is the country."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from math import cos, pi, sin, sqrt
from typing import NamedTuple

from dragoman import codebook
from dragoman.export.ledger.where import Spot, spot
from dragoman.ledger.asking import PlaceCount, Places
from dragoman.record import EventPlace
from dragoman.web.drawing.earth import WIDTH, View, eastwards, project, shapes

Quads = tuple[int, int, int, int]
# Radii on a map a thousand units wide: the area grows with the number of events, up to what hides no neighbour.
_LEAST, _MOST, _GROWTH = 4.0, 26.0, 1.7
# Circles that overlap by more than a quarter are one.
_OVERLAP = 0.75
STEPS = (1, 3, 10, 30, 100, 300)
"""From how many events a state is shaded a step darker: by and by tenfold, as the numbers are spread."""


@lru_cache(maxsize=50_000)
def located(text: str, country: str | None) -> Spot:
    """What the gazetteer knows of a place as events name it."""
    found = spot(EventPlace(text, country))
    assert found is not None
    return found


class Site(NamedTuple):
    """A point on the map: the gazetteer's name, the words of reports for it, and its events by quad class."""

    name: str
    country: str | None
    texts: tuple[str, ...]
    quads: Quads
    x: float
    y: float

    @property
    def events(self) -> int:
        return sum(self.quads)


class Area(NamedTuple):
    """A state and its events of which no more than the country, or a part of it, is known."""

    country: str
    texts: tuple[tuple[str, int], ...]
    quads: Quads

    @property
    def events(self) -> int:
        return sum(self.quads)

    @property
    def step(self) -> int:
        """How dark it is shaded, from 1."""
        return sum(self.events >= least for least in STEPS)


@dataclass(frozen=True, slots=True)
class Mapped:
    """What a map shows: ``unplaced`` events name a place that lies in no one state, or that no one can tell."""

    sites: tuple[Site, ...]
    areas: tuple[Area, ...]
    unplaced: int

    @property
    def at_sites(self) -> int:
        return sum(site.events for site in self.sites)

    @property
    def in_areas(self) -> int:
        return sum(area.events for area in self.areas)


def mapped(found: Places) -> Mapped:
    """Where the places of a ledger's events lie."""
    sites: dict[tuple[str, str | None, float, float], tuple[Counter[int], Counter[str]]] = {}
    areas: dict[str, tuple[Counter[int], Counter[str]]] = {}
    unplaced = 0
    for row in found.rows:
        where = located(row.place.text, row.place.country)
        if where.lat is not None and where.lon is not None and where.name is not None:
            _count(sites.setdefault((where.name, where.country, where.lat, where.lon), (Counter(), Counter())), row)
        elif row.place.country in shapes():
            _count(areas.setdefault(row.place.country or "", (Counter(), Counter())), row)
        else:
            unplaced += row.events
    return Mapped(
        tuple(
            sorted(
                (
                    Site(name, country, tuple(sorted(texts)), _quads(counts), *project(eastwards(lon), lat))
                    for (name, country, lat, lon), (counts, texts) in sites.items()
                ),
                key=lambda site: (-site.events, site.name, site.country or "", site.x),
            )
        ),
        tuple(
            sorted(
                (Area(code, tuple(texts.most_common()), _quads(counts)) for code, (counts, texts) in areas.items()),
                key=lambda area: (-area.events, area.country),
            )
        ),
        unplaced,
    )


def _count(into: tuple[Counter[int], Counter[str]], row: PlaceCount) -> None:
    for at, number in enumerate(row.quads):
        into[0][at] += number
    into[1][row.place.text] += row.events


def _quads(counts: Counter[int]) -> Quads:
    return counts[0], counts[1], counts[2], counts[3]


@dataclass(slots=True)
class Circle:
    """Sites that stand so close that they are drawn as one, where the one with the most events lies.

    ``radius`` and ``slices`` are of a map that is a thousand units wide, ``unit`` is how many of the map's units one of
    these is in the view.
    """

    x: float
    y: float
    unit: float
    sites: list[Site] = field(default_factory=list)
    events: int = 0

    @property
    def radius(self) -> float:
        return min(_MOST, max(_LEAST, _LEAST + _GROWTH * (sqrt(self.events) - 1)))

    @property
    def quads(self) -> Quads:
        a, b, c, d = (sum(of) for of in zip(*(site.quads for site in self.sites), strict=True))
        return a, b, c, d

    @property
    def slices(self) -> list[tuple[int, str]]:
        """The quad classes there are, each with the path of its part of the circle; empty where it is the whole."""
        total, begun, made = self.events, 0, []
        for at, number in enumerate(self.quads):
            if number == total:
                return [(at + 1, "")]
            if number:
                made.append((at + 1, self._slice(begun / total, (begun + number) / total)))
                begun += number
        return made

    def _slice(self, start: float, end: float) -> str:
        (ax, ay), (bx, by) = ((self.radius * sin(2 * pi * at), -self.radius * cos(2 * pi * at)) for at in (start, end))
        large = int(end - start > 0.5)
        return f"M0 0L{ax:.2f} {ay:.2f}A{self.radius:.2f} {self.radius:.2f} 0 {large} 1 {bx:.2f} {by:.2f}z"


def circles(sites: Iterable[Site], view: View) -> list[Circle]:
    """The circles of a view, the largest first, none hiding much of another."""
    unit = view.width / WIDTH
    # Circles that touch have their centres in neighbouring cells.
    cell = 2 * _MOST * unit
    made: list[Circle] = []
    cells: dict[tuple[int, int], list[Circle]] = {}
    margin = _MOST * unit
    for site in sites:
        if not view.shows((site.x - margin, site.y - margin, site.x + margin, site.y + margin)):
            continue
        column, line = int(site.x // cell), int(site.y // cell)
        near = (one for dx in (-1, 0, 1) for dy in (-1, 0, 1) for one in cells.get((column + dx, line + dy), ()))
        alone = Circle(site.x, site.y, unit, [site], site.events)
        into = min((one for one in near if _overlap(one, alone)), key=lambda one: _apart(one, alone), default=None)
        if into is None:
            made.append(alone)
            cells.setdefault((column, line), []).append(alone)
        else:
            into.sites.append(site)
            into.events += site.events
    return sorted(made, key=lambda one: (-one.events, one.x, one.y))


def _apart(one: Circle, other: Circle) -> float:
    return sqrt((one.x - other.x) ** 2 + (one.y - other.y) ** 2)


def _overlap(one: Circle, other: Circle) -> bool:
    return _apart(one, other) < (one.radius + other.radius) * one.unit * _OVERLAP


def parts(quads: Sequence[int]) -> str:
    """Events by quad class in words: "3 material conflict, 1 verbal cooperation"; the most frequent first."""
    named = sorted(zip(quads, codebook.QUADS.values(), strict=True), key=lambda pair: -pair[0])
    return ", ".join(f"{number:,} {name.lower()}" for number, name in named if number)
