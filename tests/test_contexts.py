"""The contexts of a document: the lexicon is sound, and finds what reports are about."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.assembly.contexts import build_lexicon, context_scores, find_contexts
from dragoman.codebook import CONTEXTS, CodebookError

SHARED = Path(__file__).parents[1].parent / "shared"

REPORTS = {
    "cbrn": (
        "Halvia restarts enrichment",
        "Inspectors of the nuclear agency said that Halvia had begun to enrich uranium at its Mirov "
        "plant. The centrifuges, sealed for six years, could yield fissile material for a nuclear weapon"
        " within months.",
    ),
    "election": (
        "Osk counts ballots",
        "Polling stations in Osk closed late as voters queued in the rain. The electoral commission expects "
        "a runoff between the two leading candidates and put turnout at 71 percent.",
    ),
    "disasters": (
        "Earthquake levels villages in Var",
        "A magnitude 6.8 earthquake struck the Var valley before dawn. Rescue teams dug through rubble while "
        "aftershocks and landslides blocked the only road.",
    ),
    "illegal_drugs": (
        "Navy seizes cocaine off Cape Ros",
        "A patrol found four tons of cocaine on a trawler, the largest drug seizure of the year. The "
        "narcotics office said that the Tarn cartel owned the cargo of cocaine and heroin.",
    ),
    "lgbt": (
        "Court strikes down same-sex marriage ban",
        "Gay couples cheered outside the court in Ferrant after judges ended the ban on same-sex marriage. "
        "Transgender activists plan a pride parade.",
    ),
    "cyber": (
        "Hackers cripple ministry",
        "A ransomware attack took the servers of the Norland interior ministry offline. The cybersecurity "
        "agency said that the hackers had used stolen passwords and malware sent by phishing.",
    ),
    "health": (
        "Cholera spreads in Osk",
        "Hospitals in the capital treat hundreds of cholera patients. The health ministry ordered "
        "vaccines and asked the World Health Organization for doctors.",
    ),
    "corruption": (
        "Former minister held over bribes",
        "The anti-corruption bureau says that the former minister took bribes and kickbacks for road "
        "contracts and embezzled public funds through offshore accounts.",
    ),
}


@pytest.mark.parametrize("context", REPORTS)
def test_the_topic_of_a_short_report_comes_first(context: str) -> None:
    title, text = REPORTS[context]
    assert find_contexts(text, title)[0] == context


def test_a_report_on_two_matters_has_both() -> None:
    text = (
        "Airstrikes and artillery fire killed nine soldiers on the front line near Var while foreign "
        "ministers held peace talks in Berne. The ambassador of Norland said that the summit had agreed "
        "on a ceasefire, and that troops and warplanes would stay out of the valley. Mediators from the "
        "United Nations and special envoys meet again on Monday, and both armies ordered their brigades "
        "to hold fire. The defense minister of Halvia flew to the capital for bilateral talks on the "
        "military operation and on diplomatic relations."
    )
    assert set(find_contexts(text)[:2]) == {"military", "diplomatic"}


@pytest.mark.parametrize("text", ["", " \n", "...", "The cat sat on the mat.", "1 2 3", "\u202e\u0301\U0001f600"])
def test_a_text_about_nothing_has_none(text: str) -> None:
    assert find_contexts(text) == ()


def test_capitals_matter_where_the_term_has_them() -> None:
    """The organisation WHO is a term, the pronoun is not."""
    assert context_scores("the WHO").get("health", 0) > 0
    assert "health" not in context_scores("those who left")


def test_phrases_match_across_hyphens_and_case_but_not_in_pieces() -> None:
    assert context_scores("Same-Sex couples")["lgbt"] == context_scores("same sex couples")["lgbt"]
    assert "lgbt" not in context_scores("the same day, sex and age")
    # the phrase may not run past the end of the text
    assert "lgbt" not in context_scores("the same")


def test_repeating_one_word_tells_less_than_many_words() -> None:
    once = context_scores("tariffs")["economic"]
    often = context_scores("tariffs " * 40)["economic"]
    varied = context_scores("tariffs inflation exports recession unemployment economists currency")["economic"]
    assert once < often < varied


def test_a_title_counts_more_than_the_text() -> None:
    filler = "nothing is said here " * 40
    assert context_scores(filler, "A famine")["human_security"] > context_scores(filler + "A famine")["human_security"]


@given(st.text(max_size=400), st.text(max_size=60), st.integers(min_value=1, max_value=6))
def test_any_text_gives_known_contexts_once_and_within_the_limit(text: str, title: str, limit: int) -> None:
    found = find_contexts(text, title, limit=limit)
    assert len(found) <= limit
    assert len(set(found)) == len(found)
    assert set(found) <= set(CONTEXTS)
    assert found == find_contexts(text, title, limit=limit)


@given(st.lists(st.sampled_from(["troops", "tariffs", "refugees", "court", "virus", "the", "of"]), max_size=60))
def test_contexts_come_in_the_order_of_their_scores(words: list[str]) -> None:
    text = " ".join(words)
    scores = context_scores(text)
    assert list(scores.values()) == sorted(scores.values(), reverse=True)
    assert list(find_contexts(text)) == list(scores)[: len(find_contexts(text))]


def test_every_context_can_be_found_by_its_own_terms() -> None:
    """Ten of a context's strongest terms in a row put it among the contexts found."""
    import yaml

    import dragoman.assembly.contexts as room

    path = Path(room.__file__).with_name("contexts.yaml")
    rows = yaml.safe_load(path.read_text("utf-8"))
    for name, terms in rows.items():
        assert sum(len(t) for t in terms.values()) >= 25, name
        said = ". ".join(str(term).rstrip("*") for term in terms[3][:10])
        assert name in find_contexts(said), name


def _rows(**changes: dict[int, list[str]]) -> dict[str, dict[int, list[str]]]:
    return {name: {3: [f"word{i}"]} for i, name in enumerate(CONTEXTS)} | changes


def test_a_wrong_lexicon_is_an_error() -> None:
    assert build_lexicon(_rows()).names == tuple(CONTEXTS)
    with pytest.raises(CodebookError, match="weather"):
        build_lexicon(_rows(weather={3: ["rain"]}))
    with pytest.raises(CodebookError, match="twice"):
        build_lexicon(_rows(health={3: ["virus"], 1: ["virus"]}))
    with pytest.raises(CodebookError, match="no word"):
        build_lexicon(_rows(health={3: ["--"]}))
    with pytest.raises(CodebookError, match="no word"):
        build_lexicon(_rows(health={3: ["v*"]}))
    with pytest.raises(CodebookError, match="weight 4"):
        build_lexicon(_rows(health={4: ["virus"]}))
    short = _rows()
    del short["health"]
    with pytest.raises(CodebookError, match="health"):
        build_lexicon(short)


def _micro(folder: Path) -> float:
    hits = total = 0
    for path in sorted(folder.glob("*.json")):
        row = json.loads(path.read_text("utf-8"))
        gold, found = set(row["contexts"]), set(find_contexts(row["text"], row.get("title") or ""))
        hits += len(gold & found)
        total += len(gold) + len(found)
    return 2 * hits / total


# Floors some .03 below the figures measured (.854 and .732): train is what the constants were set on, dev
# was not looked at.
@pytest.mark.parametrize(("part", "floor"), [("train", 0.82), ("dev", 0.70)])
def test_micro_f1_on_gold(part: str, floor: float) -> None:
    folder = SHARED / "gold" / part
    if not folder.is_dir():
        pytest.skip("gold is not here")
    assert _micro(folder) >= floor
