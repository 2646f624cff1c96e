"""Ledgers for tests: events made up by chance, and reports with the records that a coder would give them."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.databases import Server

from dragoman import codebook
from dragoman.ledger.identity import report_id
from dragoman.ledger.model import LedgerEvent, Party, Report, Telling
from dragoman.ledger.store import Store
from dragoman.ledger.writing import Coding
from dragoman.record import CodedDocument, Document, Entity, Event, EventPlace, Mention, Span

KINDS = ("sqlite", "postgresql")
COUNTRIES = ("USA", "RUS", "UKR", "MMR", None)
SECTORS = ("GOV", "MIL", "CVL", None)
TYPES = ("CONSULT", "ASSAULT", "AID", "ACCUSE", "SANCTION", "REQUEST")
SENTENCES = (
    "Ministers met in Zürich to talk about grain.",
    "The army shelled the market town at dawn.",
    "Envoys talked about the shelling of the market.",
    "Officials announced sanctions against two banks.",
    "Grain ships left the harbour under escort.",
    "Москва said no to the envoys.",
)


@contextmanager
def new_address(kind: str, request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    """Where a new ledger can be made for several tests: a file in ``folder``, or an empty PostgreSQL database."""
    if kind == "sqlite":
        yield str(folder / "ledger.db")
        return
    server: Server = request.getfixturevalue("postgres")
    with server.database() as address:
        yield address


def made_up(amount: int, seed: int = 7) -> list[LedgerEvent]:
    """Events of all kinds: dated or not, mutual, with parties of no known country, told by one or two reports."""
    chance = random.Random(seed)
    return [_one(f"e{at:04}", chance) for at in range(amount)]


def _one(id: str, chance: random.Random) -> LedgerEvent:
    def parties() -> tuple[Party, ...]:
        return tuple(
            Party(chance.choice(("Kyaw Win", "the Osk league", "officials")), chance.choice(COUNTRIES), sector)
            for sector in chance.choices(SECTORS, k=chance.choice((0, 1, 1, 2)))
        )

    day = date(2020, 11, 1) + timedelta(days=chance.randrange(240))
    later = day + timedelta(days=chance.choice((1, 9, 40, 500)))
    stated = chance.choice((None, f"{day}", f"{day}", f"{day:%Y-%m}", f"{day:%Y}", f"{day}/{later}"))
    reported = chance.choice((None, f"{day}", f"{day}T08:30:00Z", f"{later}"))
    kind = chance.choice(TYPES)
    modes = tuple(codebook.MODES[kind])
    mode = (chance.choice(modes),) if modes and chance.random() < 0.6 else ()
    told = chance.sample(SENTENCES, k=chance.choice((1, 2)))
    return LedgerEvent(
        id,
        kind,
        mode,
        parties(),
        parties(),
        chance.choices(("actual", "future", "hypothetical", "negated"), weights=(7, 1, 1, 1))[0],
        chance.random() < 0.2,
        stated,
        (stated,) if stated else (),
        EventPlace("a town", chance.choice(COUNTRIES)) if chance.random() < 0.5 else None,
        reported,
        chance.choice(("reported", "corroborated", "disputed", "retracted")),
        int(min(90, chance.paretovariate(0.6))),
        3,
        chance.choice((None, 0.0, 1.0, round(chance.random(), 3))),
        codebook.score(kind, mode),
        tuple(sorted(chance.sample(("economic", "human_rights", "diplomatic"), k=chance.choice((0, 1, 2))))),
        claims=parties() if chance.random() < 0.2 else (),
        denials=parties() if chance.random() < 0.1 else (),
        tellings=tuple(Telling(Report(f"r{id}{at}"), Event(kind), (text,), ("",)) for at, text in enumerate(told)),
    )


@dataclass
class Sample:
    """A ledger, and the events in it."""

    store: Store
    events: list[LedgerEvent]


@dataclass(frozen=True)
class Told:
    """What a coder finds in a sentence: ``words`` name the act, parties are ``name | COUNTRY SECTOR``."""

    words: str
    type: str
    actor: str = ""
    recipient: str = ""
    mode: str = ""
    factuality: str = "actual"
    date: str | None = None
    by: str = ""
    historical: bool = False


def report(text: str, *told: Told, published: str = "2022-03-01", outlet: str = "", title: str = "") -> Coding:
    """A report with its records, as an ingest hands it on."""
    plain = Document(text, published, "", title, "", (), outlet)
    document = Document(text, published, report_id(plain), title, "", (), outlet)
    events = tuple(_record(text, one).identified(document.id) for one in told)
    return Coding(document, CodedDocument(document.id, events), "by hand", "here", "a report")


def _record(text: str, told: Told) -> Event:
    start = text.index(told.words)
    end = start + len(told.words)
    first, last = next(
        (m.start(), m.end()) for m in re.finditer(r"[^.\s][^.]*\.", text) if m.start() <= start and end <= m.end()
    )
    return Event(
        told.type,
        (told.mode,) if told.mode else (),
        _entities(text, told.actor),
        _entities(text, told.recipient),
        told.factuality,  # type: ignore[arg-type]
        told.historical,
        told.date,
        None,
        _entities(text, told.by),
        (Mention(first, last, Span(start, end)),),
        confidence=0.9,
    )


def _entities(text: str, named: str) -> tuple[Entity, ...]:
    found: list[Entity] = []
    for one in filter(None, named.split(";")):
        name, _, codes = (part.strip() for part in one.partition("|"))
        country, sector = ([*codes.split(), "", ""])[:2]
        start = text.index(name)
        found.append(Entity(name, start, start + len(name), country or None, sector or None))
    return tuple(found)


def ids(events: Sequence[LedgerEvent]) -> list[str]:
    return [event.id for event in events]
