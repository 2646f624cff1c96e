"""Every verb as a user runs it, every bad input, and what a run that is cut short leaves behind."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from dragoman import cli, codebook, export
from dragoman.record import CodedDocument

SHARED = Path(__file__).parents[1].parent / "shared"
EXAMPLES = Path(__file__).parents[1] / "examples"
REPORT = (
    "Kenya's president visited Ethiopia on Monday and signed an agreement on trade. "
    "Rebels attacked a village near the border on Friday, the government said."
)
SUMMARY = re.compile(r"^(interrupted: )?(\d+) coded \((\d+) events\), (\d+) skipped, (\d+) failed$", re.M)
Run = Callable[..., Any]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command in this process, in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str | Path, status: int = 0, stdin: bytes | str | None = None) -> Any:
        made = CliRunner().invoke(cli.app, [str(a) for a in arguments], input=stdin)
        assert made.exit_code == status, (made.stdout, made.stderr, made.exception)
        assert made.exception is None or isinstance(made.exception, SystemExit)
        return made

    return run


def counts(made: Any) -> tuple[int, int, int]:
    """Coded, skipped and failed, as the closing line says."""
    last = made.stderr.strip().splitlines()[-1]
    found = SUMMARY.fullmatch(last)
    assert found, last
    return int(found[2]), int(found[4]), int(found[5])


def coded(text: str) -> list[CodedDocument]:
    return [CodedDocument.from_json(line) for line in text.split("\n") if line]


def types(document: CodedDocument) -> list[str]:
    return [event.type for event in document.events]


def lines(number: int) -> str:
    rows = ({"id": str(n), "text": f"{REPORT} It was day {n}.", "published": "2024-05-15"} for n in range(number))
    return "".join(json.dumps(row) + "\n" for row in rows)


# code


def test_a_report_becomes_a_table_for_people(run: Run) -> None:
    Path("report.txt").write_text(REPORT)
    made = run("code", "report.txt", "--date", "2024-05-15")
    assert "CONSULT" in made.stdout
    assert "ASSAULT" in made.stdout
    assert "[KEN GOV]" in made.stdout
    assert "2024-05-13" in made.stdout
    assert counts(made) == (1, 0, 0)


def test_standard_input_and_files_give_the_same_record(run: Run) -> None:
    Path("report.txt").write_text(REPORT)
    [from_file] = coded(run("code", "report.txt", "--date", "2024-05-15", "--format", "jsonl").stdout)
    [from_stdin] = coded(run("code", "-", "--date", "2024-05-15", "-f", "jsonl", stdin=REPORT).stdout)
    assert types(from_file) == types(from_stdin)
    assert {"CONSULT", "ASSAULT"} <= set(types(from_file))
    assert from_file.published == "2024-05-15"
    [visit] = [e for e in from_file.events if e.type == "CONSULT"]
    assert visit.date == "2024-05-13"
    assert [e.date for e in from_stdin.events] == [e.date for e in from_file.events]


@pytest.mark.parametrize("format", ["jsonl", "csv", "tsv", "parquet"])
def test_output_files_take_their_format_from_the_suffix(format: str, run: Run) -> None:
    Path("in.jsonl").write_text(lines(3))
    made = run("code", "in.jsonl", "--output", f"events.{format}")
    assert made.stdout == ""
    assert counts(made) == (3, 0, 0)
    events = read_events(Path(f"events.{format}"))
    assert {document for document, _ in events} == {"0", "1", "2"}
    assert {"CONSULT", "ASSAULT"} <= {type for _, type in events}


@pytest.mark.parametrize("format", ["csv", "tsv", "table", "jsonl"])
def test_formats_are_written_to_standard_output(format: str, run: Run) -> None:
    Path("in.jsonl").write_text(lines(2))
    text = run("code", "in.jsonl", "--format", format).stdout
    Path("events." + ("txt" if format == "table" else format)).write_text(text)
    if format == "table":
        assert text.count("CONSULT") >= 2
        return
    assert {document for document, _ in read_events(Path(f"events.{format}"))} == {"0", "1"}


def test_parquet_is_written_to_standard_output(run: Run) -> None:
    Path("in.jsonl").write_text(lines(2))
    data = run("code", "in.jsonl", "--format", "parquet").stdout_bytes
    assert set(pq.read_table(io.BytesIO(data))["document_id"].to_pylist()) == {"0", "1"}


def read_events(path: Path) -> list[tuple[str, str]]:
    """Document and type of each event of an output file; fails where the file is not whole."""
    if path.suffix == ".parquet":
        table = pq.read_table(path)
        return list(zip(table["document_id"].to_pylist(), table["type"].to_pylist(), strict=True))
    text = path.read_text("utf-8")
    if path.suffix == ".jsonl":
        assert text == "" or text.endswith("\n")
        return [(d.id, e.type) for d in coded(text) for e in d.events]
    rows = list(csv.reader(io.StringIO(text), delimiter="\t" if path.suffix == ".tsv" else ","))
    assert all(len(row) == len(rows[0]) for row in rows)
    names = rows[0]
    return [(row[names.index("document_id")], row[names.index("type")]) for row in rows[1:]]


def test_folders_are_coded_in_the_order_of_their_names(run: Run) -> None:
    made = run("code", EXAMPLES, "--format", "jsonl")
    documents = coded(made.stdout)
    assert [d.id for d in documents] == [
        "01-karsan-strait",
        "02-karsan-talks",
        "03-orven-delta",
        "tavush-sanctions",
        *(json.loads(line)["id"] for line in (EXAMPLES / "ledger" / "reports.jsonl").read_text().splitlines()),
        *sorted(path.stem for path in (EXAMPLES / "train").iterdir()),
    ]
    assert all(d.events for d in documents)
    assert counts(made) == (len(documents), 0, 0)


def test_jobs_change_nothing_in_the_output(run: Run) -> None:
    Path("in.jsonl").write_text(lines(6) + '{"id": "bad", "text": "cut\n' + lines(2).replace('"id": "', '"id": "x'))
    one = run("code", "in.jsonl", "-f", "jsonl", status=1)
    two = run("code", "in.jsonl", "-f", "jsonl", "--jobs", "2", status=1)
    assert two.stdout == one.stdout
    assert two.stderr == one.stderr
    assert counts(two) == (8, 0, 1)


def test_explain_shows_sentence_trigger_and_reasons(run: Run) -> None:
    Path("report.txt").write_text(REPORT)
    made = run("code", "report.txt", "--explain", "--date", "2024-05-15")
    assert ">>visited<<" in made.stdout
    assert "Kenya's president [KEN GOV]" in made.stdout
    date = next(line for line in made.stdout.splitlines() if line.startswith("   date"))
    assert re.search(r"2024-05-13\s+\(.+\)", date)
    assert run("code", "report.txt", "--explain", "-o", "x.csv", status=2).stderr.count("\n") == 1
    assert not Path("x.csv").exists()


def test_a_wrong_date_is_one_clear_line(run: Run) -> None:
    Path("report.txt").write_text(REPORT)
    for date in ("2022-02-30", "yesterday", "02/03/2022"):
        made = run("code", "report.txt", "--date", date, status=2)
        assert made.stdout == ""
        [line] = made.stderr.splitlines()
        assert date in line
        assert "YYYY-MM-DD" in line


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--format", "xlsx"], "table, jsonl, csv, tsv, parquet"),
        (["-o", "events.xlsx"], "parquet"),
        (["-o", "events"], "--format"),
        (["-o", "no/such/folder/events.csv"], "no/such/folder/events.csv"),
        (["-o", "report.txt"], "the file to be read"),
    ],
)
def test_an_output_that_cannot_be_written_is_one_clear_line(arguments: list[str], said: str, run: Run) -> None:
    Path("report.txt").write_text(REPORT)
    made = run("code", "report.txt", "--date", "2024-05-15", *arguments, status=1 if "no/" in said else 2)
    [line] = made.stderr.splitlines()
    assert said in line
    assert Path("report.txt").read_text() == REPORT


def test_an_output_is_never_read_as_input(run: Run) -> None:
    Path("in").mkdir()
    Path("in/report.txt").write_text(REPORT)
    made = run("code", "in", "-o", "in/events.csv", status=2)
    assert "in/events.csv" in made.stderr
    assert not Path("in/events.csv").exists()
    run("code", "in", "-o", "in/events", "-f", "csv")
    assert counts(run("code", "in", "-f", "csv")) == (1, 0, 0)
    with pytest.raises(AssertionError):
        run("code", "in", "-o", "in/more.csv")


def test_an_undated_report_is_coded_and_says_so(run: Run) -> None:
    made = run("code", "-", "-f", "jsonl", stdin=REPORT)
    [document] = coded(made.stdout)
    assert document.events
    assert all(e.date is None for e in document.events)
    assert "no publication date" in made.stderr
    assert document.published is None


# Bad input

FRENCH = (
    "Le président a condamné vendredi l'attaque menée par des rebelles contre un village de la frontière. "
    "Le gouvernement a accusé les pays voisins d'avoir livré des armes et a demandé une enquête."
)
BAD: dict[str, tuple[bytes, tuple[int, int, int], str]] = {
    "empty.txt": (b"", (0, 1, 0), "empty"),
    "white.txt": (b" \n\t\n", (0, 1, 0), "white space"),
    "binary.txt": (bytes(range(256)) * 20, (0, 0, 1), "binary"),
    "latin.txt": ((REPORT + " A café in São Tomé was shut.").encode("cp1252"), (1, 0, 0), "Windows-1252"),
    "control.txt": (REPORT.replace(" ", "\x07 ", 4).encode(), (1, 0, 0), "4 control characters"),
    "cut.jsonl": ((lines(1) + '{"id": "b", "text": "Rebels att').encode(), (1, 0, 1), "line 2"),
    "date.json": (
        json.dumps({"id": "d", "text": REPORT, "published": "2022-02-30"}).encode(),
        (1, 0, 0),
        "does not exist",
    ),
    "page.html": (
        b"<html><head><title>Home</title></head><body><nav><a href='/'>Home</a></nav></body></html>",
        (0, 1, 0),
        "article",
    ),
    "french.txt": (FRENCH.encode(), (0, 1, 0), "French"),
    "broken.parquet": (b"PAR1 and then nothing", (0, 0, 1), "broken.parquet"),
    "nothing.json": (b'{"id": "n"}', (0, 0, 1), "nothing.json"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_one_line_that_names_it_and_the_fix(name: str, run: Run) -> None:
    content, expected, said = BAD[name]
    Path(name).write_bytes(content)
    made = run("code", name, "-f", "jsonl", status=0 if expected[0] and not expected[2] else 1)
    assert counts(made) == expected
    about = [line for line in made.stderr.splitlines() if said in line]
    assert len(about) == 1, made.stderr
    assert Path(name).stem in about[0] or "d: " in about[0]
    assert len(coded(made.stdout)) == expected[0]
    assert "Traceback" not in made.stderr


def test_a_batch_goes_on_past_bad_documents(run: Run) -> None:
    Path("in").mkdir()
    for name, (content, _, _) in BAD.items():
        Path("in", name).write_bytes(content)
    Path("in/zz-good.txt").write_text(REPORT)
    made = run("code", "in", "missing.txt", "-o", "events.jsonl", status=1)
    expected = [sum(row[1][k] for row in BAD.values()) for k in range(3)]
    assert counts(made) == (expected[0] + 1, expected[1], expected[2] + 1)
    assert "missing.txt: does not exist" in made.stderr
    documents = coded(Path("events.jsonl").read_text())
    assert documents[-1].id == "zz-good"
    assert len(documents) == expected[0] + 1


def test_fifty_megabytes_of_text_are_refused_at_once(run: Run) -> None:
    Path("big.txt").write_bytes((REPORT.encode() + b"\n") * (50_000_000 // len(REPORT)))
    start = time.perf_counter()
    made = run("code", "big.txt", status=1)
    assert time.perf_counter() - start < 5
    assert "big.txt: has 50," in made.stderr
    assert counts(made) == (0, 0, 1)


@pytest.mark.parametrize("text", ["the army and the rebels of the north attacked " * 4348, "x" * 200_000])
def test_a_sentence_of_200_000_characters_takes_seconds(text: str, run: Run) -> None:
    Path("long.txt").write_text(text[:200_000])
    start = time.process_time()
    made = run("code", "long.txt", "-f", "jsonl", "--date", "2024-05-15")
    # Some ten seconds, the parse alone three; the limit leaves room for a busy machine.
    assert time.process_time() - start < 40
    assert counts(made) == (1, 0, 0)


def test_names_cannot_write_to_the_terminal(run: Run) -> None:
    Path("a\x1b[31m:x:\nb.txt").write_text("")
    made = run("code", "a\x1b[31m:x:\nb.txt", status=1)
    assert "\x1b" not in made.stderr
    assert ":x:" in made.stderr
    assert len(made.stderr.splitlines()) == 2


def test_a_missing_model_is_said_once(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from dragoman import engines
    from dragoman.engines import run as engine

    def fail(*_: object) -> None:
        raise RuntimeError("the English model is not installed")

    monkeypatch.setattr(engine, "_coder", fail)
    assert engines.code_all is engine.code_all
    Path("in.jsonl").write_text(lines(5))
    made = run("code", "in.jsonl", "-f", "jsonl", status=1)
    assert made.stdout == ""
    [line] = made.stderr.splitlines()
    assert "dragoman doctor" in line


# The other verbs


def test_codebook_explains_types_and_suggests(run: Run) -> None:
    text = run("codebook", "ASSAULT").stdout
    for word in ("ASSAULT", "abduct", "score -", "CAMEO", "COERCE"):
        assert word in text
    assert all(mode in text for mode in codebook.MODES["ASSAULT"])
    made = run("codebook", "assalt", status=2)
    assert made.stdout == ""
    [line] = made.stderr.splitlines()
    assert "ASSAULT" in line


def test_codebook_takes_any_code(run: Run) -> None:
    assert "173" in run("codebook", "COERCE", "arrest").stdout
    assert "SANCTION" not in run("codebook", "COERCE", "arrest").stdout
    assert "Kenya" in run("codebook", "ken").stdout
    every = run("codebook").stdout
    assert all(type in every for type in codebook.TYPES)
    for word in (*codebook.TYPES, *codebook.CONTEXTS, *codebook.SECTORS, "190", "UNO", "cyber"):
        assert len(run("codebook", word).stdout) > 20


def test_doctor_finds_all_well_here(run: Run) -> None:
    text = run("doctor").stdout
    for name in ("Python", "spacy", "English model", "codebook", "lexicon", "actor register", "gazetteer"):
        assert name in text
    assert "missing" not in text


def test_help_and_version(run: Run) -> None:
    import dragoman

    assert run("--version").stdout == f"dragoman {dragoman.__version__}\n"
    for verb in ("code", "codebook", "evaluate", "doctor"):
        assert verb in run("--help").stdout
        assert "Usage" in run(verb, "--help").stdout
    assert "sources" in run("code", status=2).stderr
    run("decode", status=2)


def test_formats_offered_are_those_of_the_export_room() -> None:
    assert set(export.FORMATS) == {"table", "jsonl", "csv", "tsv", "parquet"}


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    """A folder with one gold document of our own."""
    text = "Kenya's president visited Ethiopia on Monday."
    place = [{"text": "Ethiopia", "start": 26, "end": 34, "country": "ETH", "sector": "GOV"}]
    actor = [{"text": "Kenya's president", "start": 0, "end": 17, "country": "KEN", "sector": "GOV"}]
    event = {
        "type": "CONSULT",
        "mode": ["visit"],
        "actor": actor,
        "recipient": place,
        "factuality": "actual",
        "historical": False,
        "date": "2024-05-13",
        "place": None,
        "attribution": [],
        "mentions": [{"start": 0, "end": 45, "trigger": {"start": 18, "end": 25}}],
    }
    row = {"id": "g1", "published": "2024-05-15", "text": text, "contexts": [], "events": [event]}
    folder = tmp_path / "gold"
    folder.mkdir()
    (folder / "g1.json").write_text(json.dumps(row))
    return folder


def test_evaluate_scores_coded_and_stored_documents_alike(run: Run, gold: Path) -> None:
    fresh = json.loads(run("evaluate", gold, "--json").stdout)
    assert fresh["documents"] == 1
    assert fresh["whowhom"]["f1"] == 1
    assert fresh["attributes"]["date"] == {"accuracy": 1, "n": 1}
    run("code", gold, "-o", "coded.jsonl")
    assert json.loads(run("evaluate", gold, "coded.jsonl", "--json").stdout) == fresh
    assert "whowhom   P 1.000" in run("evaluate", gold, "coded.jsonl").stdout
    Path("none.jsonl").write_text("")
    made = run("evaluate", gold, "none.jsonl", "--json")
    assert json.loads(made.stdout)["located"]["f1"] == 0
    assert "g1" in made.stderr


def test_evaluate_says_what_is_no_gold(run: Run, gold: Path) -> None:
    Path("empty").mkdir()
    assert "holds no gold" in run("evaluate", "empty", status=2).stderr
    Path("coded.jsonl").write_text('{"id": "g1"}\n')
    assert "coded.jsonl, line 1" in run("evaluate", gold, "coded.jsonl", status=2).stderr
    (gold / "bad.json").write_text('{"id": "x"')
    assert "bad.json" in run("evaluate", gold, status=2).stderr
    run("evaluate", "missing", status=2)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared gold is not here")
def test_evaluate_agrees_with_the_shared_scorer(run: Run) -> None:
    """On the same coded documents, which are those that evaluate codes afresh."""
    folder = SHARED / "gold" / "train"
    made = run("code", folder, "-f", "jsonl")
    Path("coded.jsonl").write_text(made.stdout)
    assert counts(made) == (len(list(folder.glob("*.json"))), 0, 0)
    command = [sys.executable, str(SHARED / "eval" / "score.py"), str(folder), "coded.jsonl"]
    theirs = json.loads(subprocess.run([*command, "--json"], capture_output=True, check=True).stdout)
    assert json.loads(run("evaluate", folder, "coded.jsonl", "--json").stdout) == theirs
    assert json.loads(run("evaluate", folder, "--json").stdout) == theirs
    people = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    assert run("evaluate", folder, "coded.jsonl").stdout == people


# Real processes: signals and pipes


def start(*arguments: str | Path, **options: Any) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "dragoman.cli", *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is sent as a POSIX signal")
@pytest.mark.parametrize(("format", "jobs"), [("jsonl", "1"), ("csv", "1"), ("parquet", "1"), ("jsonl", "2")])
def test_ctrl_c_leaves_a_valid_file(format: str, jobs: str, tmp_path: Path) -> None:
    out = tmp_path / f"events.{format}"
    long = json.loads(lines(1))["text"] + "\n\n"
    # Undated, so that each document coded is a line on standard error, which tells how far the run is.
    source = tmp_path / "in.jsonl"
    source.write_text("\n".join(json.dumps({"id": str(n), "text": long * 20}) for n in range(3000)))
    process = start("code", source, "-o", out, "--jobs", jobs, start_new_session=True)
    assert process.stderr is not None
    for _ in range(3):
        assert b"no publication date" in process.stderr.readline()
    os.killpg(process.pid, signal.SIGINT)
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == 130, stderr.decode()
    text = stderr.decode()
    assert "Traceback" not in text
    found = SUMMARY.search(text)
    assert found, text
    assert found[1] == "interrupted: "
    events = read_events(out)
    done = int(found[2])
    assert 3 <= done < 3000
    # The last document may have been written before it was counted, or the other way round.
    assert done - 1 <= len({document for document, _ in events}) <= done + 1
    assert all(type in codebook.TYPES for _, type in events)


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX pipes")
@pytest.mark.parametrize("more", [["-f", "jsonl"], ["--explain"]])
def test_a_closed_pipe_ends_the_run_quietly(more: list[str], tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text(lines(200))
    process = start("code", source, *more)
    assert process.stdout is not None
    assert process.stderr is not None
    assert process.stdout.readline()
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait(30) == 0


@pytest.fixture
def page() -> bytes:
    body = "".join(f"<p>{REPORT}</p>" for _ in range(3))
    head = "<title>A visit | Site</title><meta property='article:published_time' content='2024-05-15'>"
    return f"<html lang='en'><head>{head}</head><body><article>{body}</article></body></html>".encode()


def test_a_page_comes_through_a_pipe_with_its_date(page: bytes) -> None:
    process = start("code", "-", "--format", "jsonl", stdin=subprocess.PIPE)
    stdout, stderr = process.communicate(page, timeout=60)
    assert process.returncode == 0, stderr
    [document] = coded(stdout.decode())
    assert document.published == "2024-05-15"
    assert "CONSULT" in types(document)
