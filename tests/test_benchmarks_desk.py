"""The benches of the desk: a made-up ledger is what it says, is the same each time, and is asked as it should be."""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks import desk_ledger, desk_load, desk_pages

from dragoman.ledger import Ledger


def test_made_up_reports_say_what_their_records_say() -> None:
    made = list(desk_ledger.coded(40))
    for document, coded in made:
        assert coded.id == document.id
        for event in coded.events:
            parties = (*event.actor, *event.recipient, *event.attribution)
            assert all(document.text[p.start : p.end].casefold() == p.text.casefold() for p in parties)
            words = [m.trigger.of(document.text) for m in event.mentions]
            assert {(word, "".join(event.mode)) for word in words} <= set(desk_ledger.TOLD[event.type])
    assert [document.id for document, _ in desk_ledger.coded(40)] == [document.id for document, _ in made]
    assert len({document.id for document, _ in made}) == 40


@pytest.mark.parametrize("compare", [True, False])
def test_a_ledger_that_is_compared_is_sound(tmp_path: Path, compare: bool) -> None:
    with Ledger(tmp_path / "made.db") as ledger:
        desk_ledger.fill(ledger, 60, compare=compare)
        assert ledger.counts()["reports"] == 60
        assert ledger.counts()["events"] > 120
        assert {one.action for one in ledger.judgements()} >= {"confirm", "correct", "drop"}
        if compare:
            assert ledger.faults() == []
        assert ledger.count(state="corroborated") > 0


def test_pages_are_asked_first_after_a_change_and_again(tmp_path: Path) -> None:
    path = tmp_path / "made.db"
    with Ledger(path) as ledger:
        desk_ledger.fill(ledger, 60)
    asked = desk_pages.addresses(path)
    row = desk_pages.ask(path, asked["events"])
    assert row["status"] == 200
    assert all(row[name] > 0 for name in ("first", "changed", "median", "most", "bytes", "scripts"))
    assert row["median"] <= row["most"]


def test_latencies_are_told_by_their_hundredths() -> None:
    told = desk_load.figures([float(ms) for ms in range(1, 201)])
    assert told == {"requests": 200, "median": 100.5, "most": 200.0, "p95": 191.0, "p99": 199.0}
    assert desk_load.figures([]) == {"requests": 0}


def test_a_reader_follows_what_a_list_lists() -> None:
    reader = desk_load.Reader(3, desk_load.Tally())
    reader._note(
        '<a class="open" href="/events/0123456789abcdef">x</a><a class="button" rel="next" href="/events?after=b">'
    )
    assert reader.address("event") == "/events/0123456789abcdef"
    assert reader.address("next page") == "/events?after=b"
    assert [desk_load.Reader(3, desk_load.Tally()).address("words") for _ in range(2)] == [
        desk_load.Reader(3, desk_load.Tally()).address("words")
    ] * 2
