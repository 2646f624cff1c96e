"""Numbers as steps: of a score, of a number of events, of an axis."""

from __future__ import annotations

import math
from bisect import bisect_right

SCORES = ("n3", "n2", "n1", "z", "p1", "p2", "p3")
"""Steps of a mean score from -10 to 10, the coldest first; style sheets give each a colour (``score-n3``)."""
# The scores of types lie at -9.3 to -4 in conflict and at 1 to 8 in cooperation: a mean near nought is of both.
_BOUNDS = (-6.0, -3.0, -1.0, 1.0, 3.0, 6.0)
LEVELS = 5


def score_class(score: float | None) -> str:
    """The class of a mean score: ``score-n3`` to ``score-p3``, ``score-none`` for none."""
    return "score-none" if score is None else f"score-{SCORES[bisect_right(_BOUNDS, score)]}"


def level(count: int, most: int) -> int:
    """A number of events as a step from 0 (none) to :data:`LEVELS` (``most``), by its logarithm: counts of pairs of
    countries differ a hundredfold."""
    if count <= 0 or most <= 0:
        return 0
    share = math.log1p(min(count, most)) / math.log1p(most)
    return max(1, math.ceil(share * LEVELS - 1e-9))


def even_top(most: float) -> int:
    """The even, round number at or above ``most`` that an axis ends with: 2, 4, 6, 8 or 10 times a power of ten."""
    power = 10 ** max(0, math.floor(math.log10(most))) if most >= 1 else 1
    return next(step * power for step in (2, 4, 6, 8, 10, 20) if step * power >= most - 1e-9)
