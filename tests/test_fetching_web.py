"""Addresses: pages, feeds and lists from a real server, asked for politely, and not twice."""

from __future__ import annotations

import gzip
import json
import threading
import time
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fetching_site import (
    MORE,
    TEXT,
    FakeClock,
    Site,
    documents,
    fetcher,
    item,
    known,
    page,
    refusals,
    rss,
    send,
    served,
)

from dragoman.fetching import Clock, Fetcher, Forgetful, Item, read_all
from dragoman.fetching.address import BadAddress, canonical, parse
from dragoman.fetching.robots import read_robots

XML = "application/xml"


def read(*sources: str, **options: Any) -> list[Item]:
    options.setdefault("fetcher", fetcher())
    return list(read_all(sources, **options))


def test_an_address_of_a_page_is_its_document(site: Site) -> None:
    title = "<meta property='og:title' content='Post &lt;script&gt;x&lt;/script&gt;'>"
    url = site.put("/a", page(head=f"<meta name='date' content='2021-03-05'>{title}"))
    [made] = documents(read(f"{url}?utm_source=feed#top"))
    assert (made.url, made.title, made.published) == (url, "Post", "2021-03-05")
    assert made.retrieved == "2021-03-10T12:00:00Z"
    assert TEXT in made.text


def test_a_feed_yields_the_pages_that_it_lists(site: Site) -> None:
    first = site.put("/1", page(head="<meta name='date' content='2021-03-04'>"))
    second = site.put("/2", page(text=TEXT.replace("Friday", "Monday")))
    url = site.put("/feed", rss(item("/1"), item("/2?utm_medium=rss"), item("/gone"), link=site.url), XML)
    items = read(url)
    assert {one.source for one in items} == {url}
    made = documents(items)
    assert [one.url for one in made] == [first, second]
    # The page's own date goes before that of the feed.
    assert [one.published for one in made] == ["2021-03-04", "2021-03-05T23:10:00-05:00"]
    assert [one.outlet for one in made] == ["The Border Post"] * 2
    assert [str(one) for one in refusals(items)] == [f"{site.url}/gone: is not there (404); check the address"]


def test_an_opml_list_counts_each_feed_by_itself(site: Site, tmp_path: Any) -> None:
    site.put("/1", page())
    site.put("/2", page(text=MORE))
    feeds = [site.put(f"/feed{n}", rss(item(f"/{n}")), XML) for n in (1, 2)]
    outlines = "".join(
        f'<outline text="x"><outline type="rss" xmlUrl="{url}"/></outline>' for url in [*feeds, feeds[0]]
    )
    opml = f"<opml version='2.0'><head><title>t</title></head><body>{outlines}</body></opml>"
    path = tmp_path / "feeds.opml"
    path.write_text(opml)
    for source in (str(path), site.put("/feeds.opml", opml, "text/x-opml")):
        items = read(source)
        assert [(one.source, one.made.url) for one in items] == [  # type: ignore[union-attr]
            (feeds[0], f"{site.url}/1"),
            (feeds[1], f"{site.url}/2"),
        ]


def test_a_sitemap_index_leads_to_packed_and_news_sitemaps(site: Site) -> None:
    for number in (1, 2, 3):
        site.put(f"/{number}", page(text=f"{TEXT} There were {number + 5} soldiers at the post, he said."))
    space = (
        "xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' xmlns:n='http://www.google.com/schemas/sitemap-news/0.9'"
    )
    news = (
        f"<url><loc>{site.url}/1</loc><lastmod>2021-03-09</lastmod><n:news><n:publication><n:name>Post</n:name>"
        "</n:publication><n:publication_date>2021-03-05T10:00:00+03:00</n:publication_date><n:title>A &amp;amp; B"
        "</n:title></n:news></url>"
    )
    packed = f"<urlset {space}><url><loc>{site.url}/2</loc><lastmod>2021-03-09</lastmod></url></urlset>"
    site.put("/news.xml", f"<urlset {space}>{news}</urlset>", XML)
    site.put("/old.xml.gz", gzip.compress(packed.encode()), "application/gzip")
    maps = [f"{site.url}/news.xml", f"{site.url}/old.xml.gz", f"{site.url}/sitemap.xml"]
    index = "".join(f"<sitemap><loc>{url}</loc></sitemap>" for url in maps)
    url = site.put("/sitemap.xml", f"<?xml version='1.0'?><sitemapindex {space}>{index}</sitemapindex>", XML)
    items = read(url)
    assert {one.source for one in items} == {url}
    made = documents(items)
    assert [(one.url[-2:], one.published) for one in made] == [("/1", "2021-03-05T10:00:00+03:00"), ("/2", None)]
    assert made[0].outlet == "Post"
    # It names itself, which ends there.
    assert known(items) == [url]


