"""What the ledger costs: ``python -m benchmarks.ledger_ingest [--rounds 3] [--documents 100000]``.

Two things are measured, on a SQLite file in a temporary folder.

- Overhead over bare coding: the reports of ``benchmarks/stories`` coded by the real coder and thrown away, and the
  same reports ingested into a new ledger, by turns, in one process and in two. The figure is the time of the one over
  that of the other, less one: of the fastest run of each, by the clock and, as others use the machine too, of the
  processors.
- A second run over what is there: many short generated reports are ingested twice. The second time nothing is coded,
  and the ledger must be the same. The first time a quick coder stands in for the real one, which would take more than
  an hour; so the second run's time for a report is compared with what the real coder takes to code one of the stories.

The last line printed is JSON: for each number of processes (``by_jobs``) the ``overhead``, ``overhead_cpu``,
``coding_ms`` and ``ingest_ms`` a report; the number of ``documents`` ingested twice, ``first_ms`` (with the quick
coder) and ``second_ms`` a report, ``second_over_coding``, the share that the second run costs, and whether the ledger
is the ``same`` after it.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import os
import pstats
import tempfile
import time
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks import stories
from benchmarks.ledger_reports import QuickCoder, reports
from dragoman.engines import Coded, code_all
from dragoman.ledger import Ledger
from dragoman.ledger.writing import identified
from dragoman.record import CodedDocument, Document


def overhead(documents: Sequence[Document], jobs: int, rounds: int) -> dict[str, float]:
    """Milliseconds a report for bare coding and for ingest, and how much more the one is than the other."""
    bare, whole = [], []
    for _ in range(rounds):
        bare.append(_timed(lambda: deque(code_all(documents, jobs=jobs), maxlen=0)))
        with tempfile.TemporaryDirectory() as folder:
            whole.append(_timed(partial(_ingest, Path(folder) / "ledger.db", documents, jobs)))
        print(f"{jobs} process(es): coding {bare[-1][0]:.2f} s, ingest {whole[-1][0]:.2f} s", flush=True)
    scale = 1000 / len(documents)
    (bare_wall, bare_cpu), (wall, cpu) = (tuple(map(min, zip(*times, strict=True))) for times in (bare, whole))
    return {
        "coding_ms": round(bare_wall * scale, 2),
        "ingest_ms": round(wall * scale, 2),
        "overhead": round(wall / bare_wall - 1, 3),
        "overhead_cpu": round(cpu / bare_cpu - 1, 3),
    }


def _ingest(path: Path, documents: Sequence[Document], jobs: int) -> None:
    with Ledger(path) as ledger:
        ledger.ingest(documents, jobs=jobs)


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds by the clock, and of the processors, those of other processes that it started with them."""
    wall, cpu = time.perf_counter(), sum(os.times()[:4])
    work()
    return time.perf_counter() - wall, sum(os.times()[:4]) - cpu


def twice(count: int) -> dict[str, Any]:
    """Milliseconds a report of a first and a second ingest of generated reports, and whether the ledger is the same."""
    made = list(reports(count))
    times, digests = [], []
    with tempfile.TemporaryDirectory() as folder, Ledger(Path(folder) / "ledger.db") as ledger:
        for _ in range(2):
            begun = time.perf_counter()
            progress = ledger.ingest(made, coder=QuickCoder(), called="quick")
            times.append((time.perf_counter() - begun) * 1000 / count)
            digests.append(ledger.digest())
            print(f"{progress.total} in {times[-1] * count / 1000:.1f} s", flush=True)
    return {
        "documents": count,
        "first_ms": round(times[0], 3),
        "second_ms": round(times[1], 3),
        "same": digests[0] == digests[1],
    }


def profile(documents: Sequence[Document]) -> None:
    """Where the time goes in adding coded reports to a ledger, in batches as an ingest adds them."""

    class Known(QuickCoder):
        def code(self, document: Document) -> CodedDocument:
            return done[document.id]

    outcomes = code_all(identified(d) for d in documents)
    done = {o.document.id: o.coded for o in outcomes if isinstance(o, Coded)}
    profiler = cProfile.Profile()
    with tempfile.TemporaryDirectory() as folder, Ledger(Path(folder) / "ledger.db") as ledger:
        ledger.ingest(documents[:50], coder=Known(), called="x")  # what is loaded once is loaded
        profiler.enable()
        begun = time.perf_counter()
        ledger.ingest(documents, coder=Known(), called="x")
        print(f"{(time.perf_counter() - begun) * 1000 / len(documents):.2f} ms a report, profiled")
        profiler.disable()
    pstats.Stats(profiler).sort_stats("cumulative").print_stats(60)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="What the ledger costs over bare coding.")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--documents", type=int, default=100_000)
    parser.add_argument("--jobs", type=int, nargs="*", default=[1, 2])
    parser.add_argument("--profile", action="store_true", help="show where the time of writing goes, and nothing else")
    given = parser.parse_args(arguments)
    told = [report.document for story in stories.read_all() for report in story.reports]
    if given.profile:
        profile(told)
        return 0
    for _ in code_all(told[:20]):  # what a coder loads once is no cost of a report
        pass
    found: dict[str, Any] = {str(jobs): overhead(told, jobs, given.rounds) for jobs in given.jobs}
    again = twice(given.documents)
    coding = found[str(given.jobs[0])]["coding_ms"]
    print(json.dumps({"by_jobs": found, **again, "second_over_coding": round(again["second_ms"] / coding, 4)}))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
