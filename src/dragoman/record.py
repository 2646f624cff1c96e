"""What Dragoman reads and what it writes: documents in, event records out.

Every class is a frozen dataclass whose fields are those of the codebook (``docs/codebook.md``), with
``to_dict`` and ``from_dict`` that lose nothing. Offsets are counted in Unicode code points of
``Document.text``, end exclusive, so that ``text[start:end]`` is always the words meant.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, Self, cast

Factuality = Literal["actual", "future", "hypothetical", "negated"]
FACTUALITIES: tuple[Factuality, ...] = ("actual", "future", "hypothetical", "negated")

Json = dict[str, Any]

# Half a character: a string of Python's may hold one, UTF-8 cannot.
LONE_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Document:
    """A dated report, as the reading room hands it on.

    ``published`` is an ISO 8601 date or date and time (``2022-02-25``, ``2022-02-25T06:10:00Z``), or
    None when the report gives none: relative dates then stay unresolved. An empty ``id`` is filled with
    a hash of the text, so that the same text always has the same id. ``outlet`` is who published it and ``retrieved``
    the ISO 8601 date and time at which it was taken from ``url``; either is empty when the source does not say.
    """

    text: str
    published: str | None = None
    id: str = ""
    title: str = ""
    url: str = ""
    warnings: tuple[str, ...] = ()
    outlet: str = ""
    retrieved: str | None = None

    def __post_init__(self) -> None:
        if not self.id:
            digest = hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()
            object.__setattr__(self, "id", digest[:16])


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the document's text: code points from ``start`` up to, not including, ``end``."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """The words that the span covers in ``text``."""
        return text[self.start : self.end]

    def to_dict(self) -> Json:
        return {"start": self.start, "end": self.end}

    @classmethod
    def from_dict(cls, row: Mapping[str, Any]) -> Self:
        return cls(int(row["start"]), int(row["end"]))


@dataclass(frozen=True, slots=True)
class Mention:
    """A sentence (``start``, ``end``) that reports an event and the words in it that name the event."""

    start: int
    end: int
    trigger: Span

    def to_dict(self) -> Json:
        return {"start": self.start, "end": self.end, "trigger": self.trigger.to_dict()}

    @classmethod
    def from_dict(cls, row: Mapping[str, Any]) -> Self:
        return cls(int(row["start"]), int(row["end"]), Span.from_dict(row["trigger"]))


@dataclass(frozen=True, slots=True)
class Entity:
    """Who acts, is acted upon or reports: the words as they stand, and whom they stand for.

    ``country`` is an ISO 3166-1 alpha-3 or international code and ``sector`` one of the codebook's
    sectors; either is None when it is not known, never a guess.
    """

    text: str
    start: int
    end: int
    country: str | None = None
    sector: str | None = None

    def to_dict(self) -> Json:
        return {
            "text": self.text,
            "start": self.start,
            "end": self.end,
            "country": self.country,
            "sector": self.sector,
        }

    @classmethod
    def from_dict(cls, row: Mapping[str, Any]) -> Self:
        return cls(row["text"], int(row["start"]), int(row["end"]), row.get("country"), row.get("sector"))


@dataclass(frozen=True, slots=True)
class EventPlace:
    """Where an event happened: the words as they stand and the country's code, None when unknown."""

    text: str
    country: str | None = None

    def to_dict(self) -> Json:
        return {"text": self.text, "country": self.country}

    @classmethod
    def from_dict(cls, row: Mapping[str, Any]) -> Self:
        return cls(row["text"], row.get("country"))


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a field has its value, or why it stays empty: the rule in words, and the span it rests on."""

    field: str
    why: str
    span: Span | None = None

    def to_dict(self) -> Json:
        return {"field": self.field, "why": self.why, "span": self.span.to_dict() if self.span else None}

    @classmethod
    def from_dict(cls, row: Mapping[str, Any]) -> Self:
        span = row.get("span")
        return cls(row["field"], row["why"], Span.from_dict(span) if span else None)


@dataclass(frozen=True, slots=True)
class Event:
    """One real-world event that a document reports (codebook, section 1).

    ``confidence`` is the probability, calibrated on reports that the coder had not seen, that a careful reader would
    record an event of this type there; None where no coder gave one.
    """

    type: str
    mode: tuple[str, ...] = ()
    actor: tuple[Entity, ...] = ()
    recipient: tuple[Entity, ...] = ()
    factuality: Factuality = "actual"
    historical: bool = False
    date: str | None = None
    place: EventPlace | None = None
    attribution: tuple[Entity, ...] = ()
    mentions: tuple[Mention, ...] = ()
    reasons: tuple[Reason, ...] = ()
    id: str = ""
    confidence: float | None = None

    def identified(self, document_id: str) -> Event:
        """The event with its id: a hash of the document's id, the type and where the event is told.

        The same document coded to the same record has the same id in every run and on every machine.
        """
        key = [document_id, self.type, [[m.trigger.start, m.trigger.end] for m in self.mentions]]
        key += [
            [[e.start, e.end, e.country] for e in self.actor],
            [[e.start, e.end, e.country] for e in self.recipient],
        ]
        digest = hashlib.sha256(json.dumps(key, ensure_ascii=True).encode()).hexdigest()
        return replace(self, id=digest[:16])

    def to_dict(self) -> Json:
        return {
            "id": self.id,
            "type": self.type,
            "mode": list(self.mode),
            "actor": [e.to_dict() for e in self.actor],
            "recipient": [e.to_dict() for e in self.recipient],
            "factuality": self.factuality,
            "historical": self.historical,
            "date": self.date,
            "place": self.place.to_dict() if self.place else None,
            "attribution": [e.to_dict() for e in self.attribution],
            "mentions": [m.to_dict() for m in self.mentions],
            "confidence": self.confidence,
            "reasons": [r.to_dict() for r in self.reasons],
        }

    @classmethod
    def from_dict(cls, row: Mapping[str, Any]) -> Self:
        factuality = row.get("factuality", "actual")
        if factuality not in FACTUALITIES:
            raise ValueError(f"factuality {factuality!r} is none of {', '.join(FACTUALITIES)}")
        place = row.get("place")
        return cls(
            type=row["type"],
            mode=tuple(row.get("mode") or ()),
            actor=tuple(Entity.from_dict(e) for e in row.get("actor") or ()),
            recipient=tuple(Entity.from_dict(e) for e in row.get("recipient") or ()),
            factuality=cast(Factuality, factuality),
            historical=bool(row.get("historical", False)),
            date=row.get("date"),
            place=EventPlace.from_dict(place) if place else None,
            attribution=tuple(Entity.from_dict(e) for e in row.get("attribution") or ()),
            mentions=tuple(Mention.from_dict(m) for m in row.get("mentions") or ()),
            reasons=tuple(Reason.from_dict(r) for r in row.get("reasons") or ()),
            id=row.get("id", ""),
            confidence=None if row.get("confidence") is None else float(row["confidence"]),
        )


@dataclass(frozen=True, slots=True)
class CodedDocument:
    """A document's events and contexts, with what a user should know of how they came about."""

    id: str
    events: tuple[Event, ...] = ()
    contexts: tuple[str, ...] = ()
    title: str = ""
    published: str | None = None
    url: str = ""
    warnings: tuple[str, ...] = ()

    def to_dict(self) -> Json:
        return {
            "id": self.id,
            "title": self.title,
            "published": self.published,
            "url": self.url,
            "contexts": list(self.contexts),
            "events": [e.to_dict() for e in self.events],
            "warnings": list(self.warnings),
        }

    @classmethod
    def from_dict(cls, row: Mapping[str, Any]) -> Self:
        return cls(
            id=row["id"],
            events=tuple(Event.from_dict(e) for e in row.get("events") or ()),
            contexts=tuple(row.get("contexts") or ()),
            title=row.get("title") or "",
            published=row.get("published"),
            url=row.get("url") or "",
            warnings=tuple(row.get("warnings") or ()),
        )

    def to_json(self) -> str:
        """One line of JSON, the same bytes for the same record."""
        return json.dumps(self.to_dict(), ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, line: str) -> Self:
        return cls.from_dict(json.loads(line))
