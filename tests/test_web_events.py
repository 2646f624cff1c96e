"""The list of events: every filter in the form and in the address, pages both ways, saved searches, downloads."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import settings as trials
from hypothesis import strategies as st
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.testclient import TestClient
from tests.ledger_meaning import NAMES, filters, holds, one_or_two_of
from tests.ledger_samples import Told, made_up, report
from tests.web_forms import form, send

from dragoman.export.ledger import FORMATS
from dragoman.ledger import Ledger, LedgerEvent
from dragoman.ledger.asking import SORTS, Filters
from dragoman.ledger.eventrows import put_events
from dragoman.ledger.writing import add
from dragoman.web import Settings, create_app, exporting
from dragoman.web.asked import NAMES as FILTERS
from dragoman.web.asked import address, ask
from dragoman.web.pages import events_download
from dragoman.web.showing.filterform import LABELS, chips

PAGE = 12
EVENTS = made_up(90)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A desk over some events of all kinds; not to be written to, save for searches."""
    with Ledger(tmp_path_factory.mktemp("desk") / "ledger.db") as ledger:
        ledger.store.write(partial(put_events, made=EVENTS))
        with opened(ledger, page=PAGE) as client:
            yield client


def opened(ledger: Ledger, **settings: Any) -> TestClient:
    app = create_app(ledger, Settings(**settings))
    return TestClient(app, base_url="http://127.0.0.1:8421", follow_redirects=False)


def shown(page: str) -> list[str]:
    """The ids of the events that a page shows, in its order."""
    return re.findall(r'data-event="([^"]+)"', page)


def turned(page: str, rel: str) -> str | None:
    found = re.search(rf'rel="{rel}" href="([^"]+)"', page)
    return found[1].replace("&amp;", "&") if found else None


