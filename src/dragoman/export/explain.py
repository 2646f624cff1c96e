"""Each record with its sentence, the words that name it, and why every field is as it is."""

from __future__ import annotations

from collections.abc import Iterator

from dragoman.export.people import printable
from dragoman.record import CodedDocument, Document, Entity, Event

_FIELDS = ("type", "mode", "actor", "recipient", "factuality", "date", "place", "attribution")


def _entities(entities: tuple[Entity, ...]) -> str:
    return "; ".join(f"{printable(e.text)} [{e.country or '?'} {e.sector or '?'}]" for e in entities) or "—"


def _value(event: Event, field: str) -> str:
    if field == "type":
        return event.type
    if field == "mode":
        return ", ".join(event.mode) or "—"
    if field == "factuality":
        return event.factuality + (", background" if event.historical else "")
    if field == "date":
        return event.date or "—"
    if field == "place":
        return f"{printable(event.place.text)} [{event.place.country or '?'}]" if event.place else "—"
    return _entities(getattr(event, field))


def _sure(event: Event) -> str:
    return "" if event.confidence is None else f"  confidence {event.confidence:.2f}"


def explain(coded: CodedDocument, document: Document) -> Iterator[str]:
    """Lines for people: every event with its evidence and reasons."""
    yield f"{printable(coded.title or coded.id)}  ({coded.published or 'undated'})"
    yield f"contexts: {', '.join(coded.contexts) or '—'}"
    for warning in coded.warnings:
        yield f"warning: {warning}"
    for number, event in enumerate(coded.events, 1):
        yield ""
        yield f"{number}. {event.type}{'/' + '+'.join(event.mode) if event.mode else ''}  {event.id}{_sure(event)}"
        for mention in event.mentions:
            before = document.text[mention.start : mention.trigger.start]
            words = document.text[mention.trigger.start : mention.trigger.end]
            after = document.text[mention.trigger.end : mention.end]
            yield "   “" + printable(f"{before}>>{words}<<{after}") + "”"
        for field in _FIELDS:
            whys = "; ".join(dict.fromkeys(r.why for r in event.reasons if r.field == field and r.why))
            yield f"   {field:11s} {_value(event, field)}" + (f"   ({whys})" if whys else "")
