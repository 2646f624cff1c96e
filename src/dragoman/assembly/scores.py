"""What assembly has learned: the scores that ship, together."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Self

from dragoman.assembly.scorer import Scorer, load

NAMES = ("date", "cast", "place", "keep", "same", "event")


@dataclass(frozen=True, slots=True)
class Scores:
    """When, who takes part, where, which mentions count, which tell one event, and how sure a record is."""

    date: Scorer
    cast: Scorer
    place: Scorer
    keep: Scorer
    same: Scorer
    event: Scorer

    @classmethod
    @lru_cache(maxsize=1)
    def shipped(cls) -> Self:
        """Those in the package."""
        return cls(*(load(name) for name in NAMES))
