"""Build the outlines of states that the desk draws its maps with (Natural Earth, public domain).

    python tools/outlines.py countries-50m.json

``countries-50m.json`` is that of the npm package ``world-atlas`` 2.0.2: Natural Earth 4.1.0, 1:50m, as TopoJSON. Lines
are simplified, islands too small to see left out, and all is cut at 169 degrees west, where there is no land, so that
no state is torn apart. Dependencies are drawn as the state that the codebook takes them for. The tool prints what it
could not match.

The file is JSON: ``states`` has for each code its rings, and ``land`` the rings of what is no state's, a list of whole
numbers each: longitude and latitude of the first point in hundredths of a degree, then the steps from each point to
the next; the last point is the first again. ``points`` has longitude and latitude, in hundredths too, of states that
are too small to be seen, or to have an outline at all.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import cos, hypot, radians, sqrt
from pathlib import Path
from typing import Any

import pycountry

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))


from dragoman import codebook  # noqa: E402
from dragoman.places.gazetteer import load  # noqa: E402

OUT = ROOT / "src/dragoman/web/drawing/outlines.json"
SCALE = 100
CUT = -169.0

Point = tuple[float, float]
Ring = list[Point]

# A quarter of a pixel where the world is a thousand wide, one or two where a continent is: 150 KB at 0.06, 110 at 0.09.
_TOLERANCE = 0.09
# Of the square root of a ring's area, and the least: the Gaza Strip is a tenth of a degree wide.
_SHARE, _FINEST = 0.12, 0.015
# Square degrees: islands below are dots at the same size, states below would be overlooked. What is more than a
# twentieth of its state stays (the Gaza Strip).
_SPECK, _PART = 0.05, 0.05
_SMALL = 0.6
# Natural Earth gives these no number of ISO 3166: the codebook's code, or that of the state it takes them for. The
# Siachen Glacier is claimed by two states and counts as neither's.
_UNNUMBERED = {"Kosovo": "XKX", "N. Cyprus": "CYP", "Somaliland": "SOM", "Indian Ocean Ter.": "AUS"}
# Natural Earth draws who is in control. Our gazetteer, by which events are counted, has Crimea in Ukraine.
_MOVED = {"RUS": ((32.4, 44.3, 36.7, 46.3), "UKR")}


def simplified(line: Ring, tolerance: float = _TOLERANCE) -> Ring:
    """A line with the points that it needs to stay within ``tolerance`` degrees of itself (Douglas and Peucker).

    Ends stay, so that neighbours share their borders.
    """
    if len(line) < 3:
        return line
    kept = {0, len(line) - 1}
    if line[0] == line[-1]:
        kept.add(max(range(len(line)), key=lambda i: _distance(line[i], line[0], line[0])))
    fixed = sorted(kept)
    parts = list(pairwise(fixed))
    while parts:
        a, b = parts.pop()
        far, at = max(((_distance(line[i], line[a], line[b]), i) for i in range(a + 1, b)), default=(0.0, a))
        if far > tolerance:
            kept.add(at)
            parts += [(a, at), (at, b)]
    return [line[i] for i in sorted(kept)]


def _distance(point: Point, a: Point, b: Point) -> float:
    """Degrees of latitude from ``point`` to the line from ``a`` to ``b``."""
    narrow = cos(radians(point[1]))
    x, y = (point[0] - a[0]) * narrow, point[1] - a[1]
    dx, dy = (b[0] - a[0]) * narrow, b[1] - a[1]
    # Not of the length: the square of a very small one is zero.
    square = dx * dx + dy * dy
    if not square:
        return hypot(x, y)
    along = min(1.0, max(0.0, (x * dx + y * dy) / square))
    return hypot(x - along * dx, y - along * dy)


def area(ring: Ring) -> float:
    """Square degrees, a degree of longitude as wide as it is there."""
    twice = sum(x * w - z * y for (x, y), (z, w) in pairwise(ring))
    return abs(twice) / 2 * cos(radians(sum(y for _, y in ring) / len(ring)))


def middle(ring: Ring) -> Point:
    """The centre of a ring's bounds."""
    xs, ys = zip(*ring, strict=True)
    return (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2


def decoded(topology: Any) -> list[Ring]:
    """The arcs of a topology, in degrees, simplified as the smallest ring that they are part of bears it."""
    (kx, ky), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        line = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            line.append((x * kx + tx, y * ky + ty))
        arcs.append(_unbroken(line))
    tolerances = [_TOLERANCE] * len(arcs)
    for geometry in topology["objects"]["countries"]["geometries"]:
        for numbers, ring in rings(geometry, arcs):
            least = _SHARE * sqrt(area(_unbroken(ring)))
            for at in numbers:
                at = max(at, ~at)
                # What is too small to be shown need not be exact.
                tolerances[at] = min(tolerances[at], max(least, _FINEST))
    return [simplified(line, tolerance) for line, tolerance in zip(arcs, tolerances, strict=True)]


def _unbroken(line: Ring) -> Ring:
    """A line without jumps from one side of the world to the other, so that it is simplified where it lies."""
    made = line[:1]
    for x, y in line[1:]:
        made.append((x - 360 * round((x - made[-1][0]) / 360), y))
    return made


def rings(geometry: Any, arcs: Sequence[Ring]) -> Iterator[tuple[list[int], Ring]]:
    """The rings of a geometry of a topology, with the numbers of their arcs."""
    polygons = [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry["arcs"]
    for polygon in polygons:
        for ring in polygon:
            line: Ring = []
            for at in ring:
                arc = arcs[at] if at >= 0 else arcs[~at][::-1]
                line += arc[1:] if line else arc
            if len(line) > 3:  # three make the pole, which stands in the data as a ring
                yield ring, line


def cut_anew(found: Sequence[Ring]) -> list[Ring]:
    """The rings of a state, from 169 degrees west eastwards; the package joined them across the 180th meridian."""
    return [_around_the_pole(ring) if abs(ring[-1][0] - ring[0][0]) > 180 else ring for ring in map(_onwards, found)]


def _onwards(ring: Ring) -> Ring:
    """A ring without jumps from one side of the world to the other."""
    line = _unbroken(ring)
    turns = 360 * ((sum(x for x, _ in line) / len(line) - CUT) // 360)
    return [(x - turns, y) for x, y in line]


def _around_the_pole(ring: Ring) -> Ring:
    """A coast all around the world as a ring along the lower edge of the map."""
    coast = ring[:-1] if ring[-1][0] > ring[0][0] else ring[:0:-1]
    line = sorted(((x - CUT) % 360 + CUT, i, y) for i, (x, y) in enumerate(coast))
    start = line[0][1]
    turned = _onwards(coast[start:] + coast[:start])
    first, last = turned[0], turned[-1]
    within = [(min(max(x, CUT), CUT + 360), y) for x, y in turned]  # bays may reach across the cut
    made = [(CUT, first[1]), *within, (CUT + 360, last[1]), (CUT + 360, -90.0), (CUT, -90.0)]
    return [*made, made[0]]


def packed(ring: Ring) -> list[int]:
    """A ring as whole numbers: its first point, then steps. Points that fall together are one."""
    whole = [(round(x * SCALE), round(y * SCALE)) for x, y in ring]
    steps = [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(whole)]
    return [*whole[0], *(n for step in steps if step != (0, 0) for n in step)]


def code_of(geometry: Any) -> str | None:
    """The codebook's code of the state that a geometry belongs to, None for none."""
    country = pycountry.countries.get(numeric=geometry.get("id", ""))
    code = country.alpha_3 if country else _UNNUMBERED.get(geometry["properties"]["name"])
    known = codebook.COUNTRIES.get(code or "")
    return known.coded_as if known else None


def build(topology: Any) -> tuple[dict[str, Any], list[str]]:
    """The content of the file, and what was not matched."""
    arcs = decoded(topology)
    states: dict[str, list[Ring]] = {}
    land: list[Ring] = []
    unmatched = []
    for geometry in topology["objects"]["countries"]["geometries"]:
        code = code_of(geometry)
        found = sorted(cut_anew([ring for _, ring in rings(geometry, arcs)]), key=area, reverse=True)
        least = min(_SPECK, _PART * sum(map(area, found)))
        # What was a geometry of its own keeps its largest island, however small.
        shown = found[:1] + [ring for ring in found[1:] if area(ring) >= least]
        if code is None:
            unmatched.append(geometry["properties"]["name"])
            land += shown
            continue
        bounds, other = _MOVED.get(code, ((0.0, 0.0, 0.0, 0.0), code))
        for ring in shown:
            x, y = middle(ring)
            inside = bounds[0] < x < bounds[2] and bounds[1] < y < bounds[3]
            states.setdefault(other if inside else code, []).append(ring)
    points = {}
    for country in codebook.COUNTRIES.values():
        if country.kind != "state":
            continue
        drawn = states.get(country.code, [])
        if sum(map(area, drawn)) < _SMALL:
            points[country.code] = _from_gazetteer(country.code)
        if not drawn:
            unmatched.append(f"{country.code} {country.name}: a point only")
    content = {
        "source": "Natural Earth 4.1.0, 1:50m, public domain, by way of world-atlas 2.0.2; simplified and cut anew",
        "states": {code: _packed(states[code]) for code in sorted(states)},
        "land": _packed(land),
        "points": {code: [round(n * SCALE) for n in points[code]] for code in sorted(points)},
    }
    return content, unmatched


def _packed(found: Sequence[Ring]) -> list[list[int]]:
    made = [packed(ring) for ring in sorted(found, key=area, reverse=True)]
    return [ring for ring in made if len(ring) >= 8]


def _from_gazetteer(code: str) -> Point:
    entries = load().own.values()
    place = next(p for e in entries for p in e.places if p.kind == "country" and p.country == code)
    return place.lon, place.lat


def main() -> None:
    topology = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    content, unmatched = build(topology)
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(content, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{OUT.name}: {OUT.stat().st_size:,} bytes, {len(content['states'])} states, {len(content['points'])} points")
    for name in unmatched:
        print("unmatched:", name)


if __name__ == "__main__":
    main()
