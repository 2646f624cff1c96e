"""What a stranger may try with a desk: places taken and not used, and names, hosts and forms made to mislead."""

from __future__ import annotations

import asyncio
import http.client
import os
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
import urllib3
import uvicorn
from fastapi.responses import Response
from starlette.testclient import TestClient
from tests.databases import wait_for
from tests.ledger_samples import made_up
from tests.test_ledger_core import fill, story
from tests.web_desk import on_a_port
from tests.web_desks import BROWSER, cheap_passwords, client, csrf, desk, guarded, log_in

from dragoman.ledger import Ledger, LedgerEvent
from dragoman.reading import Refusal
from dragoman.web import Settings, exporting, serving
from dragoman.web.api import stream
from dragoman.web.guard import patience
from dragoman.web.guard.limits import Logins, client_of
from dragoman.web.guard.users import UserFile
from dragoman.web.listening import Listening
from dragoman.web.showing import trying


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    cheap_passwords(monkeypatch)


@pytest.fixture
def browser(tmp_path: Path) -> TestClient:
    """A browser at a desk of one's own."""
    return client(desk(tmp_path))


# Connections


@contextmanager
def patient(app: Any) -> Iterator[tuple[str, int]]:
    """The application served by the desk's own protocol; where."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, http=patience.Patient, log_level="warning", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    end = time.monotonic() + 20
    while not server.started and time.monotonic() < end:
        time.sleep(0.01)
    try:
        yield server.servers[0].sockets[0].getsockname()
    finally:
        server.should_exit = True
        thread.join(20)


@pytest.mark.parametrize("sent", [b"", b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n"])
def test_a_connection_that_asks_nothing_is_closed(sent: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "HEAD_SECONDS", 0.3)
    with patient(desk(tmp_path)) as where, socket.create_connection(where, timeout=10) as asked:
        asked.sendall(sent)
        assert asked.recv(100) == b""


def test_a_head_that_comes_in_drops_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "HEAD_SECONDS", 0.3)
    with patient(desk(tmp_path)) as where, socket.create_connection(where, timeout=10) as asked:
        whole = b"GET /api/v1/knock HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
        asked.sendall(whole)
        assert asked.recv(10_000).startswith(b"HTTP/1.1 200")
        # The second on a connection no more than the first.
        asked.settimeout(0.1)
        sent = 0
        with suppress(ConnectionError):
            for at in range(len(whole)):
                asked.sendall(whole[at : at + 1])
                sent += 1
                with suppress(TimeoutError):
                    if not asked.recv(100):
                        break
        assert sent < 20


def test_an_answer_that_is_not_taken_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "TAKE_SECONDS", 0.3)
    app = desk(tmp_path)
    app.add_api_route("/large", lambda: Response(b"x" * 50_000_000))
    with patient(app) as where, socket.create_connection(where, timeout=10) as asked:
        asked.sendall(b"GET /large HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        time.sleep(1.0)
        taken = 0
        with suppress(ConnectionResetError):
            while piece := asked.recv(1 << 20):
                taken += len(piece)
        assert taken < 50_000_000


@pytest.mark.parametrize("path", ["/api/v1/exports/csv", "/events/download?format=plover"])
def test_an_export_ends_when_nobody_waits_for_it(path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (one,) = made_up(1)
    writing = threading.Event()

    def endless(self: Ledger, *_: Any, **__: Any) -> Iterator[LedgerEvent]:
        while True:
            writing.set()
            yield one

    app = desk(tmp_path)
    fill(app.state.desk.ledger, [story("Chad attacked Laos.", 1)])
    monkeypatch.setattr(Ledger, "iterate", endless)
    monkeypatch.setattr(exporting, "_AT_ONCE", places := threading.BoundedSemaphore(1))
    with patient(app) as where:
        with socket.create_connection(where, timeout=10) as asked:
            asked.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{Settings().port}\r\n\r\n".encode())
            assert writing.wait(20), asked.recv(1000)
            assert not places.acquire(blocking=False)
        assert places.acquire(timeout=20)


def test_encrypted_connections_have_ciphers_of_today() -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers(serving._CIPHERS)
    older = [one for one in context.get_ciphers() if one["protocol"] != "TLSv1.3"]
    assert older
    assert all(one["aead"] and "kx-ecdhe" in one["kea"] for one in older)


# Names


@pytest.mark.parametrize(
    "host", ["desk/login?", "desk/static/", "[", "desk:x", "desk\\login", "a b", "@desk", "desk:999999"]
)
def test_no_host_is_taken_for_a_part_of_an_address(host: str, tmp_path: Path) -> None:
    other = client(guarded(tmp_path, host="0.0.0.0")[0])
    assert other.get("/events", headers={"Host": host}).status_code == 421


@pytest.mark.parametrize("path", ["/login%3F/", "/static%2F..%2Fevents", "/try%3f", "/events%2Fsaved%3F/confirm"])
def test_no_path_is_taken_for_another(path: str, tmp_path: Path) -> None:
    made = client(guarded(tmp_path, host="0.0.0.0")[0]).get(path)
    assert made.status_code in (303, 404)
    assert "came" not in made.text


@pytest.mark.parametrize(
    ("address", "client"),
    [
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("::ffff:203.0.113.10", "203.0.113.10"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::1", "::/64"),
    ],
)
def test_clients_of_the_older_protocol_are_told_apart(address: str, client: str) -> None:
    assert client_of({"type": "http", "client": (address, 1), "headers": []}, Settings()) == client


@pytest.mark.parametrize(
    ("said", "client"),
    [
        ("6.6.6.6, 203.0.113.9:5012", "203.0.113.9"),
        ("[2001:db8:1:2::7]:443", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::8", "2001:db8:1:2::/64"),
    ],
)
def test_a_port_that_a_proxy_adds_makes_no_other_client(said: str, client: str) -> None:
    scope = {"type": "http", "client": ("127.0.0.1", 1), "headers": [(b"x-forwarded-for", said.encode())]}
    assert client_of(scope, Settings(behind_proxy=True)) == client


def test_a_name_written_in_two_ways_has_one_number_of_attempts() -> None:
    logins = Logins(lambda: 0.0)
    waits = [logins.take(name, "c") for name in ("zo\u00eb", "zoe\u0308") * 3]
    assert waits[:5] == [0.0] * 5
    assert waits[5] > 0


# Forms


def part(charset: str, content: bytes) -> dict[str, Any]:
    body = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n' + content + b"\r\n--x--\r\n"
    return {"content": body, "headers": {"Content-Type": f"multipart/form-data; boundary=x; charset={charset}"}}


@pytest.mark.parametrize(
    ("charset", "content"),
    [
        ("utf-7", b"+2AA-"),
        ("unicode_escape", rb"\ud800"),
        ("idna", b"xn--" + b"a" * 6_000),
        # Takes a minute to be read.
        ("punycode", b"a" * 400_000 + b"-" + b"a" * 400_000),
        ('"PunyCode"', b"a" * 400_000 + b"-" + b"a" * 400_000),
    ],
)
def test_a_form_in_a_set_of_characters_of_no_browser_is_refused(
    charset: str, content: bytes, browser: TestClient
) -> None:
    began = time.monotonic()
    made = browser.post("/knock", **part(charset, content))
    assert time.monotonic() - began < 10
    assert made.status_code == 400
    assert "not in UTF-8" in made.text


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", "utf8"])
def test_a_form_in_utf_8_is_read(charset: str, browser: TestClient) -> None:
    assert browser.post("/knock", **part(charset, "é".encode())).status_code == 403  # without the token of a page


def test_a_form_has_not_fields_without_number(browser: TestClient) -> None:
    made = browser.post(
        "/knock", content=b"a&" * 1_500_000, headers={"Content-Type": "application/x-www-form-urlencoded"}
    )
    assert made.status_code == 400
    assert "1,000 fields" in made.text


@pytest.mark.parametrize("kind", ["application/problem+json", ""])
@pytest.mark.parametrize("body", [rb'{"action": "undo", "judgement": "\ud800"}', rb'{"note": "\u0000"}'])
def test_json_holds_whole_characters_whatever_it_is_called(kind: str, body: bytes, browser: TestClient) -> None:
    made = browser.post("/api/v1/judgements", content=body, headers={"Content-Type": kind} if kind else {})
    assert made.status_code == 400
    assert "the JSON holds" in made.json()["detail"]


# Places of others


def test_a_stream_ends_when_its_user_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "_HEARTBEAT", 0.05)
    app, file = guarded(tmp_path)
    token = {"Authorization": f"Bearer {file.add_token('ben', 'api')}"}
    with on_a_port(app) as address:
        told = urllib3.request(
            "GET", f"{address}/api/v1/stream", headers=token, preload_content=False, timeout=10.0, retries=False
        )
        assert told.status == 200
        assert told.read1(100)
        file.remove("ben")
        while told.read1(100):
            pass
        assert not app.state.desk.listening.full("ben@127.0.0.1")


def test_nobody_takes_the_seats_of_all(tmp_path: Path) -> None:
    listening = Listening(Ledger(tmp_path / "events.db"), seats=3, of_one=2)

    async def listen() -> None:
        async with listening.seat("ben"), listening.seat("ben"):
            assert listening.full("ben")
            assert not listening.full("ada")
            async with listening.seat("ada"):
                assert listening.full("cyd")
        assert not listening.full("ben")

    asyncio.run(listen())


def test_no_more_log_in_at_once_than_leave_room_for_others(tmp_path: Path) -> None:
    app, _ = guarded(tmp_path)
    browser = client(app)
    places = app.state.logins.places
    while places.acquire(blocking=False):
        pass
    made = log_in(browser, "ada")
    assert (made.status_code, made.headers["retry-after"]) == (503, "5")
    places.release()
    # What was not checked counts as no attempt.
    assert [log_in(client(app), "ada").status_code for _ in range(8)] == [303] * 8


def test_no_more_pages_are_fetched_at_once_than_leave_room_for_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hangs = threading.Event()

    def first(*_: Any) -> Iterator[Refusal]:
        hangs.wait(20)
        yield Refusal("x", "no", "no")

    monkeypatch.setattr(trying, "_first", first)
    monkeypatch.setattr(trying, "_PLACES", threading.BoundedSemaphore(1))
    browser = client(desk(tmp_path))
    try:
        # One that is given up holds its place for as long as it hangs.
        assert isinstance(trying.fetched("https://example.org/", seconds=0.01), Refusal)
        form = {"csrf": csrf(browser, "/try"), "address": "https://example.org/"}
        made = browser.post("/try", data=form, headers=BROWSER)
        assert (made.status_code, made.headers["retry-after"]) == (503, "5")
        assert "too many pages are being fetched" in made.text
    finally:
        hangs.set()
    wait_for(lambda: trying._PLACES.acquire(blocking=False))


def test_no_change_of_the_users_is_lost_to_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    replace = os.replace

    def slowly(*given: Any) -> None:
        time.sleep(0.02)
        replace(*given)

    monkeypatch.setattr(os, "replace", slowly)
    threads = [
        threading.Thread(target=UserFile(tmp_path / "users.json").add, args=(f"user{n}", "reader", None))
        for n in range(8)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join(20)
    users = UserFile(tmp_path / "users.json").users()
    assert users is not None
    assert len(users.named) == 8


def test_who_sends_too_much_is_told_so(tmp_path: Path) -> None:
    with patient(desk(tmp_path, most_bytes=1_000_000)) as (host, port):
        asked = http.client.HTTPConnection(host, port, timeout=20)
        asked.request("POST", "/api/v1/ingest", body=b"x" * 8_000_000)
        assert asked.getresponse().status == 413
        asked.close()
        # Who asks first whether it may is told at once.
        with socket.create_connection((host, port), timeout=10) as first:
            first.sendall(
                b"POST /try HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 8000000\r\nExpect: 100-continue\r\n\r\n"
            )
            assert first.recv(100).startswith(b"HTTP/1.1 413")
