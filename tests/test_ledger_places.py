"""Where events happened, counted; and events read whole, as they would be made anew."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import select
from tests.ledger_samples import Sample

from dragoman import codebook
from dragoman.ledger import BadQuestion, Ledger, asking
from dragoman.ledger.asking import Filters
from dragoman.ledger.eventrows import remade
from dragoman.ledger.tables import event
from dragoman.ledger.whole import whole


def test_each_place_has_its_events_by_quad_class(sample: Sample) -> None:
    got = asking.places(sample.store, Filters(type=("ASSAULT", "CONSULT", "AID")))
    wanted: Counter[tuple[str, str | None, int]] = Counter()
    days: dict[str | None, list[str]] = {}
    asked = [e for e in sample.events if e.type in ("ASSAULT", "CONSULT", "AID")]
    for e in asked:
        if e.place:
            wanted[(e.place.text, e.place.country, codebook.TYPES[e.type].quad)] += 1
            days.setdefault(e.place.country, []).append(e.day or "")
    found = {(r.place.text, r.place.country, at + 1): n for r in got.rows for at, n in enumerate(r.quads) if n}
    assert found == dict(wanted)
    assert sum(r.events for r in got.rows) + got.nowhere == got.events == len(asked)
    assert got.left_out == 0
    for row in got.rows:
        known = [day for day in days[row.place.country] if day]
        assert (row.first, row.last) == (min(known), max(known))
    assert [r.events for r in got.rows] == sorted((r.events for r in got.rows), reverse=True)


def test_of_too_many_events_the_latest_are_counted_and_the_rest_told(sample: Sample) -> None:
    got = asking.places(sample.store, most=50)
    latest = sorted((e.day or "" for e in sample.events), reverse=True)
    assert (got.events, got.left_out) == (50, len(sample.events) - 50)
    assert got.since == latest[49]
    assert all(row.first >= got.since for row in got.rows)


def test_places_of_no_event_are_none(sample: Sample) -> None:
    got = asking.places(sample.store, Filters(text="weather"))
    assert (got.rows, got.events, got.nowhere, got.left_out, got.since) == ((), 0, 0, 0, "")
    with pytest.raises(BadQuestion):
        asking.places(sample.store, most=0)


def test_a_ledger_answers_by_the_names_of_filters(example_ledger: Path) -> None:
    with Ledger(example_ledger, create=False) as ledger:
        got = ledger.places(place="Niger", most=100)
        assert {row.place.country for row in got.rows} == {"NER"}
        assert got.events == ledger.count(place="Niger")


def test_events_read_whole_are_those_made_anew_of_their_records(example_ledger: Path) -> None:
    with Ledger(example_ledger, create=False) as ledger, ledger.store.reading() as connection:
        rows = connection.execute(select(event.c.nr, event.c.id).order_by(event.c.id)).all()
        assert len(rows) > 10
        read = whole(connection, [row.nr for row in rows])
        assert read == remade(connection, [row.id for row in rows])
        assert any(len(one.tellings) > 2 for one in read)
        assert whole(connection, [1, rows[0].nr]) == read[:1]
