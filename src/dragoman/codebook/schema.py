"""The JSON Schema of a coded document, made from the codebook.

``record.schema.json`` beside this file is its output, kept as a file so that others can use it without
Python; a test holds the two together. Write it anew with
``python -m dragoman.codebook.schema > record.schema.json``.
"""

from __future__ import annotations

import json
from typing import Any

from . import CONTEXTS, COUNTRIES, SECTORS, TYPES

Json = dict[str, Any]

# A day, month or year, or a range of two of these (codebook, section 1). Days beyond the month's end
# pass here: a schema cannot know the calendar.
_DAY = r"[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?"
DATE = rf"^{_DAY}(/{_DAY})?$"


def _object(description: str, properties: Json, required: list[str]) -> Json:
    return {
        "description": description,
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


def _list(of: str, description: str) -> Json:
    return {"description": description, "type": "array", "items": {"$ref": f"#/$defs/{of}"}}


def _maybe(values: list[str], description: str) -> Json:
    return {"description": description, "enum": [*values, None]}


_OFFSET = {"type": "integer", "minimum": 0}
_SPAN = {"start": {"$ref": "#/$defs/offset"}, "end": {"$ref": "#/$defs/offset"}}


def _event() -> Json:
    properties: Json = {
        "id": {"description": "The same in every run for the same record.", "type": "string"},
        "type": {"enum": list(TYPES)},
        "mode": {"type": "array", "items": {"type": "string"}, "uniqueItems": True},
        "actor": _list("entity", "Who acts; all participants of a mutual act."),
        "recipient": _list("entity", "Who is acted upon."),
        "factuality": {"enum": ["actual", "future", "hypothetical", "negated"]},
        "historical": {"description": "Whether the event is background.", "type": "boolean"},
        "date": {
            "description": "When it happened: a day, month, year or a range, as far as the text says.",
            "type": ["string", "null"],
            "pattern": DATE,
        },
        "place": {"anyOf": [{"$ref": "#/$defs/place"}, {"type": "null"}]},
        "attribution": _list("entity", "On whose word the report rests, nearest first."),
        "mentions": _list("mention", "Every sentence that reports the event."),
        "confidence": {
            "description": "Calibrated probability that a careful reader records an event of this type there.",
            "type": ["number", "null"],
            "minimum": 0,
            "maximum": 1,
        },
        "reasons": _list("reason", "Why fields have their values or have none."),
    }
    required = [name for name in properties if name not in ("id", "confidence", "reasons")]
    event = _object("One real-world event that the document reports.", properties, required)
    event["allOf"] = [
        {
            "if": {"properties": {"type": {"const": kind.name}}, "required": ["type"]},
            "then": {"properties": {"mode": {"items": {"enum": list(kind.modes)}} if kind.modes else {"maxItems": 0}}},
        }
        for kind in TYPES.values()
    ]
    return event


def schema() -> Json:
    """The schema as a dictionary ready for ``json.dumps``."""
    # Dependencies are coded as their state, so their own codes are no values of `country`.
    countries = sorted(c.code for c in COUNTRIES.values() if c.part_of is None)
    country = _maybe(countries, "ISO 3166-1 alpha-3 or an international code; null when unknown.")
    sector = _maybe(list(SECTORS), "Primary sector; null when unknown.")
    document = _object(
        "A coded document. Offsets count Unicode code points of its text, end exclusive.",
        {
            "id": {"type": "string", "minLength": 1},
            "title": {"type": "string"},
            "published": {"description": "As the source gave it.", "type": ["string", "null"]},
            "url": {"type": "string"},
            "contexts": {
                "description": "What the document is about, most apt first.",
                "type": "array",
                "items": {"enum": list(CONTEXTS)},
                "uniqueItems": True,
            },
            "events": _list("event", "Its events."),
            "warnings": {"type": "array", "items": {"type": "string"}},
        },
        ["id", "contexts", "events"],
    )
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Dragoman coded document",
        **document,
        "$defs": {
            "offset": _OFFSET,
            "span": _object("A stretch of the text.", dict(_SPAN), ["start", "end"]),
            "entity": _object(
                "Who is meant, and the words that say so.",
                {"text": {"type": "string"}, **_SPAN, "country": country, "sector": sector},
                ["text", "start", "end", "country", "sector"],
            ),
            "place": _object(
                "Where the event happened.",
                {"text": {"type": "string"}, "country": country},
                ["text", "country"],
            ),
            "mention": _object(
                "A sentence, and the words in it that name the event.",
                {**_SPAN, "trigger": {"$ref": "#/$defs/span"}},
                ["start", "end", "trigger"],
            ),
            "reason": _object(
                "Why a field has its value.",
                {
                    "field": {"type": "string"},
                    "why": {"type": "string"},
                    "span": {"anyOf": [{"$ref": "#/$defs/span"}, {"type": "null"}]},
                },
                ["field", "why", "span"],
            ),
            "event": _event(),
        },
    }


def text() -> str:
    """The schema as the file's text."""
    return json.dumps(schema(), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    print(text(), end="")
