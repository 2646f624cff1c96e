"""Lists of reports and judgements, and what came in since a moment: alike in both databases."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from tests.ledger_samples import Told, new_address, report
from tests.web_desk import filled, reports

from dragoman.ledger import BadQuestion, Ledger, stamps
from dragoman.ledger.asking import News
from dragoman.ledger.model import Report
from dragoman.ledger.writing import Coding, add

DAYS = (None, "2024-04", "2024-05-03", "2024-05-03T23:00:00Z", "2024-05-04", "2024-06-01T00:00:00+02:00")
TITLES = ("Grain for Żarnów", "GRAIN 100%", "grain_ships", "Talks", "")


def put(ledger: Ledger, *codings: Coding) -> None:
    ledger.store.write(lambda connection: add(connection, codings))


@pytest.fixture
def ledger(ledger_address: str) -> Iterator[Ledger]:
    with Ledger(ledger_address) as made:
        yield made


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def listed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    """A ledger of thirty reports of all kinds."""
    with new_address(request.param, request, tmp_path_factory.mktemp("lists")) as address, Ledger(address) as made:
        for number in range(30):
            day, title, outlet = DAYS[number % 6], TITLES[number % 5], ("Post", "Wire", "")[number % 3]
            one = report(f"Report {number} has words of its own: {'ab' * number}.", outlet=outlet, title=title)
            document = Coding(
                type(one.document)(one.document.text, day, f"{number:020x}", title, "", (), outlet),
                one.coded,
                one.coder,
                ("here", "there")[number % 2],
                str(number),
            )
            put(made, document)
        yield made


def all_of(ledger: Ledger, limit: int, **options: str) -> list[Report]:
    found: list[Report] = []
    after = None
    while True:
        page = ledger.reports(limit=limit, after=after, **options)
        found += page.reports
        if (after := page.next) is None:
            return found
        assert len(page.reports) == limit


@settings(max_examples=40, deadline=None)
@given(
    st.fixed_dictionaries(
        {},
        optional={
            "title": st.sampled_from(["grain", "GRAIN", "100%", "_", "żarnów", "Żarnów grain"]),
            "outlet": st.sampled_from(["Post", "Wire", "post"]),
            "source": st.sampled_from(["here", "there", "nowhere"]),
            "status": st.sampled_from(["new", "revised", "reprinted"]),
            "since": st.sampled_from(["2024", "2024-05", "2024-05-04"]),
            "until": st.sampled_from(["2024", "2024-05-03", "2024-05-31", "2024-06"]),
        },
    ),
    st.integers(1, 12),
)
def test_reports_are_those_for_which_all_holds_in_their_order(
    listed: Ledger, asked: dict[str, str], limit: int
) -> None:
    assume((asked.get("since"), asked.get("until")) != ("2024-05-04", "2024-05-03"))
    whole = all_of(listed, 50)
    assert len(whole) == 30
    assert whole == sorted(whole, key=lambda r: (r.published is not None, r.published or "", r.id), reverse=True)

    def holds(one: Report) -> bool:
        # Letters beyond A to Z have one case here, as for the databases.
        low = one.title.translate({c: c + 32 for c in range(65, 91)})
        title = all(
            word in low for word in asked.get("title", "").translate({c: c + 32 for c in range(65, 91)}).split()
        )
        day = (one.published or "")[:10]
        since, until = asked.get("since"), asked.get("until")
        first = since and since + "-01-01"[len(since) - 4 :]
        last = until and until + "-12-31"[len(until) - 4 :]
        return (
            title
            and asked.get("outlet") in (None, one.outlet)
            and asked.get("source") in (None, ("here", "there")[int(one.id, 16) % 2])
            and asked.get("status") in (None, one.status)
            and (not first or day >= first)
            and (not last or (day != "" and day <= last))
        )

    assert all_of(listed, limit, **asked) == [one for one in whole if holds(one)]


@pytest.mark.parametrize(
    "wrong",
    [
        {"status": "old"},
        {"limit": 0},
        {"since": "yesterday"},
        {"since": "2024", "until": "2023"},
        {"title": "a\0b"},
        {"after": "x"},
        {"after": "WyJyZXBvcnRzIiwgMSwgMl0"},
        {"title": "a " * 40},
    ],
)
def test_what_is_no_question_of_reports_is_told(listed: Ledger, wrong: dict[str, object]) -> None:
    with pytest.raises(BadQuestion):
        listed.reports(**wrong)


def test_a_list_of_reports_reads_no_texts(tmp_path: Path) -> None:
    with filled(tmp_path / "events.db") as ledger, ledger.store.reading() as connection:
        said = "SELECT id FROM report WHERE outlet = 'x' ORDER BY published DESC NULLS LAST, id DESC LIMIT 50"
        [plan] = connection.execute(text(f"EXPLAIN QUERY PLAN {said}")).scalars("detail")
    assert "COVERING INDEX report_listed" in plan


def test_the_log_comes_in_pages_both_ways(ledger: Ledger) -> None:
    put(ledger, *reports())
    event = ledger.query(type="AID").events[0].id
    ids = [ledger.confirm(event, by="ada", note=str(number)) for number in range(7)]
    for ascending in (True, False):
        seen: list[str] = []
        after = None
        while True:
            page = ledger.judgement_page(limit=3, after=after, ascending=ascending)
            seen += [one.id for one in page.judgements]
            if (after := page.next) is None:
                break
        assert seen == (ids if ascending else ids[::-1])
    assert ledger.judgement(ids[2]) == ledger.judgements()[2]
    assert ledger.judgement("none") is None
    with pytest.raises(BadQuestion):
        ledger.judgement_page(after=ledger.judgement_page(limit=3).next, ascending=False)


def test_countries_by_how_often_they_act(ledger: Ledger) -> None:
    put(ledger, *reports())
    found = {one.country: (one.acting, one.acted_upon) for one in ledger.actors()}
    assert found["FRA"] == (2, 1)  # sanctions, and talks both ways
    assert found["NER"] == (2, 4)  # the attack at home and talks; sanctions and aid, too
    assert [one.country for one in ledger.actors(type="SANCTION")] == ["FRA", "NER"]
    assert ledger.actors(min_sources=1) == ledger.actors()  # read from the events themselves
    assert [one.acting for one in ledger.actors(text="banks")] == [1, 0]


def test_news_is_what_came_in_since_and_nothing_is_passed_over(ledger: Ledger) -> None:
    first, second, *rest = reports()
    assert ledger.latest() == ""
    put(ledger, first)
    begun = ledger.latest()
    assert ledger.news("").events == ledger.query().events
    assert ledger.news(begun) == News((), (), begun)
    put(ledger, second)  # tells the same event: it is news again
    assert [one.sources for one in ledger.news(begun).events] == [2]
    middle = ledger.latest()
    put(ledger, *rest)
    told = ledger.news(middle)
    assert {one.type for one in told.events} == {"ASSAULT", "SANCTION", "CONSULT", "AID"}
    assert [one.type for one in ledger.news(middle, actor="FRA", type="SANCTION").events] == ["SANCTION"]
    assert ledger.news(middle, min_sources=9).cursor == told.cursor == ledger.latest()
    aid = ledger.query(type="AID").events[0].id
    judgement = ledger.correct(aid, {"type": "COOPERATE"}, by="ada")
    after = ledger.news(told.cursor)
    assert ([one.type for one in after.events], [one.id for one in after.judgements]) == (["COOPERATE"], [judgement])
    ledger.drop(after.events[0].id, by="ada")
    assert ledger.news(after.cursor).events == ()


def test_much_news_comes_in_parts_and_no_write_is_cut(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dragoman.ledger.asking.since._AT_ONCE", 2)
    made = [report(f"Raiders number {n} attacked a post.", Told("attacked", "ASSAULT")) for n in range(9)]
    put(ledger, *made[:4])
    put(ledger, *made[4:5])
    put(ledger, *made[5:])
    seen: list[str] = []
    cursor, more, parts = "", True, 0
    while more:
        news = ledger.news(cursor)
        told = {t.report.id for one in news.events for t in (ledger.event(one.id) or one).tellings}
        seen += told & {one.document.id for one in made} - set(seen)
        cursor, more, parts = news.cursor, news.more, parts + 1
    assert sorted(seen) == sorted(one.document.id for one in made)
    assert parts >= 2


def test_stamps_rise_whatever_the_clock_says(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    class Clock(datetime):
        hours: Iterator[int] = iter((12, 12, 9, 15))

        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return datetime(2026, 1, 1, next(cls.hours), tzinfo=UTC)

    monkeypatch.setattr(stamps, "datetime", Clock)
    found = []
    for one in reports()[:4]:
        put(ledger, one)
        found.append(ledger.latest())
    assert found == sorted(set(found))
    assert found[-1].startswith("2026-01-01T15")


def test_a_ledger_of_the_version_before_is_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "events.db"
    with filled(path) as ledger:
        id = ledger.confirm(ledger.query(type="AID").events[0].id, by="ada")
        before = ledger.digest()
    with sqlite3.connect(path) as held:
        held.execute("DROP INDEX judgement_logged")
        held.execute("ALTER TABLE judgement DROP COLUMN logged")
        held.execute("DROP INDEX report_listed")
        held.execute("UPDATE meta SET value = '1' WHERE name = 'version'")
    with Ledger(path) as ledger:
        assert ledger.digest() == before
        assert ledger.faults() == []
        assert [one.id for one in ledger.news("").judgements] == [id]
        ledger.confirm(ledger.query(type="AID").events[0].id, by="ben")
        assert [one.by for one in ledger.news("").judgements] == ["ada", "ben"]
