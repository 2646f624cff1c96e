"""The codebook as data: types, modes, contexts, sectors, countries and the way to and from CAMEO.

Everything is loaded, and checked, when first asked for; a data file that contradicts itself or the codebook
raises CodebookError then. The meaning follows PLOVER 2.0 (Open Event Data Alliance, CC BY-SA 4.0) as this
project's codebook reads it; the words are our own. Scores of types are those of the PLOVER manual's table in
its 2021 state, the last one that could be checked against its source, save ACCUSE (see its ``note``).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib import resources
from typing import Any

from .load import (
    Lazy,
    build_cameo,
    load_contexts,
    load_countries,
    load_sectors,
    load_types,
    read,
)
from .model import (
    QUADS,
    Boundary,
    CameoCode,
    CodebookError,
    Context,
    Country,
    EventType,
    Mode,
    Sector,
)

__all__ = [
    "CONTEXTS",
    "COUNTRIES",
    "MODES",
    "QUADS",
    "SECTORS",
    "TYPES",
    "Boundary",
    "CameoCode",
    "CodebookError",
    "Context",
    "Country",
    "EventType",
    "Mode",
    "Sector",
    "describe",
    "from_cameo",
    "json_schema",
    "score",
    "to_cameo",
]

TYPES: Mapping[str, EventType] = Lazy(load_types)
"""The 16 event types by name, in the codebook's order."""

MODES: Mapping[str, Mapping[str, Mode]] = Lazy(lambda: {t.name: t.modes for t in TYPES.values()})
"""The modes of each type: ``MODES["ASSAULT"]["aerial"]``. Types without modes have an empty mapping."""

CONTEXTS: Mapping[str, Context] = Lazy(load_contexts)
"""The 37 contexts by name."""

SECTORS: Mapping[str, Sector] = Lazy(load_sectors)
"""The 25 sectors by code."""

COUNTRIES: Mapping[str, Country] = Lazy(load_countries)
"""States, dependencies (with ``part_of``) and international codes by three-letter code."""


@lru_cache(maxsize=1)
def _crosswalk() -> tuple[Mapping[str, CameoCode], Mapping[str, Mapping[str, str]]]:
    return build_cameo(read("cameo.yaml"), TYPES, CONTEXTS)


def to_cameo(type: str, mode: str | None = None) -> str:
    """The CAMEO code that comes nearest to a type, or to one of its modes.

    Returns three or four digits. Raises ValueError for a type, or a mode of it, that does not exist.
    """
    best = _crosswalk()[1].get(type)
    if best is None:
        raise ValueError(f"{type!r} is none of the types {', '.join(TYPES)}")
    code = best.get(mode or "")
    if code is None:
        raise ValueError(f"{type} has no mode {mode!r}, only {', '.join(TYPES[type].modes) or 'none'}")
    return code


def from_cameo(code: str) -> CameoCode:
    """What a CAMEO code (``190``; a root such as ``19`` stands for ``190``) says in this codebook.

    Codes without a counterpart come back with ``type`` None and the reason in ``why``. Raises ValueError
    for a string that is no CAMEO code; leading zeros must be there: 42 alone could be 042 or 42.
    """
    codes = _crosswalk()[0]
    found = codes.get(code) or (codes.get(code + "0") if len(code) == 2 else None)
    if found is None:
        raise ValueError(f"{code!r} is no CAMEO code (leading zeros count: 042, not 42)")
    return found


def score(type: str, modes: Iterable[str] = ()) -> float:
    """How cooperative or conflictual an event is, from -10 to 10.

    The mean of its modes' own scores where they have any, otherwise the score of the type. Raises
    KeyError for an unknown type or mode.
    """
    kind = TYPES[type]
    own = [s for s in (kind.modes[m].score for m in modes) if s is not None]
    return sum(own) / len(own) if own else kind.score


def json_schema() -> dict[str, Any]:
    """The published JSON Schema (draft 2020-12) of what ``CodedDocument.to_dict`` gives."""
    text = resources.files(__package__).joinpath("record.schema.json").read_text("utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def describe(word: str | None = None) -> str:
    """Text for people about a type, mode, context, sector, country or CAMEO code; for None, a list.

    Case does not matter. A mode may be given alone or with its type (``COERCE arrest``). Raises LookupError,
    with the nearest words, for one that the codebook lacks.
    """
    from .prose import describe as text

    return text(word)
