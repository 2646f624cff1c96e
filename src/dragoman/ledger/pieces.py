"""Which records are clustered together: those that links connect, in pieces of bounded size.

A piece is a connected set of records. Where a set is too large, as may be in the third month of a war, its weaker links
are left out, and again until what is left is small enough. So each record has one piece, which depends on nothing but
the links that there are, and who looks for it looks at no more than a few pieces' worth of records.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from dragoman.ledger import joining
from dragoman.ledger.chunks import chunks
from dragoman.ledger.joining import Link
from dragoman.ledger.tables import link as links

SAME, DENIAL, TOGETHER, APART = "same", "denial", "together", "apart"
# What links must be above, one level after the other, to hold a piece together. A cluster holds together by pairs that
# are more likely one event than not: weaker links are weighed within it only. Of the last level no piece is too large.
LEVELS = (joining.JOIN, 0.8, 0.9, 0.97)
# Records of a piece. With 300 the cost of a report stops growing at 5,000 dense reports, with 1,000 it is twice that.
MOST = 300
# What people judge to belong together holds at any level.
_ALWAYS = 2.0


@dataclass(frozen=True, slots=True)
class Tie:
    """What connects two records: of one event or of opposite ones, compared or judged."""

    kind: str
    link: Link

    @property
    def strength(self) -> float:
        """How firmly it holds its records in one piece; 0 for what does not."""
        return _ALWAYS if self.kind == TOGETHER else self.link.score if self.kind == SAME else 0.0


Found = tuple[int, int, Tie]


def ties_of(connection: Connection, records: Sequence[int]) -> Iterator[Found]:
    """All ties of records, those between two of them twice, without their reasons: these are for people."""
    for side in (links.c.a, links.c.b):
        for part in chunks(records):
            query = select(links.c.a, links.c.b, links.c.score, links.c.kind).where(side.in_(part))
            for a, b, score, kind in connection.execute(query).all():
                yield a, b, Tie(kind, Link(score))


class Graph:
    """The ties between records, read as far as one looks."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._near: dict[int, dict[int, float]] = {}
        self._ties: dict[int, list[Found]] = {}

    def read(self, records: Iterable[int]) -> None:
        """Read the ties of records, all at once."""
        fresh = set(records) - self._near.keys()
        for nr in fresh:
            self._near[nr], self._ties[nr] = {}, []
        for a, b, tie in ties_of(self._connection, sorted(fresh)):
            for here, there in ((a, b), (b, a)):
                if here in fresh:
                    self._near[here][there] = max(self._near[here].get(there, 0.0), tie.strength)
            self._ties[a if a in fresh else b].append((a, b, tie))

    def near(self, nr: int, level: float) -> Iterator[int]:
        """The records that are tied to one above a level."""
        self.read((nr,))
        return (other for other, strength in self._near[nr].items() if strength > level)

    def ties(self, records: Collection[int]) -> list[Found]:
        """All ties among records, each once, in order."""
        self.read(records)
        found = {
            (a, b, tie.kind): tie for nr in records for a, b, tie in self._ties[nr] if a in records and b in records
        }
        return [(a, b, found[a, b, kind]) for a, b, kind in sorted(found)]

    def reach(
        self, start: int, level: float, *, without: Collection[int] = (), crowd: Collection[int] = (), most: int | None
    ) -> tuple[set[int], bool]:
        """The records connected with ``start`` above a level, and whether these are all.

        They are not once they are more than ``most``, or one is of the ``crowd`` of whom that is known. ``without``
        are taken not to be there.
        """
        seen = {start}
        frontier = {start}
        while frontier:
            self.read(frontier)
            following = {o for nr in frontier for o in self.near(nr, level)} - seen
            following.difference_update(without)
            seen |= following
            if most is not None and (len(seen) > most or not following.isdisjoint(crowd)):
                return seen, False
            frontier = following
        return seen, True


def pieces(graph: Graph, seeds: Collection[int]) -> list[set[int]]:
    """The pieces that change with ``seeds``: records that are new, or lost or gained a tie."""
    # Most pieces are a few records: what is around all seeds is read in few statements.
    graph.read(seeds)
    graph.read({o for nr in seeds for o in graph.near(nr, LEVELS[0])})
    made: list[set[int]] = []
    todo = set(seeds)
    for level in LEVELS:
        most = None if level == LEVELS[-1] else MOST
        done: set[int] = set()
        crowd: set[int] = set()
        for nr in sorted(todo):
            if nr in done or nr in crowd:
                continue
            found, whole = graph.reach(nr, level, crowd=crowd, most=most)
            if whole:
                made.append(found)
                done |= found
            else:
                crowd |= found
        todo -= done
        if not todo:
            break
        todo |= _displaced(graph, todo & set(seeds), seeds, level)
    return made


def _displaced(graph: Graph, crowded: Collection[int], seeds: Collection[int], level: float) -> set[int]:
    """Records that were in a piece of this level until seeds made it too large."""
    displaced: set[int] = set()
    crowd: set[int] = set()
    for seed in sorted(crowded):
        for nr in sorted(graph.near(seed, level)):
            if nr in displaced or nr in crowd or nr in seeds:
                continue
            found, whole = graph.reach(nr, level, without=seeds, crowd=crowd, most=MOST)
            if whole:
                displaced |= found
            else:
                crowd |= found
    return displaced


def split(ties: Collection[tuple[int, int, float]], level: int = 0) -> Iterator[list[int]]:
    """All pieces of several records among ties with their strengths, from nothing."""
    strong = [tie for tie in ties if tie[2] > LEVELS[level]]
    components = connected((a, b) for a, b, _ in strong)
    large = {nr for c in components if len(c) > MOST for nr in c} if level + 1 < len(LEVELS) else set()
    yield from (c for c in components if c[0] not in large)
    if large:
        yield from split([tie for tie in strong if tie[0] in large], level + 1)


def connected(ties: Iterable[tuple[int, int]]) -> list[list[int]]:
    """The connected sets of numbers, each sorted, in the order of their least."""
    above: dict[int, int] = {}

    def top(nr: int) -> int:
        while (higher := above.get(nr, nr)) != nr:
            above[nr] = nr = above.get(higher, higher)
        return nr

    for a, b in ties:
        low, high = sorted((top(a), top(b)))
        above.setdefault(low, low)
        above[high] = low
    groups: dict[int, list[int]] = {}
    for nr in sorted(above):
        groups.setdefault(top(nr), []).append(nr)
    return list(groups.values())
