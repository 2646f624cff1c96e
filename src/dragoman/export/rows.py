"""Events as rows of a table: the columns that CSV, TSV and Parquet have in common.

One row an event; a document without events has none. Fields of several entities are parallel lists: the
third text, country and sector are those of the third actor. The sentence and trigger are those of the
first mention; ``mentions`` says how many there are. JSON lines hold the rest.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from dragoman.codebook import TYPES
from dragoman.record import CodedDocument, Document, Entity, Mention

Kind = Literal["string", "integer", "number", "boolean", "list"]
Value = str | int | float | bool | list[str | None] | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column's name and what its cells are: None stands for what is not known."""

    name: str
    kind: Kind


def _entities(role: str) -> tuple[Column, ...]:
    return tuple(Column(f"{role}_{part}", "list") for part in ("text", "country", "sector"))


COLUMNS: tuple[Column, ...] = (
    Column("document_id", "string"),
    Column("published", "string"),
    Column("title", "string"),
    Column("url", "string"),
    Column("event_id", "string"),
    Column("type", "string"),
    Column("mode", "list"),
    Column("quad", "integer"),
    *_entities("actor"),
    *_entities("recipient"),
    Column("factuality", "string"),
    Column("historical", "boolean"),
    Column("confidence", "number"),
    Column("date", "string"),
    Column("place_text", "string"),
    Column("place_country", "string"),
    *_entities("attribution"),
    Column("contexts", "list"),
    Column("mentions", "integer"),
    Column("sentence_start", "integer"),
    Column("sentence_end", "integer"),
    Column("trigger_start", "integer"),
    Column("trigger_end", "integer"),
    Column("trigger", "string"),
    Column("sentence", "string"),
)


def rows(coded: CodedDocument, document: Document | None) -> Iterator[list[Value]]:
    """The rows of ``coded``, each with a value for every one of :data:`COLUMNS`.

    Without ``document`` the words of trigger and sentence are None.
    """
    for event in coded.events:
        first = event.mentions[0] if event.mentions else None
        kind = TYPES.get(event.type)
        yield [
            coded.id,
            coded.published,
            coded.title or None,
            coded.url or None,
            event.id or None,
            event.type,
            list(event.mode),
            kind.quad if kind else None,
            *_parts(event.actor),
            *_parts(event.recipient),
            event.factuality,
            event.historical,
            event.confidence,
            event.date,
            event.place.text if event.place else None,
            event.place.country if event.place else None,
            *_parts(event.attribution),
            list(coded.contexts),
            len(event.mentions),
            *_where(first, document),
        ]


def _parts(entities: tuple[Entity, ...]) -> tuple[list[str | None], list[str | None], list[str | None]]:
    return [e.text for e in entities], [e.country for e in entities], [e.sector for e in entities]


def _where(mention: Mention | None, document: Document | None) -> tuple[Value, ...]:
    if mention is None:
        return None, None, None, None, None, None
    words = sentence = None
    if document is not None:
        words = mention.trigger.of(document.text)
        sentence = document.text[mention.start : mention.end]
    return mention.start, mention.end, mention.trigger.start, mention.trigger.end, words, sentence
