"""What the browser tests lean on: a page that does wrong is found out, whatever wrong it does."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.browser import Running, visiting

if TYPE_CHECKING:
    from playwright.sync_api import Browser

POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src *"
PAGES = {
    # What Chromium asks of every site.
    "/favicon.ico": "",
    "/well": "<h1>Well</h1>",
    "/inline": "<script>window.ran = true</script>",
    "/attribute": '<p style="color: red">x</p>',
    "/elsewhere": '<img src="http://localhost:9/elsewhere.png" alt="">',
    "/broken": '<script src="/broken.js"></script>',
    "/broken.js": "undefined.x",
    "/asks": '<script src="/asks.js"></script>',
    "/asks.js": "alert('now')",
    "/lacks": '<script src="/none.js"></script>',
}


class _Pages(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        found = PAGES.get(self.path)
        self.send_response(200 if found is not None else 404)
        self.send_header("Content-Type", "text/javascript" if self.path.endswith(".js") else "text/html")
        self.send_header("Content-Security-Policy", POLICY)
        self.end_headers()
        self.wfile.write((found or "").encode())

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def site() -> Iterator[Running]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Pages)
    threading.Thread(target=partial(server.serve_forever, 0.05), daemon=True).start()
    yield Running(f"http://127.0.0.1:{server.server_port}", Path())
    server.shutdown()
    server.server_close()


def test_a_page_that_does_right_is_let_pass(browser: Browser, site: Running) -> None:
    with visiting(browser, site) as (page, _):
        page.goto("/well")


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/inline", "refused by policy: script-src-elem"),
        ("/attribute", "refused by policy: style-src-attr"),
        ("/elsewhere", "request to another host: http://localhost:9"),
        ("/broken", "error in a script"),
        ("/asks", "dialog: now"),
        ("/lacks", "console: Failed to load resource"),
    ],
)
def test_a_page_that_does_wrong_is_found_out(browser: Browser, site: Running, path: str, said: str) -> None:
    def open_it() -> None:
        with visiting(browser, site) as (page, _):
            page.goto(path)
            page.wait_for_load_state("networkidle")

    with pytest.raises(AssertionError, match=said):
        open_it()


def test_what_a_test_provokes_is_forgiven(browser: Browser, site: Running) -> None:
    with visiting(browser, site) as (page, watch):
        watch.forgive("404")
        page.goto("/lacks")
