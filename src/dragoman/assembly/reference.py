"""Whom the short forms of a document stand for: pronouns, "the junta", "the two sides", "police in Manila".

Antecedents are looked for backwards from the phrase, over a bounded stretch of the text, so that the cost of a
document stays in proportion to its length.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace

from dragoman import actors
from dragoman.actors import Register, Resolution
from dragoman.assembly.names import describe, is_name
from dragoman.extraction.frames import subject
from dragoman.extraction.quotes import Speakers
from dragoman.language.phrases import Phrase, conjuncts, noun_phrase
from dragoman.language.tokens import ParsedDocument, Sentence, Token

_HE = frozenset("he she him her his himself herself hers".split())
_THEY = frozenset("they them their theirs themselves".split())
_WE = frozenset("we us our ours i me my mine ourselves myself".split())
PRONOUNS = _HE | _THEY | _WE | frozenset("it its itself who".split())
# Codes that are no state's.
BEYOND = frozenset("UNO EUR IGO NGO MNC IMG ISM".split())

_HONORIFIC = re.compile(r"^(?:Mr|Mrs|Ms|Dr|Sir|Dame)\b\.?\s+")
_CANDIDATE = frozenset("nsubj nsubjpass dobj pobj agent conj appos ROOT poss dative".split())
# How many sentences back each kind of reference reaches, how many earlier phrases are looked at, and how many
# references may lead from one to the next ("his ministry", where he is "its minister", which is …): bounds on the cost
# of a long document; no figure was fitted.
_PRONOUN_REACH = 3
_NAMED_REACH = 8
_DESCRIBED_LOOKS = 20
_STATES_LOOKS = 60
_CHAIN = 12
_SIDES = frozenset(
    "side country leader party government nation neighbor neighbour state foe rival ally two both president minister "
    "power capital official delegation".split()
)
_THE_SIDES = frozenset("sides countries neighbors neighbours".split())
# "The East African nation" is one state, that of which the report speaks.
_STATE_NOUNS = frozenset("nation country state kingdom republic neighbor neighbour".split())
_GENERIC = frozenset("country nation state side group organization organisation body bloc movement party".split())
# Singular nouns that "they" may stand for.
_MANY = frozenset("police government group Taliban army military team family junta".split())
# Names of days and months are nobody.
_CALENDAR = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august "
    "september october november december jan feb mar apr jun jul aug sep sept oct nov dec".split()
)
_RELATIVE_TO = frozenset("ally neighbor neighbour rival foe enemy counterpart partner opponent predecessor".split())
# What "he" or "she" never stands for.
_NO_PERSON = frozenset("country capital city people body party group seat region".split())
# Common nouns for those who are many or an institution, which "he" stands for as little.
BODIES = frozenset(
    "administration agency alliance army assembly association authority bank bloc board broadcaster bureau "
    "business cabinet camp channel coalition commission committee community company congress council court daily "
    "delegation department embassy family firm force government group industry institute institution junta "
    "magazine media military ministry movement navy network newspaper office organisation organization outlet "
    "parliament party police population public regime senate side staff state station team tribunal union "
    "university village website".split()
)
_NO_ONE = BODIES | _GENERIC
# Modifiers by which a later description goes back to an earlier one: "Mali's military junta", "the military council".
_TELLING = frozenset("military transitional interim caretaker provisional civilian rebel separatist opposition".split())
# Definite descriptions of these sectors stand for the one last named: "the militants", "the court", "the party".
_NAMED_SECTORS = frozenset("REB JUD PTY SOC SPY PRM LEG".split())
# "Tens of thousands of Sudanese" are people, whatever "Sudanese" alone stands for.
_CROWDS = frozenset("ten tens dozen dozens score scores hundred hundreds thousand thousands million millions".split())


class Reference:
    """The codes of the phrases of one document, each resolved with what the document says elsewhere.

    Args:
        document: the parsed document.
        named: how often it names each state (``countries``).
        places: the country of each token that heads a toponym, by the token's number.
        register: the actors to know; those that ship by default.
    """

    def __init__(
        self,
        document: ParsedDocument,
        named: Counter[str],
        places: Mapping[int, str],
        register: Register | None = None,
    ) -> None:
        self.register = register
        self.text = document.document.text
        self.published = document.document.published
        self._places = places
        counted = named + Counter(places.values())
        main = max(counted, key=lambda c: counted[c], default=None)  # of equals the one named first
        self.context = describe(document, main, register)
        self._union = re.search(r"\b(?:EU|European (?:Union|Commission|Council))\b", self.text) is not None
        self.speakers = Speakers(document)
        self._candidates = [
            t
            for t in document.tokens
            if t.is_noun and t.dep in _CANDIDATE and t.lower.rstrip(".") not in _CALENDAR and not _dated(t)
        ]
        self._positions = [t.i for t in self._candidates]
        self._states = [t for t in document.tokens if _is_state(t)]
        self._state_positions = [t.i for t in self._states]
        self._heads: dict[str, list[Token]] = {}
        self._telling: dict[str, list[Token]] = {}
        self._known: dict[tuple[int, str | None], Resolution] = {}
        self._asked: list[int] = []
        self._named_in: dict[int, frozenset[str]] = {}
        for token in self._candidates:
            if token.pos == "NOUN":
                self._heads.setdefault(token.lemma, []).append(token)
            for word in _modifiers(token) & _TELLING:
                self._telling.setdefault(word, []).append(token)

    def codes(self, head: Token, date: str | None = None) -> Resolution:
        """The codes of the phrase around a head; by its own words alone where references run in a circle or too far."""
        key = (head.i, date)
        if key not in self._known:
            phrase = noun_phrase(head)
            if head.i in self._asked or len(self._asked) >= _CHAIN:
                return self._resolve(_HONORIFIC.sub("", phrase.of(self.text)), date)
            self._asked.append(head.i)
            try:
                self._known[key] = self.phrase(phrase, date)
            finally:
                self._asked.pop()
        return self._known[key]

    def phrase(self, phrase: Phrase, date: str | None = None) -> Resolution:
        """The codes of a phrase: by itself, else by what the document said of it before."""
        head = phrase.head
        words = phrase.of(self.text)
        found = self._resolve(_HONORIFIC.sub("", words), date)
        if found.country == "ISM" and found.sector == "GOV" and "European" in words and self._union:
            return replace(found, country="EUR", weak=False, reason=f"{found.reason}; the report names the Union")
        if found.country == "ISM" and head.lemma in _STATE_NOUNS and _the_one(head) and self.context.country:
            why = f"{found.reason}; one state, {self.context.country}, the document's country"
            return replace(found, country=self.context.country, sector="GOV", weak=True, reason=why)
        if found.kind in ("people", "country") and head.lemma.lower() in _CROWDS:
            return replace(found, sector="CVL", reason=f"{found.reason}; a crowd of them")
        if _firm(found):
            return found
        name = next((c for c in head.children if c.dep == "appos" and is_name(c)), None)
        if name is not None and not is_name(head):
            named = self._resolve(noun_phrase(name).of(self.text), date)
            if _firm(named):
                return replace(named, reason=f"“{head.text}” is {name.text}: {named.reason}")
        # "Its ally" is another than whose ally it is.
        owners = [c for c in head.children if c.dep == "poss" and head.lemma not in _RELATIVE_TO]
        if not owners:
            found = self._described(head, found, date)
        if found.weak:
            found = self._local(head, found)
        for owner in owners:
            whose = self._owner(owner, date)
            if whose is not None and (found.country is None or found.weak):
                return replace(found, country=whose.country, reason=f"{found.reason}; “{owner.text}”: {whose.reason}")
        return found

    def antecedents(self, pronoun: Token) -> list[Token]:
        """The heads that a pronoun stands for: one, or none when nothing fits."""
        word = pronoun.lower
        if word in _WE:
            return [t for t in self.speakers.quoted(pronoun.sentence)[:1] if not _holds(t, pronoun)]
        if word == "who":
            return []
        best: Token | None = None
        doers = _doers(pronoun)
        for candidate in self._before(pronoun, _PRONOUN_REACH):
            if not _agrees(candidate, word) or candidate in doers or _holds(candidate, pronoun):
                continue
            if word not in _THEY and not self._may_be(candidate, word):
                continue
            if candidate.dep in ("nsubj", "nsubjpass"):
                return [candidate]
            best = best or candidate
        return [best] if best else []

    def sides(self, head: Token) -> list[tuple[Token, Resolution]]:
        """The last two states named before "the two sides", "both countries"; empty for other phrases."""
        definite = {c.lower for c in head.children}
        two = definite & {"two", "both"} or head.lower in ("both", "two")
        if not (two or (head.lower in _THE_SIDES and "the" in definite)) or head.lemma not in _SIDES:
            return []
        found: dict[str, tuple[Token, Resolution]] = {}
        for k in range(bisect_left(self._state_positions, head.i) - 1, -1, -1):
            candidate = self._states[k]
            if head.sentence.index - candidate.sentence.index > _PRONOUN_REACH:
                break
            resolution = self.codes(candidate)
            if resolution.country and not resolution.weak and resolution.country not in BEYOND:
                found.setdefault(resolution.country, (candidate, resolution))
            if len(found) == 2:
                return list(found.values())[::-1]
        return []

    def states(self, head: Token) -> list[str]:
        """The states named before a head in its sentence and the one before, nearest first."""
        found: dict[str, None] = {}
        at = bisect_left(self._state_positions, head.i)
        for k in range(at - 1, max(-1, at - 1 - _STATES_LOOKS), -1):
            candidate = self._states[k]
            if head.sentence.index - candidate.sentence.index > 1:
                break
            resolution = self.codes(candidate)
            if resolution.country and not resolution.weak and resolution.country not in BEYOND:
                found.setdefault(resolution.country)
        return list(found)

    def named_in(self, sentence: Sentence) -> frozenset[str]:
        """The states named in a sentence."""
        if sentence.index not in self._named_in:
            found = {r.country for t in sentence.tokens if _is_state(t) for r in (self.codes(t),) if not r.weak}
            self._named_in[sentence.index] = frozenset(c for c in found if c)
        return self._named_in[sentence.index]

    def _resolve(self, words: str, date: str | None) -> Resolution:
        return actors.resolve(words, date or self.published, self.context, self.register)

    def _before(self, token: Token, reach: int) -> Iterator[Token]:
        """Candidates before a token, nearest first, at most ``reach`` sentences back."""
        for k in range(bisect_left(self._positions, token.i) - 1, -1, -1):
            candidate = self._candidates[k]
            if token.sentence.index - candidate.sentence.index > reach:
                return
            yield candidate

    def _described(self, head: Token, found: Resolution, date: str | None) -> Resolution:
        """ "The junta" is the one of which the report spoke before: the last phrase with that head that said whose."""
        if head.pos != "NOUN" or found.sector is None:
            return found
        own = _modifiers(head) - _TELLING
        for earlier in _last(self._heads.get(head.lemma, []), head):
            if head.lemma in _GENERIC and earlier.tag != head.tag:
                continue  # "the country" is none of "the countries"
            words = noun_phrase(earlier).of(self.text)
            if any(w not in words.lower() for w in own):
                continue  # "protest leaders" are none of "leaders of the front"
            named = self._resolve(words, date)
            if _firm(named):
                return replace(named, reason=f"as “{words}” before: {named.reason}")
        for word in sorted(_modifiers(head) & _TELLING):
            for earlier in _last(self._telling.get(word, []), head):
                words = noun_phrase(earlier).of(self.text)
                named = self._resolve(words, date)
                if named.country and not named.weak:
                    reason = f"{found.reason}; of “{words}” before"
                    return replace(found, country=named.country, weak=False, reason=reason)
        if _definite(head) and found.sector in _NAMED_SECTORS:
            for candidate in self._before(head, _NAMED_REACH):
                if is_name(candidate):
                    named = self._resolve(noun_phrase(candidate).of(self.text), date)
                    if named.sector == found.sector and _firm(named):
                        return replace(named, reason=f"“{head.text}” is {candidate.text}, named before: {named.reason}")
        return found

    def _owner(self, token: Token, date: str | None) -> Resolution | None:
        """Whose it is: "his government", "the court's president"; None when that is no firmer than the document."""
        owners = self.antecedents(token) if token.lower in PRONOUNS else [token]
        for owner in owners:
            whose = self.codes(owner, date)
            if whose.country and not whose.weak:
                return whose
        return None

    def _local(self, head: Token, found: Resolution) -> Resolution:
        """Where only the document's main country speaks for "the police", a place in its sentence speaks louder."""
        best: tuple[int, str, Token] | None = None
        for token in head.sentence.tokens:
            country = self._places.get(token.i)
            if (
                country
                and token.dep == "pobj"
                and token.head.lower in ("in", "at", "near", "from", "outside", "across")
            ):
                row = (abs(token.i - head.i), country, token)
                best = row if best is None or row[:2] < best[:2] else best
        if best is None or best[1] == found.country:
            return found
        return replace(found, country=best[1], reason=f"{found.reason}; in a sentence about {best[2].text}")

    def _may_be(self, candidate: Token, word: str) -> bool:
        """Whether "he" or "it" may stand for a candidate."""
        resolution = self.codes(candidate)
        if word in _HE:
            if candidate.pos == "NOUN" and candidate.lemma in _NO_ONE:
                return False
            return resolution.kind not in _NO_PERSON and (is_name(candidate) or resolution.sector is not None)
        return resolution.country is not None or resolution.sector is not None or candidate.lemma in _GENERIC


