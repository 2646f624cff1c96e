"""What one given party does to another: a probability for each type, whatever reaches a threshold or not."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dragoman.extraction.neural.hints import lexicon
from dragoman.extraction.neural.model import Model
from dragoman.extraction.neural.settings import ROLES
from dragoman.language.tokens import ParsedDocument, Token
from dragoman.record import Span

# Types less likely than this for a word are not looked into; what they could add is below any answer's share.
LEAST = 0.003
# What a party counts that the model does not see in its role: the question says that it has it.
_UNSEEN = 0.05
# In these both parties may stand as actors.
_MUTUAL = frozenset({"CONSULT", "AGREE", "COOPERATE", "ASSAULT"})
_ONE_OF_BOTH = 0.7


def between(model: Model, document: ParsedDocument, source: Sequence[Span], target: Sequence[Span]) -> dict[str, float]:
    """The share of each type in what ``source`` does to ``target``; the shares add up to 1, empty if there is none.

    Args:
        model: the model.
        document: the parsed sentence or report.
        source: where the acting party stands in it.
        target: where the other party stands.
    """
    actor, recipient = ROLES.index("actor"), ROLES.index("recipient")
    best: dict[str, float] = {}
    for reading in model.read(document, lexicon().extract(document), gated=False):
        hits = [(int(w), int(k)) for w, k in np.argwhere(reading.triggers >= LEAST)]
        if not hits:
            continue
        for (word, kind), (tokens, scores) in zip(hits, model.roles(reading, hits), strict=True):
            sources = [n for n, t in enumerate(tokens) if _inside(t, source)]
            targets = [n for n, t in enumerate(tokens) if _inside(t, target)]
            acts = float(scores[sources, actor].max(initial=0.0))
            takes = float(scores[targets, recipient].max(initial=0.0))
            name = model.settings.types[kind]
            if name in _MUTUAL:
                takes = max(takes, _ONE_OF_BOTH * float(scores[targets, actor].max(initial=0.0)))
            score = float(reading.triggers[word, kind]) * (acts + _UNSEEN) * (takes + _UNSEEN)
            best[name] = max(best.get(name, 0.0), score)
    total = sum(best.values())
    return {name: score / total for name, score in sorted(best.items(), key=lambda r: (-r[1], r[0]))}


def _inside(token: Token, spans: Sequence[Span]) -> bool:
    return any(token.start < s.end and token.end > s.start for s in spans)
