"""The front page: what is new in a span of days that ends with the ledger's newest report, not with the clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.datastructures import QueryParams

from dragoman.ledger import BadQuestion, Ledger, SourceHealth
from dragoman.ledger.asking import Changes, Told
from dragoman.web.asked import address, filters_of
from dragoman.web.desk import AtDesk, Desk
from dragoman.web.rendering import page, webpage
from dragoman.web.showing import days
from dragoman.web.showing.days import Span
from dragoman.web.visitors import AnyVisitor

router = APIRouter()
# Stories of the front page: one large, some with their words, the rest in lines.
_STORIES = 18
_CHANGES = 8
# Saved searches with counts: each is a question. More than so many events are not counted out.
_SEARCHES, _COUNTED = 10, 1_000


@dataclass(frozen=True, slots=True)
class Search:
    """A saved search as the page shows it; ``events`` is None where it can no longer be asked."""

    name: str
    address: str
    events: int | None

    @property
    def words(self) -> str:
        """How many events it finds."""
        if self.events is None:
            return "can no longer be asked"
        return f"{_COUNTED:,} or more" if self.events >= _COUNTED else f"{self.events:,}"


@dataclass(frozen=True, slots=True)
class Holdings:
    """What a ledger holds in all, and how its sources do."""

    reports: int
    events: int
    coders: tuple[str, ...]
    oldest: str | None
    newest: str | None
    sources: tuple[SourceHealth, ...]

    @property
    def ailing(self) -> list[tuple[str, str]]:
        """The sources that need attention, each with what is wrong; pages that fail, after them, by their site."""
        found = [(one.source, trouble(one)) for one in self.sources if not _is_page(one) and trouble(one)]
        pages: dict[str, list[SourceHealth]] = {}
        for one in filter(_is_page, self.sources):
            pages.setdefault(urlsplit(one.source).netloc if webpage(one.source) else one.source, []).append(one)
        for site, some in pages.items():
            alone = len(some) == 1
            found.append((some[0].source, trouble(some[0])) if alone else (site, f"{len(some)} pages could not be had"))
        return found


def _is_page(source: SourceHealth) -> bool:
    """Whether a source is the page of an article that could not be had: it is none of its own, and gave nothing."""
    return source.at is None and not source.reports and (source.failures > 0 or source.gone)


def trouble(source: SourceHealth) -> str:
    """What is wrong with a source, in words; empty where nothing is."""
    if source.gone:
        return "gone for good"
    if source.failures:
        return f"could not be had {source.failures} time{'' if source.failures == 1 else 's'} in a row"
    failed = int((source.last or {}).get("failed") or 0)
    if failed:
        return f"{failed} document{'' if failed == 1 else 's'} could not be read"
    if source.last is not None and not source.reports:
        return "no report came of it"
    return ""


@router.get("/")
def front(request: Request, desk: AtDesk, visitor: AnyVisitor) -> HTMLResponse:
    """The front page."""
    holdings = desk.once("holdings", lambda: _holdings(desk.ledger))
    newest = date.fromisoformat(holdings.newest) if holdings.newest else None
    if newest is None:
        return page(request, "front_empty.html", holdings=holdings)
    span = days.span_of(request.query_params, newest)
    told, changes = desk.once(("front", span.since, span.until), lambda: _news(desk.ledger, span))
    return page(
        request,
        "front.html",
        holdings=holdings,
        span=span,
        spans=[days.named(name, span.until) for name in days.NAMES],
        later=span.after(newest),
        nearest=None if told.total else _nearest(desk.ledger, span),
        live=span.until >= newest,
        told=told,
        changes=changes,
        searches=_searches(desk, visitor.name),
    )


def _holdings(ledger: Ledger) -> Holdings:
    counts = ledger.counts()
    return Holdings(
        counts["reports"],
        counts["events"],
        tuple(ledger.coders()),
        ledger.oldest(),
        _newest(ledger),
        tuple(ledger.sources()),
    )


def _newest(ledger: Ledger) -> str | None:
    """The day of the newest report; of those with a date to come, which some page gave itself, only where all have one.

    It is tomorrow already in the east.
    """
    return ledger.newest(before=(datetime.now(UTC).date() + timedelta(days=2)).isoformat()) or ledger.newest()


def _news(ledger: Ledger, span: Span) -> tuple[Told, Changes]:
    first, last = span.since.isoformat(), span.until.isoformat()
    return ledger.told(first, last, limit=_STORIES), ledger.changes(first, last, limit=_CHANGES)


def _nearest(ledger: Ledger, span: Span) -> Span | None:
    """The last span before an empty one that a report was published in."""
    before = ledger.newest(before=span.since.isoformat())
    return span.ending(date.fromisoformat(before)) if before else None


def _searches(desk: Desk, owner: str) -> list[Search]:
    found = []
    for one in desk.ledger.saved(owner)[:_SEARCHES]:
        try:
            filters = filters_of(QueryParams(one.query))
        except BadQuestion:
            found.append(Search(one.name, "/events", None))
            continue
        events = desk.once(("search", one.query), partial(desk.ledger.count, filters, most=_COUNTED))
        found.append(Search(one.name, address("/events", filters), events))
    return found
