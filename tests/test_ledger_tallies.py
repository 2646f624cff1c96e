"""Sums over any side, type or period: those of the series, however they are asked for."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.ledger_samples import COUNTRIES, TYPES, Sample, made_up

from dragoman.ledger import Ledger, asking
from dragoman.ledger.asking import BadQuestion, Filters
from dragoman.ledger.asking.tallies import MOST_PAIRS, OVER
from dragoman.ledger.eventrows import put_events

KNOWN = [code for code in COUNTRIES if code]


@settings(max_examples=60, deadline=None)
@given(
    st.sets(st.sampled_from(OVER)),
    st.sampled_from(("month", "quarter", "year", "all")),
    st.sampled_from(("", "USA", "MMR")),
    st.sampled_from(((), ("ASSAULT",), ("AID", "CONSULT"))),
    st.sampled_from((None, "2020-12", "2021")),
)
def test_tallies_are_the_sums_of_series(
    sample: Sample, over: set[Any], by: Any, actor: str, types: tuple[str, ...], since: str | None
) -> None:
    filters = Filters(actor=actor, type=types, since=since)
    want: dict[tuple[Any, ...], list[float]] = {}
    for kind in types or TYPES:
        step: Any = by if "period" in over else "all"
        rows = asking.dyads(sample.store, Filters(actor=actor, type=kind, since=since), by=step, unknown=True).rows
        for row in rows:
            key = tuple(getattr(row, name) if name != "type" else kind for name in OVER if name in over)
            summed = want.setdefault(key, [0, 0, 0, 0, 0, 0])
            numbers = (row.events, row.reports, row.verbal_cooperation + row.material_cooperation)
            for at, number in enumerate((*numbers, row.verbal_conflict + row.material_conflict, row.undated)):
                summed[at] += number
            summed[5] += row.score_sum
    found = asking.tallies(sample.store, filters, over=list(over), by=by, unknown=True)
    have = {tuple(getattr(row, name) for name in OVER if name in over): row for row in found}
    assert have.keys() == want.keys()
    for key, tally in have.items():
        events, reports, cooperation, conflict, undated, score = want[key]
        assert (tally.events, tally.reports, tally.undated) == (events, reports, undated)
        assert (sum(tally.quads[:2]), sum(tally.quads[2:])) == (cooperation, conflict)
        assert tally.score_mean is None or tally.score_mean * tally.scored == pytest.approx(score, abs=1e-3)


def test_known_sides_pairs_and_limits(sample: Sample) -> None:
    rows = asking.tallies(sample.store, over=["actor", "recipient"])
    assert all(row.actor and row.recipient for row in rows)
    assert [row.events for row in rows] == sorted((row.events for row in rows), reverse=True)
    assert asking.tallies(sample.store, over=["actor", "recipient"], limit=3) == rows[:3]
    abroad = asking.tallies(sample.store, over=["actor", "recipient"], abroad=True)
    assert abroad == [row for row in rows if row.actor != row.recipient]
    pairs = [("USA", "RUS"), ("MMR", "MMR")]
    assert asking.tallies(sample.store, over=["actor", "recipient"], pairs=pairs) == [
        row for row in rows if (row.actor, row.recipient) in pairs
    ]
    assert asking.tallies(sample.store, over=[], pairs=[]) == []
    periods = [row.period or "" for row in asking.tallies(sample.store, over=["period"], by="quarter")]
    assert periods == sorted(set(periods))
    assert periods[0] == "2020-Q4"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"over": ["place"]}, "not over 'place'"),
        ({"over": ["actor"], "filters": Filters(text="grain")}, "ask no more"),
        ({"over": ["period"], "by": "week"}, "ask no more"),
        ({"over": ["actor"], "filters": Filters(since="2021-03-14")}, "ask no more"),
        ({"over": ["actor"], "pairs": [("USA", "RUS")] * (MOST_PAIRS + 1)}, "too many"),
    ],
)
def test_what_sums_cannot_tell_is_said(sample: Sample, options: dict[str, Any], words: str) -> None:
    with pytest.raises(BadQuestion, match=words):
        asking.tallies(sample.store, **options)


def towards(side: str, code: str) -> Filters:
    return Filters(actor=code) if side == "actor" else Filters(recipient=code)


def test_a_country_in_full_is_the_sum_of_its_series(sample: Sample) -> None:
    for code in KNOWN:
        found = asking.profile(sample.store, code, by="month")
        for side, own, other in ((found.out, "actor", "recipient"), (found.into, "recipient", "actor")):
            rows = asking.dyads(sample.store, towards(own, code), by="all", unknown=True).rows
            assert side.events == sum(row.events for row in rows) > 0
            named: dict[str, int] = {}
            for counterparts in side.counterparts.values():
                for one in counterparts:
                    named[one.country or ""] = named.get(one.country or "", 0) + one.events
            assert named == {getattr(row, other): row.events for row in rows if getattr(row, other)}
            monthly = asking.dyads(sample.store, towards(own, code), by="month", unknown=True).rows
            assert sum(row.events for row in side.series) == sum(row.events for row in monthly)
    assert asking.profile(sample.store, "Burma").country == "MMR"
    with pytest.raises(BadQuestion, match="no country"):
        asking.profile(sample.store, "Atlantis")


@pytest.fixture
def ledger(ledger_address: str) -> Iterator[Ledger]:
    with Ledger(ledger_address) as opened:
        yield opened


def test_days_are_those_of_reports(ledger: Ledger) -> None:
    assert ledger.days() == (None, None)
    events = made_up(40)
    ledger.store.write(partial(put_events, made=events))
    told = sorted(event.reported[:10] for event in events if event.reported)
    assert ledger.days() == (told[0], told[-1])
