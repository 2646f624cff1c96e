"""Mentions of one event to one record, by the codebook's section 2."""

from __future__ import annotations

from dragoman.assembly.dating import last_day
from dragoman.assembly.drafts import Draft
from dragoman.assembly.parties import Party
from dragoman.language.tokens import Token

# Acts of speech by one actor to one recipient count as one event when they ask or say the same kind of thing.
_MODE_MATTERS = frozenset({"REQUEST", "REJECT", "CONSULT", "THREATEN", "SANCTION", "COERCE"})


def merge(drafts: list[Draft]) -> list[Draft]:
    """Join each draft to the first earlier one that tells the same event."""
    kept: list[Draft] = []
    for draft in drafts:
        for earlier in kept:
            if same(earlier, draft):
                join(earlier, draft)
                break
        else:
            kept.append(draft)
    return kept


def _keys(parties: list[Party]) -> set[tuple[str | None, str | None]]:
    return {p.key for p in parties}


def _countries(parties: list[Party]) -> set[str]:
    return {p.entity.country for p in parties if p.entity.country}


def _agree(a: list[Party], b: list[Party]) -> int | None:
    """2 when the parties are the same, 1 when one side is silent, None when they contradict each other."""
    if not a or not b:
        return 1
    keys, others = _keys(a), _keys(b)
    if keys & others and 2 * len(keys & others) >= min(len(keys), len(others)):
        return 2
    if any(k[0] is None or k[1] is None for k in keys | others):
        loose = any(
            (x[0] == y[0] or x[0] is None or y[0] is None) and (x[1] == y[1] or x[1] is None or y[1] is None)
            for x in keys
            for y in others
        )
        return 2 if loose else None
    return None


def dates_agree(a: str | None, b: str | None) -> bool:
    """Whether two dates of different precision may be the same: "2025-03" and "2025-03-14"."""
    if a is None or b is None or a == b:
        return True
    if "/" in a or "/" in b:
        ends = [(x.split("/")[0], last_day(x)) for x in (a, b)]
        (s1, e1), (s2, e2) = ends
        return bool(e1 and e2 and s1 <= e2.isoformat() and s2 <= e1.isoformat())
    return a.startswith(b) or b.startswith(a)


def same(a: Draft, b: Draft) -> bool:
    """Whether two drafts tell the same event."""
    if a.type != b.type or (a.factuality == "negated") != (b.factuality == "negated"):
        return False
    if not dates_agree(a.date, b.date):
        return False
    if a.type in _MODE_MATTERS and a.mode and b.mode and not set(a.mode) & set(b.mode):
        return False
    actor, recipient = _agree(a.actor, b.actor), _agree(a.recipient, b.recipient)
    if actor is None or recipient is None:
        return False
    if a.place and b.place and a.place.country and b.place.country and a.place.country != b.place.country:
        return False
    return actor + recipient >= 3 or (
        actor + recipient == 2 and a.lemma == b.lemma and bool(_countries(a.actor + a.recipient))
    )


def without_slogans(drafts: list[Draft]) -> list[Draft]:
    """Drafts without the REQUESTs of protesters: what a crowd asks for is no second record (codebook, section 3)."""
    protests = [d for d in drafts if d.type == "PROTEST" and d.actor]
    return [d for d in drafts if d.type != "REQUEST" or not any(_shouted(d, p) for p in protests)]


def _shouted(request: Draft, protest: Draft) -> bool:
    apart = request.mentions[0].sentence.index - protest.mentions[0].sentence.index
    return apart in (0, 1) and bool(request.actor) and _keys(request.actor) <= _keys(protest.actor)


def attach(records: list[Draft], weak: list[Draft]) -> None:
    """Give each weak mention to the nearest record that it may retell: "the attack", "the talks", "the ban"."""
    for mention in weak:
        near = [r for r in records if _may_retell(r, mention)]
        if near:
            at = mention.mentions[0].trigger.start
            best = min(near, key=lambda r: min(abs(m.trigger.start - at) for m in r.mentions))
            best.mentions.extend(mention.mentions)


def _may_retell(record: Draft, mention: Draft) -> bool:
    if (
        record.type != mention.type
        or mention.factuality != record.factuality
        or not dates_agree(record.date, mention.date)
    ):
        return False
    if record.type in _MODE_MATTERS and record.mode and mention.mode and not set(record.mode) & set(mention.mode):
        return False
    head = mention.mentions[0].head
    if not any(m.head.lemma == head.lemma for m in record.mentions) and not (head.is_noun and _anaphoric(head)):
        return False
    for mine, other in ((record.actor, mention.actor), (record.recipient, mention.recipient)):
        if mine and other and not _keys(mine) & _keys(other) and not _countries(mine) & _countries(other):
            return False
    return True


def _anaphoric(noun: Token) -> bool:
    """Whether a noun points back: "the attack", "this ban", "their talks"."""
    return any(
        (c.dep == "det" and c.lower in ("the", "this", "that", "these", "those")) or c.dep == "poss"
        for c in noun.children
    )


def _explain(a: Draft, b: Draft, field: str) -> None:
    """Take the reasons of a field from the draft that its value is taken from."""
    a.reasons = [r for r in a.reasons if r.field != field] + [r for r in b.reasons if r.field == field]


def _certainty(parties: list[Party]) -> int:
    return max((p.certainty for p in parties), default=0)


def join(a: Draft, b: Draft) -> None:
    """Fold the later draft into the earlier."""
    a.mentions.extend(b.mentions)
    a.reasons.extend(r for r in b.reasons if r.field == "type")
    if _certainty(b.actor) > _certainty(a.actor):
        a.actor = b.actor
        _explain(a, b, "actor")
    if _certainty(b.recipient) > _certainty(a.recipient):
        a.recipient = b.recipient
        _explain(a, b, "recipient")
    if not a.mode and b.mode:
        a.mode = b.mode
        _explain(a, b, "mode")
    if b.date and (a.date is None or (b.date.startswith(a.date) and len(b.date) > len(a.date))):
        a.date, a.historical = b.date, b.historical
        _explain(a, b, "date")
    if b.place and (a.place is None or a.place.country is None):
        a.place = b.place
        _explain(a, b, "place")
    if not b.attribution:
        a.attribution = []
    if b.factuality == "actual":
        a.factuality = "actual"
