"""The commands that ask a ledger and judge what it holds: what they print, what they change, and how they fail."""

from __future__ import annotations

import csv
import inspect
import io
import json
import re
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from tests.ledger_shell import EXAMPLES, Run, attack, ids, rows

from dragoman.commands.page import Column, listed
from dragoman.export.ledger import FORMATS as LAYOUTS
from dragoman.export.ledger.events import COLUMNS
from dragoman.learning import corpus
from dragoman.ledger import Ledger, LedgerEvent

VERBS = (
    *("ingest", "watch", "sources", "query", "show", "dyads", "stance", "export", "correct", "confirm", "drop", "add"),
    *("merge", "split", "undo", "judgements", "replay", "recode", "serve"),
)


# query


def test_events_are_listed_for_people(asked: Run) -> None:
    made = asked("query", "--actor", "NER", "--type", "ASSAULT", "--state", "disputed")
    assert "2025-05-03  ASSAULT" in made.stdout
    assert "Rebels of the Azawan Front [NER REB] → " in made.stdout
    assert "denied by Azawan Front [NER REB] · disputed, 2 sources in 5 reports" in " ".join(made.stdout.split())
    assert all(len(line) <= 100 for line in made.stdout.splitlines())
    assert made.stderr == "1 event\n"
    assert "told" in asked("query", "hunt").stdout  # no report dates it


def test_json_lines_hold_whole_events(asked: Run, tmp_path: Path) -> None:
    found = rows(asked("query", "--all", "--format", "jsonl"))
    with Ledger(tmp_path / "events.db") as ledger:
        assert [LedgerEvent.from_dict(row) for row in found] == [*ledger.query(limit=100).events]
        assert len(found) == ledger.counts()["events"] > 10


def test_csv_has_our_own_columns(asked: Run) -> None:
    found = list(csv.DictReader(io.StringIO(asked("query", "--all", "--format", "csv").stdout)))
    assert list(found[0]) == [column.name for column in COLUMNS]
    assert [row["event_id"] for row in found] == ids(asked, "--all")


def test_pages_follow_each_other(asked: Run) -> None:
    everything = ids(asked, "--all", "--sort", "sources", "--ascending")
    pages: list[str] = []
    after: tuple[str, ...] = ()
    while True:
        made = asked("query", "--limit", "5", "--sort", "sources", "--ascending", "--format", "ids", *after)
        pages += made.stdout.split()
        mark = re.search(r"--after (\S+)", made.stderr)
        if mark is None:
            break
        assert made.stdout.count("\n") == 5
        after = ("--after", mark[1])
    assert pages == everything
    assert f"2 of {len(everything)} events" in asked("query", "--limit", "2").stderr
    # What is not counted is not taken for all there is.
    assert "2 events, and there are more" in asked("query", "--limit", "2", "--format", "ids").stderr


@pytest.mark.parametrize(
    ("filters", "types"),
    [
        (("--actor", "European Union", "--recipient", "NER"), {"AGREE", "SANCTION"}),
        (("--actor-sector", "REB", "--factuality", "negated"), {"ASSAULT"}),
        (("--type", "mobilize", "--type", "THREATEN"), {"MOBILIZE", "THREATEN"}),
        (("--place", "Togo"), {"AGREE", "CONSULT"}),
        (("--since", "2025-05-14", "--min-sources", "2"), {"SANCTION"}),
        (("pledged euros", "--min-confidence", "0.5"), {"AGREE"}),
        (('"food aid"',), {"AGREE"}),
        (("--party", "DZA"), {"AGREE"}),
        (("--denied-by", "Niger", "--until", "2025-05"), {"ASSAULT"}),
    ],
)
def test_events_are_narrowed_down(filters: tuple[str, ...], types: set[str], asked: Run) -> None:
    assert {row["type"] for row in rows(asked("query", *filters, "--format", "jsonl"))} == types


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--type", "SANCTIONS"), "did you mean SANCTION?"),
        (("--actor", "Narnia"), "Narnia"),
        (("--since", "2025-13"), "is no date"),
        (("--sort", "size"), "use date, reported, sources, confidence"),
        (("--after", "here"), "is no cursor"),
        (("the of",), "holds no word"),
    ],
)
def test_bad_questions_are_one_line(arguments: tuple[str, ...], said: str, asked: Run) -> None:
    made = asked("query", *arguments, status=2)
    assert said in made.stderr
    assert len(made.stderr.strip().splitlines()) == 1


