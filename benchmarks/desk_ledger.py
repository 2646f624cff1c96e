"""A large ledger for the desk, with reports and records behind its events: ``python -m benchmarks.desk_ledger FILE``.

Where :mod:`benchmarks.ledger_scale` writes events alone, here made-up reports are ingested as any others are, so that
every page has what it shows: texts with their records, several sources, denials, claims, the health of sources, and
judgements, some of them undone. Countries, parties, types and words follow Zipf's law, as in news; days spread over ten
years. The same numbers give the same ledger, times of arrival aside.

Comparing all records with each other takes most of an hour. Unless it is asked for (``--compare``), records are linked
by what the generator knows: those that tell one happening. Such a ledger answers as another does, but is not sound.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate, islice
from pathlib import Path
from typing import Any
from unittest import mock

from sqlalchemy import Connection, select

from benchmarks.ledger_scale import DAYS, FIRST_DAY, world
from dragoman import codebook
from dragoman.ledger import Arrival, Ledger, linking
from dragoman.ledger.chunks import chunks
from dragoman.ledger.pieces import DENIAL, SAME
from dragoman.ledger.tables import record
from dragoman.ledger.writing import identified
from dragoman.record import CodedDocument, Document, Entity, Event, EventPlace, Mention, Span

REPORTS = 25_000
"""Makes a little over 100,000 events."""
# The words that tell each type, with their modes; a mode comes as often as its words are here.
TOLD: dict[str, tuple[tuple[str, str], ...]] = {
    "AGREE": (("signed a pact with", ""), ("agreed with", "")),
    "CONSULT": (("visited", "visit"), ("met", ""), ("telephoned", "phone")),
    "SUPPORT": (("praised", ""), ("endorsed", "")),
    "CONCEDE": (("gave way to", ""),),
    "COOPERATE": (("shared data with", ""), ("drilled with", "")),
    "AID": (("sent grain to", ""), ("supplied shells to", "")),
    "RETREAT": (("withdrew troops from", "withdraw"), ("freed prisoners of", "release")),
    "REQUEST": (("asked for help from", "assist"), ("urged a change of course on", "change")),
    "ACCUSE": (("condemned", "disapprove"), ("accused", "allege"), ("opened an inquiry into", "investigate")),
    "REJECT": (("turned down", "yield"), ("refused to meet", "meet")),
    "THREATEN": (("threatened to attack", "violence"), ("warned of tariffs on", "restrict")),
    "PROTEST": (("marched against", "demo"), ("went on strike against", "strike")),
    "SANCTION": (("imposed sanctions on", "discontinue"), ("expelled envoys of", "expel")),
    "MOBILIZE": (("massed troops against", "troops"), ("armed militias against", "militia")),
    "COERCE": (("seized ships of", "seize"), ("detained staff of", "arrest"), ("hacked servers of", "cyber")),
    "ASSAULT": (("shelled", "heavy-weapons"), ("bombed", "aerial"), ("attacked", ""), ("flew drones into", "drone")),
}
PLACES = {
    "USA": ("Chicago", "Houston", "Seattle"),
    "RUS": ("Moscow", "Kazan", "Omsk"),
    "CHN": ("Beijing", "Wuhan", "Harbin"),
    "UKR": ("Kyiv", "Kharkiv", "Odesa"),
    "DEU": ("Berlin", "Hamburg"),
    "IND": ("Mumbai", "Kolkata"),
    "BRA": ("Manaus", "Recife"),
    "KEN": ("Nairobi", "Mombasa"),
    "JPN": ("Osaka", "Sapporo"),
    "EGY": ("Cairo", "Aswan"),
    "NGA": ("Kano", "Lagos"),
    "TUR": ("Ankara", "Izmir"),
}
OUTLETS = (
    *("Harbour Post", "Valley Courier", "Evening Dispatch", "Northern Wire", "City Ledger", "Daily Lantern"),
    *("Southern Mirror", "Delta Gazette", "Quay Observer", "Hill Tribune", "Lake Herald", "Plain Record"),
)
_PARTIES = 4_000
_KINDS = ("President {}", "Minister {}", "General {}", "the {} Front", "the {} League", "the {} Company")
_SECTORS = ("GOV", "GOV", "MIL", "REB", "OPP", "BUS")


@dataclass(frozen=True, slots=True)
class Name:
    """One who acts or is acted upon."""

    text: str
    country: str | None
    sector: str | None


@dataclass(frozen=True, slots=True)
class Happening:
    """What a report tells in a sentence; ``date`` as in a record, ``told`` as in the text."""

    actor: Name
    recipient: Name
    type: str
    words: str
    mode: str
    date: str | None
    told: str
    place: EventPlace | None
    about: str


class Cast:
    """Who acts: countries, and people and groups of them, some of no known country."""

    def __init__(self) -> None:
        of, draw = world(), random.Random(3)
        self.states = [Name(codebook.COUNTRIES[code].name, code, "GOV") for code in of.countries]
        self.others = []
        for at in range(_PARTIES):
            kind = draw.randrange(len(_KINDS))
            name = _KINDS[kind].format(of.words[6 + at].title())
            country = draw.choices(of.countries, cum_weights=of.by_country)[0]
            self.others.append(Name(name, country if draw.random() < 0.8 else None, _SECTORS[kind]))
        self.by_other = list(accumulate(1 / (rank + 1) for rank in range(_PARTIES)))

    def draw(self, chance: random.Random) -> Name:
        if chance.random() < 0.6:
            return chance.choices(self.states, cum_weights=world().by_country)[0]
        return chance.choices(self.others, cum_weights=self.by_other)[0]


def happening(cast: Cast, day: date, chance: random.Random) -> Happening:
    """Something that happens on ``day``."""
    of = world()
    actor = cast.draw(chance)
    recipient = next(one for one in iter(lambda: cast.draw(chance), None) if one != actor)
    type = chance.choices(of.types, cum_weights=of.by_type)[0]
    words, mode = chance.choice(TOLD[type])
    precise = chance.choices(("day", "month", "none"), weights=(75, 8, 17))[0]
    dated = {"day": day.isoformat(), "month": day.isoformat()[:7], "none": None}[precise]
    told = {"day": f" on {day.day} {day:%B %Y}", "month": f" in {day:%B %Y}", "none": ""}[precise]
    place = None
    if chance.random() < 0.5:
        country = chance.choices(of.countries, cum_weights=of.by_country)[0]
        place = EventPlace(chance.choice(PLACES.get(country, (codebook.COUNTRIES[country].name,))), country)
    about = " ".join(chance.choices(of.words, cum_weights=of.by_word, k=5))
    return Happening(actor, recipient, type, words, mode, dated, told, place, about)


def tell(told: Sequence[Happening], published: str, outlet: str, address: str, chance: random.Random) -> _Told:
    """A report of an outlet that tells several happenings, a few of them as what others say, or deny."""
    of, text, events = world(), "", []
    for one in told:
        factuality = chance.choices(("actual", "future", "hypothetical", "negated"), weights=(90, 5, 2, 3))[0]
        source = one.actor if factuality == "negated" else one.recipient if chance.random() < 0.1 else None
        start = len(text)
        if source is not None:
            text += f"{_first(source.text)} {'denied' if factuality == 'negated' else 'said'} that "
        said = (_entity(source, start),) if source is not None else ()
        actor = _entity(one.actor, len(text))
        text += one.actor.text if source is not None else _first(one.actor.text)
        text += " "
        trigger = Span(len(text), len(text) + len(one.words))
        text += f"{one.words} "
        recipient = _entity(one.recipient, len(text))
        where = f" in {one.place.text}" if one.place else ""
        text += f"{one.recipient.text}{where}{one.told} over {one.about}."
        mention = Mention(start, len(text), trigger)
        events.append(
            Event(
                one.type,
                (one.mode,) if one.mode else (),
                (actor,),
                (recipient,),
                factuality,  # type: ignore[arg-type]
                chance.random() < 0.08,
                one.date,
                one.place,
                said,
                (mention,),
                confidence=round(chance.uniform(0.4, 1), 3),
            )
        )
        aside = " ".join(chance.choices(of.words, cum_weights=of.by_word, k=12))
        text += f" {_first(aside)}.{chr(10) * 2 if chance.random() < 0.5 else ' '}"
    title = f"{_first(told[0].actor.text)} {told[0].words} {told[0].recipient.text}: {told[0].about}"
    document = identified(Document(text.strip(), published, "", title, address, (), outlet))
    contexts = tuple(sorted(set(chance.choices(of.contexts, k=2))))
    records = tuple(e.identified(document.id) for e in events)
    return document, CodedDocument(document.id, records, contexts, title, published, address)


_Told = tuple[Document, CodedDocument]


def _first(text: str) -> str:
    return text[:1].upper() + text[1:]


def _entity(name: Name, start: int) -> Entity:
    return Entity(name.text, start, start + len(name.text), name.country, name.sector)


def coded(count: int, seed: int = 1) -> Iterator[_Told]:
    """``count`` reports with their records, from day to day."""
    chance, cast = random.Random(seed), Cast()
    made, story = 0, 0
    while made < count:
        day = FIRST_DAY + timedelta(days=made * DAYS // count)
        told = [
            happening(cast, day - timedelta(days=chance.choice((0, 0, 1, 1, 2, 30))), chance)
            for _ in range(chance.choice((4, 5, 6, 7)))
        ]
        several = min(8, int(chance.paretovariate(2.5)))
        for outlet in chance.sample(OUTLETS, several)[: count - made]:
            published = (day + timedelta(days=chance.choice((0, 0, 1)))).isoformat()
            url = f"https://{outlet.lower().replace(' ', '-')}.example/{story}"
            yield tell(
                chance.sample(told, chance.randint(2, len(told))) if several > 1 else told,
                published,
                outlet,
                url,
                chance,
            )
            made += 1
        story += 1


class _Known:
    """In place of comparing records: those are linked that tell the same happening."""

    def __init__(self) -> None:
        self.told: dict[tuple[str, str], list[tuple[int, bool]]] = {}

    def found_links(self, connection: Connection, records: Mapping[int, Any], _: Any) -> list[dict[str, Any]]:
        rows = []
        query = select(record.c.nr, record.c.judged, record.c.evidence)
        for part in chunks(sorted(records)):
            for nr, judged, evidence in connection.execute(query.where(record.c.nr.in_(part))).all():
                event, sentence = json.loads(judged), json.loads(evidence)[0][0]
                denied = event["factuality"] == "negated"
                others = self.told.setdefault((event["type"], sentence.rsplit(" over ", 1)[1]), [])
                for other, was_denied in others:
                    kind = SAME if denied == was_denied else DENIAL
                    rows.append({"a": other, "b": nr, "kind": kind, "score": 0.95, "reasons": '["the same words"]'})
                others.append((nr, denied))
        return rows


@contextmanager
def _uncompared() -> Iterator[None]:
    with mock.patch.object(linking, "found_links", _Known().found_links):
        yield


class Given:
    """A coder that is told beforehand what it finds."""

    def __init__(self) -> None:
        self.known: dict[str, CodedDocument] = {}

    def code(self, document: Document) -> CodedDocument:
        return self.known.pop(document.id)


def fill(ledger: Ledger, count: int, *, compare: bool = False, seed: int = 1) -> None:
    """Ingest ``count`` made-up reports, then judge a few of their events; ``compare`` records for a sound ledger."""
    coder = Given()

    def arrivals() -> Iterator[Arrival]:
        for document, result in coded(count, seed):
            coder.known[document.id] = result
            yield Arrival(f"https://{document.outlet.lower().replace(' ', '-')}.example/feed", document)

    with nullcontext() if compare else _uncompared():
        ledger.ingest(arrivals(), coder=coder, called="made up")
    judge(ledger)


def judge(ledger: Ledger) -> None:
    """What people did to a ledger: events confirmed, corrected, dropped and merged, some of it undone."""
    for at, found in enumerate(islice(ledger.iterate(), 0, 2_000, 20)):
        match at % 4:
            case 0:
                ledger.confirm(found.id, by="ana")
            case 1:
                done = ledger.correct(found.id, {"date": "2015-01"}, by="ben", note="as the second report has it")
                if at % 8 == 1:
                    ledger.undo(done, by="ana")
            case 2:
                ledger.correct(found.id, {"type": "AID", "mode": []}, by="ana")
            case _:
                ledger.drop(found.id, by="ben", note="a film, not an event")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("ledger", type=Path, help="the file to make; it must not exist")
    parser.add_argument("--reports", type=int, default=REPORTS)
    parser.add_argument("--compare", action="store_true", help="compare all records, as an ingest does: slow")
    given = parser.parse_args(arguments)
    if given.ledger.exists():
        parser.error(f"{given.ledger} is there already")
    began = time.perf_counter()
    with Ledger(given.ledger) as ledger:
        fill(ledger, given.reports, compare=given.compare)
        print(ledger.counts(), f"{time.perf_counter() - began:.0f} s", file=sys.stderr)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
