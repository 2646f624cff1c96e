"""What a desk takes no more of: requests, codings, bytes; and what no browser sends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from fastapi import Depends
from fastapi.responses import StreamingResponse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient
from tests.web_desks import BROWSER, cheap_passwords, client, csrf, desk, guarded

from dragoman.web import Settings
from dragoman.web.asked import NAMES
from dragoman.web.guard import limits
from dragoman.web.guard.limits import Buckets, client_of, codings_limited


@pytest.fixture
def browser(tmp_path: Path) -> TestClient:
    """A browser at a desk of one's own."""
    return client(desk(tmp_path))


# Limits


def test_who_asks_too_often_waits(tmp_path: Path) -> None:
    app = desk(tmp_path, most_requests=5)
    one = client(app)
    assert [one.get("/api/v1/knock").status_code for _ in range(6)] == [200] * 5 + [429]
    made = one.get("/api/v1/knock")
    assert made.headers["retry-after"] == "12"
    assert made.json()["title"] == "Too Many Requests"
    assert client(app, client=("10.0.0.9", 1)).get("/api/v1/knock").status_code == 200


def test_codings_have_a_bucket_of_their_own(tmp_path: Path) -> None:
    app = desk(tmp_path, most_codings=2)

    def costly() -> None:
        return

    app.add_api_route("/api/v1/costly", costly, dependencies=[Depends(codings_limited)])
    one = client(app)
    assert [one.get("/api/v1/costly").status_code for _ in range(3)] == [200, 200, 429]
    assert one.get("/api/v1/costly").headers["retry-after"] == "30"
    assert one.get("/api/v1/knock").status_code == 200


@given(st.lists(st.tuples(st.integers(0, 3), st.floats(0, 30)), max_size=60))
def test_a_bucket_gives_no_more_than_it_holds(asked: list[tuple[int, float]]) -> None:
    now = 0.0
    buckets = Buckets(4, 60.0, lambda: now)
    given: dict[int, list[float]] = {}
    for who, pause in asked:
        now += pause
        wait = buckets.take(str(who))
        if not wait:
            given.setdefault(who, []).append(now)
        else:
            assert 0 < wait <= 15.0 + 1e-6
    for times in given.values():
        for n, first in enumerate(times):
            for m, last in enumerate(times[n:], 1):
                assert m <= 4 + (last - first) / 15.0 + 1e-6


def test_clients_without_number_do_not_fill_the_memory() -> None:
    buckets = Buckets(5)
    for n in range(10_050):
        buckets.take(str(n))
    assert len(buckets._held) == 10_000


@pytest.mark.parametrize(
    ("address", "forwarded", "behind_proxy", "client"),
    [
        ("10.1.2.3", None, False, "10.1.2.3"),
        ("10.1.2.3", "6.6.6.6", False, "10.1.2.3"),
        ("127.0.0.1", "6.6.6.6, 203.0.113.9", True, "203.0.113.9"),
        ("127.0.0.1", None, True, "127.0.0.1"),
        ("127.0.0.1", "\xff", True, "\xff"),
        ("2001:db8:1:2:3::4", None, False, "2001:db8:1:2::/64"),
        ("testclient", None, False, "testclient"),
    ],
)
def test_a_client_is_who_the_connection_or_the_proxy_says(
    address: str, forwarded: str | None, behind_proxy: bool, client: str
) -> None:
    headers = [(b"x-forwarded-for", forwarded.encode("latin-1"))] if forwarded else []
    scope = {"type": "http", "client": (address, 1), "headers": headers}
    assert client_of(scope, Settings(behind_proxy=behind_proxy)) == client


def test_a_body_has_a_size_whatever_is_said_of_it(tmp_path: Path) -> None:
    browser = client(desk(tmp_path, most_bytes=1000))
    for body in (b"x" * 1001, (b"x" * 400 for _ in range(3))):
        made = browser.post("/api/v1/knock", content=body, headers={"Content-Type": "application/json"})
        assert made.status_code == 413
        assert made.json()["detail"] == "a request has at most 1,000 bytes here"
    assert browser.post("/api/v1/knock", content=b"x" * 1000).status_code == 200
    made = browser.post("/knock", content=(b"a=%s&" % (b"x" * 400) for _ in range(3)), headers=_form())
    assert made.status_code == 413
    assert made.headers["content-type"].startswith("text/html")


