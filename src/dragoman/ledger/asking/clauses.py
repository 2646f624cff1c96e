"""Filters as what the full-text index looks up: words and phrases, any of some and all of others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, select

from dragoman.ledger import facets, words
from dragoman.ledger.asking.filters import NAMED, Filters
from dragoman.ledger.facets import word
from dragoman.ledger.tables import event, record

Clause = tuple[str, ...]
"""Words of facets, of which one must be there."""
Phrase = tuple[str, ...]
"""Stems that follow each other."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Events whose numbers lie in a range and for which all clauses and conditions hold.

    ``phrases`` are clauses too: of each, one phrase must be there.
    ``among`` are the only numbers asked for, all for None. ``where`` are conditions of SQL over the table ``event`` as
    ``e``, ``values`` what they name.
    """

    clauses: tuple[Clause, ...] = ()
    phrases: tuple[tuple[Phrase, ...], ...] = ()
    low: int = 0
    high: int = facets.HIGHEST
    among: tuple[int, ...] | None = None
    where: tuple[str, ...] = ()
    values: tuple[tuple[str, object], ...] = ()

    def also(self, *clauses: Clause) -> Selection:
        """The selection with more clauses."""
        return replace(self, clauses=(*self.clauses, *clauses))

    def within(self, low: int, high: int) -> Selection:
        """What of the selection has numbers from ``low`` to ``high``."""
        return replace(self, low=max(low, self.low), high=min(high, self.high))

    @property
    def empty(self) -> bool:
        """Whether no number is left that an event could have."""
        return self.low > self.high

    def match(self, sqlite: bool) -> str:
        """The look-up in the language of SQLite's FTS5 or of PostgreSQL's ``tsquery``; empty where there is none.

        All words are of a to z and digits (see :mod:`dragoman.ledger.words`): nothing needs to be escaped.
        """
        if sqlite:
            parts = ["facets : (" + " OR ".join(clause) + ")" for clause in self.clauses]
            parts += ["words : (" + " OR ".join(f'"{" ".join(p)}"' for p in any_of) + ")" for any_of in self.phrases]
            return " AND ".join(f"({part})" for part in parts)
        parts = [" | ".join(f"{w}:A" for w in clause) for clause in self.clauses]
        parts += [" | ".join(" <-> ".join(f"{w}:D" for w in p) for p in any_of) for any_of in self.phrases]
        return " & ".join(f"({part})" for part in parts)


_SIDES = {
    "actor_name": (facets.ACTOR_NAME,),
    "recipient_name": (facets.RECIPIENT_NAME,),
    "party_name": (facets.ACTOR_NAME, facets.RECIPIENT_NAME),
}


def selections(connection: Connection, filters: Filters) -> tuple[Selection, ...]:
    """What answers ``filters``, in parts: each event is in one of them, and those of the first have higher numbers.

    Events that begin on a day asked for are one part, those that began before ``since`` and last into it another.
    """
    where = []
    values: list[tuple[str, object]] = []
    if filters.min_sources > facets.MANY_SOURCES:
        where.append("e.sources >= :min_sources")
        values.append(("min_sources", filters.min_sources))
    if filters.min_confidence is not None:
        where.append("e.confidence >= :min_confidence")
        values.append(("min_confidence", filters.min_confidence))
    among = None
    if filters.report is not None:
        told = select(event.c.nr).join(record, record.c.event == event.c.id).where(record.c.report == filters.report)
        among = tuple(sorted(set(connection.execute(told).scalars())))
    phrases = tuple((tuple(phrase),) for phrase in words.asked(filters.text)) if filters.text else ()
    whole = Selection(tuple(_clauses(filters)), phrases, among=among, where=tuple(where), values=tuple(values))
    if not filters.since and not filters.until:
        return (whole,)
    until = facets.after(filters.last) - 1 if filters.until else facets.HIGHEST
    dated = whole.within(facets.after(""), until)
    if not filters.since:
        return (dated,)
    begun = dated.within(facets.after(""), facets.bound(filters.first) - 1).also(tuple(facets.spanning(filters.first)))
    begun = replace(begun, where=(*where, "e.until >= :first"), values=(*values, ("first", filters.first)))
    return dated.within(facets.bound(filters.first), until), begun


def _clauses(filters: Filters) -> Iterable[Clause]:
    for facet, name in (
        (facets.TYPE, "type"),
        (facets.MODE, "mode"),
        (facets.CONTEXT, "context"),
        (facets.CLAIM, "claimed_by"),
        (facets.DENIAL, "denied_by"),
        (facets.PLACE, "place"),
        (facets.FACTUALITY, "factuality"),
        (facets.STATE, "state"),
    ):
        if codes := filters.values(name):
            yield tuple(word(facet, code) for code in codes)
    actors, recipients, parties = (filters.values(name) for name in ("actor", "recipient", "party"))
    acting, acted = filters.values("actor_sector"), filters.values("recipient_sector")
    if actors and recipients:
        yield tuple(word(facets.PAIR, a, r) for a in actors for r in recipients)
    if acting or (actors and not recipients):
        yield _parties(facets.ACTOR, actors, acting)
    if acted or (recipients and not actors):
        yield _parties(facets.RECIPIENT, recipients, acted)
    if parties:
        yield (*_parties(facets.ACTOR, parties, ()), *_parties(facets.RECIPIENT, parties, ()))
    for name in NAMED:
        sides = _SIDES[name]
        yield from zip(*(facets.name_words(side, getattr(filters, name)) for side in sides), strict=True)
    if filters.dated_only:
        yield tuple(word(facets.DATED, precision) for precision in ("day", "month", "year", "range"))
    if filters.historical is not None:
        yield (word(facets.HISTORICAL, "yes" if filters.historical else "no"),)
    if filters.min_sources > 1:
        least = min(filters.min_sources, facets.MANY_SOURCES)
        yield tuple(word(facets.SOURCES, str(n)) for n in range(least, facets.MANY_SOURCES + 1))
    if filters.min_confidence is not None:
        yield tuple(_at_least(filters.min_confidence))


def _parties(facet: str, countries: Sequence[str], sectors: Sequence[str]) -> Clause:
    if not sectors:
        return tuple(word(facet, country) for country in countries)
    return tuple(word(facet, country, sector) for country in countries or ("",) for sector in sectors)


def _at_least(confidence: float) -> Iterable[str]:
    """The words of all confidences from the thousandth on that ``confidence`` lies in."""
    *_, least = facets.confidence_words(confidence)
    digits = least.removeprefix(facets.word(facets.CONFIDENCE, ""))
    yield least
    for at in range(len(digits)):
        for higher in range(int(digits[at]) + 1, 10):
            yield word(facets.CONFIDENCE, digits[:at] + str(higher))