def get(client: TestClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, path
    return answer.text


def newest_first(events: list[LedgerEvent]) -> list[str]:
    """By day; the order within a day is the ledger's own."""
    return [event.day or "" for event in sorted(events, key=lambda e: e.day or "", reverse=True)]


@trials(max_examples=25, deadline=None)
@given(filters(), st.sets(st.sampled_from(NAMES), min_size=1, max_size=3))
def test_the_address_asks_for_what_the_filters_mean(client: TestClient, given: Filters, keep: set[str]) -> None:
    asked = one_or_two_of(given, keep)
    want = {event.id for event in EVENTS if holds(event, asked)}
    seen: list[str] = []
    path: str | None = address("/events", asked)
    while path:
        page = get(client, path)
        seen += shown(page)
        path = turned(page, "next")
    assert sorted(seen) == sorted(want)
    assert f"<strong>{len(want)} event{'' if len(want) == 1 else 's'}</strong>" in page


def test_the_form_has_a_field_for_every_filter_and_sends_what_it_shows(client: TestClient) -> None:
    asked = Filters(
        type=("AID", "SANCTION"),
        mode="expel",
        context="military",
        actor=("USA", "RUS"),
        recipient="UKR",
        party="MMR",
        actor_sector=("GOV", "MIL"),
        recipient_sector="CVL",
        actor_name="Kyaw",
        recipient_name="league",
        party_name="Osk",
        claimed_by="RUS",
        denied_by="USA",
        place="UKR",
        factuality="negated",
        state=("reported", "disputed"),
        since="2021",
        until="2022-03-05",
        dated_only=True,
        min_sources=2,
        min_confidence=0.25,
        historical=False,
        report="ab12",
        text='grain "left the harbour"',
    )
    page = get(client, address("/events", asked, sort="sources", ascending=True, view="table"))
    sent = form(page, "/events")
    assert set(FILTERS) <= {name for name, _ in sent.values}
    assert ask(QueryParams(sent.values)).filters == asked
    assert (sent.all("sort"), sent.all("ascending"), sent.all("view")) == (["sources"], ["yes"], ["table"])
    assert '<details class="more" open>' in page
    assert '<details class="more">' in get(client, "/events?type=AID&since=2022")


def test_an_empty_form_goes_to_an_address_without_empty_fields(client: TestClient) -> None:
    page = get(client, "/events")
    answer = send(client, page, "/events", {"type": ["AID", "ACCUSE"], "actor": "American", "text": " grain "})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/events?type=AID&type=ACCUSE&actor=USA&text=grain"


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("type", "SANCTIO", "SANCTION?"),
        ("actor", "Rusia", "Russia"),
        ("since", "soon", "2021-03"),
        ("min_sources", "many", "number"),
        ("min_sources", "9" * 40, "count"),
        ("min_confidence", "nan", "between 0 and 1"),
        ("historical", "maybe", "yes or no"),
        ("context", "<b>war</b>", "&lt;b&gt;war"),
        ("text", "the of", "no word"),
        ("report", "../x", "no id"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_kept(client: TestClient, name: str, typed: str, said: str) -> None:
    page = get(client, address("/events", None, **{name: typed}, recipient="UKR"), 400)
    assert said in page
    kept = form(page, "/events")
    assert kept.all("recipient") == ["UKR"]
    assert typed in kept.all(name) or name == "historical"
    assert f'id="wrong-{name}"' in page or name == "report"
    assert shown(page) == []
    assert "<b>war" not in page


def test_a_span_that_ends_before_it_begins_is_wrong_at_its_end(client: TestClient) -> None:
    page = get(client, "/events?since=2022-03&until=2021", 400)
    assert 'id="wrong-until"' in page
    assert form(page, "/events").all("until") == ["2021"]


@pytest.mark.parametrize("path", ["/events?sort=size", "/events?after=nonsense", "/events?before=nonsense"])
def test_there_is_no_such_order_or_page(client: TestClient, path: str) -> None:
    assert 'role="alert"' in get(client, path, 400)


@trials(max_examples=25, deadline=None)
@given(filters(), st.sets(st.sampled_from(NAMES), min_size=1, max_size=3))
def test_each_chip_takes_one_thing_away(given: Filters, keep: set[str]) -> None:
    asked = one_or_two_of(given, keep)
    made = chips(asked)
    for chip in made:
        others = [(other.filter, other.value) for other in made if other is not chip]
        assert [(other.filter, other.value) for other in chips(chip.without)] == others
    assert bool(made) == (asked != Filters())


def test_all_filters_have_names_for_people() -> None:
    assert sorted(LABELS) == sorted(FILTERS)


def test_chips_are_links_to_the_rest_of_the_question(client: TestClient) -> None:
    page = get(client, "/events?type=AID&type=ACCUSE&actor=USA&sort=sources&view=table")
    links = re.findall(r'<a class="chip[^"]*" href="([^"]+)"', page)
    assert [link.replace("&amp;", "&") for link in links] == [
        "/events?type=ACCUSE&actor=USA&sort=sources&view=table",
        "/events?type=AID&actor=USA&sort=sources&view=table",
        "/events?type=AID&type=ACCUSE&sort=sources&view=table",
    ]


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("ascending", [False, True])
def test_pages_are_turned_forth_and_back(client: TestClient, sort: str, ascending: bool) -> None:
    pages = [get(client, address("/events", None, sort=sort, ascending=ascending))]
    while path := turned(pages[-1], "next"):
        pages.append(get(client, path))
    assert [len(shown(page)) for page in pages] == [PAGE] * 7 + [6]
    assert len({id for page in pages for id in shown(page)}) == len(EVENTS)
    back = pages[-1]
    for before in pages[-2::-1]:
        path = turned(back, "prev")
        assert path
        back = get(client, path)
        assert shown(back) == shown(before)
        assert turned(back, "next")
    assert turned(back, "prev") is None


def test_a_table_has_the_events_of_the_cards(client: TestClient) -> None:
    cards, table = get(client, "/events?type=AID"), get(client, "/events?type=AID&view=table")
    assert shown(cards) == shown(table) != []
    assert "<table" in table
    assert "<table" not in cards


def test_where_nothing_matches_it_is_said_what_to_leave_out(client: TestClient) -> None:
    page = get(client, "/events?text=grain+zebra&type=AID")
    rest = [link.replace("&amp;", "&") for link in re.findall(r'<li><a href="(/events[^"]*)"><span', page)]
    assert "/events?type=AID&text=grain" in rest
    for link in rest:
        assert shown(get(client, link))
    assert "There are some without" in page


def test_an_empty_ledger_says_how_to_fill_it(tmp_path: Path) -> None:
    with Ledger(tmp_path / "ledger.db") as ledger:
        assert "dragoman ingest" in get(opened(ledger), "/events")


def test_more_events_than_are_counted_are_said_to_be_more(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dragoman.web.pages.events._COUNTED", 20)
    assert "over 20 events" in get(client, "/events?dated_only=yes")


def test_a_search_is_saved_opened_replaced_and_forgotten(client: TestClient) -> None:
    page = get(client, "/events?type=AID&sort=sources&view=table")
    answer = send(client, page, "/events/saved", {"name": "<i>aid</i>"})
    assert answer.headers["location"].split("#")[0] == "/events?type=AID&sort=sources&view=table"
    page = get(client, "/events?type=ACCUSE")
    assert '<a href="/events?type=AID&amp;sort=sources&amp;view=table" dir="auto">&lt;i&gt;aid&lt;/i&gt;</a>' in page
    send(client, page, "/events/saved", {"name": "<i>aid</i>"})
    page = get(client, "/events")
    assert page.count("&lt;i&gt;aid&lt;/i&gt;</a>") == 1
    assert 'href="/events?type=ACCUSE" dir="auto"' in page
    send(client, page, "/events/saved/forget", {"name": "<i>aid</i>"})
    assert "&lt;i&gt;aid" not in get(client, "/events")


def test_what_is_no_search_is_not_saved(client: TestClient) -> None:
    page = get(client, "/events")
    assert send(client, page, "/events/saved", {"name": "x", "query": "type=NOTHING"}).status_code == 400
    assert send(client, page, "/events/saved", {"name": " "}).status_code == 400
    away = send(client, page, "/events/saved", {"name": "x", "query": "next=//evil.example&type=AID"})
    assert away.headers["location"] == "/events?type=AID#saved"
    send(client, get(client, "/events"), "/events/saved/forget", {"name": "x"})


def test_a_desk_that_is_read_only_saves_nothing(tmp_path: Path) -> None:
    with Ledger(tmp_path / "ledger.db") as ledger:
        client = opened(ledger, read_only=True)
        assert 'action="/events/saved"' not in get(client, "/events")
        assert client.post("/events/saved", data={"name": "x"}).status_code == 403
        assert ledger.saved("desk") == []


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A desk over events that reports tell."""
    with Ledger(tmp_path_factory.mktemp("told") / "ledger.db") as ledger:
        codings = [
            report(
                f"Ministers of Osk aided village {day} with grain.",
                Told("aided", "AID", "Ministers|NOR GOV", f"village {day}|SSD CVL", date=f"2022-03-{day:02}"),
            )
            for day in range(1, 9)
        ]
        ledger.store.write(lambda connection: add(connection, codings))
        with opened(ledger, page=3) as client:
            yield client


@pytest.mark.parametrize("format", FORMATS)
def test_all_that_a_list_shows_can_be_downloaded(told: TestClient, format: str) -> None:
    page = get(told, "/events?since=2022-03-03")
    answer = send(told, page, "/events/download", {"format": format})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/zip"
    assert f"dragoman-{format}.zip" in answer.headers["content-disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as pack:
        names = pack.namelist()
        assert f"{format}-notes.txt" in names
        assert len(names) == 2
        assert "6 ledger events" in pack.read(f"{format}-notes.txt").decode()
        if format == "csv":
            assert pack.read("events.csv").decode().count("\n") == 1 + 6


def test_downloads_say_what_they_cannot_do(told: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "no format" in get(told, "/events/download?format=xls", 400)
    get(told, "/events/download?undated=guess", 400)
    get(told, "/events/download?type=SANCTION", 404)
    monkeypatch.setattr(events_download, "MOST", 5)
    assert "dragoman export --as csv" in get(told, "/events/download?format=csv", 413)
    monkeypatch.setattr(events_download, "MOST", 50)
    for places, wait in ((exporting._AT_ONCE, "10"), (exporting._HELD, "60")):
        taken = 0
        while places.acquire(blocking=False):
            taken += 1
        assert told.get("/events/download").headers["retry-after"] == wait
        places.release(taken)
    assert told.get("/events/download").status_code == 200


def test_a_download_leaves_nothing_behind(told: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert told.get("/events/download?format=plover").status_code == 200
    assert list(tmp_path.iterdir()) == []


def test_a_download_that_is_never_begun_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with Ledger(tmp_path / "events.db") as ledger:
        before = set(tmp_path.iterdir())
        held = exporting._HELD._value
        for _ in range(held + 1):
            made = exporting.exported(Request({"type": "http"}), ledger, Filters(), "csv", "leave", packed=False)
            assert set(tmp_path.iterdir()) > before
            del made
        assert set(tmp_path.iterdir()) == before
        assert exporting._HELD._value == held


def test_the_address_of_a_page_is_that_of_its_list(client: TestClient) -> None:
    following = turned(get(client, "/events?factuality=actual&sort=reported"), "next")
    assert following
    given = parse_qs(urlsplit(following).query)
    assert given.keys() == {"factuality", "sort", "after"}


def test_the_title_tells_what_is_asked_for(client: TestClient) -> None:
    def title(path: str) -> str:
        found = re.search("<title>(.*?)</title>", client.get(path).text, re.S)
        assert found is not None
        return found[1]

    assert title("/events") == "Events · Dragoman"
    assert title("/events?actor=FRA&since=2022") == "Events: who acts France; from 2022 · Dragoman"
