"""What a desk refuses: other sites, other names, too much, too often, and what no browser sends."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from typing import Any

import pytest
from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.responses import HTMLResponse
from fastapi.routing import APIRoute
from starlette.testclient import TestClient
from tests.web_desks import BROWSER, cheap_passwords, client, csrf, desk, guarded, log_in

from dragoman.web import api, pages
from dragoman.web.guard.gate import HARMLESS, SAFE
from dragoman.web.guard.limits import codings_limited
from dragoman.web.problems import MEDIA_TYPE
from dragoman.web.visitors import editor

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


@pytest.fixture
def browser(tmp_path: Path) -> TestClient:
    """A browser at a desk of one's own."""
    return client(desk(tmp_path))


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    cheap_passwords(monkeypatch)


# Headers


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/events", {}, 200),
        ("/nowhere", {}, 404),
        ("/api/v1/nowhere", {}, 404),
        ("/events?text=%", {}, 400),
        ("/events", {"Host": "evil.example"}, 421),
        ("/broken", {}, 500),
    ],
)
def test_every_answer_has_the_headers(path: str, headers: dict[str, str], status: int, tmp_path: Path) -> None:
    app = desk(tmp_path)

    def broken() -> None:
        raise RuntimeError("the secret is 4711")

    app.add_api_route("/broken", broken)
    made = client(app).get(path, headers=headers)
    assert made.status_code == status
    assert made.headers["content-security-policy"] == POLICY
    assert made.headers["x-content-type-options"] == "nosniff"
    assert made.headers["referrer-policy"] == "same-origin"
    assert made.headers["cross-origin-opener-policy"] == "same-origin"
    assert made.headers["cross-origin-resource-policy"] == "same-origin"
    assert "camera=()" in made.headers["permissions-policy"]
    assert made.headers["cache-control"] == "private, no-cache"
    assert "strict-transport-security" not in made.headers


def test_an_encrypted_desk_is_never_asked_in_plain_text_again(tmp_path: Path) -> None:
    made = client(guarded(tmp_path, secure=True)[0]).get("/login")
    assert int(made.headers["strict-transport-security"].partition("=")[2]) >= 31536000


def test_style_sheets_are_kept_for_good(browser: TestClient) -> None:
    from dragoman.web import static

    assert "immutable" in browser.get(static.address("desk.css")).headers["cache-control"]


def test_no_page_asks_for_what_the_policy_forbids(browser: TestClient) -> None:
    for path in ("/events", "/nowhere", "/login"):
        text = browser.get(path).text
        assert " style=" not in text
        assert "<style" not in text
        assert "<script>" not in text
        assert " onclick" not in text


# Names


@pytest.mark.parametrize("host", ["127.0.0.1:8421", "localhost", "LOCALHOST:9", "[::1]:8421", "127.9.9.9"])
def test_a_desk_of_ones_own_goes_by_the_names_of_this_machine(host: str, browser: TestClient) -> None:
    assert browser.get("/events", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:8421", "", "10.0.0.1", "[::2]", "0.0.0.0"],
)
def test_no_other_name_leads_to_it(host: str, browser: TestClient) -> None:
    made = browser.get("/api/v1/knock", headers={"Host": host})
    assert made.status_code == 421
    assert made.headers["content-type"] == MEDIA_TYPE


def test_a_desk_for_others_goes_by_any_name_or_by_those_given(tmp_path: Path) -> None:
    named = {"Host": "desk.example.org"}
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    assert client(guarded(tmp_path / "a", host="0.0.0.0")[0]).get("/login", headers=named).status_code == 200
    strict = client(guarded(tmp_path / "b", host="0.0.0.0", allowed_hosts=("Desk.example.org",))[0])
    assert strict.get("/login", headers=named).status_code == 200
    assert strict.get("/login", headers={"Host": "other.example.org"}).status_code == 421


# Other sites


