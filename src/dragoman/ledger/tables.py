"""The ledger's tables, the same in SQLite and PostgreSQL.

``report``, ``origin``, ``record``, ``judgement``, ``saved`` and ``seen`` hold what came in. All other tables follow
from them: ``link`` and ``handle`` for joining, ``band`` for copies, ``event``, ``detail`` and ``dyad`` for questions.
Lists and records are JSON text, written by us: both databases keep the same bytes. Days are ISO text.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

metadata = MetaData()

# SQLite counts rows by itself only in a column of exactly this type.
_Number = BigInteger().with_variant(Integer, "sqlite")
# PostgreSQL sorts text by its own language; ids, days and codes sort by their bytes, as in SQLite.
_Code = String().with_variant(String(collation="C"), "postgresql")

# How a publication date begins, for LIKE. What does not begin so, or with a day that is in no calendar, counts as none.
A_DAY = "____-__-__%"

meta = Table("meta", metadata, Column("name", _Code, primary_key=True), Column("value", Text, nullable=False))

report = Table(
    "report",
    metadata,
    Column("id", _Code, primary_key=True),
    Column("title", Text, nullable=False),
    Column("published", _Code),
    Column("url", Text, nullable=False),
    Column("address", _Code),  # the url, made comparable: two versions of one page have the same
    Column("outlet", Text, nullable=False),
    Column("text", Text),  # None where only evidence may be kept
    Column("length", Integer, nullable=False),  # code points of the text
    Column("contexts", Text, nullable=False),
    Column("warnings", Text, nullable=False),
    Column("signature", LargeBinary, nullable=False),
    Column("copies", _Code, nullable=False),  # id of the first report with this text
    Column("status", _Code, nullable=False),
    Column("superseded", Boolean, nullable=False),
    Column("coder", _Code, nullable=False),
    Column("retrieved", _Code),
    Column("added", _Code, nullable=False),  # see stamps.py
    Index("report_address", "address"),
    Index("report_copies", "copies"),
    Index("report_coder", "coder"),
    Index("report_added", "added", "id"),
    Index("report_published", "published"),
)

origin = Table(
    "origin",
    metadata,
    Column("report", _Code, ForeignKey("report.id", ondelete="CASCADE"), primary_key=True),
    Column("source", _Code, primary_key=True),
    Column("name", _Code, primary_key=True),
)

band = Table(
    "band",
    metadata,
    Column("band", BigInteger, primary_key=True),
    Column("report", _Code, ForeignKey("report.id", ondelete="CASCADE"), primary_key=True),
    sqlite_with_rowid=False,
)

record = Table(
    "record",
    metadata,
    Column("nr", _Number, primary_key=True, autoincrement=True),
    Column("id", _Code, nullable=False, unique=True),
    Column("report", _Code, ForeignKey("report.id", ondelete="CASCADE"), nullable=False),
    Column("coded", Text),  # as the coder gave it; None for one that a person added
    Column("judged", Text, nullable=False),  # as it stands after judgements
    Column("evidence", Text, nullable=False),  # sentence and trigger of each mention
    Column("profile", Text, nullable=False),  # what joining compares
    Column("basis", Text),  # the same as it was coded, of a report whose text is not kept
    Column("live", Boolean, nullable=False),  # False for what a person judged no event
    Column("confirmed", Boolean, nullable=False),
    Column("event", _Code),
    Index("record_report", "report"),
    Index("record_event", "event"),
)

handle = Table(
    "handle",
    metadata,
    Column("bucket", _Code, primary_key=True),
    Column("record", _Number, ForeignKey("record.nr", ondelete="CASCADE"), primary_key=True),
    Column("first", _Code, nullable=False),
    Column("last", _Code, nullable=False),
    Index("handle_record", "record"),
    sqlite_with_rowid=False,
)

link = Table(
    "link",
    metadata,
    Column("a", _Number, ForeignKey("record.nr", ondelete="CASCADE"), primary_key=True),
    Column("b", _Number, ForeignKey("record.nr", ondelete="CASCADE"), primary_key=True),
    Column("kind", _Code, primary_key=True),  # same: one event; denial: one denies the other; together, apart: judged
    Column("score", Float, nullable=False),
    Column("reasons", Text, nullable=False),
    Index("link_b", "b"),
    sqlite_with_rowid=False,
)

event = Table(
    "event",
    metadata,
    Column("nr", _Number, primary_key=True, autoincrement=False),  # sorts by day: see facets.number
    Column("id", _Code, nullable=False, unique=True),
    Column("type", _Code, nullable=False),
    Column("factuality", _Code, nullable=False),
    Column("historical", Boolean, nullable=False),
    Column("dated", _Code, nullable=False),  # precision of its date: day, month, year, range, or none
    Column("day", _Code, nullable=False),  # to sort by; empty where neither event nor report is dated
    Column("until", _Code, nullable=False),
    Column("reported", _Code, nullable=False),  # empty where the first report has no date
    Column("place", _Code),
    Column("state", _Code, nullable=False),
    Column("sources", Integer, nullable=False),
    Column("reports", Integer, nullable=False),
    Column("confidence", Float),
    Column("score", Float),
    Column("pairs", _Code, nullable=False),  # who acts towards whom: "USA>RUS USA>CHN"
    Index("event_reported", "reported", "state", "factuality"),
)
"""What lists are sorted and series are summed by. Rows are short, so that many are read at once."""

detail = Table(
    "detail",
    metadata,
    Column("nr", _Number, ForeignKey("event.nr", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("data", Text, nullable=False),  # the whole event
    Column("words", Text, nullable=False),  # the stems of what its reports say of it
    Column("facets", Text, nullable=False),  # all else that a question may ask for, as words: see facets.py
)
"""The full-text index (see migrations.py) is over ``words`` and ``facets``: one look-up answers any mix of filters."""

dyad = Table(
    "dyad",
    metadata,
    Column("actor", _Code, primary_key=True),  # a country; empty where unknown
    Column("recipient", _Code, primary_key=True),
    Column("begins", _Code, primary_key=True),  # the month; first and last day where events lie in several
    Column("ends", _Code, primary_key=True),
    Column("type", _Code, primary_key=True),
    Column("dated", Integer, primary_key=True),  # see dyadrows.py
    Column("events", Integer, nullable=False),
    Column("reports", Integer, nullable=False),
    Column("scored", Integer, nullable=False),  # events that have a score
    Column("score", BigInteger, nullable=False),  # their sum in millionths: whole numbers add up alike in any order
    sqlite_with_rowid=False,
)
"""Events that happened, summed by pair, month and type: a series of all pairs need not read all events."""

judgement = Table(
    "judgement",
    metadata,
    Column("id", _Code, primary_key=True),
    Column("at", _Code, nullable=False),
    Column("by", Text, nullable=False),
    Column("action", _Code, nullable=False),
    Column("value", Text, nullable=False),
    Column("logged", _Code),  # when it came into this ledger: see stamps.py
    Index("judgement_at", "at", "id"),
    Index("judgement_logged", "logged"),
)

judged = Table(
    "judged",
    metadata,
    Column("report", _Code, primary_key=True),
    Column("judgement", _Code, ForeignKey("judgement.id", ondelete="CASCADE"), primary_key=True),
    sqlite_with_rowid=False,
)

saved = Table(
    "saved",
    metadata,
    Column("owner", _Code, primary_key=True),
    Column("name", _Code, primary_key=True),
    Column("query", Text, nullable=False),  # filters as an address has them
    Column("at", _Code, nullable=False),
)
"""Searches that people keep under a name."""

seen = Table(
    "seen",
    metadata,
    Column("name", _Code, primary_key=True),
    Column("value", Text, nullable=False),
)
"""What fetching remembers of an address, and what the last ingest of a source came to."""