def test_nothing_found_is_status_1(asked: Run) -> None:
    made = asked("query", "zebra", status=1)
    assert (made.stdout, made.stderr) == ("", "0 events\n")
    assert asked("query", "Barida zebra", status=1).stderr.splitlines()[1].startswith("without zebra: ")


# show


def test_an_event_is_shown_as_each_report_tells_it(asked: Run) -> None:
    id = attack(asked)
    text = asked("show", id).stdout
    flat = " ".join(text.split())
    for outlet in ("Delta Wire", "Coast Tribune", "Sahel Herald"):
        assert outlet in text
    for words in ("reprinted", "revised", "superseded", "same source as 1", "killed 12", "killed 11 or more"):
        assert words in text
    assert "killed 14" in text
    assert "[killed] 12 police" in text
    assert "denies it: " in text
    assert "The Azawan Front denied on Tuesday" in flat
    assert "why they are one event" in text
    assert "1 and 2 " in text
    assert "both on 3 May 2025" in flat
    with_id = asked("show", id, "--format", "jsonl")
    [row] = rows(with_id)
    event = LedgerEvent.from_dict(row)
    assert [str(f) for t in event.tellings for f in t.figures].count("killed 12") == 2
    assert {tie["kind"] for tie in row["joins"]} == {"same", "denial"}
    assert row["judgements"] == []
    told = list(csv.DictReader(io.StringIO(asked("show", id, "--format", "csv").stdout)))
    assert [t["record"] for t in told] == [t.record.id for t in event.tellings]
    assert {t["confirmed"] for t in told} == {"false"}
    assert asked("show", told[-1]["record"], "--format", "jsonl").stdout == with_id.stdout


def test_an_unknown_event_is_status_1(asked: Run) -> None:
    assert "there is no event nix" in asked("show", "nix", status=1).stderr


# dyads, stance, export


def test_series_are_listed(asked: Run) -> None:
    made = asked("dyads", "--actor", "EUR", "--by", "year", "--measure", "score", "--format", "jsonl")
    [row] = rows(made)
    assert (row["actor"], row["recipient"], row["period"]) == ("EUR", "NER", "2025")
    assert row["value"] == row["score_mean"]
    text = asked("dyads", "--actor", "EUR", "--by", "year", "--measure", "score").stdout
    assert text.split()[:4] == ["actor", "recipient", "period", "score"]
    [line] = csv.DictReader(io.StringIO(asked("dyads", "--actor", "EUR", "--by", "year", "-f", "csv").stdout))
    assert line["value"] == line["events"] == str(row["events"])
    assert "is no measure" in asked("dyads", "--measure", "love", status=2).stderr


def test_stances_are_shown_with_their_words(asked: Run) -> None:
    text = " ".join(asked("stance", "attack on Barida").stdout.split())
    assert "deed " + attack(asked) in text
    assert "sanctions towards those who did it (NER) European Union [EUR GOV] 1 event" in text
    assert "imposed sanctions on Wednesday on two leaders" in text
    found = rows(asked("stance", "Niger", "--format", "jsonl"))
    assert {"sanctions", "promises"} <= {row["column"] for row in found if row["country"] == "EUR"}
    lines = list(csv.DictReader(io.StringIO(asked("stance", "Niger", "--format", "csv").stdout)))
    assert [line["column"] for line in lines] == [row["column"] for row in found]
    assert asked("stance", "zebra", status=1).stdout == ""