def test_a_form_of_a_page_is_taken(browser: TestClient) -> None:
    token = csrf(browser)
    ways: list[dict[str, Any]] = [
        {"data": {"csrf": token, "a": "b"}, "headers": BROWSER},
        {"files": {"report": ("a.txt", b"\xff\x00")}, "data": {"csrf": token}, "headers": BROWSER},
        {"headers": {**BROWSER, "X-CSRF-Token": token}},
    ]
    for sent in ways:
        made = browser.post("/knock", **sent)
        assert made.json() == {"came": "in"}


def test_the_body_is_still_there_for_the_handler(tmp_path: Path) -> None:
    app = desk(tmp_path)

    async def told(request: Request) -> Any:
        form = await request.form()
        return {
            name: value if isinstance(value, str) else (await value.read()).decode() for name, value in form.items()
        }

    app.add_api_route("/told", told, methods=["POST"])
    browser = client(app)
    token = csrf(browser)
    made = browser.post("/told", data={"csrf": token, "words": "Grüße & mehr"})
    assert made.json() == {"csrf": token, "words": "Grüße & mehr"}
    made = browser.post("/told", data={"csrf": token}, files={"report": ("a.txt", b"x" * 300_000)})
    assert made.json() == {"csrf": token, "report": "x" * 300_000}


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://127.0.0.1:3000"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:3000"},
        {"Origin": "http://[bad"},
    ],
)
@pytest.mark.parametrize("path", ["/knock", "/api/v1/knock"])
def test_other_sites_are_refused_even_with_the_token(path: str, headers: dict[str, str], browser: TestClient) -> None:
    token = csrf(browser)
    made = browser.post(path, data={"csrf": token}, headers={**headers, "X-CSRF-Token": token})
    assert made.status_code == 403
    assert "another site" in made.text or "a page of" in made.text


def test_a_form_without_the_token_of_its_session_is_refused(tmp_path: Path) -> None:
    app = desk(tmp_path)
    one, other = client(app), client(app)
    csrf(one)
    foreign = csrf(other)
    for sent in ({}, {"csrf": ""}, {"csrf": foreign}, {"csrf": "é"}, {"CSRF": csrf(one)}):
        made = one.post("/knock", data=sent, headers=BROWSER)
        assert made.status_code == 403, sent
        assert "load the page again" in made.text
    # No cookie at all, and a token that was right for another.
    assert client(app).post("/knock", data={"csrf": foreign}).status_code == 403
    # A file in the field is no token.
    assert one.post("/knock", files={"csrf": ("a", csrf(one).encode())}).status_code == 403


def test_a_local_program_needs_no_token_and_a_browser_does(browser: TestClient, tmp_path: Path) -> None:
    program = client(browser.app)
    assert program.post("/api/v1/knock", json={}).status_code == 200
    assert program.post("/api/v1/knock", headers=BROWSER).status_code == 403
    assert program.post("/api/v1/knock", headers={"Sec-Fetch-Site": "same-origin"}).status_code == 403
    token = csrf(browser)  # and the cookie
    assert browser.post("/api/v1/knock").status_code == 403
    assert browser.post("/api/v1/knock", headers={**BROWSER, "X-CSRF-Token": token}).status_code == 200
    # A field of a form does not make up for the header: what a script sends is no form.
    assert browser.post("/api/v1/knock", data={"csrf": token}, headers=BROWSER).status_code == 403


def test_a_proxy_may_call_the_desk_by_another_name(tmp_path: Path) -> None:
    app, _ = guarded(tmp_path, behind_proxy=True, secure=True)
    browser = client(app, base_url="https://inner:8421")
    form = {"csrf": csrf(browser, "/login"), "name": "ada", "password": "wrong"}
    origin = {"Origin": "https://desk.example.org"}
    assert "a page of" in browser.post("/login", data=form, headers=origin).text
    passed_on = {**origin, "X-Forwarded-Host": "desk.example.org"}
    assert "There is no user" in browser.post("/login", data=form, headers=passed_on).text
    assert "There is no user" in browser.post("/login", data=form, headers={"Sec-Fetch-Site": "same-origin"}).text


