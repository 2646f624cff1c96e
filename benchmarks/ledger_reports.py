"""Reports by the thousand, made of our own sentences, and a coder that reads them at once.

The ledger is put to the test with many more reports than anybody wrote, and killed more often than a real coder would
allow. :func:`reports` makes them from a seed: stories that several outlets tell in their own words, some of them
printed again elsewhere, brought up to date at the same address, or denied. :class:`QuickCoder` finds in each sentence
of them the record that it was made to hold, and nothing in other text.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from dragoman.record import CodedDocument, Document, Entity, Event, EventPlace, Mention, Span

COUNTRIES = {
    "Albania": "ALB",
    "Algeria": "DZA",
    "Angola": "AGO",
    "Armenia": "ARM",
    "Bahrain": "BHR",
    "Belgium": "BEL",
    "Benin": "BEN",
    "Bhutan": "BTN",
    "Bolivia": "BOL",
    "Botswana": "BWA",
    "Brazil": "BRA",
    "Bulgaria": "BGR",
    "Burundi": "BDI",
    "Cambodia": "KHM",
    "Cameroon": "CMR",
    "Canada": "CAN",
    "Chad": "TCD",
    "Chile": "CHL",
    "China": "CHN",
    "Colombia": "COL",
    "Cuba": "CUB",
    "Cyprus": "CYP",
    "Denmark": "DNK",
    "Ecuador": "ECU",
    "Egypt": "EGY",
    "Ethiopia": "ETH",
    "Fiji": "FJI",
    "Ghana": "GHA",
    "Hungary": "HUN",
    "India": "IND",
    "Japan": "JPN",
    "Kenya": "KEN",
    "Laos": "LAO",
    "Latvia": "LVA",
    "Libya": "LBY",
    "Malawi": "MWI",
    "Mexico": "MEX",
    "Nepal": "NPL",
    "Norway": "NOR",
    "Oman": "OMN",
    "Panama": "PAN",
    "Peru": "PER",
    "Qatar": "QAT",
    "Rwanda": "RWA",
    "Spain": "ESP",
    "Sudan": "SDN",
    "Togo": "TGO",
    "Turkey": "TUR",
    "Uganda": "UGA",
    "Yemen": "YEM",
}
VERBS = {
    "shelled": ("ASSAULT", "heavy-weapons"),
    "attacked": ("ASSAULT", ""),
    "penalised": ("SANCTION", "discontinue"),
    "supplied": ("AID", ""),
    "visited": ("CONSULT", "visit"),
    "condemned": ("ACCUSE", "disapprove"),
    "endorsed": ("SUPPORT", ""),
}
PLACES = ("Tirana", "Manaus", "Nairobi", "Odense", "Cuenca", "Kumasi", "Szeged", "Kolkata", "Osaka", "Mombasa")
OUTLETS = ("Harbour Post", "Valley Courier", "Evening Dispatch", "Northern Wire", "City Ledger", "Daily Lantern")
_WHO = tuple("clerks drivers farmers traders teachers sailors nurses masons judges porters bakers editors".split())
_DID = tuple("counted doubted watched mended praised feared missed sorted sold measured guarded painted".split())
_WHAT = tuple(
    "bridges ledgers harvests ferries markets lanterns orchards tunnels quarries barges timetables wells".split()
)
_WHEN = tuple("at dawn,after lunch,in the rain,for weeks,without haste,by the river,as before,at length".split(","))
_SYLLABLES = tuple("bar del fen gor hul jas kel lom mar nev ost pil rud sar tev ulm vok wen yad zor".split())
_TOLD = re.compile(
    r"(?:(?P<source>[A-Z]\w+) (?P<denied>denied|said) that )?(?P<actor>[A-Z]\w+) (?P<verb>[a-z]+) "
    r"(?P<recipient>[A-Z]\w+)(?: near (?P<place>[A-Z]\w+))?(?: on (?P<date>\d{4}-\d\d(?:-\d\d)?))?\."
)


@dataclass
class QuickCoder:
    """Codes sentences such as "Chad attacked Laos near Osaka on 2022-03-04." and "Fiji denied that Chad attacked Laos."

    What another version of a coder does: ``types`` takes verbs for other types, ``misses`` are verbs that it does not
    know, and ``wide`` counts the space after a verb to it, so that every record has another id.
    """

    types: dict[str, tuple[str, str]] = field(default_factory=dict)
    misses: frozenset[str] = frozenset()
    wide: bool = False

    def code(self, document: Document) -> CodedDocument:
        """The records of a document, one a sentence."""
        events = []
        for found in _TOLD.finditer(document.text):
            verb = found["verb"]
            known = {**VERBS, **self.types}
            if verb not in known or verb in self.misses or found["actor"] not in COUNTRIES:
                continue
            kind, mode = known[verb]
            trigger = Span(found.start("verb"), found.start("recipient") if self.wide else found.end("verb"))
            event = Event(
                type=kind,
                mode=(mode,) if mode else (),
                actor=_entity(found, "actor"),
                recipient=_entity(found, "recipient"),
                factuality="negated" if found["denied"] == "denied" else "actual",
                date=found["date"],
                place=EventPlace(found["place"]) if found["place"] else None,
                attribution=_entity(found, "source") if found["source"] else (),
                mentions=(Mention(found.start(), found.end(), trigger),),
                confidence=0.9,
            )
            events.append(event.identified(document.id))
        return CodedDocument(
            document.id,
            tuple(events),
            ("military",) if any(e.type == "ASSAULT" for e in events) else (),
            document.title,
            document.published,
            document.url,
        )


def _entity(found: re.Match[str], name: str) -> tuple[Entity, ...]:
    return (Entity(found[name], found.start(name), found.end(name), COUNTRIES.get(found[name]), "GOV"),)


def reports(count: int, seed: int = 1) -> Iterator[Document]:
    """``count`` different reports, the same for the same seed."""
    draw = random.Random(seed)
    day = date(2021, 1, 4)
    made = 0
    while made < count:
        day += timedelta(days=draw.choice((0, 0, 1)))
        for report in _story(draw, day, made):
            yield report
            made += 1
            if made == count:
                return


def _names(draw: random.Random) -> list[str]:
    """Names of people and hamlets that no other story is likely to have."""
    return ["".join(draw.sample(_SYLLABLES, 3)).capitalize() for _ in range(4)]


def _aside(draw: random.Random, names: list[str]) -> str:
    """A sentence in which nothing happens that a ledger keeps; no two of a report's are likely to be the same."""
    who, others = draw.sample(_WHO, 2)
    some, more = draw.sample(_WHAT, 2)
    name = draw.choice(names)
    did = f"{draw.choice(_DID)} the {some} of {name} {draw.choice(_WHEN)}"
    return f"In {name} {who} {did} while {others} {draw.choice(_DID)} {more}."


