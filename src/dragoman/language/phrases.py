"""Noun phrases of the parse: the words that name someone, and where else in them someone is named."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from dragoman.language.tokens import Token
from dragoman.record import Span

_LEFT = frozenset(
    {
        "amod",
        "compound",
        "poss",
        "nummod",
        "nmod",
        "quantmod",
        "det",
        "case",
        "punct",
        "predet",
        "advmod",
        "npadvmod",
    }
)
# Prepositions whose phrase is part of a name or description ("spokesperson for the council", "head of",
# "people in Gaza"); a longer list drags in circumstances that belong to the verb.
_INSIDE = frozenset({"of", "for", "from", "in", "at", "to", "on"})
_ARTICLES = frozenset({"the", "a", "an"})
# A dateline's year runs into the first words after it.
_YEAR = re.compile(r"(?:19|20)\d\d")
_DASHES = frozenset({"-", "–", "—", "--"})
MAX_WORDS = 18  # the longest entity of gold/train has 15 words


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that may name an actor; ``head`` is their head in the parse."""

    head: Token
    start: int
    end: int

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)

    def of(self, text: str) -> str:
        """The words as they stand in the document's text."""
        return text[self.start : self.end]


def noun_phrase(head: Token) -> Phrase:
    """The name or description around a head noun, without leading articles, relative clauses or conjuncts."""
    left = head
    for child in reversed([c for c in head.children if c.i < head.i]):
        if child.dep not in _LEFT or (child.dep == "punct" and child.text not in "-–’'\""):
            if child.dep in ("cc", "preconj", "punct"):
                continue
            break
        first = min(child.subtree(), key=lambda t: t.i)
        if first.i < left.i:
            left = first
    right = head
    for child in head.children:
        if child.i <= head.i:
            continue
        if child.dep == "case" or (child.dep == "compound" and child.i == right.i + 1):
            right = child if child.dep != "case" else right
        elif child.dep == "prep" and (child.lower in _INSIDE or child.text[:1].isupper()) and head.pos != "PRON":
            pobj = child.child("pobj")
            if pobj is None or pobj.pos == "NUM" or (child.lower == "at" and pobj.pos != "PROPN"):
                break
            last = _end_of(pobj)
            if last.i - left.i >= MAX_WORDS:
                break
            right = last
        elif child.dep in ("nummod", "npadvmod") and child.i == right.i + 1:
            right = child
        elif child.dep not in ("punct",):
            break
        else:
            break
    tokens = head.sentence.tokens
    first_index = _after_dash(tokens, left.k, head.k)
    left = tokens[first_index] if first_index != left.k else left
    while left is not head and (
        left.lower in _ARTICLES or left.pos == "PUNCT" or (left.pos == "NUM" and _YEAR.fullmatch(left.text))
    ):
        first_index += 1
        left = tokens[first_index] if 0 <= first_index < len(tokens) else head
    return Phrase(head, left.start, right.end)


def _after_dash(tokens: Sequence[Token], first: int, head: int) -> int:
    """Where the phrase begins behind a dash between spaces: the parser takes "LIMA - Peru" for one name."""
    for k in range(head - 1, first, -1):
        dash = tokens[k]
        if dash.text in _DASHES and tokens[k - 1].end < dash.start and dash.end < tokens[k + 1].start:
            return k + 1
    return first


def _end_of(noun: Token) -> Token:
    last = noun
    for child in noun.children:
        if child.i > noun.i and child.dep == "prep" and child.lower == "of":
            pobj = child.child("pobj")
            if pobj is not None:
                last = _end_of(pobj)
        elif child.i > noun.i and child.dep == "conj" and noun.pos == child.pos == "PROPN" and child.i - noun.i <= 2:
            last = _end_of(child)
    return last


def conjuncts(head: Token) -> list[Token]:
    """A head and those coordinated with it: "the US, the UK and Canada" has three."""
    found = [head]
    for token in found:
        found.extend(c for c in token.children if c.dep == "conj" and (c.is_noun or c.pos in ("PRON", "NUM", "ADJ")))
    return found


def inner(head: Token) -> list[Token]:
    """Who may stand behind a noun that is no actor itself: "Russia's decision", "the move by Kenya".

    Possessors first, then the `by` phrase, nationality and compound modifiers, then `of`, `on` and others.
    """
    found: list[Token] = []
    for child in head.children:
        if child.dep == "poss":
            found.append(child)
    ranked = sorted(
        (c for c in head.children if c.dep in ("prep", "agent")),
        key=lambda c: (c.lower != "by", c.lower != "of", c.i),
    )
    by = [c for c in ranked if c.lower == "by"]
    for child in by:
        found.extend(p for p in child.children if p.dep == "pobj")
    found.extend(
        c for c in head.children if c.dep in ("amod", "compound", "nmod") and c.pos in ("PROPN", "ADJ", "NOUN")
    )
    for child in ranked:
        if child.lower in ("of", "against", "from", "with", "in", "between", "on", "for", "to"):
            found.extend(p for p in child.children if p.dep == "pobj")
    return found