def test_a_broken_sitemap_keeps_what_stands_before(site: Site) -> None:
    site.put("/1", page())
    url = site.put("/sitemap.xml", f"<urlset><url><loc>{site.url}/1</loc></url><url><loc>{site.url}/2</b>", XML)
    items = read(url)
    assert [one.url for one in documents(items)] == [f"{site.url}/1"]
    assert "is a broken sitemap" in refusals(items)[0].reason


def test_lists_of_articles_are_fetched_each_page_once(site: Site, tmp_path: Any) -> None:
    first, second = (
        site.put("/1", page()),
        site.put("/2", page(text=MORE, head="<meta name='date' content='2021-03-01'>")),
    )
    path = tmp_path / "articles.json"
    rows = [{"url": url, "seendate": "20210305T101500Z", "domain": "example.org"} for url in (first, second, first)]
    path.write_text(json.dumps({"articles": rows}))
    items = read(str(path))
    made = documents(items)
    assert [one.published for one in made] == ["2021-03-05T10:15:00Z", "2021-03-01"]
    assert "its date is when GDELT saw it" in made[0].warnings
    assert known(items) == [first]
    assert site.asked.count("/1") == 1


def test_records_at_an_address_are_read_as_records(site: Site) -> None:
    lines = "\n".join(json.dumps({"id": n, "text": TEXT, "url": f"https://example.org/{n}"}) for n in (1, 2))
    for path, body in (("/a.jsonl", lines.encode()), ("/a.jsonl.gz", gzip.compress(lines.encode()))):
        made = documents(read(site.put(path, body, "application/octet-stream")))
        assert [(one.id, one.url) for one in made] == [("1", "https://example.org/1"), ("2", "https://example.org/2")]


def test_what_the_ledger_has_is_not_asked_for(site: Site) -> None:
    urls = [site.put(f"/{n}", page()) for n in (1, 2)]
    feed = site.put("/feed", rss(item("/1"), item("/2")), XML)
    items = read(feed, urls[0], known={urls[0]}.__contains__)
    assert known(items) == [urls[0], urls[0]]
    assert [one.url for one in documents(items)] == [urls[1]]
    assert "/1" not in site.asked


def test_a_page_is_known_by_the_address_that_it_turned_out_to_have(site: Site) -> None:
    site.put("/1", page(head=f"<link rel='canonical' href='{site.url}/story'>"))
    feed = site.put("/feed", rss(item("/go")), XML)
    site.put("/go", b"", status=302, Location="/1")
    memory = Forgetful()
    [made] = documents(read(feed, memory=memory))
    assert made.url == f"{site.url}/story"
    assert known(read(feed, memory=memory, known={made.url}.__contains__)) == [f"{site.url}/go"]
    assert site.asked.count("/go") == 1


def test_a_page_may_not_pass_for_one_of_another_site() -> None:
    at = parse("https://www.example.org/a")
    assert canonical("https://example.org/b", at).url == "https://example.org/b"
    assert canonical("/b?x=1", at).url == "https://www.example.org/b?x=1"
    assert canonical("https://example.com/b", at) is at
    assert canonical("javascript:alert(1)", at) is at