def unsafe_routes() -> list[tuple[str, str, APIRoute]]:
    """All that changes something: method, an address of it, the route."""
    found = []
    for prefix, routers in (("", pages.routers()), ("/api/v1", api.routers())):
        for router in routers:
            for route in router.routes:
                assert isinstance(route, APIRoute)
                path = prefix + "".join("x" if n % 2 else part for n, part in enumerate(_parts(route.path)))
                found += [(method, path, route) for method in sorted((route.methods or set()) - SAFE)]
    return found


def _parts(path: str) -> list[str]:
    return re.split(r"(\{[^}]*\})", path)


def test_no_route_that_changes_something_takes_a_post_of_another_site(tmp_path: Path) -> None:
    routes = unsafe_routes()
    assert ("POST", "/logout") in {(method, path) for method, path, _ in routes}
    browser = client(desk(tmp_path))
    csrf(browser)
    for method, path, _ in routes:
        for sent in ({"data": {"csrf": "wrong"}}, {"headers": {"Sec-Fetch-Site": "cross-site"}}, {}):
            made = browser.request(method, path, **sent)  # type: ignore[arg-type]
            assert made.status_code == 403, (method, path, sent)
    stranger = client(guarded(tmp_path)[0])
    for method, path, _ in routes:
        if path != "/login":
            made = stranger.request(method, path)
            assert made.status_code == (401 if path.startswith("/api/") else 303), (method, path)


def test_every_route_that_changes_something_is_for_editors_or_known_to_be_harmless() -> None:
    changing = {path for _, path, route in unsafe_routes() if editor not in _asked_of(route.dependant)}
    assert changing <= HARMLESS


def test_what_is_coded_is_counted() -> None:
    coding = {path for _, path, route in unsafe_routes() if codings_limited in _asked_of(route.dependant)}
    assert coding == {"/try", "/try/keep", "/api/v1/code", "/api/v1/ingest"}


def _asked_of(dependant: Dependant) -> set[Any]:
    """All functions that a route depends on."""
    return {dependant.call}.union(*map(_asked_of, dependant.dependencies))


# Problems


def test_what_fails_is_logged_under_the_number_that_is_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    app = desk(tmp_path)

    def broken() -> None:
        raise RuntimeError("the secret is 4711")

    app.add_api_route("/broken", broken)
    app.add_api_route("/api/v1/broken", broken)
    for path in ("/broken", "/api/v1/broken"):
        made = client(app).get(path)
        assert made.status_code == 500
        assert "4711" not in made.text
        assert "RuntimeError" not in made.text
        logged = capsys.readouterr().err
        assert "RuntimeError: the secret is 4711" in logged
        number = logged.split()[1].rstrip(":")
        assert f"under the number {number}" in made.text


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/nowhere", 404), ("PUT", "/knock", 405)])
def test_problems_are_pages_for_people_and_json_for_programs(
    method: str, path: str, status: int, browser: TestClient
) -> None:
    token = {"X-CSRF-Token": csrf(browser)}
    made = browser.request(method, path, headers=token)
    assert made.status_code == status
    assert made.headers["content-type"].startswith("text/html")
    made = browser.request(method, "/api/v1" + path, headers=token)
    assert made.status_code == status
    assert made.headers["content-type"] == MEDIA_TYPE
    assert made.json()["status"] == status
    assert made.json()["detail"]


def test_the_visitor_is_shown_where_there_are_users(tmp_path: Path, browser: TestClient) -> None:
    assert "Log out" not in browser.get("/events").text
    ben = client(guarded(tmp_path)[0])
    log_in(ben, "ben")
    shown = ben.get("/events").text
    assert "Log out" in shown
    assert "may read" in shown


def test_a_page_made_by_a_handler_keeps_its_own_headers(tmp_path: Path) -> None:
    app = desk(tmp_path)
    kept = {"Cache-Control": "no-store"}
    app.add_api_route("/own", lambda: HTMLResponse("x" * 2000, headers=kept))
    made = client(app).get("/own", headers={"Accept-Encoding": "gzip"})
    assert made.headers["cache-control"] == "no-store"
    assert len(gzip.compress(b"x" * 2000)) < 2000 == len(made.text)
