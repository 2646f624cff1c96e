"""When and where an event may have happened: the times and places told near it, with what speaks for each.

The rules of ``dating`` and ``placing`` are one voice among others here, the learned model another; weights are those of
``training.assembly``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from dragoman.assembly.dating import Dates, last_day
from dragoman.assembly.placing import PHYSICAL, Where
from dragoman.assembly.scorer import logit
from dragoman.codebook import TYPES
from dragoman.extraction.mentions import EventMention
from dragoman.language.tokens import ParsedDocument, Sentence, Token
from dragoman.record import EventPlace, Span

# How many sentences before an event's own may date or place it: "On Monday … . He also met …".
REACH = 2

_SHARED: tuple[str, ...] = (
    *("chance", "chance logit", "first", "rule", "rule silent", "same sentence", "before", "sentences before"),
    *("steps", "others here", "nominal", "future", "negated", "background", "lead", "heading", "model alone"),
    *(f"type {t}" for t in TYPES),
)
_TENSES = ("past", "perfect", "present", "infinitive", "participle")
DATE_FEATURES: tuple[str, ...] = (
    *("clauses", "apart", "day", "month", "year", "range", "part", "ahead", "age", "vague", "relative"),
    *_TENSES,
    *_SHARED,
)
PLACE_FEATURES: tuple[str, ...] = (
    *("depth", "locative", "city", "country", "region", "physical", "main", "actor's", "recipient's", "finest"),
    *_SHARED,
)


@dataclass(frozen=True, slots=True)
class Option:
    """One answer, why it is one, the words that it rests on, and what speaks for it."""

    value: str | EventPlace
    why: str
    span: Span | None
    features: tuple[float, ...]


def _near(document: ParsedDocument, sentence: Sentence) -> list[Sentence]:
    return document.sentences[max(0, sentence.index - REACH) : sentence.index + 1]


def _shared(
    mention: EventMention, start: int, sentence: Sentence, words: Sequence[Token], chance: float
) -> dict[str, float]:
    head = mention.head
    return {
        "chance": chance,
        "chance logit": logit(chance) / 5,
        "same sentence": float(sentence is mention.sentence),
        "before": float(start < mention.trigger.start),
        "sentences before": (mention.sentence.index - sentence.index) / REACH,
        "steps": min(min((abs(t.i - head.i) for t in words), default=60), 60) / 60,
        "nominal": float(mention.nominal),
        "future": float(mention.factuality == "future" or mention.promised),
        "negated": float(mention.factuality == "negated"),
        "background": mention.background or 0.0,
        "lead": float(mention.sentence.index < 3),
        "heading": float(mention.sentence.heading),
        "model alone": float(not mention.lexical),
        f"type {mention.type}": 1.0,
    }


def _where(mention: EventMention, sentence: Sentence) -> str:
    """Says of what the event's own sentence does not tell that the narrative before it does."""
    return "" if sentence is mention.sentence else "from the sentences before: "


def dates(document: ParsedDocument, mention: EventMention, known: Dates) -> list[Option]:
    """The dates told in the event's sentence and just before it."""
    chances = {c.token.i: c.time for c in mention.candidates}
    value, _, rule = known.of(mention)
    rows = []
    for sentence in _near(document, mention.sentence):
        for expression, head in known.of_sentence(sentence):
            words = [t for t in sentence.tokens if t.start < expression.end and t.end > expression.start]
            chance = max((chances.get(t.i, 0.0) for t in words), default=0.0)
            parts = [(p.value, p.reason, True) for p in expression.parts] if sentence is mention.sentence else []
            for date, why, part in [(expression.value, expression.reason, False), *parts]:
                if date:
                    rows.append((expression, head, sentence, words, chance, date, why, part))
    top = max((r[4] for r in rows), default=0.0)
    tense = _tense(mention.head)
    found = []
    for expression, head, sentence, words, chance, date, why, part in rows:
        distance = known.distance(mention, head) if sentence is mention.sentence and head is not None else None
        end = last_day(date)
        age = (known.published - end).days if end is not None and known.published is not None else 0
        pieces = date.split("/")[0].count("-")
        values = {
            **_shared(mention, expression.start, sentence, words, chance),
            **{name: float(name == tense) for name in _TENSES},
            "first": float(chance >= top > 0),
            "rule": float(rule is expression and value == date),
            "rule silent": float(value is None),
            "others here": min(len(rows), 5) / 5,
            "clauses": min(20 if distance is None else distance, 20) / 20,
            "apart": float(distance is None),
            "day": float(pieces == 2),
            "month": float(pieces == 1),
            "year": float(pieces == 0),
            "range": float("/" in date),
            "part": float(part),
            "ahead": float(bool(known.published and date.split("/")[0] > known.published.isoformat())),
            "age": math.log1p(max(age, 0)) / 10,
            "vague": float(expression.kind in ("duration", "vague", "set")),
            "relative": float(not any(c.isdigit() for c in document.document.text[expression.start : expression.end])),
        }
        features = tuple(values.get(name, 0.0) for name in DATE_FEATURES)
        found.append(Option(date, _where(mention, sentence) + why, Span(expression.start, expression.end), features))
    return found


