"""Which of its namesakes a name means: by what stands beside it, by the document's other places, by size."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import cos, hypot, radians

from dragoman.places.fold import fold
from dragoman.places.gazetteer import Gazetteer, Place
from dragoman.places.scan import Candidate, Word

# Log10 of inhabitants, so 1.0 is a tenfold: a named country outweighs a namesake thirty times as large.
_NAMED = 1.5
_HINTED = 2.0
_DIVISION = 1.5
# Capitals stand for their governments in the news ("Washington said"); those of a few streets hardly do.
_CAPITAL = 2.5
_SMALL_CAPITAL = 1.0
# A state is what its name means, "Georgia" among other American states excepted.
_ITSELF = 2.0
# How far ahead the best must be where the text says nothing for it: five times the people, three for cities
# of a million.
_MARGIN = 0.7
_GREAT_MARGIN = 0.5
_TOLD_MARGIN = 0.2  # where the text speaks for the best alone
_KNOWN = 200_000
_SMALL = 15_000
_TOWN = 50_000
_NEAR_KM = 250.0
_CLOSE = 0.7
_MOST_POINTS = 50
# A division's seat holds more than a twelfth of the people of its towns: Kandahar and New York, not Quebec.
_SEAT = 12
# Where a town is written with its state after a comma.
_TOWN_AND_STATE = frozenset(("USA", "CAN", "AUS"))
# A report that names the first is often set in the second without naming it.
_BESIDE = {"ISR": "PSE"}


@dataclass(slots=True)
class Support:
    """What a document says of where it is: countries and divisions named, and points that are sure."""

    countries: dict[str, dict[str, float]] = field(default_factory=dict)
    divisions: dict[str, dict[str, set[str]]] = field(default_factory=dict)
    points: dict[str, dict[str, tuple[float, float]]] = field(default_factory=dict)

    def put(self, place: Place, by: str, *, point: bool) -> None:
        """Count ``place``, which the words ``by`` name beyond doubt, as one that its neighbours lie near."""
        if place.country is None or place.kind == "country":
            return
        if place.admin1:
            self.divisions.setdefault(place.country, {}).setdefault(place.admin1, set()).add(by)
        points = self.points.setdefault(place.country, {})
        if point and len(points) < _MOST_POINTS:
            points[by] = (place.lat, place.lon)

    def near(self, p: Place, but: str) -> float:
        """What the divisions and points that other words than ``but`` name say for ``p``."""
        named = self.divisions.get(p.country or "", {})
        if p.kind == "admin1":
            sisters = sum(1 for name, by in named.items() if name != p.admin1 and by != {but})
            return _DIVISION * min(0.5 + 0.5 * sisters, 1.5) if sisters else 0.0
        if p.admin1 and named.get(p.admin1, set()) - {but}:
            return _DIVISION
        for by, (lat, lon) in self.points.get(p.country or "", {}).items():
            if by != but and km(p.lat, p.lon, lat, lon) < _NEAR_KM:
                return _CLOSE
        return 0.0

    def add(self, country: str | None, much: float, by: str) -> None:
        """Count ``country`` as named by the words ``by``."""
        if country:
            self.countries.setdefault(country, {})[by] = much

    def of(self, country: str | None, but: str) -> float:
        """How strongly the text names ``country`` by other words than ``but``."""
        said = self.countries.get(country or "")
        return max((much for by, much in said.items() if by != but), default=0.0) if said else 0.0


def km(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Kilometres between two points in degrees, flat-earth: within 1 % at the distances compared here."""
    east = (lon1 - lon2 + 180) % 360 - 180
    return 111.2 * hypot(lat1 - lat2, east * cos(radians((lat1 + lat2) / 2)))


def choose(tokens: Sequence[Word], found: list[Candidate], hints: Sequence[str], names: Gazetteer) -> None:
    """Give each candidate its place and the reason, or the reason for none; same name, same place."""
    support = _support(tokens, found, hints, names)
    _contained(tokens, found)
    fixed: dict[str, Candidate] = {}
    weighed: dict[tuple[str, bool, bool], tuple[Place | None, str, float]] = {}
    for c in found:
        if c.choice is not None:
            fixed.setdefault(c.key, c)
            support.add(c.choice.country, _NAMED, c.key)
            support.put(c.choice, c.key, point=False)
    for c in found:
        if c.entry is None or c.choice is not None or c.refused:
            continue
        if c.key in fixed and not (c.as_division or c.as_town):
            c.choice, c.why = fixed[c.key].choice, f"as where {fixed[c.key].why}"
            c.evidence += 2.0
            continue
        same = (c.key, c.as_division, c.as_town)
        if same not in weighed:
            weighed[same] = _weigh(c, support)
        c.choice, c.why, more = weighed[same]
        c.evidence += more


