"""Prepositional phrases that the parser hangs on the noun before them, moved to the word that they complete.

``en_core_web_sm`` reads "accused Somali fighters of killing civilians" as fighters of killing, and "the attack by
rebels on a convoy" as rebels on a convoy: errors that recur, and that no later room could tell from what is meant.
"""

from __future__ import annotations

from collections.abc import Iterator

from dragoman.language.tokens import Token

# Verbs with the preposition of what somebody is charged with, praised for or kept from.
_COMPLEMENTS = {
    "of": frozenset("accuse suspect convict acquit clear".split()),
    "for": frozenset(
        "blame condemn criticize criticise denounce praise thank arrest detain jail sentence prosecute punish "
        "sanction fine".split()
    ),
    "from": frozenset("prevent stop bar ban dissuade prohibit".split()),
}
_PREPOSITIONS = {verb: word for word, verbs in _COMPLEMENTS.items() for verb in verbs}
# What follows the doer of a noun's act: "the attack by X on", "the campaign by X against", "the visit by X to".
_AFTER_DOER = frozenset({"on", "against", "to"})


def mend(tokens: list[Token]) -> None:
    """Move misplaced prepositional phrases of a parsed block, in place."""
    for token in tokens:
        if token.is_verb and token.lemma in _PREPOSITIONS:
            wanted = _PREPOSITIONS[token.lemma]
            below = [p for c in _parties(token) for p in _prepositions(c)]
            misplaced = [p for p in below if p.lower == wanted and p.i > token.i and _doing(p)]
            if misplaced and not any(c.lower == wanted for c in token.children):
                _move(misplaced[-1], token)
        elif token.dep == "prep" and token.lower == "by" and token.head.pos == "NOUN":
            doer = token.child("pobj")
            if doer is not None and doer.pos == "NOUN":
                for preposition in [c for c in doer.children if c.dep == "prep" and c.lower in _AFTER_DOER]:
                    _move(preposition, token.head)


def _parties(verb: Token) -> Iterator[Token]:
    """Whom the verb is done to, and by whom where it is passive."""
    for child in verb.children:
        if child.dep in ("dobj", "nsubjpass"):
            yield child
        elif child.dep == "agent":
            yield from (c for c in child.children if c.dep == "pobj")


def _prepositions(noun: Token) -> Iterator[Token]:
    """The prepositions in a noun's phrase, its own and those of the nouns below: "the president of Chad of …"."""
    for child in noun.children:
        if child.dep == "prep":
            yield child
            for goal in child.children:
                if goal.dep == "pobj":
                    yield from (c for c in goal.children if c.dep == "prep")


def _doing(preposition: Token) -> bool:
    """Whether an act follows: a gerund, or a word in -ing that was taken for part of a compound ("planting mines")."""
    if preposition.child("pcomp") is not None:
        return True
    goal = preposition.child("pobj")
    first = goal.child("compound", "amod") if goal is not None else None
    return first is not None and first.i == preposition.i + 1 and first.lower.endswith("ing")


def _move(token: Token, head: Token) -> None:
    token.head.children.remove(token)
    token.head = head
    head.children.append(token)
    head.children.sort(key=lambda t: t.i)
