"""The client against a desk on a port: the same answers as from the ledger, retries, downloads, what comes in."""

from __future__ import annotations

import itertools
import queue
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.databases import wait_for
from tests.ledger_meaning import NAMES, filters, one_or_two_of
from tests.ledger_samples import made_up
from tests.web_desk import desk, filled, on_a_port

import dragoman
from dragoman import Client
from dragoman.client import ClientError, Stream
from dragoman.client.exchange import Exchange
from dragoman.export.ledger import FORMATS, export_events
from dragoman.ledger import BadQuestion, Judgement, Ledger, LedgerEvent
from dragoman.ledger.asking import Filters
from dragoman.ledger.eventrows import put_events
from dragoman.record import Document
from dragoman.web import Settings
from dragoman.web.guard.users import UserFile


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Client, Ledger]]:
    """A ledger of all kinds of events, to be read alone, and a client of its desk."""
    with Ledger(tmp_path_factory.mktemp("desk") / "events.db") as ledger:
        ledger.store.write(lambda connection: put_events(connection, made_up(300)))
        with on_a_port(desk(ledger)) as address, Client(address) as client:
            yield client, ledger


@pytest.fixture
def own(tmp_path: Path) -> Iterator[tuple[Client, Ledger]]:
    """A ledger of reports of the test's own, and a client of its desk, which looks at it often."""
    with filled(tmp_path / "events.db") as ledger:
        app = desk(ledger)
        app.state.desk.listening._seconds = 0.02
        with on_a_port(app) as address, Client(address) as client:
            yield client, ledger


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    filters(),
    st.sets(st.sampled_from(NAMES), min_size=1, max_size=3),
    st.sampled_from(["date", "reported", "sources", "confidence"]),
    st.booleans(),
    st.integers(1, 60),
)
def test_the_same_question_has_the_same_answer(
    both: tuple[Client, Ledger], given: Filters, keep: set[str], sort: Any, ascending: bool, limit: int
) -> None:
    client, ledger = both
    asked = one_or_two_of(given, keep)
    page = client.query(asked, sort=sort, ascending=ascending, limit=limit)
    assert page == ledger.query(asked, sort=sort, ascending=ascending, limit=limit)
    assert client.count(asked) == ledger.count(asked)
    if page.next:
        options: dict[str, Any] = {"sort": sort, "ascending": ascending, "limit": limit, "after": page.next}
        assert client.query(asked, **options) == ledger.query(asked, **options)


def test_words_and_names_are_asked_for_as_of_a_ledger(both: tuple[Client, Ledger]) -> None:
    client, ledger = both
    assert client.query("market", type="ASSAULT") == ledger.query("market", type="ASSAULT")
    assert list(client.iterate(actor="RUS")) == list(ledger.iterate(actor="RUS"))
    assert client.dyads(party="USA", by="year", measure="net") == ledger.dyads(party="USA", by="year", measure="net")
    assert client.dyads(unknown=True) == ledger.dyads(unknown=True)
    assert client.actors(since="2021") == ledger.actors(since="2021")
    assert client.stance("USA", evidence=1) == ledger.stance("USA", evidence=1)


def test_reports_events_and_judgements_are_those_of_the_ledger(own: tuple[Client, Ledger]) -> None:
    client, ledger = own
    event = client.query(type="ASSAULT", factuality="actual", tellings=True).events[0]
    assert client.event(event.id) == ledger.event(event.id) == event
    assert client.event("none") is None
    assert client.joins(event.id) == ledger.joins(event.id) != []
    assert client.documents(outlet="Varda Post") == ledger.reports(outlet="Varda Post")
    assert client.sources() == ledger.sources() != []
    report = event.tellings[0].report.id
    made = [
        client.correct(event.id, {"date": "2024-05"}, note="as they say"),
        client.split(event.id, [event.tellings[0].record.id]),
    ]
    made.append(client.merge([event.tellings[0].record.id, event.tellings[1].record.id]))
    made.append(client.undo(made[1]))
    made.append(client.confirm(event.id))
    made.append(client.add(report, event.tellings[0].record))
    made.append(client.drop(client.query(type="AID").events[0].id))
    assert [one.id for one in client.judgements()] == made
    assert client.judgements() == ledger.judgements()
    assert client.judgements(event.id) == ledger.judgements(event.id)
    assert client.count(type="AID") == 0
    assert client.document(report) == ledger.report(report)
    assert client.document("none") is None


