"""What goes wrong is said, with what to do; what is stored stays, and the next run takes it up."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from benchmarks.ledger_reports import QuickCoder, reports
from sqlalchemy import Connection, delete, event, insert, select, text
from tests.databases import USER, Server, wait_for
from tests.test_ledger_core import STORIES, events, fill, in_batches, sound

from dragoman.ledger import Ledger, LedgerError, migrations
from dragoman.ledger.tables import detail
from dragoman.record import CodedDocument, Document

REPORTS = list(reports(60, seed=11))


@pytest.fixture
def ledger(ledger_address: str) -> Iterator[Ledger]:
    with Ledger(ledger_address) as made:
        fill(made, STORIES)
        attack = events(made, "ASSAULT")[0]
        made.confirm(attack.id, by="ann")
        made.split(attack.id, [attack.tellings[-1].record.id], by="ann")
        assert made.faults() == []
        yield made


# --- damage ----------------------------------------------------------------------------------------------------------

A_RECORD = "(SELECT min(id) FROM record WHERE live)"
DAMAGE = {
    "UPDATE record SET event = NULL WHERE id = (SELECT min(id) FROM record)": "without an event",
    "UPDATE record SET event = 'x' WHERE id = (SELECT min(id) FROM record)": "events of records that are not there",
    "DELETE FROM event WHERE id = (SELECT min(id) FROM event)": "events of records that are not there",
    "INSERT INTO event SELECT 1, 'x', type, factuality, historical, dated, day, until, reported, place, state, 1, 1, "
    "confidence, score, pairs FROM event LIMIT 1": "events without records",
    "UPDATE event SET sources = sources + 1 WHERE id = (SELECT min(id) FROM event)": "not what their records say",
    "UPDATE detail SET words = words || ' more'": "not what their records say",
    "DELETE FROM detail WHERE nr = (SELECT min(nr) FROM detail)": "not what their records say",
    "DELETE FROM dyad WHERE actor = (SELECT min(actor) FROM dyad)": "sums of series",
    "UPDATE dyad SET events = events + 1": "sums of series",
    "UPDATE record SET event = (SELECT max(id) FROM event) WHERE event = (SELECT min(id) FROM event)": "not belong",
    "UPDATE record SET judged = replace(judged, 'Laos', 'Lagos')": "not what was coded and judged",
    "UPDATE record SET confirmed = NOT confirmed": "not what was coded and judged",
    "DELETE FROM record WHERE id = (SELECT min(id) FROM record WHERE confirmed)": "not what their records say",
    "DELETE FROM handle WHERE record = (SELECT min(record) FROM handle)": "not found by what they tell",
    "DELETE FROM link WHERE kind = 'same'": "not what comparing them gives",
    "UPDATE link SET score = score / 2 WHERE kind = 'denial'": "not what comparing them gives",
    "DELETE FROM link WHERE kind = 'apart'": "otherwise than judged",
    "UPDATE report SET superseded = NOT superseded": "whose status is not",
    "UPDATE report SET status = 'new'": "whose status is not",
    "UPDATE report SET copies = id": "wrong group of copies",
    "DELETE FROM band WHERE report = (SELECT min(report) FROM band)": "wrong group of copies",
    "DELETE FROM judged": "not kept with the reports",
    "UPDATE judgement SET value = replace(value, 'ann', 'bob')": "not kept with the reports",
}


@pytest.mark.parametrize("statement", DAMAGE)
def test_damage_is_found(damaged: Ledger, statement: str) -> None:
    with damaged.store.writing() as connection:
        connection.execute(text(statement))
    found = damaged.faults()
    assert any(DAMAGE[statement] in fault for fault in found), found


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("whole") / "l.db"
    with Ledger(path) as made:
        fill(made, STORIES)
        attack = max(events(made, "ASSAULT"), key=lambda e: len(e.tellings))
        made.confirm(attack.id, by="ann")
        made.split(attack.id, [attack.tellings[-1].record.id], by="ann")
        assert made.faults() == []
    return path


@pytest.fixture
def damaged(whole: Path, tmp_path: Path) -> Iterator[Ledger]:
    copy = tmp_path / "l.db"
    copy.write_bytes(whole.read_bytes())
    with Ledger(copy) as made:
        yield made


def test_damage_to_search_and_to_the_file_is_found(whole: Path, tmp_path: Path) -> None:
    for name, statements in {
        "search": [
            "INSERT INTO search(search, rowid, words, facets) "
            "SELECT 'delete', nr, words, facets FROM detail ORDER BY nr LIMIT 1"
        ],
        "foreign": ["PRAGMA foreign_keys = OFF", "DELETE FROM report WHERE id = (SELECT min(report) FROM record)"],
    }.items():
        path = tmp_path / f"{name}.db"
        path.write_bytes(whole.read_bytes())
        with sqlite3.connect(path) as connection:
            for statement in statements:
                connection.execute(statement)
        connection.close()
        with Ledger(path) as ledger:
            found = " ".join(ledger.faults())
        assert {"search": "full-text search", "foreign": "belong to nothing"}[name] in found
    pages = bytearray(whole.read_bytes())
    pages[8192:12288] = bytes(4096)
    (tmp_path / "torn.db").write_bytes(pages)
    try:
        with Ledger(tmp_path / "torn.db") as ledger:
            found = " ".join(ledger.faults())
    except LedgerError as error:
        found = str(error)
    assert "the file is damaged" in found


# --- migrations ------------------------------------------------------------------------------------------------------


def test_a_ledger_of_a_newer_version_is_left_alone(ledger_address: str) -> None:
    with Ledger(ledger_address) as ledger, ledger.store.writing() as connection:
        connection.execute(text("UPDATE meta SET value = '99' WHERE name = 'version'"))
    with pytest.raises(LedgerError, match=r"newer Dragoman.*version 99"):
        Ledger(ledger_address)


def test_an_older_ledger_is_brought_up_to_date_or_left_as_it_was(
    ledger_address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Ledger(ledger_address) as ledger:
        fill(ledger, STORIES)
        before = sound(ledger)

    def breaks(connection: Connection) -> None:
        connection.execute(text("ALTER TABLE report ADD COLUMN mood TEXT"))
        connection.execute(text("SELECT no_such_column FROM report"))

    def works(connection: Connection) -> None:
        connection.execute(text("ALTER TABLE report ADD COLUMN mood TEXT"))

    monkeypatch.setattr(migrations, "LATEST", (latest := migrations.LATEST + 1))
    monkeypatch.setattr(migrations, "STEPS", (*migrations.STEPS, breaks))
    with pytest.raises(LedgerError):
        Ledger(ledger_address)
    monkeypatch.setattr(migrations, "STEPS", (*migrations.STEPS[:-1], works))
    for _ in range(2):
        with Ledger(ledger_address) as ledger:
            assert sound(ledger) == before
            with ledger.store.reading() as connection:
                assert migrations.version(connection) == latest
                connection.execute(text("SELECT mood FROM report"))


def test_a_ledger_of_version_1_finds_events_by_the_names_of_parties(ledger_address: str) -> None:
    with Ledger(ledger_address) as ledger:
        fill(ledger, STORIES)
        before = sound(ledger)
        name = next(p.text for e in ledger.iterate() for p in e.actor if p.text)
        found = [e.id for e in ledger.query(actor_name=name).events]
        with ledger.store.writing() as connection:
            connection.execute(text("DROP TABLE saved"))
            connection.execute(text("DROP INDEX report_added"))
            rows = connection.execute(select(detail)).mappings().all()
            connection.execute(delete(detail))
            for row in rows:
                kept = " ".join(w for w in row["facets"].split() if w[0] not in "io")
                connection.execute(insert(detail).values({**dict(row), "facets": kept}))
            connection.execute(text("UPDATE meta SET value = '1' WHERE name = 'version'"))
    with Ledger(ledger_address) as ledger:
        assert sound(ledger) == before
        assert [e.id for e in ledger.query(actor_name=name).events] == found != []


def test_two_processes_that_make_one_ledger_make_it_once(tmp_path: Path, postgres: Server) -> None:
    with postgres.database() as address:
        for where in (str(tmp_path / "l.db"), address):
            trouble: list[Exception] = []

            def make(where: str = where, trouble: list[Exception] = trouble) -> None:
                try:
                    Ledger(where).close()
                except LedgerError as error:
                    trouble.append(error)

            threads = [threading.Thread(target=make) for _ in range(6)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            assert trouble == []
            with Ledger(where, create=False) as ledger:
                fill(ledger, STORIES[:2])
                assert ledger.faults() == []
                if ledger.store.sqlite:
                    with ledger.store.reading() as connection:
                        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"


# --- where there is no ledger ----------------------------------------------------------------------------------------


def test_what_is_no_ledger_is_said_and_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("a few words, and then some more of them")
    (tmp_path / "empty.db").touch()
    with sqlite3.connect(tmp_path / "other.db") as connection:
        connection.execute("CREATE TABLE meta (name TEXT, value TEXT)")
    connection.close()
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    for where, create, says in (
        (tmp_path / "none.db", False, "no ledger at .*dragoman ingest"),
        (tmp_path / "empty.db", False, "holds no ledger yet"),
        (tmp_path, True, "is a folder"),
        (tmp_path / "notes.txt", True, "is no ledger"),
        (tmp_path / "other.db", True, "something else"),
        (tmp_path / "notes.txt" / "l.db", True, "cannot be opened"),
        (tmp_path / ("n" * 300), True, "cannot be opened"),
        (":memory:", True, "in memory"),
        ("sqlite://", True, "in memory"),
        ("mysql://host/name", True, "mysql holds no ledger"),
        ("postgresql://host:port/name", True, "no address"),
    ):
        with pytest.raises(LedgerError, match=says):
            Ledger(where, create=create)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_servers_that_are_not_there_or_let_nobody_in(postgres: Server, tmp_path: Path) -> None:
    for where, says in (
        (postgres.by_network("postgres", "not this"), "another user or password"),
        (f"postgresql://{USER}@127.0.0.1:1/ledger", rf"^postgresql://{USER}@127.0.0.1:1/ledger: no server answers"),
        (f"postgresql://{USER}@no-such-host.invalid/ledger", "no server has that name"),
        (f"postgresql://{USER}@/ledger?host={tmp_path}", "no server answers"),
        (postgres.address("no_such"), "no such database.*createdb"),
        (postgres.address("postgres").replace(USER, "nobody_known"), "no such user"),
    ):
        with pytest.raises(LedgerError, match=says) as caught:
            Ledger(where)
        assert "not this" not in str(caught.value)


def test_a_database_of_something_else_on_a_server(postgres: Server) -> None:
    with postgres.database() as address, Ledger(address) as ledger:
        with ledger.store.engine.begin() as connection:
            connection.execute(text("DROP TABLE meta"))
        with pytest.raises(LedgerError, match="something else"):
            Ledger(address)
    with postgres.database() as address:
        with pytest.raises(LedgerError, match="holds no ledger yet"):
            Ledger(address, create=False)
        with Ledger(postgres.by_network(address.split("/")[3].split("?")[0])) as ledger:
            fill(ledger, STORIES[:1])
            assert ledger.counts()["reports"] == 1


# --- writes that fail ------------------------------------------------------------------------------------------------


@contextmanager
def unprivileged() -> Iterator[None]:
    """As somebody whom files may be kept from: root may write them all."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_ledger_that_may_only_be_read() -> None:
    # Not in a folder of pytest's, which is kept from everybody else.
    with tempfile.TemporaryDirectory() as parent:
        Path(parent).chmod(0o755)
        _read_only(Path(parent) / "kept")


