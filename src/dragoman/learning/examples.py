"""Records to what the model is asked: for each word its types, for each mention its status and who takes part.

A record names each party once, however often the event is mentioned. A role is therefore asked only where its answer is
known: at the mention that the named party stands nearest to, where the same name stands in another mention's
sentence, and everywhere if the record has nobody in that role. Elsewhere the answer is ``UNKNOWN`` and not learned.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from dragoman import times
from dragoman.extraction.neural import gate
from dragoman.extraction.neural.features import MAX_SENTENCES, Climb, distance, is_candidate, path, word_ids
from dragoman.extraction.neural.hints import Hints, lexicon
from dragoman.extraction.neural.settings import FACTUALITY, ROLES, SECTOR_NAMES, labels
from dragoman.extraction.neural.windows import Pieces
from dragoman.language import ParsedDocument, Token, parse
from dragoman.learning.coded import Coded, occurrences
from dragoman.record import Event, Mention

UNKNOWN = -1
Ints = npt.NDArray[np.int64]

TYPES, MODES = labels()
_SECTOR = {name: n for n, name in enumerate(SECTOR_NAMES)}
_MODE = {name: n for n, name in enumerate(MODES)}


@dataclass(slots=True)
class Told:
    """One mention: its word, its type and status, and for each candidate (a word) the roles it has."""

    word: int
    type: int
    modes: tuple[int, ...]
    factuality: int
    historical: int
    candidates: Ints
    paths: list[str]
    distances: Ints
    hints: Ints
    roles: Ints
    record: int = 0


@dataclass(slots=True)
class Sample:
    """One document as numbers. ``triggers`` is words by types, 1, 0 or ``UNKNOWN``; ``sentence`` numbers the words',
    ``lemmas`` has each sentence's, and ``entities`` has for words that head a party's phrase the sector that it has."""

    id: str
    origin: str
    side: str
    pieces: list[tuple[int, ...]]
    ids: Ints
    hints: npt.NDArray[np.float32]
    sentence: Ints
    triggers: Ints
    told: list[Told] = field(default_factory=list)
    lemmas: list[set[str]] = field(default_factory=list)
    entities: Ints = field(default_factory=lambda: np.zeros((0, 2), dtype=np.int64))


def head_of(tokens: Sequence[Token]) -> Token:
    """The word of a span on which the others hang: a verb or noun if one does."""
    inside = set(map(id, tokens))
    tops = [t for t in tokens if t.head is t or id(t.head) not in inside]
    content = [t for t in tops if t.pos in ("VERB", "NOUN", "PROPN", "AUX", "ADJ")] or [
        t for t in tokens if t.pos in ("VERB", "NOUN")
    ]
    return (content or tops or list(tokens))[0]


class Reader:
    """The labels of one document.

    Args:
        coded: the document with its records.
        types: the types that are asked for, in the order of the network's outputs; every record has one of them.
    """

    def __init__(self, coded: Coded, types: Sequence[str] = TYPES) -> None:
        self.coded = coded
        self.types = {name: n for n, name in enumerate(types)}
        self.parsed: ParsedDocument = parse(coded.document)
        self.words = [t for s in self.parsed.sentences for t in s.tokens]
        self.number = {t.i: n for n, t in enumerate(self.words)}
        self.candidates = [t for t in self.words if is_candidate(t)]
        self.hints = Hints.of(lexicon().extract(self.parsed))
        self.expressions = times.find(coded.document.text, coded.document.published)

    def inside(self, start: int, end: int) -> list[Token]:
        """The words that a span touches."""
        return [t for t in self.words if t.start < end and t.end > start]

    def sample(self, pieces: Pieces) -> Sample:
        """The document as numbers."""
        words = self.words
        sample = Sample(
            id=self.coded.document.id,
            origin=self.coded.origin,
            side=self.coded.side,
            pieces=[pieces.of(t.text) for t in words],
            ids=np.array([word_ids(t) for t in words], dtype=np.int64).reshape(-1, 3),
            hints=self.hints.of_words(words),
            sentence=np.array([t.sentence.index for t in words], dtype=np.int64),
            triggers=np.zeros((len(words), len(self.types)), dtype=np.int64),
            lemmas=[gate.lemmas(s.tokens) for s in self.parsed.sentences],
        )
        heads: list[tuple[int, int]] = []
        for number, event in enumerate(self.coded.events):
            kind = self.types[event.type]
            for mention in event.mentions:
                span = self.inside(mention.trigger.start, mention.trigger.end)
                if not span:
                    continue
                for t in span:
                    sample.triggers[self.number[t.i], kind] = UNKNOWN
                head = head_of(span)
                heads.append((self.number[head.i], kind))
                sample.told.append(self._told(event, mention, head, number))
        for word, kind in heads:
            sample.triggers[word, kind] = 1
        sample.entities = self._entities()
        return sample

    def _entities(self) -> Ints:
        """Words that head a party's phrase, and the sector that the record gives it."""
        found = set()
        for event in self.coded.events:
            for entity in (*event.actor, *event.recipient, *event.attribution):
                span = self.inside(entity.start, entity.end)
                if span and entity.sector in _SECTOR:
                    found.add((self.number[head_of(span).i], _SECTOR[entity.sector]))
        return np.array(sorted(found), dtype=np.int64).reshape(-1, 2)

    def _told(self, event: Event, mention: Mention, head: Token, number: int) -> Told:
        near = [t for t in self.candidates if abs(t.sentence.index - head.sentence.index) <= MAX_SENTENCES]
        climb = Climb.of(head)
        roles = np.zeros((len(near), len(ROLES)), dtype=np.int64)
        for column, role in enumerate(ROLES):
            if role == "time":
                answer = self._time(event, head)
            elif role == "place":
                answer = self._place(event, mention)
            else:
                answer = self._role(event, mention, {"source": "attribution"}.get(role, role))
            if answer is None:
                roles[:, column] = UNKNOWN
            else:
                roles[:, column] = [int(t.i in answer) for t in near]
        modes = tuple(_MODE[f"{event.type}/{m}"] for m in event.mode if f"{event.type}/{m}" in _MODE)
        return Told(
            word=self.number[head.i],
            type=self.types[event.type],
            modes=modes,
            factuality=FACTUALITY.index(event.factuality),
            historical=int(event.historical),
            candidates=np.array([self.number[t.i] for t in near], dtype=np.int64),
            paths=[path(climb, t) for t in near],
            distances=np.array([distance(head, t) for t in near], dtype=np.int64),
            hints=np.array([self.hints.of_pair(head, t) for t in near], dtype=np.int64),
            roles=roles,
            record=number,
        )

    def _role(self, event: Event, mention: Mention, role: str) -> set[int] | None:
        """The words that have a role at a mention, None where this is not known."""
        entities = getattr(event, role)
        if not entities:
            return set()
        answer: set[int] = set()
        for entity in entities:
            home = next((m for m in event.mentions if m.start <= entity.start < m.end), None)
            if home is None:
                home = min(event.mentions, key=lambda m: abs(m.trigger.start - entity.start))
            span = self.inside(entity.start, entity.end)
            if not span:
                continue
            head = head_of(span)
            if not is_candidate(head):
                head = next((t for t in reversed(span) if is_candidate(t)), head)
            if home is mention:
                answer.add(head.i)
            elif head.pos == "PROPN":
                same = [t for t in self.candidates if t.text == head.text and mention.start <= t.start < mention.end]
                if same:
                    answer.add(min(same, key=lambda t: abs(t.start - mention.trigger.start)).i)
        return answer or None

    def _place(self, event: Event, mention: Mention) -> set[int] | None:
        if event.place is None:
            return set()
        spans = occurrences(self.coded.document.text, event.place.text)
        spans = [s for s in spans if mention.start <= s.start < mention.end] or [
            min(spans, key=lambda s: abs(s.start - mention.trigger.start))
            for _ in (0,)
            if spans and mention is event.mentions[0]
        ]
        found = {t.i for s in spans for t in [head_of(self.inside(s.start, s.end))] if is_candidate(t)}
        return found or None

    def _time(self, event: Event, head: Token) -> set[int] | None:
        if event.date is None:
            return set()
        found: set[int] = set()
        best: int | None = None
        for expression in self.expressions:
            if expression.value == event.date:
                words = [t for t in self.inside(expression.start, expression.end) if is_candidate(t)]
                gap = abs(expression.start - head.start)
                if words and abs(words[0].sentence.index - head.sentence.index) <= 1 and (best is None or gap < best):
                    found, best = {t.i for t in words}, gap
        return found or None


def samples(documents: Iterable[Coded], pieces: Pieces, types: Sequence[str] = TYPES) -> list[Sample]:
    """All documents as numbers."""
    return [Reader(d, types).sample(pieces) for d in documents]


def frequent_paths(rows: Iterable[Sample], least: int, most: int) -> tuple[str, ...]:
    """The paths of candidates that stand in a role at least ``least`` times, or among all ten times as often."""
    counts: dict[str, float] = {}
    for sample in rows:
        for told in sample.told:
            positive = (told.roles == 1).any(axis=1)
            for name, yes in zip(told.paths, positive, strict=True):
                counts[name] = counts.get(name, 0.0) + (1.0 if yes else 0.1)
    ranked = sorted((n for n, c in counts.items() if c >= least), key=lambda n: (-counts[n], n))
    return tuple(ranked[:most])