@pytest.mark.parametrize("layout", LAYOUTS)
def test_exports_are_written_and_what_they_lose_is_told(layout: str, asked: Run) -> None:
    made = asked("export", "--as", layout, "-o", "out", "--since", "2025-05-04")
    files = [Path(line) for line in made.stdout.splitlines()]
    assert all(file.stat().st_size > 100 for file in files)
    assert re.search(r"^\d+ events in \d+ rows?$", made.stderr.strip().splitlines()[-1])
    assert len(made.stderr.splitlines()) > (layout != "plover")


def test_the_layouts_are_those_of_the_help() -> None:
    from dragoman.commands import asking

    assert sorted(asking._LAYOUTS) == sorted(LAYOUTS)


def test_an_export_that_holds_nothing_is_status_1(asked: Run) -> None:
    asked("export", "zebra", "--as", "csv", "-o", "out", status=1)
    assert "--as xml: is none of polecat" in asked("export", "--as", "xml", "-o", "out", status=2).stderr
    Path("file").write_text("")
    assert "nothing is written" in asked("export", "--as", "csv", "-o", "file", status=1).stderr


# Judgements


def test_a_correction_shows_what_it_changed(asked: Run) -> None:
    id = attack(asked)
    made = asked(
        *(
            "correct",
            id,
            "--type",
            "PROTEST",
            "--mode",
            "riot",
            "--actor",
            "Azawan Front|NER|REB",
            "--actor",
            "Mali|mli",
        ),
        *("--date", "2025-05-02", "--place", "Barida|NER", "--clear", "attribution", "--note", "looked it up"),
    )
    assert "type: ASSAULT → PROTEST" in made.stdout
    assert "mode: firearms → riot" in made.stdout
    assert "actor: Rebels of the Azawan Front|NER|REB → Azawan Front|NER|REB, Mali|MLI" in made.stdout
    assert "date: 2025-05-03 → 2025-05-02" in made.stdout
    assert re.search(r"^place: \S+\|NER → Barida\|NER$", made.stdout, re.M)
    [event] = rows(asked("show", id, "--format", "jsonl"))
    assert (event["type"], event["date"], event["place"]["text"]) == ("PROTEST", "2025-05-02", "Barida")
    [one] = event["judgements"]
    assert (one["by"], one["note"]) == ("ada", "looked it up")
    assert "correct" in asked("show", id).stdout


def test_modes_go_with_their_type(asked: Run) -> None:
    made = asked("correct", attack(asked), "--type", "SANCTION")
    assert "mode: firearms → –" in made.stdout
    made = asked("correct", ids(asked, "--type", "MOBILIZE")[0], "--type", "MOBILIZE", "--historical")
    assert "type: MOBILIZE as before" in made.stdout
    assert "historical: no → yes" in made.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--type", "FIGHT"), "FIGHT is no type: use one of"),
        (("--mode", "expel"), "ASSAULT has no mode expel"),
        (("--actor", "|MMR"), "--actor |MMR: write words and codes"),
        (("--actor", "Burma|XYZ"), "XYZ is no country's code"),
        (("--date", "2025-02-30"), "is no date"),
        (("--factuality", "true"), "factuality 'true'"),
        (("--clear", "type"), "--clear type: only mode, actor"),
        (("--date", "2025", "--clear", "date"), "--clear date: and --date gives one"),
        (("--place", "|UKR"), "begins with the words"),
        (("--date", "2025", "--by", " "), "--by needs a name"),
        ((), "say what is to be corrected"),
    ],
)
def test_bad_corrections_are_one_line(arguments: tuple[str, ...], said: str, asked: Run) -> None:
    made = asked("correct", attack(asked), *arguments, status=2)
    assert said in made.stderr
    assert len(made.stderr.strip().splitlines()) == 1
    asked("judgements", status=1)


@pytest.mark.parametrize("verb", ["correct", "confirm", "drop", "split"])
def test_an_unknown_event_cannot_be_judged(verb: str, asked: Run) -> None:
    more = {"correct": ["--date", "2025"], "split": ["x"]}.get(verb, [])
    assert "there is no event nix: dragoman query lists events" in asked(verb, "nix", *more, status=2).stderr


