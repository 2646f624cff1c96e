"""Names beside circles: none on a circle, on another name or outside of the figure."""

from __future__ import annotations

import math

from hypothesis import given, settings
from hypothesis import strategies as st

from dragoman.web.drawing import Link, network
from dragoman.web.drawing.labels import Label, labels

# A line's height and what of it is below its foot; letters of 4 are the narrowest that a mean may be of.
HIGH, LOW, NARROW = 9.0, 2.0, 4.0


def box(label: Label) -> tuple[float, float, float, float]:
    wide = len(label.words) * NARROW
    left = {"start": label.x, "middle": label.x - wide / 2, "end": label.x - wide}[label.anchor]
    return left, label.y - HIGH + LOW, left + wide, label.y + LOW


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.text("abc ", max_size=30), st.floats(20, 380), st.floats(20, 280), st.floats(5, 20)), max_size=20
    )
)
def test_labels_lie_free(nodes: list[tuple[str, float, float, float]]) -> None:
    circles = [(x, y, radius) for _, x, y, radius in nodes]
    made = labels([words for words, *_ in nodes], circles, [], 400, 300)
    assert len(made) == len(nodes)
    boxes = [(at, box(label)) for at, label in enumerate(made) if label is not None]
    for at, (left, top, right, foot) in boxes:
        assert 0 <= left <= right <= 400
        assert 0 <= top < foot <= 300
        for other, (x, y, radius) in enumerate(circles):
            if other != at:
                assert math.hypot(x - min(max(x, left), right), y - min(max(y, top), foot)) >= radius
        for other, b in boxes:
            assert other == at or left >= b[2] or right <= b[0] or top >= b[3] or foot <= b[1]


def test_a_label_keeps_clear_of_lines_where_it_can() -> None:
    (below,) = labels(["Kenya"], [(100, 100, 10)], [], 200, 200)
    assert below is not None
    assert below.y > 110
    # Two lines run down from it: its name stands above.
    (above,) = labels(["Kenya"], [(100, 100, 10)], [(100, 100, 95, 200), (100, 100, 105, 200)], 200, 200)
    assert above is not None
    assert above.y < 90
    crowd = [(100.0, 100.0, to[0], to[1]) for to in ((100, 0), (101, 0), (100, 200), (101, 200))]
    crowd += [(100.0, 100.0, to[0], to[1]) for to in ((0, 100), (0, 101), (200, 100), (200, 101))]
    assert labels(["Kenya"], [(100, 100, 10)], crowd, 200, 200) == [None]


def test_few_countries_are_named_in_full() -> None:
    sizes = {"KEN": 3, "SDN": 2, "ETH": 4, "DJI": 1}
    made = network(sizes, [Link("KEN", "ETH", 3, 1.0), Link("KEN", "SDN", 1, 0.0)], lambda code: f"the land {code}")
    assert [node.label.words if node.label else None for node in made.nodes] == [
        f"the land {node.name}" for node in made.nodes
    ]
