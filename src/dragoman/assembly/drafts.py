"""A mention with its parties, date and place resolved: the unit that assembly weighs, drops and merges."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product

from dragoman.assembly import options
from dragoman.assembly.casting import Casting, Key, Row
from dragoman.assembly.dating import Dates
from dragoman.assembly.options import Option
from dragoman.assembly.parties import Party
from dragoman.assembly.placing import Where
from dragoman.assembly.scorer import Scorer
from dragoman.extraction.mentions import EventMention
from dragoman.language.tokens import ParsedDocument
from dragoman.record import EventPlace, Reason, Span

ROLES = ("actor", "recipient", "source")
Chances = dict[Key, tuple[float, ...]]
# Acts whose unnamed authors are unidentified armed men rather than civilians.
_ARMED = frozenset({"ASSAULT"})
# Parties less likely than this are none, and of more than these only the likeliest are weighed against each other: all
# sets of them are looked at.
UNLIKELY, MOST = 0.03, 6
# What nobody at all counts against somebody, since whoever is no candidate is not among the chances. Cross-validated
# whowhom on public reports and articles: at .7 .350 and .273, at .5 .354 and .289, at .4 .349 and .294. With a
# threshold for each party in place of sets, an earlier fit had .338 where sets had .364.
EMPTY = 0.5


@dataclass(slots=True, eq=False)
class Draft:
    """One event as far as known, with the mentions that tell it.

    ``chances`` has for each code the probabilities of ``ROLES``, ``phrases`` who stands for it, best first,
    ``opinions`` what model and lexicon have it as; ``score``
    is the probability that the mention tells an event worth a record, ``dated`` and ``placed`` that of its date and
    place.
    """

    type: str
    mode: tuple[str, ...]
    factuality: str
    historical: bool
    date: str | None
    mentions: list[EventMention]
    actor: list[Party] = field(default_factory=list)
    recipient: list[Party] = field(default_factory=list)
    attribution: list[Party] = field(default_factory=list)
    place: EventPlace | None = None
    reasons: list[Reason] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    chances: Chances = field(default_factory=dict)
    phrases: dict[Key, tuple[Party, ...]] = field(default_factory=dict)
    opinions: dict[Key, tuple[str, ...]] = field(default_factory=dict)
    score: float = 0.0
    dates: list[Option] = field(default_factory=list)
    dated: float = 0.0
    placed: float = 0.0

    @property
    def mention(self) -> EventMention:
        """The first mention."""
        return self.mentions[0]

    @property
    def lemma(self) -> str:
        """The lemma of the word that names the event."""
        return self.mention.head.lemma.lower()


def observe(document: ParsedDocument, mentions: Iterable[EventMention], casting: Casting, dates: Dates) -> list[Draft]:
    """A draft for each mention with its candidate parties and dates; nothing chosen yet but the date by rule, at which
    roles are looked up."""
    found = []
    for mention in mentions:
        date, _, _ = dates.of(mention)
        found.append(
            Draft(
                type=mention.type,
                mode=mention.mode,
                factuality=mention.factuality,
                historical=False,
                date=date,
                mentions=[mention],
                reasons=[Reason(f, w, mention.trigger) for f, w in mention.reasons],
                rows=casting.rows(mention, date),
                dates=options.dates(document, mention, dates),
            )
        )
    return found


def date(drafts: Iterable[Draft], scorer: Scorer, known: Dates) -> None:
    """Choose the likeliest of each draft's dates, if it is likely enough, and say whether the event is background."""
    for draft in drafts:
        draft.date, why, span, draft.dated = None, "no date near it", None, 0.0
        if draft.dates:
            scores = scorer([o.features for o in draft.dates])[:, 0]
            best = int(scores.argmax())
            draft.dated = float(scores[best])
            option = draft.dates[best]
            if draft.dated >= scorer.thresholds["date"]:
                draft.date, why, span = str(option.value), f"{option.why} ({draft.dated:.0%})", option.span
            else:
                why = f"no date near it is likely its own; {option.value} is the likeliest ({draft.dated:.0%})"
        draft.reasons.append(Reason("date", why, span))
        draft.historical = _background(draft.mention, draft.date, known)


def cast(drafts: Iterable[Draft], scorer: Scorer) -> None:
    """Weigh the candidates of each draft and choose its parties."""
    for draft in drafts:
        if draft.rows:
            scores = scorer([r.features for r in draft.rows])
            draft.chances = {r.key: tuple(map(float, s)) for r, s in zip(draft.rows, scores, strict=True)}
            draft.phrases = {r.key: r.phrases for r in draft.rows}
            draft.opinions = {r.key: r.opinions for r in draft.rows}
        choose(draft, scorer.thresholds)


def sites(document: ParsedDocument, draft: Draft, where: Where) -> list[Option]:
    """Where the event of a draft with its parties may have happened."""
    rule, _ = where.of(draft.mention, draft.actor, draft.recipient)
    mine, other = (frozenset(p.entity.country or "" for p in ps) for ps in (draft.actor, draft.recipient))
    return options.places(document, draft.mention, where, rule, mine, other)


