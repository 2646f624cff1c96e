"""Which records a person's eye would help most."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from sqlalchemy import Connection, and_, func, select

from dragoman.ledger import facets, joining
from dragoman.ledger.asking.clauses import Selection, selections
from dragoman.ledger.asking.filters import Filters
from dragoman.ledger.asking.reach import rows
from dragoman.ledger.chunks import chunks
from dragoman.ledger.eventrows import remade
from dragoman.ledger.model import LedgerEvent, Party
from dragoman.ledger.pieces import APART, SAME
from dragoman.ledger.store import Store
from dragoman.ledger.tables import detail, event, judged, link, record
from dragoman.ledger.words import BadQuestion
from dragoman.record import Json

Kind = Literal["doubt", "dispute", "name", "twin"]
KINDS: tuple[Kind, ...] = ("doubt", "dispute", "name", "twin")
Role = Literal["actor", "recipient"]
_ROLES: tuple[Role, ...] = ("actor", "recipient")

# The newest of each kind that are weighed: a decision changes the ledger, and the queue is made anew for the next one.
# With these it takes some 35 ms of a processor at 100,000 events.
_DOUBTFUL, _DISPUTED, _NAMING, _RECORDS = 400, 200, 2_000, 3_000
# Tenths of a confidence in which a record is about as likely wrong as right.
_TENTHS = "23456"
# A denial is rarely settled by a look, but whether it denies this very event is. Of records joined as they are coded
# about one pair in six is wrong (docs/ledger.md), and denials are found by the same comparison.
_DISPUTE = round(4 * (5 / 6) * (1 / 6), 3)
# Who a party is, is one of eight fields of a record.
_NAME = 1 / 8
# Two records with a likelihood just under that at which they are joined.
_TWIN = 0.35
# Events that one decision on a name may change: more than a person would look through.
MOST_ALIKE = 50


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a record is worth a look: of which kind, in words, and what it adds to its value."""

    kind: Kind
    words: str
    value: float

    def to_dict(self) -> Json:
        return {"kind": self.kind, "words": self.words, "value": self.value}


@dataclass(frozen=True, slots=True)
class Look:
    """An event to look at, with its tellings, and why.

    ``twin`` is the event that may be the same, for the kind ``twin``. ``party`` is the one whose country is not known,
    and ``alike`` the ids of the events, this one first, in which the same words stand without a country; both for the
    kind ``name``. ``key`` names the look for ``skip``.
    """

    event: LedgerEvent
    reasons: tuple[Reason, ...]
    twin: LedgerEvent | None = None
    party: Party | None = None
    alike: tuple[str, ...] = ()

    @property
    def value(self) -> float:
        """What a look is worth; see :func:`review`."""
        return round(sum(reason.value for reason in self.reasons), 6)

    @property
    def key(self) -> str:
        return f"{self.event.id}~{self.twin.id}" if self.twin else self.event.id

    def to_dict(self) -> Json:
        return {
            "key": self.key,
            "value": self.value,
            "reasons": [reason.to_dict() for reason in self.reasons],
            "event": self.event.to_dict(),
            "twin": self.twin.to_dict() if self.twin else None,
            "party": self.party.to_dict() if self.party else None,
            "alike": list(self.alike),
        }


@dataclass(frozen=True, slots=True)
class Review:
    """The first looks of the queue, and how many there are among the newest events that are weighed."""

    looks: tuple[Look, ...]
    waiting: int

    def to_dict(self) -> Json:
        return {"looks": [look.to_dict() for look in self.looks], "waiting": self.waiting}


@dataclass(slots=True)
class _Candidate:
    nr: int
    id: str
    values: dict[Kind, float]
    party: tuple[Role, str] | None = None
    twin: str = ""
    score: float = 0.0

    @property
    def rank(self) -> tuple[float, int, str]:
        return -round(sum(self.values.values()), 6), -self.nr, self.twin

    @property
    def key(self) -> str:
        return f"{self.id}~{self.twin}" if self.twin else self.id


