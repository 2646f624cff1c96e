"""What the API gives, for its description: the shapes of the ledger's ``to_dict``.

Answers are not checked against these while they are made: the tests do that.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from dragoman.ledger.asking import By
from dragoman.ledger.casualties import Kind
from dragoman.ledger.judging import Action
from dragoman.ledger.model import State, Status
from dragoman.record import Factuality
from dragoman.web.coding import Fate


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Problem(Strict):
    """What went wrong (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str


class Span(Strict):
    """A stretch of a report's text in code points, the end exclusive."""

    start: int
    end: int


class Mention(Strict):
    """A sentence that tells an event, and the words in it that name the event."""

    start: int
    end: int
    trigger: Span


class Entity(Strict):
    """Who acts, is acted upon or reports: the words as they stand, and whom they stand for."""

    text: str
    start: int
    end: int
    country: str | None
    sector: str | None


class Place(Strict):
    """Where an event happened, in the words of a report, and its country."""

    text: str
    country: str | None


class Reason(Strict):
    """Why a field has its value, and the words that it rests on."""

    field: str
    why: str
    span: Span | None


class Record(Strict):
    """How one report tells an event."""

    id: str
    type: str
    mode: list[str]
    actor: list[Entity]
    recipient: list[Entity]
    factuality: Factuality
    historical: bool
    date: str | None = Field(description="A day, a month, a year, or a range of these; null where none is told.")
    place: Place | None
    attribution: list[Entity]
    mentions: list[Mention]
    confidence: float | None
    reasons: list[Reason]


class CodedDocument(Strict):
    """A document's records and contexts."""

    id: str
    title: str
    published: str | None
    url: str
    contexts: list[str]
    events: list[Record]
    warnings: list[str]


class Report(Strict):
    """A report without its text."""

    id: str
    title: str
    published: str | None
    url: str
    outlet: str
    status: Status
    source: str = Field(description="The same for reports that are no independent witnesses.")
    superseded: bool = Field(description="Whether a later version of the same address is known.")


class Figure(Strict):
    """Casualties as a sentence gives them: between `least` and `most`, either null where it is left open."""

    kind: Kind
    least: int | None
    most: int | None
    words: str
    start: int
    end: int


class Telling(Strict):
    """How one report tells an event: its record, and a sentence and the words in it for each mention."""

    report: Report
    record: Record
    evidence: list[str]
    triggers: list[str]
    confirmed: bool
    figures: list[Figure]


class Party(Strict):
    """One who acts, is acted upon or speaks, as most reports name them."""

    text: str
    country: str | None
    sector: str | None


class Event(Strict):
    """One event, as all its reports tell it."""

    id: str
    type: str
    mode: list[str]
    actor: list[Party]
    recipient: list[Party]
    factuality: Factuality
    historical: bool
    date: str | None = Field(description="What the reports' dates agree on; null where none is told.")
    dates: list[str]
    place: Place | None
    reported: str | None = Field(description="When the first report was published: never a stand-in for `date`.")
    state: State
    sources: int
    reports: int
    confidence: float | None
    score: float | None
    contexts: list[str]
    claims: list[Party]
    denials: list[Party]
    contrary: list[str] = Field(description="Events that tell the opposite.")
    title: str
    url: str
    sentence: str
    tellings: list[Telling] = Field(default=[], description="Only where they are asked for.")


class Page(Strict):
    """Events, and the cursor of the next page."""

    events: list[Event]
    next: str | None
    first: str | None = Field(description="The cursor of the first: the way back, with `ascending` turned about.")


class Count(Strict):
    """How many events there are."""

    events: int


class Join(Strict):
    """What ties two records."""

    a: str
    b: str
    kind: Literal["same", "together", "apart", "denial"]
    score: float
    reasons: list[str]
    event: str | None


class Anchor(Strict):
    """Which record of which report is meant."""

    report: str
    record: Record


class Judgement(Strict):
    """One entry of the log."""

    id: str
    at: str
    by: str
    action: Action
    anchors: list[Anchor]
    value: dict[str, Any]
    rest: list[Anchor]
    judgement: str = Field(description="What an undo takes back.")
    note: str


class JudgementPage(Strict):
    """Entries of the log, and the cursor of the next page."""

    judgements: list[Judgement]
    next: str | None


class EventInFull(Strict):
    """An event with its tellings, what ties its records, and what people judged of it."""

    event: Event
    joins: list[Join]
    judgements: list[Judgement]


class ReportPage(Strict):
    """Reports, and the cursor of the next page."""

    reports: list[Report]
    next: str | None


class Origin(Strict):
    """Where a report was found, and what it is called there."""

    source: str
    name: str


class StoredRecord(Strict):
    """A record of a report as it stands after judgements."""

    record: Record
    event: str | None
    live: bool = Field(description="False for what a person judged no event.")
    confirmed: bool
    added: bool = Field(description="Whether a person added it.")
    corrected: list[str]
    evidence: list[str]
    triggers: list[str]


class StoredReport(Strict):
    """A report with its text and records."""

    report: Report
    text: str | None = Field(description="Null where the ledger keeps none.")
    length: int
    contexts: list[str]
    warnings: list[str]
    coder: str
    retrieved: str | None
    added: str
    origins: list[Origin]
    versions: list[Report]
    copies: list[Report]
    records: list[StoredRecord]
    judgements: list[Judgement]


class Actor(Strict):
    """A country, and how often it acts and is acted upon, in pairs; null for parties of no known country."""

    country: str | None
    acting: int
    acted_upon: int


class Actors(Strict):
    """Countries, those with most events first."""

    actors: list[Actor]


class DyadRow(Strict):
    """What one country's actors did towards another's in a period."""

    actor: str | None
    recipient: str | None
    period: str
    events: int
    reports: int
    score_mean: float | None
    score_sum: float
    verbal_cooperation: int
    material_cooperation: int
    verbal_conflict: int
    material_conflict: int
    undated: int
    value: float | None


class Dyads(Strict):
    """A series by actor, recipient and period."""

    by: By
    measure: str
    left_out: int
    undated: int
    unknown: int
    rows: list[DyadRow]


class Proof(Strict):
    """A sentence that shows a stance."""

    event: str
    type: str
    factuality: Factuality
    sentence: str
    trigger: str
    towards: list[str]
    report: str
    title: str
    outlet: str
    url: str
    published: str | None
    how: Literal["words", "report"]


class Stand(Strict):
    """One party in a column of a stance."""

    country: str | None
    sector: str | None
    names: list[str]
    events: int
    planned: int
    first: str | None
    last: str | None
    first_date: str | None = Field(description="As exactly as it is told; null where first is the day of the report.")
    last_date: str | None = Field(description="As exactly as it is told; null where last is the day of the report.")
    evidence: list[Proof]


class Stance(Strict):
    """Who stands where: columns by what is done to the target, its victims, and others."""

    asked: str
    kind: Literal["text", "event", "actor"]
    deeds: list[Event]
    doers: list[str]
    victims: list[str]
    target: dict[str, list[Stand]]
    victim: dict[str, list[Stand]]
    other: dict[str, list[Stand]]
    left_out: int
    reports: int


class Counts(Strict):
    """What became of the documents of a source."""

    coded: int
    events: int
    known: int
    skipped: int
    failed: int
    why: dict[str, int]


class Source(Strict):
    """How a source does."""

    source: str
    reports: int
    newest: str | None
    at: str | None
    last: Counts | None
    due: str | None
    failures: int
    gone: bool


class Sources(Strict):
    """All sources, by name."""

    sources: list[Source]


class Fated(Strict):
    """What became of one document: coded, known to the ledger already, or refused (skipped, failed) and why."""

    name: str
    fate: Fate
    report: str | None
    records: int
    reason: str
    fix: str


class Ingested(Strict):
    """What became of the documents that were sent."""

    documents: list[Fated]
    total: Counts


class Laid(Strict):
    """A judgement that was laid down."""

    id: str
