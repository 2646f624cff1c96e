"""The shipped model: windows of a parsed document to probabilities, nothing decided yet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from importlib.resources.abc import Traversable

import numpy as np

from dragoman.extraction.mentions import EventMention
from dragoman.extraction.neural import gate, windows
from dragoman.extraction.neural.encoder import Encoder
from dragoman.extraction.neural.features import MAX_SENTENCES, Climb, distance, is_candidate, path, word_ids
from dragoman.extraction.neural.heads import Floats, Heads
from dragoman.extraction.neural.hints import Hints
from dragoman.extraction.neural.settings import SECTOR_NAMES, Settings
from dragoman.extraction.neural.windows import Pieces, Window
from dragoman.language.tokens import ParsedDocument, Token

# How many sectors of a word are handed on.
LIKELIEST = 3
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

    Args:
        folder: where the model's files lie; the shipped model's by default.

    Raises:
        RuntimeError: when the model's files are not there.
    """

    def __init__(self, folder: Traversable | None = None) -> None:
        shipped = folder is None
        folder = resources.files(__package__) / "model" if folder is None else folder
        if not (folder / "encoder.onnx").is_file():
            fix = "reinstall dragoman (see: dragoman doctor)" if shipped else f"no encoder.onnx in {folder}"
            raise RuntimeError(f"the model's files are missing: {fix}")
        self.settings = Settings.read(folder / "settings.json")
        self.heads = Heads.read(folder / "heads.npz")
        self._pieces = Pieces(windows.tokenizer())
        self._encoder = Encoder((folder / "encoder.onnx").read_bytes())

    def read(self, document: ParsedDocument, told: Sequence[EventMention], *, gated: bool = True) -> Iterator[Reading]:
        """The document's windows; sentences that the gate keeps shut are left out.

        Args:
            document: the parsed document.
            told: the lexicon's mentions of it, which the model reads beside the words.
            gated: whether the gate counts.
        """
        hints = Hints.of(told)
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

    def sectors(self, reading: Reading) -> dict[int, tuple[tuple[str, float], ...]]:
        """The likeliest sectors of whoever each candidate of a window stands for, by the word's number."""
        here = [n for n, t in enumerate(reading.words) if is_candidate(t)]
        if not here or not self.heads.has("sector1"):
            return {}
        found = self.heads.sectors(reading.vectors[here])
        order = np.argsort(-found, axis=1, kind="stable")[:, :LIKELIEST]
        return {
            reading.words[n].i: tuple((SECTOR_NAMES[k], float(row[k])) for k in ranked)
            for n, row, ranked in zip(here, found, order, strict=True)
        }

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
