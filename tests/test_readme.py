"""The papers tell the truth: every command and example in them runs, every figure is a measured one.

``python tests/test_readme.py`` writes the table of figures in the README from ``benchmarks/results``.
"""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import pytest

import dragoman
from dragoman import codebook
from dragoman.export.rows import COLUMNS
from dragoman.learning import lacking

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results"
README = ROOT / "README.md"
PAPERS = [README, ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)
_TABLE = re.compile(r"(<!-- results:[^\n]*-->\n).*?(<!-- end of results -->)", re.S)

# What is shown, on what, and where the figure is: bench, path, and how it is written.
_ROWS = (
    ("events found, with the right type (F1)", "gold-dev", "typed"),
    ("… and with the right actors", "gold-dev", "who"),
    ("… and with the right recipients too", "gold-dev", "whowhom"),
    ("events found, with the right type (F1)", "gold-seed", "typed"),
    ("… and with the right actors and recipients", "gold-seed", "whowhom"),
)
# Where a desk is served when nothing else is said.
_DESK = "127.0.0.1:8421"
_ATTRIBUTES = ("factuality", "historical", "attribution", "mode", "place", "date")


def blocks(kind: str) -> Iterator[tuple[str, str]]:
    """Name of the paper and content of each fenced block of a kind."""
    for paper in PAPERS:
        for found in _BLOCK.finditer(paper.read_text("utf-8")):
            if found[1] == kind:
                yield paper.name, found[2]


def commands() -> list[tuple[str, str, str]]:
    """Paper, command and the output that is shown for it, which may be none."""
    found = []
    for paper, block in blocks("console"):
        for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
            command, _, output = part.partition("\n")
            found.append((paper, command, output))
    return found


# Figures


def figures(bench: str) -> Any:
    return json.loads((RESULTS / f"{bench}.json").read_text("utf-8"))["figures"]


def table() -> str:
    """The measured figures as a table, from the frozen results."""
    lines = ["| what | on | figure |", "|---|---|---|"]

    def row(what: str, on: str, *values: str) -> None:
        lines.append(f"| {what} | {on} | {', '.join(values)} |")

    for what, bench, level in _ROWS:
        all = figures(bench)
        score, many = all[level], all["documents"] > 1
        on = f"{all['documents']} wire reports" if many else "one short text"
        low, high = score["f1_95"]
        value = f"{score['f1']:.2f}" + (f" (95 %: {low:.2f} to {high:.2f})" if many else "")
        row(what, f"{on}, {score['gold']} events", value)
    dev = figures("gold-dev")
    parts = [f"{name} {dev['attributes'][name]['accuracy']:.2f}" for name in _ATTRIBUTES]
    row("fields of events with the right type", f"{dev['typed']['hits']} events", *parts)
    parts = [f"{name} {dev['calibration'][name]['error']:.2f}" for name in ("kept", "all")]
    on = f"{dev['calibration']['kept']['n']} records kept, {dev['calibration']['all']['n']} weighed"
    row("confidence: mean distance from the share that is right, by tenths", on, *parts)
    relations = figures("relations")
    on = f"{relations['sentences']:,} sentences"
    row("type, given who and whom (macro-F1 of 15)", on, f"{relations['macro_f1']:.2f}")
    actors = figures("actors")
    parts = [f"{name} {actors[name]['accuracy']:.2f}" for name in ("country", "sector")]
    row("actor phrases", f"{actors['phrases']} phrases", *parts)
    parties = figures("parties")
    parts = [f"{name} {parties[name]['both']:.2f}" for name in ("name", "description", "pronoun")]
    row("country and sector of those whom gold names", f"{parties['all']['asked']} parties", *parts)
    times = figures("times")
    parts = [f"found {times['span_f1']:.2f} (F1)", f"resolved {times['value_accuracy']:.2f}"]
    row("expressions of time", f"{times['gold']:,} expressions", *parts)
    places = figures("places")
    parts = [
        f"found {places['f1']:.2f} (F1)",
        f"country {places['country']:.2f}",
        f"within 161 km {places['within_161_km']:.2f}",
    ]
    row("names of places", f"{places['gold']:,} names", *parts)
    stories = figures("stories")
    unseen = f"{stories['held_out']['stories']} stories in {stories['held_out']['reports']} reports, unseen"
    for way, what, on in (
        ("held_out", "right records of one event joined", unseen),
        ("coded", "… records as coded", unseen),
        (
            "by_code",
            "… by type, actors and date alone",
            f"{stories['stories']} stories in {stories['reports']} reports",
        ),
    ):
        told = stories[way]
        row(what, on, f"pairs {told['pairs']['f1']:.2f} (F1)", f"B-cubed {told['b_cubed']['f1']:.2f}")
    copies = figures("copies")
    row("reprints recognised", "", f"recall {copies['recall']:.2f}", f"precision {copies['precision']:.3f}")
    ingest, kill, scale = (figures(f"ledger-{name}") for name in ("ingest", "kill", "scale"))
    cost = [f"{ingest['by_jobs'][jobs]['overhead']:.0%} with {what}" for jobs, what in (("1", "one"), ("2", "two"))]
    row("a ledger's time over coding alone", f"{stories['reports']} reports, SQLite, processes", *cost)
    again = f"{ingest['second_over_coding']:.1%} of coding"
    row("reports ingested again", f"{ingest['documents']:,} that the ledger has", again)
    on = f"{kill['documents']:,} reports, two writers, {kill['kills']} kills"
    row("killed at random", on, *(f"{kill[name]:g} {name}" for name in ("lost", "doubled", "faults")))
    waits = [f"first page ≤ {scale['first_page_ms']:g} ms", f"a pair by month ≤ {scale['dyad_month_ms']:g} ms"]
    row("questions, slowest of those asked", f"{scale['events']:,} events, SQLite", *waits)
    pages, load = figures("desk-pages"), figures("desk-load")
    on = f"{pages['events']:,} events, SQLite"
    waits = [f"again about {pages['median_ms']:g} ms", f"after a write about {pages['changed_ms']:g} ms"]
    waits.append(f"first in a new process about {pages['first_ms']:g} ms")
    row("pages of the desk, slowest of all", on, *waits)
    on = f"{load['readers']} readers, two writers, {load['seconds'] / 60:g} minutes"
    row("one desk for many", on, f"median {load['median']:g} ms", f"{load['errors']} errors", f"{load['lost']} lost")
    speed = figures("speed")
    on = f"{speed['documents']} reports, one core"
    row("speed, times that of bare `en_core_web_sm`", on, f"{speed['ratio']:g}")
    row("finding times and places, resolving actors", on, f"{speed['rooms_share']:.0%} of the time")
    sizes = [f"{speed['memory_mb']:g} MB", f"{speed['startup_s']:g} s", f"{speed['installed_mb']:g} MB"]
    row("memory, start to first record, installed size", "", *sizes)
    return "\n".join(lines) + "\n"


