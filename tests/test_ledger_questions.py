"""Questions to a ledger: the same answers from both databases, and those that reading every event would give."""

from __future__ import annotations

import builtins
import json
from collections.abc import Callable, Iterator
from itertools import count as counting
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from tests.ledger_meaning import NAMED, NAMES, filters, holds, one_or_two_of, pairs
from tests.ledger_samples import SENTENCES, Sample, Told, ids, report

from dragoman.ledger import asking, words
from dragoman.ledger.asking import BadQuestion, Filters
from dragoman.ledger.eventrows import put_events
from dragoman.ledger.model import LedgerEvent, Party, Report, Telling
from dragoman.ledger.store import Store
from dragoman.ledger.tables import event
from dragoman.ledger.writing import add
from dragoman.record import Event


@pytest.fixture
def store(ledger_address: str) -> Iterator[Store]:
    opened = Store(ledger_address)
    yield opened
    opened.close()


def put(store: Store, *events: LedgerEvent) -> None:
    store.write(lambda connection: put_events(connection, events))


def told(id: str, *sentences: str, **fields: Any) -> LedgerEvent:
    """An event that a report tells with each of ``sentences``."""
    tellings = tuple(Telling(Report(f"{id}{at}"), Event("AID"), (s,), ("",)) for at, s in enumerate(sentences))
    return LedgerEvent(id, "AID", tellings=tellings, **fields)


KEYS: dict[str, Callable[[LedgerEvent], Any]] = {
    "date": lambda e: 0,
    "reported": lambda e: (e.reported or "")[:10],
    "sources": lambda e: e.sources,
    "confidence": lambda e: -1.0 if e.confidence is None else e.confidence,
}


@settings(max_examples=60, deadline=None)
@given(filters(), st.sets(st.sampled_from(NAMES), min_size=1, max_size=3))
def test_filters_ask_for_the_events_for_which_they_hold(sample: Sample, given: Filters, keep: set[str]) -> None:
    asked = one_or_two_of(given, keep)
    want = sorted(e.id for e in sample.events if holds(e, asked))
    assert sorted(e.id for e in asking.iterate(sample.store, asked)) == want
    assert asking.count(sample.store, asked) == len(want)


def test_who_acts_towards_whom(sample: Sample) -> None:
    for actor in NAMED:
        for recipient in NAMED:
            want = {e.id for e in sample.events if (actor, recipient) in pairs(e)}
            asked = Filters(actor=actor, recipient=recipient)
            assert {e.id for e in asking.iterate(sample.store, asked)} == want
            rows = asking.dyads(sample.store, asked, by="all").rows
            assert [(r.actor, r.recipient) for r in rows] == [(actor, recipient)]


def test_parties_of_a_mutual_act_act_towards_each_other(store: Store) -> None:
    def act(id: str, kind: str, *countries: str) -> LedgerEvent:
        return LedgerEvent(id, kind, (), tuple(Party(f"one of {c}", c, "GOV") for c in countries), date="2021-01-01")

    put(
        store,
        act("talks", "CONSULT", "USA", "RUS"),
        act("home", "ASSAULT", "MMR", "MMR"),
        act("joint", "SANCTION", "USA", "GBR"),
    )

    def found(actor: str, recipient: str) -> list[str]:
        return ids(asking.query(store, Filters(actor=actor, recipient=recipient)).events)

    assert found("USA", "RUS") == found("RUS", "USA") == ["talks"]
    assert found("USA", "USA") == found("USA", "GBR") == []
    assert found("MMR", "MMR") == ["home"]
    assert [row[:2] for row in asking.dyads(store).rows] == [("MMR", "MMR"), ("RUS", "USA"), ("USA", "RUS")]


@settings(max_examples=40, deadline=None)
@given(filters(), st.sampled_from(list(KEYS)), st.booleans(), st.integers(20, 300))
def test_pages_hold_every_event_once_in_its_order(
    sample: Sample, given: Filters, sort: Any, ascending: bool, limit: int
) -> None:
    asked = one_or_two_of(given, {"since", "dated_only", "min_sources"})
    got: list[LedgerEvent] = []
    after: str | None = None
    for _ in counting():
        page = asking.query(sample.store, asked, sort=sort, ascending=ascending, limit=limit, after=after)
        got += page.events
        assert len(page.events) == limit or page.next is None
        if (after := page.next) is None:
            break
    assert sorted(ids(got)) == sorted(e.id for e in sample.events if holds(e, asked))
    keys = [(KEYS[sort](e), e.day or "") for e in got]
    assert keys == sorted(keys, reverse=not ascending)


