"""What two records have in common, as numbers: the input of the pair score. All are the same either way round."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from dragoman.codebook import TYPES
from dragoman.ledger.joining import sites
from dragoman.ledger.joining.facts import Facts, Weights, facts
from dragoman.ledger.joining.profiling import Profile
from dragoman.ledger.joining.sites import Site
from dragoman.ledger.joining.words import RARE, WORD, word

_TIMES = (
    *("same day", "day apart", "dates overlap", "overlap sure", "one dated", "dated lag", "just before", "undated"),
    *("windows overlap", "published gap", "published same", "both historical", "one historical", "both future"),
    *("one future", "negated"),
)
_PLACES = (
    *("place unknown both", "place unknown one", "same place", "place within", "place apart", "place country other"),
    *("near km", "place told"),
)
_ROLE = ("countries", "countries other", "unknown one", "unknown both", "sectors", "words")
_PARTIES = (
    *(f"{role} {name}" for role in ("actor", "recipient") for name in _ROLE),
    *("crosswise", "all countries", "source countries", "source one", "role words", "parties told"),
)
_WORDS = (
    *("same trigger", "trigger told", "near words", "sentence words", "shared weight", "names", "rare words"),
    *("names told", "numbers", "numbers other", "reprint"),
)
_REPORTS = ("report words", "report weight", "report names", "rare names", "rare names none")
_SHAPE = (
    *("modes alike", "modes other", "alike least", "alike most", "alike none"),
    *("lead both", "lead one", "lead far"),
)
_MEANINGS = ("near meaning", "trigger meaning", "party meaning", "report meaning")
FEATURES: tuple[str, ...] = (
    *(*_TIMES, *_PLACES, *_PARTIES, *_WORDS, *_REPORTS, *_SHAPE, *_MEANINGS),
    *(f"type {t}" for t in TYPES),
)

# A mention that stands in the first fifth of a report is told in its lead.
_LEAD = 0.2


def rows(a: Profile, others: Sequence[Profile]) -> npt.NDArray[np.float64]:
    """One row of features for each of ``others``, in the order of ``FEATURES``."""
    found = np.zeros((len(others), len(FEATURES)))
    if not others:
        return found
    one = facts(a)
    plain = len(FEATURES) - len(TYPES) - len(_MEANINGS)
    for n, b in enumerate(others):
        found[n, :plain] = _row(one, facts(b))
    told = b"".join(p.vectors + p.setting.vector for p in (a, *others))
    vectors = np.frombuffer(told, dtype=np.int8).reshape(len(others) + 1, len(_MEANINGS), -1) / 127
    found[:, plain : plain + len(_MEANINGS)] = (vectors[1:] * vectors[0]).sum(2)
    found[:, FEATURES.index(f"type {a.type}")] = 1.0
    return found


def _row(a: Facts, b: Facts) -> list[float]:
    return [*_times(a, b), *_places(a, b), *_parties(a, b), *_words(a, b), *_reports(a, b), *_shape(a, b)]


def common(a: Weights, b: Weights) -> float:
    """What the words weigh that both have."""
    if len(a) > len(b):
        a, b = b, a
    return sum([w for s, w in a.items() if s in b])


def share(both: float, a: float, b: float) -> float:
    """How much of the lesser and of the greater is in common: their mean, from 0 to 1."""
    return 0.5 * both * (1 / a + 1 / b) if a > 0 and b > 0 else 0.0


def alike(a: Collection[object], b: Collection[object]) -> float:
    """How much of the smaller of two sets is in the other; 0 where one is empty."""
    least = min(len(a), len(b))
    return sum([x in b for x in a]) / least if least else 0.0


def _near(days: int) -> float:
    """1 for no days, 0 for over a year."""
    return max(0.0, 1 - math.log1p(days) / 6)


def _times(a: Facts, b: Facts) -> tuple[float, ...]:
    p, q, v, w = a.profile, b.profile, a.window, b.window
    first, last = max(v.first, w.first), min(v.last, w.last)
    both, one = v.dated and w.dated, v.dated != w.dated
    same = apart = overlap = sure = lag = just = 0.0
    if both:
        same, apart = float(v == w and v.days <= 2), float(first > last)
        overlap, sure = 1 - apart, max(0.0, 1 - math.log1p(max(v.days, w.days) - 1) / 7)
    elif one:
        dated, told = (v, b.day) if v.dated else (w, a.day)
        if told is not None:
            lag, just = _near(abs(told - dated.last)), float(0 <= told - dated.last <= 2)
    gap = None if a.day is None or b.day is None else abs(a.day - b.day)
    return (
        *(same, apart, overlap, sure, float(one), lag, just, float(not both and not one)),
        float(first <= last),
        0.0 if gap is None else _near(gap),
        float(gap is not None and gap <= 1),
        float(p.historical and q.historical),
        float(p.historical != q.historical),
        float(p.factuality == q.factuality == "future"),
        float((p.factuality == "future") != (q.factuality == "future")),
        float(p.factuality == "negated"),
    )


def _places(a: Facts, b: Facts) -> tuple[float, ...]:
    s, t = a.profile.site, b.profile.site
    if s is None or t is None:
        told = (s is not None and _told(s, b)) or (t is not None and _told(t, a))
        return (float(s is t), float(s is not t), 0.0, 0.0, 0.0, 0.0, 0.0, float(told))
    within, far = sites.within(s, t), sites.apart(s, t)
    same = sites.same(s, t)
    if not same and far is None and "country" not in (s.precision, t.precision):
        same = not _stems(s.name).isdisjoint(_stems(t.name))
    return (
        *(0.0, 0.0, float(same), float(within), float(not same and not within)),
        float(s.country is not None and t.country is not None and s.country != t.country),
        0.0 if far is None else 1 - min(far / sites.FAR, 1.0),
        float(not same and (_told(s, b) or _told(t, a))),
    )


def _told(s: Site, other: Facts) -> bool:
    """Whether the other report has a name of the place, or the other record's sentences."""
    return any(x in other.report_names or x in other.words for x in _stems(s.name))


