"""Places of events: resolved by the gazetteer, and with coordinates only where they are a point."""

from __future__ import annotations

from dataclasses import dataclass

from dragoman import places
from dragoman.places import Precision
from dragoman.record import EventPlace

_POINTS = frozenset({"point", "city"})


@dataclass(frozen=True, slots=True)
class Spot:
    """Where an event happened: the words, and what the gazetteer knows of them.

    ``lat`` and ``lon`` are degrees north and east, None where the place is an area: the middle of one is nowhere.
    All but ``text`` and ``country`` is None where the words leave open which place is meant.
    """

    text: str
    country: str | None = None
    name: str | None = None
    admin1: str | None = None
    lat: float | None = None
    lon: float | None = None
    precision: Precision | None = None

    @property
    def city(self) -> str | None:
        """The town's name; None where the place is no town."""
        return self.name if self.precision == "city" else None


def spot(place: EventPlace | None) -> Spot | None:
    """The place of an event; None where it has none.

    A reading of the gazetteer in another country than the event's own is none.
    """
    if place is None:
        return None
    found = places.resolve(place.text, hints=(place.country,) if place.country else ())
    if found is None or found.name is None or found.country != place.country:
        return Spot(place.text, place.country)
    point = found.precision in _POINTS
    return Spot(
        place.text,
        place.country,
        found.name,
        found.admin1,
        found.lat if point else None,
        found.lon if point else None,
        found.precision,
    )
