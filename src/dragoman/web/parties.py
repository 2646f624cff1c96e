"""Parties as pages show them: whose page a party's words lead to."""

from __future__ import annotations

from urllib.parse import quote

from dragoman import codebook
from dragoman.ledger.asking import Meant, meant
from dragoman.ledger.asking.meant import name_stems
from dragoman.ledger.model import Party
from dragoman.record import Entity
from dragoman.web.asked import address

# A longer text is no name, and its address would be longer than some servers take.
_LONGEST = 160


def meaning(party: Party | Entity) -> Meant:
    """Whom a party's words mean."""
    return meant(party.text, party.country)


def actor_address(party: Party | Entity) -> str:
    """The page of a party: of its country where its words stand for the country itself or are a pronoun, else of the
    group or person that is so named. A common noun leads to those of its country who are so called. Empty where there
    is nothing to lead to."""
    who = meaning(party)
    if who.kind in ("state", "pronoun"):
        return country_address(party.country)
    name = who.name if len(who.name) <= _LONGEST else ""
    if not name_stems(name):
        return country_address(party.country)
    return address("/actors/named", name=name, country=party.country if who.kind == "noun" else None)


def country_address(code: str | None) -> str:
    """The page of a country or international body, empty where the codebook has none of that code."""
    return f"/actors/{quote(code, safe='')}" if code and code in codebook.COUNTRIES else ""
