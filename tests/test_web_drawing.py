"""Figures: every coordinate inside the box, nothing on top of another, the same bytes for the same numbers."""

from __future__ import annotations

import json
import math
from dataclasses import asdict
from statistics import mean

from hypothesis import given, settings
from hypothesis import strategies as st

from dragoman.web.drawing import SCORES, Link, Period, level, network, radius, score_class, series, width
from dragoman.web.drawing.scales import LEVELS, even_top

counts = st.integers(0, 10**9)
scores = st.none() | st.floats(-10, 10)
names = st.text(min_size=1, max_size=12)
quads = st.tuples(counts, counts, counts, counts)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.builds(Period, names, quads, scores), max_size=60))
def test_a_series_lies_inside_its_box(periods: list[Period]) -> None:
    made = series(periods)
    for bar in (*made.bars, *made.columns):
        assert all(map(math.isfinite, (bar.x, bar.y, bar.width, bar.height)))
        assert made.left - 0.1 <= bar.x
        assert bar.x + bar.width <= made.right + 0.1
        assert bar.y >= -0.1
        assert bar.y + bar.height <= made.height
    for x, y in made.dots:
        assert made.left <= x <= made.right
        assert 0 <= y <= made.height
    assert len(made.dots) == sum(p.score is not None for p in periods)
    assert json.dumps(asdict(made)) == json.dumps(asdict(series(list(periods))))


def test_bars_stand_on_the_line_and_the_mean_breaks_where_nothing_is_known() -> None:
    made = series([Period("2021-01", (2, 1, 0, 0), 4.0), Period("2021-02", (0, 0, 1, 3), -9.0), Period("2021-03")])
    up = [bar for bar in made.bars if bar.kind.endswith("cooperation")]
    down = [bar for bar in made.bars if bar.kind.endswith("conflict")]
    assert [bar.kind for bar in made.bars] == [
        "verbal-cooperation",
        "material-cooperation",
        "verbal-conflict",
        "material-conflict",
    ]
    assert up[0].y + up[0].height == made.middle
    assert up[1].y + up[1].height == up[0].y
    assert down[0].y == made.middle
    assert down[1].height == 3 * down[0].height
    assert made.dots[0][1] < made.middle < made.dots[1][1]
    assert len(made.lines) == 1
    broken = series([Period("a", score=1.0), Period("b"), Period("c", score=1.0)])
    assert broken.lines == ()
    assert len(broken.dots) == 2


codes = st.sampled_from([a + b for a in "ABCDEFG" for b in "STUVWX"])


@settings(max_examples=40, deadline=None)
@given(
    st.dictionaries(codes, counts, max_size=40),
    st.lists(st.builds(Link, codes, codes, st.integers(1, 10**6), scores), max_size=60),
)
def test_a_network_lies_inside_its_box_and_its_nodes_apart(sizes: dict[str, int], links: list[Link]) -> None:
    made = network(sizes, links)
    assert [node.name for node in made.nodes] == sorted(sizes, key=lambda name: (-sizes[name], name))
    for node in made.nodes:
        assert node.radius <= node.x <= made.width - node.radius
        assert node.radius <= node.y <= made.height - node.radius
    for at, one in enumerate(made.nodes):
        for other in made.nodes[:at]:
            assert math.hypot(one.x - other.x, one.y - other.y) >= one.radius + other.radius
    assert len(made.edges) == sum(k.one in sizes and k.other in sizes and k.one != k.other for k in links)
    assert [edge.width for edge in made.edges] == sorted(edge.width for edge in made.edges)
    again = network(dict(reversed(sizes.items())), links)
    assert json.dumps(asdict(made)) == json.dumps(asdict(again))


def test_who_deals_with_whom_stands_close() -> None:
    sizes = dict.fromkeys("ABCDEFGH", 10)
    groups = [
        ("A", "B"),
        ("B", "C"),
        ("A", "C"),
        ("E", "F"),
        ("F", "G"),
        ("E", "G"),
        ("C", "E"),
        ("D", "A"),
        ("H", "G"),
    ]
    made = {node.name: node for node in network(sizes, [Link(*pair, 10, 0.0) for pair in groups]).nodes}
    far: dict[bool, list[float]] = {True: [], False: []}
    for one in made.values():
        for other in made.values():
            if one.name < other.name:
                linked = (one.name, other.name) in groups or (other.name, one.name) in groups
                far[linked].append(math.hypot(one.x - other.x, one.y - other.y))
    assert mean(far[True]) < 0.7 * mean(far[False])


@given(counts, counts, counts)
def test_steps_grow_with_what_they_tell(one: int, other: int, most: int) -> None:
    low, high = sorted((one, other))
    assert 0 <= level(low, most) <= level(high, most) <= LEVELS
    assert (level(low, most) == 0) == (low == 0 or most == 0)
    assert 0 <= width(low, most) <= width(high, most)
    assert 0 < radius(low, most) <= radius(high, most)
    top = even_top(most)
    assert top >= most
    assert top % 2 == 0
    assert top <= max(2, 2 * most)


@given(st.floats(-10, 10), st.floats(-10, 10))
def test_scores_have_seven_steps(one: float, other: float) -> None:
    low, high = (SCORES.index(score_class(score).removeprefix("score-")) for score in sorted((one, other)))
    assert low <= high


def test_opposite_scores_have_opposite_steps() -> None:
    assert [score_class(score) for score in (None, -9.3, -4, -2, 0, 2, 4, 8)] == [
        "score-none",
        *(f"score-{step}" for step in SCORES),
    ]
