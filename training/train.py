"""From corpus to shipped files: ``python -m training.train --reports FOLDER --out FOLDER``.

Two stages: passages teach what names an event, then whole texts teach what a report's records are. The second stage
runs once for each fold of the whole texts, on the other folds, and once on all: the folds' models (in ``WORK/fold-N``)
are what ``training.assembly`` asks, the last one ships. Each part is kept in ``WORK`` when done, so that a run
that was broken off goes on where it stopped. Everything is seeded; the same inputs on the same machine give the same
files. ``--reports`` names a folder with the texts of the public-domain reports (``training/corpus/README.md``);
without it the corpus alone is learned.
"""

from __future__ import annotations

import argparse
import json
import pickle
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer

from dragoman.extraction.neural.features import Paths
from dragoman.extraction.neural.settings import Settings
from dragoman.extraction.neural.windows import Pieces
from dragoman.learning import export
from dragoman.learning.examples import MODES, TYPES, Sample, frequent_paths, samples
from dragoman.learning.fit import Plan, train
from dragoman.learning.model import Network, Shape, read_safetensors, start_folder
from training import data, gate, measure, report

# Probabilities from which a mode or background counts: best on the held-out side, and flat around there.
MODE, HISTORICAL = 0.4, 0.5
MOST_PATHS = 3000
FOLDS = 3
FIRST = Plan(epochs=4)
# Against four epochs, on two folds: actors .762 to .771, recipients .566 to .575, sources .505 to .534, background
# .832 to .858, while types stay at .66.
SECOND = Plan(epochs=8, encoder_rate=6e-5, head_rate=5e-4, warm_up=0.05)
# One passage in this many stays in the second stage, against forgetting what whole texts seldom hold.
REMINDER = 4


def gather(reports: Path | None, lenient: bool) -> list[Sample]:
    """All samples, of both sides."""
    pieces = Pieces(Tokenizer.from_str(export.tokenizer()))
    found = samples(data.own(lenient=lenient), pieces)
    return found + (samples(data.public(reports), pieces) if reports else [])


def learned(rows: Sequence[Sample], *, passages: bool) -> list[Sample]:
    """The training side's passages, or its whole texts with some passages as a reminder."""
    side = [s for s in rows if s.side == "train"]
    short = [s for s in side if s.origin == "passage"]
    return short if passages else [s for s in side if s.origin != "passage"] + short[::REMINDER]


def fold_of(rows: Sequence[Sample]) -> dict[str, int]:
    """The fold of each whole text of the training side."""
    found: dict[str, int] = {}
    for origin in ("public", "article", "report"):
        found |= data.folds([s.id for s in rows if s.side == "train" and s.origin == origin], FOLDS)
    return found


