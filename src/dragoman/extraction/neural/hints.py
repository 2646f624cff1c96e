"""What the lexicon makes of a document, as numbers beside the words: the model learns where to believe it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from dragoman.extraction.lexical import LexicalExtractor
from dragoman.extraction.mentions import EventMention
from dragoman.extraction.neural.settings import FACTUALITY, labels
from dragoman.language.tokens import Token

Floats = npt.NDArray[np.float32]

_TYPES, _MODES = ({name: n for n, name in enumerate(names)} for names in labels())
_FACTS = {name: n for n, name in enumerate(FACTUALITY)}
# One number a type, how likely the lexicon holds the word to name such an event; then 1 for its factuality and mode.
WIDTH = len(_TYPES) + len(_FACTS) + len(_MODES)
# Sums of 1 where the lexicon has a word as actor, 2 as recipient, 4 as source.
PAIRS = 8


@lru_cache(maxsize=1)
def lexicon() -> LexicalExtractor:
    """The lexicon whose reading the model was trained beside, loaded once."""
    return LexicalExtractor()


@dataclass(frozen=True, slots=True)
class Hints:
    """The lexicon's reading of one document: rows by word, and roles by event word and candidate."""

    rows: dict[int, Floats]
    roles: dict[int, dict[int, int]]

    @classmethod
    def of(cls, told: Iterable[EventMention]) -> Hints:
        """From the lexicon's mentions of a document."""
        rows: dict[int, Floats] = {}
        roles: dict[int, dict[int, int]] = {}
        for mention in told:
            row = rows.setdefault(mention.head.i, np.zeros(WIDTH, dtype=np.float32))
            row[_TYPES[mention.type]] = mention.weight
            row[len(_TYPES) + _FACTS[mention.factuality]] = 1.0
            for mode in mention.mode:
                place = _MODES.get(f"{mention.type}/{mode}")
                if place is not None:
                    row[len(_TYPES) + len(_FACTS) + place] = 1.0
            parts = roles.setdefault(mention.head.i, {})
            for bit, groups in ((1, mention.actor), (2, mention.recipient), (4, mention.attribution)):
                for phrase in groups[0] if groups else ():
                    parts[phrase.head.i] = parts.get(phrase.head.i, 0) | bit
        return cls(rows, roles)

    def of_words(self, words: tuple[Token, ...] | list[Token]) -> Floats:
        """One row a word; zeros where the lexicon sees no event."""
        found = np.zeros((len(words), WIDTH), dtype=np.float32)
        for n, t in enumerate(words):
            row = self.rows.get(t.i)
            if row is not None:
                found[n] = row
        return found

    def of_pair(self, event: Token, candidate: Token) -> int:
        """The roles that the lexicon gives a candidate, 0 for none."""
        return self.roles.get(event.i, {}).get(candidate.i, 0)
