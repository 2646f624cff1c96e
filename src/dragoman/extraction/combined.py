"""Lexicon and learned model as one extractor: every candidate of either, with what both say of it.

The model says how likely each word names an event of each type and who plays which part; the lexicon says which
construction it is. Which candidates become records is decided once, in assembly, by weights fitted on both.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from dragoman.extraction.lexical import LexicalExtractor
from dragoman.extraction.mentions import EventMention
from dragoman.extraction.neural.extractor import NeuralExtractor
from dragoman.extraction.neural.heads import one_thread
from dragoman.extraction.neural.hints import lexicon
from dragoman.extraction.neural.model import Model, Reading
from dragoman.language.tokens import ParsedDocument, Token

# Candidates of the model alone are looked at from this probability on; which of them count is fitted later.
LEAST = 0.12
# A sentence has no more candidates than this, the likeliest: a bound on the cost of lists that have no end. Of the
# sentences of the corpus and the public reports none has half as many.
MOST = 40


class CombinedExtractor:
    """Mentions of the lexicon and of the model, each mention once.

    Raises:
        RuntimeError: when the model's files are not installed.
    """

    name = "lexicon and model"

    def __init__(self, lexical: LexicalExtractor | None = None, neural: NeuralExtractor | None = None) -> None:
        self.lexical = lexicon() if lexical is None else lexical
        self.neural = NeuralExtractor() if neural is None else neural
        self.kinds = {name: k for k, name in enumerate(self.model.settings.types)}

    @property
    def model(self) -> Model:
        """The learned model behind the second opinion."""
        return self.neural.model

    def extract(self, document: ParsedDocument) -> list[EventMention]:
        """All candidates, in the order of the text."""
        told = self.lexical.extract(document)
        by_head: dict[int, list[EventMention]] = {}
        for mention in told:
            by_head.setdefault(mention.head.i, []).append(mention)
        found: list[EventMention] = []
        read: set[int] = set()
        count: Counter[int] = Counter()
        with one_thread():
            for reading in self.model.read(document, told):
                read.update(t.i for t in reading.words)
                found.extend(self._reading(reading, by_head, count))
        for mention in told:
            if mention.head.i not in read:
                # The gate kept the sentence from being read: the model's no.
                mention.probability = 0.0
                found.append(mention)
        return sorted(found, key=lambda m: (m.trigger.start, m.type))

    def _reading(
        self, reading: Reading, by_head: dict[int, list[EventMention]], count: Counter[int]
    ) -> Iterable[EventMention]:
        scores = reading.triggers
        hits = {(int(w), int(k)): None for w, k in np.argwhere(scores >= LEAST)}
        lexical: dict[tuple[int, int], EventMention] = {}
        for word, token in enumerate(reading.words):
            for mention in by_head.get(token.i, ()):
                lexical[(word, self.kinds[mention.type])] = mention
        hits |= dict.fromkeys(lexical)
        order = sorted(hits)
        if not order:
            return
        near = self._echoes(order, lexical, reading)
        order = self._most([h for h in order if h not in near], lexical, reading, count)
        for hit, mention in zip(order, self.neural.mentions(reading, order), strict=True):
            both = lexical.get(hit)
            merged = mention if both is None else _merge(both, mention)
            merged.probability = max([float(scores[hit]), *(float(scores[e]) for e, to in near.items() if to == hit)])
            yield merged

    def _most(
        self,
        order: list[tuple[int, int]],
        lexical: dict[tuple[int, int], EventMention],
        reading: Reading,
        count: Counter[int],
    ) -> list[tuple[int, int]]:
        """The likeliest hits of each sentence, in the order of the text; ``count`` has how many each has already."""
        kept = []
        for hit in sorted(order, key=lambda h: (-max(float(reading.triggers[h]), LEAST * (h in lexical)), h)):
            sentence = reading.words[hit[0]].sentence.index
            count[sentence] += 1
            if count[sentence] <= MOST:
                kept.append(hit)
        return sorted(kept)

    def _echoes(
        self, order: Sequence[tuple[int, int]], lexical: dict[tuple[int, int], EventMention], reading: Reading
    ) -> dict[tuple[int, int], tuple[int, int]]:
        """Hits of the model on another word of the same predicate, and the hit that they echo ("imposed sanctions")."""
        near: dict[tuple[int, int], tuple[int, int]] = {}
        taken: dict[tuple[int, int], tuple[int, int]] = {}
        ranked = sorted(order, key=lambda h: (h not in lexical, -float(reading.triggers[h]), h))
        for word, kind in ranked:
            token = reading.words[word]
            kin = [t for t in (token.head, *token.children) if t is not token]
            rival = next((taken[(t.i, kind)] for t in kin if (t.i, kind) in taken and _linked(token, t)), None)
            if rival is not None and (word, kind) not in lexical:
                near[(word, kind)] = rival
            else:
                taken[(token.i, kind)] = (word, kind)
        return near


_LINKS = frozenset("dobj nsubjpass pobj attr xcomp compound prt oprd prep nsubj amod acl".split())


def _linked(a: Token, b: Token) -> bool:
    child = a if a.head is b else b
    return child.dep in _LINKS


def _merge(lexical: EventMention, learned: EventMention) -> EventMention:
    """The lexicon's mention with what the model adds."""
    lexical.mode = lexical.mode or learned.mode
    lexical.background = learned.background
    lexical.candidates = learned.candidates
    lexical.reasons += [(field, f"the model: {why}") for field, why in learned.reasons]
    return lexical
