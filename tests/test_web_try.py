"""Trying a text or an address: coded at once, and kept only when somebody says so."""

from __future__ import annotations

import html
import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.fetching_site import Site, page
from tests.ledger_shell import quick
from tests.web_forms import form, forms, send

from dragoman import engines
from dragoman.engines import Outcome
from dragoman.fetching import Clock, Fetcher, Limits
from dragoman.ledger import Ledger
from dragoman.reading import Refusal
from dragoman.record import Document
from dragoman.web import Settings, create_app
from dragoman.web.coding import CodingRoom
from dragoman.web.showing import trying

BASE = "http://127.0.0.1:8421"
TEXT = "Rebels attacked soldiers. The village was quiet by the evening, people who had stayed there told reporters."


class Quick:
    """A worker that takes no time."""

    def load(self) -> Refusal | None:
        return None

    def code(self, document: Document) -> Outcome:
        if "unlucky" in document.text:
            return Refusal(document.id, "took over 60 seconds to code", "split it into its reports")
        return engines.Coded(document, quick(document))

    def lives(self) -> bool:
        return True

    def close(self) -> None:
        pass


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "l.db") as made:
        yield made


def client(ledger: Ledger, **settings: Any) -> TestClient:
    app = create_app(ledger, Settings(**settings))
    app.state.desk.coding = CodingRoom(hire=lambda seconds: Quick())
    return TestClient(app, base_url=BASE, follow_redirects=False)


def tried(desk: TestClient, **typed: str) -> Any:
    return send(desk, desk.get("/try").text, "/try", typed)


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A desk with the coder that ships."""
    with Ledger(tmp_path_factory.mktemp("ledger") / "l.db") as made:
        app = create_app(made, Settings())
        with TestClient(app, base_url=BASE, follow_redirects=False) as desk:
            yield desk


def pressed(desk: TestClient, number: int) -> Any:
    start = desk.get("/try").text
    [one] = [f for f in forms(start) if ("example", str(number)) in f.buttons]
    return desk.post("/try", data=dict(one.values) | {"example": str(number)})


def test_the_examples_are_coded_by_the_coder_that_ships_and_kept_as_shown(real: TestClient) -> None:
    examples = trying.examples()
    assert len(examples) == 3
    assert all(80 <= len(one.text.split()) <= 160 for one in examples)
    for number, one in enumerate(examples):
        answer = pressed(real, number)
        assert answer.status_code == 200
        assert one.title in html.unescape(answer.text)
        assert re.search(r"coded in \d+\.\d\d s", answer.text)
        assert answer.text.count('<li class="record ') >= 3
    ledger = real.app.state.desk.ledger  # type: ignore[attr-defined]
    assert ledger.counts() == {"reports": 0, "events": 0}
    shown = re.findall(r'<span class="kind">(\w+)', answer.text)
    kept = send(real, answer.text, "/try/keep", {"text": one.text})
    assert kept.status_code == 303
    report = real.get(kept.headers["location"]).text
    assert re.findall(r'<span class="kind">(\w+)', report) == shown
    assert ledger.counts()["reports"] == 1


def test_a_text_is_shown_as_it_is_coded_and_not_stored(ledger: Ledger) -> None:
    desk = client(ledger)
    answer = tried(desk, text=TEXT, title="A <b>raid</b>", published="16 May 2024")
    assert answer.status_code == 200
    assert answer.text.count('<li class="record ') == 1
    assert "A &lt;b&gt;raid&lt;/b&gt;" in answer.text
    assert "16 May 2024" in answer.text
    assert re.search(r"coded in \d+\.\d\d s", answer.text)
    assert "/events/" not in answer.text.split("</header>")[1]
    assert ledger.counts() == {"reports": 0, "events": 0}


def test_what_is_shown_is_what_is_kept(ledger: Ledger) -> None:
    desk = client(ledger)
    text = "\nRebels attacked soldiers.\r\n\r\nThe village  was quiet “then”, people who had stayed told reporters.\n"
    answer = tried(desk, text=text, title="Raid", published="2024-05-16")
    # A browser leaves the first line feed of a field out, and sends ends of lines as two characters.
    shown = html.unescape(re.search(r"<textarea[^>]*hidden[^>]*>\n(.*?)</textarea>", answer.text, re.DOTALL)[1])  # type: ignore[index]
    assert shown == text.replace("\r\n", "\n")
    kept = send(desk, answer.text, "/try/keep", {"text": shown.replace("\n", "\r\n")})
    assert kept.status_code == 303
    found = ledger.report(kept.headers["location"].removeprefix("/reports/"))
    assert found is not None
    assert (found.text, found.report.title, found.report.published) == (shown, "Raid", "2024-05-16")
    assert found.origins[0][0] == "tried at the desk"
    again = send(desk, answer.text, "/try/keep", {"text": shown})
    assert again.headers["location"] == kept.headers["location"]
    assert ledger.counts()["reports"] == 1


@pytest.mark.parametrize(
    ("typed", "said", "status"),
    [
        ({"text": ""}, "is empty", 422),
        ({"text": " \n "}, "only white space", 422),
        ({"text": "12345 !"}, "no words", 422),
        (
            {"text": "Le gouvernement a annoncé lundi que ses troupes quitteraient la ville avant la fin du mois, "
                "a dit un porte-parole du ministère de la défense à des journalistes."},
            "only English is coded",
            422,
        ),
        ({"text": TEXT, "published": "03/04/2021"}, "which is day and which month", 422),
        ({"text": TEXT, "address": "https://example.org/"}, "not both", 422),
        ({"text": "unlucky " + TEXT}, "60 seconds", 422),
        ({"address": "ftp://example.org/a"}, "is no address", 422),
        ({"address": "https://user:word@example.org/"}, "user name or password", 422),
        ({"text": "Rebels attacked soldiers. " * 40_000}, "over the limit", 422),
    ],
)  # fmt: skip
def test_what_is_refused_is_said_beside_what_was_typed(
    ledger: Ledger, typed: dict[str, str], said: str, status: int
) -> None:
    answer = tried(client(ledger), **typed)
    assert answer.status_code == status
    assert said in html.unescape(answer.text)
    assert 'aria-invalid="true"' in answer.text
    if status == 422 and typed.get("text", "").strip():
        assert typed["text"] in html.unescape(answer.text)
    for name in ("published", "address"):
        if name in typed and "text" not in typed:
            assert [value for one in forms(answer.text) for value in one.all(name)] == [typed[name]]


def test_an_undated_text_is_coded_with_a_warning(ledger: Ledger) -> None:
    answer = tried(client(ledger), text=TEXT)
    assert answer.status_code == 200
    assert "undated" in answer.text
    assert "no publication date" in answer.text
    assert "--date" not in answer.text


def test_a_busy_coder_says_when_to_come_again(ledger: Ledger) -> None:
    desk = client(ledger)
    desk.app.state.desk.coding = CodingRoom(waiting=-1, hire=lambda seconds: Quick())  # type: ignore[attr-defined]
    answer = tried(desk, text=TEXT)
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "5"
    assert TEXT in html.unescape(answer.text)
    kept = desk.post("/try/keep", data={**dict(form(answer.text, "/try").values), "text": TEXT})
    assert kept.status_code == 503


def test_readers_may_try_and_not_keep(ledger: Ledger) -> None:
    desk = client(ledger, read_only=True)
    answer = tried(desk, text=TEXT)
    assert answer.status_code == 200
    assert "/try/keep" not in answer.text
    assert desk.post("/try/keep", data={"text": TEXT}).status_code == 403
    assert ledger.counts()["reports"] == 0


def test_an_address_of_a_private_network_is_never_asked(ledger: Ledger, site: Site) -> None:
    desk = client(ledger)
    for address in (site.put("/a", page()), "http://localhost:1/", "http://[::1]/", "http://169.254.169.254/latest"):
        answer = tried(desk, address=address)
        assert answer.status_code == 422
        assert "private network" in answer.text
        assert "--allow-private" not in answer.text
    assert site.asked == []


@pytest.fixture
def reachable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loopback counts as the open Internet."""

    def fetcher(clock: Clock) -> Fetcher:
        return Fetcher(allow_private=True, clock=clock, limits=Limits(interval=0.0, retries=0, longest_wait=1.0))

    monkeypatch.setattr(trying, "fetcher", fetcher)