def renewed(text: str) -> str:
    """The README's text with the table of now."""
    new, count = _TABLE.subn(lambda found: f"{found[1]}\n{table()}\n{found[2]}", text)
    assert count == 1
    return new


def test_the_figures_are_those_measured() -> None:
    if not RESULTS.is_dir():
        pytest.skip("nothing is measured yet: make bench")
    text = README.read_text("utf-8")
    assert text == renewed(text), "renew it: python tests/test_readme.py"


# Commands and examples


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the examples and a ledger of some of them, where commands are run."""
    folder = tmp_path_factory.mktemp("papers")
    shutil.copytree(ROOT / "examples", folder / "examples")
    filled = run("dragoman ingest examples/ledger", folder)
    assert filled.returncode == 0, filled.stderr
    return folder


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, shell=True, cwd=folder, env=environment(folder), capture_output=True, text=True, encoding="utf-8"
    )


def environment(folder: Path) -> dict[str, str]:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    own = {"DRAGOMAN_LEDGER": str(folder / "ledger.db"), "DRAGOMAN_USERS": str(folder / "users.json")}
    return {**os.environ, "PATH": path, "COLUMNS": "80", **own}


@pytest.fixture(scope="module")
def desk(folder: Path) -> Iterator[str]:
    """Host and port of a desk over the ledger of the papers, open for this machine, without users."""
    shutil.copy(folder / "ledger.db", folder / "desk.db")
    command = ["dragoman", "serve", "--port", "0", "--ledger", "desk.db", "--users", "nobody.json"]
    opened = subprocess.Popen(command, cwd=folder, env=environment(folder), stderr=subprocess.PIPE, text=True)
    assert opened.stderr is not None
    said = ""
    while not (found := re.search(r"http://(\S+:\d+)", said)):
        line = opened.stderr.readline()
        assert line, f"the desk did not open: {said}"
        said += line
    yield found[1]
    assert opened.poll() is None
    opened.send_signal(signal.SIGINT)
    assert opened.wait(30) == 0


def recipe(target: str) -> list[str]:
    """The commands of a target of the Makefile; fails where there is none."""
    text = (ROOT / "Makefile").read_text("utf-8")
    found = re.search(rf"^{re.escape(target)}:.*\n((?:\t.*\n?)*)", text, re.M)
    assert found, f"the Makefile has no target {target}"
    return [line.strip().removeprefix("@").replace("$(BIN)/", "") for line in found[1].splitlines()]


@pytest.mark.parametrize("command", sorted({command for _, command, _ in commands() if command.startswith("make ")}))
def test_make_has_the_targets(command: str) -> None:
    assert recipe(command.removeprefix("make "))


def test_the_demo_prints_events(folder: Path) -> None:
    [line] = recipe("demo")
    ran = run(line, folder)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.count("about: ") == sum(path.is_file() for path in (ROOT / "examples").iterdir())
    assert sum(ran.stdout.count(type) for type in codebook.TYPES) > 20


@pytest.mark.parametrize(("paper", "command", "output"), [row for row in commands() if not row[1].startswith("make ")])
def test_commands_run_and_print_what_is_shown(
    paper: str, command: str, output: str, folder: Path, request: pytest.FixtureRequest
) -> None:
    if paper == "training.md" and lacking():
        pytest.skip(f"training needs {' and '.join(lacking())}")
    if command == "dragoman serve":
        command = f"curl -sS {_DESK}"  # it is the fixture that serves
    if _DESK in command:
        command = command.replace(_DESK, request.getfixturevalue("desk"))
    if "curl " in command and shutil.which("curl") is None:
        pytest.skip("there is no curl")
    ran = run(command, folder)
    assert ran.returncode == 0, (paper, command, ran.stderr)
    written = re.search(r"--out(?:put)? (\S+)", command)
    # What became of a user is said on standard error.
    said = ran.stdout or (ran.stderr if "dragoman users" in command else "")
    assert said or (written and (folder / written[1]).stat().st_size > 100)
    if output.strip():
        assert [line.rstrip() for line in ran.stdout.strip().splitlines()] == output.strip().splitlines()


@pytest.mark.parametrize(("paper", "code"), list(blocks("python")))
def test_python_examples_run(
    paper: str, code: str, folder: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    monkeypatch.chdir(folder)
    if _DESK in code:
        code = code.replace(_DESK, request.getfixturevalue("desk"))
    if "__main__" in code:
        (folder / "script.py").write_text(code, "utf-8")
        ran = run("python script.py", folder)
        assert ran.returncode == 0, (paper, ran.stderr)
        assert (folder / "events.parquet").stat().st_size > 1000
        return
    printed = io.StringIO()
    with redirect_stdout(printed):
        exec(compile(code, paper, "exec"), {"__name__": "example"})
    assert printed.getvalue().strip() or "assert" in code
    assert "None None" not in printed.getvalue()


def test_the_readme_opens_with_what_it_is_and_two_commands() -> None:
    lines = README.read_text("utf-8").splitlines()
    assert [command for paper, command, _ in commands() if paper == "README.md"][:2] == [
        "make demo",
        "make test",
    ]
    assert all(lines[2:5])
    modes = sum(map(len, codebook.MODES.values()))
    assert f"({len(codebook.TYPES)} types, {modes} modes)" in "\n".join(lines)
    assert lines[5] == ""


# What the papers say of the code


@pytest.mark.parametrize("paper", PAPERS, ids=lambda path: path.name)
def test_links_lead_somewhere(paper: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)", paper.read_text("utf-8")):
        assert target.startswith("https://") or (paper.parent / target).exists(), target


def test_the_papers_name_all_there_is() -> None:
    docs = ROOT / "docs"
    output = (docs / "output.md").read_text("utf-8")
    assert [column.name for column in COLUMNS if f"`{column.name}`" not in output] == []
    record = (docs / "codebook.md").read_text("utf-8")
    assert [name for name in codebook.TYPES if not re.search(rf"\b{name}\b", record)] == []
    fields = list(dragoman.Event.__dataclass_fields__)
    assert [name for name in fields if f"`{name}`" not in record] == []
    coded = re.findall(r"\b([A-Z]+) `([a-z-]+)`", record)
    assert len(coded) > 10
    assert [pair for pair in coded if pair[1] not in codebook.MODES[pair[0]]] == []
    house = (docs / "architecture.md").read_text("utf-8")
    source = ROOT / "src" / "dragoman"
    rooms = {path.parent.name for path in source.glob("*/__init__.py")}
    rooms |= {path.stem for path in source.glob("*.py") if not path.stem.startswith("_")}
    assert [room for room in sorted(rooms) if f"`{room}`" not in house] == []


def test_the_change_log_has_this_version() -> None:
    assert f"## {dragoman.__version__}" in (ROOT / "CHANGELOG.md").read_text("utf-8")


if __name__ == "__main__":
    README.write_text(renewed(README.read_text("utf-8")), "utf-8")
