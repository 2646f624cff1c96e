"""Who stands where on a deed, or towards an actor: who supports, condemns, arms, sanctions, mediates, with evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, Literal, Self

from sqlalchemy import Connection, select

from dragoman.ledger import words
from dragoman.ledger.asking import frames, targets
from dragoman.ledger.asking.clauses import Selection, selections
from dragoman.ledger.asking.columns import COLUMNS, DENIES, column, is_planned
from dragoman.ledger.asking.countries import known_country
from dragoman.ledger.asking.filters import MOST_WORDS, Filters
from dragoman.ledger.asking.outermost import outermost
from dragoman.ledger.asking.reach import rows, total
from dragoman.ledger.asking.stands import Proof, Stand
from dragoman.ledger.asking.targets import Target
from dragoman.ledger.chunks import chunks
from dragoman.ledger.eventrows import event_of
from dragoman.ledger.model import LedgerEvent, Telling
from dragoman.ledger.store import Store
from dragoman.ledger.tables import event, record
from dragoman.ledger.whole import whole
from dragoman.ledger.words import BadQuestion
from dragoman.record import Entity, Json

Group = Literal["target", "victim", "other"]
GROUPS: tuple[Group, ...] = ("target", "victim", "other")
# Events that are read with all their tellings, in half a second. The latest of more say how things stand.
_MOST = 2_000
# So many characters between two sentences: the next, or the next but one where that between is short.
_NEAR = 200
# Deeds that are shown: words such as "attack" find hundreds.
_DEEDS = 20


Columns = Mapping[str, tuple[Stand, ...]]


@dataclass(frozen=True, slots=True)
class Stance:
    """Who stands where.

    ``kind`` says what the target was taken for. ``deeds`` are the events that it is, those told by most reports,
    ``doers`` and ``victims`` the countries on the sides of all. ``target`` has the columns of what is done to the deed
    and its doers (``condemns``, ``sanctions``, ``supports``, ``arms``), ``victim`` those of what is done to the victims
    (who ``arms`` them is on the other side), and ``other`` what is done to anyone else in words about the target, such
    as threats against those who would interfere. Columns that nobody is in are left out. ``reports`` tell the acts that
    are in them. ``left_out`` events were too many to be read: the earliest.
    """

    asked: str
    kind: Literal["text", "event", "actor"]
    deeds: tuple[LedgerEvent, ...] = ()
    doers: tuple[str, ...] = ()
    victims: tuple[str, ...] = ()
    target: Columns = field(default_factory=dict)
    victim: Columns = field(default_factory=dict)
    other: Columns = field(default_factory=dict)
    left_out: int = 0
    reports: int = 0

    def to_dict(self) -> Json:
        groups: Json = {
            group: {name: [stand.to_dict() for stand in stands] for name, stands in getattr(self, group).items()}
            for group in GROUPS
        }
        return {
            "asked": self.asked,
            "kind": self.kind,
            "deeds": [deed.to_dict() for deed in self.deeds],
            "doers": list(self.doers),
            "victims": list(self.victims),
            **groups,
            "left_out": self.left_out,
            "reports": self.reports,
        }

    @classmethod
    def from_dict(cls, row: Mapping[str, Any]) -> Self:
        groups: dict[str, Columns] = {
            group: {name: tuple(Stand.from_dict(stand) for stand in stands) for name, stands in row[group].items()}
            for group in GROUPS
        }
        deeds = tuple(LedgerEvent.from_dict(deed) for deed in row["deeds"])
        sides = {name: tuple(row[name]) for name in ("doers", "victims")}
        made: dict[str, Any] = {**row, **groups, **sides, "deeds": deeds}
        return cls(**made)

    def to_arrow(self) -> Any:
        """An Arrow table, one row for each party of a column, with its strongest sentence."""
        return frames.to_arrow(self.rows(), _FIELDS)

    def to_pandas(self) -> Any:
        """The same as a :class:`pandas.DataFrame`. Raises ImportError where pandas is not installed."""
        return frames.to_pandas(self.rows(), _FIELDS)

    def to_columns(self) -> dict[str, list[Any]]:
        """The same as lists of Python's own values, by name."""
        return frames.to_columns(self.rows(), _FIELDS)

    def rows(self) -> Iterator[tuple[Group, str, Stand]]:
        """Each party of a column with its group and the column's name, in their order."""
        for group in GROUPS:
            columns: Columns = getattr(self, group)
            yield from ((group, name, stand) for name, stands in columns.items() for stand in stands)


