"""Phrases to entities: pronouns and short descriptions resolved within the document, then country and sector."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace

from dragoman import actors
from dragoman.actors import Resolution
from dragoman.assembly.names import describe, is_name
from dragoman.extraction.frames import subject
from dragoman.extraction.lexicon import event_nouns
from dragoman.extraction.mentions import EventMention, Group
from dragoman.extraction.quotes import Speakers
from dragoman.language.phrases import Phrase, conjuncts, noun_phrase
from dragoman.language.tokens import ParsedDocument, Token
from dragoman.record import Entity

_HONORIFIC = re.compile(r"^(?:Mr|Mrs|Ms|Dr|Sir|Dame)\b\.?\s+")
_HE = frozenset({"he", "she", "him", "her", "his", "himself", "herself", "hers"})
_IT = frozenset({"it", "its", "itself"})
_THEY = frozenset({"they", "them", "their", "theirs", "themselves"})
_WE = frozenset({"we", "us", "our", "ours", "i", "me", "my", "mine", "ourselves", "myself"})
PRONOUNS = _HE | _IT | _THEY | _WE | {"who"}
_SIDES = frozenset(
    {
        "side",
        "country",
        "leader",
        "party",
        "government",
        "nation",
        "neighbor",
        "neighbour",
        "state",
        "foe",
        "rival",
        "ally",
        "two",
        "both",
        "president",
        "minister",
        "power",
        "capital",
        "official",
        "delegation",
    }
)
_GENERIC = frozenset(
    {
        "country",
        "nation",
        "state",
        "side",
        "group",
        "organization",
        "organisation",
        "body",
        "bloc",
        "movement",
        "party",
    }
)


@dataclass(frozen=True, slots=True)
class Party:
    """A resolved phrase."""

    entity: Entity
    resolution: Resolution
    antecedent: Token | None = None
    unsaid: bool = False

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

    def __init__(self, document: ParsedDocument) -> None:
        self.document = document
        self.text = document.document.text
        self.countries = self._countries()
        main = self.countries.most_common(1)
        country = main[0][0] if main and main[0][1] >= 2 else None
        self.context = describe(document, country)
        self.speakers = Speakers(document)
        self._subjects = self._candidates()
        self._heads: dict[str, list[Token]] = {}
        for token in self._subjects:
            if token.pos == "NOUN":
                self._heads.setdefault(token.lemma, []).append(token)
        self._seen: dict[tuple[int, int, str | None], list[Party]] = {}

    def _countries(self) -> Counter[str]:
        """How often each state is named, to know what a domestic "the police" belongs to."""
        found: Counter[str] = Counter()
        self._places: dict[int, str] = {}
        for token in self.document.tokens:
            if token.pos in ("PROPN", "ADJ") and token.text[:1].isupper() and token.dep != "ROOT":
                resolution = actors.resolve(token.text)
                if resolution.country and len(resolution.country) == 3 and resolution.country not in _BEYOND:
                    found[resolution.country] += 1
                    if resolution.kind in ("country", "capital", "city", "region") and not resolution.weak:
                        self._places[token.i] = resolution.country
        return found

    def _candidates(self) -> list[Token]:
        """Heads that pronouns may stand for, in the order of the text."""
        return [
            t
            for t in self.document.tokens
            if t.is_noun
            and t.dep in ("nsubj", "nsubjpass", "dobj", "pobj", "agent", "conj", "appos", "ROOT", "poss", "dative")
        ]

    def resolve(self, phrase: Phrase, date: str | None = None) -> list[Party]:
        """The parties that a phrase names; several for "the two sides", one otherwise."""
        key = (phrase.start, phrase.end, date)
        if key not in self._seen:
            self._seen[key] = self._resolve(phrase, date)
        return self._seen[key]

    def _resolve(self, phrase: Phrase, date: str | None) -> list[Party]:
        words = phrase.of(self.text)
        head = phrase.head
        if head.lower in PRONOUNS:
            antecedents = self._antecedents(head)
            parties = []
            for antecedent in antecedents:
                resolution = self._codes(antecedent, date)
                entity = Entity(words, phrase.start, phrase.end, resolution.country, resolution.sector)
                parties.append(Party(entity, resolution, antecedent))
            return parties
        if head.pos == "NOUN" and head.lemma in event_nouns():
            nobody = Resolution(None, None, reason=f"“{head.text}” names an event, not an actor")
            return [Party(Entity(words, phrase.start, phrase.end), nobody, head)]
        if both := self._sides(phrase):
            return [
                Party(
                    Entity(words, phrase.start, phrase.end, p.entity.country, p.entity.sector),
                    p.resolution,
                    p.antecedent,
                )
                for p in both
            ]
        resolution = self._phrase_codes(phrase, date)
        if split := self._split(phrase, resolution):
            return [
                Party(
                    Entity(words, phrase.start, phrase.end, c, resolution.sector),
                    replace(resolution, country=c),
                    head,
                )
                for c in split
            ]
        return [
            Party(
                Entity(words, phrase.start, phrase.end, resolution.country, resolution.sector),
                resolution,
                head,
            )
        ]

    def _split(self, phrase: Phrase, whole: Resolution) -> list[str]:
        """The countries of "the ambassadors of France and Denmark", "Chinese and Russian officials"."""
        for child in phrase.head.children:
            modifiers = [child] if child.dep in ("amod", "poss", "compound") else []
            if child.dep == "prep" and child.lower in ("of", "from"):
                modifiers = [p for p in child.children if p.dep == "pobj"]
            for modifier in modifiers:
                joined = [modifier, *(c for c in modifier.subtree() if c.dep == "conj")]
                if len(joined) > 1 and whole.sector:
                    found = [actors.resolve(t.text) for t in joined]
                    countries = list(dict.fromkeys(r.country for r in found if r.country and r.kind in _OF_STATE))
                    if len(countries) > 1:
                        return countries
        return []

    def _described(self, phrase: Phrase, found: Resolution, date: str | None) -> Resolution:
        """ "The junta" is the one of which the report spoke before: the last phrase with that head that said whose."""
        head = phrase.head
        if head.pos != "NOUN" or found.sector is None:
            return found
        for earlier in reversed(self._heads.get(head.lemma, [])):
            if earlier.i >= head.i or earlier is head:
                continue
            named = actors.resolve(
                noun_phrase(earlier).of(self.text), date or self.document.document.published, self.context
            )
            if named.country and not named.weak and named.sector:
                return replace(
                    named,
                    reason=f"as “{noun_phrase(earlier).of(self.text)}” before: {named.reason}",
                    weak=False,
                )
        if found.sector in _NAMED_SECTORS and any(
            c.dep == "det" and c.lower in ("the", "this", "that") for c in head.children
        ):
            for candidate in reversed(self._subjects):
                if candidate.i < head.i and is_name(candidate) and head.sentence.index - candidate.sentence.index <= 8:
                    named = actors.resolve(
                        noun_phrase(candidate).of(self.text),
                        date or self.document.document.published,
                        self.context,
                    )
                    if named.sector == found.sector and named.country and not named.weak:
                        return replace(named, reason=f"“{head.text}” is {candidate.text}, named before: {named.reason}")
        return found

    def _codes(self, head: Token, date: str | None) -> Resolution:
        return self._phrase_codes(noun_phrase(head), date)

    def _phrase_codes(self, phrase: Phrase, date: str | None) -> Resolution:
        words = _HONORIFIC.sub("", phrase.of(self.text))
        found = actors.resolve(words, date or self.document.document.published, self.context)
        if found.country is not None and found.sector is not None and not found.weak:
            return found
        if found.kind in ("people", "country") and phrase.head.lemma.lower() in _CROWDS:
            found = replace(found, sector="CVL")
        if (found.country is None or found.weak) and not any(c.dep == "poss" for c in phrase.head.children):
            found = self._described(phrase, found, date)
        if found.weak:
            found = self._local(phrase, found)
        # A possessive pronoun says whose: "his government", "its troops".
        for child in phrase.head.children:
            if child.dep == "poss" and child.lower in PRONOUNS and (found.country is None or found.weak):
                for antecedent in self._antecedents(child):
                    owner = self._codes(antecedent, date)
                    if owner.country:
                        reason = f"{found.reason}; “{child.text}” is {antecedent.text}"
                        return replace(found, country=owner.country, reason=reason)
        return found

    def _local(self, phrase: Phrase, found: Resolution) -> Resolution:
        """Where only the document's main country speaks for a "police" or "the government", a country named in the same
        sentence by a place ("in Manila") speaks louder."""
        best: tuple[int, str, Token] | None = None
        for token in phrase.head.sentence.tokens:
            country = self._places.get(token.i)
            if (
                country
                and token.dep == "pobj"
                and token.head.lower in ("in", "at", "near", "from", "outside", "across")
            ):
                row = (abs(token.i - phrase.head.i), country, token)
                best = row if best is None or row[:2] < best[:2] else best
        if best is None or best[1] == found.country:
            return found
        return replace(found, country=best[1], reason=f"{found.reason}; in a sentence about {best[2].text}")

    def _antecedents(self, pronoun: Token) -> list[Token]:
        word = pronoun.lower
        if word in _WE:
            return self.speakers.quoted(pronoun.sentence)[:1]
        if word == "who":
            return []
        best: Token | None = None
        governor = pronoun.head
        # "urged him", "told them": whoever does it is not whom it is done to.
        other = subject(governor) if governor.is_verb and pronoun.dep in ("dobj", "dative", "pobj") else []
        if pronoun.dep == "pobj" and governor.head.is_verb:
            other = subject(governor.head)
        for candidate in reversed(self._subjects):
            if candidate.i >= pronoun.i:
                continue
            if pronoun.sentence.index - candidate.sentence.index > 3:
                break
            if not _agrees(candidate, word) or candidate in other or _holds(candidate, pronoun):
                continue
            if word not in _THEY and not self._political(candidate, word):
                continue
            if candidate.dep in ("nsubj", "nsubjpass"):
                return [candidate]
            best = best or candidate
        return [best] if best else []

    def _political(self, candidate: Token, word: str) -> bool:
        resolution = self._codes(candidate, None)
        named = is_name(candidate)
        if word in _HE:
            return resolution.kind not in _NO_PERSON and (named or resolution.sector is not None)
        return resolution.country is not None or resolution.sector is not None or candidate.lemma in _GENERIC

    def _sides(self, phrase: Phrase) -> list[Party]:
        """The last two states named before "the two sides", "both countries"."""
        head = phrase.head
        two = any(c.lower in ("two", "both") for c in head.children) or head.lower in ("both", "two")
        two = two or (
            head.lower in ("sides", "countries", "neighbors", "neighbours")
            and any(c.lower == "the" for c in head.children)
        )
        if not two or head.lemma not in _SIDES:
            return []
        found: list[Party] = []
        for candidate in reversed(
            self._subjects + [t for t in self.document.tokens if t.pos == "ADJ" and t.text[:1].isupper()]
        ):
            if candidate.i >= head.i or head.sentence.index - candidate.sentence.index > 3:
                continue
            resolution = self._codes(candidate, None)
            if (
                resolution.country
                and resolution.country not in _BEYOND
                and resolution.country not in {p.entity.country for p in found}
            ):
                entity = Entity(candidate.text, candidate.start, candidate.end, resolution.country, "GOV")
                found.append(Party(entity, resolution, candidate))
                if len(found) == 2:
                    return found[::-1]
        return []

    def nearby(self, mention: EventMention, others: list[Party]) -> Party | None:
        """The party that a mention leaves unsaid: the political actor named nearest in its sentence, or the one
        that the sentence before is about, other than those the mention names already."""
        taken = {p.key for p in others}
        listed = {c.i for p in others if p.antecedent is not None for c in conjuncts(p.antecedent)}
        own = {p.entity.country for p in others}
        sentence = mention.sentence
        inside = [
            t for t in sentence.tokens if t.is_noun and t.dep in _NAMING and t is not mention.head and t.i not in listed
        ]
        inside.sort(key=lambda t: (abs(t.i - mention.head.i), t.i))
        before: list[Token] = []
        if sentence.index:
            previous = self.document.sentences[sentence.index - 1]
            before = [t for t in previous.tokens if t.is_noun and t.dep in ("nsubj", "nsubjpass", "dobj", "pobj")]
        for token in [*inside, *before]:
            for party in self.resolve(noun_phrase(token)):
                if _counterpart(party.resolution) and party.key not in taken and party.entity.country not in own:
                    return replace(party, unsaid=True)
        return None

    def first_known(self, groups: list[Group], date: str | None = None) -> tuple[list[Party], str]:
        """The first group in which somebody is recognised, with the words for why; empty when none is.

        A phrase with a country and no sector ("China's expansion") belongs to someone without being someone.
        """
        for group in groups:
            parties = [p for phrase in group for p in self.resolve(phrase, date)]
            full = [p for p in parties if p.resolution.sector is not None]
            if full:
                return _distinct(full), _why(full)
        named = ", ".join(f"“{p.of(self.text)}”" for g in groups[:3] for p in g)
        return [], f"nobody recognised in {named}" if named else "nobody named"


def _why(parties: list[Party]) -> str:
    return "; ".join(dict.fromkeys(p.resolution.reason for p in parties))


def _distinct(parties: list[Party]) -> list[Party]:
    found: dict[tuple[int, str | None, str | None], Party] = {}
    for party in parties:
        found.setdefault((party.entity.start, *party.key), party)
    return list(found.values())


def _holds(candidate: Token, pronoun: Token) -> bool:
    """Whether the pronoun is part of the candidate's own phrase ("his brother"), not of a clause about it."""
    for ancestor in pronoun.ancestors():
        if ancestor is candidate:
            return True
        if ancestor.is_verb:
            return False
    return False


