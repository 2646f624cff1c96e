"""Small learned scores: a network of one hidden layer in numpy, as ``training.assembly`` wrote it."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from functools import lru_cache
from importlib import resources

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


class Scorer:
    """Rows of features to probabilities, several answers at once.

    Args:
        row: ``features``, ``answers``, ``thresholds`` by answer, and the layers as lists: ``mean`` and ``scale`` of the
            features, ``w1`` (features by hidden), ``b1``, ``w2`` (hidden by answers), ``b2``.
    """

    def __init__(self, row: dict[str, object]) -> None:
        def array(name: str) -> Floats:
            return np.array(row[name], dtype=np.float64)

        self.features: tuple[str, ...] = tuple(row["features"])  # type: ignore[arg-type]
        self.thresholds: dict[str, float] = dict(row["thresholds"])  # type: ignore[call-overload]
        self._mean, self._scale = array("mean"), array("scale")
        self._w1, self._b1, self._w2, self._b2 = array("w1"), array("b1"), array("w2"), array("b2")

    def __call__(self, rows: Sequence[Sequence[float]] | Floats) -> Floats:
        """Probabilities, rows by answers."""
        x = (np.array(rows, dtype=np.float64).reshape(len(rows), len(self.features)) - self._mean) * self._scale
        hidden = np.maximum(x @ self._w1 + self._b1, 0.0)
        found: Floats = 1.0 / (1.0 + np.exp(-np.clip(hidden @ self._w2 + self._b2, -30.0, 30.0)))
        return found


def logit(p: float) -> float:
    """Log odds of a probability that is kept off 0 and 1."""
    p = min(max(p, 0.005), 0.995)
    return math.log(p / (1 - p))


@lru_cache(maxsize=8)
def load(name: str) -> Scorer:
    """A score that ships, by its file's name without ``.json``."""
    return Scorer(json.loads((resources.files("dragoman.assembly") / "scores" / f"{name}.json").read_text("utf-8")))
