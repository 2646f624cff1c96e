"""One event of the records that tell it: what they agree on, and in what they differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from math import lcm
from typing import TypeVar

from dragoman import codebook
from dragoman.ledger.identity import moment
from dragoman.ledger.model import LedgerEvent, Party, State, Telling
from dragoman.record import Entity, Event, EventPlace, Factuality

T = TypeVar("T")
# What records say of something, each with its votes.
Said = Sequence[tuple[T, int]]
# Who is named this many times less often than another is most often a coder's error in one of the reports. Of the 281
# events of benchmarks/stories that two reports or more tell, as coded, the actors (countries and sectors) are those of
# gold for 58 %, the recipients for 40 %; with 2 for 46 % and 31 %, with 3 for 43 % and 28 %.
_OFTEN = 1.5
# What was done outranks what was planned, and that what was only thought of; denials are events of their own.
_FACTUALITIES: tuple[Factuality, ...] = ("actual", "future", "hypothetical", "negated")


@dataclass(frozen=True, slots=True)
class Member:
    """A record of an event, with what of its report counts for the event.

    ``copies`` is the same for prints of one text, ``outlet`` for reports of one outlet and ``page`` for versions of one
    address; the last two are None where unknown.
    ``withdrawn`` is true where a later version of the report no longer tells the event.
    """

    telling: Telling
    copies: str
    outlet: str | None = None
    page: str | None = None
    corrected: tuple[str, ...] = ()
    contexts: tuple[str, ...] = ()
    withdrawn: bool = False

    @property
    def record(self) -> Event:
        return self.telling.record

    @property
    def order(self) -> tuple[str, str, str]:
        """Reports by their dates, undated ones last; ids settle what is left."""
        report = self.telling.report
        return moment(report.published) or "9999", report.id, self.telling.record.id


def event_id(members: Iterable[Member]) -> str:
    """The id of the first report's record: it stays as later reports of the event come in."""
    return min(members, key=lambda m: m.order).record.id


def aggregate(members: Iterable[Member], denials: Sequence[Entity] = (), contrary: Sequence[str] = ()) -> LedgerEvent:
    """The event that ``members`` tell, with their tellings.

    Where they differ, each independent source has the same say, however often its text was printed. ``denials`` are
    those who deny it in other records, ``contrary`` the ids of the events that tell the opposite.
    """
    rows = sorted(members, key=lambda m: m.order)
    first = rows[0]
    # A page is shown as it reads now, where it tells the event still.
    shown = next((m for m in rows if not m.telling.report.superseded), first).telling
    sources = _sources(rows)
    standing = {source for m, source in zip(rows, sources, strict=True) if not m.withdrawn}
    records = _Records(rows, _heard(rows, sources))
    kind = _most(records.say("type", lambda e: e.type))
    modes = _modes(records.say("mode", lambda e: e.mode if e.type == kind else ()))
    factualities = {value for value, _ in records.say("factuality", lambda e: e.factuality)}
    factuality = next(f for f in _FACTUALITIES if f in factualities)
    claims = [(m.record.attribution, votes) for m, votes in records.heard]
    return LedgerEvent(
        id=first.record.id,
        type=kind,
        mode=modes,
        actor=_role(records, "actor", lambda e: e.actor),
        recipient=_role(records, "recipient", lambda e: e.recipient),
        factuality=factuality,
        historical=all(value for value, _ in records.say("historical", lambda e: e.historical)),
        date=_date(records.say("date", lambda e: e.date)),
        dates=tuple(sorted({m.record.date for m in records.judged("date") or rows if m.record.date})),
        place=_place(records.say("place", lambda e: e.place)),
        reported=first.telling.report.published,
        state=_state(len(standing), bool(denials)),
        sources=len(standing or set(sources)),
        reports=len({m.telling.report.id for m in rows}),
        confidence=max((m.record.confidence for m in rows if m.record.confidence is not None), default=None),
        score=codebook.score(kind, modes) if kind in codebook.TYPES else None,
        contexts=_shared([(m.contexts, votes) for m, votes in records.heard]),
        claims=_parties(claims) if all(who for who, _ in claims) else (),
        denials=_parties([((e,), 1) for e in denials]),
        contrary=tuple(sorted(contrary)),
        title=shown.report.title,
        url=shown.report.url,
        sentence=shown.evidence[0] if shown.evidence else "",
        tellings=tellings(rows, sources),
    )


