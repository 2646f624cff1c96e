"""Texts coded at once, of which nothing is kept."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response

from dragoman.reading import Refusal
from dragoman.web.api import models
from dragoman.web.api.answers import Route, answer, described, problems
from dragoman.web.api.sent import Body, documents, taken
from dragoman.web.coding import Busy, NotCoded
from dragoman.web.desk import AtDesk
from dragoman.web.guard.limits import codings_limited

router = APIRouter(route_class=Route, tags=["coding"])
Date = Annotated[str | None, Query(description="The publication date of what states none, such as 2022-02-25.")]


@router.post(
    "/code",
    dependencies=[Depends(codings_limited)],
    operation_id="code",
    summary="Code a text",
    responses={
        **described(models.CodedDocument, "The document's records."),
        **problems(400, 401, 413, 415, 422, 429, 503),
    },
    openapi_extra=taken(several=False),
)
def code(request: Request, desk: AtDesk, body: Body, published: Date = None) -> Response:
    """Code one report, sent as text or as a JSON document: its records, with the words each rests on. Nothing is kept.

    Offsets count Unicode code points of the text as it was sent.
    """
    made = documents(request, body, published=published)
    if len(made) != 1:
        raise HTTPException(422, "one document at a time is coded here; /api/v1/ingest takes many")
    [one] = made
    if isinstance(one, Refusal):
        raise HTTPException(422, str(one))
    try:
        return answer(desk.coding.code(one).to_dict())
    except Busy as error:
        raise HTTPException(503, str(error), {"Retry-After": "5"}) from error
    except NotCoded as error:
        raise HTTPException(422, str(error)) from error