def _is_state(token: Token) -> bool:
    return token.is_noun or (token.pos == "ADJ" and token.text[:1].isupper())


def countries(document: ParsedDocument, register: Register | None = None) -> Counter[str]:
    """How often each state is named, by its name, people, capital or whoever stands for it."""
    found: Counter[str] = Counter()
    for token in document.tokens:
        if token.pos in ("PROPN", "ADJ") and token.text[:1].isupper() and token.dep != "ROOT":
            resolution = actors.resolve(token.text, register=register)
            if resolution.country and resolution.country not in BEYOND:
                found[resolution.country] += 1
    return found


def _dated(token: Token) -> bool:
    """Whether a word only counts days: "Feb. 18", "March 2021"."""
    return any(c.dep in ("compound", "nmod") and c.lower.rstrip(".") in _CALENDAR for c in token.children) and (
        token.text[:1].isdigit() or token.pos == "NUM"
    )


def _definite(head: Token) -> bool:
    return any(c.dep == "det" and c.lower in ("the", "this", "that") for c in head.children)


def _the_one(head: Token) -> bool:
    """Whether a noun is singular and definite: "the West African nation", not "no", "any" or "another"."""
    return head.tag == "NN" and _definite(head)


def _firm(found: Resolution) -> bool:
    return found.country is not None and found.sector is not None and not found.weak