def test_documents_are_coded_and_kept(own: tuple[Client, Ledger]) -> None:
    client, ledger = own
    text = "On Monday in the north rebels attacked soldiers."
    coded = client.code(text, "2024-05-16")
    assert [one.type for one in coded.events] == ["ASSAULT"]
    assert coded.published == "2024-05-16"
    many = [Document(f"{text} It was the attack of number {n} there.", "2024-05-16") for n in range(110)]
    fates = client.ingest(many, source="mine")
    assert [one.fate for one in fates] == ["coded"] * 110
    assert {one.fate for one in client.ingest(many[:3])} == {"known"}
    assert ledger.counts()["reports"] == 115
    half = client.code(Document(text + " It was quiet. \ud800"))
    assert len(half.events) == 1


def test_what_is_refused_is_an_error(both: tuple[Client, Ledger]) -> None:
    client, _ = both
    with pytest.raises(BadQuestion):
        client.query(type="INVADE")
    with pytest.raises(TypeError):
        client.query(actr="FRA")
    with pytest.raises(ClientError) as found:
        client.query(after="nonsense")
    assert (found.value.status, found.value.title) == (400, "Bad Request")
    assert "cursor" in found.value.detail
    with pytest.raises(ClientError, match="white space"):
        client.code(" ")
    nobody = Exchange("http://127.0.0.1:9", None, 1.0, lambda seconds: None)
    with pytest.raises(ClientError) as gone:
        nobody.ask("count")
    assert gone.value.status == 0
    with pytest.raises(ValueError, match="no address"):
        Client("ledger.db")


@pytest.mark.parametrize("layout", FORMATS)
def test_exports_are_written_whole(both: tuple[Client, Ledger], tmp_path: Path, layout: str) -> None:
    client, ledger = both
    (tmp_path / "far").mkdir()
    (tmp_path / "near").mkdir()
    want = export_events(ledger.iterate(type="AID", tellings=True), layout, tmp_path / "near", undated="published")
    got = client.export(layout, tmp_path / "far", type="AID", undated="published")
    assert got.path.read_bytes() == want.files[0].read_bytes()
    assert (got.path.name, got.events, got.rows) == (want.files[0].name, want.events, want.rows)
    named = client.export(layout, tmp_path / "named.zip", type="AID", notes=True)
    assert named.path == tmp_path / "named.zip"
    assert named.path.read_bytes().startswith(b"PK")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["far", "named.zip", "near"]


class Moody(BaseHTTPRequestHandler):
    """A server that gives the statuses of a list, one after the other."""

    answers: Iterator[tuple[int, str | None]]
    asked: list[str]

    def do_GET(self) -> None:
        status, after = next(self.answers)
        self.asked.append(f"{self.command} {self.headers.get('Authorization')}")
        body = b'{"events": 3}' if status == 200 else b'{"title": "Busy", "detail": "later", "status": 1, "type": ""}'
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.send_response(status)
        if after:
            self.send_header("Retry-After", after)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def log_message(self, *_: Any) -> None:
        pass


@pytest.mark.parametrize(
    ("answers", "waits", "right"),
    [
        ([(200, None)], [], True),
        ([(503, "7"), (429, None), (200, None)], [7.0, 1.0], True),
        ([(503, "9999"), (503, "soon"), (200, None)], [60.0, 1.0], True),
        ([(503, "Wed, 21 Oct 2015 07:28:00 GMT"), (200, None)], [0.0], True),
        ([(503, "1")] * 9, [1.0, 1.0, 1.0], False),
        ([(500, None), (200, None)], [], False),
    ],
)
def test_a_busy_desk_is_asked_again(answers: list[tuple[int, str | None]], waits: list[float], right: bool) -> None:
    Moody.answers, Moody.asked = iter(answers), []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Moody)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    slept: list[float] = []
    try:
        desk = Exchange(f"http://127.0.0.1:{server.server_port}", "secret", 5.0, slept.append)
        if right:
            assert desk.ask("count") == {"events": 3}
        else:
            with pytest.raises(ClientError):
                desk.ask("count")
        assert slept == waits
        assert set(Moody.asked) == {"GET Bearer secret"}
        Moody.answers = iter([(503, "1"), (200, None)])
        with pytest.raises(ClientError, match="503 Busy: later"):  # what changes something is said once
            desk.tell("judgements", body={})
    finally:
        desk.close()
        server.shutdown()
        server.server_close()
        thread.join(10)


