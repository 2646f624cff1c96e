"""The stream of what comes in, on a port: seats, cursors, heartbeats, and an end when the server is told to stop."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, cast

import pytest
import urllib3
from tests.databases import wait_for
from tests.web_desk import desk, filled, on_a_port

from dragoman.ledger import Ledger, LedgerError
from dragoman.web.api import models, stream
from dragoman.web.listening import Listening

STREAM = "/api/v1/stream"
SERVE = """
import sys, uvicorn
from dragoman.ledger import Ledger
from dragoman.web import create_app
server = uvicorn.Server(uvicorn.Config(create_app(Ledger(sys.argv[1])), host="127.0.0.1", port=0, log_level="warning"))
startup = server.startup
async def told(sockets=None):
    await startup(sockets)
    print(server.servers[0].sockets[0].getsockname()[1], flush=True)
server.startup = told
server.run()
"""


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with filled(tmp_path / "events.db") as made:
        yield made


def opened(address: str, **headers: str) -> urllib3.BaseHTTPResponse:
    return urllib3.request("GET", address, preload_content=False, headers=headers, timeout=15.0, retries=False)


def blocks(answer: urllib3.BaseHTTPResponse) -> Iterator[str]:
    left = ""
    for piece in answer.stream(1 << 16):
        *whole, left = (left + piece.decode()).split("\n\n")
        yield from whole


def test_messages_are_those_of_server_sent_events(ledger: Ledger) -> None:
    with on_a_port(desk(ledger)) as address:
        answer = opened(f"{address}{STREAM}?after=0")
        assert answer.headers["Content-Type"].startswith("text/event-stream")
        assert answer.headers["Cache-Control"] == "no-store"
        assert "ETag" not in answer.headers
        told = blocks(answer)
        assert next(told) == "retry: 3000\nid: 0"
        seen = []
        for block in told:
            if block.startswith("id: "):
                break
            name, data = block.split("\n")
            assert name == "event: event"
            seen.append(models.Event.model_validate(json.loads(data.removeprefix("data: "))).id)
        assert seen == [one.id for one in ledger.iterate()]
        assert block == f"id: {ledger.latest()}"
        answer.close()
        # A browser that comes back says how far it got.
        again = opened(f"{address}{STREAM}?after=0", **{"Last-Event-ID": ledger.latest()})
        assert next(blocks(again)).endswith(ledger.latest())
        again.close()


def test_silence_is_broken_by_a_comment(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "_HEARTBEAT", 0.05)
    with on_a_port(desk(ledger)) as address:
        answer = opened(address + STREAM)
        told = blocks(answer)
        assert next(told).startswith("retry")
        assert next(told) == ": nothing new"
        answer.close()


def test_there_are_seats_for_some_and_they_are_given_back(ledger: Ledger) -> None:
    app = desk(ledger)
    app.state.desk.listening = listening = Listening(ledger, seconds=0.02, seats=2)
    with on_a_port(app) as address:
        heard = [opened(address + STREAM) for _ in range(2)]
        told = [blocks(one) for one in heard]
        for one in told:
            next(one)
        full = opened(address + STREAM)
        assert (full.status, full.headers["Retry-After"]) == (503, "30")
        assert full.headers["Content-Type"] == "application/problem+json"
        heard[0].close()
        wait_for(lambda: not listening.full())
        again = opened(address + STREAM)
        assert again.status == 200
        again.close()
        heard[1].close()


@pytest.mark.parametrize("wrong", ["type=INVADE", "after=%00", "after=" + "9" * 50, "actr=FRA", "limit=3"])
def test_what_is_wrong_is_said_before_the_stream_begins(ledger: Ledger, wrong: str) -> None:
    with on_a_port(desk(ledger)) as address:
        got = opened(f"{address}{STREAM}?{wrong}")
        assert got.status in (400, 422)
        assert got.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_server_that_is_told_to_stop_stops_though_somebody_listens(ledger: Ledger, number: signal.Signals) -> None:
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    server = subprocess.Popen(
        [sys.executable, "-c", SERVE, ledger.name], stdout=subprocess.PIPE, env=environment, text=True
    )
    try:
        assert server.stdout is not None
        address = f"http://127.0.0.1:{int(server.stdout.readline())}{STREAM}"
        heard = [blocks(opened(address)) for _ in range(3)]
        for one in heard:
            next(one)
        begun = time.monotonic()
        server.send_signal(number)
        server.wait(10)
        assert time.monotonic() - begun < 5
        assert [list(one) for one in heard] == [[], [], []]
    finally:
        server.kill()
        server.wait()


class Counted:
    """A ledger whose revision is looked at."""

    def __init__(self) -> None:
        self.looks = 0
        self.at = 1
        self.away = False

    def revision(self) -> int:
        self.looks += 1
        if self.away:
            raise LedgerError("the server was stopped")
        return self.at


def test_one_look_serves_all_who_listen() -> None:
    ledger = Counted()
    listening = Listening(cast(Any, ledger), seconds=0.05)

    async def many() -> None:
        async with AsyncExitStack() as seats:
            for _ in range(50):
                await seats.enter_async_context(listening.seat())
            waiting = [asyncio.create_task(listening.after(1, 10)) for _ in range(50)]
            await asyncio.sleep(0.12)
            ledger.away = True
            await asyncio.sleep(0.12)
            ledger.away, ledger.at = False, 2
            assert await asyncio.gather(*waiting) == [2] * 50
            assert await listening.after(2, 0.01) == 2
        assert ledger.looks < 20
        looks = ledger.looks
        await asyncio.sleep(0.15)
        assert ledger.looks == looks  # nobody listens: nobody looks
        async with listening.seat():
            late = asyncio.create_task(listening.after(listening.revision, 10))
            await asyncio.sleep(0)
            listening.close()
            assert await asyncio.wait_for(late, 5) == 2

    asyncio.run(many())
