"""The codebook as data: complete, consistent, and of use to people and to programs."""

from __future__ import annotations

import contextlib
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pycountry
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman import codebook
from dragoman.codebook import CONTEXTS, COUNTRIES, MODES, QUADS, SECTORS, TYPES, CodebookError
from dragoman.codebook.load import TYPE_NAMES, build_cameo, build_countries, build_type, parse, read

SHARED = Path(__file__).parents[1].parent / "shared"

# The codebook's section 4, written out a second time so that a slip in a data file shows.
MODE_NAMES = {
    "CONSULT": "visit third-party multilateral phone",
    "RETREAT": "withdraw release disarm ceasefire access resign",
    "REQUEST": "assist change yield meet",
    "REJECT": "assist change yield meet",
    "ACCUSE": "disapprove investigate allege",
    "THREATEN": "restrict arrest relations expel territory violence",
    "PROTEST": "demo riot strike hunger boycott obstruct vandalize",
    "SANCTION": "convict expel withdraw discontinue",
    "MOBILIZE": "troops weapons police militia",
    "COERCE": "seize restrict censor curfew martial-law arrest deport withhold misinformation cyber",
    "ASSAULT": "abduct beat torture sexual targeted destroy primitive firearms explosives suicide-attack "
    "aerial drone heavy-weapons crowd-control unconventional",
}


def test_the_counts_are_those_of_the_codebook() -> None:
    assert (len(TYPES), len(CONTEXTS), len(SECTORS)) == (16, 37, 25)
    assert tuple(TYPES) == TYPE_NAMES


@pytest.mark.parametrize("name", TYPE_NAMES)
def test_modes_are_those_of_the_codebook(name: str) -> None:
    assert " ".join(MODES[name]) == MODE_NAMES.get(name, "")
    assert all(mode.type == name and mode.name == key for key, mode in MODES[name].items())


def test_quads_hold_the_types_of_section_3() -> None:
    by_quad = {quad: {t.name for t in TYPES.values() if t.quad == quad} for quad in QUADS}
    assert by_quad == {
        1: {"AGREE", "CONSULT", "SUPPORT", "CONCEDE"},
        2: {"COOPERATE", "AID", "RETREAT"},
        3: {"REQUEST", "ACCUSE", "REJECT", "THREATEN"},
        4: {"PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT"},
    }


@pytest.mark.parametrize("name", TYPE_NAMES)
def test_each_type_is_described_and_bounded(name: str) -> None:
    kind = TYPES[name]
    assert len(kind.definition) > 60
    assert len(kind.boundaries) >= 3
    assert len(kind.examples) >= 3
    assert all(mode.definition.endswith(".") for mode in kind.modes.values())
    assert -10 <= kind.score <= 10
    assert (kind.score > 0) == (kind.quad <= 2)


def test_accuse_is_a_conflict_and_says_why() -> None:
    assert TYPES["ACCUSE"].score == -3
    assert "+3" in (TYPES["ACCUSE"].note or "")
    assert codebook.score("ACCUSE") == -3
    assert codebook.score("ACCUSE", ["allege"]) == -3.5
    assert codebook.score("ACCUSE", ["disapprove", "allege"]) == -2.75


def test_a_mode_without_a_score_takes_its_types() -> None:
    assert codebook.score("ASSAULT", ["aerial"]) == TYPES["ASSAULT"].score
    with pytest.raises(KeyError):
        codebook.score("ASSAULT", ["demo"])


def test_the_codebook_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        TYPES["AGREE"] = TYPES["AID"]  # type: ignore[index]
    with pytest.raises(AttributeError):
        TYPES["AGREE"].score = 1.0  # type: ignore[misc]
    with pytest.raises(TypeError):
        MODES["ASSAULT"]["kick"] = MODES["ASSAULT"]["beat"]  # type: ignore[index]


def test_countries_are_those_of_the_standard_and_kosovo() -> None:
    standard = {country.alpha_3 for country in pycountry.countries}
    own = {c.code for c in COUNTRIES.values() if c.kind != "international"}
    assert own - standard == {"XKX"}
    assert standard - own == set()
    beyond = {c.code for c in COUNTRIES.values() if c.kind == "international"}
    assert beyond == {"UNO", "EUR", "IGO", "NGO", "MNC", "IMG", "ISM"}
    assert not beyond & standard


def test_dependencies_take_their_state_save_three() -> None:
    assert {code: COUNTRIES[code].coded_as for code in ("GUM", "GRL", "MAC", "PYF")} == {
        "GUM": "USA",
        "GRL": "DNK",
        "MAC": "CHN",
        "PYF": "FRA",
    }
    for code in ("HKG", "PSE", "ATA", "TWN", "XKX", "VAT"):
        assert COUNTRIES[code].coded_as == code
    for country in COUNTRIES.values():
        state = COUNTRIES[country.coded_as]
        assert state.kind != "dependency"
        assert state.coded_as == state.code


