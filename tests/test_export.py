"""Every format: what is written is read back, whatever the text holds and however writing ends."""

from __future__ import annotations

import csv
import io
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dragoman.export import FORMATS, open_writer
from dragoman.export.rows import COLUMNS, rows
from dragoman.export.separated import join, split
from dragoman.record import CodedDocument, Document, Entity, Event, EventPlace, Mention, Reason, Span

TEXT = "NAIROBI, 3 March 2021 — Rebels attacked a “post”, killing two; the army, said\nwitnesses, fled."


def entity(words: str, country: str | None = "KEN", sector: str | None = "MIL") -> Entity:
    start = TEXT.find(words)
    return Entity(words, start, start + len(words), country, sector)


def document(text: str = TEXT, **fields: Any) -> Document:
    return Document(text=text, published="2021-03-03", id="d1", title="Post attacked", **fields)


def coded(**changes: Any) -> CodedDocument:
    at = TEXT.index("attacked")
    event = Event(
        type="ASSAULT",
        mode=("firearms", "primitive"),
        actor=(entity("Rebels", None, "REB"), entity("witnesses", "SOM", None)),
        recipient=(entity("army"),),
        factuality="negated",
        historical=True,
        date="2021-03-01/2021-03-02",
        place=EventPlace("Nairobi", "KEN"),
        attribution=(entity("witnesses"),),
        mentions=(Mention(24, len(TEXT), Span(at, at + 8)), Mention(0, 5, Span(0, 5))),
        reasons=(Reason("type", "verb attack", Span(at, at + 8)),),
    ).identified("d1")
    fields = {
        "id": "d1",
        "events": (event, Event(type="CONSULT")),
        "contexts": ("military",),
        "title": "Post attacked",
    }
    return CodedDocument(**{**fields, "published": "2021-03-03", **changes})


def written(format: str, *documents: tuple[CodedDocument, Document | None]) -> bytes:
    stream = io.BytesIO()
    with open_writer(stream, format) as out:
        for pair in documents:
            out.write(*pair)
    return stream.getvalue()


def read_csv(data: bytes, separator: str = ",") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8"), newline=""), delimiter=separator, strict=True))


def read_parquet(data: bytes) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(io.BytesIO(data)).to_pylist()
    return rows


def test_json_lines_hold_the_whole_record() -> None:
    lines = written("jsonl", (coded(), None), (coded(id="d2"), None)).decode().splitlines()
    assert [CodedDocument.from_json(line) for line in lines] == [coded(), coded(id="d2")]


def test_csv_has_one_row_an_event_with_parallel_lists() -> None:
    first, second = read_csv(written("csv", (coded(), document())))
    assert first["type"] == "ASSAULT"
    assert first["mode"] == "firearms;primitive"
    assert first["quad"] == "4"
    assert (first["actor_text"], first["actor_country"], first["actor_sector"]) == (
        "Rebels;witnesses",
        ";SOM",
        "REB;",
    )
    assert (first["historical"], first["date"], first["place_country"]) == (
        "true",
        "2021-03-01/2021-03-02",
        "KEN",
    )
    assert first["trigger"] == "attacked"
    assert first["sentence"] == TEXT[24:]
    assert TEXT[int(first["sentence_start"]) : int(first["sentence_end"])] == first["sentence"]
    assert (first["mentions"], first["contexts"]) == ("2", "military")
    assert (second["type"], second["date"], second["actor_text"], second["trigger"]) == (
        "CONSULT",
        "",
        "",
        "",
    )


def test_words_need_the_document() -> None:
    [first, _] = read_csv(written("csv", (coded(), None)))
    assert (first["sentence"], first["trigger"]) == ("", "")
    assert first["trigger_start"] == str(TEXT.index("attacked"))


def test_tsv_reads_as_csv_does() -> None:
    assert read_csv(written("tsv", (coded(), document())), "\t") == read_csv(written("csv", (coded(), document())))


def test_cells_are_verbatim() -> None:
    [row, _] = read_csv(written("csv", (coded(title="=cmd|'/c calc'!A0", url=" https://example.org "), None)))
    assert row["title"] == "=cmd|'/c calc'!A0"
    assert row["url"] == " https://example.org "


def test_parquet_is_typed_and_lists_are_lists() -> None:
    data = written("parquet", (coded(), document()))
    schema = pq.read_schema(io.BytesIO(data))
    assert schema.names == [column.name for column in COLUMNS]
    assert str(schema.field("historical").type) == "bool"
    assert str(schema.field("sentence_start").type) == "int32"
    assert str(schema.field("actor_country").type).startswith("list<")
    first, second = read_parquet(data)
    assert first["actor_country"] == [None, "SOM"]
    assert first["mode"] == ["firearms", "primitive"]
    assert first["historical"] is True
    assert first["sentence"] == TEXT[24:]
    assert (second["actor_text"], second["date"], second["sentence_start"]) == ([], None, None)


