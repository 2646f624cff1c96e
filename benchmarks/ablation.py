"""What lexicon and model are worth, apart and together: ``python -m benchmarks.ablation FOLDER [--model MODEL...]``.

``FOLDER`` holds gold documents, as for ``benchmarks.gold``. The scores of assembly stay those that ship: they are
fitted on both together, so that either alone would do a little better with scores of its own. ``--model`` names
folders of other models to stand in for the shipped one. The last line printed is JSON: precision, recall and F1 at
``typed``, ``who`` and ``whowhom`` for each row.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarks.gold import Figures, rounded
from dragoman import Coder
from dragoman.evaluation import evaluate, read_gold
from dragoman.extraction import CombinedExtractor, Extractor
from dragoman.extraction.neural import NeuralExtractor, folders
from dragoman.extraction.neural.hints import lexicon
from dragoman.reading import read
from dragoman.record import Document, Event

SHOWN = ("typed", "who", "whowhom")


def extractors(models: Iterable[Path]) -> dict[str, Extractor]:
    """What is compared, by name."""
    found: dict[str, Extractor] = {
        "both": CombinedExtractor(),
        "model alone": NeuralExtractor(),
        "lexicon alone": lexicon(),
    }
    for folder in models:
        found[folder.name] = CombinedExtractor(neural=NeuralExtractor(folders.load(folder)))
    return found


def measure(folder: Path, models: Iterable[Path] = ()) -> Figures:
    """The figures of each extractor on a folder of gold. Raises ValueError where the folder is no gold."""
    gold = read_gold(folder)
    documents = [d for d in read(sorted(folder.glob("*.json"))) if isinstance(d, Document)]
    rows: Figures = {}
    for name, extractor in extractors(models).items():
        coder = Coder(extractor)
        coded: dict[str, list[Event]] = {d.id: list(coder.code(d).events) for d in documents}
        levels = evaluate(gold, coded).levels
        rows[name] = {n: {k: getattr(levels[n], k) for k in ("precision", "recall", "f1")} for n in SHOWN}
    return rows


def main(argv: Sequence[str] | None = None) -> None:
    """Print a table for people and the figures as JSON on the last line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ablation", description="Lexicon and model, apart.")
    parser.add_argument("folder", type=Path, help="gold documents, one JSON file each")
    parser.add_argument("--model", type=Path, nargs="*", default=[], help="folders of other models")
    options = parser.parse_args(argv)
    try:
        figures = measure(options.folder, options.model)
    except (ValueError, RuntimeError) as error:
        parser.error(str(error))
    for name, row in figures.items():
        print(f"{name:14s} " + "  ".join(f"{level} {row[level]['f1']:.3f}" for level in SHOWN))
    print(json.dumps(rounded(figures)))


if __name__ == "__main__":
    main()