def test_many_events_are_sorted_word_by_word_as_few_are(sample: Sample, monkeypatch: pytest.MonkeyPatch) -> None:
    few = {
        (sort, up): ids(asking.query(sample.store, sort=sort, ascending=up, limit=600).events)
        for sort in ("reported", "sources", "confidence")
        for up in (True, False)
    }
    monkeypatch.setattr("dragoman.ledger.asking.levels._FEW", 3)
    for (sort, up), want in few.items():
        got: list[str] = []
        after: str | None = None
        while len(got) < len(want):
            page = asking.query(sample.store, sort=sort, ascending=up, limit=77, after=after)  # type: ignore[arg-type]
            got, after = got + ids(page.events), page.next
        assert got == want, sort


# Words.


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("sanctioned", True),
        ("SANCTIONS banks", True),
        ("zurich", True),
        ("ZÜRICH", True),
        ('"two banks"', True),
        ('"banks two"', False),
        ('"grain Officials"', False),  # not across sentences
        ("sanctions grain", True),  # told by two reports of one event
        ("sanctions shipping", False),
        ("москвА", True),
        ("Burma", False),
        ("myanmar", True),
        ('"two banks', True),
    ],
)
def test_text_is_found_by_words_in_any_form_and_by_phrases(store: Store, question: str, found: bool) -> None:
    put(store, told("e", SENTENCES[3], SENTENCES[0], SENTENCES[5], actor=(Party("the junta", "MMR", "GOV"),)))
    assert asking.count(store, Filters(text=question)) == found


def test_what_is_too_much_in_a_question_is_named(store: Store) -> None:
    put(store, told("e", "Two banks were sanctioned."), told("f", "Three banks were sanctioned over arms."))
    assert asking.fewer(store, Filters(text='sanctions on zebra "two banks"')) == [("zebra", 1)]
    assert asking.fewer(store, Filters(text="shipping sanctions banks", type="AID")) == [("shipping", 2)]
    assert asking.fewer(store, Filters(text="zebra")) == asking.fewer(store, Filters(type="AID")) == []


HOSTILE = (
    '"', "''", "a\x00b", "NEAR(a b)", "words : x", "* ^ -", "(((", "a AND NOT b OR", "😀 war", "\ud800 war", "%_\\",
    "a' | 'b", "b:A & !c", "facets:a0usa", "<->", "ﷺ war", "½", "a0usa", "\u202e", "x" * 5000, "--",
    "; DROP TABLE event",
)  # fmt: skip


@pytest.mark.parametrize("question", HOSTILE)
def test_no_text_breaks_a_question(sample: Sample, question: str) -> None:
    if not any(words.stems(question)):
        with pytest.raises(BadQuestion, match="no word"):
            Filters(text=question)
    else:
        assert asking.count(sample.store, Filters(text=question)) == 0


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=40))
def test_any_text_finds_the_event_that_was_told_with_it(sample: Sample, said: str) -> None:
    try:
        asked = Filters(text='"' + said.replace('"', " ") + '"')
    except BadQuestion:
        return
    with sample.store.engine.connect() as connection, connection.begin() as work:
        put_events(connection, [told("new", said)])
        found = [
            e.id for e in connection.execute(text("SELECT id FROM event WHERE nr IN (" + _found(asked, sample) + ")"))
        ]
        work.rollback()
    assert "new" in found


def _found(asked: Filters, sample: Sample) -> str:
    from dragoman.ledger.asking.clauses import Selection

    chosen = Selection(phrases=tuple((tuple(phrase),) for phrase in words.asked(asked.text)))
    if sample.store.sqlite:
        return f"SELECT rowid FROM search WHERE search MATCH '{chosen.match(True)}'"
    return f"SELECT nr FROM detail WHERE search @@ CAST('{chosen.match(False)}' AS tsquery)".replace(":", "\\:")


def test_a_word_of_a_report_is_no_facet(store: Store) -> None:
    put(store, told("e", "They wrote a0usa and t0accuse on the wall."))
    assert asking.count(store, Filters(actor="USA")) == 0
    assert asking.count(store, Filters(text="a0usa")) == 1


# The rest.


def test_a_question_names_countries_as_people_do() -> None:
    asked = Filters(actor=["Burmese", "myanmar", "MMR"], recipient="the United States", place="Kosovo", party="Burma")
    assert (asked.actor, asked.recipient, asked.place, asked.party) == (("MMR",), ("USA",), ("XKX",), ("MMR",))
    assert Filters(actor="UN").actor == ("UNO",)


