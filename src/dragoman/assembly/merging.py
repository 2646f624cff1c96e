"""Mentions of one event to one record: a learned score of each pair, then clusters (``training.assembly``)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from dragoman.assembly.dating import last_day
from dragoman.assembly.drafts import Chances, Draft
from dragoman.assembly.scorer import Scorer
from dragoman.codebook import TYPES
from dragoman.language.tokens import Token

# A mention is held against so many earlier ones of its type, the last ones: a bound on the cost of a long document.
# Articles have fewer than that in all.
REACH = 40

FEATURES: tuple[str, ...] = (
    *("same sentence", "sentences apart", "same lemma", "later nominal", "later points back", "earlier nominal"),
    *("modes alike", "modes apart", "mode missing", "factuality alike", "one negated"),
    *("actor alike", "recipient alike", "crosswise", "actor missing", "recipient missing", "countries alike"),
    *("dates equal", "dates agree", "dates contradict", "date missing", "places agree", "places contradict"),
    *("historical alike", "score", "later score", "coordinated", "nested"),
    *(f"type {t}" for t in TYPES),
)


def features(a: Draft, b: Draft) -> list[float]:
    """What speaks for two drafts of one type telling one event, ``a`` being the earlier in the text."""
    apart = b.mention.sentence.index - a.mention.sentence.index
    modes = set(a.mode), set(b.mode)
    actor, recipient = alike(a.chances, b.chances, 0, 0), alike(a.chances, b.chances, 1, 1)
    places = (a.place.country if a.place else None), (b.place.country if b.place else None)
    agree = dates_agree(a.date, b.date)
    dated = a.date is not None and b.date is not None
    values = {
        "same sentence": float(apart == 0),
        "sentences apart": math.log1p(apart) / 4,
        "same lemma": float(a.lemma == b.lemma),
        "later nominal": float(b.mention.nominal),
        "later points back": float(b.mention.nominal and _anaphoric(b.mention.head)),
        "earlier nominal": float(a.mention.nominal),
        "modes alike": float(bool(modes[0] & modes[1])),
        "modes apart": float(bool(modes[0]) and bool(modes[1]) and not modes[0] & modes[1]),
        "mode missing": float(not modes[0] or not modes[1]),
        "factuality alike": float(a.factuality == b.factuality),
        "one negated": float((a.factuality == "negated") != (b.factuality == "negated")),
        "actor alike": actor,
        "recipient alike": recipient,
        "crosswise": max(alike(a.chances, b.chances, 0, 1), alike(a.chances, b.chances, 1, 0)),
        "actor missing": float(not a.actor or not b.actor),
        "recipient missing": float(not a.recipient or not b.recipient),
        "countries alike": _countries(a, b),
        "dates equal": float(dated and a.date == b.date),
        "dates agree": float(dated and agree),
        "dates contradict": float(not agree),
        "date missing": float(not dated),
        "places agree": float(places[0] is not None and places[0] == places[1]),
        "places contradict": float(None not in places and places[0] != places[1]),
        "historical alike": float(a.historical == b.historical),
        "score": a.score,
        "later score": b.score,
        "coordinated": float(b.mention.head.dep == "conj" and b.mention.head.head is a.mention.head),
        "nested": float(a.mention.head in b.mention.head.ancestors() or b.mention.head in a.mention.head.ancestors()),
        f"type {a.type}": 1.0,
    }
    return [values.get(name, 0.0) for name in FEATURES]


def alike(a: Chances, b: Chances, mine: int, other: int) -> float:
    """How far two drafts have the same codes in a role: the cosine of their chances."""
    dot = sum(p[mine] * b[k][other] for k, p in a.items() if k in b)
    size = math.sqrt(sum(p[mine] ** 2 for p in a.values()) * sum(p[other] ** 2 for p in b.values()))
    return dot / size if size > 0 else 0.0


def _countries(a: Draft, b: Draft) -> float:
    mine = {p.entity.country for p in (*a.actor, *a.recipient)} - {None}
    other = {p.entity.country for p in (*b.actor, *b.recipient)} - {None}
    return len(mine & other) / len(mine | other) if mine | other else 0.0


def pairs(drafts: Sequence[Draft]) -> list[tuple[int, int]]:
    """The pairs that may be one event: of one type, not too many of it between them, the earlier first."""
    before: dict[str, list[int]] = {}
    found = []
    for j, draft in enumerate(drafts):
        same = before.setdefault(draft.type, [])
        found += [(i, j) for i in same[-REACH:]]
        same.append(j)
    return found


def cluster(drafts: Sequence[Draft], scorer: Scorer) -> list[list[Draft]]:
    """The drafts by event: each joins the group that it fits best on average, if it fits from the threshold on."""
    wanted = pairs(drafts)
    if not wanted:
        return [[d] for d in drafts]
    scores = scorer([features(drafts[i], drafts[j]) for i, j in wanted])[:, 0]
    earlier: dict[int, list[tuple[int, float]]] = {}
    for (i, j), score in zip(wanted, scores.tolist(), strict=True):
        earlier.setdefault(j, []).append((i, score))
    groups: list[list[int]] = []
    home: list[int] = []
    for j in range(len(drafts)):
        fit: dict[int, list[float]] = {}
        for i, score in earlier.get(j, ()):
            fit.setdefault(home[i], []).append(score)
        best, group = max(((sum(s) / len(s), -n) for n, s in fit.items()), default=(0.0, 0))
        if fit and best >= scorer.thresholds["same"]:
            groups[-group].append(j)
        else:
            groups.append([j])
            group = 1 - len(groups)
        home.append(-group)
    return [[drafts[i] for i in group] for group in groups]


def dates_agree(a: str | None, b: str | None) -> bool:
    """Whether two dates of different precision may be the same: "2025-03" and "2025-03-14"."""
    if a is None or b is None or a == b:
        return True
    if "/" in a or "/" in b:
        ends = [(x.split("/")[0], last_day(x)) for x in (a, b)]
        (s1, e1), (s2, e2) = ends
        return bool(e1 and e2 and s1 <= e2.isoformat() and s2 <= e1.isoformat())
    return a.startswith(b) or b.startswith(a)


def without_slogans(drafts: Iterable[Draft]) -> list[Draft]:
    """Drafts without the REQUESTs of protesters: what a crowd asks for is no second record (codebook, section 3)."""
    drafts = list(drafts)
    protests = [d for d in drafts if d.type == "PROTEST" and d.actor and d.score >= 0.4]
    return [d for d in drafts if d.type != "REQUEST" or not any(_shouted(d, p) for p in protests)]


def _shouted(request: Draft, protest: Draft) -> bool:
    apart = request.mention.sentence.index - protest.mention.sentence.index
    asking, shouting = ({p.key for p in d.actor} for d in (request, protest))
    return apart in (0, 1) and bool(request.actor) and asking <= shouting


def _anaphoric(noun: Token) -> bool:
    """Whether a noun points back: "the attack", "this ban", "their talks"."""
    return any(
        (c.dep == "det" and c.lower in ("the", "this", "that", "these", "those")) or c.dep == "poss"
        for c in noun.children
    )


_NONE = (0.0, 0.0, 0.0)


def join(drafts: Sequence[Draft]) -> Draft:
    """One draft of several: what they say together, the likeliest mention first where they differ."""
    ranked = sorted(drafts, key=lambda d: -d.score)
    best = ranked[0]
    if len(drafts) == 1:
        return best
    dated = sorted((d for d in ranked if d.date), key=lambda d: -d.dated)
    date = dated[0].date if dated else None
    for d in dated[1:]:
        if d.date and date and d.date.startswith(date) and len(d.date) > len(date):
            date = d.date
    by = next((d for d in dated if d.date == date), best)
    most: Chances = {}
    sums: Chances = {}
    phrases, opinions = {}, {}
    # Half what each says of a party by its own weight, half the most that any says: one that is left unsaid in the
    # better mention is kept, one that a weak mention draws in is not (cross-validation: whowhom +.02 over the most).
    total = max(sum(d.score for d in ranked), 1e-9)
    for d in ranked:
        weak = min(1.0, d.score / max(best.score, 0.01)) ** 0.5
        for key, found in d.chances.items():
            if key not in most or max(found) * weak > max(most[key]):
                phrases[key], opinions[key] = d.phrases[key], d.opinions[key]
            most[key] = tuple(max(a, b * weak) for a, b in zip(most.get(key, _NONE), found, strict=True))
            sums[key] = tuple(a + b * d.score / total for a, b in zip(sums.get(key, _NONE), found, strict=True))
    chances = {k: tuple((a + b) / 2 for a, b in zip(sums[k], most[k], strict=True)) for k in sums}
    voiced = [d for d in ranked if d.score >= 0.3 and not d.mention.sentence.heading] or ranked[:1]
    if any(not d.attribution for d in voiced):
        chances = {k: (*p[:2], 0.0) for k, p in chances.items()}
    placed = max((d for d in ranked if d.place), key=lambda d: d.placed, default=best)
    reasons = [r for d in drafts for r in d.reasons if r.field == "type"]
    for field, source in (("mode", best), ("factuality", best), ("date", by), ("place", placed)):
        reasons += [r for r in source.reasons if r.field == field]
    return Draft(
        type=best.type,
        mode=next((d.mode for d in ranked if d.mode), ()),
        factuality="actual" if any(d.factuality == "actual" for d in voiced) else best.factuality,
        historical=by.historical if date else all(d.historical for d in voiced),
        date=date,
        place=placed.place,
        mentions=[m for d in ranked for m in d.mentions],
        reasons=reasons,
        chances=chances,
        phrases=phrases,
        opinions=opinions,
        score=best.score,
    )
