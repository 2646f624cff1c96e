"""What extraction hands on: event mentions with roles as phrases, before anyone is resolved or merged."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from dragoman.language.phrases import Phrase
from dragoman.language.tokens import ParsedDocument, Sentence, Token
from dragoman.record import Factuality, Span

# Phrases that may fill a role together (coordinated); a role holds several groups, best first, and the room that
# knows the actors takes the first group in which somebody is recognised.
Group = list[Phrase]


@dataclass(slots=True, eq=False)
class EventMention:
    """One mention of an event in a sentence.

    ``weight`` in 0 to 1 says how likely such a mention is an event of this type at all. ``perfect`` is true in the past
    perfect, ``promised`` for a planned act that is coded as the promise, ``denied`` for what its own actor denies, and
    ``complete`` where only the parties named in the clause can be meant. ``probability`` is the learned model's, None
    when it was not asked; ``lexical`` is false where the lexicon says nothing.
    """

    sentence: Sentence
    head: Token
    trigger: Span
    type: str
    mode: tuple[str, ...] = ()
    actor: list[Group] = field(default_factory=list)
    recipient: list[Group] = field(default_factory=list)
    mutual: bool = False
    factuality: Factuality = "actual"
    perfect: bool = False
    attribution: list[Group] = field(default_factory=list)
    weight: float = 0.8
    agentive: bool = False
    stative: bool = False
    nominal: bool = False
    promised: bool = False
    denied: bool = False
    complete: bool = False
    probability: float | None = None
    lexical: bool = True
    reasons: list[tuple[str, str]] = field(default_factory=list)


class Extractor(Protocol):
    """Finds event mentions in a parsed document; a learned model and the lexicon both are one."""

    name: str

    def extract(self, document: ParsedDocument) -> list[EventMention]:
        """All mentions, in the order of the text."""
        ...
