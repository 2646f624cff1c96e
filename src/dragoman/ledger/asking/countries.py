"""The country that a question names: a code, a name, or the adjective of its people."""

from __future__ import annotations

import difflib
from functools import lru_cache

from dragoman import codebook
from dragoman.actors.lookup import near, owners, owning
from dragoman.actors.register import load
from dragoman.actors.text import fold
from dragoman.ledger.words import BadQuestion

# What a name may stand for and mean the state by; "region" is "the West", which has a code of its own.
_STATES = ("country", "people", "capital", "seat", "region")


def country_code(name: str) -> str:
    """The code by which events know the country that ``name`` names.

    Takes codes (``MMR``), names (``Myanmar``, ``Burma``), peoples (``Burmese``), capitals and seats of government; a
    dependency is its state. Source: the codebook's countries, then the register of actors.

    Raises BadQuestion for any other word, with names near to it.
    """
    asked = " ".join(name.split())
    if code := known_country(asked):
        return code
    found = [one.entry for one in owners(load(), asked)]
    if found and found[0].country:
        raise BadQuestion(
            f"{asked!r} is no country but {found[0].name}, of {found[0].country}: ask for {found[0].country}, and for "
            f"{found[0].name} in the text"
        )
    raise BadQuestion(f"{asked!r} is no country" + _hint(asked))


def known_country(name: str) -> str | None:
    """The same as :func:`country_code`, and None for any other word."""
    asked = " ".join(name.split())
    known = codebook.COUNTRIES.get(asked.upper())
    if known is not None:
        return known.coded_as
    if code := _names().get(_key(asked)):
        return code
    for entry in owning(load(), asked):
        if entry.kind in _STATES and entry.country:
            return entry.country
        if entry.country and _names().get(_key(entry.name)) == entry.country:
            return entry.country
    return None


def _key(name: str) -> str:
    return fold(name).removeprefix("the ")


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    return {_key(country.name): country.coded_as for country in codebook.COUNTRIES.values()}


def _hint(asked: str) -> str:
    names = {_key(country.name): country.name for country in codebook.COUNTRIES.values()}
    close = [names[key] for key in difflib.get_close_matches(_key(asked), names, n=3, cutoff=0.7)]
    close = list(dict.fromkeys([*close, *near(load(), asked, limit=3)]))[:3]
    return f"; did you mean {' or '.join(close)}?" if close else "; dragoman codebook lists the codes"
