"""The scores are those of the codebook's scorer, and mean what they say."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dragoman import evaluation
from dragoman.evaluation import LEVELS, evaluate, read_gold, read_predicted

SCORER = Path(__file__).parents[1].parent / "shared" / "eval" / "score.py"
Rows = dict[str, list[dict[str, Any]]]


def entity(country: str | None, sector: str | None = "GOV") -> dict[str, Any]:
    return {"text": "x", "start": 0, "end": 1, "country": country, "sector": sector}


def mention(start: int, end: int, trigger: int = 0) -> dict[str, Any]:
    return {"start": start, "end": end, "trigger": {"start": start + trigger, "end": start + trigger + 3}}


def event(type: str = "ASSAULT", **fields: Any) -> dict[str, Any]:
    row = {"type": type, "actor": [entity("RUS")], "recipient": [entity("UKR", "CVL")]}
    return {**row, "mentions": [mention(0, 50)], **fields}


def scored(gold: Rows, predicted: Rows, folder: Path) -> evaluation.Result:
    """Through the files, as a user's data come."""
    read = write(gold, predicted, folder)
    return evaluate(read_gold(read[0]), read_predicted(read[1]))


def write(gold: Rows, predicted: Rows, folder: Path) -> tuple[Path, Path]:
    (folder / "gold").mkdir(exist_ok=True)
    for id, events in gold.items():
        row = {"id": id, "text": "", "events": events}
        (folder / "gold" / f"{id}.json").write_text(json.dumps(row))
    lines = (json.dumps({"id": id, "events": events}) + "\n" for id, events in predicted.items())
    (folder / "coded.jsonl").write_text("".join(lines))
    return folder / "gold", folder / "coded.jsonl"


def f1s(gold: list[dict[str, Any]], predicted: list[dict[str, Any]], folder: Path) -> list[float]:
    result = scored({"a": gold}, {"a": predicted}, folder)
    return [result.levels[level].f1 for level in LEVELS]


def test_the_same_records_are_perfect(tmp_path: Path) -> None:
    rows = [event(), event("CONSULT", mode=["visit"], mentions=[mention(60, 90)])]
    assert f1s(rows, rows, tmp_path) == [1] * 5


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        (event("COERCE"), [1, 0, 0, 0, 0]),
        (event(actor=[entity("BLR")]), [1, 1, 0, 0, 0]),
        (event(actor=[entity("RUS", "MIL")]), [1, 1, 0, 0, 1]),
        (event(actor=[]), [1, 1, 0, 0, 0]),
        (event(recipient=[]), [1, 1, 1, 0, 0]),
        (event(recipient=[entity("UKR", None)]), [1, 1, 1, 0, 1]),
        (event(actor=[entity("RUS"), entity("BLR")]), [1, 1, 1, 1, 1]),
        (event(actor=[entity("RUS"), entity("BLR"), entity("IRN")]), [1, 1, 0, 0, 0]),
        (event(mentions=[mention(60, 90)]), [0, 0, 0, 0, 0]),
        (event(mentions=[mention(25, 90)]), [1, 1, 1, 1, 1]),
        (event(mentions=[mention(26, 90)]), [0, 0, 0, 0, 0]),
    ],
)
def test_each_level_asks_for_more(wrong: dict[str, Any], expected: list[int], tmp_path: Path) -> None:
    assert f1s([event()], [wrong], tmp_path) == expected


def test_a_repeated_record_costs_precision(tmp_path: Path) -> None:
    score = scored({"a": [event()]}, {"a": [event(), event()]}, tmp_path).levels["whowhom"]
    assert (score.hits, score.predicted, score.gold) == (1, 2, 1)
    assert (score.precision, score.recall) == (0.5, 1)


def test_the_likest_records_are_paired(tmp_path: Path) -> None:
    """By trigger and people first: attributes of the right pair count."""
    gold = [event(date="2024-01-01"), event(date="2024-02-02", mentions=[mention(0, 50, 20)])]
    result = scored({"a": gold}, {"a": gold[::-1]}, tmp_path)
    assert result.attributes["date"] == (2, 2)


def test_a_document_not_coded_is_empty_and_named(tmp_path: Path) -> None:
    result = scored({"a": [event()], "b": [event()]}, {"a": [event()], "z": [event()]}, tmp_path)
    assert result.missing == ("b",)
    assert result.levels["typed"].recall == 0.5
    assert result.levels["typed"].precision == 1


def test_nothing_against_nothing_is_no_division_by_zero(tmp_path: Path) -> None:
    result = scored({"a": []}, {"a": []}, tmp_path)
    assert [result.levels[level].f1 for level in LEVELS] == [0] * 5
    assert result.attributes["mode"] == (0, 0)
    assert str(result)


