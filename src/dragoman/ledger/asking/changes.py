"""Which pairs changed most against their own past."""

from __future__ import annotations

import calendar
import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import Connection, text

from dragoman.ledger import dyadrows, facets
from dragoman.ledger.asking.told import oldest
from dragoman.ledger.dyadrows import MILLION
from dragoman.ledger.store import Store
from dragoman.ledger.words import BadQuestion
from dragoman.record import Json

# Months of the past, with which a span is compared.
_MONTHS = 12
# A pair with fewer events in the span and in as much of its past says too little of a change.
_FEWEST = 3
# What one pair in a hundred would reach by chance, if nothing changed: chi square of two degrees of freedom.
_NOTABLE = 9.21
# Scores of a ledger spread by some points; a ledger of a few alike events is not taken to be more exact than that.
_LEAST_SPREAD = 1.0


@dataclass(frozen=True, slots=True)
class Change:
    """How one country's actors acted towards another's in the span, and in its past.

    ``events`` are those of the span, ``expected`` as many as its past has in so many days. ``score`` and ``past_score``
    are means of PLOVER scores, -10 to 10, None where none of the events has one. ``strength`` is what the list is
    sorted by (see :func:`changes`), ``reason`` says it in words, ``months`` are events of each month from the past's
    first to the span's last.
    """

    actor: str
    recipient: str
    events: int
    expected: float
    score: float | None
    past_score: float | None
    strength: float
    reason: str
    months: tuple[tuple[str, int], ...] = ()

    def to_dict(self) -> Json:
        row: Json = {name: getattr(self, name) for name in self.__slots__}
        return row | {"months": dict(self.months)}


@dataclass(frozen=True, slots=True)
class Changes:
    """The pairs that changed most from ``since`` to ``until``, against their past from ``past`` to the day before.

    ``past`` is None where the ledger has too little past to compare with: less than the span. ``events`` and
    ``expected`` are those of all pairs together: where a ledger takes in more than it did, all pairs seem to grow.
    """

    since: str
    until: str
    past: str | None
    events: int = 0
    expected: float = 0.0
    rows: tuple[Change, ...] = ()

    def to_dict(self) -> Json:
        row: Json = {name: getattr(self, name) for name in self.__slots__}
        return row | {"rows": [one.to_dict() for one in self.rows]}


@dataclass(slots=True)
class _Sums:
    events: int = 0
    scored: int = 0
    score: float = 0.0
    squares: float = 0.0
    months: dict[str, int] = field(default_factory=dict)

    def add(self, month: str, events: int, scored: int, score: float, squares: float) -> None:
        self.events += events
        self.scored += scored
        self.score += score
        self.squares += squares
        self.months[month] = self.months.get(month, 0) + events

    @property
    def mean(self) -> float | None:
        return round(self.score / self.scored, 6) if self.scored else None


Pair = tuple[str, str]


