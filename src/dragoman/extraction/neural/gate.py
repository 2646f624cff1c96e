"""Which sentences the encoder need not read: those whose words, added up, speak against any event.

Each lemma has a weight, fitted on the corpus; a lemma never met weighs nothing. How many of the events' sentences the
gate lets through is measured on held-out text and stands in the model's report.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from dragoman.language.tokens import Sentence, Token

# The key under which the mapping of weights holds the start value.
START = ""
_NAMING = frozenset({"VERB", "NOUN", "ADJ", "PROPN", "ADV", "AUX", "ADP", "INTJ", "PRON"})


def lemmas(tokens: Iterable[Token]) -> set[str]:
    """The different lemmas that have a weight: words of content, prepositions and pronouns."""
    return {t.lemma.lower() for t in tokens if t.pos in _NAMING}


def opens(sentence: Sentence, weights: Mapping[str, float]) -> bool:
    """Whether a sentence may hold an event."""
    # Exact, since a set has no order and the bar lies on the sum of a sentence of the corpus: the last bit decides.
    return math.fsum([weights.get(START, 0.0), *(weights.get(x, 0.0) for x in lemmas(sentence.tokens))]) >= 0.0
