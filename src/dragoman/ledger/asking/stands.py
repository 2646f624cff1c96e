"""A party of a stance, and the sentences that show where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Self

from dragoman.record import Factuality, Json


@dataclass(frozen=True, slots=True)
class Proof:
    """A sentence that shows a stance: of which event and report, and the words in it that name the act.

    ``towards`` names those to whom it is done. ``how`` is ``words`` where the sentence itself speaks of the target, and
    ``report`` where one beside it does, or the title, and the act is done to one of the target's sides.
    """

    event: str
    type: str
    factuality: Factuality
    sentence: str
    trigger: str
    towards: tuple[str, ...]
    report: str
    title: str
    outlet: str
    url: str
    published: str | None
    how: Literal["words", "report"]

    def to_dict(self) -> Json:
        return {name: list(v) if isinstance(v := getattr(self, name), tuple) else v for name in self.__slots__}

    @classmethod
    def from_dict(cls, row: Mapping[str, Any]) -> Self:
        return cls(**{**row, "towards": tuple(row["towards"])})


@dataclass(frozen=True, slots=True)
class Stand:
    """One party in a column.

    ``names`` are the words of the reports for it, the most frequent first. ``events`` counts its acts, ``planned``
    those of them that are still to come or are promised. ``first``, ``last``, ``first_date`` and ``last_date`` are of
    its first and last act (:class:`~dragoman.ledger.asking.outermost.Outermost`). ``evidence`` is the strongest: in
    words before by report, done before planned, told by many before by few.
    """

    country: str | None
    sector: str | None
    names: tuple[str, ...]
    events: int
    planned: int
    first: str | None
    last: str | None
    evidence: tuple[Proof, ...]
    first_date: str | None = None
    last_date: str | None = None

    def to_dict(self) -> Json:
        row: Json = {name: getattr(self, name) for name in self.__slots__}
        return {**row, "names": list(self.names), "evidence": [proof.to_dict() for proof in self.evidence]}

    @classmethod
    def from_dict(cls, row: Mapping[str, Any]) -> Self:
        evidence = tuple(Proof.from_dict(proof) for proof in row["evidence"])
        return cls(**{**row, "names": tuple(row["names"]), "evidence": evidence})