class Work:
    """The folder in which a run keeps what is done."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def samples(self, reports: Path | None, lenient: bool) -> list[Sample]:
        """The samples, made once."""
        kept = self.folder / "samples.pickle"
        if not kept.is_file():
            kept.write_bytes(pickle.dumps(gather(reports, lenient)))
        found: list[Sample] = pickle.loads(kept.read_bytes())
        return found

    def paths(self, rows: Sequence[Sample]) -> Paths:
        """The paths that have numbers, settled once, so that whole texts may join after the first stage."""
        kept = self.folder / "paths.json"
        if not kept.is_file():
            kept.write_text(json.dumps(frequent_paths([s for s in rows if s.side == "train"], 3, MOST_PATHS)))
        return Paths(tuple(json.loads(kept.read_text())))

    @property
    def first(self) -> Path:
        """The weights after the first stage."""
        return self.folder / "first.pt"

    def model(self, fold: int | None) -> Path:
        """The folder of a model of the second stage."""
        return self.folder / ("all" if fold is None else f"fold-{fold}")

    def seconds(self) -> int:
        """What all epochs of all parts took, one after the other."""
        lines = [line for file in self.folder.glob("*.log") for line in file.read_text().splitlines()]
        return round(sum(float(json.loads(line)["losses"]["seconds"]) for line in lines))

    def log(self, name: str) -> Callable[[str], None]:
        """A log of one part, on the screen too."""

        def say(line: str) -> None:
            with (self.folder / f"{name}.log").open("a") as file:
                file.write(line + "\n")
            print(f"{name}: {line}", file=sys.stderr, flush=True)

        return say


def network(paths: Paths, plan: Plan) -> Network:
    """The starting encoder with new heads."""
    torch.manual_seed(plan.seed)
    return Network(read_safetensors(start_folder() / "model.safetensors"), Shape(len(paths.names)))


def part(folder: Path, name: str, threads: int) -> None:
    """One part of a run: ``first``, ``all`` or a fold's number."""
    torch.set_num_threads(threads)
    work = Work(folder)
    rows: list[Sample] = pickle.loads((folder / "samples.pickle").read_bytes())
    paths = work.paths(rows)
    stage = FIRST if name == "first" else SECOND
    fold = int(name) if name.isdigit() else None
    numbers = fold_of(rows)
    shown = learned(rows, passages=name == "first")
    shown = [s for s in shown if fold is None or numbers.get(s.id) != fold]
    asked = [s for s in rows if numbers.get(s.id) == fold] if fold is not None else []
    asked = asked or [s for s in rows if s.side == "held-out" and (name != "first" or s.origin == "passage")]
    net = network(paths, stage)
    if name != "first":
        net.load_state_dict(torch.load(work.first, weights_only=True))
    say, curve = work.log(name), []

    def after(epoch: int, means: dict[str, float]) -> None:
        found = measure.score(net, asked, paths, stage.window)
        row = {"epoch": epoch, "losses": means, "held-out": measure.figures(found, *measure.thresholds(found))}
        curve.append(row)
        say(json.dumps({k: _round(x) for k, x in row.items()}))

    train(net, shown, paths, stage, after)
    if name == "first":
        torch.save(net.state_dict(), work.first)
        return
    found = measure.score(net, asked, paths, stage.window)
    triggers, roles = measure.thresholds(found)
    weights = gate.set_bar(gate.fit(gate.sentences(shown)), gate.sentences(asked))
    settings = Settings(tuple(TYPES), tuple(MODES), paths, triggers, roles, MODE, HISTORICAL, weights)
    out = work.model(fold)
    torch.save(net.state_dict(), folder / f"{out.name}.pt")
    sizes = export.write(net, settings, out)
    told = {
        "plan": asdict(stage),
        "curve": curve,
        "types": measure.by_type(found, triggers),
        "gate": gate.figures(gate.sentences(asked), weights),
        "thresholds": {"triggers": triggers, "roles": roles},
        "bytes": sizes,
        "asked": sorted(numbers) if fold is None else sorted(s.id for s in asked),
    }
    (out / "told.json").write_text(json.dumps(told))


def _round(value: Any) -> Any:
    return {n: round(v, 3) for n, v in value.items()} if isinstance(value, dict) else value


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
    parser.add_argument("--work", type=Path, default=Path("build/training"), help="folder for what is done so far")
    parser.add_argument("--report", type=Path, default=Path("training/report"), help="where the report goes")
    parser.add_argument("--jobs", type=int, default=1, help="parts of the second stage at once; each takes a core")
    parser.add_argument("--no-folds", action="store_true", help="the shipped model alone")
    parser.add_argument("--lenient", action="store_true", help="leave out items of the corpus that have problems")
    options = parser.parse_args(argv)
    work = Work(options.work)
    rows = work.samples(options.reports, options.lenient)
    folds = [] if options.no_folds else [str(n) for n in range(FOLDS)]
    # A process a part: what one part leaves behind in chance and memory is no other part's.
    if not work.first.is_file():
        with ProcessPoolExecutor(1, get_context("spawn")) as pool:
            pool.submit(part, options.work, "first", 1).result()
    wanted = [n for n in [*folds, "all"] if not (work.model(int(n) if n != "all" else None) / "told.json").is_file()]
    with ProcessPoolExecutor(options.jobs, get_context("spawn")) as pool:
        for done in [pool.submit(part, options.work, n, 1) for n in wanted]:
            done.result()
    told = json.loads((work.model(None) / "told.json").read_text())
    options.out.mkdir(parents=True, exist_ok=True)
    for name in told["bytes"]:
        (options.out / name).write_bytes((work.model(None) / name).read_bytes())
    found = {
        **told,
        "folds": [json.loads((work.model(int(n)) / "told.json").read_text())["curve"][-1]["held-out"] for n in folds],
        "samples": {side: counts([s for s in rows if s.side == side]) for side in ("train", "held-out")},
        "seconds": work.seconds(),
    }
    found.pop("asked")
    report.write(found, options.report)
    (options.out / "CARD.md").write_text(report.card(found), "utf-8")
    print(report.text(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
