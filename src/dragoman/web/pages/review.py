"""The review queue: one record at a time, one key a decision."""

from __future__ import annotations

import string
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from starlette.concurrency import run_in_threadpool

from dragoman import codebook
from dragoman.ledger.asking import Pace
from dragoman.record import FACTUALITIES
from dragoman.web.asked import address, filters_of
from dragoman.web.desk import AtDesk, Desk
from dragoman.web.rendering import page
from dragoman.web.showing import looking
from dragoman.web.showing.deciding import Decided, decide
from dragoman.web.visitors import AnyVisitor, Editor

router = APIRouter()
# Keys of the types, in the order of the codebook, once the list of types is open.
_TYPE_KEYS = tuple(zip(string.ascii_lowercase, codebook.TYPES, strict=False))
_WHY = {
    "doubt": "low confidence",
    "dispute": "disputed",
    "name": "unresolved names",
    "twin": "perhaps one event",
}
_DID = {
    "confirm": "Confirmed.",
    "drop": "Not an event.",
    "type": "Another type.",
    "factuality": "Another factuality.",
    "who": "A country is set.",
    "merge": "One event.",
    "apart": "Two events.",
    "skip": "Skipped.",
    "unskip": "Those skipped are back.",
    "undo": "Taken back.",
}
# A cookie of what was skipped lasts a working day.
_SKIPPED_S = 12 * 3600


@router.get("/review")
def review(request: Request, desk: AtDesk, visitor: AnyVisitor, last: str = "", did: str = "") -> HTMLResponse:
    """The queue: the first record, with those that follow waiting in the page."""
    skipped = looking.keys(request.cookies.get(looking.COOKIE, ""))
    found, shown = looking.queue(desk.ledger, request.query_params, skipped)
    return page(
        request,
        "review.html",
        **_context(request),
        found=found,
        shown=shown,
        skipped=len(skipped),
        last=".".join(looking.keys(last)),
        did=_DID.get(did, ""),
        pace=pace_words(desk.ledger.pace(visitor.name)),
    )


@router.get("/review/more")
def more(request: Request, desk: AtDesk, have: str = "") -> HTMLResponse:
    """Further records of the queue, as a piece of the page: those after the ones that the page has."""
    skip = (*looking.keys(request.cookies.get(looking.COOKIE, "")), *looking.keys(have))
    found, shown = looking.queue(desk.ledger, request.query_params, skip)
    return page(request, "review_more.html", **_context(request), found=found, shown=shown)


@router.post("/review")
async def decision(request: Request, desk: AtDesk, editor: Editor) -> Response:
    """A decision; then the queue again, or what it came to as JSON where a script asks."""
    form = await request.form()
    given = {name: value for name, value in form.items() if isinstance(value, str)}
    do, skipped = given.get("do", ""), request.cookies.get(looking.COOKIE, "")
    key = given.get("key", "")
    if do in ("skip", "unskip"):
        kept = looking.with_key(skipped, key) if do == "skip" else looking.without_key(skipped, key) if key else ""
        return _remembering(_answer(request, desk, editor.name, do, Decided((), "skipped")), desk, kept)
    made = await run_in_threadpool(decide, desk.ledger, given, editor.name)
    return _answer(request, desk, editor.name, do, made)


def _answer(request: Request, desk: Desk, by: str, do: str, made: Decided) -> Response:
    if "application/json" in request.headers.get("accept", ""):
        pace = pace_words(desk.ledger.pace(by))
        return JSONResponse({"judgements": list(made.judgements), "did": made.words, "pace": pace})
    last = "" if do == "undo" else ".".join(made.judgements)
    return RedirectResponse(_here(request, last=last, did=do), status_code=303)


def _remembering(response: Response, desk: Desk, kept: str) -> Response:
    if kept:
        response.set_cookie(
            looking.COOKIE,
            kept,
            max_age=_SKIPPED_S,
            path="/review",
            secure=desk.settings.secure,
            httponly=True,
            samesite="strict",
        )
    else:
        response.delete_cookie(
            looking.COOKIE, path="/review", secure=desk.settings.secure, httponly=True, samesite="strict"
        )
    return response


def _here(request: Request, path: str = "/review", **more: str) -> str:
    """The queue's own address: its filters and kinds, and whatever else is given."""
    return address(path, filters_of(request.query_params), why=request.query_params.getlist("why"), **more)


def _context(request: Request) -> dict[str, Any]:
    return {
        "queue": _here(request),
        "queue_more": _here(request, "/review/more"),
        "filters": filters_of(request.query_params),
        "why": _WHY,
        "asked_why": request.query_params.getlist("why"),
        "type_keys": _TYPE_KEYS,
        "factuality_keys": tuple(zip("1234", FACTUALITIES, strict=True)),
    }


def pace_words(pace: Pace) -> str:
    """How fast somebody decides, in words; empty before the first decision."""
    if not pace.decisions:
        return ""
    said = f"{pace.decisions} decision{'' if pace.decisions == 1 else 's'}"
    return said if pace.per_minute is None else f"{said}, {pace.per_minute:.1f} a minute"
