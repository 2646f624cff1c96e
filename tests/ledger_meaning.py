"""What filters mean, in other words than those of the code: one event at a time, no index. And filters by chance."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import strategies as st
from tests.ledger_samples import COUNTRIES, TYPES

from dragoman import codebook
from dragoman.ledger import words
from dragoman.ledger.aggregate import interval
from dragoman.ledger.asking import Filters
from dragoman.ledger.model import LedgerEvent, Party

NAMED = [code for code in COUNTRIES if code]
CALLED = ("Win", "the Osk Leagues", "official", "kyaw win", "nobody")
MUTUAL = ("AGREE", "ASSAULT", "CONSULT", "COOPERATE")


def last_day(e: LedgerEvent) -> str:
    return max(interval(e.date)[1], e.day or "") if e.date else e.day or ""


def pairs(e: LedgerEvent) -> set[tuple[str, str]]:
    if e.type in MUTUAL and not e.recipient and len(e.actor) > 1:
        return {(a.country or "", b.country or "") for a in e.actor for b in e.actor if a is not b}
    return {(a, b) for a in sides(e.actor) for b in sides(e.recipient)}


def sides(parties: tuple[Party, ...]) -> set[str]:
    return {p.country or "" for p in parties} or {""}


def acted_upon(e: LedgerEvent) -> tuple[Party, ...]:
    return e.actor if e.type in MUTUAL and not e.recipient and len(e.actor) > 1 else e.recipient


def holds(e: LedgerEvent, f: Filters) -> bool:
    def any_party(parties: tuple[Party, ...], countries: tuple[str, ...], sectors: tuple[str, ...]) -> bool:
        return any((not countries or p.country in countries) and (not sectors or p.sector in sectors) for p in parties)

    def called(name: str, parties: tuple[Party, ...]) -> bool:
        said = {stem for party in parties for stem in words.stems(party.text)}
        return all(stem in said for w in name.split() if w not in words.STOP for stem in words.stems(w))

    def says(phrase: list[str]) -> bool:
        return any(
            phrase == said[at : at + len(phrase)]
            for telling in e.tellings
            for said in [words.stems(telling.evidence[0])]
            for at in range(len(said))
        ) or any(phrase == words.stems(codebook.COUNTRIES[c].name) for c in mentioned)

    mentioned = {p.country for p in (*e.actor, *e.recipient) if p.country}
    if e.place and e.place.country:
        mentioned.add(e.place.country)
    actors, recipients, parties = f.values("actor"), f.values("recipient"), f.values("party")
    checks: list[bool] = [
        not f.type or e.type in f.type,
        not f.mode or bool(set(e.mode) & set(f.mode)),
        not f.context or bool(set(e.contexts) & set(f.context)),
        not actors or any_party(e.actor, actors, f.values("actor_sector")),
        not recipients or any_party(acted_upon(e), recipients, f.values("recipient_sector")),
        not (actors and recipients) or any((a, r) in pairs(e) for a in actors for r in recipients),
        not parties or any_party((*e.actor, *e.recipient), parties, ()),
        not f.actor_sector or any_party(e.actor, actors, f.values("actor_sector")),
        not f.recipient_sector or any_party(acted_upon(e), recipients, f.values("recipient_sector")),
        called(f.actor_name, e.actor),
        called(f.recipient_name, acted_upon(e)),
        called(f.party_name, (*e.actor, *e.recipient)),
        not f.claimed_by or any_party(e.claims, f.values("claimed_by"), ()),
        not f.denied_by or any_party(e.denials, f.values("denied_by"), ()),
        not f.place or (e.place is not None and e.place.country in f.values("place")),
        not f.factuality or e.factuality in f.factuality,
        not f.state or e.state in f.state,
        not f.since or bool(e.day and last_day(e) >= interval(f.since)[0]),
        not f.until or bool(e.day and e.day <= interval(f.until)[1]),
        not f.dated_only or e.date is not None,
        e.sources >= f.min_sources,
        f.min_confidence is None or (e.confidence is not None and e.confidence >= f.min_confidence),
        f.historical is None or e.historical == f.historical,
        not f.text or all(says(phrase) for phrase in words.asked(f.text)),
    ]
    return all(checks)


def some(values: Any) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.one_of(
        st.just(()), st.just(()), st.lists(st.sampled_from(list(values)), min_size=1, max_size=2).map(tuple)
    )


def maybe(strategy: st.SearchStrategy[Any], otherwise: Any = None) -> st.SearchStrategy[Any]:
    return st.one_of(st.just(otherwise), st.just(otherwise), strategy)


@st.composite
def days(draw: st.DrawFn) -> str:
    day = draw(st.dates(date(2020, 10, 1), date(2021, 9, 1))).isoformat()
    return day[: draw(st.sampled_from((4, 7, 10)))]


@st.composite
def filters(draw: st.DrawFn) -> Filters:
    since, until = draw(maybe(days())), draw(maybe(days()))
    if since and until and interval(since)[0] > interval(until)[1]:
        since, until = until, since
    return Filters(
        type=draw(some(TYPES)),
        mode=draw(some(("visit", "firearms", "aerial", "phone"))),
        context=draw(some(("economic", "diplomatic"))),
        actor=draw(some(NAMED)),
        recipient=draw(some(NAMED)),
        party=draw(some(NAMED)),
        actor_sector=draw(some(("GOV", "CVL"))),
        recipient_sector=draw(some(("MIL", "CVL"))),
        actor_name=draw(maybe(st.sampled_from(CALLED), "")),
        recipient_name=draw(maybe(st.sampled_from(CALLED), "")),
        party_name=draw(maybe(st.sampled_from(CALLED), "")),
        claimed_by=draw(maybe(st.sampled_from(NAMED), ())),
        denied_by=draw(maybe(st.sampled_from(NAMED), ())),
        place=draw(some(NAMED)),
        factuality=draw(some(("actual", "negated"))),
        state=draw(some(("disputed", "reported", "corroborated"))),
        since=since,
        until=until,
        dated_only=draw(st.booleans()),
        min_sources=draw(maybe(st.integers(0, 30), 0)),
        min_confidence=draw(maybe(st.floats(0, 1))),
        historical=draw(maybe(st.booleans())),
        text=draw(
            maybe(st.sampled_from(("shelled market", '"market town"', '"town market"', "talks", "russia grain")), "")
        ),
    )


def one_or_two_of(given: Filters, keep: set[str]) -> Filters:
    """Fewer of the filters, lest nothing be found."""
    return Filters(**{name: value for name, value in given.to_dict().items() if name in keep})


NAMES = [name for name in Filters.__slots__ if name != "report"]
