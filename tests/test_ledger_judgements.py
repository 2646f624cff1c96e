"""What people judge stands: whatever a newer coder finds, in whatever order it is replayed, until it is taken back."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from benchmarks.ledger_reports import QuickCoder
from tests.test_ledger_core import OTHER, STORIES, THIRD, events, fill, sound, story

from dragoman.ledger import BadJudgement, Judgement, Ledger, joining, linking
from dragoman.ledger import recode as recoding
from dragoman.ledger.judging import in_force
from dragoman.record import CodedDocument, Document, Entity, Event, Json, Mention, Span

ATTACK = "Chad shelled Laos near Osaka on 2022-03-04."
REPORTS = [
    story(ATTACK, 1),
    story(ATTACK, 2, OTHER),
    story("Kenya supplied Ghana near Kumasi on 2022-03-01.", 3, THIRD),
    story("Kenya visited Ghana near Kumasi on 2022-03-01.", 4, OTHER + " " + THIRD),
]


@pytest.fixture
def ledger(ledger_address: str) -> Iterator[Ledger]:
    with Ledger(ledger_address) as made:
        fill(made, REPORTS)
        yield made


def shape(ledger: Ledger) -> list[tuple[str, int, str]]:
    """Type, number of records and state of each event."""
    assert ledger.faults() == []
    return sorted((e.type, len(e.tellings), e.state) for e in events(ledger))


PLAIN = [("AID", 1, "reported"), ("ASSAULT", 2, "corroborated"), ("CONSULT", 1, "reported")]


def one(ledger: Ledger, type: str) -> str:
    (event,) = events(ledger, type)
    return event.id


def test_a_correction_changes_all_records_of_an_event(ledger: Ledger) -> None:
    attack = one(ledger, "ASSAULT")
    id = ledger.correct(attack, {"type": "COERCE", "mode": ["arrest"], "date": "2022-03"}, by="ann", note="see p. 2")
    (event,) = events(ledger, "COERCE")
    assert (event.mode, event.date, event.score) == (("arrest",), "2022-03", -7.2)
    assert all(t.confirmed for t in event.tellings)
    assert [t.evidence for t in event.tellings] == [(ATTACK,), (ATTACK,)]
    (logged,) = ledger.judgements(event.id)
    assert (logged.id, logged.by, logged.action, logged.note) == (id, "ann", "correct", "see p. 2")
    assert shape(ledger) == [("AID", 1, "reported"), ("COERCE", 2, "corroborated"), ("CONSULT", 1, "reported")]


def test_a_party_given_by_its_words_keeps_its_place_in_the_text(ledger: Ledger) -> None:
    ledger.correct(one(ledger, "ASSAULT"), {"actor": [{"text": "chad", "country": "TCD", "sector": "MIL"}]}, by="ann")
    (event,) = events(ledger, "ASSAULT")
    assert {(e.text, e.start, e.end, e.sector) for t in event.tellings for e in t.record.actor} == {
        ("chad", 0, 4, "MIL")
    }


def test_a_correction_stands_as_it_is(ledger: Ledger) -> None:
    named = [
        {"text": "a band of strangers", "country": None, "sector": "REB"},
        {"text": "Chad's army", "country": "TCD", "sector": "MIL"},
        {"text": "Chad's police", "country": "TCD", "sector": "COP"},
    ]
    ledger.correct(one(ledger, "ASSAULT"), {"actor": named}, by="ann")
    (event,) = events(ledger, "ASSAULT")
    assert [p.to_dict() for p in event.actor] == named


def test_a_confirmation(ledger: Ledger) -> None:
    ledger.confirm(one(ledger, "AID"), by="ann")
    assert [t.confirmed for t in events(ledger, "AID")[0].tellings] == [True]
    assert shape(ledger) == PLAIN


def test_what_is_dropped_is_gone_and_comes_back(ledger: Ledger) -> None:
    before = events(ledger, "ASSAULT")
    id = ledger.drop(before[0].id, by="ann")
    assert shape(ledger) == [("AID", 1, "reported"), ("CONSULT", 1, "reported")]
    assert ledger.event(before[0].id) is None
    undone = ledger.undo(id, by="bob")
    assert events(ledger, "ASSAULT") == before
    ledger.undo(undone, by="ann")
    assert shape(ledger) == [("AID", 1, "reported"), ("CONSULT", 1, "reported")]


def test_the_log_of_an_event_has_all_undoings_and_nothing_else(ledger: Ledger) -> None:
    attack, aid = one(ledger, "ASSAULT"), one(ledger, "AID")
    confirmed = ledger.confirm(attack, by="ann")
    undone = ledger.undo(confirmed, by="bob")
    again = ledger.undo(undone, by="ann")
    other = ledger.confirm(aid, by="ann")
    assert [j.id for j in ledger.judgements(attack)] == [confirmed, undone, again]
    assert [j.id for j in ledger.judgements(aid)] == [other]


def test_what_is_taken_back_is_not_taken_back_again(ledger: Ledger) -> None:
    id = ledger.confirm(one(ledger, "ASSAULT"), by="ann")
    undone = ledger.undo(id, by="bob")
    with pytest.raises(BadJudgement, match=f"taken back already: undo {undone}"):
        ledger.undo(id, by="ann")
    ledger.undo(undone, by="ann")
    ledger.undo(id, by="ann")
    assert in_force(ledger.judgements()) == []


def accusation(text: str) -> Event:
    start = text.index("Kenya")
    mention = Mention(start, start + 6, Span(start, start + 5))
    return Event("ACCUSE", actor=(Entity("Kenya", start, start + 5, "KEN", "GOV"),), mentions=(mention,))


def test_a_record_is_added_even_where_another_stands(ledger: Ledger) -> None:
    report = events(ledger, "AID")[0].tellings[0].report.id
    id = ledger.add(report, accusation(REPORTS[2].text), by="ann")
    assert shape(ledger) == sorted([*PLAIN, ("ACCUSE", 1, "reported")])
    telling = events(ledger, "ACCUSE")[0].tellings[0]
    assert (telling.triggers, telling.confirmed) == (("Kenya",), True)
    same_words = replace(events(ledger, "AID")[0].tellings[0].record, type="SUPPORT")
    ledger.add(report, same_words, by="ann")
    assert ("SUPPORT", 1, "reported") in shape(ledger)
    ledger.undo(id, by="ann")
    assert shape(ledger) == sorted([*PLAIN, ("SUPPORT", 1, "reported")])


def test_a_merge_and_its_undoing(ledger: Ledger) -> None:
    before = events(ledger)
    id = ledger.merge([one(ledger, "AID"), one(ledger, "CONSULT")], by="ann")
    assert sorted(len(e.tellings) for e in events(ledger)) == [2, 2]
    assert ledger.faults() == []
    ledger.undo(id, by="ann")
    assert events(ledger) == before
    assert ledger.faults() == []


def test_a_split_and_its_undoing(ledger: Ledger) -> None:
    (attack,) = events(ledger, "ASSAULT")
    id = ledger.split(attack.id, [attack.tellings[1].record.id], by="ann")
    assert shape(ledger) == sorted([*[("ASSAULT", 1, "reported")] * 2, *(row for row in PLAIN if row[0] != "ASSAULT")])
    # A third report that tells the same goes to one of the two, and does not bring them together.
    fill(ledger, [story(ATTACK, 9, THIRD)])
    assert sorted(len(e.tellings) for e in events(ledger, "ASSAULT")) == [1, 2]
    assert ledger.faults() == []
    ledger.undo(id, by="ann")
    assert [len(e.tellings) for e in events(ledger, "ASSAULT")] == [3]
    assert ledger.faults() == []


def test_the_last_word_counts(ledger: Ledger) -> None:
    aid, visit = one(ledger, "AID"), one(ledger, "CONSULT")
    ledger.merge([aid, visit], by="ann")
    (both,) = (e for e in events(ledger) if len(e.tellings) == 2 and e.type != "ASSAULT")
    ledger.split(both.id, [both.tellings[0].record.id], by="bob")
    assert shape(ledger) == PLAIN
    ledger.merge([aid, visit], by="ann")
    assert len(events(ledger)) == 2


def test_people_may_join_a_deed_and_its_denial(ledger: Ledger) -> None:
    fill(ledger, [story(f"Fiji denied that {ATTACK}", 8, THIRD)])
    deed, denial = sorted(events(ledger, "ASSAULT"), key=lambda e: e.factuality)
    ledger.merge([deed.id, denial.id], by="ann")
    (event,) = events(ledger, "ASSAULT")
    assert (event.contrary, event.denials, len(event.tellings)) == ((), (), 3)
    assert ledger.faults() == []


# --- other coders ----------------------------------------------------------------------------------------------------


JUDGE: dict[str, Callable[[Ledger], object]] = {
    "correct": lambda ledger: ledger.correct(one(ledger, "AID"), {"type": "SUPPORT", "mode": []}, by="ann"),
    "confirm": lambda ledger: ledger.confirm(one(ledger, "CONSULT"), by="ann"),
    "drop": lambda ledger: ledger.drop(one(ledger, "CONSULT"), by="ann"),
    "add": lambda ledger: ledger.add(
        events(ledger, "AID")[0].tellings[0].report.id, accusation(REPORTS[2].text), by="ann"
    ),
    "merge": lambda ledger: ledger.merge([one(ledger, "AID"), one(ledger, "CONSULT")], by="ann"),
    "split": lambda ledger: ledger.split(
        one(ledger, "ASSAULT"), [events(ledger, "ASSAULT")[0].tellings[1].record.id], by="ann"
    ),
}
CODERS = {
    "moves every trigger": QuickCoder(wide=True),
    "takes verbs for others": QuickCoder(types={"supplied": ("COOPERATE", ""), "visited": ("AGREE", "")}),
    "misses most": QuickCoder(misses=frozenset({"supplied", "visited", "shelled"})),
}
# After each judgement and under each coder: type and number of records of all events.
STANDS: dict[str, dict[str, list[tuple[str, int]]]] = {
    "correct": {
        "moves every trigger": [("ASSAULT", 2), ("CONSULT", 1), ("SUPPORT", 1)],
        "takes verbs for others": [("AGREE", 1), ("ASSAULT", 2), ("SUPPORT", 1)],
        "misses most": [("SUPPORT", 1)],
    },
    "confirm": {
        "moves every trigger": [("AID", 1), ("ASSAULT", 2), ("CONSULT", 1)],
        "takes verbs for others": [("AGREE", 1), ("ASSAULT", 2), ("COOPERATE", 1)],
        "misses most": [("CONSULT", 1)],
    },
    "drop": {
        "moves every trigger": [("AID", 1), ("ASSAULT", 2)],
        "takes verbs for others": [("ASSAULT", 2), ("COOPERATE", 1)],
        "misses most": [],
    },
    "add": {
        "moves every trigger": [("ACCUSE", 1), ("AID", 1), ("ASSAULT", 2), ("CONSULT", 1)],
        "takes verbs for others": [("ACCUSE", 1), ("AGREE", 1), ("ASSAULT", 2), ("COOPERATE", 1)],
        "misses most": [("ACCUSE", 1)],
    },
    "merge": {
        "moves every trigger": [("AID", 2), ("ASSAULT", 2)],
        "takes verbs for others": [("ASSAULT", 2), ("COOPERATE", 2)],
        "misses most": [],
    },
    "split": {
        "moves every trigger": [("AID", 1), ("ASSAULT", 1), ("ASSAULT", 1), ("CONSULT", 1)],
        "takes verbs for others": [("AGREE", 1), ("ASSAULT", 1), ("ASSAULT", 1), ("COOPERATE", 1)],
        "misses most": [],
    },
}


@pytest.mark.parametrize("coder", CODERS)
@pytest.mark.parametrize("action", JUDGE)
def test_judgements_survive_other_coders_and_are_the_same_when_the_first_comes_back(
    tmp_path: Path, action: str, coder: str
) -> None:
    with Ledger(tmp_path / "l.db") as ledger:
        fill(ledger, REPORTS)
        JUDGE[action](ledger)
        before = sound(ledger)
        done = ledger.recode(coder=CODERS[coder], called="other")
        assert (done.total, done.coded, done.textless, done.failed) == (4, 4, 0, [])
        assert ledger.faults() == []
        assert sorted((e.type, len(e.tellings)) for e in events(ledger)) == STANDS[action][coder]
        assert ledger.recode(coder=CODERS[coder], called="other").total == 0
        ledger.recode(coder=QuickCoder(), called="quick")
        assert sound(ledger) == before


def test_a_recoding_that_changes_the_contexts_alone_reaches_the_events(ledger: Ledger) -> None:
    class Civil(QuickCoder):
        def code(self, document: Document) -> CodedDocument:
            return replace(super().code(document), contexts=("health",))

    ledger.recode(coder=Civil(), called="civil")
    assert {e.contexts for e in events(ledger)} == {("health",)}
    assert ledger.faults() == []


def test_a_recoding_keeps_what_the_coder_fails_on_and_goes_on_where_it_was_interrupted(ledger: Ledger) -> None:
    class Fails(QuickCoder):
        def code(self, document: Document) -> CodedDocument:
            if "visited" in document.text:
                raise ValueError("no idea")
            return super().code(document)

    done = ledger.recode(coder=Fails(wide=True), called="fails")
    assert (done.coded, len(done.failed)) == (3, 1)
    assert shape(ledger) == PLAIN
    again = ledger.recode(coder=QuickCoder(wide=True), called="fails")
    assert (again.total, again.coded) == (1, 1)


def test_records_that_another_version_joined_are_joined_anew(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of reports without text too, and with what was judged of them."""
    ledger.correct(one(ledger, "ASSAULT"), {"place": {"text": "Kobe"}}, by="ann")
    fill(ledger, STORIES[7:9], text=False)
    want = sound(ledger)

    class Other:
        JOIN = joining.JOIN

        def __getattr__(self, name: str) -> object:
            return getattr(joining, name)

        def compare(self, *given: object) -> list[joining.Link | None]:
            return [link and replace(link, score=link.score / 2) for link in joining.compare(*given)]  # type: ignore

    with monkeypatch.context() as older:
        older.setattr(linking, "joining", Other())
        older.setattr(recoding, "joiner_name", lambda: "older")
        assert recoding.rejoin(ledger.store) == 6
    assert len(events(ledger, "ASSAULT")) > 1
    (fault,) = ledger.faults()
    assert "another version of Dragoman" in fault
    assert "dragoman recode" in fault
    assert ledger.recode(coder=QuickCoder(), called="quick").total == 0
    assert sound(ledger) == want


