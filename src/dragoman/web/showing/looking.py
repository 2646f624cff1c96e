"""The review queue as a page shows it: records with their words marked, and what the address says to look at."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from starlette.datastructures import QueryParams

from dragoman.ledger import Ledger, LedgerEvent, Telling
from dragoman.ledger.asking import Look, Review
from dragoman.ledger.asking.review import KINDS
from dragoman.web.asked import filters_of
from dragoman.web.showing.marking import Mark, Piece, pieces

COOKIE = "skipped"
"""The cookie in which a browser keeps what its visitor skipped."""
# Keys of skipped looks that are remembered: a cookie holds 4,096 characters, a key has 16 or 33.
MOST_SKIPPED = 100
# Records that a page holds: the first is shown, the others wait, so that a decision shows the next at once.
AT_ONCE = 6
# Sentences of a record that are shown; few have more.
_SENTENCES = 4
_KEY = re.compile(r"[\w:-]{1,64}(?:~[\w:-]{1,64})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a report, cut where its marks begin and end."""

    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Side:
    """An event of a look: the telling that shows it, with its sentences."""

    event: LedgerEvent
    telling: Telling
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A look, its event and, of two that may be one, the other; ``ties`` are the reasons that speak for one.

    ``countries`` are guesses for a party without one: of the place and of those it deals with.
    """

    look: Look
    sides: tuple[Side, ...]
    ties: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()


def keys(joined: str) -> tuple[str, ...]:
    """The keys in a cookie or parameter, joined by full stops; what is none is passed over."""
    return tuple(key for key in joined.split(".") if _KEY.fullmatch(key))


def with_key(joined: str, key: str) -> str:
    """A cookie's keys with one more, the oldest of too many left out."""
    return ".".join([*(k for k in keys(joined) if k != key), *keys(key)][-MOST_SKIPPED:])


def without_key(joined: str, key: str) -> str:
    """A cookie's keys without one."""
    return ".".join(k for k in keys(joined) if k != key)


def queue(ledger: Ledger, given: QueryParams, skip: Sequence[str]) -> tuple[Review, list[Shown]]:
    """The first looks that an address asks for. Raises BadQuestion for filters or kinds that there are none of."""
    kinds = [kind for value in given.getlist("why") for kind in value.split(",") if kind] or KINDS
    found = ledger.review(filters_of(given), limit=AT_ONCE, kinds=kinds, skip=skip)
    return found, [_shown(ledger, look) for look in found.looks]


def _shown(ledger: Ledger, look: Look) -> Shown:
    sides = tuple(_side(event) for event in (look.event, look.twin) if event is not None)
    ties: tuple[str, ...] = ()
    if look.twin is not None:
        tied = [join for join in ledger.joins(look.event.id) if join.event == look.twin.id and join.kind == "same"]
        ties = max(tied, key=lambda join: join.score).reasons if tied else ()
    return Shown(look, sides, ties, tuple(_countries(look)) if look.party else ())


def _countries(look: Look) -> list[str]:
    event = look.event
    near = [event.place.country if event.place else None, *(p.country for p in (*event.actor, *event.recipient))]
    return list(dict.fromkeys(country for country in near if country))[:4]


def _side(event: LedgerEvent) -> Side:
    # The surest record shows an event best; the first of equally sure ones.
    telling = max(event.tellings, key=lambda t: t.record.confidence or 0.0)
    return Side(event, telling, tuple(_sentences(telling)))


def _sentences(telling: Telling) -> Iterator[Sentence]:
    record = telling.record
    named = [(e, "actor") for e in record.actor] + [(e, "recipient") for e in record.recipient]
    marks = [Mark(e.start, e.end, role) for e, role in named]
    marks += [Mark(m.trigger.start, m.trigger.end, "trigger") for m in record.mentions]
    # A sentence that names the event twice is shown once.
    told = {(m.start, m.end): text for m, text in zip(record.mentions, telling.evidence, strict=False) if text}
    for (start, _), sentence in list(told.items())[:_SENTENCES]:
        own = list(marks)
        at = sentence.find(record.place.text) if record.place and record.place.text else -1
        if record.place and at >= 0:
            own.append(Mark(start + at, start + at + len(record.place.text), "place"))
        yield Sentence(tuple(pieces(sentence, own, offset=start)))
