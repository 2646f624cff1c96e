"""Groups and persons by the names of the reports: whom words mean, who is told of most, one of them in full."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.ledger_samples import Told, report

from dragoman.ledger import Ledger
from dragoman.ledger.asking import BadQuestion, meant
from dragoman.ledger.asking.meant import owner, spellings
from dragoman.ledger.writing import add


@pytest.mark.parametrize(
    ("words", "country", "kind", "name"),
    [
        ("Moscow", "RUS", "state", "Moscow"),
        ("the government", "NGA", "state", "the government"),
        ("Its government", "MYS", "state", "Its government"),
        ("Palestinians", "PSE", "state", "Palestinians"),
        ("European Union", "EUR", "state", "European Union"),
        ("", "RUS", "state", ""),
        ("It", "EUR", "pronoun", "It"),
        ("them", None, "pronoun", "them"),
        ("two soldiers", "NGA", "noun", "two soldiers"),
        ("officials", None, "noun", "officials"),
        ("Dozens", "NGA", "noun", "Dozens"),
        ("Tens of thousands of Sudanese", "SDN", "noun", "Tens of thousands of Sudanese"),
        ("a hotel in the town of Beled", "SOM", "noun", "a hotel in the town of Beled"),
        ("President Vladimir Putin", "RUS", "name", "Vladimir Putin"),
        ("Putin", "RUS", "name", "Vladimir Putin"),
        ("paramilitary Rapid Support Forces", "SDN", "name", "Rapid Support Forces"),
        ("Rebels of the Azawan Front", "NER", "name", "Azawan Front"),
        ("Indonesian Foreign Minister Dewi Larasati", "IDN", "name", "Dewi Larasati"),
        ("Russian Foreign Ministry spokeswoman Irina Belova", "RUS", "name", "Irina Belova"),
        ("x" * 5000, "USA", "noun", "x" * 5000),
    ],
)
def test_whom_words_mean(words: str, country: str | None, kind: str, name: str) -> None:
    found = meant(words, country)
    assert (found.kind, found.name) == (kind, name)


def test_a_namesake_of_another_country_is_somebody_else() -> None:
    assert meant("Putin", "RUS").identity == "Vladimir Putin"
    assert meant("Putin", "CAN") == meant("Putin", "CAN")
    assert meant("Putin", "CAN").identity is None


def test_what_the_register_knows_of_a_name() -> None:
    known = owner("Putin")
    assert known is not None
    assert (known.name, known.kind, known.country) == ("Vladimir Putin", "person", "RUS")
    assert any(role["title"] == "President" for role in known.roles)
    assert spellings("Putin") == ["Putin"]
    assert set(spellings("RSF")) == {"RSF", "Rapid Support Forces"}
    assert owner("Dewi Larasati") is None
    assert spellings("Dewi Larasati") == ["Dewi Larasati"]


@pytest.fixture
def ledger(ledger_address: str) -> Iterator[Ledger]:
    with Ledger(ledger_address) as opened:
        opened.store.write(lambda connection: add(connection, REPORTS))
        yield opened


REPORTS = [
    report(
        "President Vladimir Putin condemned the Osk league. Putin met Dewi Larasati.",
        Told("condemned", "ACCUSE", "President Vladimir Putin | RUS GOV", "Osk league", date="2022-03-01"),
        Told("met", "CONSULT", "Putin | RUS GOV; Dewi Larasati | IDN GOV", date="2022-03-02"),
        outlet="Delta Wire",
    ),
    report(
        "The Osk league sent two soldiers home. Putin of Ottawa sold shoes to a club.",
        Told("sent", "RETREAT", "Osk league", "two soldiers | RUS MIL", date="2021-05-04"),
        Told("sold", "COOPERATE", "Putin | CAN BUS", "club | CAN CVL", date="2021-05-05"),
        outlet="Coast Tribune",
    ),
    report(
        "Russia gave missiles to Dewi Larasati. Envoys of Russia praised Dewi Larasati.",
        Told("gave", "AID", "Russia | RUS GOV", "Dewi Larasati | IDN GOV", date="2023-01-01"),
        Told("praised", "SUPPORT", "Russia | RUS GOV", "Dewi Larasati | IDN LEG", date="2023-02"),
        outlet="Sahel Herald",
    ),
    report(
        "Ministers said that Dewi Larasati attacked a village, which Dewi Larasati denied.",
        Told("attacked", "ASSAULT", "Dewi Larasati | IDN GOV", "village | RUS CVL", date="2023-03-01", by="Ministers"),
        outlet="Valley Post",
    ),
]


def test_forms_of_one_name_count_together(ledger: Ledger) -> None:
    found = ledger.names()
    listed = {(one.name, one.country): one for one in found.names}
    assert (found.read, found.complete) == (7, True)
    assert listed["Dewi Larasati", "IDN"].events == 4
    assert listed["Vladimir Putin", "RUS"].forms == ("President Vladimir Putin", "Putin")
    assert listed["Putin", "CAN"].events == 1
    assert not {name for name, _ in listed} & {"two soldiers", "Russia", "village", "club"}
    few = ledger.names(latest=2)
    assert (few.read, few.complete) == (2, False)


def test_one_name_in_full(ledger: Ledger) -> None:
    found = ledger.named("Vladimir Putin", by="year")
    assert found.known is not None
    assert found.complete
    assert dict(found.forms) == {"President Vladimir Putin": 1, "Putin": 1}
    assert found.out.types == {"ACCUSE": 1, "CONSULT": 1}
    assert found.into.types == {"CONSULT": 1}
    assert [(one.country, one.name) for one in found.out.counterparts["ACCUSE"]] == [(None, "Osk league")]
    assert [(row.period, row.events) for row in found.out.series] == [("2022", 2)]
    assert [(c.year, c.country, c.sector, c.events) for c in found.codes] == [("2022", "RUS", "GOV", 2)]
    assert [event.type for event in found.acting] == ["CONSULT", "ACCUSE"]
    assert ledger.named("putin", country="Canada").out.types == {"COOPERATE": 1}


def test_a_name_that_the_register_does_not_know(ledger: Ledger) -> None:
    found = ledger.named("Larasati")
    assert found.known is None
    assert found.read == 4
    assert found.out.types == {"ASSAULT": 1, "CONSULT": 1}
    assert [(c.year, c.sector, c.events) for c in found.codes] == [
        ("2022", "GOV", 1),
        ("2023", "GOV", 2),
        ("2023", "LEG", 1),
    ]
    assert [(one.country, one.events) for one in found.arms.takes] == [("RUS", 1)]
    assert not found.arms.gives
    assert ledger.named("Larasati", since="2023-02").read == 2
    cut = ledger.named("Larasati", most=2)
    assert (cut.read, cut.complete) == (2, False)
    assert ledger.named("soldiers").into.types == {"RETREAT": 1}
    assert ledger.named("nobody at all").forms == ()
    assert found.to_dict()["arms"]["takes"] == [{"country": "RUS", "name": "", "events": 1}]


def test_arms_of_a_country(ledger: Ledger) -> None:
    found = ledger.arms("Russia")
    assert [(one.country, one.events) for one in found.gives] == [("IDN", 1)]
    assert found.takes == ()
    assert found.complete
    assert [one.country for one in ledger.arms("IDN").takes] == ["RUS"]
    assert ledger.arms("IDN", until="2022").takes == ()


def test_a_deal_in_arms_says_not_who_gives(ledger: Ledger) -> None:
    deal = report(
        "Kenya and Chad agreed on rifles.",
        Told("agreed", "AGREE", "Kenya | KEN GOV; Chad | TCD GOV", date="2023-05-01"),
        outlet="Lake Post",
    )
    ledger.store.write(lambda connection: add(connection, [deal]))
    for one, other in (("KEN", "TCD"), ("TCD", "KEN")):
        found = ledger.arms(one)
        assert (found.gives, found.takes) == ((), ())
        assert [(with_whom.country, with_whom.events) for with_whom in found.deals] == [(other, 1)]


@pytest.mark.parametrize("name", ["", "  ", "the", "…"])
def test_a_name_without_a_word_is_refused(ledger: Ledger, name: str) -> None:
    with pytest.raises(BadQuestion, match="no word"):
        ledger.named(name)
