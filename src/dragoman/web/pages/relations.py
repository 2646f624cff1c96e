"""Relations of countries over a span: a network, a matrix, one pair in full, and the numbers to take away."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse, StreamingResponse
from starlette.datastructures import QueryParams

from dragoman import codebook
from dragoman.ledger.asking import Filters
from dragoman.ledger.words import BadQuestion
from dragoman.web.asked import address, filters_of
from dragoman.web.desk import AtDesk, Desk
from dragoman.web.drawing import radius, width
from dragoman.web.rendering import QUAD_NAMES, page
from dragoman.web.showing import dealings, relating
from dragoman.web.showing.months import Span, months_of, span_of

router = APIRouter()
_LATEST = 8
_COLUMNS = (
    *("actor", "recipient", "period", "events", "reports", "score_mean", "score_sum"),
    *("verbal_cooperation", "material_cooperation", "verbal_conflict", "material_conflict", "undated"),
)


@router.get("/relations")
def relations(request: Request, desk: AtDesk, at: str = "") -> Response:
    """The network and the matrix of a span, or of one period of it; one pair where the address names two countries."""
    given = _Asked(request.query_params, desk)
    if given.pair:
        return _pair(request, desk, given)
    shown = desk.once(("relations", given.key), lambda: relating.web(desk.ledger, given.filters))
    names = given.span.periods()[-relating.MOST_FRAMES :]
    frame = None
    if at:
        if at not in names:
            return RedirectResponse(given.address("/relations"), 303)
        frame = desk.once(("relations: at", at, given.key, given.span), lambda: _frame(desk, given, shown, at))
    place = names.index(at) if at else -1
    return page(
        request,
        "relations.html",
        asked=given,
        span=given.span,
        shown=shown,
        frame=frame,
        at=at,
        names=names,
        before=names[place - 1] if place > 0 else None,
        after=names[place + 1] if place + 1 < len(names) else None,
        radius=radius,
        width=width,
        most_frames=relating.MOST_FRAMES,
        quads=list(QUAD_NAMES.values()),
    )


@router.get("/relations/frames")
def frames(request: Request, desk: AtDesk) -> Response:
    """The periods of a span for the page's script, as JSON; at most 240 of them, the latest."""
    given = _Asked(request.query_params, desk)

    def make() -> list[dict[str, Any]]:
        shown = desk.once(("relations", given.key), lambda: relating.web(desk.ledger, given.filters))
        found = relating.by_period(desk.ledger, given.filters, shown, given.span)
        return [relating.told(relating.frame(name, rows, shown), shown) for name, rows in found.items()]

    return JSONResponse({"frames": desk.once(("relations: frames", given.key, given.span), make)})


@router.get("/relations/data.csv")
def data(request: Request, desk: AtDesk) -> Response:
    """The series of all pairs that are asked for, as CSV: a row for each pair and period."""
    given = _Asked(request.query_params, desk)
    rows = desk.ledger.dyads(given.filters, by=given.span.by).rows

    def lines() -> Iterator[str]:
        buffer = io.StringIO()
        writer = csv.writer(buffer, lineterminator="\r\n")
        writer.writerow(_COLUMNS)
        for row in rows:
            writer.writerow([getattr(row, name) for name in _COLUMNS])
            if buffer.tell() > 60_000:
                yield buffer.getvalue()
                buffer.seek(0)
                buffer.truncate()
        yield buffer.getvalue()

    headers = {"Content-Disposition": 'attachment; filename="relations.csv"'}
    return StreamingResponse(lines(), media_type="text/csv; charset=utf-8", headers=headers)


class _Asked:
    """What an address asks of relations: a span, countries, types one by one or by their quad class."""

    def __init__(self, given: QueryParams, desk: Desk) -> None:
        self.span: Span = span_of(given, desk.once("days", desk.ledger.days))
        plain = QueryParams([(name, v) for name, v in given.multi_items() if name in ("type", "actor", "recipient")])
        chosen = filters_of(plain)
        self.quad = given.get("quad", "").strip()
        if self.quad and self.quad not in QUAD_NAMES.values():
            raise BadQuestion(f"{self.quad!r} is no quad class: use {', '.join(QUAD_NAMES.values())}")
        self.type: tuple[str, ...] = chosen.values("type")
        of_quad = [name for name, kind in codebook.TYPES.items() if QUAD_NAMES[kind.quad] == self.quad]
        if self.type and of_quad:
            self.quad = ""
        self.types: tuple[str, ...] = self.type or tuple(of_quad)
        self.actor, self.recipient = chosen.values("actor"), chosen.values("recipient")
        self.filters = Filters(
            type=self.types,
            actor=self.actor,
            recipient=self.recipient,
            since=self.span.since,
            until=self.span.until,
        )

    @property
    def pair(self) -> bool:
        """Whether one pair is asked for."""
        return len(self.actor) == 1 and len(self.recipient) == 1

    @property
    def key(self) -> Any:
        """What the answer depends on beside the ledger and the step."""
        return self.types, self.actor, self.recipient, self.span.since, self.span.until

    @property
    def fixed(self) -> dict[str, Any]:
        """Parameters that a form of the page hands on."""
        return {"actor": ",".join(self.actor), "recipient": ",".join(self.recipient)}

    def address(self, path: str, **more: Any) -> str:
        """An address that asks for the same, and more."""
        given: dict[str, Any] = {
            "actor": self.actor,
            "recipient": self.recipient,
            "type": self.type,
            "quad": self.quad,
            "since": self.span.since,
            "until": self.span.until,
            "by": self.span.by if self.span.asked else None,
        }
        return address(path, **{**given, **more})

    def months(self, period: str) -> tuple[str, str]:
        """First and last month of a period."""
        return months_of(period)

    def events(self, actor: str, recipient: str, since: str | None = None, until: str | None = None) -> str:
        """The list of what a cell or line counts."""
        given: dict[str, Any] = {"since": since or self.span.since, "until": until or self.span.until}
        return address("/events", actor=actor, recipient=recipient, type=self.types, factuality="actual", **given)


def _frame(desk: Desk, given: _Asked, shown: relating.Web, at: str) -> relating.Frame:
    first, last = months_of(at)
    one = Span(first, last, first, last, given.span.by, True)
    found = relating.by_period(desk.ledger, replace(given.filters, since=first, until=last), shown, one)
    return relating.frame(at, found.get(at, ()), shown)


def _pair(request: Request, desk: Desk, given: _Asked) -> Response:
    one, other = given.actor[0], given.recipient[0]
    span = given.span
    ways = []
    for actor, recipient in ((one, other), (other, one))[: 1 if one == other else 2]:
        filters = Filters(type=given.types, actor=actor, recipient=recipient, since=span.since, until=span.until)

        def make(filters: Filters = filters) -> dict[str, Any]:
            return {
                "all": next(iter(desk.ledger.tallies(filters, over=[])), None),
                "types": desk.ledger.tallies(filters, over=["type"]),
                "rows": desk.ledger.tallies(filters, over=["period"], by=span.by),
                "latest": desk.ledger.query(filters, limit=_LATEST).events,
            }

        key = ("relations: pair", actor, recipient, given.types, span.since, span.until, span.by)
        found = desk.once(key, make)
        figure = dealings.drawn(found["rows"], span)
        ways.append({**found, "actor": actor, "recipient": recipient, "figure": figure})
    return page(request, "relation.html", asked=given, span=span, ways=ways, one=one, other=other)
