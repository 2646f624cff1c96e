"""The bench of places counts as it says, and its figures hold."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
Measure = Callable[[Path], dict[str, float]]


@pytest.fixture
def measure(monkeypatch: pytest.MonkeyPatch) -> Measure:
    monkeypatch.syspath_prepend(str(ROOT))
    found: Measure = importlib.import_module("benchmarks.places").measure
    return found


def test_bench_counts(measure: Measure, tmp_path: Path) -> None:
    path = tmp_path / "places.jsonl"
    path.write_text(
        '{"text": "Talks in Geneva.", "places": [{"start": 9, "end": 15, "lat": 46.2, "lon": 6.15}]}\n'
        '{"text": "Unrest in Mali.", "places": [{"start": 10, "end": 14, "lat": 0.3, "lon": 32.6}]}\n'
        '{"text": "Nothing.", "places": [{"start": 0, "end": 7, "lat": 0.3, "lon": 32.6}]}\n'
    )
    figures = measure(path)
    assert (figures["gold"], figures["found"], figures["matched"]) == (3, 2, 2)
    assert figures["country"] == 0.5
    assert figures["within_161_km"] == 0.5


def test_geovirus_floor(measure: Measure) -> None:
    path = SHARED / "bench/places/geovirus.jsonl"
    if not path.exists():
        pytest.skip("the shared bench is not beside this checkout")
    figures = measure(path)
    assert figures["f1"] >= 0.93
    assert figures["country"] >= 0.95
    assert figures["within_161_km"] >= 0.88
