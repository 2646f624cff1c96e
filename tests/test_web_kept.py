"""What pages keep: never less than their visitor wrote, never more than some seconds behind others, made once."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from tests.test_ledger_core import STORIES, events, fill, story
from tests.web_forms import send

from dragoman.ledger import Ledger
from dragoman.web import Settings, create_app
from dragoman.web.kept import Kept

LATER = story("Peru attacked Cuba near Havana on 2022-03-07.", 40, "Rain fell on the harbour for a week without end.")


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "ledger.db") as made:
        fill(made, STORIES)
        yield made


def desk(ledger: Ledger, behind: float) -> TestClient:
    return TestClient(create_app(ledger, Settings(behind=behind)), base_url="http://127.0.0.1:8421")


def shows(client: TestClient, path: str = "/actors") -> bool:
    return "Peru" in client.get(path).text


def test_sums_may_be_behind_what_others_write_and_not_behind_their_visitor(ledger: Ledger) -> None:
    client = desk(ledger, behind=600)
    assert not shows(client)
    fill(ledger, [LATER])
    assert not shows(client)
    assert shows(client, "/api/v1/events"), "an answer of the API goes by the ledger as it is"
    assert shows(client, "/events"), "lists are no sums"
    event = events(ledger)[0]
    page = client.get(f"/events/{event.id}").text
    assert send(client, page, f"/events/{event.id}/confirm").status_code == 200
    assert shows(client)


def test_after_so_many_seconds_sums_are_made_anew(ledger: Ledger) -> None:
    client = desk(ledger, behind=0.2)
    assert not shows(client)
    fill(ledger, [LATER])
    time.sleep(0.25)
    assert shows(client)


def test_without_leave_sums_are_those_of_the_ledger_as_it_is(ledger: Ledger) -> None:
    client = desk(ledger, behind=0)
    assert not shows(client)
    fill(ledger, [LATER])
    assert shows(client)


def test_what_many_ask_for_at_once_is_made_once(ledger: Ledger) -> None:
    kept = Kept(ledger, 0)
    made: list[float] = []
    got: list[int] = []

    def make() -> int:
        time.sleep(0.05)
        made.append(time.monotonic())
        return len(made)

    threads = [threading.Thread(target=lambda: got.append(kept.once("sum", make))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == [1] * 8


def test_what_could_not_be_made_is_made_by_the_next(ledger: Ledger) -> None:
    kept = Kept(ledger, 0)

    def fails() -> int:
        raise LookupError("no such thing")

    with pytest.raises(LookupError):
        kept.once("sum", fails)
    assert kept.once("sum", lambda: 7) == 7
