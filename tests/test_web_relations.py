"""Relations: the network and the matrix, one pair, frames to play, numbers to take away."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from starlette.datastructures import QueryParams
from starlette.testclient import TestClient
from tests.ledger_samples import made_up

from dragoman import codebook
from dragoman.ledger import Ledger
from dragoman.ledger.asking import BadQuestion, Days, Filters
from dragoman.ledger.eventrows import put_events
from dragoman.web import Settings, create_app
from dragoman.web.showing import relating
from dragoman.web.showing.months import MOST_PERIODS, months_of, periods, span_of


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    with Ledger(tmp_path_factory.mktemp("web") / "ledger.db") as opened:
        opened.store.write(partial(put_events, made=made_up(600)))
        yield opened


@pytest.fixture(scope="module")
def client(ledger: Ledger) -> Iterator[TestClient]:
    with TestClient(create_app(ledger, Settings()), base_url="http://127.0.0.1:8421") as client:
        yield client


def text(client: TestClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    assert " style=" not in answer.text
    return answer.text


def test_the_matrix_counts_what_the_series_do(client: TestClient, ledger: Ledger) -> None:
    shown = text(client, "/relations?since=2021")
    want = {(row.actor, row.recipient): row.events for row in ledger.dyads(by="all", since="2021").rows}
    cells = re.findall(
        r'<a href="/events\?actor=(\w+)&amp;recipient=(\w+)&amp;factuality=actual&amp;since=2021-01"[^>]*>(\d+)</a>',
        shown,
    )
    assert {(actor, recipient): int(n) for actor, recipient, n in cells} == want
    names = {code: codebook.COUNTRIES[code].name for pair in want for code in pair if code}
    for (one, other), events in want.items():
        if (one or "") < (other or ""):
            both = events + want.get((other, one), 0)
            assert f"{names[one or '']} – {names[other or '']}: {both}</title>" in shown
    assert "All 6 pairs of countries" in shown


def test_what_is_shown_is_bounded_and_says_so(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relating, "MOST_LINKS", 2)
    monkeypatch.setattr(relating, "MOST_ROWS", 3)
    made = relating.web(ledger, Filters())
    assert len(made.links) == 2
    assert (len(made.rows), made.rows_in_all) == (3, 4)
    assert made.pairs_in_all == 6
    assert made.links[0].events >= made.links[1].events
    whole = {(row.actor, row.recipient): row.events for row in ledger.dyads(by="all").rows}
    assert made.cells[0][1].events == whole[made.rows[0], made.rows[1]]


def test_frames_add_up_to_the_series(client: TestClient, ledger: Ledger) -> None:
    frames: list[dict[str, Any]] = client.get("/relations/frames?by=month&since=2020-11&until=2021-06").json()["frames"]
    assert [frame["period"] for frame in frames] == list(periods("2020-11", "2021-06", "month"))
    monthly = ledger.dyads(by="month", since="2020-11", until="2021-06").rows
    for frame in frames:
        own = [row for row in monthly if row.period == frame["period"]]
        assert sum(cell[3] for cell in frame["cells"]) == sum(row.events for row in own)
        assert frame["events"] == sum(row.events for row in own if row.actor != row.recipient)
        assert sum(edge[3] for edge in frame["edges"]) == frame["events"]
        assert (frame["since"], frame["until"]) == (frame["period"], frame["period"])


def test_a_period_by_its_address_is_the_frame(client: TestClient) -> None:
    frame = client.get("/relations/frames?by=quarter").json()["frames"][1]
    shown = text(client, f"/relations?by=quarter&at={frame['period']}")
    widths = {int(at): w for at, w in re.findall(r'score-\w+" data-edge="(\d+)"[^>]* stroke-width="([\d.]+)"', shown)}
    assert widths == {edge[0]: str(edge[1]) for edge in frame["edges"]}
    assert f"{frame['events']} events on the lines" in shown
    places = re.findall(r'data-node="\d+" cx="([\d.]+)" cy="([\d.]+)"', shown)
    assert places == re.findall(r'data-node="\d+" cx="([\d.]+)" cy="([\d.]+)"', text(client, "/relations?by=quarter"))
    assert 'rel="prev"' in shown
    assert 'rel="next"' in shown
    answer = client.get("/relations?at=1850", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/relations")


def test_links_step_through_all_periods(client: TestClient) -> None:
    seen = []
    address: str | None = "/relations?by=quarter"
    while address:
        found = re.search(r'rel="next"[^>]* href="([^"]+)"', text(client, address))
        address = found[1].replace("&amp;", "&") if found else None
        if address:
            seen.append(address.split("at=")[1].split("&")[0])
    assert seen == [frame["period"] for frame in client.get("/relations/frames?by=quarter").json()["frames"]]


def test_a_pair(client: TestClient, ledger: Ledger) -> None:
    shown = text(client, "/relations?actor=USA&recipient=RUS")
    assert "United States and Russia" in shown
    for actor, recipient in (("USA", "RUS"), ("RUS", "USA")):
        row = ledger.dyads(by="all", actor=actor, recipient=recipient).rows[0]
        assert f"{row.events} events in {row.reports} reports" in shown
    assert shown.count('role="img"') == 2
    assert text(client, "/relations?actor=USA&recipient=USA").count('role="img"') == 1
    assert "Nothing that happened" in text(client, "/relations?actor=TUV&recipient=PLW")


def test_types_and_quads_narrow(client: TestClient, ledger: Ledger) -> None:
    quad = text(client, "/relations?quad=material-conflict")
    conflict = ledger.dyads(by="all", type=["ASSAULT", "SANCTION"]).rows
    cells = [int(n) for n in re.findall(r'factuality=actual"[^>]*>(\d+)</a>', quad)]
    assert sum(cells) == sum(row.events for row in conflict)
    one = text(client, "/relations?type=AID")
    assert "type=AID&amp;factuality=actual" in one
    assert "No event of this kind" in text(client, "/relations?type=MOBILIZE")


def test_the_numbers_as_a_file(client: TestClient, ledger: Ledger) -> None:
    answer = client.get("/relations/data.csv?by=quarter&since=2021&type=AID&type=ASSAULT")
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    want = ledger.dyads(by="quarter", since="2021", type=["AID", "ASSAULT"]).rows
    assert [(r["actor"], r["recipient"], r["period"], int(r["events"])) for r in rows] == [
        (r.actor, r.recipient, r.period, r.events) for r in want
    ]


@pytest.mark.parametrize(
    "wrong", ["by=week", "quad=war", "type=PEACE", "since=x", "actor=Atlantis", "since=2022&until=2021"]
)
@pytest.mark.parametrize("path", ["/relations", "/relations/frames", "/relations/data.csv"])
def test_what_cannot_be_asked_is_said(client: TestClient, path: str, wrong: str) -> None:
    assert client.get(f"{path}?{wrong}").status_code == 400


def test_spans_are_as_long_as_the_ledger_unless_asked() -> None:
    days = Days("2019-11-29", "2021-02-03")
    whole = span_of(QueryParams(""), days)
    assert (whole.since, whole.until, whole.first, whole.last, whole.by) == (None, None, "2019-11", "2021-02", "month")
    assert len(whole.periods()) == 16
    assert span_of(QueryParams("since=1990"), days).by == "year"
    assert span_of(QueryParams("since=2012"), days).by == "quarter"
    year = span_of(QueryParams("until=2020&by=quarter"), days)
    assert (year.until, year.periods()[-1]) == ("2020-12", "2020-Q4")
    assert span_of(QueryParams("since=2031"), days).periods() == ["2031-01"]
    assert span_of(QueryParams(""), Days(None, None)).periods() == []
    assert len(span_of(QueryParams("since=0001&until=9999&by=month"), days).periods()) == MOST_PERIODS
    assert [months_of(name) for name in ("2021", "2021-Q2", "2021-11")] == [
        ("2021-01", "2021-12"),
        ("2021-04", "2021-06"),
        ("2021-11", "2021-11"),
    ]
    for wrong in ("", "21", "2021-Q5", "2021-13", "2021-1x", "x" * 100):
        with pytest.raises(BadQuestion):
            months_of(wrong)
