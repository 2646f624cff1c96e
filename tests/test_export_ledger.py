"""Ledger events in published layouts: columns as published, nothing invented, what is lost is told, texts come back."""

from __future__ import annotations

import csv
import io
import json
import re
import stat
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dragoman import codebook
from dragoman.export.ledger import FORMATS, LAYOUTS, Exported, export_events, read_plover
from dragoman.export.ledger.acled_types import inter, interaction, kind_of
from dragoman.export.ledger.codes import acts, states
from dragoman.export.ledger.events import COLUMNS
from dragoman.export.ledger.when import span
from dragoman.export.separated import split
from dragoman.ledger.model import STATES, LedgerEvent, Party, Report, Telling
from dragoman.record import FACTUALITIES, Entity, Event, EventPlace, Mention, Reason, Span

# The published column names, written out apart from the code that is tested.
POLECAT = (
    "Event ID,Event Date,Event Type,Event Mode,Intensity,Quad Code,Contexts,Actor Name,Actor Country,Actor COW,"
    "Primary Actor Sector,Actor Sectors,Actor Title,Actor Name Raw,Wikipedia Actor ID,Recipient Name,Recipient Country,"
    "Recipient COW,Primary Recipient Sector,Recipient Sectors,Recipient Title,Recipient Name Raw,"
    "Wikipedia Recipient ID,Placename,City,District,Province,Country,Latitude,Longitude,GeoNames ID,Raw Placename,"
    "Feature Type,Source,Publication Date,Story People,Story Organizations,Story Locations,Language,Version"
).split(",")
ICEWS = (
    "Event ID,Event Date,Source Name,Source Sectors,Source Country,Event Text,CAMEO Code,Intensity,Target Name,"
    "Target Sectors,Target Country,Story ID,Sentence Number,Publisher,City,District,Province,Country,Latitude,Longitude"
).split(",")
_ACTOR = "Code Name CountryCode KnownGroupCode EthnicCode Religion1Code Religion2Code Type1Code Type2Code Type3Code"
_GEO = "Type FullName CountryCode ADM1Code ADM2Code Lat Long FeatureID"
GDELT = [
    *"GlobalEventID Day MonthYear Year FractionDate".split(),
    *(f"Actor{n}{part}" for n in (1, 2) for part in _ACTOR.split()),
    *"IsRootEvent EventCode EventBaseCode EventRootCode QuadClass GoldsteinScale".split(),
    *"NumMentions NumSources NumArticles AvgTone".split(),
    *(f"{role}Geo_{part}" for role in ("Actor1", "Actor2", "Action") for part in _GEO.split()),
    *"DATEADDED SOURCEURL".split(),
]
ACLED = (
    "event_id_cnty,event_date,year,time_precision,disorder_type,event_type,sub_event_type,actor1,assoc_actor_1,inter1,"
    "actor2,assoc_actor_2,inter2,interaction,civilian_targeting,iso,region,country,admin1,admin2,admin3,location,"
    "latitude,longitude,geo_precision,source,source_scale,notes,fatalities,tags,timestamp"
).split(",")
PUBLISHED = {"polecat": POLECAT, "icews": ICEWS, "gdelt": GDELT, "acled": ACLED}
TABLES = tuple(PUBLISHED)

REBELS = Party("Northern Column", "MLI", "REB")
ARMY = Party("Malian army", "MLI", "MIL")
TRADERS = Party("traders", "MLI", "CVL")


def telling(
    outlet: str = "Sahel Wire", report: str = "r1", sentence: str = "Rebels shot at traders in Gao."
) -> Telling:
    record = Event(
        "ASSAULT",
        actor=(Entity("Rebels", 0, 6, "MLI", "REB"),),
        mentions=(Mention(0, len(sentence), Span(7, 11)),),
        reasons=(Reason("type", "verb shoot", Span(7, 11)),),
        id=f"record-{report}",
        confidence=0.8,
    )
    told = Report(
        report, "Traders shot", "2021-03-15T06:30:00+02:00", f"https://example.org/{report}", outlet, source="r1"
    )
    return Telling(told, record, (sentence,), ("shot",))


def attack(**changes: Any) -> LedgerEvent:
    event = LedgerEvent(
        id="e1",
        type="ASSAULT",
        mode=("firearms",),
        actor=(REBELS,),
        recipient=(TRADERS,),
        date="2021-03-14",
        dates=("2021-03-14",),
        place=EventPlace("Gao", "MLI"),
        reported="2021-03-15T06:30:00+02:00",
        state="corroborated",
        sources=2,
        reports=3,
        confidence=0.8,
        score=-9.3,
        contexts=("human_rights", "military"),
        title="Traders shot",
        url="https://example.org/r1",
        sentence="Rebels shot at traders in Gao.",
        tellings=(telling(), telling("Gao Daily", "r2", "Shots fell; traders fled.")),
    )
    return replace(event, **changes)


def run(tmp_path: Path, format: str, *events: LedgerEvent, **options: Any) -> Exported:
    return export_events(iter(events), format, tmp_path / "out", **options)


def table(done: Exported, format: str) -> list[dict[str, str]]:
    """The rows as Python's csv reads them, by the published names of the columns."""
    text = done.files[0].read_bytes().decode("utf-8")
    quoting: Literal[0, 3] = csv.QUOTE_NONE if format in ("icews", "gdelt") else csv.QUOTE_MINIMAL
    separator = "," if format == "acled" else "\t"
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, quoting=quoting, strict=True))
    if format != "gdelt":
        assert rows.pop(0) == PUBLISHED[format]
    return [dict(zip(PUBLISHED[format], row, strict=True)) for row in rows]