def _counterpart(found: Resolution) -> bool:
    """Whether somebody named in passing may be the other side of a political act."""
    named = found.kind not in (None, "noun", "people")
    return named and bool(found.country) and not found.weak and found.sector in _COUNTERPARTS


def _agrees(candidate: Token, pronoun: str) -> bool:
    plural = candidate.tag in ("NNS", "NNPS") or len(conjuncts(candidate)) > 1
    if pronoun in _THEY:
        return plural or candidate.lemma in (
            "police",
            "government",
            "group",
            "Taliban",
            "army",
            "military",
            "team",
            "family",
            "junta",
        )
    return not plural


# What "he" or "she" never stands for.
_NO_PERSON = frozenset({"country", "capital", "city", "people", "body", "party", "group", "seat", "region"})
_NAMING = frozenset({"nsubj", "nsubjpass", "dobj", "pobj", "poss", "conj", "appos", "dative"})
_COUNTERPARTS = frozenset({"GOV", "MIL", "REB", "LEG", "JUD", "PRE", "OPP"})
# Definite descriptions of these sectors stand for the one last named: "the militants", "the court", "the party".
_NAMED_SECTORS = frozenset({"REB", "JUD", "PTY", "SOC", "SPY", "PRM", "LEG"})
# "Tens of thousands of Sudanese" are people, whatever "Sudanese" alone stands for.
_CROWDS = frozenset(
    {
        "ten",
        "tens",
        "dozen",
        "dozens",
        "score",
        "scores",
        "hundred",
        "hundreds",
        "thousand",
        "thousands",
        "million",
        "millions",
    }
)
_OF_STATE = frozenset({"country", "capital", "people", "region"})
_BEYOND = frozenset({"UNO", "EUR", "IGO", "NGO", "MNC", "IMG", "ISM"})