def test_names_of_countries_are_unique() -> None:
    names = [country.name.casefold() for country in COUNTRIES.values()]
    assert len(set(names)) == len(names)


# CAMEO


def test_every_type_and_mode_has_a_cameo_code_that_leads_back() -> None:
    for name, kind in TYPES.items():
        for mode in (None, *kind.modes):
            meaning = codebook.from_cameo(codebook.to_cameo(name, mode))
            if (name, mode) == ("RETREAT", "resign"):
                assert meaning.type == "CONCEDE"  # CAMEO knows no resignation
            else:
                assert meaning.type == name, (name, mode)


@pytest.mark.parametrize(
    ("code", "kind", "modes"),
    [
        ("042", "CONSULT", ("visit",)),
        ("055", "CONCEDE", ()),
        ("0871", "RETREAT", ("ceasefire",)),
        ("1041", "REQUEST", ("change",)),
        ("116", "SANCTION", ("convict",)),
        ("143", "PROTEST", ("strike", "boycott")),
        ("163", "SANCTION", ("discontinue",)),
        ("173", "COERCE", ("arrest",)),
        ("186", "ASSAULT", ("targeted",)),
        ("195", "ASSAULT", ("aerial",)),
        ("19", "ASSAULT", ()),
    ],
)
def test_from_cameo(code: str, kind: str, modes: tuple[str, ...]) -> None:
    meaning = codebook.from_cameo(code)
    assert (meaning.type, meaning.modes) == (kind, modes)


def test_statements_have_no_type_and_say_why() -> None:
    meaning = codebook.from_cameo("010")
    assert meaning.type is None
    assert meaning.why


@pytest.mark.parametrize("code", ["", "42", "999", "0", "19x", "CAMEO"])
def test_what_is_no_cameo_code_is_an_error(code: str) -> None:
    with pytest.raises(ValueError, match="no CAMEO code"):
        codebook.from_cameo(code)


def test_to_cameo_refuses_what_does_not_exist() -> None:
    with pytest.raises(ValueError, match="none of the types"):
        codebook.to_cameo("DEMAND")
    with pytest.raises(ValueError, match="no mode"):
        codebook.to_cameo("AID", "visit")


def test_the_crosswalk_covers_the_published_table() -> None:
    """Every code of the table is here; types differ only where ``moved`` says so."""
    table = SHARED / "bench" / "crosswalk" / "cameo2plover-2021.txt"
    if not table.is_file():
        pytest.skip("the table is not here")
    rows = re.findall(r"^(\d{3,4}): ([A-Z]+)", table.read_text("utf-8"), re.MULTILINE)
    assert len(rows) > 200
    moved = " ".join(read("cameo.yaml")["moved"])
    for code, kind in rows:
        ours = codebook.from_cameo(code).type
        if ours != kind:
            assert code[:3] in moved, (code, kind, ours)


# For people


def test_describe_tells_all_of_a_type() -> None:
    text = codebook.describe("assault")
    for word in ("material conflict", "-9.3", "suicide-attack", "CAMEO 190", "COERCE", "For example"):
        assert word in text
    assert "-3" in codebook.describe("ACCUSE")
    assert "Note" in codebook.describe("ACCUSE")


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("MIL", "sector: Military"),
        ("military", "context"),
        ("human rights", "context"),
        ("coerce arrest", "mode of COERCE"),
        ("Martial Law", "mode of COERCE"),
        ("MMR", "Myanmar"),
        ("kosovo", "XKX"),
        ("GUM", "coded as USA"),
        ("UNO", "United Nations"),
        ("0871", "mode ceasefire"),
        ("010", "no record"),
    ],
)
def test_describe_knows_the_other_words(word: str, said: str) -> None:
    assert said in codebook.describe(word)


def test_a_word_of_several_meanings_gives_each() -> None:
    text = codebook.describe("arrest")
    assert "mode of COERCE" in text
    assert "mode of THREATEN" in text


def test_describe_without_a_word_lists_everything() -> None:
    text = codebook.describe()
    for word in (*TYPES, *CONTEXTS, *SECTORS, *(m for modes in MODES.values() for m in modes)):
        assert word in text


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [
        ("ASAULT", "ASSAULT"),
        ("goverment", "Government"),
        ("demonstration", None),
        ("Kosova", "Kosovo"),
        ("q", None),
    ],
)
def test_a_misspelt_word_brings_the_nearest(wrong: str, meant: str | None) -> None:
    with pytest.raises(LookupError) as caught:
        codebook.describe(wrong)
    assert wrong in str(caught.value)
    if meant:
        assert f"did you mean {meant}" in str(caught.value)


