"""Lexicon entries found in a sentence: heads, their words and conditions."""

from __future__ import annotations

from dataclasses import dataclass, field

from dragoman.extraction.frames import Slots, slots_of
from dragoman.extraction.lexicon import Entry, Index
from dragoman.language.tokens import Sentence, Token

_POS = {"VERB": "verb", "AUX": "verb", "NOUN": "noun", "PROPN": "noun", "ADJ": "adj"}

_MONTHS = frozenset({"march", "may"})


@dataclass(slots=True, eq=False)
class Match:
    """An entry found at a head token, with the predicate's slots."""

    token: Token
    entry: Entry
    slots: Slots
    words: list[Token] = field(default_factory=list)
    content: list[Token] = field(default_factory=list)


def _noun_words(token: Token, words: tuple[str, ...]) -> list[Token] | None:
    """The tokens that stand before the head and spell the compound, or None."""
    tokens = token.sentence.tokens
    at = token.k
    found: list[Token] = []
    # "air-strike" comes as three tokens, hence the hyphen is stepped over.
    k = at - 1
    for word in reversed(words):
        while k >= 0 and tokens[k].text in ("-", "–"):
            k -= 1
        parts = word.split("-")
        for part in reversed(parts):
            while k >= 0 and tokens[k].text in ("-", "–"):
                k -= 1
            if k < 0 or part not in (tokens[k].lower, tokens[k].lemma.lower()):
                return None
            found.append(tokens[k])
            k -= 1
    return found


def _verb_words(token: Token, words: tuple[str, ...]) -> list[Token] | None:
    """The particles of the verb, in order, or None when one is missing."""
    found: list[Token] = []
    pool: list[Token] = [c for c in token.children if c.i > token.i]
    for word in words:
        hit = next((c for c in pool if word in (c.lower, c.lemma.lower()) and c.i - token.i <= 12), None)
        if hit is None and found:
            # Particles of particles ("walk out on": "on" may hang on "out"), and nouns in idioms ("take to streets").
            hit = next((g for c in pool for g in c.children if word in (g.lower, g.lemma.lower())), None)
        if hit is None:
            return None
        found.append(hit)
        pool = [*[c for c in token.children if c.i > token.i], *hit.children]
    return found


def _holds(slots: Slots, slot: str, lemmas: frozenset[str]) -> bool:
    for token in slots.get(slot, ()):
        if token.lemma.lower() in lemmas or token.lower in lemmas:
            return True
        # A compound or a conjunct may be the telling word: "economic sanctions and an embargo".
        for child in token.children:
            if child.dep in ("compound", "conj", "amod", "nmod") and child.lemma.lower() in lemmas:
                return True
            if child.dep == "prep" and child.lower == "of" and any(p.lemma.lower() in lemmas for p in child.children):
                return True
    return False


def _counts(token: Token, entry: Entry, slots: Slots) -> list[Token] | None:
    words: list[Token] | None = []
    if entry.words:
        words = _noun_words(token, entry.words) if entry.pos == "noun" else _verb_words(token, entry.words)
    if words is None:
        return None
    for slot, lemmas in entry.needs:
        if not _holds(slots, slot, lemmas):
            return None
    for slot, lemmas in entry.never:
        if _holds(slots, slot, lemmas):
            return None
    return words


def _american(lemma: str) -> str:
    """The American spelling of a British lemma, under which the lexicon has its entries."""
    lemma = lemma.lower()
    if lemma.endswith(("ise", "yse")):
        return lemma[:-2] + "ze"
    return lemma.replace("our", "or") if lemma.endswith("our") else lemma


def find(sentence: Sentence, index: Index) -> list[Match]:
    """The most specific entry for each token of the sentence that names an event."""
    matches: list[Match] = []
    taken: set[int] = set()
    idioms: dict[int, str] = {}
    for token in sentence.tokens:
        pos = _POS.get(token.pos)
        if pos is None:
            continue
        if token.dep == "compound" or (token.pos == "PROPN" and token.lower in _MONTHS):
            continue  # part of a name or of another noun: "Rapid Support Forces", "aid workers", "protest leaders"
        keys = [(pos, token.lemma.lower())]
        if token.tag in ("VBG", "VBN") and pos == "adj":
            keys.append(("verb", token.lemma.lower()))
        candidates = [e for key in keys for e in index.get(key, ())]
        candidates = candidates or list(index.get((pos, _american(token.lemma)), ()))
        if not candidates:
            continue
        slots = slots_of(token)
        for entry in candidates:
            words = _counts(token, entry, slots)
            if words is None:
                continue
            taken.update(w.i for w in words)
            if entry.weight == 0:
                break  # a blocker: "heart attack", "press conference"
            match = Match(token, entry, slots, words)
            if entry.pos == "verb" and words:
                _merge_particle_slots(match)
            match.content = [t for name in entry.content for t in slots.get(name, ())]
            # A noun that its verb's idiom needs is part of it: "suspended aid", "lifted sanctions", "opened fire".
            if entry.pos == "verb":
                needed = [n for slot, lemmas in entry.needs for n in slots.get(slot, ()) if n.lemma.lower() in lemmas]
                idioms.update((n.i, entry.type) for n in needed if n.is_noun)
            matches.append(match)
            break
    return [m for m in matches if m.token.i not in taken and not _in_idiom(m, idioms)]


def _in_idiom(match: Match, idioms: dict[int, str]) -> bool:
    kind = idioms.get(match.token.i)
    return kind is not None and kind != match.entry.type and match.entry.pos == "noun"


def _merge_particle_slots(match: Match) -> None:
    """The object of a particle that is a preposition is the object of the verb ("call for": its `for`)."""
    last = match.words[-1]
    goal = [c for c in last.children if c.dep in ("pobj", "pcomp")]
    if goal:
        match.slots.setdefault(last.lower, list(goal))
        if "obj" not in match.slots:
            match.slots["obj"] = list(goal)
