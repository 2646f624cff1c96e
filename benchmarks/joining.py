"""The ledger's way of joining records, without storage: all of them at once, by the same handles, links and groups."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence

from dragoman.ledger.joining import Handle, Link, Profile, cluster, compare, handles

Compare = Callable[[Profile, Sequence[Profile]], list[Link | None]]


def candidates(profiles: Sequence[Profile]) -> list[tuple[int, int]]:
    """The pairs, by number, of records of different reports that have a handle in common with windows that overlap."""
    by: dict[str, list[tuple[int, Handle]]] = defaultdict(list)
    found: set[tuple[int, int]] = set()
    for n, p in enumerate(profiles):
        for h in handles(p):
            found.update(
                (m, n)
                for m, g in by[h.key]
                if g.first <= h.last and h.first <= g.last and profiles[m].setting.report != p.setting.report
            )
            by[h.key].append((n, h))
    return sorted(found)


def joined(profiles: Sequence[Profile], compared: Compare = compare) -> list[list[int]]:
    """The events among records, as numbers of their records."""
    others: dict[int, list[int]] = defaultdict(list)
    for m, n in candidates(profiles):
        others[n].append(m)
    keys = [f"{n:06d}" for n in range(len(profiles))]
    links = {
        (keys[m], keys[n]): link
        for n, before in others.items()
        for m, link in zip(before, compared(profiles[n], [profiles[m] for m in before]), strict=True)
        if link is not None
    }
    return [[int(k) for k in event] for event in cluster(dict(zip(keys, profiles, strict=True)), links)]