def _read_only(folder: Path) -> None:
    folder.mkdir()
    with Ledger(folder / "l.db") as ledger:
        fill(ledger, STORIES)
        before = sound(ledger)
    for mode in (0o777, 0o555):  # the file alone, and its folder as well
        (folder / "l.db").chmod(0o444)
        folder.chmod(mode)
        with unprivileged():
            with Ledger(folder / "l.db") as ledger:
                assert sound(ledger) == before
                with pytest.raises(LedgerError, match=r"may not be written.*permission"):
                    fill(ledger, REPORTS)
            with pytest.raises(LedgerError, match=r"cannot be opened|may not be written"):
                Ledger(folder / "none" / "l.db" if mode == 0o555 else folder.parent / "new.db")
    folder.chmod(0o755)
    (folder / "l.db").chmod(0o644)
    with Ledger(folder / "l.db") as ledger:
        assert sound(ledger) == before


def test_a_ledger_that_another_process_has_locked(ledger_address: str) -> None:
    with Ledger(ledger_address, patience=0.2) as ledger, Ledger(ledger_address) as other:
        fill(ledger, STORIES[:2])
        with other.store.writing():
            with pytest.raises(LedgerError, match="another process holds its lock"):
                fill(ledger, STORIES)
            assert ledger.counts()["reports"] == 2  # reading waits for nobody
        fill(ledger, STORIES)
        assert ledger.counts()["reports"] == len(STORIES)
        assert ledger.faults() == []


