"""Groups and persons by the names that reports give them: who is told of most, and one of them in full."""

from __future__ import annotations

import heapq
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection

from dragoman import codebook
from dragoman.ledger import facets
from dragoman.ledger.aggregate import interval
from dragoman.ledger.asking.arming import Arms, arms_among, may_arm
from dragoman.ledger.asking.clauses import selections
from dragoman.ledger.asking.countries import country_code
from dragoman.ledger.asking.filters import Filters
from dragoman.ledger.asking.meant import Owner, is_common, meant, name_stems, owner, spellings
from dragoman.ledger.asking.periods import By, period
from dragoman.ledger.asking.profile import Counterpart, Side
from dragoman.ledger.asking.reach import rows
from dragoman.ledger.asking.tallies import Tally
from dragoman.ledger.model import LedgerEvent, Party
from dragoman.ledger.store import Store
from dragoman.ledger.words import BadQuestion
from dragoman.record import Entity, Json

# The latest events of a name that are read: with their parties, some 40 ms.
MOST = 1_000
# Events that the index of names looks through, and forms of names in them that are told apart: reading and telling
# apart take about 50 ms each.
LATEST = 2_500
_FORMS = 600
_SPELLINGS = 8
_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Name:
    """Somebody with a name: how many of the latest events name them, and with which codes most often."""

    name: str
    country: str | None
    sector: str | None
    events: int
    forms: tuple[str, ...]

    def to_dict(self) -> Json:
        row: Json = {name: getattr(self, name) for name in self.__slots__}
        return {**row, "forms": list(self.forms)}


@dataclass(frozen=True, slots=True)
class Names:
    """The names of the latest ``read`` events, the most frequent first; ``complete`` where there are no older ones."""

    names: tuple[Name, ...]
    read: int
    complete: bool

    def to_dict(self) -> Json:
        return {"names": [one.to_dict() for one in self.names], "read": self.read, "complete": self.complete}


@dataclass(frozen=True, slots=True)
class Coded:
    """Codes that a name is given in a year: by how many events."""

    year: str
    country: str | None
    sector: str | None
    events: int

    def to_dict(self) -> Json:
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Named:
    """One group or person as the reports name them.

    ``name`` is the register's where it knows them (``known``), else the name asked for. ``forms`` are the words of the
    reports with the events that have them, the most frequent first; ``codes`` the countries and sectors given, by year.
    ``out`` and ``into`` count as a country's :class:`Side` does. ``acting`` and ``acted`` are the latest events on
    either side, ``told`` those of most independent sources, ``denied`` those that they, or others of their country,
    deny. All is of the latest ``read`` events; ``complete`` where there are no older ones.
    """

    name: str
    known: Owner | None
    by: By
    forms: tuple[tuple[str, int], ...]
    codes: tuple[Coded, ...]
    out: Side
    into: Side
    arms: Arms
    acting: tuple[LedgerEvent, ...]
    acted: tuple[LedgerEvent, ...]
    told: tuple[LedgerEvent, ...]
    denied: tuple[LedgerEvent, ...]
    read: int
    complete: bool

    def to_dict(self) -> Json:
        lists = {
            key: [event.to_dict() for event in getattr(self, key)] for key in ("acting", "acted", "told", "denied")
        }
        known = self.known
        return {
            "name": self.name,
            "known": known and {"name": known.name, "kind": known.kind, "roles": [dict(role) for role in known.roles]},
            "by": self.by,
            "forms": [{"text": text, "events": events} for text, events in self.forms],
            "codes": [code.to_dict() for code in self.codes],
            "out": self.out.to_dict(),
            "into": self.into.to_dict(),
            "arms": self.arms.to_dict(),
            **lists,
            "read": self.read,
            "complete": self.complete,
        }


