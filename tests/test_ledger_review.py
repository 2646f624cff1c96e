"""The review queue: what a look is for, in which order, and that what is judged does not come again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.review_samples import fill

from dragoman.ledger import BadJudgement, BadQuestion, Ledger
from dragoman.ledger.asking import KINDS, Look, Pace


@pytest.fixture
def ledger(ledger_address: str) -> Iterator[Ledger]:
    with Ledger(ledger_address) as made:
        fill(made)
        yield made


def look_at(ledger: Ledger, kind: str, type: str = "") -> Look:
    looks = ledger.review(kinds=[kind], limit=50).looks
    return next(look for look in looks if type in ("", look.event.type))


def types(ledger: Ledger, **options: Any) -> set[str]:
    return {look.event.type for look in ledger.review(limit=50, **options).looks}


def holds(look: Look, kind: str) -> bool:
    """Whether a reason of ``kind`` is true of its event."""
    told = look.event
    if kind == "doubt":
        return told.confidence is not None and 0.2 <= told.confidence < 0.7
    if kind == "dispute":
        return told.state == "disputed" and bool(told.denials)
    if kind == "name":
        return look.party in (*told.actor, *told.recipient) and look.party is not None and not look.party.country
    return look.twin is not None and look.twin.id != told.id


def test_each_reason_is_true_of_its_event(ledger: Ledger) -> None:
    found = ledger.review(limit=50)
    assert {reason.kind for look in found.looks for reason in look.reasons} == {"doubt", "name", "twin"}
    for look in found.looks:
        assert look.event.tellings
        assert all(holds(look, reason.kind) and reason.value > 0 for reason in look.reasons)
    assert found.waiting == len(found.looks)
    assert "COOPERATE" not in {look.event.type for look in found.looks}


def test_reasons_say_in_words_why(ledger: Ledger) -> None:
    assert [r.words for r in look_at(ledger, "doubt", "AID").reasons] == ["confidence 0.52"]
    named = look_at(ledger, "name")
    assert [r.words for r in named.reasons] == [
        "its actor “The Osk League fighters” has no country, here and in 1 other event"
    ]
    assert look_at(ledger, "twin").reasons[0].words == (
        "perhaps the same as another event: likelihood 0.47, joined from 0.50"
    )


def test_a_name_stands_once_for_all_events_and_words_that_are_none_count_less(ledger: Ledger) -> None:
    values = {look.event.type: look.value for look in ledger.review(kinds=["name"], limit=50).looks}
    assert values == {"ASSAULT": 0.25, "COERCE": 0.125, "SUPPORT": 0.125}


def test_the_most_uncertain_comes_first_and_more_sources_count_more(ledger: Ledger) -> None:
    looks = ledger.review(kinds=["doubt"], limit=50).looks
    assert [look.event.type for look in looks] == ["AID", "SUPPORT"]
    assert [look.value for look in ledger.review(limit=50).looks] == sorted(
        (look.value for look in ledger.review(limit=50).looks), reverse=True
    )


def test_a_denied_event_is_looked_at(ledger_address: str) -> None:
    from tests.test_ledger_core import STORIES
    from tests.test_ledger_core import fill as fill_stories

    with Ledger(ledger_address) as made:
        fill_stories(made, STORIES)
        look = look_at(made, "dispute")
        assert holds(look, "dispute")
        assert look.reasons[0].words == f"disputed: denied by {look.event.denials[0].text}"


@pytest.mark.parametrize("how", ["confirm", "correct", "drop"])
def test_what_is_judged_does_not_come_again_until_that_is_taken_back(ledger: Ledger, how: str) -> None:
    look = look_at(ledger, "doubt", "AID")
    if how == "correct":
        judgement = ledger.correct(look.event.id, {"place": None, "factuality": "future"}, by="ann")
    else:
        judgement = getattr(ledger, how)(look.event.id, by="ann")
    assert "AID" not in types(ledger)
    ledger.undo(judgement, by="ann")
    assert "AID" in types(ledger)


def test_twins_that_are_merged_or_parted_do_not_come_again(ledger: Ledger) -> None:
    look = look_at(ledger, "twin")
    assert look.twin is not None
    assert {look.event.type, look.twin.type} == {"COERCE", "ASSAULT"}
    judgement = ledger.part(look.event.id, look.twin.id, by="ann")
    assert ledger.review(kinds=["twin"]).looks == ()
    ledger.undo(judgement, by="ann")
    again = look_at(ledger, "twin")
    ledger.merge([again.event.id, look.twin.id], by="ann")
    assert ledger.review(kinds=["twin"]).looks == ()


def test_two_ids_of_one_event_are_not_parted(ledger: Ledger) -> None:
    [event] = ledger.query(type="AID").events
    with pytest.raises(BadJudgement, match="two different events"):
        ledger.part(event.id, event.id, by="ann")


def test_a_country_for_a_name_holds_in_all_events_and_is_taken_back_one_by_one(ledger: Ledger) -> None:
    look = look_at(ledger, "name")
    assert look.party is not None
    assert len(look.alike) == 2
    made = ledger.name_party(look.alike, look.party.text, "NER", "REB", by="ann", note="review")
    assert len(made) == 2
    for type in ("COERCE", "ASSAULT"):
        [event] = ledger.query(type=type).events
        assert [(p.country, p.sector) for p in event.actor] == [("NER", "REB")]
    assert types(ledger, kinds=["name"]) == {"SUPPORT"}
    assert ledger.pace("ann").decisions == 1
    ledger.undo(made[0], by="ann")
    assert sum(event.actor[0].country is None for event in ledger.query(text="fighters").events) == 1
    with pytest.raises(BadJudgement, match="no party"):
        ledger.name_party(look.alike[:1], "the ministry", "NER", by="ann")


def test_filters_and_kinds_and_what_is_skipped_narrow_the_queue(ledger: Ledger) -> None:
    assert types(ledger, actor="USA") == {"AID"}
    assert types(ledger, text="fighters", kinds=["twin"]) <= {"ASSAULT", "COERCE"}
    assert types(ledger, type="ASSAULT", kinds=["twin"]) == set()
    first, *rest = ledger.review(limit=50).looks
    assert [look.key for look in ledger.review(limit=50, skip=[first.key]).looks] == [look.key for look in rest]
    assert len(ledger.review(limit=1).looks) == 1


@pytest.mark.parametrize("options", [{"kinds": ["guess"]}, {"limit": 0}, {"type": "QUARREL"}])
def test_what_there_is_none_of_is_refused(ledger: Ledger, options: dict[str, Any]) -> None:
    with pytest.raises(BadQuestion):
        ledger.review(**options)


def test_an_empty_ledger_has_nothing_to_look_at(ledger_address: str) -> None:
    with Ledger(ledger_address) as made:
        assert made.review().looks == ()
        assert made.pace("ann") == Pace()


@pytest.fixture(scope="module")
def read_alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    with Ledger(Path(tmp_path_factory.mktemp("review")) / "ledger.db") as made:
        fill(made)
        yield made


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kinds=st.sets(st.sampled_from(KINDS), min_size=1), skips=st.integers(0, 6), limit=st.integers(1, 6))
def test_the_order_is_one_and_pages_follow_by_what_is_skipped(
    read_alone: Ledger, kinds: set[str], skips: int, limit: int
) -> None:
    whole = [look.key for look in read_alone.review(kinds=sorted(kinds), limit=50).looks]
    assert len(set(whole)) == len(whole)
    assert whole == [look.key for look in read_alone.review(kinds=sorted(kinds, reverse=True), limit=50).looks]
    page = read_alone.review(kinds=kinds, limit=limit, skip=whole[:skips])
    assert [look.key for look in page.looks] == whole[skips : skips + limit]
    assert page.waiting == max(0, len(whole) - skips)


def test_a_session_ends_with_a_rest_and_what_is_taken_back_does_not_count(ledger: Ledger) -> None:
    from dragoman.ledger import judge

    [event] = ledger.query(type="COOPERATE").events
    with ledger.store.reading() as connection:
        anchors = judge.event_anchors(connection, event.id)

    def at(clock: str) -> str:
        made = judge.make("confirm", "bea", anchors, at=f"2022-03-09T{clock}.000000+00:00")
        ledger.replay([made])
        return made.id

    at("08:00:00")
    at("09:00:00")
    last = [at(f"09:00:{second}") for second in (20, 40)][-1]
    at("09:01:00")
    assert ledger.pace("bea") == Pace(4, 1.0)
    assert ledger.pace("bea").per_minute == 3.0
    undoing = judge.make("undo", "bea", undoes=last, at="2022-03-09T09:02:00.000000+00:00")
    ledger.replay([undoing])
    assert ledger.pace("bea").decisions == 3
    assert ledger.pace("cem").per_minute is None
