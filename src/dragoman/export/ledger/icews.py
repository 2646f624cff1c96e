"""ICEWS: CAMEO-coded, one row for each actor and recipient."""

from __future__ import annotations

import datetime as dt

from dragoman.export.ledger.codes import acts, cameo_of, state
from dragoman.export.ledger.couples import Couples
from dragoman.export.ledger.layout import Field
from dragoman.export.ledger.losses import unheld
from dragoman.export.ledger.where import spot
from dragoman.export.ledger.who import Pair, number, row_id
from dragoman.export.rows import Value
from dragoman.ledger.model import LedgerEvent, Party

_GOVERNMENT = "Government"
# As the sectors stand in ICEWS files; what is not here has no sector there that could be checked.
_SECTORS = {
    "GOV": _GOVERNMENT,
    "MIL": "Military,Government",
    "COP": "Police,Government",
    "JUD": "Judicial,Government",
    "LEG": "Legislative / Parliamentary,Government",
    "PTY": "Parties",
    "OPP": "Dissident",
    "REB": "Rebel,Dissident",
    "UAF": "Unidentified Forces",
    "ELI": "Elite",
    "CVL": "General Population / Civilian / Social,Social",
    "SOC": "Nongovernmental Organizations / Activists",
    "JRN": "Media,Social",
    "BUS": "Business,Social",
    "LAB": "Labor,Social",
    "EDU": "Education,Social",
    "REL": "National Religious,Social",
    "CRM": "Criminals / Gangs,Dissident",
}
_BODIES = {
    "UNO": "International Government Organization",
    "EUR": "International Government Organization",
    "IGO": "International Government Organization",
    "NGO": "Nongovernmental Organizations / Activists",
    "MNC": "Multinational Corporation",
}
# Codes of CAMEO 1.1b3 that ICEWS lacks, and the code above them.
_ABOVE = {"176": "170", "1952": "195"}


class Icews(Couples):
    """The columns of the yearly files of ICEWS (Harvard Dataverse, doi:10.7910/DVN/28075, 2015 to 2023)."""

    name = "icews"
    file = "icews.tab"
    follows = "ICEWS Coded Event Data, Harvard Dataverse, doi:10.7910/DVN/28075, version 37 (20 columns, no quoting)"
    fields = (
        Field("Event ID", "number made of the ids of event and parties, up to 53 bits: more than R's integers hold"),
        Field("Event Date", "YYYY-MM-DD; only events with a day are here"),
        Field("Source Name", "who acts, in the fullest words of any report; empty where nobody is named"),
        Field("Source Sectors", "ICEWS names for the one sector that the ledger keeps, and for international bodies"),
        Field("Source Country", "ICEWS name of the state"),
        Field("Event Text", "name of the CAMEO code"),
        Field("CAMEO Code", "code nearest to the PLOVER type and its first mode"),
        Field("Intensity", "Goldstein score of the code"),
        Field("Target Name", "who is acted upon; in a mutual act each of the others in turn"),
        Field("Target Sectors", "as for the source"),
        Field("Target Country", "as for the source"),
        Field("Story ID", "number made of the first report's id"),
        Field("Sentence Number", "empty: the ledger counts characters, not sentences"),
        Field("Publisher", "outlet of the first report"),
        Field("City", "where the place is a town"),
        Field("District", "empty: the gazetteer has no second-level divisions"),
        Field("Province", "first-level division"),
        Field("Country", "ICEWS name of the place's state"),
        Field("Latitude", "degrees, only where the place is a point or a town"),
        Field("Longitude", "degrees, only where the place is a point or a town"),
    )
    unheld = unheld(
        "confidence",
        "contexts",
        "title",
        "url",
        sources="no column counts sources",
        reports="one report a row",
        reported="no column for the day of publication",
        score="Intensity is the CAMEO code's, not PLOVER's score",
        sentence="the published files hold no text",
    )

    def of(self, event: LedgerEvent, couples: list[Pair], day: dt.date) -> list[list[Value]]:
        n = len(couples)
        code = cameo_of(event.type, event.mode)
        if code in _ABOVE:
            self.losses.add("mode", "the CAMEO of ICEWS has no code for it: the code above it is written", n)
            code = _ABOVE[code]
        elif len(event.mode) > 1:
            self.losses.add("mode", "one code a row: modes after the first are left out", n)
        act = acts()[code]
        at = spot(event.place)
        report = event.tellings[0].report if event.tellings else None
        shared: list[Value] = [
            number(report.id) if report else None,
            None,
            report.outlet if report else None,
            at.city if at else None,
            None,
            at.admin1 if at else None,
            state(at.country).icews if at else None,
            at.lat if at else None,
            at.lon if at else None,
        ]
        if at and at.precision in ("region", "point"):
            self.losses.add("place", "no column for places that are no town, division or state", n)
        elif at and at.precision is None:
            self.losses.add("place", "the gazetteer does not settle it, and no column holds its words", n)
        return [
            [
                row_id(event, pair),
                day.isoformat(),
                *self._party(pair[0]),
                act.name,
                code,
                f"{act.score:g}" if act.score is not None else None,
                *self._party(pair[1]),
                *shared,
            ]
            for pair in couples
        ]

    def _party(self, party: Party | None) -> list[Value]:
        if party is None:
            return [None, None, None]
        names = [_BODIES.get(party.country or ""), None]
        if party.sector and not (names[0] and party.sector in ("GOV", "SOC")):
            names[1] = _SECTORS.get(party.sector)
            if names[1] is None:
                self.losses.add("sector", "ICEWS has no such sector that could be checked")
        if party.country and not names[0] and not state(party.country).icews:
            self.losses.add("country", "ICEWS has states as countries, and no sector for such bodies")
        return [party.text, ",".join(filter(None, names)) or None, state(party.country).icews]
