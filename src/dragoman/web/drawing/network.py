"""A network of countries laid out by forces: those who deal with each other much stand close.

The layout begins from a circle in the order of the nodes' sizes and takes a fixed number of steps, so that it is the
same each time and done in some hundredths of a second.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from dragoman.web.drawing.labels import Label, labels
from dragoman.web.drawing.scales import score_class

WIDTH, HEIGHT = 860.0, 600.0
SMALLEST, LARGEST = 17.0, 35.0
THINNEST, THICKEST = 1.2, 12.0
_MARGIN = 6.0
# Between two nodes' rims; of few nodes, so that most names find room beside them.
_GAP, _WIDE_GAP, _FEW = 8.0, 24.0, 36
_STEPS = 260
_APART = 400


@dataclass(frozen=True, slots=True)
class Link:
    """What is between two nodes: events both ways and their mean score."""

    one: str
    other: str
    events: int
    score: float | None


@dataclass(frozen=True, slots=True)
class Node:
    """A placed node; ``label`` is its full name where there is room for it."""

    name: str
    events: int
    x: float
    y: float
    radius: float
    label: Label | None = None


@dataclass(frozen=True, slots=True)
class Edge:
    """A placed link, with its width and the class of its colour."""

    link: Link
    x1: float
    y1: float
    x2: float
    y2: float
    width: float
    kind: str


@dataclass(frozen=True, slots=True)
class Network:
    """A figure of :data:`WIDTH` by :data:`HEIGHT`; edges are in the order to draw them, the strongest last."""

    width: float
    height: float
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


def network(sizes: Mapping[str, int], links: Sequence[Link], called: Callable[[str], str] = str) -> Network:
    """The figure of nodes, by name with their events, and links between them; links to unknown nodes are left out.
    ``called`` gives the words that a name stands for, set beside its node where there is room."""
    names = sorted(sizes, key=lambda name: (-sizes[name], name))
    number = {name: at for at, name in enumerate(names)}
    drawn = [link for link in links if link.one in number and link.other in number and link.one != link.other]
    most = max(sizes.values(), default=1)
    radii = [radius(sizes[name], most) for name in names]
    strongest = max((link.events for link in drawn), default=1)
    pulls = [(number[link.one], number[link.other], link.events / strongest) for link in drawn]
    places = _apart(_forces(len(names), pulls), radii)
    nodes = tuple(
        Node(name, sizes[name], round(x, 1), round(y, 1), radii[at])
        for at, (name, (x, y)) in enumerate(zip(names, places, strict=True))
    )
    edges = tuple(
        Edge(
            link,
            nodes[number[link.one]].x,
            nodes[number[link.one]].y,
            nodes[number[link.other]].x,
            nodes[number[link.other]].y,
            width(link.events, strongest),
            score_class(link.score),
        )
        for link in sorted(drawn, key=lambda link: (link.events, link.one, link.other))
    )
    beside = labels(
        [called(node.name) for node in nodes],
        [(node.x, node.y, node.radius) for node in nodes],
        [(edge.x1, edge.y1, edge.x2, edge.y2) for edge in edges],
        WIDTH,
        HEIGHT,
    )
    nodes = tuple(replace(node, label=label) for node, label in zip(nodes, beside, strict=True))
    return Network(WIDTH, HEIGHT, nodes, edges)


def radius(events: int, most: int) -> float:
    """The radius of a node, growing with the logarithm of its events: of a month as of ten years it shows something."""
    return round(SMALLEST + (LARGEST - SMALLEST) * _share(events, most), 1)


def width(events: int, most: int) -> float:
    """The width of an edge, growing likewise; nought without events."""
    return round(THINNEST + (THICKEST - THINNEST) * _share(events, most) ** 2, 1) if events > 0 and most > 0 else 0.0


def _share(events: int, most: int) -> float:
    return math.log1p(min(events, most)) / math.log1p(most) if events > 0 and most > 0 else 0.0


def _forces(count: int, pulls: Sequence[tuple[int, int, float]]) -> Any:
    """Places in a square from 0 to 1, by the springs and charges of Fruchterman and Reingold."""
    import numpy as np

    if count == 0:
        return np.zeros((0, 2))
    # A spiral, the largest within: each begins at a place of its own, in a fixed order.
    turns = np.arange(count) * (math.pi * (3 - math.sqrt(5)))
    out = np.sqrt((np.arange(count) + 0.5) / count) * 0.5
    places = np.stack([0.5 + out * np.cos(turns), 0.5 + out * np.sin(turns)], axis=1)
    strength = np.zeros((count, count))
    for one, other, share in pulls:
        # Even a single event binds; the strongest bind a few times as much.
        strength[one, other] = strength[other, one] = 0.35 + 0.65 * math.sqrt(share)
    ideal = math.sqrt(1 / count)
    for step in range(_STEPS):
        apart = places[:, None, :] - places[None, :, :]
        far = np.sqrt((apart**2).sum(axis=2)) + 1e-9
        force = ideal**2 / far - strength * far**2 / ideal
        np.fill_diagonal(force, 0.0)
        moved = (apart / far[:, :, None] * force[:, :, None]).sum(axis=1)
        # Who has few links is held near the middle.
        moved += (0.5 - places) * 0.4 * ideal
        size = np.sqrt((moved**2).sum(axis=1, keepdims=True)) + 1e-9
        places = places + moved / size * np.minimum(size, 0.1 * (1 - step / _STEPS))
    # A chain that leads far out would press all else together: places by their order along each axis mend that.
    ordered = np.argsort(np.argsort(places, axis=0, kind="stable"), axis=0) / max(1, count - 1)
    low, high = places.min(axis=0), places.max(axis=0)
    spread = np.where(high - low > 1e-9, high - low, 1.0)
    return np.where(high - low > 1e-9, ((places - low) / spread + ordered) / 2, 0.5)


def _apart(places: Any, radii: Sequence[float]) -> list[tuple[float, float]]:
    """The same in the figure's box, pushed apart until no two nodes touch, as far as the box has room."""
    import numpy as np

    if not len(radii):
        return []
    own = np.array(radii)
    low = np.stack([own + _MARGIN, own + _MARGIN], axis=1)
    high = np.array([WIDTH, HEIGHT]) - low
    at = np.clip(places * np.array([WIDTH, HEIGHT]), low, high)
    least = own[:, None] + own[None, :] + (_WIDE_GAP if len(own) <= _FEW else _GAP)
    np.fill_diagonal(least, 0.0)
    order = np.arange(len(own))
    # Two at one place part by their numbers.
    ways = np.stack([np.cos(order * 2.399963), np.sin(order * 2.399963)], axis=1)
    for _ in range(_APART):
        between = at[:, None, :] - at[None, :, :]
        far = np.sqrt((between**2).sum(axis=2))
        lacking = np.maximum(least - far, 0.0)
        if lacking.max() < 0.5:
            break
        same = far < 1e-6
        way = np.where(
            same[:, :, None], ways[:, None, :] - ways[None, :, :], between / np.maximum(far, 1e-6)[:, :, None]
        )
        at = np.clip(at + (way * lacking[:, :, None]).sum(axis=1) * 0.5, low, high)
    return [(float(x), float(y)) for x, y in at]
