"""Series of who acts towards whom: the sums of the events, whether read one by one or kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete
from tests.ledger_meaning import NAMES, filters, holds, last_day, one_or_two_of, pairs
from tests.ledger_samples import Sample, Told, report

from dragoman import codebook
from dragoman.ledger import asking, dyadrows
from dragoman.ledger.asking import Filters
from dragoman.ledger.eventrows import put_events
from dragoman.ledger.model import LedgerEvent, Party
from dragoman.ledger.store import Store
from dragoman.ledger.tables import event
from dragoman.ledger.writing import add


@pytest.fixture
def store(ledger_address: str) -> Iterator[Store]:
    opened = Store(ledger_address)
    yield opened
    opened.close()


QUADS = {t.name: t.quad for t in codebook.TYPES.values()}


def periods(e: LedgerEvent, by: str) -> set[str]:
    """The periods of all days from the first to the last that an event may have been on."""
    first, last = e.day or "", last_day(e)
    if by == "all":
        return {""}
    if not first or (e.date is None and e.historical):
        return {"", "unknown"}
    if by == "week":
        return {f"{d.isocalendar()[0]}-W{d.isocalendar()[1]:02}" for d in (real(first), real(last))}
    size = {"day": 10, "month": 7, "year": 4, "quarter": 7}[by]
    found = {first[:size], last[:size]}
    return {f"{p[:4]}-Q{(int(p[5:]) - 1) // 3 + 1}" for p in found} if by == "quarter" else found


def real(day: str) -> date:
    while True:
        try:
            return date.fromisoformat(day)
        except ValueError:
            day = f"{day[:8]}{int(day[8:]) - 1:02}"


@settings(max_examples=60, deadline=None)
@given(filters(), st.sampled_from(asking.PERIODS), st.sets(st.sampled_from(NAMES), max_size=2), st.booleans())
def test_series_are_the_sums_of_the_events(sample: Sample, given: Filters, by: Any, keep: set[str], all: bool) -> None:
    asked = one_or_two_of(given, (keep | {"actor", "since"}) - {"factuality", "state"})
    want: dict[tuple[str, str, str], list[float]] = {}
    left_out = unknown = 0
    for e in sample.events:
        if e.factuality != "actual" or e.state == "retracted" or not holds(e, asked):
            continue
        for actor, recipient in pairs(e):
            if (
                (asked.actor and actor not in asked.actor)
                or (asked.recipient and recipient not in asked.recipient)
                or (asked.party and not {actor, recipient} & set(asked.party))
            ):
                continue
            if not (actor and recipient):
                unknown += 1
                if not all:
                    continue
            among = periods(e, by)
            if len(among) > 1:
                left_out += 1
                continue
            sums = want.setdefault((actor, recipient, among.pop()), [0.0] * 8)
            assert e.score is not None
            for at, value in enumerate((1, e.reports, e.score, e.date is None)):
                sums[at] += value
            sums[3 + QUADS[e.type]] += 1
    got = asking.dyads(sample.store, asked, by=by, unknown=all)
    assert (got.left_out, got.unknown) == (left_out, unknown)
    assert got.undated == sum(sums[3] for sums in want.values())
    assert {(r.actor or "", r.recipient or "", r.period) for r in got.rows} == set(want)
    assert [r[:3] for r in got.rows] == sorted((r[:3] for r in got.rows), key=lambda key: [part or "" for part in key])
    for row in got.rows:
        sums = want[row.actor or "", row.recipient or "", row.period]
        quads = (row.verbal_cooperation, row.material_cooperation, row.verbal_conflict, row.material_conflict)
        assert (row.events, row.reports, row.undated, *quads) == (sums[0], sums[1], sums[3], *sums[4:])
        assert row.score_sum == pytest.approx(sums[2], abs=1e-4)
        assert row.score_mean == pytest.approx(sums[2] / sums[0], abs=1e-4)
        assert row.value == row.events


def test_sums_that_are_kept_are_those_of_the_events(sample: Sample) -> None:
    with sample.store.reading() as connection:
        assert dyadrows.faults(connection) == []
    periods: tuple[asking.By, ...] = ("month", "quarter", "year", "all")
    for by in periods:
        kept = asking.dyads(sample.store, by=by)
        # A filter that holds for all, and that the table of sums knows nothing of.
        read = asking.dyads(sample.store, Filters(min_sources=1), by=by)
        assert kept == read
        assert len(kept.rows) >= 16


def test_sums_that_are_kept_answer_all_that_they_say_they_do(sample: Sample) -> None:
    for asked in (
        Filters(actor="USA", party="RUS"),
        Filters(party=("USA", "UKR"), recipient=("RUS", "USA"), type=("AID", "ASSAULT")),
        Filters(since="2020-12", until="2021-03", dated_only=True),
        Filters(until="2021", actor=("MMR", "RUS"), type="CONSULT"),
    ):
        for by in ("month", "quarter", "year", "all"):
            kept = asking.dyads(sample.store, asked, by=by, unknown=True)
            assert kept == asking.dyads(sample.store, replace(asked, min_sources=1), by=by, unknown=True)
            assert kept.rows


def test_sums_follow_events_that_are_replaced_and_removed(store: Store) -> None:
    shelled = Told("shelled", "ASSAULT", "army | RUS MIL", "town | UKR CVL", date="2022-03-01")
    first = report("The army shelled the town.", shelled, outlet="One")
    second = report("At dawn the army shelled the town again and again.", shelled, outlet="Two")
    for coding in (first, second):
        store.write(partial(add, codings=[coding]))
        with store.reading() as connection:
            assert dyadrows.faults(connection) == []
    rows = asking.dyads(store).rows
    assert [(r.actor, r.recipient, r.period) for r in rows] == [("RUS", "UKR", "2022-03")]
    assert rows[0].reports == 2
    store.write(lambda connection: connection.execute(delete(event)))
    with store.reading() as connection:
        assert dyadrows.faults(connection) == ["RUS>UKR 2022-03"]


def test_measures(store: Store) -> None:
    def acts(*types: str) -> list[LedgerEvent]:
        return [
            LedgerEvent(
                f"{kind}{at}", kind, (), (Party("a", "USA"),), (Party("b", "CUB"),), date="2021-05-05", reports=2
            )
            for at, kind in enumerate(types)
        ]

    events = [replace(e, score=codebook.score(e.type)) for e in acts("AID", "SANCTION", "SANCTION", "ACCUSE")]
    store.write(lambda connection: put_events(connection, events))
    got = {name: asking.dyads(store, measure=name).rows[0].value for name in asking.MEASURES}
    total = sum(e.score or 0 for e in events)
    assert got == {
        "events": 4,
        "reports": 8,
        "score": pytest.approx(total / 4),
        "score_sum": pytest.approx(total),
        "cooperation": 1,
        "conflict": 3,
        "net": -0.5,
        "verbal_cooperation": 0,
        "material_cooperation": 1,
        "verbal_conflict": 1,
        "material_conflict": 2,
    }
