"""Rows of ledger events in published layouts, and what is left out of them."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from tests.export_samples import (
    ARMY,
    POLECAT,
    PUBLISHED,
    REBELS,
    TABLES,
    TRADERS,
    attack,
    filled,
    one,
    run,
    table,
)

from dragoman import codebook
from dragoman.export.ledger import FORMATS, LAYOUTS
from dragoman.export.ledger.acled_types import inter, interaction
from dragoman.export.ledger.codes import acts, states
from dragoman.export.ledger.when import span
from dragoman.ledger.model import LedgerEvent, Party
from dragoman.record import FACTUALITIES, EventPlace

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
