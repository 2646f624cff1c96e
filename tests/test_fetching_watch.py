"""Watching: a feed is asked when it is due, less often while it fails, and never again when it is gone."""

from __future__ import annotations

import os
import signal
import threading
import time
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
from tests.fetching_site import TEXT, FakeClock, Site, documents, fetcher, item, page, refusals, rss, send

from dragoman.fetching import Clock, Forgetful, Watch

XML = "application/xml"
START = FakeClock().time


def asked_at(site: Site, path: str, clock: FakeClock) -> list[float]:
    """Serve ``path`` as before, and note the minutes at which it is asked for."""
    times: list[float] = []
    answer = site.pages[path]

    def note(handler: BaseHTTPRequestHandler) -> None:
        times.append((clock.time - START) / 60)
        answer(handler)

    site.pages[path] = note
    return times


def test_a_feed_is_asked_when_it_is_due_and_yields_what_is_new(site: Site) -> None:
    clock = FakeClock(until=START + 50 * 60)
    ledger: set[str] = set()
    bodies = iter([[1], [1, 2], [2, 3]])

    def grows(handler: BaseHTTPRequestHandler) -> None:
        times.append((clock.time - START) / 60)
        numbers = next(bodies, [3])
        send(handler, rss(*(item(f"/{number}") for number in numbers)).encode(), XML)

    times: list[float] = []
    site.pages["/feed"] = grows
    for number in (1, 2, 3):
        site.put(f"/{number}", page(text=f"{TEXT} It was the {number}th attack."))
    found = []
    for made in Watch([f"{site.url}/feed"], fetcher=fetcher(clock), known=ledger.__contains__, every=900):
        for document in documents([made]):
            found.append(document.url[-2:])
            ledger.add(document.url)
    assert times == [0, 15, 30, 45]
    assert found == ["/1", "/2", "/3"]
    assert [site.asked.count(f"/{number}") for number in (1, 2, 3)] == [1, 1, 1]


def test_a_failing_feed_is_asked_less_and_less(site: Site) -> None:
    clock = FakeClock(until=START + 8 * 3600)
    url = site.put("/feed", b"", status=404)
    times = asked_at(site, "/feed", clock)
    items = list(Watch([url], fetcher=fetcher(clock), every=900))
    assert times == [0, 30, 90, 210, 450]
    assert len(refusals(items)) == len(times)


def test_a_feed_that_recovers_is_asked_as_before(site: Site) -> None:
    clock = FakeClock(until=START + 100 * 60)
    url = site.put("/feed", "no feed", "text/plain", status=403)
    memory = Forgetful()
    watch = Watch([url], fetcher=fetcher(clock), memory=memory, every=900)
    assert list(watch.round())
    assert watch.due == START + 1800
    site.put("/feed", rss(), XML)
    clock.time = watch.due
    assert list(watch.round()) == []
    assert watch.due == START + 1800 + 900
    assert "failures" not in (memory.get(url) or {})


def test_a_server_that_says_when_to_come_back_is_heard(site: Site) -> None:
    clock = FakeClock()
    url = site.put("/feed", b"", status=503, Retry_After="7200")
    watch = Watch([url], fetcher=fetcher(clock), every=900)
    list(watch.round())
    assert watch.due == START + 7200


def test_a_feed_that_is_gone_for_good_is_dropped(site: Site) -> None:
    clock = FakeClock(until=START + 24 * 3600)
    url = site.put("/feed", b"", status=410)
    other = site.put("/other", rss(), XML)
    items = list(Watch([url, other], fetcher=fetcher(clock), every=3600))
    assert [one.reason for one in refusals(items)] == ["is gone for good (410)"]
    assert site.asked.count("/feed") == 1
    assert site.asked.count("/other") == 25


def test_what_does_not_change_costs_a_short_answer(site: Site) -> None:
    clock = FakeClock(until=START + 40 * 60)
    full = 0

    def conditional(handler: BaseHTTPRequestHandler) -> None:
        nonlocal full
        same = handler.headers["If-None-Match"] == '"v1"'
        full += not same
        send(handler, b"" if same else rss(item("/1")).encode(), XML, 304 if same else 200, {"ETag": '"v1"'})

    site.pages["/feed"] = conditional
    site.put("/1", page())
    items = list(Watch([f"{site.url}/feed"], fetcher=fetcher(clock), every=900))
    assert (len(documents(items)), full, site.asked.count("/feed")) == (1, 1, 3)