def _support(tokens: Sequence[Word], found: list[Candidate], hints: Sequence[str], names: Gazetteer) -> Support:
    support = Support()
    for hint in hints:
        support.add(hint, _HINTED, "")
    for i, word in enumerate(tokens):
        if word.upper:
            code = names.demonyms.get(fold(word.text))
            if i and word.gap == " " and tokens[i - 1].upper:
                code = names.demonyms.get(fold(f"{tokens[i - 1].text} {word.text}"), code)
            support.add(code, _NAMED, word.low)
    for c in found:
        if c.entry is None:
            continue
        places = c.entry.places
        sure = places[0]
        if sure.kind == "country" and len(places) > 1 and places[1].people > 1_000_000:
            # "Georgia" says which country it is only once the rest of the text has spoken.
            continue
        if sure.kind == "country" or (len(places) == 1 and sure.kind in ("admin1", "region", "point")):
            support.add(sure.country, _NAMED, c.key)
        elif sure.people >= 500_000 and all(p.country == sure.country or p.people * 20 < sure.people for p in places):
            support.add(sure.country, 1.0, c.key)
        else:
            continue
        support.put(sure, c.key, point=True)
    for one, two in _BESIDE.items():
        if one in support.countries:
            support.add(two, 1.2, "beside")
    return support


def _contained(tokens: Sequence[Word], found: list[Candidate]) -> None:
    """ "Bama, Nigeria", "Springfield (Illinois)", "Bama in Borno state": the second settles the first."""
    for a, b in reversed(list(pairwise(found))):
        if a.entry is None or b.entry is None:
            continue
        gap = tokens[b.first].gap
        words = b.first - a.last - 1
        tight = words == 0 and gap in (", ", " (", " ")
        loose = 0 < words <= 6 and all(
            not t.upper and (t.gap == " " or (k == 0 and t.gap == ", "))
            for k, t in enumerate(tokens[a.last + 1 : b.first])
        )
        loose = loose and any(t.low in ("in", "of") for t in tokens[a.last + 1 : b.first])
        if not (tight or loose):
            continue
        pairs = _pairs(a, b)
        if tight and not pairs and gap == ", " and _elsewhere(tokens, a, b):
            a.why = f"told to lie in {b.entry.places[0].name}, where the gazetteer has no such place"
            a.refused = True
            a.evidence += 2.5
        if tight and pairs:
            inner, outer = pairs[0]
            if inner.kind == "admin1" and not a.as_division:
                inner = _namesake(inner, a.entry.places) or inner
            if inner.people < 500 and a.entry.flags and a.evidence < 0:
                continue
            a.choice, a.why, a.needs_outer = inner, f"it stands beside {outer.name}", False
            a.evidence += 3.0
            if b.choice is None and outer.kind in ("country", "admin1"):
                b.choice, b.why = outer, f"{inner.name} before it lies there"
                b.evidence += 1.0
        elif loose and pairs and a.evidence > 0:
            a.choice, a.why = pairs[0][0], f"it is told to lie in {pairs[0][1].name}"
            a.evidence += 1.5


def _elsewhere(tokens: Sequence[Word], a: Candidate, b: Candidate) -> bool:
    """Whether "a, b" says where ``a`` lies, as American papers do ("Cairo, Illinois"), and is no list."""
    assert a.entry is not None
    assert b.entry is not None
    outer = b.entry.places[0]
    if outer.kind != "admin1" or outer.country not in _TOWN_AND_STATE:
        return False
    if any(p.people * 10 > outer.people for p in b.entry.places[1:]):
        return False
    if a.entry.places[0].kind == "country" or not any(p.kind in ("city", "capital") for p in a.entry.places):
        return False
    listed = tokens[a.first].gap == ", "
    after = tokens[b.last + 1] if b.last + 1 < len(tokens) else None
    return not listed and (after is None or after.opens or (after.gap == ", " and not after.upper))