@given(st.text(max_size=30))
def test_describe_answers_or_refuses_any_word(word: str) -> None:
    """The only error is LookupError; anything else would fail the test."""
    with contextlib.suppress(LookupError):
        assert codebook.describe(word)


# Data files that are wrong


def _type(**changes: Any) -> dict[str, Any]:
    row = {"name": "AID", "quad": 2, "score": 7.0, "definition": "Help.", "modes": {}}
    return {key: value for key, value in (row | changes).items() if value is not None}


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"name": "HELP"}, "none of the 16"),
        ({"score": None}, "score is missing"),
        ({"score": True}, "score is missing"),
        ({"score": 11}, "between -10 and 10"),
        ({"score": -7.0}, "sign of material cooperation"),
        ({"quad": 5}, "none of 1 to 4"),
        ({"definition": " "}, "definition is missing"),
        ({"modes": {"food": {}}}, "mode food: definition"),
        ({"modes": {"food": {"definition": "Food.", "score": "high"}}}, "mode food: score"),
        ({"boundaries": [{"what": "sales", "instead": "TRADE"}]}, "'TRADE'"),
        ({"boundaries": [{"what": "sales", "instead": "AID"}]}, "'AID'"),
        ({"colour": "red"}, "nothing is known of colour"),
    ],
)
def test_a_wrong_type_file_is_an_error(changes: dict[str, Any], complaint: str) -> None:
    assert build_type(_type(), "here").name == "AID"
    with pytest.raises(CodebookError, match=re.escape(complaint)):
        build_type(_type(**changes), "here")


def test_a_key_given_twice_is_an_error_that_names_the_line() -> None:
    with pytest.raises(CodebookError, match="'arrest' is given twice, line 3"):
        parse("a: 1\narrest: 2\narrest: 3\n", "some.yaml")
    with pytest.raises(CodebookError, match="no YAML"):
        parse("a: [", "some.yaml")
    with pytest.raises(CodebookError, match="no mapping"):
        parse("- a\n", "some.yaml")


def test_a_wrong_country_is_an_error() -> None:
    good: dict[str, Any] = {"states": {"AAA": "A"}, "dependencies": {}, "international": {}}
    assert build_countries(good)["AAA"].name == "A"
    with pytest.raises(CodebookError, match="no state"):
        build_countries(good | {"dependencies": {"BBB": {"name": "B", "part_of": "CCC"}}})
    with pytest.raises(CodebookError, match="twice"):
        build_countries(good | {"dependencies": {"AAA": {"name": "B", "part_of": "AAA"}}})
    with pytest.raises(CodebookError, match="three capitals"):
        build_countries(good | {"states": {"Aa": "A"}})


@pytest.mark.parametrize(
    ("part", "rows", "complaint"),
    [
        ("codes", {"190": "FIGHT"}, "FIGHT is none"),
        ("codes", {"190": "AID arrest"}, "AID has no mode arrest"),
        ("codes", {"190": "ASSAULT | weather"}, "weather is no context"),
        ("none", {"190": "no"}, "has none"),
        ("best", {"AID": {"": "777"}}, "777"),
        ("best", {"AID": {"arrest": "070"}}, "AID has no mode arrest"),
        ("best", {"COERCE": {"": "170"}}, "no code for COERCE seize"),
    ],
)
def test_a_wrong_crosswalk_is_an_error(part: str, rows: dict[str, Any], complaint: str) -> None:
    data = read("cameo.yaml")
    with pytest.raises(CodebookError, match=re.escape(complaint)):
        build_cameo(data | {part: data[part] | rows}, TYPES, CONTEXTS)


# What it costs


def test_loading_is_lazy_and_quick() -> None:
    """Importing reads no data file, and all of them together take far less than a tenth of a second."""
    code = (
        "import json, time\n"
        "import dragoman.codebook as c\n"
        "lazy = all(m._data is None for m in (c.TYPES, c.CONTEXTS, c.SECTORS, c.COUNTRIES))\n"
        "start = time.process_time()\n"
        "len(c.TYPES), len(c.CONTEXTS), len(c.SECTORS), len(c.COUNTRIES), c.to_cameo('AID')\n"
        "print(json.dumps([lazy, time.process_time() - start]))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    lazy, seconds = json.loads(done.stdout)
    assert lazy
    # about .025 s on the machine this was written on; the room for slower ones is wide
    assert seconds < 0.3
