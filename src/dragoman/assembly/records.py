"""Event mentions to event records: the whole of assembly."""

from __future__ import annotations

from typing import cast

from dragoman.assembly.dating import Dates
from dragoman.assembly.drafts import Draft, draft
from dragoman.assembly.keep import sort_out
from dragoman.assembly.merging import attach, merge, without_slogans
from dragoman.assembly.parties import Parties, Party
from dragoman.assembly.placing import Where
from dragoman.assembly.reference import countries
from dragoman.extraction.mentions import EventMention
from dragoman.language.tokens import ParsedDocument
from dragoman.record import Entity, Event, Factuality, Mention, Span

# States that a report is mostly about, which decide between namesakes; more of them decide nothing.
HINTS = 5


def assemble(document: ParsedDocument, mentions: list[EventMention]) -> tuple[Event, ...]:
    """One record an event, in the order in which the document first tells them."""
    if not mentions:
        return ()
    strong, weak = sort_out(prepare(document, mentions))
    merged = merge(without_slogans(strong))
    attach(merged, weak)
    return tuple(_event(d, document.document.id) for d in merged)


def prepare(document: ParsedDocument, mentions: list[EventMention]) -> list[Draft]:
    """A draft for each mention, its parties, date and place resolved."""
    named = countries(document)
    hints = tuple(sorted(named, key=lambda c: (-named[c], c))[:HINTS])
    where = Where(document, hints)
    return draft(document, mentions, Parties(document, named, where.countries), Dates(document), where)


def _entities(parties: list[Party]) -> tuple[Entity, ...]:
    return tuple(p.entity for p in parties)


def _event(d: Draft, document_id: str) -> Event:
    seen: dict[tuple[int, int], Mention] = {}
    for m in sorted(d.mentions, key=lambda m: m.trigger.start):
        mention = Mention(m.sentence.start, m.sentence.end, Span(m.trigger.start, m.trigger.end))
        seen.setdefault((mention.trigger.start, mention.trigger.end), mention)
    return Event(
        type=d.type,
        mode=d.mode,
        actor=_entities(d.actor),
        recipient=_entities(d.recipient),
        factuality=cast(Factuality, d.factuality),
        historical=d.historical,
        date=d.date,
        place=d.place,
        attribution=_entities(d.attribution),
        mentions=tuple(seen.values()),
        reasons=tuple(d.reasons),
    ).identified(document_id)
