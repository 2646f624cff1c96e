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


@dataclass(frozen=True, slots=True)
class Candidate:
    """A word that may stand for a party, with the learned model's probabilities of its roles.

    ``sectors`` has the probabilities of the likeliest sectors of whoever it stands for, best first.
    """

    token: Token
    actor: float
    recipient: float
    source: float
    place: float
    time: float
    sectors: tuple[tuple[str, float], ...] = ()


@dataclass(slots=True, eq=False)
class EventMention:
    """One mention of an event in a sentence.

    ``weight`` in 0 to 1 says how likely such a mention is an event of this type at all. ``perfect`` is true in the past
    perfect, ``promised`` for a planned act that is coded as the promise, ``denied`` for what its own actor denies, and
    ``complete`` where only the parties named in the clause can be meant. ``lexical`` is false where the lexicon says
    nothing. Of the learned model, None and empty when it was not asked, are ``probability``, ``background`` (that it is
    told as history) and ``candidates``, the words near it that it has an opinion of, in the order of the text.
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
    background: float | None = None
    candidates: list[Candidate] = field(default_factory=list)
    reasons: list[tuple[str, str]] = field(default_factory=list)

    @property
    def chance(self) -> float:
        """How likely it is an event at all: by the model, or by the extractor's own weight where no model was asked."""
        return self.weight if self.probability is None else self.probability


class Extractor(Protocol):
    """Finds event mentions in a parsed document; a learned model and the lexicon both are one."""

    name: str

    def extract(self, document: ParsedDocument) -> list[EventMention]:
        """All mentions, in the order of the text."""
        ...
