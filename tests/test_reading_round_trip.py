"""For every format, the text that was written is the text that is read, code point for code point."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dragoman.export.sink import encoded
from dragoman.reading import read
from dragoman.reading.finish import _clean
from dragoman.record import Document

# Everything that a report may hold: neither control characters nor halves of characters, which are replaced
# one for one; and some English before, for texts that are all symbols are refused.
PARTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=60) | st.sampled_from(
    [
        "\r\n",
        "\r",
        "\t",
        '"',
        '""',
        ",",
        ";",
        "\\",
        "\\n",
        "e\u0301",
        "👩‍👩‍👧",
        "שלום ",
        "\u2028",
        "\ufeff",
        "{}",
        "<b>",
        "'",
    ]
)
BODY = "The army said that it had taken the town and that the rebels were in flight. "
TEXTS = st.lists(PARTS, max_size=6).map(lambda parts: BODY + "".join(parts))


def write_csv(path: Path, row: dict[str, Any], delimiter: str) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(row), delimiter=delimiter, quoting=csv.QUOTE_ALL)
        writer.writeheader()
        writer.writerow(row)


def write(path: Path, row: dict[str, Any]) -> None:
    if path.suffix == ".txt":
        path.write_bytes(row["text"].encode())
    elif path.suffix == ".json":
        path.write_text(json.dumps([row], ensure_ascii=False, indent=1), "utf-8")
    elif path.suffix == ".jsonl":
        path.write_text(json.dumps(row) + "\n", "utf-8")
    elif path.suffix in (".csv", ".tsv"):
        write_csv(path, row, "," if path.suffix == ".csv" else "\t")
    else:
        pq.write_table(pa.Table.from_pylist([row]), path)


@pytest.mark.parametrize("suffix", [".txt", ".json", ".jsonl", ".csv", ".tsv", ".parquet"])
@settings(max_examples=60, deadline=None)
@given(text=TEXTS)
def test_the_text_read_is_the_text_written(suffix: str, text: str) -> None:
    row = {"id": "a", "text": text, "published": "2021-03-03", "title": "A title, with “marks”"}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a" + suffix)
        write(path, row)
        [made] = read([path])
        with path.open("rb") as stdin:
            [piped] = read(["-"], stdin=stdin)
    assert isinstance(made, Document), made
    assert isinstance(piped, Document), piped
    assert made.text == piped.text == text
    if suffix != ".txt":
        assert (made.id, made.title, made.published) == ("a", row["title"], row["published"])


@given(st.text(st.characters(), max_size=80))
def test_cleaning_keeps_every_offset(text: str) -> None:
    clean = _clean(text, [])
    assert len(clean) == len(text)
    assert all(a == b or b in " �" for a, b in zip(text, clean, strict=True))
    assert encoded(clean) == clean.encode("utf-8")


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=300) | st.text(max_size=100).map(lambda text: text.encode("utf-8", "replace")),
    st.sampled_from(["", ".txt", ".json", ".jsonl", ".csv", ".tsv", ".html", ".parquet", "-"]),
    st.sampled_from(
        [b"", b"{", b"[", b'{"text": "', b"<html><body>", b"id,text\n", b"PAR1", b"\xff\xfe", b"\xef\xbb\xbf"]
    ),
)
def test_no_bytes_raise(data: bytes, suffix: str, head: bytes) -> None:
    if suffix == "-":
        made = list(read(["-"], stdin=io.BytesIO(head + data)))
    else:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "a" + suffix)
            path.write_bytes(head + data)
            made = list(read([path]))
    assert made
    for one in made:
        assert "\n" not in str(one) or isinstance(one, Document)