def one(tmp_path: Path, format: str, event: LedgerEvent, **options: Any) -> dict[str, str]:
    [row] = table(run(tmp_path, format, event, **options), format)
    return row


def filled(row: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in row.items() if value}


# The layouts


def test_columns_are_the_published_ones_in_their_order() -> None:
    assert FORMATS == ("polecat", "plover", "icews", "gdelt", "acled", "parquet", "csv")
    assert [len(columns) for columns in PUBLISHED.values()] == [40, 20, 61, 31]
    for format, columns in PUBLISHED.items():
        assert [field.name for field in LAYOUTS[format].fields] == columns
        assert all(field.holds for field in LAYOUTS[format].fields)


def test_polecat_row(tmp_path: Path) -> None:
    event = attack(mode=("firearms", "targeted"), recipient=(TRADERS, Party("the council; Gao", None, None)))
    row = one(tmp_path, "polecat", event)
    version = row.pop("Version")
    assert version.startswith("dragoman-")
    assert filled(row) == {
        "Event ID": "e1",
        "Event Date": "2021-03-14",
        "Event Type": "ASSAULT",
        "Event Mode": "firearms; targeted",
        "Intensity": "-9.3",
        "Quad Code": "MATERIAL CONFLICT",
        "Contexts": "human_rights; military",
        "Actor Name": "Northern Column",
        "Actor Country": "MLI",
        "Actor COW": "432",
        "Primary Actor Sector": "REB",
        "Actor Sectors": "REB",
        "Actor Title": "None",
        "Actor Name Raw": "Northern Column",
        "Wikipedia Actor ID": "None",
        "Recipient Name": "traders; the council, Gao",
        "Recipient Country": "MLI; None",
        "Recipient COW": "432; None",
        "Primary Recipient Sector": "CVL; None",
        "Recipient Sectors": "CVL; None",
        "Recipient Title": "None",
        "Recipient Name Raw": "traders; the council, Gao",
        "Wikipedia Recipient ID": "None",
        "Placename": "Gao",
        "City": "Gao",
        "Province": "Gao",
        "Country": "MLI",
        "Latitude": row["Latitude"],
        "Longitude": row["Longitude"],
        "Raw Placename": "Gao",
        "Source": "Sahel Wire",
        "Publication Date": "2021-03-15",
    }
    assert (round(float(row["Latitude"])), round(float(row["Longitude"]))) == (16, 0)


def test_polecat_says_none_for_nobody(tmp_path: Path) -> None:
    row = one(tmp_path, "polecat", attack(mode=(), actor=(), contexts=(), place=None, tellings=(), reported=None))
    assert {row[name] for name in ("Event Mode", "Contexts", "Actor Name", "Actor Country", "Actor COW")} == {"None"}
    assert {row[name] for name in POLECAT[23:-1]} == {""}


def test_icews_has_a_row_for_each_pair(tmp_path: Path) -> None:
    event = attack(recipient=(TRADERS, ARMY), actor=(REBELS, Party("United Nations peacekeepers", "UNO", "MIL")))
    rows = table(run(tmp_path, "icews", event), "icews")
    assert [(row["Source Name"], row["Target Name"]) for row in rows] == [
        ("Northern Column", "traders"),
        ("Northern Column", "Malian army"),
        ("United Nations peacekeepers", "traders"),
        ("United Nations peacekeepers", "Malian army"),
    ]
    assert len({row["Event ID"] for row in rows}) == 4
    first = rows[0]
    assert 0 < int(first["Event ID"]) < 2**53
    assert int(first["Story ID"]) > 0
    assert filled({n: v for n, v in first.items() if n not in ("Event ID", "Story ID", "Latitude", "Longitude")}) == {
        "Event Date": "2021-03-14",
        "Source Name": "Northern Column",
        "Source Sectors": "Rebel,Dissident",
        "Source Country": "Mali",
        "Event Text": "fight with small arms and light weapons",
        "CAMEO Code": "193",
        "Intensity": "-10",
        "Target Name": "traders",
        "Target Sectors": "General Population / Civilian / Social,Social",
        "Target Country": "Mali",
        "Publisher": "Sahel Wire",
        "City": "Gao",
        "Province": "Gao",
        "Country": "Mali",
    }
    assert rows[2]["Source Sectors"] == "International Government Organization,Military,Government"
    assert rows[2]["Source Country"] == ""


def test_icews_lacks_later_codes(tmp_path: Path) -> None:
    done = run(tmp_path, "icews", attack(mode=("drone",)))
    [row] = table(done, "icews")
    assert (row["CAMEO Code"], row["Event Text"], row["Intensity"]) == ("195", "Employ aerial weapons", "-10")
    assert done.lost["mode"][0] == 1


def test_a_mutual_act_goes_both_ways_and_nobody_meets_himself(tmp_path: Path) -> None:
    talks = attack(type="CONSULT", mode=(), actor=(REBELS, ARMY, REBELS), recipient=())
    for format, source, target in (("icews", "Source Name", "Target Name"), ("gdelt", "Actor1Name", "Actor2Name")):
        rows = table(run(tmp_path, format, talks), format)
        assert [(row[source], row[target]) for row in rows] == [
            ("Northern Column", "Malian army"),
            ("Malian army", "Northern Column"),
        ]


