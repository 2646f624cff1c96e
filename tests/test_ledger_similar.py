"""Events like another, pages turned both ways, counts with an end, and searches that are kept; in both databases."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.ledger_samples import Sample, Told, ids, report

from dragoman.ledger import BadQuestion, Ledger, asking, saved
from dragoman.ledger.asking import Filters
from dragoman.ledger.writing import add


@pytest.fixture
def ledger(ledger_address: str) -> Iterator[Ledger]:
    with Ledger(ledger_address) as opened:
        yield opened


STRIKE = Told("shelled", "ASSAULT", "The Osk army|RUS MIL", "Lanivka|UKR CVL", date="2022-03-01")


def tell(ledger: Ledger, text: str, *told: Told, published: str = "2022-03-02") -> str:
    """The id of the one event that a new report tells."""
    coding = report(text, *told, published=published)
    ledger.store.write(lambda connection: add(connection, [coding]))
    found = ledger.event(coding.coded.events[0].id)
    assert found is not None
    return found.id


def alike(ledger: Ledger, id: str, **options: Any) -> dict[str, tuple[str, ...]]:
    return {one.event.id: one.reasons for one in ledger.similar(id, **options)}


def test_events_of_the_same_parties_and_type_come_before_those_of_the_same_parties(ledger: Ledger) -> None:
    own = tell(ledger, "The Osk army shelled Lanivka on Tuesday.", STRIKE)
    talks = Told("met envoys", "CONSULT", "Moscow|RUS GOV", "Kyiv|UKR GOV", date="2022-03-01")
    met = tell(ledger, "Moscow met envoys of Kyiv in the capital of a third state.", talks)
    later = Told("fired on", "ASSAULT", "Gunners|RUS MIL", "the depot|UKR MIL", date="2022-03-04")
    fired = tell(ledger, "Gunners fired on the depot beside the railway.", later)
    far = Told("fired on", "ASSAULT", "Gunners|RUS MIL", "the depot|UKR MIL", date="2022-08-04")
    tell(ledger, "Gunners fired on the depot once more in summer.", far)
    other = Told("aided", "AID", "Oslo|NOR GOV", "Juba|SSD GOV", date="2022-03-01")
    tell(ledger, "Oslo aided Juba with grain.", other)

    found = alike(ledger, own)
    assert list(found) == [fired, met]
    assert found[fired] == ("also assault", "also Russia towards Ukraine", "3 days later")
    assert found[met] == ("also Russia towards Ukraine", "on the same day")
    assert list(alike(ledger, own, limit=1)) == [fired]


def test_an_event_is_not_like_itself_nor_like_its_denial(ledger: Ledger) -> None:
    own = tell(ledger, "The Osk army shelled Lanivka on Tuesday.", STRIKE)
    denied = Told(
        "shelled", "ASSAULT", "the Osk army|RUS MIL", "Lanivka|UKR CVL", factuality="negated", date="2022-03-01"
    )
    denial = tell(ledger, "Moscow denied that the Osk army shelled Lanivka on Tuesday.", denied)
    event = ledger.event(own)
    assert event is not None
    assert event.contrary == (denial,)
    assert alike(ledger, own) == {} == alike(ledger, denial)


def test_what_no_report_dates_is_told_near_and_not_dated(ledger: Ledger) -> None:
    own = tell(ledger, "The Osk army shelled Lanivka on Tuesday.", STRIKE)
    undated = Told("fired on", "ASSAULT", "Gunners|RUS MIL", "the depot|UKR MIL")
    near = tell(ledger, "Gunners fired on the depot beside the railway.", undated, published="2022-03-03")
    assert alike(ledger, own)[near][-1] == "told 2 days later"


def test_nothing_is_like_an_event_that_is_not_there(ledger: Ledger) -> None:
    assert ledger.similar("nothing") == []


def test_events_are_listed_by_their_ids(sample: Sample) -> None:
    wanted = [sample.events[at].id for at in (7, 3, 7, 500)]
    assert ids(asking.listed(sample.store, ["none", *wanted])) == [wanted[0], wanted[1], wanted[3]]


def test_joins_within_an_event_are_those_of_its_records_and_what_people_parted(ledger: Ledger) -> None:
    own = tell(ledger, "The Osk army shelled Lanivka on Tuesday.", STRIKE)
    again = "The Osk army shelled Lanivka on Tuesday, the mayor said in tears."
    assert tell(ledger, again, STRIKE, published="2022-03-03") == own
    event = ledger.event(own)
    assert event is not None
    records = {telling.record.id for telling in event.tellings}
    within = ledger.joins(own, within=True)
    assert [{join.a, join.b} for join in within] == [records]
    ledger.split(own, [max(records - {own})], by="ada")
    parted = ledger.joins(own, within=True)
    assert [(join.kind, join.event != own) for join in parted] == [("apart", True)]
    assert len(ledger.joins(own)) >= len(parted)


@pytest.mark.parametrize("sort", asking.SORTS)
def test_a_page_read_the_other_way_round_is_the_page_before(sample: Sample, sort: Any) -> None:
    first = asking.query(sample.store, sort=sort, limit=7)
    second = asking.query(sample.store, sort=sort, limit=7, after=first.next)
    back = asking.query(sample.store, sort=sort, ascending=True, limit=7, after=second.first)
    assert ids(back.events)[::-1] == ids(first.events)
    assert back.next is None
    forth = asking.query(sample.store, sort=sort, limit=7, after=back.first)
    assert ids(forth.events) == ids(second.events)


def test_counting_ends_where_it_is_told_to(sample: Sample) -> None:
    whole = asking.count(sample.store, Filters(since="2022"))
    assert whole > 3
    assert asking.count(sample.store, Filters(since="2022"), most=3) == 3
    assert asking.count(sample.store, Filters(since="2022"), most=whole + 5) == whole
    assert asking.count(sample.store, most=10) == 10


def test_searches_are_kept_by_owner_and_name_and_the_last_counts(ledger: Ledger) -> None:
    ledger.save("ada", "  Sanctions   of spring ", "?type=SANCTION")
    ledger.save("ada", "arms", "context=military")
    ledger.save("eve", "arms", "type=AID")
    ledger.save("ada", "Sanctions of spring", "type=SANCTION&since=2022-03")
    assert [(one.name, one.query) for one in ledger.saved("ada")] == [
        ("arms", "context=military"),
        ("Sanctions of spring", "type=SANCTION&since=2022-03"),
    ]
    assert ledger.unsave("ada", "arms")
    assert not ledger.unsave("ada", "arms")
    assert [one.name for one in ledger.saved("ada")] == ["Sanctions of spring"]
    assert [one.name for one in ledger.saved("eve")] == ["arms"]


def test_searches_have_bounds(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, query in (
        (" ", "type=AID"),
        ("n" * (saved.LONGEST_NAME + 1), "type=AID"),
        ("long", "q" * (saved.LONGEST_QUERY + 1)),
        ("zero\x00", "type=AID"),
    ):
        with pytest.raises(BadQuestion):
            ledger.save("ada", name, query)
    monkeypatch.setattr(saved, "MOST_SAVED", 2)
    ledger.save("ada", "one", "a")
    ledger.save("ada", "two", "b")
    with pytest.raises(BadQuestion, match="remove one"):
        ledger.save("ada", "three", "c")
    ledger.save("ada", "two", "other")
    assert [one.query for one in ledger.saved("ada")] == ["a", "other"]
