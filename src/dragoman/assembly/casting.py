"""Who takes part: whom a document names near an event, weighed by what the learned model, the lexicon and the
document's own course say of them.

Candidates are codes, not words: all phrases that stand for one country and sector speak for it together, a pronoun as
much as a name. Weights are those of ``training.assembly``.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from dragoman.actors import Resolution
from dragoman.assembly.names import is_name
from dragoman.assembly.parties import Parties, Party
from dragoman.assembly.reference import PRONOUNS
from dragoman.assembly.scorer import logit
from dragoman.codebook import TYPES
from dragoman.extraction.frames import passive
from dragoman.extraction.mentions import Candidate, EventMention, Group
from dragoman.language.phrases import noun_phrase
from dragoman.language.tokens import ParsedDocument, Token

Key = tuple[str | None, str | None]

# Words less likely than this in every role are no candidates, unless the lexicon has them or they share the sentence.
LEAST = 0.02
# Codes that the document names most often are candidates of every event.
MAIN = 3
# Sectors that the model gives a phrase from this probability on are looked at beside that of its words.
LIKELY = 0.2
# So many states named before a phrase that names none may be its own.
ELSEWHERE = 2

_SECTORS = "GOV MIL COP SPY JUD LEG PTY OPP REB PRM UAF ELI CVL SOC JRN BUS LAB EDU MED REL REF CRM PRE UNK".split()
_KINDS = "country capital city people person body party group seat region noun".split()
_BEYOND = frozenset("UNO EUR IGO NGO MNC IMG ISM".split())

FEATURES: tuple[str, ...] = (
    *("actor", "recipient", "source", "actor logit", "recipient logit", "source logit"),
    *("actor all", "recipient all", "actor lead", "recipient lead", "actor first", "recipient first"),
    *("lexicon actor", "lexicon actor later", "lexicon recipient", "lexicon recipient later", "lexicon source"),
    *("lexicon has actor", "lexicon has recipient", "lexicon asked"),
    *("same sentence", "sentences before", "sentences after", "before", "after", "steps", "out of reach"),
    *("sector chance", "sector by words", "sector lead", "unknown name", "main country", "here"),
    "country by words",
    *("country", "weak", "named", "pronoun", "beyond states"),
    *("share", "country share", "first said", "phrases"),
    *("passive", "nominal", "mutual", "stative", "probability", "heading", "future", "negated", "likely actors"),
    *(f"sector {s}" for s in _SECTORS),
    *(f"kind {k}" for k in _KINDS),
    *(f"type {t}" for t in TYPES),
)


@dataclass(frozen=True, slots=True)
class Row:
    """A code that may take part in an event, the phrases that stand for it, best first, and what speaks for it.

    ``opinions`` says of actor, recipient and source what the model and the lexicon make of it.
    """

    key: Key
    phrases: tuple[Party, ...]
    features: tuple[float, ...]
    opinions: tuple[str, ...]


class Casting:
    """The candidates of one document."""

    def __init__(self, document: ParsedDocument, parties: Parties) -> None:
        self.parties = parties
        self._named: Counter[Key] = Counter()
        self._first: dict[Key, tuple[int, Party]] = {}
        size = max(1, len(document.tokens))
        for token in document.tokens:
            if token.is_noun and token.dep not in ("compound", "nmod", "amod"):
                for party in self.parties.resolve(noun_phrase(token)):
                    if party.resolution.sector is not None:
                        self._named[party.key] += 1
                        self._first.setdefault(party.key, (token.i, party))
        self._size = size
        self._all = max(1, sum(self._named.values()))
        self._countries: Counter[str] = Counter()
        for (country, _), n in self._named.items():
            if country:
                self._countries[country] += n
        ranked = sorted((k for k in self._named if k[0]), key=lambda k: (-self._named[k], self._first[k][0]))
        self._main = ranked[:MAIN]
        self.main = parties.reference.context.country

    def rows(self, mention: EventMention, date: str | None) -> list[Row]:
        """The candidates of an event, in the order of the text."""
        lexical = _lexical(mention)
        seen: dict[Key, list[tuple[float, Candidate | None, Party]]] = {}
        for candidate in mention.candidates:
            token = candidate.token
            near = token.sentence is mention.sentence and token.dep not in ("compound", "amod", "nmod")
            best = max(candidate.actor, candidate.recipient, candidate.source)
            if best < LEAST and token.i not in lexical and not near:
                continue
            for party in self.parties.resolve(noun_phrase(token), date):
                for other in self._readings(party, candidate):
                    seen.setdefault(other.key, []).append((max(candidate.actor, candidate.recipient), candidate, other))
        known = {c.token.i for c in mention.candidates}
        for number, (head, _) in lexical.items():
            if number not in known:
                for party in self.parties.resolve(noun_phrase(head), date):
                    if party.resolution.sector is not None:
                        seen.setdefault(party.key, []).append((0.0, None, party))
        for key in self._main:
            if key not in seen:
                seen[key] = [(0.0, None, replace(self._first[key][1], unsaid=True))]
        tops = [
            max((getattr(c, role) for rows in seen.values() for _, c, _ in rows if c is not None), default=0.0)
            for role in ("actor", "recipient")
        ]
        likely = sum(any(c is not None and c.actor >= 0.5 for _, c, _ in rows) for rows in seen.values())
        return [self._row(mention, key, rows, lexical, tops, likely) for key, rows in seen.items()]

    def _readings(self, party: Party, candidate: Candidate) -> Iterator[Party]:
        """A party as its words read, and as its context does: in another sector by the model, in another country
        where its words name none."""
        found = party.resolution
        if found.sector is not None:
            yield party
        name = party.head is not None and is_name(party.head)
        unknown = found.country is None and found.kind in (None, "noun")
        if unknown and not (name and self.main):
            return
        if unknown and found.sector is not None:
            why = f"{found.reason}; {self.main}, the document's country"
            yield _reading(party, replace(found, country=self.main, weak=True, reason=why))
        sectors = [
            (s, f"{s} by its context ({p:.0%})") for s, p in candidate.sectors if p >= LIKELY and s != found.sector
        ]
        if found.identity is not None and found.kind == "person" and found.sector is not None:
            # Whom the register knows it knows better than the model guesses, but for who is out of office when.
            sectors = [(s, why) for s, why in sectors if s in (*found.other_sectors, "ELI", "GOV")]
        if found.kind == "city" and found.sector is None:
            # A town alone: its authorities where it acts, its people where it is acted upon.
            towns = (("GOV", "its authorities"), ("CVL", "its people"))
            sectors += [(s, why) for s, why in towns if s not in dict(sectors)]
        for sector, reading in sectors:
            why = f"{found.reason}; {reading}"
            country, weak = found.country, found.weak
            if unknown:
                country, weak, why = self.main, True, f"{why}; {self.main}, the document's country"
            yield _reading(party, replace(found, country=country, sector=sector, weak=weak, reason=why))
        if (found.weak or unknown) and party.head is not None:
            best = found.sector or (sectors[0][0] if sectors else None)
            for country in self.parties.reference.states(party.head)[:ELSEWHERE] if best else ():
                if country != (found.country or self.main):
                    why = f"{found.reason}; {country}, named before it"
                    yield _reading(
                        party, replace(found, country=country, sector=best, weak=True, reason=why), moved=True
                    )

    def _row(
        self,
        mention: EventMention,
        key: Key,
        rows: list[tuple[float, Candidate | None, Party]],
        lexical: dict[int, tuple[Token, set[str]]],
        tops: list[float],
        likely: int,
    ) -> Row:
        rows = sorted(rows, key=lambda r: (-r[0], r[2].entity.start))
        asked = [c for _, c, _ in rows if c is not None]
        actor, recipient, source = (
            max((getattr(c, role) for c in asked), default=0.0) for role in ("actor", "recipient", "source")
        )
        party = rows[0][2]
        said: set[str] = set()
        for _, _, p in rows:
            if p.head is not None:
                said |= lexical.get(p.head.i, (p.head, set()))[1]
        apart = [p.head.sentence.index - mention.sentence.index for _, _, p in rows if p.head is not None]
        before, after = (-max((a for a in apart if a <= 0), default=-6), min((a for a in apart if a >= 0), default=6))
        inside = [
            p.head.i - mention.head.i for _, _, p in rows if p.head is not None and p.head.sentence is mention.sentence
        ]
        found = party.resolution
        chance = max((p for c in asked for s, p in c.sectors if s == key[1]), default=0.0)
        values: dict[str, float] = {
            "actor": actor,
            "recipient": recipient,
            "source": source,
            "actor logit": logit(actor) / 5,
            "recipient logit": logit(recipient) / 5,
            "source logit": logit(source) / 5,
            "actor all": min(2.0, sum(c.actor for c in asked)),
            "recipient all": min(2.0, sum(c.recipient for c in asked)),
            "actor lead": actor - tops[0],
            "recipient lead": recipient - tops[1],
            "actor first": float(actor > 0 and actor >= tops[0]),
            "recipient first": float(recipient > 0 and recipient >= tops[1]),
            "lexicon actor": float("actor" in said),
            "lexicon actor later": float("actor later" in said),
            "lexicon recipient": float("recipient" in said),
            "lexicon recipient later": float("recipient later" in said),
            "lexicon source": float("source" in said),
            **_everywhere(mention, lexical),
            "same sentence": float(bool(inside)),
            "sentences before": min(before, 6) / 6,
            "sentences after": min(after, 6) / 6,
            "before": float(any(i < 0 for i in inside)),
            "after": float(any(i > 0 for i in inside)),
            "steps": min(min((abs(i) for i in inside), default=40), 40) / 40,
            "out of reach": float(not asked),
            "sector chance": chance,
            "sector by words": float(any(not p.guessed for _, _, p in rows)),
            "sector lead": chance - max((p for c in asked for _, p in c.sectors), default=0.0),
            "unknown name": float(found.kind is None and found.weak),
            "main country": float(key[0] is not None and key[0] == self.main),
            "here": float(key[0] is not None and key[0] in self.parties.reference.named_in(mention.sentence)),
            "country by words": float(any(not p.moved for _, _, p in rows)),
            "country": float(key[0] is not None),
            "weak": float(found.weak),
            "named": float(any(p.certainty == 3 for _, _, p in rows)),
            "pronoun": float(party.entity.text.lower() in PRONOUNS),
            "beyond states": float(key[0] in _BEYOND),
            "share": math.sqrt(self._named[key] / self._all),
            "country share": math.sqrt(self._countries[key[0]] / self._all) if key[0] else 0.0,
            "first said": self._first[key][0] / self._size if key in self._first else 1.0,
            "phrases": min(len(rows), 5) / 5,
            "passive": float(mention.head.is_verb and passive(mention.head)),
            "nominal": float(mention.nominal),
            "mutual": float(mention.mutual),
            "stative": float(mention.stative),
            "probability": mention.chance,
            "heading": float(mention.sentence.heading),
            "future": float(mention.factuality == "future" or mention.promised),
            "negated": float(mention.factuality == "negated"),
            "likely actors": min(likely, 4) / 4,
        }
        names = {f"sector {key[1]}", f"kind {found.kind}", f"type {mention.type}"}
        features = tuple(values[n] if n in values else float(n in names) for n in FEATURES)
        opinions = tuple(
            f"model {p:.0%}, lexicon {'yes' if role in said else 'no'}"
            for role, p in (("actor", actor), ("recipient", recipient), ("source", source))
        )
        return Row(key, tuple(p for _, _, p in rows), features, opinions)


def _reading(party: Party, found: Resolution, *, moved: bool = False) -> Party:
    entity = replace(party.entity, country=found.country, sector=found.sector)
    guessed = found.sector != party.resolution.sector
    return replace(party, entity=entity, resolution=found, guessed=guessed, moved=moved)


def _everywhere(mention: EventMention, lexical: dict[int, tuple[Token, set[str]]]) -> dict[str, float]:
    """What the lexicon says of the event as a whole."""
    return {
        "lexicon has actor": float(any("actor" in said for _, said in lexical.values())),
        "lexicon has recipient": float(any("recipient" in said for _, said in lexical.values())),
        "lexicon asked": float(mention.lexical),
    }


def _lexical(mention: EventMention) -> dict[int, tuple[Token, set[str]]]:
    """What the lexicon has each word as, by the word's number."""
    found: dict[int, tuple[Token, set[str]]] = {}
    if not mention.lexical:
        return found

    def note(groups: list[Group], role: str) -> None:
        for n, group in enumerate(groups):
            for phrase in group:
                head = phrase.head
                found.setdefault(head.i, (head, set()))[1].add(role if n == 0 else f"{role} later")

    note(mention.actor, "actor")
    note(mention.recipient, "recipient")
    note(mention.attribution, "source")
    return found
