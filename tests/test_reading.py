"""Every format that is read, every source, and one clear line for each document that is not coded."""

from __future__ import annotations

import io
import json
import os
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date as day
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dragoman.reading import BadDate, Refusal, read
from dragoman.record import Document

TEXT = "The army said on Friday that rebels had attacked a post near the border and killed two men.\r\nIt fled."
RECORD: dict[str, Any] = {
    "id": "a1",
    "title": "Post attacked",
    "published": "2021-03-03",
    "text": TEXT,
    "url": "https://example.org/1",
}


def only(*sources: str | Path, **options: Any) -> Document | Refusal:
    [made] = read(sources, **options)
    return made


def document(*sources: str | Path, **options: Any) -> Document:
    made = only(*sources, **options)
    assert isinstance(made, Document), made
    return made


def refusal(*sources: str | Path, **options: Any) -> Refusal:
    made = only(*sources, **options)
    assert isinstance(made, Refusal), made
    assert "\n" not in str(made)
    assert str(made) == f"{made.name}: {made.reason}; {made.fix}"
    return made


def ids(*sources: str | Path, **options: Any) -> list[str]:
    return [made.id for made in read(sources, **options) if isinstance(made, Document)]


def page(head: str = "", body: str = "", text: str = TEXT) -> str:
    return (
        f"<!doctype html><html lang='en'><head><title>Post attacked | Site</title>{head}</head><body>"
        f"<nav><a href='/'>Home</a></nav><article><h1>Post attacked</h1>{body}<p>{text}</p>"
        f"<p>The government condemned the attack and asked its neighbours for help on Saturday.</p></article>"
        f"<footer>Copyright 2019 Site. All rights reserved.</footer></body></html>"
    )


# Formats


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.json", json.dumps(RECORD)),
        ("a.json", json.dumps([RECORD], indent=1)),
        ("a.json", json.dumps(RECORD, indent=2)),
        ("a.json", json.dumps({**RECORD, "extra": {"deep": [1]}}) + "\n"),
        ("a.jsonl", json.dumps(RECORD)),
        ("a.jsonl", "\n\n" + json.dumps(RECORD) + "\n\n"),
        ("a.jsonl", b"\xef\xbb\xbf" + json.dumps(RECORD).encode()),
        ("a.jsonl", json.dumps(RECORD).encode("utf-16")),
        ("a.jsonl", json.dumps(RECORD, indent=2)),
        ("a.jsonl", json.dumps({key.upper(): value for key, value in RECORD.items()})),
        ("a.csv", f'id,title,published,text,url\na1,Post attacked,2021-03-03,"{TEXT}",https://example.org/1\n'),
        ("a.csv", f'ID;Title;Published;Text;URL;x\na1;Post attacked;2021-03-03;"{TEXT}";https://example.org/1;y'),
        ("a.csv", f'id,title,published,text,url\na1,Post attacked,2021-03-03,"{TEXT}",https://example.org/1'.encode("utf-16")),
        ("a.tsv", f'text\tid\ttitle\tpublished\turl\r\n"{TEXT}"\ta1\tPost attacked\t2021-03-03\thttps://example.org/1\r\n'),
    ],
)  # fmt: skip
def test_records_are_read_from_files_and_from_standard_input(name: str, content: Any, put: Any) -> None:
    path = put(name, content)
    whole = Document(**RECORD)
    made = document(path)
    assert replace(made, warnings=()) == whole
    assert made.warnings == (("decoded as UTF-16",) if content[:2] == b"\xff\xfe" else ())
    with path.open("rb") as stdin:
        assert replace(document("-", stdin=stdin), warnings=()) == whole


