"""What a report tells of an event, ready for a page: its sentences with the words marked, and why each field is so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dragoman.ledger import Join, LedgerEvent, Telling
from dragoman.ledger.figures import Figure, told
from dragoman.record import Entity, Event, Span
from dragoman.web.showing.marking import Mark, Piece, pieces

ROLES = {
    "trigger": "names the event",
    "actor": "who acts",
    "recipient": "towards whom",
    "attribution": "on whose word",
    "place": "where",
    "date": "when",
    "figure": "how many",
}
"""What marked words are, by the role of their mark."""
FIELDS = ("type", "mode", "actor", "recipient", "factuality", "historical", "date", "place", "attribution")
_PARTIES = ("actor", "recipient", "attribution")
_SPANNED = ("place", "date")
# Code points of a sentence that are shown, from so many before the words that name the event: what has no full stop for
# longer is no sentence but a table or a list.
_LONGEST, _BEFORE = 3_000, 1_000


@dataclass(frozen=True, slots=True)
class Why:
    """A reason of a field, and the words that it rests on where a sentence at hand holds them."""

    why: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """A report's telling: ``number`` is its place among the tellings, ``same_as`` the number of an earlier one that is
    no independent witness beside it."""

    number: int
    telling: Telling
    sentences: tuple[tuple[Piece, ...], ...]
    reasons: tuple[tuple[str, tuple[Why, ...]], ...]
    figures: tuple[Figure, ...] = ()
    same_as: int | None = None


@dataclass(frozen=True, slots=True)
class Tie:
    """Two tellings by their numbers, what joins or parts them (see :class:`Join`), and how firmly."""

    low: int
    high: int
    join: Join


def tellings(event: LedgerEvent) -> list[Told]:
    """All tellings of an event, numbered from 1."""
    numbers: dict[str, int] = {}
    made = []
    for number, telling in enumerate(event.tellings, 1):
        same = numbers.setdefault(telling.report.source, number)
        made.append(
            Told(
                number,
                telling,
                sentences(telling),
                reasons(telling),
                figures(telling),
                same if same != number else None,
            )
        )
    return made


def figures(telling: Telling) -> tuple[Figure, ...]:
    """The casualties that the sentences of a telling give. Very long ones are left out: a megabyte takes seconds."""
    return told(telling.record.mentions, [s if len(s) <= _LONGEST else "" for s in telling.evidence])


def sentences(telling: Telling) -> tuple[tuple[Piece, ...], ...]:
    """The sentences of a telling, each once, with the words marked that its record rests on; of a very long one the
    part about the words that name the event."""
    at: dict[tuple[int, str], list[Mark]] = {}
    for mention, sentence in zip(telling.record.mentions, telling.evidence, strict=False):
        if sentence:
            at.setdefault((mention.start, sentence), []).append(
                Mark(mention.trigger.start, mention.trigger.end, "trigger")
            )
    many = [Mark(figure.start, figure.end, "figure") for figure in figures(telling)]
    made = []
    for (start, sentence), found in at.items():
        marks = [*found, *_fields(telling.record, sentence, start), *many]
        skipped = max(0, found[0].start - start - _BEFORE) if len(sentence) > _LONGEST else 0
        made.append(tuple(pieces(sentence[skipped : skipped + _LONGEST], marks, offset=start + skipped)))
    return tuple(made)


def _fields(record: Event, sentence: str, start: int) -> list[Mark]:
    """The marks of a record's parties, place and date in a sentence that begins at ``start`` of its document."""
    marks = []
    for role in _PARTIES:
        entities: tuple[Entity, ...] = getattr(record, role)
        for entity in entities:
            marks += _marks(role, entity.text, Span(entity.start, entity.end), sentence, start)
    spans = {r.field: r.span for r in record.reasons if r.span is not None and r.field in _SPANNED}
    if record.place is not None:
        marks += _marks("place", record.place.text, spans.get("place"), sentence, start)
    if record.date is not None and (span := spans.get("date")) is not None:
        marks.append(Mark(span.start, span.end, "date"))
    return marks


def _marks(role: str, words: str, span: Span | None, sentence: str, start: int) -> list[Mark]:
    """Where a sentence holds what stands at ``span``: there, or where a person wrote the words without a place, at
    their first occurrence."""
    if span is not None and span.start < span.end:
        return [Mark(span.start, span.end, role)]
    found = sentence.find(words) if words else -1
    return [Mark(start + found, start + found + len(words), role)] if found >= 0 else []


def reasons(telling: Telling) -> tuple[tuple[str, tuple[Why, ...]], ...]:
    """Why each field of a record has its value, or none, in the order of the codebook."""
    found: dict[str, list[Why]] = {}
    for reason in telling.record.reasons:
        found.setdefault(reason.field, []).append(Why(reason.why, _words(telling, reason.span)))
    order = [*(field for field in FIELDS if field in found), *sorted(field for field in found if field not in FIELDS)]
    return tuple((field, tuple(dict.fromkeys(found[field]))) for field in order)


def _words(telling: Telling, span: Span | None) -> str:
    for mention, sentence in zip(telling.record.mentions, telling.evidence, strict=False):
        if span is not None and mention.start <= span.start < span.end <= mention.start + len(sentence):
            return sentence[span.start - mention.start : span.end - mention.start]
    return ""


def ties(tellings: Sequence[Told], joins: Sequence[Join]) -> list[Tie]:
    """For each telling what ties it most firmly to one before it, and all that people joined or parted."""
    numbers = {one.telling.record.id: one.number for one in tellings}
    within = []
    for join in joins:
        if join.kind != "denial" and join.a in numbers and join.b in numbers:
            low, high = sorted((numbers[join.a], numbers[join.b]))
            within.append(Tie(low, high, join))
    firmest: dict[tuple[int, str], Tie] = {}
    for tie in sorted(within, key=lambda t: (-t.join.score, t.low)):
        kind = tie.join.kind
        firmest.setdefault((tie.high, kind if kind == "same" else f"{kind} {tie.low}"), tie)
    return sorted(firmest.values(), key=lambda t: (t.high, t.low))