def place(document: ParsedDocument, drafts: Iterable[Draft], scorer: Scorer, where: Where) -> None:
    """Choose the likeliest place of each draft, if it is likely enough."""
    for draft in drafts:
        draft.place, why, span, draft.placed = None, "no place near it", None, 0.0
        if found := sites(document, draft, where):
            scores = scorer([o.features for o in found])[:, 0]
            best = int(scores.argmax())
            draft.placed = float(scores[best])
            option = found[best]
            if draft.placed >= scorer.thresholds["place"] and isinstance(option.value, EventPlace):
                draft.place, why, span = option.value, f"{option.why} ({draft.placed:.0%})", option.span
            else:
                why = f"no place near it is likely its own (at most {draft.placed:.0%})"
        draft.reasons.append(Reason("place", why, span))


def _background(mention: EventMention, date: str | None, dates: Dates) -> bool:
    """By the event's own date, else by what the model makes of its words, else by its sentence's dates."""
    if date is None and mention.background is not None:
        return mention.background >= 0.5
    return dates.told_as_history(mention, date)


def choose(draft: Draft, thresholds: Mapping[str, float]) -> None:
    """Take for each role the codes that are likeliest together, with the likeliest phrase of each."""
    draft.reasons = [r for r in draft.reasons if r.field not in ("actor", "recipient", "attribution")]
    taken: set[tuple[int, int]] = set()
    for column, role in enumerate(ROLES):
        name = "attribution" if role == "source" else role
        ranked = sorted(draft.chances.items(), key=lambda r: -r[1][column])
        if role == "source":
            own = {p.key for p in draft.actor} if not draft.mention.denied else set()
            keys = [k for k, p in ranked[:1] if p[column] >= thresholds[role] and k not in own]
        else:
            keys = _apart(draft, [k for k, p in ranked if p[column] >= UNLIKELY])[:MOST]
            keys = keys[: likeliest([draft.chances[k][column] for k in keys])]
        chosen = [(k, _armed(_phrase(draft.phrases[k], taken), draft.type, role)) for k in keys]
        taken |= {(p.entity.start, p.entity.end) for _, p in chosen}
        chosen.sort(key=lambda r: r[1].entity.start)
        parties = [p for _, p in chosen]
        setattr(draft, name, parties)
        if role == "source" and not parties:
            continue
        why = "; ".join(
            f"{p.resolution.reason} ({draft.chances[k][column]:.0%}: {draft.opinions[k][column]})" for k, p in chosen
        )
        if not parties:
            best = (
                f", at most {ranked[0][1][column]:.0%} for “{draft.phrases[ranked[0][0]][0].entity.text}”"
                if ranked
                else ""
            )
            why = f"nobody likely enough{best}"
        span = Span(parties[0].entity.start, parties[0].entity.end) if parties else None
        draft.reasons.append(Reason(name, why, span))


def likeliest(chances: Sequence[float]) -> int:
    """How many of some parties, likeliest first, make the set that is expected to be most nearly right.

    Nearly right is counted half by the share of those in both the set and in truth among those in either, half by
    whether that share is a half or more, the measure of the record's parties (``dragoman.evaluation``). The measure
    alone would add a doubtful second party to every sure one. Chances are taken as independent.
    """
    worth = [0.0] * (len(chances) + 1)
    for truth in product((False, True), repeat=len(chances)):
        p = math.prod(c if t else 1.0 - c for c, t in zip(chances, truth, strict=True))
        size, shared = sum(truth), 0
        worth[0] += p * EMPTY * (size == 0)
        for n, t in enumerate(truth, 1):
            shared += t
            share = shared / (n + size - shared)
            worth[n] += p * (share + (share >= 0.5)) / 2
    return max(range(len(worth)), key=lambda n: (worth[n], -n))


def _apart(draft: Draft, keys: list[Key]) -> list[Key]:
    """The codes, likeliest first, without those that are another reading of the same words.

    Words that name several ("the ambassadors of France and Denmark") stand for all of them.
    """
    kept: list[Key] = []
    for key in keys:
        mine = draft.phrases[key][0]
        if not any(_another(mine, draft.phrases[k][0]) for k in kept):
            kept.append(key)
    return kept


def _another(a: Party, b: Party) -> bool:
    if a.entity.start >= b.entity.end or b.entity.start >= a.entity.end:
        return False
    return a.entity.country == b.entity.country or a.guessed or a.moved or b.guessed or b.moved


def _phrase(phrases: tuple[Party, ...], taken: set[tuple[int, int]]) -> Party:
    """The likeliest phrase that has no part yet."""
    return next((p for p in phrases if (p.entity.start, p.entity.end) not in taken), phrases[0])


def unnamed(key: Key, type: str, role: str) -> Key:
    """The codes of people of whom nothing is said: civilians, or unidentified gunmen where they attack."""
    if key[1] != "UNK":
        return key
    return key[0], "UAF" if role == "actor" and type in _ARMED else "CVL"


def _armed(party: Party, type: str, role: str) -> Party:
    _, sector = unnamed(party.key, type, role)
    if sector == party.entity.sector:
        return party
    entity = replace(party.entity, sector=sector)
    return replace(party, entity=entity, resolution=replace(party.resolution, sector=sector))
