"""What a question may ask of an event, as words of the full-text index.

Type, parties, place, state and the rest each become a word such as ``a0usa`` (an actor of the United States) in the
column ``facets``. The index then answers any mix of them, and of the words of reports, by one look-up that costs as
much as the rarest of them; tables of parties and modes with an index for each would make some mixes read them whole.
Measured with a million events: see ``benchmarks/ledger_scale.py``.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from dragoman.ledger.model import LedgerEvent, Party
from dragoman.ledger.words import STOP, stems

TYPE, MODE, CONTEXT, PLACE, STATE, FACTUALITY = "t", "m", "c", "p", "s", "f"
ACTOR, RECIPIENT, CLAIM, DENIAL, PAIR = "a", "r", "w", "x", "d"
HISTORICAL, DATED, SPAN, SOURCES, CONFIDENCE, REPORTED = "h", "k", "z", "n", "q", "y"
ACTOR_NAME, RECIPIENT_NAME = "i", "o"

# Types whose records name all parties as actors when the act is mutual: talks, deals, trade, clashes (codebook,
# section 2). Several actors of another type, with no recipient, act together.
MUTUAL = frozenset({"AGREE", "ASSAULT", "CONSULT", "COOPERATE"})
# From so many independent sources on, events share one word; few have as many.
MANY_SOURCES = 20
# Years of reports outside of these share the word of the nearest.
FIRST_YEAR, LAST_YEAR = 1900, 2100
# A range of more years than these has one word for all of them.
LONG_YEARS = 100
EVER = "ever"

_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_PLAIN = re.compile(r"[^a-z0-9]+")
# A day takes 22 bits up to the year 9999; 41 more are left of the 63 that a database's number has.
_BITS = 41
HIGHEST = (1 << 63) - 1


@lru_cache(maxsize=200_000)
def word(facet: str, *values: str) -> str:
    """The word for a facet's value or values: ``word(ACTOR, "USA", "GOV")`` is ``a0usa0gov``."""
    return f"{facet}0" + "0".join(_PLAIN.sub("", value.lower()) for value in values)


def bound(day: str) -> int:
    """The lowest number of an event of ``day``; of one without a day for an empty text."""
    found = _DAY.fullmatch(day)
    if found is None:
        return 0
    year, month, of_month = (int(part) for part in found.groups())
    return (year * 372 + (month - 1) * 31 + of_month) << _BITS


def after(day: str) -> int:
    """The lowest number of an event after ``day``."""
    return bound(day) + (1 << _BITS)


def number(day: str, id: str) -> int:
    """The number of an event's row: numbers sort as days do, and within a day by a hash of the id.

    Two events of one day share a number once in about ``2 ** 41`` pairs; the second then takes the next that is free.
    """
    digest = hashlib.sha256(id.encode("utf-8", "surrogatepass")).digest()
    return bound(day) + (int.from_bytes(digest[:8], "big") >> (64 - _BITS))


def is_mutual(event: LedgerEvent) -> bool:
    """Whether the actors act towards each other."""
    return event.type in MUTUAL and not event.recipient and len(event.actor) > 1


def pairs(event: LedgerEvent) -> list[tuple[str, str]]:
    """The countries of who acts towards whom, each pair once, sorted; an empty text where one is not known.

    In a mutual act each party acts towards each other one.
    """
    if is_mutual(event):
        actors = [p.country or "" for p in event.actor]
        return sorted({(a, b) for i, a in enumerate(actors) for j, b in enumerate(actors) if i != j})
    sides = ({p.country or "" for p in named} or {""} for named in (event.actor, event.recipient))
    actors_, recipients = sides
    return sorted({(a, r) for a in actors_ for r in recipients})


def facets(event: LedgerEvent, dated: str, day: str, until: str) -> list[str]:
    """All words of an event's facets, each once, sorted."""
    recipients = event.actor if is_mutual(event) else event.recipient
    found = {word(TYPE, event.type), word(FACTUALITY, event.factuality), word(STATE, event.state)}
    found |= {word(HISTORICAL, "yes" if event.historical else "no"), word(DATED, dated)}
    found |= {word(MODE, m) for m in event.mode} | {word(CONTEXT, c) for c in event.contexts}
    for facet, named in (
        (ACTOR, event.actor),
        (RECIPIENT, recipients),
        (CLAIM, event.claims),
        (DENIAL, event.denials),
    ):
        found |= {w for party in named for w in _party(facet, party)}
    found |= {w for party in event.actor for w in name_words(ACTOR_NAME, party.text)}
    found |= {w for party in recipients for w in name_words(RECIPIENT_NAME, party.text)}
    found |= {word(PAIR, a, b) for a, b in pairs(event) if a and b}
    if event.place and event.place.country:
        found.add(word(PLACE, event.place.country))
    found.add(word(SOURCES, str(min(event.sources, MANY_SOURCES))))
    found |= set(confidence_words(event.confidence)) | set(reported_words(event.reported))
    found |= set(span_words(day, until))
    return sorted(found)


def _party(facet: str, party: Party) -> Iterator[str]:
    if party.country:
        yield word(facet, party.country)
    if party.sector:
        yield word(facet, "", party.sector)
    if party.country and party.sector:
        yield word(facet, party.country, party.sector)


def name_words(facet: str, name: str) -> list[str]:
    """The words of a party's name, such as ``i0arakan``, without those too frequent to tell anything."""
    return [word(facet, stem) for stem in stems(" ".join(w for w in name.split() if w.casefold() not in STOP))]


def confidence_words(confidence: float | None) -> list[str]:
    """Tenth, hundredth and thousandth that a confidence lies in: ``q09``, ``q095``, ``q0951``."""
    if confidence is None:
        return [word(CONFIDENCE, "none")]
    digits = f"{min(999, max(0, int(confidence * 1000))):03}"
    return [word(CONFIDENCE, digits[:n]) for n in (1, 2, 3)]


def reported_words(reported: str | None) -> list[str]:
    """Year and month of the first report."""
    found = _DAY.match(reported or "")
    if found is None:
        return [word(REPORTED, "none")]
    year = min(max(int(found[1]), FIRST_YEAR), LAST_YEAR)
    return [word(REPORTED, str(year)), word(REPORTED, f"{year}{found[2]}")]


def span_words(day: str, until: str) -> Iterable[str]:
    """Words of the years and months that several days lie in, whole years as one; none for a single day.

    A question that begins amid such days finds them by the words of its first day (see :func:`spanning`).
    """
    first, last = _DAY.fullmatch(day), _DAY.fullmatch(until)
    if first is None or last is None or until <= day:
        return []
    if int(last[1]) - int(first[1]) > LONG_YEARS:
        return [word(SPAN, EVER)]
    found = []
    for year in range(int(first[1]), int(last[1]) + 1):
        begin = int(first[2]) if year == int(first[1]) else 1
        end = int(last[2]) if year == int(last[1]) else 12
        whole = (begin, end) == (1, 12) and (year > int(first[1]) or first[3] == "01")
        whole = whole and (year < int(last[1]) or int(last[3]) >= 31)
        found += [str(year)] if whole else [f"{year}{month:02}" for month in range(begin, end + 1)]
    return [word(SPAN, value) for value in found]


def spanning(day: str) -> list[str]:
    """The words of all spans of days that ``day`` may lie in."""
    return [word(SPAN, day[:4]), word(SPAN, day[:4] + day[5:7]), word(SPAN, EVER)]