@pytest.mark.usefixtures("reachable")
def test_the_page_at_an_address_is_coded_and_kept_with_its_address(ledger: Ledger, site: Site) -> None:
    head = '<meta property="article:published_time" content="2021-03-05">'
    address = site.put("/a", page(text="Rebels attacked soldiers. " + TEXT, head=head))
    desk = client(ledger)
    answer = tried(desk, address=address)
    assert answer.status_code == 200
    assert "5 March 2021" in answer.text
    assert "fetched in" in answer.text
    given = re.search(r"<textarea[^>]*hidden[^>]*>\n(.*?)</textarea>", answer.text, re.DOTALL)
    kept = send(desk, answer.text, "/try/keep", {"text": html.unescape(given[1])})  # type: ignore[index]
    found = ledger.report(kept.headers["location"].removeprefix("/reports/"))
    assert found is not None
    assert found.report.url == address
    assert found.records


@pytest.mark.usefixtures("reachable")
def test_what_cannot_be_had_is_said(ledger: Ledger, site: Site) -> None:
    desk = client(ledger)
    assert "404" in tried(desk, address=site.url + "/none").text
    empty = site.put("/empty", "<html><body><p>Menu</p></body></html>")
    assert "no article" in tried(desk, address=empty).text


@pytest.mark.usefixtures("reachable")
def test_a_page_that_takes_too_long_is_given_up(site: Site) -> None:
    given_up = threading.Event()

    def slow(handler: Any) -> None:
        given_up.wait(20)

    site.pages["/robots.txt"] = slow
    began = time.monotonic()
    made = trying.fetched(site.url + "/a", seconds=0.3)
    taken = time.monotonic() - began
    given_up.set()
    assert isinstance(made, Refusal)
    assert "0.3 seconds" in made.reason
    assert taken < 10