def names(store: Store, filters: Filters | None = None, *, latest: int = LATEST) -> Names:
    """The groups and persons that the latest events name most often.

    Forms of one name count together where the register owns them all, or where they are one bare name with one code.
    Pronouns, common nouns and states are no names; forms that come very rarely are left out.

    Raises LedgerError when the ledger cannot be read.
    """
    forms: Counter[tuple[str, str | None, str | None]] = Counter()
    read = 0
    with store.reading() as connection:
        chosen = selections(connection, filters or Filters())
        for row in rows(connection, chosen, "d.data AS data", limit=latest + 1):
            read += 1
            if read > latest:
                break
            data = json.loads(row.data)
            parties = [*data["actor"], *data["recipient"]]
            forms.update({(p["text"], p["country"], p["sector"]) for p in parties if p["text"]})
    found: dict[tuple[str, str | None], dict[tuple[str, str | None], int]] = {}
    for (text, country, sector), events in heapq.nsmallest(_FORMS, forms.items(), key=lambda item: _by_count(item)):
        known = meant(text, country)
        if known.kind == "name":
            own = found.setdefault((known.identity or known.name, country), {})
            own[text, sector] = own.get((text, sector), 0) + events
    listed = [_name(name, country, own) for (name, country), own in found.items()]
    listed.sort(key=lambda one: (-one.events, one.name, one.country or ""))
    return Names(tuple(listed), min(read, latest), read <= latest)


def _by_count(item: tuple[tuple[str, str | None, str | None], int]) -> tuple[Any, ...]:
    (text, country, sector), events = item
    return -events, text, country or "", sector or ""


def _name(name: str, country: str | None, own: dict[tuple[str, str | None], int]) -> Name:
    sectors: Counter[str | None] = Counter()
    texts: Counter[str] = Counter()
    for (text, sector), events in own.items():
        sectors[sector] += events
        texts[text] += events
    ordered = sorted(texts, key=lambda text: (-texts[text], text))
    sector = min(sectors, key=lambda one: (-sectors[one], one or "~"))
    return Name(name, country, sector, sum(own.values()), tuple(ordered[:_SHOWN]))


def named(
    store: Store,
    name: str,
    filters: Filters | None = None,
    *,
    country: str | None = None,
    by: By = "month",
    most: int = MOST,
) -> Named:
    """One group or person by a name, in any of its forms where the register knows them, else by all words of the name.

    Args:
        store: the ledger's storage.
        name: what reports call them.
        filters: which events, save by the names of parties.
        country: only parties that are coded with this country: a code, name or adjective.
        by: month, quarter or year, for the series.
        most: the latest events that are read.

    Raises:
        BadQuestion: for a name without a word to look for, a country that there is none of, or a wrong filter.
        LedgerError: when the ledger cannot be read.
    """
    if not name_stems(name):
        raise BadQuestion(f"{name!r} holds no word to look for: give a name")
    code = country_code(country) if country else None
    known = owner(name)
    if known is not None and code is not None and known.country != code:
        known = None
    forms = (spellings(name) if known else [name])[:_SPELLINGS]
    is_own = _test(name, forms, code, known)
    with store.reading() as connection:
        events = list(_read(connection, replace(filters or Filters(), party=code or ()), forms, most + 1))
    complete = len(events) <= most
    told = [(event, *_sides(event, is_own)) for event in events[:most]]
    told = [one for one in told if one[1] or one[2]]
    texts: Counter[str] = Counter()
    codes: Counter[tuple[str, str | None, str | None]] = Counter()
    for event, acting, acted in told:
        texts.update({p.text for p in (*acting, *acted)})
        codes.update({((event.day or "")[:4], p.country, p.sector) for p in (*acting, *acted)})
    read = [event for event, _, _ in told]
    own_countries = {p.country for _, acting, acted in told for p in (*acting, *acted)} - {None}
    arming = [event.id for event in read if may_arm(event.type) and event.factuality == "actual"]
    return Named(
        known.name if known else " ".join(name.split()),
        known,
        by,
        tuple(sorted(texts.items(), key=lambda item: (-item[1], item[0]))),
        tuple(Coded(*key, n) for key, n in sorted(codes.items(), key=lambda i: (i[0][0], -i[1], str(i[0])))),
        _side(((e, _towards(e, acting)) for e, acting, _ in told if acting), by),
        _side(((e, _from(e, acted)) for e, _, acted in told if acted), by),
        arms_among(store, arming, lambda one: is_own(Party(one.text, one.country, one.sector))),
        tuple(e for e, acting, _ in told if acting)[:_SHOWN],
        tuple(e for e, _, acted in told if acted)[:_SHOWN],
        tuple(sorted((e for e in read if e.sources > 1), key=lambda e: -e.sources)[:_SHOWN]),
        tuple(
            e for e, acting, _ in told if acting and any(is_own(p) or (p.country in own_countries) for p in e.denials)
        )[:_SHOWN],
        len(read),
        complete,
    )


