"""Phrases to parties: who is meant, as entities with country and sector, with what is left unsaid filled in."""

from __future__ import annotations

from dataclasses import dataclass, replace

from dragoman import actors
from dragoman.actors import Register, Resolution
from dragoman.assembly.reference import PRONOUNS, Reference
from dragoman.extraction.lexicon import event_nouns
from dragoman.language.phrases import Phrase
from dragoman.language.tokens import Token
from dragoman.record import Entity

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
    """Who is meant by the phrases of the document of ``reference``."""

    def __init__(self, reference: Reference) -> None:
        self.reference = reference
        self.text = reference.text
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
        countries = _states(head, self.reference.register) if whole.sector else []
        if len(countries) > 1:
            return [self._party(phrase, replace(whole, country=c)) for c in countries]
        return [self._party(phrase, whole)]

    def _party(self, phrase: Phrase, found: Resolution, antecedent: Token | None = None) -> Party:
        entity = Entity(phrase.of(self.text), phrase.start, phrase.end, found.country, found.sector)
        return Party(entity, found, antecedent or phrase.head, head=phrase.head)


def _states(head: Token, register: Register | None) -> list[str]:
    """The countries of "the ambassadors of France and Denmark", "Chinese and Russian officials"."""
    for child in head.children:
        modifiers = [child] if child.dep in ("amod", "poss", "compound") else []
        if child.dep == "prep" and child.lower in ("of", "from"):
            modifiers = [p for p in child.children if p.dep == "pobj"]
        for modifier in modifiers:
            joined = [modifier, *(c for c in modifier.subtree() if c.dep == "conj")]
            if len(joined) > 1:
                found = [actors.resolve(t.text, register=register) for t in joined]
                countries = list(dict.fromkeys(r.country for r in found if r.country and r.kind in _OF_STATE))
                if len(countries) > 1:
                    return countries
    return []
