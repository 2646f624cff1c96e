"""The filters of events as parameters of addresses: described in the words of :class:`Filters`."""

from __future__ import annotations

import inspect
import re
from dataclasses import fields
from typing import Annotated, Any

from fastapi import Depends, Request

from dragoman import codebook
from dragoman.ledger.asking import Filters
from dragoman.ledger.asking.filters import DATE
from dragoman.ledger.model import STATES
from dragoman.record import FACTUALITIES
from dragoman.web.asked import filters_of

# A date of a filter, as a pattern of JSON Schema.
DATE_PATTERN = f"^{DATE.pattern}$"
_MODES = list(dict.fromkeys(mode for modes in codebook.MODES.values() for mode in modes))
_AMONG: dict[str, list[str]] = {
    "type": list(codebook.TYPES),
    "mode": _MODES,
    "context": list(codebook.CONTEXTS),
    "actor_sector": list(codebook.SECTORS),
    "recipient_sector": list(codebook.SECTORS),
    "factuality": list(FACTUALITIES),
    "state": list(STATES),
}
# Where the docstring speaks of the filter before.
_INSTEAD = {
    "recipient_name": "Words that who is acted upon is named with, in any form and order; all of them.",
    "party_name": "Words that who acts or is acted upon is named with, in any form and order; all of them.",
    "until": "The last day asked for, written as `since`. An event matches when any of the days that its date may "
    "mean, or its range covers, is asked for. One without a date counts by the day of its first report; one without "
    "either never.",
}
_EXAMPLES = {
    "type": ["ASSAULT"],
    "actor": ["NER"],
    "recipient": ["Niger"],
    "party": ["Ukraine"],
    "place": ["NER"],
    "claimed_by": ["RUS"],
    "denied_by": ["RUS"],
}


def _asked(request: Request) -> Filters:
    return filters_of(request.query_params)


Asked = Annotated[Filters, Depends(_asked)]
"""The filters of a request, whose route has :data:`FILTERS` for its ``openapi_extra``."""


def _described() -> dict[str, str]:
    """What the docstring says of each filter."""
    text = (inspect.getdoc(Filters) or "").partition("Attributes:\n")[2].partition("\nRaises:")[0]
    parts = re.split(r"^    (\w+): ", text, flags=re.MULTILINE)[1:]
    told = {name: " ".join(said.split()).replace("``", "`") for name, said in zip(parts[::2], parts[1::2], strict=True)}
    return {name: said[:1].upper() + said[1:] for name, said in (told | _INSTEAD).items()}


def _schema(name: str, kind: str) -> dict[str, Any]:
    if kind == "Names":
        item: dict[str, Any] = {"type": "string"}
        if name in _AMONG:
            item["enum"] = _AMONG[name]
        return {"type": "array", "items": item}
    if name == "historical":
        return {"type": "boolean"}
    if kind.startswith("bool"):
        return {"type": "boolean", "default": False}
    if kind.startswith("int"):
        return {"type": "integer", "minimum": 0, "default": 0}
    if kind.startswith("float"):
        return {"type": "number", "minimum": 0, "maximum": 1}
    if name in ("since", "until"):
        return {"type": "string", "pattern": DATE_PATTERN}
    if name == "report":
        return {"type": "string", "pattern": r"^[\w.:-]{1,200}$"}
    return {"type": "string"}


def _parameter(name: str, kind: str, said: str) -> dict[str, Any]:
    made: dict[str, Any] = {"name": name, "in": "query", "required": False, "description": said}
    made["schema"] = _schema(name, kind)
    if name in _EXAMPLES:
        made["example"] = _EXAMPLES[name]
    return made


_TOLD = _described()
_ALL = [_parameter(field.name, str(field.type), _TOLD[field.name]) for field in fields(Filters)]


def filters(*without: str) -> dict[str, Any]:
    """What a route's ``openapi_extra`` says of its filters: all but those ``without``."""
    return {"parameters": [one for one in _ALL if one["name"] not in without]}


FILTERS = filters()
