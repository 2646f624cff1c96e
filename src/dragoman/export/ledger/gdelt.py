"""GDELT 2.0 events: CAMEO-coded, one row for each actor and recipient, 61 columns without header."""

from __future__ import annotations

import datetime as dt

from dragoman.export.ledger.codes import acts, cameo_of, state
from dragoman.export.ledger.couples import Couples
from dragoman.export.ledger.layout import Field
from dragoman.export.ledger.losses import unheld
from dragoman.export.ledger.where import Spot, spot
from dragoman.export.ledger.who import Pair, row_id
from dragoman.export.rows import Value
from dragoman.ledger.model import LedgerEvent, Party

# Sectors with a code in GDELT's list of actor types (CAMEO.type.txt); PTY, PRM, SOC, REL, PRE and UNK have none there.
_TYPES = {
    **{code: code for code in "GOV MIL COP SPY JUD LEG OPP REB UAF ELI CVL BUS LAB AGR EDU REF CRM".split()},
    "JRN": "MED",
    "MED": "HLH",
}
# What our international codes are there: country, known group, type.
_BODIES = {
    "UNO": ("", "UNO", "IGO"),
    "EUR": ("EUR", "EEC", "IGO"),
    "IGO": ("", "", "IGO"),
    "NGO": ("", "", "NGO"),
    "MNC": ("", "", "MNC"),
    "IMG": ("", "", "IMG"),
}
_GOES_WITHOUT_SAYING = {"IGO": "GOV", "NGO": "SOC", "MNC": "BUS", "IMG": "REB"}


def _actor(n: int, who: str) -> tuple[Field, ...]:
    return (
        Field(f"Actor{n}Code", "country, known group and types in a row"),
        Field(f"Actor{n}Name", f"{who}, in the fullest words of any report"),
        Field(f"Actor{n}CountryCode", "CAMEO code of the state"),
        Field(f"Actor{n}KnownGroupCode", "UNO and EEC for the United Nations and the European Union, else empty"),
        Field(f"Actor{n}EthnicCode", "empty: not known"),
        Field(f"Actor{n}Religion1Code", "empty: not known"),
        Field(f"Actor{n}Religion2Code", "empty: not known"),
        Field(f"Actor{n}Type1Code", "CAMEO type of the body, else of the sector"),
        Field(f"Actor{n}Type2Code", "CAMEO type of the sector, where the body has taken the first place"),
        Field(f"Actor{n}Type3Code", "empty: not known"),
    )


def _geo(role: str, *holds: str) -> tuple[Field, ...]:
    parts = ("Type", "FullName", "CountryCode", "ADM1Code", "ADM2Code", "Lat", "Long", "FeatureID")
    told = holds or ("empty: where a party is, is not told",) * len(parts)
    return tuple(Field(f"{role}Geo_{part}", hold) for part, hold in zip(parts, told, strict=True))


