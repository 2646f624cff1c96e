"""Events of the ledger in words for people: who, whom, where, when and how firmly."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from dragoman.export.people import printable

if TYPE_CHECKING:
    from dragoman.ledger import LedgerEvent
    from dragoman.ledger.model import Party
    from dragoman.record import Entity


def people(named: Iterable[Party | Entity], none: str = "–") -> str:
    """Names with their codes: ``Myanmar [MMR GOV], Russia [RUS]``."""
    told = []
    for one in named:
        codes = " ".join(code for code in (one.country, one.sector) if code)
        told.append(printable(one.text) + (f" [{codes}]" if codes else ""))
    return ", ".join(told) or none


def kind(event: LedgerEvent) -> str:
    """Type and modes: ``ASSAULT aerial, explosives``."""
    return f"{event.type} {', '.join(event.mode)}".strip()


def who(event: LedgerEvent) -> str:
    """Who acts towards whom."""
    if not event.recipient:
        return people(event.actor)
    return f"{people(event.actor)} → {people(event.recipient)}"


def where(event: LedgerEvent) -> str:
    """The place and its country; empty where no report names one."""
    if event.place is None:
        return ""
    return printable(event.place.text) + (f" [{event.place.country}]" if event.place.country else "")


def when(event: LedgerEvent) -> str:
    """The date as the reports tell it; where they tell none, that of the first report, and that it is."""
    if event.date:
        return event.date
    return f"told {event.reported[:10]}" if event.reported else "undated"


def standing(event: LedgerEvent) -> str:
    """The state, and how many independent sources it rests on."""
    sources = "1 source" if event.sources == 1 else f"{event.sources} sources"
    if event.reports == event.sources:
        return f"{event.state}, {sources}"
    return f"{event.state}, {sources} in {event.reports} reports"


def manner(event: LedgerEvent) -> list[str]:
    """How it is told, where it is not told as done, now and in a report's own voice."""
    told: list[str] = [] if event.factuality == "actual" else [event.factuality]
    if event.historical:
        told.append("background")
    if event.claims:
        told.append(f"claimed by {people(event.claims)}")
    if event.denials:
        told.append(f"denied by {people(event.denials)}")
    return told


def line(event: LedgerEvent) -> str:
    """An event in one line."""
    return "  ".join(filter(None, (event.id, when(event), kind(event), who(event), where(event), standing(event))))
