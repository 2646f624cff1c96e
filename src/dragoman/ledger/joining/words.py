"""Words as they are compared: stems, how rare each is, and what it is near in meaning.

``words.npz`` holds, for stems of general English, how many of the documents of our training corpus have them and a
vector of a few dimensions; ``python -m training.words`` makes it and tells how. It never changes with a ledger's
contents, so that what two records have in common is the same whenever they meet.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dragoman.ledger.stemming import stem_word
from dragoman.places.fold import fold

Floats = npt.NDArray[np.float64]

WORD = re.compile(r"[^\W\d_]{2,}|\d[\d.,]*\d|\d")
# What a word weighs that no document of the corpus has, nearly always a name: as if half a document had it.
_UNSEEN = 0.5
# From this weight on a word is rare (in one document of ninety or fewer): towns, persons and firms, not states.
RARE = 4.5
# Up to 99,999,999,999,999.
_DIGITS = 18
# Numbers are compared as numbers, not as words.
_NUMBERS: dict[str, float] = {
    **{w: n for n, w in enumerate("two three four five six seven eight nine ten eleven twelve thirteen".split(), 2)},
    **{w: n for n, w in enumerate("fourteen fifteen sixteen seventeen eighteen nineteen".split(), 14)},
    **{w: 10 * n for n, w in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)},
    **dict.fromkeys(("dozen", "dozens"), 12),
    **dict.fromkeys(("hundred", "hundreds"), 100),
    **dict.fromkeys(("thousand", "thousands"), 1000),
    **dict.fromkeys(("million", "millions"), 10**6),
}


class Word(NamedTuple):
    """A word's stem, its weight (inverse document frequency, natural logarithm), and its row among the vectors.

    The row is -1 where it has none.
    """

    stem: str
    weight: float
    row: int


@dataclass(frozen=True)
class Table:
    """Stems with their rows, their weights, and the vectors."""

    rows: dict[str, int]
    weights: list[float]
    unseen: float
    vectors: Floats


@cache
def table() -> Table:
    """The table that ships, read on first use and kept."""
    with (resources.files("dragoman.ledger.joining") / "words.npz").open("rb") as file, np.load(file) as data:
        stems = bytes(data["stems"]).decode().split("\n")
        documents, counts = int(data["documents"]), data["counts"].tolist()
        vectors = data["vectors"].astype(np.float64)
    weights = [math.log(documents / max(n, _UNSEEN)) for n in counts]
    return Table({s: n for n, s in enumerate(stems)}, weights, math.log(documents / _UNSEEN), vectors)


@lru_cache(maxsize=1 << 16)
def word(text: str) -> Word:
    """One word of a text, in whatever case."""
    known = table()
    stem = stem_word(fold(text))
    row = known.rows.get(stem, -1)
    return Word(stem, known.weights[row] if row >= 0 else known.unseen, row)


def number(text: str) -> float | None:
    """The number that a token is, None for a word that is none and for what is too long for a count of anything."""
    if text[0].isdigit():
        try:
            return float(text.replace(",", "")) if len(text) <= _DIGITS else None
        except ValueError:
            return None
    return _NUMBERS.get(text.lower())