def test_parquet_of_many_batches_keeps_every_row_in_order() -> None:
    many = [(coded(id=f"d{number}"), document()) for number in range(1700)]
    rows = read_parquet(written("parquet", *many))
    assert [row["document_id"] for row in rows[::2]] == [f"d{number}" for number in range(1700)]


@pytest.mark.parametrize("format", FORMATS)
def test_no_documents_make_a_valid_file(format: str, tmp_path: Path) -> None:
    path = tmp_path / "out"
    with open_writer(path, format):
        pass
    data = path.read_bytes()
    if format == "parquet":
        assert pq.read_table(path).num_rows == 0
    elif format in ("csv", "tsv"):
        assert len(data.splitlines()) == 1
    else:
        assert data == b""


hostile = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30) | st.sampled_from(
    ['a"b', "a\r\nb", "\ta", "a;b\\;c", "שלום, עולם", "👩‍👩‍👧 é", "\u2028", "=1+1", " x ", "\r", '"', ";"]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(hostile, min_size=1, max_size=3), hostile, hostile)
def test_hostile_text_comes_back_from_every_format(names: list[str], text: str, title: str) -> None:
    body = text + "|"
    actors = tuple(Entity(name, 0, 0) for name in names)
    mention = Mention(0, len(body), Span(0, len(text)))
    event = Event(type="ASSAULT", actor=actors, mentions=(mention,), place=EventPlace(text))
    given = CodedDocument(id="d", events=(event,), title=title)
    source = Document(text=body, id="d")

    line = written("jsonl", (given, source)).decode()
    assert CodedDocument.from_json(line) == given
    for format, separator in (("csv", ","), ("tsv", "\t")):
        [row] = read_csv(written(format, (given, source)), separator)
        assert (row["sentence"], row["trigger"], row["title"], row["place_text"]) == (body, text, title, text)
        assert row["actor_text"] == join(list(names))
        assert split(row["actor_text"]) == (names if names != [""] else [])
    [typed] = read_parquet(written("parquet", (given, source)))
    assert (typed["sentence"], typed["title"] or "", typed["actor_text"]) == (body, title, names)
    table = written("table", (given, source)).decode()
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", table)


def test_lone_surrogates_end_no_batch() -> None:
    given = CodedDocument(id="d", events=(Event(type="ASSAULT", actor=(Entity("a\ud800b", 0, 3),)),))
    assert CodedDocument.from_json(written("jsonl", (given, None)).decode()) == given
    assert read_csv(written("csv", (given, None)))[0]["actor_text"] == "a�b"
    assert read_parquet(written("parquet", (given, None)))[0]["actor_text"] == ["a�b"]


@pytest.mark.parametrize("format", ["jsonl", "csv", "tsv", "parquet", "table"])
@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError])
def test_an_interruption_leaves_a_valid_file(format: str, error: type[BaseException], tmp_path: Path) -> None:
    path = tmp_path / f"out.{format}"

    def run() -> None:
        with open_writer(path, format) as out:
            out.write(coded(), document())
            raise error

    with pytest.raises(error):
        run()
    assert path.read_bytes() == written(format, (coded(), document()))
    assert os.listdir(tmp_path) == [path.name]


@pytest.mark.parametrize("format", ["jsonl", "csv"])
def test_an_interruption_within_a_document_leaves_the_documents_before(
    format: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "out"
    out = open_writer(path, format)

    class Torn(io.FileIO):
        calls = 0

        def write(self, data: Any, /) -> int:
            Torn.calls += 1
            if Torn.calls <= (1 if format == "jsonl" else 2):
                return super().write(data)
            super().write(bytes(data)[:20])
            raise KeyboardInterrupt

    monkeypatch.setattr("dragoman.export.sink.io.FileIO", Torn)

    def run() -> None:
        with out:
            out.write(coded(), document())
            out.write(coded(id="d2"), document())

    with pytest.raises(KeyboardInterrupt):
        run()
    assert path.read_bytes() == written(format, (coded(), document()))


def test_parquet_survives_an_interruption_while_rows_are_set_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "out.parquet"
    real: Callable[..., bytes] = sys.modules["dragoman.export.spool"]._stream
    calls = 0

    def once(*given: Any) -> bytes:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise KeyboardInterrupt
        return real(*given)

    monkeypatch.setattr("dragoman.export.spool._stream", once)
    monkeypatch.setattr("dragoman.export.spool._BATCH_ROWS", 4)

    def run() -> None:
        with open_writer(path) as out:
            for number in range(3):
                out.write(coded(id=f"d{number}"), document())

    with pytest.raises(KeyboardInterrupt):
        run()
    assert pq.read_table(path).column("document_id").to_pylist() == ["d0", "d0", "d1", "d1"]


def test_rows_are_in_the_file_before_it_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    with open_writer(path) as out:
        out.write(coded())
        assert len(path.read_bytes().splitlines()) == 1


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("a.jsonl", b"{"),
        ("a.CSV", b"document_id,"),
        ("a.tsv", b"document_id\t"),
        ("a.pq", b"PAR1"),
        ("a.txt", b"Post"),
    ],
)
def test_the_suffix_names_the_format(name: str, start: bytes, tmp_path: Path) -> None:
    with open_writer(tmp_path / name) as out:
        out.write(coded(), document())
    assert (tmp_path / name).read_bytes().startswith(start)


