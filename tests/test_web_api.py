"""The API in this process: what it answers, in which form, and what it says of itself."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel
from starlette.testclient import TestClient
from tests.ledger_samples import Sample
from tests.web_desk import BASE, desk, filled

from dragoman.export.ledger import FORMATS, export_events
from dragoman.ledger import Ledger, asking
from dragoman.ledger.asking import Filters
from dragoman.web import Settings
from dragoman.web.api import models

API = "/api/v1"


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    with filled(tmp_path_factory.mktemp("desk") / "events.db") as made:
        yield made


@pytest.fixture(scope="module")
def client(ledger: Ledger) -> Iterator[TestClient]:
    """A client of a desk whose ledger is only read."""
    with TestClient(desk(ledger), base_url=BASE) as made:
        yield made


@pytest.fixture
def own(tmp_path: Path) -> Iterator[tuple[TestClient, Ledger]]:
    """A client of a desk of the test's own, and its ledger."""
    with filled(tmp_path / "events.db") as ledger, TestClient(desk(ledger), base_url=BASE) as made:
        yield made, ledger


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def assault(ledger: Ledger) -> str:
    return ledger.query(type="ASSAULT", factuality="actual").events[0].id


def test_events_are_those_of_the_ledger(client: TestClient, ledger: Ledger) -> None:
    for query, asked in (
        ({}, Filters()),
        ({"type": ["ASSAULT", "AID"]}, Filters(type=("ASSAULT", "AID"))),
        ({"actor": "France", "since": "2024-06", "text": "banks"}, Filters(actor="FRA", since="2024-06", text="banks")),
        ({"dated_only": "true", "min_sources": "2"}, Filters(dated_only=True, min_sources=2)),
        ({"historical": "false"}, Filters(historical=False)),
    ):
        got = client.get(f"{API}/events", params={**query, "tellings": "true"})
        assert got.json() == json.loads(json.dumps(ledger.query(asked, tellings=True).to_dict()))
        assert client.get(f"{API}/count", params=query).json() == {"events": ledger.count(asked)}


def test_pages_follow_each_other_by_cursor_and_by_link(client: TestClient, ledger: Ledger) -> None:
    for kind, key in (("events", "events"), ("documents", "reports")):
        seen: list[str] = []
        address: str | None = f"{API}/{kind}?limit=2"
        while address:
            got = client.get(address)
            seen += [one["id"] for one in got.json()[key]]
            following = got.links.get("next", {}).get("url")
            assert (following is None) == (got.json()["next"] is None)
            address = following
        whole = ledger.query(limit=100).events if kind == "events" else ledger.reports(limit=100).reports
        assert seen == [one.id for one in whole]
    assert len(seen) == len(set(seen)) == 5


def test_csv_holds_what_json_holds(client: TestClient, ledger: Ledger, tmp_path: Path) -> None:
    got = client.get(f"{API}/events", headers={"Accept": "text/csv"})
    assert got.headers["content-type"].startswith("text/csv")
    export_events(ledger.iterate(ascending=False, tellings=True), "csv", tmp_path)
    assert got.text == (tmp_path / "events.csv").read_text(encoding="utf-8")
    documents = client.get(f"{API}/documents?format=csv")
    assert [row["outlet"] for row in rows(documents.text)] == [r.outlet for r in ledger.reports().reports]
    assert '"=Coast, Tribune"' in documents.text  # as the exports write it: nothing is put before a cell
    [france, *_] = [row for row in rows(client.get(f"{API}/actors?format=csv").text) if row["country"] == "FRA"]
    assert (france["acting"], france["acted_upon"]) == ("2", "1")
    dyads = rows(client.get(f"{API}/dyads?format=csv&by=all").text)
    assert [(r["actor"], r["recipient"], r["events"]) for r in dyads] == [
        (r.actor, r.recipient, str(r.events)) for r in ledger.dyads(by="all").rows
    ]
    assert {row["country"] for row in rows(client.get(f"{API}/stance?target=Niger&format=csv").text)} >= {"FRA"}


