"""Assembly's learned scores: what they compute, that code and files fit together, and what confidence does."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dragoman import Coder, Document, language
from dragoman.actors import Resolution
from dragoman.assembly import casting, keep, merging, options, records
from dragoman.assembly.drafts import ROLES, Draft, choose, likeliest, unnamed
from dragoman.assembly.parties import Party
from dragoman.assembly.scorer import Scorer
from dragoman.assembly.scores import Scores
from dragoman.engines import code_all
from dragoman.extraction.mentions import EventMention
from dragoman.record import Entity, Span

REPORT = Document(
    "Kenya's foreign minister visited Addis Ababa on Monday. He accused Somalia of arming smugglers and urged the "
    "African Union to act. Somali police had detained two Kenyan drivers in May, and Nairobi demands their release. "
    "The visit comes weeks after Ethiopia expelled two Kenyan diplomats over the dispute.",
    published="2024-05-15",
)


def row(**changes: Any) -> dict[str, Any]:
    """A score of two features, two hidden units and one answer."""
    plain = {
        "features": ["a", "b"],
        "answers": ["yes"],
        "thresholds": {"yes": 0.5},
        "mean": [1.0, 0.0],
        "scale": [2.0, 1.0],
        "w1": [[1.0, -1.0], [0.0, 1.0]],
        "b1": [0.0, 0.5],
        "w2": [[1.0], [-2.0]],
        "b2": [0.25],
    }
    return plain | changes


def test_a_score_is_a_layer_a_bend_and_a_layer() -> None:
    scorer = Scorer(row())
    # (2 - 1) * 2 = 2 and 3: hidden is max(2, 0) and max(-2 + 3 + .5, 0); the logit is 2 - 3 + .25.
    assert scorer([[2.0, 3.0]])[0, 0] == pytest.approx(1 / (1 + np.exp(0.75)))
    assert scorer([[1.0, -9.0]])[0, 0] == pytest.approx(1 / (1 + np.exp(-0.25)))


@given(st.lists(st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6)), min_size=1, max_size=5))
def test_scores_are_probabilities(rows: list[tuple[float, float]]) -> None:
    found = Scorer(row())(rows)
    assert found.shape == (len(rows), 1)
    assert ((found >= 0) & (found <= 1)).all()


def test_what_ships_was_fitted_on_the_features_that_the_code_gives() -> None:
    scores = Scores.shipped()
    assert scores.cast.features == casting.FEATURES
    assert scores.keep.features == keep.FEATURES
    assert scores.same.features == merging.FEATURES
    assert scores.event.features == records.FEATURES
    assert scores.date.features == options.DATE_FEATURES
    assert scores.place.features == options.PLACE_FEATURES
    assert scores.cast([[0.0] * len(casting.FEATURES)]).shape == (1, len(ROLES))
    assert "source" in scores.cast.thresholds


# Confidence


@pytest.fixture(scope="module")
def everything() -> dict[str, float]:
    found = Coder(min_confidence=0.0).code(REPORT).events
    assert all(e.confidence is not None for e in found)
    return {e.id: e.confidence or 0.0 for e in found}


@settings(deadline=None, max_examples=15)
@given(least=st.floats(0, 1))
def test_a_higher_confidence_keeps_fewer_of_the_same_records(everything: dict[str, float], least: float) -> None:
    kept = {e.id: e.confidence for e in Coder(min_confidence=least).code(REPORT).events}
    assert all((kept[i] or 0.0) >= least - 0.0005 for i in kept)
    assert kept.keys() <= everything.keys()
    assert {i for i, p in everything.items() if p > least + 0.0005} <= kept.keys()


def test_by_default_the_confidence_that_did_best_decides() -> None:
    least = Scores.shipped().event.thresholds["event"]
    assert 0 < least < 1
    assert Coder().code(REPORT) == Coder(min_confidence=least).code(REPORT)


def test_plain_events_are_surer_than_none() -> None:
    found = {e.type: e.confidence or 0.0 for e in Coder().code(REPORT).events}
    assert found["CONSULT"] > 0.5
    assert found["ACCUSE"] > 0.5


@pytest.mark.parametrize("least", [-0.1, 1.1, float("nan")])
def test_a_confidence_out_of_range_is_refused(least: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        Coder(min_confidence=least)
    with pytest.raises(ValueError, match="between 0 and 1"):
        code_all([], min_confidence=least)


# Parts


def draft(text: str, word: str, kind: str, **fields: Any) -> Draft:
    document = language.parse(Document(text))
    head = next(t for t in document.tokens if t.text == word)
    mention = EventMention(head.sentence, head, Span(head.start, head.end), kind)
    plain: dict[str, Any] = {"mode": (), "factuality": "actual", "historical": False, "date": None}
    return Draft(kind, mentions=[mention], **(plain | fields))


def party(text: str, start: int, country: str, sector: str) -> Party:
    entity = Entity(text, start, start + len(text), country, sector)
    return Party(entity, Resolution(country, sector, reason="a test"))


def test_each_role_takes_the_codes_that_are_likeliest_together() -> None:
    found = draft("Kenya attacked Sudan.", "attacked", "ASSAULT")
    ken, sdn = party("Kenya", 0, "KEN", "GOV"), party("Sudan", 15, "SDN", "GOV")
    found.phrases = {ken.key: (ken,), sdn.key: (sdn,)}
    found.opinions = {ken.key: ("", "", ""), sdn.key: ("", "", "")}
    found.chances = {ken.key: (0.9, 0.1, 0.0), sdn.key: (0.2, 0.8, 0.0)}
    choose(found, {"source": 0.5})
    assert [p.key for p in found.actor] == [("KEN", "GOV")]
    assert [p.key for p in found.recipient] == [("SDN", "GOV")]
    assert found.attribution == []
    found.chances = {ken.key: (0.1, 0.9, 0.0), sdn.key: (0.05, 0.8, 0.7)}
    choose(found, {"source": 0.5})
    assert found.actor == []
    assert len(found.recipient) == 2
    assert [p.key for p in found.attribution] == [("SDN", "GOV")]
    assert any(r.field == "actor" and "likely" in r.why for r in found.reasons)


def test_words_with_two_readings_stand_for_one() -> None:
    found = draft("The minister attacked Sudan.", "attacked", "ASSAULT")
    ken = party("minister", 4, "KEN", "GOV")
    moved = replace(party("minister", 4, "UGA", "GOV"), moved=True)
    found.phrases = {ken.key: (ken,), moved.key: (moved,)}
    found.opinions = {ken.key: ("", "", ""), moved.key: ("", "", "")}
    found.chances = {ken.key: (0.8, 0.0, 0.0), moved.key: (0.7, 0.0, 0.0)}
    choose(found, {"source": 0.5})
    assert [p.key for p in found.actor] == [("KEN", "GOV")]
    # "The ambassadors of Kenya and Uganda" are both.
    found.phrases[moved.key] = (replace(moved, moved=False),)
    choose(found, {"source": 0.5})
    assert len(found.actor) == 2


@pytest.mark.parametrize(
    ("chances", "count"),
    [((), 0), ((1.0,), 1), ((1.0, 1.0, 0.0), 2), ((0.05, 0.05), 0), ((0.95, 0.3), 1), ((0.9, 0.85, 0.8), 3)],
)
def test_the_likeliest_set(chances: tuple[float, ...], count: int) -> None:
    assert likeliest(chances) == count


@given(st.lists(st.floats(0, 1), max_size=6))
def test_a_likelier_party_never_makes_nobody_of_somebody(chances: list[float]) -> None:
    chances = sorted(chances, reverse=True)
    found = likeliest(chances)
    assert 0 <= found <= len(chances)
    if found:
        assert likeliest([1.0, *chances[1:]]) >= 1


@pytest.mark.parametrize(
    ("key", "type", "role", "codes"),
    [
        (("MLI", "UNK"), "ASSAULT", "actor", ("MLI", "UAF")),
        (("MLI", "UNK"), "ASSAULT", "recipient", ("MLI", "CVL")),
        (("MLI", "UNK"), "REQUEST", "actor", ("MLI", "CVL")),
        (("MLI", "REB"), "ASSAULT", "actor", ("MLI", "REB")),
    ],
)
def test_nobodies_are_civilians_or_gunmen(key: casting.Key, type: str, role: str, codes: casting.Key) -> None:
    assert unnamed(key, type, role) == codes


def test_only_mentions_of_one_type_may_be_one_event() -> None:
    a = draft("Kenya attacked Sudan.", "attacked", "ASSAULT", score=0.9)
    b = draft("Kenya met Sudan.", "met", "CONSULT", score=0.9)
    c = draft("The attack shocked Khartoum.", "attack", "ASSAULT", score=0.8)
    assert merging.pairs([a, b, c]) == [(0, 2)]
    width = len(merging.FEATURES)

    def scorer(logit: float) -> Scorer:
        return Scorer(
            row(
                features=list(merging.FEATURES),
                thresholds={"same": 0.5},
                mean=[0.0] * width,
                scale=[1.0] * width,
                w1=[[0.0]] * width,
                b1=[0.0],
                w2=[[0.0]],
                b2=[logit],
            )
        )

    assert merging.cluster([a, b, c], scorer(5.0)) == [[a, c], [b]]
    assert merging.cluster([a, b, c], scorer(-5.0)) == [[a], [b], [c]]


@pytest.mark.parametrize(
    ("a", "b", "agree"),
    [
        ("2025-03", "2025-03-14", True),
        ("2025-03-13", "2025-03-14", False),
        (None, "2025", True),
        ("2025-03-01/2025-03-10", "2025-03-05", True),
        ("2025-03-01/2025-03-10", "2025-04", False),
    ],
)
def test_dates_of_different_precision_may_agree(a: str | None, b: str | None, agree: bool) -> None:
    assert merging.dates_agree(a, b) is agree
    assert merging.dates_agree(b, a) is agree
