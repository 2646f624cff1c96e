"""The page for programs: it names every operation, and its examples work."""

from __future__ import annotations

import html
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
import urllib3
from starlette.testclient import TestClient
from tests.web_desk import BASE, desk, filled, on_a_port

import dragoman
from dragoman import Client
from dragoman.ledger import Ledger
from dragoman.web.api import examples
from dragoman.web.api.examples import EXAMPLES

ENDLESS = "stream"


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with filled(tmp_path / "events.db") as made:
        yield made


@pytest.fixture
def address(ledger: Ledger) -> Iterator[str]:
    with on_a_port(desk(ledger)) as found:
        yield found


def text_of(address: str) -> str:
    return urllib3.request("GET", f"{address}/api").data.decode()


def test_it_names_every_operation_with_an_example(address: str) -> None:
    shown = text_of(address)
    described = urllib3.request("GET", f"{address}/api/v1/openapi.json").json()
    operations = {one["operationId"]: path for path, ways in described["paths"].items() for one in ways.values()}
    assert operations.keys() == EXAMPLES.keys()
    for name, path in operations.items():
        assert f'id="{name}"' in shown
        assert path in shown
        assert EXAMPLES[name].python in html.unescape(shown)
    assert "<script>" not in shown
    assert "style=" not in shown


def test_examples_do_what_they_say(
    ledger: Ledger, address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    event = ledger.query(type="SANCTION").events[0].id
    confirmed = ledger.confirm(event, by="ada")
    report = ledger.reports().reports[0].id
    ours = {examples._EVENT: event, examples._REPORT: report, examples._JUDGEMENT: confirmed}
    commands = re.findall(r"<code>(curl .*?)</code>", text_of(address), re.DOTALL)[1:]
    assert len(commands) == len(EXAMPLES)
    for command in commands:
        said = html.unescape(command)
        for known, own in ours.items():
            said = said.replace(known, own)
        _, *options = shlex.split(said)
        where = next(part for part in options if part.startswith(address))
        body = options[options.index("--data-binary") + 1].encode() if "--data-binary" in options else None
        headers = dict([options[options.index("-H") + 1].split(": ", 1)]) if body else {}
        made = urllib3.request(
            "POST" if body else "GET", where, body=body, headers=headers, preload_content=False, timeout=10
        )
        assert made.status in (200, 201), (said, made.data)
        made.close()
    # The example undid what was confirmed, and said that the event is of another mode.
    assert [one.action for one in ledger.judgements()] == ["confirm", "correct", "undo"]
    ours[examples._JUDGEMENT] = ledger.judgements()[1].id
    with Client(address) as client:
        for name, example in EXAMPLES.items():
            said = example.python
            for known, own in ours.items():
                said = said.replace(known, own)
            if name != ENDLESS:
                exec(said, {"desk": client, "dragoman": dragoman})
    assert (tmp_path / "events.zip").exists()
    assert [one.action for one in ledger.judgements()][3:] == ["correct", "undo"]


def test_a_page_is_fresh_for_the_browser_that_has_it_alone(ledger: Ledger) -> None:
    with TestClient(desk(ledger), base_url=BASE) as one, TestClient(desk(ledger), base_url=BASE) as other:
        first = one.get("/api")
        tag = first.headers["etag"]
        again = one.get("/api", headers={"If-None-Match": one.get("/api").headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        # Its forms would carry the token of somebody else.
        assert other.get("/api", headers={"If-None-Match": tag}).status_code == 200
        ledger.confirm(ledger.query(type="AID").events[0].id, by="ada")
        assert one.get("/api", headers={"If-None-Match": again.headers["etag"]}).status_code == 200