# --- the log ---------------------------------------------------------------------------------------------------------


def busy(ledger: Ledger) -> None:
    """A judgement of every kind, some taken back."""
    JUDGE["add"](ledger)
    JUDGE["correct"](ledger)
    ledger.undo(ledger.drop(one(ledger, "ASSAULT"), by="bob"), by="ann")
    JUDGE["split"](ledger)
    merged = ledger.merge([one(ledger, "SUPPORT"), one(ledger, "CONSULT")], by="ann")
    ledger.undo(ledger.undo(merged, by="bob"), by="ann")


def test_judgements_replayed_on_another_ledger_give_the_same(ledger: Ledger, tmp_path: Path) -> None:
    busy(ledger)
    want = sound(ledger)
    log = [Judgement.from_dict(j.to_dict()) for j in ledger.judgements()]
    for seed in range(3):
        random.Random(seed).shuffle(log)
        with Ledger(tmp_path / f"{seed}.db") as other:
            fill(other, REPORTS[::-1])
            if seed:
                assert len(other.replay(log)) == len(log)
            else:  # one by one, in their order
                for judgement in sorted(log, key=lambda j: (j.at, j.id)):
                    other.replay([judgement])
            assert other.replay(log) == []
            assert sound(other) == want


def test_an_undoing_counts_whatever_its_clock_said(ledger: Ledger) -> None:
    id = ledger.drop(one(ledger, "ASSAULT"), by="ann")
    early = Judgement("2001-01-01T00:00:00.000000+00:00", "bob", "undo", judgement=id)
    ledger.replay([early])
    assert shape(ledger) == PLAIN
    late = Judgement("2000-01-01T00:00:00.000000+00:00", "ann", "undo", judgement=early.id)
    ledger.replay([late])
    assert ("ASSAULT", 2, "corroborated") not in shape(ledger)
    assert [j.action for j in in_force(ledger.judgements())] == ["drop"]


