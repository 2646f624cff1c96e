"""Who a phrase means: the cases that the codebook decides, the order of evidence, and no surprises."""

from __future__ import annotations

import csv
import time
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.timing import least

from dragoman.actors import Context, resolve
from dragoman.actors.register import load
from dragoman.codebook import COUNTRIES, SECTORS

BENCH = Path(__file__).parents[1].parent / "shared" / "bench" / "actors" / "phrases.tsv"


def codes(phrase: str, date: str | None = None, context: Context | None = None) -> tuple[str | None, str | None]:
    found = resolve(phrase, date, context)
    return found.country, found.sector


@pytest.mark.parametrize(
    ("phrase", "country", "sector"),
    [
        # States, capitals, peoples, parts of the world
        ("Russia", "RUS", "GOV"),
        ("Moscow", "RUS", "GOV"),
        ("the U.S.", "USA", "GOV"),
        ("US", "USA", "GOV"),
        ("SENEGAL", "SEN", "GOV"),
        ("neighboring Chad", "TCD", "GOV"),
        ("Ukrainians", "UKR", "CVL"),
        ("ordinary Russians", "RUS", "CVL"),
        ("thousands of Hungarians", "HUN", "CVL"),
        ("Uyghurs", "CHN", "CVL"),
        ("the world", "ISM", "CVL"),
        ("Western leaders", "ISM", "GOV"),
        ("African countries", "ISM", "GOV"),
        ("other countries", "ISM", "GOV"),
        # Head nouns with a nationality in all its forms
        ("Kenyan police", "KEN", "COP"),
        ("Nigeria’s airlines", "NGA", "BUS"),
        ("Ghana's farmers", "GHA", "AGR"),
        ("the Côte d'Ivoire army", "CIV", "MIL"),
        ("police in Nairobi", "KEN", "COP"),
        ("Nairobi police", "KEN", "COP"),
        ("the foreign ministry of Qatar", "QAT", "GOV"),
        ("Peruvian lawmakers", "PER", "LEG"),
        ("two Indonesian warplanes", "IDN", "MIL"),
        ("Chinese state media", "CHN", "JRN"),
        ("an Egyptian court", "EGY", "JUD"),
        ("Norwegian prosecutors", "NOR", "JUD"),
        ("Georgia's ruling party", "GEO", "PTY"),
        ("the Greek opposition leader", "GRC", "OPP"),
        ("Sri Lankan protesters", "LKA", "CVL"),
        ("hundreds of Serbian students", "SRB", "EDU"),
        ("Syrian refugees", "SYR", "REF"),
        ("Polish truck drivers", "POL", "LAB"),
        ("a Colombian drug cartel", "COL", "CRM"),
        ("Niger's junta", "NER", "GOV"),
        ("a Turkish-American journalist", "USA", "JRN"),
        ("Chile's Defense Department", "CHL", "GOV"),
        # Nouns that take the sector of what stands before them or after "of"
        ("a Malian army spokesman", "MLI", "MIL"),
        ("Kenyan police officials", "KEN", "COP"),
        ("a Ugandan government official", "UGA", "GOV"),
        ("members of the Zambian parliament", "ZMB", "LEG"),
        ("head of the Nepalese police", "NPL", "COP"),
        ("spokesperson for Myanmar's military council", "MMR", "GOV"),
        ("civilian officials", None, "GOV"),
        ("government soldiers", None, "MIL"),
        ("rebel forces", None, "REB"),
        ("the Kenyan president's press secretary", "KEN", "GOV"),
        # Titles before names
        ("Dutch Defense Minister Pieter de Bruin", "NLD", "GOV"),
        ("Gen. Amadou Testament", None, "MIL"),
        ("U.S. Sen. Jane Unheard", "USA", "LEG"),
        # Whom a state sends belongs to the state
        ("the Russian ambassador to Mexico", "RUS", "GOV"),
        ("U.S. special envoy for Yemen", "USA", "GOV"),
        # What is against, for or behind somebody is not of his state
        ("anti-French protesters", None, "CVL"),
        ("Rwanda-backed rebels", None, "REB"),
        ("Pakistan-based militants", "PAK", "REB"),
        # Over and unnamed
        ("former Pakistani army chief", "PAK", "ELI"),
        ("ousted Bolivian president", "BOL", "ELI"),
        ("a former Chilean soldier", "CHL", "CVL"),
        ("rights groups", "NGO", "SOC"),
        ("Burundian rights groups", "BDI", "SOC"),
        ("foreign companies", "MNC", "BUS"),
        ("gunmen", None, "UAF"),
        ("two men", None, "UNK"),
    ],
)
def test_the_codebook_in_phrases(phrase: str, country: str | None, sector: str | None) -> None:
    found = resolve(phrase)
    assert (found.country, found.sector) == (country, sector), found.reason