class Gdelt(Couples):
    """The event table of "The GDELT Event Database, Data Format Codebook V2.0" (19 February 2015)."""

    name = "gdelt"
    file = "gdelt.export.CSV"
    header = False
    follows = (
        "The GDELT Event Database, Data Format Codebook V2.0, 19 February 2015: event table, 61 columns between tabs, "
        "without header; CAMEO 1.1b3"
    )
    fields = (
        Field("GlobalEventID", "number made of the ids of event and parties, up to 53 bits"),
        Field("Day", "YYYYMMDD; only events with a day are here"),
        Field("MonthYear", "YYYYMM"),
        Field("Year", "YYYY"),
        Field("FractionDate", "year + ((month - 1) * 30 + day) / 365, as in GDELT's files"),
        *_actor(1, "who acts"),
        *_actor(2, "who is acted upon; in a mutual act each of the others in turn"),
        Field("IsRootEvent", "empty: where in the report an event stands is not kept"),
        Field("EventCode", "CAMEO code nearest to the PLOVER type and its first mode"),
        Field("EventBaseCode", "its first three digits"),
        Field("EventRootCode", "its first two digits"),
        Field("QuadClass", "1 to 4, of the CAMEO code: 01-05, 06-08, 09-13, 14-20; not PLOVER's"),
        Field("GoldsteinScale", "Goldstein score of the code; empty for 176 and 1952, which have none"),
        Field("NumMentions", "sentences in all reports that tell it"),
        Field("NumSources", "independent sources: reprints and reports of one outlet count once"),
        Field("NumArticles", "reports"),
        Field("AvgTone", "empty: no tone is measured"),
        *_geo("Actor1"),
        *_geo("Actor2"),
        *_geo(
            "Action",
            "1 state, 2 US state, 3 US town or point, 4 town or point elsewhere, 5 division elsewhere, else empty",
            "the place's usual name, division and state; the words of the reports where the gazetteer settles none",
            "FIPS 10-4",
            "empty: the gazetteer keeps no codes of divisions",
            "empty",
            "degrees, only where the place is a point or a town",
            "degrees, only where the place is a point or a town",
            "empty: the gazetteer keeps no ids",
        ),
        Field("DATEADDED", "YYYYMMDDHHMMSS, UTC, of the first report's publication"),
        Field("SOURCEURL", "address of the first report"),
    )
    unheld = unheld(
        "confidence",
        "contexts",
        "title",
        "sentence",
        score="GoldsteinScale is the CAMEO code's, not PLOVER's score",
    )

    def of(self, event: LedgerEvent, couples: list[Pair], day: dt.date) -> list[list[Value]]:
        n = len(couples)
        if len(event.mode) > 1:
            self.losses.add("mode", "one code a row: modes after the first are left out", n)
        code = cameo_of(event.type, event.mode)
        score = acts()[code].score
        iso = day.isoformat().replace("-", "")
        mentions = sum(len(t.record.mentions) for t in event.tellings)
        told: list[Value] = [
            None,
            code,
            code[:3],
            code[:2],
            _quad(code),
            f"{score:g}" if score is not None else None,
            mentions or None,
            event.sources or None,
            event.reports or None,
            None,
        ]
        nowhere: list[Value] = [None] * 8
        where = _place(spot(event.place))
        added: list[Value] = [_added(event.reported), event.url or None]
        fraction = f"{day.year + ((day.month - 1) * 30 + day.day) / 365:.4f}"
        rest = [*told, *nowhere, *nowhere, *where, *added]
        dates: list[Value] = [iso, iso[:6], iso[:4], fraction]
        return [[row_id(event, pair), *dates, *self._party(pair[0]), *self._party(pair[1]), *rest] for pair in couples]

    def _party(self, party: Party | None) -> list[Value]:
        if party is None:
            return [None] * 10
        country, group, body = _BODIES.get(party.country or "", (state(party.country).cameo, "", ""))
        if party.country and not (country or body):
            self.losses.add("country", "GDELT has no code for such a movement")
        kind = ""
        if party.sector and _GOES_WITHOUT_SAYING.get(body) != party.sector:
            kind = _TYPES.get(party.sector, "")
            if not kind:
                self.losses.add("sector", "GDELT's list of actor types has none for it")
        types = [t for t in (body, kind) if t]
        code = country + group + "".join(types)
        return [code or None, party.text, country or None, group or None, None, None, None, *(types + [None] * 3)[:3]]


def _quad(code: str) -> int:
    """The quad class of a CAMEO code: of its root, as in the CAMEO manual."""
    root = int(code[:2])
    return 1 if root <= 5 else 2 if root <= 8 else 3 if root <= 13 else 4


def _place(at: Spot | None) -> list[Value]:
    if at is None:
        return [None] * 8
    home = at.country == "USA"
    kinds = {"country": 1, "admin1": 2 if home else 5, "city": 3 if home else 4, "point": 3 if home else 4}
    kind = kinds.get(at.precision or "")
    country = state(at.country).icews
    division = at.admin1 if at.admin1 != at.name else None
    parts = [at.name or at.text, division, country if at.precision != "country" else None]
    name = ", ".join(part for part in parts if part)
    return [kind, name, state(at.country).fips or None, None, None, at.lat, at.lon, None]


def _added(reported: str | None) -> str | None:
    try:
        time = dt.datetime.fromisoformat(reported or "")
    except ValueError:
        return None
    if time.tzinfo is not None:
        try:
            time = time.astimezone(dt.UTC)
        except OverflowError:
            return None
    return time.replace(tzinfo=None, microsecond=0).isoformat().translate({ord(c): None for c in "-T:"})
