"""The coder beside the server: a process that dies, hangs or is asked by many, and what is ingested through it."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.ledger_shell import quick

from dragoman import engines
from dragoman.engines import Outcome, worker
from dragoman.engines.worker import Died, Worker
from dragoman.fetching import Known
from dragoman.ledger import Arrival, Ledger
from dragoman.reading import Refusal
from dragoman.record import CodedDocument, Document
from dragoman.web.coding import Busy, CodingRoom, Ingested, NotCoded

TOLD = Document("Rebels attacked soldiers.", "2024-05-16", id="one")
# A process that speaks as the coder's does, and does what a document says.
PUPPET = """
import json, os, sys, time
def send(row): print(json.dumps(row), flush=True)
if {broken}: send({{"refusal": ["", "cannot be loaded", "look", "failed"]}}); sys.exit()
send({{"ready": True}})
for line in sys.stdin:
    row = json.loads(line)
    if row["text"] == "die": os._exit(9)
    if row["text"] == "hang": time.sleep(60)
    if row["text"] == "refuse": send({{"refusal": [row["id"], "no", "give another", "skipped"]}})
    else: send({{"id": row["id"], "title": row["title"] + row["text"], "url": str(os.getpid())}})
"""


@pytest.fixture
def puppet(monkeypatch: pytest.MonkeyPatch) -> None:
    command = (sys.executable, "-c", PUPPET.format(broken=False))
    monkeypatch.setattr(worker, "_COMMAND", command)


class Fake:
    """A worker in this process: codes at once, or when it is let."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.alive = True
        self.gate = threading.Event()
        self.gate.set()
        self.coded: list[str] = []
        self.closed = False

    def load(self) -> Refusal | None:
        return None

    def code(self, document: Document) -> Outcome:
        self.gate.wait(10)
        if document.text == "die":
            self.alive = False
            raise Died
        self.coded.append(document.text)
        return engines.Coded(document, quick(document))

    def lives(self) -> bool:
        return self.alive

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def made() -> Iterator[Worker]:
    one = Worker(1.0)
    yield one
    one.close()


@pytest.mark.usefixtures("puppet")
def test_a_worker_hands_documents_over_character_for_character(made: Worker) -> None:
    odd = Document("é 𝒜 \ud800 \u202e\r\n", title="“T” ")
    outcome = made.code(odd)
    assert isinstance(outcome, engines.Coded)
    assert outcome.coded.title == odd.title + odd.text
    assert outcome.coded.url != ""


@pytest.mark.usefixtures("puppet")
def test_a_worker_passes_refusals_on(made: Worker) -> None:
    assert made.code(Document("refuse", id="x")) == Refusal("x", "no", "give another", "skipped")


@pytest.mark.usefixtures("puppet")
def test_a_document_that_takes_too_long_is_ended_and_said_so(made: Worker) -> None:
    made.load()
    began = time.monotonic()
    outcome = made.code(Document("hang", id="x"))
    assert isinstance(outcome, Refusal)
    assert "1 seconds" in outcome.reason
    assert 0.9 < time.monotonic() - began < 10
    assert not made.lives()


@pytest.mark.usefixtures("puppet")
def test_the_death_of_the_process_is_told_apart(made: Worker) -> None:
    with pytest.raises(Died):
        made.code(Document("die"))
    assert not made.lives()
    with pytest.raises(Died):
        made.code(TOLD)


def test_what_keeps_the_coder_from_loading_is_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "_COMMAND", (sys.executable, "-c", PUPPET.format(broken=True)))
    one = Worker(1.0)
    outcome = one.code(TOLD)
    one.close()
    assert outcome == Refusal("one", "cannot be loaded", "look")


