"""Desks for tests: over a small ledger, with a coder that takes no time, in this process or on a port."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from tests.ledger_samples import Told, report
from tests.ledger_shell import quick

from dragoman import engines
from dragoman.engines import Outcome
from dragoman.ledger import Ledger
from dragoman.ledger.writing import Coding, add
from dragoman.reading import Refusal
from dragoman.record import Document
from dragoman.web import Settings, create_app
from dragoman.web.coding import CodingRoom

BASE = "http://127.0.0.1:8421"


class QuickWorker:
    """In place of the process that codes: a sentence with "attacked" is an assault."""

    def load(self) -> Refusal | None:
        return None

    def code(self, document: Document) -> Outcome:
        return engines.Coded(document, quick(document))

    def lives(self) -> bool:
        return True

    def close(self) -> None:
        pass


def reports() -> list[Coding]:
    """Reports of one attack, told, retold and denied, of sanctions, of talks and of aid that is not dated."""
    attack = "Raiders of the Osk league attacked a customs post near Varda on 3 May, killing 9 guards."
    denial = "The Osk league said its men had not attacked the customs post near Varda."
    parties = "Raiders of the Osk league | NER REB", "a customs post | NER COP"
    return [
        report(
            attack,
            Told("attacked", "ASSAULT", *parties, date="2024-05-03"),
            published="2024-05-04",
            outlet="Varda Post",
            title="Customs post attacked",
        ),
        report(
            "On 3 May raiders attacked a customs post near Varda and killed 9 guards, officials said.",
            Told("attacked", "ASSAULT", "raiders | NER REB", "a customs post | NER COP", date="2024-05-03"),
            published="2024-05-05T10:00:00Z",
            outlet="=Coast, Tribune",
            title='Nine guards "killed"',
        ),
        report(
            denial,
            Told(
                "attacked",
                "ASSAULT",
                "its men | NER REB",
                "the customs post | NER COP",
                factuality="negated",
                by="The Osk league | NER REB",
            ),
            published="2024-05-06",
            outlet="Varda Post",
        ),
        report(
            "France imposed sanctions on two banks of Niger on 10 June. Envoys of France met ministers of Niger.",
            Told(
                "imposed sanctions", "SANCTION", "France | FRA GOV", "two banks of Niger | NER BUS", date="2024-06-10"
            ),
            Told("met", "CONSULT", "Envoys of France | FRA GOV; ministers of Niger | NER GOV"),
            published="2024-06-11",
            outlet="Union Daily",
            title="Sanctions and talks",
        ),
        report(
            "The Union sent grain to farmers in the north.",
            Told("sent grain", "AID", "The Union | EUR GOV", "farmers | NER AGR"),
            published="2024-07-01",
            outlet="Union Daily",
            title="Grain",
        ),
    ]


def filled(path: Path) -> Ledger:
    """A ledger of :func:`reports`."""
    made = Ledger(path)
    for one in reports():
        made.store.write(partial(add, codings=[one]))
    return made


def desk(ledger: Ledger, settings: Settings | None = None) -> FastAPI:
    """The application over a ledger, with a coder that takes no time."""
    app = create_app(ledger, settings or Settings())
    app.state.desk.coding = CodingRoom(hire=lambda seconds: QuickWorker())
    return app


@contextmanager
def on_a_port(app: FastAPI, port: int = 0) -> Iterator[str]:
    """The application served on a port of the loopback address, by default a free one; its address."""
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    end = time.monotonic() + 20
    while not server.started:
        if time.monotonic() > end:
            raise TimeoutError("the server did not start")
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        app.state.desk.listening.close()
        server.should_exit = True
        thread.join(20)
        assert not thread.is_alive()
