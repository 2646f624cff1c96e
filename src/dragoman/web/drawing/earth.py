"""The earth as the desk draws it: the Equal Earth projection, outlines of states as paths, and parts of the world.

Equal Earth shows every area at its true size, so that a shaded country counts as much as its surface, no more.
Source of its formula: Šavrič, Patterson and Jenny, International Journal of Geographical Information Science 33 (2019).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from math import asin, cos, isfinite, radians, sin, sqrt

# In the middle of the map, so that its edges run through the Bering Strait (see tools/outlines.py).
_MERIDIAN = 11.0
_A = (1.340264, -0.081106, 0.000893, 0.003796)
_ROOT = sqrt(3) / 2
_HALF_WIDTH = 2.7066299836
_HALF_HEIGHT = 1.3173627591
WIDTH = 1000.0
"""Units that the world is wide."""
_SCALE = WIDTH / 2 / _HALF_WIDTH
HEIGHT = 2 * _HALF_HEIGHT * _SCALE
"""Units that the world is high."""
# Units of a path to one of the map: whole numbers are short, and a tenth of a unit is less than a pixel up to there.
FINE = 10
CLOSEST = 25.0
"""Units of the narrowest view: some 900 km at the equator, where outlines begin to look cut."""


def project(lon: float, lat: float) -> tuple[float, float]:
    """Where a place is on the map, from its upper left corner. Degrees north, and east of the map's left edge, which
    lies at -169: see :func:`eastwards`."""
    east = radians(lon - _MERIDIAN)
    t = asin(_ROOT * sin(radians(lat)))
    t2 = t * t
    t6 = t2**3
    a, b, c, d = _A
    x = east * cos(t) / (_ROOT * (a + 3 * b * t2 + t6 * (7 * c + 9 * d * t2)))
    y = t * (a + b * t2 + t6 * (c + d * t2))
    return WIDTH / 2 + x * _SCALE, HEIGHT / 2 - y * _SCALE


def eastwards(lon: float) -> float:
    """A longitude counted from the left edge of the map: -169 to 191."""
    return lon + 360 if lon < _MERIDIAN - 180 else lon


@dataclass(frozen=True, slots=True)
class Shape:
    """A state on the map: ``path`` is the data of an SVG path, in :data:`FINE` units; ``point`` the place of one too
    small to be seen."""

    path: str
    point: tuple[float, float] | None
    box: tuple[float, float, float, float]


@lru_cache(maxsize=1)
def shapes() -> dict[str, Shape]:
    """All states by their codes; what is no state's has an empty code."""
    content = json.loads(resources.files(__package__).joinpath("outlines.json").read_text(encoding="utf-8"))
    rings = {**content["states"], "": content["land"]}
    points = {code: project(eastwards(lon / 100), lat / 100) for code, (lon, lat) in content["points"].items()}
    return {code: _shape(rings.get(code, []), points.get(code)) for code in sorted({*rings, *points})}


def _shape(rings: list[list[int]], point: tuple[float, float] | None) -> Shape:
    xs: list[int] = []
    ys: list[int] = []
    path = []
    for ring in rings:
        lon = lat = 0
        line = []
        for dx, dy in zip(ring[::2], ring[1::2], strict=True):
            lon, lat = lon + dx, lat + dy
            x, y = project(lon / 100, lat / 100)
            line.append((round(x * FINE), round(y * FINE)))
        path.append(_path(line))
        xs += [x for x, _ in line]
        ys += [y for _, y in line]
    if point is not None:
        xs.append(round(point[0] * FINE))
        ys.append(round(point[1] * FINE))
    return Shape("".join(path), point, (min(xs) / FINE, min(ys) / FINE, max(xs) / FINE, max(ys) / FINE))


def _path(line: list[tuple[int, int]]) -> str:
    (x, y), *rest = line
    steps = []
    for px, py in rest[:-1]:
        if (px, py) != (x, y):
            steps.append(f"{px - x}{'' if py < y else ' '}{py - y}")
            x, y = px, py
    joined = ""
    for step in steps:
        joined += step if not joined or step.startswith("-") else " " + step
    return f"M{line[0][0]} {line[0][1]}l{joined}z" if joined else ""


@lru_cache(maxsize=1)
def edge() -> str:
    """The outline of the map as the data of a path, in units of the map."""
    east, west = _MERIDIAN + 179.999, _MERIDIAN - 179.999
    around = [(east, lat) for lat in range(90, -91, -5)] + [(west, lat) for lat in range(-90, 91, 5)]
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in (project(lon, lat) for lon, lat in around)) + "z"


@dataclass(frozen=True, slots=True)
class View:
    """What of the map is shown: its upper left corner and its width, in units of the map; its height follows."""

    x: float
    y: float
    width: float

    @property
    def height(self) -> float:
        return self.width * HEIGHT / WIDTH

    @property
    def box(self) -> str:
        """The value of an SVG's ``viewBox``."""
        return f"{self.x:.1f} {self.y:.1f} {self.width:.1f} {self.height:.1f}"

    @property
    def name(self) -> str:
        """How an address names it."""
        known = next((name for name, view in VIEWS.items() if view == self), None)
        return known or f"{self.x:.1f},{self.y:.1f},{self.width:.1f}"

    def shows(self, box: tuple[float, float, float, float]) -> bool:
        """Whether any of a box, from its upper left to its lower right corner, may be seen."""
        return (
            box[0] <= self.x + self.width and box[2] >= self.x and box[1] <= self.y + self.height and box[3] >= self.y
        )

    def moved(self, right: float, down: float, closer: float = 1.0) -> View:
        """The view so many of its own widths and heights away, ``closer`` times as close around its middle."""
        width = min(WIDTH, max(CLOSEST, self.width / closer))
        middle = self.x + self.width * (0.5 + right), self.y + self.height * (0.5 + down)
        return around(*middle, width)


def around(x: float, y: float, width: float) -> View:
    """The view of a width around a point, within the map."""
    height = width * HEIGHT / WIDTH
    left = min(max(0.0, x - width / 2), WIDTH - width)
    return View(round(left, 1), round(min(max(0.0, y - height / 2), HEIGHT - height), 1), round(width, 1))


def _bounds(west: float, south: float, east: float, north: float) -> View:
    corners = [project(lon, lat) for lon in (west, east) for lat in (south, north)]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    width = max(max(xs) - min(xs), (max(ys) - min(ys)) * WIDTH / HEIGHT)
    return around((min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2, min(WIDTH, width))


VIEWS = {
    "world": View(0.0, 0.0, WIDTH),
    "europe": _bounds(-12, 35, 45, 70),
    "middle-east": _bounds(25, 12, 64, 43),
    "africa": _bounds(-19, -35, 52, 38),
    "asia": _bounds(60, -10, 146, 54),
    "americas": _bounds(-130, -56, -34, 62),
    "oceania": _bounds(110, -48, 182, 8),
}


def view_of(asked: str) -> View:
    """The view that an address names: a part of the world, or corner and width; the world for anything else."""
    if asked in VIEWS:
        return VIEWS[asked]
    parts = asked.split(",")
    try:
        x, y, width = (float(part) for part in parts)
    except ValueError:
        return VIEWS["world"]
    if not all(map(isfinite, (x, y, width))):
        return VIEWS["world"]
    width = min(WIDTH, max(CLOSEST, width))
    return around(x + width / 2, y + width * HEIGHT / WIDTH / 2, width)
