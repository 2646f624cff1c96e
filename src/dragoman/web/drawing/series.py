"""A time series: events of each period stacked by quad class above and below a line, and the mean score across it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dragoman.web.drawing.scales import even_top

WIDTH, HEIGHT = 860.0, 260.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 46.0, 40.0, 14.0, 30.0
# From the line outwards: what is said lies next to it, what is done farther out.
_UP = ((0, "verbal-cooperation"), (1, "material-cooperation"))
_DOWN = ((2, "verbal-conflict"), (3, "material-conflict"))
_MOST_LABELS = 9
_WIDEST = 34.0


@dataclass(frozen=True, slots=True)
class Period:
    """What a period holds: its name, events by quad (verbal and material cooperation, then conflict), mean score."""

    name: str
    quads: tuple[int, int, int, int] = (0, 0, 0, 0)
    score: float | None = None

    @property
    def events(self) -> int:
        return sum(self.quads)


@dataclass(frozen=True, slots=True)
class Bar:
    """A part of a period's bar, with the class that colours it."""

    x: float
    y: float
    width: float
    height: float
    kind: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A label of an axis and where it stands."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Series:
    """A figure of :data:`WIDTH` by :data:`HEIGHT`.

    ``columns`` are whole heights over each period, for a pointer to rest on; ``lines`` the runs of the mean score as
    points of a polyline, broken where a period has none, ``dots`` each of its points.
    """

    width: float
    height: float
    left: float
    right: float
    middle: float
    periods: tuple[Period, ...]
    columns: tuple[Bar, ...]
    bars: tuple[Bar, ...]
    lines: tuple[str, ...]
    dots: tuple[tuple[float, float], ...]
    across: tuple[Tick, ...]
    counts: tuple[Tick, ...]
    scores: tuple[Tick, ...]


def series(periods: Sequence[Period]) -> Series:
    """The figure of periods in their order."""
    middle = (_TOP + HEIGHT - _BOTTOM) / 2
    half = middle - _TOP
    right = WIDTH - _RIGHT
    most = even_top(max((max(sum(p.quads[:2]), sum(p.quads[2:])) for p in periods), default=1))
    step = (right - _LEFT) / max(1, len(periods))
    thick = min(step * 0.78, _WIDEST)
    bars: list[Bar] = []
    columns: list[Bar] = []
    runs: list[list[tuple[float, float]]] = [[]]
    for at, one in enumerate(periods):
        centre = _LEFT + (at + 0.5) * step
        columns.append(_bar(_LEFT + at * step, _TOP, step, 2 * half, "column"))
        for sign, stack in ((-1, _UP), (1, _DOWN)):
            reach = 0.0
            for quad, kind in stack:
                size = one.quads[quad] / most * half
                if size:
                    top = middle - reach - size if sign < 0 else middle + reach
                    bars.append(_bar(centre - thick / 2, top, thick, size, kind))
                reach += size
        if one.score is None:
            runs.append([])
        else:
            score = max(-10.0, min(10.0, one.score))
            runs[-1].append((round(centre, 1), round(middle - score / 10 * half, 1)))
    every = max(1, -(-len(periods) // _MOST_LABELS))
    return Series(
        WIDTH,
        HEIGHT,
        _LEFT,
        right,
        middle,
        tuple(periods),
        tuple(columns),
        tuple(bars),
        tuple(" ".join(f"{x},{y}" for x, y in run) for run in runs if len(run) > 1),
        tuple(point for run in runs for point in run),
        tuple(Tick(round(_LEFT + (at + 0.5) * step, 1), one.name) for at, one in enumerate(periods) if at % every == 0),
        tuple(
            Tick(round(middle - share * half, 1), f"{abs(round(share * most, 1)):g}") for share in (1, 0.5, 0, -0.5, -1)
        ),
        tuple(
            Tick(round(middle - score / 10 * half, 1), f"{score:+d}".replace("-", "−") if score else "0")
            for score in (10, 5, 0, -5, -10)
        ),
    )


def _bar(x: float, y: float, width: float, height: float, kind: str) -> Bar:
    return Bar(round(x, 2), round(y, 2), round(width, 2), round(height, 2), kind)
