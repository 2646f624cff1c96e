"""One event of the records that tell it: what they agree on, and in what they differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from dragoman import codebook
from dragoman.ledger.identity import moment
from dragoman.ledger.model import LedgerEvent, Party, State, Telling
from dragoman.record import Entity, Event, EventPlace, Factuality

T = TypeVar("T")
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

    ``denials`` are those who deny it in other records, ``contrary`` the ids of the events that tell the opposite.
    """
    rows = sorted(members, key=lambda m: m.order)
    first = rows[0]
    # A page is shown as it reads now, where it tells the event still.
    shown = next((m for m in rows if not m.telling.report.superseded), first).telling
    sources = _sources(rows)
    standing = {source for m, source in zip(rows, sources, strict=True) if not m.withdrawn}
    kind = _most(_values(rows, "type", lambda e: e.type))
    modes = _modes(rows, kind)
    factualities = set(_values(rows, "factuality", lambda e: e.factuality))
    factuality = next(f for f in _FACTUALITIES if f in factualities)
    dates = [d for d in _values(rows, "date", lambda e: e.date) if d]
    own_voice = any(not m.record.attribution for m in rows)
    return LedgerEvent(
        id=first.record.id,
        type=kind,
        mode=modes,
        actor=_role(rows, "actor", lambda e: e.actor),
        recipient=_role(rows, "recipient", lambda e: e.recipient),
        factuality=factuality,
        historical=all(_values(rows, "historical", lambda e: e.historical)),
        date=_date(dates),
        dates=tuple(sorted(set(dates))),
        place=_place(_values(rows, "place", lambda e: e.place)),
        reported=first.telling.report.published,
        state=_state(len(standing), bool(denials)),
        sources=len(standing or set(sources)),
        reports=len({m.telling.report.id for m in rows}),
        confidence=max((m.record.confidence for m in rows if m.record.confidence is not None), default=None),
        score=codebook.score(kind, modes) if kind in codebook.TYPES else None,
        contexts=_shared([m.contexts for m in rows]),
        claims=() if own_voice else _parties([m.record.attribution for m in rows]),
        denials=_parties([(e,) for e in denials]),
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


def _values(rows: Sequence[Member], field: str, of: Callable[[Event], T]) -> list[T]:
    """What the records say of a field: only those that a person corrected in it, where there are any."""
    judged = [m for m in rows if field in m.corrected]
    return [of(m.record) for m in judged or rows]


def _most(values: Sequence[T]) -> T:
    """The value that most have; of several, that of the first report."""
    counts = Counter(values)
    return max(values, key=lambda v: counts[v])


def _modes(rows: Sequence[Member], kind: str) -> tuple[str, ...]:
    """The modes that half of those give who give one of this type; where none is given so often, those of the first."""
    given = [e for e in _values(rows, "mode", lambda e: e.mode if e.type == kind else ()) if e]
    return _shared(given) or (given[0] if given else ())


def _shared(lists: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    counts = Counter(value for values in lists for value in set(values))
    return tuple(sorted(value for value, n in counts.items() if 2 * n >= len(lists)))


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


def _role(rows: Sequence[Member], field: str, of: Callable[[Event], tuple[Entity, ...]]) -> tuple[Party, ...]:
    """Who has a part; all whom a person named, where one corrected it."""
    judged = [m for m in rows if field in m.corrected]
    if not judged:
        return _parties([of(m.record) for m in rows])
    named = [Party(e.text, e.country, e.sector) for m in judged for e in of(m.record)]
    return tuple(dict.fromkeys(named))


def _parties(lists: Sequence[tuple[Entity, ...]]) -> tuple[Party, ...]:
    """Who the records name, the most often named first, each by the fullest words.

    Records that name one of a country are taken to name the same, whatever they make of the sector; where one record
    names two of a country, they stay two. Who is named without a country counts only where no record knows more.
    """
    known = any(e.country for entities in lists for e in entities)
    several = set()
    for entities in lists:
        pairs = {(e.country, e.sector) for e in entities}
        countries = Counter(country for country, _ in pairs)
        several |= {country for country, n in countries.items() if n > 1}
    groups: dict[tuple[str | None, str | None], list[Entity]] = {}
    for entities in lists:
        for entity in entities:
            if known and entity.country is None:
                continue
            key = entity.country, entity.sector if entity.country in several else ""
            groups.setdefault(key, []).append(entity)
    ordered = sorted(groups.values(), key=lambda named: -len(named))  # stable: ties as they were told
    enough = len(ordered[0]) / _OFTEN if ordered else 0
    return tuple(
        Party(
            _name([e.text for e in named]),
            named[0].country,
            _most([e.sector for e in named if e.sector] or [None]),
        )
        for named in ordered
        if len(named) >= enough
    )


def _name(texts: Sequence[str]) -> str:
    """The words that most reports use; of several the name before the description, and the fullest. A pronoun is
    nobody's name where there are other words."""
    counts = Counter(texts)
    return max(texts, key=lambda t: (t.casefold() not in _PRONOUNS, counts[t], t[:1].isupper(), len(t), t))


_PRONOUNS = frozenset("he her him his it its she that their them they this those we who whom".split())


def interval(date: str) -> tuple[str, str]:
    """The first and last day that a date of the codebook may mean, as ISO text that sorts."""
    first, _, last = date.partition("/")
    last = last or first
    return first + "-01-01"[len(first) - 4 :], last + "-12-31"[len(last) - 4 :]


def _date(dates: Sequence[str]) -> str | None:
    """The date that most agree with; of several, the most exact, then the most often told, then the first told."""
    if not dates:
        return None
    spans = {d: interval(d) for d in dates}
    counts = Counter(dates)

    def rank(date: str) -> tuple[int, int, int]:
        first, last = spans[date]
        agreeing = sum(n for d, n in counts.items() if spans[d][0] <= last and spans[d][1] >= first)
        return agreeing, _exactness(date), counts[date]

    return max(dates, key=rank)


def _exactness(date: str) -> int:
    """How much a date says: day 3, range of days 2, month 1, year 0."""
    return 2 if "/" in date else {10: 3, 7: 1}.get(len(date), 0)


def _place(places: Sequence[EventPlace | None]) -> EventPlace | None:
    """The place that most name, in the country that most name."""
    named = [p for p in places if p is not None]
    if not named:
        return None
    countries = [p.country for p in named if p.country]
    if countries:
        country = _most(countries)
        named = [p for p in named if p.country == country]
    return _most(named)
