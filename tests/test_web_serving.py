"""``dragoman serve``: a desk on a real port that is opened, read and closed, and what it does not open for."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from tests.ledger_shell import Run
from tests.web_desks import PASSWORD, cheap_passwords

from dragoman.commands import serving
from dragoman.web.guard.users import UserFile

PEM = Path(__file__).with_name("fetching_news.pem")
OPENED = re.compile(r"the desk of (\S+) is open at (https?)://([^/]+):(\d+)/ \(Ctrl-C closes it\)\n")


START = "\nfrom dragoman import cli\ncli.app()"
# Nothing is coded at most of these desks: the coder takes seconds to load.
UNCODED = "from dragoman.web.coding import CodingRoom\nCodingRoom.warm = lambda self: None\n"


@contextmanager
def served(
    folder: Path, *options: str, program: str = ""
) -> Iterator[tuple[subprocess.Popen[str], re.Match[str], list[str]]]:
    """A desk in a process of its own, on a port that was free; what it said when it opened, and before."""
    # The ports of a machine are shared: the system picks one.
    command = [sys.executable, "-c", (program or UNCODED) + START, "serve", "--port", "0", *options]
    environment = {
        **os.environ,
        "DRAGOMAN_LEDGER": str(folder / "events.db"),
        "DRAGOMAN_USERS": str(folder / "users.json"),
        "PYTHONUNBUFFERED": "1",
    }
    process = subprocess.Popen(
        command, cwd=folder, env=environment, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    # A desk that never opens fails the test, and does not hold it up.
    alarm = threading.Timer(60, process.kill)
    alarm.start()
    try:
        assert process.stderr is not None
        said: list[str] = []
        for line in process.stderr:
            if found := OPENED.fullmatch(line):
                yield process, found, said
                break
            said.append(line)
        else:
            pytest.fail("".join(said))
    finally:
        alarm.cancel()
        process.kill()
        process.communicate()


def ask(port: str, path: str = "/events", headers: dict[str, str] | None = None) -> tuple[int, str]:
    asked = http.client.HTTPConnection("127.0.0.1", int(port), timeout=20)
    asked.request("GET", path, headers=headers or {})
    answer = asked.getresponse()
    text = answer.read().decode()
    asked.close()
    return answer.status, text


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_desk_opens_answers_and_is_closed_by_a_signal(number: signal.Signals, tmp_path: Path) -> None:
    with served(tmp_path, program="pass") as (process, opened, said):
        assert opened[1] == str(tmp_path / "events.db")
        assert (opened[2], opened[3]) == ("http", "127.0.0.1")
        # An empty desk says how to fill it.
        assert any("holds no report yet: dragoman ingest fills it" in line for line in said)
        status, text = ask(opened[4])
        assert status == 200
        assert "Dragoman" in text
        assert ask(opened[4], headers={"Host": "evil.example"})[0] == 421
        # A terminal sends Ctrl-C to all processes of a command, the one that codes among them.
        os.killpg(process.pid, number) if number == signal.SIGINT else process.send_signal(number)
        assert process.stderr is not None
        rest = process.stderr.read()
        assert process.wait() == 0
    assert rest == "the desk is closed\n"


# A desk with an answer that has no end: one that looks whether the desk closes, or one that does not.
ENDLESS = (
    UNCODED
    + """
import asyncio, sys
from fastapi.responses import StreamingResponse
from dragoman import cli
from dragoman.web import serving

made = serving.create_app

def create_app(*given):
    app = made(*given)

    async def pieces(heeds):
        while not (heeds and app.state.desk.listening.closed):
            yield "data: news\\n\\n"
            await asyncio.sleep(0.05)

    async def endless(heeds: bool):
        return StreamingResponse(pieces(heeds), media_type="text/event-stream")

    app.add_api_route("/endless", endless)
    return app

