"""The training loop: one network, one optimiser, all heads at once."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from dragoman.extraction.neural.features import Paths
from dragoman.extraction.neural.settings import labels
from dragoman.extraction.neural.windows import MAX_PIECES
from dragoman.learning.batches import Batch, batched, collate, cuts
from dragoman.learning.examples import UNKNOWN, Sample
from dragoman.learning.model import Network

TYPES, MODES = labels()
# What a text counts by its origin: public reports are what the model is for, and are few; articles are like them, but
# ours. Set by judgement, not fitted.
WEIGHTS = {"public": 3.0, "article": 1.5, "report": 1.0, "passage": 1.0}


@dataclass(frozen=True, slots=True)
class Plan:
    """How to train. Rates are peak rates; ``pieces`` is a batch's size with padding, ``window`` a window's.

    ``hidden`` is the share of words masked. What is kept in the end is a running mean of the weights; ``memory`` is how
    much of it each step leaves as it is.
    """

    epochs: int = 8
    pieces: int = 1024
    window: int = MAX_PIECES
    encoder_rate: float = 1e-4
    head_rate: float = 1e-3
    decay: float = 0.01
    warm_up: float = 0.1
    seed: int = 7
    hidden: float = 0.08
    memory: float = 0.995
    weights: dict[str, float] = field(default_factory=lambda: dict(WEIGHTS))


@lru_cache(maxsize=4)
def modes_of(types: int) -> Tensor:
    """Which modes belong to which of so many types, types by modes; those after the codebook's have none."""
    names = (*TYPES, *(types - len(TYPES)) * [" "])
    return torch.tensor([[m.startswith(f"{t}/") for m in MODES] for t in names])


def losses(network: Network, batch: Batch) -> dict[str, Tensor]:
    """What each head gets wrong, each as a mean over what it was asked about a mention."""
    with torch.autocast("cpu", torch.bfloat16, enabled=network.training):
        hidden = network.encoder(batch.pieces, batch.lengths)
    words = network.words(hidden.float()[batch.row, batch.first], batch.ids, batch.hints)
    known = batch.triggers != UNKNOWN
    wrong = F.binary_cross_entropy_with_logits(
        network.triggers(words), batch.triggers.clamp(min=0).float(), reduction="none"
    )
    count = batch.told_weight.sum() + 1.0
    parts = {"trigger": (wrong * known * batch.weight[:, None]).sum() / (count + 1.0)}
    if len(batch.told):
        at, kind, factuality, historical = batch.told.unbind(1)
        w = batch.told_weight
        modes, fact, hist = network.status(words[at], kind)
        own = modes_of(network.shape.types)[kind]
        mode_loss = F.binary_cross_entropy_with_logits(modes, batch.modes, reduction="none") * own
        parts["mode"] = (mode_loss.sum(1) * w).sum() / count
        parts["factuality"] = (F.cross_entropy(fact, factuality, reduction="none") * w).sum() / count
        parts["historical"] = (
            F.binary_cross_entropy_with_logits(hist, historical.float(), reduction="none") * w
        ).sum() / count
    if len(batch.entities):
        at, sector = batch.entities.unbind(1)
        wrong = F.cross_entropy(network.sectors(words[at]), sector, reduction="none")
        parts["sector"] = (wrong * batch.entity_weight).sum() / count
    if len(batch.roles):
        scores = network.pairs(
            words,
            batch.told[:, 0],
            batch.told[:, 1],
            batch.event,
            batch.word,
            batch.paths,
            batch.distances,
            batch.pair_hints,
        )
        asked = batch.roles != UNKNOWN
        wrong = F.binary_cross_entropy_with_logits(scores, batch.roles.clamp(min=0).float(), reduction="none")
        parts["role"] = (wrong * asked * batch.told_weight[batch.event][:, None]).sum() / count
    return parts


# What a unit of each loss counts: roles and triggers make the record, the others are single fields of it.
SHARES = {"trigger": 1.0, "role": 0.6, "mode": 0.6, "factuality": 0.4, "historical": 0.4, "sector": 0.3}


class Mean:
    """The running mean of a network's weights: steadier than the weights of any one step."""

    def __init__(self, network: Network, memory: float) -> None:
        self.memory = memory
        self.steps = 0
        self.held = {n: p.detach().clone() for n, p in network.named_parameters() if p.requires_grad}

    @torch.no_grad()  # type: ignore[untyped-decorator]
    def update(self, network: Network) -> None:
        """Take in the weights of one more step; early ones are forgotten faster."""
        self.steps += 1
        memory = min(self.memory, self.steps / (self.steps + 10))
        for name, weight in network.named_parameters():
            if name in self.held:
                self.held[name].lerp_(weight, 1.0 - memory)

    @torch.no_grad()  # type: ignore[untyped-decorator]
    def swap(self, network: Network) -> None:
        """Put the mean in the network's place and keep the network's weights, or the other way round."""
        for name, weight in network.named_parameters():
            if name in self.held:
                now = weight.detach().clone()
                weight.copy_(self.held[name])
                self.held[name] = now


def train(
    network: Network,
    rows: Sequence[Sample],
    paths: Paths,
    plan: Plan,
    after: Callable[[int, dict[str, float]], None],
    step: Callable[[float], None] | None = None,
) -> None:
    """Train in place.

    ``after`` is called after each epoch with its number and mean losses, ``step`` after each step with the share of all
    steps that are done, which is an estimate: windows are cut anew in each epoch.
    """
    random.seed(plan.seed)
    np.random.seed(plan.seed)
    torch.manual_seed(plan.seed)
    chance = random.Random(plan.seed)
    body = [p for p in network.encoder.parameters() if p.requires_grad]
    inside = {id(p) for p in network.encoder.parameters()}
    heads = [p for p in network.parameters() if id(p) not in inside]
    optimiser = torch.optim.AdamW(
        [{"params": body, "lr": plan.encoder_rate}, {"params": heads, "lr": plan.head_rate}],
        weight_decay=plan.decay,
    )
    total = (
        plan.epochs * sum(1 for _ in batched([c for s in rows for c in cuts(s, plan.window)], plan.pieces, None)) * 1.05
    )

    def rate(step: int) -> float:
        warm = plan.warm_up * total
        return min(1.0, (step + 1) / warm) * max(0.02, 1.0 - max(0.0, step - warm) / (total - warm))

    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, rate)
    mean = Mean(network, plan.memory)
    for epoch in range(plan.epochs):
        network.train()
        began = time.time()
        sums: dict[str, float] = {}
        steps = 0
        windows = [c for s in rows for c in cuts(s, plan.window, chance)]
        for group in batched(windows, plan.pieces, chance):
            parts = losses(network, collate(group, paths, len(MODES), plan.weights, (chance, plan.hidden)))
            loss = torch.stack([SHARES[k] * v for k, v in parts.items()]).sum()
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            mean.update(network)
            steps += 1
            if step:
                step(min(1.0, mean.steps / total))
            for k, v in parts.items():
                sums[k] = sums.get(k, 0.0) + float(v.detach())
        means = {k: v / max(1, steps) for k, v in sums.items()}
        mean.swap(network)
        after(epoch + 1, {**means, "seconds": time.time() - began, "steps": float(steps)})
        if epoch + 1 < plan.epochs:
            mean.swap(network)