def test_a_full_disk(tmp_path: Path) -> None:
    with Ledger(tmp_path / "l.db") as ledger:
        fill(ledger, REPORTS[:10])
        pages = 0

        @event.listens_for(ledger.store.engine, "begin")
        def limit(connection: Connection) -> None:
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages or 1_000_000}")

        with ledger.store.reading() as connection:
            pages = int(connection.execute(text("PRAGMA page_count")).scalar_one()) + 20
        with pytest.raises(LedgerError, match=r"disk is full.*free some space"):
            fill(ledger, REPORTS)
        assert ledger.faults() == []
        pages = 0
        fill(ledger, REPORTS)
        assert sound(ledger) == in_batches(tmp_path / "other.db", REPORTS, ())


@pytest.mark.skipif(not Path("/bin/mount").exists() or os.geteuid() != 0, reason="needs root, to make a small disk")
def test_a_disk_that_is_really_full(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["/bin/mount", "-t", "tmpfs", "-o", "size=900k", "none", disk], capture_output=True).returncode:
        pytest.skip("no disk can be mounted here")
    try:
        with Ledger(disk / "l.db") as ledger, pytest.raises(LedgerError, match=r"disk is full.*free some space"):
            fill(ledger, REPORTS)
        subprocess.run(["/bin/mount", "-o", "remount,size=20m", disk], check=True)
        with Ledger(disk / "l.db") as ledger:
            assert ledger.faults() == []
            fill(ledger, REPORTS)
            assert sound(ledger) == in_batches(tmp_path / "other.db", REPORTS, ())
    finally:
        subprocess.run(["/bin/umount", disk], check=True)


