"""Names beside the circles of a network, where there is room for them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

# Of a sans serif face at the size of the labels: a mean letter's width, a line's height, and what lies below its foot.
_LETTER, _LINE, _FOOT = 6.0, 12.0, 3.0
_GAP = 3.0
# A line behind a halo is read over; more of them are not.
_MOST_CROSSED = 1


@dataclass(frozen=True, slots=True)
class Label:
    """Words at the foot of their line, and where their ``anchor`` (``start``, ``middle``, ``end``) stands."""

    words: str
    x: float
    y: float
    anchor: str


Circle = tuple[float, float, float]
Line = tuple[float, float, float, float]
_Box = tuple[float, float, float, float]


def labels(
    names: Sequence[str], circles: Sequence[Circle], lines: Sequence[Line], width: float, height: float
) -> list[Label | None]:
    """A label for each circle in a box of ``width`` by ``height``; None where it would lie on another circle, on
    another label, outside of the box or across several lines. Earlier circles choose first."""
    taken: list[_Box] = []
    made: list[Label | None] = []
    for at, (words, circle) in enumerate(zip(names, circles, strict=True)):
        others = [one for number, one in enumerate(circles) if number != at]
        best: tuple[int, Label, _Box] | None = None
        for label, box in _around(words, circle):
            if not (box[0] >= 1 and box[2] <= width - 1 and box[1] >= 1 and box[3] <= height - 1):
                continue
            if any(_touch(box, one) for one in taken) or any(_on(box, one) for one in others):
                continue
            crossed = sum(_crosses(box, line) for line in lines)
            if crossed <= _MOST_CROSSED and (best is None or crossed < best[0]):
                best = crossed, label, box
        made.append(best[1] if best else None)
        if best:
            taken.append(best[2])
    return made


def _around(words: str, circle: Circle) -> list[tuple[Label, _Box]]:
    """Below, above, right and left of a circle."""
    x, y, radius = circle
    wide = len(words) * _LETTER
    below, above, beside = y + radius + _LINE, y - radius - _GAP - _FOOT, y + _LINE / 2 - _FOOT / 2
    right, left = x + radius + _GAP, x - radius - _GAP
    return [
        (Label(words, x, round(below, 1), "middle"), _box(x - wide / 2, below, wide)),
        (Label(words, x, round(above, 1), "middle"), _box(x - wide / 2, above, wide)),
        (Label(words, round(right, 1), round(beside, 1), "start"), _box(right, beside, wide)),
        (Label(words, round(left, 1), round(beside, 1), "end"), _box(left - wide, beside, wide)),
    ]


def _box(left: float, foot: float, wide: float) -> _Box:
    return left, foot - _LINE + _FOOT, left + wide, foot + _FOOT


def _touch(one: _Box, other: _Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _on(box: _Box, circle: Circle) -> bool:
    x, y, radius = circle
    return math.hypot(x - min(max(x, box[0]), box[2]), y - min(max(y, box[1]), box[3])) < radius + 1


def _crosses(box: _Box, line: Line) -> bool:
    """Whether a line runs through a box, by cutting off what lies outside of each edge (Liang and Barsky)."""
    x1, y1, x2, y2 = line
    begin, end = 0.0, 1.0
    for step, room in (
        (x1 - x2, x1 - box[0]),
        (x2 - x1, box[2] - x1),
        (y1 - y2, y1 - box[1]),
        (y2 - y1, box[3] - y1),
    ):
        if step == 0:
            if room < 0:
                return False
        elif step < 0:
            begin = max(begin, room / step)
        else:
            end = min(end, room / step)
    return begin < end
