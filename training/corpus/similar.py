"""Texts that say the same in the same words: near-duplicates, shared runs of words, and repeated
skeletons."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

# Five words running are seldom shared by chance: in two texts written apart, almost none are.
SHINGLE = 5
# Over this share of the shorter text's shingles in the other text, one is a copy of the other. Jaccard's
# index over the same bound is always included, and a passage taken over into a report is found too.
DUPLICATE = 0.5
# Runs of this many words in common with measuring texts mean that a sentence was taken from them.
RUN = 9

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_RUN_WORD = re.compile(r"[a-z0-9']+")
_NAME = re.compile(r"[A-Z]|\d")


def shingles(text: str, size: int = SHINGLE) -> frozenset[str]:
    """All runs of ``size`` words in lower case; the whole text where it is shorter."""
    return _shingles(_WORD.findall(text.lower()), size)


def skeleton(text: str, size: int = SHINGLE) -> frozenset[str]:
    """The same with names and numbers blanked, so that a template filled in anew shows."""
    return _shingles(["_" if _NAME.match(w) else w for w in _WORD.findall(text)], size)


def _shingles(words: list[str], size: int) -> frozenset[str]:
    return frozenset(" ".join(words[i : i + size]) for i in range(max(1, len(words) - size + 1)))


def near_duplicates(sets: Mapping[str, frozenset[str]]) -> list[tuple[str, str, float]]:
    """Pairs of keys whose sets share over ``DUPLICATE`` of the smaller one, with the share, in order of the
    keys."""
    holders: dict[str, list[str]] = defaultdict(list)
    pairs = []
    for key in sorted(sets):
        common: Counter[str] = Counter()
        for shingle in sets[key]:
            common.update(holders[shingle])
            holders[shingle].append(key)
        for other, count in common.items():
            share = count / min(len(sets[key]), len(sets[other]))
            if share > DUPLICATE:
                pairs.append((other, key, share))
    return sorted(pairs)


def groups(keys: list[str], pairs: list[tuple[str, str, float]]) -> dict[str, str]:
    """For each key the smallest key that a chain of pairs joins it to: its group's name."""
    parent = {k: k for k in keys}

    def root(key: str) -> str:
        while parent[key] != key:
            parent[key] = parent[parent[key]]
            key = parent[key]
        return key

    for a, b, _ in pairs:
        low, high = sorted((root(a), root(b)))
        parent[high] = low
    return {k: root(k) for k in keys}


def runs(text: str) -> set[str]:
    """All runs of ``RUN`` words, by a spelling that ignores case and punctuation."""
    words = _RUN_WORD.findall(text.lower())
    return {" ".join(words[i : i + RUN]) for i in range(len(words) - RUN + 1)}


def held_runs(shared: Path) -> set[str]:
    """The runs of all measuring texts below a folder laid out as ``gold/*/*.json`` and ``bench/*/*``."""
    held: set[str] = set()
    for text in _held_texts(shared):
        held |= runs(text)
    return held


def _held_texts(shared: Path) -> Iterator[str]:
    for path in sorted(shared.glob("gold/*/*.json")):
        row = json.loads(path.read_text("utf-8"))
        yield from (row["text"], row.get("title") or "")
    for path in sorted(shared.glob("bench/*/*.jsonl")):
        for line in path.read_text("utf-8").split("\n"):
            if line.strip():
                yield json.loads(line).get("text", "")
    for path in sorted(shared.glob("bench/*/*.tsv")):
        for line in path.read_text("utf-8").split("\n"):
            yield from line.split("\t")
    for path in sorted(shared.glob("*.md")):
        yield path.read_text("utf-8")
