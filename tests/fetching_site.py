"""A site on loopback for the tests of fetching, and a clock that does not wait."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from dragoman.fetching import Clock, Fetcher, Item, Known, Limits, read_all
from dragoman.fetching.address import Resolve, resolve
from dragoman.fetching.clock import Stopped
from dragoman.reading import Refusal
from dragoman.record import Document

TEXT = "The army said on Friday that rebels had attacked a post near the border and killed two men before they fled."
MORE = "The government condemned the attack and asked its neighbours for help on Saturday, a spokesman told reporters."


def page(title: str = "Post attacked", head: str = "", text: str = TEXT) -> str:
    return (
        f"<!doctype html><html lang='en'><head><title>{title}</title>{head}</head><body><article><h1>Report</h1>"
        f"<p>{text}</p><p>{MORE}</p></article></body></html>"
    )


def rss(*items: str, title: str = "The Border Post", link: str = "http://127.0.0.1/") -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        f"<title>{title}</title><link>{link}</link>{''.join(items)}</channel></rss>"
    )


def item(link: str, title: str = "Post attacked", date: str = "Fri, 05 Mar 2021 23:10:00 -0500", more: str = "") -> str:
    return f"<item><title>{title}</title><link>{link}</link><pubDate>{date}</pubDate>{more}</item>"


Answer = Callable[[BaseHTTPRequestHandler], None]


class Site:
    """Serves what is put into it; ``asked`` are the paths that were asked for, in order."""

    def __init__(self, secure: ssl.SSLContext | None = None) -> None:
        self.pages: dict[str, Answer] = {}
        self.asked: list[str] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append(self.path)
                answer = site.pages.get(self.path)
                try:
                    if answer is None:
                        send(self, b"", status=404)
                    else:
                        answer(self)
                except (BrokenPipeError, ConnectionResetError):
                    self.close_connection = True

            def log_message(self, format: str, *args: object) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        port = self.server.server_address[1]
        self.url = f"https://news.example:{port}" if secure else f"http://127.0.0.1:{port}"
        if secure:
            self.server.socket = secure.wrap_socket(self.server.socket, server_side=True)

    def put(
        self, path: str, body: str | bytes, type: str = "text/html; charset=utf-8", status: int = 200, **headers: str
    ) -> str:
        """Serve ``body`` at ``path``; its address."""
        data = body.encode() if isinstance(body, str) else body
        self.pages[path] = lambda handler: send(handler, data, type, status, headers)
        return self.url + path


def send(
    handler: BaseHTTPRequestHandler,
    body: bytes,
    type: str = "text/html",
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> None:
    handler.send_response(status)
    handler.send_header("Content-Type", type)
    handler.send_header("Content-Length", str(len(body)))
    for name, value in (headers or {}).items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)


@contextmanager
def served(secure: ssl.SSLContext | None = None) -> Iterator[Site]:
    site = Site(secure)
    thread = threading.Thread(target=site.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        site.server.shutdown()
        site.server.server_close()
        thread.join()


class FakeClock(Clock):
    """Waiting costs no time; ``waits`` are the pauses. Begins at noon UTC on 10 March 2021."""

    def __init__(self, until: float | None = None) -> None:
        super().__init__()
        self.time = 1_615_377_600.0
        self.until = until
        self.waits: list[float] = []

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        if self.stopped:
            raise Stopped
        self.waits.append(round(seconds, 3))
        self.time += seconds
        if self.until is not None and self.time > self.until:
            self.stop()
            raise Stopped


def fetcher(how: Clock | Resolve | None = None, **limits: float) -> Fetcher:
    """A fetcher that may ask loopback, without pauses unless ``limits`` set them; with a clock or resolver if given."""
    values = Limits(**{"seconds": 5.0, "interval": 0.0, **limits})  # type: ignore[arg-type]
    clock = how if isinstance(how, Clock) else FakeClock()
    find = resolve if how is None or isinstance(how, Clock) else how
    return Fetcher(allow_private=True, clock=clock, limits=values, resolve=find)


def documents(items: list[Item]) -> list[Document]:
    return [one.made for one in items if isinstance(one.made, Document)]


def refusals(items: list[Item]) -> list[Refusal]:
    found = [one.made for one in items if isinstance(one.made, Refusal)]
    assert all("\n" not in str(one) for one in found)
    return found


def known(items: list[Item]) -> list[str]:
    return [one.made.url for one in items if isinstance(one.made, Known)]


def read(*sources: str, **options: Any) -> list[Item]:
    options.setdefault("fetcher", fetcher())
    return list(read_all(sources, **options))


def only(*sources: str, **options: Any) -> str:
    """The one reason why nothing came of ``sources``."""
    items = read(*sources, **options)
    assert not documents(items)
    [refusal] = refusals(items)
    return refusal.reason
