"""The log of judgements, and judgements that are not of one event alone."""

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import APIRouter, Body, Query, Request, Response

from dragoman.ledger import BadJudgement
from dragoman.record import Event
from dragoman.web.api import bodies, models
from dragoman.web.api.answers import (
    EDITING,
    READING,
    After,
    Form,
    JudgementId,
    Limit,
    Route,
    answer,
    described,
    found,
    paged,
    problems,
    table,
)
from dragoman.web.desk import AtDesk
from dragoman.web.visitors import Editor

router = APIRouter(route_class=Route, tags=["judgements"])
_COLUMNS = {
    "id": lambda j: j.id,
    "at": lambda j: j.at,
    "by": lambda j: j.by,
    "action": lambda j: j.action,
    "reports": lambda j: list(j.reports),
    "records": lambda j: [anchor.record.id for anchor in j.anchors],
    "value": lambda j: json.dumps(j.value, ensure_ascii=False) if j.value else "",
    "judgement": lambda j: j.judgement,
    "note": lambda j: j.note,
}


@router.get(
    "/judgements",
    operation_id="judgements",
    summary="The log of judgements",
    responses={**described(models.JudgementPage, "A page of the log.", csv=True), **READING},
)
def judgements(
    request: Request,
    desk: AtDesk,
    form: Form,
    ascending: Annotated[bool, Query(description="Begin with the oldest; else with the newest.")] = True,
    limit: Limit = 50,
    after: After = None,
) -> Response:
    """What people judged, undone judgements and undoings too. Nothing in the log is ever changed."""
    page = desk.ledger.judgement_page(limit=limit, after=after, ascending=ascending)
    made = table(_COLUMNS, page.judgements) if form == "csv" else answer(page.to_dict())
    return paged(request, made, page.next)


@router.get(
    "/judgements/{id}",
    operation_id="judgement",
    summary="One judgement",
    responses={**described(models.Judgement, "The entry of the log."), **READING, **problems(404)},
)
def judgement(desk: AtDesk, id: JudgementId) -> Response:
    """An entry of the log."""
    return answer(found(desk.ledger.judgement(id), f"judgement {id}").to_dict())


@router.post(
    "/judgements",
    status_code=201,
    operation_id="judge",
    summary="Merge, split, add, undo",
    responses={**described(models.Laid, "The judgement's id.", status=201), **EDITING},
)
def judge(desk: AtDesk, editor: Editor, said: Annotated[bodies.OfSeveral, Body()]) -> Response:
    """Make one event of several, take records out of an event, add a record that the coder missed, or take a judgement
    back; an undoing can be undone too."""
    ledger = desk.ledger
    by: dict[str, Any] = {"by": editor.name, "note": said.note}
    if isinstance(said, bodies.Merge):
        for id in said.events:
            found(ledger.event(id), f"event {id}")
        made = ledger.merge(said.events, **by)
    elif isinstance(said, bodies.Split):
        one = found(ledger.event(said.event), f"event {said.event}")
        made = ledger.split(one.id, said.records, **by)
    elif isinstance(said, bodies.Addition):
        found(ledger.report(said.report, records=()), f"report {said.report}")
        made = ledger.add(said.report, _record(said.record), **by)
    else:
        found(ledger.judgement(said.judgement), f"judgement {said.judgement}")
        made = ledger.undo(said.judgement, **by)
    return answer({"id": made}, status=201)


def _record(given: dict[str, Any]) -> Event:
    try:
        return Event.from_dict(given)
    except KeyError as error:
        raise BadJudgement(
            f"{error.args[0]} is missing: a record needs its type, a party its text and place"
        ) from error
    except (AttributeError, TypeError, ValueError, OverflowError) as error:
        raise BadJudgement(f"that is no record: {error}") from error
