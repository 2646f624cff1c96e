"""Lists of reports, the newest first."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from sqlalchemy import ColumnElement, and_, collate, func, or_, select

from dragoman.ledger.aggregate import interval
from dragoman.ledger.asking import cursors
from dragoman.ledger.asking.filters import DATE
from dragoman.ledger.chunks import chunks
from dragoman.ledger.model import Report
from dragoman.ledger.store import Store
from dragoman.ledger.tables import origin, report
from dragoman.ledger.words import BadQuestion
from dragoman.record import Json

STATUSES = ("new", "revised", "reprinted")
_MOST_WORDS = 16
_COLUMNS = (
    report.c.id,
    report.c.title,
    report.c.published,
    report.c.url,
    report.c.outlet,
    report.c.status,
    report.c.copies,
    report.c.superseded,
)


@dataclass(frozen=True, slots=True)
class ReportPage:
    """Some reports of a list, and the cursor of the next page; None on the last.

    ``source`` of a report is here the id of the first print of its text: outlets are weighed where an event is made.
    """

    reports: tuple[Report, ...]
    next: str | None = None

    def to_dict(self) -> Json:
        return {"reports": [one.to_dict() for one in self.reports], "next": self.next}

    @classmethod
    def from_dict(cls, row: Mapping[str, Any]) -> Self:
        return cls(tuple(Report.from_dict(one) for one in row["reports"]), row["next"])


def reports(
    store: Store,
    *,
    title: str = "",
    outlet: str = "",
    source: str = "",
    status: str = "",
    since: str | None = None,
    until: str | None = None,
    limit: int = 50,
    after: str | None = None,
) -> ReportPage:
    """A page of reports by date of publication, the newest first; those without a date come last.

    Args:
        store: the ledger's storage.
        title: words that the title holds, all of them; the case of A to Z does not matter.
        outlet: who published it, as the report has it.
        source: a feed, archive or folder that it was found in, as ``sources`` lists them.
        status: new, revised or reprinted.
        since: ``2021``, ``2021-03`` or ``2021-03-14``: the first day of publication asked for.
        until: the same, the last day. With either, reports without a date are left out.
        limit: the most reports of a page, from 1.
        after: ``next`` of the page before.

    Raises:
        BadQuestion: for a status, date, limit or cursor that there is none of.
        LedgerError: when the ledger cannot be read.
    """
    if status and status not in STATUSES:
        raise BadQuestion(f"{status!r} is no status of a report: use {', '.join(STATUSES)}")
    if limit < 1:
        raise BadQuestion(f"a page holds 1 report or more, not {limit}")
    for name, given in (("since", since), ("until", until)):
        if given is not None and not DATE.fullmatch(given):
            raise BadQuestion(f"{name} {given!r} is no date: write 2021, 2021-03 or 2021-03-14")
    if since and until and interval(since)[0] > interval(until)[1]:
        raise BadQuestion(f"since {since} comes after until {until}")
    if any("\0" in given or not given.isprintable() for given in (title, outlet, source)):
        raise BadQuestion("a title, an outlet and a source are printable text")
    words = title.split()
    if len(words) > _MOST_WORDS:
        raise BadQuestion(f"a title of {len(words)} words is too long a question: ask for at most {_MOST_WORDS}")
    where: list[ColumnElement[bool]] = []
    # Text is compared by its bytes, so that both databases know one case of letters beyond A to Z.
    lowered = func.lower(report.c.title if store.sqlite else collate(report.c.title, "C"))
    where += [lowered.contains(_lower(word), autoescape=True) for word in words]
    if outlet:
        where.append(report.c.outlet == outlet)
    if source:
        where.append(report.c.id.in_(select(origin.c.report).where(origin.c.source == source)))
    if status:
        where.append(report.c.status == status)
    if since:
        where.append(report.c.published >= interval(since)[0])
    if until:
        where.append(report.c.published <= interval(until)[1] + "~")
    if after:
        day, id = cursors.texts(after, "reports", 2)
        undated = and_(report.c.published.is_(None), report.c.id < id)
        later = or_(
            report.c.published < day, and_(report.c.published == day, report.c.id < id), report.c.published.is_(None)
        )
        where.append(later if day else undated)
    chosen = select(report.c.id).where(*where)
    order = (report.c.published.desc().nulls_last(), report.c.id.desc())
    with store.reading() as connection:
        ids = list(connection.execute(chosen.order_by(*order).limit(limit + 1)).scalars())
        found: dict[str, Any] = {
            row.id: row
            for part in chunks(ids[:limit])
            for row in connection.execute(select(*_COLUMNS).where(report.c.id.in_(part)))
        }
    shown = [found[id] for id in ids[:limit]]
    more = len(ids) > limit
    return ReportPage(
        tuple(_report(row) for row in shown),
        cursors.written("reports", (shown[-1].published or "", shown[-1].id)) if more else None,
    )


def _report(row: Any) -> Report:
    return Report(row.id, row.title, row.published, row.url, row.outlet, row.status, row.copies, row.superseded)


def _lower(word: str) -> str:
    """With A to Z made small, and nothing else, as the databases do it."""
    return re.sub("[A-Z]+", lambda found: found[0].lower(), word)
