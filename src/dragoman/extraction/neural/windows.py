"""Sentences to windows of word pieces: what one run of the encoder reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING

from dragoman.language.tokens import Sentence, Token

if TYPE_CHECKING:
    from tokenizers import Tokenizer

# Pieces a window: long enough for most cross-sentence parties, short enough for attention to cost little.
MAX_PIECES = 256
# Letters and accents beyond this length add nothing that tells one word from another.
_MAX_WORD = 8


@lru_cache(maxsize=1)
def tokenizer() -> Tokenizer:
    """The word-piece tokenizer that ships with the model."""
    from tokenizers import Tokenizer

    return Tokenizer.from_str(
        (resources.files("dragoman.extraction.neural") / "model" / "tokenizer.json").read_text("utf-8")
    )


class Pieces:
    """Words to the numbers of their pieces; words recur, so most are looked up rather than cut again."""

    def __init__(self, cutter: Tokenizer) -> None:
        cutter.no_padding()
        cutter.no_truncation()
        self._cutter = cutter
        self.start, self.end, unknown = (_number(cutter, name) for name in ("[CLS]", "[SEP]", "[UNK]"))
        self.of = lru_cache(maxsize=50_000)(lambda word: self._cut(word, unknown))

    def _cut(self, word: str, unknown: int) -> tuple[int, ...]:
        found = self._cutter.encode(word, add_special_tokens=False).ids
        return tuple(found[:_MAX_WORD]) or (unknown,)


def _number(cutter: Tokenizer, name: str) -> int:
    found = cutter.token_to_id(name)
    if found is None:
        raise ValueError(f"the tokenizer lacks {name}")
    return int(found)


@dataclass(frozen=True, slots=True)
class Window:
    """Consecutive sentences, their words, all pieces with marks around, and where each word's first piece stands."""

    words: tuple[Token, ...]
    pieces: tuple[int, ...]
    first: tuple[int, ...]


def windows(sentences: Iterable[Sentence], pieces: Pieces, limit: int = MAX_PIECES) -> Iterator[Window]:
    """Windows of whole sentences, each sentence in one window; a longer one than ``limit`` is cut."""
    held: list[tuple[Token, tuple[int, ...]]] = []
    size = 0
    for sentence in sentences:
        cut = [(t, pieces.of(t.text)) for t in sentence.tokens]
        length = sum(len(p) for _, p in cut)
        if held and size + length > limit:
            yield _window(held, pieces)
            held, size = [], 0
        while length > limit:
            part, size = _head(cut, limit)
            yield _window(cut[:part], pieces)
            cut, length, size = cut[part:], length - size, 0
        held += cut
        size += length
    if held:
        yield _window(held, pieces)


def _head(cut: Sequence[tuple[Token, tuple[int, ...]]], limit: int) -> tuple[int, int]:
    size = 0
    for n, (_, p) in enumerate(cut):
        if size + len(p) > limit and n:
            return n, size
        size += len(p)
    return len(cut), size


def _window(held: Sequence[tuple[Token, tuple[int, ...]]], pieces: Pieces) -> Window:
    ids = [pieces.start]
    first = []
    for _, p in held:
        first.append(len(ids))
        ids.extend(p)
    ids.append(pieces.end)
    return Window(tuple(t for t, _ in held), tuple(ids), tuple(first))
