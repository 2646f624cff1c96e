"""Who stands where: on a deed that words or an event name, or towards an actor; the two sides are kept apart."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

import pytest
from tests.ledger_samples import KINDS, Told, new_address, report

from dragoman.ledger import asking
from dragoman.ledger.asking import BadQuestion, Filters, Stance
from dragoman.ledger.asking.columns import COLUMNS
from dragoman.ledger.asking.targets import Side
from dragoman.ledger.store import Store
from dragoman.ledger.writing import Coding, add
from dragoman.record import Entity

TARGET = "invasion of Ukraine"


def reports() -> list[Coding]:
    """A deed, and what others made of it, told by four papers."""
    return [
        report(
            "Russia began an invasion of Ukraine at dawn. Myanmar's junta voiced support for the invasion of Ukraine. "
            "A United Nations rapporteur condemned Russia for the weapons that it sells to the junta.",
            Told("invasion", "ASSAULT", "Russia | RUS GOV", "Ukraine | UKR GOV", date="2022-02-24"),
            Told("voiced support", "SUPPORT", "Myanmar's junta | MMR GOV"),
            Told("condemned", "ACCUSE", "United Nations rapporteur | UNO GOV", "Russia | RUS GOV", "disapprove"),
            outlet="Delta Morning",
            title="War comes to Ukraine",
            published="2022-02-26",
        ),
        report(
            "The European Union imposed sanctions on Russia over its invasion of Ukraine. Poland sent howitzers to "
            "Ukraine after the invasion. Sweden sent blankets to Ukraine after the invasion. India declined to condemn "
            "the invasion of Ukraine. The president of Russia threatened the West should it meddle in the invasion of "
            "Ukraine. In 2014 Canada had cut trade with Moscow. Japan froze the assets of Moscow's banks.",
            Told("imposed sanctions", "SANCTION", "European Union | EUR GOV", "Russia | RUS GOV", date="2022-03-02"),
            Told("sent howitzers", "AID", "Poland | POL GOV", "Ukraine | UKR GOV", date="2022-03-01"),
            Told("sent blankets", "AID", "Sweden | SWE GOV", "Ukraine | UKR GOV", date="2022-03-01"),
            Told("declined", "REJECT", "India | IND GOV"),
            Told("threatened", "THREATEN", "president of Russia | RUS GOV", "West | ISM CVL"),
            Told("cut trade", "SANCTION", "Canada | CAN GOV", "Moscow | RUS GOV", date="2014", historical=True),
            Told("froze", "SANCTION", "Japan | JPN GOV", "Moscow's banks | RUS BUS", date="2022-03"),
            outlet="Harbour Wire",
            title="The world answers",
            published="2022-03-03",
        ),
        report(
            "China sold drones to Russia for the invasion of Ukraine. Turkey brought envoys of Russia and Ukraine "
            "together to end the invasion of Ukraine. Brazil urged Russia to stop its invasion of Ukraine. Kenya "
            "praised Ukraine for standing up to the invasion. Russia denied an invasion of Ukraine.",
            Told("sold drones", "COOPERATE", "China | CHN GOV", "Russia | RUS GOV"),
            Told("brought envoys", "CONSULT", "Turkey | TUR GOV", "Russia | RUS GOV; Ukraine | UKR GOV"),
            Told("urged", "REQUEST", "Brazil | BRA GOV", "Russia | RUS GOV", "yield"),
            Told("praised", "SUPPORT", "Kenya | KEN GOV", "Ukraine | UKR GOV"),
            Told(
                "denied",
                "ASSAULT",
                "Russia | RUS GOV",
                "Ukraine | UKR GOV",
                factuality="negated",
                by="Russia | RUS GOV",
            ),
            outlet="The Lantern",
            published="2022-03-10",
        ),
        report(
            "Norway imposed sanctions on Russia over a poisoned dissident. Ukraine signed a treaty with Peru.",
            Told("imposed sanctions", "SANCTION", "Norway | NOR GOV", "Russia | RUS GOV", date="2022-03-05"),
            Told("signed a treaty", "AGREE", "Ukraine | UKR GOV", "Peru | PER GOV", date="2022-03-05"),
            outlet="Fjord Post",
            published="2022-03-06",
        ),
    ]


@pytest.fixture(scope="module", params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with new_address(request.param, request, tmp_path_factory.mktemp("stance")) as address:
        opened = Store(address)
        opened.write(lambda connection: add(connection, reports()))
        yield opened
        opened.close()


def countries(columns: Mapping[str, tuple[asking.Stand, ...]]) -> dict[str, set[str | None]]:
    return {name: {stand.country for stand in stands} for name, stands in columns.items()}


def deed(store: Store) -> str:
    found = asking.query(store, Filters(type="ASSAULT", factuality="actual", actor="RUS")).events
    return found[0].id


def test_filters_narrow_the_acts_and_leave_the_sides_as_they_are(store: Store) -> None:
    got = asking.stance(store, TARGET, Filters(since="2022-03-02", actor=("EUR", "POL", "KEN")))
    assert (got.doers, got.victims) == (("RUS",), ("UKR",))
    assert countries(got.target) == {"sanctions": {"EUR"}}
    assert countries(got.victim) == {"supports": {"KEN"}}


def test_a_deed_named_by_words(store: Store) -> None:
    got = asking.stance(store, TARGET)
    assert (got.kind, got.doers, got.victims) == ("text", ("RUS",), ("UKR",))
    assert deed(store) in {e.id for e in got.deeds}
    assert countries(got.target) == {
        "supports": {"MMR"},
        "arms": {"CHN"},
        "mediates": {"TUR"},
        "calls for an end": {"BRA"},
        "declines": {"IND"},
        "denies": {"RUS"},
        "condemns": {"UNO"},
        "sanctions": {"EUR", "JPN"},
    }
    assert countries(got.victim) == {"supports": {"KEN"}, "arms": {"POL"}, "aids": {"SWE"}}
    assert countries(got.other) == {"threatens": {"RUS"}}


def test_each_stance_comes_with_the_words_for_it(store: Store) -> None:
    got = asking.stance(store, TARGET)
    (union,) = [s for s in got.target["sanctions"] if s.country == "EUR"]
    assert (union.events, union.planned, union.first, union.last) == (1, 0, "2022-03-02", "2022-03-02")
    (proof,) = union.evidence
    assert proof.sentence == "The European Union imposed sanctions on Russia over its invasion of Ukraine."
    assert (proof.trigger, proof.how, proof.towards, proof.outlet) == (
        "imposed sanctions",
        "words",
        ("Russia",),
        "Harbour Wire",
    )
    assert asking.query(store, Filters(report=proof.report, type="SANCTION", actor="EUR")).events[0].id == proof.event
    (japan,) = [s for s in got.target["sanctions"] if s.country == "JPN"]
    assert japan.evidence[0].how == "report"
    assert japan.names == ("Japan",)


def test_a_deed_named_by_its_event(store: Store) -> None:
    got = asking.stance(store, deed(store))
    assert (got.kind, got.doers, got.victims) == ("event", ("RUS",), ("UKR",))
    named = countries(got.target)
    assert named["supports"] == {"MMR"}
    assert named["sanctions"] == {"EUR", "JPN"}
    assert "KEN" in countries(got.victim)["supports"]
    assert "NOR" not in {country for column in named.values() for country in column}


def test_an_actor(store: Store) -> None:
    for name in ("Russia", "RUS", "the Kremlin"):
        got = asking.stance(store, name, Filters(since="2020"))
        assert got.kind == "actor"
        assert countries(got.target)["sanctions"] == {"EUR", "JPN", "NOR"}
        assert countries(got.target)["condemns"] == {"UNO"}
        assert not got.victim
        assert not got.other
    assert countries(asking.stance(store, "Russia").target)["sanctions"] == {"EUR", "JPN", "NOR", "CAN"}


def test_filters_narrow_the_acts(store: Store) -> None:
    got = asking.stance(store, TARGET, Filters(until="2022-02"))
    assert countries(got.target) == {"supports": {"MMR"}, "condemns": {"UNO"}}
    with pytest.raises(BadQuestion, match="target"):
        asking.stance(store, TARGET, Filters(text="x"))
    with pytest.raises(BadQuestion, match="no word"):
        asking.stance(store, "of the")


def test_words_that_nothing_speaks_of(store: Store) -> None:
    assert asking.stance(store, "eruption of a volcano") == Stance("eruption of a volcano", "text")


@pytest.mark.parametrize(
    "target", ["a\x00b war", "\ud800 war", '" OR "x', "x" * 5000, "0" * 16, "'; DROP TABLE event", "😀 war"]
)
def test_no_target_breaks_a_stance(store: Store, target: str) -> None:
    assert not asking.stance(store, target).target


def test_words_without_a_deed_take_all_acts_that_speak_of_them(store: Store) -> None:
    got = asking.stance(store, "dissident")
    assert countries(got.target) == {"sanctions": {"NOR"}}
    assert (got.deeds, got.doers, got.victim, got.other) == ((), (), {}, {})


def test_sides_of_one_country_are_told_apart_by_sector(store: Store, ledger_address: str) -> None:
    coup = report(
        "The army staged a coup in Myanmar. France condemned the generals over the coup in Myanmar. Ghana backed the "
        "elected lawmakers after the coup in Myanmar.",
        Told("coup", "COERCE", "army | MMR MIL", "lawmakers | MMR LEG", date="2021-02-01"),
        Told("condemned", "ACCUSE", "France | FRA GOV", "generals | MMR GOV"),
        Told("backed", "SUPPORT", "Ghana | GHA GOV", "elected lawmakers | MMR LEG"),
        published="2021-02-03",
    )
    fresh = Store(ledger_address)
    fresh.write(lambda connection: add(connection, [coup]))
    got = asking.stance(fresh, "coup in Myanmar")
    assert countries(got.target) == {"condemns": {"FRA"}}
    assert countries(got.victim) == {"supports": {"GHA"}}
    fresh.close()


def test_whose_side_a_party_of_a_divided_country_is_on() -> None:
    army, lawmakers = Side(frozenset({("MMR", "MIL")})), Side(frozenset({("MMR", "LEG"), ("USA", "GOV")}))
    sides = {
        sector: [
            army.has(Entity("x", 0, 1, "MMR", sector), lawmakers),
            lawmakers.has(Entity("x", 0, 1, "MMR", sector), army),
        ]
        for sector in ("MIL", "LEG", "GOV", "CVL")
    }
    # The junta that rules is the army's; citizens are rather with those whom the army drove out.
    assert sides == {"MIL": [True, False], "LEG": [False, True], "GOV": [True, False], "CVL": [False, True]}
    assert lawmakers.has(Entity("x", 0, 1, "USA"), army)
    both = Side(frozenset({("MMR", "GOV")})), Side(frozenset({("MMR", "MIL")}))
    assert [side.has(Entity("x", 0, 1, "MMR", "COP"), other) for side, other in (both, both[::-1])] == [False, False]


@pytest.mark.parametrize(
    ("words", "sentence", "type", "column"),
    [
        ("gave", "Norland gave arms to Osk.", "AID", "arms"),
        ("gave", "Norland gave fighter jets to Osk.", "AID", "arms"),
        ("gave", "Norland gave money for arms control to Osk.", "AID", "aids"),
        ("gave", "Norland gave rice to Osk, whose rebels laid down arms.", "AID", "aids"),
        ("pledged", "Norland pledged a package of military aid to Osk.", "AGREE", "arms"),
        ("pledged", "Norland pledged seeds to Osk.", "AGREE", "promises"),
        ("abstained", "Norland abstained when the council judged Osk.", "REJECT", "declines"),
        ("refused", "Norland refused to join the sanctions against Osk.", "REJECT", "declines"),
        ("condemn", "Norland would not openly condemn Osk.", "ACCUSE", "declines"),
        ("deplored", "Norland abstained from a council vote that deplored Osk.", "ACCUSE", "declines"),
        ("deplored", "Its ally never minded, but Norland deplored Osk.", "ACCUSE", "condemns"),
        ("condemned", "Norland condemned Osk.", "ACCUSE", "condemns"),
        ("refused", "Norland refused a visa to the envoy of Osk.", "REJECT", "rejects"),
    ],
)
def test_what_is_told_from_the_words(ledger_address: str, words: str, sentence: str, type: str, column: str) -> None:
    fresh = Store(ledger_address)
    made = report(sentence, Told(words, type, "Norland | NOR GOV", "Osk | CHE GOV"))
    fresh.write(lambda connection: add(connection, [made]))
    assert countries(asking.stance(fresh, "Switzerland").target) == {column: {"NOR"}}
    fresh.close()


def test_a_stance_is_a_table_and_json_too(store: Store) -> None:
    got = asking.stance(store, TARGET)
    table = got.to_arrow()
    stands = [s for group in (got.target, got.victim, got.other) for column in group.values() for s in column]
    assert table["country"].to_pylist() == [s.country for s in stands]
    assert list(got.to_pandas()["sentence"]) == [s.evidence[0].sentence for s in stands]
    row = json.loads(json.dumps(got.to_dict()))
    assert row["target"]["supports"][0]["evidence"][0]["trigger"] == "voiced support"
    assert set(row["target"]) <= set(COLUMNS)
