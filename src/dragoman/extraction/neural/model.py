"""The shipped model: windows of a parsed document to probabilities, nothing decided yet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import numpy as np

from dragoman.extraction.neural import encoder as encoders
from dragoman.extraction.neural import gate, settings, windows
from dragoman.extraction.neural.features import MAX_SENTENCES, Climb, distance, is_candidate, path, word_ids
from dragoman.extraction.neural.heads import Floats, Heads
from dragoman.extraction.neural.hints import Hints
from dragoman.extraction.neural.settings import Settings
from dragoman.extraction.neural.windows import Pieces, Window
from dragoman.language.tokens import ParsedDocument, Token

# Words that never name an event.
_SILENT = frozenset({"PUNCT", "DET", "PRON", "CCONJ", "SYM", "NUM", "SPACE"})


@dataclass(slots=True, eq=False)
class Reading:
    """One window as the model reads it: its words, their vectors, and the probability of each type for each word."""

    words: tuple[Token, ...]
    vectors: Floats
    triggers: Floats
    hints: Hints


class Model:
    """Encoder, heads and settings together.

    Raises:
        RuntimeError: when the model's files are not installed.
    """

    def __init__(self) -> None:
        folder = resources.files(__package__) / "model"
        if not (folder / "encoder.onnx").is_file():
            raise RuntimeError("the model's files are missing: reinstall dragoman (see: dragoman doctor)")
        self.settings: Settings = settings.load()
        self.heads = Heads.read(folder / "heads.npz")
        self._pieces = Pieces(windows.tokenizer())
        self._encoder = encoders.load()

    def read(self, document: ParsedDocument, *, gated: bool = True) -> Iterator[Reading]:
        """The document's windows; sentences that the gate keeps shut are left out."""
        hints = Hints.of(document)
        weights = self.settings.gate
        opened = [s for s in document.sentences if not gated or gate.opens(s, weights)]
        for window in windows.windows(opened, self._pieces):
            yield self._reading(window, hints)

    def _reading(self, window: Window, hints: Hints) -> Reading:
        ids = np.array([word_ids(t) for t in window.words], dtype=np.int64)
        vectors = self.heads.words(self._encoder(window), ids, hints.of_words(window.words))
        triggers = self.heads.triggers(vectors)
        triggers[[n for n, t in enumerate(window.words) if t.pos in _SILENT]] = 0.0
        return Reading(window.words, vectors, triggers, hints)

    def status(self, reading: Reading, hits: Sequence[tuple[int, int]]) -> tuple[Floats, Floats, Floats]:
        """Probabilities of modes, factuality and background for each (word, type)."""
        at, kinds = [w for w, _ in hits], np.array([k for _, k in hits], dtype=np.int64)
        return self.heads.status(reading.vectors[at], kinds)

    def roles(self, reading: Reading, hits: Sequence[tuple[int, int]]) -> Iterator[tuple[list[Token], Floats]]:
        """For each (word, type) the candidates near it and their probabilities, candidates by roles."""
        at, kinds = [w for w, _ in hits], np.array([k for _, k in hits], dtype=np.int64)
        events = self.heads.events(reading.vectors[at], kinds)
        here = [n for n, t in enumerate(reading.words) if is_candidate(t)]
        candidates = self.heads.candidates(reading.vectors[here])
        tokens = [reading.words[n] for n in here]
        for event, word in zip(events, at, strict=True):
            head = reading.words[word]
            near = [n for n, t in enumerate(tokens) if t is not head and _close(t, head)]
            chosen = [tokens[n] for n in near]
            climb = Climb.of(head)
            paths = [self.settings.paths.id(path(climb, t)) for t in chosen]
            steps = [distance(head, t) for t in chosen]
            told = [reading.hints.of_pair(head, t) for t in chosen]
            yield chosen, self.heads.pairs(event, candidates[near], paths, steps, told)


def _close(a: Token, b: Token) -> bool:
    return abs(a.sentence.index - b.sentence.index) <= MAX_SENTENCES


@lru_cache(maxsize=1)
def load() -> Model:
    """The shipped model, loaded once."""
    return Model()