def test_gdelt_row(tmp_path: Path) -> None:
    row = one(tmp_path, "gdelt", attack(actor=(Party("European Union mission", "EUR", "COP"),)))
    assert 0 < int(row.pop("GlobalEventID")) < 2**53
    assert (round(float(row.pop("ActionGeo_Lat"))), round(float(row.pop("ActionGeo_Long")))) == (16, 0)
    assert filled(row) == {
        "Day": "20210314",
        "MonthYear": "202103",
        "Year": "2021",
        "FractionDate": "2021.2027",
        "Actor1Code": "EUREECIGOCOP",
        "Actor1Name": "European Union mission",
        "Actor1CountryCode": "EUR",
        "Actor1KnownGroupCode": "EEC",
        "Actor1Type1Code": "IGO",
        "Actor1Type2Code": "COP",
        "Actor2Code": "MLICVL",
        "Actor2Name": "traders",
        "Actor2CountryCode": "MLI",
        "Actor2Type1Code": "CVL",
        "EventCode": "193",
        "EventBaseCode": "193",
        "EventRootCode": "19",
        "QuadClass": "4",
        "GoldsteinScale": "-10",
        "NumMentions": "2",
        "NumSources": "2",
        "NumArticles": "3",
        "ActionGeo_Type": "4",
        "ActionGeo_FullName": "Gao, Mali",
        "ActionGeo_CountryCode": "ML",
        "DATEADDED": "20210315043000",
        "SOURCEURL": "https://example.org/r1",
    }


@pytest.mark.parametrize(
    ("party", "code", "country", "types"),
    [
        (Party("a", "ROU", "GOV"), "ROMGOV", "ROM", ("GOV", "")),
        (Party("a", "XKX", "JRN"), "KSVMED", "KSV", ("MED", "")),
        (Party("a", "USA", "MED"), "USAHLH", "USA", ("HLH", "")),
        (Party("a", "UNO", "GOV"), "UNOIGO", "", ("IGO", "")),
        (Party("a", "IMG", "REB"), "IMG", "", ("IMG", "")),
        (Party("a", "ISM", "CVL"), "CVL", "", ("CVL", "")),
        (Party("a", "FRA", "PTY"), "FRA", "FRA", ("", "")),
        (Party("a"), "", "", ("", "")),
    ],
)
def test_gdelt_actor_codes(tmp_path: Path, party: Party, code: str, country: str, types: tuple[str, str]) -> None:
    row = one(tmp_path, "gdelt", attack(actor=(party,)))
    assert (row["Actor1Code"], row["Actor1CountryCode"]) == (code, country)
    assert (row["Actor1Type1Code"], row["Actor1Type2Code"]) == types


@pytest.mark.parametrize(
    ("place", "kind", "name"),
    [
        (EventPlace("Mali", "MLI"), "1", "Mali"),
        (EventPlace("Texas", "USA"), "2", "Texas, United States"),
        (EventPlace("Houston", "USA"), "3", "Houston, Texas, United States"),
        (EventPlace("Nangarhar", "AFG"), "5", "Nangarhar, Afghanistan"),
        (EventPlace("Donbas", "UKR"), "", "Donbas, Ukraine"),
        (EventPlace("Xyzzyville", "UKR"), "", "Xyzzyville, Ukraine"),
        (EventPlace("Bakhmut", "FRA"), "", "Bakhmut, France"),
    ],
)
def test_gdelt_places_have_coordinates_only_where_they_are_points(
    tmp_path: Path, place: EventPlace, kind: str, name: str
) -> None:
    row = one(tmp_path, "gdelt", attack(place=place))
    assert (row["ActionGeo_Type"], row["ActionGeo_FullName"]) == (kind, name)
    assert bool(row["ActionGeo_Lat"]) is bool(row["ActionGeo_Long"]) is (kind in ("3", "4"))


@pytest.mark.parametrize(
    ("kind", "mode", "code", "quad"),
    [
        ("SUPPORT", (), "050", "1"),
        ("COOPERATE", (), "060", "2"),
        ("CONCEDE", (), "080", "2"),
        ("RETREAT", ("release",), "0841", "2"),
        ("ACCUSE", ("investigate",), "090", "3"),
        ("SANCTION", ("convict",), "116", "3"),
        ("PROTEST", ("riot",), "145", "4"),
        ("COERCE", ("cyber",), "176", "4"),
    ],
)
def test_gdelt_quad_classes_are_those_of_the_code(
    tmp_path: Path, kind: str, mode: tuple[str, ...], code: str, quad: str
) -> None:
    row = one(tmp_path, "gdelt", attack(type=kind, mode=mode))
    assert (row["EventCode"], row["EventBaseCode"], row["EventRootCode"]) == (code, code[:3], code[:2])
    assert row["QuadClass"] == quad
    assert bool(row["GoldsteinScale"]) is (code != "176")


def test_acled_row(tmp_path: Path) -> None:
    event = attack(actor=(REBELS, Party("Southern Column", "MLI", "REB")))
    row = one(tmp_path, "acled", event)
    assert re.fullmatch(r"MLI\d+", row.pop("event_id_cnty"))
    assert (round(float(row.pop("latitude"))), round(float(row.pop("longitude")))) == (16, 0)
    assert filled(row) == {
        "event_date": "2021-03-14",
        "year": "2021",
        "time_precision": "1",
        "disorder_type": "Political violence",
        "event_type": "Violence against civilians",
        "sub_event_type": "Attack",
        "actor1": "Northern Column",
        "assoc_actor_1": "Southern Column",
        "inter1": "Rebel group",
        "actor2": "Civilians (Mali)",
        "assoc_actor_2": "traders",
        "inter2": "Civilians",
        "interaction": "Rebel group-Civilians",
        "civilian_targeting": "Civilian targeting",
        "iso": "466",
        "region": "Western Africa",
        "country": "Mali",
        "admin1": "Gao",
        "location": "Gao",
        "geo_precision": "1",
        "source": "Sahel Wire; Gao Daily",
        "notes": "Rebels shot at traders in Gao.",
    }


