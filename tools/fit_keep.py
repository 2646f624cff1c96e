"""Fit the weights by which assembly keeps a draft as a record: ``python tools/fit_keep.py GOLD/train``.

A draft is right when a gold record of its type has a trigger that overlaps its own. Ridge logistic regression by
Newton's method; ten folds over documents give the figures, the shipped weights use all documents.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dragoman import evaluation, language
from dragoman.assembly import keep
from dragoman.assembly.dating import Dates
from dragoman.assembly.drafts import draft
from dragoman.assembly.parties import Parties
from dragoman.assembly.placing import Where
from dragoman.extraction import LexicalExtractor
from dragoman.record import Event
from gold import documents

RIDGE = 3.0  # cross-validated log loss on gold/train: .592 at 1, .583 at 3, .581 at 10
FOLDS = 10
Row = tuple[dict[str, float], bool, int]
Array = NDArray[np.float64]


def rows(folder: Path) -> list[Row]:
    """Features, label and document number of every draft of the folder's documents."""
    found: list[Row] = []
    extractor = LexicalExtractor()
    gold = evaluation.read_gold(folder)
    for number, document in enumerate(documents(folder)):
        parsed = language.parse(document)
        parties = Parties(parsed)
        drafts = draft(parsed, extractor.extract(parsed), parties, Dates(parsed), Where(parsed, parties.countries[:5]))
        for d in drafts:
            found.append(
                (
                    keep.features(d),
                    right(d.type, d.mentions[0].trigger.start, d.mentions[0].trigger.end, gold[document.id]),
                    number,
                )
            )
    return found


def right(kind: str, start: int, end: int, events: list[Event]) -> bool:
    """Whether a gold record of the type is named by overlapping words."""
    return any(
        e.type == kind and min(end, m.trigger.end) > max(start, m.trigger.start) for e in events for m in e.mentions
    )


def fit(x: Array, y: Array) -> Array:
    """Weights of a ridge logistic regression; the first column is the bias and is not penalised."""
    w = np.zeros(x.shape[1])
    penalty = np.full(x.shape[1], RIDGE)
    penalty[0] = 0.01
    for _ in range(50):
        p = 1 / (1 + np.exp(-x @ w))
        gradient = x.T @ (p - y) + penalty * w
        hessian = (x * (p * (1 - p))[:, None]).T @ x + np.diag(penalty)
        step = np.linalg.solve(hessian, gradient)
        w = w - step
        if float(np.abs(step).max()) < 1e-8:
            break
    return w


def main(argv: list[str]) -> int:
    data = rows(Path(argv[0]))
    names = ["bias", *sorted({n for f, _, _ in data for n in f} - {"bias"})]
    x = np.array([[f.get(n, 0.0) for n in names] for f, _, _ in data])
    y = np.array([float(label) for _, label, _ in data])
    fold = np.array([number % FOLDS for _, _, number in data])
    held = np.zeros(len(y))
    for k in range(FOLDS):
        held[fold == k] = 1 / (1 + np.exp(-x[fold == k] @ fit(x[fold != k], y[fold != k])))
    loss = float(-np.mean(y * np.log(held + 1e-9) + (1 - y) * np.log(1 - held + 1e-9)))
    print(f"{len(y)} drafts, {int(y.sum())} right; cross-validated log loss {loss:.3f}")
    for threshold in (0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55):
        kept = held >= threshold
        hits = float(y[kept].sum())
        print(
            f"  at {threshold:.2f}: kept {int(kept.sum())}, precision {hits / max(1, kept.sum()):.3f}, "
            f"recall {hits / y.sum():.3f}"
        )
    threshold = float(argv[1]) if len(argv) > 1 else 0.4
    w = fit(x, y)
    weights = {n: round(float(v), 4) for n, v in zip(names, w, strict=True)}
    for name, value in sorted(weights.items(), key=lambda r: r[1]):
        print(f"  {value:+.3f} {name}")
    out = Path(__file__).parents[1] / "src/dragoman/assembly/keep.json"
    out.write_text(json.dumps({"threshold": threshold, "weights": weights}, indent=1) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