def changes(store: Store, since: str, until: str, *, limit: int = 10) -> Changes:
    """The pairs of countries whose events of a span differ most from what they had been, the most changed first.

    The past of a pair begins twelve whole months before the month of ``since`` (as many as the span has, for one of
    more than a year), or with the ledger's first report, and ends the day before ``since``. A pair's strength is the
    root of the sum of two measures, each near chi square with one degree of freedom where nothing changed:

    - of numbers, twice the log likelihood ratio of the counts in the two spans against one rate in both. Dunning
      (1993, Computational Linguistics 19:61) shows that it holds for counts far too small for a normal approximation,
      and what news tells of most pairs are such. It is divided by how much more the pair's months of the past vary
      than chance makes them, variance over mean, where that is above one: news comes in bursts (a quasi-Poisson
      dispersion; McCullagh and Nelder 1989, section 6.2), so that a restless pair must change more to be named;
    - of scores, the squared difference of the means over its variance, with the spread of the scores of all pairs.

    Named are pairs that reach 9.21, which one in a hundred does by chance, and that have three events in the span or
    in as many days of their past. Counted is what :func:`dragoman.ledger.asking.dyads` counts: what happened and is
    still told, an event without a date on the day of its first report, for each pair of its countries. What is dated
    less exactly than the month is left out, in the months that a span begins or ends amid less exactly than that part.

    Args:
        store: the ledger's storage.
        since: the first day of the span, ``YYYY-MM-DD``.
        until: the last day.
        limit: the most pairs.

    Raises:
        BadQuestion: for what is no day, and for a span that ends before it begins.
        LedgerError: when the ledger cannot be read.
    """
    try:
        first, last = date.fromisoformat(since), date.fromisoformat(until)
    except ValueError as error:
        raise BadQuestion(f"a span is of days such as 2022-02-25: {error}") from error
    if first > last:
        raise BadQuestion(f"since {since} comes after until {until}")
    days = (last - first).days + 1
    # Twelve months hold a year; of a longer span one more than it has, whatever days these have.
    begin = _months_before(first, _MONTHS if days <= 365 else math.ceil(days / 30) + 1)
    begun = oldest(store)
    if begun is not None:
        begin = max(begin, date.fromisoformat(begun))
    before = (first - begin).days
    if begun is None or before < days:
        return Changes(since, until, None)
    with store.reading() as connection:
        now = _summed(connection, first, last)
        past = _summed(connection, begin, first - timedelta(days=1))
    share = days / before
    spread = _spread([*now.values(), *past.values()])
    found = []
    for pair in sorted(now.keys() | past.keys()):
        new, old = now.get(pair, _Sums()), past.get(pair, _Sums())
        if max(new.events, old.events * share) < _FEWEST:
            continue
        months = _listed(old.months, begin, first - timedelta(days=1))
        strength = _counts_differ(new.events, old.events, days, before) / _restless([n for _, n in months])
        strength += _scores_differ(new, old, spread)
        if strength < _NOTABLE:
            continue
        found.append(
            Change(
                *pair,
                new.events,
                round(old.events * share, 2),
                new.mean,
                old.mean,
                round(math.sqrt(strength), 3),
                _reason(new, old, old.events * share, days, begin),
                _listed(
                    {m: old.months.get(m, 0) + new.months.get(m, 0) for m in {**old.months, **new.months}}, begin, last
                ),
            )
        )
    found.sort(key=lambda change: (-change.strength, change.actor, change.recipient))
    whole = sum(sums.events for sums in now.values())
    expected = sum(sums.events for sums in past.values()) * share
    return Changes(since, until, begin.isoformat(), whole, round(expected, 2), tuple(found[:limit]))


