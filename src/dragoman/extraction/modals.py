"""“Must” and “should” as demands: a REQUEST by whoever says it, to whoever is to do it (codebook, section 3)."""

from __future__ import annotations

from dragoman.extraction.content import mode_of
from dragoman.extraction.frames import subject
from dragoman.extraction.mentions import EventMention
from dragoman.extraction.operators import operators
from dragoman.extraction.quotes import Speakers
from dragoman.language.phrases import conjuncts, noun_phrase
from dragoman.language.tokens import Sentence, Token
from dragoman.record import Span

_MUST = frozenset({"must", "should", "ought"})
# On gold/train 14 of 18 sentences with such a clause report a REQUEST; less than that, since whom it asks is often not
# who could do it.
WEIGHT = 0.5
_STATES = frozenset({"be", "have", "know", "seem", "remember", "understand", "note", "say", "expect"})


def demands(sentence: Sentence, speakers: Speakers) -> list[EventMention]:
    """Demands in a sentence whose speaker is named."""
    found = []
    for token in sentence.tokens:
        modal = token.dep == "aux" and token.lower in _MUST
        need = token.lemma == "need" and token.is_verb and any(c.dep == "xcomp" for c in token.children)
        if not modal and not need:
            continue
        verb = token.head if modal else next(c for c in token.children if c.dep == "xcomp")
        if verb.lemma in _STATES or any(a.dep in ("relcl", "advcl") for a in (verb, token)):
            continue
        addressed = [t for t in subject(verb) if t.is_noun]
        speaker = _speaker(token, speakers)
        if not addressed or not speaker or any(t in addressed for t in speaker):
            continue
        found.append(
            EventMention(
                sentence=sentence,
                head=verb,
                trigger=Span(token.start, token.end),
                type="REQUEST",
                mode=(mode_of([verb]) or "change",),
                actor=[[noun_phrase(c) for t in speaker for c in conjuncts(t)]],
                recipient=[[noun_phrase(c) for c in conjuncts(t)] for t in addressed],
                weight=WEIGHT,
                agentive=True,
                complete=True,
                reasons=[("type", f"“{token.text}” said to somebody is a REQUEST")],
            )
        )
    return found


def _speaker(token: Token, speakers: Speakers) -> list[Token]:
    speech = operators()["speech"]
    node = token
    while node.head is not node:
        if node.dep == "ccomp" and node.head.lemma in speech:
            return subject(node.head)
        node = node.head
    for child in node.children:
        if child.dep in ("parataxis", "ccomp") and child.lemma in speech:
            return subject(child)
    return speakers.of(token)
