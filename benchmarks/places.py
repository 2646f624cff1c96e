"""Toponyms found and put on the map: ``python -m benchmarks.places FILE``.

``FILE`` has one JSON object a line with ``text`` and ``places``, each of which has ``start``, ``end``,
``lat`` and ``lon`` (GeoVirus' layout). The last line printed is JSON:

- ``f1``, ``precision``, ``recall``: spans that overlap match (relaxed), one to one;
- ``country``: share of the matched whose country is right. The gold has only points, so its country is that
  of the town of our gazetteer nearest to the point, within 300 km. Names that our table of seas and world
  regions puts in several states, and points farther from any town, have no country and do not count;
- ``within_161_km``: share of the matched whose point lies within 161 km (100 miles) of the gold's;
  a mention that we refuse to place counts as wrong in both;
- ``ms_per_500_words``: time of ``dragoman.places.find`` alone, the gazetteer loaded.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from dragoman.places import PlaceMention, find
from dragoman.places.choose import km
from dragoman.places.fold import fold
from dragoman.places.gazetteer import load

FAR_KM = 300.0
WITHIN_KM = 161.0


class Towns:
    """The gazetteer's towns in cells of one degree, to find the one nearest to a point."""

    def __init__(self) -> None:
        self.cells: dict[tuple[int, int], list[tuple[float, float, str]]] = defaultdict(list)
        for place in load().towns():
            assert place.country is not None
            cell = (int(place.lat // 1), int(place.lon // 1))
            self.cells[cell].append((place.lat, place.lon, place.country))

    def country(self, lat: float, lon: float) -> str | None:
        """The country of the town nearest to the point, None where none lies within ``FAR_KM``."""
        best: tuple[float, str | None] = (FAR_KM, None)
        wide = 3 if abs(lat) < 40 else 7
        for y in range(int(lat // 1) - 3, int(lat // 1) + 4):
            for x in range(int(lon // 1) - wide, int(lon // 1) + wide + 1):
                for a, b, country in self.cells.get((y, (x + 180) % 360 - 180), ()):
                    best = min(best, (km(lat, lon, a, b), country), key=lambda t: t[0])
        return best[1]


def match(gold: list[dict[str, Any]], ours: list[PlaceMention]) -> list[tuple[dict[str, Any], PlaceMention]]:
    """Pairs of overlapping spans, each used once, in the order of the text."""
    pairs = []
    free = list(ours)
    for g in sorted(gold, key=lambda g: (g["start"], g["end"])):
        hit = next((m for m in free if m.start < g["end"] and g["start"] < m.end), None)
        if hit is not None:
            free.remove(hit)
            pairs.append((g, hit))
    return pairs


def stateless(name: str) -> bool:
    """Whether our table has ``name`` in several states."""
    entry = load().own.get(fold(name))
    return entry is not None and entry.places[0].country is None


def measure(path: Path) -> dict[str, float | int]:
    """The figures for one file, as the module's text describes them."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    towns = Towns()
    find("Warm-up in Paris, France.")
    began = time.perf_counter()
    answers = [find(row["text"]) for row in rows]
    took = time.perf_counter() - began
    n: Counter[str] = Counter()
    for row, ours in zip(rows, answers, strict=True):
        n["words"] += len(row["text"].split())
        n["gold"] += len(row["places"])
        n["ours"] += len(ours)
        for gold, mention in match(row["places"], ours):
            n["matched"] += 1
            n["refused"] += mention.precision is None
            country = (
                None if stateless(row["text"][gold["start"] : gold["end"]]) else towns.country(gold["lat"], gold["lon"])
            )
            if country is not None:
                n["with country"] += 1
                n["country"] += mention.country == country
            if mention.lat is not None and mention.lon is not None:
                n["near"] += km(gold["lat"], gold["lon"], mention.lat, mention.lon) <= WITHIN_KM
    precision = n["matched"] / max(n["ours"], 1)
    recall = n["matched"] / max(n["gold"], 1)
    return {
        "documents": len(rows),
        "gold": n["gold"],
        "found": n["ours"],
        "matched": n["matched"],
        "refused": n["refused"],
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        "f1": round(2 * precision * recall / max(precision + recall, 1e-9), 4),
        "country": round(n["country"] / max(n["with country"], 1), 4),
        "within_161_km": round(n["near"] / max(n["matched"], 1), 4),
        "ms_per_500_words": round(took * 1000 * 500 / max(n["words"], 1), 3),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure dragoman.places on a file of GeoVirus' layout.")
    parser.add_argument("file", type=Path)
    print(json.dumps(measure(parser.parse_args().file)))


if __name__ == "__main__":
    main()
