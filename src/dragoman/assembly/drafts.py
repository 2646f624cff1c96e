"""A mention with its parties, date and place resolved: the unit that assembly keeps, drops and merges."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from dragoman.assembly.dating import Dates
from dragoman.assembly.parties import Parties, Party
from dragoman.assembly.placing import Where
from dragoman.extraction.frames import passive
from dragoman.extraction.mentions import EventMention, Group
from dragoman.language.tokens import ParsedDocument
from dragoman.record import EventPlace, Reason, Span

_ATTACKED = frozenset({"BUS", "EDU", "REL", "MED", "CVL", "JRN", "REF"})
# Acts for which an actor left out of the clause is looked for nearby; the lexicon's `agentive` is another thing.
AGENTIVE = frozenset(
    {"SANCTION", "COERCE", "AID", "REQUEST", "ACCUSE", "AGREE", "REJECT", "THREATEN", "SUPPORT", "ASSAULT"}
)
# Acts that are done to somebody even where the clause does not say to whom.
DIRECTED = frozenset({"REQUEST", "REJECT", "ACCUSE", "THREATEN", "SANCTION", "AID", "SUPPORT", "AGREE"})


@dataclass(slots=True, eq=False)
class Draft:
    """One event as far as known, with the mentions that tell it."""

    type: str
    mode: tuple[str, ...]
    actor: list[Party]
    recipient: list[Party]
    factuality: str
    historical: bool
    date: str | None
    place: EventPlace | None
    attribution: list[Party]
    mentions: list[EventMention]
    reasons: list[Reason] = field(default_factory=list)
    score: float = 0.0

    @property
    def lemma(self) -> str:
        """The lemma of the word that names the event."""
        return self.mentions[0].head.lemma.lower()


def draft(
    document: ParsedDocument, mentions: list[EventMention], parties: Parties, dates: Dates, where: Where
) -> list[Draft]:
    """A draft for each mention."""
    found = []
    for mention in mentions:
        date, dated_by, expression = dates.of(mention)
        actor, why_actor = parties.first_known(mention.actor, date)
        others = [g for g in mention.recipient if not _own(g, actor, parties)]
        recipient, why_recipient = parties.first_known(others, date)
        attribution, why_source = parties.first_known(mention.attribution, date)
        if not mention.mutual:
            recipient = [r for r in recipient if r.key not in {a.key for a in actor} or r.entity.start != _start(actor)]
        if (
            not mention.mutual
            and actor
            and recipient
            and {p.entity.start for p in actor} == {p.entity.start for p in recipient}
        ):
            recipient = []
        actor = _people(actor, "UAF" if mention.type == "ASSAULT" else "CVL")
        recipient = _people(recipient, "CVL")
        if not mention.denied:
            attribution = _others(attribution, actor)
        if mention.nominal and mention.type == "ASSAULT" and not recipient and actor and _target(actor):
            actor, recipient = [], actor  # "the hotel siege", "the school attack"
        if recipient and not actor and mention.type in AGENTIVE and not mention.complete:
            unsaid = parties.nearby(mention, [*recipient, *attribution], before=not _agentless(mention))
            if unsaid is not None:
                actor, why_actor = (
                    [unsaid],
                    f"left unsaid; “{unsaid.entity.text}” is the other party named nearest",
                )
        if actor and not recipient and not mention.mutual and mention.type in DIRECTED and not mention.complete:
            unsaid = parties.nearby(mention, [*actor, *attribution], before=True)
            if unsaid is not None:
                recipient, why_recipient = (
                    [unsaid],
                    f"left unsaid; “{unsaid.entity.text}” is the other party named nearest",
                )
        place, placed_by = where.of(mention, actor, recipient)
        historical = dates.told_as_history(mention, date)
        reasons = [Reason(f, w, mention.trigger) for f, w in mention.reasons]
        reasons.append(Reason("actor", why_actor, _span(actor)))
        reasons.append(Reason("recipient", why_recipient, _span(recipient)))
        if attribution:
            reasons.append(Reason("attribution", why_source, _span(attribution)))
        if expression is not None:
            span = Span(expression.start, expression.end)
            reasons.append(Reason("date", expression.reason, span))
        else:
            reasons.append(Reason("date", dated_by))
        reasons.append(Reason("place", placed_by))
        found.append(
            Draft(
                type=mention.type,
                mode=mention.mode,
                actor=actor,
                recipient=recipient,
                factuality=mention.factuality,
                historical=historical,
                date=date,
                place=place,
                attribution=attribution,
                mentions=[mention],
                reasons=reasons,
            )
        )
    return found


def _people(parties: list[Party], sector: str) -> list[Party]:
    """Men of whom nothing is said are civilians where they suffer an act and unidentified gunmen where they attack."""
    return [
        replace(p, entity=replace(p.entity, sector=sector), resolution=replace(p.resolution, sector=sector))
        if p.resolution.sector == "UNK"
        else p
        for p in parties
    ]


def _own(group: Group, actor: list[Party], parties: Parties) -> bool:
    """Whether a group only points back to the actor: "Poland closed its crossing"."""
    keys = {p.key for p in actor}
    return all(p.head.pos == "PRON" and {x.key for x in parties.resolve(p)} <= keys for p in group)


def _agentless(mention: EventMention) -> bool:
    """A passive: who did it stays unsaid unless its own sentence names somebody (codebook, section 3)."""
    return mention.head.is_verb and passive(mention.head)


def _target(parties: list[Party]) -> bool:
    """Whether those who stand before an attack's noun can only be what is attacked."""
    return all(
        p.resolution.sector in _ATTACKED and p.antecedent is not None and p.antecedent.dep == "compound"
        for p in parties
    )


def _start(parties: list[Party]) -> int:
    return parties[0].entity.start if parties else -1


def _span(parties: list[Party]) -> Span | None:
    return Span(parties[0].entity.start, parties[0].entity.end) if parties else None


def _others(attribution: list[Party], actor: list[Party]) -> list[Party]:
    """Sources other than the actors themselves: whoever tells of their own act adds nobody's word to it."""
    own = {p.key for p in actor} | {(p.antecedent.i,) for p in actor if p.antecedent is not None}
    return [p for p in attribution if p.key not in own and (p.antecedent is None or (p.antecedent.i,) not in own)]