serving.create_app = create_app
"""
)


@pytest.mark.parametrize("heeds", ["yes", "no"])
def test_an_answer_without_end_does_not_keep_it_open(heeds: str, tmp_path: Path) -> None:
    with served(tmp_path, program=ENDLESS) as (process, opened, _):
        asked = http.client.HTTPConnection("127.0.0.1", int(opened[4]), timeout=20)
        asked.request("GET", f"/endless?heeds={heeds}")
        answer = asked.getresponse()
        assert answer.readline() == b"data: news\n"
        process.send_signal(signal.SIGINT)
        # What ends by itself is whole, what does not is seen to be cut off.
        with nullcontext() if heeds == "yes" else pytest.raises((http.client.IncompleteRead, OSError)):
            answer.read()
        assert process.stderr is not None
        assert process.stderr.read() == "the desk is closed\n"
        assert process.wait() == 0
        asked.close()


def test_users_who_come_and_go_need_no_restart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cheap_passwords(monkeypatch)
    file = UserFile(tmp_path / "users.json")
    with served(tmp_path) as (_, opened, _said):
        assert ask(opened[4])[0] == 200
        file.add("ada", "reader", PASSWORD)
        assert ask(opened[4])[0] == 303
        token = {"Authorization": f"Bearer {file.add_token('ada', 'api')}"}
        assert ask(opened[4], "/api/v1/openapi.json", token)[0] == 200
        file.remove("ada")
        assert ask(opened[4], "/api/v1/openapi.json", token)[0] == 401


def test_a_desk_for_others_is_encrypted_and_asks_who_comes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cheap_passwords(monkeypatch)
    UserFile(tmp_path / "users.json").add("ada", "reader", PASSWORD)
    with served(tmp_path, "--host", "0.0.0.0", "--tls-cert", str(PEM), "--tls-key", str(PEM)) as (_, opened, _said):
        assert opened[2] == "https"
        trusting = ssl._create_unverified_context()
        asked = http.client.HTTPSConnection("127.0.0.1", int(opened[4]), timeout=20, context=trusting)
        asked.request("GET", "/login")
        answer = asked.getresponse()
        answer.read()
        assert answer.status == 200
        assert answer.headers["Strict-Transport-Security"]
        assert answer.headers["Set-Cookie"].startswith("__Host-")
        asked.request("GET", "/events")
        answer = asked.getresponse()
        assert (answer.status, answer.headers["Location"]) == (303, "/login?next=/events")
        asked.close()


@pytest.fixture
def refused(shell: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """``dragoman serve`` where it does not open: what it says, which is one line."""
    monkeypatch.setenv("DRAGOMAN_USERS", str(tmp_path / "users.json"))
    cheap_passwords(monkeypatch)
    # Whatever is wrong with what is tested here, no desk is opened in the tests' own process.
    monkeypatch.setattr("dragoman.web.serving.run", lambda *_, **__: pytest.fail("a desk was opened"))

    def refused(*options: str, status: int = 2) -> str:
        made: Any = shell("serve", *options, status=status)
        assert made.stderr.count("\n") == 1
        return str(made.stderr)

    return refused


@pytest.mark.parametrize(
    ("options", "users", "said"),
    [
        (("--host", "0.0.0.0"), False, "on 0.0.0.0, where others reach it, needs a user (dragoman users add NAME "),
        (("--host", "::"), False, "and HTTPS (--tls-cert and --tls-key, or --behind-proxy)"),
        (("--host", "0.0.0.0"), True, "needs HTTPS (--tls-cert and --tls-key, or --behind-proxy)"),
        (("--host", "0.0.0.0", "--behind-proxy"), False, "behind a proxy, where others reach it, needs a user"),
        (("--behind-proxy",), False, "needs a user"),
        (("--host", "desk.example", "--tls-cert", str(PEM), "--tls-key", str(PEM)), False, "needs a user"),
        (("--tls-cert", str(PEM)), True, "--tls-cert and --tls-key go together: give both"),
        (("--host", "192.0.2.1", "--behind-proxy"), True, "192.0.2.1 is no address of this machine"),
        (("--host", "no.such.name.invalid", "--behind-proxy"), True, "is no address of this machine"),
    ],
)
def test_a_desk_is_not_opened_to_others_unguarded(
    options: tuple[str, ...], users: bool, said: str, refused: Run, tmp_path: Path
) -> None:
    if users:
        UserFile(tmp_path / "users.json").add("ada", "editor", PASSWORD)
    assert said in refused(*options)


def test_a_port_that_is_taken_is_one_line(refused: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert f"port {port} of 127.0.0.1 is taken: is the desk open already?" in refused("--port", port)


def test_a_damaged_file_of_users_is_one_line(refused: Run, tmp_path: Path) -> None:
    (tmp_path / "users.json").write_text("{")
    assert "users.json is no file of users, or a damaged one" in refused("--port", "0")


def test_what_is_no_ledger_is_one_line(refused: Run, tmp_path: Path) -> None:
    (tmp_path / "events.db").write_text("letters of a friend")
    assert "is no ledger" in refused("--port", "0")


def test_a_desk_for_reading_needs_a_ledger_to_read(refused: Run, tmp_path: Path) -> None:
    assert "there is no ledger at" in refused("--port", "0", "--read-only")
    assert not (tmp_path / "events.db").exists()


def test_a_key_of_another_certificate_is_one_line(shell: Run, tmp_path: Path) -> None:
    (tmp_path / "a.pem").write_text("no certificate")
    made: Any = shell("serve", "--port", "0", "--tls-cert", "a.pem", "--tls-key", str(PEM), status=1)
    assert "do not make a pair of PEM files" in made.stderr


def test_without_its_packages_the_desk_says_what_to_install(refused: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    lacking = ("fastapi", "uvicorn")
    monkeypatch.setattr(serving, "find_spec", lambda name: None if name in lacking else find_spec(name))
    assert refused(status=1) == "the desk needs fastapi and uvicorn: pip install 'dragoman[web]'\n"


def test_others_who_can_read_the_users_are_told_of(tmp_path: Path) -> None:
    file = UserFile(tmp_path / "users.json")
    file.add("feed", "reader", None)
    file.path.chmod(0o644)
    with served(tmp_path) as (_, _opened, said):
        assert any("chmod 600" in line for line in said)
