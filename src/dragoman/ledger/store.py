"""Where a ledger is kept: a SQLite file or a PostgreSQL database, opened, migrated and guarded.

One writer at a time: a write takes SQLite's write lock, or an advisory lock in PostgreSQL, before it reads. What it
reads is then what every earlier writer left, so that two processes come to the ledger that one would.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, insert, inspect, select, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError, NoSuchModuleError, OperationalError

from dragoman.ledger import migrations
from dragoman.ledger.coders import joiner_name
from dragoman.ledger.tables import meta, metadata

T = TypeVar("T")
VARIABLE = "DRAGOMAN_LEDGER"
# The setting that says what joined the records.
JOINER = "joiner"
_REVISION = "revision"
# A batch is written in well under a second; who waits longer than this, in seconds, waits for a stuck process.
PATIENCE = 60.0
# A server that is there answers at once; one behind a firewall that drops everything never does.
_CONNECT_SECONDS = 15
# PostgreSQL's locks are numbers: this one is ours ("dragoman" in hexadecimal digits of its letters, shortened).
_LOCK = 0x647261676F
# A restart of the server takes seconds: the waits before a write is tried again add up to half a minute.
_RETRIES = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0)


class LedgerError(RuntimeError):
    """The ledger cannot be opened, read or written; the message says why and what to do."""


def default_ledger() -> str:
    """``$DRAGOMAN_LEDGER``, else the file ``ledger.db`` in the user's data folder."""
    if given := os.environ.get(VARIABLE):
        return given
    from typer import get_app_dir

    return str(Path(get_app_dir("dragoman")) / "ledger.db")


