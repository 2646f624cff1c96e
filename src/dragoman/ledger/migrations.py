"""The ledger's tables, made and brought up to date, one numbered step after the other."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection, Table, delete, insert, inspect, select, text

from dragoman.ledger import dyadrows
from dragoman.ledger.chunks import chunks
from dragoman.ledger.eventrows import put_events, remade
from dragoman.ledger.tables import event, judgement, meta, metadata, report, saved

_VERSION = "version"


def _first(connection: Connection) -> None:
    """Version 1: all tables, and full-text search over ``detail``."""
    metadata.create_all(connection)
    statements = _SEARCH_SQLITE if connection.dialect.name == "sqlite" else _SEARCH_POSTGRESQL
    for statement in statements:
        connection.execute(text(statement))


# The rows of the index have the numbers of the events, which sort by day: it yields matches in the order of a list, and
# stops where the page is full. Events are replaced, never changed: no trigger is needed for updates.
_SEARCH_SQLITE = (
    "CREATE VIRTUAL TABLE search USING fts5(words, facets, content='detail', content_rowid='nr', columnsize=0, "
    "tokenize='ascii')",
    "CREATE TRIGGER search_in AFTER INSERT ON detail BEGIN "
    "INSERT INTO search(rowid, words, facets) VALUES (new.nr, new.words, new.facets); END",
    "CREATE TRIGGER search_out AFTER DELETE ON detail BEGIN "
    "INSERT INTO search(search, rowid, words, facets) VALUES ('delete', old.nr, old.words, old.facets); END",
)
# What weighs A is a facet: no word of a report is taken for one.
_SEARCH_POSTGRESQL = (
    "ALTER TABLE detail ADD COLUMN search tsvector GENERATED ALWAYS AS "
    "(setweight(to_tsvector('simple', facets), 'A') || to_tsvector('simple', words)) STORED",
    "CREATE INDEX detail_search ON detail USING gin (search)",
)


def _second(connection: Connection) -> None:
    """Version 2: events are found by the names of their parties, and shown by what still stands; saved searches;
    reports and judgements in the order of arrival; reports by the day of publication, events by that of the first."""
    saved.create(connection, checkfirst=True)
    if "logged" not in {column["name"] for column in inspect(connection).get_columns(judgement.name)}:
        kind = judgement.c.logged.type.compile(connection.dialect)
        connection.execute(text(f"ALTER TABLE judgement ADD COLUMN logged {kind}"))
        connection.execute(text("UPDATE judgement SET logged = at"))
    for table, name in _INDEXES:
        _indexed(connection, table, name)
    connection.execute(text(_LISTED_SQLITE if connection.dialect.name == "sqlite" else _LISTED_POSTGRESQL))
    ids = list(connection.execute(select(event.c.id).order_by(event.c.id)).scalars())
    for part in chunks(ids):
        made = remade(connection, part)
        gone = connection.execute(select(event).where(event.c.id.in_(part))).mappings()
        dyadrows.subtract(connection, [dict(row) for row in gone])
        connection.execute(delete(event).where(event.c.id.in_(part)))
        put_events(connection, made)


def _indexed(connection: Connection, table: Table, name: str) -> None:
    """Make an index of a table where it is missing."""
    if name not in {index["name"] for index in inspect(connection).get_indexes(table.name)}:
        next(index for index in table.indexes if index.name == name).create(connection)


_INDEXES = (
    (report, "report_added"),
    (report, "report_published"),
    (event, "event_reported"),
    (judgement, "judgement_logged"),
)
# SQLite finds what a list is narrowed by in the index alone and does not read texts; PostgreSQL keeps these apart, and
# its index takes no long titles.
_LISTED_SQLITE = "CREATE INDEX IF NOT EXISTS report_listed ON report (published DESC, id DESC, outlet, status, title)"
_LISTED_POSTGRESQL = "CREATE INDEX IF NOT EXISTS report_listed ON report (published DESC NULLS LAST, id DESC)"


# Step n brings version n to version n + 1. Steps are never changed once released: a new one is added.
STEPS: tuple[Callable[[Connection], None], ...] = (_first, _second)
LATEST = len(STEPS)


def version(connection: Connection) -> int:
    """The version of the tables that are there; 0 where there are none, or those of something else."""
    there = inspect(connection)
    if not there.has_table(meta.name) or {c["name"] for c in there.get_columns(meta.name)} != set(meta.c.keys()):
        return 0
    value = connection.execute(select(meta.c.value).where(meta.c.name == _VERSION)).scalar()
    return int(value) if value is not None and value.isdecimal() else 0


def bring_up_to_date(connection: Connection) -> None:
    """Make the tables where there are none, or take the steps that are missing, in the caller's transaction."""
    found = version(connection)
    for step in STEPS[found:]:
        step(connection)
    if found < LATEST:
        connection.execute(meta.delete().where(meta.c.name == _VERSION))
        connection.execute(insert(meta).values(name=_VERSION, value=str(LATEST)))
