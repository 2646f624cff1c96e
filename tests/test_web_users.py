"""Users of a desk: their file, the commands that keep it, logging in and out, and what a role may do."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.ledger_shell import Run, rows
from tests.web_desks import BROWSER, HERE, PASSWORD, cheap_passwords, client, csrf, guarded, log_in

from dragoman.web.guard import sessions
from dragoman.web.guard.sessions import Session
from dragoman.web.guard.users import BadUsers, Password, UserFile
from dragoman.web.pages.login import safe_next

SECRET = bytes(range(32))


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    cheap_passwords(monkeypatch)


# The file


def test_the_file_keeps_no_password_and_is_its_owners_alone(tmp_path: Path) -> None:
    file = UserFile(tmp_path / "deep" / "users.json")
    file.add("ada", "editor", PASSWORD)
    token = file.add_token("ada", "laptop")
    text = file.path.read_text()
    assert PASSWORD not in text
    assert token not in text
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600
    assert not file.shared()
    assert [path.name for path in file.path.parent.iterdir()] == ["users.json"]
    file.path.chmod(0o644)
    assert file.shared()


def test_a_user_is_known_by_password_or_token(tmp_path: Path) -> None:
    file = UserFile(tmp_path / "users.json")
    file.add("Zoe\u0308", "reader", "cafe\u0301 cafe\u0301 cafe\u0301")
    file.add("feed", "editor", None)
    token = file.add_token("feed", "api")
    users = file.users()
    assert users is not None
    # One letter on one keyboard, two on another.
    found = users.by_password("Zo\u00eb", "caf\u00e9 caf\u00e9 caf\u00e9")
    assert found is not None
    assert found.role == "reader"
    assert users.by_password("Zo\u00eb", "cafe cafe cafe") is None
    assert users.by_password("feed", "") is None
    assert users.by_password("nobody", "\x00" * 32) is None
    known = users.by_token(token)
    assert known is not None
    assert known.name == "feed"
    assert users.by_token(token[:-1]) is None
    assert users.by_token("") is None


def test_an_unknown_name_costs_a_check_like_a_known_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = UserFile(tmp_path / "users.json")
    file.add("ada", "editor", PASSWORD)
    file.add("feed", "editor", None)
    users = file.users()
    assert users is not None
    checks: list[tuple[int, int, int]] = []
    is_of = Password.is_of

    def counted(password: Password, words: str) -> bool:
        checks.append(password.cost)
        return is_of(password, words)

    monkeypatch.setattr(Password, "is_of", counted)
    for name in ("ada", "feed", "nobody"):
        assert users.by_password(name, "wrong") is None
    assert len(checks) == 3
    assert len(set(checks)) == 1


def test_a_change_is_seen_at_once_and_none_is_lost(tmp_path: Path) -> None:
    one, other = UserFile(tmp_path / "users.json"), UserFile(tmp_path / "users.json")
    assert one.users() is None
    other.add("ada", "editor", PASSWORD)
    seen = one.users()
    assert seen is not None
    assert list(seen.named) == ["ada"]
    one.add("ben", "reader", PASSWORD)
    other.remove("ada")
    seen = one.users()
    assert seen is not None
    assert list(seen.named) == ["ben"]


def test_a_change_made_meanwhile_by_another_process_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = UserFile(tmp_path / "users.json"), UserFile(tmp_path / "users.json")
    one.add("ada", "editor", PASSWORD)
    replaced, late = UserFile._replaced, ["ben"]

    def interrupted(file: UserFile, before: bytes, after: bytes) -> bool:
        if late:
            other.add(late.pop(), "reader", None)
        return replaced(file, before, after)

    monkeypatch.setattr(UserFile, "_replaced", interrupted)
    one.add("cyd", "reader", None)
    seen = one.users()
    assert seen is not None
    assert sorted(seen.named) == ["ada", "ben", "cyd"]


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", "{}", '{"version": 1, "secret": "00", "users": {}}', '{"version": 9, "secret": "", "users": {}}']
    + [json.dumps({"version": 1, "secret": SECRET.hex(), "users": {"a": row}}) for row in ({}, {"role": "god"}, 1)],
)
def test_a_damaged_file_is_said_to_be_one_and_lets_nobody_in(content: str, tmp_path: Path) -> None:
    app, file = guarded(tmp_path)
    file.path.write_text(content)
    with pytest.raises(BadUsers, match=r"users\.json"):
        file.users()
    assert client(app).get("/events").status_code == 503


@pytest.mark.parametrize("words", ["short", "", "x" * 1001])
def test_a_password_has_a_length(words: str, tmp_path: Path) -> None:
    with pytest.raises(BadUsers, match="10 to 1,000 characters"):
        UserFile(tmp_path / "users.json").add("ada", "editor", words)


@pytest.mark.parametrize("name", ["", " ada", "a b", "a\n", "-a", "x" * 65, "a:b", "a/b", "<b>"])
def test_a_name_is_a_word(name: str, tmp_path: Path) -> None:
    with pytest.raises(BadUsers, match="is no name for a user"):
        UserFile(tmp_path / "users.json").add(name, "editor", PASSWORD)


# The commands


@pytest.fixture
def users(shell: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("DRAGOMAN_USERS", str(tmp_path / "users.json"))

    def users(*arguments: str, **options: Any) -> Any:
        return shell("users", *arguments, **options)

    return users


def test_users_are_added_listed_and_removed(users: Run, tmp_path: Path) -> None:
    assert "add one with dragoman users add" in users("list").stderr
    made = users("add", "ada", "--role", "editor", "--password-stdin", stdin=PASSWORD + "\nmore\n")
    assert "ada may now work at the desks" in made.stderr
    assert "dragoman users token feed" in users("add", "feed", "--no-password").stderr
    token = users("token", "feed", "--name", "laptop").stdout.strip()
    assert users("list").stdout.splitlines()[1].split() == ["ada", "editor", "yes", "–"]
    assert rows(users("list", "--format", "jsonl"))[1] == {
        "name": "feed",
        "role": "reader",
        "password": False,
        "tokens": ["laptop"],
    }
    known = UserFile(tmp_path / "users.json").users()
    assert known is not None
    assert known.by_password("ada", PASSWORD) is not None
    assert known.by_token(token) is not None
    users("untoken", "feed", "--name", "laptop")
    users("password", "ada", "--password-stdin", stdin="another " + PASSWORD)
    known = UserFile(tmp_path / "users.json").users()
    assert known is not None
    assert known.by_token(token) is None
    assert known.by_password("ada", PASSWORD) is None
    assert known.by_password("ada", "another " + PASSWORD) is not None
    users("remove", "ada")
    assert [row["name"] for row in rows(users("list", "--format", "jsonl"))] == ["feed"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("add", "ada", "--no-password"), "there is a user ada already: dragoman users remove ada takes it away"),
        (("add", "eve", "--role", "god"), "'god' is no role: it is one of reader, editor"),
        (("add", "a b", "--no-password"), "'a b' is no name for a user"),
        (("add", "eve"), "there is no terminal to ask for a password: give it with --password-stdin"),
        (("add", "eve", "--no-password", "--password-stdin"), "exclude each other"),
        (("remove", "eve"), "there is no user eve"),
        (("password", "eve"), "there is no user eve"),
        (("token", "eve"), "there is no user eve"),
        (("token", "ada"), "ada has a token api already: give this one another --name"),
        (("untoken", "ada", "--name", "phone"), "ada has no token phone: there is api"),
        (("list", "--format", "xml"), "--format xml: is none of"),
    ],
)
def test_what_goes_wrong_is_one_line(arguments: tuple[str, ...], said: str, users: Run) -> None:
    users("add", "ada", "--no-password")
    users("token", "ada")
    made = users(*arguments, status=2)
    assert said in made.stderr
    assert made.stderr.count("\n") == 1
    assert made.stdout == ""


@pytest.mark.parametrize("verb", ["add", "list", "remove", "password", "token", "untoken"])
def test_help_teaches_by_examples(verb: str, users: Run) -> None:
    text = users(verb, "--help").stdout
    assert f"dragoman users {verb}" in text
    assert "Exit status" in text


@pytest.mark.skipif(os.name != "posix", reason="no terminals like these")
def test_a_password_is_asked_for_twice_and_not_shown(users: Run, tmp_path: Path) -> None:
    import pty
    import subprocess
    import sys

    above, below = pty.openpty()
    command = [sys.executable, "-m", "dragoman.cli", "users", "add", "ada", "--users", str(tmp_path / "u.json")]
    with subprocess.Popen(command, stdin=below, stdout=below, stderr=below, start_new_session=True) as made:
        os.close(below)
        shown = b""
        for prompt in (b"Password: ", b"confirmation: "):
            while not shown.endswith(prompt):
                shown += os.read(above, 1024)
            os.write(above, PASSWORD.encode() + b"\n")
        while True:
            try:
                piece = os.read(above, 1024)
            except OSError:
                break
            if not piece:
                break
            shown += piece
        assert made.wait() == 0
    os.close(above)
    assert PASSWORD.encode() not in shown
    assert b"ada may now read" in shown


# Logging in


def test_pages_lead_to_the_login_and_back(tmp_path: Path) -> None:
    browser = client(guarded(tmp_path)[0])
    sent = browser.get("/events?type=ASSAULT&text=a%20b")
    assert sent.status_code == 303
    where = sent.headers["location"]
    assert where == "/login?next=/events%3Ftype%3DASSAULT%26text%3Da%2520b"
    assert 'value="/events?type=ASSAULT&amp;text=a%20b"' in browser.get(where).text
    made = log_in(browser, "ada", next="/events?type=ASSAULT&text=a%20b")
    assert made.status_code == 303
    assert made.headers["location"] == "/events?type=ASSAULT&text=a%20b"
    shown = browser.get("/events")
    assert shown.status_code == 200
    assert "Log out" in shown.text
    assert browser.get("/login?next=/events").headers["location"] == "/events"


def test_logging_out_ends_it(tmp_path: Path) -> None:
    browser = client(guarded(tmp_path)[0])
    log_in(browser, "ada")
    assert browser.post("/logout", headers=BROWSER).status_code == 403
    made = browser.post("/logout", data={"csrf": csrf(browser)}, headers=BROWSER)
    assert (made.status_code, made.headers["location"]) == (303, "/login")
    assert browser.get("/events").status_code == 303


@pytest.mark.parametrize(("name", "password"), [("ada", "wrong"), ("eve", PASSWORD), ("", ""), ("ada", "x" * 5000)])
def test_who_is_not_known_does_not_come_in(name: str, password: str, tmp_path: Path) -> None:
    browser = client(guarded(tmp_path)[0])
    made = log_in(browser, name, password)
    assert made.status_code == 403
    assert "There is no user of this name and password." in made.text
    assert password not in made.text or not password
    assert browser.get("/events").status_code == 303


def test_the_session_is_a_new_one_and_for_the_server_alone(tmp_path: Path) -> None:
    browser = client(guarded(tmp_path, secure=True)[0], base_url="https://127.0.0.1:8421")
    before = csrf(browser, "/login")
    made = browser.post("/login", data={"csrf": before, "name": "ada", "password": PASSWORD})
    cookie = made.headers["set-cookie"]
    assert cookie.startswith("__Host-dragoman-8421=")
    assert {"Path=/", "HttpOnly", "SameSite=Lax", "Secure", "Max-Age=43200"} <= set(cookie.split("; "))
    assert csrf(browser) != before


def test_a_session_ends_with_the_password_the_user_and_the_day(tmp_path: Path) -> None:
    app, file = guarded(tmp_path)
    now = [1_000_000.0]
    app.state.door.clock = lambda: now[0]
    ada, ben = client(app), client(app)
    log_in(ada, "ada")
    log_in(ben, "ben")
    now[0] += 11.9 * 3600
    assert [one.get("/events").status_code for one in (ada, ben)] == [200, 200]
    file.set_password("ada", "another " + PASSWORD)
    assert [one.get("/events").status_code for one in (ada, ben)] == [303, 200]
    file.set_password("ada", PASSWORD)
    assert ada.get("/events").status_code == 303
    log_in(ada, "ada")
    file.remove("ada")
    assert ada.get("/events").status_code == 303
    file.add("ada", "editor", PASSWORD)
    assert ada.get("/events").status_code == 303
    now[0] += 0.2 * 3600
    assert ben.get("/events").status_code == 303


def test_guessing_is_slowed_for_a_name_from_a_client_and_for_a_client(tmp_path: Path) -> None:
    app, _ = guarded(tmp_path)
    browser = client(app)
    assert [log_in(browser, "ada", "wrong").status_code for _ in range(6)] == [403] * 5 + [429]
    made = log_in(browser, "ada")
    assert made.status_code == 429
    assert 1 <= int(made.headers["retry-after"]) <= 60
    assert log_in(browser, "ben").status_code == 303
    # Another client is not kept out by it.
    assert log_in(client(app, client=("10.0.0.9", 1)), "ada").status_code == 303
    stranger = client(app, client=("10.0.0.8", 1))
    assert [log_in(stranger, f"n{n}", "wrong").status_code for n in range(31)] == [403] * 30 + [429]


def test_who_logs_in_rightly_is_not_slowed(tmp_path: Path) -> None:
    app, _ = guarded(tmp_path)
    assert {log_in(client(app), "ada").status_code for _ in range(8)} == {303}


def test_the_removal_of_the_last_user_opens_nothing(tmp_path: Path) -> None:
    app, file = guarded(tmp_path)
    browser = client(app)
    assert browser.get("/events").status_code == 303
    file.path.unlink()
    assert browser.get("/events").status_code == 303
    assert log_in(browser, "ada").status_code == 403


# Roles and tokens


def test_a_reader_may_change_nothing_whatever_the_handler_forgets(tmp_path: Path) -> None:
    app, file = guarded(tmp_path)
    ben, ada = client(app), client(app)
    log_in(ben, "ben")
    log_in(ada, "ada")
    made = ben.post("/knock", data={"csrf": csrf(ben)}, headers=BROWSER)
    assert made.status_code == 403
    assert "ask for the role of editor" in made.text
    assert ada.post("/knock", data={"csrf": csrf(ada)}, headers=BROWSER).status_code == 200
    token = {"Authorization": f"Bearer {file.add_token('ben', 'api')}"}
    assert client(app).get("/api/v1/knock", headers=token).status_code == 200
    assert client(app).post("/api/v1/knock", headers=token).status_code == 403


def test_programs_come_by_token(tmp_path: Path) -> None:
    app, file = guarded(tmp_path)
    token = file.add_token("ada", "api")
    program = client(app)
    refused = program.get("/api/v1/knock")
    assert refused.status_code == 401
    assert refused.headers["www-authenticate"].startswith("Bearer")
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["status"] == 401
    with_token = {"Authorization": f"Bearer {token}"}
    assert program.post("/api/v1/knock", headers=with_token).json() == {"came": "in"}
    # A token is for programs: pages do not take it, and a wrong one is not made good by a cookie.
    assert program.get("/events", headers=with_token).status_code == 303
    log_in(program, "ada")
    wrong = {"Authorization": "Bearer dragoman_wrong"}
    assert program.get("/api/v1/knock", headers=wrong).status_code == 401
    file.remove_token("ada", "api")
    assert client(app).get("/api/v1/knock", headers=with_token).status_code == 401


def test_a_desk_for_reading_changes_nothing_for_anyone(tmp_path: Path) -> None:
    app, file = guarded(tmp_path, read_only=True)
    token = {"Authorization": f"Bearer {file.add_token('ada', 'api')}"}
    made = client(app).post("/api/v1/knock", headers=token)
    assert made.status_code == 403
    assert "--read-only" in made.json()["detail"]


# Forgeries

sessions_of = st.builds(
    Session, st.text(max_size=30), st.text(st.characters(exclude_categories=["Cs"]), max_size=30), st.integers(0, 2**40)
)


@given(sessions_of, st.binary(min_size=32, max_size=32))
def test_a_cookie_says_what_was_sealed_and_only_under_its_secret(session: Session, other: bytes) -> None:
    cookie = sessions.sealed(session, SECRET)
    assert sessions.unsealed(cookie, SECRET, session.issued) == session
    assert other == SECRET or sessions.unsealed(cookie, other, session.issued) is None
    if session.user:
        assert sessions.unsealed(cookie, SECRET, session.issued + sessions.LIFE) is None
        assert sessions.unsealed(cookie, SECRET, session.issued - 3600) is None


@given(sessions_of, st.data())
def test_a_changed_cookie_is_none(session: Session, data: st.DataObject) -> None:
    cookie = sessions.sealed(session, SECRET)
    at = data.draw(st.integers(0, len(cookie) - 1))
    changed = cookie[:at] + data.draw(st.text(max_size=3)) + cookie[at + 1 :]
    assert changed == cookie or sessions.unsealed(changed, SECRET, session.issued) is None


@given(st.text(max_size=200))
def test_made_up_cookies_and_tokens_are_none(text: str) -> None:
    assert sessions.unsealed(text, SECRET, 0) is None
    assert not sessions.is_form_token(text, Session("id"), SECRET)
    # A seal for one purpose does not serve for another.
    assert sessions.unsealed(f"id.{sessions.form_token(Session('id'), SECRET)}", SECRET, 0) is None


@given(st.text(st.sampled_from("/\\:.?#@%\t\n\r eviltcomhp2fF")) | st.text())
def test_the_way_on_from_the_login_stays_at_this_desk(given: str) -> None:
    from urllib.parse import urljoin, urlsplit

    found = safe_next(given)
    # As browsers read addresses: a backslash is a slash, tabs and line ends are nothing.
    read = found.replace("\\", "/").translate({9: None, 10: None, 13: None}).strip()
    there = urlsplit(urljoin(HERE + "/login", read))
    assert f"{there.scheme}://{there.netloc}" == HERE


@pytest.mark.parametrize("elsewhere", ["//evil.example", "/\\evil.example", "https://evil.example", "/\t/e", "/login"])
def test_no_login_leads_elsewhere(elsewhere: str, tmp_path: Path) -> None:
    browser = client(guarded(tmp_path)[0])
    assert log_in(browser, "ada", next=elsewhere).headers["location"] == "/"


def test_ways_on_are_kept() -> None:
    for address in ("/events?text=a%20b&since=2021", "/actors/named?name=Ko%C3%A7", "/events/ev_1"):
        assert safe_next(address) == address