def test_json_is_given_where_both_are_wanted_alike(client: TestClient) -> None:
    for accept in ("*/*", "text/html", "text/csv;q=0.4, application/json", "application/json, text/csv;q=0.9"):
        assert client.get(f"{API}/events", headers={"Accept": accept}).headers["content-type"] == "application/json"
    for accept in ("text/csv", "text/csv, */*;q=0.5"):
        assert client.get(f"{API}/events", headers={"Accept": accept}).headers["content-type"].startswith("text/csv")


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("/events?type=INVADE", 400, "is no type"),
        ("/events?actr=FRA", 400, "did you mean actor?"),
        ("/events?after=nonsense", 400, "cursor"),
        ("/events?limit=501", 422, "limit"),
        ("/events?sort=size", 422, "sort"),
        ("/events/none", 404, "there is no event none"),
        ("/documents/none", 404, "there is no report none"),
        ("/documents?after=WyJyZXBvcnRzIiwgMSwgMl0", 400, "cursor"),
        ("/documents?since=2024-05&until=2024-04", 400, "comes after"),
        ("/judgements/none", 404, "there is no judgement none"),
        ("/dyads?state=disputed", 400, "there is no parameter"),
        ("/stance", 422, "target"),
        ("/exports/word", 422, "layout"),
        ("/nothing", 404, ""),
    ],
)
def test_what_is_wrong_is_a_problem(client: TestClient, address: str, status: int, said: str) -> None:
    got = client.get(API + address)
    assert got.status_code == status
    assert got.headers["content-type"] == "application/problem+json"
    problem = models.Problem.model_validate(got.json())
    assert problem.status == status
    assert said in problem.detail