def _pairs(a: Candidate, b: Candidate) -> list[tuple[Place, Place]]:
    """Readings of two neighbouring names in which the first lies in the second, largest first."""
    assert a.entry is not None
    assert b.entry is not None
    out = []
    outers = [b.choice] if b.choice else b.entry.places
    for inner in a.entry.places:
        if inner.kind in ("country", "sea") or inner.country is None:
            continue
        if a.entry.places[0].kind == "country" and inner.people < 2_000_000 and b.entry.places[0].kind != "admin1":
            # "Chad, Niger, Nigeria" is a list of states.
            continue
        for outer in outers:
            if inner == outer or outer.country != inner.country:
                continue
            within = outer.kind == "country" or (
                outer.kind == "admin1" and (inner.kind != "admin1" and _same(inner.admin1, outer.admin1))
            )
            within = within or (
                outer.kind in ("region", "district")
                and inner.kind in ("city", "capital", "district")
                and km(inner.lat, inner.lon, outer.lat, outer.lon) < 400
            )
            if within:
                out.append((inner, outer))
    return sorted(out, key=lambda p: (p[1].kind != "country", -_size(p[0], a)))[:1] if out else []


def _same(one: str | None, two: str | None) -> bool:
    return one is not None and two is not None and (one == two or fold(one) == fold(two))


def _size(p: Place, c: Candidate) -> float:
    """How likely ``p`` is by itself: people, capitals, and whether the text calls it a town or a province."""
    size = math.log10(p.people + 300)
    town = p.kind in ("city", "capital")
    if c.as_division:
        size += 2.0 if p.kind in ("admin1", "district") else 0.0
    elif c.as_town:
        size += 2.0 if town else 0.0
    return size


def _namesake(division: Place, places: Sequence[Place]) -> Place | None:
    """The city that ``division`` is named after, which is what the bare name means; a hamlet is not."""
    for p in places:
        inside = p.country == division.country and _same(p.admin1, division.admin1)
        # "Oklahoma" is not Oklahoma City, yet "New York" is New York City.
        seat = 4 if p.name.endswith(" City") else _SEAT
        if inside and p.kind in ("city", "capital") and p.people * seat > division.people:
            return p
    return None


def _weigh(c: Candidate, support: Support) -> tuple[Place | None, str, float]:
    """Choose among the namesakes of ``c``, or refuse: the place, why, and more evidence that it is one."""
    assert c.entry is not None
    scored = []
    # Lebanon's Tripoli in a report about Lebanon, yet not Ontario's London in one about Canada.
    local = max(
        (p.people for p in c.entry.places if p.kind == "city" and support.of(p.country, c.key) >= _NAMED),
        default=0,
    )
    for p in c.entry.places:
        named = support.of(p.country, c.key) if p.kind != "country" else _ITSELF
        also = support.near(p, c.key)
        if p.kind == "capital" and not c.as_division and (named >= _NAMED or local * 10 < p.people):
            named_as = _CAPITAL if p.people >= 100_000 else _SMALL_CAPITAL
        else:
            named_as = 0.0
        scored.append((_size(p, c) + named_as + named + also, named + also, p))
    scored.sort(key=lambda s: -s[0])
    score, helped, best = scored[0]
    if best.kind == "admin1" and not c.as_division:
        best = _namesake(best, c.entry.places) or best
    rival = next((s for s in scored[1:] if s[2].country != best.country), None)
    more = 0.0
    if best.people >= _KNOWN:
        more += 1.0 if best.people < 1_000_000 else 2.0
    elif best.people >= _TOWN and not c.entry.flags:
        more += 0.9
    elif best.people < _SMALL:
        more -= 0.7
    if helped >= 1.0:
        more += 1.2
    if best.country is None:
        return best, "it lies in several states or in none", more
    great = best.kind in ("city", "capital") and best.people >= 1_000_000
    ahead = score - rival[0] if rival is not None else 0.0
    enough = _GREAT_MARGIN if great else _MARGIN
    if rival is not None and helped > rival[1]:
        enough = _TOLD_MARGIN
    if rival is not None and best.kind != "country" and ahead < enough:
        why = f"ambiguous: {best.country} or {rival[2].country}, and nothing in the text to tell"
        return None, why, more
    if best.people < _SMALL and helped < 1.0 and best.kind in ("city", "district"):
        known = "which the text does not name" if support.countries else "and nothing in the text to tell"
        return None, f"a small place in {best.country}, {known}", more
    if best.kind == "country":
        return best, "a state's name", more
    if helped >= 1.0:
        return best, f"the text names {best.country} or places near it", more
    if len(scored) == 1:
        return best, "no other place of the name", more
    return best, "the largest place of the name by far", more
