"""Whether a record that somebody made by hand has the shape of one, so that whoever reads it later can rely on that."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dragoman.record import Entity, Event, Span

# Beyond what the databases keep as a whole number; the longest reports have a million characters.
_LONGEST = 2**31 - 1
# Characters of words that name an event or party: in the coded reports they have under 1,000.
_WORDS = 10_000
# Parts of one kind: in the coded reports a record has under 50.
_MOST = 1_000


def check_shape(event: Event) -> None:
    """Raise ValueError for a record with a part of another kind than it must be, or beyond measure."""
    for what, text in _texts(event):
        if not isinstance(text, str):
            raise ValueError(f"{what} is text, not {text!r:.60}")
        if len(text) > _WORDS:
            raise ValueError(f"{what} has {_WORDS:,} characters at most")
    for what, span in _spans(event):
        if not 0 <= span.start <= span.end <= _LONGEST:
            raise ValueError(f"{what} has no place from {span.start:.3g} to {span.end:.3g}")
    for mention in event.mentions:
        if mention.trigger.end - mention.trigger.start > _WORDS:
            raise ValueError(f"the words that name an event have {_WORDS:,} characters at most")
    parts = (event.actor, event.recipient, event.attribution, event.mentions, event.reasons)
    if any(len(part) > _MOST for part in parts):
        raise ValueError(f"a record has {_MOST:,} parties, mentions and reasons of a kind at most")
    if event.confidence is not None and not 0 <= event.confidence <= 1:
        raise ValueError(f"confidence lies between 0 and 1: {event.confidence} does not")


def _texts(event: Event) -> Iterator[tuple[str, Any]]:
    yield "the type", event.type
    yield "the id", event.id
    yield from (("a mode", mode) for mode in event.mode)
    for entity in _entities(event):
        yield "a party", entity.text
        yield from (("a code", code) for code in (entity.country, entity.sector) if code is not None)
    if event.date is not None:
        yield "the date", event.date
    if event.place is not None:
        yield "the place", event.place.text
        if event.place.country is not None:
            yield "a code", event.place.country
    for reason in event.reasons:
        yield from (("a reason", reason.field), ("a reason", reason.why))


def _spans(event: Event) -> Iterator[tuple[str, Span]]:
    yield from (("a party", Span(entity.start, entity.end)) for entity in _entities(event))
    for mention in event.mentions:
        yield from (("a mention", Span(mention.start, mention.end)), ("a trigger", mention.trigger))
    yield from (("a reason", reason.span) for reason in event.reasons if reason.span is not None)


def _entities(event: Event) -> tuple[Entity, ...]:
    return (*event.actor, *event.recipient, *event.attribution)
