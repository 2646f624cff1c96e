"""One report of a ledger: its text, records, versions, copies and judgements; judging one record alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import pytest
from tests.ledger_samples import Told, report

from dragoman.ledger import BadJudgement, Ledger
from dragoman.ledger.writing import Coding, add, identified
from dragoman.record import Event, Mention, Span

TEXT = "The army shelled Varda on Monday. Envoys met in Lome. The army then left the town, and people came back to it."


def at(made: Coding, url: str = "", source: str = "feed", name: str = "a") -> Coding:
    """The same report at an address."""
    document = identified(replace(made.document, url=url, id=""))
    events = tuple(event.identified(document.id) for event in made.coded.events)
    coded = replace(made.coded, id=document.id, events=events, contexts=("military",), warnings=("long",))
    return Coding(document, coded, "by hand", source, name)


def first() -> Coding:
    told = Told("met", "CONSULT", "Envoys | NER GOV"), Told("shelled", "ASSAULT", "The army | NER MIL", date="2022-02")
    return at(report(TEXT, *told, outlet="Herald", title="Shelling"), "https://example.org/a")


def second() -> Coding:
    text = TEXT.replace("Monday", "Sunday") + " A report of the next day tells more of what was seen there."
    told = Told("shelled", "ASSAULT", "The army | NER MIL", date="2022-02")
    made = report(text, told, published="2022-03-02", outlet="Herald", title="Shelling, more")
    return at(made, "https://example.org/a?utm_source=x")


def reprint() -> Coding:
    return at(report(TEXT, published="2022-03-03", outlet="Courier"), "https://courier.example/b")


@pytest.fixture
def ledger(ledger_address: str) -> Iterator[Ledger]:
    with Ledger(ledger_address) as made:
        for coding in (first(), second(), reprint()):
            made.store.write(partial(add, codings=[coding]))
        yield made


def test_a_report_comes_with_all_that_is_known_of_it(ledger: Ledger) -> None:
    id = first().document.id
    found = ledger.report(id)
    assert found is not None
    assert (found.report.id, found.report.title, found.report.outlet) == (id, "Shelling", "Herald")
    assert found.report.superseded
    assert found.text == TEXT
    assert found.length == len(TEXT)
    assert (found.contexts, found.warnings, found.coder) == (("military",), ("long",), "by hand")
    assert found.origins == (("feed", "a"),)
    assert [one.id for one in found.versions] == [second().document.id]
    assert {one.id for one in found.copies} == {second().document.id, reprint().document.id}
    assert [one.published for one in found.copies] == ["2022-03-02", "2022-03-03"]
    assert found.document.text == TEXT
    assert ledger.report("no such report") is None


def test_records_stand_in_the_order_of_the_text_with_their_events(ledger: Ledger) -> None:
    found = ledger.report(first().document.id)
    assert found is not None
    assert [one.triggers for one in found.records] == [("shelled",), ("met",)]
    for one in found.records:
        event = ledger.event(one.event or "")
        assert event is not None
        assert one.record.id in {telling.record.id for telling in event.tellings}
        assert (one.live, one.confirmed, one.added) == (True, False, False)
        assert one.evidence[0] in TEXT
    assert len(found.to_dict()["records"]) == 2


def test_only_the_records_that_are_wanted_are_read(ledger: Ledger) -> None:
    whole = ledger.report(first().document.id)
    assert whole is not None
    wanted = whole.records[1].record.id
    part = ledger.report(first().document.id, records=[wanted, "none such"])
    assert part is not None
    assert part.records == whole.records[1:]


def test_judgements_are_told_and_counted(ledger: Ledger) -> None:
    id = first().document.id
    shelled, met = ledger.report(id).records  # type: ignore[union-attr]
    ledger.drop(met.record.id, by="ada", alone=True)
    ledger.correct(shelled.event or "", {"date": "2022-02-28"}, by="ada")
    start = TEXT.index("came back")
    missed = Event("RETREAT", mentions=(Mention(54, len(TEXT), Span(start, start + 9)),))
    ledger.add(id, missed, by="ben")
    found = ledger.report(id)
    assert found is not None
    states = {
        one.triggers: (one.live, one.confirmed, one.added, one.corrected, bool(one.event)) for one in found.records
    }
    assert states == {
        ("shelled",): (True, True, False, ("date",), True),
        ("met",): (False, False, False, (), False),
        ("came back",): (True, True, True, (), True),
    }
    assert [one.action for one in found.judgements] == ["drop", "correct", "add"]
    assert ledger.records_in([id, reprint().document.id, "none"]) == {id: 2, reprint().document.id: 0, "none": 0}


def test_one_record_is_judged_without_those_of_other_reports(ledger: Ledger) -> None:
    shelled = ledger.report(first().document.id).records[0]  # type: ignore[union-attr]
    other = ledger.report(second().document.id).records[0]  # type: ignore[union-attr]
    assert shelled.event == other.event
    made = ledger.drop(shelled.record.id, by="ada", alone=True)
    assert not ledger.report(first().document.id).records[0].live  # type: ignore[union-attr]
    assert ledger.report(second().document.id).records[0].live  # type: ignore[union-attr]
    ledger.undo(made, by="ada")
    ledger.confirm(other.record.id, by="ada", alone=True)
    assert [one.confirmed for one in ledger.report(first().document.id).records] == [False, False]  # type: ignore[union-attr]
    assert ledger.report(second().document.id).records[0].confirmed  # type: ignore[union-attr]
    assert ledger.faults() == []
    with pytest.raises(BadJudgement, match="no record"):
        ledger.drop("none such", by="ada", alone=True)


def test_a_report_kept_without_its_text_has_sentences(ledger_address: str) -> None:
    with Ledger(ledger_address) as ledger:
        ledger.store.write(partial(add, codings=[first()], text=False))
        found = ledger.report(first().document.id)
    assert found is not None
    assert found.text is None
    assert found.length == len(TEXT)
    assert found.records[0].evidence == ("The army shelled Varda on Monday.",)
    assert found.document.text == ""
