"""The commands that fill a ledger: what they count, what they keep, and how they end."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import signal
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.fetching_site import Site, fetcher, item, page, rss, served
from tests.ledger_shell import EXAMPLES, Run, ids, reports, rows, started

from dragoman.commands import counting, ingesting
from dragoman.ledger import Ledger, LedgerError
from dragoman.ledger.memory import HeldMemory
from dragoman.ledger.store import Store

# ingest and sources


def test_what_is_known_is_not_coded_again(asked: Run) -> None:
    [counts] = rows(asked("ingest", EXAMPLES, "--format", "jsonl"))
    nothing = {"coded": 0, "events": 0, "skipped": 0, "failed": 0, "why": {}}
    assert counts == {"source": str(EXAMPLES), "known": 9, **nothing}


@pytest.mark.usefixtures("quick_coder")
def test_what_fails_and_is_skipped_is_counted_by_source_and_told(shell: Run) -> None:
    for folder in ("good", "mixed"):
        Path(folder).mkdir()
    Path("good", "one.jsonl").write_text(reports(3))
    Path("mixed", "two.jsonl").write_text(reports(4))
    Path("mixed", "empty.txt").write_text("")
    Path("mixed", "broken.json").write_text("{")
    made = shell("ingest", "good", "mixed", "--format", "jsonl", status=1)
    good, mixed = rows(made)
    assert (good["source"], good["coded"], good["known"]) == ("good", 3, 0)
    assert (mixed["coded"], mixed["known"], mixed["skipped"], mixed["failed"]) == (1, 3, 1, 1)
    assert sum(mixed["why"].values()) == 2
    assert "broken.json" in made.stderr
    assert made.stderr.splitlines()[-1].startswith("4 coded (4 records), 3 known, 1 skipped, 1 failed; ")
    told = shell("sources", "--format", "csv").stdout
    [first, second] = csv.DictReader(io.StringIO(told))
    assert (first["source"], first["reports"], first["coded"]) == ("good", "3", "3")
    assert (second["reports"], second["failed"], second["newest"]) == ("4", "1", "2024-05-16")
    assert "mixed" in shell("sources").stdout


@pytest.mark.usefixtures("quick_coder")
def test_nothing_to_ingest_is_said(shell: Run) -> None:
    Path("folder").mkdir()
    assert "without documents" in shell("ingest", "folder", status=1).stderr
    assert "does not exist" in shell("ingest", "nowhere.txt", status=1).stderr
    assert shell("sources", status=1).stderr.endswith("2 sources, 2 with trouble\n")


@pytest.mark.usefixtures("quick_coder")
def test_standard_input_is_ingested(shell: Run) -> None:
    shell("ingest", "-", "--date", "2024-05-16", stdin="Rebels attacked soldiers. It was quiet by the evening.")
    assert len(ids(shell)) == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("ingest", "x.txt", "--date", "soon"), "soon"),
        (("ingest", "x.txt", "--format", "xml"), "--format xml: is none of table, jsonl, csv"),
        (("ingest", "x.txt", "--ledger", "."), "is a folder: give a file in it"),
        (("ingest", "x.txt", "--ledger", "x.txt"), "is no ledger"),
        (("ingest", "x.txt", "--ledger", "mysql://host/name"), "mysql"),
        (("ingest", "x.txt", "--model", "nowhere"), "nowhere"),
        (("ingest", "x.txt", "--actors", "nowhere.yaml"), "nowhere.yaml"),
        (("ingest", "x.txt", "--agent", "a\nb"), "--agent: the user agent has characters"),
        (("watch", "x.xml", "--every", "often"), "--every often: write 15m, 2h or 1d"),
        (("watch", "x.xml", "--every", "5s"), "--every 5s: "),
        (("query", "--ledger", "nowhere.db"), "there is no ledger at nowhere.db: make one with dragoman ingest"),
        (("doctor", "x.db"), "dragoman doctor --ledger x.db"),
    ],
)
def test_wrong_use_is_one_line_and_status_2(arguments: tuple[str, ...], said: str, shell: Run) -> None:
    Path("x.txt").write_text("Rebels attacked soldiers. It was quiet by the evening.")
    made = shell(*arguments, status=2)
    assert said in made.stderr
    assert len(made.stderr.strip().splitlines()) == 1
    assert made.stdout == ""
    assert not Path("nowhere.db").exists()


@pytest.mark.usefixtures("quick_coder")
def test_a_ledger_without_text_keeps_the_sentences(shell: Run) -> None:
    Path("in.jsonl").write_text(reports(2))
    shell("ingest", "in.jsonl", "--no-text")
    Path("more.jsonl").write_text(reports(3))
    shell("ingest", "more.jsonl")
    stored = sqlite3.connect("events.db").execute("SELECT count(*), count(text) FROM report").fetchone()
    assert stored == (3, 0)
    [id] = ids(shell)
    assert "Rebels [attacked] soldiers." in shell("show", id).stdout
    assert "3 without text left as they are" in shell("recode", "--again").stdout


@pytest.mark.usefixtures("quick_coder")
def test_a_ledger_that_cannot_be_written_is_said_with_what_is_kept(shell: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("in.jsonl").write_text(reports(70))
    with monkeypatch.context() as patch:
        fill_the_disk(patch, writes=1)
        made = shell("ingest", "in.jsonl", status=1)
    assert "the disk is full; 50 reports were written before" in made.stderr
    assert rows(shell("ingest", "in.jsonl", "--format", "jsonl"))[0]["known"] == 50


def fill_the_disk(patch: pytest.MonkeyPatch, writes: int) -> None:
    """Let all writes to ledgers fail but the first ones, the making of the ledger not counted."""
    before, done = Store.write, 0

    def write(self: Store, work: Any, **options: Any) -> Any:
        nonlocal done
        done += "bring_up_to_date" not in repr(work)
        if done > writes:
            raise LedgerError("the disk is full")
        return before(self, work, **options)

    patch.setattr(Store, "write", write)


def test_how_many_documents_there_are_is_told_where_it_can_be(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(reports(3))
    (tmp_path / "b.txt").write_text("x")
    (tmp_path / "c.json").write_text("{}")
    (tmp_path / "notes.md").write_text("not read in folders")
    assert counting.expected([str(tmp_path)]) == 5
    assert counting.expected([str(tmp_path / "a.jsonl"), str(tmp_path / "b.txt")]) == 4
    assert counting.expected([str(tmp_path), "https://example.org/feed.xml"]) is None
    (tmp_path / "d.warc.gz").write_bytes(b"")
    assert counting.expected([str(tmp_path)]) is None


# Feeds


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setattr(ingesting, "_fetcher", lambda *limits: fetcher())
    with served() as site:
        site.put("/robots.txt", "", "text/plain")
        for number in (1, 2):
            text = f"Rebels attacked soldiers. The village of number {number} was quiet by the evening."
            site.put(f"/{number}", page(f"Report {number}", text=text))
        site.put("/feed", rss(item("/1"), item("/2")), "application/xml", ETag='"a"')
        yield site


@pytest.mark.usefixtures("quick_coder")
def test_a_feed_is_ingested_once_and_its_health_told(shell: Run, site: Site) -> None:
    feed = f"{site.url}/feed"
    [counts] = rows(shell("ingest", feed, "--format", "jsonl"))
    assert (counts["source"], counts["coded"]) == (feed, 2)
    assert "2 known" in shell("ingest", f"{site.url}/1", f"{site.url}/2").stderr
    assert site.asked.count("/1") == 1
    site.put("/feed", "", status=500)
    shell("ingest", feed, status=1)
    made = shell("sources", "--format", "jsonl", status=1)
    [told] = [row for row in rows(made) if row["source"] == feed]
    assert (told["reports"], told["failures"], told["last"]["failed"]) == (2, 1, 1)
    assert "could not" in shell("sources", status=1).stdout


@pytest.mark.usefixtures("quick_coder")
def test_watch_takes_what_is_new(shell: Run, site: Site) -> None:
    feed = f"{site.url}/feed"
    assert re.search(
        r"2 coded \(2 records\), 0 known, 0 skipped, 0 failed$", shell("watch", feed, "--once").stderr, re.M
    )
    asked = len(site.asked)
    assert "0 coded" in shell("watch", feed, "--once").stderr
    assert len(site.asked) == asked  # it is not due yet
    assert len(ids(shell)) == 2


def test_a_feed_counts_as_read_when_what_it_told_of_is_kept(tmp_path: Path) -> None:
    with Ledger(tmp_path / "events.db") as ledger:
        held = HeldMemory(ledger.store)
        held.put("https://example.org/feed", {"etag": "a"})
        assert held.get("https://example.org/feed") == {"etag": "a"}
        assert ledger.memory.get("https://example.org/feed") is None
        held.release()
        assert ledger.memory.get("https://example.org/feed") == {"etag": "a"}
        held.put("https://example.org/feed", {})
        assert held.get("https://example.org/feed") == {}


# Processes of their own


def test_a_pipe_that_is_closed_is_no_trouble(example_ledger: Path, tmp_path: Path) -> None:
    shutil.copy(example_ledger, tmp_path / "events.db")
    reading = started("query", "--all", "--format", "jsonl", folder=tmp_path)
    assert reading.stdout is not None
    reading.stdout.close()
    assert reading.stderr is not None
    assert reading.stderr.read() == ""
    assert reading.wait(20) == 0


def test_an_interrupted_ingest_keeps_what_is_coded_and_goes_on(tmp_path: Path) -> None:
    text = (
        "Kenya's president visited Ethiopia on Monday and signed an agreement on trade. Rebels attacked village {} "
        "near the border on Friday, the government said."
    )
    lines = (json.dumps({"text": text.format(n), "published": "2024-05-15"}) + "\n" for n in range(400))
    (tmp_path / "in.jsonl").write_text("".join(lines))
    running = started("ingest", "in.jsonl", folder=tmp_path)
    until = time.monotonic() + 30
    while stored(tmp_path) == 0 and time.monotonic() < until and running.poll() is None:
        time.sleep(0.05)
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=30)
    assert running.returncode == 130, said
    assert "what is coded is kept: the same command goes on from here" in said
    found = re.search(r"interrupted: (\d+) coded", said)
    assert found is not None
    assert 0 < int(found[1]) == stored(tmp_path) < 400
    with Ledger(tmp_path / "events.db") as ledger:
        assert ledger.faults() == []


def stored(folder: Path) -> int:
    """How many reports a ledger has so far."""
    if not (folder / "events.db").exists():
        return 0
    database = sqlite3.connect(folder / "events.db")
    try:
        return int(database.execute("SELECT count(*) FROM report").fetchone()[0])
    except sqlite3.OperationalError:
        return 0  # its tables are being made
    finally:
        database.close()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_watching_ends_cleanly(number: signal.Signals, tmp_path: Path) -> None:
    with served() as site:
        feed = site.put("/feed", rss(), "application/xml")
        running = started("watch", feed, "--every", "15m", "--allow-private", folder=tmp_path)
        until = time.monotonic() + 20
        while "/feed" not in site.asked and time.monotonic() < until and running.poll() is None:
            time.sleep(0.02)
        time.sleep(0.2)
        running.send_signal(number)
        _, said = running.communicate(timeout=20)
    assert running.returncode == 0, said
    assert said.splitlines()[-1].startswith("stopped; ")
