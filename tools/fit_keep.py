"""Fit the weights by which assembly keeps a draft as a record.

usage: PYTHONPATH=. python tools/fit_keep.py GOLD/train CORPUS.jsonl [--model]

CORPUS.jsonl is what ``python -m training.corpus.load --split train`` writes; with ``--model``, for the lexicon and the
learned model together, ``--split test``: only documents that the model has not seen can say how far to trust it, and
of GOLD/train only those that training holds out are used. A draft is right when a gold record of its
type has a trigger that overlaps its own. Ridge logistic regression by Newton's method; ten folds over the documents of
``gold/train`` give the figures, the shipped weights use all of both.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from training.data import held_out

from dragoman import evaluation, language
from dragoman.assembly import keep
from dragoman.assembly.records import prepare
from dragoman.extraction import Extractor, LexicalExtractor
from dragoman.extraction.combined import CombinedExtractor
from dragoman.record import Document, Event
from gold import documents

RIDGE = 3.0  # cross-validated log loss on gold/train: .592 at 1, .583 at 3, .581 at 10
FOLDS = 10
# Where precision and recall of mentions are nearly level in cross-validation on gold/train: .67 and .71 by the lexicon,
# .57 and .58 with the model too (of the six reports that it has not seen).
THRESHOLD, MODEL_THRESHOLD = 0.4, 0.35
Row = tuple[dict[str, float], bool, int]
Array = NDArray[np.float64]


def rows(sources: Iterable[tuple[Document, list[Event]]], extractor: Extractor) -> list[Row]:
    """Features, label and document number of every draft of the documents."""
    found: list[Row] = []
    for number, (document, events) in enumerate(sources):
        parsed = language.parse(document)
        for d in prepare(parsed, extractor.extract(parsed)):
            trigger = d.mentions[0].trigger
            found.append((keep.features(d), right(d.type, trigger.start, trigger.end, events), number))
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


def corpus(path: Path) -> Iterable[tuple[Document, list[Event]]]:
    """The documents of a corpus file and their records."""
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        yield Document(row["text"], row["published"], row["id"]), [Event.from_dict(e) for e in row["events"]]


def main(argv: list[str]) -> int:
    folder = Path(argv[0])
    gold = evaluation.read_gold(folder)
    with_model = "--model" in argv
    extractor: Extractor = CombinedExtractor() if with_model else LexicalExtractor()
    unseen = held_out(sorted(gold)) if with_model else frozenset(gold)
    reports = rows(((d, gold[d.id]) for d in documents(folder) if d.id in unseen), extractor)
    passages = rows(corpus(Path(argv[1])), extractor)
    names = ["bias", *sorted({n for f, _, _ in reports + passages for n in f} - {"bias"})]
    x = np.array([[f.get(n, 0.0) for n in names] for f, _, _ in reports + passages])
    y = np.array([float(label) for _, label, _ in reports + passages])
    fold = np.array([number % FOLDS for _, _, number in reports] + [-1] * len(passages))
    held = np.zeros(len(reports))
    for k in range(FOLDS):
        inside = fold == k
        held[inside[: len(reports)]] = 1 / (1 + np.exp(-x[inside] @ fit(x[~inside], y[~inside])))
    truth = y[: len(reports)]
    loss = float(-np.mean(truth * np.log(held + 1e-9) + (1 - truth) * np.log(1 - held + 1e-9)))
    print(f"{len(truth)} drafts of reports, {int(truth.sum())} right; cross-validated log loss {loss:.3f}")
    for threshold in (0.25, 0.3, 0.35, 0.4, 0.45, 0.5):
        kept = held >= threshold
        hits = float(truth[kept].sum())
        precision, recall = hits / max(1, int(kept.sum())), hits / truth.sum()
        print(f"  at {threshold:.2f}: kept {int(kept.sum())}, precision {precision:.3f}, recall {recall:.3f}")
    weights = {n: round(float(v), 4) for n, v in zip(names, fit(x, y), strict=True)}
    name = "keep-model.json" if with_model else "keep.json"
    out = Path(__file__).parents[1] / "src/dragoman/assembly" / name
    out.write_text(
        json.dumps({"threshold": MODEL_THRESHOLD if with_model else THRESHOLD, "weights": weights}, indent=1) + "\n",
        "utf-8",
    )
    for name, value in sorted(weights.items(), key=lambda r: r[1]):
        print(f"  {value:+.3f} {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
