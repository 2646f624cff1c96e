"""A text or an address coded at once, shown as a report is; kept in the ledger only when somebody says so."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from dragoman.ledger import Arrival
from dragoman.reading import Refusal
from dragoman.record import Document
from dragoman.web.coding import Busy, NotCoded
from dragoman.web.desk import AtDesk
from dragoman.web.guard.limits import codings_limited
from dragoman.web.rendering import page
from dragoman.web.showing.spread import Spread, of_coded
from dragoman.web.showing.trying import document_of, examples, fetched, warnings_of
from dragoman.web.visitors import Editor

router = APIRouter()
# What the ledger notes as the source of reports that were kept from here.
SOURCE = "tried at the desk"


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed, to be shown again."""

    text: str = ""
    title: str = ""
    published: str = ""
    url: str = ""
    outlet: str = ""


@router.get("/try")
def trying(request: Request) -> HTMLResponse:
    """The empty form, and reports to try."""
    return _page(request, Typed())


@router.post("/try", dependencies=[Depends(codings_limited)])
def tried(
    request: Request,
    desk: AtDesk,
    text: Annotated[str, Form()] = "",
    title: Annotated[str, Form()] = "",
    published: Annotated[str, Form()] = "",
    address: Annotated[str, Form()] = "",
    example: Annotated[int | None, Form()] = None,
) -> HTMLResponse:
    """What a text, or the page at an address, is coded to."""
    if example is not None and 0 <= example < len(examples()):
        one = examples()[example]
        text, title, published, address = one.text, one.title, one.published, ""
    typed = Typed(text, title, published, address)
    if address.strip() and text.strip():
        return _page(request, typed, wrong={"address": "Give a text or an address, not both."}, status=422)
    field = "address" if address.strip() else "text"
    began = time.perf_counter()
    try:
        document = fetched(address, published) if field == "address" else document_of(text, title, published)
    except Busy as error:
        return _not_coded(request, typed, field, error)
    had = time.perf_counter() - began
    if isinstance(document, Refusal):
        return _page(request, typed, wrong=_wrong(document, field), status=422)
    ready = desk.coding.ready
    began = time.perf_counter()
    try:
        coded = desk.coding.code(document)
    except NotCoded as error:
        return _not_coded(request, typed, field, error)
    took = time.perf_counter() - began
    typed = Typed(document.text, document.title, document.published or published, document.url, document.outlet)
    return _page(
        request,
        typed,
        document=document,
        spread=of_coded(document, coded),
        contexts=coded.contexts,
        warnings=warnings_of(document, coded),
        took=took,
        had=had if field == "address" else None,
        loaded=not ready,
    )


@router.post("/try/keep", dependencies=[Depends(codings_limited)])
def keep(
    request: Request,
    desk: AtDesk,
    visitor: Editor,
    text: Annotated[str, Form()],
    title: Annotated[str, Form()] = "",
    published: Annotated[str, Form()] = "",
    url: Annotated[str, Form()] = "",
    outlet: Annotated[str, Form()] = "",
) -> Response:
    """Take the report into the ledger; then its page."""
    typed = Typed(text, title, published, url, outlet)
    document = document_of(text, title, published, url, outlet)
    if isinstance(document, Refusal):
        return _page(request, typed, wrong=_wrong(document, "text"), status=422)
    try:
        [made], _ = desk.coding.ingest(desk.ledger, [Arrival(SOURCE, document)])
    except Busy as error:
        return _page(request, typed, wrong={"text": f"Not kept: {error}."}, status=503)
    if made.report is None:
        return _page(request, typed, wrong={"text": f"Not kept: {made.reason}; {made.fix}."}, status=422)
    return RedirectResponse(f"/reports/{made.report}", 303)


def _not_coded(request: Request, typed: Typed, field: str, error: NotCoded) -> HTMLResponse:
    busy = isinstance(error, Busy)
    made = _page(request, typed, wrong={field: f"Not coded: {error}."}, status=503 if busy else 422)
    if busy:
        made.headers["Retry-After"] = "5"
    return made


def _wrong(refusal: Refusal, field: str) -> dict[str, str]:
    if refusal.name == "date":
        return {"published": f"The date {refusal.reason}, {refusal.fix}."}
    what = "The text" if field == "text" else "The page"
    return {field: f"{what} {refusal.reason}; {refusal.fix}."}


def _page(
    request: Request,
    typed: Typed,
    *,
    wrong: dict[str, str] | None = None,
    status: int = 200,
    document: Document | None = None,
    spread: Spread | None = None,
    **more: Any,
) -> HTMLResponse:
    return page(
        request,
        "try.html",
        status=status,
        typed=typed,
        wrong=wrong or {},
        examples=examples(),
        document=document,
        spread=spread,
        **({"contexts": (), "warnings": (), "took": None, "had": None, "loaded": False} | more),
    )
