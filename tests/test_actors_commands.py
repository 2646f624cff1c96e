"""``dragoman actors`` as a user runs it: show, search, check, import, propose."""

from __future__ import annotations

import json
import os
import random
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from dragoman import cli
from dragoman.actors import load, resolve
from dragoman.actors.source import own_rows
from dragoman.reading.sniff import SUFFIXES

EXAMPLES = Path(__file__).parents[1] / "examples"
OWN = EXAMPLES / "actors" / "my-actors.yaml"
Run = Callable[..., Any]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A command of ``dragoman actors`` in this process, in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str | Path, status: int = 0, stdin: str | None = None) -> Any:
        made = CliRunner().invoke(cli.app, ["actors", *map(str, arguments)], input=stdin)
        assert made.exit_code == status, (made.stdout, made.stderr, made.exception)
        assert made.exception is None or isinstance(made.exception, SystemExit)
        return made

    return run


# Looking into the register


def test_show_tells_roles_and_what_they_are_on_a_day(run: Run) -> None:
    text = run("show", "Angela Merkel", "--date", "2015").stdout
    assert "Angela Merkel: person of DEU" in text
    assert "2005-11-22 to 2021-12-08: GOV, Chancellor" in text
    assert "on 2015: DEU GOV" in text
    assert "'Angela Merkel' in a report: DEU GOV" in text
    assert "afterwards: SOC" in run("show", "Angela Merkel", "--actors", OWN).stdout


def test_show_as_json_has_the_same(run: Run) -> None:
    shown = json.loads(run("show", "Tavi Orsanne", "--date", "2030", "--actors", OWN, "--json").stdout)
    [entry] = shown["entries"]
    assert entry["own"] is True
    assert entry["aliases"] == ["tavi orsane"]
    assert entry["then"]["sector"] == "OPP"
    assert entry["roles"] == [
        {"title": "Minister of Rivers", "sector": "GOV", "country": "KEN", "from": "2024-03-01", "to": "2025-06-30"}
    ]
    assert shown["resolved"]["identity"] == "Tavi Orsanne"


def test_show_suggests_what_is_spelt_alike(run: Run) -> None:
    made = run("show", "Angela Mercel", status=1)
    assert made.stdout == ""
    assert "Angela Merkel" in made.stderr
    assert "Angela Merkel" in run("show", "merkel", status=1).stderr
    assert "search" in run("show", "Zzyx Qovarr", status=1).stderr
    assert json.loads(run("show", "Angela Mercel", "--json", status=1).stdout)["near"][0] == "Angela Merkel"
    assert "is no date" in run("show", "Kenya", "--date", "soon", status=2).stderr
    assert run("show", "\x1b[31m:\n", status=1).stderr.count("\x1b") == 0


def test_search_finds_by_words_without_accents(run: Run) -> None:
    rows = json.loads(run("search", "ORSÁNE", "tavi", "--actors", OWN, "--json").stdout)
    assert [r["name"] for r in rows] == ["Tavi Orsanne"]
    made = run("search", "merkel")
    assert "Angela Merkel" in made.stdout
    assert "found" in made.stderr
    assert "0 found" in run("search", "zzyxq", status=1).stderr


def test_search_filters(run: Run) -> None:
    def names(*more: str) -> set[str]:
        return {r["name"] for r in json.loads(run("search", "merkel", "--json", *more).stdout)}

    assert "Angela Merkel" in names("--country", "deu", "--kind", "person")
    assert "Angela Merkel" in names("--sector", "GOV", "--date", "2015")
    assert "Angela Merkel" in names("--sector", "GOV")
    assert run("search", "merkel", "--sector", "GOV", "--date", "2023", "--country", "DEU", status=1).stdout == ""
    assert "codebook" in run("search", "x", "--sector", "POL", status=2).stderr
    made = run("search", "--country", "KEN", "--limit", "3", "--json")
    assert len(json.loads(made.stdout)) == 3
    assert "--limit shows more" in made.stderr


def test_check_tells_faults_from_notes(run: Run) -> None:
    assert "0 faults" in run("check").stderr
    made = run("check", OWN)
    assert made.stdout.startswith("note: my-actors.yaml, row 2: Angela Merkel: stands for the shipped")
    Path("bad.yaml").write_text(
        "- {names: [A b], country: KEX, sector: GOV}\n- {names: [C d], country: KEN, sector: X}\n"
    )
    made = run("check", "bad.yaml", status=1)
    assert made.stdout.count("fault: ") == 2
    assert "No such file" in run("check", "none.yaml", status=1).stdout


