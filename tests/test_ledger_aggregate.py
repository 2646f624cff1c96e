"""What an event is of the records that tell it: whom most of them name, and whose word still counts."""

from __future__ import annotations

from collections.abc import Sequence

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