def test_a_body_that_does_not_come_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "BODY_SECONDS", 0.05)
    app, sent = desk(tmp_path), []
    pieces = [b"a=", b"b"]

    async def receive() -> Any:
        if pieces:
            return {"type": "http.request", "body": pieces.pop(0), "more_body": True}
        return await asyncio.sleep(60)

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [(b"content-type", b"application/x-www-form-urlencoded"), (b"host", b"localhost")]
    asyncio.run(app(_scope("POST", "/knock", headers), receive, send))
    assert sent[0]["status"] == 408


def _scope(method: str, path: str, headers: list[tuple[bytes, bytes]]) -> dict[str, Any]:
    return {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http",
        "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "", "headers": headers,
        "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 8421), "state": {},
    }  # fmt: skip


def _form() -> dict[str, str]:
    return {"Content-Type": "application/x-www-form-urlencoded"}


def test_pages_are_packed_and_streams_are_not_held_back(tmp_path: Path) -> None:
    app = desk(tmp_path)
    seen: list[Any] = []

    async def stream(kind: str) -> StreamingResponse:
        async def pieces() -> AsyncIterator[str]:
            for n in range(3):
                seen.append(n)
                yield f"data: {n}\n\n"

        return StreamingResponse(pieces(), media_type=kind)

    app.add_api_route("/api/v1/pieces", stream)
    browser = client(app)
    assert browser.get("/nowhere").headers["content-encoding"] == "gzip"
    with browser.stream("GET", "/api/v1/pieces?kind=text/event-stream") as made:
        assert "content-encoding" not in made.headers
        assert "".join(made.iter_text()) == "data: 0\n\ndata: 1\n\ndata: 2\n\n"


def test_a_stream_is_passed_on_piece_by_piece(tmp_path: Path) -> None:
    """What a handler sends reaches the server before the handler sends the next, through all that lies between."""
    app = desk(tmp_path)
    log: list[str] = []

    async def stream() -> StreamingResponse:
        async def pieces() -> AsyncIterator[bytes]:
            for n in range(3):
                log.append(f"made {n}")
                yield b"%d" % n

        return StreamingResponse(pieces(), media_type="text/event-stream")

    app.add_api_route("/api/v1/pieces", stream)
    headers = [(b"host", b"localhost"), (b"accept-encoding", b"gzip")]

    async def receive() -> Any:
        await asyncio.sleep(60)

    async def send(message: Any) -> None:
        if message.get("body"):
            log.append(f"sent {message['body'].decode()}")

    asyncio.run(app(_scope("GET", "/api/v1/pieces", headers), receive, send))
    assert log == ["made 0", "sent 0", "made 1", "sent 1", "made 2", "sent 2"]


# What no browser sends


@pytest.mark.parametrize(
    "path",
    [
        "/events?text=%",
        "/events?text=%zz",
        "/events?text=a%00b",
        "/events?text=%ff",
        "/events?text=%ed%a0%80",
        "/events?%c3=1",
        "/events/%00",
        "/events/%e2%82",
        "/api/v1/%zz",
    ],
)
def test_broken_addresses_are_said_to_be(path: str, browser: TestClient) -> None:
    made = _raw(browser, path)
    assert made.status_code == 400
    assert "the address holds" in made.text


def _raw(browser: TestClient, path: str) -> Any:
    """Ask for an address as it is, which the client would mend."""
    target, _, query = path.partition("?")

    async def app(scope: Any, receive: Any, send: Any) -> None:
        asked = {"raw_path": target.encode(), "query_string": query.encode(), "path": target}
        await browser.app({**scope, **asked}, receive, send)

    return client(app).get("/")


