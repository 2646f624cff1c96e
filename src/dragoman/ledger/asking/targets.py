"""What a stance is towards: a deed, found by words or by its event, with its doers and victims; or an actor."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from dragoman import codebook
from dragoman.ledger import facets, words
from dragoman.ledger.asking.clauses import Phrase
from dragoman.ledger.model import LedgerEvent, Telling
from dragoman.record import Entity, Event

Relation = Literal["doer", "victim", "none", "other"]
# Who is named in fewer of a deed's records than this share of those that name the most frequent is named by a mistake,
# or beside the others.
_SHARE = 0.2
# An act that is denied, or only thought of, is no deed.
_HAPPENED = ("actual", "future")
# Who acts for a state by force or office: where doer and victim are of one country, any of these is meant by another.
_POWER = frozenset({"GOV", "MIL", "COP", "SPY", "PRM"})
# What stands between a deed and its victim: "the invasion of Ukraine", "an attack on the town".
_BETWEEN = frozenset({"of", "on", "in", "into", "against", "upon", "the", "s"})


@dataclass(frozen=True, slots=True)
class Side:
    """Those on one side of a deed, by country and sector; the sector counts only where both sides are of a country."""

    parties: frozenset[tuple[str, str | None]] = frozenset()

    @property
    def countries(self) -> frozenset[str]:
        return frozenset(country for country, _ in self.parties)

    def has(self, party: Entity, other: Side) -> bool:
        """Whether ``party`` is of this side rather than of ``other``."""
        if party.country not in self.countries:
            return False
        if party.country not in other.countries:
            return True
        key = (party.country, party.sector)
        if key in self.parties or key in other.parties:
            return key in self.parties
        ours, theirs = (
            any(country == party.country and sector in _POWER for country, sector in side.parties)
            for side in (self, other)
        )
        return ours != theirs and ours == (party.sector in _POWER)


@dataclass(frozen=True, slots=True)
class Target:
    """What is asked about: the words that speak of it, one phrase of each group; the deeds; who is on which side.

    ``names`` are the stems that name the deed itself, as "invasion" does in "invasion of Ukraine".
    """

    wanted: tuple[tuple[Phrase, ...], ...] = ()
    deeds: tuple[LedgerEvent, ...] = ()
    doers: Side = Side()
    victims: Side = Side()
    names: frozenset[str] = frozenset()

    def spoken_of(self, telling: Telling) -> bool:
        """Whether a report's sentences of an event, with the names of its parties, hold the words."""
        parties = (*telling.record.actor, *telling.record.recipient)
        return self._hold([*telling.evidence, *(e.text for e in parties), *_countries(parties)])

    def in_title(self, telling: Telling) -> bool:
        """Whether the title of the report holds the words."""
        return self._hold([telling.report.title])

    def words_in(self, sentence: str) -> int:
        """How many groups of the words a sentence holds."""
        return self._found([sentence])

    def _hold(self, texts: Iterable[str]) -> bool:
        return bool(self.wanted) and self._found(texts) == len(self.wanted)

    def _found(self, texts: Iterable[str]) -> int:
        said = list(texts)
        return sum(words.holds(said, any_of) for any_of in self.wanted)

    def relation(self, towards: Sequence[Entity], sentences: Iterable[str]) -> Relation:
        """On which side those are that something is done to; ``none`` where nobody is, but the deed itself.

        A victim that the sentences name in the name of the deed alone ("backed the invasion of Ukraine") is not the one
        that it is done to.
        """
        if any(self.doers.has(p, self.victims) for p in towards):
            return "doer"
        victims = [p for p in towards if self.victims.has(p, self.doers)]
        if victims:
            return "none" if all(self._is_in_name(p, sentences) for p in victims) else "victim"
        return "other" if any(p.country for p in towards) else "none"

    def _is_in_name(self, party: Entity, sentences: Iterable[str]) -> bool:
        named = {tuple(words.stems(name)) for name in (party.text, *_countries([party]))} - {()}
        found = [
            (said, at)
            for said in (words.stems(sentence) for sentence in sentences)
            for at in range(len(said))
            if any(tuple(said[at : at + len(name)]) == name for name in named)
        ]
        return bool(found) and all(self._names_deed(said, at) for said, at in found)

    def _names_deed(self, said: Sequence[str], at: int) -> bool:
        before = at - 1
        while before >= 0 and said[before] in _BETWEEN:
            before -= 1
        return 0 <= before < at - 1 and said[before] in self.names

    def is_between(self, actor: Entity, towards: Sequence[Entity]) -> bool:
        """Whether ``actor`` is on neither side and both are among ``towards``."""
        sides = ((self.doers, self.victims), (self.victims, self.doers))
        return not any(side.has(actor, other) for side, other in sides) and all(
            any(side.has(p, other) for p in towards) for side, other in sides
        )


