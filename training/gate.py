"""The gate's weights: a logistic regression on the lemmas of a sentence, set to miss next to nothing."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch.nn import functional as F

from dragoman.extraction.neural.gate import START
from dragoman.learning.examples import Sample

# A lemma is weighed when this many sentences of the training side have it.
LEAST = 3
# The share of events' sentences that the gate must let through on text that it was not fitted on.
RECALL = 0.995


@dataclass(frozen=True, slots=True)
class Sentences:
    """Sentences as sets of lemmas, whether each tells an event, and how many words each has."""

    lemmas: list[set[str]]
    tells: np.ndarray
    words: np.ndarray


def sentences(rows: Sequence[Sample]) -> Sentences:
    """All sentences of some samples."""
    lemmas: list[set[str]] = []
    tells: list[bool] = []
    words: list[int] = []
    for s in rows:
        told = {int(s.sentence[t.word]) for t in s.told}
        for n, found in enumerate(s.lemmas):
            lemmas.append(found)
            tells.append(n in told)
            words.append(int((s.sentence == n).sum()))
    return Sentences(lemmas, np.array(tells), np.array(words))


def fit(found: Sentences, epochs: int = 60, decay: float = 3e-3) -> dict[str, float]:
    """Weights of lemmas, the start value under ``START``."""
    counts = Counter(lemma for row in found.lemmas for lemma in row)
    names = sorted(n for n, c in counts.items() if c >= LEAST)
    number = {n: k for k, n in enumerate(names)}
    flat = [number[x] for row in found.lemmas for x in sorted(row) if x in number]
    offsets = np.cumsum([0, *(sum(x in number for x in row) for row in found.lemmas)])[:-1]
    torch.manual_seed(7)
    table = torch.nn.EmbeddingBag(len(names), 1, mode="sum")
    torch.nn.init.zeros_(table.weight)
    start = torch.zeros(1, requires_grad=True)
    optimiser = torch.optim.Adam([*table.parameters(), start], lr=0.05)
    answer = torch.from_numpy(found.tells.astype(np.float32))
    where, which = torch.from_numpy(offsets), torch.tensor(flat)
    for _ in range(epochs):
        loss = F.binary_cross_entropy_with_logits(table(which, where)[:, 0] + start, answer)
        loss = loss + decay * table.weight.pow(2).sum() / 10
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    weights = {n: float(v) for n, v in zip(names, table.weight.detach()[:, 0], strict=True)}
    return {START: float(start.detach()), **weights}


def scores(found: Sentences, weights: Mapping[str, float]) -> np.ndarray:
    """Each sentence's sum."""
    return np.array([math.fsum([weights[START], *(weights.get(x, 0.0) for x in row)]) for row in found.lemmas])


def set_bar(weights: dict[str, float], held_out: Sentences) -> dict[str, float]:
    """The weights with a start value at which ``RECALL`` of the held-out events' sentences pass."""
    told = np.sort(scores(held_out, weights)[held_out.tells])
    bar = told[int((1.0 - RECALL) * len(told))] if len(told) else 0.0
    return {**weights, START: weights[START] - float(bar)}


def figures(found: Sentences, weights: Mapping[str, float]) -> dict[str, float]:
    """Recall over the events' sentences and the share of words that the encoder reads."""
    opened = scores(found, weights) >= 0.0
    return {
        "recall": float(opened[found.tells].mean()) if found.tells.any() else 1.0,
        "words read": float(found.words[opened].sum() / max(1, found.words.sum())),
        "sentences": float(len(opened)),
    }
