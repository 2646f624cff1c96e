"""Servers that mean harm: whatever they send costs bounded memory and time, and one line to the user."""

from __future__ import annotations

import gzip
import os
import socket
import threading
import time
import zlib
from collections.abc import Callable, Sequence
from http.server import BaseHTTPRequestHandler

import psutil
import pytest
from tests.fetching_site import (
    MORE,
    TEXT,
    Site,
    documents,
    fetcher,
    item,
    only,
    page,
    read,
    refusals,
    rss,
    served,
)

XML = "application/xml"
# What a fetched page may cost at most: itself once as it grows, once as it is handed on, and the libraries' own.
MOST_MEMORY = 60_000_000


@pytest.fixture(scope="module", autouse=True)
def libraries() -> None:
    """What reads pages is loaded once and for all: its memory is not the server's doing."""
    with served() as site:
        assert documents(read(site.put("/a", page())))


class Peak:
    """The growth of this process's memory within a block, in bytes, and the seconds that it took."""

    def __enter__(self) -> Peak:
        self._process = psutil.Process(os.getpid())
        self._first = self.most = self._process.memory_info().rss
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        self._start = time.monotonic()
        return self

    def _watch(self) -> None:
        while not self._done.wait(0.01):
            self.most = max(self.most, self._process.memory_info().rss)

    def __exit__(self, *_: object) -> None:
        self.seconds = time.monotonic() - self._start
        self._done.set()
        self._thread.join()
        self.growth = self.most - self._first


# Too much


def endless(piece: bytes, total: int, **headers: str) -> Callable[[BaseHTTPRequestHandler], None]:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html")
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        for _ in range(total // len(piece)):
            handler.wfile.write(piece)

    return answer


GIGABYTE = 1_000_000_000


@pytest.mark.parametrize("said", ["nothing", "length", "chunked", "a lie"])
def test_a_body_of_a_gigabyte_is_cut(said: str, site: Site) -> None:
    piece = b"<p>" + b"x" * 65_533
    headers = {"length": {"Content_Length": str(GIGABYTE)}, "chunked": {"Transfer_Encoding": "chunked"}}.get(said, {})
    if said == "chunked":
        piece = f"{len(piece):x}\r\n".encode() + piece + b"\r\n"
    if said == "a lie":
        # What is beyond the length is not read at all.
        headers = {"Content_Length": "3"}
    site.pages["/big"] = endless(piece, GIGABYTE, **headers)
    with Peak() as peak:
        reason = only(f"{site.url}/big")
    assert reason in ("is over 10,000,000 bytes long", "is a page with no article")
    assert peak.growth < MOST_MEMORY
    assert peak.seconds < 3


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "bare"])
def test_a_bomb_is_not_unpacked(encoding: str, site: Site) -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, {"gzip": 31, "deflate": 15, "bare": -15}[encoding])
    data = b"".join(packer.compress(b" " * 1_000_000) for _ in range(500)) + packer.flush()
    site.put("/bomb", data, Content_Encoding="deflate" if encoding == "bare" else encoding)
    with Peak() as peak:
        assert only(f"{site.url}/bomb") == "is over 10,000,000 bytes long"
    assert peak.growth < MOST_MEMORY
    assert peak.seconds < 3


def test_a_bomb_within_a_packed_sitemap_is_not_unpacked(site: Site) -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    data = (
        packer.compress(b"<urlset>") + b"".join(packer.compress(b" " * 1_000_000) for _ in range(500)) + packer.flush()
    )
    url = site.put("/sitemap.xml.gz", data, "application/gzip")
    with Peak() as peak:
        assert only(url) == "makes over 50,000,000 bytes when it is unpacked"
    # A sitemap may have 50 MB, which is held as it is read.
    assert peak.growth < 150_000_000
    assert peak.seconds < 5


def test_what_is_packed_in_other_ways_or_twice_is_refused(site: Site) -> None:
    assert "was not asked for" in only(site.put("/br", b"x", Content_Encoding="br"))
    assert "was not asked for" in only(site.put("/twice", b"x", Content_Encoding="gzip, gzip"))
    assert only(site.put("/torn", gzip.compress(page().encode())[:-9], Content_Encoding="gzip")) == "is cut short"
    assert "cannot be unpacked" in only(site.put("/none", page(), Content_Encoding="gzip"))


