"""The reports of the ledger."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from dragoman.ledger.model import Status
from dragoman.web.api import models
from dragoman.web.api.answers import (
    READING,
    After,
    Form,
    Limit,
    ReportId,
    Route,
    answer,
    described,
    found,
    paged,
    problems,
    table,
)
from dragoman.web.api.parameters import DATE_PATTERN
from dragoman.web.desk import AtDesk

router = APIRouter(route_class=Route, tags=["documents"])
_COLUMNS = {
    "id": lambda r: r.id,
    "title": lambda r: r.title,
    "published": lambda r: r.published,
    "url": lambda r: r.url,
    "outlet": lambda r: r.outlet,
    "status": lambda r: r.status,
    "source": lambda r: r.source,
    "superseded": lambda r: r.superseded,
}
Day = Annotated[str | None, Query(pattern=DATE_PATTERN)]


@router.get(
    "/documents",
    operation_id="documents",
    summary="Reports",
    responses={**described(models.ReportPage, "A page of reports.", csv=True), **READING},
)
def documents(
    request: Request,
    desk: AtDesk,
    form: Form,
    title: Annotated[str, Query(description="Words that the title holds, all of them.")] = "",
    outlet: Annotated[str, Query(description="Who published it, as the report has it.")] = "",
    source: Annotated[str, Query(description="A feed, archive or folder, as `/sources` lists them.")] = "",
    status: Annotated[Status | None, Query(description="How it stands to earlier reports.")] = None,
    since: Annotated[Day, Query(description="The first day of publication: 2021, 2021-03 or 2021-03-14.")] = None,
    until: Annotated[Day, Query(description="The last day of publication.")] = None,
    limit: Limit = 50,
    after: After = None,
) -> Response:
    """Reports by date of publication, the newest first, those without a date last."""
    page = desk.ledger.reports(
        title=title,
        outlet=outlet,
        source=source,
        status=status or "",
        since=since,
        until=until,
        limit=limit,
        after=after,
    )
    return paged(request, table(_COLUMNS, page.reports) if form == "csv" else answer(page.to_dict()), page.next)


@router.get(
    "/documents/{id}",
    operation_id="document",
    summary="One report",
    responses={**described(models.StoredReport, "The report."), **READING, **problems(404)},
)
def document(desk: AtDesk, id: ReportId) -> Response:
    """A report with its text, where the ledger keeps it, and its records as they stand, with their events' ids."""
    return answer(found(desk.ledger.report(id), f"report {id}").to_dict())
