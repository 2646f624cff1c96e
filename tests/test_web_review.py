"""The review queue as a page: one form a decision, with a script and without."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient
from tests.review_samples import fill

from dragoman.ledger import Ledger
from dragoman.ledger.asking import Look
from dragoman.web import Settings, create_app
from dragoman.web.showing import looking

JSON = {"Accept": "application/json"}


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "ledger.db") as made:
        fill(made)
        yield made


@pytest.fixture
def desk(ledger: Ledger) -> TestClient:
    return TestClient(create_app(ledger, Settings(local_user="ann")), base_url="http://127.0.0.1:8421")


def token(desk: TestClient) -> str:
    found = re.search(r'name="csrf" (?:content|value)="([^"]*)"', desk.get("/review").text)
    assert found is not None
    return found[1]


def post(desk: TestClient, headers: dict[str, str] | None = None, at: str = "/review", **form: Any) -> Any:
    return desk.post(at, data={"csrf": token(desk), **form}, headers=headers or {}, follow_redirects=False)


def shown(page: str) -> list[str]:
    """The keys of the records of a page, in order."""
    return re.findall(r'data-look="([^"]+)"', page)


def first(ledger: Ledger, kind: str) -> Look:
    return ledger.review(kinds=[kind], limit=1).looks[0]


def test_the_first_record_is_shown_and_the_next_wait_in_the_page(ledger: Ledger, desk: TestClient) -> None:
    page = desk.get("/review").text
    looks = ledger.review(limit=looking.AT_ONCE).looks
    assert shown(page) == [look.key for look in looks]
    articles = re.findall(r'<article class="look"[^>]*>', page)
    assert [" hidden>" in article for article in articles] == [False] + [True] * (len(articles) - 1)
    assert looks[0].reasons[0].words in page


def test_the_words_of_a_record_are_marked(desk: TestClient) -> None:
    page = desk.get("/review", params={"type": "AID"}).text
    assert '<mark class="actor" title="actor">Norland</mark>' in page
    assert '<mark class="trigger" title="trigger">sent</mark>' in page
    assert '<mark class="recipient" title="recipient">Ferrant</mark>' in page


@pytest.mark.parametrize(("do", "said"), [("confirm", "Confirmed"), ("drop", "Not an event")])
def test_a_decision_without_a_script_comes_back_to_the_queue_and_can_be_undone(
    ledger: Ledger, desk: TestClient, do: str, said: str
) -> None:
    look = first(ledger, "doubt")
    answer = post(desk, at="/review?why=doubt", do=do, event=look.event.id, key=look.key)
    assert answer.status_code == 303
    where = answer.headers["location"]
    assert where.startswith("/review?why=doubt&last=")
    page = desk.get(where).text
    assert look.key not in shown(page)
    assert f"{said}." in page
    assert "Send money." not in desk.get("/review?did=Send+money").text
    [judgement] = ledger.judgements()
    assert (judgement.by, judgement.action, judgement.note) == ("ann", do, "review")
    back = post(desk, at="/review?why=doubt", do="undo", value=judgement.id)
    assert back.headers["location"] == "/review?why=doubt&did=undo"
    assert look.key in shown(desk.get("/review?why=doubt").text)


def test_a_script_is_answered_with_what_was_laid_down_and_the_pace(ledger: Ledger, desk: TestClient) -> None:
    look = first(ledger, "doubt")
    made = post(desk, JSON, do="type", value="REJECT", event=look.event.id).json()
    assert made == {"judgements": [ledger.judgements()[0].id], "did": "type reject", "pace": "1 decision"}
    again = post(desk, JSON, do="factuality", value="future", event=first(ledger, "doubt").event.id).json()
    assert re.fullmatch(r"2 decisions, [\d,.]+ a minute", again["pace"])
    assert {e.type for e in ledger.query(type="REJECT").events} == {"REJECT"}


def test_a_new_type_takes_only_the_modes_that_it_has(ledger: Ledger, desk: TestClient) -> None:
    [event] = ledger.query(type="SANCTION").events
    ledger.correct(event.id, {"mode": ["expel"]}, by="bea")
    assert post(desk, JSON, do="type", value="AID", event=event.id).status_code == 200
    [changed] = ledger.query(type="AID", actor="RUS").events
    assert changed.mode == ()


@pytest.mark.parametrize(("every", "named"), [("", 1), ("yes", 2)])
def test_a_country_is_given_in_one_event_or_all(ledger: Ledger, desk: TestClient, every: str, named: int) -> None:
    look = first(ledger, "name")
    assert look.party is not None
    form = {"event": look.event.id, "words": look.party.text, "alike": ".".join(look.alike), "all": every}
    made = post(desk, JSON, do="who", country="Niger", sector="REB", **form).json()
    assert len(made["judgements"]) == named
    assert made["pace"] == "1 decision"
    assert len(ledger.query(actor="NER", actor_sector="REB").events) == named
    post(desk, JSON, do="undo", value=".".join(made["judgements"]))
    assert ledger.query(actor="NER").events == ()


@pytest.mark.parametrize(("do", "left"), [("merge", 1), ("apart", 2)])
def test_twins_are_one_or_two(ledger: Ledger, desk: TestClient, do: str, left: int) -> None:
    look = first(ledger, "twin")
    assert look.twin is not None
    page = desk.get("/review?why=twin").text
    assert shown(page) == [look.key]
    assert "both name the river" in page
    assert post(desk, do=do, event=look.event.id, twin=look.twin.id).status_code == 303
    assert len(ledger.query(text="fighters").events) == left
    assert "Nothing is left to look at" in desk.get("/review?why=twin").text


def test_what_is_skipped_is_remembered_and_can_be_shown_again(ledger: Ledger, desk: TestClient) -> None:
    look = ledger.review(limit=1).looks[0]
    answer = post(desk, do="skip", key=look.key, event=look.event.id)
    assert "HttpOnly" in answer.headers["set-cookie"]
    page = desk.get("/review").text
    assert look.key not in shown(page)
    assert "1 skipped" in page
    post(desk, do="unskip")
    assert look.key in shown(desk.get("/review").text)
    assert ledger.judgements() == []


def test_more_records_are_those_that_the_page_lacks(ledger: Ledger, desk: TestClient) -> None:
    looks = [look.key for look in ledger.review(limit=50).looks]
    piece = desk.get("/review/more", params={"have": ".".join(looks[:2])}).text
    assert shown(piece) == looks[2 : 2 + looking.AT_ONCE]
    assert "<html" not in piece


@pytest.mark.parametrize(
    "form",
    [
        {"do": "confirm", "event": "nobody"},
        {"do": "type", "value": "QUARREL"},
        {"do": "factuality", "value": "perhaps"},
        {"do": "who", "words": "the ministry", "value": "NER"},
        {"do": "who", "words": "x", "country": "Atlantis"},
        {"do": "who", "words": "x", "value": "NER", "sector": "ZZZ"},
        {"do": "merge", "twin": "nobody"},
        {"do": "undo", "value": ""},
        {"do": "undo", "value": "nobody"},
        {"do": "dance"},
        {},
    ],
)
def test_a_decision_that_there_is_none_of_is_explained_and_changes_nothing(
    ledger: Ledger, desk: TestClient, form: dict[str, Any]
) -> None:
    before = ledger.digest()
    answer = post(desk, **{"event": first(ledger, "doubt").event.id, **form})
    assert answer.status_code == 400
    assert ledger.digest() == before


def test_who_may_only_read_sees_no_buttons_and_decides_nothing(ledger: Ledger) -> None:
    desk = TestClient(create_app(ledger, Settings(read_only=True)), base_url="http://127.0.0.1:8421")
    page = desk.get("/review").text
    assert shown(page)
    assert 'name="do"' not in page
    look = first(ledger, "doubt")
    assert post(desk, do="confirm", event=look.event.id).status_code == 403
    assert ledger.judgements() == []


def test_filters_of_the_address_narrow_the_queue_and_stay_in_its_forms(desk: TestClient) -> None:
    page = desk.get("/review", params={"actor": "Russia", "why": "doubt"}).text
    assert shown(page) == []
    assert 'href="/events?actor=RUS"' in page
    assert desk.get("/review", params={"why": "mood"}).status_code == 400


@given(st.lists(st.text(min_size=0, max_size=90), max_size=140))
def test_a_cookie_of_any_content_is_bounded(parts: list[str]) -> None:
    kept = ""
    for part in parts:
        kept = looking.with_key(kept, part)
    assert len(looking.keys(kept)) <= looking.MOST_SKIPPED
    assert looking.keys(".".join(parts)[:5_000]) is not None
    for key in looking.keys(kept):
        assert key not in looking.keys(looking.without_key(kept, key))


def test_a_full_cookie_keeps_what_was_skipped_last() -> None:
    kept = ""
    for number in range(looking.MOST_SKIPPED + 20):
        kept = looking.with_key(kept, f"{number:016x}~{number:016x}")
    assert len(kept) < 4_000
    assert looking.keys(kept)[-1] == f"{looking.MOST_SKIPPED + 19:016x}~{looking.MOST_SKIPPED + 19:016x}"
    assert len(looking.keys(kept)) == looking.MOST_SKIPPED
