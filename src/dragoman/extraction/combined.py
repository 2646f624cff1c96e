"""Lexicon and learned model as one extractor: every candidate of either, with what both say of it.

The model says how likely each word names an event of each type and who plays which part; the lexicon says which
construction it is. Which candidates become records is decided once, in assembly, by weights fitted on both.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from dragoman.extraction.lexical import LexicalExtractor
from dragoman.extraction.mentions import EventMention, Group
from dragoman.extraction.neural.extractor import NeuralExtractor, NeuralMention
from dragoman.extraction.neural.heads import Floats
from dragoman.extraction.neural.model import Model, Reading
from dragoman.language.phrases import noun_phrase
from dragoman.language.tokens import ParsedDocument, Token

# Candidates of the model alone are looked at from this probability on; which of them count is fitted later.
LEAST = 0.12
# A party is the model's first choice from this probability on, a second choice from the next (not fitted).
FIRST, SECOND = 0.5, 0.2


class CombinedExtractor:
    """Mentions of the lexicon and of the model, each mention once.

    Raises:
        RuntimeError: when the model's files are not installed.
    """

    name = "lexicon and model"

    def __init__(self, lexical: LexicalExtractor | None = None, neural: NeuralExtractor | None = None) -> None:
        self.lexical = LexicalExtractor() if lexical is None else lexical
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
        for reading in self.model.read(document):
            read.update(t.i for t in reading.words)
            found.extend(self._reading(reading, by_head))
        found.extend(m for m in told if m.head.i not in read)
        return sorted(found, key=lambda m: (m.trigger.start, m.type))

    def _reading(self, reading: Reading, by_head: dict[int, list[EventMention]]) -> Iterable[EventMention]:
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
        learned = self.neural.mentions(reading, order)
        for hit, mention, (tokens, roles) in zip(order, learned, self.model.roles(reading, order), strict=True):
            if hit in near:
                continue
            both = lexical.get(hit)
            merged = mention if both is None else _merge(both, mention)
            merged.lexical = both is not None
            merged.probability = max([float(scores[hit]), *(float(scores[e]) for e, to in near.items() if to == hit)])
            _cast(merged, tokens, roles, both)
            yield merged

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


def _merge(lexical: EventMention, learned: NeuralMention) -> EventMention:
    """The lexicon's mention with what the model adds."""
    lexical.mode = lexical.mode or learned.mode
    return lexical


def _cast(mention: EventMention, tokens: Sequence[Token], roles: Floats, lexical: EventMention | None) -> None:
    """Put the model's parties before the lexicon's."""
    for column, name in enumerate(("actor", "recipient")):
        ranked = sorted(range(len(tokens)), key=lambda n: (-float(roles[n, column]), tokens[n].i))
        first = sorted((n for n in ranked if roles[n, column] >= FIRST), key=lambda n: tokens[n].i)
        second = [n for n in ranked if SECOND <= roles[n, column] < FIRST]
        groups: list[Group] = [[noun_phrase(tokens[n]) for n in first]] if first else []
        own: list[Group] = list(getattr(lexical, name)) if lexical is not None else []
        groups += own
        groups += [[noun_phrase(tokens[n])] for n in second]
        setattr(mention, name, groups)
