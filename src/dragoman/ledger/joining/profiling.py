"""What of a record is compared: small enough to be kept beside it, so that the report's text is not needed again."""

from __future__ import annotations

import base64
import math
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np

from dragoman import places
from dragoman.ledger.joining import dates
from dragoman.ledger.joining.sites import Site, site
from dragoman.ledger.joining.words import WORD, Word, number, table, word
from dragoman.record import Document, Entity, Event, Factuality, Json

# How many words and names of a report, words of a record's sentences and countries of a report are kept: a profile then
# takes about a kilobyte.
TERMS, NAMES, SENTENCE, COUNTRIES = 20, 12, 24, 4
# How many vectors a record has, beside its report's.
VECTORS = 3
# Words on either side of the trigger that are taken to be of the event rather than of the sentence.
NEAR = 7
# A word in a fifth of all reports or more tells nothing.
LEAST_WEIGHT = 1.6
_MONTH = re.compile(
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?)\Z"
)


class Party(NamedTuple):
    """Who acts, is acted upon or speaks: codes, and the words that tell anything."""

    country: str | None
    sector: str | None
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Setting:
    """What of a report is compared: the same for all its records.

    ``report`` is the document's id and ``published`` its day (ISO 8601), None where it is not known. ``terms`` are the
    words that set it off most from other reports, ``names`` those of what it spells with a capital, and ``countries``
    those of the places that it names, each the weightiest first. ``vector`` is what its terms are near in meaning, one
    byte a dimension.
    """

    report: str
    published: str | None
    terms: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    vector: bytes = b""


@dataclass(frozen=True, slots=True)
class Profile:
    """What of a record is compared.

    ``source`` is on whose word it rests. ``words`` are those of its sentences and ``near`` those around its trigger,
    the rarest first and one of each stem; ``names`` those with a capital, ``numbers`` those that are neither dates nor
    years. ``alike`` counts the other records of its type in the report and ``lead`` is where it stands in it, from 0
    to 1. ``vectors`` are what the words near the trigger, the trigger and the parties are near in meaning, one after
    the other, one byte a dimension.
    """

    setting: Setting
    type: str
    mode: tuple[str, ...] = ()
    actor: tuple[Party, ...] = ()
    recipient: tuple[Party, ...] = ()
    source: tuple[Party, ...] = ()
    factuality: Factuality = "actual"
    historical: bool = False
    date: str | None = None
    site: Site | None = None
    trigger: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    numbers: tuple[float, ...] = ()
    alike: int = 0
    lead: float = 0.0
    vectors: bytes = b""

    @property
    def window(self) -> dates.Window:
        """The days on which the event can have been."""
        return dates.window(self.date, dates.published(self.setting.published), self.factuality, self.historical)

    def to_dict(self) -> Json:
        """Small JSON from which :meth:`from_dict` makes the same profile; what is empty is left out."""
        s = self.setting
        row: Json = {"report": s.report, "published": s.published, "type": self.type}
        for name in ("terms", "names", "countries"):
            if getattr(s, name):
                row[f"all_{name}"] = list(getattr(s, name))
        for name in ("mode", "trigger", "near", "words", "names", "numbers"):
            if getattr(self, name):
                row[name] = list(getattr(self, name))
        for name in ("actor", "recipient", "source"):
            if getattr(self, name):
                row[name] = [[p.country, p.sector, " ".join(p.words)] for p in getattr(self, name)]
        if self.factuality != "actual":
            row["factuality"] = self.factuality
        if self.historical:
            row["historical"] = True
        if self.date is not None:
            row["date"] = self.date
        if self.site is not None:
            row["site"] = list(self.site)
        if self.alike:
            row["alike"] = self.alike
        if self.lead:
            row["lead"] = self.lead
        row["vectors"] = base64.b85encode(self.vectors + s.vector).decode()
        return row

    @classmethod
    def from_dict(cls, row: Json) -> Self:
        """The profile that ``to_dict`` wrote."""

        def texts(name: str) -> tuple[str, ...]:
            return tuple(row.get(name, ()))

        def parties(name: str) -> tuple[Party, ...]:
            return tuple(Party(c, s, tuple(w.split())) for c, s, w in row.get(name, ()))

        vectors, place = base64.b85decode(row["vectors"]), row.get("site")
        size = len(vectors) // (VECTORS + 1) * VECTORS
        settings = texts("all_terms"), texts("all_names"), texts("all_countries")
        return cls(
            setting=Setting(row["report"], row["published"], *settings, vectors[size:]),
            type=row["type"],
            mode=texts("mode"),
            actor=parties("actor"),
            recipient=parties("recipient"),
            source=parties("source"),
            factuality=row.get("factuality", "actual"),
            historical=row.get("historical", False),
            date=row.get("date"),
            site=Site(*place) if place else None,
            trigger=texts("trigger"),
            near=texts("near"),
            words=texts("words"),
            names=texts("names"),
            numbers=tuple(row.get("numbers", ())),
            alike=row.get("alike", 0),
            lead=row.get("lead", 0.0),
            vectors=vectors[:size],
        )


