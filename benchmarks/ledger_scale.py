"""How fast a ledger answers when it is large: a made-up one of as many events as asked for, in a temporary folder.

    python -m benchmarks.ledger_scale --events 1000000

Countries, types, words and sources follow Zipf's law, as in news; days spread over ten years. Each question is asked
five times of a ledger opened anew; the last line printed is JSON: ``events``, ``questions`` with the milliseconds of
the first, the middle and the slowest time, and of the middle ones ``first_page_ms``, the slowest list,
``dyad_month_ms``, the slowest pair by month, and ``all_dyads_month_ms``, all pairs by month over ten years.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from functools import lru_cache, partial
from itertools import accumulate
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from dragoman import codebook
from dragoman.ledger import asking, dyadrows
from dragoman.ledger.asking import Filters
from dragoman.ledger.eventrows import number_apart, rows_of
from dragoman.ledger.model import LedgerEvent, Party, Report, Telling
from dragoman.ledger.store import Store
from dragoman.ledger.tables import detail, event
from dragoman.record import FACTUALITIES, Event, EventPlace

FIRST_DAY, DAYS = date(2015, 1, 1), 3650
BATCH = 5_000
RUNS = 5
VOCABULARY = 30_000
# Countries as often as news has them, the first four far ahead; the last are told of a few times a year.
FREQUENT = ("USA", "RUS", "CHN", "UKR")
RARE = "TUV"


class World:
    """The words, countries and types that events are made of, each with how often it comes."""

    def __init__(self) -> None:
        names = [c.code for c in codebook.COUNTRIES.values() if c.kind != "dependency"]
        rest = [code for code in names if code not in (*FREQUENT, RARE)]
        self.countries = [*FREQUENT, *random.Random(1).sample(rest, len(rest)), RARE]
        self.by_country = _zipf(len(self.countries))
        letters = random.Random(2)
        syllables = [a + b for a in "bdfgklmnprstvz" for b in "aeiou"]
        self.words = ["".join(letters.choices(syllables, k=letters.randint(2, 4))) for _ in range(VOCABULARY)]
        self.words[:6] = ["sanctions", "invasion", "weapons", "talks", "border", "minister"]
        self.by_word = _zipf(VOCABULARY)
        self.types = list(codebook.TYPES)
        self.by_type = _zipf(len(self.types))
        self.sectors = list(codebook.SECTORS)
        self.by_sector = _zipf(len(self.sectors))
        self.contexts = list(codebook.CONTEXTS)


@lru_cache(maxsize=1)
def world() -> World:
    return World()


def _zipf(n: int) -> list[float]:
    return list(accumulate(1 / (rank + 1) for rank in range(n)))


def make_event(at: int, chance: random.Random) -> LedgerEvent:
    """One made-up event with one telling."""
    of = world()

    def parties(most: int) -> tuple[Party, ...]:
        several = chance.choices(range(most + 1), weights=[1, 8, 1][: most + 1])[0]
        return tuple(
            Party(
                chance.choice(of.words).title(),
                chance.choices(of.countries, cum_weights=of.by_country)[0],
                chance.choices(of.sectors, cum_weights=of.by_sector)[0],
            )
            for _ in range(several)
        )

    day = FIRST_DAY + timedelta(days=chance.randrange(DAYS))
    precise = chance.choices(("day", "month", "year", "range", "none"), weights=(70, 10, 4, 4, 12))[0]
    iso = day.isoformat()
    dated = {"day": iso, "month": iso[:7], "year": iso[:4], "none": None}.get(
        precise, f"{iso}/{day + timedelta(days=chance.randint(1, 60))}"
    )
    kind = chance.choices(of.types, cum_weights=of.by_type)[0]
    modes = list(codebook.MODES[kind])
    sources = min(200, int(chance.paretovariate(1.5)))
    sentence = " ".join(chance.choices(of.words, cum_weights=of.by_word, k=25))
    title = " ".join(chance.choices(of.words, cum_weights=of.by_word, k=8))
    id = f"{at:016x}"
    record = Event(kind, id=id)
    report = Report(id, title, iso)
    place = chance.choices(of.countries, cum_weights=of.by_country)[0] if chance.random() < 0.6 else None
    return LedgerEvent(
        id,
        kind,
        (chance.choice(modes),) if modes and chance.random() < 0.7 else (),
        parties(2),
        parties(2),
        chance.choices(FACTUALITIES, weights=(88, 7, 3, 2))[0],
        chance.random() < 0.1,
        dated,
        (dated,) if dated else (),
        EventPlace("somewhere", place) if place else None,
        (day + timedelta(days=chance.randint(0, 5))).isoformat(),
        chance.choices(("reported", "corroborated", "disputed", "retracted"), weights=(70, 26, 3.8, 0.2))[0],
        sources,
        sources + chance.randint(0, 2),
        round(chance.uniform(0.4, 1), 4),
        codebook.score(kind),
        tuple(sorted(set(chance.choices(of.contexts, k=2)))),
        title=title,
        url=f"https://news.example/{id}",
        sentence=sentence,
        tellings=(Telling(report, record, (sentence,), ("",)),),
    )


def make_rows(first: int, last: int) -> list[dict[Any, dict[str, Any]]]:
    chance = random.Random(first)
    return [{t.name: row for t, row in rows_of(make_event(at, chance)).items()} for at in range(first, last)]


def build(store: Store, events: int) -> float:
    """Fill a ledger; seconds. Rows are made in a second process while the first writes."""
    began = time.perf_counter()
    starts = range(0, events, BATCH)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as other:
        waiting = [other.submit(make_rows, at, min(at + BATCH, events)) for at in starts[:2]]
        for at in starts:
            made = waiting.pop(0).result()
            if at + 2 * BATCH < events:
                ahead = at + 2 * BATCH
                waiting.append(other.submit(make_rows, ahead, min(ahead + BATCH, events)))
            store.write(partial(_put, [{event: row["event"], detail: row["detail"]} for row in made]))
    return time.perf_counter() - began


def _put(made: Sequence[dict[Any, dict[str, Any]]], connection: Any) -> None:
    number_apart(connection, made)
    for table in (event, detail):
        connection.execute(insert(table), [row[table] for row in made])
    dyadrows.add(connection, [row[event] for row in made])


def questions(store: Store) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Names of questions and how to ask them; lists are first pages of 50 events."""

    def page(**options: Any) -> Callable[[], Any]:
        given = {name: options.pop(name) for name in ("sort", "ascending") if name in options}
        return lambda: asking.query(store, Filters(**options), **given).events

    def series(by: Any, **options: Any) -> Callable[[], Any]:
        return lambda: asking.dyads(store, Filters(**options), by=by).rows

    many, other, third, _ = FREQUENT
    yield "all", page()
    yield "type", page(type="ACCUSE")
    yield "frequent actor", page(actor=many)
    yield "rare actor", page(actor=RARE)
    yield "rare actor, frequent recipient, type", page(actor=RARE, recipient=many, type="AGREE")
    yield "frequent pair, type, since, until", page(actor=many, recipient=other, type="AID", since="2018", until="2019")
    yield "either party, sector, state", page(party=third, actor_sector="MIL", state="disputed")
    yield "place, state, mode", page(place=RARE, state="disputed", mode="arrest")
    yield "frequent, nothing in common", page(actor=many, recipient=many, state="retracted", factuality="negated")
    yield "context, place, since", page(context="gender", place=other, since="2024-06")
    yield "since a day, old", page(since="2015-02-10", until="2015-02-12")
    yield "since, oldest first", page(since="2020-05-05", ascending=True, type="ASSAULT")
    yield "frequent word", page(text="sanctions")
    yield "frequent word, frequent actor", page(text="sanctions", actor=many)
    yield "frequent word, rare actor", page(text="invasion", actor=RARE)
    yield "phrase of frequent words", page(text='"sanctions invasion weapons"')
    yield "three words, state, place", page(text="weapons talks border", state="disputed", place=third)
    yield "by sources", page(sort="sources")
    yield "by sources, frequent actor", page(sort="sources", actor=many)
    yield "by sources, least first, word", page(sort="sources", text="minister", ascending=True)
    yield "by sources, pair, since", page(sort="sources", actor=many, recipient=other, since="2022-02")
    yield "by confidence, type", page(sort="confidence", type="CONSULT")
    yield "by report, actor", page(sort="reported", actor=other)
    yield "by report, oldest first", page(sort="reported", ascending=True)
    yield "confident and well told", page(min_confidence=0.985, min_sources=5)
    yield "count: type", lambda: [asking.count(store, Filters(type="ACCUSE"))]
    yield "count: actual", lambda: [asking.count(store, Filters(factuality="actual"))]
    yield "dyad by month, most frequent", series("month", actor=many, recipient=other)
    yield "dyad by month, rare", series("month", actor=RARE, recipient=many)
    yield "dyad by day, type", series("day", actor=many, recipient=other, type="ASSAULT")
    yield "one actor towards all by month", series("month", actor=many)
    yield "all dyads by month, one year", series("month", since="2020", until="2020")
    yield "all dyads by month", series("month")
    yield "all dyads by year", series("year")
    yield "all dyads in all", series("all")