def test_ingest_after_judging_is_ingest_before(tmp_path: Path) -> None:
    """A report that comes in later is joined as if it had been there when people judged."""
    late = [story(ATTACK, 5, THIRD + " " + OTHER), *STORIES[5:7]]
    with Ledger(tmp_path / "one.db") as first, Ledger(tmp_path / "two.db") as second:
        fill(first, REPORTS)
        busy(first)
        fill(first, late)
        fill(second, [*late, *REPORTS])
        second.replay(first.judgements())
        assert sound(first) == sound(second)


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ({"type": "WAR"}, "no type"),
        ({"type": "AID"}, "no mode"),
        ({"mode": ["arrest"]}, "no mode"),
        ({"date": "2022-02-30"}, "no date"),
        ({"date": 2022}, "is text"),
        ({"actor": [{"country": "TCD"}]}, "text is missing"),
        ({"actor": [{"text": "Chad", "country": "XXX"}]}, "no country"),
        ({"actor": [{"text": "Chad", "sector": "WIZ"}]}, "no sector"),
        ({"factuality": "maybe"}, "none of"),
        ({"place": "Osaka"}, "indices"),
        ({"id": "x"}, "cannot be corrected"),
        ({"actor": [{"text": "Ch\x00ad"}]}, "a zero"),
        ({}, "needs a field"),
    ],
)
def test_what_cannot_be_judged_is_said_and_nothing_logged(tmp_path: Path, value: Json, says: str) -> None:
    with Ledger(tmp_path / "l.db") as ledger:
        fill(ledger, REPORTS[:1])
        with pytest.raises(BadJudgement, match=says):
            ledger.correct(one(ledger, "ASSAULT"), value, by="ann")
        assert ledger.judgements() == []


