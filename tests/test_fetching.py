"""Files of every kind that is not a plain document: feeds, archives, lists and packed files, told apart by content."""

from __future__ import annotations

import gzip
import io
import json
import re
import zipfile
import zlib
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from fastwarc.warc import WarcRecord, WarcRecordType
from hypothesis import given
from hypothesis import strategies as st
from tests.fetching_site import MORE, TEXT, FakeClock, documents, item, page, refusals, rss

from dragoman.fetching import Item, read_all
from dragoman.fetching.lists import is_list, read_list
from dragoman.fetching.markup import plain, root
from dragoman.fetching.sources import kind
from dragoman.reading import BadDate
from dragoman.reading.decoding import Unreadable

LONG = f"<p>{TEXT}</p>" * 3 + f"<p>{MORE}</p>" * 3


def read(*sources: str | Path, **options: Any) -> list[Item]:
    return list(read_all([str(source) for source in sources], clock=FakeClock(), **options))


def record(url: str, body: bytes, type: str = "text/html; charset=utf-8", status: int = 200, packed: str = "") -> bytes:
    made = WarcRecord()
    made.init_headers(record_type=WarcRecordType.response)
    made.headers["WARC-Target-URI"] = url
    made.headers["WARC-Date"] = "2021-03-06T10:00:00Z"
    made.headers["Content-Type"] = "application/http; msgtype=response"
    lines = [f"HTTP/1.1 {status} OK", f"Content-Type: {type}", *[f"Content-Encoding: {packed}"] * bool(packed)]
    made.set_bytes_content("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
    out = io.BytesIO()
    made.write(out)
    return out.getvalue()


# Archives


@pytest.mark.parametrize("packed", [False, True])
def test_an_archive_yields_its_pages_with_address_time_and_charset(packed: bool, put: Any) -> None:
    latin = page(text=TEXT.replace("border", "café")).encode("latin-1")
    records = [
        record(
            "https://example.org/a?utm_source=x", page(head="<meta property='og:site_name' content='Post'>").encode()
        ),
        record("https://example.org/b", latin, "text/html; charset=iso-8859-1"),
        record("https://example.org/c.jpg", b"\xff\xd8\xff", "image/jpeg"),
        record("https://example.org/d", page().encode(), status=404),
        record("https://example.org/robots.txt", b"User-agent: *\nDisallow: /x", "text/plain"),
        record("https://example.org/e", gzip.compress(page().encode()), packed="gzip"),
    ]
    data = b"".join(gzip.compress(one) if packed else one for one in records)
    path = put("crawl.warc.gz" if packed else "crawl.warc", data)
    items = read(path)
    assert not refusals(items)
    assert {one.source for one in items} == {str(path)}
    made = documents(items)
    assert [one.url for one in made] == [f"https://example.org/{name}" for name in "abe"]
    assert all(one.retrieved == "2021-03-06T10:00:00Z" for one in made)
    assert made[0].outlet == "Post"
    assert "café" in made[1].text
    assert any("iso-8859-1" in warning for warning in made[1].warnings)


def test_a_damaged_archive_keeps_the_pages_before_the_damage(put: Any) -> None:
    good = gzip.compress(record("https://example.org/a", page().encode()))
    items = read(put("crawl.warc.gz", good + good[:60] + b"\0" * 60))
    assert len(documents(items)) == 1
    [refusal] = refusals(items)
    assert refusal.reason.startswith("is damaged")


@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate", "x-odd"])
@pytest.mark.parametrize("packed", [False, True])
def test_a_page_that_is_not_packed_as_it_says_costs_no_other(encoding: str, packed: bool, put: Any) -> None:
    body = page().encode()
    records = [
        # Undone by the crawler, which left the header.
        record("https://example.org/a", body, packed=encoding),
        record("https://example.org/b", b"\xff\xfe\xfd" * 100, packed=encoding),
        record("https://example.org/c", body, packed="chunked").replace(b"Content-Encoding", b"Transfer-Encoding"),
        record("https://example.org/d", zlib.compress(body), packed="deflate"),
    ]
    # "Transfer" has a letter more than "Content", which the record's length has to count.
    length = int(re.findall(rb"Content-Length: (\d+)", records[2])[0])
    records[2] = records[2].replace(b"Content-Length: %d" % length, b"Content-Length: %d" % (length + 1))
    items = read(put("a.warc", b"".join(gzip.compress(one) if packed else one for one in records)))
    assert [one.url[-1] for one in documents(items)] == ["a", "c", "d"]
    [refusal] = refusals(items)
    assert "example.org/b" in refusal.name


def test_an_archive_without_pages_is_said_to_have_none(put: Any) -> None:
    [refusal] = refusals(read(put("a.warc", record("https://example.org/c.jpg", b"\xff\xd8\xff", "image/jpeg"))))
    assert (refusal.reason, refusal.status) == ("is an archive without pages", "skipped")


# Feeds without a network


def test_a_feed_that_carries_its_texts_needs_no_network(put: Any) -> None:
    full = item("https://example.org/1", more=f"<content:encoded><![CDATA[{LONG}]]></content:encoded>")
    teaser = item("https://example.org/2", more="<description>Short.</description>")
    path = put("feed.xml", rss(full, teaser, link="https://www.example.org/"))
    items = read(path)
    [made] = documents(items)
    assert (made.url, made.outlet, made.title) == ("https://example.org/1", "The Border Post", "Post attacked")
    # The day of the publisher, which in UTC is the next.
    assert made.published == "2021-03-05T23:10:00-05:00"
    assert TEXT in made.text
    assert "<p>" not in made.text
    [refusal] = refusals(items)
    assert refusal.name == "https://example.org/2"
    assert refusal.status == "skipped"


def test_atom_and_rdf_feeds_are_read(put: Any) -> None:
    body = LONG.replace("<", "&lt;")
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>Post &amp;amp; Mail</title><link href="https://example.org/"/>'
        f'<entry><title>Post</title><link href="https://example.org/1"/><updated>2021-03-05T10:00:00Z</updated>'
        f'<content type="html">{body}</content></entry></feed>'
    )
    [made] = documents(read(put("a.atom", atom)))
    assert made.published == "2021-03-05T10:00:00Z"
    assert "its date is that of the last change" in made.warnings
    rdf = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>T</title></channel><item><title>t</title>'
        f"<link>https://example.org/1</link><dc:date>2021-03-05</dc:date><description>{body}</description></item></rdf:RDF>"
    )
    [made] = documents(read(put("b.rdf", rdf)))
    assert made.published == "2021-03-05"