_FIELDS: frames.Fields = {
    "group": ("string", lambda row: row[0]),
    "column": ("string", lambda row: row[1]),
    "country": ("string", lambda row: row[2].country),
    "sector": ("string", lambda row: row[2].sector),
    "names": ("strings", lambda row: row[2].names),
    "events": ("integer", lambda row: row[2].events),
    "planned": ("integer", lambda row: row[2].planned),
    "first": ("string", lambda row: row[2].first),
    "last": ("string", lambda row: row[2].last),
    "first_date": ("string", lambda row: row[2].first_date),
    "last_date": ("string", lambda row: row[2].last_date),
    "event": ("string", lambda row: row[2].evidence[0].event if row[2].evidence else None),
    "sentence": ("string", lambda row: row[2].evidence[0].sentence if row[2].evidence else None),
}


def stance(
    store: Store, target: str, filters: Filters | None = None, *, evidence: int = 3, most: int = _MOST
) -> Stance:
    """Who stands where on ``target``.

    An act counts as a report tells it, in one of two ways: a sentence that tells it holds the words of the target, in
    any form and whoever it is done to; or it is done to one of the deed's sides, not before the deed, and told beside a
    sentence that holds them, or under a title that does. For an actor, whatever is done to it counts.

    Args:
        store: the ledger's storage.
        target: the id of an event; the name or code of a country; or words, as in :attr:`Filters.text`: those that name
            a deed ("invasion of Ukraine") tell its doers from its victims by the events that they name.
        filters: which acts, by date, actor, sources and so on; not by ``text`` or ``report``.
        evidence: sentences for each party of a column.
        most: events to read: the latest of those that speak of the target, and of those told beside them.

    Raises:
        BadQuestion: for a target without a word to look for, filters that are not taken, or ``most`` less than 1.
        LedgerError: when the ledger cannot be read.
    """
    asked = filters or Filters()
    if asked.text or asked.report is not None:
        raise BadQuestion("a stance is asked for by its target: leave out text and report")
    if most < 1:
        raise BadQuestion(f"a stance is read from 1 event or more, not {most}")
    with store.reading() as connection:
        # No text but letters and digits is an id, nor may go to a database as one.
        deed = event_of(connection, target.strip()) if target.strip().isascii() and target.strip().isalnum() else None
        if deed is not None:
            about = targets.of_event(deed)
            if deed.date is not None and asked.since is None:
                asked = replace(asked, since=deed.day)
            found, left_out = _spoken_of(connection, about, asked, most)
            return _answer(connection, target, "event", about, asked, found, evidence, most, left_out)
        code = known_country(target)
        if code is not None:
            about = targets.of_actor(code)
            chosen = selections(connection, replace(asked, recipient=code))
            found, left_out = _read(connection, chosen, most)
            return _answer(connection, target, "actor", about, asked, found, evidence, most, left_out)
        wanted = tuple((tuple(phrase),) for phrase in words.asked(target))
        if len(wanted) > MOST_WORDS:
            raise BadQuestion(f"a target of {len(wanted)} words is too long: name it with at most {MOST_WORDS}")
        about = Target(wanted)
        found, left_out = _spoken_of(connection, about, asked, most)
        # Filters narrow the acts: what the deed is, and who is on which side, does not hang on them.
        named = _spoken_of(connection, about, Filters(), most)[0] if asked != Filters() else found
        about = targets.of_text(wanted, named)
        return _answer(connection, target, "text", about, asked, found, evidence, most, left_out)


def _spoken_of(connection: Connection, about: Target, filters: Filters, most: int) -> tuple[list[LedgerEvent], int]:
    """The events whose reports hold the words, and how many earlier ones were not read."""
    chosen = [replace(s, phrases=about.wanted) for s in selections(connection, filters)]
    return _read(connection, chosen, most)


def _read(connection: Connection, chosen: Sequence[Selection], most: int) -> tuple[list[LedgerEvent], int]:
    found = [row.nr for row in rows(connection, chosen, "{nr} AS nr", limit=most)]
    left_out = total(connection, chosen) - most if len(found) == most else 0
    return whole(connection, found), left_out