def review(
    store: Store,
    filters: Filters | None = None,
    *,
    limit: int = 10,
    kinds: Iterable[str] = KINDS,
    skip: Iterable[str] = (),
) -> Review:
    """The events that a look helps most, the most valuable first.

    The value of a look is how uncertain something is times how much depends on it, added up over the reasons. All are
    between 0 and 1 times a number of sources or events:

    - ``doubt``: ``4 p (1 - p)`` of the confidence ``p``, the variance of whether the record is right, as a share of its
      greatest; times ``log2(1 + n)`` of the ``n`` independent sources that are counted for it: who builds on an event
      builds on its sources, and each of them adds less than the one before. Confidences of .2 to .7 are weighed.
    - ``dispute``: .556, the same for one in six, times the same of the sources: what was taken for a denial may deny
      another act.
    - ``name``: an actor or recipient whose words are there but whose country is not known. An eighth, as one of eight
      fields; in the newest event of those in which the same name stands unresolved, times their number, as far as 50:
      the answer holds for all. Of words that are no name ("the villagers") the root of it: they mean others elsewhere.
    - ``twin``: two events of which a pair of records is nearly as likely one as is asked for to join them:
      ``4 s (1 - s)`` of that likelihood, times half of ``log2(1 + n)`` of their sources together.

    What people confirmed, corrected, added, merged or parted does not come, nor what is retracted. Weighed are the
    newest events that a kind may concern: 400 doubtful ones, 200 disputed, 2,000 for names, and for twins those with
    one of the 3,000 records that came last. The same ledger gives the same order.

    Args:
        store: the ledger's storage.
        filters: which events; of twins, both.
        limit: the most looks, from 1.
        kinds: some of :data:`KINDS`.
        skip: keys of looks that are left out.

    Raises:
        BadQuestion: for a kind or limit that there is none of.
        LedgerError: when the ledger cannot be read.
    """
    chosen = tuple(kinds)
    if unknown := [kind for kind in chosen if kind not in KINDS]:
        raise BadQuestion(f"{unknown[0]!r} is no reason for a look: use {', '.join(KINDS)}")
    if limit < 1:
        raise BadQuestion(f"a queue holds 1 record or more, not {limit}")
    asked = filters or Filters()
    skipped = frozenset(skip)
    with store.reading() as connection:
        parts = [replace(s, where=(*s.where, "e.state <> 'retracted'")) for s in selections(connection, asked)]
        known = _judged(connection)
        alike: dict[str, list[str]] = {}
        found: dict[str, _Candidate] = {}
        if "doubt" in chosen:
            _doubtful(connection, parts, found)
        if "dispute" in chosen:
            _disputed(connection, parts, found)
        if "name" in chosen:
            alike = _unnamed(connection, parts, found, known)
        waiting = [one for one in found.values() if one.id not in known]
        if "twin" in chosen:
            waiting += _twins(connection, asked, parts, known)
        waiting = sorted((one for one in waiting if one.key not in skipped), key=lambda one: one.rank)
        events = _whole(connection, [id for one in waiting[:limit] for id in (one.id, one.twin) if id])
        return Review(tuple(_look(one, events, alike) for one in waiting[:limit]), len(waiting))


def _judged(connection: Connection) -> frozenset[str]:
    """The events of which a person judged a record."""
    reports = select(judged.c.report)
    query = select(record.c.event).where(record.c.report.in_(reports), record.c.confirmed, record.c.event.is_not(None))
    return frozenset(connection.execute(query.distinct()).scalars())


_COLUMNS = "{nr} AS nr, e.id AS id, e.confidence AS confidence, e.sources AS sources, e.pairs AS pairs"


def _doubtful(connection: Connection, parts: Sequence[Selection], found: dict[str, _Candidate]) -> None:
    tenths = tuple(facets.word(facets.CONFIDENCE, digit) for digit in _TENTHS)
    for row in rows(connection, [s.also(tenths) for s in parts], _COLUMNS, limit=_DOUBTFUL):
        _candidate(found, row).values["doubt"] = 4 * row.confidence * (1 - row.confidence) * _told(row.sources)


def _disputed(connection: Connection, parts: Sequence[Selection], found: dict[str, _Candidate]) -> None:
    state = (facets.word(facets.STATE, "disputed"),)
    for row in rows(connection, [s.also(state) for s in parts], _COLUMNS, limit=_DISPUTED):
        _candidate(found, row).values["dispute"] = _DISPUTE * _told(row.sources)


def _told(sources: int) -> float:
    """How much depends on an event of so many sources: 1 for one, 2 for three, 3 for seven."""
    return math.log2(1 + sources)


def _unnamed(
    connection: Connection, parts: Sequence[Selection], found: dict[str, _Candidate], known: frozenset[str]
) -> dict[str, list[str]]:
    """Find parties without a country; the ids of the events of each, by the words, the newest first."""
    newest = {
        row.nr: row
        for row in rows(connection, parts, _COLUMNS, limit=_NAMING)
        if row.id not in known and _lacks(row.pairs)
    }
    parties: list[tuple[Any, Role, str]] = []
    alike: dict[str, list[str]] = {}
    for part in chunks(sorted(newest, reverse=True)):
        query = select(detail.c.nr, detail.c.data).where(detail.c.nr.in_(part)).order_by(detail.c.nr.desc())
        for nr, data in connection.execute(query):
            told = json.loads(data)
            words = {
                (role, p["text"]) for role in _ROLES for p in told[role] if not p["country"] and alike_key(p["text"])
            }
            for role, named in sorted(words):
                parties.append((newest[nr], role, named))
                ids = alike.setdefault(alike_key(named), [])
                if newest[nr].id not in ids[-1:]:
                    ids.append(newest[nr].id)
    for row, role, named in parties:
        ids = alike[alike_key(named)]
        events = min(len(ids), MOST_ALIKE) if row.id == ids[0] else 1
        value = _NAME * (events if _is_name(named) else math.sqrt(events))
        one = _candidate(found, row)
        if value > one.values.get("name", 0.0):
            one.values["name"], one.party = value, (role, named)
    return alike


def _lacks(pairs: str) -> bool:
    """Whether a side of one of the pairs has no known country."""
    return any(pair.startswith(">") or pair.endswith(">") for pair in pairs.split(" "))