CROWD = Party("market women", "KEN", "CVL")
POLICE = Party("riot police", "KEN", "COP")


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (attack(recipient=(ARMY,)), ("Battles", "Armed clash", "State forces-Rebel group", "")),
        (attack(actor=(ARMY, REBELS), recipient=()), ("Battles", "Armed clash", "State forces-Rebel group", "")),
        (
            attack(recipient=(), mode=("heavy-weapons", "firearms")),
            ("Explosions/Remote violence", "Shelling/artillery/missile attack", "Rebel group only", ""),
        ),
        (attack(mode=("abduct",)), ("Violence against civilians", "Abduction/forced disappearance", "Rebel", "Civ")),
        (attack(actor=(TRADERS,)), ("Riots", "Mob violence", "Rioters-Civilians", "Civ")),
        (
            attack(recipient=(), mode=("destroy",)),
            ("Strategic developments", "Looting/property destruction", "Reb", ""),
        ),
        (
            attack(actor=(POLICE,), recipient=(CROWD,), mode=("crowd-control",), place=EventPlace("Kenya", "KEN")),
            ("Protests", "Protest with intervention", "State forces-Protesters", ""),
        ),
        (
            attack(type="PROTEST", mode=("demo",), actor=(CROWD,)),
            ("Protests", "Peaceful protest", "Protesters only", ""),
        ),
        (
            attack(type="PROTEST", mode=("riot",), actor=(CROWD,)),
            ("Riots", "Violent demonstration", "Rioters only", ""),
        ),
        (attack(type="PROTEST", mode=(), actor=(CROWD,)), ("Protests", "", "Protesters only", "")),
        (attack(type="COERCE", mode=("arrest",), actor=(POLICE,)), ("Strategic developments", "Arrests", "", "")),
        (
            attack(type="AGREE", mode=(), actor=(ARMY, REBELS), recipient=()),
            ("Strategic developments", "Agreement", "State forces-Rebel group", ""),
        ),
    ],
)
def test_acled_types(tmp_path: Path, event: LedgerEvent, expected: tuple[str, str, str, str]) -> None:
    row = one(tmp_path, "acled", event)
    kind, sub, label, civilian = expected
    assert (row["event_type"], row["sub_event_type"]) == (kind, sub)
    assert label in row["interaction"]
    assert row["civilian_targeting"].startswith(civilian)
    assert bool(row["civilian_targeting"]) is bool(civilian)


@pytest.mark.parametrize(
    ("event", "what"),
    [
        (attack(recipient=()), "target"),
        (attack(recipient=(Party("Ukraine", "UKR", "GOV"),)), "target"),
        (attack(actor=(ARMY, TRADERS), recipient=()), "sides"),
        (attack(recipient=(ARMY,), mode=("abduct",)), "armed people held"),
        (attack(recipient=(ARMY,), mode=("crowd-control",)), "no crowd"),
        (attack(type="PROTEST", mode=("strike",)), "strike or blockade"),
        (attack(type="PROTEST", mode=("obstruct",)), "strike or blockade"),
        (attack(type="COERCE", mode=("curfew",)), "no arrest"),
        (attack(type="COERCE", mode=("arrest",), actor=(TRADERS,)), "captor"),
        (attack(type="COERCE", mode=("arrest",), recipient=(ARMY,)), "armed people held"),
        (attack(type="AGREE", mode=()), "one side"),
        (attack(type="CONSULT", mode=()), "type"),
        (attack(type="SANCTION", mode=("expel",)), "type"),
    ],
)
def test_what_is_none_of_acleds_is_left_out_and_counted(tmp_path: Path, event: LedgerEvent, what: str) -> None:
    done = run(tmp_path, "acled", event)
    assert done.rows == 0
    assert {key: count for key, (count, _) in done.lost.items()} == {f"event: {event.type}, {what}": 1}


def test_state_forces_abroad_are_external_and_unknown_places_settle_nothing() -> None:
    assert inter(ARMY, "MLI") == "State forces"
    assert inter(ARMY, "NER") == "External/Other forces"
    assert inter(ARMY, None) is None
    assert inter(Party("mission", "UNO", "MIL"), None) == "External/Other forces"
    assert inter(Party("somebody", "MLI", "UNK"), "MLI") is None
    assert interaction("Civilians", "External/Other forces", alone=False) == "External/Other forces-Civilians"
    assert interaction("Civilians", None, alone=False) is None
    assert interaction("Rebel group", None, alone=True) == "Rebel group only"


def test_a_protest_names_the_crowd_as_acled_does(tmp_path: Path) -> None:
    done = run(tmp_path, "acled", attack(type="PROTEST", mode=("demo",), actor=(CROWD,), recipient=(ARMY,)))
    [row] = table(done, "acled")
    assert (row["actor1"], row["assoc_actor_1"]) == ("Protesters (Kenya)", "market women")
    assert (row["actor2"], row["fatalities"]) == ("", "")
    assert done.lost["recipient"][0] == 1


# What did not happen, and when


@pytest.mark.parametrize("format", TABLES)
def test_what_did_not_happen_never_stands_as_if_it_had(tmp_path: Path, format: str) -> None:
    events = [attack(id=f, factuality=f) for f in FACTUALITIES] + [attack(id="gone", state="retracted")]
    done = run(tmp_path, format, *events)
    assert (done.events, done.rows) == (5, 1)
    left = {key: count for key, (count, _) in done.lost.items() if key.startswith("event: ")}
    assert left == {"event: future": 1, "event: hypothetical": 1, "event: negated": 1, "event: retracted": 1}