class Store:
    """An open ledger database.

    Args:
        where: a path, or an address such as ``postgresql://user@host/name`` or ``sqlite:///file.db``.
        create: make the database's tables, and a SQLite file and its folder, where there are none.
        patience: seconds to wait for another process that writes.

    Raises:
        LedgerError: when it cannot be opened, is no ledger, or was made by a newer version.
    """

    def __init__(self, where: str | Path, *, create: bool = True, patience: float = PATIENCE) -> None:
        self.url = _url(where)
        self.patience = patience
        # As it is given, without the driver that we put in.
        shown = self.url.set(drivername=self.url.get_backend_name())
        self.name = shown.render_as_string(hide_password=True)
        self.sqlite = self.url.get_backend_name() == "sqlite"
        self.file: Path | None = None
        if self.sqlite:
            if self.url.database in (None, "", ":memory:"):
                raise LedgerError("a ledger in memory would be lost at once: give a file")
            self.file = Path(self.url.database)
            self.name = str(self.file)
            try:
                self._check_file(self.file, create)
            except OSError as error:
                raise LedgerError(f"{self.file} cannot be opened ({error.strerror}): check the path") from error
        self.engine = self._engine()
        self._make(create)

    def close(self) -> None:
        """Close all connections. Nothing happens the second time."""
        self.engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one state of the ledger from beginning to end, whatever is written meanwhile."""
        try:
            with self.engine.connect() as connection:
                if not self.sqlite:
                    connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
                with connection.begin():
                    yield connection
        except DBAPIError as error:
            raise self.explained(error) from error

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """The only connection that writes; all or nothing of what it writes is kept."""
        try:
            with self.engine.connect() as connection:
                connection = connection.execution_options(dragoman_writes=True)
                with connection.begin():
                    if not self.sqlite:
                        connection.execute(text(f"SET LOCAL lock_timeout = {round(self.patience * 1000)}"))
                        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
                    yield connection
                    self.set(connection, _REVISION, str(self.revision(connection) + 1))
        except DBAPIError as error:
            raise self.explained(error) from error

    def write(self, work: Callable[[Connection], T]) -> T:
        """Do ``work`` in one write and return what it returns; again, when the server went away in the middle.

        A write that fails leaves nothing, so that it can be repeated as it is.
        """
        return self._again(self.writing, work)

    def read(self, work: Callable[[Connection], T]) -> T:
        """Do ``work`` on one state of the ledger and return what it returns; again, when the server went away."""
        return self._again(self.reading, work)

    def _again(self, opened: Callable[[], AbstractContextManager[Connection]], work: Callable[[Connection], T]) -> T:
        for pause in _RETRIES:
            try:
                with opened() as connection:
                    return work(connection)
            except LedgerError as error:
                cause = error.__cause__
                gone = isinstance(cause, DBAPIError) and (cause.connection_invalidated or _refused(cause))
                if self.sqlite or not gone:
                    raise
                time.sleep(pause)
        with opened() as connection:
            return work(connection)

    def explained(self, error: DBAPIError) -> LedgerError:
        """What a database's error means for a user, and what to do."""
        said = " ".join(str(error.orig).split())
        # What breaks a rule of the tables speaks of values, and these may hold any words.
        if isinstance(error, IntegrityError | DataError):
            return LedgerError(f"{self.name}: {said}")
        return self._meant(said)

    def _meant(self, said: str) -> LedgerError:
        low = said.lower()
        meaning = next((meaning for words, meaning in _MEANINGS if words in low), None)
        return LedgerError(f"{self.name}: {meaning} ({said})" if meaning else f"{self.name}: {said}")

    def _check_file(self, file: Path, create: bool) -> None:
        if file.is_dir():
            raise LedgerError(f"{file} is a folder: give a file in it, such as {file / 'ledger.db'}")
        if file.exists():
            with file.open("rb") as stream:
                head = stream.read(16)
            if head and head != b"SQLite format 3\0":
                raise LedgerError(f"{file} is no ledger: give another file, or one that does not exist yet")
            if not head and not create:
                raise LedgerError(f"{file} holds no ledger yet: make one with dragoman ingest")
        elif not create:
            raise LedgerError(
                f"there is no ledger at {file}: make one with dragoman ingest, or name another with --ledger or "
                f"{VARIABLE}"
            )
        else:
            file.parent.mkdir(parents=True, exist_ok=True)

    def _engine(self) -> Engine:
        try:
            if not self.sqlite:
                # A write reads what was written before it got the lock, and no snapshot of before.
                given = {} if "connect_timeout" in self.url.query else {"connect_timeout": _CONNECT_SECONDS}
                return create_engine(self.url, pool_pre_ping=True, isolation_level="READ COMMITTED", connect_args=given)
            engine = create_engine(self.url, connect_args={"timeout": self.patience, "check_same_thread": False})
        except (ModuleNotFoundError, NoSuchModuleError) as error:
            raise LedgerError(f"{self.name} needs a package: pip install 'dragoman[postgres]' ({error})") from error
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "begin", _begin)
        return engine

    def _make(self, create: bool) -> None:
        """Make the tables where there are none, and bring older ones up to date."""
        with self.reading() as connection:
            found = migrations.version(connection)
            others = set() if found else set(inspect(connection).get_table_names())
        if found == migrations.LATEST:
            return
        if found > migrations.LATEST:
            raise LedgerError(f"{self.name} was made by a newer Dragoman (its tables are version {found}): update")
        if others and (self.sqlite or others & set(metadata.tables)):
            raise LedgerError(f"{self.name} is a database of something else: give another, or one that is new")
        if not found and not create:
            raise LedgerError(f"{self.name} holds no ledger yet: make one with dragoman ingest")
        if self.sqlite:
            self._log_writes_ahead()
        # Another process may have made them in the meantime: what is found counts under the lock.
        self.write(self._bring_up_to_date)

    def _bring_up_to_date(self, connection: Connection) -> None:
        new = not migrations.version(connection)
        migrations.bring_up_to_date(connection)
        if new:
            self.set(connection, JOINER, joiner_name())

    def _log_writes_ahead(self) -> None:
        """Let readers and a writer not wait for each other. A SQLite file keeps this once it is said."""
        end = time.monotonic() + self.patience
        with self.engine.connect() as connection:
            held = connection.connection.driver_connection
            assert isinstance(held, sqlite3.Connection)
            while True:
                try:
                    held.execute("PRAGMA journal_mode=WAL")
                    return
                except sqlite3.OperationalError as error:
                    # Another process that makes the same ledger is at it: SQLite does not wait for it here.
                    if "locked" not in str(error) or time.monotonic() > end:
                        raise self._meant(str(error)) from error
                    time.sleep(0.05)

    def setting(self, connection: Connection, name: str) -> str | None:
        """A setting that is kept in the ledger itself; None where it was never set."""
        return connection.execute(select(meta.c.value).where(meta.c.name == name)).scalar()

    def revision(self, connection: Connection) -> int:
        """How often the ledger was written: what was read at one revision reads the same at that revision."""
        return int(self.setting(connection, _REVISION) or 0)

    def set(self, connection: Connection, name: str, value: str) -> None:
        """Keep a setting in the ledger."""
        connection.execute(meta.delete().where(meta.c.name == name))
        connection.execute(insert(meta).values(name=name, value=value))


