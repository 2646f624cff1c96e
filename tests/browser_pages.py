"""The pages of a desk, by name, with an address of each that shows something in the ledger it is over."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlencode

from dragoman.ledger import Ledger
from dragoman.ledger.model import LedgerEvent

NAMES = (
    *("front", "events", "event", "reports", "report", "actors", "actor", "named", "relations", "map"),
    *("stance", "stance of event", "try", "review", "login", "api", "nothing found", "no such page"),
)


def pages(ledger: Path) -> dict[str, str]:
    """An address of each page, by the names of :data:`NAMES`."""
    with Ledger(ledger) as opened:
        events = list(opened.iterate())
        most = max(events, key=lambda e: (e.state == "disputed", e.reports, e.id))
        told = opened.event(most.id)
    assert told is not None
    country = next(p.country for e in _by_reports(events) for p in (*e.actor, *e.recipient) if p.country)
    name = next(p.text for e in _by_reports(events) for p in e.actor if p.text)
    return {
        "front": "/",
        "events": "/events",
        "event": f"/events/{most.id}",
        "reports": "/reports",
        "report": f"/reports/{told.tellings[0].report.id}",
        "actors": "/actors",
        "actor": f"/actors/{country}",
        "named": f"/actors/named?{urlencode({'name': name})}",
        "relations": "/relations",
        "map": "/map",
        "stance": f"/stance?{urlencode({'target': country})}",
        "stance of event": f"/stance?{urlencode({'target': most.id})}",
        "try": "/try",
        "review": "/review",
        "login": "/login",
        "api": "/api",
        "nothing found": "/events?text=wordthatnoreporthas",
        "no such page": "/events/0000000000000000",
    }


def _by_reports(events: list[LedgerEvent]) -> list[LedgerEvent]:
    return sorted(events, key=lambda e: (-e.reports, e.id))