@pytest.mark.usefixtures("puppet")
def test_a_room_goes_on_after_a_death_and_after_a_hang() -> None:
    room = CodingRoom(seconds=1.0)
    try:
        first = room.code(TOLD).url
        assert room.code(TOLD).url == first
        for text, why in (("die", "killed"), ("hang", "1 seconds")):
            with pytest.raises(NotCoded) as error:
                room.code(Document(text))
            assert why in error.value.reason
            assert error.value.fix
            assert room.code(TOLD).url not in ("", first)
    finally:
        room.close()


@pytest.mark.usefixtures("puppet")
def test_a_process_that_died_while_nobody_asked_is_replaced() -> None:
    room = CodingRoom()
    try:
        room.code(TOLD)
        room._worker._process.kill()  # type: ignore[union-attr]
        assert room.code(TOLD).id == "one"
    finally:
        room.close()
    with pytest.raises(NotCoded, match="closed"):
        room.code(TOLD)


def test_the_ninth_who_waits_is_told_to_come_again() -> None:
    fake = Fake()
    fake.gate.clear()
    room = CodingRoom(waiting=2, hire=lambda seconds: fake)
    done: list[CodedDocument] = []
    threads = [threading.Thread(target=lambda: done.append(room.code(TOLD))) for _ in range(3)]
    for thread in threads:
        thread.start()
    while room._places._value:
        time.sleep(0.005)
    with pytest.raises(Busy):
        room.code(TOLD)
    fake.gate.set()
    for thread in threads:
        thread.join(10)
    assert len(done) == 3
    assert room.code(TOLD).events


def test_a_room_says_when_the_coder_is_loaded() -> None:
    fake = Fake()
    room = CodingRoom(hire=lambda seconds: fake)
    seen = [room.ready]
    room.warm()
    end = time.monotonic() + 5
    while not room.ready and time.monotonic() < end:
        time.sleep(0.005)
    seen.append(room.ready)
    fake.alive = False
    seen.append(room.ready)
    room.close()
    assert seen == [False, True, False]
    assert fake.closed


def test_ingest_tells_what_became_of_each(tmp_path: Path) -> None:
    room = CodingRoom(hire=lambda seconds: Fake())
    with Ledger(tmp_path / "l.db") as ledger:
        arrivals = [
            Arrival("s", TOLD),
            Arrival("s", Refusal("two", "is empty", "give a text", "skipped")),
            Arrival("s", Document("die", id="three")),
            Arrival("s", TOLD),
            Arrival("s", Known("https://example.org/4")),
        ]
        told, progress = room.ingest(ledger, arrivals)
        assert [one.fate for one in told] == ["coded", "skipped", "failed", "known", "known"]
        assert [one.name for one in told] == ["one", "two", "three", "one", "https://example.org/4"]
        assert told[0].records == 1
        assert told[0].report == told[3].report
        assert told[1] == Ingested("two", "skipped", reason="is empty", fix="give a text")
        assert "killed" in told[2].reason
        assert (progress.total.coded, progress.total.known, progress.total.failed) == (1, 2, 1)
        report = ledger.report(told[0].report or "")
        assert report is not None
        assert report.text == TOLD.text
        assert report.origins == (("s", "one"),)
        assert ledger.counts() == {"reports": 1, "events": 1}
        again, _ = room.ingest(ledger, [Arrival("s", TOLD)])
        assert again == [Ingested("one", "known", told[0].report)]
        assert ledger.faults() == []


def test_others_have_their_turn_between_two_documents_of_an_ingest(tmp_path: Path) -> None:
    fake = Fake()
    room = CodingRoom(hire=lambda seconds: fake)
    began = threading.Event()

    def arrivals() -> Iterator[Arrival]:
        for number in range(40):
            yield Arrival("s", Document(f"Report {number} says that rebels attacked soldiers.", "2024-05-16"))
            began.set()
            time.sleep(0.002)

    with Ledger(tmp_path / "l.db") as ledger:
        thread = threading.Thread(target=room.ingest, args=(ledger, arrivals()))
        thread.start()
        began.wait(5)
        room.code(TOLD)
        thread.join(20)
    assert TOLD.text in fake.coded[:-1]
