"""What an event is of the records that tell it: whom most of them name, and whose word still counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from dragoman.ledger.aggregate import Member, aggregate
from dragoman.ledger.model import Report, Telling
from dragoman.record import Entity, Event


def told(number: int, *countries: str, withdrawn: bool = False) -> Member:
    """A record of a report of its own, by an outlet of its own, in which governments of ``countries`` act."""
    actors = tuple(Entity(country.title(), 0, 3, country, "GOV") for country in countries)
    report = Report(f"r{number}", published=f"2025-03-0{number}")
    record = Event("ASSAULT", actor=actors, id=f"e{number}")
    return Member(Telling(report, record), copies=report.id, outlet=f"paper {number}", withdrawn=withdrawn)


@pytest.mark.parametrize(
    ("named", "actors"),
    [
        ([["KEN"], ["ETH"]], ["KEN", "ETH"]),  # no more often the one than the other
        ([["KEN"], ["ETH"], ["KEN"]], ["KEN"]),
        ([["KEN", "ETH"], ["KEN"], ["ETH"]], ["KEN", "ETH"]),
        ([["KEN", "ETH"], ["KEN", "ETH"], ["KEN"]], ["KEN", "ETH"]),  # two in three name it
        ([["KEN"], ["KEN", "ETH"], ["KEN", "ETH"], ["KEN"]], ["KEN"]),
        ([[], ["ETH"], []], ["ETH"]),  # who name nobody do not speak against it
    ],
)
def test_parties_are_those_that_are_named_about_as_often_as_the_first(
    named: Sequence[Sequence[str]], actors: list[str]
) -> None:
    made = aggregate([told(number, *countries) for number, countries in enumerate(named, 1)])
    assert [party.country for party in made.actor] == actors


@pytest.mark.parametrize(
    ("withdrawn", "state", "sources"),
    [
        ((False, False), "corroborated", 2),
        ((True, False), "reported", 1),
        ((True, True), "retracted", 2),
    ],
)
def test_sources_are_those_that_still_tell_it(withdrawn: Sequence[bool], state: str, sources: int) -> None:
    made = aggregate([told(number, "KEN", withdrawn=gone) for number, gone in enumerate(withdrawn, 1)])
    assert (made.state, made.sources, made.reports) == (state, sources, 2)


def test_an_event_is_shown_by_what_its_page_says_now() -> None:
    def version(number: int, title: str, superseded: bool) -> Member:
        one = told(number, "KEN")
        report = replace(one.telling.report, title=title, url="https://paper.example/a", superseded=superseded)
        return replace(one, telling=replace(one.telling, report=report, evidence=(f"{title}, it said.",)))

    made = aggregate([version(1, "Clash", True), version(2, "Clash, corrected", False)])
    assert (made.title, made.sentence) == ("Clash, corrected", "Clash, corrected, it said.")
    assert aggregate([version(1, "Clash", True)]).title == "Clash"


def test_prints_of_one_text_have_one_say_among_them() -> None:
    prints = [replace(told(n, "KEN"), copies="wire") for n in range(1, 5)]
    others = [told(n, "ETH") for n in range(5, 8)]
    made = aggregate([*prints, *others])
    assert ([party.country for party in made.actor], made.sources, made.reports) == (["ETH"], 4, 7)
    assert [party.country for party in aggregate([*prints, others[0]]).actor] == ["KEN", "ETH"]


def test_a_page_has_its_say_as_it_reads_now() -> None:
    before, now = told(1, "KEN"), replace(told(2, "ETH"), outlet="paper 1")
    report = replace(before.telling.report, superseded=True)
    before = replace(before, telling=replace(before.telling, report=report))
    assert [party.country for party in aggregate([before, now]).actor] == ["ETH"]
    assert [party.country for party in aggregate([before]).actor] == ["KEN"]
    corrected = replace(before, corrected=("actor",))
    assert [party.country for party in aggregate([corrected, now]).actor] == ["KEN"]


def test_who_takes_an_event_back_has_no_say_in_it_while_others_tell_it() -> None:
    one, other = told(1, "KEN", withdrawn=True), told(2, "ETH")
    assert [party.country for party in aggregate([one, other]).actor] == ["ETH"]
    assert [party.country for party in aggregate([one]).actor] == ["KEN"]


def test_a_pronoun_names_nobody_where_there_are_other_words() -> None:
    def named(number: int, text: str) -> Member:
        one = told(number, "KEN")
        actor = (replace(one.record.actor[0], text=text),)
        return replace(one, telling=replace(one.telling, record=replace(one.record, actor=actor)))

    assert aggregate([named(1, "They"), named(2, "They"), named(3, "the navy")]).actor[0].text == "the navy"
    assert aggregate([named(1, "They")]).actor[0].text == "They"