def test_parquet_is_read_by_batches_from_any_string_type(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    rows = [{**RECORD, "id": str(number)} for number in range(600)]
    table = pa.Table.from_pylist(rows)
    columns = {
        "id": pa.array(range(600)),
        "text": table["text"].cast(pa.large_string()),
        "title": table["title"].dictionary_encode(),
        "published": pa.array([day(2021, 3, 3)] * 600),
        "nested": pa.array([{"a": 1}] * 600),
    }
    pq.write_table(pa.table(columns), path)
    made = list(read([path]))
    assert [m.id for m in made if isinstance(m, Document)] == [str(number) for number in range(600)]
    assert made[7] == Document(text=TEXT, id="7", title="Post attacked", published="2021-03-03")
    with path.open("rb") as stdin:
        assert len(ids("-", stdin=stdin)) == 600


def test_plain_text_is_left_as_it_stands(put: Any) -> None:
    text = " \n\t3 March 2021\r\nThe army – e\u0301lite troops, 👩‍👩‍👧 – fled.\u00a0\u200b "
    text += "“They said”: שלום.\r \n"
    made = document(put("report.txt", text))
    assert made.text == text
    assert (made.id, made.published, made.warnings) == ("report", "2021-03-03", ())


def test_a_page_gives_text_title_date_and_address(put: Any) -> None:
    head = "<meta property='article:published_time' content='2021-03-03T10:00:00+03:00'>"
    head += "<link rel='canonical' href='https://example.org/post'>"
    made = document(put("story.html", page(head)))
    assert (made.id, made.title, made.published) == ("story", "Post attacked", "2021-03-03T10:00:00+03:00")
    assert made.url == "https://example.org/post"
    assert "rebels had attacked" in made.text
    assert "asked its neighbours" in made.text
    assert "Home" not in made.text
    assert "Copyright" not in made.text


@pytest.mark.parametrize(
    ("head", "body", "published"),
    [
        ("<meta name='DC.date.issued' content='2021-03-03'>", "", "2021-03-03"),
        ("<meta itemprop='datePublished' content='March 3, 2021'>", "", "2021-03-03"),
        ('<script type="application/ld+json">{"@graph":[{"@type":"WebSite","datePublished":"2001-01-01"},'
         '{"@type":"NewsArticle","datePublished":"2021-03-03T06:00:00Z","dateModified":"2022-01-01"}]}</script>',
         "", "2021-03-03T06:00:00Z"),
        ('<script type="application/ld+json">{"broken": </script>', "<time datetime='2021-03-03'>Wed</time>",
         "2021-03-03"),
        ("", "<time datetime='2021-03-03T10:00Z'>3 March</time>", "2021-03-03T10:00:00Z"),
        ("", "<time>3 March 2021</time>", "2021-03-03"),
        ("<link rel='canonical' href='https://example.org/2021/03/03/post'>", "", "2021-03-03"),
        ("", "<p class='byline-date'>Published: 3 March 2021, 10:15 GMT</p>", "2021-03-03T10:15:00Z"),
        ("<meta name='date' content='soon'>", "<div class='published'>March 3, 2021</div>", "2021-03-03"),
        ("", "<time class='updated'>4 March 2021</time><time>3 March 2021</time>", "2021-03-03"),
        ("", "<p class='last-update'>4 March 2021</p><p class='pubDate'>3 March 2021</p>", "2021-03-03"),
        ("<meta property='article:modified_time' content='2021-03-04'>", "", None),
        ("", "<p>The talks began on 3 March 2021 and went on for a week in the capital.</p>", None),
        ("", "", None),
    ],
)  # fmt: skip
def test_a_page_s_date_is_what_it_declares(head: str, body: str, published: str | None, put: Any) -> None:
    made = document(put("story.html", page(head, body)))
    assert made.published == published
    assert bool(made.warnings) == (published is None)


@pytest.mark.parametrize("encoding", ["utf-8", "windows-1252", "iso-8859-2"])
def test_a_page_is_decoded_as_it_declares(encoding: str, put: Any) -> None:
    html = page(f"<meta charset={encoding}>", text="The minister met Mr Dvořák's “aide”. " + TEXT)
    if encoding == "windows-1252":
        html = html.replace("ř", "r")
    if encoding == "iso-8859-2":
        html = html.replace("“", '"').replace("”", '"')
    made = document(put("story.html", html.encode(encoding)))
    assert "Dvořák" in made.text or "Dvorák" in made.text


@pytest.mark.parametrize("name", ["saved.txt", "saved", "saved.php"])
def test_a_page_under_another_suffix_is_a_page(name: str, put: Any) -> None:
    assert document(put(name, page())).title == "Post attacked"


@pytest.mark.parametrize(
    "text",
    ["[1] " + TEXT, "{sic} " + TEXT, "<unknown> " + TEXT, "# Heading\n" + TEXT, "text, id and more\n" + TEXT],
)
def test_text_that_looks_like_something_else_is_text(text: str, put: Any) -> None:
    assert document(put("report.md", text)).text == text
    assert document("-", stdin=io.BytesIO(text.encode())).text == text


# Sources


def test_folders_are_read_in_order_without_hidden_and_unknown_files(put: Any, tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.txt", "a/b/c.TXT", ".hidden/x.txt", "a/.x.txt", "a/notes.pdf", "c.jsonl"):
        put("in/" + name, json.dumps(RECORD) if name.endswith("jsonl") else TEXT)
    assert ids(tmp_path / "in") == ["b", "a1", "a/z", "a/b/c"]
    assert ids(str(tmp_path / "in")) == ids(tmp_path / "in")


def test_a_folder_without_documents_is_told(put: Any, tmp_path: Path) -> None:
    put("in/notes.pdf", b"%PDF-1.7")
    made = refusal(tmp_path / "in")
    assert "without documents (only .pdf)" in made.reason
    assert made.status == "failed"


def test_the_same_id_twice_is_made_unique_with_a_warning(put: Any) -> None:
    rows = [{**RECORD, "id": id} for id in ("a", "a", "a-2", "a")]
    path = put("a.jsonl", "\n".join(map(json.dumps, rows)))
    made = [m for m in read([path]) if isinstance(m, Document)]
    assert [m.id for m in made] == ["a", "a-2", "a-2-2", "a-3"]
    assert made[0].warnings == ()
    assert made[1].warnings == ("id a is taken by an earlier document: this one is a-2",)


def test_a_record_without_an_id_gets_that_of_its_text(put: Any) -> None:
    path = put("a.jsonl", json.dumps({"text": TEXT}) + "\n" + json.dumps({"text": TEXT + "."}))
    assert ids(path) == [Document(TEXT).id, Document(TEXT + ".").id]


def test_records_come_through_a_pipe_as_they_are_written() -> None:
    source, sink = os.pipe()
    got: list[Document | Refusal] = []
    with os.fdopen(source, "rb") as stdin, os.fdopen(sink, "wb", buffering=0) as writing:
        records: Iterator[Document | Refusal] = read(["-"], stdin=stdin)
        for number in range(3):
            writing.write(json.dumps({**RECORD, "id": number}).encode() + b"\n")
            reader = threading.Thread(target=lambda: got.append(next(records)), daemon=True)
            reader.start()
            reader.join(10)
            assert len(got) == number + 1, "the record waits for more input"
    assert [made.id for made in got if isinstance(made, Document)] == ["0", "1", "2"]


def test_a_named_pipe_is_read(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    writer = threading.Thread(target=path.write_bytes, args=(TEXT.encode(),), daemon=True)
    writer.start()
    assert document(path).text == TEXT
    writer.join(10)


def test_one_path_may_stand_alone(put: Any) -> None:
    [made] = read(str(put("a.txt", TEXT)))
    assert isinstance(made, Document)


# Dates


def test_where_the_date_comes_from(put: Any) -> None:
    line = "NAIROBI, 3 March 2021 — " + TEXT
    own = put("own.json", json.dumps({**RECORD, "text": "date 2020-01-01 " + TEXT}))
    assert document(own).published == "2021-03-03"
    assert document(put("line.txt", line)).published == "2021-03-03"
    given = document(put("line.txt", line), date="25 February 2022")
    assert given.published == "2022-02-25"
    assert "gives way" in given.warnings[0]
    kept = document(own, date="2022-02-25")
    assert kept.published == "2021-03-03"
    assert "keeps its own date" in kept.warnings[0]
    assert document(own, date="2021-03-03T10:00Z").warnings == ()
    assert document(put("none.txt", TEXT), date="2022-02-25").warnings == ()


def test_without_a_date_a_warning_says_what_follows(put: Any) -> None:
    made = document(put("a.txt", TEXT))
    assert made.published is None
    assert "relative dates stay unresolved" in made.warnings[0]
    assert "--date" in made.warnings[0]


def test_a_date_that_does_not_exist_costs_the_date_only(put: Any) -> None:
    made = document(put("a.json", json.dumps({**RECORD, "published": "2022-02-30"})))
    assert made.published is None
    assert "'2022-02-30' is a date that does not exist" in made.warnings[0]
    with pytest.raises(BadDate, match="does not exist"):
        read(["-"], date="2022-02-30")


# Bad input


@pytest.mark.parametrize(
    ("name", "content", "reason", "status"),
    [
        ("a.txt", b"", "is empty", "skipped"),
        ("a.txt", b" \r\n\t\xc2\xa0", "only white space", "skipped"),
        ("a.txt", b"\xef\xbb\xbf", "is empty", "skipped"),
        ("a.txt", b"12:45 -- 99 ***", "no words", "skipped"),
        ("a.txt", bytes(range(256)) * 9, "binary", "failed"),
        ("a.txt", b"\0" * 5000, "binary", "failed"),
        ("a.txt", b"%PDF-1.7\n%\xe2\xe3", "a PDF", "failed"),
        ("a.txt", b"PK\x03\x04\x14\0\6\0", "zip archive or an Office", "failed"),
        ("a", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "PNG image", "failed"),
        ("a", b"\xff\xd8\xff\xe0\0\x10JFIF", "JPEG image", "failed"),
        ("a.jsonl", b"\x1f\x8b\x08\0\0\0\0\0", "gzip data", "failed"),
        ("a.csv", b"\0\1\2\3" * 99, "binary", "failed"),
        ("a.txt", "Le président a déclaré que les troupes resteraient dans le pays.", "French", "skipped"),
        ("a.html", "<nav><a href='/a'>Home</a> <a href='/b'>News</a></nav>", "no article", "skipped"),
        ("a.html", "<html></html>", "no article", "skipped"),
        ("a.html", b"", "is empty", "skipped"),
        ("a.xml", "<?xml version='1.0'?><rss><channel></channel></rss>", "XML", "failed"),
        ("a.json", "", "is empty", "skipped"),
        ("a.json", "[]", "empty list", "skipped"),
        ("a.json", "[" * 100_000, "nested too deep", "failed"),
        ("a.json", '{"id": ' + "9" * 5000 + "}", "number too long", "failed"),
        ("a.json", '{"id": 1, "text": "The army', "cut short", "failed"),
        ("a.json", '"The army fled."', "bare value", "failed"),
        ("a.jsonl", "The army fled.", "not JSON", "failed"),
        ("a.jsonl", '{"id": 1, "text": ', "cut short", "failed"),
        ("a.jsonl", '{"id": 1 "text": "The army fled."}', "not whole JSON", "failed"),
        ("a.jsonl", '{"id": 1, "text": 5}', "is a number, not a string", "failed"),
        ("a.jsonl", '{"id": 1, "text": ["a"]}', "is a list, not a string", "failed"),
        ("a.jsonl", '{"id": 1, "text": null}', "field text is empty", "skipped"),
        ("a.jsonl", '{"id": 1, "body": "The army fled."}', "no field text (its fields: body, id)", "failed"),
        ("a.jsonl", "{}", "no field text (it is empty)", "failed"),
        ("a.csv", "id,body\n1,x\n", "no column text", "failed"),
        ("a.csv", "id,text\n", "no rows", "skipped"),
        ("a.csv", "", "no rows", "skipped"),
        ("a.csv", "id,text\n1,The army fled, they say\n", "3 cells under 2 columns", "failed"),
        ("a.csv", 'id,text\n1,"The army fled\n2,x\n', "never closes", "failed"),
        ("a.parquet", b"PAR1" + b"x" * 20, "without its end", "failed"),
        ("a.parquet", b"", "not a Parquet file", "failed"),
    ],
)  # fmt: skip
def test_bad_input_is_one_clear_line(name: str, content: Any, reason: str, status: str, put: Any) -> None:
    path = put(name, content)
    made = refusal(path)
    assert reason in made.reason
    assert made.status == status
    assert made.name.startswith(str(path))
    assert made.fix
    assert len(made.reason) + len(made.fix) < 200


def test_the_batch_goes_on_past_bad_records(put: Any) -> None:
    good = json.dumps({"text": TEXT})
    path = put("a.jsonl", f'{good}\n{{"text": "The ar\n[1]\n{good[:-1]}, "id": {{}}}}\n{good}')
    made = list(read([path, path.parent / "none.txt", path.parent]))
    assert [str(m.name).rpartition("/")[2] if isinstance(m, Refusal) else "" for m in made[:6]] == [
        "", "a.jsonl, line 2", "a.jsonl, line 3", "", "", "none.txt",
    ]  # fmt: skip
    assert "field id is an object" in str(made[3].warnings if isinstance(made[3], Document) else made[3])
    assert len(made) == 11


def test_a_list_cut_short_keeps_its_first_records(put: Any) -> None:
    text = json.dumps([RECORD, {**RECORD, "id": "a2"}])
    first, second = read([put("a.json", text[:-40])])
    assert isinstance(first, Document)
    assert isinstance(second, Refusal)
    assert "record 2" in second.name
    assert "cut short" in second.reason
    *made, last = read([put("b.json", text[:-1])])
    assert len(made) == 2
    assert isinstance(last, Refusal)


def test_bad_csv_rows_cost_only_themselves(put: Any) -> None:
    path = put("a.csv", f'id,text\n1,"{TEXT}"\n2,x,y,z\n\n3,"{TEXT}"\n4,"never closed\n'.encode() + b"\xff\xfe")
    made = list(read([path]))
    assert [m.id if isinstance(m, Document) else m.name.rpartition(" ")[2] for m in made] == [
        "1",
        "4",
        "3",
        "8",
    ]


def test_a_very_long_cell_is_read(put: Any) -> None:
    made = document(put("a.csv", f'text,id\n"{TEXT * 3000}",x'))
    assert len(made.text) == 3000 * len(TEXT)


@pytest.mark.parametrize(
    ("encoding", "warning"),
    [
        ("utf-8-sig", None),
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16"),
        ("utf-16-be", "UTF-16"),
        ("utf-32", "UTF-32"),
        ("cp1252", "Windows-1252"),
    ],
)
def test_other_encodings_are_decoded_with_a_warning(encoding: str, warning: str | None, put: Any) -> None:
    text = TEXT + " “Café” – said Mr Müller."
    made = document(put("a.txt", text.encode(encoding)), date="2021-03-03")
    assert made.text == text
    assert [warning in w for w in made.warnings] == [True] if warning else made.warnings == ()


def test_a_few_broken_bytes_cost_only_themselves(put: Any) -> None:
    made = document(put("a.txt", ("“Yes” – " + TEXT).encode() + b" \xe2\x80"), date="2021-03-03")
    assert made.text == "“Yes” – " + TEXT + " ��"
    assert made.warnings == ("2 bytes not UTF-8, shown as �",)


def test_text_in_a_legacy_script_is_told_by_its_language(put: Any) -> None:
    text = "Президент заявил в пятницу, что войска останутся в стране до конца года, сообщает агентство."
    assert "Russian" in refusal(put("a.txt", text.encode("cp1251"))).reason


def test_control_characters_and_half_characters_keep_offsets(put: Any) -> None:
    text = "The\x00 army\x07 fled\x0c\x85 at \ud800 once."
    made = document(put("a.json", json.dumps({"text": text})), date="2021-03-03")
    assert made.text == "The  army  fled   at � once."
    assert len(made.text) == len(text)
    assert made.warnings == (
        "4 control characters read as spaces",
        "1 half character (lone surrogates) shown as �",
    )


def test_what_is_too_long_is_told_with_the_figure(put: Any) -> None:
    huge = refusal(put("a.txt", b"word " * 10_000_000))
    assert "50,000,000 bytes, over the limit of 1,000,000 characters" in huge.reason
    assert "split" in huge.fix
    assert "1,000,001 characters" in refusal(put("b.txt", "a" * 1_000_001)).reason
    assert "over 4,000,004 bytes" in refusal("-", stdin=io.BytesIO(b"word " * 1_000_000)).reason
    assert "12 characters" in refusal(put("c.json", json.dumps({"text": "word " * 2 + "ok"})), max_characters=11).reason
    first, second = read([put("d.jsonl", '{"text": "' + "a" * 900 + '"}\n{"text": "short"}')], max_characters=50)
    assert isinstance(first, Refusal)
    assert "over 800 bytes" in first.reason
    assert isinstance(second, Document)


def test_what_is_not_there_is_told(tmp_path: Path) -> None:
    assert "does not exist" in refusal(tmp_path / "none.txt").reason
    assert "nothing is fetched" in refusal("https://example.org/1").reason
    assert "NUL" in refusal("a\0b").reason


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_what_may_not_be_read_is_told(put: Any) -> None:
    path = put("a.txt", TEXT)
    path.chmod(0)
    assert "may not be read" in refusal(path).reason
