"""Who deals with whom over a span: which pairs and countries are shown, and how they stand period by period."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dragoman.ledger import Ledger
from dragoman.ledger.asking import Filters, Tally
from dragoman.web.drawing import Link, Network, level, network, radius, score_class, width
from dragoman.web.rendering import country_name
from dragoman.web.showing.months import Span, months_of

# More lines are a tangle, more rows and columns no longer fit a wide screen.
MOST_LINKS, MOST_NODES, MOST_ROWS = 60, 32, 22
# Pairs in which the strongest links and the rows are looked for.
_READ = 700
MOST_FRAMES = 240

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Cell:
    """How a row's country acts towards a column's: events, mean score, and the classes of shade and colour."""

    actor: str
    recipient: str
    events: int
    score: float | None
    level: int
    kind: str


@dataclass(frozen=True, slots=True)
class Web:
    """Relations over a span.

    ``links`` are the strongest pairs of countries, both ways together, ``figure`` their network. ``rows`` are the
    countries of the matrix, ``cells`` its cells, row by row; ``strongest`` and ``most`` are the most events of a link
    and of a cell, on which widths and shades rest, ``largest`` those of a node. ``pairs_in_all`` and ``rows_in_all``
    are how many pairs and countries there are, None where they were too many to be counted.
    """

    links: tuple[Link, ...]
    figure: Network
    rows: tuple[str, ...]
    cells: tuple[tuple[Cell, ...], ...]
    strongest: int
    largest: int
    most: int
    pairs_in_all: int | None
    rows_in_all: int | None

    @property
    def pairs(self) -> list[Pair]:
        """All that is shown, as pairs of actor and recipient."""
        found = {(link.one, link.other) for link in self.links} | {(link.other, link.one) for link in self.links}
        return sorted(found | {(actor, recipient) for actor in self.rows for recipient in self.rows})


def web(ledger: Ledger, filters: Filters) -> Web:
    """What is shown of the relations that ``filters`` ask for."""
    strong = ledger.tallies(filters, over=["actor", "recipient"], limit=_READ)
    joined = _links(strong)
    links: list[Link] = []
    nodes: dict[str, int] = {}
    for link in joined[:MOST_LINKS]:
        new = {link.one, link.other} - nodes.keys()
        if len(nodes) + len(new) <= MOST_NODES:
            links.append(link)
            for name in (link.one, link.other):
                nodes[name] = nodes.get(name, 0) + link.events
    weights: dict[str, int] = {}
    for row in strong:
        for name in {row.actor or "", row.recipient or ""}:
            weights[name] = weights.get(name, 0) + row.events
    shown = sorted(weights, key=lambda name: (-weights[name], name))[:MOST_ROWS]
    exact: list[Tally] = []
    if shown:
        exact = ledger.tallies(filters, over=["actor", "recipient"], pairs=[(a, r) for a in shown for r in shown])
    most = max((row.events for row in exact), default=0)
    return Web(
        tuple(links),
        network(nodes, links, country_name),
        tuple(shown),
        cells(shown, exact, most),
        max((link.events for link in links), default=0),
        max(nodes.values(), default=0),
        most,
        len(joined) if len(strong) < _READ else None,
        len(weights) if len(strong) < _READ else None,
    )


def cells(rows: Sequence[str], tallies: Sequence[Tally], most: int) -> tuple[tuple[Cell, ...], ...]:
    """The matrix of ``rows`` by themselves."""
    known = {(row.actor, row.recipient): row for row in tallies}
    return tuple(
        tuple(_cell(actor, recipient, known.get((actor, recipient)), most) for recipient in rows) for actor in rows
    )


def _cell(actor: str, recipient: str, row: Tally | None, most: int) -> Cell:
    if row is None:
        return Cell(actor, recipient, 0, None, 0, "score-none")
    return Cell(actor, recipient, row.events, row.score_mean, level(row.events, most), score_class(row.score_mean))


def _links(tallies: Sequence[Tally]) -> list[Link]:
    """Both directions of each pair of two countries as one, the strongest first."""
    sums: dict[Pair, list[float]] = {}
    for row in tallies:
        if row.actor and row.recipient and row.actor != row.recipient:
            summed = sums.setdefault((min(row.actor, row.recipient), max(row.actor, row.recipient)), [0, 0, 0.0])
            summed[0] += row.events
            summed[1] += row.scored
            summed[2] += row.scored * (row.score_mean or 0.0)
    found = [
        Link(one, other, int(events), round(score / scored, 6) if scored else None)
        for (one, other), (events, scored, score) in sums.items()
    ]
    return sorted(found, key=lambda link: (-link.events, link.one, link.other))


def by_period(ledger: Ledger, filters: Filters, shown: Web, span: Span) -> dict[str, list[Tally]]:
    """What is shown, in each of the latest :data:`MOST_FRAMES` periods of the span, the earliest first."""
    found: dict[str, list[Tally]] = {name: [] for name in span.periods()[-MOST_FRAMES:]}
    pairs = shown.pairs
    for row in ledger.tallies(filters, over=["actor", "recipient", "period"], by=span.by, pairs=pairs):
        if row.period in found:
            found[row.period].append(row)
    return found


@dataclass(frozen=True, slots=True)
class Frame:
    """One period of what is shown, on the scales of the whole span."""

    period: str
    links: Mapping[Pair, Link]
    sizes: Mapping[str, int]
    cells: tuple[tuple[Cell, ...], ...]

    @property
    def events(self) -> int:
        """Events of the links."""
        return sum(link.events for link in self.links.values())


def frame(period: str, tallies: Sequence[Tally], shown: Web) -> Frame:
    """What ``tallies`` of a period come to."""
    known = {(link.one, link.other) for link in shown.links}
    links = {(link.one, link.other): link for link in _links(tallies) if (link.one, link.other) in known}
    sizes: dict[str, int] = {}
    for link in links.values():
        for name in (link.one, link.other):
            sizes[name] = sizes.get(name, 0) + link.events
    return Frame(period, links, sizes, cells(shown.rows, tallies, shown.most))


def told(frame: Frame, shown: Web) -> dict[str, Any]:
    """A frame for the page's script: what of the figures is not empty, by number.

    ``nodes`` are radii in the order of the figure's nodes, 0 without events; ``edges`` rows of number, width, step of
    the score and events; ``cells`` rows of number (row by row), shade, step and events.
    """
    since, until = months_of(frame.period)
    flat = [cell for row in frame.cells for cell in row]
    return {
        "period": frame.period,
        "since": since,
        "until": until,
        "events": frame.events,
        "nodes": [
            radius(size, shown.largest) if (size := frame.sizes.get(node.name, 0)) else 0 for node in shown.figure.nodes
        ],
        "edges": [
            [at, width(link.events, shown.strongest), _step(link.score), link.events]
            for at, edge in enumerate(shown.figure.edges)
            if (link := frame.links.get((edge.link.one, edge.link.other))) is not None
        ],
        "cells": [[at, cell.level, _step(cell.score), cell.events] for at, cell in enumerate(flat) if cell.events],
    }


def _step(score: float | None) -> str:
    return score_class(score).removeprefix("score-")
