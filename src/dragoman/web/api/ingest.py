"""Documents taken into the ledger."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response

from dragoman.ledger import Arrival
from dragoman.web.api import models
from dragoman.web.api.answers import Route, answer, described, problems
from dragoman.web.api.code import Date
from dragoman.web.api.sent import Body, documents, taken
from dragoman.web.coding import Busy
from dragoman.web.desk import AtDesk
from dragoman.web.guard.limits import codings_limited
from dragoman.web.visitors import Editor

router = APIRouter(route_class=Route, tags=["coding"])
# Coding so many takes some ten seconds: a client that waits longer would rather send less.
_MOST = 500


@router.post(
    "/ingest",
    dependencies=[Depends(codings_limited)],
    operation_id="ingest",
    summary="Take documents into the ledger",
    responses={
        **described(models.Ingested, "What became of each document."),
        **problems(400, 401, 403, 413, 415, 422, 429, 503),
    },
    openapi_extra=taken(several=True),
)
def ingest(
    request: Request,
    desk: AtDesk,
    editor: Editor,
    body: Body,
    published: Date = None,
    source: Annotated[
        str, Query(max_length=600, description="What to call where they come from, in the list of sources.")
    ] = "",
) -> Response:
    """Code what the ledger lacks and add it; a document that it has is known, and not coded again. One that cannot be
    coded costs that one alone."""
    made = documents(request, body, published=published)
    if len(made) > _MOST:
        raise HTTPException(413, f"{len(made):,} documents were sent: send at most {_MOST} at a time")
    name = source or f"{editor.name} at the API"
    try:
        fates, progress = desk.coding.ingest(desk.ledger, (Arrival(name, one) for one in made))
    except Busy as error:
        raise HTTPException(503, str(error), {"Retry-After": "5"}) from error
    return answer({"documents": [one.to_dict() for one in fates], "total": progress.total.to_dict()})
