"""What the ledger hands out: events as all reports tell them, the reports, and what people have judged.

A *record* is how one report tells an event (:class:`dragoman.record.Event`); an *event* of the ledger joins the
records of all reports that tell it. The words under every field stay with the record they come from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Self

from dragoman.ledger.figures import Figure, told
from dragoman.record import Event, EventPlace, Factuality, Json

State = Literal["reported", "corroborated", "disputed", "retracted"]
STATES: tuple[State, ...] = ("reported", "corroborated", "disputed", "retracted")
"""How an event stands: told by one independent source, by several, denied by somebody, or told by nobody any more."""

Status = Literal["new", "revised", "reprinted"]


@dataclass(frozen=True, slots=True)
class Report:
    """A document of the ledger, without its text.

    ``id`` is a hash of the document's content. ``status`` is ``revised`` for another version of an address that the
    ledger knows and ``reprinted`` for a copy of a text that stands in an earlier report. ``source`` is the same for
    reports that are no independent witnesses: of one outlet, or prints of one text. ``superseded`` is true when a later
    version of the same address is known.
    """

    id: str
    title: str = ""
    published: str | None = None
    url: str = ""
    outlet: str = ""
    status: Status = "new"
    source: str = ""
    superseded: bool = False

    def to_dict(self) -> Json:
        return {name: getattr(self, name) for name in self.__slots__}

    @classmethod
    def from_dict(cls, row: Mapping[str, Any]) -> Self:
        return cls(**{name: row[name] for name in cls.__slots__ if name in row})


@dataclass(frozen=True, slots=True)
class Telling:
    """How one report tells an event: its record as it stands after judgements, and the sentences it rests on.

    ``evidence`` has one sentence for each of the record's mentions, in their order, and ``triggers`` the words in it
    that name the event. Both are empty strings where the licence of the text let no sentence be kept.
    """

    report: Report
    record: Event
    evidence: tuple[str, ...] = ()
    triggers: tuple[str, ...] = ()
    confirmed: bool = False

    @property
    def figures(self) -> tuple[Figure, ...]:
        """The casualties that the sentences give, in the order of the text."""
        return told(self.record.mentions, self.evidence)

    def to_dict(self) -> Json:
        return {
            "report": self.report.to_dict(),
            "record": self.record.to_dict(),
            "evidence": list(self.evidence),
            "triggers": list(self.triggers),
            "confirmed": self.confirmed,
            "figures": [f.to_dict() for f in self.figures],
        }

    @classmethod
    def from_dict(cls, row: Mapping[str, Any]) -> Self:
        return cls(
            Report.from_dict(row["report"]),
            Event.from_dict(row["record"]),
            tuple(row.get("evidence") or ()),
            tuple(row.get("triggers") or ()),
            bool(row.get("confirmed", False)),
        )


@dataclass(frozen=True, slots=True)
class Party:
    """One who acts, is acted upon or speaks, as most reports of an event name them."""

    text: str
    country: str | None = None
    sector: str | None = None

    def to_dict(self) -> Json:
        return {"text": self.text, "country": self.country, "sector": self.sector}

    @classmethod
    def from_dict(cls, row: Mapping[str, Any]) -> Self:
        return cls(row["text"], row.get("country"), row.get("sector"))


@dataclass(frozen=True, slots=True)
class LedgerEvent:
    """One event of the ledger, as all its reports tell it.

    ``date`` is what the reports' dates agree on, at the greatest precision, as the codebook writes dates; ``dates`` are
    all that were stated. ``reported`` is the publication date of the first report: never a stand-in for ``date``.
    ``day`` is the day to sort by: the beginning of ``date``, else ``reported``; None where neither is known.
    ``sources`` counts the independent sources that still tell it (of a retracted event those that told it), ``reports``
    all reports, those too whose later versions tell it no more. ``claims`` are those on whose word it rests
    (none when some report tells it in its own voice), ``denials`` those who deny it, and
    ``contrary`` the ids of the events that tell the opposite: its denials, or what it denies. ``confidence`` is that of
    the surest record. ``tellings`` is empty in lists, and full in ``Ledger.event``.
    """

    id: str
    type: str
    mode: tuple[str, ...] = ()
    actor: tuple[Party, ...] = ()
    recipient: tuple[Party, ...] = ()
    factuality: Factuality = "actual"
    historical: bool = False
    date: str | None = None
    dates: tuple[str, ...] = ()
    place: EventPlace | None = None
    reported: str | None = None
    state: State = "reported"
    sources: int = 0
    reports: int = 0
    confidence: float | None = None
    score: float | None = None
    contexts: tuple[str, ...] = ()
    claims: tuple[Party, ...] = ()
    denials: tuple[Party, ...] = ()
    contrary: tuple[str, ...] = ()
    title: str = ""
    url: str = ""
    sentence: str = ""
    tellings: tuple[Telling, ...] = ()

    @property
    def day(self) -> str | None:
        """``YYYY-MM-DD`` to sort and group by; None where neither event nor report is dated."""
        if self.date is not None:
            first = self.date.split("/")[0]
            return first + "-01-01"[len(first) - 4 :]
        return self.reported[:10] if self.reported else None

    def to_dict(self) -> Json:
        row: Json = {
            "id": self.id,
            "type": self.type,
            "mode": list(self.mode),
            "actor": [p.to_dict() for p in self.actor],
            "recipient": [p.to_dict() for p in self.recipient],
            "factuality": self.factuality,
            "historical": self.historical,
            "date": self.date,
            "dates": list(self.dates),
            "place": self.place.to_dict() if self.place else None,
            "reported": self.reported,
            "state": self.state,
            "sources": self.sources,
            "reports": self.reports,
            "confidence": self.confidence,
            "score": self.score,
            "contexts": list(self.contexts),
            "claims": [p.to_dict() for p in self.claims],
            "denials": [p.to_dict() for p in self.denials],
            "contrary": list(self.contrary),
            "title": self.title,
            "url": self.url,
            "sentence": self.sentence,
        }
        if self.tellings:
            row["tellings"] = [t.to_dict() for t in self.tellings]
        return row

    @classmethod
    def from_dict(cls, row: Mapping[str, Any]) -> Self:
        """What :meth:`to_dict` gave; what is no field of an event is passed over."""
        values = {name: row[name] for name in cls.__slots__ if name in row}
        for name in ("actor", "recipient", "claims", "denials"):
            values[name] = tuple(Party.from_dict(p) for p in values.get(name) or ())
        for name in ("mode", "dates", "contexts", "contrary"):
            values[name] = tuple(values.get(name) or ())
        values["place"] = EventPlace.from_dict(values["place"]) if values.get("place") else None
        values["tellings"] = tuple(Telling.from_dict(t) for t in values.get("tellings") or ())
        return cls(**values)
