"""Pages of actors: the index, a country, a name; where the words of a party lead."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient
from tests.ledger_samples import Told, report

from dragoman.ledger import Ledger
from dragoman.ledger.eventrows import put_events
from dragoman.ledger.model import LedgerEvent, Party
from dragoman.ledger.writing import add
from dragoman.web import Settings, create_app
from dragoman.web.parties import actor_address

HOSTILE = "</title><script>alert('x')</script>"
REPORTS = [
    report(
        "Russia accused Ukraine of theft. Putin met Dewi Larasati. It praised the talks of Ukraine.",
        Told("accused", "ACCUSE", "Russia | RUS GOV", "Ukraine | UKR GOV", date="2022-03-01"),
        Told("met", "CONSULT", "Putin | RUS GOV; Dewi Larasati | IDN GOV", date="2022-03-02"),
        Told("praised", "SUPPORT", "It | EUR GOV", "Ukraine | UKR GOV", date="2022-03"),
        outlet="Delta Wire",
    ),
    report(
        "Two soldiers of Russia gave rifles to Ukraine.",
        Told("gave", "AID", "Two soldiers | RUS MIL", "Ukraine | UKR GOV", date="2021-05-04"),
        outlet="Coast Tribune",
    ),
]


def hostile() -> LedgerEvent:
    party = Party(HOSTILE, "USA", "GOV")
    return LedgerEvent(
        "hostile",
        "ACCUSE",
        actor=(party,),
        recipient=(Party("Ukraine", "UKR"),),
        date="2022-01-01",
        reported="2022-01-02",
    )


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with Ledger(tmp_path_factory.mktemp("web") / "ledger.db") as ledger:
        ledger.store.write(lambda connection: add(connection, REPORTS))
        ledger.store.write(partial(put_events, made=[hostile()]))
        with TestClient(create_app(ledger, Settings()), base_url="http://127.0.0.1:8421") as client:
            yield client


def text(client: TestClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    assert "<script>alert" not in answer.text
    assert " style=" not in answer.text
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text.split("<main")[1]).split())


def test_the_index_lists_countries_and_names(client: TestClient) -> None:
    shown = text(client, "/actors")
    assert shown.index("Ukraine UKR") < shown.index("Indonesia IDN")
    assert "Dewi Larasati IDN GOV 1" in shown
    assert "Vladimir Putin RUS GOV 1" in shown
    assert "Two soldiers" not in shown
    named = text(client, "/actors?sort=name")
    assert named.index("European Union EUR") < named.index("Indonesia IDN") < named.index("Ukraine UKR")
    found = text(client, "/actors?q=INDO")
    assert "Indonesia IDN" in found
    assert "Ukraine UKR" not in found
    assert "No country of the ledger" in text(client, "/actors?q=" + quote(HOSTILE))


def test_a_country(client: TestClient) -> None:
    answer = client.get("/actors/UKR")
    shown = text(client, "/actors/UKR")
    assert "A state, UKR" in shown
    assert "Accused by Russia 1" in shown
    assert "Given arms by Russia 1" in shown
    assert "Supported by European Union 1" in shown
    assert 'href="/events?recipient=UKR&amp;actor=RUS&amp;type=ACCUSE&amp;factuality=actual"' in answer.text
    assert answer.text.count('role="img"') == 2
    assert "2022-Q1" not in shown  # ten months are told by month
    assert "2022-03 2 1 0 1 0" in text(client, "/actors/RUS?since=2022-03&until=2022-03")


def test_links_of_a_page_find_what_it_counts(client: TestClient) -> None:
    answer = client.get("/actors/UKR?by=year")
    found = re.findall(r'<a class="count" href="(/events[^"]+)"[^>]*>(\d+)</a>', answer.text)
    assert len(found) >= 3
    for address, number in found:
        if "AGREE" in address:  # arms, which no filter tells from other aid
            continue
        listed = client.get(address.replace("&amp;", "&"))
        assert listed.text.count('<article class="event"') == int(number), address


def test_a_span_narrows_a_page(client: TestClient) -> None:
    assert "Gives arms to" in text(client, "/actors/RUS")
    assert "Most with Indonesia 2 , Ukraine 2 , each way counted" in text(client, "/actors/RUS")
    assert "Gives arms to" not in text(client, "/actors/RUS?since=2022")
    assert "Nothing that happened in this span" in text(client, "/actors/RUS?until=2020")
    for wrong in ("since=never", "since=2022-13", "since=2022&until=2021", "by=week"):
        assert client.get(f"/actors/RUS?{wrong}").status_code == 400


def test_a_name(client: TestClient) -> None:
    shown = text(client, "/actors/named?name=Vladimir%20Putin")
    assert "A person of the register, of Russia" in shown
    assert "Putin 1" in shown
    assert "President GOV 7 May 2012" in shown
    assert "2022 Russia, Government 1" in shown
    assert "Meets Indonesia 1" in shown
    assert "does not know it" in text(client, "/actors/named?name=Larasati")
    assert "No event has a party of that name" in text(client, "/actors/named?name=Nobody")
    assert client.get("/actors/named?name=the").status_code == 400
    assert client.get("/actors/named?name=Putin&country=Atlantis").status_code == 400
    assert client.get("/actors/named", follow_redirects=False).headers["location"] == "/actors"


def test_hostile_names_are_only_text(client: TestClient) -> None:
    for address in ("/actors", "/actors/USA", "/actors/UKR", "/actors/named?name=" + quote(HOSTILE)):
        text(client, address)
    assert "alert(&#39;x&#39;)" in client.get("/actors/USA").text


def test_codes_have_one_address(client: TestClient) -> None:
    for other in ("rus", "Russia", "Moscow"):
        answer = client.get(f"/actors/{other}?by=year", follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (308, "/actors/RUS?by=year")
    for none in ("XYZ", "..%2f..", quote(HOSTILE, safe="")):
        assert client.get(f"/actors/{none}").status_code == 404


@pytest.mark.parametrize(
    ("party", "address"),
    [
        (Party("Moscow", "RUS", "GOV"), "/actors/RUS"),
        (Party("the government", "RUS", "GOV"), "/actors/RUS"),
        (Party("It", "EUR", "GOV"), "/actors/EUR"),
        (Party("", "EUR"), "/actors/EUR"),
        (Party("They"), ""),
        (Party("President Vladimir Putin", "RUS", "GOV"), "/actors/named?name=Vladimir+Putin"),
        (Party("two soldiers", "RUS", "MIL"), "/actors/named?name=two+soldiers&country=RUS"),
        (Party("officials"), "/actors/named?name=officials"),
        (Party("…", "RUS"), "/actors/RUS"),
        (Party("long " * 100_000, "RUS"), "/actors/RUS"),
        (Party("Somewhere", "???"), "/actors/named?name=Somewhere"),
    ],
)
def test_where_a_partys_words_lead(party: Party, address: str) -> None:
    assert actor_address(party) == address


def test_a_pronoun_is_told_with_its_country(client: TestClient) -> None:
    assert "It ( European Union ) EUR GOV" in text(client, "/events?type=SUPPORT")


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    path: Path = tmp_path_factory.mktemp("empty") / "ledger.db"
    with Ledger(path) as ledger, TestClient(create_app(ledger), base_url="http://127.0.0.1:8421") as client:
        yield client


@pytest.mark.parametrize(
    "address",
    ["/actors", "/actors/USA", "/actors/named?name=Putin", "/relations", "/relations?actor=USA&recipient=RUS"],
)
def test_an_empty_ledger_has_pages_too(empty: TestClient, address: str) -> None:
    assert empty.get(address).status_code == 200


words = st.text(st.characters(exclude_categories=["Cs"]), max_size=40) | st.sampled_from(
    ["USA", "2021", "name", HOSTILE]
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(
        ["/actors", "/actors/named", "/actors/RUS", "/relations", "/relations/frames", "/relations/data.csv"]
    ),
    st.dictionaries(
        st.sampled_from(
            ["q", "sort", "all", "name", "country", "since", "until", "by", "at", "type", "quad", "actor", "recipient"]
        ),
        words,
    ),
)
def test_no_address_breaks_a_page(client: TestClient, path: str, given: dict[str, str]) -> None:
    answer = client.get(path, params=given, follow_redirects=False)
    assert answer.status_code in (200, 303, 308, 400)
    assert "<script>alert" not in answer.text