def _also(
    connection: Connection,
    filters: Filters,
    known: set[str],
    most: int,
    *,
    reports: Iterable[str] = (),
    events: Iterable[str] = (),
) -> list[LedgerEvent]:
    """The events that ``reports`` tell, and those of ``events``, that ``filters`` ask for; without those ``known``."""
    numbers: dict[int, str] = {}
    for part in chunks(sorted(set(reports))):
        told = select(event.c.nr, event.c.id).join(record, record.c.event == event.c.id)
        numbers |= {row.nr: row.id for row in connection.execute(told.where(record.c.report.in_(part)))}
    for part in chunks(sorted(set(events))):
        numbers |= {
            row.nr: row.id for row in connection.execute(select(event.c.nr, event.c.id).where(event.c.id.in_(part)))
        }
    latest = tuple(nr for nr in sorted(numbers)[-most:] if numbers[nr] not in known)
    return _read(connection, [replace(s, among=latest) for s in selections(connection, filters)], most)[0]


@dataclass(slots=True)
class _Act:
    """What one party does in one event, as one report tells it."""

    event: LedgerEvent
    telling: Telling
    party: Entity
    group: Group
    column: str
    towards: tuple[Entity, ...]
    how: Literal["words", "report"]


class _Places:
    """Where reports speak of a target, to tell what is said beside it."""

    def __init__(self, about: Target, deeds: set[str]) -> None:
        self._about = about
        self._deeds = deeds
        self._spans: dict[str, list[tuple[int, int]]] = {}
        self._titled: dict[str, bool] = {}
        days = [deed.day or "" if deed.date is not None else _month_before(deed.day) for deed in about.deeds]
        self._first = min(days, default="")

    @property
    def reports(self) -> set[str]:
        return set(self._spans)

    def add(self, one: LedgerEvent) -> None:
        """Note where the reports of an event speak of the target."""
        for telling in one.tellings:
            spans = []
            if one.id in self._deeds or self._about.spoken_of(telling):
                spans += [(m.start, m.end) for m in telling.record.mentions]
            if self._is_titled(telling):
                spans.append((0, 0))
            if spans:
                self._spans.setdefault(telling.report.id, []).extend(spans)

    def _is_titled(self, telling: Telling) -> bool:
        known = self._titled.get(telling.report.id)
        if known is None:
            known = self._titled[telling.report.id] = self._about.in_title(telling)
        return known

    def is_near(self, telling: Telling) -> bool:
        """Whether a sentence of ``telling`` stands beside one that speaks of the target."""
        return any(
            mention.start - end <= _NEAR and start - mention.end <= _NEAR
            for start, end in self._spans.get(telling.report.id, ())
            for mention in telling.record.mentions
        )

    def is_before(self, one: LedgerEvent) -> bool:
        """Whether an act cannot answer the deeds: it was before them, or is background of unknown date."""
        if one.date is None:
            return one.historical
        last = one.date.split("/")[-1]
        return last < self._first[: len(last)]


def _month_before(day: str | None) -> str:
    """The day from which on what a report of ``day`` tells is news (codebook, section 1)."""
    try:
        return (date.fromisoformat(day or "") - timedelta(days=31)).isoformat()
    except (ValueError, OverflowError):
        return ""


def _answer(
    connection: Connection,
    asked: str,
    kind: Literal["text", "event", "actor"],
    about: Target,
    filters: Filters,
    found: Sequence[LedgerEvent],
    evidence: int,
    most: int,
    left_out: int,
) -> Stance:
    deeds = {deed.id for deed in about.deeds}
    pool = {e.id: e for e in found}
    denials = {id for deed in about.deeds for id in deed.contrary}
    places = _Places(about, deeds) if kind != "actor" else None
    if places is not None:
        for e in (*found, *about.deeds):
            places.add(e)
        for more in ({"reports": places.reports}, {"events": denials}):
            pool |= {e.id: e for e in _also(connection, filters, set(pool), most, **more)}
    acts: list[_Act] = []
    for e in sorted(pool.values(), key=lambda e: e.id):
        if e.id in deeds:
            continue
        for telling in e.tellings:
            if places is None or e.id in denials or about.spoken_of(telling):
                acts += _acts(e, telling, about, "words", alone=places is None)
            elif places.is_near(telling) and not places.is_before(e):
                acts += _acts(e, telling, about, "report", alone=True)
    groups = {group: _columns([act for act in acts if act.group == group], evidence, about) for group in GROUPS}
    return Stance(
        asked,
        kind,
        tuple(replace(deed, tellings=()) for deed in sorted(about.deeds, key=lambda d: (-d.reports, d.id))[:_DEEDS]),
        tuple(sorted(about.doers.countries)),
        tuple(sorted(about.victims.countries)),
        groups["target"],
        groups["victim"],
        groups["other"],
        left_out,
        len({act.telling.report.id for act in acts}),
    )


