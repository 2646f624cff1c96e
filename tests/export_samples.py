"""What the tests of exports share: the published columns, and events to export."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from dragoman.export.ledger import Exported, export_events
from dragoman.ledger.model import LedgerEvent, Party, Report, Telling
from dragoman.record import Entity, Event, EventPlace, Mention, Reason, Span

# The published column names, written out apart from the code that is tested.
POLECAT = (
    "Event ID,Event Date,Event Type,Event Mode,Intensity,Quad Code,Contexts,Actor Name,Actor Country,Actor COW,"
    "Primary Actor Sector,Actor Sectors,Actor Title,Actor Name Raw,Wikipedia Actor ID,Recipient Name,Recipient Country,"
    "Recipient COW,Primary Recipient Sector,Recipient Sectors,Recipient Title,Recipient Name Raw,"
    "Wikipedia Recipient ID,Placename,City,District,Province,Country,Latitude,Longitude,GeoNames ID,Raw Placename,"
    "Feature Type,Source,Publication Date,Story People,Story Organizations,Story Locations,Language,Version"
).split(",")
ICEWS = (
    "Event ID,Event Date,Source Name,Source Sectors,Source Country,Event Text,CAMEO Code,Intensity,Target Name,"
    "Target Sectors,Target Country,Story ID,Sentence Number,Publisher,City,District,Province,Country,Latitude,Longitude"
).split(",")
_ACTOR = "Code Name CountryCode KnownGroupCode EthnicCode Religion1Code Religion2Code Type1Code Type2Code Type3Code"
_GEO = "Type FullName CountryCode ADM1Code ADM2Code Lat Long FeatureID"
GDELT = [
    *"GlobalEventID Day MonthYear Year FractionDate".split(),
    *(f"Actor{n}{part}" for n in (1, 2) for part in _ACTOR.split()),
    *"IsRootEvent EventCode EventBaseCode EventRootCode QuadClass GoldsteinScale".split(),
    *"NumMentions NumSources NumArticles AvgTone".split(),
    *(f"{role}Geo_{part}" for role in ("Actor1", "Actor2", "Action") for part in _GEO.split()),
    *"DATEADDED SOURCEURL".split(),
]
ACLED = (
    "event_id_cnty,event_date,year,time_precision,disorder_type,event_type,sub_event_type,actor1,assoc_actor_1,inter1,"
    "actor2,assoc_actor_2,inter2,interaction,civilian_targeting,iso,region,country,admin1,admin2,admin3,location,"
    "latitude,longitude,geo_precision,source,source_scale,notes,fatalities,tags,timestamp"
).split(",")
PUBLISHED = {"polecat": POLECAT, "icews": ICEWS, "gdelt": GDELT, "acled": ACLED}
TABLES = tuple(PUBLISHED)

REBELS = Party("Northern Column", "MLI", "REB")
ARMY = Party("Malian army", "MLI", "MIL")
TRADERS = Party("traders", "MLI", "CVL")


def telling(
    outlet: str = "Sahel Wire", report: str = "r1", sentence: str = "Rebels shot at traders in Gao."
) -> Telling:
    record = Event(
        "ASSAULT",
        actor=(Entity("Rebels", 0, 6, "MLI", "REB"),),
        mentions=(Mention(0, len(sentence), Span(7, 11)),),
        reasons=(Reason("type", "verb shoot", Span(7, 11)),),
        id=f"record-{report}",
        confidence=0.8,
    )
    told = Report(
        report, "Traders shot", "2021-03-15T06:30:00+02:00", f"https://example.org/{report}", outlet, source="r1"
    )
    return Telling(told, record, (sentence,), ("shot",))


def attack(**changes: Any) -> LedgerEvent:
    event = LedgerEvent(
        id="e1",
        type="ASSAULT",
        mode=("firearms",),
        actor=(REBELS,),
        recipient=(TRADERS,),
        date="2021-03-14",
        dates=("2021-03-14",),
        place=EventPlace("Gao", "MLI"),
        reported="2021-03-15T06:30:00+02:00",
        state="corroborated",
        sources=2,
        reports=3,
        confidence=0.8,
        score=-9.3,
        contexts=("human_rights", "military"),
        title="Traders shot",
        url="https://example.org/r1",
        sentence="Rebels shot at traders in Gao.",
        tellings=(telling(), telling("Gao Daily", "r2", "Shots fell; traders fled.")),
    )
    return replace(event, **changes)


def run(tmp_path: Path, format: str, *events: LedgerEvent, **options: Any) -> Exported:
    return export_events(iter(events), format, tmp_path / "out", **options)


def table(done: Exported, format: str) -> list[dict[str, str]]:
    """The rows as Python's csv reads them, by the published names of the columns."""
    text = done.files[0].read_bytes().decode("utf-8")
    quoting: Literal[0, 3] = csv.QUOTE_NONE if format in ("icews", "gdelt") else csv.QUOTE_MINIMAL
    separator = "," if format == "acled" else "\t"
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, quoting=quoting, strict=True))
    if format != "gdelt":
        assert rows.pop(0) == PUBLISHED[format]
    return [dict(zip(PUBLISHED[format], row, strict=True)) for row in rows]


def one(tmp_path: Path, format: str, event: LedgerEvent, **options: Any) -> dict[str, str]:
    [row] = table(run(tmp_path, format, event, **options), format)
    return row


def filled(row: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in row.items() if value}
