"""Lists of others made into rows: what is taken, what is left out and why, and that what is written reads back."""

from __future__ import annotations

import csv
import io
import json
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from dragoman.actors import load, resolve
from dragoman.actors.check import check_own, faults
from dragoman.actors.source import Row, own_rows
from dragoman.actors.text import key
from dragoman.codebook import COUNTRIES, SECTORS
from dragoman.gathering import lists, petrarch, tables, wikidata
from dragoman.gathering.claims import Tally, dated, gather
from dragoman.gathering.petrarch import coded, spelled
from dragoman.gathering.writing import dump, plain, write

SHIPPED = load()


def taken(reader: Any, path: Path) -> tuple[list[Row], Tally]:
    tally = Tally()
    return gather(reader.read(path, SHIPPED), SHIPPED, tally), tally


def roles(row: Row) -> list[tuple[str | None, str | None, str | None]]:
    return [(r.sector, r.start, r.end) for r in row.roles]


# Tables


def table(path: Path, *rows: str, encoding: str = "utf-8") -> Path:
    path.write_text("\n".join(rows) + "\n", encoding)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_a_table_in_any_dress(tmp_path: Path, encoding: str, mark: str) -> None:
    rows = [
        "NAME,Country,ALIASES,Title,From,to,kind",
        "Tavi Örsanne,kenya,,Foreign Minister,2024,2025-03-01T00:00:00Z,",
    ]
    path = table(tmp_path / "t.csv", *(r.replace(",", mark) for r in rows), encoding=encoding)
    [row], tally = taken(tables, path)
    assert (row.kind, row.names, row.country) == ("person", ("Tavi Örsanne",), "KEN")
    assert roles(row) == [("GOV", "2024", "2025-03-01")]
    assert str(tally) == "1 rows: 1 taken, 0 already in the register, 0 skipped"


def test_roles_of_one_name_become_one_row_and_namesakes_stay_apart(tmp_path: Path) -> None:
    path = table(
        tmp_path / "t.csv",
        "name,country,sector,from,to,aliases",
        "Tavi Orsanne,KEN,LEG,2020,2022,Old Tavi;NO",
        "Tavi Orsanne,KEN,GOV,2022,,",
        "Tavi Orsanne,UGA,JUD,2001,2002,",
        "Tavi Orsanne,UGA,JUD,2001,2002,",
    )
    rows, tally = taken(tables, path)
    assert [(r.country, r.names, roles(r)) for r in rows] == [
        ("KEN", ("Tavi Orsanne", "NO", "Old Tavi"), [("LEG", "2020", "2022"), ("GOV", "2022", None)]),
        ("UGA", ("Tavi Orsanne",), [("JUD", "2001", "2002")]),
    ]
    assert tally.skipped == {"said twice": 1}


def test_what_cannot_be_coded_is_counted_with_an_example(tmp_path: Path) -> None:
    path = table(
        tmp_path / "t.csv",
        "name,country,sector,title,from,to,kind",
        "...,KEN,GOV,,,,",
        "A Bc,Atlantis,GOV,,,,",
        "A Bd,KEN,POL,,,,",
        "A Be,KEN,,zither zzyx,,,",
        "A Bf,KEN,GOV,,2022,2021,",
        "A Bg,KEN,GOV,,2022-02-30,,",
        "A Bh,KEN,GOV,,,,gang",
        "A Bi,KEN,GOV,,,,,,,",
        "A Bj,KEN,,,,,",
        "A Bk,KEN,,zither zzyx,,,",
    )
    rows, tally = taken(tables, path)
    assert rows == []
    assert sum(tally.skipped.values()) == 10
    assert "10 rows: 0 taken" in str(tally)
    assert "2 whose title tells no sector (first: A Be, zither zzyx)" in str(tally)
    assert "country that is known (first: A Bc, Atlantis)" in str(tally)


def test_what_the_register_knows_is_left_out_or_kept_beside_what_is_new(tmp_path: Path) -> None:
    head = "name,country,title,from,to"
    known = "Angela Merkel,DEU,Chancellor,2005-11-22,2021-12-08"
    rows, tally = taken(tables, table(tmp_path / "t.csv", head, known))
    assert (rows, tally.known) == ([], 1)
    rows, tally = taken(tables, table(tmp_path / "t.csv", head, known, "Angela Merkel,DEU,judge,2030,"))
    assert (tally.known, tally.taken) == (1, 1)
    [row] = rows
    assert {("JUD", "2030", None), ("GOV", "2005-11-22", "2021-12-08")} <= set(roles(row))


