"""What a document is about: its contexts, by a weighted lexicon of our own.

Words and phrases of ``contexts.yaml`` are counted in title and text; each adds its weight, less for every
repetition, so that a topic shows by its vocabulary and not by one word said often. No learned part, no parse.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

import yaml

from dragoman.codebook import CONTEXTS, CodebookError

LIMIT = 5

# Set on gold/train alone, 30 reports of 400 to 1,050 words, in the middle of the region where micro-F1 is
# flat (.82 to .85): a grid over six weightings (0, 1, 2 to .3, 1, 4), title 2 to 5 times, lead 0 to 150
# words, length power 0 to .8, floor 4 to 12, share .15 to .4. A higher power or floor costs recall first.
WEIGHTS = {1.0: 0.25, 2.0: 1.0, 3.0: 2.0}
TITLE_TIMES = 3  # a word of the title counts as if said so often
LEAD_WORDS = 100  # the words that count twice: a report says first what it is about
USUAL_WORDS = 500  # the length to which scores are brought
LENGTH_POWER = 0.25
FLOOR = 8.0  # a context scores at least so much
SHARE = 0.25  # and at least this share of the best one's score
# The best context alone may score less, as in a report of two sentences; one telling word, in the lead, is
# 3.4 before its length is allowed for, and a vague one is .4.
FIRST_FLOOR = 3.0

SHORTEST_STEM = 2  # letters of a stem by which words are looked up

_WORD = re.compile(r"[^\W_]+")

Hit = tuple[int, float, int]  # context's number, weight, term's number


@dataclass(frozen=True, slots=True)
class _Part:
    """One word of a term: what it is or begins with, in capitals only if ``capitals``."""

    text: str
    prefix: bool
    capitals: bool

    def matches(self, word: str, lower: str) -> bool:
        said = word if self.capitals else lower
        return said.startswith(self.text) if self.prefix else said == self.text


@dataclass(frozen=True, slots=True)
class _Term:
    first: _Part
    rest: tuple[_Part, ...]
    hit: Hit


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The terms of all contexts, ready to be looked up by a word's beginning."""

    names: tuple[str, ...]
    exact: Mapping[str, tuple[_Term, ...]]
    prefixed: Mapping[str, tuple[_Term, ...]]

    def starting(self, word: str) -> tuple[_Term, ...]:
        """The terms that ``word`` may begin."""
        lower = word.lower()
        found = list(self.exact.get(lower, ()))
        for end in range(SHORTEST_STEM, len(lower) + 1):
            found += self.prefixed.get(lower[:end], ())
        return tuple(t for t in found if t.first.matches(word, lower))


def _part(word: str) -> _Part:
    prefix = word.endswith("*")
    stem = word.rstrip("*")
    capitals = len(stem) > 1 and stem.isupper()
    return _Part(stem if capitals else stem.lower(), prefix, capitals)


def build_lexicon(rows: Mapping[str, Mapping[int, Sequence[str]]]) -> Lexicon:
    """The lexicon from its file's mapping: context -> weight -> terms.

    Raises CodebookError for a context that the codebook lacks, one that is missing, a weight other than 1
    to 3, or a term given twice.
    """
    if set(rows) != set(CONTEXTS):
        raise CodebookError(f"contexts.yaml and the codebook differ in {sorted(set(rows) ^ set(CONTEXTS))}")
    exact: dict[str, list[_Term]] = {}
    prefixed: dict[str, list[_Term]] = {}
    number = 0
    for index, name in enumerate(CONTEXTS):
        seen: set[str] = set()
        for weight, terms in rows[name].items():
            if weight not in WEIGHTS:
                raise CodebookError(f"contexts.yaml, {name}: weight {weight} is none of 1, 2, 3")
            for term in terms:
                if str(term) in seen:
                    raise CodebookError(f"contexts.yaml, {name}: {term!r} is given twice")
                seen.add(str(term))
                parts = [_part(m.group()) for m in re.finditer(r"[^\W_]+\*?", str(term))]
                if not parts or (parts[0].prefix and len(parts[0].text) < SHORTEST_STEM):
                    raise CodebookError(f"contexts.yaml, {name}: {term!r} has no word to look up")
                made = _Term(parts[0], tuple(parts[1:]), (index, float(weight), number))
                table = prefixed if parts[0].prefix else exact
                table.setdefault(parts[0].text.lower(), []).append(made)
                number += 1
    return Lexicon(
        tuple(CONTEXTS),
        {key: tuple(value) for key, value in exact.items()},
        {key: tuple(value) for key, value in prefixed.items()},
    )


@lru_cache(maxsize=1)
def _lexicon() -> Lexicon:
    text = resources.files(__package__).joinpath("contexts.yaml").read_text("utf-8")
    rows: dict[str, Any] = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return build_lexicon(rows)


@lru_cache(maxsize=50_000)
def _starting(word: str) -> tuple[_Term, ...]:
    return _lexicon().starting(word)


def _hits(words: Sequence[str]) -> Iterator[tuple[int, Hit]]:
    """Every term found, with the place of its first word."""
    count = len(words)
    for at, word in enumerate(words):
        for term in _starting(word):
            if not term.rest:
                yield at, term.hit
                continue
            if at + len(term.rest) >= count:
                continue
            following = words[at + 1 : at + 1 + len(term.rest)]
            if all(p.matches(w, w.lower()) for p, w in zip(term.rest, following, strict=True)):
                yield at, term.hit


def context_scores(text: str, title: str = "") -> dict[str, float]:
    """How strongly a document speaks of each context, best first; those without a single term are left
    out."""
    counts: Counter[Hit] = Counter()
    for _, hit in _hits(_WORD.findall(title)):
        counts[hit] += TITLE_TIMES
    words = _WORD.findall(text)
    for at, hit in _hits(words):
        counts[hit] += 2 if at < LEAD_WORDS else 1
    scores: dict[int, float] = {}
    for (index, weight, _), said in counts.items():
        scores[index] = scores.get(index, 0.0) + WEIGHTS[weight] * (1 + math.log(said))
    length = (max(len(words), 50) / USUAL_WORDS) ** LENGTH_POWER
    names = _lexicon().names
    rows = sorted(((score / length, index) for index, score in scores.items()), key=lambda r: (-r[0], r[1]))
    return {names[index]: score for score, index in rows}


def find_contexts(text: str, title: str = "", event_types: Sequence[str] = (), limit: int = LIMIT) -> tuple[str, ...]:
    """The contexts of a document, most apt first, at most ``limit``; empty where nothing tells of any.

    ``event_types``, the types of the document's events, have no weight: raising `military` and `diplomatic`
    by the share of their types left micro-F1 on gold/train as it was at best (.854; .826 at worst), gold
    types even, since the words that make an event are in the lexicon already.
    """
    ranked = list(context_scores(text, title).items())
    if not ranked or ranked[0][1] < FIRST_FLOOR:
        return ()
    bar = max(FLOOR, SHARE * ranked[0][1])
    return tuple(name for at, (name, score) in enumerate(ranked) if not at or score >= bar)[:limit]
