"""The learned extractor behind the ``Extractor`` protocol: probabilities to mentions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast

import numpy as np
import numpy.typing as npt

from dragoman.extraction.mentions import EventMention, Group
from dragoman.extraction.neural import model as models
from dragoman.extraction.neural import settings
from dragoman.extraction.neural.heads import Floats
from dragoman.extraction.neural.model import Model, Reading
from dragoman.language.phrases import noun_phrase
from dragoman.language.tokens import ParsedDocument, Token
from dragoman.record import Factuality, Span

# Candidates below a role's threshold that are still handed on, for where nobody in the first group is recognised.
SECOND = 0.25
# From here on a word may name a second event of another type ("jailed": a verdict and an arrest). Weighed partly on
# gold/dev; on the public reports held out it made hardly a difference (typed F1 .527 without, .522 with).
SECOND_TYPE = 0.6
# Relations by which one word of a trigger hangs on another: "launched an attack", "the start of talks".
_LIGHT = frozenset(
    {"dobj", "nsubjpass", "pobj", "attr", "xcomp", "compound", "prt", "oprd", "prep", "nsubj", "ccomp", "amod"}
)
_MUTUAL = frozenset({"CONSULT", "AGREE", "COOPERATE"})


@dataclass(slots=True, eq=False)
class NeuralMention(EventMention):
    """A mention with what only the model knows: how likely it is background, and the words that may date and place it.

    ``places`` and ``dates`` are words with their probabilities, likeliest first.
    """

    historical: float = 0.0
    places: list[tuple[Token, float]] = field(default_factory=list)
    dates: list[tuple[Token, float]] = field(default_factory=list)


class NeuralExtractor:
    """Finds event mentions with the shipped model, which is loaded once.

    Raises:
        RuntimeError: when the model's files are not installed.
    """

    name = "model"

    def __init__(self, model: Model | None = None) -> None:
        self.model = models.load() if model is None else model
        bars = self.model.settings.triggers
        self.thresholds = np.array([bars[t] for t in self.model.settings.types], dtype=np.float32)

    def extract(self, document: ParsedDocument) -> list[EventMention]:
        """All mentions that reach their type's threshold, in the order of the text."""
        found: list[EventMention] = []
        for reading in self.model.read(document):
            hits = _alone(reading.triggers, reading.triggers >= self.thresholds, reading.words)
            found.extend(self.mentions(reading, hits))
        return found

    def mentions(self, reading: Reading, hits: Sequence[tuple[int, int]]) -> list[NeuralMention]:
        """The mentions at given (word, type) pairs, whatever their probability."""
        if not hits:
            return []
        scores = reading.triggers
        modes, factuality, historical = self.model.status(reading, hits)
        found: list[NeuralMention] = []
        for n, ((word, kind), roles) in enumerate(zip(hits, self.model.roles(reading, hits), strict=True)):
            mention = self._mention(reading.words[word], kind, float(scores[word, kind]))
            mention.mode = self._modes(modes[n], mention.type)
            best = int(factuality[n].argmax())
            mention.factuality = cast(Factuality, settings.FACTUALITY[best])
            mention.historical = float(historical[n])
            mention.reasons.append(("factuality", f"{mention.factuality} at {factuality[n, best]:.2f}"))
            self._roles(mention, *roles)
            found.append(mention)
        return found

    def _mention(self, head: Token, kind: int, score: float) -> NeuralMention:
        name = self.model.settings.types[kind]
        return NeuralMention(
            sentence=head.sentence,
            head=head,
            trigger=Span(head.start, head.end),
            type=name,
            weight=score,
            nominal=head.is_noun,
            reasons=[("type", f"{name} by “{head.text}” at {score:.2f}")],
        )

    def _modes(self, scores: Floats, kind: str) -> tuple[str, ...]:
        known = self.model.settings
        own = [(float(s), m) for s, m in zip(scores, known.modes, strict=True) if m.startswith(f"{kind}/")]
        return tuple(m.partition("/")[2] for s, m in own if s >= known.mode)

    def _roles(self, mention: NeuralMention, tokens: Sequence[Token], scores: Floats) -> None:
        bars = self.model.settings.roles
        chosen = {
            role: _ranked(scores[:, column], tokens, min(SECOND, bars[role]))
            for column, role in enumerate(settings.ROLES)
        }
        mention.actor = _groups(chosen["actor"], bars["actor"])
        mention.recipient = _groups(chosen["recipient"], bars["recipient"])
        mention.attribution = [g for g in [_group(chosen["source"], bars["source"])] if g]
        mention.places = [c for c in chosen["place"] if c[1] >= bars["place"]]
        mention.dates = [c for c in chosen["time"] if c[1] >= bars["time"]]
        mention.mutual = mention.type in _MUTUAL and not mention.recipient and bool(mention.actor)


def _alone(scores: Floats, over: npt.NDArray[np.bool_], words: Sequence[Token]) -> list[tuple[int, int]]:
    """The (word, type) pairs to keep.

    Of two words of one phrase with the same type the likelier stays; of several types of one word the likeliest, and
    others from ``SECOND_TYPE``.
    """
    hits = [(int(w), int(k)) for w, k in np.argwhere(over)]
    first = {w: int(np.where(over[w], scores[w], -1.0).argmax()) for w, _ in hits}
    hits = [(w, k) for w, k in hits if first[w] == k or scores[w, k] >= SECOND_TYPE]
    number = {words[w].i: w for w, _ in hits}
    kept = []
    for w, k in hits:
        token = words[w]
        rivals = [number[t.i] for t in (token.head, *token.children) if t is not token and t.i in number]
        rivals = [r for r in rivals if over[r, k] and _one_phrase(token, words[r])]
        if all((scores[w, k], -w) >= (scores[r, k], -r) for r in rivals):
            kept.append((w, k))
    return kept


def _one_phrase(a: Token, b: Token) -> bool:
    child = a if a.head is b else b
    return child.dep in _LIGHT


def _ranked(scores: Floats, tokens: Sequence[Token], least: float) -> list[tuple[Token, float]]:
    order = sorted(range(len(tokens)), key=lambda n: (-scores[n], tokens[n].i))
    return [(tokens[n], float(scores[n])) for n in order if scores[n] >= least]


def _group(ranked: Sequence[tuple[Token, float]], least: float) -> Group:
    """All over the threshold, in the order of the text."""
    return [noun_phrase(t) for t in sorted((t for t, s in ranked if s >= least), key=lambda t: t.i)]


def _groups(ranked: Sequence[tuple[Token, float]], least: float) -> list[Group]:
    """All over the threshold as one group, then the others one by one."""
    first = _group(ranked, least)
    return [*([first] if first else []), *([noun_phrase(t)] for t, s in ranked if s < least)]