class Heard:
    """What a stream hands out, taken by a thread of its own."""

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self.told: queue.Queue[LedgerEvent | Judgement] = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        for one in self.stream:
            self.told.put(one)

    def next(self) -> LedgerEvent | Judgement:
        return self.told.get(timeout=15)


def test_what_comes_in_is_told_as_it_comes(own: tuple[Client, Ledger]) -> None:
    client, ledger = own
    begun = ledger.latest()
    heard = Heard(client.stream(after=begun))
    text = "On Monday in the north rebels attacked soldiers."
    client.ingest([Document(text, "2024-05-16")])
    first = heard.next()
    assert isinstance(first, LedgerEvent)
    assert (first.type, first.sentence) == ("ASSAULT", "rebels attacked soldiers.")
    made = client.correct(first.id, {"type": "COERCE"})
    second, third = heard.next(), heard.next()
    assert isinstance(second, LedgerEvent)
    assert second.type == "COERCE"
    assert isinstance(third, Judgement)
    assert third.id == made
    # Another who comes later, from where the first began, hears what there is now: the event as corrected.
    with client.stream(after=begun) as late:
        told = list(itertools.islice(late, 2))
    assert [type(one) for one in told] == [LedgerEvent, Judgement]
    with client.stream(after=begun, type="AID") as narrowed:
        assert isinstance(next(narrowed), Judgement)


def test_a_stream_goes_on_where_it_was_when_the_desk_was_away(tmp_path: Path) -> None:
    with filled(tmp_path / "events.db") as ledger:
        pauses: list[float] = []
        back = threading.Event()

        def sleep(seconds: float) -> None:
            pauses.append(seconds)
            back.wait(15)

        app = desk(ledger)
        app.state.desk.listening._seconds = 0.02
        with on_a_port(app) as address:
            port = int(address.rpartition(":")[2])
            heard = Heard(Stream(Exchange(address, None, 5.0), {}, None, sleep))
            wait_for(lambda: heard.stream.cursor == ledger.latest())
            ledger.confirm(ledger.query(type="AID").events[0].id, by="ada")
            assert isinstance(heard.next(), LedgerEvent)
            assert isinstance(heard.next(), Judgement)
        wait_for(lambda: bool(pauses))
        missed = ledger.confirm(ledger.query(type="SANCTION").events[0].id, by="ben")
        again = desk(ledger)
        with on_a_port(again, port):
            back.set()
            told = [heard.next(), heard.next()]
            while not (isinstance(told[-1], Judgement) and told[-1].id == missed):
                told.append(heard.next())
        assert any(isinstance(one, LedgerEvent) and one.type == "SANCTION" for one in told)


def test_a_token_says_who_asks(tmp_path: Path) -> None:
    people = UserFile(tmp_path / "users.json")
    tokens = {}
    for name, role in (("ada", "editor"), ("ben", "reader")):
        people.add(name, role, None)
        tokens[name] = people.add_token(name, "a test")
    with filled(tmp_path / "events.db") as ledger:
        event = ledger.query(type="AID").events[0].id
        with on_a_port(desk(ledger, Settings(users=people.path))) as address:
            with Client(address, tokens["ada"]) as ada:
                ada.confirm(event, note="so it is")
                assert [(one.by, one.note) for one in ada.judgements()] == [("ada", "so it is")]
            with Client(address, tokens["ben"]) as ben:
                assert ben.count() == ledger.count()
                assert ben.code("On Monday rebels attacked soldiers.").events
                with pytest.raises(ClientError, match="403"):
                    ben.drop(event)
                with pytest.raises(ClientError, match="403"):
                    ben.ingest([Document("On Monday rebels attacked soldiers.")])
            for token in (None, "wrong"):
                with Client(address, token) as nobody, pytest.raises(ClientError, match="401"):
                    nobody.count()
                with Client(address, token) as nobody, nobody.stream() as told, pytest.raises(ClientError, match="401"):
                    next(told)


def test_the_package_brings_the_client_when_it_is_asked_for() -> None:
    assert dragoman.Client is Client
    assert "Client" in dragoman.__all__
