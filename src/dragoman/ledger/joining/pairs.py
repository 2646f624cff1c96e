"""How likely two records tell one event, and why."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from dragoman.assembly.scorer import Scorer
from dragoman.ledger.joining import features
from dragoman.ledger.joining.contradictions import contradiction
from dragoman.ledger.joining.profiling import Profile
from dragoman.ledger.joining.reasons import reasons
from dragoman.record import Json

# Two records alone are joined from this probability on. In cross-validation over the stories a- to c-, 0.4 gains .013
# of pairwise F1 and loses .01 of precision; moved to one month and the same countries, they lose .03 of precision.
JOIN = 0.5
# Less likely pairs have no link: a tenth more or less moves no figure by .005.
LEAST = 0.25


@dataclass(frozen=True, slots=True)
class Link:
    """What speaks for two records telling one event: its probability, and in words what they have in common."""

    score: float
    reasons: tuple[str, ...] = ()

    def to_dict(self) -> Json:
        return {"score": self.score, "reasons": list(self.reasons)}

    @classmethod
    def from_dict(cls, row: Json) -> Link:
        return cls(float(row["score"]), tuple(row["reasons"]))


@cache
def scorer() -> Scorer:
    """The score that ships; ``python -m training.joining`` makes it."""
    return Scorer(json.loads((resources.files("dragoman.ledger.joining") / "score.json").read_text("utf-8")))


def compare(a: Profile, others: Sequence[Profile], score: Scorer | None = None) -> list[Link | None]:
    """A link to each of ``others`` that may tell the event of ``a``; None for what contradicts it or is unlikely.

    The answer depends on the two records and their reports alone, and is the same either way round.
    """
    found: list[Link | None] = [None] * len(others)
    some = [n for n, b in enumerate(others) if contradiction(a, b) is None]
    if not some:
        return found
    chances = (score or scorer())(features.rows(a, [others[n] for n in some]))[:, 0].tolist()
    for n, p in zip(some, chances, strict=True):
        if p >= LEAST:
            found[n] = Link(round(p, 3), reasons(a, others[n]))
    return found
