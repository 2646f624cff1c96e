"""What goes into the resolver beside the phrase, and what comes out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Context:
    """What the document says, as far as the resolver may use it.

    ``published``: the document's date, used when the event has none. ``described``: a name as it stands in
    the document and the description that the document gives of it. ``full_names``: a short name and its
    first full mention. ``acronyms``: an acronym and what it is short for. ``country``: the code of the
    country that the document is mostly about, used only for nouns without any nationality.
    """

    published: str | None = None
    described: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    full_names: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    acronyms: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Resolution:
    """Who a phrase means. ``country`` and ``sector`` are the codebook's, None when unknown.

    ``other_sectors`` are further sectors that fit, next best first. ``identity`` is the register's display
    name of the person, body or state, None for a common noun. ``reason`` says in words what each code rests
    on, or why there is none. ``kind`` tells what was named: ``country``, ``capital``, ``city``, ``people``,
    ``person``, ``body``, ``party``, ``group``, ``seat``, ``region`` or ``noun``; None when nothing was.
    ``weak`` is true where the country is only that of the document.
    """

    country: str | None
    sector: str | None
    other_sectors: tuple[str, ...] = ()
    identity: str | None = None
    reason: str = ""
    kind: str | None = None
    weak: bool = False