def test_judgements_are_taken_back(asked: Run, tmp_path: Path) -> None:
    with Ledger(tmp_path / "events.db") as ledger:
        before = [event.to_dict() for event in ledger.query(limit=100).events]
    id, other = attack(asked), ids(asked, "--type", "MOBILIZE")[0]
    record = rows(asked("show", id, "--format", "jsonl"))[0]["tellings"][-1]["record"]["id"]
    made = [
        asked("confirm", id, "--by", "eve"),
        asked("drop", other),
        asked("split", id, record),
        asked("merge", id, record),
    ]
    assert f"{other} is no event any more" in made[1].stdout
    assert [line[:16] for line in made[2].stdout.splitlines()] == [id, record]
    asked("show", other, status=1)
    assert "a person joined them" in asked("show", id).stdout
    log = rows(asked("judgements", "--format", "jsonl"))
    assert [one["action"] for one in log] == ["confirm", "drop", "split", "merge"]
    assert asked("judgements", "--format", "ids").stdout.split() == [one["id"] for one in log]
    assert [one["by"] for one in log] == ["eve", "ada", "ada", "ada"]
    for one in log[::-1]:
        asked("undo", one["id"])
    assert other in asked("show", other).stdout
    with Ledger(tmp_path / "events.db") as ledger:
        assert [event.to_dict() for event in ledger.query(limit=100).events] == before
    assert "8 judgements" in asked("judgements").stderr
    assert "there is no judgement nix" in asked("undo", "nix", status=2).stderr
    assert asked("judgements", "--event", id).stdout.count("confirm") == 1


def test_a_missed_record_is_added(asked: Run, tmp_path: Path) -> None:
    [event] = rows(asked("show", attack(asked), "--format", "jsonl"))
    telling = event["tellings"][0]
    mention = telling["record"]["mentions"][0]
    record = {"type": "COERCE", "mode": ["curfew"], "actor": telling["record"]["actor"], "mentions": [mention]}
    Path("missed.json").write_text(json.dumps(record))
    made = asked("add", telling["report"]["id"], "missed.json", "--note", "in the second line")
    [shown] = rows(asked("show", made.stdout[:16], "--format", "jsonl"))
    assert (shown["type"], shown["tellings"][0]["report"]["id"]) == ("COERCE", telling["report"]["id"])
    assert asked("add", "nix", "-", stdin=json.dumps(record), status=2).stderr.startswith("the ledger has no report")
    for text, said in (("{", "is no record"), ('{"mode": []}', "lacks type"), ('{"type": "AID"}', "needs mentions")):
        Path("bad.json").write_text(text)
        assert said in asked("add", telling["report"]["id"], "bad.json", status=2).stderr


def test_judgements_go_to_another_ledger(asked: Run, example_ledger: Path, tmp_path: Path) -> None:
    asked("correct", attack(asked), "--date", "2025-05-02")
    asked("drop", ids(asked, "--type", "MOBILIZE")[0])
    asked("judgements", "--as", "jsonl", "--output", "log.jsonl")
    shutil.copy(example_ledger, tmp_path / "other.db")
    assert asked("replay", "log.jsonl", "--ledger", "other.db").stdout == "2 judgements taken, 0 known\n"
    assert asked("replay", "-", "--ledger", "other.db", stdin=Path("log.jsonl").read_text()).stdout.startswith("0 ")
    with Ledger(tmp_path / "events.db") as one, Ledger(tmp_path / "other.db") as other:
        assert one.digest() == other.digest()
    Path("bad.jsonl").write_text(Path("log.jsonl").read_text() + '{"action": "sing"}\n')
    assert "bad.jsonl, line 3: is no judgement" in asked("replay", "bad.jsonl", status=2).stderr


def test_judged_reports_train_a_model(asked: Run) -> None:
    asked("correct", attack(asked), "--place", "Barida|NER")
    assert asked("judgements", "--as", "training", "-o", "corrected.jsonl").stderr == "5 reports in corrected.jsonl\n"
    documents = corpus.read(Path("corrected.jsonl"))
    assert len(documents) == 5
    assert all(any(e.place and e.place.text == "Barida" for e in d.events) for d in documents)
    assert "leave out --event" in asked("judgements", "--as", "training", "--event", "x", status=2).stderr


