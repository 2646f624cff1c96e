"""The front page: what is new in the span that the address names, and how an empty ledger is filled."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from starlette.testclient import TestClient
from tests.ledger_samples import Told, report
from tests.test_ledger_core import STORIES, fill, story

from dragoman.ledger import BadQuestion, Ledger, SourceHealth
from dragoman.ledger.writing import add
from dragoman.web import Settings, create_app
from dragoman.web.pages.front import Holdings, trouble
from dragoman.web.showing.days import NAMES, Span, named, span_of


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "ledger.db") as made:
        yield made


@pytest.fixture
def desk(ledger: Ledger) -> TestClient:
    return TestClient(create_app(ledger, Settings()), base_url="http://127.0.0.1:8421")


def text(page: str) -> str:
    """What a reader sees of a page."""
    words = re.sub(r"<(script|style)\b.*?</\1>|<[^>]+>", " ", page, flags=re.DOTALL)
    return re.sub(r"\s+([,.])", r"\1", " ".join(html.unescape(words).split()))


def test_an_empty_ledger_says_how_to_fill_it(desk: TestClient) -> None:
    page = desk.get("/")
    assert page.status_code == 200
    assert "This ledger is empty" in text(page.text)
    assert "dragoman ingest" in page.text
    assert 'href="/try"' in page.text


def test_a_ledger_without_dates_is_not_called_empty(ledger: Ledger, desk: TestClient) -> None:
    ledger.store.write(lambda c: add(c, [report("Nothing.", published="")]))
    page = text(desk.get("/").text)
    assert "No report of this ledger has a date" in page
    assert "It holds 1 report" in page


def test_the_week_ends_on_the_newest_day_and_the_most_corroborated_leads(ledger: Ledger, desk: TestClient) -> None:
    fill(ledger, STORIES)
    page = desk.get("/").text
    assert "The week to 7 March 2022" in text(page)
    lead = page.split('class="lead-story')[1].split("</article>")[0]
    best = ledger.told("2022-03-01", "2022-03-07").events[0]
    assert f'href="/events/{best.id}"' in lead
    assert "disputed · 2 sources in 7 reports" in text(lead)
    assert best.sentence in text(lead)
    assert "claimed by" not in text(lead)
    disputed = page.split('id="disputed"')[1].split("</section>")[0]
    assert re.search(r"denied by Chad\b", text(disputed))
    assert "The ledger has too little past" in text(page)


def test_a_date_to_come_is_nobody_s_newest_day(ledger: Ledger, desk: TestClient) -> None:
    fill(ledger, STORIES)
    for n, day in enumerate(("2062-03-05", "0001-01-01", "9999-12-31T00:00:00Z")):
        fill(ledger, [story("Chad shelled Laos.", 20 + n, published=day)])
    page = desk.get("/").text
    assert "The week to 7 March 2022" in text(page)
    assert ledger.newest(before="2022-03-07") == "2022-03-06"
    assert (ledger.oldest(), ledger.newest()) == ("0001-01-01", "9999-12-31")


def test_a_ledger_of_days_to_come_alone_is_shown(ledger: Ledger, desk: TestClient) -> None:
    fill(ledger, [story("Chad shelled Laos.", 1, published="2062-03-05")])
    assert "The week to 5 March 2062" in text(desk.get("/").text)


def test_spans_link_to_those_before_and_after(ledger: Ledger, desk: TestClient) -> None:
    fill(ledger, STORIES)
    page = desk.get("/", params={"span": "day", "until": "2022-03-05"}).text
    assert '<a class="step" rel="prev" href="/?span=day&amp;until=2022-03-04"' in page
    assert '<a class="step" rel="next" href="/?span=day&amp;until=2022-03-06"' in page
    assert "data-live" not in page
    newest = desk.get("/", params={"span": "day"}).text
    assert 'rel="next"' not in newest
    assert "data-live" in newest


def test_an_empty_span_leads_to_the_last_that_is_not(ledger: Ledger, desk: TestClient) -> None:
    fill(ledger, [STORIES[0], story("Chad met Laos.", 9, published="2022-06-01")])
    page = desk.get("/", params={"span": "week", "until": "2022-05-20"}).text
    assert "No event was first told in these days" in text(page)
    assert 'href="/?span=week&amp;until=2022-03-05"' in page


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"span": "decade"}, "is no span"),
        ({"until": "2022-02-30"}, "is no day"),
        ({"until": "20220225"}, "is no day"),
        ({"since": "2022-03-09", "until": "2022-03-01"}, "comes after"),
    ],
)
def test_a_span_that_there_is_none_of_is_explained(
    ledger: Ledger, desk: TestClient, params: dict[str, str], said: str
) -> None:
    fill(ledger, STORIES[:1])
    page = desk.get("/", params=params)
    assert page.status_code == 400
    assert said in text(page.text)


def test_words_of_reports_stay_words(ledger: Ledger, desk: TestClient) -> None:
    evil = "<script>alert(1)</script>"
    made = report(
        f"Chad {evil} attacked Laos.",
        Told("attacked", "ASSAULT", f"Chad {evil}", "Laos | LAO GOV"),
        title=evil,
        outlet=evil,
    )
    ledger.store.write(lambda c: add(c, [made]))
    page = desk.get("/").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_saved_searches_stand_with_their_counts(ledger: Ledger, desk: TestClient) -> None:
    fill(ledger, STORIES)
    ledger.save("desk", "attacks", "type=ASSAULT")
    ledger.save("desk", "broken", "type=QUARREL")
    page = desk.get("/").text
    found = ledger.count(type="ASSAULT")
    assert f'<a href="/events?type=ASSAULT" dir="auto">attacks</a> <span class="count">{found}</span>' in page
    assert "can no longer be asked" in page


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (SourceHealth("feed", 3, last={"failed": 0}), ""),
        (SourceHealth("feed", 3, gone=True, failures=4), "gone for good"),
        (SourceHealth("feed", 3, failures=1), "could not be had 1 time in a row"),
        (SourceHealth("feed", 3, last={"failed": 2}), "2 documents could not be read"),
        (SourceHealth("feed", 0, last={"failed": 0}), "no report came of it"),
    ],
)
def test_what_ails_a_source_is_said(source: SourceHealth, said: str) -> None:
    assert trouble(source) == said


def test_pages_that_fail_are_named_by_their_site_after_the_feeds() -> None:
    pages = [SourceHealth(f"https://paper.example/{n}", failures=n) for n in (1, 2)]
    alone = SourceHealth("http://[odd", gone=True)
    feed = SourceHealth("https://paper.example/feed", 4, at="2024-01-01T00:00:00+00:00", failures=2)
    assert Holdings(4, 9, (), None, None, (*pages, alone, feed)).ailing == [
        ("https://paper.example/feed", "could not be had 2 times in a row"),
        ("paper.example", "2 pages could not be had"),
        ("http://[odd", "gone for good"),
    ]


@given(name=st.sampled_from(NAMES), until=st.dates())
def test_spans_follow_each_other_without_gaps(name: str, until: date) -> None:
    span = named(name, until)
    assert span.since <= span.until == until
    assert {"day": (1,), "week": (7,), "month": range(28, 32), "year": (365, 366)}[name].__contains__(
        span.days
    ) or until < date(2, 2, 1)
    if span.before is not None:
        assert (span.since - span.before.until).days == 1
    assert span.after(until) is None


@given(since=st.dates(), until=st.dates(), newest=st.dates())
@example(since=date(288, 1, 1), until=date(5144, 1, 1), newest=date(5144, 1, 2))
@example(since=date.min, until=date(9999, 12, 30), newest=date.max)
def test_any_two_days_are_a_span_or_refused(since: date, until: date, newest: date) -> None:
    given = {"since": since.isoformat(), "until": until.isoformat()}
    if since > until:
        with pytest.raises(BadQuestion):
            span_of(given, newest)
        return
    span = span_of(given, newest)
    assert span == Span("", since, until)
    later = span.after(newest)
    assert (later is None) == (until >= newest)
    if later is not None:
        assert until < later.until <= newest


@pytest.mark.parametrize("until", ["9999-12-31", "9999-12-01", "0001-01-01", "0001-01-31"])
@pytest.mark.parametrize("span", [*NAMES, ""])
def test_the_calendar_has_ends(span: str, until: str, ledger: Ledger, desk: TestClient) -> None:
    fill(ledger, STORIES)
    asked = f"span={span}" if span else f"since={until}"
    assert desk.get(f"/?{asked}&until={until}").status_code == 200


def test_a_span_to_the_end_of_the_calendar_counts_all_there_is(ledger: Ledger, desk: TestClient) -> None:
    fill(ledger, STORIES)
    assert desk.get("/?since=0001-01-01&until=9999-12-31").status_code == 200
