"""Fitting the small scores of assembly: one hidden layer, several seeds, averaged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import nn
from torch.nn import functional as F

Floats = npt.NDArray[np.float64]
UNKNOWN = -1.0


@dataclass(frozen=True, slots=True)
class Recipe:
    """``hidden`` units for each of ``seeds`` networks; ``decay`` pulls weights to nothing, ``drop`` hides features."""

    hidden: int = 16
    seeds: int = 4
    epochs: int = 60
    rate: float = 4e-3
    decay: float = 0.03
    drop: float = 0.1
    batch: int = 512


def fit(
    features: Sequence[str],
    answers: Sequence[str],
    x: Floats,
    y: Floats,
    weight: Floats,
    recipe: Recipe,
    thresholds: Mapping[str, float],
) -> dict[str, Any]:
    """The row that ``dragoman.assembly.scorer.Scorer`` reads. Answers of ``UNKNOWN`` are not asked."""
    mean, scale = x.mean(0), 1.0 / np.maximum(x.std(0), 0.05)
    inputs = torch.from_numpy(((x - mean) * scale).clip(-8, 8).astype(np.float32))
    wanted, counts = torch.from_numpy(y.astype(np.float32)), torch.from_numpy(weight.astype(np.float32))[:, None]
    asked = (wanted != UNKNOWN).float() * counts
    parts = []
    for seed in range(recipe.seeds):
        torch.manual_seed(seed)
        net = nn.Sequential(nn.Linear(x.shape[1], recipe.hidden), nn.ReLU(), nn.Linear(recipe.hidden, len(answers)))
        optimiser = torch.optim.AdamW(net.parameters(), lr=recipe.rate, weight_decay=recipe.decay)
        steps = recipe.epochs * (1 + len(x) // recipe.batch)
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, recipe.rate, total_steps=steps + 1)
        for _ in range(recipe.epochs):
            order = torch.randperm(len(x))
            for at in range(0, len(x), recipe.batch):
                rows = order[at : at + recipe.batch]
                out = net(F.dropout(inputs[rows], recipe.drop))
                wrong = F.binary_cross_entropy_with_logits(out, wanted[rows].clamp(min=0), reduction="none")
                loss = (wrong * asked[rows]).sum() / asked[rows].sum().clamp(min=1)
                optimiser.zero_grad()
                loss.backward()
                optimiser.step()
                schedule.step()
        parts.append([p.detach().double().numpy() for p in net.parameters()])
    w1 = np.concatenate([p[0].T for p in parts], axis=1)
    b1 = np.concatenate([p[1] for p in parts])
    w2 = np.concatenate([p[2].T for p in parts]) / recipe.seeds
    b2 = np.mean([p[3] for p in parts], axis=0)

    def numbers(values: Floats) -> Any:
        return np.round(values, 4).tolist()

    return {
        "features": list(features),
        "answers": list(answers),
        "thresholds": dict(thresholds),
        "mean": numbers(mean),
        "scale": numbers(scale),
        "w1": numbers(w1),
        "b1": numbers(b1),
        "w2": numbers(w2),
        "b2": numbers(b2),
    }