@pytest.mark.parametrize("target", ["out.json", "out.xlsx", "out", io.BytesIO()])
def test_an_unknown_format_is_told(target: Any) -> None:
    with pytest.raises(ValueError, match="jsonl"):
        open_writer(target)
    with pytest.raises(ValueError, match="table, jsonl, csv, tsv, parquet"):
        open_writer("out.csv", "xml")


@pytest.mark.parametrize("format", FORMATS)
def test_a_folder_that_is_missing_is_told_before_the_work(format: str, tmp_path: Path) -> None:
    out = open_writer(tmp_path / "no" / "out", format)
    with pytest.raises(OSError, match="No such file"), out:
        pytest.fail("entered")


def test_parquet_replaces_the_file_behind_a_link_and_keeps_its_rights(tmp_path: Path) -> None:
    (tmp_path / "real.parquet").write_bytes(b"old")
    (tmp_path / "real.parquet").chmod(0o640)
    (tmp_path / "link.parquet").symlink_to("real.parquet")
    with open_writer(tmp_path / "link.parquet") as out:
        out.write(coded(), document())
    assert (tmp_path / "link.parquet").is_symlink()
    assert (tmp_path / "real.parquet").stat().st_mode & 0o777 == 0o640
    assert pq.read_table(tmp_path / "real.parquet").num_rows == 2


def test_a_closed_writer_refuses(tmp_path: Path) -> None:
    out = open_writer(tmp_path / "out.csv")
    out.write(coded())
    assert (out.documents, out.events) == (1, 2)
    out.close()
    out.close()
    with pytest.raises(ValueError, match="closed"):
        out.write(coded())


def test_standard_output_gets_utf8_bytes(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    with open_writer(sys.stdout, "csv") as out:
        out.write(coded(title="Größe"), None)
    assert "Größe".encode() in capfdbinary.readouterr().out


def test_text_streams_without_bytes_take_text_but_not_parquet() -> None:
    stream = io.StringIO()
    with open_writer(stream, "jsonl") as out:
        out.write(coded())
    assert CodedDocument.from_json(stream.getvalue()) == coded()
    with pytest.raises(ValueError, match="binary"), open_writer(io.StringIO(), "parquet"):
        pytest.fail("entered")


@pytest.mark.parametrize("width", [80, 160])
def test_the_table_fits_and_shows_who_did_what(width: int) -> None:
    stream = io.StringIO()
    with open_writer(stream, "table", width=width) as out:
        out.write(coded(), document())
        out.write(coded(events=(), title="[bold]Quiet[/bold] :smile:\x1b[2J"), document())
    lines = stream.getvalue().splitlines()
    assert max(map(len, lines)) <= width
    shown = " ".join(stream.getvalue().split())
    for words in (
        "Post attacked",
        "2021-03-03",
        "ASSAULT",
        "Rebels",
        "negated",
        "background",
        "no events",
        "Nairobi",
    ):
        assert words in shown
    assert "[bold]Quiet[/bold] :smile: [2J" in shown


def test_rows_and_columns_agree() -> None:
    kinds = {"string": str, "integer": int, "number": float, "boolean": bool, "list": list}
    for row in rows(coded(), document()):
        assert len(row) == len(COLUMNS)
        for column, value in zip(COLUMNS, row, strict=True):
            assert value is None or isinstance(value, kinds[column.kind])


ENDLESS = """
import sys
from dragoman.export import open_writer
from dragoman.record import CodedDocument, Event, Mention, Span
event = Event(type="ASSAULT", mentions=(Mention(0, 4, Span(0, 4)),))
with open_writer(sys.argv[1]) as out:
    while True:
        out.write(CodedDocument(id="d" * 3000, events=(event,) * 3))
        if out.documents == 500:
            print("written", flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGINT")
@pytest.mark.parametrize("name", ["out.jsonl", "out.csv", "out.parquet"])
def test_ctrl_c_leaves_a_valid_file(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    command = [sys.executable, "-c", ENDLESS, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdout.readline() == b"written\n"
        process.send_signal(signal.SIGINT)
        _, error = process.communicate(timeout=60)
    assert b"KeyboardInterrupt" in error
    if name.endswith("parquet"):
        ids = pq.read_table(path).column("document_id").to_pylist()
    elif name.endswith("csv"):
        ids = [row["document_id"] for row in read_csv(path.read_bytes())]
    else:
        ids = [CodedDocument.from_json(line).id for line in path.read_text("utf-8").splitlines()] * 3
    assert len(ids) >= 1500
    assert len(ids) % 3 == 0
    assert set(ids) == {"d" * 3000}
    assert os.listdir(tmp_path) == [name]
