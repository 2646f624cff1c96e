"""What a network gets right on held-out samples, and the thresholds at which it does best."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import torch

from dragoman.extraction.neural.features import Paths
from dragoman.extraction.neural.settings import ROLES, labels
from dragoman.learning.batches import batched, collate, cuts
from dragoman.learning.examples import UNKNOWN, Sample
from dragoman.learning.fit import modes_of
from dragoman.learning.model import Network

TYPES, MODES = labels()
Floats = npt.NDArray[np.float64]
# What a held-out sentence counts in choosing thresholds: real reports are what the model is for, and are few.
# That of articles, which are like them but ours, lies between; it is not fitted.
WEIGHTS = {"public": 4.0, "article": 2.0, "report": 1.0, "passage": 0.5}
GRID = [round(0.1 + 0.025 * n, 3) for n in range(33)]


@dataclass(slots=True)
class Scored:
    """Probabilities and answers of held-out samples.

    ``sentences`` has one row a sentence: sample, best probability of each type in it, and whether it has one.
    """

    triggers: Floats
    wanted: Floats
    weight: Floats
    roles: Floats
    role_answers: Floats
    right: dict[str, tuple[int, int]] = field(default_factory=dict)
    mode_scores: Floats = field(default_factory=lambda: np.zeros(0))
    mode_answers: Floats = field(default_factory=lambda: np.zeros(0))
    historical: Floats = field(default_factory=lambda: np.zeros((0, 2)))


def score(network: Network, rows: Sequence[Sample], paths: Paths, window: int) -> Scored:
    """Run the network over samples."""
    network.eval()
    triggers, wanted, weight, roles, answers, modes, mode_answers, historical = [], [], [], [], [], [], [], []
    right, sectors = [0, 0], [0, 0]
    with torch.no_grad():
        for group in batched([c for s in rows for c in cuts(s, window)], 3072, None):
            b = collate(group, paths, len(MODES), {})
            words = network.words(network.encoder(b.pieces, b.lengths)[b.row, b.first], b.ids, b.hints)
            p = torch.sigmoid(network.triggers(words)).numpy()
            offset = 0
            for cut in group:
                n = cut.end - cut.start
                sentence = cut.sample.sentence[cut.start : cut.end]
                truth = cut.sample.triggers[cut.start : cut.end]
                for s in np.unique(sentence):
                    at = sentence == s
                    triggers.append(p[offset : offset + n][at].max(0))
                    wanted.append((truth[at] == 1).any(0))
                    weight.append(WEIGHTS[cut.sample.origin])
                offset += n
            if len(b.entities):
                best = network.sectors(words[b.entities[:, 0]]).argmax(1)
                sectors[0] += int((best == b.entities[:, 1]).sum())
                sectors[1] += len(best)
            if not len(b.told):
                continue
            at, kind, fact, hist = b.told.unbind(1)
            m, f, h = network.status(words[at], kind)
            right[0] += int((f.argmax(1) == fact).sum())
            right[1] += len(fact)
            historical.append(np.stack([torch.sigmoid(h).numpy(), hist.numpy()], 1))
            own = modes_of(len(TYPES))[kind].numpy()
            modes.append(np.where(own, torch.sigmoid(m).numpy(), 0.0))
            mode_answers.append(b.modes.numpy())
            if len(b.roles):
                q = torch.sigmoid(
                    network.pairs(words, at, kind, b.event, b.word, b.paths, b.distances, b.pair_hints)
                ).numpy()
                roles.append(q)
                answers.append(b.roles.numpy())
    found = Scored(
        np.array(triggers),
        np.array(wanted, dtype=float),
        np.array(weight)[:, None],
        np.concatenate(roles),
        np.concatenate(answers).astype(float),
    )
    found.right["factuality"] = (right[0], right[1])
    found.right["sector"] = (sectors[0], sectors[1])
    found.mode_scores, found.mode_answers = np.concatenate(modes), np.concatenate(mode_answers)
    found.historical = np.concatenate(historical)
    return found


def f1(hits: float, guessed: float, wanted: float) -> float:
    """The harmonic mean of precision and recall."""
    return 2 * hits / (guessed + wanted) if guessed + wanted else 0.0


def _counts(scores: Floats, answers: Floats, least: float, weight: Floats | float = 1.0) -> tuple[float, float, float]:
    guessed = (scores >= least) * weight
    return (
        float((guessed * (answers == 1)).sum()),
        float((guessed * (answers != UNKNOWN)).sum()),
        float(((answers == 1) * weight).sum()),
    )


def best(
    scores: Floats,
    answers: Floats,
    prior: float | None = None,
    strength: float = 0.0,
    weight: Floats | float = 1.0,
) -> tuple[float, float]:
    """The threshold with the best F1, and that F1; where they differ little, the one nearer to ``prior``."""
    rows = []
    for least in GRID:
        hits, guessed, wanted = _counts(scores, answers, least, weight)
        penalty = strength * abs(least - prior) if prior is not None else 0.0
        rows.append((f1(hits, guessed, wanted) - penalty, -abs(least - 0.5), least))
    value, _, least = max(rows)
    return least, value


def thresholds(found: Scored) -> tuple[dict[str, float], dict[str, float]]:
    """Thresholds of triggers by type and of roles."""
    everywhere, _ = best(found.triggers, found.wanted, weight=found.weight)
    triggers = {}
    for n, name in enumerate(TYPES):
        own, _ = best(found.triggers[:, n], found.wanted[:, n], everywhere, 0.2, found.weight[:, 0])
        enough = found.wanted[:, n].sum() >= 20
        triggers[name] = (own + everywhere) / 2 if enough else everywhere
    roles = {name: best(found.roles[:, n], found.role_answers[:, n])[0] for n, name in enumerate(ROLES)}
    return triggers, roles


def figures(found: Scored, triggers: Mapping[str, float], roles: Mapping[str, float]) -> dict[str, float]:
    """Held-out figures at given thresholds: F1 of types by sentence, of roles by pair, accuracies of the rest."""
    least = np.array([triggers[t] for t in TYPES])
    guessed = found.triggers >= least
    hits = float((guessed * found.wanted).sum())
    row = {"types": f1(hits, float(guessed.sum()), float(found.wanted.sum()))}
    for n, name in enumerate(ROLES):
        row[name] = f1(*_counts(found.roles[:, n], found.role_answers[:, n], roles[name]))
    same = ((found.mode_scores >= 0.4) == (found.mode_answers == 1)).all(1)
    row["mode"] = float(same.mean())
    for name, (right, asked) in found.right.items():
        row[name] = right / max(1, asked)
    row["historical"] = float(((found.historical[:, 0] >= 0.5) == (found.historical[:, 1] == 1)).mean())
    return row


def by_type(found: Scored, triggers: Mapping[str, float]) -> dict[str, dict[str, float]]:
    """Precision, recall and F1 of each type by sentence."""
    rows = {}
    for n, name in enumerate(TYPES):
        hits, guessed, wanted = _counts(found.triggers[:, n], found.wanted[:, n], triggers[name])
        rows[name] = {
            "precision": hits / guessed if guessed else 0.0,
            "recall": hits / wanted if wanted else 0.0,
            "f1": f1(hits, guessed, wanted),
            "sentences": wanted,
        }
    return rows