def is_mutual(record: Event) -> bool:
    """Whether a record's actors act towards each other, as :func:`dragoman.ledger.facets.is_mutual` says of events."""
    return record.type in facets.MUTUAL and not record.recipient and len(record.actor) > 1


def towards(record: Event, actor: Entity) -> tuple[Entity, ...]:
    """Those to whom ``actor`` does something in ``record``: the others, in a mutual act."""
    return tuple(e for e in record.actor if e is not actor) if is_mutual(record) else record.recipient


def of_text(wanted: tuple[tuple[Phrase, ...], ...], found: Iterable[LedgerEvent]) -> Target:
    """The target that words name, told by the events that they find: its deeds are those whose own words are among
    them, as "invaded" is of "invasion of Ukraine"."""
    asked = {stem for any_of in wanted for phrase in any_of for stem in phrase}
    plain = Target(wanted)
    deeds: dict[str, LedgerEvent] = {}
    tellings = []
    names: set[str] = set()
    for event in found:
        for telling in event.tellings:
            own = asked & {stem for trigger in telling.triggers for stem in words.stems(trigger)}
            if own and telling.record.factuality in _HAPPENED and plain.spoken_of(telling):
                deeds[event.id] = event
                tellings.append(telling)
                names |= own
    return _with_sides(wanted, list(deeds.values()), tellings, names)


def of_event(deed: LedgerEvent) -> Target:
    """The target that an event is: spoken of by one of the words that name it in its reports, beside a name of its
    victims, its doers or its place."""
    triggers = {tuple(words.stems(trigger)) for t in deed.tellings for trigger in t.triggers}
    parties = [e for t in deed.tellings for e in (*t.record.actor, *t.record.recipient)]
    where = {deed.place.country or ""} & set(codebook.COUNTRIES) if deed.place else set()
    named = [*(e.text for e in parties), *_countries(parties), *(codebook.COUNTRIES[c].name for c in where)]
    groups = (triggers, {tuple(words.stems(name)) for name in named})
    wanted = tuple(tuple(sorted(group - {()})) for group in groups if group - {()})
    return _with_sides(wanted, [deed], deed.tellings, {stem for phrase in triggers for stem in phrase})


def of_actor(code: str) -> Target:
    """The target that a country is: whatever is done to it."""
    return Target(doers=Side(frozenset({(code, None)})))


def _with_sides(
    wanted: tuple[tuple[Phrase, ...], ...], deeds: Sequence[LedgerEvent], tellings: Iterable[Telling], names: set[str]
) -> Target:
    told = list(tellings)
    acting = _counted(t.record.actor for t in told)
    suffering = _counted(t.record.recipient for t in told)
    # Who is told to be both is what most tell; in a clash each is both.
    doers = {key for key in acting if acting[key] >= suffering.get(key, 0)}
    victims = {key for key in suffering if suffering[key] >= acting.get(key, 0)} - doers
    if not victims:
        countries = {country for country, _ in doers}
        places = {e.place.country for e in deeds if e.place and e.place.country}
        victims = {(country, None) for country in places if country not in countries}
    return Target(wanted, tuple(deeds), Side(frozenset(doers)), Side(frozenset(victims)), frozenset(names))


def _counted(named: Iterable[Iterable[Entity]]) -> dict[tuple[str, str | None], int]:
    """In how many records each is named, without those who are named in few."""
    counts: Counter[tuple[str, str | None]] = Counter()
    for entities in named:
        counts.update({(e.country, e.sector) for e in entities if e.country})
    least = _SHARE * max(counts.values(), default=0)
    return {key: n for key, n in counts.items() if n >= least}


def _countries(parties: Iterable[Entity]) -> Iterator[str]:
    codes = {e.country or "" for e in parties}
    return (codebook.COUNTRIES[code].name for code in sorted(codes) if code in codebook.COUNTRIES)