_ARTICLE = re.compile(r"^(?:the|a|an)\s+")


def alike_key(words: str) -> str:
    """What words for a party have in common that are taken to mean the same: letters, without case and article."""
    return _ARTICLE.sub("", " ".join(words.casefold().split()))


def _is_name(words: str) -> bool:
    """Whether words hold a name: a capital that does not only begin them."""
    first, *rest = alike_words if (alike_words := re.sub(r"^(?:The|the|A|a|An|an)\s+", "", words).split()) else [""]
    return any(word[:1].isupper() for word in rest) or (first[:1].isupper() and not rest)


def _candidate(found: dict[str, _Candidate], row: Any) -> _Candidate:
    return found.setdefault(row.id, _Candidate(row.nr, row.id, {}))


def _twins(
    connection: Connection, asked: Filters, parts: Sequence[Selection], known: frozenset[str]
) -> list[_Candidate]:
    last = connection.execute(select(func.max(record.c.nr))).scalar() or 0
    one, other, first, second = record.alias(), record.alias(), event.alias(), event.alias()
    near = and_(link.c.kind == SAME, link.c.score >= _TWIN, link.c.score < joining.JOIN, link.c.b > last - _RECORDS)
    query = (
        select(first.c.nr, first.c.id, first.c.sources, second.c.nr, second.c.id, second.c.sources, link.c.score)
        .select_from(link)
        .join(one, one.c.nr == link.c.a)
        .join(other, other.c.nr == link.c.b)
        .join(first, first.c.id == one.c.event)
        .join(second, second.c.id == other.c.event)
        .where(near, first.c.id != second.c.id, first.c.state != "retracted", second.c.state != "retracted")
    )
    parted = _parted(connection, last - _RECORDS)
    best: dict[tuple[str, str], _Candidate] = {}
    for nr, id, sources, other_nr, other_id, other_sources, score in connection.execute(query):
        if (other_nr, other_id) > (nr, id):
            nr, id, other_nr, other_id = other_nr, other_id, nr, id
        if {id, other_id} & known or (id, other_id) in parted or (other_id, id) in parted:
            continue
        made = _Candidate(nr, id, {"twin": 4 * score * (1 - score) * _told(sources + other_sources) / 2})
        made.twin, made.score = other_id, score
        if (id, other_id) not in best or best[id, other_id].score < score:
            best[id, other_id] = made
    if not asked.to_dict():
        return list(best.values())
    inside: set[str] = set()
    for part in chunks(sorted({id for pair in best for id in pair})):
        numbers = tuple(connection.execute(select(event.c.nr).where(event.c.id.in_(part))).scalars())
        narrowed = [
            replace(s, among=tuple(set(numbers) & set(s.among if s.among is not None else numbers))) for s in parts
        ]
        inside |= {row.id for row in rows(connection, narrowed, "e.id AS id")}
    return [made for pair, made in best.items() if set(pair) <= inside]


def _parted(connection: Connection, after: int) -> set[tuple[str, str]]:
    """The events of records that people parted."""
    one, other = record.alias(), record.alias()
    query = (
        select(one.c.event, other.c.event)
        .select_from(link)
        .join(one, one.c.nr == link.c.a)
        .join(other, other.c.nr == link.c.b)
        .where(link.c.kind == APART, link.c.b > after)
    )
    return {(a, b) for a, b in connection.execute(query)}


def _whole(connection: Connection, ids: Sequence[str]) -> dict[str, LedgerEvent]:
    return {one.id: one for one in remade(connection, list(dict.fromkeys(ids)))}


def _look(one: _Candidate, events: dict[str, LedgerEvent], alike: dict[str, list[str]]) -> Look:
    told, twin = events[one.id], events.get(one.twin)
    party, ids = None, []
    if one.party is not None:
        role, named = one.party
        party = next(p for p in getattr(told, role) if p.text == named and not p.country)
        ids = [one.id, *(id for id in alike[alike_key(named)] if id != one.id)][:MOST_ALIKE]
    reasons = []
    for kind in sorted(one.values, key=lambda kind: (-one.values[kind], kind)):
        if kind == "doubt":
            said = f"confidence {_short(told.confidence or 0.0)}"
        elif kind == "dispute":
            who = ", ".join(p.text or p.country or "somebody" for p in told.denials)
            said = f"disputed: denied by {who}" if who else "disputed"
        elif kind == "name" and one.party is not None:
            said = f"its {one.party[0]} “{one.party[1]}” has no country"
            said += f", here and in {len(ids) - 1} other event{'' if len(ids) == 2 else 's'}" if len(ids) > 1 else ""
        else:
            said = (
                f"perhaps the same as another event: likelihood {_short(one.score)}, joined from {_short(joining.JOIN)}"
            )
        reasons.append(Reason(kind, said, round(one.values[kind], 6)))
    return Look(told, tuple(reasons), twin, party, tuple(ids))


def _short(share: float) -> str:
    """A share, cut rather than rounded: what is less than one half reads so."""
    return f"{math.floor(share * 100 + 1e-9) / 100:.2f}"