def _tense(head: Token) -> str | None:
    """The tense of the verb that names an event, one of ``_TENSES``; None for a noun.

    What has happened ("has refused") seldom has the day of the report that what happened ("refused") has.
    """
    if not head.is_verb:
        return None
    auxiliaries = [c for c in head.children if c.dep in ("aux", "auxpass")]
    if any(c.lemma.lower() in ("have", "’ve", "'ve") for c in auxiliaries):
        return "perfect"
    tag = next((c.tag for c in auxiliaries if c.tag in ("VBD", "VBZ", "VBP")), head.tag)
    return {"VBD": "past", "VBZ": "present", "VBP": "present", "VB": "infinitive"}.get(tag, "participle")


def places(
    document: ParsedDocument,
    mention: EventMention,
    known: Where,
    rule: EventPlace | None,
    actors: frozenset[str],
    recipients: frozenset[str],
) -> list[Option]:
    """The places told in the event's sentence and just before it.

    Args:
        document: the parsed document.
        mention: the event's mention.
        known: the document's places.
        rule: the place by the rules of ``placing``; an option of its own where it is none of those.
        actors: the countries of who acts, recipients those of who is acted upon.
    """
    chances = {c.token.i: c.place for c in mention.candidates}
    rows = []
    for sentence in _near(document, mention.sentence):
        for place, head in known.of_sentence(sentence):
            if place.country:
                words = [t for t in sentence.tokens if t.start < place.end and t.end > place.start]
                rows.append((place, head, sentence, words, max((chances.get(t.i, 0.0) for t in words), default=0.0)))
    top = max((r[4] for r in rows), default=0.0)
    found = []
    for place, head, sentence, words, chance in rows:
        depth = known.depth(mention, head) if sentence is mention.sentence else None
        values = {
            **_shared(mention, place.start, sentence, words, chance),
            **_sited(mention, known, place.country or "", actors, recipients),
            "first": float(chance >= top > 0),
            "rule": float(rule is not None and rule.text == place.text),
            "rule silent": float(rule is None),
            "others here": min(len(rows), 5) / 5,
            "depth": min(9 if depth is None else depth, 9) / 9,
            "locative": float(depth is not None),
            "city": float(place.precision in ("city", "point")),
            "country": float(place.precision == "country"),
            "region": float(place.precision in ("region", "admin1")),
            "finest": float(place.precision != "country" or all(r[0].precision == "country" for r in rows)),
        }
        features = tuple(values.get(name, 0.0) for name in PLACE_FEATURES)
        value = EventPlace(place.text, place.country)
        why = f"{_where(mention, sentence)}“{place.text}”: {place.reason}"
        found.append(Option(value, why, Span(place.start, place.end), features))
    if rule is not None and rule.country and all(o.value != rule for o in found):
        values = {
            **_shared(mention, mention.trigger.start, mention.sentence, (), 0.0),
            **_sited(mention, known, rule.country, actors, recipients),
            "rule": 1.0,
            "others here": min(len(rows), 5) / 5,
            "depth": 1.0,
            "country": 1.0,
        }
        features = tuple(values.get(name, 0.0) for name in PLACE_FEATURES)
        found.append(Option(rule, "by whom it is done to, or where both sides live", None, features))
    return found


def _sited(
    mention: EventMention, known: Where, country: str, actors: frozenset[str], recipients: frozenset[str]
) -> dict[str, float]:
    return {
        "physical": float(mention.type in PHYSICAL),
        "main": float(country == known.main),
        "actor's": float(country in actors),
        "recipient's": float(country in recipients),
    }
