"""Ledger events as PLOVER JSON, and what all their exports have in common."""

from __future__ import annotations

import json
import stat
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.export_samples import (
    ARMY,
    PUBLISHED,
    REBELS,
    TRADERS,
    attack,
    one,
    run,
    table,
)

from dragoman.export.ledger import FORMATS, LAYOUTS, export_events, read_plover
from dragoman.export.ledger.acled_types import kind_of
from dragoman.ledger.model import LedgerEvent

# PLOVER JSON


def test_plover_fields(tmp_path: Path) -> None:
    row = json.loads(run(tmp_path, "plover", attack()).files[0].read_text(encoding="utf-8"))
    assert list(row) == [f.name for f in LAYOUTS["plover"].fields if f.name != "enddate"]
    assert row["id"] == "e1"
    assert (row["date"], row["event"], row["mode"], row["quad_code"]) == ("2021-03-14", ["ASSAULT"], ["firearms"], 4)
    assert row["source"] == [{"code": "MLI", "sector": "REB", "actor_text": "Northern Column"}]
    assert row["event_loc"].items() >= {"name": "Gao", "cc3": "MLI"}.items()
    assert row["event_text"] == ["Rebels shot at traders in Gao.", "Shots fell; traders fled."]
    assert row["cite_info"]["publication"] == "Sahel Wire"


@pytest.mark.parametrize(
    ("date", "first", "last"),
    [("2021-03", None, None), (None, None, None), ("2021-03-01/2021-03-09", "2021-03-01", "2021-03-09")],
)
def test_plover_dates(tmp_path: Path, date: str | None, first: str | None, last: str | None) -> None:
    row = json.loads(run(tmp_path, "plover", attack(date=date)).files[0].read_text(encoding="utf-8"))
    assert (row["date"], row.get("enddate")) == (first, last)


def test_plover_says_among_the_contexts_what_did_not_happen(tmp_path: Path) -> None:
    event = attack(factuality="negated", historical=True)
    row = json.loads(run(tmp_path, "plover", event).files[0].read_text(encoding="utf-8"))
    assert row["context"] == ["human_rights", "military", "negated", "historical"]


def test_reading_another_make_names_the_line(tmp_path: Path) -> None:
    path = run(tmp_path, "plover", attack()).files[0]
    with path.open("a") as file:
        file.write('{"id": "x", "event": ["AID"]}\n')
    with pytest.raises(ValueError, match=r"plover\.jsonl, line 2"):
        list(read_plover(path))


# Files


@pytest.mark.parametrize("format", FORMATS)
def test_the_same_events_give_the_same_bytes(tmp_path: Path, format: str) -> None:
    one, two = (export_events([attack(), attack(id="e2")], format, tmp_path / name) for name in ("a", "b"))
    assert [p.read_bytes() for p in one.files] == [p.read_bytes() for p in two.files]


@pytest.mark.parametrize("format", FORMATS)
def test_no_events_make_a_readable_file(tmp_path: Path, format: str) -> None:
    done = run(tmp_path, format)
    assert (done.events, done.rows, dict(done.lost)) == (0, 0, {})
    assert all(path.exists() for path in done.files)
    if format in PUBLISHED:
        assert table(done, format) == []


@pytest.mark.parametrize("format", FORMATS)
def test_a_broken_export_leaves_the_old_one(tmp_path: Path, format: str) -> None:
    old = run(tmp_path, format, attack())
    before = [path.read_bytes() for path in old.files]

    def broken() -> Iterator[LedgerEvent]:
        yield attack(id="new")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export_events(broken(), format, tmp_path / "out")
    assert [path.read_bytes() for path in old.files] == before
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(path.name for path in old.files)


def test_files_have_the_rights_of_other_files(tmp_path: Path) -> None:
    done = run(tmp_path, "gdelt", attack())
    other = tmp_path / "other"
    other.touch()
    assert {stat.S_IMODE(path.stat().st_mode) for path in (*done.files, other)} == {stat.S_IMODE(other.stat().st_mode)}


def test_wrong_formats_and_folders_are_errors(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="is no format"):
        export_events([], "xml", tmp_path)
    (tmp_path / "file").touch()
    with pytest.raises(FileExistsError):
        export_events([], "csv", tmp_path / "file")


def test_progress_is_told(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    events = (attack(id=str(n), recipient=(TRADERS, ARMY)) for n in range(1500))
    export_events(events, "icews", tmp_path, tell=lambda events, rows: told.append((events, rows)))
    assert told == [(1000, 2000), (1500, 3000)]


@pytest.mark.parametrize("format", ["gdelt", "plover", "parquet"])
def test_memory_does_not_grow_with_the_events(tmp_path: Path, format: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dragoman.export.spool._BATCH_ROWS", 100)

    def peak(events: int) -> int:
        tracemalloc.reset_peak()
        begin = tracemalloc.get_traced_memory()[0]
        export_events((attack(id=str(n)) for n in range(events)), format, tmp_path)
        return tracemalloc.get_traced_memory()[1] - begin

    export_events([attack()], format, tmp_path)
    tracemalloc.start()
    try:
        few, many = peak(300), peak(1200)
    finally:
        tracemalloc.stop()
    assert many < few + 400_000


def test_ids_hang_on_the_event_and_the_pair_alone(tmp_path: Path) -> None:
    alone = one(tmp_path, "icews", attack())
    more = table(run(tmp_path, "icews", attack(actor=(ARMY, REBELS), date="2021-03-15")), "icews")
    assert alone["Event ID"] in {row["Event ID"] for row in more if row["Source Name"] == "Northern Column"}
    assert alone["Event ID"] != one(tmp_path, "icews", attack(id="e2"))["Event ID"]
    assert kind_of(attack()) == kind_of(attack(id="e2"))
