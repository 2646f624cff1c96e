"""From an item of the source to a document with event records: strings located, codes and dates checked.

The rules on codes, dates and factuality are the codebook's; each holds for every record of ``gold/train``.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

from dragoman.codebook import CONTEXTS, COUNTRIES, MODES, SECTORS, TYPES
from dragoman.language import parse
from dragoman.learning.coded import occurrences
from dragoman.record import FACTUALITIES, Document, Entity, Event, EventPlace, Factuality, Mention, Span
from training.corpus.items import Item, Phrase, Problem, Told

# Codebook, section 1: background is what happened more than this many days before publication.
HISTORICAL_DAYS = 31
# Codebook, section 6: announced for the future, these are promises and become the type named here.
PROMISED = {
    "CONSULT": "AGREE",
    "SUPPORT": "AGREE",
    "COOPERATE": "AGREE",
    "AID": "AGREE",
    "RETREAT": "CONCEDE",
}

_ARTICLE = re.compile(r"(?:the|an?)\s", re.IGNORECASE)
_DATE = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?", re.ASCII)
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_WEEKDAY = re.compile(rf"\b({'|'.join(_WEEKDAYS)})s?\b")
# With any of these beside it, a weekday may be another event's, or only what a date is counted from.
_OTHER_TIME = re.compile(
    r"\d|\b(?:after|ago|before|day|days|earlier|eve|following|later|month|next|night|overnight|since|then|today"
    r"|tomorrow|until|week|weekend|yesterday|previous|same)\b",
    re.IGNORECASE,
)
_WRAPPED = re.compile(r"[a-z,;]\n[a-z]")


@dataclass(frozen=True, slots=True)
class Built:
    """An item's document and records, the number of its sentences, and what is wrong with it.

    ``events`` holds the records without a problem only: a caller that needs them all must look at
    ``problems``.
    """

    item: Item
    document: Document
    events: tuple[Event, ...]
    sentences: int
    problems: tuple[Problem, ...]


def date_bounds(date: str) -> tuple[dt.date, dt.date]:
    """The first and the last day of a date of the codebook: day, month, year, or a range of two of these.

    Raises ValueError for anything else, for a day that does not exist and for a range that runs backwards.
    """
    first, slash, last = date.partition("/")
    bounds = _days(first)[0], _days(last if slash else first)[1]
    if bounds[0] > bounds[1]:
        raise ValueError("the range runs backwards")
    return bounds


@lru_cache(maxsize=4096)
def _days(date: str) -> tuple[dt.date, dt.date]:
    if not _DATE.fullmatch(date):
        raise ValueError("not of the form 2023-11-09, 2023-11, 2023 or a range with /")
    year, month, day = ([int(p) for p in date.split("-")] + [0, 0])[:3]
    first = dt.date(year, month or 1, day or 1)
    if day:
        return first, first
    month = month or 12
    return first, dt.date(year, month, calendar.monthrange(year, month)[1])


def build(item: Item) -> Built:
    """The records of one item, with every problem found on the way."""
    return _Builder(item).build()


class _Builder:
    """The work on one item."""

    def __init__(self, item: Item) -> None:
        self.item = item
        self.text = item.text
        self.document = Document(text=item.text, published=item.published, id=item.id)
        self.problems: list[Problem] = []
        self.sentences: list[Span] = []

    def report(self, message: str, note: bool = False) -> None:
        self.problems.append(Problem(self.item.file, self.item.line, self.item.id, message, note))

    def build(self) -> Built:
        parsed = parse(self.document)
        self.sentences = [s.span for s in parsed.sentences]
        for context in self.item.contexts:
            if context not in CONTEXTS:
                self.report(f"unknown context {context!r}")
        if _WRAPPED.search(self.text):
            self.report("a line breaks inside a paragraph; each paragraph must be one line")
        events: list[Event] = []
        for n, told in enumerate(self.item.events, 1):
            before = sum(not p.note for p in self.problems)
            event = self._event(told, f"event {n} ({told.type} {told.trigger[0].words!r})")
            if event is None or sum(not p.note for p in self.problems) > before:
                continue
            if any(_same_record(event, other) for other in events):
                self.report(f"event {n} ({told.type}) repeats an earlier record")
                continue
            events.append(event)
        return Built(self.item, self.document, tuple(events), len(self.sentences), tuple(self.problems))

    def _event(self, told: Told, name: str) -> Event | None:
        self._check_codes(told, name)
        self._check_date(told, name)
        mentions = self._mentions(told, name)
        if not mentions:
            return None
        self._check_weekday(told, mentions[0], name)
        roles = []
        for role, phrases in (("actor", told.actor), ("recipient", told.recipient), ("by", told.by)):
            entities = [e for p in phrases if (e := self._entity(p, mentions, f"{name}: {role}"))]
            if len(set(entities)) < len(entities):
                self.report(f"{name}: {role} has the same entity twice")
            roles.append(tuple(entities))
        if not told.actor and not told.recipient:
            self.report(f"{name}: has neither actor nor recipient; does the text name none?", note=True)
        place = None
        if told.place and self._find(told.place, mentions, f"{name}: place"):
            place = EventPlace(told.place.words, told.place.country)
        return Event(
            type=told.type,
            mode=told.modes,
            actor=roles[0],
            recipient=roles[1],
            factuality=cast(Factuality, told.fact),
            historical=told.hist,
            date=told.date,
            place=place,
            attribution=roles[2],
            mentions=tuple(mentions),
        ).identified(self.item.id)

    def _check_codes(self, told: Told, name: str) -> None:
        if told.type not in TYPES:
            self.report(f"{name}: unknown type")
        else:
            for mode in told.modes:
                if mode not in MODES[told.type]:
                    self.report(f"{name}: {told.type} has no mode {mode!r}")
        if len(set(told.modes)) < len(told.modes):
            self.report(f"{name}: a mode stands twice")
        if told.fact not in FACTUALITIES:
            self.report(f"{name}: fact {told.fact!r} is none of {', '.join(FACTUALITIES)}")
        elif told.fact == "future" and told.type in PROMISED:
            self.report(f"{name}: a future {told.type} is {PROMISED[told.type]}, actual (codebook, section 6)")
        for phrase in (*told.actor, *told.recipient, *told.by):
            self._check_country(phrase, name)
            if phrase.sector is not None and phrase.sector not in SECTORS:
                self.report(f"{name}: {phrase.words!r}: unknown sector {phrase.sector!r}")
            if _ARTICLE.match(phrase.words):
                self.report(f"{name}: {phrase.words!r} begins with an article")
        if told.place:
            self._check_country(told.place, name, state=True)

    def _check_country(self, phrase: Phrase, name: str, state: bool = False) -> None:
        if phrase.country is None:
            return
        country = COUNTRIES.get(phrase.country)
        if country is None:
            self.report(f"{name}: {phrase.words!r}: unknown country {phrase.country!r}")
        elif country.coded_as != country.code:
            self.report(f"{name}: {phrase.words!r}: {country.code} is coded as {country.coded_as}")
        elif state and country.kind == "international":
            self.report(f"{name}: place {phrase.words!r} has {country.code}: give a state, or - where it lies in none")

    def _check_date(self, told: Told, name: str) -> None:
        if told.date is None:
            return
        try:
            first, last = date_bounds(told.date)
        except ValueError as error:
            self.report(f"{name}: date {told.date!r}: {error}")
            return
        published = dt.date.fromisoformat(self.item.published)
        if last < published - dt.timedelta(days=HISTORICAL_DAYS) and not told.hist:
            self.report(f"{name}: {told.date} is over {HISTORICAL_DAYS} days before publication: hist: true")
        if first > published and told.fact == "actual":
            self.report(f"{name}: {told.date} is after publication, yet the event is actual")

    def _check_weekday(self, told: Told, mention: Mention, name: str) -> None:
        """Whether a day's date falls on the weekday that its sentence names, where it names no other time."""
        if told.date is None or len(told.date) != len("2023-11-09"):
            return
        sentence = self.text[mention.start : mention.end]
        named = set(_WEEKDAY.findall(sentence))
        if len(named) != 1 or _OTHER_TIME.search(sentence):
            return
        try:
            weekday = _WEEKDAYS[dt.date.fromisoformat(told.date).weekday()]
        except ValueError:
            return
        if weekday not in named:
            self.report(f"{name}: {told.date} is a {weekday}, the sentence says {named.pop()}", note=True)

    def _sentence(self, span: Span) -> Span | None:
        return next((s for s in self.sentences if s.start <= span.start and span.end <= s.end), None)

    def _occurrences(self, phrase: Phrase, name: str) -> list[Span]:
        """All places where the phrase may be meant; empty, and reported, where there is none."""
        spans = occurrences(self.text, phrase.words)
        if not spans:
            where = "only inside other words" if phrase.words in self.text else "not in the text"
            self.report(f"{name}: {phrase.words!r} stands {where}")
        elif phrase.nth is not None:
            if phrase.nth > len(spans):
                self.report(f"{name}: {phrase.words!r} stands {len(spans)} times, not {phrase.nth}")
                return []
            span = spans[phrase.nth - 1]
            inside = self.text.count(phrase.words, 0, span.end)
            if inside != phrase.nth:
                self.report(
                    f"{name}: {phrase.words!r}#{phrase.nth} counts whole words only;"
                    f" with parts of words the same place would be #{inside}",
                    note=True,
                )
            return [span]
        return spans

    def _mentions(self, told: Told, name: str) -> list[Mention]:
        mentions: list[Mention] = []
        for phrase in told.trigger:
            spans = self._occurrences(phrase, f"{name}: trigger")
            if not spans:
                continue
            trigger = spans[0]
            sentence = self._sentence(trigger)
            if sentence is None:
                self.report(f"{name}: trigger {phrase.words!r} does not lie within one sentence")
                continue
            if len(spans) > 1 and len(told.trigger) == 1:
                self._check_first(told, phrase, spans, name)
            mentions.append(Mention(sentence.start, sentence.end, trigger))
        starts = [(m.trigger.start, m.trigger.end) for m in mentions]
        if len(set(starts)) < len(starts):
            self.report(f"{name}: a trigger stands twice (word#2 is the second occurrence)")
        elif starts != sorted(starts):
            self.report(f"{name}: the triggers are not in the order of the text (word#2 is the second occurrence)")
        return mentions

    def _check_first(self, told: Told, phrase: Phrase, spans: list[Span], name: str) -> None:
        """Whether a trigger that stands several times was meant to be a later one, going by its parties."""
        words = [p.words for p in (*told.actor, *told.recipient) if p.nth is None]

        def near(span: Span) -> bool:
            sentence = self._sentence(span)
            return sentence is not None and any(w in sentence.of(self.text) for w in words)

        if words and not near(spans[0]) and any(near(s) for s in spans[1:]):
            self.report(f"{name}: stands {len(spans)} times; its parties are beside a later one (#2?)", note=True)

    def _find(self, phrase: Phrase, mentions: list[Mention], name: str) -> Span | None:
        """The occurrence meant: in a sentence of the event, the first mention's before others, nearest to its
        trigger; else nearest to the first trigger."""
        spans = self._occurrences(phrase, name)
        for mention in mentions:
            beside = [s for s in spans if mention.start <= s.start and s.end <= mention.end]
            if beside:
                return min(beside, key=lambda s: (_distance(s, mention.trigger), s.start))
        return min(spans, key=lambda s: (_distance(s, mentions[0].trigger), s.start), default=None)

    def _entity(self, phrase: Phrase, mentions: list[Mention], name: str) -> Entity | None:
        span = self._find(phrase, mentions, name)
        if span is None:
            return None
        return Entity(phrase.words, span.start, span.end, phrase.country, phrase.sector)


def _distance(a: Span, b: Span) -> int:
    """Characters between two spans, 0 where they touch or overlap."""
    return max(a.start - b.end, b.start - a.end, 0)


def _same_record(a: Event, b: Event) -> bool:
    """Whether two records of one document tell the same: same type, words, parties and factuality."""
    return (
        (a.type, a.factuality, a.actor, a.recipient) == (b.type, b.factuality, b.actor, b.recipient)
        and a.mentions[0].trigger == b.mentions[0].trigger
        and a.date == b.date
    )