@pytest.mark.parametrize("format", ["plover", "csv", "parquet"])
def test_formats_that_can_say_so_hold_what_did_not_happen(tmp_path: Path, format: str) -> None:
    events = [attack(id=f, factuality=f) for f in FACTUALITIES] + [attack(id="gone", state="retracted", date=None)]
    done = run(tmp_path, format, *events)
    assert (done.events, done.rows) == (5, 5)
    assert not any(key.startswith("event: ") for key in done.lost)


@pytest.mark.parametrize("format", ["polecat", "icews", "gdelt"])
@pytest.mark.parametrize("date", ["2021-03", "2021", "2021-03-01/2021-03-14", "2021-02-30"])
def test_a_date_without_a_day_makes_no_day(tmp_path: Path, format: str, date: str) -> None:
    done = run(tmp_path, format, attack(date=date))
    assert done.rows == 0
    assert done.lost["event: date without a day"][0] == 1
    assert run(tmp_path, format, attack(date="2021-03-14/2021-03-14")).rows == 1


@pytest.mark.parametrize("format", TABLES)
def test_publication_stands_in_only_when_asked(tmp_path: Path, format: str) -> None:
    done = run(tmp_path, format, attack(date=None))
    assert done.rows == 0
    assert done.lost["event: no date"][0] == 1
    done = run(tmp_path, format, attack(date=None), undated="published")
    [row] = table(done, format)
    name = {"gdelt": "Day", "acled": "event_date"}.get(format, "Event Date")
    assert row[name].replace("-", "") == "20210315"
    assert done.lost["date"][0] == 1
    assert row.get("time_precision", "3") == "3"
    assert run(tmp_path, format, attack(date=None, reported=None), undated="published").rows == 0


@pytest.mark.parametrize(
    ("date", "day", "precision"),
    [
        ("2021-03-14", "2021-03-14", "1"),
        ("2021-03-08/2021-03-14", "2021-03-11", "2"),
        ("2021-03", "2021-03-16", "3"),
        ("2021-02", "2021-02-14", "3"),
        ("2021-03-10/2021-03-25", "2021-03-17", "3"),
    ],
)
def test_acled_dates_say_how_exact_they_are(tmp_path: Path, date: str, day: str, precision: str) -> None:
    row = one(tmp_path, "acled", attack(date=date))
    assert (row["event_date"], row["time_precision"], row["year"]) == (day, precision, "2021")


@pytest.mark.parametrize("date", ["2021", "2021-01/2021-03", "2021-14-01"])
def test_acled_has_no_date_wider_than_a_month(tmp_path: Path, date: str) -> None:
    done = run(tmp_path, "acled", attack(date=date))
    assert done.rows == 0
    assert done.lost["event: date wider than a month"][0] == 1


def test_span() -> None:
    assert [str(d) for d in span("2024-02") or ()] == ["2024-02-01", "2024-02-29"]
    assert [str(d) for d in span("2023/2024-02-03") or ()] == ["2023-01-01", "2024-02-03"]
    assert [span(d) for d in ("", "soon", "2021-13", "2021-02-30", "2022/2021", "0000")] == [None] * 6


# What is lost is told


def test_losses_are_counted_by_rows_that_say_something(tmp_path: Path) -> None:
    plain = attack(id="plain", state="reported", sources=1, reports=1, confidence=None, title="", contexts=())
    told = attack(claims=(ARMY,), denials=(REBELS,), contrary=("e9",), historical=True, dates=("2021", "2021-03-14"))
    done = run(tmp_path, "icews", plain, replace(told, recipient=(TRADERS, ARMY)))
    counts = {key: count for key, (count, _) in done.lost.items()}
    assert counts == {
        **dict.fromkeys(("claims", "denials", "contrary", "historical", "dates", "state", "sources", "reports"), 2),
        **dict.fromkeys(("confidence", "title", "contexts"), 2),
        **dict.fromkeys(("score", "url", "sentence", "reported", "tellings"), 3),
    }
    notes = done.files[1].read_text(encoding="utf-8")
    for key, (count, why) in done.lost.items():
        assert re.search(rf"^ +{count}  {key}: {re.escape(why.split()[0])}", notes, re.MULTILINE)


@pytest.mark.parametrize("format", FORMATS)
def test_notes_name_every_column_and_the_layout(tmp_path: Path, format: str) -> None:
    done = run(tmp_path, format, attack(), attack(id="e2", factuality="negated"))
    data, notes = done.files
    assert (data.name, notes.name) == (LAYOUTS[format].file, f"{format}-notes.txt")
    text = notes.read_text(encoding="utf-8")
    assert all(re.search(rf"^ +\d+  {re.escape(f.name)} ", text, re.MULTILINE) for f in LAYOUTS[format].fields)
    assert "from 2 ledger events" in text
    assert max(map(len, text.splitlines())) <= 110
    # Columns in front of what they hold, losses with their counts.
    assert "Events left out" in text
    assert ("negated" in text) or format in ("plover", "csv", "parquet")


def test_the_manual_names_every_format_and_its_file() -> None:
    manual = (Path(__file__).parents[1] / "docs" / "exports.md").read_text(encoding="utf-8")
    assert all(f"`{name}`" in manual and f"`{layout.file}`" in manual for name, layout in LAYOUTS.items())


def test_unknown_types_and_modes_are_counted(tmp_path: Path) -> None:
    done = run(tmp_path, "gdelt", attack(type="PICNIC"), attack(mode=("tickle", "aerial")))
    assert [row["EventCode"] for row in table(done, "gdelt")] == ["195"]
    assert done.lost["event: type"][0] == done.lost["mode: unknown"][0] == 1