def test_the_feeds_of_a_list_are_watched_while_the_list_is_the_same(site: Site, tmp_path: Any) -> None:
    clock = FakeClock(until=START + 40 * 60)
    feed = site.put("/feed", rss(), XML)
    opml = f"<opml><body><outline xmlUrl='{feed}'/></body></opml>"

    def conditional(handler: BaseHTTPRequestHandler) -> None:
        same = handler.headers["If-None-Match"] == '"v1"'
        send(handler, b"" if same else opml.encode(), XML, 304 if same else 200, {"ETag": '"v1"'})

    site.pages["/feeds.opml"] = conditional
    list(Watch([f"{site.url}/feeds.opml"], fetcher=fetcher(clock), every=900))
    assert site.asked.count("/feed") == 3
    # Files list feeds too: OPML, or an address a line.
    for name, content in (("feeds.opml", opml), ("feeds.txt", f"{feed}\n")):
        (tmp_path / name).write_text(content)
        before = site.asked.count("/feed")
        list(Watch([str(tmp_path / name)], fetcher=fetcher(FakeClock(until=START + 20 * 60)), every=900))
        assert site.asked.count("/feed") == before + 2


def test_a_page_that_fails_is_left_alone_for_a_while(site: Site) -> None:
    clock = FakeClock(until=START + 80 * 60)
    site.put("/feed", rss(item("/1"), item("/2")), XML)
    site.put("/1", b"", status=502)
    site.put("/2", b"", status=404)
    first, second = asked_at(site, "/1", clock), asked_at(site, "/2", clock)
    list(Watch([f"{site.url}/feed"], fetcher=fetcher(clock, retries=0), every=900))
    # Asked in rounds 0, 1 (after 15 minutes), 3 (30 more); the next would be an hour on.
    assert [round(at) for at in first] == [0, 15, 45]
    assert [round(at) for at in second] == [0]


def test_a_page_among_the_feeds_is_asked_no_more_often_than_they(site: Site) -> None:
    url = site.put("/a", "<html><body><a href='/'>Home</a></body></html>")
    items = list(Watch([url], fetcher=fetcher(FakeClock(until=START + 40 * 60)), every=900))
    assert [one.reason for one in refusals(items)] == ["is a page with no article"] * 3
    assert site.asked == ["/robots.txt", "/a", "/a", "/a"]


def test_files_of_documents_are_not_watched(tmp_path: Any) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    [made] = list(Watch([str(tmp_path / "a.txt")], fetcher=fetcher(), every=900).round())
    assert refusals([made])[0].reason == "is no list of feeds"


def test_a_feed_is_not_asked_every_second() -> None:
    with pytest.raises(ValueError, match="60 seconds"):
        Watch([], fetcher=fetcher(), every=1)


def test_stopping_ends_the_watch_after_the_document_at_hand(site: Site) -> None:
    site.put("/feed", rss(*(item(f"/{number}") for number in range(5))), XML)
    for number in range(5):
        site.put(f"/{number}", page())
    memory = Forgetful()
    watch = Watch([f"{site.url}/feed"], fetcher=fetcher(), memory=memory, every=900)
    items = []
    for made in watch:
        items.append(made)
        watch.stop()
    assert len(items) == 1
    assert "/1" not in site.asked
    # The feed is not taken for read.
    assert memory.get(f"{site.url}/feed") is None


def test_an_interrupt_ends_the_wait_at_once(site: Site) -> None:
    before = signal.getsignal(signal.SIGINT)
    watch = Watch([site.put("/feed", rss(), XML)], fetcher=fetcher(Clock()), every=900)
    timer = threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT))
    start = time.monotonic()
    with watch.stopping_on_signals():
        timer.start()
        assert list(watch) == []
    assert time.monotonic() - start < 5
    assert signal.getsignal(signal.SIGINT) is before
