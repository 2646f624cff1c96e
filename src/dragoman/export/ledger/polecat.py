"""POLECAT: one row an event, lists of actors and recipients in a cell."""

from __future__ import annotations

from collections.abc import Sequence

from dragoman import __version__, codebook
from dragoman.export.ledger.codes import state
from dragoman.export.ledger.layout import Field, Quoted, listed
from dragoman.export.ledger.losses import count_unheld, happened, unheld
from dragoman.export.ledger.when import exact_day, published
from dragoman.export.ledger.where import spot
from dragoman.export.rows import Value
from dragoman.ledger.model import LedgerEvent, Party

_NONE = "None"
_WHO = "no resolved name: the fullest words of any report"
_UNRESOLVED = "“None”: no article of Wikipedia is looked up"
_KEPT = "empty: the ledger keeps no such list"


def _parties(role: str, who: str) -> tuple[Field, ...]:
    return (
        Field(f"{role} Name", f"{who}, “; ” between; {_WHO}"),
        Field(f"{role} Country", "ISO 3166-1 alpha-3, or UNO EUR IGO NGO MNC IMG ISM"),
        Field(f"{role} COW", "Correlates of War number of the country"),
        Field(f"Primary {role} Sector", "sector of the codebook, which is PLOVER's, with PRE and UNK beside them"),
        Field(f"{role} Sectors", "the primary sector again: the ledger keeps one"),
        Field(f"{role} Title", "“None”: titles are part of the words"),
        Field(f"{role} Name Raw", "the same words as the name"),
        Field(f"Wikipedia {role} ID", _UNRESOLVED),
    )


class Polecat(Quoted):
    """The columns of the weekly files "ngecEvents…DV.txt" of POLECAT (Harvard Dataverse, doi:10.7910/DVN/AJGVIT, 2023).

    Unknown parties are the word ``None``, as there.
    """

    name = "polecat"
    file = "polecat.txt"
    follows = "POLECAT Weekly Data, Harvard Dataverse, doi:10.7910/DVN/AJGVIT, files of 2023 and later (40 columns)"
    fields = (
        Field("Event ID", "id of the ledger event"),
        Field("Event Date", "YYYY-MM-DD; only events with a day are here"),
        Field("Event Type", "PLOVER type"),
        Field("Event Mode", "PLOVER modes, “; ” between; “None” where none is told"),
        Field("Intensity", "PLOVER score of the modes, else of the type"),
        Field("Quad Code", "VERBAL or MATERIAL, COOPERATION or CONFLICT"),
        Field("Contexts", "PLOVER contexts that half of the reports are about, “; ” between"),
        *_parties("Actor", "those who act"),
        *_parties("Recipient", "those acted upon"),
        Field("Placename", "the place's usual name where the gazetteer settles it"),
        Field("City", "the same, where it is a town"),
        Field("District", "empty: the gazetteer has no second-level divisions"),
        Field("Province", "first-level division"),
        Field("Country", "ISO 3166-1 alpha-3 of the place"),
        Field("Latitude", "degrees, only where the place is a point or a town"),
        Field("Longitude", "degrees, only where the place is a point or a town"),
        Field("GeoNames ID", "empty: the gazetteer keeps no ids"),
        Field("Raw Placename", "the place in the words of the reports"),
        Field("Feature Type", "empty: the gazetteer keeps no feature codes"),
        Field("Source", "outlet of the first report"),
        Field("Publication Date", "YYYY-MM-DD of the first report"),
        Field("Story People", _KEPT),
        Field("Story Organizations", _KEPT),
        Field("Story Locations", _KEPT),
        Field("Language", "empty: reports are not told apart by language"),
        Field("Version", "the program and its version"),
    )
    unheld = unheld(
        "confidence",
        "title",
        "url",
        sources="no column counts sources",
        reports="one report a row",
        sentence="the published files hold no text",
    )

    def rows(self, event: LedgerEvent) -> list[list[Value]]:
        told = happened(event, self.losses)
        return self._rows(told) if told else []

    def _rows(self, event: LedgerEvent) -> list[list[Value]]:
        day = exact_day(event, self.undated, self.losses)
        if day is None:
            return []
        count_unheld(event, self.unheld, 1, self.losses)
        kind = codebook.TYPES[event.type]
        at = spot(event.place)
        report = event.tellings[0].report if event.tellings else None
        first = published(event)
        return [
            [
                event.id,
                day.isoformat(),
                event.type,
                listed(event.mode, self.losses) or _NONE,
                codebook.score(event.type, event.mode) if event.score is None else event.score,
                kind.quad_name.upper(),
                listed(event.contexts, self.losses) or _NONE,
                *self._who(event.actor),
                *self._who(event.recipient),
                *((at.name, at.city, None, at.admin1, at.country, at.lat, at.lon) if at else (None,) * 7),
                None,
                at.text if at else None,
                None,
                report.outlet if report else None,
                first.isoformat() if first else None,
                None,
                None,
                None,
                None,
                f"dragoman-{__version__}",
            ]
        ]

    def _who(self, parties: Sequence[Party]) -> list[Value]:
        def cell(values: Sequence[str | None]) -> str:
            return listed(values, self.losses, unknown=_NONE) or _NONE

        names = cell([p.text for p in parties])
        sectors = cell([p.sector for p in parties])
        cow = cell([state(p.country).cow for p in parties])
        return [names, cell([p.country for p in parties]), cow, sectors, sectors, _NONE, names, _NONE]