def test_every_type_and_mode_has_a_named_code_with_a_score() -> None:
    codes = {codebook.to_cameo(kind, mode) for kind, modes in codebook.MODES.items() for mode in (None, *modes)}
    assert codes == set(acts())
    assert {code for code in codes if acts()[code].score is None} == {"176", "1952"}
    for code, act in acts().items():
        # Verbal and material cooperation, and only they, have positive scores.
        assert act.name
        assert act.score is None or (act.score > 0) == (int(code[:2]) <= 8)


def test_states_agree_with_the_standards() -> None:
    import pycountry

    assert set(states()) == {code for code, c in codebook.COUNTRIES.items() if c.kind == "state"}
    for code, known in states().items():
        found = pycountry.countries.get(alpha_3=code)
        assert known.iso == (found.numeric if found else "")
        assert re.fullmatch(r"[A-Z]{2}|", known.fips)
        assert re.fullmatch(r"\d{1,3}|", known.cow)
    for column in ("iso", "fips", "cow", "cameo"):
        values = [value for known in states().values() if (value := getattr(known, column))]
        assert len(values) == len(set(values))


# Round trips, whatever the text holds

# Of halves of characters only first ones: JSON makes a whole of a first and a second one.
NASTY = st.text(
    st.sampled_from("ab\t\n\r\x0b\x0c\x00\x1c\x85\u2028\"'`;,\\|= é\u202e\u05d0😀\ud800\ufeff#"), max_size=8
) | st.text(max_size=8)
COUNTRIES = st.sampled_from([None, *codebook.COUNTRIES])
SECTORS = st.sampled_from([None, *codebook.SECTORS])
PARTIES = st.lists(st.builds(Party, NASTY, COUNTRIES, SECTORS), max_size=3).map(tuple)
DAYS = st.dates(min_value=pd.Timestamp("1900-01-01").date()).map(str)
DATES = st.none() | DAYS | DAYS.map(lambda d: d[:7]) | DAYS.map(lambda d: d[:4]) | st.tuples(DAYS, DAYS).map("/".join)
PLACES = st.none() | st.builds(EventPlace, st.sampled_from(["Gao", "Mali", "Texas", "Donbas"]) | NASTY, COUNTRIES)
REPORTS = st.builds(Report, NASTY, NASTY, st.none() | DAYS, NASTY, NASTY, source=NASTY)
RECORDS = st.builds(
    Event,
    st.just("ASSAULT"),
    actor=st.lists(st.builds(Entity, NASTY, st.just(0), st.just(1), COUNTRIES, SECTORS), max_size=1).map(tuple),
    mentions=st.lists(st.just(Mention(0, 5, Span(1, 2))), max_size=2).map(tuple),
    id=NASTY,
    confidence=st.none() | st.floats(0, 1),
)
TELLINGS = st.lists(
    st.builds(
        Telling, REPORTS, RECORDS, st.lists(NASTY, max_size=2).map(tuple), st.lists(NASTY, max_size=2).map(tuple)
    ),
    max_size=2,
).map(tuple)
NAMES = st.lists(NASTY, max_size=2).map(tuple)


@st.composite
def ledger_events(draw: st.DrawFn) -> LedgerEvent:
    kind = draw(st.sampled_from(list(codebook.TYPES)))
    modes = list(codebook.MODES[kind])
    return LedgerEvent(
        id=draw(NASTY),
        type=kind,
        mode=tuple(draw(st.lists(st.sampled_from(modes), max_size=2, unique=True))) if modes else (),
        actor=draw(PARTIES),
        recipient=draw(PARTIES),
        factuality=draw(st.sampled_from([*FACTUALITIES, "actual", "actual", "actual"])),
        historical=draw(st.booleans()),
        date=draw(DATES),
        dates=draw(NAMES),
        place=draw(PLACES),
        reported=draw(st.none() | DAYS | NASTY),
        state=draw(st.sampled_from(STATES)),
        sources=draw(st.integers(0, 9)),
        reports=draw(st.integers(0, 9)),
        confidence=draw(st.none() | st.floats(0, 1)),
        score=draw(st.none() | st.floats(-10, 10)),
        contexts=tuple(draw(st.lists(st.sampled_from([*codebook.CONTEXTS, "historical", "negated"]), max_size=2))),
        claims=draw(PARTIES),
        denials=draw(PARTIES),
        contrary=draw(NAMES),
        title=draw(NASTY),
        url=draw(NASTY),
        sentence=draw(NASTY),
        tellings=draw(TELLINGS),
    )


EVENTS = st.lists(ledger_events(), max_size=3)
FEW = settings(max_examples=25, deadline=None)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("exports")


@FEW
@given(EVENTS)
def test_plover_gives_the_same_events_back(folder: Path, events: list[LedgerEvent]) -> None:
    done = run(folder, "plover", *events)
    assert list(read_plover(done.files[0])) == events
    assert len(done.files[0].read_bytes().split(b"\n")) == len(events) + 1
    assert not done.lost


def whole(text: str) -> str:
    """Text as UTF-8 holds it."""
    return re.sub("[\ud800-\udfff]", "�", text)


def bare(text: str) -> str:
    """Text as layouts without quoting hold it."""
    return whole(re.sub("[\x00-\x1f\x7f-\x9f\u2028\u2029]", " ", text).replace('"', "'"))