def test_attributes_are_counted_over_typed_pairs(tmp_path: Path) -> None:
    place = {"text": "Kyiv", "country": "UKR"}
    gold = event(mode=["aerial"], factuality="negated", historical=True, date="2024-01", place=place)
    guess = event(mode=["drone"], factuality="negated", date="2024-01-02", place={"country": "UKR"})
    result = scored({"a": [gold]}, {"a": [guess]}, tmp_path)
    expected = {"mode": 0, "factuality": 1, "historical": 0, "date": 0, "place": 1, "attribution": 1}
    assert {name: right for name, (right, _) in result.attributes.items()} == expected


def test_files_of_other_coders_need_only_what_is_scored(tmp_path: Path) -> None:
    bare = {
        "type": "ASSAULT",
        "actor": [{"country": "RUS", "sector": "GOV"}],
        "mentions": [{"start": 0, "end": 9}],
    }
    result = scored({"a": [bare]}, {"a": [bare]}, tmp_path)
    assert result.levels["whowhom"].f1 == 1


@pytest.mark.parametrize(
    "line", ["[]", "{}", '{"id": "a"}', '{"id": "a", "events": [{}]}', '{"id": "a", "events": 1}', "{", "3"]
)
def test_a_line_that_is_no_coded_document_is_named(line: str, tmp_path: Path) -> None:
    path = tmp_path / "coded.jsonl"
    path.write_text(f'{{"id": "b", "events": []}}\n\n{line}\n')
    with pytest.raises(ValueError, match=r"coded\.jsonl, line 3"):
        read_predicted(path)
    (tmp_path / "gold.json").write_text(line)
    with pytest.raises(ValueError, match=r"gold\.json"):
        read_gold(tmp_path)


@pytest.fixture(scope="module")
def scorer() -> ModuleType:
    if not SCORER.is_file():
        pytest.skip("the shared scorer is not here")
    spec = importlib.util.spec_from_file_location("shared_scorer", SCORER)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # It is not ours to leave compiled files beside.
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        spec.loader.exec_module(module)
    finally:
        sys.dont_write_bytecode = before
    return module


@st.composite
def events(draw: st.DrawFn) -> dict[str, Any]:
    people = st.lists(
        st.builds(entity, st.sampled_from([None, "", "RUS", "UKR", "UNO"]), st.sampled_from([None, "GOV", "MIL"])),
        max_size=3,
    )
    start = draw(st.integers(0, 40))
    mentions = [mention(start, start + draw(st.integers(3, 40)), draw(st.integers(0, 9)))]
    if draw(st.booleans()):
        mentions.append(mention(100, 120))
    if draw(st.booleans()):
        del mentions[0]["trigger"]
    optional = {
        "mode": st.lists(st.sampled_from(["aerial", "drone"]), unique=True),
        "factuality": st.sampled_from(["actual", "negated"]),
        "historical": st.booleans(),
        "date": st.sampled_from([None, "", "2024", "2024-01-02"]),
        "place": st.sampled_from([None, {}, {"text": "x", "country": "UKR"}, {"text": "x", "country": None}]),
        "attribution": people,
        "actor": people,
        "recipient": people,
    }
    row = {name: draw(values) for name, values in optional.items() if draw(st.booleans())}
    return {"type": draw(st.sampled_from(["ASSAULT", "ACCUSE"])), "mentions": mentions, **row}


DOCUMENTS = st.dictionaries(st.sampled_from("abcd"), st.lists(events(), max_size=5))


@settings(max_examples=150, deadline=None)
@given(gold=DOCUMENTS.filter(bool), predicted=DOCUMENTS)
def test_figures_equal_those_of_the_shared_scorer(
    gold: Rows, predicted: Rows, scorer: ModuleType, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder, coded = write(gold, predicted, tmp_path_factory.mktemp("gold"))
    theirs = scorer.evaluate(scorer.read_gold(folder), scorer.read_predicted(coded))
    for level in LEVELS:
        interval = scorer.interval(scorer.read_gold(folder), scorer.read_predicted(coded), level, rounds=50)
        theirs[level]["f1_95"] = list(interval)
    before, evaluation.BOOTSTRAP_ROUNDS = evaluation.BOOTSTRAP_ROUNDS, 50
    try:
        ours = evaluate(read_gold(folder), read_predicted(coded)).to_dict()
    finally:
        evaluation.BOOTSTRAP_ROUNDS = before
    assert ours == theirs
