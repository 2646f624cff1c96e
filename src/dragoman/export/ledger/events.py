"""Our own columns: one ledger event a row, as CSV and as Parquet.

Entities of a role, and the reports, are parallel lists, as in the tables of coded documents. How each report tells the
event in detail stands only in the JSON lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import IO

from dragoman import codebook
from dragoman.export.ledger.layout import Field, Layout, Table
from dragoman.export.ledger.losses import Losses, count_unheld
from dragoman.export.ledger.when import Undated
from dragoman.export.ledger.where import spot
from dragoman.export.rows import Column, Kind, Value
from dragoman.export.separated import Line
from dragoman.export.spool import Spool
from dragoman.ledger.model import LedgerEvent, Party


def _role(role: str, who: str) -> tuple[tuple[str, Kind, str], ...]:
    return (
        (f"{role}_text", "list", who),
        (f"{role}_country", "list", "their ISO 3166-1 alpha-3 or international codes"),
        (f"{role}_sector", "list", "their sectors"),
    )


_COLUMNS: tuple[tuple[str, Kind, str], ...] = (
    ("event_id", "string", "id of the ledger event"),
    ("type", "string", "PLOVER type"),
    ("mode", "list", "modes"),
    ("quad", "integer", "quad class, 1 to 4"),
    ("score", "number", "PLOVER score, -10 to 10"),
    *_role("actor", "those who act, in the fullest words of any report"),
    *_role("recipient", "those acted upon"),
    ("factuality", "string", "actual, future, hypothetical or negated"),
    ("historical", "boolean", "told as background"),
    ("date", "string", "day, month, year or range that the reports agree on; empty where none is told"),
    ("dates", "list", "all dates that reports give"),
    ("reported", "string", "publication of the first report"),
    ("place_text", "string", "the place in the words of the reports"),
    ("place_country", "string", "its country"),
    ("place_name", "string", "its usual name, where the gazetteer settles it"),
    ("place_admin1", "string", "its first-level division"),
    ("place_precision", "string", "point, city, admin1, region or country"),
    ("latitude", "number", "degrees, only of points and towns"),
    ("longitude", "number", "degrees, only of points and towns"),
    ("state", "string", "reported, corroborated, disputed or retracted"),
    ("sources", "integer", "independent sources"),
    ("reports", "integer", "reports"),
    ("confidence", "number", "of the surest record, 0 to 1"),
    ("contexts", "list", "contexts"),
    *_role("claim", "those on whose word it rests"),
    *_role("denial", "those who deny it"),
    ("contrary", "list", "ids of the events that tell the opposite"),
    ("title", "string", "title of the first report"),
    ("url", "string", "address of the first report"),
    ("sentence", "string", "evidence sentence of the first report"),
    ("report_id", "list", "the reports, in the order of their dates"),
    ("report_published", "list", "their dates"),
    ("report_outlet", "list", "their outlets"),
    ("report_url", "list", "their addresses"),
    ("report_source", "list", "equal for reports that are no independent witnesses"),
)
COLUMNS: tuple[Column, ...] = tuple(Column(name, kind) for name, kind, _ in _COLUMNS)
_FIELDS = tuple(Field(name, holds) for name, _, holds in _COLUMNS)
_UNHELD = {"tellings": "spans, reasons and the further sentences of each report stand only in the PLOVER JSON lines"}


def row_of(event: LedgerEvent) -> list[Value]:
    """An event as a row of :data:`COLUMNS`."""
    kind = codebook.TYPES.get(event.type)
    at = spot(event.place)
    reports = list({t.report.id: t.report for t in event.tellings}.values())
    return [
        event.id,
        event.type,
        list(event.mode),
        kind.quad if kind else None,
        event.score,
        *_parts(event.actor),
        *_parts(event.recipient),
        event.factuality,
        event.historical,
        event.date,
        list(event.dates),
        event.reported,
        *((at.text, at.country, at.name, at.admin1, at.precision, at.lat, at.lon) if at else (None,) * 7),
        event.state,
        event.sources,
        event.reports,
        event.confidence,
        list(event.contexts),
        *_parts(event.claims),
        *_parts(event.denials),
        list(event.contrary),
        event.title or None,
        event.url or None,
        event.sentence or None,
        [r.id for r in reports],
        [r.published for r in reports],
        [r.outlet for r in reports],
        [r.url for r in reports],
        [r.source for r in reports],
    ]


def _parts(parties: tuple[Party, ...]) -> tuple[list[str | None], list[str | None], list[str | None]]:
    return [p.text for p in parties], [p.country for p in parties], [p.sector for p in parties]


_LINE = Line(",")


class EventsCsv(Table):
    """One event a row, quoted as RFC 4180 says; ``dragoman.export.separated.split`` takes lists apart."""

    name = "csv"
    file = "events.csv"
    follows = "our own columns; lists joined by “;”, a “;” or “\\” within a value has a “\\” before it"
    fields = _FIELDS
    unheld = _UNHELD

    def rows(self, event: LedgerEvent) -> list[list[Value]]:
        count_unheld(event, self.unheld, 1, self.losses)
        return [row_of(event)]

    def line(self, row: Sequence[Value]) -> str:
        return _LINE.of(row)

    def clean(self, row: list[Value]) -> list[Value]:
        self.surrogates(row)
        return row


class EventsParquet(Layout):
    """One event a row, columns typed, lists as lists."""

    name = "parquet"
    file = "events.parquet"
    follows = "our own columns"
    fields = _FIELDS
    unheld = _UNHELD

    def __init__(self, file: IO[bytes], losses: Losses, undated: Undated) -> None:
        super().__init__(file, losses, undated)
        self._spool = Spool(COLUMNS)

    def write(self, event: LedgerEvent) -> int:
        count_unheld(event, self.unheld, 1, self.losses)
        self._spool.put([row_of(event)])
        return 1

    def finish(self) -> None:
        self._spool.convert(self.out)

    def close(self) -> None:
        self._spool.close()