@FEW
@given(EVENTS)
@pytest.mark.parametrize("format", TABLES)
def test_tables_keep_their_shape_whatever_the_text_holds(folder: Path, format: str, events: list[LedgerEvent]) -> None:
    done = run(folder, format, *events, undated="published")
    rows = table(done, format)
    assert (done.events, len(rows)) == (len(events), done.rows)
    # Programs that read with quotes, and such as read without, see the same rows.
    for quoting in (csv.QUOTE_MINIMAL, csv.QUOTE_NONE) if format in ("icews", "gdelt") else (csv.QUOTE_MINIMAL,):
        read = pd.read_csv(
            done.files[0],
            sep="," if format == "acled" else "\t",
            header=None if format == "gdelt" else 0,
            names=GDELT if format == "gdelt" else None,
            dtype=str,
            keep_default_na=False,
            quoting=quoting,
            encoding="utf-8",
        ) if rows else pd.DataFrame()  # fmt: skip
        assert [list(row) for row in read.itertuples(index=False)] == [list(row.values()) for row in rows]


@FEW
@given(NASTY, NASTY)
def test_texts_come_back_from_tables(folder: Path, name: str, other: str) -> None:
    named = [Party(name, "MLI", "REB"), Party(other, "MLI", "CVL")]
    event = attack(actor=(named[0],), recipient=(named[1],), sentence=name, tellings=(telling(outlet=other),))
    icews, gdelt = (one(folder, format, event) for format in ("icews", "gdelt"))
    polecat, acled = (one(folder, format, event) for format in ("polecat", "acled"))
    assert (icews["Source Name"], icews["Target Name"], icews["Publisher"]) == (bare(name), bare(other), bare(other))
    assert (gdelt["Actor1Name"], gdelt["Actor2Name"]) == (bare(name), bare(other))
    assert (acled["actor1"], acled["notes"]) == (quoted(name), quoted(name))
    assert polecat["Actor Name"] == (quoted(name).replace(";", ",") if name.strip() else "None")
    assert polecat["Source"] == quoted(other)


def quoted(text: str) -> str:
    """Text as quoted layouts hold it."""
    return whole(text.replace("\x00", " "))


@FEW
@given(EVENTS)
def test_our_tables_hold_every_column(folder: Path, events: list[LedgerEvent]) -> None:
    as_csv, as_parquet = (run(folder, format, *events) for format in ("csv", "parquet"))
    read = list(csv.DictReader(io.StringIO(as_csv.files[0].read_bytes().decode(), newline=""), strict=True))
    typed = pq.read_table(as_parquet.files[0])
    assert typed.column_names == [c.name for c in COLUMNS]
    assert len(read) == typed.num_rows == len(events)
    for event, cells, row in zip(events, read, typed.to_pylist(), strict=True):
        assert (row["event_id"], cells["event_id"]) == (whole(event.id), whole(event.id))
        for role, parties in (("actor", event.actor), ("recipient", event.recipient), ("claim", event.claims)):
            assert row[f"{role}_text"] == [whole(p.text) for p in parties]
            assert row[f"{role}_country"] == [p.country for p in parties]
            assert row[f"{role}_sector"] == [p.sector for p in parties]
            if len(parties) > 1:
                assert split(cells[f"{role}_text"]) == row[f"{role}_text"]
        assert row["dates"] == list(map(whole, event.dates))
        for name in ("factuality", "historical", "date", "state", "sources", "reports", "confidence", "score"):
            assert row[name] == getattr(event, name)
        assert row["sentence"] == (whole(event.sentence) or None)
        assert cells["sentence"] == whole(event.sentence)
        assert (row["latitude"] is None) == (row["place_precision"] not in ("point", "city"))
        ids = list(dict.fromkeys(t.report.id for t in event.tellings))
        assert row["report_id"] == list(map(whole, ids))


def test_our_row(tmp_path: Path) -> None:
    event = attack(claims=(ARMY,), denials=(REBELS,), contrary=("e9",))
    [row] = pq.read_table(run(tmp_path, "parquet", event).files[0]).to_pylist()
    lat, lon = row.pop("latitude"), row.pop("longitude")
    assert (round(lat), round(lon)) == (16, 0)
    assert row == {
        "event_id": "e1",
        "type": "ASSAULT",
        "mode": ["firearms"],
        "quad": 4,
        "score": -9.3,
        "actor_text": ["Northern Column"],
        "actor_country": ["MLI"],
        "actor_sector": ["REB"],
        "recipient_text": ["traders"],
        "recipient_country": ["MLI"],
        "recipient_sector": ["CVL"],
        "factuality": "actual",
        "historical": False,
        "date": "2021-03-14",
        "dates": ["2021-03-14"],
        "reported": "2021-03-15T06:30:00+02:00",
        "place_text": "Gao",
        "place_country": "MLI",
        "place_name": "Gao",
        "place_admin1": "Gao",
        "place_precision": "city",
        "state": "corroborated",
        "sources": 2,
        "reports": 3,
        "confidence": 0.8,
        "contexts": ["human_rights", "military"],
        "claim_text": ["Malian army"],
        "claim_country": ["MLI"],
        "claim_sector": ["MIL"],
        "denial_text": ["Northern Column"],
        "denial_country": ["MLI"],
        "denial_sector": ["REB"],
        "contrary": ["e9"],
        "title": "Traders shot",
        "url": "https://example.org/r1",
        "sentence": "Rebels shot at traders in Gao.",
        "report_id": ["r1", "r2"],
        "report_published": ["2021-03-15T06:30:00+02:00"] * 2,
        "report_outlet": ["Sahel Wire", "Gao Daily"],
        "report_url": ["https://example.org/r1", "https://example.org/r2"],
        "report_source": ["r1", "r1"],
    }