def test_the_text_of_a_feed_stands_in_for_a_page_that_cannot_be_had(site: Site) -> None:
    full = f"<content:encoded><![CDATA[{f'<p>{TEXT}</p><p>{MORE}</p>' * 3}]]></content:encoded>"
    site.put("/robots.txt", "User-agent: *\nDisallow: /private", "text/plain")
    feed = site.put("/feed", rss(item("/private/1", more=full), item("/none", more=full), item("/private/2")), XML)
    items = read(feed)
    made = documents(items)
    assert [one.warnings[0] for one in made] == [
        "its page is not to be fetched, its robots.txt says",
        "its page is not there (404)",
    ]
    assert all("its text is that of its feed" in one.warnings for one in made)
    assert made[0].url == f"{site.url}/private/1"
    assert [one.reason for one in refusals(items)] == ["is not to be fetched, its robots.txt says"]
    assert not any(path.startswith("/private") for path in site.asked)


def test_what_is_no_page_is_refused(site: Site) -> None:
    site.put("/a.pdf", b"%PDF-1.4 ...", "application/pdf")
    site.put("/a.json", json.dumps({"text": TEXT}), "application/json")
    site.put("/empty", "<html><body><a href='/'>Home</a></body></html>")
    feed = site.put("/feed", rss(item("/a.pdf"), item("/a.json"), item("/empty"), item("ftp://example.org/x")), XML)
    assert [one.reason for one in refusals(read(feed))] == [
        "is a PDF, not text",
        "is no page",
        "is a page with no article",
        "has the scheme 'ftp'; only http and https are fetched",
    ]


# Politeness


def test_robots_txt_is_asked_first_once_and_obeyed(site: Site) -> None:
    site.put("/robots.txt", "User-agent: dragoman\nDisallow: /no\nUser-agent: *\nDisallow: /", "text/plain")
    ask = fetcher()
    assert documents(read(site.put("/yes", page()), fetcher=ask))
    assert not documents(read(site.put("/no", page()), fetcher=ask))
    assert site.asked == ["/robots.txt", "/yes"]


@pytest.mark.parametrize(("status", "allowed"), [(404, True), (403, True), (500, False), (429, False)])
def test_a_robots_txt_that_cannot_be_had_forbids_and_one_that_is_not_there_allows(
    status: int, allowed: bool, site: Site
) -> None:
    site.put("/robots.txt", b"", status=status)
    items = read(site.put("/a", page()))
    assert bool(documents(items)) is allowed
    assert ("/a" in site.asked) is allowed
    assert all("robots.txt of its site" in one.reason for one in refusals(items))


def test_of_a_long_robots_txt_the_beginning_counts(site: Site) -> None:
    site.put("/robots.txt", "User-agent: *\nDisallow: /no\n" + "# more\n" * 100_000, "text/plain")
    ask = fetcher()
    assert documents(read(site.put("/yes", page()), fetcher=ask))
    assert not documents(read(site.put("/no", page()), fetcher=ask))


@pytest.mark.parametrize(
    ("lines", "target", "allowed"),
    [
        ("User-agent: *\nDisallow: /", "/a", False),
        ("User-agent: *\nDisallow:", "/a", True),
        ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b", True),
        ("User-agent: *\nAllow: /a/b\nDisallow: /a", "/a/c", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/x/y.pdf", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/x/y.pdf?z", True),
        ("User-agent: *\nDisallow: /*?print=", "/a?print=1", False),
        ("User-agent: *\nDisallow: /a*b*c", "/axxbxxc/d", False),
        ("User-agent: *\nDisallow: /a*b*c", "/axxcxxb", True),
        ("User-agent: *\nDisallow: /\n\nUser-agent: Dragoman\nDisallow: /x", "/a", True),
        ("User-agent: a\nUser-agent: Dragoman/1.0\nDisallow: /x", "/x", False),
        ("User-agent: Dragomanic\nDisallow: /x", "/x", True),
        ("# Disallow: /\nuser-AGENT : * # all\n  disallow : /x # that", "/x", False),
        ("User-agent: *\nDisallow: /caf\u00e9", "/caf%C3%A9", False),
        ("\ufeffUser-agent: *\nDisallow: /", "/", False),
    ],
)
def test_the_longest_rule_of_ones_own_group_decides(lines: str, target: str, allowed: bool) -> None:
    assert read_robots(lines.encode(), "Dragoman").allows(target) is allowed


