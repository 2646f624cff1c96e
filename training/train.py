"""From corpus to shipped files: ``python -m training.train [--reports FOLDER] --out FOLDER``.

``--reports`` names a folder with the texts of the public-domain reports (``training/corpus/README.md``); without it the
corpus alone is learned. Everything is seeded; the same inputs on the same machine give the same files.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer

from dragoman.extraction.neural.features import Paths
from dragoman.extraction.neural.settings import Settings
from dragoman.extraction.neural.windows import Pieces
from training import data, export, gate, measure, report
from training.examples import MODES, TYPES, Sample, frequent_paths, samples
from training.fit import Plan, train
from training.model import Network, Shape, read_safetensors, start_folder

# Probabilities from which a mode or background counts: best on the held-out side, and flat around there.
MODE, HISTORICAL = 0.4, 0.5
MOST_PATHS = 3000


def gather(reports: Path | None, lenient: bool) -> list[Sample]:
    """All samples, of both sides."""
    pieces = Pieces(Tokenizer.from_str(export.tokenizer()))
    found = samples(data.own(lenient=lenient), pieces)
    return found + (samples(data.public(reports), pieces) if reports else [])


def run(rows: Sequence[Sample], plan: Plan, out: Path, say: Any = print) -> dict[str, Any]:
    """Train, choose thresholds on the held-out side, write the files; returns the report."""
    began = time.time()
    learned = [s for s in rows if s.side == "train"]
    asked = [s for s in rows if s.side == "held-out"]
    paths = Paths(frequent_paths(learned, 3, MOST_PATHS))
    torch.manual_seed(plan.seed)
    network = Network(read_safetensors(start_folder() / "model.safetensors"), Shape(len(paths.names)))
    curve: list[dict[str, Any]] = []

    def after(epoch: int, means: dict[str, float]) -> None:
        found = measure.score(network, asked, paths, plan.window)
        row = {"epoch": epoch, "losses": means, "held-out": measure.figures(found, *measure.thresholds(found))}
        curve.append(row)
        say(
            json.dumps(
                {k: {n: round(v, 3) for n, v in x.items()} if isinstance(x, dict) else x for k, x in row.items()}
            )
        )

    train(network, learned, paths, plan, after)
    found = measure.score(network, asked, paths, plan.window)
    triggers, roles = measure.thresholds(found)
    weights = gate.set_bar(gate.fit(gate.sentences(learned)), gate.sentences(asked))
    settings = Settings(tuple(TYPES), tuple(MODES), paths, triggers, roles, MODE, HISTORICAL, weights)
    sizes = export.write(network, settings, out)
    public = [s for s in asked if s.origin == "public"]
    return {
        "plan": asdict(plan),
        "samples": {side: counts([s for s in rows if s.side == side]) for side in ("train", "held-out")},
        "curve": curve,
        "types": measure.by_type(found, triggers),
        "public": measure.figures(measure.score(network, public, paths, plan.window), triggers, roles)
        if public
        else {},
        "gate": gate.figures(gate.sentences(asked), weights),
        "thresholds": {"triggers": triggers, "roles": roles},
        "bytes": sizes,
        "seconds": round(time.time() - began),
    }


def counts(rows: Sequence[Sample]) -> dict[str, dict[str, int]]:
    """Documents, words and mentions by origin."""
    found: dict[str, dict[str, int]] = {}
    for s in rows:
        row = found.setdefault(s.origin, {"documents": 0, "words": 0, "mentions": 0})
        row["documents"] += 1
        row["words"] += len(s.pieces)
        row["mentions"] += len(s.told)
    return found


def main(argv: Sequence[str] | None = None) -> int:
    """The command; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m training.train", description=__doc__.split(":")[0])
    parser.add_argument("--out", type=Path, required=True, help="folder for the shipped files")
    parser.add_argument("--reports", type=Path, help="folder with the texts of the public-domain reports")
    parser.add_argument("--report", type=Path, default=Path("training/report"), help="where the report goes")
    parser.add_argument("--epochs", type=int, default=Plan().epochs)
    parser.add_argument("--threads", type=int, default=1, help="more than the free cores slow training down")
    parser.add_argument("--lenient", action="store_true", help="leave out items of the corpus that have problems")
    options = parser.parse_args(argv)
    torch.set_num_threads(options.threads)
    rows = gather(options.reports, options.lenient)
    found = run(rows, Plan(epochs=options.epochs), options.out, lambda line: print(line, file=sys.stderr, flush=True))
    report.write(found, options.report)
    (options.out / "CARD.md").write_text(report.card(found), "utf-8")
    print(report.text(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
