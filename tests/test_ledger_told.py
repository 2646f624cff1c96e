"""What is new in a span, and which pairs changed against their past."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.ledger_samples import report
from tests.test_ledger_core import STORIES, events, fill, story

from dragoman.ledger import BadQuestion, Ledger
from dragoman.ledger.asking import Changes
from dragoman.ledger.asking.changes import _counts_differ
from dragoman.ledger.eventrows import put_events
from dragoman.ledger.model import LedgerEvent, Party
from dragoman.ledger.writing import add


@pytest.fixture
def ledger(ledger_address: str) -> Iterator[Ledger]:
    with Ledger(ledger_address) as made:
        yield made


def test_the_ledgers_days_are_those_of_its_reports(ledger: Ledger) -> None:
    assert (ledger.newest(), ledger.oldest()) == (None, None)
    for day in ("2022-03-04T23:10:00Z", "2021-12-31", ""):
        ledger.store.write(partial(add, codings=[report(f"Nothing at {day}.", published=day or "")]))
    assert (ledger.newest(), ledger.oldest()) == ("2022-03-04", "2021-12-31")
    assert ledger.newest(before="2022-03-04") == "2021-12-31"
    assert ledger.newest(before="2021-12-31") is None


def test_what_is_new_is_what_was_first_told_the_most_corroborated_first(ledger: Ledger) -> None:
    fill(ledger, [*STORIES, story("Nothing is known.", 7, published="2022-03-04")])
    whole = events(ledger)
    told = ledger.told("2022-03-01", "2022-03-31")
    inside = [e for e in whole if e.reported and e.reported[:7] == "2022-03"]
    assert told.total == len(inside)
    assert dict(told.states) == {s: sum(e.state == s for e in inside) for s in {e.state for e in inside}}
    assert [e.sources for e in told.events] == sorted((e.sources for e in told.events), reverse=True)
    assert {e.id for e in told.events} == {
        e.id for e in inside if e.state != "retracted" and e.factuality != "negated" and not e.historical
    }
    assert [e.state for e in told.disputed] == ["disputed"]
    assert {e.id for e in told.retracted} == {e.id for e in inside if e.state == "retracted"} != set()
    assert ledger.told("2022-03-01", "2022-03-31", limit=1).events == told.events[:1]


def test_an_event_is_disputed_news_when_it_is_denied_not_only_when_it_is_told(ledger: Ledger) -> None:
    denied = [STORIES[0], replace(STORIES[3], published="2022-04-09")]
    fill(ledger, denied)
    told = ledger.told("2022-04-01", "2022-04-30")
    assert [(e.type, e.state) for e in told.disputed] == [("ASSAULT", "disputed")]
    assert told.events == ()
    assert ledger.told("2022-05-01", "2022-05-31").disputed == ()


def test_a_span_that_ends_before_it_begins_is_refused(ledger: Ledger) -> None:
    with pytest.raises(BadQuestion, match="comes after"):
        ledger.told("2022-03-02", "2022-03-01")
    with pytest.raises(BadQuestion, match="1 event or more"):
        ledger.told("2022-03-02", "2022-03-03", limit=0)
    with pytest.raises(BadQuestion, match="comes after"):
        ledger.changes("2022-03-02", "2022-03-01")
    with pytest.raises(BadQuestion, match="days such as"):
        ledger.changes("March", "2022-03-01")


_IDS = count()


def act(day: str, actor: str = "RUS", recipient: str = "UKR", type: str = "ACCUSE", score: float = -2.0) -> LedgerEvent:
    return LedgerEvent(
        f"c{next(_IDS):06}",
        type,
        actor=(Party("a ministry", actor, "GOV"),),
        recipient=(Party("another", recipient, "GOV"),),
        date=day,
        dates=(day,),
        reported=day if len(day) == 10 else "2022-02-25",
        state="reported",
        sources=1,
        reports=1,
        score=score,
    )


def every(days: int, first: str, last: str, **given: object) -> list[LedgerEvent]:
    begin, end = date.fromisoformat(first), date.fromisoformat(last)
    steps = range(0, (end - begin).days + 1, days)
    return [act((begin + timedelta(days=n)).isoformat(), **given) for n in steps]  # type: ignore[arg-type]


def begun(ledger: Ledger, made: list[LedgerEvent], since: str = "2020-01-01") -> None:
    """A ledger of these events whose first report is of ``since``."""
    ledger.store.write(lambda c: add(c, [report("Nothing.", published=since)]))
    ledger.store.write(lambda c: put_events(c, made))


def test_a_pair_that_grew_and_one_that_soured_are_named_with_reasons_and_steady_ones_are_not(ledger: Ledger) -> None:
    steady = every(3, "2021-01-01", "2022-02-25", actor="USA", recipient="CHN")
    grown = every(10, "2021-01-01", "2022-02-18") + [
        act(f"2022-02-{d}") for d in (19, 20, 21, 22, 23, 24) for _ in "ab"
    ]
    soured = every(2, "2021-01-01", "2022-02-18", actor="MMR", recipient="CHN", type="CONSULT", score=3.0)
    soured += every(2, "2022-02-19", "2022-02-25", actor="MMR", recipient="CHN", type="ASSAULT", score=-9.0)
    begun(ledger, steady + grown + soured)
    found = ledger.changes("2022-02-19", "2022-02-25")
    assert found.past == "2021-02-01"
    assert [(row.actor, row.recipient) for row in found.rows] == [("MMR", "CHN"), ("RUS", "UKR")]
    second, first = found.rows
    assert first.events == 12
    assert first.expected == pytest.approx(38 * 7 / 383, abs=0.01)
    assert first.reason == "12 events against 0.7 a week since February 2021; score −2.0 against −2.0"
    assert second.reason.endswith("score −9.0 against +3.0")
    assert first.months[0][0] == "2021-02"
    assert first.months[-1] == ("2022-02", 14)
    assert ledger.changes("2022-02-19", "2022-02-25", limit=1).rows == (second,)


def test_a_pair_that_fell_silent_and_a_new_one_are_named(ledger: Ledger) -> None:
    begun(ledger, every(1, "2021-01-01", "2022-01-31") + every(2, "2022-02-10", "2022-02-20", recipient="MMR"))
    found = ledger.changes("2022-02-01", "2022-02-28")
    reasons = {row.recipient: row.reason for row in found.rows}
    assert reasons["UKR"].startswith("no events against 28 a month since February 2021")
    assert reasons["MMR"] == "6 events, the first since February 2021"


def test_a_restless_pair_must_change_more_than_an_even_one(ledger: Ledger) -> None:
    bursts = [act(f"2021-{m:02}-{d:02}", "USA") for m in (3, 6, 9) for d in range(1, 29)]
    even = every(4, "2021-02-01", "2022-01-31", actor="MMR")
    now = [act(f"2022-02-{d:02}", actor) for d in range(1, 19) for actor in ("USA", "MMR")]
    begun(ledger, bursts + even + now)
    found = ledger.changes("2022-02-01", "2022-02-28")
    assert [row.actor for row in found.rows] == ["MMR"]


def test_without_as_much_past_as_the_span_nothing_is_compared(ledger: Ledger) -> None:
    assert ledger.changes("2022-02-19", "2022-02-25") == Changes("2022-02-19", "2022-02-25", None)
    begun(ledger, every(1, "2022-02-19", "2022-02-25"), since="2022-02-15")
    assert ledger.changes("2022-02-19", "2022-02-25").past is None
    assert ledger.changes("2022-02-23", "2022-02-25").past == "2022-02-15"


@settings(max_examples=12, deadline=None)
@given(
    first=st.dates(date(2021, 1, 1), date(2022, 12, 31)),
    days=st.integers(0, 500),
    seed=st.lists(st.integers(0, 900), min_size=1, max_size=60),
)
def test_events_of_any_span_are_counted_as_one_by_one(
    tmp_path_factory: pytest.TempPathFactory, first: date, days: int, seed: list[int]
) -> None:
    last = first + timedelta(days=days)
    made = [act((date(2020, 12, 1) + timedelta(days=n)).isoformat()) for n in seed]
    with Ledger(tmp_path_factory.mktemp("changes") / "ledger.db") as ledger:
        begun(ledger, made, since="2019-01-01")
        found = ledger.changes(first.isoformat(), last.isoformat())
    assert found.past is not None
    dates = [date.fromisoformat(e.date or "") for e in made]
    assert found.events == sum(first <= d <= last for d in dates)
    before = sum(date.fromisoformat(found.past) <= d < first for d in dates)
    share = (days + 1) / (first - date.fromisoformat(found.past)).days
    assert found.expected == pytest.approx(before * share, abs=0.006)


@given(new=st.integers(0, 500), old=st.integers(0, 5_000), days=st.integers(1, 40), before=st.integers(40, 400))
def test_counts_at_one_rate_do_not_differ_and_others_do(new: int, old: int, days: int, before: int) -> None:
    assert _counts_differ(new, old, days, before) >= -1e-9
    assert _counts_differ(new * days, new * before, days, before) == pytest.approx(0, abs=1e-6)