def test_a_body_that_ends_early_is_no_page(site: Site) -> None:
    def short(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html")
        handler.send_header("Content-Length", "100000")
        handler.end_headers()
        handler.wfile.write(page().encode())
        handler.close_connection = True

    site.pages["/short"] = short
    assert not documents(read(f"{site.url}/short"))


# Too long


def drip(head: bytes, piece: bytes) -> Callable[[BaseHTTPRequestHandler], None]:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(head)
        for _ in range(200):
            handler.wfile.write(piece)
            handler.wfile.flush()
            time.sleep(0.05)

    return answer


@pytest.mark.parametrize(
    ("head", "piece"),
    [
        (b"", b"H"),
        (b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n"),
        (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", b"<p>"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    ],
)
def test_a_slow_drip_has_an_end(head: bytes, piece: bytes, site: Site) -> None:
    site.pages["/drip"] = drip(head, piece)
    with Peak() as peak:
        assert only(f"{site.url}/drip", fetcher=fetcher(seconds=0.4, retries=0)) == "took over 0.4 seconds"
    assert peak.seconds < 5


def test_a_server_that_says_nothing_has_an_end(site: Site) -> None:
    quiet = socket.create_server(("127.0.0.1", 0))
    with quiet, Peak() as peak:
        url = f"http://127.0.0.1:{quiet.getsockname()[1]}/"
        assert "took over 0.4 seconds" in only(url, fetcher=fetcher(seconds=0.4, retries=0))
        # Nor is a handshake that never comes waited for.
        url = url.replace("http:", "https:")
        assert "took over 0.4 seconds" in only(url, fetcher=fetcher(seconds=0.4, retries=0))
    assert peak.seconds < 4


def test_endless_redirects_have_an_end(site: Site) -> None:
    for number in range(30):
        site.put(f"/r{number}", b"", status=302, Location=f"/r{number + 1}")
    assert only(f"{site.url}/r0") == "redirects over 5 times"
    assert site.asked == ["/robots.txt", *(f"/r{number}" for number in range(6))]
    with served() as loop:
        url = loop.put("/a", b"", status=301, Location="/a")
        assert only(url) == "redirects over 5 times"


def test_a_name_server_that_says_nothing_has_an_end() -> None:
    def never(host: str, port: int) -> Sequence[str]:
        time.sleep(3)
        return []

    ask = fetcher(never, connect_seconds=0.2)
    with Peak() as peak:
        assert "is not found" in only("http://example.org/", fetcher=ask)
    assert peak.seconds < 2


# Bad mark-up

BILLION = (
    '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + "]><rss version='2.0'><channel><title>&j;</title></channel></rss>"
)
FILE = (
    '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    "<rss version='2.0'><channel><title>&x;</title></channel></rss>"
)


@pytest.mark.parametrize("body", [BILLION, FILE, FILE.replace("</rss>", "<")], ids=["billion laughs", "file", "broken"])
@pytest.mark.parametrize("kind", ["rss", "opml", "urlset"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_xml_that_declares_entities_is_not_read(body: str, kind: str, encoding: str, site: Site) -> None:
    data = body.replace("rss", kind).encode(encoding)
    with Peak() as peak:
        assert only(site.put("/feed.xml", data, XML)) == "is XML that declares entities of its own"
    assert peak.growth < MOST_MEMORY
    assert peak.seconds < 5


def test_xml_of_absurd_depth_or_number_is_not_read(site: Site) -> None:
    deep = "<rss><channel>" + "<a>" * 100_000
    with Peak() as peak:
        assert only(site.put("/deep", deep, XML)) == "is XML over 200 elements deep"
        many = "<rss><channel>" + "<item/>" * 210_000 + "</channel></rss>"
        assert only(site.put("/many", many, XML)) == "is XML of over 200,000 elements"
        assert only(site.put("/map", "<urlset>" + "<url/>" * 1_100_000, XML)) == "is XML of over 1,000,000 elements"
    assert peak.seconds < 10


def test_a_broken_feed_is_read_as_well_as_can_be_and_reported(site: Site) -> None:
    site.put("/1", page())
    site.put("/2", page(text=MORE))
    body = rss(item("/1"), item("/2")).replace("</channel>", "<br></wrong>")
    items = read(site.put("/feed", body, XML))
    assert len(documents(items)) == 2
    [refusal] = refusals(items)
    assert refusal.reason.startswith("is broken XML")
    # The lenient reader is slow: what is long and broken is refused.
    long = body + "<x>" * 30 + "y " * 600_000
    assert only(site.put("/long", long, XML)).startswith("is broken XML")


@pytest.mark.parametrize("piece", ["<div>", "<div>x</div>", "<p>word ", "<![", "<a b='", "<!--", " ", "&amp;", "\0"])
def test_a_page_of_absurd_mark_up_costs_little(piece: str, site: Site) -> None:
    with Peak() as peak:
        read(site.put("/a", "<html><body>" + piece * (2_000_000 // len(piece))))
    assert peak.seconds < 5


def test_a_page_of_absurdly_many_elements_is_refused(site: Site) -> None:
    assert only(site.put("/a", "<html><body>" + "<p>word" * 50_001)) == "is a page of over 50,000 elements"


def test_linked_data_without_end_costs_little(site: Site) -> None:
    nodes = "<script type='application/ld+json'>[" + '{"a":{}},' * 200_000 + "{}]</script>"
    with Peak() as peak:
        read(site.put("/a", page(head=nodes)))
    assert peak.seconds < 10


@pytest.mark.parametrize("piece", ["<![", "&lt;![", "<", "&lt;", " ", "&lt;a ", "&amp;#", "x"])
@pytest.mark.parametrize("where", ["title", "description", "pubDate", "link", "channel"])
def test_a_feed_of_absurd_mark_up_costs_little(piece: str, where: str, site: Site) -> None:
    body = (
        f"<rss version='2.0'><channel><item><{where}>{piece * (500_000 // len(piece))}</{where}></item></channel></rss>"
    )
    with Peak() as peak:
        read(site.put("/feed", body.replace("<channel><item><channel>", "<channel>"), XML))
    assert peak.seconds < 5


@pytest.mark.parametrize("charset", ["utf-16", "iso-8859-1", "ascii", "punycode", "rot13", "no-such", "zip"])
def test_a_lying_charset_changes_no_text(charset: str, site: Site) -> None:
    text = TEXT.replace("post", "pöst “north”")
    [made] = documents(read(site.put("/a", page(text=text), f"text/html; charset={charset}")))
    assert text in made.text
    body = rss(item("/b", title="Pöst")).replace('"utf-8"', f'"{charset}"')
    site.put("/b", page(text=text))
    [made] = documents(read(site.put("/feed", body, f"{XML}; charset={charset}")))
    assert text in made.text


def test_a_page_of_bytes_in_no_charset_is_refused(site: Site) -> None:
    data = b"<html><body><p>" + bytes(range(128, 256)) * 50
    with Peak() as peak:
        read(site.put("/a", data, "text/html; charset=punycode"), site.put("/b", data * 500, "text/html; charset=idna"))
    assert peak.seconds < 10


def test_dates_in_the_future_are_left_out(site: Site) -> None:
    site.put("/1", page(head="<meta name='date' content='2031-01-01'>"))
    site.put("/2", page(text=MORE))
    late = "Sat, 01 Jan 2050 00:00:00 GMT"
    made = documents(read(site.put("/feed", rss(item("/1"), item("/2", date=late)), XML)))
    # Where the page's own date is impossible, that of the feed is taken.
    assert [one.published for one in made] == ["2021-03-05T23:10:00-05:00", None]
    assert any("lies in the future" in warning for warning in made[1].warnings)


def test_script_in_titles_is_not_handed_on(site: Site) -> None:
    evil = "&lt;script&gt;alert(1)&lt;/script&gt;Post &lt;img src=x onerror=alert(1)&gt; &amp;amp; Mail"
    site.put("/1", f"<html><body><article><p>{TEXT}</p><p>{MORE}</p></article></body></html>")
    full = (
        f"<content:encoded><![CDATA[<script>alert(1)</script>{f'<p>{TEXT}</p><p>{MORE}</p>' * 3}]]></content:encoded>"
    )
    feed = rss(item("/1", title=evil), item("/2", title=evil, more=full), title=evil, link=site.url)
    made = documents(read(site.put("/feed", feed, XML)))
    assert [(one.title, one.outlet) for one in made] == [("Post & Mail", "Post & Mail")] * 2
    assert not any("alert" in one.text for one in made)


def test_headers_without_end_are_cut(site: Site) -> None:
    def many(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        for _ in range(100_000):
            handler.wfile.write(b"X-A: " + b"b" * 1000 + b"\r\n")

    site.pages["/a"] = many
    site.pages["/b"] = lambda handler: void(handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-A: " + b"b" * 50_000_000))
    with Peak() as peak:
        only(f"{site.url}/a")
        only(f"{site.url}/b")
    assert peak.growth < 2 * MOST_MEMORY
    assert peak.seconds < 5


def void(_: object) -> None:
    return


def test_a_redirect_cannot_smuggle_a_request(site: Site) -> None:
    def bad(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 302 Found\r\nLocation: /x\t\x0b HTTP/1.1 X-Bad:1\r\n\r\n")

    site.pages["/a"] = bad
    only(f"{site.url}/a")
    assert len([path for path in site.asked if path != "/robots.txt"]) <= 2
    assert all(" " not in path for path in site.asked)
