"""The bench command: what it counts, on a file of our own, and its floors on the shared one."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from benchmarks.times import acceptable, evaluate

MEANTIME = Path(__file__).parents[1].parent / "shared" / "bench" / "time" / "meantime.jsonl"


def row(text: str, *marks: tuple[str, str, str], published: str = "2025-03-14") -> dict[str, object]:
    timex = [
        {"start": text.index(words), "end": text.index(words) + len(words), "type": kind, "value": value}
        for words, kind, value in marks
    ]
    return {"id": "a", "published": published, "text": text, "timex": timex}


def test_counts_spans_and_values() -> None:
    figures = evaluate(
        [
            row(
                "Troops attacked on Tuesday and left last week.\nHe fled in June.",
                ("Tuesday", "DATE", "2025-03-11"),
                ("last week", "DATE", "2025-W11"),
                ("He", "DATE", "PAST_REF"),
            )
        ]
    )
    assert (figures["gold"], figures["found"], figures["matched"]) == (3, 3, 2)
    assert figures["span_f1"] == pytest.approx(2 / 3, abs=1e-4)
    assert figures["value_accuracy"] == 0.5


def test_lines_that_nobody_marked_up_are_left_out() -> None:
    rows = [row("They met on Tuesday.\nThey met on Monday.", ("Tuesday", "DATE", "2025-03-11"))]
    assert evaluate(rows)["found"] == 1
    assert evaluate(rows, all_lines=True)["found"] == 2


def test_the_ends_of_a_range_are_dates() -> None:
    rows = [row("War from 2014 to 2016.", ("2014", "DATE", "2014"), ("2016", "DATE", "2016"))]
    assert evaluate(rows)["value_accuracy"] == 1.0


def test_a_document_without_a_date_takes_that_of_its_date_line() -> None:
    rows = [
        row(
            "Port falls\nMarch 14, 2025\nIt fell today.",
            ("today", "DATE", "2025-03-14"),
            published="03-02-2025",
        )
    ]
    figures = evaluate(rows)
    assert figures["dated_by_date_line"] == 1
    assert figures["value_accuracy"] == 1.0


def test_unresolved_gold_is_none_and_swapped_dates_are_either() -> None:
    assert None in acceptable("XXXX-XX-XX")
    assert acceptable("03-02-2009") == {"2009-02-03", "2009-03-02"}
    assert acceptable("2011-06-XX") == {"2011-06"}


def test_the_command_prints_its_figures_last(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text(json.dumps(row("They met on Tuesday.", ("Tuesday", "DATE", "2025-03-11"))) + "\n", encoding="utf-8")
    root = Path(__file__).parents[1]
    ran = subprocess.run(
        [sys.executable, "-m", "benchmarks.times", str(path)],
        capture_output=True,
        text=True,
        check=True,
        cwd=root,
    )
    assert json.loads(ran.stdout.splitlines()[-1])["span_f1"] == 1.0


@pytest.mark.skipif(not MEANTIME.exists(), reason="the shared bench is not here")
def test_floors_on_the_shared_bench() -> None:
    with MEANTIME.open(encoding="utf-8") as lines:
        figures = evaluate([json.loads(line) for line in lines])
    # Reached when the room was built: .92 and .92. The issue asks for .90 and .85.
    assert figures["span_f1"] >= 0.91
    assert figures["value_accuracy"] >= 0.91
