"""A table with ACLED's columns: violence, demonstrations and some strategic developments, one row an event."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from dragoman.export.ledger import acled_types as types
from dragoman.export.ledger.acled_types import CIVILIANS, Foreign, Kind
from dragoman.export.ledger.codes import state
from dragoman.export.ledger.layout import Field, Quoted, listed
from dragoman.export.ledger.losses import count_unheld, happened, unheld
from dragoman.export.ledger.when import span, stand_in
from dragoman.export.ledger.where import spot
from dragoman.export.ledger.who import number
from dragoman.export.rows import Value
from dragoman.ledger.model import LedgerEvent, Party

_GEO_PRECISION = {"city": 1, "point": 1, "admin1": 3, "region": 3}


@dataclass(frozen=True, slots=True)
class _Side:
    """One of the two actors of a row."""

    name: str | None = None
    others: str | None = None
    inter: str | None = None


class Acled(Quoted):
    """The 31 columns of ACLED's data as its codebook of 2023-2025 lists them, text labels for the kinds of actors.

    What ACLED's researchers decide by reading, this table leaves empty: fatalities, source scale, tags.
    """

    name = "acled"
    file = "acled.csv"
    separator = ","
    follows = (
        "ACLED Codebook, “ACLED Data Columns at a Glance” (acleddata.com, columns since March 2023); not ACLED data"
    )
    fields = (
        Field("event_id_cnty", "ISO alpha-3 of the place, where known, and a number made of the ledger event's id"),
        Field("event_date", "YYYY-MM-DD; the middle of the time told, where that is no day"),
        Field("year", "of event_date"),
        Field(
            "time_precision", "1 a day, 2 up to a week, 3 up to a month, or the day of publication where that was asked"
        ),
        Field("disorder_type", "Political violence, Demonstrations or Strategic developments"),
        Field("event_type", "see above"),
        Field("sub_event_type", "empty where a protest's manner is not told"),
        Field(
            "actor1", "in the fullest words of any report; Protesters, Rioters, with their country, as ACLED names them"
        ),
        Field("assoc_actor_1", "further actors; who protests"),
        Field("inter1", "kind of actor1, by sector; empty where the sector does not tell"),
        Field("actor2", "who is acted upon, or the other side; Civilians, with their country, as ACLED names them"),
        Field("assoc_actor_2", "further ones; which civilians"),
        Field("inter2", "kind of actor2, by sector"),
        Field("interaction", "the two kinds, in ACLED's order"),
        Field("civilian_targeting", "“Civilian targeting” where all who are acted upon are civilians"),
        Field("iso", "ISO 3166-1 numeric of the place"),
        Field("region", "ACLED's region; empty for Afghanistan and Mexico, which could not be checked"),
        Field("country", "ACLED's name of the state"),
        Field("admin1", "first-level division"),
        Field("admin2", "empty: the gazetteer has no lower divisions"),
        Field("admin3", "empty: the gazetteer has no lower divisions"),
        Field("location", "the place's usual name, else its words"),
        Field("latitude", "degrees, only where the place is a point or a town"),
        Field("longitude", "degrees, only where the place is a point or a town"),
        Field("geo_precision", "1 point or town, 3 division or region (then without coordinates); empty for a state"),
        Field("source", "outlets of all reports, “; ” between"),
        Field("source_scale", "empty: not known"),
        Field("notes", "the sentence of the first report"),
        Field("fatalities", "empty, never 0: figures are in the sentences only"),
        Field("tags", "empty"),
        Field("timestamp", "empty: when a row was uploaded has no counterpart"),
    )
    unheld = unheld(
        "confidence",
        "score",
        "contexts",
        "title",
        "url",
        sources="outlets are listed, independent sources not counted",
        reported="no column for the day of publication",
    )
    remarks = (
        "These are not ACLED's data: the rows are coded by a program, and mapped to ACLED's types as follows.",
        *types.REMARKS,
    )

    def rows(self, event: LedgerEvent) -> list[list[Value]]:
        told = happened(event, self.losses)
        if told is None:
            return []
        kind = types.kind_of(told)
        if isinstance(kind, Foreign):
            self.losses.add(f"event: {told.type}, {kind.what}", kind.why)
            return []
        when = self._when(told)
        return [self._row(told, kind, *when)] if when else []

    def _when(self, event: LedgerEvent) -> tuple[dt.date, int] | None:
        """The reference day and its precision, by ACLED's rules."""
        if event.date is None:
            day = stand_in(event, self.undated, self.losses)
            return (day, 3) if day else None
        found = span(event.date)
        days = (found[1] - found[0]).days if found else 99
        if found is None or days > 30:
            self.losses.add("event: date wider than a month", "ACLED has no precision for it")
            return None
        return found[0] + dt.timedelta(days // 2), 1 if days == 0 else 2 if days < 7 else 3

    def _row(self, event: LedgerEvent, kind: Kind, day: dt.date, precision: int) -> list[Value]:
        count_unheld(event, self.unheld, 1, self.losses)
        at = spot(event.place)
        home = at.country if at else None
        one, two = self._sides(event, kind, home)
        country = state(home)
        outlets = list(dict.fromkeys(t.report.outlet for t in event.tellings if t.report.outlet))
        return [
            f"{home or ''}{number(event.id)}",
            day.isoformat(),
            day.year,
            precision,
            kind.disorder,
            kind.event,
            kind.sub,
            *(one.name, one.others, one.inter),
            *(two.name, two.others, two.inter),
            types.interaction(one.inter, two.inter, alone=two.name is None),
            "Civilian targeting" if kind.civilians else None,
            country.iso or None,
            country.region or None,
            country.acled or None,
            at.admin1 if at else None,
            None,
            None,
            (at.name or at.text) if at else None,
            at.lat if at else None,
            at.lon if at else None,
            _GEO_PRECISION.get(at.precision or "") if at else None,
            listed(outlets, self.losses) or None,
            None,
            event.sentence or None,
            None,
            None,
            None,
        ]

    def _sides(self, event: LedgerEvent, kind: Kind, home: str | None) -> tuple[_Side, _Side]:
        if kind.crowd and kind.civilians:
            return self._generic(kind.crowd, event.actor, home), self._generic(CIVILIANS, event.recipient, home)
        if kind.crowd:
            # The crowd is ACLED's first actor, also where police act on it.
            crowd, others = (event.recipient, event.actor) if kind.met else (event.actor, ())
            if not kind.met and event.recipient:
                self.losses.add("recipient", "ACLED has no column for whom a protest is against")
            return self._generic(kind.crowd, crowd, home), self._named(others, home)
        if kind.mutual:
            if len(event.actor) > 2:
                self.losses.add(
                    "actor", "two sides a row, and who stands with whom is not told: the first two are written"
                )
            return self._named(event.actor[:1], home), self._named(event.actor[1:2], home)
        if kind.civilians:
            return self._named(event.actor, home), self._generic(CIVILIANS, event.recipient, home)
        return self._named(event.actor, home), self._named(event.recipient, home)

    def _named(self, parties: Sequence[Party], home: str | None) -> _Side:
        if not parties:
            return _Side()
        first, *rest = parties
        inter = types.inter(first, home)
        if inter is None:
            self.losses.add("sector", "ACLED's kinds of actors have none that it tells for sure")
        return _Side(first.text, listed([p.text for p in rest], self.losses) or None, inter)

    def _generic(self, kind: str, parties: Sequence[Party], home: str | None) -> _Side:
        """A crowd or civilians as ACLED names them: ``Protesters (Kenya)``, with those who they are beside it."""
        countries = {p.country for p in parties if p.country}
        country = countries.pop() if len(countries) == 1 else home
        name = state(country).acled
        return _Side(f"{kind} ({name})" if name else kind, listed([p.text for p in parties], self.losses) or None, kind)
