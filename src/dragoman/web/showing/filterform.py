"""The form of filters: what its fields are called and offer, and what is asked for as chips that can be taken away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from dragoman import codebook
from dragoman.ledger.asking import Filters
from dragoman.ledger.model import STATES
from dragoman.record import FACTUALITIES
from dragoman.web.rendering import country_name, sector_name

LABELS: Mapping[str, str] = {
    "text": "Words",
    "type": "Type",
    "mode": "Mode",
    "context": "Context",
    "actor": "Who acts",
    "recipient": "Towards whom",
    "party": "Either side",
    "actor_sector": "Sector of who acts",
    "recipient_sector": "Sector of the other side",
    "actor_name": "Name of who acts",
    "recipient_name": "Name of the other side",
    "party_name": "Name on either side",
    "claimed_by": "Claimed by",
    "denied_by": "Denied by",
    "place": "Where",
    "factuality": "Factuality",
    "state": "State",
    "since": "From",
    "until": "To",
    "dated_only": "Dated",
    "min_sources": "Sources, at least",
    "min_confidence": "Confidence, at least",
    "historical": "Background",
    "report": "Told by report",
}
"""What people call the filters, by their names."""
OFTEN = ("text", "actor", "recipient", "place", "since", "until", "type", "state")
"""The filters that are always in view."""
_COUNTRIES = frozenset({"actor", "recipient", "party", "claimed_by", "denied_by", "place"})
_SECTORS = frozenset({"actor_sector", "recipient_sector"})


@dataclass(frozen=True, slots=True)
class Chip:
    """One thing that is asked for, in words, and the filters without it. ``filter`` and ``value`` say which it is."""

    filter: str
    value: Any
    said: str
    without: Filters

    @property
    def label(self) -> str:
        return LABELS[self.filter]


def chips(filters: Filters) -> list[Chip]:
    """All that is asked for, each value of a filter by itself, in the order of the form."""
    given = filters.to_dict()
    made = []
    for name in LABELS:
        values = given.get(name)
        if isinstance(values, list):
            for value in values:
                rest = [other for other in values if other != value]
                made.append(Chip(name, value, _said(name, value), _with(filters, name, rest)))
        elif values is not None:
            made.append(Chip(name, values, _said(name, values), _with(filters, name, _NOTHING.get(name))))
    return made


def _with(filters: Filters, name: str, value: Any) -> Filters:
    changed: dict[str, Any] = {name: value}
    return replace(filters, **changed)


# What the filters that take one value have where they ask for nothing, if it is not None.
_NOTHING: Mapping[str, Any] = {
    "text": "",
    "actor_name": "",
    "recipient_name": "",
    "party_name": "",
    "dated_only": False,
    "min_sources": 0,
}


def _said(name: str, value: Any) -> str:
    if name in _COUNTRIES:
        return country_name(value)
    if name in _SECTORS:
        return sector_name(value)
    if value is True or value is False:
        return {("dated_only", True): "by a report"}.get((name, value), "only" if value else "left out")
    return str(value).lower() if name == "type" else str(value).replace("_", " ") if name == "context" else str(value)


@lru_cache(maxsize=1)
def offers() -> Mapping[str, Any]:
    """What the fields offer: types by quad class, modes, contexts, names of countries, sectors, states."""
    modes: dict[str, str] = {}
    for type, known in codebook.MODES.items():
        for mode in known.values():
            told = f"{type.lower()}: {mode.definition}"
            modes[mode.name] = f"{modes[mode.name]} {told}" if mode.name in modes else told
    return {
        "quads": {
            name: [t for t in codebook.TYPES.values() if t.quad == quad] for quad, name in codebook.QUADS.items()
        },
        "modes": modes,
        "contexts": {context.name: context.definition for context in codebook.CONTEXTS.values()},
        "countries": sorted({country.name for country in codebook.COUNTRIES.values()}),
        "sectors": [(sector.code, sector.name) for sector in codebook.SECTORS.values()],
        "states": STATES,
        "factualities": FACTUALITIES,
    }


def is_more(typed: Iterable[str]) -> bool:
    """Whether a filter is set that is not always in view."""
    return any(name not in OFTEN and name != "report" for name in typed)