def tellings(rows: Sequence[Member], sources: Sequence[str] | None = None) -> tuple[Telling, ...]:
    """What the reports of an event tell, each with its independent source. ``rows`` are in their order."""
    return tuple(
        m.telling
        if m.telling.report.source == source
        else replace(m.telling, report=replace(m.telling.report, source=source))
        for m, source in zip(rows, sources if sources is not None else _sources(rows), strict=True)
    )


def _heard(rows: Sequence[Member], sources: Sequence[str]) -> Said[Member]:
    """The records that say what an event is, with their votes, of which each source has the same number.

    A source speaks by its pages as they read now; by earlier versions, where no page of now tells the event. One that
    took the event back is heard only where all have.
    """
    grades = [2 if m.withdrawn else int(m.telling.report.superseded) for m in rows]
    best: dict[str, int] = {}
    for source, grade in zip(sources, grades, strict=True):
        best[source] = min(grade, best.get(source, grade))
    still = {source for source, grade in best.items() if grade < 2} or best.keys()
    heard = [
        (m, source)
        for m, source, grade in zip(rows, sources, grades, strict=True)
        if source in still and grade == best[source]
    ]
    records = Counter(source for _, source in heard)
    votes = lcm(*records.values())
    return [(m, votes // records[source]) for m, source in heard]


@dataclass(frozen=True, slots=True)
class _Records:
    """The records of an event: all, and those that are heard, with their votes."""

    rows: Sequence[Member]
    heard: Said[Member]

    def judged(self, field: str) -> Sequence[Member]:
        """Those that a person corrected in a field; a page that has changed since takes nothing from that."""
        return [m for m in self.rows if field in m.corrected]

    def say(self, field: str, of: Callable[[Event], T]) -> Said[T]:
        """What they say of a field: only those that a person corrected in it, where there are any."""
        return [(of(m.record), votes) for m, votes in [(m, 1) for m in self.judged(field)] or self.heard]


def _counted(said: Said[T]) -> Counter[T]:
    counts: Counter[T] = Counter()
    for value, votes in said:
        counts[value] += votes
    return counts


def _most(said: Said[T]) -> T:
    """The value that most sources have; of several, that of the first report."""
    counts = _counted(said)
    return max((value for value, _ in said), key=lambda v: counts[v])


def _modes(said: Said[tuple[str, ...]]) -> tuple[str, ...]:
    """The modes that half of those give who give one; where none is given so often, those of the first."""
    given = [(modes, votes) for modes, votes in said if modes]
    return _shared(given) or (given[0][0] if given else ())


def _shared(said: Said[tuple[str, ...]]) -> tuple[str, ...]:
    counts = _counted([(value, votes) for values, votes in said for value in set(values)])
    whole = sum(votes for _, votes in said)
    return tuple(sorted(value for value, n in counts.items() if 2 * n >= whole))


def _sources(rows: Sequence[Member]) -> list[str]:
    """For each record the first report of its independent source: reports of one outlet, or of one text, are one."""
    chief = list(range(len(rows)))
    seen: dict[tuple[str, str], int] = {}

    def top(i: int) -> int:
        while chief[i] != i:
            i = chief[i]
        return i

    for i, row in enumerate(rows):
        for key in (("copies", row.copies), ("outlet", row.outlet), ("report", row.telling.report.id)):
            if key[1] is None:
                continue
            j = seen.setdefault((key[0], key[1]), i)
            low, high = sorted((top(i), top(j)))
            chief[high] = low
    return [rows[top(i)].telling.report.id for i in range(len(rows))]


def _state(standing: int, denied: bool) -> State:
    """The state of an event that so many independent sources still tell."""
    if not standing:
        return "retracted"
    if denied:
        return "disputed"
    return "corroborated" if standing > 1 else "reported"


def _role(records: _Records, field: str, of: Callable[[Event], tuple[Entity, ...]]) -> tuple[Party, ...]:
    """Who has a part; all whom a person named, where one corrected it."""
    said = records.say(field, of)
    if not records.judged(field):
        return _parties(said)
    named = [Party(e.text, e.country, e.sector) for entities, _ in said for e in entities]
    return tuple(dict.fromkeys(named))


def _parties(said: Said[tuple[Entity, ...]]) -> tuple[Party, ...]:
    """Who the records name, the most often named first, each by the fullest words.

    Records that name one of a country are taken to name the same, whatever they make of the sector; where one record
    names two of a country, they stay two. Who is named without a country counts only where no record knows more.
    """
    known = any(e.country for entities, _ in said for e in entities)
    several = set()
    for entities, _ in said:
        pairs = {(e.country, e.sector) for e in entities}
        countries = Counter(country for country, _ in pairs)
        several |= {country for country, n in countries.items() if n > 1}
    groups: dict[tuple[str | None, str | None], list[tuple[Entity, int]]] = {}
    for entities, votes in said:
        for entity in entities:
            if known and entity.country is None:
                continue
            key = entity.country, entity.sector if entity.country in several else ""
            groups.setdefault(key, []).append((entity, votes))
    sums = {key: sum(votes for _, votes in named) for key, named in groups.items()}
    ordered = sorted(groups, key=lambda key: -sums[key])  # stable: ties as they were told
    enough = sums[ordered[0]] / _OFTEN if ordered else 0
    return tuple(
        Party(
            _name([(e.text, votes) for e, votes in groups[key]]),
            key[0],
            _most([(e.sector, votes) for e, votes in groups[key] if e.sector] or [(None, 1)]),
        )
        for key in ordered
        if sums[key] >= enough
    )


def _name(said: Said[str]) -> str:
    """The words that most sources use; of several the name before the description, and the fullest. A pronoun is
    nobody's name where there are other words."""
    counts = _counted(said)
    return max(counts, key=lambda t: (t.casefold() not in _PRONOUNS, counts[t], t[:1].isupper(), len(t), t))


_PRONOUNS = frozenset("he her him his it its she that their them they this those we who whom".split())


def interval(date: str) -> tuple[str, str]:
    """The first and last day that a date of the codebook may mean, as ISO text that sorts."""
    first, _, last = date.partition("/")
    last = last or first
    return first + "-01-01"[len(first) - 4 :], last + "-12-31"[len(last) - 4 :]


def _date(said: Said[str | None]) -> str | None:
    """The date that most agree with; of several, the most exact, then the most often told, then the first told."""
    counts = _counted([(date, votes) for date, votes in said if date])
    if not counts:
        return None
    spans = {d: interval(d) for d in counts}

    def rank(date: str) -> tuple[int, int, int]:
        first, last = spans[date]
        agreeing = sum(n for d, n in counts.items() if spans[d][0] <= last and spans[d][1] >= first)
        return agreeing, _exactness(date), counts[date]

    return max(counts, key=rank)


def _exactness(date: str) -> int:
    """How much a date says: day 3, range of days 2, month 1, year 0."""
    return 2 if "/" in date else {10: 3, 7: 1}.get(len(date), 0)


def _place(said: Said[EventPlace | None]) -> EventPlace | None:
    """The place that most name, in the country that most name."""
    named = [(place, votes) for place, votes in said if place is not None]
    if not named:
        return None
    countries = [(place.country, votes) for place, votes in named if place.country]
    if countries:
        country = _most(countries)
        named = [(place, votes) for place, votes in named if place.country == country]
    return _most(named)