# recode and doctor


def test_judgements_outlive_another_coding(asked: Run, quick_coder: None, tmp_path: Path) -> None:
    id = attack(asked)
    asked("correct", id, "--date", "2025-05-02", "--type", "COERCE", "--clear", "mode")
    with Ledger(tmp_path / "events.db") as ledger:
        ledger.store.write(lambda connection: connection.exec_driver_sql("UPDATE report SET coder = 'older'"))
    made = asked("doctor", "--ledger")
    assert "9 reports not coded by" in " ".join(made.stdout.split())
    assert "9 of 9 coded anew, 0 failed" in asked("recode").stdout
    assert "0 of 0 coded anew" in asked("recode").stdout
    found = rows(asked("query", "--all", "--format", "jsonl"))
    assert {(row["type"], row["date"]) for row in found} == {("COERCE", "2025-05-02")}
    assert "sound" in asked("doctor", "--ledger").stdout


def test_doctor_finds_what_is_wrong(asked: Run) -> None:
    made = asked("doctor", "--ledger", "events.db")
    assert re.search(r"holds +9 reports, \d+ events +ok", made.stdout)
    with sqlite3.connect("events.db") as database:
        database.execute("UPDATE event SET sources = sources + 1 WHERE id = (SELECT min(id) FROM event)")
    database.close()
    made = asked("doctor", "--ledger", status=1)
    assert "events that are not what their records say" in " ".join(made.stdout.split())


# Both databases


def test_the_commands_say_the_same_of_both_databases(
    ledger_address: str, example_ledger: Path, shell: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DRAGOMAN_LEDGER", ledger_address)
    shell("ingest", EXAMPLES)
    with Ledger(ledger_address) as one, Ledger(example_ledger) as other:
        assert one.digest() == other.digest()
    for command in (
        ("show", attack(shell), "--format", "jsonl"),
        ("query", "condemned", "--format", "jsonl"),
        ("dyads", "--format", "csv"),
        ("stance", "attack on Barida"),
    ):
        assert shell(*command).stdout == shell(*command, "--ledger", str(example_ledger)).stdout
    [source] = rows(shell("sources", "--format", "jsonl"))
    assert (source["reports"], source["newest"], source["last"]["coded"]) == (9, "2025-05-15", 9)
    shell("confirm", attack(shell))
    assert re.search(r"sound .* ok", shell("doctor", "--ledger", ledger_address).stdout)


# All of them


@pytest.mark.parametrize("verb", VERBS)
def test_help_teaches_by_examples(verb: str, shell: Run) -> None:
    text = shell(verb, "--help").stdout
    assert f"dragoman {verb}" in text
    assert re.search(r"Examples?:", text)
    assert "--ledger" in text


def test_all_verbs_of_the_ledger_are_tested() -> None:
    from dragoman import commands

    assert tuple(name for name, _ in commands._VERBS) == VERBS
    assert all(inspect.getdoc(verb) for _, verb in commands._VERBS)


def test_help_is_quick(tmp_path: Path) -> None:
    heavy = "{'sqlalchemy', 'spacy', 'feedparser', 'trafilatura', 'numpy', 'onnxruntime', 'yaml'}"
    code = f"import sys, dragoman.cli; sys.exit(', '.join({heavy} & set(sys.modules)) or 0)"
    assert subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True).stderr == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize("format", ["table", "jsonl", "csv"])
def test_a_full_disk_behind_standard_output_is_one_line(
    format: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with open("/dev/full", "wb", buffering=0) as full:
        monkeypatch.setattr(sys, "stdout", full)
        with pytest.raises(typer.Exit) as ended:
            listed(format, [1], [Column("number", lambda n: n)], lambda n: {"number": n})
    assert ended.value.exit_code == 1
    assert capsys.readouterr().err.splitlines() == ["standard output: No space left on device"]