def test_judgements_of_what_is_not_there(ledger: Ledger) -> None:
    attack = one(ledger, "ASSAULT")
    wrong: list[tuple[Callable[[], object], str]] = [
        (lambda: ledger.confirm("f" * 16, by="ann"), "no event"),
        (lambda: ledger.confirm(attack, by=" "), "who judges"),
        (lambda: ledger.confirm(attack, by="\ud800"), "half a character"),
        (lambda: ledger.undo("f" * 16, by="ann"), "no judgement"),
        (lambda: ledger.merge([attack, attack], by="ann"), "two events"),
        (lambda: ledger.split(attack, ["f" * 16], by="ann"), "no record"),
        (lambda: ledger.split(attack, [t.record.id for t in events(ledger, "ASSAULT")[0].tellings], by="a"), "behind"),
        (lambda: ledger.add("f" * 20, accusation(REPORTS[2].text), by="ann"), "no report"),
    ]
    for judge, says in wrong:
        with pytest.raises(BadJudgement, match=says):
            judge()
    assert ledger.judgements() == []


def test_judged_reports_make_training_records(ledger: Ledger) -> None:
    ledger.correct(one(ledger, "AID"), {"type": "SUPPORT", "mode": []}, by="ann")
    ledger.drop(one(ledger, "CONSULT"), by="ann")
    rows = {row["text"]: [e["type"] for e in row["events"]] for row in ledger.training_records()}
    assert rows == {REPORTS[2].text: ["SUPPORT"], REPORTS[3].text: []}
