"""Event mentions to event records: the whole of assembly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast as typed

from dragoman.actors import Register
from dragoman.assembly import merging
from dragoman.assembly.casting import Casting
from dragoman.assembly.dating import Dates
from dragoman.assembly.drafts import Draft, cast, choose, date, observe, place
from dragoman.assembly.keep import certain, sort_out
from dragoman.assembly.parties import Parties, Party
from dragoman.assembly.placing import Where
from dragoman.assembly.reference import Reference, countries
from dragoman.assembly.scorer import logit
from dragoman.assembly.scores import Scores
from dragoman.codebook import TYPES
from dragoman.extraction.mentions import EventMention
from dragoman.language.tokens import ParsedDocument
from dragoman.record import Entity, Event, Factuality, Mention, Span

# States that a report is mostly about, which decide between namesakes; more of them decide nothing.
HINTS = 5

FEATURES: tuple[str, ...] = (
    *("best", "best logit", "together", "mentions", "second best", "lexicon", "model", "actor", "recipient"),
    *("actor chance", "recipient chance", "date", "negated", "future", "historical", "attributed", "position"),
    *("same type", "rival", "rival alike", "events"),
    *(f"type {t}" for t in TYPES),
)


def assemble(
    document: ParsedDocument,
    mentions: list[EventMention],
    *,
    least: float | None = None,
    scores: Scores | None = None,
    register: Register | None = None,
) -> tuple[Event, ...]:
    """One record an event, in the order in which the document first tells them.

    Args:
        document: the parsed document.
        mentions: its event mentions.
        least: the confidence from which a record is kept; by default the one with the best F1 in cross-validation.
        scores: the learned scores; those that ship by default.
        register: the actors to know; those that ship by default.
    """
    scores = scores or Scores.shipped()
    least = scores.event.thresholds["event"] if least is None else least
    events = [(d, p) for d, p in weigh(document, mentions, scores, register) if p >= least]
    return tuple(record(d, p, document.document.id) for d, p in events)


def weigh(
    document: ParsedDocument, mentions: list[EventMention], scores: Scores, register: Register | None = None
) -> list[tuple[Draft, float]]:
    """All that may be events, however unlikely, with the probability of each."""
    if not mentions:
        return []
    return weigh_drafts(prepare(document, mentions, register), scores)


def weigh_drafts(prepared: Prepared, scores: Scores) -> list[tuple[Draft, float]]:
    """The same of drafts for which nothing is chosen yet."""
    drafts, sentences = prepared.drafts, len(prepared.document.sentences)
    fill(prepared, drafts, scores)
    groups = group(drafts, sentences, scores)
    joined = settle(groups, scores)
    if not joined:
        return []
    found = scores.event(rows(groups, joined, sentences))[:, 0]
    pairs = [(d, float(p)) for d, p in zip(joined, found, strict=True)]
    return sorted(pairs, key=lambda r: min(m.trigger.start for m in r[0].mentions))


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document with a draft for each mention, and its dates and places."""

    document: ParsedDocument
    drafts: list[Draft]
    dates: Dates
    where: Where


def fill(prepared: Prepared, drafts: list[Draft], scores: Scores) -> None:
    """Choose date, parties and place of each draft."""
    date(drafts, scores.date, prepared.dates)
    cast(drafts, scores.cast)
    place(prepared.document, drafts, scores.place, prepared.where)


def known(document: ParsedDocument, register: Register | None = None) -> tuple[Where, Parties]:
    """The places of a document, and who is meant by its phrases."""
    named = countries(document, register)
    hints = tuple(sorted(named, key=lambda c: (-named[c], c))[:HINTS])
    where = Where(document, hints)
    return where, Parties(Reference(document, named, where.countries, register))


def prepare(document: ParsedDocument, mentions: list[EventMention], register: Register | None = None) -> Prepared:
    """A draft for each mention with its candidates, nothing chosen."""
    where, parties = known(document, register)
    casting = Casting(document, parties)
    dates = Dates(document)
    return Prepared(document, observe(document, mentions, casting, dates), dates, where)


