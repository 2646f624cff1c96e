"""PLOVER JSON lines: one event a line, in the manual's fields, and all else of the event beside them.

What the manual has no field for stands in the object ``dragoman``, so that :func:`read_plover` gives the events back.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dragoman import __version__, codebook
from dragoman.export.ledger.layout import Field, Layout
from dragoman.export.ledger.when import span
from dragoman.export.ledger.where import spot
from dragoman.ledger.model import LedgerEvent, Party
from dragoman.record import LONE_SURROGATE, EventPlace, Json

# Fields of a ledger event that the manual's fields do not hold word for word.
_BESIDE = (
    "factuality",
    "historical",
    "date",
    "dates",
    "place",
    "reported",
    "state",
    "sources",
    "reports",
    "confidence",
    "claims",
    "denials",
    "contrary",
    "sentence",
    "tellings",
)


class Plover(Layout):
    """The JSON fields of the PLOVER manual, draft 0.7b1 (Open Event Data Alliance, 2021), chapter 4."""

    name = "plover"
    file = "plover.jsonl"
    follows = (
        "PLOVER manual, draft 0.7b1, 2021, chapter “JSON Data Fields”, as JSON lines (github.com/openeventdata/PLOVER)"
    )
    fields = (
        Field("id", "id of the ledger event"),
        Field("has_event", "true"),
        Field("date", "YYYY-MM-DD, of a range its first day; null where month, year or nothing is told"),
        Field("enddate", "last day of a range; absent otherwise"),
        Field("source", "those who act: code (country), sector, actor_text"),
        Field("recipient", "those acted upon: the same"),
        Field("event", "list of one PLOVER type"),
        Field("mode", "list of modes"),
        Field(
            "context", "list of contexts; then future, hypothetical or negated, and historical, where the event is so"
        ),
        Field("quad_code", "1 to 4"),
        Field("event_scale", "PLOVER score, as the ledger keeps it"),
        Field(
            "event_loc", "name, cc3, admin1; latitude and longitude only of points and towns; absent without a place"
        ),
        Field("event_text", "list of the evidence sentences of all reports"),
        Field("cite_info", "title, url and publication of the first report; coder and codebook"),
        Field("dragoman", "all that the fields above do not hold: " + ", ".join(_BESIDE)),
    )
    remarks = (
        "Events that did not happen are here too: their context says future, hypothetical or negated.",
        "Nothing is lost: dragoman.export.ledger.read_plover gives the ledger's events back.",
    )

    def write(self, event: LedgerEvent) -> int:
        self.out.write(line_of(event).encode("utf-8") + b"\n")
        return 1


def line_of(event: LedgerEvent) -> str:
    """An event as a line of PLOVER JSON, without its end."""
    row = _record(event)
    text = json.dumps(row, ensure_ascii=False, separators=(",", ":"))
    # JSON can escape the half character that UTF-8 cannot hold.
    return json.dumps(row, ensure_ascii=True, separators=(",", ":")) if LONE_SURROGATE.search(text) else text


def read_plover(path: str | Path) -> Iterator[LedgerEvent]:
    """The ledger events of a file that this module wrote, in its order.

    Texts come back as they were, save that two halves of a character in a row come back as that character.

    Raises OSError where it cannot be read, and ValueError, with the line's number, for a line of another make.
    """
    with open(path, encoding="utf-8", newline="\n") as lines:
        for number, line in enumerate(lines, 1):
            try:
                yield event_of(json.loads(line))
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise ValueError(f"{path}, line {number}: no PLOVER record of a ledger ({error!r})") from error


def event_of(row: Json) -> LedgerEvent:
    """The ledger event of a record that this module made. Raises KeyError where it lacks what only the ledger says."""
    beside = row["dragoman"]
    flags = _flags(beside["factuality"], beside["historical"])
    context = row["context"]
    return LedgerEvent.from_dict(
        {
            "id": row["id"],
            "type": row["event"][0],
            "mode": row["mode"],
            "actor": [_party(actor) for actor in row["source"]],
            "recipient": [_party(actor) for actor in row["recipient"]],
            "score": row["event_scale"],
            "contexts": context[: len(context) - len(flags)],
            "title": row["cite_info"].get("title", ""),
            "url": row["cite_info"].get("url", ""),
            **{name: beside[name] for name in _BESIDE if name in beside},
        }
    )


def _record(event: LedgerEvent) -> Json:
    data = event.to_dict()
    found = span(event.date) if event.date else None
    days = found if found and ("/" in (event.date or "") or found[0] == found[1]) else None
    kind = codebook.TYPES.get(event.type)
    at = _location(event.place)
    cite = {"title": event.title, "url": event.url, "publication": _outlet(event)}
    row: dict[str, Any] = {"id": event.id, "has_event": True, "date": days[0].isoformat() if days else None}
    if days and days[0] != days[1]:
        row["enddate"] = days[1].isoformat()
    row["source"] = [_actor(p) for p in event.actor]
    row["recipient"] = [_actor(p) for p in event.recipient]
    row["event"] = [event.type]
    row["mode"] = list(event.mode)
    row["context"] = [*event.contexts, *_flags(event.factuality, event.historical)]
    row["quad_code"] = kind.quad if kind else None
    row["event_scale"] = event.score
    if at:
        row["event_loc"] = at
    row["event_text"] = [text for t in event.tellings for text in t.evidence if text] or [event.sentence][
        : bool(event.sentence)
    ]
    row["cite_info"] = {
        **{name: value for name, value in cite.items() if value},
        "coder": f"dragoman {__version__}",
        "codebook": "plover-2.0",
    }
    row["dragoman"] = {name: data[name] for name in _BESIDE if name in data}
    return row


def _flags(factuality: str, historical: bool) -> list[str]:
    """What readers who know only PLOVER must not miss, where the manual puts it: among the contexts."""
    return ([] if factuality == "actual" else [factuality]) + (["historical"] if historical else [])


def _actor(party: Party) -> Json:
    told = {"code": party.country, "sector": party.sector, "actor_text": party.text}
    return {name: value for name, value in told.items() if value is not None}


def _party(actor: Json) -> Json:
    return {"text": actor["actor_text"], "country": actor.get("code"), "sector": actor.get("sector")}


def _location(place: EventPlace | None) -> Json:
    at = spot(place)
    if at is None:
        return {}
    told = {
        "name": at.name or at.text,
        "cc3": at.country,
        "admin1": at.admin1,
        "latitude": at.lat,
        "longitude": at.lon,
    }
    return {name: value for name, value in told.items() if value is not None}


def _outlet(event: LedgerEvent) -> str:
    return event.tellings[0].report.outlet if event.tellings else ""