def _modifiers(token: Token) -> set[str]:
    return {c.lower for c in token.children if c.dep in ("amod", "compound")}


def _last(tokens: list[Token], before: Token) -> list[Token]:
    """The last few tokens of a list that stand before another, nearest first."""
    end = bisect_left(tokens, before.i, key=lambda t: t.i)
    return tokens[max(0, end - _DESCRIBED_LOOKS) : end][::-1]


def _doers(pronoun: Token) -> list[Token]:
    """Whoever does the act is not whom it is done to: "urged him", "spoke with them"."""
    governor = pronoun.head
    if pronoun.dep == "pobj" and governor.head.is_verb:
        return subject(governor.head)
    return subject(governor) if governor.is_verb and pronoun.dep in ("dobj", "dative", "pobj") else []


def _holds(candidate: Token, pronoun: Token) -> bool:
    """Whether the pronoun is part of the candidate's own phrase ("his brother"), not of a clause about it."""
    for ancestor in pronoun.ancestors():
        if ancestor is candidate:
            return True
        if ancestor.is_verb:
            return False
    return False


def _agrees(candidate: Token, pronoun: str) -> bool:
    plural = candidate.tag in ("NNS", "NNPS") or len(conjuncts(candidate)) > 1
    return plural or candidate.lemma in _MANY if pronoun in _THEY else not plural
