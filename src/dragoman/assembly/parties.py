"""Phrases to parties: who is meant, as entities with country and sector, with what is left unsaid filled in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from dragoman import actors
from dragoman.actors import Resolution
from dragoman.assembly.reference import PRONOUNS, Reference
from dragoman.extraction.lexicon import event_nouns
from dragoman.extraction.mentions import EventMention, Group
from dragoman.language.phrases import Phrase, conjuncts, noun_phrase
from dragoman.language.tokens import ParsedDocument, Token
from dragoman.record import Entity

_NAMING = frozenset("nsubj nsubjpass dobj pobj poss conj appos dative".split())
_COUNTERPARTS = frozenset("GOV MIL REB LEG JUD PRE OPP".split())
# Nouns that name an event only inside a longer trigger ("hostage crisis", "regime change"); alone they are people.
_ACTORS = frozenset("congress hostage office parliament prisoner regime state".split())
_OF_STATE = frozenset("country capital people region".split())


@dataclass(frozen=True, slots=True)
class Party:
    """A resolved phrase with its head.

    ``unsaid`` when the mention itself does not name it; ``guessed`` when the sector is the learned model's, ``moved``
    when the country is that of a state named near it.
    """

    entity: Entity
    resolution: Resolution
    antecedent: Token | None = None
    unsaid: bool = False
    head: Token | None = None
    guessed: bool = False
    moved: bool = False

    @property
    def certainty(self) -> int:
        """How firmly it is known: 3 named, 2 by pronoun or the document's country, 1 unsaid and inferred."""
        if self.unsaid:
            return 1
        return 2 if self.resolution.weak or self.entity.text.lower() in PRONOUNS else 3

    @property
    def key(self) -> tuple[str | None, str | None]:
        """Country and sector, by which parties are compared."""
        return (self.entity.country, self.entity.sector)


class Parties:
    """Who is meant by the phrases of one document."""

    def __init__(self, document: ParsedDocument, named: Counter[str], places: Mapping[int, str]) -> None:
        self.document = document
        self.text = document.document.text
        self.reference = Reference(document, named, places)
        self._seen: dict[tuple[int, int, str | None], list[Party]] = {}

    def resolve(self, phrase: Phrase, date: str | None = None) -> list[Party]:
        """The parties that a phrase names; several for "the two sides", one otherwise."""
        key = (phrase.start, phrase.end, date)
        if key not in self._seen:
            self._seen[key] = self._resolve(phrase, date)
        return self._seen[key]

    def _resolve(self, phrase: Phrase, date: str | None) -> list[Party]:
        head = phrase.head
        if head.lower in PRONOUNS:
            found = self.reference.antecedents(head)
            return [self._party(phrase, self.reference.codes(t, date), antecedent=t) for t in found]
        if head.pos == "NOUN" and head.lemma in event_nouns() - _ACTORS:
            return [self._party(phrase, Resolution(None, None, reason=f"“{head.text}” names an event, not an actor"))]
        if sides := self.reference.sides(head):
            return [self._party(phrase, replace(r, sector="GOV"), antecedent=t) for t, r in sides]
        whole = self.reference.phrase(phrase, date)
        countries = _states(head) if whole.sector else []
        if len(countries) > 1:
            return [self._party(phrase, replace(whole, country=c)) for c in countries]
        return [self._party(phrase, whole)]

    def _party(self, phrase: Phrase, found: Resolution, antecedent: Token | None = None) -> Party:
        entity = Entity(phrase.of(self.text), phrase.start, phrase.end, found.country, found.sector)
        return Party(entity, found, antecedent or phrase.head, head=phrase.head)

    def first_known(self, groups: list[Group], date: str | None = None) -> tuple[list[Party], str]:
        """The first group in which somebody is recognised, with the words for why; empty when none is.

        A phrase with a country and no sector ("China's expansion") belongs to someone without being someone.
        """
        for group in groups:
            parties = [p for phrase in group for p in self.resolve(phrase, date)]
            known = {(p.entity.start, *p.key): p for p in reversed(parties) if p.resolution.sector is not None}
            if known:
                found = [p for p in parties if known.get((p.entity.start, *p.key)) is p]
                return found, "; ".join(dict.fromkeys(p.resolution.reason for p in found))
        named = ", ".join(f"“{p.of(self.text)}”" for g in groups[:3] for p in g)
        return [], f"nobody recognised in {named}" if named else "nobody named"

    def nearby(self, mention: EventMention, others: list[Party], *, before: bool) -> Party | None:
        """The party that a mention leaves unsaid: the political actor named nearest in its sentence, or, if ``before``,
        the one that the sentence before is about, other than those the mention names already."""
        taken = {p.key for p in others}
        listed = {c.i for p in others if p.antecedent is not None for c in conjuncts(p.antecedent)}
        own = {p.entity.country for p in others}
        sentence = mention.sentence
        inside = [
            t
            for t in sentence.tokens
            if t.is_noun and t.dep in _NAMING and t.i not in listed and not _in_content(t, mention.head)
        ]
        inside.sort(key=lambda t: (abs(t.i - mention.head.i), t.i))
        earlier: list[Token] = []
        if before and sentence.index:
            previous = self.document.sentences[sentence.index - 1]
            earlier = [t for t in previous.tokens if t.is_noun and t.dep in ("nsubj", "nsubjpass", "dobj", "pobj")]
        for token in [*inside, *earlier]:
            for party in self.resolve(noun_phrase(token)) if token is not mention.head else ():
                if _counterpart(party.resolution) and party.key not in taken and party.entity.country not in own:
                    return replace(party, unsaid=True)
        return None


def _states(head: Token) -> list[str]:
    """The countries of "the ambassadors of France and Denmark", "Chinese and Russian officials"."""
    for child in head.children:
        modifiers = [child] if child.dep in ("amod", "poss", "compound") else []
        if child.dep == "prep" and child.lower in ("of", "from"):
            modifiers = [p for p in child.children if p.dep == "pobj"]
        for modifier in modifiers:
            joined = [modifier, *(c for c in modifier.subtree() if c.dep == "conj")]
            if len(joined) > 1:
                found = [actors.resolve(t.text) for t in joined]
                countries = list(dict.fromkeys(r.country for r in found if r.country and r.kind in _OF_STATE))
                if len(countries) > 1:
                    return countries
    return []


def _in_content(token: Token, head: Token) -> bool:
    """Whether a token is part of what an act of speech says, where others than its own parties are named."""
    clause = False
    for node in (token, *token.ancestors()):
        if node is head:
            return clause
        clause = clause or (node.is_verb and node.dep == "pcomp")
    return False


def _counterpart(found: Resolution) -> bool:
    """Whether somebody named in passing may be the other side of a political act."""
    named = found.kind not in (None, "noun", "people")
    return named and bool(found.country) and not found.weak and found.sector in _COUNTERPARTS