@pytest.mark.parametrize(
    ("wrong", "hint"),
    [
        ({"actor": "Mianmar"}, "Myanmar"),
        ({"actor": "NATO"}, "IGO"),
        ({"actor": "qqqq"}, "dragoman codebook"),
        ({"type": "SANCTIONS"}, "SANCTION"),
        ({"mode": "arest"}, "arrest"),
        ({"state": "wrong"}, "disputed"),
        ({"since": "March 2021"}, "2021-03"),
        ({"since": "2021-13"}, "2021-03"),
        ({"since": "2022", "until": "2021"}, "after"),
        ({"min_confidence": 2}, "between 0 and 1"),
        ({"text": "the of"}, "no word"),
        ({"report": "a\x00b"}, "no id"),
        ({"text": "many words " * 40}, "at most"),
    ],
)
def test_a_wrong_question_is_answered_with_what_to_ask(wrong: dict[str, Any], hint: str) -> None:
    with pytest.raises(BadQuestion, match=hint):
        Filters(**wrong)


def test_cursors_and_sorts_that_there_are_none_of(sample: Sample) -> None:
    page = asking.query(sample.store, sort="sources", limit=3)
    for after in ("x", "", page.next[:-3] if page.next else "", "bnVsbA", "W10", "é", page.next):
        if after:
            with pytest.raises(BadQuestion, match="cursor"):
                asking.query(sample.store, sort="reported", after=after)
    with pytest.raises(BadQuestion, match="sources"):
        asking.query(sample.store, sort="size")  # type: ignore[arg-type]
    with pytest.raises(BadQuestion):
        asking.query(sample.store, limit=0)
    with pytest.raises(BadQuestion, match="month"):
        asking.dyads(sample.store, by="decade")  # type: ignore[arg-type]
    with pytest.raises(BadQuestion, match="score"):
        asking.dyads(sample.store, measure="size")


def test_an_undated_event_is_never_given_the_date_of_its_report(store: Store) -> None:
    put(store, told("e", "x", reported="2021-03-05"), told("f", "x", date="2021-03-04"))
    shown = {e.id: e.to_dict()["date"] for e in asking.query(store, Filters(since="2021-03")).events}
    assert shown == {"e": None, "f": "2021-03-04"}
    assert ids(asking.query(store, Filters(since="2021-03", dated_only=True)).events) == ["f"]


def test_events_of_a_report_come_with_what_it_tells(store: Store) -> None:
    first = report("The army shelled the town.", Told("shelled", "ASSAULT", "army | RUS MIL"), published="2022-03-01")
    other = report("A minister praised the farmers.", Told("praised", "SUPPORT", "minister | FRA GOV"))
    store.write(lambda connection: add(connection, [first, other]))
    for asked in (Filters(report=first.document.id), Filters(report=first.document.id, type="ASSAULT", text="town")):
        page = asking.query(store, asked, tellings=True)
        assert [t.evidence for e in page.events for t in e.tellings] == [("The army shelled the town.",)]
        assert [len(e.tellings) for e in asking.iterate(store, asked, tellings=True)] == [1]
    assert asking.count(store, Filters(report=first.document.id, text="farmers")) == 0
    assert asking.count(store, Filters(report="none")) == 0


def test_two_events_that_want_one_number_both_stand(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dragoman.ledger.facets.number", lambda day, id: 7)
    put(store, told("a", "x"), told("b", "y"))
    put(store, told("c", "z"))
    assert sorted(e.id for e in asking.iterate(store)) == ["a", "b", "c"]
    with store.reading() as connection:
        assert sorted(connection.execute(select(event.c.nr)).scalars()) == [7, 8, 9]


def test_answers_are_tables_too(sample: Sample, monkeypatch: pytest.MonkeyPatch) -> None:
    page = asking.query(sample.store, limit=40)
    table = page.to_arrow()
    assert table.num_rows == 40
    assert table["id"].to_pylist() == ids(page.events)
    assert table["actor_country"].to_pylist() == [[p.country for p in e.actor] for e in page.events]
    frame = page.to_pandas()
    assert list(frame["sources"]) == [e.sources for e in page.events]
    assert list(frame.columns) == table.column_names
    series = asking.dyads(sample.store, measure="score")
    assert series.to_arrow()["value"].to_pylist() == [row.value for row in series.rows]
    assert len(series.to_pandas()) == len(series.rows)
    json.dumps([page.to_dict(), series.to_dict()])

    real_import = builtins.__import__

    def without(name: str, *rest: Any, **options: Any) -> Any:
        if name == "pandas":
            raise ImportError(name)
        return real_import(name, *rest, **options)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ImportError, match="to_arrow"):
        page.to_pandas()
