"""The model's heads in numpy: what ``dragoman.learning.model`` learned, for a few hundred words at a time.

Arrays are kept as the training wrote them, with the tables of paths and distances already in the heads' own width.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from functools import cached_property, lru_cache
from importlib.resources.abc import Traversable

import numpy as np
import numpy.typing as npt
from threadpoolctl import ThreadpoolController

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]


@lru_cache(maxsize=1)
def _libraries() -> ThreadpoolController:
    return ThreadpoolController()


def one_thread() -> AbstractContextManager[object]:
    """While it lasts, numpy multiplies on one thread: sums come out the same on every machine, and several processes
    do not wait for each other's threads."""
    found: AbstractContextManager[object] = _libraries().limit(limits=1, user_api="blas")
    return found


def sigmoid(x: Floats) -> Floats:
    """Logits to probabilities."""
    found: Floats = (1.0 / (1.0 + np.exp(-np.clip(x, -30.0, 30.0)))).astype(np.float32)
    return found


def softmax(x: Floats) -> Floats:
    """Logits to probabilities that add up to 1 along the last axis."""
    e = np.exp(x - x.max(-1, keepdims=True))
    found: Floats = e / e.sum(-1, keepdims=True)
    return found


class Heads:
    """Words' vectors to probabilities.

    Args:
        arrays: the weights by name: linear layers as ``name.weight`` (outputs by inputs) and ``name.bias``.
    """

    def __init__(self, arrays: Mapping[str, npt.NDArray[np.floating]]) -> None:
        self._arrays = {k: np.ascontiguousarray(v, dtype=np.float32) for k, v in arrays.items()}
        self._transposed = {
            k: np.ascontiguousarray(v.T) for k, v in self._arrays.items() if k.endswith(".weight") and v.ndim == 2
        }

    @classmethod
    def read(cls, path: Traversable) -> Heads:
        """The heads of an ``.npz`` file."""
        with path.open("rb") as file, np.load(file, allow_pickle=False) as found:
            return cls({name: found[name] for name in found.files})

    def has(self, name: str) -> bool:
        """Whether a layer is there."""
        return f"{name}.weight" in self._arrays

    def outputs(self, name: str) -> int:
        """How many outputs a linear layer has; KeyError where it is not there."""
        return int(self._arrays[f"{name}.weight"].shape[0])

    def _linear(self, name: str, x: Floats) -> Floats:
        found: Floats = x @ self._transposed[f"{name}.weight"] + self._arrays[f"{name}.bias"]
        return found

    @cached_property
    def _half(self) -> int:
        return int(self._arrays["role_path.weight"].shape[1])

    def words(self, hidden: Floats, ids: Ints, hints: Floats) -> Floats:
        """Words' vectors with what the parse and the lexicon say of them."""
        tables = [self._arrays[f"{name}.weight"][ids[:, n]] for n, name in enumerate(("pos", "relation", "capitals"))]
        return np.concatenate([hidden, *tables, hints], axis=1)

    def triggers(self, words: Floats) -> Floats:
        """Probabilities, words by types."""
        return sigmoid(self._linear("trigger2", np.maximum(self._linear("trigger1", words), 0.0)))

    def status(self, words: Floats, types: Ints) -> tuple[Floats, Floats, Floats]:
        """Probabilities of modes, factuality and background for each (word, type)."""
        hidden = np.maximum(self._linear("status1", words) + self._arrays["status_type.weight"][types], 0.0)
        historical = sigmoid(self._linear("historical", hidden))[:, 0]
        return sigmoid(self._linear("modes", hidden)), softmax(self._linear("factuality", hidden)), historical

    def sectors(self, words: Floats) -> Floats:
        """Probabilities, words by sectors, of whoever a word stands for."""
        return softmax(self._linear("sector2", np.maximum(self._linear("sector1", words), 0.0)))

    def candidates(self, words: Floats) -> Floats:
        """What ``pairs`` needs of every candidate, worked out once a window."""
        return self._linear("role_word", words)

    def events(self, words: Floats, types: Ints) -> Floats:
        """What ``pairs`` needs of every event."""
        found: Floats = self._linear("role_trigger", words) + self._arrays["role_type.weight"][types]
        return found

    def pairs(
        self, event: Floats, candidates: Floats, paths: Sequence[int], distances: Sequence[int], hints: Sequence[int]
    ) -> Floats:
        """Probabilities of one event's roles, candidates by roles."""
        size = self._half
        named = (("role_path", paths), ("role_distance", distances), ("role_hint", hints))
        steps = sum(self._arrays[f"{name}.weight"][list(numbers)] for name, numbers in named)
        added = np.maximum(event[:size] + candidates[:, :size] + steps, 0.0)
        both = np.concatenate([added, event[size:] * candidates[:, size:]], axis=1)
        return sigmoid(self._linear("roles", both))
