"""The names of the world's places: a compact file, one search a name, nothing loaded before it is used.

Cities and divisions are GeoNames' (CC BY 4.0), built by ``tools/build_places.py``, which describes the
layout; countries, seas and world regions are the tables ``countries.tsv`` and ``regions.tsv`` beside it.
"""

from __future__ import annotations

import gzip
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

from dragoman.places.fold import fold


class Place(NamedTuple):
    """One place. ``kind`` is country, admin1, district, capital, city, point, region or sea.

    ``country`` is the codebook's code, None across several states; ``admin1`` the name of the first-level
    division, None where it has none; ``people`` inhabitants, to the hundred, 0 where unknown.
    """

    kind: str
    name: str
    country: str | None
    admin1: str | None
    lat: float
    lon: float
    people: int


class Entry(NamedTuple):
    """What a name may mean. ``flags``: ``w`` English word, ``f`` first name, ``l`` surname, ``A`` acronym."""

    flags: str
    places: tuple[Place, ...]


KINDS = {"a": "admin1", "b": "district", "c": "city", "C": "capital"}
# Own rows carry no population; these stand for it when namesakes compete.
_WEIGHT = {"country": 100_000_000, "region": 20_000_000, "sea": 20_000_000, "admin1": 3_000_000}


@dataclass(frozen=True)
class Gazetteer:
    lines: list[str]
    divisions: dict[str, str]
    states: dict[str, str]
    own: dict[str, Entry]
    beginnings: frozenset[str]
    demonyms: dict[str, str]
    first_names: frozenset[str]
    country_names: dict[str, str]

    def entry(self, key: str) -> Entry | None:
        """The places that ``key`` (folded) may mean, most likely first, or None."""
        return _entry(self, key)

    def begins(self, key: str) -> bool:
        """Whether a longer name starts with the words of ``key``."""
        if key in self.beginnings:
            return True
        i = bisect_left(self.lines, key + " ")
        return i < len(self.lines) and self.lines[i].startswith(key + " ")

    def towns(self) -> Iterator[Place]:
        """Every town and city, once."""
        for line in self.lines:
            key, _flags, *fields = line.split("\t")
            yield from self._places(key, [f for f in fields if f[0] in "cC"])

    def __hash__(self) -> int:
        return id(self)

    def _row(self, key: str) -> list[str] | None:
        i = bisect_left(self.lines, key + "\t")
        if i < len(self.lines) and self.lines[i].startswith(key + "\t"):
            return self.lines[i].split("\t")
        return None

    def _places(self, key: str, fields: list[str]) -> list[Place]:
        out = []
        for field in fields:
            home, mark, want = key, field, None
            if field.startswith("="):
                home, *want = field[1:].split("|")
                row = self._row(home) or []
                mark = next((f for f in row[2:] if _is(f, want)), "")
                if not mark:
                    continue
            kind, two, division, lat, lon, people, name = mark.split("|")
            admin1 = self.divisions.get(f"{two}.{division}")
            shown = name or home.title()
            at = int(lat) / 100, int(lon) / 100
            out.append(Place(KINDS[kind], shown, self.states[two], admin1, *at, int(people) * 100))
        return out


def _is(field: str, want: list[str]) -> bool:
    parts = field.split("|")
    return len(parts) == 7 and parts[1] == want[0] and parts[0] == want[1] and parts[3] == want[2]


@lru_cache(maxsize=16384)
def _entry(gazetteer: Gazetteer, key: str) -> Entry | None:
    own = gazetteer.own.get(key)
    row = gazetteer._row(key)
    if row is None:
        return own
    places = gazetteer._places(key, row[2:])
    flags = row[1]
    if own is not None:
        flags += own.flags
        places = _merged(own.places, places)
    return Entry(flags, tuple(places)) if places else None


def _merged(own: tuple[Place, ...], places: list[Place]) -> list[Place]:
    """Our rows, then GeoNames'; one place in both keeps GeoNames' division and our point.

    A division or town named like the state that it lies in (Mexico, Panama, Kuwait) is left out.
    """
    out = []
    states = {p.country for p in own if p.kind == "country"}
    rest = [p for p in places if p.country not in states]
    for p in own:
        same = next((q for q in rest if q.country == p.country and _alike(p.kind, q.kind)), None)
        if same is not None:
            rest.remove(same)
            people = max(p.people, same.people) if p.kind == "city" else same.people
            p = same._replace(lat=p.lat, lon=p.lon, people=people)
        out.append(p)
    return out + rest


def _alike(one: str, two: str) -> bool:
    return one == two or {one, two} == {"city", "capital"}


def _rows(name: str) -> list[list[str]]:
    text = files("dragoman.places").joinpath(f"data/{name}").read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]


def is_acronym(name: str) -> bool:
    """Whether ``name`` counts only in capitals ("US", "DRC", "U.S."): "us" and "car" are words."""
    letters = name.replace(".", "")
    return len(letters) <= 4 and letters.isupper()


@lru_cache(maxsize=1)
def load() -> Gazetteer:
    """The gazetteer, read on first use and kept."""
    packed = files("dragoman.places").joinpath("data/gazetteer.tsv.gz").read_bytes()
    first, second, third, fourth = gzip.decompress(packed).decode().split("\n\n")
    own: dict[str, list[Place]] = {}
    flags: dict[str, str] = {}
    demonyms: dict[str, str] = {}
    country_names: dict[str, str] = {}

    def add(names: str, place: Place) -> None:
        for name in names.split("|"):
            key = fold(name)
            key = key.removeprefix("the ")
            if place not in own.setdefault(key, []):
                own[key].append(place)
            if is_acronym(name):
                flags[key] = "A"

    for code, lat, lon, names, people in _rows("countries.tsv"):
        name = names.split("|")[0]
        country_names[code] = name
        add(names, Place("country", name, code, None, float(lat), float(lon), _WEIGHT["country"]))
        for word in people.split("|"):
            if word:
                demonyms.setdefault(fold(word), code)
    for names, code, kind, lat, lon in _rows("regions.tsv"):
        name = names.split("|")[0]
        state = None if code == "-" else code
        admin1 = name if kind == "admin1" else None
        weight = _WEIGHT.get(kind, 1_000_000)
        add(names, Place(kind, name, state, admin1, float(lat), float(lon), weight))
    beginnings = {" ".join(w[:n]) for w in map(str.split, own) for n in range(1, len(w))}
    return Gazetteer(
        lines=third.split("\n"),
        divisions=dict(line.split("\t") for line in first.split("\n")),
        states=dict(line.split("\t") for line in second.split("\n")),
        own={key: Entry(flags.get(key, ""), tuple(places)) for key, places in own.items()},
        beginnings=frozenset(beginnings),
        demonyms=demonyms,
        first_names=frozenset(fourth.split("\n")),
        country_names=country_names,
    )


@lru_cache(maxsize=1)
def abbreviations() -> dict[str, Place]:
    """The division that a short form stands for where it follows a town: "TX", "Calif"."""
    out: dict[str, Place] = {}
    for forms, code, name in _rows("abbreviations.tsv"):
        entry = load().entry(fold(name))
        place = next((p for p in entry.places if (p.kind, p.country) == ("admin1", code)), None) if entry else None
        if place is not None:
            out.update(dict.fromkeys(forms.split("|"), place))
    return out
