"""Which drafts are events worth a record: the codebook's section 2 as a score with fitted weights.

A draft's features speak for or against it; their weights are a logistic regression fitted by ``tools/fit_keep.py``,
which reports its cross-validated figures: ``keep.json`` on ``gold/train`` and our own corpus, ``keep-model.json``, for
mentions on which the learned model was asked too, on what the model has not seen of both.
"""

from __future__ import annotations

import json
import math
from functools import lru_cache
from importlib import resources

from dragoman.assembly.drafts import Draft
from dragoman.assembly.parties import Party
from dragoman.assembly.reference import PRONOUNS
from dragoman.extraction.mentions import EventMention

_POLITICAL = frozenset({"GOV", "MIL", "COP", "SPY", "JUD", "LEG", "PTY", "OPP", "REB", "PRM", "UAF", "ELI", "PRE"})
_PUBLIC = frozenset({"CVL", "SOC", "JRN", "REF", "LAB", "REL", "EDU", "MED"})
_CIRCUMSTANCE = frozenset({"advcl", "relcl", "acl", "pcomp"})


def _sectors(parties: list[Party]) -> set[str]:
    return {p.resolution.sector for p in parties if p.resolution.sector}


def features(draft: Draft) -> dict[str, float]:
    """What speaks for and against a record, mostly 0 or 1."""
    mention = draft.mentions[0]
    actor, recipient = _sectors(draft.actor), _sectors(draft.recipient)
    head = mention.head
    clause = next((t for t in (head, *head.ancestors()) if t.is_verb), head)
    return {
        "bias": 1.0,
        "weight": mention.weight if mention.lexical else 0.5,
        "weight high": float(mention.lexical and mention.weight >= 0.85),
        "weight low": float(mention.lexical and mention.weight < 0.5),
        "actor": float(bool(actor)),
        "actor political": float(bool(actor & _POLITICAL)),
        "actor public": float(bool(actor & _PUBLIC)),
        "actor country": float(any(p.entity.country for p in draft.actor)),
        "actor pronoun": float(any(p.entity.text.lower() in PRONOUNS for p in draft.actor)),
        "recipient": float(bool(recipient)),
        "recipient political": float(bool(recipient & _POLITICAL)),
        "recipient country": float(any(p.entity.country for p in draft.recipient)),
        "actor unsaid": float(any(p.unsaid for p in draft.actor)),
        "recipient unsaid": float(any(p.unsaid for p in draft.recipient)),
        "actor weak": float(any(p.resolution.weak for p in draft.actor)),
        "both": float(bool(actor and recipient)),
        "same country": float(
            bool({p.entity.country for p in draft.actor} & {p.entity.country for p in draft.recipient} - {None})
        ),
        "two parties": float(len(draft.actor) > 1),
        "nominal": float(mention.nominal),
        "stative": float(mention.stative),
        "date": float(draft.date is not None),
        "perfect": float(mention.perfect),
        "negated": float(draft.factuality == "negated"),
        "future": float(draft.factuality == "future"),
        "promised": float(mention.promised),
        "attributed": float(bool(draft.attribution)),
        "past": float(clause.tag in ("VBD", "VBN")),
        "gerund": float(clause.tag == "VBG"),
        "circumstance": float(clause.dep in _CIRCUMSTANCE),
        "main clause": float(clause.dep == "ROOT"),
        "question": float(mention.sentence.tokens[-1].text == "?"),
        "heading": float(mention.sentence.heading),
        "lead": float(mention.sentence.index < 3),
        "late": float(mention.sentence.index > 20),
        f"type {draft.type}": 1.0,
        **_opinion(mention),
    }


def _opinion(mention: EventMention) -> dict[str, float]:
    """What the learned model adds, when it was asked."""
    if mention.probability is None:
        return {}
    p = min(max(mention.probability, 0.01), 0.99)
    return {
        "asked": 1.0,
        "probability": p,
        "logit": math.log(p / (1 - p)) / 4,
        "model alone": float(not mention.lexical),
        "lexicon alone": float(mention.lexical and p < 0.12),
    }


@lru_cache(maxsize=2)
def weights(*, asked: bool = False) -> tuple[dict[str, float], float]:
    """Weights by feature, and the threshold: of the lexicon alone, or with the learned model asked too."""
    name = "keep-model.json" if asked else "keep.json"
    data = json.loads((resources.files("dragoman.assembly") / name).read_text("utf-8"))
    return data["weights"], data["threshold"]


def probability(draft: Draft) -> float:
    """How likely a draft is a record, 0 to 1."""
    by_name, _ = weights(asked=_asked(draft))
    score = sum(by_name.get(name, 0.0) * value for name, value in features(draft).items())
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, score))))


def _asked(draft: Draft) -> bool:
    return draft.mentions[0].probability is not None


def sort_out(drafts: list[Draft]) -> tuple[list[Draft], list[Draft]]:
    """Drafts that make records, and those that may only add a mention to a record of the same event."""
    strong: list[Draft] = []
    weak: list[Draft] = []
    for draft in drafts:
        _, threshold = weights(asked=_asked(draft))
        draft.score = probability(draft)
        actor, recipient = _sectors(draft.actor), _sectors(draft.recipient)
        named = bool(actor and recipient) if draft.mentions[0].complete else bool(actor or recipient)
        (strong if named and draft.score >= threshold else weak).append(draft)
    return strong, weak
