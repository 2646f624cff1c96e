"""A real browser and a real server for tests: Debian's Chromium, driven by Playwright, over a ledger of the test.

Chromium is ``$DRAGOMAN_CHROMIUM``, else what is found on the path. Where there is none the tests are skipped, unless
``$DRAGOMAN_BROWSER`` is ``required``: then they fail.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from dragoman.ledger import Ledger

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

NAMES = ("chromium", "chromium-browser", "google-chrome")
MISSING = "no Chromium here: apt-get install chromium, or name one in $DRAGOMAN_CHROMIUM"
WIDE = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
# Milliseconds before a step of a walk counts as failed. The slowest, coding a text for the first time, loads the
# models: under five seconds on an idle machine.
PATIENCE = 20_000
# What a test asks the browser to remember in every page, before any script of the page runs.
_RECORDER = """
window.addEventListener("securitypolicyviolation", (event) => {
  globalThis.dragomanViolation?.(`${event.violatedDirective}: ${event.blockedURI} ${event.sample}`);
}, true);
"""


def chromium() -> str | None:
    """The path of a Chromium; None where there is none."""
    named = os.environ.get("DRAGOMAN_CHROMIUM")
    return named or next((path for name in NAMES if (path := shutil.which(name))), None)


def arguments() -> list[str]:
    """How to start Chromium: it refuses to run as root with its sandbox."""
    return ["--no-sandbox"] if os.geteuid() == 0 else []


@dataclass
class Running:
    """A desk that is served: where it is, and the file of its ledger."""

    address: str
    ledger: Path


@contextmanager
def served(ledger: Path, **settings: Any) -> Iterator[Running]:
    """Serve the ledger in a file on a free port of the loopback address, in a thread of this process."""
    import uvicorn

    from dragoman.web import Settings, create_app

    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    with Ledger(ledger) as opened:
        app = create_app(opened, Settings(**{"port": port, "most_requests": 1_000_000, **settings}))
        config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        try:
            while not server.started:
                thread.join(0.01)
                assert thread.is_alive(), "the server ended before it began"
            yield Running(f"http://127.0.0.1:{port}", ledger)
        finally:
            server.should_exit = True
            thread.join(10)


PASSWORD = "seven wide rivers"


@contextmanager
def guarded(ledger: Path) -> Iterator[Running]:
    """Serve a ledger to those who log in: ana, an editor, and ben, a reader, both with :data:`PASSWORD`."""
    from dragoman.web.guard.users import UserFile

    users = UserFile(ledger.with_suffix(".users"))
    users.add("ana", "editor", PASSWORD)
    users.add("ben", "reader", PASSWORD)
    with served(ledger, users=ledger.with_suffix(".users")) as running:
        yield running


@dataclass
class Watch:
    """What went wrong in pages: errors, refused scripts and styles, requests that failed or went elsewhere, dialogs."""

    host: str
    troubles: list[str] = field(default_factory=list)
    forgiven: list[str] = field(default_factory=list)

    def forgive(self, pattern: str) -> None:
        """Pass over troubles that a test provokes: those in which the regular expression is found."""
        self.forgiven.append(pattern)

    def follow(self, context: BrowserContext) -> None:
        """Note what goes wrong in all pages of a context."""
        context.expose_binding("dragomanViolation", lambda _, said: self.troubles.append(f"refused by policy: {said}"))
        context.add_init_script(_RECORDER)
        context.on("page", self._page)

    def _page(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.troubles.append(f"error in a script: {error}"))
        page.on("console", self._console)
        page.on("dialog", self._dialog)
        page.on("request", lambda request: self._request(request.url))
        page.on("requestfailed", self._failed)

    def _console(self, said: Any) -> None:
        if said.type == "error":
            self.troubles.append(f"console: {said.text}")

    def _dialog(self, dialog: Any) -> None:
        self.troubles.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _request(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob", "about") and parts.netloc != self.host:
            self.troubles.append(f"request to another host: {url}")

    def _failed(self, request: Any) -> None:
        # What is under way when a person goes elsewhere, and a download, count as aborted.
        if request.failure != "net::ERR_ABORTED":
            self.troubles.append(f"request failed: {request.url} {request.failure}")

    def check(self) -> None:
        """Fail if anything went wrong that was not provoked."""
        left = [t for t in self.troubles if not any(re.search(pattern, t) for pattern in self.forgiven)]
        assert not left, "\n".join(left)


@contextmanager
def visiting(browser: Browser, desk: Running, **options: Any) -> Iterator[tuple[Page, Watch]]:
    """A page of a new visitor to a desk, with what goes wrong in it; checked at the end.

    ``options`` are those of ``Browser.new_context``: ``viewport``, ``color_scheme``, ``java_script_enabled``.
    """
    context = browser.new_context(**{"base_url": desk.address, "viewport": WIDE, **options})
    context.set_default_timeout(PATIENCE)
    watch = Watch(urlsplit(desk.address).netloc)
    watch.follow(context)
    try:
        yield context.new_page(), watch
    finally:
        context.close()
    watch.check()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for the tests of a file: while it is open no other test of this thread can run an event loop."""
    path = chromium()
    if path is None:
        if os.environ.get("DRAGOMAN_BROWSER") == "required":
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=arguments())
        yield started
        started.close()


@pytest.fixture
def desk(example_ledger: Path, tmp_path: Path) -> Iterator[Running]:
    """A desk over a ledger of the examples, to be read and written."""
    shutil.copy(example_ledger, tmp_path / "desk.db")
    with served(tmp_path / "desk.db") as running:
        yield running


@pytest.fixture
def visit(browser: Browser, desk: Running) -> Iterator[tuple[Page, Watch]]:
    """A page at the desk with its watch, wide and light."""
    with visiting(browser, desk) as both:
        yield both


@pytest.fixture
def page(visit: tuple[Page, Watch]) -> Page:
    """A page at the desk; the test fails in the end if anything went wrong in it."""
    return visit[0]


@pytest.fixture
def watch(visit: tuple[Page, Watch]) -> Watch:
    """What goes wrong in ``page``."""
    return visit[1]
