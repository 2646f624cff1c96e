"""Texts come back from the exports of a ledger, whatever they hold."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.export_samples import (
    ARMY,
    GDELT,
    REBELS,
    TABLES,
    attack,
    one,
    run,
    table,
    telling,
)

from dragoman import codebook
from dragoman.export.ledger import read_plover
from dragoman.export.ledger.events import COLUMNS
from dragoman.export.separated import split
from dragoman.ledger.model import STATES, LedgerEvent, Party, Report, Telling
from dragoman.record import FACTUALITIES, Entity, Event, EventPlace, Mention, Span

# Round trips, whatever the text holds

# Of halves of characters only first ones: JSON makes a whole of a first and a second one.
NASTY = st.text(
    st.sampled_from("ab\t\n\r\x0b\x0c\x00\x1c\x85\u2028\"'`;,\\|= é\u202e\u05d0😀\ud800\ufeff#"), max_size=8
) | st.text(max_size=8)
COUNTRIES = st.sampled_from([None, *codebook.COUNTRIES])
SECTORS = st.sampled_from([None, *codebook.SECTORS])
PARTIES = st.lists(st.builds(Party, NASTY, COUNTRIES, SECTORS), max_size=3).map(tuple)
DAYS = st.dates(min_value=pd.Timestamp("1900-01-01").date()).map(str)
DATES = st.none() | DAYS | DAYS.map(lambda d: d[:7]) | DAYS.map(lambda d: d[:4]) | st.tuples(DAYS, DAYS).map("/".join)
PLACES = st.none() | st.builds(EventPlace, st.sampled_from(["Gao", "Mali", "Texas", "Donbas"]) | NASTY, COUNTRIES)
REPORTS = st.builds(Report, NASTY, NASTY, st.none() | DAYS, NASTY, NASTY, source=NASTY)
RECORDS = st.builds(
    Event,
    st.just("ASSAULT"),
    actor=st.lists(st.builds(Entity, NASTY, st.just(0), st.just(1), COUNTRIES, SECTORS), max_size=1).map(tuple),
    mentions=st.lists(st.just(Mention(0, 5, Span(1, 2))), max_size=2).map(tuple),
    id=NASTY,
    confidence=st.none() | st.floats(0, 1),
)
TELLINGS = st.lists(
    st.builds(
        Telling, REPORTS, RECORDS, st.lists(NASTY, max_size=2).map(tuple), st.lists(NASTY, max_size=2).map(tuple)
    ),
    max_size=2,
).map(tuple)
NAMES = st.lists(NASTY, max_size=2).map(tuple)


@st.composite
def ledger_events(draw: st.DrawFn) -> LedgerEvent:
    kind = draw(st.sampled_from(list(codebook.TYPES)))
    modes = list(codebook.MODES[kind])
    return LedgerEvent(
        id=draw(NASTY),
        type=kind,
        mode=tuple(draw(st.lists(st.sampled_from(modes), max_size=2, unique=True))) if modes else (),
        actor=draw(PARTIES),
        recipient=draw(PARTIES),
        factuality=draw(st.sampled_from([*FACTUALITIES, "actual", "actual", "actual"])),
        historical=draw(st.booleans()),
        date=draw(DATES),
        dates=draw(NAMES),
        place=draw(PLACES),
        reported=draw(st.none() | DAYS | NASTY),
        state=draw(st.sampled_from(STATES)),
        sources=draw(st.integers(0, 9)),
        reports=draw(st.integers(0, 9)),
        confidence=draw(st.none() | st.floats(0, 1)),
        score=draw(st.none() | st.floats(-10, 10)),
        contexts=tuple(draw(st.lists(st.sampled_from([*codebook.CONTEXTS, "historical", "negated"]), max_size=2))),
        claims=draw(PARTIES),
        denials=draw(PARTIES),
        contrary=draw(NAMES),
        title=draw(NASTY),
        url=draw(NASTY),
        sentence=draw(NASTY),
        tellings=draw(TELLINGS),
    )


EVENTS = st.lists(ledger_events(), max_size=3)
FEW = settings(max_examples=25, deadline=None)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("exports")


@FEW
@given(EVENTS)
def test_plover_gives_the_same_events_back(folder: Path, events: list[LedgerEvent]) -> None:
    done = run(folder, "plover", *events)
    assert list(read_plover(done.files[0])) == events
    assert len(done.files[0].read_bytes().split(b"\n")) == len(events) + 1
    assert not done.lost


def whole(text: str) -> str:
    """Text as UTF-8 holds it."""
    return re.sub("[\ud800-\udfff]", "�", text)


def bare(text: str) -> str:
    """Text as layouts without quoting hold it."""
    return whole(re.sub("[\x00-\x1f\x7f-\x9f\u2028\u2029]", " ", text).replace('"', "'"))


@FEW
@given(EVENTS)
@pytest.mark.parametrize("format", TABLES)
def test_tables_keep_their_shape_whatever_the_text_holds(folder: Path, format: str, events: list[LedgerEvent]) -> None:
    done = run(folder, format, *events, undated="published")
    rows = table(done, format)
    assert (done.events, len(rows)) == (len(events), done.rows)
    # Programs that read with quotes, and such as read without, see the same rows.
    for quoting in (csv.QUOTE_MINIMAL, csv.QUOTE_NONE) if format in ("icews", "gdelt") else (csv.QUOTE_MINIMAL,):
        read = pd.read_csv(
            done.files[0],
            sep="," if format == "acled" else "\t",
            header=None if format == "gdelt" else 0,
            names=GDELT if format == "gdelt" else None,
            dtype=str,
            keep_default_na=False,
            quoting=quoting,
            encoding="utf-8",
        ) if rows else pd.DataFrame()  # fmt: skip
        assert [list(row) for row in read.itertuples(index=False)] == [list(row.values()) for row in rows]


@FEW
@given(NASTY, NASTY)
def test_texts_come_back_from_tables(folder: Path, name: str, other: str) -> None:
    named = [Party(name, "MLI", "REB"), Party(other, "MLI", "CVL")]
    event = attack(actor=(named[0],), recipient=(named[1],), sentence=name, tellings=(telling(outlet=other),))
    icews, gdelt = (one(folder, format, event) for format in ("icews", "gdelt"))
    polecat, acled = (one(folder, format, event) for format in ("polecat", "acled"))
    assert (icews["Source Name"], icews["Target Name"], icews["Publisher"]) == (bare(name), bare(other), bare(other))
    assert (gdelt["Actor1Name"], gdelt["Actor2Name"]) == (bare(name), bare(other))
    assert (acled["actor1"], acled["notes"]) == (quoted(name), quoted(name))
    assert polecat["Actor Name"] == (quoted(name).replace(";", ",") if name.strip() else "None")
    assert polecat["Source"] == quoted(other)


def quoted(text: str) -> str:
    """Text as quoted layouts hold it."""
    return whole(text.replace("\x00", " "))


@FEW
@given(EVENTS)
def test_our_tables_hold_every_column(folder: Path, events: list[LedgerEvent]) -> None:
    as_csv, as_parquet = (run(folder, format, *events) for format in ("csv", "parquet"))
    read = list(csv.DictReader(io.StringIO(as_csv.files[0].read_bytes().decode(), newline=""), strict=True))
    typed = pq.read_table(as_parquet.files[0])
    assert typed.column_names == [c.name for c in COLUMNS]
    assert len(read) == typed.num_rows == len(events)
    for event, cells, row in zip(events, read, typed.to_pylist(), strict=True):
        assert (row["event_id"], cells["event_id"]) == (whole(event.id), whole(event.id))
        for role, parties in (("actor", event.actor), ("recipient", event.recipient), ("claim", event.claims)):
            assert row[f"{role}_text"] == [whole(p.text) for p in parties]
            assert row[f"{role}_country"] == [p.country for p in parties]
            assert row[f"{role}_sector"] == [p.sector for p in parties]
            if len(parties) > 1:
                assert split(cells[f"{role}_text"]) == row[f"{role}_text"]
        assert row["dates"] == list(map(whole, event.dates))
        for name in ("factuality", "historical", "date", "state", "sources", "reports", "confidence", "score"):
            assert row[name] == getattr(event, name)
        assert row["sentence"] == (whole(event.sentence) or None)
        assert cells["sentence"] == whole(event.sentence)
        assert (row["latitude"] is None) == (row["place_precision"] not in ("point", "city"))
        ids = list(dict.fromkeys(t.report.id for t in event.tellings))
        assert row["report_id"] == list(map(whole, ids))


def test_our_row(tmp_path: Path) -> None:
    event = attack(claims=(ARMY,), denials=(REBELS,), contrary=("e9",))
    [row] = pq.read_table(run(tmp_path, "parquet", event).files[0]).to_pylist()
    lat, lon = row.pop("latitude"), row.pop("longitude")
    assert (round(lat), round(lon)) == (16, 0)
    assert row == {
        "event_id": "e1",
        "type": "ASSAULT",
        "mode": ["firearms"],
        "quad": 4,
        "score": -9.3,
        "actor_text": ["Northern Column"],
        "actor_country": ["MLI"],
        "actor_sector": ["REB"],
        "recipient_text": ["traders"],
        "recipient_country": ["MLI"],
        "recipient_sector": ["CVL"],
        "factuality": "actual",
        "historical": False,
        "date": "2021-03-14",
        "dates": ["2021-03-14"],
        "reported": "2021-03-15T06:30:00+02:00",
        "place_text": "Gao",
        "place_country": "MLI",
        "place_name": "Gao",
        "place_admin1": "Gao",
        "place_precision": "city",
        "state": "corroborated",
        "sources": 2,
        "reports": 3,
        "confidence": 0.8,
        "contexts": ["human_rights", "military"],
        "claim_text": ["Malian army"],
        "claim_country": ["MLI"],
        "claim_sector": ["MIL"],
        "denial_text": ["Northern Column"],
        "denial_country": ["MLI"],
        "denial_sector": ["REB"],
        "contrary": ["e9"],
        "title": "Traders shot",
        "url": "https://example.org/r1",
        "sentence": "Rebels shot at traders in Gao.",
        "report_id": ["r1", "r2"],
        "report_published": ["2021-03-15T06:30:00+02:00"] * 2,
        "report_outlet": ["Sahel Wire", "Gao Daily"],
        "report_url": ["https://example.org/r1", "https://example.org/r2"],
        "report_source": ["r1", "r1"],
    }


def test_parquet_columns_are_typed(tmp_path: Path) -> None:
    schema = pq.read_schema(run(tmp_path, "parquet", attack()).files[0])
    types = {name: str(schema.field(name).type) for name in ("historical", "sources", "score", "date", "mode")}
    assert types == {
        "historical": "bool",
        "sources": "int32",
        "score": "double",
        "date": "string",
        "mode": "list<item: string>",
    }
