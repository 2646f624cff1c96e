"""Many at one desk: ``python -m benchmarks.desk_load [--seconds 300] [--readers 50] [--reports 5000] [--keep FILE]``.

``dragoman serve`` opens a made-up ledger (:mod:`benchmarks.desk_ledger`, compared, so that it is sound) in a process of
its own, for readers who are logged in and for programs that write. Each reader, from a loopback address of its own,
opens pages at random as people do, by the weights of :data:`VISITS`: lists and their next pages, events and reports
that the lists lead to, actors, relations, the map, stance, questions to the API. Between two pages a reader thinks for
1 to 3 seconds, evenly spread, drawn from the seed and the reader's number. Meanwhile two write through the API: one has
new reports coded and taken in, the other confirms, corrects and drops events and takes judgements back; each waits 1 to
3 seconds between two writes.

A reader's time is that of the whole answer, packed as browsers ask for it, on the machine that serves as well; styles
and scripts, which browsers keep, are not asked for. An answer with a status of 400 or more, or none, is an error.

The last line printed is JSON: what was asked for, ``requests``, ``errors`` (and in words the first few), the
``median``, ``p95``, ``p99`` and ``most`` milliseconds of readers, ``by_page`` the same of each kind of page, ``writes``
the same of what was written, how many reports were ``ingested`` and how often was ``judged``, and when all was over how
many of both were ``lost`` and how many ``faults`` the ledger has.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx

from benchmarks import desk_ledger, stories
from dragoman.ledger import Ledger
from dragoman.web.guard.users import UserFile

SEED = 20_220_224
THINK = (1.0, 3.0)
# Where readers go, and how often: lists most of all, and from them to what they list.
VISITS = {
    "front": 10,
    "events": 20,
    "next page": 6,
    "words": 8,
    "event": 20,
    "report": 10,
    "actor": 8,
    "actors": 2,
    "reports": 2,
    "relations": 3,
    "map": 3,
    "stance": 3,
    "review": 2,
    "API: events": 2,
    "API: event": 1,
}
_WORDS = ("sanctions", "invasion", "weapons", "talks", "border", "minister")
_COUNTRIES = ("USA", "RUS", "CHN", "UKR", "TUV")
_EVENT, _REPORT = re.compile(r'href="(/events/[0-9a-f]{8,})"'), re.compile(r'href="(/reports/[0-9a-f]{8,})[#"]')
_NEXT = re.compile(r'<a[^>]* rel="next"[^>]* href="([^"]+)"|<a[^>]* href="([^"]+)"[^>]* rel="next"')
_SHOWN = 5
_PASSWORD = "correct horse battery staple"


@dataclass
class Tally:
    """What came of it: milliseconds by kind of page or write, and errors in words."""

    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: list[str] = field(default_factory=list)
    ingested: list[str] = field(default_factory=list)
    judged: list[str] = field(default_factory=list)

    async def ask(self, kind: str, made: Callable[[], Any]) -> httpx.Response | None:
        """Ask and take the time; None where nothing good came of it."""
        began = time.perf_counter()
        try:
            answer: httpx.Response = await made()
        except httpx.HTTPError as error:
            self.errors.append(f"{kind}: {type(error).__name__} {error}")
            return None
        self.times[kind].append((time.perf_counter() - began) * 1000)
        if answer.status_code >= 400:
            self.errors.append(f"{kind}: {answer.status_code} {answer.request.url} {answer.text[:200]}")
            return None
        return answer


@dataclass(frozen=True)
class Open:
    """A desk that is open: its address, and what readers and editors come in with."""

    at: str
    cookies: dict[str, str]
    token: str

    def client(self, number: int, *, editor: bool = False) -> httpx.AsyncClient:
        """A client with an address of its own, so that each is held to the limits of one."""
        headers = {"Accept-Encoding": "gzip", **({"Authorization": f"Bearer {self.token}"} if editor else {})}
        return httpx.AsyncClient(
            base_url=self.at,
            transport=httpx.AsyncHTTPTransport(local_address=f"127.0.1.{number + 1}"),
            timeout=30,
            headers=headers,
            cookies={} if editor else self.cookies,
        )


class Reader:
    """One who reads: goes to lists and from them to events and reports."""

    def __init__(self, number: int, tally: Tally) -> None:
        self.chance = random.Random(SEED + number)
        self.tally = tally
        self.events, self.reports, self.next = ["/events"], ["/reports"], "/events"

    def address(self, kind: str) -> str:
        draw = self.chance.choice
        event = draw(self.events)
        id = event.removeprefix("/events").removeprefix("/")
        found = {
            "front": "/",
            "events": f"/events?{urlencode({'party': draw(_COUNTRIES), 'since': draw(('', '2019', '2023'))})}",
            "next page": self.next,
            "words": f"/events?{urlencode({'text': ' '.join(self.chance.sample(_WORDS, 2))})}",
            "event": event,
            "report": draw(self.reports),
            "actor": f"/actors/{draw(_COUNTRIES)}",
            "stance": f"/stance?{urlencode({'target': draw((id or 'USA', draw(_COUNTRIES)))})}",
            "API: events": f"/api/v1/events?{urlencode({'party': draw(_COUNTRIES)})}",
            "API: event": f"/api/v1/events/{id}" if id else "/api/v1/events",
        }
        return found.get(kind, f"/{kind}")

    async def read(self, desk: Open, number: int, until: float) -> None:
        kinds, weights = list(VISITS), list(VISITS.values())
        async with desk.client(number) as http:
            await asyncio.sleep(self.chance.uniform(0, THINK[1]))
            while time.monotonic() < until:
                kind = self.chance.choices(kinds, weights)[0]
                address = self.address(kind)
                answer = await self.tally.ask(kind, partial(http.get, address))
                if answer is not None and kind in ("front", "events", "next page", "words", "event", "reports"):
                    self._note(answer.text)
                await asyncio.sleep(self.chance.uniform(*THINK))

    def _note(self, page: str) -> None:
        self.events = _EVENT.findall(page)[:50] or self.events
        self.reports = _REPORT.findall(page)[:50] or self.reports
        found = _NEXT.search(page)
        self.next = (found[1] or found[2]).replace("&amp;", "&") if found else "/events"


async def ingest(desk: Open, number: int, until: float, tally: Tally) -> None:
    """Have new reports coded and taken in, one after the other."""
    chance = random.Random(SEED + number)
    told = [report.document for story in stories.read_all() for report in story.reports]
    async with desk.client(number, editor=True) as http:
        count = 0
        while time.monotonic() < until:
            of = chance.choice(told)
            body = {
                "text": f"{of.text}\n\nThis is item {count} of the wire.",
                "title": of.title,
                "published": "2025-01-02",
            }
            answer = await tally.ask("ingest", partial(http.post, "/api/v1/ingest", json=body))
            if answer is not None:
                tally.ingested += [one["report"] for one in answer.json()["documents"] if one["report"]]
            count += 1
            await asyncio.sleep(chance.uniform(*THINK))


async def judge(desk: Open, number: int, until: float, tally: Tally, events: Sequence[str]) -> None:
    """Confirm, correct and drop events, and take some of it back."""
    chance = random.Random(SEED + number)
    waiting = list(events)
    async with desk.client(number, editor=True) as http:
        while time.monotonic() < until and waiting:
            value = {"type": "AID", "mode": []}
            said = chance.choice(({"action": "confirm"}, {"action": "correct", "value": value}, {"action": "drop"}))
            where = f"/api/v1/events/{waiting.pop()}/judgements"
            answer = await tally.ask("judge", partial(http.post, where, json=said))
            if answer is not None:
                tally.judged.append(answer.json()["id"])
                if chance.random() < 0.3:
                    back = {"action": "undo", "judgement": tally.judged[-1]}
                    answer = await tally.ask("undo", partial(http.post, "/api/v1/judgements", json=back))
                    tally.judged += [answer.json()["id"]] if answer is not None else []
            await asyncio.sleep(chance.uniform(*THINK))


async def crowd(desk: Open, readers: int, seconds: float, events: Sequence[str]) -> Tally:
    tally, until = Tally(), time.monotonic() + seconds
    await asyncio.gather(
        *(Reader(number, tally).read(desk, number, until) for number in range(readers)),
        ingest(desk, readers, until, tally),
        judge(desk, readers + 1, until, tally, events),
    )
    return tally


@contextmanager
def serve(path: Path) -> Iterator[Open]:
    """A desk in a process of its own, with a reader and an editor; what it says is passed on."""
    users = UserFile(path.with_suffix(".users"))
    users.add("reader", "reader", _PASSWORD)
    users.add("editor", "editor", None)
    token = users.add_token("editor", "bench")
    code = "import sys; from dragoman.cli import main; sys.exit(main())"
    command = [sys.executable, "-c", code, "serve", "--ledger", str(path), "--users", str(users.path), "--port", "0"]
    environment = {**os.environ, "COLUMNS": "500"}
    server = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, encoding="utf-8", env=environment)
    assert server.stderr is not None
    try:
        said = ""
        while not (found := re.search(r"http://127\.0\.0\.1:\d+", said)):
            line = server.stderr.readline()
            if not line:
                raise RuntimeError(f"the desk did not open: {said}")
            said += line
        # What is not read would hold the server up in the end.
        threading.Thread(target=sys.stderr.writelines, args=(server.stderr,), daemon=True).start()
        yield Open(found[0], _logged_in(found[0]), token)
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(30)


def _logged_in(at: str) -> dict[str, str]:
    """The cookies of a reader."""
    with httpx.Client(base_url=at) as http:
        form = re.search(r'name="csrf" value="([^"]+)"', http.get("/login").text)
        assert form is not None
        http.post("/login", data={"csrf": form[1], "name": "reader", "password": _PASSWORD})
        assert http.get("/").status_code == 200
        return dict(http.cookies)


def figures(times: Sequence[float]) -> dict[str, float]:
    """Count, median, 95th and 99th hundredth and the most, in milliseconds."""
    if not times:
        return {"requests": 0}
    ordered = sorted(times)
    parts = {"median": statistics.median(ordered), "most": ordered[-1]}
    parts |= {f"p{part}": ordered[min(len(ordered) - 1, len(ordered) * part // 100)] for part in (95, 99)}
    return {"requests": len(ordered), **{name: round(ms, 1) for name, ms in sorted(parts.items())}}


def told(tally: Tally) -> dict[str, Any]:
    """What came of it, as figures."""
    writes = {kind: times for kind, times in tally.times.items() if kind not in VISITS}
    reads = {kind: times for kind, times in tally.times.items() if kind in VISITS}
    return {
        **figures([ms for times in reads.values() for ms in times]),
        "errors": len(tally.errors),
        "error_words": [words for words, _ in Counter(tally.errors).most_common(_SHOWN)],
        "by_page": {kind: figures(reads[kind]) for kind in sorted(reads)},
        "writes": {kind: figures(writes[kind]) for kind in sorted(writes)},
        "ingested": len(tally.ingested),
        "judged": len(tally.judged),
    }


def lost(ledger: Ledger, tally: Tally) -> int:
    """How much of what was taken in and judged is not in the ledger."""
    judged = {one.id for one in ledger.judgements()}
    missing = [id for id in tally.judged if id not in judged]
    missing += [id for id in tally.ingested if ledger.report(id, records=()) is None]
    return len(missing)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--readers", type=int, default=50)
    parser.add_argument("--reports", type=int, default=5_000)
    parser.add_argument(
        "--keep",
        type=Path,
        help="a file: use a copy of its ledger, made if there is none; what comes out faulty is left beside it",
    )
    parser.add_argument("--unchecked", action="store_true", help="do not look for faults, which takes minutes")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="dragoman-load-") as folder:
        path = Path(folder) / "ledger.db"
        kept = given.keep or Path(folder) / "made.db"
        if not kept.exists():
            with Ledger(kept) as ledger:
                desk_ledger.fill(ledger, given.reports, compare=True)
        shutil.copy(kept, path)
        with Ledger(path) as ledger:
            counts = ledger.counts()
            events = [e.id for e in ledger.query(limit=500).events]
        print(f"{counts['events']} events; {given.readers} readers and 2 writers begin", file=sys.stderr)
        with serve(path) as desk:
            tally = asyncio.run(crowd(desk, given.readers, given.seconds, events))
        found: dict[str, Any] = {**counts, "readers": given.readers, "seconds": given.seconds, "think_s": list(THINK)}
        found |= told(tally)
        for kind, row in [*found["by_page"].items(), *found["writes"].items()]:
            print(f"{kind:14} " + " ".join(f"{name} {value:9}" for name, value in row.items()), flush=True)
        with Ledger(path) as ledger:
            found["lost"] = lost(ledger, tally)
            faults = [] if given.unchecked else ledger.faults()
        print("\n".join(faults), file=sys.stderr)
        if given.keep and (faults or found["lost"]):
            shutil.copy(path, given.keep.with_suffix(".faulty.db"))
        found["faults"] = len(faults)
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
