"""How long the desk's pages take: ``python -m benchmarks.desk_pages [--reports 25000] [--keep FILE]``.

A made-up ledger of some 100,000 events with their reports (:mod:`benchmarks.desk_ledger`) is opened by the desk, and
each page, and each question of the API, is asked for. Times are those of the server alone, without network or browser:

- ``first``: in a new process, that has answered nothing before but that there is no such page;
- ``changed``: right after a write, when nothing that was made of the ledger may be used again; the middle of three;
- ``median``, ``most``: of ten more requests.

The last line printed is JSON: ``events``, ``reports``, ``pages`` with the milliseconds and bytes of each and the
``scripts`` that it loads; of all pages the slowest ``first_ms``, ``changed_ms`` and ``median_ms`` and the most
``script_bytes``; and the slowest of the API's answers as ``api_first_ms`` and so on. Requests with another status than
200 are named in ``failed``, and are none when all is well.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from benchmarks import desk_ledger
from dragoman.ledger import Ledger

RUNS = 10
# A page that asks the ledger for nothing: after it the process has what every page needs.
_ELSEWHERE = "/no-such-page"
CHANGES = 3
_SCRIPT = re.compile(r'<script[^>]* src="([^"]+)"')


def addresses(path: Path) -> dict[str, str]:
    """What is asked for, by name; events, reports and names are the ledger's most and least told."""
    with Ledger(path) as ledger:
        most = ledger.query(sort="sources", limit=1).events[0]
        disputed = ledger.query(state="disputed", limit=1).events[0]
        last = ledger.query(limit=1).events[0]
        told = ledger.event(most.id)
        page = ledger.query(limit=50)
    assert told is not None
    report = told.tellings[0].report.id
    name = next(p.text for e in (most, disputed, last, *page.events) for p in e.actor if p.text)
    return {
        "front": "/",
        "front, a year": "/?span=year",
        "events": "/events",
        "events, second page": f"/events?{urlencode({'after': page.next or ''})}",
        "events, frequent actor and type": "/events?party=USA&type=ACCUSE",
        "events, frequent word": "/events?text=sanctions",
        "events, two words and a place": "/events?text=talks+border&place=USA",
        "events, by sources": "/events?sort=sources&min_sources=2",
        "events, none": "/events?text=wordthatnoreporthas",
        "event, most told": f"/events/{most.id}",
        "event, disputed": f"/events/{disputed.id}",
        "event, last": f"/events/{last.id}",
        "reports": "/reports",
        "report": f"/reports/{report}",
        "actors": "/actors",
        "actors, by name": "/actors?sort=name",
        "actor, most frequent": "/actors/USA",
        "actor, rare": "/actors/TUV",
        "actor, by name": f"/actors/named?{urlencode({'name': name})}",
        "relations": "/relations",
        "relations, ten years": "/relations?since=2015&until=2024",
        "map": "/map",
        "map, ten years": "/map?since=2015&until=2024",
        "stance, most frequent": "/stance?target=USA",
        "stance, event": f"/stance?{urlencode({'target': most.id})}",
        "try": "/try",
        "review": "/review",
        "api": "/api",
        "API: events": "/api/v1/events",
        "API: events, narrowed": "/api/v1/events?party=USA&type=ACCUSE&limit=100",
        "API: event": f"/api/v1/events/{most.id}",
        "API: dyads": "/api/v1/dyads?by=month&actor=USA&recipient=RUS",
        "API: stance": "/api/v1/stance?target=USA",
        "API: actors": "/api/v1/actors",
        "API: judgements": "/api/v1/judgements",
        "API: openapi": "/api/v1/openapi.json",
    }


def ask(path: Path, address: str) -> dict[str, Any]:
    """Ask for one address in this process, which has asked for nothing before."""
    from starlette.testclient import TestClient

    from dragoman.web import Settings, create_app

    with Ledger(path) as ledger:
        settings = Settings(most_requests=1_000_000)
        with TestClient(create_app(ledger, settings), base_url=f"http://127.0.0.1:{settings.port}") as client:
            client.get(_ELSEWHERE)

            def once() -> tuple[float, Any]:
                began = time.perf_counter()
                answer = client.get(address)
                return (time.perf_counter() - began) * 1000, answer

            first, answer = once()
            changed = []
            for _ in range(CHANGES):
                ledger.store.write(lambda _: None)
                changed.append(once()[0])
            warm = [once()[0] for _ in range(RUNS)]
            scripts = [client.get(script).content for script in _SCRIPT.findall(answer.text)]
    figures = {
        "first": first,
        "changed": statistics.median(changed),
        "median": statistics.median(warm),
        "most": max(warm),
    }
    return {
        "status": answer.status_code,
        **{name: round(ms, 1) for name, ms in figures.items()},
        "bytes": len(answer.content),
        "scripts": sum(map(len, scripts)),
    }


def measure(path: Path, only: str = "") -> list[dict[str, Any]]:
    """The figures of each address, each asked for in a process of its own."""
    rows = []
    print(
        f"{'page':34} {'first ms':>9} {'changed':>9} {'median':>9} {'most':>9} {'bytes':>9} {'scripts':>8}", flush=True
    )
    for name, address in addresses(path).items():
        if only not in name:
            continue
        command = [sys.executable, "-m", __spec__.name if __spec__ else __name__, "--ask", address, "--keep", str(path)]
        ran = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
        if ran.returncode:
            raise RuntimeError(f"{address}: {ran.stderr.strip()[-2000:]}")
        row = {"page": name, **json.loads(ran.stdout.splitlines()[-1])}
        rows.append(row)
        times = " ".join(f"{row[key]:9.1f}" for key in ("first", "changed", "median", "most"))
        status = "" if row["status"] == 200 else f"  status {row['status']}"
        print(f"{name:34} {times} {row['bytes']:9} {row['scripts']:8}{status}", flush=True)
    return rows


def _is_api(row: dict[str, Any]) -> bool:
    return str(row["page"]).startswith("API")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--reports", type=int, default=desk_ledger.REPORTS)
    parser.add_argument("--keep", type=Path, help="a file: use the ledger in it, or make it there and leave it")
    parser.add_argument("--only", default="", help="only pages whose name has this in it")
    parser.add_argument("--ask", help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.ask:
        print(json.dumps(ask(given.keep, given.ask)))
        return 0
    folder = None if given.keep else Path(tempfile.mkdtemp(prefix="dragoman-desk-"))
    path = given.keep or (folder or Path()) / "ledger.db"
    figures: dict[str, Any] = {}
    try:
        with Ledger(path) as ledger:
            if not ledger.counts()["reports"]:
                desk_ledger.fill(ledger, given.reports)
            figures |= ledger.counts()
        rows = measure(path, given.only)
    finally:
        if folder:
            shutil.rmtree(folder, ignore_errors=True)
    good = [row for row in rows if row["status"] == 200]
    figures["failed"] = [row["page"] for row in rows if row["status"] != 200]
    for kind, some in (("", [r for r in good if not _is_api(r)]), ("api_", [r for r in good if _is_api(r)])):
        if some:
            figures |= {f"{kind}{name}_ms": max(row[name] for row in some) for name in ("first", "changed", "median")}
    figures["script_bytes"] = max(row["scripts"] for row in good)
    figures["pages"] = rows
    print(json.dumps(figures))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