_NAME = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=12)
_DATE = st.one_of(
    st.just(""),
    st.dates().map(lambda d: f"{d.year:04}"),
    st.dates().map(lambda d: d.isoformat()[:7]),
    st.dates().map(lambda d: d.isoformat()),
)
_ROW = st.fixed_dictionaries(
    {
        "name": st.one_of(
            _NAME, st.sampled_from(["NO", "Null Yes", "- a: b", "Angela Merkel", "'x' \"y\"", "2020-01-01"])
        ),
        "aliases": st.one_of(_NAME, st.just("No;~;on")),
        "country": st.sampled_from(["KEN", "Uganda", "UNO", "guam"]),
        "sector": st.sampled_from(sorted(SECTORS)),
        "title": st.one_of(st.just(""), _NAME),
        "from": _DATE,
        "to": _DATE,
        "kind": st.sampled_from(["", "person", "body", "party", "group", "seat"]),
    }
)


@given(st.lists(_ROW, max_size=6))
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example([])
def test_what_is_imported_reads_back_sound_and_is_found(tmp_path: Path, rows: list[dict[str, str]]) -> None:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, tables.COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    source, target = tmp_path / "t.csv", tmp_path / "own.yaml"
    source.write_bytes(out.getvalue().encode("utf-8"))
    made, tally = taken(tables, source)
    assert tally.taken + tally.known + sum(tally.skipped.values()) == len(
        [r for r in rows if any(v.strip() for v in r.values())]
    )
    write(target, dump(map(plain, made)))
    again = own_rows(target)
    assert [replace(r, file="") for r in again] == [replace(r, file="") for r in made]
    assert list(faults(again)) == []
    assert dump(map(plain, again)) == target.read_text("utf-8")
    register = load(target)
    for row in made:
        owners = register.find(key(row.names[0]))
        assert any(e.layer and (e.kind, e.country) == (row.kind, row.country) for e in owners)
    # Faults that are left are of two rows together, which a person has to settle.
    assert all(" and " in fault for fault in check_own(target).faults)


# Wikidata


def results(path: Path, *rows: dict[str, str], verbose: bool = True) -> Path:
    cells = [{k: {"type": "literal", "value": v} for k, v in r.items()} for r in rows]
    path.write_text(json.dumps({"head": {}, "results": {"bindings": cells}} if verbose else list(rows)))
    return path


OFFICE = {
    "person": "https://example.org/P1",
    "personLabel": "Tavi Orsanne",
    "positionLabel": "Minister of Rivers",
    "iso3": "KEN",
    "start": "2024-03-01T00:00:00Z",
    "startPrecision": "10",
    "end": "2025-01-01T00:00:00Z",
    "endPrecision": "9",
    "aliases": "Tavi;Old Tavi|Tavi B. Orsanne",
}


@pytest.mark.parametrize("verbose", [True, False])
def test_both_forms_of_results_are_read(tmp_path: Path, verbose: bool) -> None:
    [row], _ = taken(wikidata, results(tmp_path / "q.json", OFFICE, verbose=verbose))
    assert row.names == ("Tavi Orsanne", "Old Tavi", "Tavi B. Orsanne")
    assert roles(row) == [("GOV", "2024-03", "2025")]
    assert row.roles[0].title == "Minister of Rivers"


def test_countries_are_given_by_code_or_by_label(tmp_path: Path) -> None:
    bare = {k: v for k, v in OFFICE.items() if k != "iso3"}
    for cells in ({"countryLabel": "Kenya"}, {"country": "KEN"}, {"country": "http://x/Q114", "countryLabel": "Kenya"}):
        [row], _ = taken(wikidata, results(tmp_path / "q.json", bare | cells))
        assert row.country == "KEN"


def test_who_served_two_states_is_one_row(tmp_path: Path) -> None:
    other = OFFICE | {"iso3": "UGA", "start": "2030-01-02T00:00:00Z", "startPrecision": "11", "end": ""}
    [row], _ = taken(wikidata, results(tmp_path / "q.json", OFFICE, other))
    assert row.country == "UGA"
    assert [(r.start, r.country) for r in row.roles] == [("2024-03", "KEN"), ("2030-01-02", None)]


def test_results_that_say_too_little_are_skipped(tmp_path: Path) -> None:
    path = results(
        tmp_path / "q.json",
        OFFICE | {"personLabel": "Q77"},
        OFFICE | {"positionLabel": "Q78"},
        OFFICE | {"positionLabel": "zither zzyx"},
        OFFICE | {"start": "", "end": ""},
        OFFICE | {"start": "t12345", "end": "http://www.wikidata.org/.well-known/genid/a"},
        OFFICE | {"start": "-0044-03-15T00:00:00Z"},
        {k: v for k, v in OFFICE.items() if k != "iso3"},
    )
    rows, tally = taken(wikidata, path)
    assert rows == []
    assert set(tally.skipped.values()) == {1, 2}
    assert tally.skipped["without dates, which would hold for ever"] == 2


_KEYS = st.sampled_from([*OFFICE, "results", "bindings", "value", "x"])
_JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(_KEYS, inner),
    max_leaves=12,
)


@given(_JSON)
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_json_makes_it_raise_anything_else(tmp_path: Path, data: Any) -> None:
    path = tmp_path / "q.json"
    path.write_text(json.dumps(data))
    with suppress(lists.BadList):
        taken(wikidata, path)


