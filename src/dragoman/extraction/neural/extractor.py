"""The learned extractor behind the ``Extractor`` protocol: probabilities to mentions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

import numpy as np
import numpy.typing as npt

from dragoman.extraction.mentions import Candidate, EventMention
from dragoman.extraction.neural import hints, settings
from dragoman.extraction.neural import model as models
from dragoman.extraction.neural.heads import Floats, one_thread
from dragoman.extraction.neural.model import Model, Reading
from dragoman.extraction.neural.settings import ROLES
from dragoman.language.tokens import ParsedDocument, Token
from dragoman.record import Factuality, Span

# From here on a word may name a second event of another type ("jailed": a verdict and an arrest). Weighed partly on
# gold/dev; on the public reports held out it made hardly a difference (typed F1 .527 without, .522 with).
SECOND_TYPE = 0.6
# Relations by which one word of a trigger hangs on another: "launched an attack", "the start of talks".
_LIGHT = frozenset(
    {"dobj", "nsubjpass", "pobj", "attr", "xcomp", "compound", "prt", "oprd", "prep", "nsubj", "ccomp", "amod"}
)
_MUTUAL = frozenset({"CONSULT", "AGREE", "COOPERATE"})


class NeuralExtractor:
    """Finds event mentions with a model, the shipped one by default, which is loaded once.

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
        with one_thread():
            for reading in self.model.read(document, hints.lexicon().extract(document)):
                hits = _alone(reading.triggers, reading.triggers >= self.thresholds, reading.words)
                found.extend(self.mentions(reading, hits))
        return found

    def mentions(self, reading: Reading, hits: Sequence[tuple[int, int]]) -> list[EventMention]:
        """The mentions at given (word, type) pairs, whatever their probability."""
        if not hits:
            return []
        modes, factuality, background = self.model.status(reading, hits)
        sectors = self.model.sectors(reading)
        found: list[EventMention] = []
        for n, ((word, kind), roles) in enumerate(zip(hits, self.model.roles(reading, hits), strict=True)):
            mention = self._mention(reading.words[word], kind, float(reading.triggers[word, kind]))
            mention.mode = self._modes(modes[n], mention.type)
            mention.reasons += [("mode", why) for why in self._likeliest(modes[n], mention.type)]
            best = int(factuality[n].argmax())
            mention.factuality = cast(Factuality, settings.FACTUALITY[best])
            mention.background = float(background[n])
            mention.reasons.append(("factuality", f"{mention.factuality} at {factuality[n, best]:.2f}"))
            mention.candidates = _candidates(*roles, sectors)
            mention.mutual = mention.type in _MUTUAL and not any(c.recipient >= 0.5 for c in mention.candidates)
            found.append(mention)
        return found

    def _mention(self, head: Token, kind: int, score: float) -> EventMention:
        name = self.model.settings.types[kind]
        return EventMention(
            sentence=head.sentence,
            head=head,
            trigger=Span(head.start, head.end),
            type=name,
            weight=score,
            nominal=head.is_noun,
            probability=score,
            lexical=False,
            reasons=[("type", f"{name} by “{head.text}” at {score:.2f}")],
        )

    def _modes(self, scores: Floats, kind: str) -> tuple[str, ...]:
        known = self.model.settings
        own = [(float(s), m) for s, m in zip(scores, known.modes, strict=True) if m.startswith(f"{kind}/")]
        return tuple(m.partition("/")[2] for s, m in own if s >= known.mode)

    def _likeliest(self, scores: Floats, kind: str) -> list[str]:
        """The likeliest mode of a type, as a reason."""
        known = self.model.settings.modes
        own = [(float(s), m.partition("/")[2]) for s, m in zip(scores, known, strict=True) if m.startswith(f"{kind}/")]
        return [f"{mode} at {score:.2f}" for score, mode in sorted(own, reverse=True)[:1]]


def _candidates(
    tokens: Sequence[Token], roles: Floats, sectors: Mapping[int, tuple[tuple[str, float], ...]]
) -> list[Candidate]:
    """The model's opinion of every word near an event."""
    columns = [ROLES.index(name) for name in ("actor", "recipient", "source", "place", "time")]
    return [
        Candidate(t, actor, recipient, source, place, time, sectors.get(t.i, ()))
        for t, (actor, recipient, source, place, time) in zip(tokens, roles[:, columns].tolist(), strict=True)
    ]


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