class _Token(NamedTuple):
    start: int
    text: str
    word: Word
    name: bool
    number: float | None


def profiles(document: Document, events: Sequence[Event]) -> list[Profile]:
    """The profile of each record of a document, in their order.

    The document must have its text; its title and date of publication are used where it has them.
    """
    if not events:
        return []
    tokens = _tokens(document.text)
    mentions = places.find(document.text)
    setting = _setting(document, tokens, mentions)
    counts = Counter((e.type, e.factuality == "negated") for e in events)
    told = [_told(e, tokens, counts[e.type, e.factuality == "negated"] - 1) for e in events]
    return [_coded(Profile(setting, e.type), e, mentions, t) for e, t in zip(events, told, strict=True)]


def revised(p: Profile, event: Event) -> Profile:
    """The profile of a record that people have corrected: what is coded is that of ``event``, the words stay."""
    told = _Told(p.trigger, p.near, p.words, p.names, p.numbers, p.alike, p.lead)
    return _coded(p, event, (), told)


def profile(document: Document, event: Event) -> Profile:
    """The profile of one record, as if it were the only one of its report."""
    return profiles(document, [event])[0]


def _tokens(text: str) -> list[_Token]:
    raw = [(m.start(), m.group()) for m in WORD.finditer(text)]
    plain = {t for _, t in raw if t[0].islower()}
    found = []
    for n, (start, t) in enumerate(raw):
        value = number(t)
        if value is not None and t[0].isdigit():
            around = [raw[i][1] for i in (n - 1, n + 1) if 0 <= i < len(raw)]
            if any(map(_MONTH.match, around)) or (1900 <= value <= 2100 and "," not in t):
                value = None
        found.append(_Token(start, t, word(t), t[0].isupper() and t.lower() not in plain, value))
    return found


def _setting(document: Document, tokens: list[_Token], mentions: Sequence[places.PlaceMention]) -> Setting:
    titled = [(w, word(w)) for w in WORD.findall(document.title)]
    told = [(t.text, t.word) for t in tokens]
    terms = _ranked([*titled, *told], TERMS)
    names = _ranked([(t.text, t.word) for t in tokens if t.name], NAMES)
    countries = Counter(m.country for m in mentions if m.country)
    most = tuple(sorted(countries, key=lambda c: (-countries[c], c))[:COUNTRIES])
    day = document.published[:10] if document.published and dates.published(document.published) is not None else None
    meaning = vector([(w, w.weight) for w in map(word, terms)])
    return Setting(document.id, day, tuple(t.lower() for t in terms), names, most, meaning)


def _ranked(words: Iterable[tuple[str, Word]], most: int) -> tuple[str, ...]:
    """The words that tell most of a text, one of each stem, by how rare they are and how often they stand there."""
    counts = Counter(w for _, w in words)
    first = {w: t for t, w in reversed(list(words))}
    some = [(-w.weight * (1 + math.log(n)), w.stem, w) for w, n in counts.items() if tells(w)]
    return tuple(first[w] for *_, w in sorted(some)[:most])


