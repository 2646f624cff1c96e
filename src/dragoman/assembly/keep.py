"""Which mentions tell events worth a record: the codebook's section 2 as a learned score (``training.assembly``)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dragoman.assembly.drafts import Draft
from dragoman.assembly.parties import Party
from dragoman.assembly.reference import PRONOUNS
from dragoman.assembly.scorer import Scorer, logit
from dragoman.codebook import TYPES

# Mentions less likely than this are not looked at again: of those on the training side, under 3 % tell an event.
LEAST = 0.08

_POLITICAL = frozenset({"GOV", "MIL", "COP", "SPY", "JUD", "LEG", "PTY", "OPP", "REB", "PRM", "UAF", "ELI", "PRE"})
_PUBLIC = frozenset({"CVL", "SOC", "JRN", "REF", "LAB", "REL", "EDU", "MED"})
_CIRCUMSTANCE = frozenset({"advcl", "relcl", "acl", "pcomp"})

FEATURES: tuple[str, ...] = (
    *("probability", "logit", "model alone", "lexicon alone", "weight", "weight high", "weight low"),
    *("actor", "actor political", "actor public", "actor country", "actor pronoun", "actor weak", "actor chance"),
    *("recipient", "recipient political", "recipient country", "recipient chance", "both", "same country"),
    *("two parties", "nominal", "stative", "date", "perfect", "negated", "future", "hypothetical", "promised"),
    *("attributed", "past", "gerund", "circumstance", "main clause", "question", "heading", "place", "historical"),
    *("position", "lead", "rivals", "best rival", "same type here", "words"),
    *(f"inside {t}" for t in TYPES),
    *("inside another", "around another"),
    *("rival word", "lead over it", "rival beside", "lead over that", "types of the word"),
    *(f"type {t}" for t in TYPES),
)


def _sectors(parties: list[Party]) -> set[str]:
    return {p.resolution.sector for p in parties if p.resolution.sector}


def features(draft: Draft, beside: Sequence[Draft], sentences: int) -> list[float]:
    """What speaks for and against a record.

    Args:
        draft: the mention.
        beside: the drafts of its sentence, itself among them.
        sentences: how many sentences the document has.
    """
    mention = draft.mention
    p = mention.chance
    actor, recipient = _sectors(draft.actor), _sectors(draft.recipient)
    head = mention.head
    clause = next((t for t in (head, *head.ancestors()) if t.is_verb), head)
    others = [d.mention.chance for d in beside if d is not draft]
    at = {d.mention.head: d for d in beside if d is not draft}
    inside = next((at[t] for t in head.ancestors() if t in at), None)
    around = [d for t, d in at.items() if head in t.ancestors()]
    rivals = [d.mention for d in beside if d is not draft and d.type != draft.type]
    word = max((m.chance for m in rivals if m.head is head), default=0.0)
    near = max((m.chance for m in rivals if m.head in (head.head, *head.children)), default=0.0)
    values = {
        "probability": p,
        "logit": logit(p) / 4,
        "model alone": float(not mention.lexical),
        "lexicon alone": float(mention.lexical and p < 0.12),
        "weight": mention.weight if mention.lexical else 0.5,
        "weight high": float(mention.lexical and mention.weight >= 0.85),
        "weight low": float(mention.lexical and mention.weight < 0.5),
        "actor": float(bool(actor)),
        "actor political": float(bool(actor & _POLITICAL)),
        "actor public": float(bool(actor & _PUBLIC)),
        "actor country": float(any(p.entity.country for p in draft.actor)),
        "actor pronoun": float(any(p.entity.text.lower() in PRONOUNS for p in draft.actor)),
        "actor weak": float(any(p.resolution.weak for p in draft.actor)),
        "actor chance": max((c[0] for c in draft.chances.values()), default=0.0),
        "recipient": float(bool(recipient)),
        "recipient political": float(bool(recipient & _POLITICAL)),
        "recipient country": float(any(p.entity.country for p in draft.recipient)),
        "recipient chance": max((c[1] for c in draft.chances.values()), default=0.0),
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
        "hypothetical": float(draft.factuality == "hypothetical"),
        "promised": float(mention.promised),
        "attributed": float(bool(draft.attribution)),
        "past": float(clause.tag in ("VBD", "VBN")),
        "gerund": float(clause.tag == "VBG"),
        "circumstance": float(clause.dep in _CIRCUMSTANCE),
        "main clause": float(clause.dep == "ROOT"),
        "question": float(mention.sentence.tokens[-1].text == "?"),
        "heading": float(mention.sentence.heading),
        "place": float(draft.place is not None),
        "historical": float(draft.historical),
        "position": min(mention.sentence.index, 40) / 40,
        "lead": float(mention.sentence.index < 3),
        "rivals": min(len(others), 6) / 6,
        "best rival": max(others, default=0.0),
        "same type here": float(any(d is not draft and d.type == draft.type for d in beside)),
        "rival word": word,
        "lead over it": p - word,
        "rival beside": near,
        "lead over that": p - near,
        "types of the word": min(sum(m.head is head for m in rivals), 3) / 3,
        "words": min(len(mention.sentence.tokens), 60) / 60,
        f"type {draft.type}": 1.0,
    }
    if inside is not None and inside.mention.head is not head:
        values["inside another"] = values[f"inside {inside.type}"] = inside.mention.chance
    values["around another"] = max((d.mention.chance for d in around), default=0.0)
    return [values.get(name, 0.0) for name in FEATURES]


def rows(drafts: Sequence[Draft], sentences: int) -> list[list[float]]:
    """The features of all drafts of a document."""
    beside: dict[int, list[Draft]] = {}
    for d in drafts:
        beside.setdefault(d.mention.sentence.index, []).append(d)
    return [features(d, beside[d.mention.sentence.index], sentences) for d in drafts]


def sort_out(drafts: Sequence[Draft], sentences: int, scorer: Scorer) -> list[Draft]:
    """The drafts that may be events, with their scores."""
    if not drafts:
        return []
    for draft, (score,) in zip(drafts, scorer(rows(drafts, sentences)), strict=True):
        draft.score = float(score)
    return [d for d in drafts if d.score >= LEAST]


def certain(drafts: Iterable[Draft]) -> float:
    """How likely at least one of some mentions is right, taken as independent."""
    wrong = 1.0
    for d in drafts:
        wrong *= 1.0 - d.score
    return 1.0 - wrong