def _story(draw: random.Random, day: date, number: int) -> Iterator[Document]:
    actor, recipient, other = draw.sample(sorted(COUNTRIES), 3)
    verb, place = draw.choice(sorted(VERBS)), draw.choice(PLACES)
    names = _names(draw)
    told: list[Document] = []
    for i, outlet in enumerate(draw.sample(OUTLETS, draw.randint(1, 4))):
        where = f" near {place}" if draw.random() < 0.7 else ""
        when = f" on {day.isoformat() if draw.random() < 0.8 else day.isoformat()[:7]}" if draw.random() < 0.9 else ""
        voice = f"{other} said that " if draw.random() < 0.2 else ""
        sentences = [f"{voice}{actor} {verb} {recipient}{where}{when}.", *(_aside(draw, names) for _ in range(6))]
        if draw.random() < 0.3:
            sentences.append(f"{actor} denied that {actor} {verb} {recipient}{when}.")
        if draw.random() < 0.4:
            third, fourth = draw.sample(sorted(COUNTRIES), 2)
            sentences.append(
                f"{third} {draw.choice(sorted(VERBS))} {fourth} on {(day - timedelta(days=9)).isoformat()}."
            )
        sentences.append(f"For the record, this is item {number}-{i}.")
        published = (day + timedelta(days=draw.choice((0, 1)))).isoformat()
        url = f"https://{outlet.lower().replace(' ', '-')}.example/{number}/{i}"
        told.append(Document(" ".join(sentences), published, f"r{number}-{i}", f"{verb} {i}", url, (), outlet))
        yield told[-1]
    first = told[0]
    if draw.random() < 0.3:  # printed again by another house
        yield Document(first.text, first.published, f"p{number}", "From our wires", "", (), "Southern Mirror")
    if draw.random() < 0.2:  # brought up to date at the same address
        text = first.text.replace(_TOLD.search(first.text)[0], "Nothing is confirmed as yet.")  # type: ignore[index]
        later = (day + timedelta(days=2)).isoformat()
        yield Document(text, later, f"v{number}", first.title, first.url, (), first.outlet)