def test_roles_hold_at_the_date() -> None:
    assert codes("Barack Obama", "2010-05") == ("USA", "GOV")
    assert codes("Barack Obama", "2020-05-01") == ("USA", "ELI")
    assert codes("Angela Merkel", "3 May 2015") == ("DEU", "GOV")
    assert resolve("Angela Merkel", None, Context(published="2010-02-01T06:00:00Z")).sector == "GOV"


def test_a_bare_last_name_is_that_of_a_head_of_state_or_nobody() -> None:
    assert resolve("Merkel", "2015").identity == "Angela Merkel"
    assert resolve("Xi", "2022").identity == "Xi Jinping"
    assert codes("Obama administration", "2012")[0] == "USA"
    nobody = resolve("Featherstonehaugh")
    assert (nobody.country, nobody.sector, nobody.identity) == (None, None, None)
    assert "not in the register" in nobody.reason


def test_the_office_in_the_phrase_is_held_unless_it_is_former() -> None:
    assert codes("President Barack Obama", "2020") == ("USA", "GOV")
    assert codes("former President Barack Obama", "2020") == ("USA", "ELI")
    assert codes("former President Barack Obama's government", "2020") == ("USA", "GOV")


def test_the_document_comes_before_the_register() -> None:
    context = Context(
        described={"Min Thu": "Myanmar military council spokesperson", "Ahmed": "a Sudanese rebel commander"},
        full_names={"Lindqvist": "Swedish lawmaker Eva Lindqvist"},
        acronyms={"TNC": "Transitional National Council of Libya"},
    )
    assert codes("Min Thu", context=context) == ("MMR", "GOV")
    assert codes("Ahmed’s", context=context) == ("SDN", "REB")
    assert codes("General Min Thu", context=context)[0] == "MMR" or codes("General Min Thu")[1] == "MIL"
    assert codes("Lindqvist", context=context) == ("SWE", "LEG")
    assert codes("TNC", context=context)[0] == "LBY"
    assert "document says" in resolve("Min Thu", context=context).reason


def test_a_description_does_not_reach_back() -> None:
    context = Context(published="2022-03-01", described={"Barack Obama": "former US president"})
    assert codes("Barack Obama", "2022-02-27", context) == ("USA", "ELI")
    assert codes("Barack Obama", "2012-02", context) == ("USA", "GOV")


def test_the_documents_country_is_for_bare_nouns_only_and_said() -> None:
    kenya = Context(country="KEN")
    police = resolve("police", context=kenya)
    assert (police.country, police.sector, police.weak) == ("KEN", "COP", True)
    assert "document's country" in police.reason
    assert codes("Interior Minister Foo Barson", context=kenya) == ("KEN", "GOV")
    assert codes("Ugandan police", context=kenya) == ("UGA", "COP")
    assert codes("rights groups", context=kenya) == ("NGO", "SOC")
    assert codes("Uganda-backed rebels", context=kenya) == (None, "REB")
    assert resolve("Elsewhere Protection Society", context=kenya).country is None
    assert resolve("Featherstonehaugh", context=kenya).country is None


def test_what_cannot_be_read_is_said() -> None:
    assert "cannot be read" in resolve("Russia", "soon").reason
    assert "cannot be read" in resolve("Russia", "2021-02-30").reason
    assert resolve("they").sector is None
    assert "pronoun" in resolve("they").reason
    assert resolve("").reason
    assert resolve("us").country is None


@pytest.mark.parametrize("variant", ["{}’s", "the {}", "{}'s", "“{}”", "{},"])
def test_dress_does_not_matter(variant: str) -> None:
    assert codes(variant.format("Kenyan police")) == ("KEN", "COP")


