"""Outlines of states: the file that ships, the tool that makes it, and the projection that draws it."""

from __future__ import annotations

import json
import sys
from functools import lru_cache
from itertools import pairwise
from math import hypot, radians, sin
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dragoman import codebook
from dragoman.places import resolve
from dragoman.web.drawing import earth

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tools"))

import outlines

STATES = sorted(c.code for c in codebook.COUNTRIES.values() if c.kind == "state")


@lru_cache(maxsize=1)
def content() -> Any:
    return json.loads(outlines.OUT.read_text(encoding="utf-8"))


def unpacked(ring: list[int]) -> list[tuple[float, float]]:
    x = y = 0
    points = []
    for dx, dy in zip(ring[::2], ring[1::2], strict=True):
        x, y = x + dx, y + dy
        points.append((x / outlines.SCALE, y / outlines.SCALE))
    return points


def holds(ring: list[tuple[float, float]], x: float, y: float) -> bool:
    """Whether a ring goes around a point: a line from it to the east crosses the ring an odd number of times."""
    inside = False
    for (ax, ay), (bx, by) in pairwise(ring):
        if (ay > y) != (by > y) and x < ax + (y - ay) / (by - ay) * (bx - ax):
            inside = not inside
    return inside


def test_every_state_of_the_codebook_has_an_outline_or_a_point_and_nothing_else_has() -> None:
    assert sorted(content()["states"].keys() | content()["points"].keys()) == STATES


def test_rings_are_closed_within_the_map_and_enclose_something() -> None:
    for code, rings in [*content()["states"].items(), ("", content()["land"])]:
        for ring in rings:
            points = unpacked(ring)
            assert points[0] == points[-1], code
            assert len(set(points)) >= 3, code
            # Islands that lie across the cut hang over by less than a degree.
            assert all(-170 <= x <= 192 and -90 <= y <= 84 for x, y in points), code
            assert all(abs(a[0] - b[0]) < 90 for a, b in pairwise(points) if a[1] > -89), code


def test_points_lie_by_the_outline_of_their_state() -> None:
    for code, (x, y) in content()["points"].items():
        corners = [point for ring in content()["states"].get(code, []) for point in unpacked(ring)]
        apart = [hypot(a - earth.eastwards(x / 100), b - y / 100) for a, b in corners]
        assert min(apart, default=0) < 3, code


@pytest.mark.parametrize(
    ("town", "code"),
    [
        *[("Kyiv", "UKR"), ("Simferopol", "UKR"), ("Gaza", "PSE"), ("Khartoum", "SDN"), ("Juba", "SSD")],
        *[
            ("Pristina", "XKX"),
            ("Hargeisa", "SOM"),
            ("Aarhus", "DNK"),
            ("Delhi", "IND"),
            ("Yakutsk", "RUS"),
            ("Bilibino", "RUS"),
        ],
        *[("Anchorage", "USA"), ("Lima", "PER"), ("Canberra", "AUS"), ("Bamako", "MLI"), ("Pyongyang", "PRK")],
    ],
)
def test_towns_lie_in_the_outline_of_the_state_that_events_there_are_counted_for(town: str, code: str) -> None:
    there = resolve(town, hints=(code,))
    assert there is not None
    assert there.lon is not None
    assert there.lat is not None
    at = earth.eastwards(there.lon), there.lat
    found = [c for c, rings in content()["states"].items() if sum(holds(unpacked(r), *at) for r in rings) % 2]
    assert found == [code]


def test_the_file_is_small_enough_to_be_drawn_into_a_page() -> None:
    assert outlines.OUT.stat().st_size < 250_000
    assert sum(len(shape.path) for shape in earth.shapes().values()) < 150_000


LINES = st.lists(st.tuples(st.floats(-60, 60), st.floats(-60, 60)), min_size=2, max_size=40)


@settings(deadline=None)
@given(LINES)
# So near each other that the square of the distance is zero.
@example([(0.0, 1e-300), (0.0, 0.0), (0.0, 0.0)])
def test_a_simplified_line_keeps_its_ends_and_stays_near(line: list[tuple[float, float]]) -> None:
    made = outlines.simplified(line, 5.0)
    assert (made[0], made[-1]) == (line[0], line[-1])
    assert len(made) <= len(line)
    left = iter(line)
    assert all(point in left for point in made)  # in the same order
    assert outlines.simplified(line, 0.0)[:1] == line[:1]


