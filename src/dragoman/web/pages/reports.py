"""Reports: the list, and each with its text, its records, and the forms that judge them."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, HTTPException, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.concurrency import run_in_threadpool

from dragoman.ledger import BadJudgement
from dragoman.ledger.asking import STATUSES, StoredReport
from dragoman.web.asked import address
from dragoman.web.desk import AtDesk, Desk
from dragoman.web.rendering import page
from dragoman.web.showing.adding import Given, Unfit, given, missed
from dragoman.web.showing.spread import Spread, of_report
from dragoman.web.visitors import Editor

router = APIRouter()
_NOTICES = {
    "confirm": "Confirmed: the record counts as right from now on.",
    "drop": "Judged no event: the record is not shown any more.",
    "add": "Added.",
    "known": "The coder has found it already: its record counts as confirmed.",
    "undo": "Taken back.",
}
Words = Annotated[str, Query(max_length=300)]


@router.get("/reports")
def reports(
    request: Request,
    desk: AtDesk,
    title: Words = "",
    outlet: Words = "",
    source: Words = "",
    status: str = "",
    since: str = "",
    until: str = "",
    after: str | None = None,
) -> HTMLResponse:
    """A page of the list of reports, the newest first."""
    asked = {"title": title, "outlet": outlet, "source": source, "status": status, "since": since, "until": until}
    asked = {name: value.strip() for name, value in asked.items()}
    found = desk.ledger.reports(
        **{name: value or None if name in ("since", "until") else value for name, value in asked.items()},
        limit=desk.settings.page,
        after=after,
    )
    records = desk.ledger.records_in([one.id for one in found.reports])
    return page(
        request, "reports.html", found=found, records=records, asked=asked, statuses=STATUSES, any=any(asked.values())
    )


@router.get("/reports/{id}")
def report(
    request: Request,
    desk: AtDesk,
    id: str,
    part: Annotated[int | None, Query(ge=1, le=1_000_000)] = None,
    record: Annotated[str, Query(max_length=64)] = "",
    done: Annotated[str, Query(max_length=16)] = "",
    judgement: Annotated[str, Query(max_length=64)] = "",
) -> HTMLResponse:
    """A report; ``record`` is the id of the record that is marked at once."""
    told, spread = _found(desk, id, part, record)
    return _page(
        request,
        told,
        spread,
        focus=spread.number_of(record),
        notice=_NOTICES.get(done, ""),
        undoable=judgement if done not in ("", "undo") else "",
    )


@router.post("/reports/{id}/judge")
def judge(
    desk: AtDesk,
    visitor: Editor,
    id: str,
    record: Annotated[str, Form()],
    verdict: Annotated[str, Form(pattern="confirm|drop")],
) -> Response:
    """Confirm a record, or say that it is no event: this report's telling alone, not those of others."""
    found = desk.ledger.report(id, records=[record])
    if found is None or not found.records:
        raise HTTPException(404, "this report has no such record: it may have been coded anew meanwhile")
    laid = desk.ledger.confirm if verdict == "confirm" else desk.ledger.drop
    made = laid(record, by=visitor.name, alone=True)
    return _back(desk, id, record, done=verdict, judgement=made)


@router.post("/reports/{id}/undo")
def undo(
    desk: AtDesk,
    visitor: Editor,
    id: str,
    judgement: Annotated[str, Form()],
    record: Annotated[str, Form()] = "",
) -> Response:
    """Take a judgement back."""
    desk.ledger.undo(judgement, by=visitor.name)
    return _back(desk, id, record, done="undo")


@router.post("/reports/{id}/add")
async def add(request: Request, desk: AtDesk, visitor: Editor, id: str) -> Response:
    """Add an event that the coder missed; the form again where it makes no record."""
    typed = given(await request.form())
    return await run_in_threadpool(_add, request, desk, visitor.name, id, typed)


def _add(request: Request, desk: Desk, by: str, id: str, typed: Given) -> Response:
    found = desk.ledger.report(id)
    if found is None:
        raise HTTPException(404, "the ledger has no such report")
    if found.text is None:
        raise HTTPException(409, "the ledger keeps no text of this report: no words can be shown to rest an event on")
    told = [(m.start, m.end) for one in found.records for m in one.record.mentions]
    try:
        made = missed(typed, found.text, told)
        judgement = desk.ledger.add(id, made, by=by, note=typed.text("note").strip())
    except (Unfit, BadJudgement) as error:
        wrong = error.wrong if isinstance(error, Unfit) else {"words": str(error)}
        part = typed.text("part")
        _, spread = _found(desk, id, int(part) if part.isdecimal() and len(part) < 7 else None, "")
        return _page(request, found, spread, status=422, typed=typed, wrong=wrong)
    record = made.identified(id).id
    known = any(one.record.id == record and one.added for one in (desk.ledger.report(id) or found).records)
    return _back(desk, id, record, done="add" if known else "known", judgement=judgement)


def _found(desk: Desk, id: str, part: int | None, record: str) -> tuple[StoredReport, Spread]:
    found = of_report(desk, id, part, record)
    if found is None:
        raise HTTPException(404, "the ledger has no such report")
    return found


def _back(desk: Desk, id: str, record: str, *, done: str, judgement: str = "") -> Response:
    """To the report, at the record that was judged if it is still there."""
    found = of_report(desk, id, None, record)
    number = found[1].number_of(record) if found else 0
    where = address(f"/reports/{id}", record=record, done=done, judgement=judgement)
    return RedirectResponse(f"{where}#r{number}" if number else where, 303)


def _page(
    request: Request,
    report: StoredReport,
    spread: Spread,
    *,
    status: int = 200,
    focus: int = 0,
    notice: str = "",
    undoable: str = "",
    typed: Given | None = None,
    wrong: Any = None,
) -> HTMLResponse:
    return page(
        request,
        "report.html",
        status=status,
        report=report,
        told=report.report,
        spread=spread,
        at=f"/reports/{report.report.id}",
        focus=focus,
        notice=notice,
        undoable=undoable,
        given=typed or Given(),
        wrong=wrong or {},
    )