@given(st.text(max_size=200), st.one_of(st.none(), st.text(max_size=12)))
@example("of of of the 's - , ()", None)
@example("İstanbul’un ‘polis’\u0301 \U0001f600-backed", "2020/")
@example("'s's's-" * 30, "9999-99")
@settings(max_examples=300, deadline=None)
def test_no_text_makes_it_raise(phrase: str, date: str | None) -> None:
    found = resolve(phrase, date, Context(described={phrase: "army chief"}, full_names={"x": phrase}))
    assert found.country is None or found.country in COUNTRIES
    assert found.sector is None or found.sector in SECTORS
    assert found.reason


_ENTRIES = [e for e in load().entries() if e.kind in ("country", "capital", "person", "group", "body")]


@given(st.sampled_from(_ENTRIES), st.data())
@settings(max_examples=300, deadline=None)
def test_the_owner_is_found_by_name_on_its_dates(entry: object, data: st.DataObject) -> None:
    owner = next(e for e in _ENTRIES if e is entry)
    sector, first, last, *_ = data.draw(st.sampled_from(owner.roles))
    # The first day of a prefix date is always a day; the last may be a 31 February.
    day = first or (last // 100 * 100 + 1 if last < 99999999 else 20200101)
    date = f"{day // 10000:04}-{day // 100 % 100:02}-{day % 100:02}"
    found = resolve(owner.name, date)
    namesakes = [e for e in _ENTRIES if e.name == owner.name and e is not owner]
    status = owner.on((day, day))
    if namesakes or found.identity != owner.name:
        return  # a namesake of the same words; how often that may be is held below
    assert status.in_office, (owner.name, date)
    assert found.sector == status.sector
    assert found.country == status.country
    assert sector in (status.sector, *status.others)


def test_every_name_of_the_register_leads_to_an_owner() -> None:
    register = load()
    lost = []
    for name, numbers in register.names.items():
        owners = [register.entry(n) for n in numbers]
        person = next((e for e in owners if e.kind in ("person", "country")), None)
        if person is None or len(owners) > 1 or name.startswith("^"):
            continue
        found = resolve(name.title())
        if found.identity != person.name and found.country != person.country:
            lost.append((name, person.name, found.identity))
    # Names cut short by a longer one that begins inside them are what may be lost.
    assert len(lost) <= len(register.names) // 500, lost[:20]


def test_it_is_fast() -> None:
    phrases = [f"the {n} {adj} army spokesman in Nairobi" for n in range(20) for adj in ("Kenyan", "Ugandan", "U.S.")]
    resolve("Kenya")
    start = time.process_time()
    for phrase in phrases:
        resolve(phrase)
    # Goals of 1 ms, and of 30 µs for what was resolved before; a loaded machine is given some room.
    assert time.process_time() - start < 0.003 * len(phrases)
    again = 0.0002 * len(phrases)
    assert least(lambda: [resolve(phrase) for phrase in phrases], again) < again


@pytest.mark.skipif(not BENCH.exists(), reason="the bench is not here")
def test_the_bench_keeps_its_floor() -> None:
    from benchmarks.actors import measure

    figures = measure(BENCH)
    assert figures["country"]["accuracy"] >= 0.92
    assert figures["sector"]["accuracy"] >= 0.85


def test_the_bench_reads_its_layout(tmp_path: Path) -> None:
    from benchmarks.actors import measure

    path = tmp_path / "phrases.tsv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter="\t")
        writer.writerows(
            [["phrase", "date", "country", "sector"], ["Kenyan police", "", "KEN", "MIL"], ["x", "", "", ""]]
        )
    figures = measure(path)
    assert figures["country"] == {"asked": 1, "right": 1, "accuracy": 1.0, "precision": 1.0}
    assert figures["sector"]["right"] == 0


def test_whose_people_somebody_is_is_not_who_he_is() -> None:
    assert resolve("Barack Obama's supporters").identity is None
    assert codes("Barack Obama's supporters") == ("USA", "CVL")
    assert codes("an adviser to Barack Obama", "2011") == ("USA", "GOV")


def test_a_description_must_describe() -> None:
    said = Context(described={"Foo Barson": "who told reporters about the French army", "Baz": "a Kenyan who left"})
    assert codes("Foo Barson", context=said) == (None, None)
    assert codes("Baz", context=said)[0] == "KEN"


def test_a_state_is_known_by_its_name_whatever_came_first() -> None:
    context = Context(full_names={"Ghana": "Police in Ghana"}, described={"Ghana": "a regional leader"})
    assert codes("Ghana", context=context) == ("GHA", "GOV")
