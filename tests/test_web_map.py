"""The map: what is drawn where, what is said of the rest, and that names of any kind stay names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial
from math import hypot
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from dragoman import codebook
from dragoman.ledger import Ledger
from dragoman.ledger.asking import Filters, PlaceCount, Places
from dragoman.ledger.eventrows import put_events
from dragoman.ledger.model import LedgerEvent, Party, Report, Telling
from dragoman.record import Event, EventPlace
from dragoman.web import create_app
from dragoman.web.drawing import earth
from dragoman.web.pages.map import area_address, circle_address, map_address, site_address
from dragoman.web.showing import mapping

HOSTILE = '"><script>alert(1)</script>&\u202e\x07]]>'
PLACES = (
    *[("Kyiv", "UKR", "ASSAULT")] * 3,
    ("Kyiv", "UKR", "CONSULT"),
    ("the town of Bama", "NGA", "ASSAULT"),
    ("Rakhine state", "MMR", "COERCE"),
    ("Myanmar", "MMR", "ASSAULT"),
    ("northern Syria", "SYR", "AID"),
    ("Malta", "MLT", "CONSULT"),
    ("Bahrain", "BHR", "CONSULT"),
    ("the Sahel", None, "ASSAULT"),
    (HOSTILE, "KEN", "PROTEST"),
    (None, None, "ACCUSE"),
)


def events() -> list[LedgerEvent]:
    return [
        LedgerEvent(
            f"e{at:03}",
            type,
            actor=(Party("officials", "USA", "GOV"),),
            date=f"2024-03-{at + 1:02}",
            place=EventPlace(place, country) if place else None,
            sources=1,
            reports=1,
            confidence=0.9,
            tellings=(Telling(Report(f"r{at}"), Event(type), (f"It was in {place}.",), ("was",)),),
        )
        for at, (place, country, type) in enumerate(PLACES)
    ]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with Ledger(tmp_path_factory.mktemp("map") / "ledger.db") as ledger:
        ledger.store.write(partial(put_events, made=events()))
        with TestClient(create_app(ledger), base_url="http://127.0.0.1:8421") as opened:
            yield opened


def svg(page: str) -> ElementTree.Element:
    found = re.search(r'<svg class="earth".*?</svg>', page, re.DOTALL)
    assert found is not None
    return ElementTree.fromstring(found.group())


def counts(page: str) -> str:
    found = re.search(r'id="map-counts">(.*?)</p>', page, re.DOTALL)
    assert found is not None
    return " ".join(re.sub(r"<[^>]+>", "", found[1]).split())


def titles(page: str) -> list[str]:
    return [" ".join((one.text or "").split()) for one in svg(page).iter("title")]


def test_events_are_told_apart_by_how_exactly_their_place_is_known(client: TestClient) -> None:
    page = client.get("/map").text
    assert counts(page) == (
        "13 events: 5 at points, 6 by country, 1 name no place, 1 a place of no one state or one not known."
    )
    assert "Kyiv: 4 events: 3 material conflict, 1 verbal cooperation" in titles(page)
    assert "Bama: 1 event: 1 material conflict" in titles(page)
    shaded = next(title for title in titles(page) if title.startswith("Myanmar"))
    assert shaded == "Myanmar: 2 events of which no nearer place is known: 2 material conflict"
    assert "Ukraine" in titles(page)  # all its events have points: it is not shaded


def test_states_too_small_to_be_seen_are_circles_of_their_own(client: TestClient) -> None:
    drawn = svg(client.get("/map").text)
    small = [one for one in drawn.iter("circle") if "small" in one.get("class", "")]
    assert len(small) == 2
    assert all("shade-1" in one.get("class", "") for one in small)


def test_a_circle_and_a_country_lead_to_their_events(client: TestClient) -> None:
    drawn = svg(client.get("/map").text)
    links = {one.get("aria-label"): one.get("href", "") for one in drawn.iter("a")}
    listed = client.get(links["Kyiv: 4 events"]).text
    assert len(set(re.findall(r'data-event="(\w+)"', listed))) == 4
    assert "place=MMR" in links["Myanmar: 2 events"]
    assert len(set(re.findall(r'data-event="(\w+)"', client.get(links["Myanmar: 2 events"]).text))) == 2


def test_filters_in_the_address_narrow_what_is_drawn_and_go_on_into_links(client: TestClient) -> None:
    page = client.get("/map?type=CONSULT&since=2024-03-02").text
    assert counts(page) == "3 events: 1 at points, 2 by country, 0 name no place."
    assert 'value="2024-03-02"' in page
    assert re.search(r'<option value="CONSULT" selected>', page)
    for link in re.findall(r'href="(/(?:map|events)\?[^"]*)"', page):
        assert "type=CONSULT" in link
        assert "since=2024-03-02" in link
    several = client.get("/map?type=ACCUSE,PROTEST").text
    assert '<option value="ACCUSE,PROTEST" selected>accuse, protest</option>' in several
    conflict = ",".join(t.name for t in codebook.TYPES.values() if t.quad == 4)
    whole = client.get("/map", params={"type": conflict}).text
    assert f'<option value="{conflict}" selected>all material conflict</option>' in whole
    assert re.findall(r"<option [^>]*selected>([^<]*)", whole) == ["all material conflict", "actual"]
    hidden = client.get("/map?min_sources=1&actor_sector=GOV").text
    assert '<input type="hidden" name="min_sources" value="1">' in hidden
    assert '<input type="hidden" name="actor_sector" value="GOV">' in hidden


def test_what_did_not_happen_is_drawn_only_when_asked_for(tmp_path: Path) -> None:
    with Ledger(tmp_path / "ledger.db") as ledger:
        planned = LedgerEvent("p", "ASSAULT", factuality="future", place=EventPlace("Lima", "PER"), sources=1)
        ledger.store.write(partial(put_events, made=[planned]))
        opened = TestClient(create_app(ledger), base_url="http://127.0.0.1:8421")
        assert counts(opened.get("/map").text) == "No event is like that."
        assert counts(opened.get("/map?factuality=").text).startswith("1 event: 1 at points")
        assert counts(opened.get(map_address(Filters(), "asia")).text).startswith("1 event")
        assert counts(opened.get(map_address(Filters(factuality="actual"), "asia")).text) == "No event is like that."


def test_parts_of_the_world_are_addresses(client: TestClient) -> None:
    page = client.get("/map?view=africa").text
    assert svg(page).get("viewBox") == earth.VIEWS["africa"].box
    assert not any(title.startswith("Japan") for title in titles(page))
    assert "Bama: 1 event: 1 material conflict" in titles(page)
    for wrong in ("nowhere", "1,2", "nan,1,2", "inf,inf,inf", "-5,-5,-5", "9" * 400):
        assert client.get("/map", params={"view": wrong}).status_code == 200


def test_hostile_names_stay_names(client: TestClient) -> None:
    page = client.get("/map").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert client.get("/map", params={"text": HOSTILE}).status_code == 200


def test_a_wrong_filter_is_told(client: TestClient) -> None:
    answer = client.get("/map?type=WAR")
    assert answer.status_code == 400
    assert "is no type" in answer.text


def test_a_page_asks_the_ledger_once_until_it_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Ledger(tmp_path / "ledger.db") as ledger:
        ledger.store.write(partial(put_events, made=events()[:2]))
        asked = []
        places = ledger.places

        def counting(filters: Filters) -> Places:
            asked.append(filters)
            return places(filters)

        monkeypatch.setattr(ledger, "places", counting)
        opened = TestClient(create_app(ledger), base_url="http://127.0.0.1:8421")
        for view in ("world", "asia", "world"):
            assert counts(opened.get(f"/map?view={view}").text).startswith("2 events")
        assert len(asked) == 1
        ledger.store.write(partial(put_events, made=events()[2:4]))
        assert counts(opened.get("/map").text).startswith("4 events")


def test_what_is_left_out_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Ledger(tmp_path / "ledger.db") as ledger:
        ledger.store.write(partial(put_events, made=events()))
        monkeypatch.setattr(ledger, "places", partial(ledger.places, most=4))
        said = counts(TestClient(create_app(ledger), base_url="http://127.0.0.1:8421").get("/map").text)
        assert said.startswith("4 events:")
        assert "the latest, since 10 March 2024; 9 earlier events are not drawn" in said


QUADS = st.tuples(*[st.integers(0, 40)] * 4).filter(any)
SITES = st.lists(
    st.builds(
        mapping.Site,
        st.text(max_size=8),
        st.sampled_from(("USA", None)),
        st.just(("x",)),
        QUADS,
        st.floats(0, 1000),
        st.floats(0, 486),
    ),
    max_size=40,
)


@settings(deadline=None)
@given(SITES)
def test_circles_hold_every_site_once_and_do_not_hide_each_other(sites: Sequence[mapping.Site]) -> None:
    ordered = sorted(sites, key=lambda site: -site.events)
    made = mapping.circles(ordered, earth.VIEWS["world"])
    assert sorted(map(repr, (site for one in made for site in one.sites))) == sorted(map(repr, sites))
    for one in made:
        assert one.events == sum(site.events for site in one.sites) == sum(one.quads)
        assert [number for number, _ in one.slices] == [at + 1 for at, n in enumerate(one.quads) if n]
        for other in made:
            if other is not one:
                # Each was apart when it was begun; what joined it later made it grow, up to the largest radius.
                assert hypot(one.x - other.x, one.y - other.y) > 5


def test_circles_fall_apart_as_the_map_comes_closer() -> None:
    def site(name: str, lon: float) -> mapping.Site:
        return mapping.Site(name, "SDN", (name,), (0, 0, 0, 3), *earth.project(lon, 15.6))

    sites = [site("Khartoum", 32.5), site("Omdurman", 32.2)]
    assert [len(one.sites) for one in mapping.circles(sites, earth.VIEWS["world"])] == [2]
    closer = earth.around(sites[0].x, sites[0].y, 25.0)
    assert [len(one.sites) for one in mapping.circles(sites, closer)] == [1, 1]
    assert mapping.circles(sites, earth.VIEWS["americas"].moved(-1, 0, 4)) == []


def test_a_circle_of_several_sites_leads_closer_and_in_the_end_to_their_countries() -> None:
    def site(name: str, code: str, lon: float) -> mapping.Site:
        return mapping.Site(name, code, (name,), (0, 0, 0, 3), *earth.project(lon, 4.3))

    sites = [site("Kinshasa", "COD", 15.31), site("Brazzaville", "COG", 15.28)]
    view, links = earth.VIEWS["world"], []
    for _ in range(6):
        (one,) = mapping.circles(sites, view)
        links.append(circle_address(one, Filters(type="ASSAULT"), view))
        view = earth.view_of(unquote(re.sub(".*view=([^&]*).*", r"\1", links[-1])))
        if links[-1].startswith("/events"):
            break
    assert len(links) > 2
    assert all(link.startswith("/map?type=ASSAULT&view=") for link in links[:-1])
    assert links[-1] == "/events?type=ASSAULT&place=COD&place=COG"


def test_shades_grow_with_the_number_of_events() -> None:
    steps = [mapping.Area("MMR", (), (n, 0, 0, 0)).step for n in (1, 2, 3, 9, 10, 99, 100, 299, 300, 10**6)]
    assert steps == [1, 1, 2, 2, 3, 4, 5, 5, 6, 6]


def test_two_names_of_one_place_are_one_site_and_lists_are_narrowed_by_the_shorter() -> None:
    rows = tuple(
        PlaceCount(EventPlace(text, "MLI"), (0, 0, 0, n), "", "") for text, n in (("capital Bamako", 1), ("Bamako", 2))
    )
    shown = mapping.mapped(Places(rows, 3, 0, 0, ""))
    (site,) = shown.sites
    assert (site.name, site.events, site.texts) == ("Bamako", 3, ("Bamako", "capital Bamako"))
    assert site_address(site, Filters(text="attack")) == "/events?place=MLI&text=attack+%22Bamako%22"
    assert site_address(site._replace(texts=("—",)), Filters()) == "/events?place=MLI"
    assert area_address(mapping.Area("MLI", (), (1, 0, 0, 0)), Filters(place="NER")) == "/events?place=MLI"


def test_quads_are_named_as_the_codebook_names_them() -> None:
    assert mapping.parts((0, 2, 0, 1)) == f"2 {codebook.QUADS[2]}, 1 {codebook.QUADS[4]}"
