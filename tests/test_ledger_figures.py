"""Figures of casualties: what is told of how many, and what only looks like it. All sentences are our own."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.ledger.amounts import amount, tokens
from dragoman.ledger.figures import Figure, find, told
from dragoman.record import Mention, Span

TOLD = {
    # Done to them
    "At least 12 people were killed in the raid.": "killed 12 or more",
    "Two soldiers died of their wounds on Tuesday.": "killed 2",
    "A policeman was shot dead outside the bank.": "killed 1",
    "Half a dozen men were stabbed to death.": "killed 6",
    "Nineteen miners have been killed since March.": "killed 19",
    "More than a hundred people were arrested.": "detained 101 or more",
    "Fewer than 20 residents were hurt.": "wounded up to 19",
    "Up to 40 rebels were killed, the army said.": "killed up to 40",
    "Between 10 and 15 militants were killed.": "killed 10 to 15",
    "Some 20 to 25 villagers are missing.": "missing 20 to 25",
    "Thirty or more passengers were injured.": "wounded 30 or more",
    "Two hundred and fifty people were detained.": "detained 250",
    "Tens of thousands of people have been displaced.": "displaced 20,000 or more",
    "Some 3,000 fled across the river.": "displaced 3,000",
    "An estimated 1.2 million people were displaced by the fighting.": "displaced 1,200,000",
    "Nearly 400 families of soldiers and 12 civilians were killed.": "killed 12",
    "Several people were wounded.": "wounded 2 or more",
    "Both pilots were killed.": "killed 2",
    "The two drivers were later found dead.": "killed 2",
    "Twelve people, including three children, were killed.": "killed 12",
    "Three soldiers and a policeman were killed.": "killed 4",
    "Two guards, a nurse and three visitors were killed.": "killed 6",
    "Seven people remain unaccounted for.": "missing 7",
    "A 12-year-old boy was killed.": "killed 1",
    "Seven more villagers had died by noon.": "killed 7",
    "Six gunmen had killed eighteen tourists.": "killed 18",
    "Four aid workers were kidnapped on the road to the coast.": "abducted 4",
    "Forty-two of the passengers were hurt.": "wounded 42",
    "Four Kurds were killed and a Syrian was wounded.": "killed 4, wounded 1",
    "Twelve people were killed and 30 others were wounded.": "killed 12, wounded 30",
    "The attack left 12 people dead and 30 injured.": "killed 12, wounded 30",
    "Police counted 12 dead, 40 injured and 3 missing.": "killed 12, wounded 40, missing 3",
    # What is done
    "The blast tore through a market, killing 12 and wounding dozens.": "killed 12, wounded 24 or more",
    "Two gunmen killed five people.": "killed 5",
    "Gunmen killed nine soldiers and kidnapped a district judge.": "killed 9, abducted 1",
    "The storm displaced hundreds of thousands of people.": "displaced 200,000 or more",
    "Police arrested six demonstrators outside the embassy.": "detained 6",
    "Shelling killed two Palestinians and wounded a nurse.": "killed 2, wounded 1",
    "The raid cost 12 lives.": "killed 12",
    "The flood claimed at least 30 lives.": "killed 30 or more",
    "The bombing claimed the lives of 14 pupils.": "killed 14",
    "The police announced the arrest of three suspects.": "detained 3",
    "They took 20 schoolgirls hostage.": "abducted 20",
    "The group is holding 15 hostages in the hills.": "abducted 15",
    "The strike killed one of the group's commanders.": "killed 1",
    "Troops shot two men dead.": "killed 2",
    "The collapse killed two miners and three engineers.": "killed 5",
    "It killed 12 fishermen, three of them brothers.": "killed 12",
    "Fire broke out, injuring 8.": "wounded 8",
    # Tolls and nouns
    "The death toll rose to 15 on Friday.": "killed 15",
    "The death toll has risen from 12 to 15.": "killed 15",
    "The storm had a death toll of 44.": "killed 44",
    "The toll climbed past 300, and now stands at 312.": "killed 300",
    "The number of people injured reached 97.": "wounded 97",
    "There were 12 deaths and 80 arrests.": "killed 12, detained 80",
    # Nobody
    "No one was hurt.": "wounded 0",
    "Nobody was killed or injured in the crash.": "killed 0, wounded 0",
    "None of the passengers was injured.": "wounded 0",
    "There were no casualties.": "killed 0, wounded 0",
    "The ship was freed without loss of life.": "killed 0",
    "No arrests were made.": "detained 0",
    "No deaths or injuries were reported.": "killed 0, wounded 0",
}

NOTHING = (
    # Years, days, ages, ordinals, addresses
    "In 2014 killed rebels were buried here.",
    "On March 12 killed soldiers were buried.",
    "On 12 May wounded men were flown out.",
    "The man, 45, was killed by a sniper.",
    "Among them is a boy of fifteen and his dog who died.",
    "The 12th brigade was dispersed.",
    "A third was killed by the bill.",
    "Flight 17 killed the debate about safety.",
    "Article 50 killed the deal.",
    # Other things
    "Police have 12 reports of killed pets.",
    "Drought killed 40 cows.",
    "The fire killed $12 million in sales.",
    "The vote killed two bills.",
    "The company displaced 12 rivals' products.",
    "About 12% were killed off by frost.",
    "The rate is 12 deaths per 1,000 births.",
    "The toll on the bridge is set by 12 councils.",
    # Who acts
    "Two gunmen killed the mayor.",
    "Three soldiers wounded civilians.",
    "Six gunmen had killed the mayor.",
    "He was killed by two men.",
    "Twelve officers arrested the general.",
    # Nobody says how many of each, or of all
    "Twelve people were killed or wounded.",
    "Shelling killed or wounded 12 civilians.",
    "It killed a boy and his mother.",
    "Two guards and their driver were killed.",
    "A crew was killed.",
    # Not so, or not yet, or not known
    "The army denied killing 12 civilians.",
    "Twelve people were not killed.",
    "The strike could kill 12 people.",
    "Up to 20 people may have been killed.",
    "Twelve people are feared dead.",
    "The men plotted to kidnap a judge.",
    "There were no reports of casualties.",
    "There was no word on injuries.",
    # Escapes and releases
    "Two suspects fled the scene.",
    "Rebels freed 20 hostages.",
    "The 40 tanks fled.",
    "Thousands marched in the capital.",
)


def said(sentence: str) -> str:
    return ", ".join(map(str, find(sentence)))


@pytest.mark.parametrize(("sentence", "figures"), TOLD.items())
def test_figures_are_told(sentence: str, figures: str) -> None:
    assert said(sentence) == figures


@pytest.mark.parametrize("sentence", NOTHING)
def test_what_is_no_figure_is_none(sentence: str) -> None:
    assert said(sentence) == ""


@pytest.mark.parametrize("sentence", TOLD)
def test_words_are_those_of_the_sentence(sentence: str) -> None:
    for figure in find(sentence, 100):
        assert sentence[figure.start - 100 : figure.end - 100] == figure.words


def test_the_words_keep_that_a_figure_is_not_exact() -> None:
    [figure] = find("Some 3,000 fled across the river.")
    assert (figure.least, figure.most, figure.words) == (3000, 3000, "Some 3,000 fled")


def test_a_sentence_of_two_mentions_is_told_once() -> None:
    sentence = "Gunmen killed nine soldiers and fled."
    mentions = [Mention(40, 77, Span(47, 53)), Mention(40, 77, Span(72, 76)), Mention(0, 20, Span(2, 5))]
    figures = told(mentions, [sentence, sentence, "A man was detained."])
    assert [(str(f), f.start) for f in figures] == [("detained 1", 0), ("killed 9", 47)]
    assert told(mentions, []) == ()


def test_figures_survive_json() -> None:
    [figure] = find("At least 12 people were killed.", 7)
    assert Figure.from_dict(figure.to_dict()) == figure
    assert figure.most is None


@given(st.integers(1, 999_999))
def test_a_number_is_read_in_figures_and_with_commas(number: int) -> None:
    for written in (str(number), f"{number:,}"):
        found = amount(tokens(f"{written} people"), 0)
        assert found is not None
        assert (found.least, found.most, found.after) == (number, number, 1)


_WORDS = {7: "seven", 12: "twelve", 30: "thirty", 45: "forty-five", 100: "a hundred", 104: "one hundred and four"} | {
    350: "three hundred and fifty",
    1000: "a thousand",
    2500: "two thousand five hundred",
    12000: "twelve thousand",
    3_000_000: "three million",
}


@pytest.mark.parametrize(("number", "written"), _WORDS.items())
def test_a_number_is_read_in_words(number: int, written: str) -> None:
    found = amount(tokens(f"{written} people"), 0)
    assert found is not None
    assert (found.least, found.most) == (number, number)
    assert tokens(f"{written} people")[found.after].text == "people"


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    for figure in find(text):
        assert text[figure.start : figure.end] == figure.words
        assert figure.least is not None or figure.most is not None
        assert figure.least is None or figure.most is None or figure.least <= figure.most


_LEXICON = st.sampled_from(
    "12 people were killed and or , wounded dozens of a soldier between to from death toll rose no one not -".split()
)


@given(st.lists(_LEXICON, max_size=20))
def test_any_words_of_its_own_are_read(words: list[str]) -> None:
    text = " ".join(words)
    for figure in find(text):
        assert text[figure.start : figure.end] == figure.words
        assert figure.least is None or figure.most is None or figure.least <= figure.most
