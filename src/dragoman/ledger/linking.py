"""Links between records, and the events that follow from them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from sqlalchemy import Column, Connection, Row, and_, delete, insert, or_, select, text

from dragoman.ledger import joining, judging
from dragoman.ledger.buckets import kept_under, looked_up, swept
from dragoman.ledger.chunks import MANY, chunks
from dragoman.ledger.eventrows import write_events
from dragoman.ledger.joining import Handle, Link, Profile
from dragoman.ledger.judging import Judgement
from dragoman.ledger.pieces import (
    APART,
    DENIAL,
    LEVELS,
    SAME,
    TOGETHER,
    Found,
    Graph,
    connected,
    pieces,
    split,
    ties_of,
)
from dragoman.ledger.tables import handle, record
from dragoman.ledger.tables import link as links
from dragoman.record import Event

# Ids of two records, the lesser first, and whether people said that they belong together or apart.
JudgedTie = tuple[str, str, str]
_JUDGED = (TOGETHER, APART)


def link(connection: Connection, fresh: Mapping[int, str]) -> None:
    """Compare new live records, already stored, with all that may tell the same event; keep the links.

    Args:
        fresh: the profiles of the records, as they are stored, by their numbers.
    """
    profiles = {nr: _profile(text) for nr, text in sorted(fresh.items())}
    handles = [(nr, one) for nr, profile in profiles.items() for one in handles_of(profile)]
    if handles:
        connection.execute(insert(handle), held(handles))
    if rows := found_links(connection, profiles, handles):
        connection.execute(insert(links), rows)


def found_links(
    connection: Connection, records: Mapping[int, Profile], handles: Sequence[tuple[int, Handle]]
) -> list[dict[str, Any]]:
    """The rows of the link table that comparing records gives with all others, each pair once.

    Args:
        records: the profiles of the records by their numbers.
        handles: their handles.
    """
    pairs = {(min(nr, o), max(nr, o)) for nr, others in _candidates(connection, handles).items() for o in others}
    profiles = dict(records)
    for part in chunks(sorted({nr for pair in pairs for nr in pair} - set(profiles))):
        query = select(record.c.nr, record.c.profile).where(record.c.nr.in_(part), record.c.live)
        profiles |= {nr: _profile(text) for nr, text in connection.execute(query).all()}
    return [
        {
            "a": min(nr, other),
            "b": max(nr, other),
            "kind": kind,
            "score": round(made.score, 4),
            "reasons": json.dumps(list(made.reasons), ensure_ascii=False),
        }
        for nr, other, kind, made in compared(profiles, sorted(pairs))
    ]


def profiles_of(rows: Iterable[Any]) -> dict[int, Profile]:
    """The profiles of records as they are stored, by their numbers."""
    return {row.nr: _profile(row.profile) for row in rows}


# New records are compared with those of the same days again and again.
@lru_cache(maxsize=10_000)
def _profile(text: str) -> Profile:
    return Profile.from_dict(json.loads(text))


def compared(profiles: Mapping[int, Profile], pairs: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int, str, Link]]:
    """The links of pairs of records, and of which kind they are; pairs with one that has no profile are left out.

    A denial is compared by what it denies, whichever of the two came first: either way gives the same link.
    """
    partners: dict[tuple[int, str], list[int]] = {}
    for a, b in pairs:
        if a in profiles and b in profiles:
            if denies(profiles[a]) == denies(profiles[b]):
                partners.setdefault((a, SAME), []).append(b)
            else:
                denial, deed = (a, b) if denies(profiles[a]) else (b, a)
                partners.setdefault((denial, DENIAL), []).append(deed)
    for (nr, kind), others in partners.items():
        own = profiles[nr] if kind == SAME else _denied(profiles[nr])
        for other, made in zip(others, joining.compare(own, [profiles[o] for o in others]), strict=True):
            if made is not None and (kind == SAME or made.score > joining.JOIN):
                yield nr, other, kind, made


def denies(profile: Profile) -> bool:
    """Whether a record tells that something did not happen."""
    return profile.factuality == "negated"


def _denied(denial: Profile) -> Profile:
    """What a denial denies, as if it were told by nobody in particular."""
    return replace(denial, factuality="actual", source=())


def amended(basis: Profile, event: Event, *, moved: bool) -> Profile:
    """``basis`` with what a person corrected in ``event``; what it has of the report's text stays.

    Args:
        moved: whether the place is one of the corrections.
    """
    made = joining.revised(basis, event)
    return made if moved else replace(made, site=basis.site)


def handles_of(profile: Profile) -> list[Handle]:
    """The handles under which a record is kept, and others are looked for.

    A denial has those of what it denies as well: it is found where the deed is.
    """
    own = list(joining.handles(profile))
    return [*own, *joining.handles(_denied(profile))] if denies(profile) else own


def held(handles: Iterable[tuple[int, Handle]]) -> list[dict[str, Any]]:
    """The rows of records with their handles: one for each bucket and record, over the widest days of any."""
    widest: dict[tuple[str, int], dict[str, Any]] = {}
    for nr, one in handles:
        for bucket in kept_under(one):
            row = {"bucket": bucket, "record": nr, "first": one.first, "last": one.last}
            before = widest.setdefault((bucket, nr), row)
            before["first"] = min(before["first"], one.first)
            before["last"] = max(before["last"], one.last)
    return list(widest.values())


# What is asked for goes in as one JSON text: the statement stays the same, whatever the number of records.
_ASKED = {
    "sqlite": """SELECT json_extract(asked.value, '$[1]'), handle.record FROM json_each(:asked) AS asked
        JOIN handle ON handle.bucket = json_extract(asked.value, '$[0]')
        AND handle.first <= json_extract(asked.value, '$[3]') AND handle.last >= json_extract(asked.value, '$[2]')
        AND handle.record != json_extract(asked.value, '$[1]')""",
    "postgresql": """SELECT CAST(asked->>1 AS bigint), handle.record
        FROM jsonb_array_elements(CAST(:asked AS jsonb)) AS asked
        JOIN handle ON handle.bucket = asked->>0 AND handle.first <= asked->>3
        AND handle.last >= asked->>2 AND handle.record != CAST(asked->>1 AS bigint)""",
}


def _candidates(connection: Connection, handles: Sequence[tuple[int, Handle]]) -> dict[int, set[int]]:
    """For each new record those that share a bucket with it over days that overlap."""
    found: dict[int, set[int]] = {}
    wanted = sorted({(b, nr, one.first, one.last) for nr, one in handles for b in looked_up(one)})
    query = text(_ASKED[connection.dialect.name])
    for nr, other in connection.execute(query, {"asked": json.dumps(wanted)}):
        found.setdefault(nr, set()).add(other)
    for nr, one in handles:
        if (ends := swept(one)) is not None:
            days = handle.c.first <= one.last, handle.c.last >= one.first
            span = handle.c.bucket >= ends[0], handle.c.bucket <= ends[1]
            near = select(handle.c.record).where(*span, *days, handle.c.record != nr)
            found.setdefault(nr, set()).update(connection.execute(near).scalars())
    return dict(sorted(found.items()))


def constrain(connection: Connection, report: str, log: Sequence[Judgement]) -> set[int]:
    """Keep what people joined or parted of the records of ``report``; the numbers of the records whose ties changed.

    What was compared stays beside it: it counts again once the judgement is taken back.
    """
    numbers, want, have = _judged_ties(connection, report, log)
    gone, fresh = have - want, want - have
    for one, other, kind in sorted(gone):
        low, high = sorted((numbers[one], numbers[other]))
        connection.execute(delete(links).where(links.c.a == low, links.c.b == high, links.c.kind == kind))
    if fresh:
        rows = []
        for one, other, kind in sorted(fresh):
            low, high = sorted((numbers[one], numbers[other]))
            rows.append({"a": low, "b": high, "kind": kind, "score": float(kind == TOGETHER), "reasons": "[]"})
        connection.execute(insert(links), rows)
    return {numbers[id] for a, b, _ in gone | fresh for id in (a, b)}


def judged_ties(connection: Connection, report: str, log: Sequence[Judgement]) -> tuple[set[JudgedTie], set[JudgedTie]]:
    """The ties by judgement that records of ``report`` should have, and those that they have."""
    return _judged_ties(connection, report, log)[1:]


def _judged_ties(
    connection: Connection, report: str, log: Sequence[Judgement]
) -> tuple[dict[str, int], set[JudgedTie], set[JudgedTie]]:
    reports = sorted({report, *(id for j in log for id in j.reports)})
    standing: dict[str, list[Event]] = {id: [] for id in reports}
    numbers: dict[str, int] = {}
    for part in chunks(reports):
        for row in connection.execute(
            select(record.c.nr, record.c.report, record.c.judged).where(record.c.report.in_(part), record.c.live)
        ):
            event = Event.from_dict(json.loads(row.judged))
            standing[row.report].append(event)
            numbers[event.id] = row.nr
    found = judging.constraints(report, log, standing)
    want = {(a, b, TOGETHER if joined else APART) for (a, b), joined in found.items()}
    own = [numbers[e.id] for e in standing[report]]
    ties = {(a, b, tie.kind) for a, b, tie in ties_of(connection, own) if tie.kind in _JUDGED}
    for few in chunks(sorted({nr for a, b, _ in ties for nr in (a, b)})):
        numbers |= dict(connection.execute(select(record.c.id, record.c.nr).where(record.c.nr.in_(few))).all())
    ids = {nr: id for id, nr in numbers.items()}
    return numbers, want, {(*_ordered(ids[a], ids[b]), kind) for a, b, kind in ties}


def _ordered(a: str, b: str) -> tuple[str, str]:
    return (a, b) if a < b else (b, a)


def around(connection: Connection, records: Sequence[int]) -> tuple[set[str], set[int]]:
    """The events of records, and the records that share an event or a link with them."""
    events = _events_of(connection, record.c.nr, set(records))
    near = {row.nr for row in _records_of(connection, events)}
    near |= {nr for a, b, _ in ties_of(connection, records) for nr in (a, b)}
    return events, near - set(records)


def follow_up(connection: Connection, reports: Iterable[str], records: Iterable[int], events: Iterable[str]) -> None:
    """Cluster anew what ``records`` are connected with, and make anew the events that changed.

    Args:
        reports: those whose standing changed (copies, versions): their events count other sources now.
        records: those that are new or lost a neighbour.
        events: those that lost a record.
    """
    seeds = _live(connection, records)
    graph = Graph(connection)
    found = pieces(graph, seeds)
    members = {nr for piece in found for nr in piece}
    was = _event_of(connection, members)
    size = Counter(was.values())
    standing = _events_of(connection, record.c.report, set(reports))
    lost = set(events) | standing
    changed: list[list[int]] = []
    same: list[list[int]] = []
    for cluster in _clusters(connection, graph, found):
        told = {was[nr] for nr in cluster}
        (id,) = told if len(told) == 1 else (None,)
        as_before = id is not None and id not in lost and size[id] == len(cluster) and seeds.isdisjoint(cluster)
        (same if as_before else changed).append(cluster)
    # Whoever is denied by what changed, or denies it, is told so. Whether a denial stands depends on its report.
    touched = {nr for cluster in changed for nr in cluster}
    touched |= {row.nr for row in _records_of(connection, standing)}
    stale = {id for nr in touched if (id := was.get(nr)) is not None} | lost
    stale |= _events_of(connection, record.c.nr, _denials(connection, touched))
    kept: dict[str, list[int]] = {}
    for row in _records_of(connection, stale):
        if row.nr not in members:
            kept.setdefault(row.event, []).append(row.nr)
    again = [cluster for cluster in same if was[cluster[0]] in stale]
    write_events(connection, stale, [*changed, *again, *kept.values()])


def _live(connection: Connection, records: Iterable[int]) -> set[int]:
    found: set[int] = set()
    for part in chunks(sorted(set(records))):
        found |= set(connection.execute(select(record.c.nr).where(record.c.nr.in_(part), record.c.live)).scalars())
    return found


def _event_of(connection: Connection, records: set[int]) -> dict[int, str | None]:
    found: dict[int, str | None] = {}
    for part in chunks(sorted(records)):
        query = select(record.c.nr, record.c.event).where(record.c.nr.in_(part))
        found |= dict(connection.execute(query).all())
    return found


def _records_of(connection: Connection, events: set[str]) -> list[Row[tuple[int, str]]]:
    found: list[Row[tuple[int, str]]] = []
    for part in chunks(sorted(events)):
        found += connection.execute(select(record.c.nr, record.c.event).where(record.c.event.in_(part)))
    return found


def _denials(connection: Connection, records: set[int]) -> set[int]:
    """Those that deny one of the records, or that one of them denies."""
    found: set[int] = set()
    for part in chunks(sorted(records)):
        for here, there in ((links.c.a, links.c.b), (links.c.b, links.c.a)):
            found |= set(connection.execute(select(there).where(links.c.kind == DENIAL, here.in_(part))).scalars())
    return found


def _events_of(connection: Connection, key: Column[Any], values: set[Any]) -> set[str]:
    """The events of the records with one of ``values`` in column ``key``."""
    found: set[str] = set()
    for part in chunks(sorted(values)):
        query = select(record.c.event).where(key.in_(part), record.c.event.is_not(None)).distinct()
        found |= set(connection.execute(query).scalars())
    return found


def _clusters(connection: Connection, graph: Graph, found: Iterable[Collection[int]]) -> Iterator[list[int]]:
    """The clusters of pieces; those of one record are clusters, and their profiles need not be read."""
    for piece in found:
        if len(piece) == 1:
            yield list(piece)
        else:
            yield from _cluster(connection, sorted(piece), graph.ties(piece))


def _cluster(connection: Connection, piece: Sequence[int], found: Sequence[Found]) -> Iterator[list[int]]:
    """The clusters among records that links connect."""
    ids: dict[int, str] = {}
    profiles: dict[str, Profile] = {}
    for part in chunks(piece):
        query = select(record.c.nr, record.c.id, record.c.profile).where(record.c.nr.in_(part))
        for nr, id, profile in connection.execute(query).all():
            ids[nr], profiles[id] = id, _profile(profile)
    numbers = {id: nr for nr, id in ids.items()}

    def pairs(kind: str) -> dict[tuple[str, str], Link]:
        chosen = ((ids[a], ids[b], made.link) for a, b, made in found if made.kind == kind)
        return {(min(a, b), max(a, b)): made for a, b, made in chosen}

    groups = joining.cluster(profiles, pairs(SAME), together=pairs(TOGETHER), apart=pairs(APART))
    yield from (sorted(numbers[id] for id in group) for group in groups)


def wrong_clusters(connection: Connection) -> list[str]:
    """The events that a clustering of all records from nothing would not give."""
    events = dict(connection.execute(select(record.c.nr, record.c.event).where(record.c.live)).all())
    size = Counter(events.values())
    binding = or_(links.c.kind == TOGETHER, and_(links.c.kind == SAME, links.c.score > LEVELS[0]))
    query = select(links.c.a, links.c.b).where(binding).execution_options(yield_per=MANY)
    components = connected(connection.execute(query))
    alone = set(events) - {nr for component in components for nr in component}
    wrong = {events[nr] for nr in alone if size[events[nr]] > 1}
    for several in _batches(components):
        graph = Graph(connection)
        found = list(split([(a, b, tie.strength) for a, b, tie in graph.ties(set(several))]))
        single = set(several) - {nr for piece in found for nr in piece}
        for cluster in _clusters(connection, graph, [*found, *([nr] for nr in sorted(single))]):
            told = {events.get(nr) for nr in cluster}
            if len(told) > 1 or any(size[id] != len(cluster) for id in told):
                wrong |= told
    return sorted(id for id in wrong if id is not None)


def _batches(components: Iterable[Sequence[int]]) -> Iterator[list[int]]:
    """Components together, as long as they are few records."""
    several: list[int] = []
    for component in components:
        several += component
        if len(several) >= MANY:
            yield several
            several = []
    if several:
        yield several
