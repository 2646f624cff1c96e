"""Where an event was, as places are compared: a town agrees with the state that it lies in, and not with a far town."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from dragoman import places
from dragoman.places import PlaceMention
from dragoman.places.choose import km
from dragoman.places.fold import fold
from dragoman.record import EventPlace

# Towns at least so far apart (kilometres) are two; those of one event lie within 60 in the stories a- to c-.
FAR = 120.0
_EXACT = frozenset({"point", "city"})


class Site(NamedTuple):
    """A place: its usual name (or the words, where it is in no gazetteer), country, division and coordinates."""

    name: str
    country: str | None
    admin1: str | None
    precision: str | None
    lat: float | None
    lon: float | None


def site(place: EventPlace, mentions: Sequence[PlaceMention]) -> Site:
    """A record's place; ``mentions`` are the places that the document names.

    What stands alone in the place's words may be plain in the document: its own reading goes first.
    """
    best: PlaceMention | None = None
    for m in mentions:
        if m.country and m.text in place.text and m.country == (place.country or m.country) and _finer(m, best):
            best = m
    if best is None:
        found = places.resolve(place.text, hints=(place.country,) if place.country else ())
        if found is not None and found.country and found.country == (place.country or found.country):
            best = found
    if best is None or best.name is None:
        return Site(place.text, place.country, None, None, None, None)
    lat, lon = (None, None) if best.lat is None or best.lon is None else (round(best.lat, 2), round(best.lon, 2))
    return Site(best.name, best.country, best.admin1, best.precision, lat, lon)


_ORDER: dict[str | None, int] = {"point": 0, "city": 1, "admin1": 2, "region": 3, "country": 4, None: 5}


def _finer(m: PlaceMention, best: PlaceMention | None) -> bool:
    return best is None or _ORDER[m.precision] < _ORDER[best.precision]


def exact(s: Site) -> bool:
    """Whether it is a town or a point with coordinates."""
    return s.precision in _EXACT and s.lat is not None


def apart(a: Site, b: Site) -> float | None:
    """Kilometres between two towns, None where one is no town or is not known."""
    if a.lat is None or a.lon is None or b.lat is None or b.lon is None or not (exact(a) and exact(b)):
        return None
    return km(a.lat, a.lon, b.lat, b.lon)


def same(a: Site, b: Site) -> bool:
    """Whether both have one name."""
    return a.name == b.name or fold(a.name) == fold(b.name)


def within(a: Site, b: Site) -> bool:
    """Whether one lies in the other, or both are one."""
    if same(a, b) and a.country == b.country:
        return True
    for inner, outer in ((a, b), (b, a)):
        if inner.country is not None and inner.country == outer.country:
            if outer.precision == "country":
                return True
            if outer.precision == "admin1" and inner.admin1 in (outer.name, outer.admin1):
                return True
    return False
