"""The events among records that are linked: each record goes where it fits best on average, and nowhere against a
contradiction."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping, Sequence

from dragoman.assembly.scorer import logit
from dragoman.ledger.joining.contradictions import contradiction
from dragoman.ledger.joining.pairs import JOIN, Link
from dragoman.ledger.joining.profiling import Profile

Pair = tuple[str, str]
Numbers = tuple[int, int]
# What two records count that are not linked, in log odds over the threshold, where their link would be under -1. The
# figures of ``python -m training.joining --check`` stay within .005 from -1 to -3.
UNLINKED = -2.0


def cluster(
    profiles: Mapping[str, Profile],
    links: Mapping[Pair, Link],
    together: Iterable[Pair] = (),
    apart: Iterable[Pair] = (),
) -> list[tuple[str, ...]]:
    """The events among records, each as its records' keys in order, the events by their first key.

    The two groups that fit best are joined first, by the mean over the log odds of their records' pairs, as long as it
    speaks for one event. Records that contradict each other are never in one event, not even through a third.

    Args:
        profiles: the records by key.
        links: what :func:`compare` found, by pair of keys, in either order; a pair without one speaks against joining.
        together: pairs that people have judged to be one event: they are, whatever contradicts it.
        apart: pairs that people have judged to be two: they are, and of ``together`` what would join them is left out.
    """
    keys = sorted(profiles)
    at = {k: n for n, k in enumerate(keys)}

    def numbers(pairs: Iterable[Pair]) -> set[Numbers]:
        found = ((at[a], at[b]) for a, b in pairs if a in at and b in at and a != b)
        return {(min(p), max(p)) for p in found}

    fits = {}
    for (a, b), link in links.items():
        if a in at and b in at:
            fits[min(at[a], at[b]), max(at[a], at[b])] = logit(link.score) - logit(JOIN)
    groups = _Groups([profiles[k] for k in keys], fits, numbers(apart))
    for i, j in sorted(numbers(together)):
        groups.judge(i, j)
    groups.agglomerate()
    return sorted(tuple(keys[n] for n in sorted(g)) for g in groups.members.values())


class _Groups:
    """Groups of records, each named by its first record when it was made, and what speaks for joining two of them."""

    def __init__(self, profiles: Sequence[Profile], fits: Mapping[Numbers, float], apart: set[Numbers]) -> None:
        self.members = {n: [n] for n in range(len(profiles))}
        self._profiles, self._fits, self._apart = profiles, fits, apart
        self._home = list(range(len(profiles)))
        # By two groups: the sum over the pairs of their records that are linked, and how many those are.
        self._sums: dict[int, dict[int, tuple[float, int]]] = {n: {} for n in self.members}
        for (a, b), fit in sorted(fits.items()):
            self._sums[a][b] = self._sums[b][a] = (fit, 1)

    def judge(self, a: int, b: int) -> None:
        """Join the groups of two records that people have judged to be one event, unless others of theirs are apart."""
        i, j = sorted((self._home[a], self._home[b]))
        if i != j and not any((min(x, y), max(x, y)) in self._apart for x in self.members[i] for y in self.members[j]):
            self._join(i, j)

    def agglomerate(self) -> None:
        """Join what fits, the best first, until nothing does."""
        heap = [
            (-fit, i, j) for i, others in self._sums.items() for j in others if i < j and (fit := self._fit(i, j)) > 0
        ]
        heapq.heapify(heap)
        while heap:
            negative, i, j = heapq.heappop(heap)
            # An entry of the heap may be of groups that are no longer, or have grown since.
            if j not in self._sums.get(i, ()) or self._fit(i, j) != -negative:
                continue
            if self._exclude(i, j):
                del self._sums[i][j], self._sums[j][i]
                continue
            self._join(i, j)
            for other in self._sums[i]:
                if (fit := self._fit(i, other)) > 0:
                    heapq.heappush(heap, (-fit, min(i, other), max(i, other)))

    def _fit(self, i: int, j: int) -> float:
        total, linked = self._sums[i][j]
        pairs = len(self.members[i]) * len(self.members[j])
        return (total + (pairs - linked) * UNLINKED) / pairs

    def _exclude(self, i: int, j: int) -> bool:
        """Whether some record of one group rules out some of the other."""
        for x in self.members[i]:
            for y in self.members[j]:
                pair = (min(x, y), max(x, y))
                if pair in self._apart:
                    return True
                if pair not in self._fits and contradiction(self._profiles[x], self._profiles[y]) is not None:
                    return True
        return False

    def _join(self, i: int, j: int) -> None:
        """Put group ``j`` into group ``i``."""
        self.members[i] += self.members.pop(j)
        for n in self.members[i]:
            self._home[n] = i
        for other, (total, linked) in self._sums.pop(j).items():
            del self._sums[other][j]
            if other != i:
                before, count = self._sums[i].get(other, (0.0, 0))
                self._sums[i][other] = self._sums[other][i] = (before + total, count + linked)