class _Told(NamedTuple):
    trigger: tuple[str, ...]
    near: tuple[str, ...]
    words: tuple[str, ...]
    names: tuple[str, ...]
    numbers: tuple[float, ...]
    alike: int
    lead: float


def _told(e: Event, tokens: list[_Token], alike: int) -> _Told:
    """A record's words."""
    inside: list[_Token] = []
    near: list[_Token] = []
    trigger: list[_Token] = []
    for m in e.mentions:
        here = tokens[bisect_left(tokens, (m.start,)) : bisect_left(tokens, (m.end,))]
        named = [n for n, t in enumerate(here) if m.trigger.start <= t.start < m.trigger.end]
        inside += here
        trigger += [here[n] for n in named]
        if named:
            near += here[max(0, named[0] - NEAR) : named[-1] + NEAR + 1]
    end = tokens[-1].start if tokens else 0
    return _Told(
        tuple(sorted({t.text.lower() for t in trigger})),
        _rarest(near),
        _rarest(inside),
        tuple(sorted({t.text for t in inside if t.name and tells(t.word)})),
        tuple(sorted({t.number for t in inside if t.number is not None})),
        alike,
        round(min((m.start for m in e.mentions), default=0) / max(1, end), 2),
    )


def _coded(p: Profile, e: Event, mentions: Sequence[places.PlaceMention], told: _Told) -> Profile:
    actor, recipient = _parties(e.actor), _parties(e.recipient)
    return Profile(
        setting=p.setting,
        type=e.type,
        mode=e.mode,
        actor=actor,
        recipient=recipient,
        source=_parties(e.attribution),
        factuality=e.factuality,
        historical=e.historical,
        date=e.date,
        site=site(e.place, mentions) if e.place else None,
        vectors=vectors(told.near, told.trigger, actor, recipient),
        **told._asdict(),
    )


def vectors(near: Sequence[str], trigger: Sequence[str], actor: Sequence[Party], recipient: Sequence[Party]) -> bytes:
    """A record's vectors, from the words that its profile holds."""
    named = [word(w) for w in trigger]
    beside = dict.fromkeys([*map(word, near), *named])
    weighed = [(w, w.weight * (2 if w in named else 1)) for w in beside]
    parties = [(w, w.weight) for x in (*actor, *recipient) for w in map(word, x.words)]
    return vector(weighed) + vector([(w, w.weight) for w in named]) + vector(parties)


def tells(w: Word) -> bool:
    """Whether a word is no number and stands in few enough texts to tell anything."""
    return w.weight > LEAST_WEIGHT and w.stem[:1].isalpha()


def _rarest(tokens: Iterable[_Token]) -> tuple[str, ...]:
    """The words that tell anything, the rarest first, one of each stem."""
    some = {t.word: t.text.lower() for t in tokens if tells(t.word)}
    return tuple(some[w] for w in sorted(some, key=lambda w: (-w.weight, w.stem))[:SENTENCE])


def _parties(entities: Iterable[Entity]) -> tuple[Party, ...]:
    return tuple(
        Party(e.country, e.sector, tuple(sorted({w.lower() for w in WORD.findall(e.text) if tells(word(w))})))
        for e in entities
    )


def vector(weighed: Sequence[tuple[Word, float]]) -> bytes:
    """The weighted mean of the words' vectors, of length 1 in steps of 1/127; zeros where no word has one."""
    known = table().vectors
    some = [(w.row, much) for w, much in weighed if w.row >= 0]
    if not some:
        return bytes(known.shape[1])
    rows, much = zip(*some, strict=True)
    # Not by a product of matrices, whose last digit is another on another machine.
    total = (known[list(rows)] * np.array(much)[:, None]).sum(0)
    length = float(np.sqrt((total * total).sum())) or 1.0
    steps: bytes = np.round(total * (127 / length)).astype(np.int8).tobytes()
    return steps