def _acts(
    one: LedgerEvent, telling: Telling, about: Target, how: Literal["words", "report"], *, alone: bool
) -> Iterator[_Act]:
    """What the parties of a record do to the target; ``alone`` where nothing counts but what is done to its sides."""
    told = telling.record
    for party in told.actor:
        others = targets.towards(told, party)
        relation = about.relation(others, telling.evidence)
        if relation in ("none", "other") and alone:
            continue
        if alone and targets.is_mutual(told) and told.type != "CONSULT":
            continue  # who acts together, with nobody named to whom, may not act towards each other
        if (
            relation == "doer"
            and others
            and all((o.country, o.sector) == (party.country, party.sector) for o in others)
        ):
            continue  # what a side does to itself says nothing of how it stands
        name = column(telling, party, between=about.is_between(party, others))
        if name is None:
            continue
        if name == DENIES:
            # Who denies stands on the deed, whoever is said not to have suffered it.
            yield from (
                _Act(one, telling, denier, "target", name, others, how) for denier in told.attribution or (party,)
            )
            continue
        group: Group = "victim" if relation == "victim" else "other" if relation == "other" else "target"
        if relation == "other" and not about.doers.parties:
            group = "target"  # without a known deed, whoever the words are about is what is asked for
        yield _Act(one, telling, party, group, name, others, how)


def _columns(acts: Sequence[_Act], evidence: int, about: Target) -> Columns:
    parties: dict[str, dict[tuple[str, str], list[_Act]]] = {}
    for act in acts:
        # Whose country is not known is told apart by name.
        key = (act.party.country, act.party.sector or "") if act.party.country else ("", act.party.text.casefold())
        parties.setdefault(act.column, {}).setdefault(key, []).append(act)
    return {
        name: tuple(
            sorted(
                (_stand(own, evidence, about) for own in parties[name].values()),
                key=lambda stand: (-stand.events, stand.country or "~", stand.sector or "", stand.names),
            )
        )
        for name in COLUMNS
        if name in parties
    }


def _stand(acts: Sequence[_Act], evidence: int, about: Target) -> Stand:
    events = {act.event.id: act.event for act in acts}
    planned = {act.event.id for act in acts if is_planned(act.telling.record)}
    names: Counter[str] = Counter(_name(act) for act in acts)
    when = outermost(events.values())
    party = acts[0].party
    proofs: dict[str, Proof] = {}
    for act in sorted(acts, key=lambda act: _strength(act)):
        if act.event.id not in proofs and (proof := _proof(act, about)):
            proofs[act.event.id] = proof
    return Stand(
        party.country,
        party.sector if party.country else None,
        tuple(sorted(names, key=lambda name: (-names[name], name))),
        len(events),
        len(planned),
        when.first,
        when.last,
        tuple(proofs.values())[:evidence],
        when.first_date,
        when.last_date,
    )


def _name(act: _Act) -> str:
    """The fullest words of any report for who acts: a sentence may say "he"."""
    named = (*act.event.actor, *act.event.claims)
    return next(
        (p.text for p in named if p.country == act.party.country and p.sector == act.party.sector), act.party.text
    )


def _strength(act: _Act) -> tuple[Any, ...]:
    one = act.event
    return (
        act.how != "words",
        is_planned(act.telling.record),
        one.state in ("disputed", "retracted"),
        -one.sources,
        -(act.telling.record.confidence or 0.0),
        act.telling.report.published or "9999",
        one.id,
        act.telling.record.id,
    )


def _proof(act: _Act, about: Target) -> Proof | None:
    """The sentence of a telling that speaks of the target, else its first; None where no sentences are kept."""
    told = [pair for pair in zip(act.telling.evidence, act.telling.triggers, strict=True) if pair[0]]
    if not told:
        return None
    sentence, trigger = max(told, key=lambda pair: about.words_in(pair[0]))
    report = act.telling.report
    return Proof(
        act.event.id,
        act.telling.record.type,
        act.telling.record.factuality,
        sentence,
        trigger,
        tuple(e.text for e in act.towards),
        report.id,
        report.title,
        report.outlet,
        report.url,
        report.published,
        act.how,
    )