def test_what_lies_across_the_180th_meridian_is_one_ring() -> None:
    ring = [(175.0, 60.0), (180.0, 65.0), (-175.0, 60.0), (180.0, 55.0), (175.0, 60.0)]
    assert outlines.cut_anew([ring]) == [[(175.0, 60.0), (180.0, 65.0), (185.0, 60.0), (180.0, 55.0), (175.0, 60.0)]]
    assert outlines.packed([(1.0, 2.0), (1.5, 2.0), (1.501, 2.0), (1.0, 2.5), (1.0, 2.0)]) == [
        *[100, 200, 50, 0],
        *[-50, 50, 0, -50],
    ]


def test_a_coast_around_the_pole_closes_along_the_edge_of_the_map() -> None:
    coast = [(float(x), -70.0 - x % 3) for x in range(-180, 180, 20)] + [(180.0, -70.0)]
    (made,) = outlines.cut_anew([coast])
    assert made[0] == made[-1]
    assert made[-3:-1] == [(outlines.CUT + 360, -90.0), (outlines.CUT, -90.0)]
    assert [x for x, y in made[1:-4]] == sorted(x for x, y in made[1:-4])


def topology(*named: tuple[str | None, str]) -> Any:
    """A topology of squares in a row, each ten degrees wide, with numbers of ISO 3166 and names."""
    arcs = [[[10 * at, 0], [9, 0], [0, 9], [-9, 0], [0, -9]] for at in range(len(named))]
    geometries = [
        {"type": "Polygon", "arcs": [[at]], "properties": {"name": name}} | ({"id": number} if number else {})
        for at, (number, name) in enumerate(named)
    ]
    transform = {"scale": [1, 1], "translate": [0, 0]}
    return {"transform": transform, "arcs": arcs, "objects": {"countries": {"geometries": geometries}}}


def test_dependencies_are_their_states_and_what_matches_nothing_is_told() -> None:
    made, unmatched = outlines.build(topology(("566", "Nigeria"), ("304", "Greenland"), (None, "Nowhere")))
    assert set(made["states"]) == {"NGA", "DNK"}
    assert made["states"]["NGA"] == [[0, 0, 900, 0, 0, 900, -900, 0, 0, -900]]
    assert len(made["land"]) == 1
    assert unmatched[0] == "Nowhere"
    assert any(line.startswith("FRA France") for line in unmatched)
    assert set(made["points"]) == set(STATES) - {"NGA", "DNK"}
    assert json.dumps(made) == json.dumps(
        outlines.build(topology(("566", "Nigeria"), ("304", "Greenland"), (None, "Nowhere")))[0]
    )


@settings(deadline=None)
@given(st.integers(-169, 180), st.integers(-88, 86))
def test_the_projection_keeps_areas(lon: int, lat: int) -> None:
    corners = [(lon, lat), (lon + 1, lat), (lon + 1, lat + 1), (lon, lat + 1), (lon, lat)]
    points = [
        earth.project(a[0] + (b[0] - a[0]) * t / 20, a[1] + (b[1] - a[1]) * t / 20)
        for a, b in pairwise(corners)
        for t in range(20)
    ]
    twice = sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(points, [*points[1:], points[0]], strict=True))
    on_sphere = radians(1) * (sin(radians(lat + 1)) - sin(radians(lat)))
    assert abs(twice) / 2 / on_sphere == pytest.approx((earth.WIDTH / 2 / 2.7066299836) ** 2, rel=2e-3)


def test_the_middle_and_the_edges_of_the_map() -> None:
    assert earth.project(11, 0) == pytest.approx((earth.WIDTH / 2, earth.HEIGHT / 2))
    assert earth.project(191, 0) == pytest.approx((earth.WIDTH, earth.HEIGHT / 2))
    assert earth.project(11, 90)[1] == pytest.approx(0, abs=1e-6)
    assert earth.eastwards(-170) == 190
    assert earth.eastwards(-168) == -168


@settings(deadline=None)
@given(st.text(max_size=20) | st.tuples(st.floats(), st.floats(), st.floats()).map(lambda t: ",".join(map(str, t))))
def test_any_view_lies_within_the_map(asked: str) -> None:
    for view in (earth.view_of(asked), earth.view_of(asked).moved(-3, 5, 0.1), earth.view_of(asked).moved(1, -1, 9)):
        assert view.x >= 0
        assert view.y >= 0
        assert view.x + view.width <= earth.WIDTH + 0.11
        assert view.y + view.height <= earth.HEIGHT + 0.11
        assert 20 < view.width <= earth.WIDTH
        assert earth.view_of(view.name).box == view.box