def test_parquet_columns_are_typed(tmp_path: Path) -> None:
    schema = pq.read_schema(run(tmp_path, "parquet", attack()).files[0])
    types = {name: str(schema.field(name).type) for name in ("historical", "sources", "score", "date", "mode")}
    assert types == {
        "historical": "bool",
        "sources": "int32",
        "score": "double",
        "date": "string",
        "mode": "list<item: string>",
    }


# PLOVER JSON


def test_plover_fields(tmp_path: Path) -> None:
    row = json.loads(run(tmp_path, "plover", attack()).files[0].read_text(encoding="utf-8"))
    assert list(row) == [f.name for f in LAYOUTS["plover"].fields if f.name != "enddate"]
    assert row["id"] == "e1"
    assert (row["date"], row["event"], row["mode"], row["quad_code"]) == ("2021-03-14", ["ASSAULT"], ["firearms"], 4)
    assert row["source"] == [{"code": "MLI", "sector": "REB", "actor_text": "Northern Column"}]
    assert row["event_loc"].items() >= {"name": "Gao", "cc3": "MLI"}.items()
    assert row["event_text"] == ["Rebels shot at traders in Gao.", "Shots fell; traders fled."]
    assert row["cite_info"]["publication"] == "Sahel Wire"


@pytest.mark.parametrize(
    ("date", "first", "last"),
    [("2021-03", None, None), (None, None, None), ("2021-03-01/2021-03-09", "2021-03-01", "2021-03-09")],
)
def test_plover_dates(tmp_path: Path, date: str | None, first: str | None, last: str | None) -> None:
    row = json.loads(run(tmp_path, "plover", attack(date=date)).files[0].read_text(encoding="utf-8"))
    assert (row["date"], row.get("enddate")) == (first, last)


def test_plover_says_among_the_contexts_what_did_not_happen(tmp_path: Path) -> None:
    event = attack(factuality="negated", historical=True)
    row = json.loads(run(tmp_path, "plover", event).files[0].read_text(encoding="utf-8"))
    assert row["context"] == ["human_rights", "military", "negated", "historical"]


def test_reading_another_make_names_the_line(tmp_path: Path) -> None:
    path = run(tmp_path, "plover", attack()).files[0]
    with path.open("a") as file:
        file.write('{"id": "x", "event": ["AID"]}\n')
    with pytest.raises(ValueError, match=r"plover\.jsonl, line 2"):
        list(read_plover(path))


# Files


@pytest.mark.parametrize("format", FORMATS)
def test_the_same_events_give_the_same_bytes(tmp_path: Path, format: str) -> None:
    one, two = (export_events([attack(), attack(id="e2")], format, tmp_path / name) for name in ("a", "b"))
    assert [p.read_bytes() for p in one.files] == [p.read_bytes() for p in two.files]


@pytest.mark.parametrize("format", FORMATS)
def test_no_events_make_a_readable_file(tmp_path: Path, format: str) -> None:
    done = run(tmp_path, format)
    assert (done.events, done.rows, dict(done.lost)) == (0, 0, {})
    assert all(path.exists() for path in done.files)
    if format in PUBLISHED:
        assert table(done, format) == []


@pytest.mark.parametrize("format", FORMATS)
def test_a_broken_export_leaves_the_old_one(tmp_path: Path, format: str) -> None:
    old = run(tmp_path, format, attack())
    before = [path.read_bytes() for path in old.files]

    def broken() -> Iterator[LedgerEvent]:
        yield attack(id="new")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export_events(broken(), format, tmp_path / "out")
    assert [path.read_bytes() for path in old.files] == before
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(path.name for path in old.files)


def test_files_have_the_rights_of_other_files(tmp_path: Path) -> None:
    done = run(tmp_path, "gdelt", attack())
    other = tmp_path / "other"
    other.touch()
    assert {stat.S_IMODE(path.stat().st_mode) for path in (*done.files, other)} == {stat.S_IMODE(other.stat().st_mode)}


def test_wrong_formats_and_folders_are_errors(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="is no format"):
        export_events([], "xml", tmp_path)
    (tmp_path / "file").touch()
    with pytest.raises(FileExistsError):
        export_events([], "csv", tmp_path / "file")


def test_progress_is_told(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    events = (attack(id=str(n), recipient=(TRADERS, ARMY)) for n in range(1500))
    export_events(events, "icews", tmp_path, tell=lambda events, rows: told.append((events, rows)))
    assert told == [(1000, 2000), (1500, 3000)]


@pytest.mark.parametrize("format", ["gdelt", "plover", "parquet"])
def test_memory_does_not_grow_with_the_events(tmp_path: Path, format: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dragoman.export.spool._BATCH_ROWS", 100)

    def peak(events: int) -> int:
        tracemalloc.reset_peak()
        begin = tracemalloc.get_traced_memory()[0]
        export_events((attack(id=str(n)) for n in range(events)), format, tmp_path)
        return tracemalloc.get_traced_memory()[1] - begin

    export_events([attack()], format, tmp_path)
    tracemalloc.start()
    try:
        few, many = peak(300), peak(1200)
    finally:
        tracemalloc.stop()
    assert many < few + 400_000


def test_ids_hang_on_the_event_and_the_pair_alone(tmp_path: Path) -> None:
    alone = one(tmp_path, "icews", attack())
    more = table(run(tmp_path, "icews", attack(actor=(ARMY, REBELS), date="2021-03-15")), "icews")
    assert alone["Event ID"] in {row["Event ID"] for row in more if row["Source Name"] == "Northern Column"}
    assert alone["Event ID"] != one(tmp_path, "icews", attack(id="e2"))["Event ID"]
    assert kind_of(attack()) == kind_of(attack(id="e2"))