def _url(where: str | Path) -> URL:
    given = str(where)
    if "://" not in given:
        return URL.create("sqlite", database=given)
    try:
        url = make_url(given)
    except (ArgumentError, ValueError) as error:
        raise LedgerError(f"{given} is no address of a database: write postgresql://user@host/name") from error
    backend = url.get_backend_name()
    if backend == "postgres":
        backend, url = "postgresql", url.set(drivername="postgresql")
    if backend not in ("sqlite", "postgresql"):
        raise LedgerError(f"{backend} holds no ledger: use a SQLite file or PostgreSQL")
    return url.set(drivername="postgresql+psycopg") if backend == "postgresql" else url


def _prepare(connection: Any, _: Any) -> None:
    # Transactions are begun by us, at once for writing or later for reading: sqlite3 itself must begin none.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("foreign_keys=ON", "synchronous=NORMAL", "cache_size=-65536", "temp_store=MEMORY"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("dragoman_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _refused(error: DBAPIError) -> bool:
    """Whether a server took no connection: while it restarts it refuses, or says that it is starting up."""
    said = str(error.orig).lower()
    return isinstance(error, OperationalError) and any(
        words in said for words in ("refused", "starting up", "shutting down", "no such file", "terminat", "closed")
    )


_MEANINGS = (
    ("disk is full", "the disk is full: free some space and run the same again, what is stored is kept"),
    ("no space left", "the server's disk is full: free some space and run the same again, what is stored is kept"),
    ("readonly", "may not be written: give yourself permission to write the file and its folder"),
    ("read-only", "may not be written: give yourself permission to write"),
    ("locked", "another process holds its lock: end that process, or wait, and run the same again"),
    ("lock timeout", "another process holds its lock: end that process, or wait, and run the same again"),
    ("malformed", "the file is damaged: restore a copy, and see dragoman doctor --ledger"),
    ("not a database", "is no ledger: give another file, or one that does not exist yet"),
    ("unable to open", "cannot be opened: check the path, and that you may read and write its folder"),
    ("disk i/o", "cannot be read or written: check the disk; what is stored is kept"),
    ("password", "the server wants another user or password: put them into the address or ~/.pgpass"),
    ('database "', "the server has no such database: create it first, with createdb"),
    ('role "', "the server has no such user: create it first, with createuser"),
    ("permission denied", "this user may not make or write its tables: GRANT them to it, or name another user"),
    ("refused", "no server answers there: start it, or check the address"),
    ("no such file", "no server answers there: start it, or check the address"),
    ("timeout expired", "no server answers there: start it, or check the address"),
    ("could not translate", "no server has that name: check the address"),
    ("failed to resolve", "no server has that name: check the address"),
    ("starting up", "the server is starting: wait a moment and run the same again, what is stored is kept"),
    ("closed", "the connection was lost: run the same again, what is stored is kept"),
    ("terminat", "the server was stopped: start it and run the same again, what is stored is kept"),
)
