"""Stances as a page, a figure and a table."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from starlette.testclient import TestClient
from tests.ledger_samples import Told, report
from tests.test_ledger_stance import TARGET, reports

from dragoman.ledger import Ledger, asking
from dragoman.ledger.asking.columns import COLUMNS
from dragoman.ledger.writing import add
from dragoman.web import create_app
from dragoman.web.showing import figure, standing

HOSTILE = '<script>alert("1")</script>&]]>\x0b'
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    with Ledger(tmp_path_factory.mktemp("stance") / "ledger.db") as opened:
        opened.store.write(lambda connection: add(connection, reports()))
        yield opened


@pytest.fixture(scope="module")
def client(ledger: Ledger) -> TestClient:
    return TestClient(create_app(ledger), base_url="http://127.0.0.1:8421")


def text(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def columns(page: str) -> dict[tuple[str, str], str]:
    """What stands in each column of a page, by the heading of its group and its own."""
    found = {}
    for group in re.findall(r'<section class="group".*?(?=<section class="group"|</main>)', page, re.DOTALL):
        key = re.search(r'id="group-(\w+)"', group)
        assert key is not None
        for title, rest in re.findall(r"<h3>([^<]*) <span.*?</h3>(.*?)</section>", group, re.DOTALL):
            found[key[1], title] = text(rest)
    return found


def test_the_page_has_a_column_for_each_way_to_stand(client: TestClient) -> None:
    page = client.get("/stance", params={"target": TARGET})
    assert page.status_code == 200
    got = columns(page.text)
    assert "European Union" in got["target", "Sanction"]
    assert "imposed sanctions on Russia over its invasion" in got["target", "Sanction"].replace("  ", " ")
    assert "Harbour Wire , 3 March 2022" in got["target", "Sanction"]
    assert "Myanmar" in got["target", "Support"]
    assert "China" in got["target", "Supply arms"]
    assert "India" in got["target", "Abstain or decline"]
    assert "Turkey" in got["target", "Mediate"]
    assert "Brazil" in got["target", "Call for an end"]
    assert "Poland" in got["victim", "Supply arms"]
    assert "Sweden" in got["victim", "Give aid"]
    assert ("other", "Threaten") in got
    said = text(page.text)
    assert "Taken for a deed of Russia , done to Ukraine ." in said
    assert "Towards the deed and those who did it: Russia" in said


def test_the_words_that_name_the_act_are_marked_and_lead_to_event_and_report(
    client: TestClient, ledger: Ledger
) -> None:
    page = client.get("/stance", params={"target": TARGET}).text
    assert "<mark>sent howitzers</mark>" in page
    sent = ledger.query(type="AID", actor="POL", tellings=True).events[0]
    assert f'href="/events/{sent.id}"' in page
    assert f'href="/reports/{sent.tellings[0].report.id}"' in page


def test_a_target_may_be_an_event_a_country_or_words(client: TestClient, ledger: Ledger) -> None:
    deed = ledger.query(type="ASSAULT", factuality="actual").events[0]
    assert "Taken for an event" in text(client.get(f"/stance?target={deed.id}").text)
    assert "whatever is done to it counts" in text(client.get("/stance?target=Russian").text)
    nothing = text(client.get("/stance?target=volcano").text)
    assert "Nobody is told to do anything about it" in nothing
    assert "no event is named by them" in nothing


def test_filters_narrow_the_acts_and_go_on_into_the_exports(client: TestClient) -> None:
    page = client.get("/stance", params={"target": TARGET, "actor": "POL,SWE", "min_confidence": "0.5"}).text
    assert set(columns(page)) == {("victim", "Supply arms"), ("victim", "Give aid")}
    links = re.findall(r'href="(/stance\.\w+\?[^"]*)"', page)
    assert len(links) == 2
    for link in links:
        answer = client.get(link.replace("&amp;", "&"))
        assert answer.status_code == 200
        assert "Sweden" in answer.text
        assert "European Union" not in answer.text
    assert '<input type="hidden" name="min_confidence" value="0.5">' in page
    assert "Also narrowed by min confidence 0.5." in page
    drawn = client.get(next(link for link in links if ".svg" in link).replace("&amp;", "&")).text
    assert "Only acts of: actor POL or SWE, min confidence 0.5." in drawn


def test_without_a_target_there_are_examples_that_lead_somewhere(client: TestClient) -> None:
    page = client.get("/stance").text
    links = re.findall(r'<li><a href="(/stance\?[^"]*)"', page)
    assert len(links) >= 3
    assert all(client.get(link).status_code == 200 for link in links)


@pytest.mark.parametrize("target", ["of the", "!!!", "word " * 500])
def test_what_cannot_be_asked_is_told_beside_the_form(client: TestClient, target: str) -> None:
    page = client.get("/stance", params={"target": target})
    assert page.status_code == 400
    assert 'role="alert"' in page.text
    assert 'name="target"' in page.text
    assert client.get("/stance.svg", params={"target": target}).status_code == 400
    assert client.get("/stance.csv", params={"target": target}).status_code == 400


def test_filters_by_text_or_report_are_not_taken(client: TestClient) -> None:
    page = client.get("/stance?target=Russia&text=bank")
    assert page.status_code == 400
    assert "leave out text and report" in page.text
    assert client.get("/stance.csv").status_code == 400


def test_the_figure_is_xml_that_stands_by_itself(client: TestClient) -> None:
    answer = client.get("/stance.svg", params={"target": TARGET})
    assert answer.headers["content-type"] == "image/svg+xml"
    drawn = ElementTree.fromstring(answer.content)
    assert drawn.tag == f"{SVG}svg"
    said = [one.text or "" for one in drawn.iter(f"{SVG}text")]
    assert TARGET in said
    assert "Poland" in said
    assert any(re.search(r"Dragoman \S+: \d+ reports, acts of .* – (told )?10 March 2022\.", one) for one in said)
    # Nothing runs and nothing is loaded.
    assert {one.tag.removeprefix(SVG) for one in drawn.iter()} == {"svg", "title", "rect", "text", "g"}
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)|style=|font-face", answer.text)
    height = float(drawn.get("height", "0"))
    assert all(float(one.get("y", "0")) < height for one in drawn.iter(f"{SVG}text"))


def test_lines_of_a_figure_do_not_run_into_each_other(ledger: Ledger) -> None:
    lines, height = figure.layout(ledger.stance(TARGET))
    for one in lines:
        assert one.y <= height
        below = [other.y - one.y for other in lines if other.x == one.x and other is not one and other.y >= one.y]
        assert all(step >= 18 for step in below)


def test_the_table_has_a_row_for_each_party_of_a_column(client: TestClient, ledger: Ledger) -> None:
    answer = client.get("/stance.csv", params={"target": TARGET})
    assert answer.headers["content-type"].startswith("text/csv")
    assert 'filename="stance-invasion-of-ukraine.csv"' in answer.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    found = ledger.stance(TARGET)
    assert [(r["group"], r["column"], r["country"]) for r in rows] == [
        (group, name, stand.country or "") for group, name, stand in found.rows()
    ]
    assert {r["sentence"] for r in rows} == {s.evidence[0].sentence for _, _, s in found.rows()}


def test_what_was_not_read_is_said_and_can_be_read(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dragoman.web.pages.stance._SOME", 3)
    client = TestClient(create_app(ledger), base_url="http://127.0.0.1:8421")
    page = client.get("/stance?target=Russia").text
    assert re.search(r"\d+ earlier events? w\w+ not read", page)
    whole = re.search(r'href="(/stance\?[^"]*all=yes)"', page)
    assert whole is not None
    assert "not read" not in client.get(whole[1].replace("&amp;", "&")).text
    assert "earlier events were not read" in client.get("/stance.svg?target=Russia").text


def test_reading_fewer_events_reads_the_latest(ledger: Ledger) -> None:
    everything = ledger.stance("Russia")
    assert everything.left_out == 0
    some = ledger.stance("Russia", most=2)
    assert some.left_out == ledger.count(recipient="RUS") - 2
    assert sum(stand.events for _, _, stand in some.rows()) <= 2
    with pytest.raises(asking.BadQuestion):
        ledger.stance("Russia", most=0)


def test_reports_are_those_that_tell_the_acts(ledger: Ledger) -> None:
    found = ledger.stance("Russia", evidence=100)
    assert found.reports == len({proof.report for _, _, stand in found.rows() for proof in stand.evidence})
    assert found.to_dict()["reports"] == found.reports > 1


def test_hostile_words_stay_words(tmp_path_factory: pytest.TempPathFactory) -> None:
    with Ledger(tmp_path_factory.mktemp("hostile") / "ledger.db") as ledger:
        told = f"{HOSTILE} party condemned the raid on Kenya. The raid on Kenya began."
        coding = report(
            told,
            Told("condemned", "ACCUSE", f"{HOSTILE} party", "Kenya | KEN GOV"),
            Told("raid on Kenya began", "ASSAULT", "", "Kenya | KEN GOV"),
            title=HOSTILE,
            outlet=HOSTILE,
        )
        ledger.store.write(lambda connection: add(connection, [coding]))
        client = TestClient(create_app(ledger), base_url="http://127.0.0.1:8421")
        for target in ("Kenya", f"raid {HOSTILE}", "raid on Kenya"):
            page = client.get("/stance", params={"target": target})
            assert "<script>alert" not in page.text
            drawn = client.get("/stance.svg", params={"target": target})
            assert drawn.status_code == page.status_code == 200
            ElementTree.fromstring(drawn.content)
        assert "&lt;script&gt;alert(" in page.text


def test_every_column_has_a_side_and_a_title() -> None:
    sided = [name for names in standing.SIDES.values() for name in names]
    assert sorted(sided) == sorted(COLUMNS) == sorted(standing.TITLES)


def test_pronouns_are_no_names() -> None:
    stand = asking.Stand("EUR", "GOV", ("It", "the bloc", "European Union"), 3, 0, None, None, ())
    assert standing.other_names(stand) == "the bloc"
    assert standing.party_name(asking.Stand(None, None, ("the Osk league",), 1, 0, None, None, ())) == "the Osk league"


def test_of_many_countries_the_first_are_named() -> None:
    codes = ("RUS", "UKR", "USA", "CHN", "MMR", "KEN", "POL")
    assert standing.listed(codes[:6]) == "Russia, Ukraine, United States, China, Myanmar, Kenya"
    assert standing.listed(codes) == "Russia, Ukraine, United States, China, Myanmar and 2 others"
    assert standing.listed(()) == ""


@pytest.mark.parametrize(
    ("stand", "said"),
    [
        (("2022-01-01", "2025-10-14", "2022", None), "2022 – told 14 October 2025"),
        (("2023-08-01", "2023-08-01", "2023-08", "2023-08"), "August 2023"),
        (("2025-10-14", "2025-10-14", None, None), "told 14 October 2025"),
        ((None, None, None, None), ""),
    ],
)
def test_days_are_as_exact_as_they_are_told(stand: tuple[str | None, ...], said: str) -> None:
    first, last, own, other = stand
    assert standing.days(asking.Stand("KEN", "GOV", ("Kenya",), 2, 0, first, last, (), own, other)) == said


def test_a_year_is_no_first_of_january(tmp_path: Path) -> None:
    with Ledger(tmp_path / "ledger.db") as ledger:
        coding = report(
            "In 2021 Kenya praised Sudan. Kenya warned Sudan.",
            Told("praised", "SUPPORT", "Kenya | KEN GOV", "Sudan | SDN GOV", date="2021"),
            Told("warned", "THREATEN", "Kenya | KEN GOV", "Sudan | SDN GOV"),
            published="2022-03-04",
        )
        ledger.store.write(lambda connection: add(connection, [coding]))
        stands = {name: stand for _, name, stand in ledger.stance("Sudan").rows()}
        assert (stands["supports"].first, stands["supports"].first_date) == ("2021-01-01", "2021")
        assert (stands["threatens"].last, stands["threatens"].last_date) == ("2022-03-04", None)
        client = TestClient(create_app(ledger), base_url="http://127.0.0.1:8421")
        page = client.get("/stance?target=Sudan").text
        assert "acts of 2021 – told 4 March 2022" in page
        assert "January 2021" not in page
        assert "2021-01-01" not in client.get("/stance.svg?target=Sudan").text