def group(drafts: list[Draft], sentences: int, scores: Scores) -> list[list[Draft]]:
    """The drafts that may be events, by event."""
    kept = merging.without_slogans(sort_out(drafts, sentences, scores.keep))
    return merging.cluster(kept, scores.same)


def settle(groups: Sequence[Sequence[Draft]], scores: Scores) -> list[Draft]:
    """One draft an event, with its parties chosen by all its mentions."""
    joined = [merging.join(g) for g in groups]
    for draft, members in zip(joined, groups, strict=True):
        if len(members) > 1:
            choose(draft, scores.cast.thresholds)
    return joined


def rows(groups: Sequence[Sequence[Draft]], joined: Sequence[Draft], sentences: int) -> list[list[float]]:
    """What speaks for each event being one that a careful reader would record."""
    found = []
    kin: dict[str, list[Draft]] = {}
    for draft in joined:
        kin.setdefault(draft.type, []).append(draft)
    at = {id(d): n for ds in kin.values() for n, d in enumerate(ds)}
    likely = sum(d.score >= 0.4 for d in joined)
    for draft, members in zip(joined, groups, strict=True):
        ranked = sorted((d.score for d in members), reverse=True)
        near, n = kin[draft.type], at[id(draft)]
        rivals = [*near[max(0, n - merging.REACH) : n], *near[n + 1 : n + 1 + merging.REACH]]
        likeness = [merging.alike(draft.chances, d.chances, 0, 0) * d.score for d in rivals]
        values = {
            "best": ranked[0],
            "best logit": logit(ranked[0]) / 4,
            "together": certain(members),
            "mentions": min(len(members), 6) / 6,
            "second best": ranked[1] if len(ranked) > 1 else 0.0,
            "lexicon": float(any(m.lexical for m in draft.mentions)),
            "model": max(m.chance for m in draft.mentions),
            "actor": float(bool(draft.actor)),
            "recipient": float(bool(draft.recipient)),
            "actor chance": max((c[0] for c in draft.chances.values()), default=0.0),
            "recipient chance": max((c[1] for c in draft.chances.values()), default=0.0),
            "date": float(draft.date is not None),
            "negated": float(draft.factuality == "negated"),
            "future": float(draft.factuality == "future"),
            "historical": float(draft.historical),
            "attributed": float(bool(draft.attribution)),
            "position": min(min(m.sentence.index for m in draft.mentions), 40) / 40,
            "same type": min(len(rivals), 6) / 6,
            "rival": max((d.score for d in rivals), default=0.0),
            "rival alike": max(likeness, default=0.0),
            "events": min(likely / max(1, sentences), 2.0),
            f"type {draft.type}": 1.0,
        }
        found.append([values.get(name, 0.0) for name in FEATURES])
    return found


def _entities(parties: list[Party]) -> tuple[Entity, ...]:
    return tuple(p.entity for p in parties)


def record(d: Draft, confidence: float, document_id: str) -> Event:
    """A settled draft as the record that leaves the house."""
    seen: dict[tuple[int, int], Mention] = {}
    for m in sorted(d.mentions, key=lambda m: m.trigger.start):
        mention = Mention(m.sentence.start, m.sentence.end, Span(m.trigger.start, m.trigger.end))
        seen.setdefault((mention.trigger.start, mention.trigger.end), mention)
    event = Event(
        type=d.type,
        mode=d.mode,
        actor=_entities(d.actor),
        recipient=_entities(d.recipient),
        factuality=typed(Factuality, d.factuality),
        historical=d.historical,
        date=d.date,
        place=d.place,
        attribution=_entities(d.attribution),
        mentions=tuple(seen.values()),
        reasons=tuple(d.reasons),
    )
    return replace(event.identified(document_id), confidence=round(confidence, 3))
