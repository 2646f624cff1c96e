"""Records as a ledger meets them and our stories do not tell them: worse coded, and of other events close by.

The stories lie years and continents apart, so that records of two of them hardly ever meet. In a real ledger every
record meets many others of its type, countries and week. Here a story is moved, in time and to other countries, to
where another is; what then meets tells of different events.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache

from dragoman.ledger.joining.profiling import Party, Profile, vector, vectors
from dragoman.ledger.joining.words import word
from dragoman.places.gazetteer import load

# How often a record as the coder makes it lacks what a reader would have put down, roughly as measured by
# ``python -m benchmarks.run`` on public reports.
UNDATED, PLACELESS, MODELESS = 0.35, 0.4, 0.3
NO_ACTOR, NO_RECIPIENT, NO_SOURCE = 0.2, 0.3, 0.5
MISTAKEN = 0.15


def noisy(p: Profile, chance: random.Random) -> Profile:
    """A record as it may come out of the coder."""
    actor = _known(p.actor, NO_ACTOR, p, chance)
    recipient = _known(p.recipient, NO_RECIPIENT, p, chance)
    source = _known(p.source, NO_SOURCE, p, chance)
    undated = p.date is not None and chance.random() < UNDATED
    return replace(
        p,
        actor=actor,
        recipient=recipient,
        source=source,
        date=None if undated else p.date,
        historical=p.historical and chance.random() < (0.5 if undated else 0.8),
        site=None if chance.random() < PLACELESS else p.site,
        mode=() if chance.random() < MODELESS else p.mode,
        alike=max(0, p.alike + chance.choice((-1, 0, 0, 1))),
        vectors=vectors(p.near, p.trigger, actor, recipient),
    )


def _known(parties: Sequence[Party], lost: float, p: Profile, chance: random.Random) -> tuple[Party, ...]:
    kept = [x for x in parties if chance.random() >= lost]
    return tuple(_mistaken(x, p, chance) for x in kept)


def _mistaken(x: Party, p: Profile, chance: random.Random) -> Party:
    if chance.random() < MISTAKEN:
        x = x._replace(country=chance.choice(p.setting.countries or (None,)))
    return x._replace(sector=None) if chance.random() < MISTAKEN else x


def countries(profiles: Sequence[Profile]) -> list[str]:
    """The countries that take part in a story, the most frequent first."""
    found = Counter(x.country for p in profiles for x in (*p.actor, *p.recipient) if x.country)
    return sorted(found, key=lambda c: (-found[c], c))


def months(date: str) -> int:
    """A date's month, counted from the year 0."""
    return int(date[:4]) * 12 + int(date[5:7]) - 1


def moved(p: Profile, later: int, to: Mapping[str, str]) -> Profile:
    """The record as if it had been ``later`` months later, between other countries, with their names in its words."""
    s = p.setting
    terms = _said(s.terms, to)
    setting = replace(
        s,
        published=_dated(s.published, later),
        terms=terms,
        names=_said(s.names, to),
        countries=tuple(to.get(c, c) for c in s.countries),
        vector=vector([(w, w.weight) for w in map(word, terms)]),
    )
    site = p.site
    if site is not None and site.country is not None and site.country in to:
        there = to[site.country]
        name = _names()[1].get(there, site.name) if site.precision == "country" else site.name
        site = site._replace(country=there, name=name)
    near = _said(p.near, to)
    actor, recipient = _parties(p.actor, to), _parties(p.recipient, to)
    return replace(
        p,
        setting=setting,
        date=_dated(p.date, later),
        actor=actor,
        recipient=recipient,
        source=_parties(p.source, to),
        site=site,
        near=near,
        words=_said(p.words, to),
        names=_said(p.names, to),
        vectors=vectors(near, p.trigger, actor, recipient),
    )


def _parties(parties: Sequence[Party], to: Mapping[str, str]) -> tuple[Party, ...]:
    return tuple(
        x._replace(country=to.get(x.country, x.country) if x.country else None, words=_said(x.words, to))
        for x in parties
    )


def _dated(date: str | None, later: int) -> str | None:
    if date is None:
        return None
    return "/".join(_one(part, later) for part in date.split("/"))


def _one(date: str, later: int) -> str:
    if len(date) == 4:
        return f"{int(date) + round(later / 12):04d}"
    month = months(date) + later
    # Every month has 28 days.
    day = f"-{min(int(date[8:10]), 28):02d}" if len(date) > 7 else ""
    return f"{month // 12:04d}-{month % 12 + 1:02d}{day}"


@cache
def _names() -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    """The country of each name of a country or a people in one word; and by country, the last word of either."""
    places = load()
    of = {w: c for w, c in places.demonyms.items() if " " not in w}
    for code, name in places.country_names.items():
        if " " not in name:
            of.setdefault(name.lower(), code)
    people: dict[str, str] = {}
    for w, code in places.demonyms.items():
        people.setdefault(code, w.split()[-1].title())
    return of, {code: name.split()[-1] for code, name in places.country_names.items()}, people


def _said(words: Sequence[str], to: Mapping[str, str]) -> tuple[str, ...]:
    of, names, people = _names()
    found = []
    for w in words:
        code = of.get(w.lower(), "")
        if code in to:
            table = names if w.lower() == names.get(code, "").lower() else people
            new = table.get(to[code], w)
            w = new if w[0].isupper() else new.lower()
        found.append(w)
    return tuple(dict.fromkeys(found))
