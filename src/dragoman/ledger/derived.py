"""Whether what follows from the reports of a ledger is what follows from them: made again, and compared."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, select

from dragoman.ledger import judging, linking, standing, writing
from dragoman.ledger.chunks import MANY, chunks
from dragoman.ledger.judging import Judgement
from dragoman.ledger.pieces import APART, DENIAL, SAME, TOGETHER
from dragoman.ledger.tables import handle, judged, judgement, link, record, report
from dragoman.record import Event

_PAGE = 1_000
# Records whose comparison with others is done again: all of a ledger of a few thousand reports, and of a larger one as
# many as take a minute or two.
_COMPARED = 20_000


def _standing(connection: Connection) -> list[str]:
    columns = (report.c[n] for n in ("id", "address", "published", "retrieved", "copies", "status", "superseded"))
    rows = connection.execute(select(*columns).order_by(report.c.address).execution_options(yield_per=MANY))
    wrong = []
    for page, versions in groupby(rows, key=lambda row: row.address):
        # Reports without an address are no versions of each other, and too many to hold.
        for several in ([row] for row in versions) if page is None else [list(versions)]:
            now = standing.standing_of(several)
            wrong += [row.id for row in several if now[row.id] != (row.status, row.superseded)]
    return sorted(wrong)


def _log(connection: Connection) -> list[str]:
    kept: dict[str, set[str]] = {}
    for row in connection.execute(select(judged.c.judgement, judged.c.report)):
        kept.setdefault(row.judgement, set()).add(row.report)
    log = _judgements(connection)
    wrong = []
    for id, one in log.items():
        over = one
        while over.action == "undo" and over.judgement in log:
            over = log[over.judgement]
        if one.id != id or set(over.reports) != kept.get(id, set()):
            wrong.append(id)
    return sorted(wrong)


def _judgements(connection: Connection) -> dict[str, Judgement]:
    rows = connection.execute(select(judgement.c.id, judgement.c.value))
    return {row.id: Judgement.from_dict(json.loads(row.value)) for row in rows}


def _records(connection: Connection) -> list[str]:
    wrong: list[str] = []
    query = select(record.c.id, record.c.report, record.c.coded, record.c.judged, record.c.live, record.c.confirmed)
    for ids in _pages(connection, report.c.id):
        log = writing.judgements_of(connection, ids)
        stored: dict[str, list[Any]] = {}
        for row in connection.execute(query.where(record.c.report.in_(ids))):
            stored.setdefault(row.report, []).append(row)
        for id, rows in stored.items():
            coded = [Event.from_dict(json.loads(row.coded)) for row in rows if row.coded is not None]
            have = {row.id: (json.loads(row.judged), row.live, row.confirmed) for row in rows}
            want = {
                j.record.id: ({**j.record.to_dict(), "corrected": list(j.corrected)}, j.live, j.confirmed)
                for j in judging.replay(id, coded, log.get(id, ()))
            }
            wrong += [key for key in sorted(have.keys() | want.keys()) if have.get(key) != want.get(key)]
    return wrong


def _ties(connection: Connection) -> list[str]:
    wrong: set[str] = set()
    for ids in chunks(sorted(connection.execute(select(judged.c.report).distinct()).scalars())):
        for id, log in writing.judgements_of(connection, ids).items():
            want, have = linking.judged_ties(connection, id, log)
            wrong |= {key for tie in want ^ have for key in tie[:2]}
    # Whatever else is tied by judgement is tied by none.
    for id in connection.execute(select(record.c.id).where(record.c.nr.in_(_unjudged()))).scalars():
        wrong.add(id)
    return sorted(wrong)


def _unjudged() -> Any:
    of_report = select(record.c.nr).where(record.c.report.in_(select(judged.c.report)))
    tied = link.c.kind.in_((TOGETHER, APART))
    return select(link.c.a).where(tied, link.c.a.not_in(of_report), link.c.b.not_in(of_report))


def _handles(connection: Connection) -> list[str]:
    wrong = []
    for numbers in _pages(connection, record.c.nr):
        rows = connection.execute(
            select(record.c.nr, record.c.id, record.c.profile, record.c.live).where(record.c.nr.in_(numbers))
        ).all()
        profiles = linking.profiles_of(row for row in rows if row.live)
        want = {
            (row["bucket"], row["record"], row["first"], row["last"])
            for row in linking.held([(nr, one) for nr, p in profiles.items() for one in linking.handles_of(p)])
        }
        have = set(connection.execute(select(handle).where(handle.c.record.in_(numbers))))
        ids = {row.nr: row.id for row in rows}
        wrong += sorted({ids[nr] for _, nr, _, _ in want ^ have})
    return wrong


def _links(connection: Connection) -> list[str]:
    total = len(connection.execute(select(record.c.nr).where(record.c.live)).all())
    step = max(1, total // _COMPARED)
    wrong: set[str] = set()
    for numbers in _pages(connection, record.c.nr):
        query = select(record.c.nr, record.c.id, record.c.profile).where(record.c.nr.in_(numbers[::step]))
        rows = connection.execute(query.where(record.c.live)).all()
        ids = {row.nr: row.id for row in rows}
        profiles = linking.profiles_of(rows)
        handles = [(nr, one) for nr, p in profiles.items() for one in linking.handles_of(p)]
        made = linking.found_links(connection, profiles, handles)
        want = {(row["a"], row["b"], row["kind"], row["score"], row["reasons"]) for row in made}
        have: set[Any] = set()
        for part in chunks(sorted(ids)):
            for side in (link.c.a, link.c.b):
                have |= set(connection.execute(select(link).where(side.in_(part))))
        have = {row for row in have if row[2] in (SAME, DENIAL)}
        wrong |= {ids[nr] for row in want ^ have for nr in row[:2] if nr in ids}
    return sorted(wrong)


def _pages(connection: Connection, key: Any) -> Iterator[Sequence[Any]]:
    """All values of a column that is a key, in order, in pages."""
    query = select(key).order_by(key).limit(_PAGE)
    values = list(connection.execute(query).scalars())
    while values:
        yield values
        values = list(connection.execute(query.where(key > values[-1])).scalars())


CHECKS = {
    "reports whose status is not what their versions and copies say": _standing,
    "reports in the wrong group of copies": standing.wrong_groups,
    "judgements that are not kept with the reports they concern": _log,
    "records that are not what was coded and judged": _records,
    "records joined or parted otherwise than judged": _ties,
}
JOINED = {
    "records that are not found by what they tell": _handles,
    "records whose links are not what comparing them gives": _links,
}