def test_help_teaches(run: Run) -> None:
    assert {"show", "search", "check", "import", "propose"} <= set(run("--help").stdout.split())
    for verb in ("show", "search", "check", "import", "propose"):
        text = run(verb, "--help").stdout
        assert f"dragoman actors {verb}" in text
        assert "Exit status" in text


def test_help_of_the_command_loads_no_data() -> None:
    code = (
        "import sys, dragoman.cli; print({'yaml', 'spacy', 'dragoman.actors', 'dragoman.gathering'} & set(sys.modules))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "set()"


def test_examples_for_lists_are_read_by_no_coder() -> None:
    assert {p.suffix for p in (EXAMPLES / "actors").iterdir()} & set(SUFFIXES) == set()


# import


def test_import_writes_what_the_coder_then_knows(run: Run) -> None:
    made = run("import", EXAMPLES / "actors" / "offices.srj", "--from", "wikidata", "--out", "own.yaml")
    assert "2 rows: 2 taken, 0 already in the register, 0 skipped" in made.stderr
    register = load("own.yaml")
    found = resolve("Lema Adoury", "2025", register=register)
    assert (found.country, found.sector) == ("KEN", "GOV")
    assert resolve("Lema Adoury", "2024-07", register=register).sector is None
    assert stat.S_IMODE(Path("own.yaml").stat().st_mode) & 0o444


def test_import_replaces_no_file_and_appends_when_told(run: Run) -> None:
    Path("t.csv").write_text("name,country,title,from\nMiro Tessally,Kenya,police chief,2023-05\n")
    run("import", "t.csv", "--from", "csv", "--out", "own.yaml")
    before = Path("own.yaml").read_text()
    assert "--append" in run("import", "t.csv", "--from", "csv", "--out", "own.yaml", status=2).stderr
    run("import", "t.csv", "--from", "csv", "--out", "own.yaml", "--append")
    assert Path("own.yaml").read_text() == before
    Path("t.csv").write_text(
        "name,country,title,from,to,aliases\n"
        "Miro Tessally,KEN,police chief,2023-05-04,2025,Miro B. Tessally\n"
        "Miro Tessally,KEN,senator,2026,,\n"
    )
    Path("own.yaml").write_text("# mine\n" + before)
    run("import", "t.csv", "--from", "csv", "--out", "own.yaml", "--append")
    assert Path("own.yaml").read_text().startswith("# mine\n")
    [row] = own_rows(Path("own.yaml"))
    assert row.names == ("Miro Tessally", "Miro B. Tessally")
    assert [(r.sector, r.start, r.end) for r in row.roles] == [("COP", "2023-05-04", "2025"), ("LEG", "2026", None)]
    Path("own.yaml").write_text(before + "# a note\n")
    assert "would lose" in run("import", "t.csv", "--from", "csv", "--out", "own.yaml", "--append", status=2).stderr
    assert Path("own.yaml").read_text() == before + "# a note\n"
    Path("own.yaml").write_text("- {names: [x]")
    run("import", "t.csv", "--from", "csv", "--out", "own.yaml", "--append", status=2)
    assert Path("own.yaml").read_text() == "- {names: [x]"


def test_import_says_what_it_cannot_read(run: Run) -> None:
    Path("x.json").write_text('{"a": 1}')
    assert "no results" in run("import", "x.json", "--from", "wikidata", "--out", "o.yaml", status=2).stderr
    Path("x.json").write_text("nonsense")
    assert "no JSON" in run("import", "x.json", "--from", "wikidata", "--out", "o.yaml", status=2).stderr
    assert "no column name" in run("import", "x.json", "--from", "csv", "--out", "o.yaml", status=2).stderr
    assert "proposals" in run("import", OWN, "--from", "proposals", "--out", "o.yaml", status=2).stderr
    assert "none of wikidata" in run("import", "x.json", "--from", "excel", "--out", "o.yaml", status=2).stderr
    assert "nothing new" in run("import", "x.json", "--from", "petrarch", "--out", "o.yaml", status=1).stderr
    Path("p.json").write_bytes(b"%PDF-1.7")
    assert "PDF" in run("import", "p.json", "--from", "wikidata", "--out", "o.yaml", status=2).stderr
    assert sorted(p.name for p in Path().iterdir()) == ["p.json", "x.json"]
    made = run("import", EXAMPLES / "actors" / "offices.srj", "--from", "wikidata", "--out", "no/o.yaml", status=1)
    assert "nothing is written" in made.stderr


# propose

TITLES = [
    ("a", "2025-03-05", "Kenyan Foreign Minister Tavi Orsanne said on Wednesday that talks would go on. Orsanne left."),
    (
        "b",
        "2025-04-01",
        "Tavi Orsanne, the Kenyan foreign minister, met Lema Adoury, a spokesperson for the Kenyan army.",
    ),
    ("c", "2025-05-02", "Kenyan army spokesman Lema Adoury said so. Kenyan opposition leader Tavi Orsanne disagreed."),
    (
        "d",
        "2025-05-04",
        "Foreign Minister Peri Wollem of Uganda spoke. The Orven River Front (ORF), a Malian rebel group, struck.",
    ),
    ("e", "2025-05-06", "The Orven River Front, a Malian rebel group, denied it. Ugandan lawmaker Peri Wollem voted."),
    ("f", "2025-05-07", "Foreign Minister Sela Morrow met the police. Chancellor Angela Merkel of Germany spoke."),
]


def reports(rows: list[tuple[str, str, str]], name: str = "in.jsonl") -> Path:
    lines = (json.dumps({"id": i, "published": d, "text": t}) for i, d, t in rows)
    Path(name).write_text("\n".join(lines) + "\n")
    return Path(name)


def test_propose_collects_what_reports_agree_on(run: Run) -> None:
    made = run("propose", reports(TITLES), "--out", "p.yaml")
    assert "6 read, 0 skipped, 0 failed: 3 names proposed" in made.stderr
    rows = {r.get("name") or r["names"][0]: r for r in yaml.safe_load(Path("p.yaml").read_text())}
    assert set(rows) == {"Tavi Orsanne", "Lema Adoury", "Orven River Front"}
    minister = rows["Tavi Orsanne"]
    assert minister["accept"] is False
    assert minister["country"] == "KEN"
    assert minister["roles"][0]["sector"] == "GOV"
    assert minister["roles"][0]["title"].lower() == "foreign minister"
    assert minister["roles"][0]["from"] == "2025-03-05"
    assert (minister["documents"], minister["last_seen"]) == (2, "2025-04-01")
    assert minister["short_forms"] == ["Orsanne"]
    assert [c["sector"] for c in minister["contradictions"]] == ["OPP"]
    assert minister["evidence"][0]["words"] == "Kenyan Foreign Minister Tavi Orsanne"
    assert rows["Lema Adoury"]["roles"][0]["sector"] == "MIL"
    front = rows["Orven River Front"]
    assert (front["names"], front["kind"], front["country"]) == (["Orven River Front", "ORF"], "group", "MLI")
    assert "from" not in front


def test_what_is_said_of_nobody_in_particular_is_no_evidence(run: Run) -> None:
    said = [
        "Karsan Watch, a rights group, spoke. Ravi Tellorin, the Kenyan side, listened.",
        "The minister, Ravi Tellorin, said in Kenya that Ravi Tellorin's wife had left.",
        "Rwanda-backed lawmaker Sela Morrow of nowhere spoke.",
    ]
    run(
        "propose",
        reports([(str(n), "2025-01-01", t) for n, t in enumerate(said)]),
        "--out",
        "p.yaml",
        "--at-least",
        "1",
    )
    assert yaml.safe_load(Path("p.yaml").read_text()) == []


def test_nothing_is_used_before_it_is_accepted(run: Run) -> None:
    run("propose", reports(TITLES), "--out", "p.yaml")
    assert "--from proposals" in run("check", "p.yaml", status=1).stdout
    made = run("import", "p.yaml", "--from", "proposals", "--out", "own.yaml", status=1)
    assert "3 not accepted" in made.stderr
    text = Path("p.yaml").read_text().replace("accept: false\n  name: Tavi", "accept: true\n  name: Tavi")
    Path("p.yaml").write_text(text)
    run("import", "p.yaml", "--from", "proposals", "--out", "own.yaml")
    [row] = own_rows(Path("own.yaml"))
    assert row.names == ("Tavi Orsanne",)
    assert row.certainty == "doubtful"
    found = resolve("Tavi Orsanne", "2026", register=load("own.yaml"))
    assert (found.country, found.sector) == ("KEN", "GOV")
    assert "doubtful" in found.reason
    # What is known by now is proposed no more.
    run("propose", "in.jsonl", "--out", "q.yaml", "--actors", "own.yaml")
    assert "Tavi" not in {
        str(r.get("name", "")).split()[0] for r in yaml.safe_load(Path("q.yaml").read_text()) if "name" in r
    }


def test_proposals_do_not_depend_on_order_or_copies(run: Run) -> None:
    outcomes = set()
    for seed in range(3):
        rows = list(TITLES)
        random.Random(seed).shuffle(rows)
        run("propose", reports(rows), "--out", f"{seed}.yaml")
        outcomes.add(Path(f"{seed}.yaml").read_text())
    assert len(outcomes) == 1
    run("propose", reports([TITLES[0], ("copy", *TITLES[0][1:])]), "--out", "copies.yaml")
    assert yaml.safe_load(Path("copies.yaml").read_text()) == []


HOSTILE = [
    "Kenyan Finance Minister Yes Wollem visited Ethiopia.",
    "Kenyan lawmaker Null Wollem visited Ethiopia.",
    "Kenyan lawmaker True False voted. He said: - {a: *b} &c !!python/object '\"",
    "Kenyan lawmaker Tavi\u00a0Orsanne visited Ethiopia\u2028---\x07.",
    "Kenyan Foreign Minister Tavi\u0007 \u202eOrsannu\x1b[31m visited Ethiopia.",
    "NULL, a Malian rebel group, attacked a village. NO, a Malian rebel group, fled.",
    "Kenyan lawmaker \ud800Null #Tag- ? said so. Kenyan lawmaker Off \ud800Tavi voted.",
]


def test_hostile_reports_make_a_file_that_reads_back(run: Run) -> None:
    rows = [(["NO", "- x: #\x1b\ud800"][k], "2025-05-01", f"{text} It was {k}.") for text in HOSTILE for k in range(2)]
    run("propose", reports(rows), "--out", "p.yaml")
    text = Path("p.yaml").read_text("utf-8")
    assert not set(text) & set("\x07\x1b\u202e")
    found = yaml.safe_load(text)
    assert {r.get("name") or r["names"][0] for r in found} >= {
        "Yes Wollem",
        "Null Wollem",
        "True False",
        "Tavi Orsanne",
        "NULL",
    }
    assert all(e["document"].startswith(("NO", "- x: # \ufffd")) for r in found for e in r["evidence"])
    assert all(
        isinstance(n, str) for r in found for n in [*r.get("names", []), *r.get("aliases", []), r.get("name", "")]
    )
    Path("p.yaml").write_text(text.replace("accept: false", "accept: true"))
    run("import", "p.yaml", "--from", "proposals", "--out", "own.yaml")
    assert len(own_rows(Path("own.yaml"))) == len(found) > 0
    assert run("check", "own.yaml").stderr.startswith("own.yaml: 0 faults")


def test_propose_writes_over_nothing_and_says_what_fails(run: Run) -> None:
    Path("p.yaml").write_text("mine")
    assert "is there already" in run("propose", reports(TITLES), "--out", "p.yaml", status=2).stderr
    assert Path("p.yaml").read_text() == "mine"
    assert "folder does not exist" in run("propose", "in.jsonl", "--out", "no/p.yaml", status=2).stderr
    assert "does not exist" in run("propose", "none.txt", "--out", "q.yaml", status=1).stderr
    assert yaml.safe_load(Path("q.yaml").read_text()) == []
    assert "soon" in run("propose", reports(TITLES), "--out", "r.yaml", "--date", "soon", status=2).stderr
    assert not Path("r.yaml").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is sent as a POSIX signal")
def test_ctrl_c_leaves_what_was_seen(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    rows = [{"id": str(n), "published": "2025-05-01", "text": f"{TITLES[n % 6][2]} Day {n}."} for n in range(5000)]
    # A record that is none is told at once, and tells how far the run is.
    source.write_text("\n".join([*map(json.dumps, rows[:300]), '{"id": "x"}', *map(json.dumps, rows[300:])]))
    out = tmp_path / "p.yaml"
    command = [sys.executable, "-m", "dragoman.cli", "actors", "propose", str(source), "--out", str(out)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, start_new_session=True)
    assert process.stderr is not None
    process.stderr.readline()
    os.killpg(process.pid, signal.SIGINT)
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == 130, stderr.decode()
    assert "interrupted: " in stderr.decode()
    assert "Traceback" not in stderr.decode()
    assert {r.get("name") for r in yaml.safe_load(out.read_text())} >= {"Tavi Orsanne", "Lema Adoury"}
    assert [p.name for p in sorted(tmp_path.iterdir())] == ["in.jsonl", "p.yaml"]