# PETRARCH

DICTIONARY = """\
<!-- an invented
dictionary -->
# of our own
ARN_TELVO_  ; a minister once
+TELVO_ARN_
\t[KENELI <070301]
\t[KENGOV 20070301-20110530] # then
\t[KENOPP]
SELA_MORROW [UGALEG 310101-991231] [UGAGOV > 300115]
KARSAN_RIVER_ARMY [MLIREBKRA]
ORVEN_EVENING_POST [KENMED]
ORVEN_CLINIC [KENHLH]
ORVEN_UNION [KENPTY]
KRX [SYRREBISI]
TERN_WATCH [NGOHRI]
HALE_COMMISSION [IGOEEC]
WEST_GUNS [IMGMOSALQ]
ISLE_GUARD [GUMMIL]
OLD_DELTA [ROMGOV]
ORVEN [KEN]
FAR_SIDE [XXXGOV]
MOD_SIDE [KENMOD]
BAD_DAY [KENGOV >991399]
NO_CODE
&SYNSET [KENGOV]
"""


def test_a_dictionary_is_read_by_its_codes_and_dates(tmp_path: Path) -> None:
    path = tmp_path / "d.actors"
    path.write_text(DICTIONARY)
    rows, tally = taken(petrarch, path)
    found = {r.names[0]: r for r in rows}
    telvo = found["Arn Telvo"]
    assert (telvo.kind, telvo.names, telvo.after) == ("person", ("Arn Telvo", "Telvo Arn"), "OPP")
    assert roles(telvo) == [("ELI", None, "2007-03-01"), ("GOV", "2007-03-01", "2011-05-30")]
    assert roles(found["Sela Morrow"]) == [("LEG", "1931-01-01", "1999-12-31"), ("GOV", "2030-01-15", None)]
    codes = {n: (r.country, r.roles[0].sector) for n, r in found.items()}
    assert codes["Karsan River Army"] == ("MLI", "REB")
    assert codes["Orven Evening Post"] == ("KEN", "JRN")
    assert codes["Orven Clinic"] == ("KEN", "MED")
    assert codes["KRX"] == ("SYR", "REB")
    assert codes["Tern Watch"] == ("NGO", "SOC")
    assert codes["Hale Commission"] == ("EUR", "GOV")
    assert codes["West Guns"] == ("IMG", "REB")
    assert codes["Isle Guard"] == ("USA", "MIL")
    assert codes["Old Delta"] == ("ROU", "GOV")
    assert found["Orven Union"].kind == "party"
    assert sum(tally.skipped.values()) == 6
    assert "line 20: ORVEN [KEN]" in str(tally)
    assert list(faults(rows)) == []


def test_every_piece_of_a_code_leads_into_the_codebook() -> None:
    pieces = petrarch._pieces()
    assert set(pieces["roles"].values()) <= set(SECTORS)
    assert {c for c, _ in pieces["international"].values()} <= set(COUNTRIES)
    assert {s for _, s in pieces["international"].values()} <= set(SECTORS)
    assert {*pieces["bodies"].values(), *pieces["withdrawn"].values()} <= set(COUNTRIES)
    assert coded("")[0] is None
    assert coded("---")[0] is None
    assert coded("KENMODGOV")[:2] == ("KEN", "GOV")


def test_names_are_spelt_as_news_does() -> None:
    assert spelled("BANK_OF_ORVEN_") == "Bank of Orven"
    assert spelled("ABU_BAKR_AL-TAVI") == "Abu Bakr Al-Tavi"
    assert spelled("U.N.") == "U.N."
    assert spelled("KLF") == "KLF"
    assert spelled("HAMRA") == "Hamra"


@given(st.text(st.sampled_from("AB_+[]<>-;# \t\n0123456789KENGOV.é\ud800"), max_size=80))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_dictionary_makes_it_raise(tmp_path: Path, text: str) -> None:
    path = tmp_path / "d.actors"
    path.write_text(text, "utf-8", "replace")
    rows, _ = taken(petrarch, path)
    assert list(faults(rows)) == []


# Writing


def test_a_write_that_fails_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "own.yaml"
    path.write_text("before")

    def fail(*_: object) -> None:
        raise OSError("no room")

    monkeypatch.setattr("os.replace", fail)
    with pytest.raises(OSError, match="no room"):
        write(path, "after")
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


def test_dates_of_lists() -> None:
    assert dated("") is None
    assert dated("+2024-03-01T00:00:00Z") == "2024-03-01"
    assert dated("2024-03-01", 7) == "2024-03"
    for wrong in ("2024-13", "2023-02-29", "May", "-0044-01-01", "0000"):
        with pytest.raises(ValueError, match=r".+"):
            dated(wrong)


def test_titles_are_read_by_the_nouns_of_the_register() -> None:
    assert resolve("minister of finance").sector == "GOV"