def _test(
    name: str, forms: Sequence[str], country: str | None, known: Owner | None
) -> Callable[[Party | Entity], bool]:
    wanted = [name_stems(form) for form in forms]
    common = is_common(name)
    told: dict[tuple[str, str | None], bool] = {}

    def is_own(party: Party | Entity) -> bool:
        key = party.text, party.country
        if key not in told:
            told[key] = is_meant(*key)
        return told[key]

    def is_meant(text: str, code: str | None) -> bool:
        # The words first: to tell names from nouns takes a hundred times as long.
        own = name_stems(text)
        if (country is not None and code != country) or not any(words <= own for words in wanted):
            return False
        if known is not None:
            return meant(text, code).identity == known.name
        # "President Bola Adeyinka" is no name of "the president".
        return not common or meant(text, code).kind != "name"

    return is_own


def _read(connection: Connection, filters: Filters, forms: Sequence[str], most: int) -> Iterator[LedgerEvent]:
    """The latest events of any of the forms, each once, the latest first."""
    numbered: dict[int, str] = {}
    for form in forms:
        chosen = selections(connection, replace(filters, party_name=form))
        numbered |= {row.nr: row.data for row in rows(connection, chosen, "{nr} AS nr, d.data AS data", limit=most)}
    for nr in sorted(numbered, reverse=True)[:most]:
        yield LedgerEvent.from_dict(json.loads(numbered[nr]))


def _sides(event: LedgerEvent, is_own: Callable[[Party], bool]) -> tuple[list[Party], list[Party]]:
    acting = [p for p in event.actor if is_own(p)]
    acted = acting if facets.is_mutual(event) else [p for p in event.recipient if is_own(p)]
    return acting, acted


def _towards(event: LedgerEvent, own: Sequence[Party]) -> list[Party]:
    return [p for p in (event.actor if facets.is_mutual(event) else event.recipient) if p not in own]


def _from(event: LedgerEvent, own: Sequence[Party]) -> list[Party]:
    return [p for p in event.actor if p not in own]


def _side(events: Iterable[tuple[LedgerEvent, list[Party]]], by: By) -> Side:
    types: Counter[str] = Counter()
    others: dict[str, Counter[tuple[str | None, str]]] = {}
    sums: dict[str, list[float]] = {}
    for event, towards in events:
        if event.factuality != "actual" or event.state == "retracted":
            continue
        types[event.type] += 1
        keys = {(p.country, "" if p.country else meant(p.text, None).name) for p in towards}
        others.setdefault(event.type, Counter()).update(keys)
        day = "" if event.date is None and event.historical else event.day or ""
        until = max(day, interval(event.date)[1]) if event.date else day
        when = period(day, until, by)
        if when is not None:
            summed = sums.setdefault(when, [0.0] * 9)
            summed[0] += 1
            summed[1] += event.reports
            if event.score is not None:
                summed[2] += 1
                summed[3] += event.score
            summed[3 + codebook.TYPES[event.type].quad] += 1
            summed[8] += event.date is None
    return Side(
        dict(sorted(types.items(), key=lambda item: (-item[1], item[0]))),
        {
            name: tuple(
                Counterpart(*key, n)
                for key, n in sorted(counted.items(), key=lambda i: (-i[1], i[0][0] or "~", i[0][1]))
            )
            for name, counted in sorted(others.items())
        },
        tuple(_tally(when, summed) for when, summed in sorted(sums.items())),
    )


def _tally(when: str, summed: Sequence[float]) -> Tally:
    mean = round(summed[3] / summed[2], 6) if summed[2] else None
    whole = [int(n) for n in summed]
    counts = (whole[4], whole[5], whole[6], whole[7], whole[8])
    return Tally(None, None, None, when, whole[0], whole[1], whole[2], mean, *counts)
