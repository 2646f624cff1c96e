"""The register's compiler and its checks: fresh, clean, and able to find what is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.actors.build import TARGET, compiled, dumps, is_top, people_forms, surnames
from dragoman.actors.check import check
from dragoman.actors.dates import bounds, interval
from dragoman.actors.register import Entry, Register, load
from dragoman.actors.source import HERE, LOADER
from dragoman.actors.text import fold, is_acronym, key, tokens
from dragoman.codebook import SECTORS

GOOD = """
country: KEN
names: [Kenya]
demonyms: [Kenyan]
capital: [Nairobi]
cities: [Mombasa]
bodies:
  - {names: [Recce Squad], sector: COP}
groups:
  - {names: [The Firm], sector: REB, to: 2019}
  - {names: [The Firm], sector: GOV, from: 2021}
people:
  - name: Jane Wanjiru-Smith
    aliases: [Mama Jane]
    after: OPP
    roles:
      - {title: President, sector: GOV, from: 2010-02, to: 2012-03-04}
      - {title: Minister, sector: GOV, from: 2014, to: 2015}
"""


def write(root: Path, text: str, name: str = "KEN") -> Path:
    folder = root / "register" / "countries"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.yaml").write_text(text, "utf-8")
    return root


def test_the_compiled_register_is_that_of_the_sources() -> None:
    assert TARGET.read_text("utf-8") == dumps(compiled()), "run: python -m dragoman.actors.build"


def test_the_register_has_no_problems() -> None:
    assert check() == []


def test_the_compiled_register_says_roles_by_date(tmp_path: Path) -> None:
    register = Register(json.loads(dumps(compiled(write(tmp_path, GOOD)))))
    (jane,) = register.find("mama jane")
    assert jane.on((20110101, 20110101)).sector == "GOV"
    assert jane.on((20130101, 20130131)).sector == "OPP"
    assert jane.on((20090101, 20090101)).sector is None
    assert jane.on(None).sector == "OPP"
    assert [register.entry(n).name for n in register.short["wanjiru smith"]] == ["Jane Wanjiru-Smith"]
    assert "smith" not in register.short
    firm = register.find("the firm")
    assert {e.on((20180101, 20180101)).sector for e in firm if e.on((20180101, 20180101)).in_office} == {"REB"}
    assert check(tmp_path) == []


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("country: KEN", "country: KEX", "country 'KEX'"),
        ("sector: COP", "sector: POL", "sector 'POL'"),
        ("after: OPP", "after: OPPO", "after 'OPPO'"),
        ("to: 2012-03-04", "to: 2009", "from 2010-02 to 2009"),
        ("from: 2014,", "from: 2014-13,", "no date"),
        ("from: 2014,", 'from: "14 May",', "no date"),
        ("bodies:", "bodys:", "unknown keys"),
        ("names: [Recce Squad]", "name: Recce Squad", "a body has"),
        ("[Kenyan]", "[Kenyan, no]", "quote yes, no"),
        ("from: 2021}", "from: 2018}", "'The Firm' is REB as a group and GOV"),
        ("[Mama Jane]", "['...']", "holds no word"),
        ("names: [Kenya]", "names: [Kenya", "not YAML"),
        ("    after: OPP\n", "    afters: OPP\n", "a person has"),
    ],
)
def test_check_finds(tmp_path: Path, before: str, after: str, said: str) -> None:
    assert before in GOOD
    problems = check(write(tmp_path, GOOD.replace(before, after)))
    assert any(said in p and "KEN.yaml" in p for p in problems), problems


def test_check_finds_what_is_wrong_between_files(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    other = GOOD.replace("KEN", "UGA").replace("[Kenyan]", "[Kenyan, Ugandan]").replace("[Kenya]", "[Uganda]")
    problems = check(write(tmp_path, other, "UGA"))
    assert any("KEN.yaml and UGA.yaml" in p and "Kenyan" in p for p in problems)


def test_check_finds_two_holders_of_one_office(tmp_path: Path) -> None:
    second = "  - name: Second Person\n    roles:\n      - {title: President, sector: GOV, from: 2011, to: 2013}\n"
    problems = check(write(tmp_path, GOOD + second))
    assert any("both president" in p for p in problems)
    later = second.replace("from: 2011", "from: 2012-03")
    (tmp_path / "register" / "countries" / "KEN.yaml").write_text(GOOD + later, "utf-8")
    assert check(tmp_path) == []


def test_heads_have_sectors_and_are_many() -> None:
    import yaml

    data = yaml.load((HERE / "heads.yaml").read_text("utf-8"), LOADER)
    nouns = [n for use in ("own", "open", "armed") for words in data[use].values() for n in words]
    assert len(nouns) >= 500
    for use in ("own", "open", "armed", "traits", "titles", "named"):
        assert set(data[use]) - {"none"} <= set(SECTORS), use
    said: dict[str, set[str]] = {}
    for use in ("own", "open", "armed"):
        for sector, words in data[use].items():
            for word in words:
                said.setdefault(key(word), set()).add(f"{use} {sector}")
    assert {w: v for w, v in said.items() if len(v) > 1} == {}
    assert len(load().nouns) >= len(set(map(key, nouns)))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2021", 20210101, 20211231),
        ("2021-02", 20210201, 20210231),
        ("2021-02-03T10:00:00Z", 20210203, 20210203),
        ("2021-02-03 10:00:00Z", 20210203, 20210203),
        ("2021-02/2021-04-05", 20210201, 20210405),
        ("12 April 2022", 20220412, 20220412),
        ("April 12, 2022", 20220412, 20220412),
        ("April 2022", 20220401, 20220431),
    ],
)
def test_dates_are_intervals(text: str, first: int, last: int) -> None:
    assert interval(text) == (first, last)


@pytest.mark.parametrize("text", ["", "soon", "2021-13", "2021-02-30", "2022/2021", "31 Smarch 2020", "20210203"])
def test_what_is_no_date_is_none(text: str) -> None:
    assert interval(text) is None


@given(st.text(max_size=20))
def test_no_text_makes_dates_raise(text: str) -> None:
    found = interval(text)
    assert found is None or found[0] <= found[1]


def test_bounds_are_open_and_errors_are_said() -> None:
    assert bounds(None, "2020") == (0, 20201231)
    assert bounds("2020-05", None) == (20200501, 99999999)
    with pytest.raises(ValueError, match="no date"):
        bounds("May", None)


def test_words_compare_however_spelt() -> None:
    assert key("U.N.") == key("UN") == "^un"
    assert key("Ukhnaagiin Khürelsükh") == key("Ukhnaagiin Khurelsukh")
    assert key("al-Qaida") == key("Al Qaida") == "al qaida"
    assert key("Lord’s Resistance Army") == "lord resistance army"
    assert key("Côte d’Ivoire") == key("Cote d'Ivoire")
    assert fold("Łódź") == "lodz"
    assert is_acronym("WHO")
    assert not is_acronym("Who")
    assert [t.joined for t in tokens("Iran-backed rebels’")] == [True, False, False]
    assert tokens("rebels’ camp")[0].norm == "rebels"


@given(st.text(max_size=60))
def test_keys_hold_still(text: str) -> None:
    once = key(text)
    assert once == key(once) or once.startswith("^") or once != once.lower() or not once.isascii()


def test_forms_of_names() -> None:
    assert ("ukrainians", "peoples") in people_forms("Ukrainian")
    assert ("frenchmen", "peoples") in people_forms("French")
    assert ("chinese", "people") in people_forms("Chinese")
    assert list(surnames("Xi Jinping", "CHN")) == ["xi"]
    assert list(surnames("Ursula von der Leyen", "DEU")) == ["leyen", "der leyen", "von der leyen"]
    assert list(surnames("Pelé", "BRA")) == []
    assert is_top("Acting President")
    assert is_top("Prime Minister")
    assert not is_top("Vice President")
    assert not is_top("President of the Senate")


def test_somebody_in_two_files_is_one_person(tmp_path: Path) -> None:
    folder = write(tmp_path, GOOD)
    (folder / "register" / "bodies").mkdir()
    (folder / "register" / "bodies" / "league.yaml").write_text(
        "- name: Jane Wanjiru-Smith\n  country: IGO\n  roles: [{title: Head, sector: GOV, from: '2016', to: '2018'}]\n",
        "utf-8",
    )
    register = Register(json.loads(dumps(compiled(folder))))
    (jane,) = register.find("mama jane")
    assert (jane.on((20110101, 20110101)).country, jane.on((20170101, 20170101)).country) == ("KEN", "IGO")
    after = jane.on((20200101, 20200101))
    assert after.country == "KEN"


def test_only_officials_become_former_ones() -> None:
    def later(sector: str) -> str | None:
        role = (sector, 20000101, 20101231, "Head", None, 0)
        return Entry("person", "Jane Wanjiru", "KEN", (role,), None, None).on((20200101, 20200101)).sector

    assert {later(s) for s in ("GOV", "MIL", "LEG", "JUD", "PTY")} == {"ELI"}
    assert [later(s) for s in ("CVL", "REB", "JRN", "REL", "BUS")] == ["CVL", "REB", "JRN", "REL", "BUS"]