def test_what_has_not_changed_is_not_asked_again(
    own: tuple[TestClient, Ledger], monkeypatch: pytest.MonkeyPatch
) -> None:
    client, ledger = own
    first = client.get(f"{API}/events?type=ASSAULT")
    tag = first.headers["etag"]
    assert tag.startswith('W/"')
    assert first.headers["cache-control"] == "private, no-cache"
    assert client.get(f"{API}/events?type=AID").headers["etag"] != tag
    assert client.get(f"{API}/events?type=ASSAULT&format=csv").headers["etag"] != tag
    assert client.get(f"{API}/events?type=ASSAULT", headers={"Accept": "text/csv"}).headers["etag"] != tag

    with monkeypatch.context() as without:
        without.setattr(Ledger, "query", None)
        for given in (tag, f'"other", {tag}', tag.removeprefix("W/")):
            again = client.get(f"{API}/events?type=ASSAULT", headers={"If-None-Match": given})
            assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)

    ledger.confirm(assault(ledger), by="ada")
    changed = client.get(f"{API}/events?type=ASSAULT", headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert changed.headers["etag"] != tag


def test_a_problem_has_no_tag(client: TestClient) -> None:
    assert "etag" not in client.get(f"{API}/events?type=INVADE").headers


def test_an_event_comes_with_its_joins_and_judgements(own: tuple[TestClient, Ledger]) -> None:
    client, ledger = own
    id = assault(ledger)
    made = client.post(
        f"{API}/events/{id}/judgements", json={"action": "correct", "value": {"place": {"text": "Varda"}}}
    )
    assert made.status_code == 201
    got = client.get(f"{API}/events/{id}").json()
    models.EventInFull.model_validate(got)
    assert got["event"]["place"] == {"text": "Varda", "country": None}
    assert [one["id"] for one in got["judgements"]] == [made.json()["id"]]
    assert len(got["event"]["tellings"]) == 2
    assert {join["kind"] for join in got["joins"]} >= {"same"}


def test_judgements_are_laid_logged_and_taken_back(own: tuple[TestClient, Ledger]) -> None:
    client, ledger = own
    events = ledger.query(type="ASSAULT", factuality="actual", tellings=True).events
    aid = ledger.query(type="AID").events[0].id

    def judge(said: dict[str, Any], status: int = 201) -> Any:
        got = client.post(f"{API}/judgements", json=said)
        assert got.status_code == status, got.text
        return got.json()

    split = judge({"action": "split", "event": events[0].id, "records": [events[0].tellings[0].record.id]})
    assert ledger.count(type="ASSAULT", factuality="actual") == 2
    judge({"action": "undo", "judgement": split["id"], "note": "no"})
    assert ledger.count(type="ASSAULT", factuality="actual") == 1
    merged = judge({"action": "merge", "events": [events[0].id, aid]})
    assert ledger.event(aid) == ledger.event(events[0].id)
    judge({"action": "undo", "judgement": merged["id"]})
    assert client.post(f"{API}/events/{aid}/judgements", json={"action": "drop"}).status_code == 201
    assert ledger.count(type="AID") == 0
    telling = events[0].tellings[0]
    record = {**telling.record.to_dict(), "type": "COERCE", "id": ""}
    judge({"action": "add", "report": telling.report.id, "record": record})
    assert ledger.count(type="COERCE") == 1
    log = client.get(f"{API}/judgements").json()["judgements"]
    assert [one["action"] for one in log] == ["split", "undo", "merge", "undo", "drop", "add"]
    assert {one["by"] for one in log} == {"desk"}
    newest = client.get(f"{API}/judgements?ascending=false&limit=2").json()
    assert [one["action"] for one in newest["judgements"]] == ["add", "drop"]
    assert rows(client.get(f"{API}/judgements?format=csv").text)[1]["judgement"] == split["id"]

    judge({"action": "merge", "events": [aid, "none"]}, 404)
    judge({"action": "undo", "judgement": "none"}, 404)
    judge({"action": "undo", "judgement": split["id"]}, 400)
    judge({"action": "add", "report": telling.report.id, "record": {"type": "AID", "mentions": 3}}, 400)
    judge({"action": "merge", "events": [aid]}, 422)
    judge({"action": "burn"}, 422)


def test_who_may_only_read_changes_nothing(ledger: Ledger) -> None:
    with TestClient(desk(ledger, Settings(read_only=True)), base_url=BASE) as client:
        revision = ledger.revision()
        for address, sent in (
            (f"/events/{assault(ledger)}/judgements", {"action": "confirm"}),
            ("/judgements", {"action": "undo", "judgement": "x"}),
            ("/ingest", {"text": "Rebels attacked soldiers."}),
        ):
            assert client.post(API + address, json=sent).status_code == 403
        assert client.post(f"{API}/code", json={"text": "Rebels attacked soldiers."}).status_code == 200
        assert ledger.revision() == revision


def test_a_text_is_coded_and_not_kept(client: TestClient, ledger: Ledger) -> None:
    text = "The envoys of the town said on Monday that rebels attacked soldiers."
    before = ledger.revision()
    plain = client.post(f"{API}/code?published=2024-05-16", content=text, headers={"Content-Type": "text/plain"})
    models.CodedDocument.model_validate(plain.json())
    assert plain.json()["events"][0]["type"] == "ASSAULT"
    assert plain.json()["published"] == "2024-05-16"
    document = client.post(f"{API}/code", json={"text": text, "id": "mine", "title": "A title", "else": 1})
    assert (document.json()["id"], document.json()["title"]) == ("mine", "A title")
    assert ledger.revision() == before


def test_what_cannot_be_coded_is_told(client: TestClient) -> None:
    def sent(content: bytes, kind: str = "application/json") -> tuple[int, str]:
        got = client.post(f"{API}/code", content=content, headers={"Content-Type": kind})
        assert got.headers["content-type"] == "application/problem+json"
        return got.status_code, got.json()["detail"]

    assert sent(b'{"body": "x"}') == (422, "the request: has no field text (its fields: body); rename body to text")
    assert sent(b"{")[0] == 422
    assert sent(b"")[0] == 422
    assert sent(b'[{"text": "One."}, {"text": "Two."}]')[0] == 422
    assert sent(b"<p>Hello</p>", "text/html")[0] == 415
    assert sent(b'{"text": "' + b"x" * 5_000_000 + b'"}')[0] == 413
    assert sent("El gobierno anunció que no habrá más negociaciones con los rebeldes.".encode(), "text/plain")[0] == 422


def test_documents_are_taken_in_and_each_has_its_fate(own: tuple[TestClient, Ledger]) -> None:
    client, ledger = own
    told = [
        {"text": "On Monday in the north rebels attacked soldiers.", "published": "2024-05-16", "id": "a"},
        {"text": "", "id": "b"},
        {"text": "On Monday in the north rebels attacked soldiers.", "published": "2024-05-16", "id": "c"},
    ]
    got = client.post(f"{API}/ingest?source=a+test", json=told).json()
    models.Ingested.model_validate(got)
    assert sorted(one["fate"] for one in got["documents"]) == ["coded", "known", "skipped"]
    assert (got["total"]["coded"], got["total"]["known"], got["total"]["skipped"]) == (1, 1, 1)
    [report] = {one["report"] for one in got["documents"] if one["report"]}
    stored = client.get(f"{API}/documents/{report}").json()
    models.StoredReport.model_validate(stored)
    assert stored["text"].endswith("attacked soldiers.")
    assert stored["records"][0]["event"] == ledger.query(report=report).events[0].id
    assert stored["origins"][0]["source"] == "a test"
    lines = b'{"text": "On Tuesday raiders attacked farmers."}\nnonsense\n'
    again = client.post(f"{API}/ingest", content=lines, headers={"Content-Type": "application/jsonl"}).json()
    assert sorted(one["fate"] for one in again["documents"]) == ["coded", "failed"]
    assert "a test" in {one["source"] for one in client.get(f"{API}/sources").json()["sources"]}
    models.Sources.model_validate(client.get(f"{API}/sources").json())


@pytest.mark.parametrize("layout", FORMATS)
def test_exports_are_those_of_the_command(client: TestClient, ledger: Ledger, tmp_path: Path, layout: str) -> None:
    made = export_events(ledger.iterate(type="ASSAULT", tellings=True), layout, tmp_path)
    got = client.get(f"{API}/exports/{layout}?type=ASSAULT")
    assert got.content == made.files[0].read_bytes()
    assert got.headers["content-disposition"] == f'attachment; filename="{made.files[0].name}"'
    assert (got.headers["dragoman-events"], got.headers["dragoman-rows"]) == (str(made.events), str(made.rows))
    packed = client.get(f"{API}/exports/{layout}?type=ASSAULT&notes=true")
    with zipfile.ZipFile(io.BytesIO(packed.content)) as archive:
        assert [archive.read(file.name) for file in made.files] == [file.read_bytes() for file in made.files]


def test_halves_of_characters_break_nothing(client: TestClient) -> None:
    half = b'{"action": "undo", "judgement": "\\ud800"}'
    got = client.post(f"{API}/judgements", content=half, headers={"Content-Type": "application/json"})
    assert got.status_code in (400, 404, 422)
    text = b'{"text": "Rebels attacked soldiers. \\ud800 It was quiet in the town.", "title": "\\udfff"}'
    got = client.post(f"{API}/code", content=text, headers={"Content-Type": "application/json"})
    assert got.status_code in (200, 400)
    assert client.get(f"{API}/documents/%ED%A0%80").status_code in (400, 404)


def test_what_the_ledger_gives_is_as_described(sample: Sample) -> None:
    def holds(model: type[BaseModel], given: Any) -> None:
        model.model_validate(json.loads(json.dumps(given)))

    holds(models.Page, asking.query(sample.store, limit=200, tellings=True).to_dict())
    holds(models.Dyads, asking.dyads(sample.store, by="day", unknown=True).to_dict())
    holds(models.Actors, {"actors": [one.to_dict() for one in asking.actors(sample.store)]})
    for target in ("USA", "shelling of the market", "e0001"):
        holds(models.Stance, asking.stance(sample.store, target).to_dict())


def test_the_description_knows_all_filters_and_answers(client: TestClient) -> None:
    described = client.get(f"{API}/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    query = described["paths"][f"{API}/events"]["get"]
    named = {one["name"]: one for one in query["parameters"]}
    assert named.keys() >= set(Filters.__slots__)
    assert all(one["description"] for one in named.values())
    assert named["type"]["schema"]["items"]["enum"][0]
    for path, operations in described["paths"].items():
        assert path.startswith(f"{API}/")
        for operation in operations.values():
            assert operation["summary"]
            for status, answer in operation["responses"].items():
                wanted = {"application/problem+json"} if status >= "400" else set(answer["content"])
                assert set(answer["content"]) == wanted