def measure(store: Store) -> list[dict[str, Any]]:
    """Each question asked :data:`RUNS` times: rows of the answer, and milliseconds of the first, middle and last."""
    found = []
    for name, ask in questions(store):
        times = []
        rows = 0
        for _ in range(RUNS):
            began = time.perf_counter()
            rows = len(ask())
            times.append((time.perf_counter() - began) * 1000)
        figures = {"first": times[0], "median": statistics.median(times), "most": max(times)}
        found.append({"question": name, "rows": rows, **{key: round(ms, 1) for key, ms in figures.items()}})
        print(f"{name:42} {rows:8} {times[0]:9.1f} {figures['median']:9.1f} {figures['most']:9.1f}", flush=True)
    return found


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--keep", type=Path, help="a folder: use the ledger in it, or make it there and leave it")
    given = parser.parse_args(arguments)
    folder = given.keep or Path(tempfile.mkdtemp(prefix="dragoman-scale-"))
    path = folder / f"ledger-{given.events}.db"
    figures: dict[str, Any] = {"events": given.events}
    try:
        if not path.exists():
            store = Store(path)
            figures["build_s"] = round(build(store, given.events), 1)
            store.close()
            print(f"built in {figures['build_s']} s", file=sys.stderr)
        figures["megabytes"] = round(path.stat().st_size / 1e6)
        store = Store(path)
        print(f"{'question':42} {'rows':>8} {'first ms':>9} {'median':>9} {'most':>9}")
        asked = measure(store)
        times = {row["question"]: row["median"] for row in asked}
        series = {name: ms for name, ms in times.items() if "dyad" in name or "by month" in name}
        lists = [ms for name, ms in times.items() if name not in series and not name.startswith("count")]
        figures["first_page_ms"] = max(lists)
        figures["dyad_month_ms"] = max(ms for name, ms in series.items() if name.startswith("dyad by month"))
        figures["all_dyads_month_ms"] = series["all dyads by month"]
        figures["questions"] = asked
        store.close()
    finally:
        if given.keep is None:
            shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
