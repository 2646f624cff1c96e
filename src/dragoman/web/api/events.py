"""Events: lists of them, one in full, and what people judge of one."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Query, Request, Response

from dragoman.ledger.asking import Sort
from dragoman.web.api import bodies, models
from dragoman.web.api.answers import (
    EDITING,
    READING,
    After,
    EventId,
    Form,
    Limit,
    Route,
    answer,
    described,
    event_table,
    found,
    paged,
    problems,
)
from dragoman.web.api.parameters import FILTERS, Asked
from dragoman.web.desk import AtDesk
from dragoman.web.visitors import Editor

router = APIRouter(route_class=Route, tags=["events"])


@router.get(
    "/events",
    operation_id="query",
    summary="Events",
    responses={**described(models.Page, "A page of events.", csv=True), **READING},
    openapi_extra=FILTERS,
)
def query(
    request: Request,
    desk: AtDesk,
    asked: Asked,
    form: Form,
    sort: Annotated[Sort, Query(description="What to sort by; the highest or latest comes first.")] = "date",
    ascending: Annotated[bool, Query(description="Begin with the earliest, or lowest.")] = False,
    limit: Limit = 50,
    after: After = None,
    tellings: Annotated[bool, Query(description="Give with each event what each report tells of it.")] = False,
) -> Response:
    """A page of the events that the filters ask for: all that is given must hold, of several values of one filter any.

    A page follows exactly on the one before it, whatever was added or taken out between the two.
    """
    full = tellings or form == "csv"
    page = desk.ledger.query(asked, sort=sort, ascending=ascending, limit=limit, after=after, tellings=full)
    return paged(request, event_table(page.events) if form == "csv" else answer(page.to_dict()), page.next)


@router.get(
    "/events/{id}",
    operation_id="event",
    summary="One event",
    responses={**described(models.EventInFull, "The event."), **READING, **problems(404)},
)
def event(desk: AtDesk, id: EventId) -> Response:
    """An event by its id or that of one of its records: what each report tells of it, what ties its records to each
    other and to those of other events, and what people judged of it."""
    one = found(desk.ledger.event(id), f"event {id}")
    joins = [join.to_dict() for join in desk.ledger.joins(one.id)]
    judgements = [judgement.to_dict() for judgement in desk.ledger.judgements(one.id)]
    return answer({"event": one.to_dict(), "joins": joins, "judgements": judgements})


@router.post(
    "/events/{id}/judgements",
    status_code=201,
    operation_id="judge_event",
    summary="Judge an event",
    responses={**described(models.Laid, "The judgement's id.", status=201), **EDITING},
)
def judge(desk: AtDesk, editor: Editor, id: EventId, said: Annotated[bodies.OfEvent, Body()]) -> Response:
    """Correct fields of an event in all its records, confirm that it is recorded rightly, or drop what is no event.

    What is judged is logged under the name of who asks, and holds for whatever coder comes later."""
    ledger = desk.ledger
    one = found(ledger.event(id), f"event {id}")
    by: dict[str, Any] = {"by": editor.name, "note": said.note}
    if isinstance(said, bodies.Correction):
        made = ledger.correct(one.id, said.value, **by)
    elif isinstance(said, bodies.Confirmation):
        made = ledger.confirm(one.id, **by)
    else:
        made = ledger.drop(one.id, **by)
    return answer({"id": made}, status=201)
