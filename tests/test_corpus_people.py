"""Real persons are refused in the corpus; their namesakes and what is called after them are not."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from training.corpus.check import check_files  # noqa: E402
from training.corpus.items import read_all  # noqa: E402
from training.corpus.load import sources  # noqa: E402
from training.corpus.people import ALONE, check_people, named  # noqa: E402


def words(text: str) -> list[str]:
    return [person.words for person in named(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The envoy saw Vladimir Putin on Monday.", ["Vladimir Putin"]),
        ("Recep Tayyip Erdoğan's party lost the city.", ["Recep Tayyip Erdoğan"]),
        ("Kim Jong-un watched the launch.", ["Kim Jong-un"]),
        ("Analysts said Putin’s offer was old.", ["Putin"]),
        ("On Tuesday Macron flew home.", ["Macron"]),
        ("In Moscow Putin said no. When Trump heard it, he left.", ["Putin", "Trump"]),
        ("Chamber dissolved after Le Pen landslide", ["Le Pen"]),
        ("Anti-Netanyahu marches filled the square.", ["Netanyahu"]),
        ("Prime Minister Johnson asked for a delay.", ["Johnson"]),
        ("Secretary-General Guterres and General Sisi spoke.", ["Guterres", "Sisi"]),
        ("The crowd waited for Xi.", ["Xi"]),
        ("The Bhutto camp would not sit down.", ["Bhutto"]),
    ],
)
def test_a_real_person_is_found(text: str, found: list[str]) -> None:
    assert words(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "Elections are due in May, and Bush knives are banned.",
        "A potter named Johnson sued. Maria Johnson, a nurse, did not.",
        "Ilse Merkel, a beekeeper of 61, lost her hives. Merkel blamed the frost.",
        "Nelson Mandela Bay council was dissolved, and Ho Chi Minh City is hot.",
        "Policemen lined Lumumba boulevard and the Modibo Keita stadium.",
        "The ferry called at General Santos for a third day.",
        "Trade in Xi'an fell; the grocer Xi Baolan closed her shop.",
        "President Santos Ibarra met the bishop.",
        "He played a trump card, and a tusk was seized.",
    ],
)
def test_namesakes_places_and_words_are_not(text: str) -> None:
    assert words(text) == []


@given(
    st.sampled_from(sorted(n for n in ALONE if n.isascii())),
    st.sampled_from(["{} refused.", "The rivals of {} refused.", '"We trust {}", she said.', "They blamed {}'s men."]),
)
def test_a_name_that_stands_alone_is_found_wherever_it_stands(name: str, frame: str) -> None:
    name = name.capitalize()
    text = frame.format(name)
    assert [(p.words, text[p.start : p.end]) for p in named(text)] == [(name, name)]


@given(st.text(max_size=80))
def test_any_text_can_be_read(text: str) -> None:
    ends = [0]
    for person in named(text):
        assert person.start >= ends[-1]
        assert person.words == text[person.start : person.end]
        ends.append(person.end)


def test_the_checker_refuses_the_item_and_says_whom(tmp_path: Path) -> None:
    path = tmp_path / "t1-01.yaml"
    path.write_text(
        "- id: t1-0001\n  kind: passage\n  register: wire\n  published: '2021-06-10'\n"
        "  text: The mayor wrote to Angela Merkel and waited for Merkel's answer.\n  events: []\n",
        "utf-8",
    )
    problems, _ = check_files([path])
    said = [(p.id, p.line, p.message) for p in problems if not p.note and "real person" in p.message]
    assert said == [("t1-0001", 1, "names a real person: 'Angela Merkel' (Angela Merkel)")]


def test_the_corpus_names_no_real_person() -> None:
    items, _ = read_all(sources())
    assert items
    assert [str(problem) for item in items for problem in check_people(item)] == []