def test_a_feed_of_others_pages_is_not_their_publisher(put: Any) -> None:
    text = f"<content:encoded><![CDATA[{LONG}]]></content:encoded>"
    other = item("https://other.example.net/1", more=text)
    named = item("https://third.example.net/1", more=text + "<source url='https://third.example.net/'>Third</source>")
    made = documents(read(put("feed.xml", rss(other, named, link="https://example.org/"))))
    assert [one.outlet for one in made] == ["", "Third"]


# Folders, packed files and what reading knows


def test_a_folder_is_read_with_all_that_is_in_it(put: Any, tmp_path: Path) -> None:
    put("news/a.txt", TEXT)
    put("news/b.warc", record("https://example.org/b", page().encode()))
    put(
        "news/c/d.jsonl.gz", gzip.compress("\n".join(json.dumps({"id": str(n), "text": TEXT}) for n in (1, 2)).encode())
    )
    put("news/e.xml", rss(item("https://example.org/1", more=f"<content:encoded><![CDATA[{LONG}]]></content:encoded>")))
    put("news/.hidden.txt", TEXT)
    put("news/f.jpg", b"\xff\xd8\xff")
    folder = tmp_path / "news"
    items = read(folder)
    assert not refusals(items)
    assert [one.id for one in documents(items)][:1] == ["a"]
    found = [one.source for one in items]
    assert found == [str(folder), str(folder / "b.warc"), str(folder / "e.xml"), str(folder), str(folder)]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jsonl.gz", json.dumps({"text": TEXT, "published": "2021-03-05"})),
        ("a.json.gz", json.dumps([{"text": TEXT, "published": "2021-03-05"}])),
        ("a.csv.gz", f'published,text\n2021-03-05,"{TEXT}"\n'),
        ("a.html.gz", page(head="<meta name='date' content='2021-03-05'>")),
        ("a", json.dumps({"text": TEXT, "published": "2021-03-05"})),
    ],
)
def test_packed_files_are_read_as_what_is_in_them(name: str, content: str, put: Any) -> None:
    [made] = documents(read(put(name, gzip.compress(content.encode()))))
    assert TEXT in made.text
    assert made.published == "2021-03-05"