class Slow(QuickCoder):
    """Says when it has coded some documents, and goes on when it may."""

    def __init__(self) -> None:
        super().__init__()
        self.coded: list[str] = []
        self.go = threading.Event()

    def code(self, document: Document) -> CodedDocument:
        self.coded.append(document.id)
        if len(self.coded) > 55:  # one batch is written, another begun
            self.go.wait(30)
        return super().code(document)


@pytest.mark.parametrize("how", ["fast", "immediate"])
def test_a_server_that_restarts_in_the_middle_of_an_ingest(postgres: Server, tmp_path: Path, how: str) -> None:
    documents = list(reports(110, seed=12))
    with postgres.database() as address:
        coder = Slow()
        trouble: list[BaseException] = []

        def work() -> None:
            try:
                with Ledger(address) as ledger:
                    fill(ledger, documents, coder=coder)
            except BaseException as error:
                trouble.append(error)

        thread = threading.Thread(target=work)
        thread.start()
        wait_for(lambda: len(coder.coded) > 55)
        postgres.stop(how)
        coder.go.set()
        threading.Timer(0.7, postgres.start).start()
        thread.join(60)
        wait_for(lambda: (postgres.data / "postmaster.pid").exists())
        assert trouble == []
        with Ledger(address) as ledger:
            assert ledger.counts()["reports"] == len(documents)
            assert sound(ledger) == in_batches(tmp_path / "other.db", documents, ())


def test_a_server_that_stays_away_is_said_and_the_next_run_takes_it_up(
    postgres: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dragoman.ledger import store

    monkeypatch.setattr(store, "_RETRIES", (0.01, 0.01))
    with postgres.database() as address, Ledger(address) as ledger:
        fill(ledger, REPORTS[:10])
        postgres.stop()
        with pytest.raises(LedgerError, match=r"no server answers|stopped|lost"):
            fill(ledger, REPORTS)
        postgres.start()
        fill(ledger, REPORTS)
        assert ledger.counts()["reports"] == len(REPORTS)
        assert ledger.faults() == []


def test_readers_see_one_state_while_others_write(ledger_address: str) -> None:
    with Ledger(ledger_address) as ledger, Ledger(ledger_address) as other:
        fill(ledger, STORIES[:3])
        with ledger.store.reading() as connection:
            count = text("SELECT count(*) FROM report")
            assert connection.execute(count).scalar() == 3
            fill(other, STORIES)
            assert connection.execute(count).scalar() == 3
        assert ledger.counts()["reports"] == len(STORIES)


def test_a_write_that_fails_leaves_nothing(ledger: Ledger) -> None:
    from dragoman.ledger.tables import meta

    before = sound(ledger)

    def work(connection: Connection) -> Any:
        connection.execute(text("DELETE FROM event"))
        connection.execute(insert(meta).values(name="version", value="2"))

    with pytest.raises(LedgerError):
        ledger.store.write(work)
    assert sound(ledger) == before
