"""Places: the toponyms of a text with country, first-level division, coordinates and how precise they are.

Works alone on plain text::

    >>> from dragoman.places import find, resolve
    >>> [(m.text, m.country, m.precision) for m in find("Shells fell on Bakhmut, Ukraine, on Sunday.")]
    [('Bakhmut', 'UKR', 'city'), ('Ukraine', 'UKR', 'country')]
    >>> resolve("the eastern province of Nangarhar").country
    'AFG'
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from dragoman.places.choose import choose
from dragoman.places.gazetteer import load
from dragoman.places.scan import Candidate, Word, scan
from dragoman.places.words import DIRECTIONS

__all__ = ["PlaceMention", "Precision", "find", "resolve"]

Precision = Literal["point", "city", "admin1", "country", "region"]

_PRECISION: dict[str, Precision] = {
    "country": "country",
    "admin1": "admin1",
    "district": "region",
    "region": "region",
    "sea": "region",
    "city": "city",
    "capital": "city",
    "point": "point",
}
# Set by thought, not by search: a preposition alone (2.0) suffices, a bare capital letter does not.
_ENOUGH = 0.9


@dataclass(frozen=True, slots=True)
class PlaceMention:
    """A place as a text names it: ``text`` is the words from ``start`` up to ``end`` (code points).

    ``name`` is its usual name and ``country`` the codebook's code (ISO 3166-1 alpha-3; dependencies take
    their state save HKG, PSE and ATA; XKX Kosovo). Both are None where the text does not settle which place
    is meant; ``country`` is None too for what lies in several states. ``admin1`` is the first-level division.
    ``lat`` and ``lon`` are degrees north and east: of the place itself only where ``precision`` is ``point``
    or ``city``, else the middle of an area, never to be drawn as a dot; None with a ``precision`` of None.
    ``reason`` says why this place, or why none.
    """

    start: int
    end: int
    text: str
    name: str | None
    country: str | None
    admin1: str | None
    lat: float | None
    lon: float | None
    precision: Precision | None
    reason: str


def find(text: str, *, hints: Sequence[str] = ()) -> list[PlaceMention]:
    """The places that ``text`` names, in order, without overlap.

    ``hints`` are country codes that the caller knows the text to be about; they weigh like countries named in
    it. Never raises on any string.
    """
    if not text:
        return []
    names = load()
    tokens, found = scan(text, names)
    if not found:
        return []
    choose(tokens, found, hints, names)
    return [_mention(text, tokens, c) for c in found if _kept(c)]


def _kept(c: Candidate) -> bool:
    if c.needs_outer:
        return False
    if c.choice is not None and c.choice.kind in ("country", "region", "sea", "point"):
        return True
    plain = c.entry is not None and "w" not in c.entry.flags
    if plain and c.choice is not None and c.choice.kind == "admin1" and c.choice.people > 2_000_000:
        return c.evidence > -1.5
    return c.evidence >= (_ENOUGH if c.choice is not None else 1.2)


def _mention(text: str, tokens: list[Word], c: Candidate) -> PlaceMention:
    words_ = text[c.start : c.end]
    if c.choice is None:
        reason = c.why or "the text calls it a place, and no gazetteer row has the name"
        return PlaceMention(c.start, c.end, words_, None, None, None, None, None, None, reason)
    p = c.choice
    reason = f"{p.name}: {c.why}"
    if c.first and tokens[c.first].gap in (" ", "-") and tokens[c.first - 1].low in DIRECTIONS:
        reason += f"; {tokens[c.first - 1].low} part"
    return PlaceMention(c.start, c.end, words_, p.name, p.country, p.admin1, p.lat, p.lon, _PRECISION[p.kind], reason)


_LEAD = re.compile(r"^\W*(?:(?:in|at|near|from|to|of|outside|around|inside|across|the|a|an)\s+)+", re.IGNORECASE)


def resolve(phrase: str, *, hints: Sequence[str] = ()) -> PlaceMention | None:
    """The place that one phrase names ("the town of Bama", "northern Syria"), or None if it names none.

    The most specific place of the phrase wins: the town in "Bama, Nigeria". A mention whose ``country`` is
    None is a place that the phrase and the ``hints`` leave open, with the reason.
    """
    return _resolve(phrase, tuple(hints))


@lru_cache(maxsize=4096)
def _resolve(phrase: str, hints: tuple[str, ...]) -> PlaceMention | None:
    # Spoken of as a place already, so that what a bare capital lacks in evidence is made up: the words
    # are read as if after "in".
    lead = _LEAD.match(phrase)
    skipped = lead.end() if lead else len(phrase) - len(phrase.lstrip())
    body = phrase[skipped:]
    if not body:
        return None
    prefix = "it was in "
    mentions = find(prefix + body, hints=hints)
    moved = [m for m in mentions if m.start >= len(prefix)]
    if not moved:
        return None
    order = {"point": 0, "city": 1, "region": 3, "admin1": 2, "country": 4, None: 2}
    best = min(moved, key=lambda m: (m.country is None, order[m.precision], m.start))
    shift = skipped - len(prefix)
    start, end = best.start + shift, best.end + shift
    return PlaceMention(
        start,
        end,
        phrase[start:end],
        best.name,
        best.country,
        best.admin1,
        best.lat,
        best.lon,
        best.precision,
        best.reason,
    )