def test_a_packed_file_that_is_cut_short_keeps_what_comes_before(put: Any) -> None:
    lines = "\n".join(json.dumps({"id": str(n), "text": f"{TEXT} {n} {n * 7919}"}) for n in range(2000))
    data = gzip.compress(lines.encode())
    items = read(put("a.jsonl.gz", data[: len(data) // 2]))
    assert len(documents(items)) > 100
    assert "cut short" in refusals(items)[-1].reason


def test_a_file_packed_twice_is_refused(put: Any) -> None:
    [refusal] = refusals(read(put("a.txt.gz", gzip.compress(gzip.compress(TEXT.encode())))))
    assert refusal.reason == "is packed twice"


def test_what_is_missing_or_wrong_is_one_line_and_ends_nothing(put: Any, tmp_path: Path) -> None:
    items = read(tmp_path / "none.txt", tmp_path / "none.warc", "a\0b", "https://example.org/", put("a.txt", TEXT))
    assert [one.reason for one in refusals(items)] == [
        "does not exist",
        "does not exist",
        "is no path: it holds a NUL",
        "is an address, and nothing is fetched",
    ]
    assert len(documents(items)) == 1


def test_standard_input_may_be_an_archive() -> None:
    stdin = io.BytesIO(gzip.compress(record("https://example.org/b", page().encode())))
    [made] = documents(read("-", stdin=stdin))
    assert made.url == "https://example.org/b"


def test_a_date_for_the_batch_fills_gaps_and_must_be_one(put: Any) -> None:
    assert documents(read(put("a.txt", TEXT), date="2021-03-04"))[0].published == "2021-03-04"
    with pytest.raises(BadDate):
        read_all(["x"], date="2021-02-30")


# Dates in the future


def test_a_date_in_the_future_is_left_out_with_a_warning(put: Any) -> None:
    rows = [{"id": d, "text": TEXT, "published": d} for d in ("2021-03-12", "2021-03-13", "2199-01-01")]
    made = documents(read(put("a.json", json.dumps(rows))))
    assert [one.published for one in made] == ["2021-03-12", None, None]
    assert "published: 2199-01-01 lies in the future, and is left out" in made[2].warnings
    assert any("no publication date" in warning for warning in made[2].warnings)


def test_a_page_dated_after_it_was_archived_has_no_date(put: Any) -> None:
    late = page(head="<meta name='date' content='2021-03-09'>").encode()
    [made] = documents(read(put("a.warc", record("https://example.org/a", late))))
    assert made.published is None
    assert any("lies in the future" in warning for warning in made.warnings)


# Lists of articles

STAMP, ADDRESS = "20210305101500", "https://example.org/1"


def row(columns: int, **cells: str) -> str:
    return "\t".join(cells.get(f"c{at}", "") for at in range(columns)) + "\n"


GDELT = {
    "20210305.export.CSV": row(61, c0="1", c59=STAMP, c60=ADDRESS),
    "20210305.mentions.CSV": row(16, c0="1", c1=STAMP, c2=STAMP, c3="1", c4="example.org", c5=ADDRESS)
    + row(16, c0="1", c1=STAMP, c2=STAMP, c3="2", c4="Radio", c5="A broadcast"),
    "20210305.gkg.csv": row(27, c0=f"{STAMP}-0", c1=STAMP, c2="1", c3="example.org", c4=ADDRESS),
}


@pytest.mark.parametrize("name", GDELT)
def test_the_files_of_gdelt_are_lists_of_articles(name: str) -> None:
    data = GDELT[name].encode()
    assert kind(data[:4096], ".csv") == "list"
    [entry] = read_list(io.BytesIO(data), data[:4096])
    assert (entry.url, entry.published, entry.dated) == (ADDRESS, "2021-03-05T10:15:00Z", "when GDELT saw it")
    assert entry.outlet in ("", "example.org")


@pytest.mark.parametrize("name", GDELT)
def test_the_files_of_gdelt_are_read_as_they_are_published(name: str, put: Any, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / f"{name}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, GDELT[name])
    for items in (read(put(name, GDELT[name])), read(tmp_path / f"{name}.zip")):
        assert [one.name for one in refusals(items)] == [ADDRESS]


GRAPH_1 = ("DATE", "NUMARTS", "COUNTS", "THEMES", "LOCATIONS", "PERSONS")
OTHERS = {
    "old.csv": row(58, c0="1", c56="20130405", c57=ADDRESS),
    "graph.csv": "\t".join((*GRAPH_1, *"ORGANIZATIONS TONE CAMEOEVENTIDS SOURCES SOURCEURLS".split()))
    + "\n"
    + row(11, c0="20130405", c9="example.org", c10=f"{ADDRESS}<UDIV>https://example.org/2"),
    "answer.json": json.dumps(
        {"articles": [{"url": ADDRESS, "title": "A <b>b</b>", "seendate": "20130405T101500Z", "domain": "example.org"}]}
    ),
    "answer.csv": f'URL,MobileURL,Date,Title\n{ADDRESS},,2013-04-05 10:15:00,"A, b"\n',
    "own.tsv": f"title\turl\tpublished\nA\t{ADDRESS}\t2013-04-05\n",
    "addresses.txt": f"# mine\n{ADDRESS}\n\nhttps://example.org/2\n",
    "masterfilelist.txt": f"150383 297a16b493de7cf6ca809a7cc31d0b93 {ADDRESS}\n",
}


@pytest.mark.parametrize("name", OTHERS)
def test_other_lists_of_articles_are_known(name: str) -> None:
    data = OTHERS[name].encode()
    assert kind(data, Path(name).suffix) == "list"
    entries = list(read_list(io.BytesIO(data), data))
    assert entries[0].url == ADDRESS
    assert (entries[0].published or "2013-04-05")[:10] == "2013-04-05"
    assert len(entries) == (2 if name in ("graph.csv", "addresses.txt") else 1)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", f"{ADDRESS}\n{TEXT}"),
        ("a.txt", f"See {ADDRESS}"),
        ("a.csv", f'url,text\n{ADDRESS},"{TEXT}"\n'),
        ("a.json", json.dumps({"articles": "none", "text": TEXT})),
        ("a.jsonl", json.dumps({"url": ADDRESS, "text": TEXT})),
        ("a.txt", "a\tb\tc\n"),
        ("a.txt", ""),
    ],
)
def test_documents_that_name_addresses_are_still_documents(name: str, content: str) -> None:
    assert kind(content.encode(), Path(name).suffix) == "document"


def test_an_answer_of_gdelt_with_stray_backslashes_is_read() -> None:
    data = b'{"articles": [ { "url": "https://example.org/1", "title": "A \\x b \t c" } ] }'
    [entry] = read_list(io.BytesIO(data), data)
    assert entry.url == ADDRESS


@given(st.binary(max_size=300))
def test_any_bytes_are_of_some_kind(data: bytes) -> None:
    kind(data)
    if is_list(data):
        list(read_list(io.BytesIO(data), data))


@given(st.sampled_from(sorted({**GDELT, **OTHERS})), st.integers(0, 200), st.binary(max_size=5))
def test_a_damaged_list_is_read_or_refused(name: str, at: int, damage: bytes) -> None:
    data = {**GDELT, **OTHERS}[name].encode()
    data = data[:at] + damage + data[at + 1 :]
    with suppress(Unreadable):
        list(read_list(io.BytesIO(data), data) if is_list(data) else ())


# Titles and first elements


@pytest.mark.parametrize(
    ("title", "escaped", "text"),
    [
        ("Post <b>attacked</b>", False, "Post attacked"),
        ("<script>alert(1)</script>Post", True, "Post"),
        ("AT&amp;T talks", True, "AT&T talks"),
        ("AT&amp;amp;T talks", True, "AT&amp;T talks"),
        ("AT&amp;T talks", False, "AT&amp;T talks"),
        ("<i>AT&amp;T</i>", False, "AT&amp;T"),
        ("5 < 6 and 7 > 3", True, "5 < 6 and 7 > 3"),
        ("Post\n <br>attacked", True, "Post attacked"),
        ("<img src=x onerror=alert(1)>Post", True, "Post"),
        ("Post <img src=x onerror=alert(1)", True, "Post"),
        ("Post <![; <!-- x", True, "Post"),
        ("Post<scr<b>ipt>alert(1)</script>", False, "Post"),
        ("&lt;b&gt; is a tag", True, "<b> is a tag"),
    ],
)
def test_titles_become_plain_text(title: str, escaped: bool, text: str) -> None:
    assert plain(title, escaped=escaped) == text


@given(st.text(alphabet="<>/!-?abscript &;\"'=[]", max_size=60), st.booleans())
def test_any_title_becomes_plain_text(title: str, escaped: bool) -> None:
    assert "<script" not in plain(title, escaped=escaped) or (escaped and "&" in title)


@pytest.mark.parametrize(
    "start",
    [
        "<rss>",
        "\n<?xml version='1.0'?>\n<!-- a > b -->\n<rss version='2.0'>",
        '<!DOCTYPE rss PUBLIC "-//X//EN" "http://example.org/x.dtd">\n<rss>',
        "<!DOCTYPE rss [\n<!ENTITY x 'y'>\n]>\n<rss>",
        "<x:rss xmlns:x='y'>",
    ],
)
def test_the_first_element_of_xml_is_found(start: str) -> None:
    assert root(start) == "rss"
