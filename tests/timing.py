"""How long something takes, on a machine that may be busy with other things."""

from __future__ import annotations

import time
from collections.abc import Callable

# Other processes can double even the processor's time of a run: caches and clocks are shared.
_TRIES = 4


def least(do: Callable[[], object], enough: float) -> float:
    """The fewest seconds of processor time that ``do`` took in a few runs; the first below ``enough`` will do."""
    taken = []
    for _ in range(_TRIES):
        began = time.process_time()
        do()
        taken.append(time.process_time() - began)
        if taken[-1] < enough:
            break
    return min(taken)