def _months_before(day: date, months: int) -> date:
    at = max(day.year * 12 + day.month - 1 - months, 12)
    return date(at // 12, at % 12 + 1, 1)


def _month_end(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def _summed(connection: Connection, first: date, last: date) -> dict[Pair, _Sums]:
    """The sums of all pairs of known countries from ``first`` to ``last``: whole months from the table that keeps them,
    the others event by event."""
    found: dict[Pair, _Sums] = {}
    if first.day > 1 and last <= _month_end(first):
        # The last month there is has no day after it.
        _add_days(connection, first, last, found)
        return found
    whole_first = first if first.day == 1 else _month_end(first) + timedelta(days=1)
    whole_last = last if last == _month_end(last) else last.replace(day=1) - timedelta(days=1)
    if whole_first <= whole_last:
        _add_months(connection, f"{whole_first:%Y-%m}", f"{whole_last:%Y-%m}", found)
        if first < whole_first:
            _add_days(connection, first, whole_first - timedelta(days=1), found)
        if whole_last < last:
            _add_days(connection, whole_last + timedelta(days=1), last, found)
    else:
        middle = _month_end(first)
        _add_days(connection, first, min(middle, last), found)
        if middle < last:
            _add_days(connection, middle + timedelta(days=1), last, found)
    return found


def _add_months(connection: Connection, first: str, last: str, found: dict[Pair, _Sums]) -> None:
    # Of the events of one pair, month and type, few differ in score: their mean stands for each.
    said = f"""SELECT actor, recipient, begins, sum(events), sum(scored), CAST(sum(score) AS bigint),
        sum(CASE WHEN scored > 0 THEN 1.0 * score * score / scored ELSE 0.0 END)
        FROM dyad WHERE begins BETWEEN :first AND :last AND ends = begins AND actor <> '' AND recipient <> ''
        AND dated <> {dyadrows.BACKGROUND} GROUP BY actor, recipient, begins"""
    for actor, recipient, month, events, scored, score, squares in connection.execute(
        text(said), {"first": first, "last": last}
    ).all():
        sums = found.setdefault((actor, recipient), _Sums())
        sums.add(month, events, scored, score / MILLION, float(squares) / MILLION**2)


def _add_days(connection: Connection, first: date, last: date, found: dict[Pair, _Sums]) -> None:
    # An event known to the month ends on the 31st, whatever month it is: it belongs to no part of a month.
    said = """SELECT pairs, count(*), count(score), coalesce(sum(score), 0), coalesce(sum(score * score), 0)
        FROM event WHERE nr BETWEEN :low AND :high AND until <= :last AND factuality = 'actual'
        AND state <> 'retracted' AND NOT (dated = 'none' AND historical) GROUP BY pairs ORDER BY pairs"""
    values = {"low": facets.bound(first.isoformat()), "high": facets.after(last.isoformat()) - 1}
    for pairs, events, scored, score, squares in connection.execute(
        text(said), values | {"last": last.isoformat()}
    ).all():
        for pair in pairs.split(" "):
            actor, _, recipient = pair.partition(">")
            if actor and recipient:
                found.setdefault((actor, recipient), _Sums()).add(f"{first:%Y-%m}", events, scored, score, squares)


def _listed(months: dict[str, int], first: date, last: date) -> tuple[tuple[str, int], ...]:
    """The events of each month from ``first`` to ``last``, those without any too."""
    numbers = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    names = (f"{at // 12:04}-{at % 12 + 1:02}" for at in numbers)
    return tuple((name, months.get(name, 0)) for name in names)


def _counts_differ(new: int, old: int, days: int, before: int) -> float:
    """Twice the log likelihood ratio of two counts in so many days each, against one rate in both."""
    both, share = new + old, days / (days + before)
    terms = ((n, both * part) for n, part in ((new, share), (old, 1 - share)) if n)
    return 2 * sum(n * math.log(n / expected) for n, expected in terms)


def _restless(months: list[int]) -> float:
    """How much more counts vary than chance makes them: 1 or more."""
    mean = sum(months) / len(months)
    if len(months) < 2 or not mean:
        return 1.0
    return max(1.0, sum((n - mean) ** 2 for n in months) / (len(months) - 1) / mean)


def _spread(sums: Iterable[_Sums]) -> float:
    """The variance of the scores of all pairs."""
    listed = list(sums)
    scored = sum(s.scored for s in listed)
    if not scored:
        return _LEAST_SPREAD
    mean = sum(s.score for s in listed) / scored
    return max(_LEAST_SPREAD, sum(s.squares for s in listed) / scored - mean**2)


def _scores_differ(new: _Sums, old: _Sums, spread: float) -> float:
    if new.scored < _FEWEST or old.scored < _FEWEST:
        return 0.0
    difference = new.score / new.scored - old.score / old.scored
    return difference**2 / (spread * (1 / new.scored + 1 / old.scored))


_SPANS = {1: "a day", 7: "a week", 28: "a month", 29: "a month", 30: "a month", 31: "a month", 365: "a year"}


def _reason(new: _Sums, old: _Sums, expected: float, days: int, begin: date) -> str:
    told = f"{new.events or 'no'} event{'' if new.events == 1 else 's'}"
    since = f"since {begin:%B} {begin.year}"
    if not old.events:
        return f"{told}, the first {since}"
    usual = f"{expected:.0f}" if expected >= 10 else f"{expected:.1f}" if expected >= 0.05 else "less than 0.1"
    said = f"{told} against {usual} {_SPANS.get(days, f'in {days} days')} {since}"
    if new.mean is not None and old.mean is not None:
        said += f"; score {_signed(new.mean)} against {_signed(old.mean)}"
    return said


def _signed(score: float) -> str:
    return f"{score:+.1f}".replace("-", "\N{MINUS SIGN}")
