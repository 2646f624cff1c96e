"""Samples to batches: windows of sentences, cut anew in each epoch, of like length together."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from dragoman.extraction.neural.features import Paths
from dragoman.learning.examples import Sample

# [CLS], [SEP] and padding in the starting encoder's vocabulary.
START, END, PAD, MASK = 101, 102, 0, 103


@dataclass(frozen=True, slots=True)
class Cut:
    """The words of one sample from ``start`` up to ``end``."""

    sample: Sample
    start: int
    end: int

    @property
    def size(self) -> int:
        return 2 + sum(len(p) for p in self.sample.pieces[self.start : self.end])


@dataclass(slots=True)
class Batch:
    """Tensors of some windows; words of all windows are numbered through."""

    pieces: Tensor
    lengths: Tensor
    row: Tensor
    first: Tensor
    ids: Tensor
    hints: Tensor
    triggers: Tensor
    weight: Tensor
    told: Tensor  # word, type, factuality, historical
    told_weight: Tensor
    modes: Tensor
    event: Tensor
    word: Tensor
    paths: Tensor
    distances: Tensor
    pair_hints: Tensor
    roles: Tensor
    entities: Tensor  # word, sector
    entity_weight: Tensor


def cuts(sample: Sample, limit: int, skip: random.Random | None = None) -> list[Cut]:
    """Windows of whole sentences up to ``limit`` pieces; with ``skip``, the limit varies from window to window."""
    bounds = [0, *(np.flatnonzero(np.diff(sample.sentence)) + 1).tolist(), len(sample.pieces)]
    lengths = [sum(len(p) for p in sample.pieces[a:b]) for a, b in itertools.pairwise(bounds)]
    found: list[Cut] = []
    start, size = 0, 0
    room = limit if skip is None else skip.randint(limit // 2, limit)
    for n, length in enumerate(lengths):
        if size and size + length > room:
            found.append(Cut(sample, start, bounds[n]))
            start, size = bounds[n], 0
            room = limit if skip is None else skip.randint(limit // 2, limit)
        size += length
    if start < bounds[-1]:
        found.append(Cut(sample, start, bounds[-1]))
    return found


def batched(rows: Sequence[Cut], pieces: int, order: random.Random | None) -> Iterator[list[Cut]]:
    """Groups of windows of about ``pieces`` pieces with padding; in chance order where ``order`` is given."""
    ranked = sorted(rows, key=lambda c: c.size + (order.random() * 24 if order else 0.0))
    groups: list[list[Cut]] = []
    held: list[Cut] = []
    longest = 0
    for cut in ranked:
        longest = max(longest, cut.size)
        if held and longest * (len(held) + 1) > pieces:
            groups.append(held)
            held, longest = [], cut.size
        held.append(cut)
    if held:
        groups.append(held)
    if order:
        order.shuffle(groups)
    yield from groups


def collate(
    group: Sequence[Cut],
    paths: Paths,
    modes: int,
    weights: dict[str, float],
    hide: tuple[random.Random, float] | None = None,
) -> Batch:
    """The tensors of some windows; ``weights`` by origin.

    ``hide`` is chance and the share of words that are masked, so that no single word decides.
    """
    limit = 512
    longest = min(limit, max(c.size for c in group))
    pieces = np.full((len(group), longest), PAD, dtype=np.int64)
    lengths, row, first, ids, triggers, weight = [], [], [], [], [], []
    told: list[tuple[int, int, int, int]] = []
    told_weight: list[float] = []
    told_modes: list[tuple[int, ...]] = []
    event: list[np.ndarray] = []
    hints: list[np.ndarray] = []
    names: list[int] = []
    word, distances, pair_hints, roles = [], [], [], []
    entities: list[np.ndarray] = []
    entity_weight: list[float] = []
    offset = 0
    for r, cut in enumerate(group):
        s = cut.sample
        flat = [START]
        here = []
        for p in s.pieces[cut.start : cut.end]:
            here.append(min(len(flat), limit - 2))
            flat.extend(p if hide is None or hide[0].random() >= hide[1] else [MASK] * len(p))
        flat = [*flat[: limit - 1], END]
        pieces[r, : len(flat)] = flat
        lengths.append(len(flat))
        row.extend([r] * len(here))
        first.extend(here)
        ids.append(s.ids[cut.start : cut.end])
        hints.append(s.hints[cut.start : cut.end])
        triggers.append(s.triggers[cut.start : cut.end])
        weight.extend([weights.get(s.origin, 1.0)] * len(here))
        for t in s.told:
            if not cut.start <= t.word < cut.end:
                continue
            inside = (t.candidates >= cut.start) & (t.candidates < cut.end)
            number = len(told)
            told.append((t.word - cut.start + offset, t.type, t.factuality, t.historical))
            told_weight.append(weights.get(s.origin, 1.0))
            told_modes.append(t.modes)
            event.append(np.full(int(inside.sum()), number))
            word.append(t.candidates[inside] - cut.start + offset)
            names.extend(paths.id(t.paths[k]) for k in np.flatnonzero(inside))
            distances.append(t.distances[inside])
            pair_hints.append(t.hints[inside])
            roles.append(t.roles[inside])
        own = s.entities[(s.entities[:, 0] >= cut.start) & (s.entities[:, 0] < cut.end)]
        entities.append(own + np.array([offset - cut.start, 0]))
        entity_weight.extend([weights.get(s.origin, 1.0)] * len(own))
        offset += cut.end - cut.start
    grid = np.zeros((len(told), modes), dtype=np.float32)
    for n, ms in enumerate(told_modes):
        grid[n, list(ms)] = 1.0

    def joined(arrays: list[np.ndarray], width: int = 0) -> Tensor:
        if arrays:
            return torch.from_numpy(np.concatenate(arrays).astype(np.int64))
        return torch.zeros((0, width) if width else (0,), dtype=torch.int64)

    return Batch(
        pieces=torch.from_numpy(pieces),
        lengths=torch.tensor(lengths),
        row=torch.tensor(row),
        first=torch.tensor(first),
        ids=joined(ids),
        hints=torch.from_numpy(np.concatenate(hints)),
        triggers=joined(triggers),
        weight=torch.tensor(weight),
        told=torch.tensor(told, dtype=torch.int64).reshape(-1, 4),
        told_weight=torch.tensor(told_weight),
        modes=torch.from_numpy(grid),
        event=joined(event),
        word=joined(word),
        paths=torch.tensor(names, dtype=torch.int64),
        distances=joined(distances),
        pair_hints=joined(pair_hints),
        roles=joined(roles, 5),
        entities=joined(entities, 2),
        entity_weight=torch.tensor(entity_weight),
    )
