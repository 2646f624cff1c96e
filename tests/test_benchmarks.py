"""The benches count as they say, each runs as a command, and the figures hold and are frozen."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
if str(ROOT) not in sys.path:  # pytest itself puts only the tests' own folder there
    sys.path.insert(0, str(ROOT))

from benchmarks import gold, relations, run, speed  # noqa: E402

from dragoman.record import Entity, Event, Mention, Span  # noqa: E402

Figures = dict[str, Any]
TEXT = "Kenya condemned the coup. Ethiopia expelled two Eritrean diplomats on Tuesday."


def last_line(module: str, *arguments: str | Path) -> Figures:
    """What a bench's command prints last."""
    ran = subprocess.run(
        [sys.executable, "-m", f"benchmarks.{module}", *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=ROOT,
    )
    assert ran.returncode == 0, ran.stderr
    figures: Figures = json.loads(ran.stdout.splitlines()[-1])
    return figures


def event(type: str, start: int, end: int, **fields: Any) -> Event:
    return Event(type=type, mentions=(Mention(start, end, Span(start, start + 5)),), **fields)


@pytest.fixture
def gold_folder(tmp_path: Path) -> Path:
    entity = {"text": "Ethiopia", "start": 26, "end": 34, "country": "ETH", "sector": "GOV"}
    mention = {"start": 26, "end": len(TEXT), "trigger": {"start": 35, "end": 43}}
    expelled = {
        "type": "SANCTION",
        "mode": ["expel"],
        "actor": [entity],
        "recipient": [],
        "factuality": "actual",
        "historical": False,
        "date": "2025-03-11",
        "place": None,
        "attribution": [],
        "mentions": [mention],
    }
    row = {"id": "one", "published": "2025-03-14", "title": "", "text": TEXT, "events": [expelled]}
    (tmp_path / "one.json").write_text(json.dumps(row), "utf-8")
    return tmp_path


def test_gold_command(gold_folder: Path) -> None:
    figures = last_line("gold", gold_folder)
    assert figures["documents"] == 1
    assert set(figures["types"]) >= {"SANCTION"}
    assert figures["typed"]["gold"] == 1
    assert figures["types"]["SANCTION"]["hits"] == figures["typed"]["hits"] == 1
    assert set(figures["attributes"]) == {"mode", "factuality", "historical", "date", "place", "attribution"}
    assert figures["roles"]["actor"] == {"accuracy": 1.0, "n": 1}


def test_parties_command(tmp_path: Path) -> None:
    text = "Kenya's army crossed the border. The army said it had lost two men. Ethiopia denied it."

    def entity(words: str, nth: int, country: str, sector: str) -> dict[str, Any]:
        start = [m.start() for m in re.finditer(rf"\b{words}\b", text)][nth]
        return {"text": words, "start": start, "end": start + len(words), "country": country, "sector": sector}

    told = {
        "type": "MOBILIZE",
        "mode": [],
        "actor": [entity("army", 1, "KEN", "MIL"), entity("Ethiopia", 0, "ETH", "MIL"), entity("it", 0, "KEN", "MIL")],
        "recipient": [],
        "factuality": "actual",
        "historical": False,
        "date": None,
        "place": None,
        "attribution": [],
        "mentions": [{"start": 0, "end": 32, "trigger": {"start": 13, "end": 20}}],
    }
    row = {"id": "one", "published": "2025-03-14", "title": "", "text": text, "events": [told, {**told, "type": "AID"}]}
    (tmp_path / "one.json").write_text(json.dumps(row), "utf-8")
    figures = last_line("parties", tmp_path)
    assert figures["description"] == {"asked": 1, "country": 1.0, "both": 1.0}
    assert figures["name"] == {"asked": 1, "country": 1.0, "both": 0.0}
    assert figures["pronoun"]["asked"] == 1
    assert figures["all"]["asked"] == 3


def test_ablation_command(gold_folder: Path) -> None:
    figures = last_line("ablation", gold_folder)
    assert set(figures) == {"both", "model alone", "lexicon alone"}
    # The lexicon has "expelled" by its entry, the model by its training.
    assert all(row["typed"]["recall"] == 1.0 for row in figures.values())


def test_gold_command_on_a_folder_without_gold(tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as stop:
        gold.main([str(tmp_path)])
    assert stop.value.code == 2


def test_gold_counts_types_and_roles() -> None:
    kenya, sudan = Entity("Kenya", 0, 5, "KEN", "GOV"), Entity("army", 9, 12, "SDN", "MIL")
    told = {"d": [event("ASSAULT", 0, 20, actor=(kenya,), recipient=(sudan,)), event("AID", 30, 50)]}
    coded = {
        "d": [
            event("ASSAULT", 0, 20, actor=(Entity("Kenya", 0, 5, "KEN", "MIL"),), recipient=(kenya,)),
            event("ASSAULT", 60, 80),
        ]
    }
    types = gold.by_type(told, coded)
    assert {t: (row["hits"], row["predicted"], row["gold"]) for t, row in types.items()} == {
        "ASSAULT": (1, 2, 1),
        "AID": (0, 0, 1),
    }
    assert types["ASSAULT"]["f1"] == pytest.approx(2 / 3)
    roles = gold.roles(told, coded)
    assert {name: row["accuracy"] for name, row in roles.items()} == {
        "actor": 0.0,
        "actor_country": 1.0,
        "recipient": 0.0,
        "recipient_country": 0.0,
    }


MARKED = """sentence\tmarked_sentence\tsource\ttarget\ttype\tquad
x\tGAO, Mali (Agency) -- <s>Rebels</s> attacked <t>a post</t> on Friday.\tRebels\ta post\tASSAULT\t4
x\t<s>Oman</s> praised "<t>Qatar</t>.\tOman\tQatar\tSUPPORT\t1
x\t<s>Troops</s> withdrew from <t>Kyiv</t>.\tTroops\tKyiv\tYIELD\t2
x\t<s>The weather</s> was fine in <t>Lima</t>.\tThe weather\tLima\tAID\t2
"""


def test_relations_command(tmp_path: Path) -> None:
    path = tmp_path / "pairs.tsv"
    path.write_text(MARKED, "utf-8")
    figures = last_line("relations", path)
    assert figures["sentences"] == 4
    assert (figures["coverage"], figures["accuracy"], figures["macro_f1"]) == (0.75, 0.75, 0.75)
    assert {t: row["f1"] for t, row in figures["types"].items()} == {
        "AID": 0.0,
        "ASSAULT": 1.0,
        "SUPPORT": 1.0,
        "YIELD": 1.0,
    }


def test_relations_command_on_another_layout(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text("phrase\tdate\nx\ty\n", "utf-8")
    (tmp_path / "b.tsv").write_text("marked_sentence\ttype\n<s>Oman praised <t>Qatar</t>\tSUPPORT\n", "utf-8")
    for name in ("a.tsv", "b.tsv", "none.tsv"):
        with pytest.raises(SystemExit) as stop:
            relations.main([str(tmp_path / name)])
        assert stop.value.code == 2


@pytest.mark.parametrize(
    ("marked", "text", "source", "target"),
    [
        ("<s>Oman</s> met <t>Iran</t>.", "Oman met Iran.", ["Oman"], ["Iran"]),
        ("ADEN, May 15 (Agency) -- <s>Oman</s> left.", "Oman left.", ["Oman"], []),
        ("THE HAGUE: <t>Oman</t> left.", "Oman left.", [], ["Oman"]),
        ("<s>UN</s> - a talking shop - met.", "UN - a talking shop - met.", ["UN"], []),
        (
            "ADEN - <s>Oman</s> met <t>Iran</t>, <s>Oman</s> said.",
            "Oman met Iran, Oman said.",
            ["Oman", "Oman"],
            ["Iran"],
        ),
        ("US-led forces met <s>Oman</s>.", "US-led forces met Oman.", ["Oman"], []),
    ],
)
def test_marks_lie_on_their_words(marked: str, text: str, source: list[str], target: list[str]) -> None:
    plain, s, t = relations.unmark(marked)
    assert plain == text
    assert [plain[a:b] for a, b in s] == source
    assert [plain[a:b] for a, b in t] == target


def test_the_marked_pair_chooses_the_mention() -> None:
    from dragoman import Document, language
    from dragoman.extraction import LexicalExtractor

    text = "China condemned Japan, and Kenya attacked Sudan."
    mentions = LexicalExtractor().extract(language.parse(Document(text)))
    assert {m.type for m in mentions} == {"ACCUSE", "ASSAULT"}

    def chosen(source: str, target: str) -> str | None:
        at, to = ([(text.index(w), text.index(w) + len(w))] if w else [] for w in (source, target))
        best = relations.choose(mentions, relations.Item(text, at, to, "AID"))
        return best.type if best else None

    assert chosen("China", "Japan") == "ACCUSE"
    assert chosen("Kenya", "Sudan") == "ASSAULT"
    assert chosen("", "Sudan") == "ASSAULT"
    assert chosen("and", "") == "ASSAULT"
    assert relations.choose([], relations.Item(text, [], [], "AID")) is None


def test_types_without_gold_are_left_out_of_the_macro_f1() -> None:
    figures = relations.score([("AID", "AID"), ("AID", "AGREE"), ("REJECT", None)])
    assert figures["macro_f1"] == pytest.approx((2 / 3 + 0) / 2)
    assert figures["accuracy"] == pytest.approx(1 / 3)
    assert figures["coverage"] == pytest.approx(2 / 3)
    assert set(figures["types"]) == {"AID", "REJECT"}


def test_actors_command(tmp_path: Path) -> None:
    path = tmp_path / "phrases.tsv"
    path.write_text("phrase\tdate\tcountry\tsector\nthe Kenyan army\t\tKEN\tMIL\nOman\t\tFRA\t\n", encoding="utf-8")
    figures = last_line("actors", path)
    assert (figures["country"]["accuracy"], figures["sector"]["accuracy"]) == (0.5, 1.0)


def test_times_command(tmp_path: Path) -> None:
    mark = {"start": 14, "end": 21, "type": "DATE", "value": "2025-03-11"}
    row = {"id": "a", "published": "2025-03-14", "text": "The group met Tuesday.", "timex": [mark]}
    path = tmp_path / "times.jsonl"
    path.write_text(json.dumps(row) + "\n", "utf-8")
    figures = last_line("times", path)
    assert (figures["span_f1"], figures["value_accuracy"]) == (1.0, 1.0)


def test_places_command(tmp_path: Path) -> None:
    place = {"start": 9, "end": 15, "lat": 46.2, "lon": 6.15}
    path = tmp_path / "places.jsonl"
    path.write_text(json.dumps({"text": "Talks in Geneva.", "places": [place]}) + "\n", "utf-8")
    figures = last_line("places", path)
    assert (figures["f1"], figures["country"], figures["within_161_km"]) == (1.0, 1.0, 1.0)


def test_speed_command(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT, "utf-8")
    (tmp_path / "b.json").write_text(json.dumps({"text": f"{TEXT}\n\n{TEXT}", "published": "2025-03-14"}), "utf-8")
    figures = last_line("speed", tmp_path, "--rounds", "2", "--starts", "1")
    assert (figures["documents"], figures["words"]) == (2, 33)
    assert figures["ratio_low"] <= figures["ratio"] <= figures["ratio_high"]
    # Promises to users that no noise of the machine should break: the ratio itself is not asked of two texts.
    assert 50 < figures["memory_mb"] < 700
    assert 0.1 < figures["startup_s"] < 10
    assert 100 < figures["installed_mb"] < 650
    assert figures["missing"] == []
    assert 0 < figures["rooms_share"] < 0.5
    assert figures["rooms_share"] == pytest.approx(sum(figures["rooms"].values()), abs=1e-3)


def test_speed_empties_our_caches_and_keeps_the_data() -> None:
    from functools import lru_cache

    @lru_cache(maxsize=8)
    def phrase(n: int) -> int:
        return n

    @lru_cache(maxsize=1)
    def data() -> int:
        return 1

    phrase.__module__ = data.__module__ = "dragoman.made_up"
    phrase(1), data()
    speed.forget()
    assert (phrase.cache_info().currsize, data.cache_info().currsize) == (0, 1)


def test_speed_without_texts(tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as stop:
        speed.main([str(tmp_path)])
    assert stop.value.code == 2


def test_frozen_figures_hold_no_clock_times_and_speed_is_coarse() -> None:
    accuracy = run.BENCHES[0]
    cost = next(b for b in run.BENCHES if b.name == "speed")
    figures = {"f1": 0.123456, "us_first": 3.1, "levels": [{"ms_per_500_words": 2.2, "n": 3}]}
    assert run.frozen(accuracy, figures)["figures"] == {"f1": 0.1235, "levels": [{"n": 3}]}
    measured = {"ratio": 1.237, "memory_mb": 223.0, "startup_s": 1.41, "installed_mb": 431.0, "rooms_share": 0.137}
    kept = run.frozen(cost, {**measured, "documents": 3, "words": 9, "words_per_second": 8915.6})["figures"]
    assert kept == {
        "ratio": 1.2,
        "memory_mb": 220.0,
        "startup_s": 1.5,
        "installed_mb": 430.0,
        "rooms_share": 0.14,
        "documents": 3,
        "words": 9,
    }


def test_floors_rise_and_fall_only_when_told() -> None:
    floors: run.Floors = {"relations": {"macro_f1": {"least": 0.5}, "accuracy": {"least": 0.9}}}
    results = {"relations": {"macro_f1": 0.637, "accuracy": 0.7, "coverage": 0.95}}
    assert run.breaches(floors, "relations", results["relations"]) == [
        "relations accuracy: 0.7 is below the floor of 0.9"
    ]
    higher, fallen = run.raised(floors, results)
    assert higher["relations"]["macro_f1"] == {"least": 0.62}
    assert higher["relations"]["accuracy"] == {"least": 0.9}
    assert fallen == ["relations accuracy: 0.7 is below the floor of 0.9"]
    lower, _ = run.raised(floors, results, lower=True)
    assert lower["relations"]["accuracy"] == {"least": 0.69}
    assert floors["relations"]["macro_f1"] == {"least": 0.5}


def test_a_bench_whose_data_is_absent_is_skipped_and_said_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(run, "RESULTS", tmp_path / "results")
    assert run.main(["actors", "--shared", str(tmp_path)]) == 0
    assert "skipped: bench/actors/phrases.tsv" in capsys.readouterr().out
    assert not (tmp_path / "results" / "actors.json").exists()


def test_run_freezes_what_it_measures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(run, "RESULTS", tmp_path / "results")
    monkeypatch.setattr(run, "FLOORS", tmp_path / "floors.json")
    run.FLOORS.write_text('{"actors": {"country.accuracy": {"least": 0.9}}}', "utf-8")
    folder = tmp_path / "bench" / "actors"
    folder.mkdir(parents=True)
    (folder / "phrases.tsv").write_text(
        "phrase\tdate\tcountry\tsector\nthe Kenyan army\t\tKEN\tMIL\nOman\t\tFRA\tGOV\n", "utf-8"
    )
    assert run.main(["actors", "--shared", str(tmp_path)]) == 1
    assert "actors country.accuracy: 0.5 is below the floor of 0.9" in capsys.readouterr().err
    frozen = run.read_results(run.RESULTS)["actors"]
    assert frozen["figures"]["country"]["accuracy"] == 0.5
    assert set(frozen) == {"figures", "made_with"}
    assert "| actors | country | 0.500 | ≥ 0.9 |" in (run.RESULTS / "README.md").read_text("utf-8")


# The benches whose data is beside this checkout are measured anew: every figure must be the frozen one.


@pytest.fixture(scope="module")
def fresh() -> dict[str, Figures]:
    if not SHARED.is_dir():
        pytest.skip("the shared data is not beside this checkout")
    # gold/train alone takes as long as the others together, and its figures stand in its file.
    benches = [b for b in run.BENCHES if b.accuracy and b.name != "gold-train" and b.folder(SHARED).exists()]
    with ThreadPoolExecutor(2) as pool:
        return dict(zip((b.name for b in benches), pool.map(lambda b: run.measure(b, SHARED), benches), strict=True))


@pytest.mark.parametrize("name", [b.name for b in run.BENCHES if b.accuracy and b.name != "gold-train"])
def test_figures_are_those_frozen_and_above_their_floors(name: str, fresh: dict[str, Figures]) -> None:
    if name not in fresh:
        pytest.skip("its data is not beside this checkout")
    bench = next(b for b in run.BENCHES if b.name == name)
    assert run.breaches(run.read_floors(), name, fresh[name]) == []
    path = run.RESULTS / f"{name}.json"
    assert run.text_of(run.frozen(bench, fresh[name])) == path.read_text("utf-8"), (
        f"the figures of {name} changed: run `python -m benchmarks.run {name}` and look at the diff"
    )


def test_frozen_results_keep_all_bounds_and_the_table_shows_them() -> None:
    results, floors = run.read_results(), run.read_floors()
    assert set(results) == {b.name for b in run.BENCHES}
    assert set(floors) <= set(results)
    for name, row in results.items():
        assert run.breaches(floors, name, row["figures"]) == []
    assert (run.RESULTS / "README.md").read_text("utf-8") == run.table(results, floors)