@given(st.binary(max_size=400), st.text(max_size=40))
def test_any_robots_txt_is_read(data: bytes, target: str) -> None:
    read_robots(b"User-agent: *\nDisallow: " + data, "Dragoman").allows(target)


def test_requests_to_a_host_keep_their_distance(site: Site) -> None:
    site.put("/robots.txt", "User-agent: *\nCrawl-delay: 7", "text/plain")
    feed = site.put("/feed", rss(item("/1"), item("/2")), XML)
    clock = FakeClock()
    read(feed, fetcher=fetcher(clock, interval=2.0, longest_interval=5.0))
    assert site.asked == ["/robots.txt", "/feed", "/1", "/2"]
    assert clock.waits == [2.0, 5.0, 5.0]


def test_one_request_at_a_time_goes_to_a_host(site: Site) -> None:
    at_once, most = 0, 0
    lock = threading.Lock()

    def slow(handler: BaseHTTPRequestHandler) -> None:
        nonlocal at_once, most
        with lock:
            at_once += 1
            most = max(most, at_once)
        time.sleep(0.05)
        with lock:
            at_once -= 1
        send(handler, page().encode())

    for number in range(4):
        site.pages[f"/{number}"] = slow
    ask = fetcher(Clock())
    threads = [threading.Thread(target=ask.get, args=(f"{site.url}/{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert (most, len(site.asked)) == (1, 5)


def test_a_server_in_trouble_is_asked_again_after_a_pause(site: Site) -> None:
    answers = iter([503, 503, 200])

    def moody(handler: BaseHTTPRequestHandler) -> None:
        send(handler, page().encode(), status=next(answers))

    site.pages["/a"] = moody
    clock = FakeClock()
    assert documents(read(f"{site.url}/a", fetcher=fetcher(clock)))
    assert clock.waits == [2.0, 4.0]


@pytest.mark.parametrize("wait", ["3", "Wed, 10 Mar 2021 12:00:03 GMT"])
def test_a_server_says_when_to_come_back(wait: str, site: Site) -> None:
    answers = iter([429, 200])

    def busy(handler: BaseHTTPRequestHandler) -> None:
        send(handler, page().encode(), status=next(answers), headers={"Retry-After": wait})

    site.pages["/a"] = busy
    clock = FakeClock()
    assert documents(read(f"{site.url}/a", fetcher=fetcher(clock)))
    assert clock.waits == [3.0]


def test_a_host_that_wants_a_long_rest_gets_it(site: Site) -> None:
    site.put("/1", b"", status=429, Retry_After="600")
    site.put("/2", page())
    clock = FakeClock()
    ask = fetcher(clock)
    items = read(f"{site.url}/1", f"{site.url}/2", fetcher=ask)
    assert [one.reason for one in refusals(items)] == [
        "is not given now (429)",
        "is of a host that is left alone for 600 s more",
    ]
    assert (site.asked, clock.waits) == (["/robots.txt", "/1"], [])
    clock.time += 600
    assert documents(read(f"{site.url}/2", fetcher=ask))


def test_a_host_that_is_not_there_is_tried_once() -> None:
    with served() as gone:
        url = gone.url
    items = read(f"{url}/1", f"{url}/2", fetcher=fetcher(connect_seconds=1.0))
    assert "cannot be reached" in refusals(items)[0].reason
    assert "left alone" in refusals(items)[1].reason


def test_the_agent_says_who_it_is(site: Site) -> None:
    seen: list[str] = []

    def note(handler: BaseHTTPRequestHandler) -> None:
        seen.append(str(handler.headers["User-Agent"]))
        send(handler, page().encode())

    site.pages["/a"] = note
    fetcher().get(f"{site.url}/a")
    Fetcher(agent="Newsroom/1 (+https://example.org/bot)", allow_private=True, clock=FakeClock()).get(f"{site.url}/a")
    assert seen[0].startswith("Dragoman/")
    assert "obeys robots.txt" in seen[0]
    assert seen[1] == "Newsroom/1 (+https://example.org/bot)"
    with pytest.raises(ValueError, match="user agent"):
        Fetcher(agent="a\r\nX-Bad: 1")


# Conditional requests


def test_a_feed_is_asked_whether_it_changed_and_not_read_again(site: Site) -> None:
    asked: list[tuple[str | None, str | None]] = []
    body = rss(item("/1")).encode()

    def conditional(handler: BaseHTTPRequestHandler) -> None:
        asked.append((handler.headers["If-None-Match"], handler.headers["If-Modified-Since"]))
        fresh = asked[-1][0] != '"v1"'
        headers = {"ETag": '"v1"', "Last-Modified": "Fri, 05 Mar 2021 10:00:00 GMT"}
        send(handler, body if fresh else b"", XML, 200 if fresh else 304, headers)

    site.pages["/feed"] = conditional
    site.put("/1", page())
    memory = Forgetful()
    assert len(read(f"{site.url}/feed", memory=memory)) == 1
    assert read(f"{site.url}/feed", memory=memory) == []
    assert asked == [(None, None), ('"v1"', "Fri, 05 Mar 2021 10:00:00 GMT")]


def test_what_a_server_wants_sent_back_is_kept_within_reason(site: Site) -> None:
    url = site.put("/feed", rss(), XML, ETag='"' + "x" * 5000 + '"', Last_Modified="\u00fcber")
    memory = Forgetful()
    read(url, memory=memory)
    assert not memory.get(url)


def test_a_feed_with_pages_still_to_be_had_is_read_again(site: Site) -> None:
    site.put("/feed", rss(item("/1")), XML, ETag='"v1"')
    site.put("/1", b"", status=503)
    memory = Forgetful()
    read(f"{site.url}/feed", memory=memory)
    assert not memory.get(f"{site.url}/feed")
    site.put("/1", page())
    assert documents(read(f"{site.url}/feed", memory=memory))
    assert memory.get(f"{site.url}/feed") == {"etag": '"v1"'}


# Addresses


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("HTTP://Example.ORG:80/a#b", "http://example.org/a"),
        ("https://example.org", "https://example.org/"),
        ("https://example.org:8443/a b?q=ü&utm_campaign=x", "https://example.org:8443/a%20b?q=%C3%BC"),
        ("https://example.org/%e4%b8%ad?x=%20", "https://example.org/%e4%b8%ad?x=%20"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("http://[::1]:8080/", "http://[::1]:8080/"),
    ],
)
def test_an_address_is_written_in_one_way(written: str, url: str) -> None:
    assert parse(written).url == url
    assert parse(url).url == url


@pytest.mark.parametrize(
    "written",
    [
        "ftp://example.org/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "//example.org/",
        "http://",
        "http://user:pass@example.org/",
        "http://user@example.org/",
        "http://exa mple.org/",
        "http://example.org\\@127.0.0.1/",
        "http://example.org%00.evil/",
        "http://example.org:99999/",
        "http://[::1/",
        "http://[fe80::1%25eth0]/",
        "http://a..b/",
        "https://example.org/" + "a" * 3000,
    ],
)
def test_what_is_no_address_of_a_page_is_refused(written: str) -> None:
    with pytest.raises(BadAddress):
        parse(written)


@given(st.text(max_size=60))
def test_an_address_parses_or_is_refused(text: str) -> None:
    for written in (text, f"http://{text}", f"http://example.org/{text}"):
        try:
            url = parse(written).url
        except BadAddress:
            continue
        assert url.isascii()
        assert parse(url).url == url