@pytest.mark.parametrize("body", [b"words=%zz", b"words=%00", b"words=\x00", b"words=%ff", b"words=\xff", b"%ff=1"])
def test_broken_forms_are_said_to_be(body: bytes, browser: TestClient) -> None:
    token = csrf(browser).encode()
    made = browser.post("/knock", content=b"csrf=" + token + b"&" + body, headers={**BROWSER, **_form()})
    assert made.status_code == 400
    assert "the form holds" in made.text


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b""),
        ("multipart/form-data; boundary=x", b"nonsense"),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\x00\r\n--x--\r\n',
        ),
        ("multipart/form-data; boundary=\xff", b"--\xff"),
    ],
)
def test_broken_parts_are_said_to_be(kind: str, body: bytes, browser: TestClient) -> None:
    made = browser.post("/knock", content=body, headers=[(b"Content-Type", kind.encode("latin-1"))])
    assert made.status_code in (400, 403)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (rb'{"text": "a\u0000b"}', 400),
        (rb'{"text": "\ud83d"}', 400),
        (rb'{"text": "\ud83d\ude00"}', 200),
        (rb'{"text": "C:\\u0000 and \\ud83d"}', 200),
        (b'{"text": "\x00"}', 200),  # no JSON: the handler's to refuse, and this one reads nothing
        (rb"[" * 100_000 + rb'"\u0000"', 200),
    ],
)
def test_json_holds_whole_characters(body: bytes, status: int, browser: TestClient) -> None:
    made = browser.post("/api/v1/knock", content=body, headers={"Content-Type": "application/json"})
    assert made.status_code == status


texts = st.text(max_size=40)
ASKED = (
    *("/", "/events", "/actors", "/actors/named", "/relations", "/map", "/stance", "/review", "/reports", "/try"),
    *("/api/v1/events", "/api/v1/documents", "/api/v1/dyads", "/api/v1/stance", "/api/v1/judgements"),
)
odd = st.sampled_from(
    "0 -1 1e999 nan inf 9223372036854775808 1e400 ٣ 0000 0000-00-00 0000-01-01 9999-12-31 10000 2022-02-30 "
    '" (a OR *:* NEAR % _ USA,,RUS yes any ,'.split()
)
bytes_of_headers = st.binary(max_size=60).map(lambda raw: raw.translate(None, b"\r\n\0"))
names = st.sampled_from(
    "cookie authorization origin sec-fetch-site accept content-type content-length accept-encoding x-forwarded-for "
    "x-csrf-token if-none-match range x-any".split()
)


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Any]:
    """A desk of one's own and one with users, which count no requests."""
    with pytest.MonkeyPatch.context() as patch:
        cheap_passwords(patch)
        folders = [tmp_path_factory.mktemp("desk") for _ in range(2)]
        return desk(folders[0], most_requests=10**9), guarded(folders[1], most_requests=10**9)[0]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(ASKED),
    st.lists(
        st.tuples(st.sampled_from([*NAMES, "after", "sort", "name", "target"]), st.one_of(texts, odd)), max_size=4
    ),
)
def test_no_question_in_an_address_breaks_the_server(
    both: tuple[Any, Any], path: str, asked: list[tuple[str, str]]
) -> None:
    made = client(both[0]).get(f"{path}?{urlencode(asked, errors='surrogatepass')}", follow_redirects=True)
    assert made.status_code in (200, 400, 404, 422), made.text


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "BREW"]),
    st.sampled_from(["/", "/events", "/login", "/logout", "/knock", "/api/v1/knock", "/static/x/desk.css", ""]),
    st.one_of(texts.map(lambda t: t.encode("utf-8", "surrogatepass")), st.binary(max_size=40)),
    st.one_of(
        st.just(b""), st.binary(max_size=40), st.sampled_from([b"text=%zz", b"min_sources=99999999999999999999"])
    ),
    st.lists(st.tuples(names, bytes_of_headers), max_size=4),
    st.binary(max_size=60),
)
def test_nothing_that_is_sent_breaks_the_server(
    both: tuple[Any, Any],
    method: str,
    path: str,
    more: bytes,
    query: bytes,
    headers: list[tuple[str, bytes]],
    body: bytes,
) -> None:
    for app in both:

        async def raw(scope: Any, receive: Any, send: Any, app: Any = app) -> None:
            whole = path.encode() + more
            sent = [(name.encode(), value) for name, value in headers]
            kept = [pair for pair in scope["headers"] if pair[0] == b"host"]
            decoded = {"path": whole.decode("utf-8", "replace"), "raw_path": whole, "query_string": query}
            await app({**scope, **decoded, "headers": kept + sent}, receive, send)

        made = client(raw).request(method, "/", content=body)
        assert made.status_code < 500, made.text
        assert "Traceback" not in made.text