@lru_cache(maxsize=1 << 14)
def _stems(name: str) -> frozenset[str]:
    """The stems of a place's name that tell one place from others."""
    return frozenset(w.stem for w in map(word, WORD.findall(name)) if w.weight > RARE)


def _parties(a: Facts, b: Facts) -> list[float]:
    p, q = a.profile, b.profile
    actors, recipients = common(a.actor_words, b.actor_words), common(a.recipient_words, b.recipient_words)
    values = []
    for mine, other, has, sectors, words, size in (
        (a.actor, b.actor, bool(p.actor) + bool(q.actor), (a.actor_sectors, b.actor_sectors), actors, "actor_words"),
        (
            *(a.recipient, b.recipient, bool(p.recipient) + bool(q.recipient)),
            *((a.recipient_sectors, b.recipient_sectors), recipients, "recipient_words"),
        ),
    ):
        values += [
            alike(mine, other),
            float(bool(mine) and bool(other) and mine.isdisjoint(other)),
            float(has == 1),
            float(has == 0),
            alike(*sectors),
            share(words, sum(getattr(a, size).values()), sum(getattr(b, size).values())),
        ]
    told = sum(
        common(x, y)
        for x, y in (
            (a.actor_words, b.words),
            (a.recipient_words, b.words),
            (b.actor_words, a.words),
            (b.recipient_words, a.words),
        )
    )
    return [
        *values,
        float(not a.actor.isdisjoint(b.recipient) or not a.recipient.isdisjoint(b.actor)),
        alike(a.countries, b.countries),
        alike(a.source, b.source),
        float(bool(p.source) != bool(q.source)),
        min((actors + recipients) / 20, 2.0),
        min(told / 40, 1.0),
    ]


def _words(a: Facts, b: Facts) -> tuple[float, ...]:
    p, q = a.profile, b.profile
    near, whole = common(a.near, b.near), common(a.words, b.words)
    beside, sentence = share(near, a.near_sum, b.near_sum), share(whole, a.words_sum, b.words_sum)
    both = [n for n in p.numbers if n in q.numbers]
    return (
        float(not a.trigger.isdisjoint(b.trigger)),
        float(not a.words.keys().isdisjoint(b.trigger) or not b.words.keys().isdisjoint(a.trigger)),
        *(beside, sentence, min(whole / 40, 2.0)),
        min(common(a.names, b.names) / 20, 2.0),
        min(common(a.rare_words, b.rare_words) / 20, 2.0),
        min((common(a.rare_words, b.rare) + common(b.rare_words, a.rare)) / 40, 2.0),
        # Twelve and less are in too many reports to tell much.
        min(sum([1.0 if n > 12 else 0.5 for n in both]), 2.0),
        float(bool(p.numbers) and bool(q.numbers) and not both),
        float(beside > 0.8 and sentence > 0.8),
    )


def _reports(a: Facts, b: Facts) -> tuple[float, ...]:
    terms, rare = common(a.terms, b.terms), common(a.rare_names, b.rare_names)
    return (
        share(terms, a.terms_sum, b.terms_sum),
        min(terms / 40, 2.0),
        share(common(a.report_names, b.report_names), a.report_names_sum, b.report_names_sum),
        min(rare / 25, 2.0),
        float(rare == 0),
    )


def _shape(a: Facts, b: Facts) -> tuple[float, ...]:
    p, q = a.profile, b.profile
    least, most = sorted((p.alike, q.alike))
    lead = (p.lead < _LEAD) + (q.lead < _LEAD)
    return (
        float(not a.modes.isdisjoint(b.modes)),
        float(bool(a.modes) and bool(b.modes) and a.modes.isdisjoint(b.modes)),
        *(min(least, 4) / 4, min(most, 6) / 6, float(most == 0)),
        *(float(lead == 2), float(lead == 1), abs(p.lead - q.lead)),
    )
