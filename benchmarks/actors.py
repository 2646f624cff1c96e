"""How well actor phrases are resolved: ``python -m benchmarks.actors FILE``.

FILE has tab-separated columns ``phrase``, ``date``, ``country``, ``sector``; an empty code is not scored. The
wrong rows go to standard output, the figures to the last line as JSON: accuracy over the rows that give the
code, and the precision of those codes that were given at all. Times are microseconds a phrase, first and
cached.
"""

from __future__ import annotations

import csv
import json
import sys
import time
from pathlib import Path
from typing import Any

from dragoman.actors import resolve


def measure(path: Path, show: bool = False) -> dict[str, Any]:
    """The figures for the file at ``path``. Raises OSError and KeyError where it is not of the layout."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    resolve("nobody")  # the register is loaded before the clock starts
    start = time.perf_counter()
    found = [resolve(row["phrase"], row["date"] or None) for row in rows]
    first = time.perf_counter() - start
    start = time.perf_counter()
    for row in rows:
        resolve(row["phrase"], row["date"] or None)
    again = time.perf_counter() - start
    figures: dict[str, Any] = {"phrases": len(rows)}
    for code in ("country", "sector"):
        asked = [(row[code], getattr(f, code)) for row, f in zip(rows, found, strict=True) if row[code]]
        given = [pair for pair in asked if pair[1] is not None]
        right = sum(a == b for a, b in asked)
        figures[code] = {
            "asked": len(asked),
            "right": right,
            "accuracy": round(right / len(asked), 4) if asked else None,
            "precision": round(right / len(given), 4) if given else None,
        }
    figures["us_first"] = round(first / max(1, len(rows)) * 1e6, 1)
    figures["us_cached"] = round(again / max(1, len(rows)) * 1e6, 1)
    if show:
        for row, f in zip(rows, found, strict=True):
            wrong = [c for c in ("country", "sector") if row[c] and row[c] != getattr(f, c)]
            if wrong:
                print(
                    row["phrase"],
                    *(f"{c}: {row[c]}, found {getattr(f, c)}" for c in wrong),
                    f.reason,
                    sep="\t",
                )
    return figures


def main(arguments: list[str]) -> int:
    """The command; exit status 2 without a file."""
    if len(arguments) != 1:
        print("usage: python -m benchmarks.actors FILE", file=sys.stderr)
        return 2
    print(json.dumps(measure(Path(arguments[0]), show=True)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
