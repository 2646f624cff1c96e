"""Whom the words of a document stand for, by what the document says elsewhere."""

from __future__ import annotations

import pytest

from dragoman import language
from dragoman.assembly.parties import Party
from dragoman.assembly.records import known
from dragoman.language.phrases import noun_phrase
from dragoman.record import Document

PUBLISHED = "2025-03-14"


def parties(text: str, word: str, nth: int = 0, date: str | None = None, published: str = PUBLISHED) -> list[Party]:
    """Whom the nth token ``word`` of a text stands for."""
    document = language.parse(Document(text, published))
    heads = [t for t in document.tokens if t.text == word]
    _, found = known(document)
    return found.resolve(noun_phrase(heads[nth]), date)


def codes(text: str, word: str, nth: int = 0, date: str | None = None) -> list[tuple[str | None, str | None]]:
    return [p.key for p in parties(text, word, nth, date)]


@pytest.mark.parametrize(
    ("text", "word", "expected"),
    [
        # Offices told beside the name
        ("Asha Nimo, who served as the Kenyan army's spokesperson, met reporters.", "Nimo", ("KEN", "MIL")),
        ("Asha Nimo, who heads the Kenyan parliament, met reporters.", "Nimo", ("KEN", "LEG")),
        ("Asha Nimo, co-founder and director of the Kenyan Rights Center, spoke.", "Nimo", ("KEN", "SOC")),
        ("Asha Nimo, director at the Kenyan charity Clean Water, spoke.", "Nimo", ("KEN", "SOC")),
        # What stands beside a known body does not describe it
        ("Aid from the Kenyan army, UNICEF and others arrived.", "UNICEF", ("UNO", "GOV")),
        # The Hague-based, Somalia-based
        ("The Hague-based International Court of Justice ruled.", "Court", ("UNO", "JUD")),
    ],
)
def test_a_name_is_what_the_document_says_of_it(text: str, word: str, expected: tuple[str, str]) -> None:
    assert codes(text, word) == [expected], parties(text, word)


def test_a_last_name_is_the_persons_and_not_the_companys() -> None:
    text = "Ontario Premier Doug Ford spoke in Toronto. Ford called the tariffs unfair."
    assert codes(text, "Ford", 1) == [("CAN", "GOV")]
    assert codes("Workers at Ford walked out.", "Ford") == [("USA", "BUS")]


def test_former_is_who_is_former_at_publication() -> None:
    text = "Former President Barack Obama spoke in Berlin. Obama visited Cuba in 2016."
    document = language.parse(Document(text, "2020-06-01"))
    _, found = known(document)
    head = [t for t in document.tokens if t.text == "Obama"][1]
    assert [p.key for p in found.resolve(noun_phrase(head), "2016-03-20")] == [("USA", "GOV")]
    assert [p.key for p in found.resolve(noun_phrase(head), "2020-05-30")] == [("USA", "ELI")]


def test_one_state_of_a_region_is_the_reports() -> None:
    text = "Kenya banned the group. The East African nation said it would try its leaders. Kenya has done so before."
    assert codes(text, "nation") == [("KEN", "GOV")]


def test_leaders_of_another_kind_are_not_those_named_before() -> None:
    text = "Leaders of the Syrian army met in Cairo. Protest leaders in Kenya stayed away. Kenya was quiet."
    assert codes(text, "leaders") == [("KEN", "CVL")]


def test_he_is_who_acts_rather_than_whom_the_sentence_names_last() -> None:
    text = (
        "Kenyan President William Ruto spoke in Nairobi. In a talk with the Somali police chief last week, "
        "he called the plan unfair."
    )
    assert codes(text, "he") == [("KEN", "GOV")]


def test_i_is_who_speaks_through_a_long_quotation() -> None:
    text = (
        "“This is unfair,” Kenyan lawmaker Asha Nimo said. “The court was wrong. The judges knew it. "
        "I will ask for a new trial.”"
    )
    assert codes(text, "I") == [("KEN", "LEG")]
